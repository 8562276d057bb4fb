"""Rows of the entry sheet are saved when they are left, and all together in a fixed number of queries."""

import pytest
from django.contrib.auth.models import Group, User

from indicators.models import Figure, Indicator, Membership, Step
from tests.factories import make_agency, make_indicator, make_source
from tests.reading import read

pytestmark = pytest.mark.django_db

SHEET = "/admin/indicators/figure/sheet/?year=2019&months=9"
SHARED = {"status": "estimate", "published_on": "27/09/2019", "source": "bc310"}


@pytest.fixture
def clerk(client, today):
    user = User.objects.create_user("lan", is_staff=True)
    user.groups.add(Group.objects.get(name="Nhập liệu"))
    agency = make_agency()
    Membership.objects.create(user=user, agency=agency)
    for order in range(1, 4):
        make_indicator(name_vi=f"Chỉ tiêu {order}", unit_vi="tỷ đồng", decimals=1, order=order, agency=agency)
    make_source(code="bc310")
    client.force_login(user)
    return client


def row(indicator, value, **fields):
    fields = {"value": value, "qualifier": "exact", "read_version": ""} | fields
    return {f"i{indicator.pk}-{name}": text for name, text in fields.items()}


def leave(clerk, indicator, value, **more):
    return clerk.post(SHEET, SHARED | row(indicator, value) | {"_row": indicator.pk} | more)


def test_a_row_that_is_left_is_saved_as_a_draft_and_comes_back_alone(clerk):
    first = Indicator.objects.first()
    answer = leave(clerk, first, "5,5")
    assert answer["X-Row-Saved"] == "yes"
    assert Figure.objects.values_list("indicator", "state").get() == (first.pk, "entered")
    page = read(answer)
    assert "Đã lưu" in page.one("td", class_="check").text
    assert page.one("input", name=f"i{first.pk}-read_version")["value"] == "1"
    assert len(page.all("tr")) == 1


@pytest.mark.parametrize(
    ("value", "more"), [("5,5 (ước)", {}), ("5,5", {"published_on": ""}), ("5,5", {"source": "?"})]
)
def test_what_is_wrong_or_not_complete_is_said_in_the_row_and_not_saved(clerk, value, more):
    answer = leave(clerk, Indicator.objects.first(), value, **more)
    assert answer["X-Row-Saved"] == "no"
    assert 'class="msg"' in answer.content.decode()
    assert not Figure.objects.exists()


def test_what_somebody_else_saved_meanwhile_is_shown_in_the_row(clerk):
    first = Indicator.objects.first()
    leave(clerk, first, "5,5")
    answer = leave(clerk, first, "6,5")
    assert "đang lưu “5,5”" in answer.content.decode()
    assert answer["X-Row-Saved"] == "no"


@pytest.mark.parametrize("key", ["", "0", "x", "1" * 30])
def test_a_row_that_is_not_there_is_a_clear_400(clerk, key):
    assert clerk.post(SHEET, SHARED | {"_row": key}).status_code == 400


def test_a_day_in_the_future_is_said_once_above(clerk):
    data = SHARED | {"published_on": "27/09/2030", "_check": ""}
    for indicator in Indicator.objects.all():
        data |= row(indicator, "5,5")
    page = read(clerk.post(SHEET, data))
    assert page.text.count("ở tương lai") == 1


@pytest.mark.parametrize("count", [3, 40])
def test_saving_many_rows_asks_no_more_than_saving_few(clerk, count, django_assert_max_num_queries):
    agency = Indicator.objects.first().agency
    for order in range(4, count + 1):
        make_indicator(decimals=1, order=order, agency=agency)
    data = SHARED | {"_save": ""}
    for indicator in Indicator.objects.all():
        data |= row(indicator, "5,5")
    with django_assert_max_num_queries(45):
        clerk.post(SHEET, data)
    assert Figure.objects.count() == Step.objects.count() == count
    assert Figure.history.filter(history_user__username="lan").count() == count

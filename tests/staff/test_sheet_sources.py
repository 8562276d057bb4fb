"""Sources in the entry sheet: found by a part of what they are called, added without leaving, given to saved rows too."""

import pytest
from django.contrib.auth.models import Group, User

from indicators.models import Indicator, Membership, Source
from indicators.staff.forms.sources import free_code
from tests.factories import make_agency, make_figure, make_indicator, make_source
from tests.reading import read

pytestmark = pytest.mark.django_db

SHEET = "/admin/indicators/figure/sheet/?year=2019&months=9"


@pytest.fixture
def clerk(client, today):
    user = User.objects.create_user("lan", is_staff=True)
    user.groups.add(Group.objects.get(name="Nhập liệu"))
    agency = make_agency()
    Membership.objects.create(user=user, agency=agency)
    make_indicator(name_vi="Thu ngân sách", unit_vi="tỷ đồng", agency=agency)
    client.force_login(user)
    return client


def bar(clerk, **fields):
    return read(clerk.post(SHEET, {"status": "estimate", "published_on": "27/09/2019", "_check": ""} | fields))


def shared(page):
    return page.one("fieldset", class_="sheet-bar").text


@pytest.mark.parametrize("text", ["bc-310", "310/BC-UBND", "bao cao kinh te", "Kinh tế xã hội", "310"])
def test_a_source_is_found_by_a_part_of_what_it_is_called(clerk, text):
    make_source(code="bc-310", title_vi="Báo cáo kinh tế xã hội", number="310/BC-UBND")
    make_source(code="nq-5", title_vi="Nghị quyết 5")
    assert "✓ Báo cáo kinh tế xã hội" in shared(bar(clerk, source=text))


def test_where_several_may_be_meant_they_are_named(clerk):
    for month in "89":
        make_source(code=f"bc-{month}", title_vi=f"Báo cáo tháng {month}")
    assert "Báo cáo tháng 8 (bc-8); Báo cáo tháng 9 (bc-9)" in shared(bar(clerk, source="bao cao thang"))


def test_a_source_is_added_from_one_line_and_chosen(clerk):
    title = "Báo cáo số 310/BC-UBND ngày 27/09/2019 về tình hình 9 tháng"
    row = Indicator.objects.get().pk
    page = bar(clerk, new_source=title, _add_source="", **{f"i{row}-value": "5.056"})
    source = Source.objects.get()
    assert (source.code, source.number, str(source.issued_on)) == ("310-bc-ubnd", "310/BC-UBND", "2019-09-27")
    assert source.history.get().history_user.username == "lan"
    assert page.one("input", name="source")["value"] == "310-bc-ubnd"
    assert page.one("input", name=f"i{row}-value")["value"] == "5.056"


def test_a_code_that_is_taken_gets_a_number():
    make_source(code="310-bc-ubnd")
    assert free_code("310/BC-UBND") == "310-bc-ubnd-2"
    assert free_code("…") == "source"


def test_who_may_add_no_source_adds_none(clerk):
    group = Group.objects.get(name="Nhập liệu")
    group.permissions.remove(group.permissions.get(codename="add_source"))
    assert clerk.post(SHEET, {"new_source": "Báo cáo", "_add_source": ""}).status_code == 403
    assert not Source.objects.exists()


def test_the_common_source_goes_to_saved_rows_only_when_that_is_chosen(clerk):
    indicator = Indicator.objects.get()
    first, second = make_source(code="first"), make_source(code="second")
    figure = make_figure(
        indicator=indicator,
        year=2019,
        through_month=9,
        value="5056",
        source=first,
        state="entered",
        status="estimate",
        published_on="2019-09-27",
    )
    prefix = f"i{indicator.pk}"
    row = {f"{prefix}-value": "5.056", f"{prefix}-qualifier": "exact", f"{prefix}-source": "first"}
    row |= {f"{prefix}-status": "estimate", f"{prefix}-published_on": "27/09/2019", f"{prefix}-read_version": "1"}
    bar(clerk, source="second", _save="", **row)
    figure.refresh_from_db()
    assert figure.source == first
    bar(clerk, source="second", for_saved="on", _save="", **row)
    figure.refresh_from_db()
    assert figure.source == second


def test_the_form_of_a_source_makes_its_code(admin_client, today):
    data = {"code": "", "title_vi": "Niên giám 2019", "reliability": "A"}
    admin_client.post("/admin/indicators/source/add/", data)
    assert Source.objects.get().code == "nien-giam-2019"

"""Where each person lands after signing in, and what waits there."""

import pytest

from indicators.models import Deadline, Figure
from tests.factories import (
    make_agency,
    make_figure,
    make_indicator,
    make_official_verdict,
    make_person,
    make_source,
    make_target,
)
from tests.reading import see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

HOME = "/admin/"
MISSING = "/admin/indicators/figure/completeness/"


@pytest.fixture
def finance():
    return make_agency(code="finance", name_vi="Sở Tài chính")


@pytest.fixture
def revenue(finance):
    """Asked for in June and September 2026: it was answered a year before."""
    indicator = make_indicator(name_vi="Thu ngân sách", agency=finance)
    for month in (6, 9):
        Deadline.objects.get_or_create(through_month=month, agency=None, year=None)
        make_figure(indicator=indicator, year=2025, through_month=month, published_on="2025-11-20")
    return indicator


def clerk_of(client, agency):
    person = make_person("nhaplieu", groups=["Nhập liệu"], agency=agency)
    client.force_login(person)
    return person


@pytest.mark.parametrize(("is_staff", "landing"), [(True, HOME), (False, "/")])
def test_staff_land_on_their_work_and_others_on_the_overview(client, django_user_model, is_staff, landing):
    django_user_model.objects.create_user("hoa", password="mat-khau-dai", is_staff=is_staff)
    sent = {"username": "hoa", "password": "mat-khau-dai"}
    assert client.post("/login/", sent)["Location"] == landing


def test_what_is_overdue_leads_to_its_row_of_the_sheet(client, finance, revenue):
    clerk_of(client, finance)
    overdue = see(client, HOME).one("section", id="overdue")
    first = overdue.all("a")[0]
    assert first.text == "Thu ngân sách"
    assert first["href"] == f"/admin/indicators/figure/sheet/?year=2026&months=6#id_i{revenue.pk}-value"
    field = first["href"].split("#")[1]
    assert see(client, first["href"].split("#")[0]).one("input", id=field)


def test_what_came_back_leads_to_its_row_of_the_sheet(client, finance, revenue):
    clerk_of(client, finance)
    make_figure(indicator=revenue, year=2026, through_month=9, state="returned", published_on="2026-09-20")
    returned = see(client, HOME).one("section", id="returned")
    assert returned.one("a")["href"].endswith(f"?year=2026&months=9#id_i{revenue.pk}-value")


def test_a_clerk_is_shown_only_the_records_that_clerks_keep(client, finance):
    clerk_of(client, finance)
    names = [link.text for link in see(client, HOME).one("section", id="records").all("a")]
    assert [name for name in names if not name.startswith("Thêm")] == ["Yêu cầu giải trình", "Số liệu", "Nguồn"]


def test_a_keeper_sees_targets_without_figures_sources_to_complete_and_all_records_by_task(client, revenue):
    target = make_target(indicator=revenue, first_year=2027, last_year=2030, decided_on="2026-01-01")
    Figure.objects.all().delete()
    source = make_source(title_vi="Báo cáo không ngày", issued_on=None)
    client.force_login(make_person(groups=["Quản trị chỉ tiêu"]))
    page = see(client, HOME)
    links = [link["href"] for section in page.all("section", class_="work") for link in section.all("a")]
    assert f"/admin/indicators/target/{target.pk}/change/" in links
    assert f"/admin/indicators/source/{source.pk}/change/" in links
    tasks = [heading.text for heading in page.one("section", id="records").all("h3")]
    assert tasks[:3] == ["Chỉ tiêu, mục tiêu và đánh giá", "Số liệu đã công bố", "Ai báo cáo, khi nào"]


def test_a_viewer_sees_what_is_in_danger_and_the_requests_for_explanation(client, revenue):
    target = make_target(indicator=revenue, first_year=2026, last_year=2030, decided_on="2026-01-01")
    make_official_verdict(target=target, verdict="missed")
    client.force_login(make_person(groups=["Xem"]))
    page = see(client, HOME)
    assert page.one("h1").text == "Tra cứu"
    assert page.one("section", class_="work").one("a", href=f"/indicators/{revenue.code}/").text == "Thu ngân sách"
    records = page.one("section", id="records")
    assert [item.all("a")[0].text for item in records.all("li")] == ["Yêu cầu giải trình"]


def test_the_page_of_what_is_missing_opens_on_the_oldest_overdue_period(client, finance, revenue):
    clerk_of(client, finance)
    assert "6 tháng 2026" in see(client, MISSING).one("section", id="list").one("table").text
    assert see(client, f"{MISSING}?year=2026").all("section", id="list") == []


def test_sources_to_complete_have_a_filter(client):
    make_source(title_vi="Đủ", issued_on="2026-01-01", number="1/BC")
    make_source(title_vi="Thiếu", issued_on=None)
    client.force_login(make_person(groups=["Quản trị chỉ tiêu"]))
    for choice, title in (("no", "Thiếu"), ("yes", "Đủ")):
        page = see(client, f"/admin/indicators/source/?complete={choice}")
        assert [cell.text for cell in page.all("th", class_="field-title_vi")] == [title]

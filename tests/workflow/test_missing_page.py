"""The page of what is missing: numbers with words, the list behind each, and who sees which agencies."""

import pytest

from indicators.models import Deadline
from tests.factories import make_agency, make_figure, make_indicator, make_person, make_target
from tests.reading import rows, see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PAGE = "/admin/indicators/figure/completeness/"


@pytest.fixture(autouse=True)
def _usual_deadlines():
    for month in (3, 6, 9, 12):
        Deadline.objects.get_or_create(through_month=month, agency=None, year=None)


@pytest.fixture
def finance():
    return make_agency(code="finance", name_vi="Sở Tài chính")


@pytest.fixture
def health():
    return make_agency(code="health", name_vi="Sở Y tế")


@pytest.fixture
def clerk(finance):
    return make_person("nhaplieu", groups=["Nhập liệu"], agency=finance, last_name="Hoa")


@pytest.fixture
def approver(client):
    person = make_person("duyet", groups=["Duyệt số liệu"])
    client.force_login(person)
    return person


def expected_of(agency, name, state="", **fields):
    """An indicator asked for in September 2026; with a state, a figure that has come so far."""
    indicator = make_indicator(agency=agency, name_vi=name)
    make_figure(indicator=indicator, year=2025, through_month=9, published_on="2025-09-20")
    if state:
        make_figure(indicator=indicator, year=2026, through_month=9, state=state, published_on="2026-09-20", **fields)
    return indicator


def heat(page):
    return rows(page.one("table", class_="heat"))


def test_an_approver_sees_every_agency_with_numbers_and_words(client, approver, finance, health):
    expected_of(finance, "Thu", "submitted")
    expected_of(finance, "Chi", "returned")
    expected_of(health, "Bác sĩ", "approved")
    assert heat(see(client, PAGE)) == [
        ["Sở Tài chính", "1/2 9 tháng 2026 1 quá hạn, 1 bị trả lại"],
        ["Sở Y tế", "1/1 9 tháng 2026 đủ"],
    ]


def test_a_number_leads_to_its_list(client, approver, clerk, finance, health):
    expected_of(finance, "Thu", "approved", value=None, qualifier="uncollected")
    expected_of(finance, "Chi")
    expected_of(finance, "Nợ", "entered")
    expected_of(health, "Bác sĩ")
    link = see(client, PAGE).one("table", class_="heat").all("a", href=f"{PAGE}?year=2026&agency=finance&month=9#list")
    listed = rows(see(client, link[0]["href"]).one("section", id="list").one("table"))
    assert listed == [
        ["Chi", "9 tháng 2026", "chưa có muộn 62 ngày", "21/09/2026", "Sở Tài chính Hoa"],
        ["Nợ", "9 tháng 2026", "đã nhập, chưa trình muộn 62 ngày", "21/09/2026", "Sở Tài chính Hoa"],
        ["Thu", "9 tháng 2026", "đã báo cáo (…)", "21/09/2026", "Sở Tài chính Hoa"],
    ]


def test_only_those_who_may_enter_are_named_as_asked(client, approver, clerk, finance):
    make_person("xem", groups=["Duyệt số liệu"], agency=finance)
    make_person("gui", rights=["add_figure"], agency=finance)
    make_person("quan-tri", agency=finance, is_superuser=True)
    make_person("nghi", groups=["Nhập liệu"], agency=finance, is_active=False)
    expected_of(finance, "Chi")
    [line] = rows(see(client, f"{PAGE}?month=9").one("section", id="list").one("table"))
    assert sorted(line[-1].removeprefix("Sở Tài chính ").split(", ")) == ["Hoa", "gui", "quan-tri"]


def test_an_approver_is_not_led_to_a_draft(client, approver, finance):
    expected_of(finance, "Nợ", "entered")
    expected_of(finance, "Thu", "submitted")
    links = see(client, f"{PAGE}?month=9").one("section", id="list").one("table").all("a")
    assert [link.text for link in links] == ["Thu"]


def test_a_clerk_sees_the_own_agency_only(client, clerk, finance, health):
    expected_of(finance, "Thu", "entered")
    expected_of(health, "Bác sĩ")
    client.force_login(clerk)
    page = see(client, f"{PAGE}?month=9")
    assert [line[0] for line in heat(page)] == ["Sở Tài chính"]
    assert [line[0] for line in rows(page.one("section", id="list").one("table"))] == ["Thu"]
    assert [link.text for link in page.one("section", id="list").one("table").all("a")] == ["Thu"]
    assert see(client, f"{PAGE}?agency=health").one("section", id="list").all("table") == []


def test_a_clerk_sees_what_a_predecessor_was_asked_for(client, clerk, finance):
    expected_of(make_agency(code="old", name_vi="Sở Kế hoạch", valid_to="2026-10-31", successor=finance), "Thu")
    client.force_login(clerk)
    assert [line[0] for line in heat(see(client, PAGE))] == ["Sở Kế hoạch"]


def test_what_nobody_answers_for_has_a_line_and_a_list(client, approver):
    expected_of(None, "Thu")
    page = see(client, f"{PAGE}?agency=-")
    assert [line[0] for line in heat(page)] == ["Chưa có cơ quan chủ trì"]
    assert len(rows(page.one("section", id="list").one("table"))) == 1


@pytest.mark.parametrize("group", ["Xem", "Quản trị chỉ tiêu"])
def test_others_do_not_see_it(client, group):
    client.force_login(make_person(groups=[group]))
    assert client.get(PAGE).status_code == 403


def test_a_visitor_is_asked_to_log_in(client):
    assert client.get(PAGE)["Location"] == f"/login/?next={PAGE}"


def test_another_year_is_one_click_away(client, approver, finance):
    expected_of(finance, "Thu")
    page = see(client, PAGE)
    assert (page.one("a", rel="prev")["href"], page.one("a", rel="next")["href"]) == (
        f"{PAGE}?year=2025",
        f"{PAGE}?year=2027",
    )
    assert heat(see(client, f"{PAGE}?year=2025")) == [["Sở Tài chính", "1/1 9 tháng 2025 đủ"]]


def test_a_year_in_which_nothing_is_asked_for_says_so(client, approver):
    assert "Năm này không có số liệu nào phải báo cáo." in see(client, f"{PAGE}?year=1950").text


@pytest.mark.parametrize("query", ["year=abc", "year=3000", "month=13", "month=0"])
def test_what_cannot_be_meant_is_a_clear_400(client, approver, query):
    page = see(client, f"{PAGE}?{query}", 400)
    assert f"“{query.partition('=')[2]}” không phải là" in page.text


@pytest.mark.parametrize("number", [1, 6])
def test_the_queries_do_not_grow(client, approver, finance, number, django_assert_num_queries):
    for item in range(number):
        expected_of(finance, f"Chỉ tiêu {item}")
    with django_assert_num_queries(15):
        see(client, f"{PAGE}?month=9")


def test_the_public_page_of_an_agency_tells_what_is_due_and_names_nobody(client, public, clerk, finance):
    thu = expected_of(finance, "Thu", "entered", value="987654")
    make_target(indicator=thu, first_year=2030, last_year=2030)
    page = see(client, "/agencies/finance/")
    text = page.one("section", id="due").text
    assert text == "Đến hạn báo cáo 9 tháng 2026 · hạn 21/09/2026, chưa công bố Thu"
    assert "987654" not in page.text
    assert "Hoa" not in page.text

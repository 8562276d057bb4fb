"""Compare, years, sectors, agencies, presentation, what-if and embedding, as a visitor meets them."""

import json

import pytest
from django.contrib.auth.models import User

from indicators.datapackage.loader import load_package
from indicators.models import Agency, Aggregate, Indicator, Membership
from indicators.queries.responsible_agency import responsibility
from tests.conftest import FIXTURES, TODAY
from tests.reading import cells, read, rows, see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mau", "today", "public")]

PAGES = [
    "/compare/",
    "/years/2026/",
    "/sectors/economy/",
    "/agencies/mau-finance/",
    "/terms/2030/present/",
    "/embed/economic-growth/",
    "/indicators/grdp-per-person/?growth=8",
]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_page_is_whole_in_both_languages(client, address, prefix):
    page = see(client, prefix + address)
    assert len(page.all("h1")) == 1
    assert page.one("html")["lang"] == (prefix.strip("/") or "vi")


@pytest.mark.parametrize(
    "address", ["/years/1990/", "/sectors/none/", "/agencies/none/", "/terms/1999/present/", "/embed/none/"]
)
def test_an_unknown_address_is_the_designed_404(client, address):
    response = client.get(address)
    assert response.status_code == 404
    assert "Không có trang này" in response.content.decode()


def test_the_queries_of_the_comparison_do_not_grow(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        client.get("/compare/")


def test_a_long_comparison_comes_in_pages_that_leave_nothing_out(client, monkeypatch):
    whole = see(client, "/en/compare/")
    monkeypatch.setattr("indicators.dashboard.views.listing.PER_PAGE", 10)
    pages = [see(client, f"/compare/?page={number}") for number in range(1, 6)]
    assert [len(page.all("a", rel="next")) for page in pages] == [1, 1, 1, 1, 0]
    assert pages[0].one("a", rel="next")["href"] == "?page=2"
    for part in ("lines", "courses"):
        found = [f"/en{link}" for page in pages for place in page.all(id=part) for link in indicators_in(place)]
        assert found == indicators_in(whole.one(id=part))


def indicators_in(place):
    return [link["href"] for link in place.all("a") if "/indicators/" in link["href"]]


def test_the_year_before_and_after_are_linked(client):
    page = see(client, "/years/2025/")
    assert page.one("a", rel="prev")["href"] == "/years/2024/"
    assert page.one("a", rel="next")["href"] == "/years/2026/"


def test_a_year_tells_even_pace_and_last_year_in_units_that_fit(client):
    table = see(client, "/years/2026/").one("table")
    row = next(row for row in table.all("tr") if row.all("a", href="/indicators/budget-collection/"))
    told = {cell["data-label"]: cell.text for cell in row.all("td") if "data-label" in cell.attributes}
    assert told["So với tiến độ đều"] == "+2,0% tiến độ đều: 7.200,0 · đạt 76,5% kế hoạch năm"
    assert told["So với cùng kỳ năm trước"] == "+11,2% 6.605,3 (9 tháng 2025)"


def test_a_year_without_a_plan_leads_to_those_that_have_one(client):
    links = see(client, "/years/2030/").one("p", class_="empty").all("a")
    assert [link.text for link in links] == [str(year) for year in range(2020, 2027)]


def test_the_comparison_pictures_every_indicator_with_figures_of_two_terms(client):
    pictures = see(client, "/compare/").one(id="courses")
    found = pictures.all("svg", class_="course")
    assert len(found) == len(pictures.all("li")) == len(pictures.all("a")) > 30
    assert all(record["role"] == "img" and "2020: " in record["aria-label"] for record in found)


def test_what_is_in_danger_tells_what_is_lacking_and_who_answers_for_it(client):
    told = cells(see(client, "/terms/2030/?status=danger"), "Thứ hạng năng lực cạnh tranh cấp tỉnh")
    assert told["Đánh giá"] == "! Có nguy cơ còn cách 13 bậc Sở Tài chính tỉnh Mẫu"
    met = cells(see(client, "/terms/2030/"), "GRDP bình quân đầu người")
    assert met["Đánh giá"] == "→ Đúng tiến độ tạm tính"


@pytest.mark.parametrize("narrowing", ["sector=economy", "agency=mau-finance"])
def test_the_downloads_of_a_narrowed_listing_are_narrowed_too(client, narrowing):
    folder, code = narrowing.replace("sector=", "sectors=").replace("agency=", "agencies=").split("=")
    exports = see(client, f"/{folder}/{code}/").one("p", class_="exports")
    assert all(narrowing in link["href"] for link in exports.all("a"))


def test_an_agency_sees_only_what_it_answers_for(client):
    table = see(client, "/agencies/mau-finance/").one("table")
    finance = Agency.objects.get(code="mau-finance")
    own = {
        record.code for record in Indicator.objects.all() if responsibility(TODAY.date()).agency_of(record) == finance
    }
    linked = {link["href"].split("/")[2] for link in table.all("a") if link["href"].startswith("/indicators/")}
    assert linked == own


def test_a_supposed_growth_is_told_and_kept_in_the_address(client):
    page = see(client, "/indicators/grdp-per-person/?growth=12,5")
    assert page.one("input", name="growth", size="7")["value"] == "12,5"
    assert "Vượt" in page.one(id="what-if").text


def test_the_address_of_a_chart_with_a_day_and_supposed_years_opens_the_same_view(client):
    page = see(client, "/indicators/grdp-per-person/?as_of=2026-06-30&y2027=80&y2030=111,5")
    assert page.one("form", class_="as-of").one("input", name="as_of")["value"] == "30/06/2026"
    assert [page.one("input", name=f"y{year}", size="7")["value"] for year in (2026, 2027, 2030)] == ["", "80", "111,5"]
    traces = {load["name"]: load for load in json.loads(page.one(id="chart-data").children[0])["data"]}
    assert traces["Giả định"]["x"] == [2027, 2030]
    assert max(traces["Thực hiện"]["x"]) == 2025
    assert "năm 2030" in page.one(id="what-if").text
    (shared,) = page.all("meta", property="og:url")
    assert shared["content"].endswith("?as_of=2026-06-30&y2027=80&y2030=111,5")


def test_years_filled_by_growth_stay_empty_so_that_another_growth_can_be_tried(client):
    page = see(client, "/indicators/grdp-per-person/?growth=8")
    assert {field["value"] for field in page.all("input", size="7") if field["name"] != "growth"} == {""}
    assert "2026: 76,2" in page.one("p", class_="supposed").text


def test_a_supposed_result_stands_beside_the_present_one_with_its_gap(client):
    table = see(client, "/indicators/grdp-per-person/?growth=8").one(id="what-if").one("table")
    found = {row[0]: row[1:] for row in rows(table)}
    assert found["Đánh giá"] == ["→ Đúng tiến độ tạm tính", "✕ Không đạt"]
    assert found["So với mục tiêu"] == ["còn cách 34,6 triệu đồng/người/năm", "thiếu 6,3 triệu đồng/người/năm"]


def test_english_reads_numbers_its_own_way(client):
    assert (
        see(client, "/en/indicators/grdp-per-person/?growth=12.5").one("input", name="growth", size="7")["value"]
        == "12.5"
    )


@pytest.mark.parametrize("typed", ["abc", "1e9", "<script>", "9" * 15])
def test_a_supposed_value_that_is_no_number_is_a_clear_400_that_keeps_the_others(client, typed):
    response = client.get("/indicators/grdp-per-person/", {"y2027": typed, "y2028": "90"})
    assert response.status_code == 400
    page = read(response)
    assert page.one("input", name="y2027", size="7")["value"] == typed
    assert page.one("input", name="y2027", size="7")["aria-describedby"] == page.one("p", class_="error")["id"]
    assert "2028: 90" in page.one("p", class_="supposed").text
    assert "<script>" not in response.text


def test_an_address_means_the_same_in_both_languages(client):
    query = "?y2027=100,25&y2028=111,5&n=vi"
    page = see(client, f"/en/indicators/grdp-per-person/{query}")
    assert [page.one("input", name=f"y{year}", size="7")["value"] for year in (2027, 2028)] == ["100.25", "111.5"]
    assert page.one(id="what-if").one("input", name="n")["value"] == "en"
    assert "2027: 100.3" in page.one("p", class_="supposed").text


def test_a_supposed_number_that_can_mean_two_things_is_asked_about(client):
    response = client.get("/indicators/grdp-per-person/?y2027=100.250")
    assert response.status_code == 400
    assert "100250 hoặc 100,25" in read(response).one("p", class_="error").text


def test_the_unit_may_stand_beside_a_supposed_number(client):
    assert see(client, "/indicators/grdp-per-person/?growth=9%25").one("input", name="growth", size="7")["value"] == "9"


def test_the_presentation_has_a_screen_for_each_target_and_one_before_them(client):
    slides = see(client, "/terms/2030/present/").all("section", class_="slide")
    families = see(client, "/terms/2030/").all("tbody", class_="family")
    assert len(slides) == len(families) + 1


def test_no_site_may_frame_a_chart_by_default(client):
    assert "frame-ancestors 'none'" in client.get("/embed/economic-growth/")["Content-Security-Policy"]


def test_a_named_origin_may_frame_a_chart_and_nothing_else(client, settings):
    settings.EMBED_ORIGINS = ["https://langson.gov.vn"]
    assert "frame-ancestors https://langson.gov.vn" in client.get("/embed/economic-growth/")["Content-Security-Policy"]
    assert "X-Frame-Options" not in client.get("/embed/economic-growth/")
    assert "frame-ancestors 'none'" in client.get("/terms/2025/")["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("address", "title"),
    [
        (
            "/terms/2025/",
            "Nhiệm kỳ 2020–2025: 24 có kết luận: 20 đạt và vượt (7 tạm tính), 4 không đạt (2 xấp xỉ)"
            " · 2 chưa đủ số liệu",
        ),
        (
            "/terms/2030/present/",
            "Nhiệm kỳ 2025–2030: 18 đang thực hiện: 7 đúng tiến độ, 11 cần quan tâm · 10 chưa đủ số liệu",
        ),
        ("/compare/", "So sánh các nhiệm kỳ"),
        ("/years/2026/", "Kế hoạch năm 2026"),
        ("/sectors/economy/", "Kinh tế"),
        ("/agencies/mau-finance/", "Sở Tài chính tỉnh Mẫu"),
        ("/indicators/", "Tất cả chỉ tiêu"),
        ("/indicators/economic-growth/", "Tốc độ tăng trưởng GRDP"),
        ("/embed/economic-growth/", "Tốc độ tăng trưởng GRDP (%)"),
        ("/sources/", "Nguồn số liệu"),
        ("/reports/", "Báo cáo"),
        ("/method/", "Cách đánh giá chỉ tiêu"),
    ],
)
def test_a_page_that_is_shared_tells_what_it_is(client, address, title):
    page = see(client, address)
    assert page.one("meta", property="og:title")["content"] == title
    assert page.one("meta", property="og:description")["content"].strip()
    assert page.one("meta", property="og:url")["content"].endswith(address)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_names_its_icon_so_that_no_browser_asks_for_another(client, address):
    assert see(client, address).one("link", rel="icon")["href"].endswith(".svg")


# --- sectors and agencies


def test_a_sector_and_an_agency_are_a_click_away_from_the_listing(client):
    links = [link["href"] for link in see(client, "/terms/2030/").one("table").all("a")]
    assert any(link.startswith("/sectors/") for link in links)
    assert any(link.startswith("/agencies/") for link in links)


def test_the_listing_of_an_agency_turns_to_another_term_and_keeps_its_filter(client):
    page = see(client, "/agencies/mau-finance/?term=2025&status=danger")
    assert page.one("nav", class_="term-switch").one("a", **{"aria-current": "page"}).text == "2025"
    assert page.one("form", class_="filters").one("input", name="term")["value"] == "2025"
    assert page.one("form", class_="filters").all("select", name="agency") == []


def test_a_past_day_shows_the_term_of_that_day(client):
    page = see(client, "/sectors/economy/?as_of=2024-01-01")
    assert page.one("nav", class_="term-switch").one("a", **{"aria-current": "page"}).text == "2025"


def test_who_works_for_an_agency_finds_its_own_first(client):
    user = User.objects.create_user("hoa", is_staff=True)
    Membership.objects.create(user=user, agency=Agency.objects.get(code="mau-finance"))
    assert "Cơ quan của tôi" not in see(client, "/").one("nav", **{"aria-label": "Chính"}).text
    client.force_login(user)
    (own,) = [link for link in see(client, "/").all("a") if link.text == "Cơ quan của tôi"]
    assert own["href"] == "/agencies/mau-finance/"


# --- embedding


def test_the_code_to_embed_a_chart_is_offered_where_a_site_may_frame_it(client, settings):
    assert "iframe" not in see(client, "/indicators/economic-growth/").text
    settings.EMBED_ORIGINS = ["https://langson.gov.vn"]
    code = see(client, "/indicators/economic-growth/").one("details", class_="embed-code").one("textarea").text
    assert f'src="{settings.SITE_URL}/embed/economic-growth/"' in code


# --- a year


def test_a_year_tells_what_the_province_declared(client):
    load_package(FIXTURES / "langson")
    page = see(client, "/years/2020/")
    assert "Tỉnh tự công bố 14/18" in page.one("p", class_="official").text
    assert {link["href"] for link in page.one("p", class_="exports").all("a")} == {
        "/reports/years/2020.xlsx",
        "/reports/years/2020/print/",
    }


def test_a_slide_names_the_source_of_the_number_it_shows(client):
    load_package(FIXTURES / "langson")
    slides = see(client, "/terms/2025/present/?as_of=2025-12-01").all("section", class_="slide")
    (slide,) = [slide for slide in slides if "7,1%" in slide.text]
    published = Aggregate.objects.filter(indicator__code="grdp-growth", first_year=2021, last_year=2025)
    assert published.latest("published_on").source.publisher in slide.one("p", class_="turn").text

"""The page of one indicator and of one source with the real figures, and what neither may show."""

import json

import pytest

from indicators.models import Figure, Indicator, Source, Target
from tests.factories import (
    make_aggregate,
    make_comparison,
    make_figure,
    make_indicator,
    make_official_verdict,
    make_source,
)
from tests.reading import content, rows, see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langson", "today", "public")]

GROWTH = "Tốc độ tăng trưởng GRDP"


# --- one indicator


def section(page, heading):
    return page.one("section", **{"aria-labelledby": heading})


def test_every_version_of_a_figure_stays_with_its_source_and_quote(client):
    table = section(see(client, "/indicators/grdp-growth/"), "figures-heading").one("table")
    versions = [row for row in rows(table) if row[0] == "năm 2020"]
    assert [(row[1], row[2], row[3]) for row in versions] == [
        ("2,09", "đã công bố đang có hiệu lực", "13/01/2021"),
        ("2,03", "ước", "31/12/2020"),
    ]
    assert "GRDP) ước đạt 2,03%" in versions[1][4]
    assert len(rows(table)) == Figure.objects.filter(indicator__code="grdp-growth").count()


def test_the_unit_stands_once_above_the_values(client):
    page = see(client, "/indicators/grdp-per-capita/")
    table = section(page, "figures-heading").one("table")
    assert table.all("th", class_="num")[0].text == "Giá trị (triệu đồng/người/năm)"
    assert {cell["data-label"] for cell in table.all("td", class_="num")} == {"Giá trị (triệu đồng/người/năm)"}
    assert rows(table)[0][1] == "khoảng 71,0"


def test_one_version_per_period_is_marked_as_in_force(client):
    table = section(see(client, "/indicators/grdp-growth/"), "figures-heading").one("table")
    in_force = [row[0] for row in rows(table) if "đang có hiệu lực" in row[2]]
    assert sorted(in_force) == sorted({row[0] for row in rows(table)})


def test_each_figure_leads_to_its_line_on_the_page_of_its_source(client):
    page = see(client, "/indicators/grdp-growth/")
    links = [row.all("a")[0]["href"] for row in section(page, "figures-heading").all("tr")[1:]]
    address, _, anchor = links[0].partition("#")
    line = see(client, address).one("tr", id=anchor)
    assert line.one("q").text == "tốc độ tăng trưởng GRDP của tỉnh đạt 8,06%"


def test_the_figure_in_the_overview_leads_to_its_versions(client):
    row = next(row for row in see(client, "/terms/2025/").all("tr") if GROWTH in row.text)
    address, _, anchor = row.one("td", class_="latest").one("a")["href"].partition("#")
    assert see(client, address).one("tr", id=anchor).text.startswith("năm 2025 8,06 ")


def test_answers_without_a_value_are_shown_as_printed(client):
    indicator = make_indicator(code="answers")
    make_figure(indicator=indicator, year=2021, value=None, qualifier="nil")
    make_figure(indicator=indicator, year=2022, value=None, qualifier="uncollected")
    table = section(see(client, "/indicators/answers/"), "figures-heading").one("table")
    assert [row[:3] for row in rows(table)] == [["năm 2022", "…", "đã công bố"], ["năm 2021", "-", "đã công bố"]]


def test_the_targets_of_three_terms_stand_side_by_side_with_verdict_and_sentence(client):
    standings = see(client, "/indicators/grdp-growth/").one("section", class_="verdicts").all("article")
    assert [standing.one("h3").text for standing in standings] == ["Kế hoạch năm 2020", "2025", "2030"]
    assert "từ 7 đến 7,5% bình quân 2021–2025 ✕ Không đạt xấp xỉ đạt, tạm tính" in standings[1].text
    assert "7,1%" in standings[1].text
    assert "6,99%" in standings[1].text


def test_published_averages_stand_beside_our_own(client):
    table = section(see(client, "/indicators/grdp-growth/"), "aggregates-heading").one("table")
    of_the_term = [row for row in rows(table) if row[0] == "2021–2025"]
    assert [row[:4] for row in of_the_term] == [["2021–2025", "bình quân · ước", "7,10", "6,99"]] * 2
    assert any("bình quân hằng năm giai đoạn 2021 - 2025 ước đạt 7,1%" in row[4] for row in of_the_term)


def test_our_own_average_of_compound_growth_is_the_compound_one(client):
    indicator = make_indicator(code="compound", kind="rate", path="compound", decimals=2)
    for year, value in ((2021, "100"), (2022, "-50")):
        make_figure(indicator=indicator, year=year, value=value)
    make_aggregate(indicator=indicator, value="0.1")
    table = section(see(client, "/indicators/compound/"), "aggregates-heading").one("table")
    assert rows(table)[0][2:4] == ["0,10", "0,00"]


def test_published_comparisons_are_shown_with_what_they_compare_and_their_qualifier(client):
    table = section(see(client, "/indicators/tourist-arrivals/"), "comparisons-heading").one("table")
    assert [row[:3] for row in rows(table)][3:5] == [
        ["9 tháng năm 2024", "so với kế hoạch, %", "trên 90"],
        ["9 tháng năm 2024", "so với cùng kỳ năm trước, %", "5,6"],
    ]


def test_a_comparison_published_later_is_not_known_earlier(client):
    assert "trên 90" in see(client, "/indicators/tourist-arrivals/?as_of=2025-01-31").text
    assert "26,2" not in see(client, "/indicators/tourist-arrivals/?as_of=2025-01-31").text


def test_parts_are_listed_with_their_latest_figure(client):
    parts = section(see(client, "/indicators/grdp-structure/"), "parts-heading").all("li")
    assert parts[2].text == "Tỷ trọng dịch vụ trong GRDP 47,22% 2025"
    assert len(parts) == 4


def test_the_sum_of_the_shares_is_told_so_that_a_gap_to_100_shows(client):
    shares = section(see(client, "/indicators/grdp-structure/"), "shares-heading")
    assert shares.one("figcaption").text == "Tổng các thành phần theo năm: 2018: 89,76; 2024: 100,00; 2025: 100,04"


def test_the_history_of_targets_keeps_draft_and_replaced_ones(client):
    history = section(see(client, "/indicators/grdp-per-capita/"), "history-heading")
    told = [item.one("small").text for item in history.all("li") if "2030" in item.text]
    assert told == [
        "đã thông qua · quyết định ngày 27/09/2025",
        "dự thảo · quyết định ngày 12/05/2025 · thay thế ngày 27/09/2025",
    ]


def test_the_responsible_agency_and_the_definition_are_told(client):
    about = section(see(client, "/indicators/poverty-rate/"), "about-heading").text
    assert "Cơ quan chủ trì theo dõi" in about
    assert "2016–2020" in about


def test_a_series_break_is_marked(client):
    indicator = make_indicator(code="broken")
    make_figure(indicator=indicator, year=2021)
    make_figure(indicator=indicator, year=2022, series_break=True)
    table = section(see(client, "/indicators/broken/"), "figures-heading").one("table")
    assert ["đổi cách tính" in row[2] for row in rows(table)] == [True, False]


def test_an_official_verdict_stands_first_with_reason_and_day_and_the_suggestion_beside_it(client):
    target = Target.objects.get(indicator__code="grdp-per-capita", term__last_year=2025)
    make_official_verdict(target=target, reason="Tính cả khu kinh tế cửa khẩu", decided_on="2026-03-01")
    standing = see(client, "/indicators/grdp-per-capita/").one("article", class_="tone-achieved").text
    assert "✓ Đạt chính thức kết luận tính toán: Không đạt" in standing
    assert "Kết luận ngày 01/03/2026: Tính cả khu kinh tế cửa khẩu" in standing


def test_an_indicator_with_nothing_known_says_so(client):
    make_indicator(code="empty", name_vi="Chưa có gì")
    page = see(client, "/indicators/empty/")
    told = [record.text for record in page.all(class_="empty")]
    assert told == ["Chưa có số liệu nào được công bố và duyệt.", "Chưa đặt mục tiêu nào."]
    assert page.all("script", id="chart-data") == []


def chart(page):
    return json.loads(page.one("script", id="chart-data").children[0])


def test_the_numbers_of_the_chart_are_those_of_the_table(client):
    page = see(client, "/indicators/grdp-growth/")
    line = next(trace for trace in chart(page)["data"] if trace["name"] == "Thực hiện")
    drawn = {year: value for year, value in zip(line["x"], line["text"], strict=True) if value}
    table = section(page, "figures-heading").one("table")
    in_force = {
        int(row[0].removeprefix("năm ")): row[1]
        for row in rows(table)
        if "đang có hiệu lực" in row[2] and row[0].startswith("năm ")
    }
    assert drawn == in_force
    assert {year: value for year, value in zip(line["x"], line["y"], strict=True) if value is not None} == {
        year: float(text.replace(",", ".")) for year, text in in_force.items()
    }


# --- what is not approved


@pytest.fixture
def hidden(request):
    """A figure of 77.77 on its way through the office."""
    indicator = Indicator.objects.get(code="grdp-growth")
    source = make_source(code="draft-report", title_vi="Báo cáo chưa duyệt", issued_on="2026-11-01")
    return make_figure(
        indicator=indicator, source=source, year=2026, through_month=9, value="77.77", state=request.param,
        published_on="2026-11-01", quote_vi="ước đạt 77,77%",
    )  # fmt: skip


PLACES = [
    "/terms/2030/",
    "/terms/2030/?show=all",
    "/indicators/",
    "/indicators/grdp-growth/",
    "/sources/draft-report/",
    "/reports/figures.csv",
    "/reports/figures.csv?format=excel-vn",
    "/reports/progress.csv",
]


@pytest.mark.parametrize("hidden", ["entered", "submitted", "returned"], indirect=True)
def test_a_figure_that_is_not_approved_is_shown_nowhere(client, hidden):
    for place in PLACES:
        shown = content(client.get(place))
        assert "77.77" not in shown, place
        assert "77,77" not in shown, place
    listed_sources = rows(see(client, "/sources/").one("table"))
    assert [row for row in listed_sources if row[0].startswith("Báo cáo chưa duyệt")] == []


@pytest.mark.parametrize("hidden", ["approved"], indirect=True)
def test_the_same_figure_is_everywhere_once_it_is_approved(client, hidden):
    for place in PLACES:
        shown = content(client.get(place))
        assert "77.77" in shown or "77,77" in shown, place


# --- sources


def test_every_source_says_how_much_rests_on_it(client):
    listing = {row[0]: row for row in rows(see(client, "/sources/").one("table"))}
    assert len(listing) == Source.objects.count()
    source = Source.objects.get(code="resolution-100-2019")
    row = next(row for name, row in listing.items() if name.startswith(source.title_vi))
    assert row[2] == "05/12/2019"
    assert row[5] == str(source.targets.count())


def test_the_counts_of_sources_are_those_of_the_day(client):
    name = Source.objects.get(code="resolution-100-2019").title_vi
    told = {day: rows(see(client, f"/sources/?as_of={day}").one("table")) for day in ("2019-12-04", "2020-01-01")}
    assert [row for row in told["2019-12-04"] if row[0].startswith(name)] == []
    (row,) = [row for row in told["2020-01-01"] if row[0].startswith(name)]
    assert int(row[5]) + int(row[4]) > 0


def test_a_source_lists_each_target_and_figure_that_rests_on_it_with_its_quote(client):
    source = Source.objects.get(code="resolution-100-2019")
    table = section(see(client, "/sources/resolution-100-2019/"), "targets-heading").one("table")
    quotes = [row[2] for row in rows(table)]
    assert len(quotes) == source.targets.count()
    assert any("Tốc độ tăng trưởng kinh tế 8,5 – 9%" in quote for quote in quotes)


def test_a_source_shows_also_what_is_not_a_figure_or_a_target(client):
    assert "18/20" in see(client, "/sources/danviet-2020-09/").text
    comparison = make_comparison(source=make_source(code="comparing", issued_on="2026-01-01"), value="77.7")
    page = see(client, "/sources/comparing/")
    assert comparison.indicator.name in page.text
    assert "77,7" in page.text
    assert page.all("p", class_="empty") == []


def test_a_source_without_anything_is_seen_by_the_staff_alone_and_says_so(client, admin_user):
    make_source(code="unused")
    assert client.get("/sources/unused/").status_code == 404
    client.force_login(admin_user)
    assert see(client, "/sources/unused/").one("p", class_="empty").text == "Chưa có số liệu nào dẫn từ nguồn này."


def test_a_series_that_went_on_points_to_the_one_that_lives(client):
    page = see(client, "/indicators/near-poverty-rate/")
    assert page.one("p", class_="goes-on").one("a")["href"] == "/indicators/near-poverty-rate-2022-standard/"
    assert see(client, "/indicators/near-poverty-rate-2022-standard/").all("p", class_="goes-on") == []

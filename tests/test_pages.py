"""The pages with the real figures: what an official reads before the meeting."""

import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from indicators.models import Figure, Indicator, Source, Target
from indicators.overview import tally
from tests.factories import (
    make_agency,
    make_comparison,
    make_figure,
    make_indicator,
    make_official_result,
    make_official_verdict,
    make_sector,
    make_source,
    make_target,
    make_term,
)
from tests.reading import cells, listed, read, rows, see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langson", "today", "public")]

GROWTH, PER_CAPITA = "Tốc độ tăng trưởng GRDP", "GRDP bình quân đầu người"
POVERTY = "Tỷ lệ hộ nghèo (chuẩn 2016–2020)"


# --- the overview of a term


def score(page):
    return page.one("div", class_="tally-score").text


@pytest.mark.parametrize(
    ("year", "met", "entered"), [(2020, "0/20", "20/20"), (2025, "1/20", "4/20"), (2030, "0/34", "4/34")]
)
def test_the_score_says_how_many_of_how_many_and_how_many_we_have(client, year, met, entered):
    told = score(see(client, f"/terms/{year}/"))
    assert told.startswith(f"{met} đạt và vượt")
    assert told.endswith(f"đã nhập {entered} chỉ tiêu")


def test_a_provisional_verdict_in_the_score_is_told(client):
    assert "trong đó 1 tạm tính" in score(see(client, "/terms/2025/"))
    assert "tạm tính" not in score(see(client, "/terms/2020/"))


def test_the_verdicts_are_counted_and_the_unlisted_told_apart(client):
    counts = [item.text for item in see(client, "/terms/2025/").one("ul", class_="counts").all("li")]
    assert counts == ["1 ✓ Đạt", "1 ✕ Không đạt", "2 ○ Chưa có số liệu", "16 chưa có trong danh sách"]


def test_the_tally_bar_fills_its_width_in_the_proportions_of_the_counts(client):
    bars = see(client, "/terms/2025/").one("svg", class_="tally-bar").all("rect")
    assert [bar.classes for bar in bars] == [["tone-achieved"], ["tone-missed"], ["tone-no_data"], ["tone-unlisted"]]
    assert [(int(bar["x"]), int(bar["width"]) + 3) for bar in bars] == [(0, 50), (50, 50), (100, 100), (200, 800)]


def test_what_the_province_declares_stands_beside_our_count(client):
    assert "18/20" in see(client, "/terms/2020/").one("p", class_="official").text
    assert see(client, "/terms/2030/").all("p", class_="official") == []


def test_a_result_declared_later_is_not_known_earlier(client):
    term = make_term(code="IX", first_year=1996, last_year=2000)
    make_target(term=term, first_year=1996, last_year=2000, decided_on="1996-01-01")
    make_official_result(term=term, source=make_source(code="later", issued_on="2001-03-01"), met_or_exceeded=17)
    assert "17/20" in see(client, "/terms/2000/?as_of=2001-03-01").text
    assert "17/20" not in see(client, "/terms/2000/?as_of=2001-02-28").text


def cards(page):
    return {card.one("h2").text: card for card in page.one("section", class_="cards").all("article")}


def test_the_four_headline_indicators_have_a_card(client):
    expected = [GROWTH, PER_CAPITA, POVERTY, "Số đảng viên kết nạp mới"]
    for year in (2020, 2025, 2030):
        assert list(cards(see(client, f"/terms/{year}/"))) == expected


def test_a_card_has_verdict_value_period_target_and_sentence(client):
    card = cards(see(client, "/terms/2025/"))[PER_CAPITA]
    assert card.one("p", class_="card-verdict").text == "✕ Không đạt"
    assert card.one("p", class_="figure").text == "71,1 triệu đồng/người/năm năm 2025"
    assert card.one("p", class_="target").text == "Mục tiêu 2025: từ 76 đến 78 triệu đồng/người/năm"
    assert "71,1" in card.one("p", class_="say").text
    assert card.one("svg", class_="bullet")["aria-label"].startswith("71,1 triệu đồng/người/năm / từ 76 đến 78")


def test_a_card_without_target_or_figure_says_so(client):
    by_year = {year: cards(see(client, f"/terms/{year}/")) for year in (2020, 2030)}
    assert by_year[2020][POVERTY].one("p", class_="say").text == "Chưa tìm thấy mục tiêu cho 2020."
    assert by_year[2030][GROWTH].one("p", class_="figure").text == "8,06 % năm 2025"


def test_the_period_of_a_card_is_that_of_its_value_and_not_that_of_the_target(client):
    indicator = make_indicator(headline=True, name_vi="Độ che phủ", kind="level")
    make_target(indicator=indicator, first_year=2026, last_year=2030, low="80", term=term_2030())
    make_figure(indicator=indicator, year=2025, value="60", published_on="2026-01-10")
    make_figure(indicator=indicator, year=2026, through_month=9, value="63.5", published_on="2026-10-10", qualifier="over")
    figure = cards(see(client, "/terms/2030/"))["Độ che phủ"].one("p", class_="figure").text
    assert figure == "trên 63,50 % cuối tháng 9/2026"


def term_2030():
    return Target.objects.filter(last_year=2030, scope="term").first().term


def test_the_targets_of_three_terms_stand_in_one_row_as_written(client):
    for year in (2020, 2025, 2030):
        row = cells(see(client, f"/terms/{year}/"), PER_CAPITA)
        assert row["Mục tiêu 2020"] == "khoảng 48 triệu đồng"
        assert row["Mục tiêu 2025"] == "từ 76 đến 78 triệu đồng/người/năm"
        assert row["Mục tiêu 2030"] == "khoảng 130 triệu đồng"


@pytest.mark.parametrize(
    ("year", "latest", "verdict"),
    [
        (2020, "2,09 2020 · đã công bố", "✕ Không đạt"),
        (2025, "8,06 2025 · đã công bố", "✓ Đạt tạm tính"),
        (2030, "8,06 2025 · đã công bố", "○ Chưa có số liệu"),
    ],
)
def test_a_row_has_the_latest_figure_of_its_term_and_the_verdict_in_words(client, year, latest, verdict):
    row = cells(see(client, f"/terms/{year}/"), GROWTH)
    assert (row["Số mới nhất"], row["Đánh giá"]) == (latest, verdict)


def test_a_draft_target_is_marked(client):
    drafts = [mark.text for mark in see(client, "/terms/2030/").one(id="listing").all("em")]
    assert drafts
    assert set(drafts) == {"dự thảo"}


def test_parts_stand_under_their_parent_behind_a_fold(client):
    page = see(client, "/terms/2020/")
    names = listed(page)
    place = names.index("Cơ cấu kinh tế")
    assert all(name.startswith("Tỷ trọng") for name in names[place + 1 : place + 5])
    family = next(body for body in page.all("tbody", class_="family") if "Cơ cấu kinh tế" in body.text)
    assert len(family.all("tr", class_="part")) == 4
    assert family.one("label", class_="fold").text == "4 thành phần của Cơ cấu kinh tế"


def test_rows_stand_under_their_sector_in_official_order(client):
    groups = [group.text for group in see(client, "/terms/2020/").all("tbody", class_="group")]
    assert groups == ["Kinh tế", "Xã hội", "Môi trường", "Xây dựng Đảng và hệ thống chính trị"]


def test_every_count_of_the_tally_leads_to_just_those_targets(client):
    for year in (2020, 2025, 2030):
        for item in see(client, f"/terms/{year}/").one("ul", class_="counts").all("li"):
            for link in item.all("a"):
                found = see(client, link["href"].partition("#")[0])
                assert f"{link.one('b').text} chỉ tiêu" == found.one(id="listing-heading").text


# --- what was known on a day


def test_a_past_day_is_told_and_shows_what_was_known(client):
    page = see(client, "/terms/2025/?as_of=2023-12-31")
    assert page.one("p", role="status").text.startswith("Số liệu đã biết đến ngày 31/12/2023")
    figure = cards(page)[GROWTH].one("p", class_="figure").text
    assert figure == "6,95 % bình quân 2021–2022"
    assert "Công bố mới nhất: 31/12/2023" in page.text


def test_today_needs_no_banner(client):
    assert see(client, "/terms/2025/").all("p", role="status") == []
    assert see(client, "/terms/2025/?as_of=2026-11-22").all("p", role="status") == []


@pytest.mark.parametrize("text", ["2023-12-31", "31/12/2023", "31.12.2023"])
def test_the_day_can_be_written_as_people_write_it(client, text):
    assert see(client, f"/terms/2025/?as_of={text}").one("input", name="as_of")["value"] == "31/12/2023"


def test_the_day_goes_along_to_every_page_that_shows_figures(client):
    page = see(client, "/terms/2025/?as_of=2023-12-31")
    places = [link["href"] for link in page.one(id="main").all("a") if link["href"].startswith(("/indicators/", "/sources/"))]
    assert len(places) > 20
    assert [place for place in places if "?as_of=2023-12-31" not in place] == []
    inside = see(client, "/indicators/grdp-growth/?as_of=2023-12-31")
    places = [link["href"] for link in inside.one(id="main").all("a") if "/sources/" in link["href"]]
    assert len(places) > 10
    assert [place for place in places if "?as_of=2023-12-31" not in place] == []


def test_changing_the_day_keeps_the_filter_and_the_filter_keeps_the_day(client):
    page = see(client, "/terms/2025/?as_of=2023-12-31&sector=economy")
    kept = {field["name"]: field["value"] for field in page.one("form", class_="as-of").all("input", type="hidden")}
    assert kept == {"sector": "economy"}
    kept = {field["name"]: field["value"] for field in page.one("form", class_="filters").all("input", type="hidden")}
    assert kept == {"as_of": "2023-12-31"}


def test_a_target_replaced_later_is_the_one_in_force_on_its_day(client):
    assert "draft" not in see(client, "/en/indicators/grdp-growth/").one("section", class_="verdicts").text
    standing = see(client, "/indicators/grdp-growth/?as_of=2025-06-01").one("section", class_="verdicts").text
    assert "bình quân hằng năm từ 10 - 11% dự thảo" in standing


# --- filters and sorting


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=ho+ngheo", [POVERTY]),
        ("q=hộ+nghèo", [POVERTY]),
        ("q=HO+NGHEO", [POVERTY]),
        ("q=ngheo+ho", [POVERTY]),
        ("q=poverty", [POVERTY]),
        ("q=duong", ["Tỷ lệ xã có đường đến trung tâm xã được rải nhựa"]),
        ("q=" + "không có".replace(" ", "+"), []),
        ("status=missed", [PER_CAPITA]),
        ("status=danger", [PER_CAPITA]),
        ("status=achieved", [GROWTH]),
        ("scope=annual", ["Số xã đạt chuẩn nông thôn mới tăng thêm"]),
        ("counted=1&sector=society", ["Tỷ lệ xã có đường đến trung tâm xã được rải nhựa", POVERTY]),
        ("agency=construction", ["Tỷ lệ xã có đường đến trung tâm xã được rải nhựa"]),
        ("sector=environment", []),
    ],
)
def test_a_filter_leaves_what_fits(client, query, expected):
    page = see(client, f"/terms/2025/?{query}")
    assert (listed(page) if expected else page.one("p", class_="empty").text[:8]) == (expected or "Không có")


def test_an_annual_plan_steps_aside_for_the_target_of_the_term(client):
    wanted = cells(see(client, "/terms/2025/?scope=annual&show=all"), GROWTH)
    assert wanted["Mục tiêu 2025"] == "từ 7 đến 7,5%"
    assert GROWTH not in listed(see(client, "/terms/2025/?scope=annual"))


def test_a_part_that_fits_keeps_its_parent_and_leaves_the_other_parts_out(client):
    names = listed(see(client, "/terms/2020/?q=ty+trong+dich+vu"))
    assert names == ["Cơ cấu kinh tế", "Tỷ trọng dịch vụ trong GRDP"]


def test_indicators_without_a_target_appear_on_demand(client):
    page = see(client, "/terms/2025/")
    link = next(link for link in page.one("p", class_="quick").all("a") if "không có mục tiêu" in link.text)
    everything = listed(see(client, link["href"].partition("#")[0]))
    assert len(everything) == Indicator.objects.count()
    assert len(listed(page)) < len(everything)


@pytest.mark.parametrize("order", ["name", "-name"])
def test_names_sort_the_vietnamese_way(client, order):
    sector = make_sector(code="alphabet", order=9)
    for name in ("Đường", "Dân số", "Em", "Ăn", "Ân", "An"):
        make_indicator(name_vi=name, sector=sector)
    names = listed(see(client, f"/indicators/?sector=alphabet&sort={order}"))
    expected = ["An", "Ăn", "Ân", "Dân số", "Đường", "Em"]
    assert names == (expected if order == "name" else expected[::-1])


@pytest.mark.parametrize("order", ["name", "-name", "verdict", "-verdict"])
def test_parts_stay_with_their_parent_however_the_rows_are_sorted(client, order):
    page = see(client, f"/terms/2020/?sort={order}")
    families = [[row.one("a").text for row in body.all("th", scope="row")] for body in page.all("tbody", class_="family")]
    by_parent = {family[0]: set(family[1:]) for family in families}
    stored = Indicator.objects.filter(parent__isnull=False, targets__last_year=2020).select_related("parent")
    assert {(part.parent.name, part.name) for part in stored} <= {
        (parent, part) for parent, parts in by_parent.items() for part in parts
    }
    assert sum(map(len, families)) == len(listed(page))


def test_sorting_by_verdict_puts_the_worst_first(client):
    page = see(client, "/terms/2020/?sort=verdict")
    assert [cells(page, name)["Đánh giá"][:11] for name in listed(page)[:1]] == ["✕ Không đạt"]
    header = next(cell for cell in page.all("th", scope="col") if cell.text == "Đánh giá")
    assert header["aria-sort"] == "ascending"


def test_danger_is_one_click_away(client):
    page = see(client, "/terms/2020/")
    link = page.one("p", class_="quick").all("a")[0]
    assert link.text == "Xem chỉ tiêu đáng lo (2)"
    assert listed(see(client, link["href"].partition("#")[0]))[0] == GROWTH


def test_a_filter_is_remembered_by_form_and_downloads(client):
    page = see(client, "/terms/2025/?sector=economy&q=grdp&as_of=2024-01-31&sort=name")
    filters = page.one("form", class_="filters")
    assert filters.one("input", name="q")["value"] == "grdp"
    assert filters.one("option", selected=None, value="economy").text == "Kinh tế"
    for link in page.one("p", class_="exports").all("a"):
        assert link["href"].endswith("?sector=economy&q=grdp&as_of=2024-01-31&term=2025")


def test_the_home_page_downloads_the_term_it_shows(client):
    page = see(client, "/")
    assert page.one("h1").text == "Nhiệm kỳ 2025–2030"
    assert [link["href"] for link in page.one("p", class_="exports").all("a")] == [
        "/reports/targets.csv?term=2030",
        "/reports/figures.csv?term=2030",
        "/reports/progress.csv?term=2030",
    ]


def test_before_its_first_term_has_targets_the_home_page_says_what_to_do(client):
    Target.objects.filter(pk__gt=0).delete()
    assert see(client, "/").one("h1").text == "Chưa có gì ở đây"
    assert see(client, "/en/indicators/").one("h1").text == "Nothing here yet"


@pytest.mark.parametrize(("day", "shown"), [("2019-06-01", "2015–2020"), ("2023-06-01", "2020–2025"), ("2035-01-01", "2025–2030")])
def test_the_home_page_shows_the_present_term_or_the_nearest(client, time_machine, day, shown):
    time_machine.move_to(f"{day}T12:00+07:00")
    assert see(client, "/").one("h1").text == f"Nhiệm kỳ {shown}"


# --- one indicator


def section(page, heading):
    return page.one("section", **{"aria-labelledby": heading})


def test_every_version_of_a_figure_stays_with_its_source_and_quote(client):
    table = section(see(client, "/indicators/grdp-growth/"), "figures-heading").one("table")
    versions = [row for row in rows(table) if row[0] == "năm 2020"]
    assert [(row[1], row[2], row[3]) for row in versions] == [
        ("2,09%", "đã công bố đang có hiệu lực", "13/01/2021"),
        ("2,03%", "ước", "31/12/2020"),
    ]
    assert "GRDP) ước đạt 2,03%" in versions[1][4]
    assert len(rows(table)) == Figure.objects.filter(indicator__code="grdp-growth").count()


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
    assert see(client, address).one("tr", id=anchor).text.startswith("năm 2025 8,06%")


def test_answers_without_a_value_are_shown_as_printed(client):
    indicator = make_indicator(code="answers")
    make_figure(indicator=indicator, year=2021, value=None, qualifier="nil")
    make_figure(indicator=indicator, year=2022, value=None, qualifier="uncollected")
    table = section(see(client, "/indicators/answers/"), "figures-heading").one("table")
    assert [row[:3] for row in rows(table)] == [["năm 2022", "…", "đã công bố"], ["năm 2021", "-", "đã công bố"]]


def test_the_targets_of_three_terms_stand_side_by_side_with_verdict_and_sentence(client):
    standings = see(client, "/indicators/grdp-growth/").one("section", class_="verdicts").all("article")
    assert [one.one("h3").text for one in standings] == ["Kế hoạch năm 2020", "2025", "2030"]
    assert "từ 7 đến 7,5% bình quân 2021–2025 ✓ Đạt tạm tính" in standings[1].text
    assert "7,10%" in standings[1].text
    assert "6,99%" in standings[1].text


def test_published_averages_stand_beside_our_own(client):
    table = section(see(client, "/indicators/grdp-growth/"), "aggregates-heading").one("table")
    first = rows(table)[0]
    assert first[:4] == ["2021–2025", "bình quân · ước", "7,10%", "6,99%"]
    assert "bình quân hằng năm giai đoạn 2021 - 2025 ước đạt 7,1%" in first[4]


def test_our_own_average_of_compound_growth_is_the_compound_one(client):
    indicator = make_indicator(code="compound", kind="rate", path="compound")
    for year, value in ((2021, "100"), (2022, "-50")):
        make_figure(indicator=indicator, year=year, value=value)
    from tests.factories import make_aggregate

    make_aggregate(indicator=indicator, value="0.1")
    table = section(see(client, "/indicators/compound/"), "aggregates-heading").one("table")
    assert rows(table)[0][2:4] == ["0,10%", "0,00%"]


def test_published_comparisons_are_shown_with_what_they_compare_and_their_qualifier(client):
    table = section(see(client, "/indicators/tourist-arrivals/"), "comparisons-heading").one("table")
    assert [row[:3] for row in rows(table)] == [
        ["3 tháng đầu năm 2025", "so với cùng kỳ năm trước, %", "26,2"],
        ["9 tháng năm 2024", "so với kế hoạch, %", "trên 90"],
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
    assert score(see(client, "/terms/2025/")).startswith("2/20")
    assert score(see(client, "/terms/2025/?as_of=2026-02-28")).startswith("1/20")


def test_an_indicator_with_nothing_known_says_so(client):
    make_indicator(code="empty", name_vi="Chưa có gì")
    page = see(client, "/indicators/empty/")
    told = [one.text for one in page.all(class_="empty")]
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
        int(row[0].removeprefix("năm ")): row[1].removesuffix("%")
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


def content(response):
    return b"".join(response.streaming_content if response.streaming else [response.content]).decode()


@pytest.mark.parametrize("hidden", ["entered", "submitted", "returned"], indirect=True)
def test_a_figure_that_is_not_approved_is_shown_nowhere(client, hidden):
    for place in PLACES:
        shown = content(client.get(place))
        assert "77.77" not in shown, place
        assert "77,77" not in shown, place
    listed_sources = rows(see(client, "/sources/").one("table"))
    assert [row[4] for row in listed_sources if row[0].startswith("Báo cáo chưa duyệt")] == ["0"]


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
    (row,) = [row for row in rows(see(client, "/sources/?as_of=2019-12-04").one("table")) if row[0].startswith(name)]
    assert row[4:] == ["0", "0"]


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


def test_a_source_without_anything_says_so(client):
    make_source(code="unused")
    assert see(client, "/sources/unused/").one("p", class_="empty").text == "Chưa có số liệu hay mục tiêu nào dẫn từ nguồn này."


# --- languages


def test_the_same_page_in_the_other_language_is_one_click_away(client):
    page = see(client, "/terms/2025/?sector=economy")
    (link,) = page.all("a", hreflang="en")
    english = see(client, link["href"])
    assert english.one("html")["lang"] == "en"
    assert english.one("a", hreflang="vi")["href"] == "/terms/2025/?sector=economy"


def test_numbers_and_days_are_written_as_the_language_does(client):
    assert cells(see(client, "/terms/2025/"), PER_CAPITA)["Số mới nhất"] == "71,1 2025 · đã công bố"
    english = see(client, "/en/terms/2025/")
    assert cells(english, "GRDP per capita")["Latest figure"] == "71.1 2025 · reported"
    assert cells(see(client, "/en/terms/2020/"), "State budget revenue in the province")["Latest figure"].startswith("5,056.0")
    assert "Latest publication: 16/01/2026" in english.text


@pytest.fixture
def english_only(langson):
    """A term whose every text is English, so that a Vietnamese letter on its pages can only come from the interface."""
    sector = make_sector(code="sector", order=5, name_vi="Sector")
    agency = make_agency(code="agency", name_vi="Agency")
    source = make_source(code="english", title_vi="Report", publisher="Office", issued_on="2026-01-01", number="7/BC")
    term = make_term(code="E", name_vi="Term", first_year=2031, last_year=2035, declared_targets=3, congress_vi="Congress")
    parent = make_indicator(code="whole", sector=sector, agency=agency, name_vi="Whole", headline=True, definition_vi="All")
    make_indicator(code="part", sector=sector, name_vi="Part", parent=parent)
    target = make_target(
        indicator=parent, term=term, first_year=2025, last_year=2035, source=source, low="90", as_written_vi="90",
        decided_on="2026-01-01", counted=True,
    )  # fmt: skip
    make_target(indicator=parent, term=term, first_year=2025, last_year=2035, source=source, low="95", status="draft",
                decided_on="2026-01-02")  # fmt: skip
    for year, status in ((2024, "final"), (2025, "estimate")):
        make_figure(indicator=parent, year=year, source=source, status=status, qualifier="about", published_on="2026-02-01")
    make_figure(indicator=parent, year=2026, through_month=6, source=source, published_on="2026-07-01", series_break=True)
    make_comparison(indicator=parent, source=source)
    make_official_result(term=term, source=source, declared_targets=3, met_or_exceeded=1)
    make_official_verdict(target=target, reason="Notice", decided_on="2026-04-01")
    Indicator.objects.exclude(sector=sector)
    return term


VIETNAMESE = set("ăâđêôơưĂÂĐÊÔƠƯạảãáàậẩẫấầặẳẵắằẹẻẽéèệểễếềịỉĩíìọỏõóòộổỗốồợởỡớờụủũúùựửữứừỵỷỹýỳ")
KNOWN = ["Tiếng Việt", "Lạng Sơn"]


@pytest.mark.parametrize(
    "address",
    ["indicators/whole/", "sources/english/", "method/", "reports/", "login/", "terms/1999/", "terms/2025/?as_of=x"],
)
def test_english_pages_have_no_vietnamese_word_of_the_interface(client, english_only, address):
    response = client.get(f"/en/{address}")
    text = content(response)
    for known in KNOWN:
        text = text.replace(known, "")
    assert sorted(VIETNAMESE & set(text)) == []


def test_the_english_overview_has_no_vietnamese_word_of_the_interface(client, english_only):
    page = see(client, "/en/terms/2035/")
    page.one("form", class_="filters").children.clear()  # the names of all agencies and sectors
    text = page.text
    for known in KNOWN:
        text = text.replace(known, "")
    assert sorted(VIETNAMESE & set(text)) == []


# --- frame


ADDRESSES = [
    "",
    "terms/2020/",
    "terms/2025/",
    "terms/2030/?show=all",
    "terms/2025/?q=khongco",
    "terms/2025/?as_of=2023-12-31",
    "indicators/",
    "indicators/?sort=-verdict",
    "indicators/grdp-growth/",
    "indicators/grdp-structure/",
    "sources/",
    "sources/vtc-2026-01/",
    "reports/",
    "method/",
    "login/",
]


@pytest.mark.parametrize("language", ["", "en/"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_well_formed_names_itself_and_its_identifiers_are_unique(client, language, address):
    page = see(client, f"/{language}{address}")
    assert page.one("html")["lang"] == (language.strip("/") or "vi")
    assert len(page.all("h1")) == 1
    title = page.one("title").children[0]
    assert title.endswith("Lạng Sơn targets" if language else "Chỉ tiêu Lạng Sơn")
    identifiers = [node["id"] for node in page.walk() if "id" in node.attributes]
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_link_inside_leads_somewhere(client, address):
    page = see(client, f"/{address}")
    identifiers = {node.attributes.get("id") for node in page.walk()}
    for link in page.all("a"):
        place, _, anchor = link["href"].partition("#")
        if place.startswith("http"):
            continue
        if place:
            assert place.startswith("/"), place
            assert client.get(place).status_code in (200, 302), place
        else:
            assert anchor in identifiers, link["href"]


def test_fictional_data_are_marked_on_every_page(client, settings):
    settings.SAMPLE_DATA = True
    for address in ADDRESSES:
        page = see(client, f"/{address}")
        assert page.one("p", class_="sample").text == "Số liệu minh họa: mọi con số ở đây đều không có thật."
        assert "Lạng Sơn" not in page.one("title").children[0]


def test_scripts_are_loaded_only_where_there_is_a_chart(client):
    scripts = {address: see(client, f"/{address}").all("script", defer=None) for address in ADDRESSES}
    with_scripts = [address for address, found in scripts.items() if any("src" in one.attributes for one in found)]
    assert with_scripts == ["indicators/grdp-growth/", "indicators/grdp-structure/"]


def test_the_policy_allows_this_origin_only_and_nothing_inline(client):
    policy = client.get("/indicators/grdp-growth/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_method_page_tells_the_thresholds_the_code_uses(client, monkeypatch):
    from decimal import Decimal

    from indicators import assessment

    monkeypatch.setattr(assessment, "AT_RISK", Decimal("0.4321"))
    assert "0,4321" in see(client, "/method/").text
    assert "0.4321" in see(client, "/en/method/").text


# --- cost


@pytest.fixture
def sample(request, tmp_path):
    """A database of the given number of invented indicators instead of the real ones."""
    call_command("flush", interactive=False, verbosity=0)


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/terms/2025/", 18),
        ("/indicators/", 13),
        ("/indicators/grdp-growth/", 12),
        ("/sources/", 3),
        ("/sources/resolution-100-2019/", 6),
        ("/reports/", 1),
        ("/method/", 0),
    ],
)
def test_the_queries_of_a_page_are_few(client, address, queries, django_assert_num_queries):
    client.get("/method/")
    with django_assert_num_queries(queries):
        client.get(address)


def test_the_tally_of_the_page_is_that_of_the_method(client):
    term = Target.objects.get(indicator__code="grdp-growth", term__last_year=2025, scope="term").term
    from django.utils import timezone

    counted = tally(term, timezone.localdate())
    assert score(see(client, "/terms/2025/")).startswith(f"{counted.met}/{counted.declared}")


assert reverse
assert read

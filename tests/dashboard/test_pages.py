"""The overview of a term with the real figures: score, cards, table, the day asked for, filters and sorting."""

import pytest

from indicators.models import Indicator, Target
from tests.factories import (
    make_figure,
    make_indicator,
    make_official_result,
    make_official_verdict,
    make_sector,
    make_source,
    make_target,
    make_term,
)
from tests.reading import cells, listed, see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langson", "today", "public")]

GROWTH, PER_CAPITA = "Tốc độ tăng trưởng GRDP", "GRDP bình quân đầu người"
POVERTY = "Tỷ lệ hộ nghèo (chuẩn 2016–2020)"
ROADS = "Tỷ lệ xã có đường đến trung tâm xã được rải nhựa"


# --- score, cards and table


def score(page):
    return page.one("div", class_="tally-score").text


@pytest.mark.parametrize(
    ("year", "told"),
    [
        (2020, "2 có kết luận: 0 đạt và vượt, 2 không đạt 18 chưa đủ số liệu"),
        (2025, "2 có kết luận: 0 đạt và vượt, 2 không đạt (1 xấp xỉ) 2 chưa đủ số liệu 16/20 chưa nhập vào hệ thống"),
        (2030, "Chưa chỉ tiêu nào có kết luận 4 chưa đủ số liệu 30/34 chưa nhập vào hệ thống"),
    ],
)
def test_the_score_says_what_is_known_and_what_is_not(client, year, told):
    assert score(see(client, f"/terms/{year}/")).startswith(told)


def test_a_count_by_the_years_plan_is_not_passed_off_as_that_of_the_congress(client):
    assert "20 trong đó thuộc kế hoạch năm 2020, không phải danh mục của Đại hội" in score(see(client, "/terms/2020/"))
    assert "kế hoạch năm" not in score(see(client, "/terms/2025/"))


def test_a_provisional_verdict_in_the_score_is_told(client):
    """Of the average published in November 2025, before the figure of that year came."""
    assert "1 đạt và vượt (1 tạm tính)" in score(see(client, "/terms/2025/?as_of=2025-12-01"))
    assert "tạm tính" not in score(see(client, "/terms/2020/"))


def test_what_was_nearly_achieved_says_so_and_counts_as_missed(client):
    page = see(client, "/terms/2025/")
    assert cards(page)[GROWTH].one("p", class_="card-verdict").text == "✕ Không đạt xấp xỉ đạt, tạm tính"
    assert score(page).startswith("2 có kết luận: 0 đạt và vượt, 2 không đạt (1 xấp xỉ)")
    page = see(client, "/en/terms/2025/")
    assert cards(page)["GRDP growth"].one("p", class_="card-verdict").text == "✕ Missed nearly achieved, provisional"


def test_the_verdicts_are_counted(client):
    counts = [item.text for item in see(client, "/terms/2025/").one("ul", class_="counts").all("li")]
    assert counts == ["2 ✕ Không đạt", "2 ○ Chưa có số liệu"]


def test_the_tally_bar_fills_its_width_in_the_proportions_of_the_counts(client):
    bars = see(client, "/terms/2025/").one("svg", class_="tally-bar").all("rect")
    assert [bar.classes for bar in bars] == [["tone-missed"], ["tone-no_data"], ["tone-unlisted"]]
    assert [(int(bar["x"]), int(bar["width"]) + 3) for bar in bars] == [(0, 100), (100, 100), (200, 800)]


def test_what_the_province_declares_stands_beside_our_count(client):
    assert "18/20" in see(client, "/terms/2020/").one("p", class_="official").text
    assert see(client, "/terms/2030/").all("p", class_="official") == []


def test_a_result_declared_later_is_not_known_earlier(client):
    term = make_term(code="IX", first_year=1996, last_year=2000)
    make_target(term=term, first_year=1996, last_year=2000, decided_on="1996-01-01")
    make_official_result(term=term, source=make_source(code="later", issued_on="2001-03-01"), met_or_exceeded=17)
    assert "17/20" in see(client, "/terms/2000/?as_of=2001-03-01").text
    assert "17/20" not in see(client, "/terms/2000/?as_of=2001-02-28").text


def test_an_official_verdict_counts_from_its_day_on(client):
    target = Target.objects.get(indicator__code="grdp-per-capita", term__last_year=2025)
    make_official_verdict(target=target, decided_on="2026-03-01")
    assert score(see(client, "/terms/2025/")).startswith("2 có kết luận: 1 đạt và vượt")
    assert score(see(client, "/terms/2025/?as_of=2026-02-28")).startswith("2 có kết luận: 0 đạt và vượt")


def cards(page):
    return {card.one("h2").text: card for card in page.one("section", class_="cards").all("article")}


def test_the_headline_indicators_have_a_card_while_there_is_a_target_or_a_figure_of_three_years(client):
    """The poverty rate of 2016–2020 has no figure since 2017, admissions none since 2019: shown where there is a target."""
    admitted, total = "Số đảng viên kết nạp mới", "Tổng số đảng viên toàn Đảng bộ tỉnh"
    headline = Indicator.objects.filter(headline=True).values_list("name_vi", flat=True)
    assert set(headline) == {GROWTH, PER_CAPITA, POVERTY, admitted, total}
    shown = {year: list(cards(see(client, f"/terms/{year}/"))) for year in (2020, 2025, 2030)}
    assert shown == {
        2020: [GROWTH, PER_CAPITA, admitted, total],
        2025: [GROWTH, PER_CAPITA, POVERTY, total],
        2030: [GROWTH, PER_CAPITA, total],
    }


def test_the_card_of_a_series_that_went_on_points_to_the_one_that_lives(client):
    shown = cards(see(client, "/terms/2025/"))
    assert shown[POVERTY].one("p", class_="goes-on").one("a")["href"] == "/indicators/poverty-rate-2022-standard/"
    assert shown[GROWTH].all("p", class_="goes-on") == []


def test_a_card_has_verdict_value_period_target_and_sentence(client):
    card = cards(see(client, "/terms/2025/"))[PER_CAPITA]
    assert card.one("p", class_="card-verdict").text == "✕ Không đạt tạm tính"
    assert card.one("p", class_="figure").text == "71,1 triệu đồng/người/năm năm 2025"
    assert card.one("p", class_="target").text == "Mục tiêu 2025: từ 76 đến 78 triệu đồng/người/năm"
    assert "71,1" in card.one("p", class_="say").text
    assert card.one("svg", class_="bullet")["aria-label"].startswith("71,1 triệu đồng/người/năm / từ 76 đến 78")


def test_a_card_without_target_or_figure_says_so(client):
    by_year = {year: cards(see(client, f"/terms/{year}/")) for year in (2020, 2030)}
    total = by_year[2020]["Tổng số đảng viên toàn Đảng bộ tỉnh"]
    assert total.one("p", class_="say").text == "Chưa tìm thấy mục tiêu cho 2020."
    assert by_year[2030][GROWTH].one("p", class_="figure").text == "8,06 % năm 2025"


def test_the_period_of_a_card_is_that_of_its_value_and_not_that_of_the_target(client):
    indicator = make_indicator(headline=True, name_vi="Độ che phủ", kind="level", decimals=1)
    make_target(indicator=indicator, first_year=2026, last_year=2030, low="80", term=term_2030())
    make_figure(indicator=indicator, year=2025, value="60", published_on="2026-01-10")
    make_figure(
        indicator=indicator, year=2026, through_month=9, value="63.5", published_on="2026-10-10", qualifier="over"
    )
    figure = cards(see(client, "/terms/2030/"))["Độ che phủ"].one("p", class_="figure").text
    assert figure == "trên 63,5 % cuối tháng 9/2026"


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
        (2020, "2,09 2020 · đã công bố", "✕ Không đạt thiếu 6,41 điểm % Thống kê tỉnh Lạng Sơn"),
        (2025, "8,06 2025 · đã công bố", "✕ Không đạt xấp xỉ đạt, tạm tính thiếu 0,01 điểm % Thống kê tỉnh Lạng Sơn"),
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
    assert page.one("p", role="status").text.startswith("Số liệu tính đến ngày 31/12/2023")
    figure = cards(page)[GROWTH].one("p", class_="figure").text
    assert figure == "6,95 % bình quân 2021–2022"
    assert "Công bố mới nhất: 31/12/2023" in page.text


def test_back_to_today_and_another_day_keep_the_filter_but_not_the_page(client):
    day = see(client, "/terms/2025/?as_of=2023-12-31&q=ngheo&sort=name&sort=unit&page=1").one(class_="day-shown")
    form = day.one("form", class_="as-of")
    assert day.one("a")["href"] == "/terms/2025/?q=ngheo&sort=name&sort=unit"
    kept = [(field["name"], field["value"]) for field in form.all("input", type="hidden")]
    assert kept == [("q", "ngheo"), ("sort", "name"), ("sort", "unit")]


def test_today_needs_no_banner(client):
    assert see(client, "/terms/2025/").all("p", role="status") == []
    assert see(client, "/terms/2025/?as_of=2026-11-22").all("p", role="status") == []


@pytest.mark.parametrize("text", ["2023-12-31", "31/12/2023", "31.12.2023"])
def test_the_day_can_be_written_as_people_write_it(client, text):
    assert (
        see(client, f"/terms/2025/?as_of={text}").one("input", name="as_of", inputmode="numeric")["value"]
        == "31/12/2023"
    )


def test_the_day_goes_along_to_every_page_that_shows_figures(client):
    page = see(client, "/terms/2025/?as_of=2023-12-31")
    places = [
        link["href"] for link in page.one(id="main").all("a") if link["href"].startswith(("/indicators/", "/sources/"))
    ]
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

# A line that fits keeps its parts where none of them fits by itself.
PARTS_OF_GROWTH = [
    "Tăng trưởng GRDP: nông, lâm nghiệp và thủy sản",
    "Tăng trưởng GRDP: công nghiệp – xây dựng",
    "Tăng trưởng GRDP: dịch vụ",
    "Tăng trưởng GRDP: thuế sản phẩm trừ trợ cấp sản phẩm",
]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=ho+ngheo", [POVERTY]),
        ("q=hộ+nghèo", [POVERTY]),
        ("q=HO+NGHEO", [POVERTY]),
        ("q=ngheo+ho", [POVERTY]),
        ("q=poverty", [POVERTY]),
        ("q=DUONG", [ROADS]),
        ("q=duong+ngheo", []),
        ("status=missed", [GROWTH, *PARTS_OF_GROWTH, PER_CAPITA]),
        ("status=danger", [GROWTH, *PARTS_OF_GROWTH, PER_CAPITA]),
        ("status=no_data&counted=1", [ROADS, POVERTY]),
        ("scope=annual&sector=society", ["Số xã đạt chuẩn nông thôn mới tăng thêm"]),
        ("counted=1&sector=society", [ROADS, POVERTY]),
        ("agency=construction", [ROADS]),
        ("sector=environment", []),
    ],
)
def test_a_filter_leaves_what_fits(client, query, expected):
    page = see(client, f"/terms/2025/?{query}")
    if expected:
        assert listed(page) == expected
    else:
        assert page.one("p", class_="empty").text == "Không có chỉ tiêu nào khớp với bộ lọc. Xem tất cả"


def test_the_plan_of_the_year_steps_aside_for_the_target_of_the_term_unless_it_is_asked_for(client):
    targets = {
        scope: cells(see(client, f"/terms/2025/?scope={scope}"), GROWTH)["Mục tiêu 2025"] for scope in ("", "annual")
    }
    assert targets == {"": "từ 7 đến 7,5%", "annual": "từ 8% trở lên"}


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
    families = [
        [row.one("a").text for row in body.all("th", scope="row")] for body in page.all("tbody", class_="family")
    ]
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
    assert link.text == "Chỉ tiêu cần quan tâm (5)"
    assert listed(see(client, link["href"].partition("#")[0]))[0] == GROWTH


def test_a_filter_is_remembered_by_form_and_downloads(client):
    page = see(client, "/terms/2025/?sector=economy&q=grdp&as_of=2024-01-31&sort=name")
    filters = page.one("form", class_="filters")
    assert filters.one("input", name="q")["value"] == "grdp"
    assert filters.one("option", selected=None, value="economy").text == "Kinh tế"
    for link in page.one("p", class_="exports").all("a"):
        assert link["href"].endswith("?sector=economy&q=grdp&as_of=2024-01-31&term=2025")


def test_before_its_first_term_has_targets_the_home_page_says_what_to_do(client):
    Target.objects.filter(pk__gt=0).delete()
    assert see(client, "/").one("h1").text == "Chưa có gì ở đây"
    assert see(client, "/en/indicators/").one("h1").text == "Nothing here yet"


# --- terms and plans


def test_a_card_has_the_terms_own_target_first_and_the_years_plan_after_it(client):
    card = cards(see(client, "/terms/2025/"))[GROWTH]
    assert card.one("p", class_="card-verdict").text.startswith("✕ Không đạt")
    assert card.one("p", class_="plan").text == "Kế hoạch năm 2025: từ 8% trở lên ▲ Vượt"


@pytest.mark.parametrize(("year", "plan"), [(2020, 2020), (2030, 2026)])
def test_the_plans_open_at_this_year_or_the_last_of_the_term(client, year, plan):
    links = [link["href"] for link in see(client, f"/terms/{year}/").one("p", class_="views").all("a")]
    assert f"/years/{plan}/" in links


def test_a_term_without_targets_is_not_public(client):
    make_term(code="t2035", first_year=2031, last_year=2035)
    assert client.get("/terms/2035/").status_code == 404
    assert "2035" not in see(client, "/terms/2030/").one("nav", class_="term-switch").text

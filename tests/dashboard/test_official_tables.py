"""The official tables as data: numbering, cells, marks and notes. What they hold is what pages and CSV hold."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from indicators.dashboard.official_tables import NumberCell, RowKind, review_table, year_tables
from indicators.dashboard.official_tables.layout import roman
from indicators.dashboard.report_selection import ReportSelection
from indicators.models import Term
from indicators.queries.term_overview import Filter
from tests.factories import (
    make_agency,
    make_aggregate,
    make_figure,
    make_indicator,
    make_official_verdict,
    make_sector,
    make_source,
    make_target,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langson", "today")]

TODAY = date(2026, 11, 22)


def review(last_year=2025, as_of=TODAY, **wanted):
    return review_table(ReportSelection(as_of, Term.objects.get(last_year=last_year), Filter(**wanted)))


def year_table(year, place, as_of=TODAY, **wanted):
    """The plan (0) or the result (1) of a year."""
    return year_tables(ReportSelection(as_of, None, Filter(**wanted)), year)[place]


def shown(table):
    """Each row as what a reader sees, by heading."""
    headings = [column.heading for column in table.columns]
    return [
        dict(zip(headings, ("" if cell is None else str(cell) for cell in row.cells), strict=True))
        for row in table.rows
    ]


def line(table, name):
    """The row of the indicator called `name`."""
    (row,) = [row for row in shown(table) if row["Chỉ tiêu"] == name]
    return row


# --- shape


def test_the_three_tables_have_the_columns_that_offices_print():
    assert [column.heading for column in review().columns] == [
        *("TT", "Chỉ tiêu", "Đơn vị", "Mục tiêu Nghị quyết", "Năm gốc 2020", "2021", "2022", "2023", "2024"),
        *(
            "Ước thực hiện năm 2025",
            "Bình quân/Tổng",
            "So với mục tiêu",
            "Đánh giá",
            "Cơ quan chủ trì theo dõi",
            "Ghi chú",
        ),
    ]
    assert [column.heading for column in year_table(2020, 0).columns] == [
        *("TT", "Chỉ tiêu", "Đơn vị", "Kế hoạch năm 2020", "Cơ quan chủ trì theo dõi, đánh giá", "Ghi chú"),
    ]
    assert [column.heading for column in year_table(2020, 1).columns] == [
        *("TT", "Chỉ tiêu", "Đơn vị", "Thực hiện năm 2019", "Kế hoạch năm 2020", "Ước thực hiện năm 2020"),
        *("So với năm trước", "So với kế hoạch", "Đánh giá", "Ghi chú"),
    ]


def test_groups_are_numbered_in_roman_indicators_through_and_parts_are_dashes():
    rows = year_table(2020, 0).rows
    groups = [row.cells[:2] for row in rows if row.kind == RowKind.GROUP]
    assert groups == [
        ("I", "Kinh tế"), ("II", "Xã hội"), ("III", "Môi trường"), ("IV", "Xây dựng Đảng và hệ thống chính trị"),
    ]  # fmt: skip
    numbers = [row.cells[0] for row in rows if row.kind == RowKind.INDICATOR]
    assert numbers == list(range(1, len(numbers) + 1))
    place = next(
        place for place, row in enumerate(rows) if row.cells[1] == "Mức giảm tai nạn giao thông (cả 3 tiêu chí)"
    )
    assert [(row.kind, row.cells[0]) for row in rows[place : place + 5]] == [
        *((RowKind.INDICATOR, rows[place].cells[0]), (RowKind.WHICH, None)),
        *((RowKind.PART, "-"), (RowKind.PART, "-"), (RowKind.PART, "-")),
    ]
    assert rows[place + 1].cells[1] == "Trong đó:"


@pytest.mark.parametrize(("number", "text"), [(1, "I"), (4, "IV"), (8, "VIII"), (9, "IX"), (14, "XIV"), (40, "XXXX")])
def test_roman_numerals(number, text):
    assert roman(number) == text


def test_a_table_in_english_has_no_vietnamese_heading():
    with translation.override("en"):
        table = review()
        known_on = table.known_on
    assert [column.heading for column in table.columns][:5] == [
        "No.", "Indicator", "Unit", "Target of the resolution", "Base year 2020",
    ]  # fmt: skip
    assert table.title == "Results of the targets of the term 2020–2025"
    assert known_on == "As known on 22/11/2026"


# --- cells


def test_the_review_of_the_real_term():
    growth = line(review(), "Tốc độ tăng trưởng GRDP")
    assert (growth["Mục tiêu Nghị quyết"], growth["Năm gốc 2020"], growth["2021"]) == ("từ 7 đến 7,5%", "2,09", "6,67")
    assert (growth["2024"], growth["Bình quân/Tổng"], growth["So với mục tiêu"]) == ("6,01*", "6,99*", "-0,01 điểm %")
    assert growth["Đánh giá"] == "Không đạt (xấp xỉ đạt, tạm tính)"
    capita = line(review(), "GRDP bình quân đầu người")
    assert (capita["Ước thực hiện năm 2025"], capita["So với mục tiêu"], capita["Đánh giá"]) == (
        "71,1*",
        "93,6%",
        "Không đạt (tạm tính)",
    )
    poverty = line(review(), "Tỷ lệ hộ nghèo (chuẩn 2016–2020)")
    assert (poverty["Mục tiêu Nghị quyết"], poverty["So với mục tiêu"], poverty["Đánh giá"]) == (
        "dưới 3%", "", "Chưa có số liệu",
    )  # fmt: skip


def test_trailing_zeros_follow_the_indicator_and_nothing_is_rounded_onto_its_target():
    target = make_target(indicator=make_indicator(name_vi="A", decimals=1), first_year=2021, low="82")
    make_figure(indicator=target.indicator, year=2025, value="82.04", published_on="2026-01-01")
    make_figure(indicator=target.indicator, year=2024, value="82", published_on="2025-01-01")
    cells = next(row.cells for row in review().rows if row.cells[1] == "A")
    assert [str(cell) for cell in cells if isinstance(cell, NumberCell)][:2] == ["82,0", "82,04"]
    assert Decimal("82.04") in [cell.value for cell in cells if isinstance(cell, NumberCell)]


def test_a_value_is_shown_with_its_qualifier_and_stays_a_number():
    target = make_target(indicator=make_indicator(name_vi="A", unit_vi="đảng viên"), low="2000")
    make_figure(indicator=target.indicator, year=2025, value="2100", qualifier="over", published_on="2026-01-01")
    cells = next(row.cells for row in review().rows if row.cells[1] == "A")
    number = cells[9]
    assert (str(number), number.value, number.before) == ("trên 2.100", Decimal(2100), "trên ")


def test_nothing_known_is_an_empty_cell_and_never_zero():
    make_target(indicator=make_indicator(name_vi="A"))
    row = line(review(), "A")
    assert [row[str(year)] for year in range(2021, 2025)] == ["", "", "", ""]
    assert (row["So với mục tiêu"], row["Đánh giá"]) == ("", "Chưa có số liệu")


def test_part_of_a_year_and_a_break_are_marked_and_explained():
    target = make_target(indicator=make_indicator(name_vi="A", kind="flow"), basis="total", low="50")
    make_figure(indicator=target.indicator, year=2021, through_month=9, value="7", status="estimate")
    make_figure(indicator=target.indicator, year=2022, value="8", series_break=True, published_on="2023-01-01")
    table = review()
    row = line(table, "A")
    assert (row["2021"], row["2022"]) == ("7 (9T)*", "8†")
    assert table.notes[1:4] == (
        "(9T): số 9 tháng đầu năm; với chỉ tiêu thời điểm là số cuối tháng 9.",
        "*: ước, sơ bộ, hoặc công bố khi chưa hết kỳ.",
        "†: không so sánh được với các năm trước do thay đổi cách tính hoặc phạm vi.",
    )


def test_another_base_year_stands_with_its_figure():
    target = make_target(indicator=make_indicator(name_vi="A"), baseline_year=2019)
    make_figure(indicator=target.indicator, year=2019, value="5", published_on="2020-01-01")
    assert line(review(), "A")["Năm gốc 2020"] == "5 (2019)"


@pytest.mark.parametrize(
    ("unit", "kind", "better", "bounds", "value", "text"),
    [
        ("tỷ đồng", "level", "higher", {"low": "100"}, "92.8", "92,8%"),
        ("tỷ đồng", "level", "higher", {"low": "100"}, "99.96", "99,96%"),
        ("%", "level", "higher", {"low": "7"}, "6.5", "-0,5 điểm %"),
        ("%", "level", "higher", {"low": "7"}, "7", "không đổi"),
        ("hạng", "rank", "lower", {"bound": "at_most", "high": "10"}, "12", "xuống 2 bậc"),
        ("%", "level", "band", {"bound": "between", "low": "19", "high": "20"}, "19.5", "trong khoảng"),
        ("%", "level", "band", {"bound": "between", "low": "19", "high": "20"}, "21.5", "+1,5 điểm %"),
        ("người", "level", "lower", {"bound": "less_than", "high": "200"}, "150", "75,0%"),
    ],
)
def test_a_result_against_its_target_is_percent_of_an_amount_else_points_or_places(
    unit, kind, better, bounds, value, text
):
    indicator = make_indicator(name_vi="A", unit_vi=unit, kind=kind, better=better, decimals=0 if kind == "rank" else 1)
    make_target(indicator=indicator, **bounds)
    make_figure(indicator=indicator, year=2025, value=value, published_on="2026-01-01")
    assert line(review(), "A")["So với mục tiêu"] == text


def test_a_year_against_the_year_before():
    indicator = make_indicator(name_vi="A", unit_vi="tỷ đồng", kind="flow")
    make_target(indicator=indicator, scope="annual", first_year=2025, last_year=2025, low="100")
    make_figure(indicator=indicator, year=2024, value="80", published_on="2025-01-01")
    make_figure(indicator=indicator, year=2025, value="100", published_on="2026-01-01")
    row = line(year_table(2025, 1), "A")
    assert (row["Thực hiện năm 2024"], row["Thực hiện năm 2025"]) == ("80", "100")
    assert (row["So với năm trước"], row["So với kế hoạch"], row["Đánh giá"]) == ("+25,0%", "100,0%", "Đạt")


def test_years_that_do_not_compare_are_not_compared():
    indicator = make_indicator(name_vi="A", unit_vi="xã")
    make_target(indicator=indicator, scope="annual", first_year=2025, last_year=2025, low="60")
    make_figure(indicator=indicator, year=2024, value="200", published_on="2025-01-01")
    make_figure(indicator=indicator, year=2025, value="65", series_break=True, published_on="2026-01-01")
    assert line(year_table(2025, 1), "A")["So với năm trước"] == ""


def test_an_official_verdict_comes_first_with_the_computed_one_beside_it():
    target = make_target(indicator=make_indicator(name_vi="A"), low="7")
    make_figure(indicator=target.indicator, year=2025, value="6", published_on="2026-01-01")
    make_official_verdict(target=target, verdict="achieved")
    assert line(review(), "A")["Đánh giá"] == "Đạt (chính thức kết luận; tính toán: Không đạt)"


def test_a_plan_of_one_year_among_the_targets_of_a_term_says_so_and_a_draft_too():
    make_target(indicator=make_indicator(name_vi="A"), scope="annual", first_year=2025, as_written_vi="từ 7")
    make_target(indicator=make_indicator(name_vi="B", order=2), status="draft", as_written_vi="từ 8")
    table = review()
    assert line(table, "A")["Ghi chú"] == "(KH) [1]"
    assert "(KH): Kế hoạch năm 2025." in table.notes
    assert line(table, "B")["Mục tiêu Nghị quyết"] == "từ 8 (dự thảo)"


def test_an_average_on_the_way_says_what_it_covers():
    indicator = make_indicator(name_vi="A", kind="rate")
    make_target(indicator=indicator, basis="average", low="7")
    for year in (2021, 2022):
        make_figure(indicator=indicator, year=year, value="6", published_on=f"{year + 1}-01-10")
    row = line(review(as_of=date(2023, 6, 1)), "A")
    assert (row["Bình quân/Tổng"], row["Ghi chú"]) == ("6", "bình quân 2021–2022 [1]")


def test_a_published_average_keeps_its_own_digits():
    indicator = make_indicator(name_vi="A", kind="rate", decimals=2)
    make_target(indicator=indicator, basis="average", low="7")
    make_aggregate(indicator=indicator, first_year=2021, last_year=2025, value="7.1", published_on="2026-01-10")
    assert line(review(), "A")["Bình quân/Tổng"] == "7,1"


# --- notes


def test_each_source_has_one_number_and_stands_under_the_table():
    plan = make_source(
        code="plan", title_vi="Nghị quyết", number="01-NQ/TU", publisher="Tỉnh ủy", issued_on="2020-09-27"
    )
    indicator = make_indicator(name_vi="A")
    make_target(indicator=indicator, source=plan)
    make_figure(indicator=indicator, year=2022, published_on="2023-01-10")
    make_figure(indicator=indicator, year=2023, published_on="2024-01-10")
    table = review(q=indicator.code)
    assert line(table, "A")["Ghi chú"] == "[1] [2]"
    assert table.notes[-2:] == ("[1] Nghị quyết, 01-NQ/TU, Tỉnh ủy, 27/09/2020", "[2] Báo cáo")


def test_the_review_begins_its_notes_with_the_count():
    assert (
        review()
        .notes[0]
        .startswith("Nhiệm kỳ 2020–2025: 4/20 chỉ tiêu đã nhập, 2 có kết quả cuối cùng: 0 đạt và vượt, 2 không đạt;")
    )


# --- day and filter


def test_a_past_day_shows_what_was_known():
    growth = line(review(as_of=date(2023, 12, 31)), "Tốc độ tăng trưởng GRDP")
    assert (growth["2023"], growth["2024"], growth["Ước thực hiện năm 2025"]) == ("5,32 (6T)*", "", "")


def test_a_filter_leaves_a_part_and_says_so():
    table = review(sector="society")
    assert {row.cells[1] for row in table.rows if row.kind == RowKind.GROUP} == {"Xã hội"}
    assert table.narrowed_to == "Chỉ một phần: Xã hội"
    assert not table.notes[0].startswith("Nhiệm kỳ")
    assert review(status="missed", q="grdp").narrowed_to == "Chỉ một phần: Không đạt; “grdp”"
    assert review(scope="annual").narrowed_to == "Chỉ một phần: kế hoạch năm"
    assert review().narrowed_to == ""


def test_a_part_with_a_plan_stands_under_its_parent_without_one():
    parent = make_indicator(name_vi="Cả", sector=make_sector(code="s", order=9, name_vi="Lĩnh vực"))
    part = make_indicator(
        name_vi="Phần", parent=parent, sector=parent.sector, agency=make_agency(code="a", name_vi="Sở A")
    )
    make_target(indicator=part, scope="annual", first_year=2025, as_written_vi="từ 7%")
    rows = [(row.kind, row.cells[1]) for row in year_table(2025, 0, sector="s").rows]
    assert rows == [
        *((RowKind.GROUP, "Lĩnh vực"), (RowKind.INDICATOR, "Cả"), (RowKind.WHICH, "Trong đó:"), (RowKind.PART, "Phần")),
    ]
    assert line(year_table(2025, 0), "Cả")["Kế hoạch năm 2025"] == ""
    assert line(year_table(2025, 0), "Phần")["Cơ quan chủ trì theo dõi, đánh giá"] == "Sở A"


def test_a_column_is_wide_enough_for_its_longest_number():
    target = make_target(indicator=make_indicator(name_vi="A", decimals=1), baseline_year=2019)
    make_figure(indicator=target.indicator, year=2019, value="12345.5", qualifier="about", published_on="2020-01-01")
    table = review()
    assert line(table, "A")["Năm gốc 2020"] == "khoảng 12.345,5 (2019)"
    assert table.columns[4].width >= len("khoảng 12.345,5 (2019)")

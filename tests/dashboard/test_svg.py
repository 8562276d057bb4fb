"""The small pictures and pieces of HTML: what they draw, that they tell it in words too, and that names are only text."""

import re

import pytest
from django.utils.translation import override

from indicators.assessment import Status, aggregates_in_force, figures_in_force, judge
from indicators.dashboard.components import chip, latest_cell, name_cell, status_chip, target_cell
from indicators.dashboard.svg import WIDTH, bullet_svg, course_svg, spark_svg
from indicators.queries.progress import NOTHING_IN_FORCE, ProgressRow, VersionsInForce, target_fact
from indicators.queries.term_comparison import Course
from indicators.queries.term_overview import OverviewLine
from tests.dashboard.test_charts import TODAY
from tests.factories import figure_fact, new_indicator, new_official_verdict, new_source, new_target, new_term
from tests.reading import Reader


def read(html):
    reader = Reader()
    reader.feed(str(html))
    assert reader.open == [reader.root]
    return reader.root


def line(*figures, target=None, parts=(), **indicator):
    """A line of the overview of 2025; `target` are the fields of its target, None for no target."""
    about = new_indicator(sector=None, **{"code": "cover", "name_vi": "Độ che phủ", "decimals": 1} | indicator)
    known = (
        VersionsInForce(figures_in_force(figures, TODAY), aggregates_in_force([], TODAY))
        if figures
        else NOTHING_IN_FORCE
    )
    if target is None:
        return OverviewLine(about, {}, None, known, 2025, None, parts)
    wanted = new_target(indicator=about, term=None, source=new_source(code="plan"), **target)
    row = ProgressRow(wanted, judge(target_fact(wanted), figures, [], TODAY), None, known)
    return OverviewLine(about, {2025: wanted}, row, known, 2025, None, parts)


AT_LEAST_30 = {"bound": "at_least", "low": "30"}


# --- bullet bar


def test_a_bullet_has_its_words():
    picture = read(bullet_svg(line(figure_fact(2025, "24"), target=AT_LEAST_30))).one("svg")
    assert (picture["role"], picture["aria-label"]) == ("img", "24,0% / ≥ 30%")
    assert picture.classes == ["bullet", "tone-missed"]


def test_a_bar_is_as_long_as_its_value_and_the_goal_stands_at_the_target():
    picture = read(bullet_svg(line(figure_fact(2025, "24"), target=AT_LEAST_30)))
    value, goal = picture.one("rect", class_="value"), picture.one("rect", class_="goal")
    assert float(value["width"]) / float(goal["x"]) == pytest.approx(24 / 30, abs=0.01)
    assert float(goal["x"]) < WIDTH


@pytest.mark.parametrize(
    ("target", "start", "end"),
    [
        ({"bound": "between", "low": "20", "high": "40"}, 20, 40),
        ({"bound": "at_most", "high": "40"}, 0, 40),
    ],
)
def test_a_range_is_a_stretch_and_a_ceiling_the_stretch_below_it(target, start, end):
    better = "lower" if target["bound"] == "at_most" else "higher"
    goal = read(bullet_svg(line(figure_fact(2025, "24"), target=target, better=better))).one("rect", class_="goal")
    scale = WIDTH / (40 * 1.15)
    assert float(goal["x"]) == pytest.approx(start * scale, abs=0.1)
    assert float(goal["x"]) + float(goal["width"]) == pytest.approx(end * scale, abs=0.1)


def test_without_a_measured_value_the_latest_figure_is_drawn_quietly():
    picture = read(bullet_svg(line(figure_fact(2019, "24"), target=AT_LEAST_30))).one("svg")
    assert picture.classes == ["bullet", "tone-no_data"]
    assert picture["aria-label"] == "24,0% / ≥ 30%"


def test_a_target_alone_is_drawn_without_a_bar():
    picture = read(bullet_svg(line(target=AT_LEAST_30)))
    assert picture.all("rect", class_="value") == []
    assert picture.one("svg")["aria-label"] == "≥ 30%"


@pytest.mark.parametrize(
    "without",
    [
        line(figure_fact(2025, "24")),
        line(figure_fact(2025, "24"), target={"bound": "at_most", "high": "30"}, kind="rank", better="lower"),
        line(figure_fact(2025, "-1"), target=AT_LEAST_30),
        line(figure_fact(2025, "0"), target={"bound": "at_most", "high": "0"}, better="lower"),
        line(target={"bound": "parts"}),
    ],
    ids=["no target", "rank", "negative", "nothing but zero", "by parts"],
)
def test_where_a_bar_from_zero_says_nothing_there_is_none(without):
    assert bullet_svg(without) is None


# --- spark line


def test_a_spark_tells_its_years_in_words():
    picture = read(spark_svg(line(figure_fact(2024, "6.5"), figure_fact(2025, "7")))).one("svg")
    assert (picture["role"], picture["aria-label"]) == ("img", "2024: 6,5; 2025: 7,0")


def lines(picture):
    """The points of every line of a picture."""
    found = read(picture).all("polyline")
    return [[tuple(map(float, point.split(","))) for point in line["points"].split()] for line in found]


def points(picture):
    (only,) = lines(picture)
    return only


def test_a_spark_rises_with_the_values_and_keeps_the_distance_of_years():
    years = [(2020, "1"), (2021, "2"), (2024, "1.5"), (2025, "1.5")]
    ((x0, y0), (x1, y1)), ((x2, y2), _last) = lines(spark_svg(line(*(figure_fact(*year) for year in years))))
    assert y1 < y2 < y0
    assert (x1 - x0) * 3 == pytest.approx(x2 - x1, abs=0.5)


def test_a_spark_joins_no_years_across_a_gap_or_a_series_break():
    years = [figure_fact(2017, "1"), *(figure_fact(year, "2") for year in (2019, 2020, 2021, 2022))]
    years[3] = years[3]._replace(series_break=True)
    picture = spark_svg(line(*years))
    assert [len(line) for line in lines(picture)] == [2, 2]
    assert len(read(picture).all("circle", class_="alone")) == 1


def test_a_spark_ends_in_a_dot_at_the_last_year():
    picture = spark_svg(line(figure_fact(2024, "6.5"), figure_fact(2025, "7")))
    (dot,) = read(picture).all("circle")
    assert (float(dot["cx"]), float(dot["cy"])) == points(picture)[-1]


def test_a_spark_shows_the_last_ten_whole_years_up_to_the_target():
    figures = [figure_fact(year, str(year - 2000)) for year in range(2010, 2027)] + [figure_fact(2025, "99", 6)]
    picture = spark_svg(line(*figures))
    assert len(points(picture)) == 10
    assert read(picture).one("svg")["aria-label"].startswith("2016: 16,0; ")
    assert read(picture).one("svg")["aria-label"].endswith("; 2025: 25,0")


def test_a_flat_line_stays_inside_its_picture():
    assert all(0 <= y <= 24 for _x, y in points(spark_svg(line(figure_fact(2024, "7"), figure_fact(2025, "7")))))


def test_one_year_is_no_line():
    assert spark_svg(line(figure_fact(2025, "7"))) is None


def test_the_goal_is_behind_the_line_unless_it_is_a_total():
    years = figure_fact(2023, "6"), figure_fact(2024, "7")
    with_goal = read(spark_svg(line(*years, target={"bound": "between", "low": "6", "high": "8"})))
    assert float(with_goal.one("rect", class_="goal")["height"]) == 16
    total = {"bound": "at_least", "low": "50", "basis": "total"}
    assert read(spark_svg(line(*years, target=total, kind="flow"))).all("rect", class_="goal") == []


# --- chips


@pytest.mark.parametrize("status", list(Status))
def test_a_chip_is_a_sign_a_word_and_a_tone(status):
    mark = read(status_chip(status)).one("span", class_="chip")
    assert f"tone-{status}" in mark.classes
    sign = mark.one("span")
    assert sign["aria-hidden"] == "true"
    assert len(sign.text) == 1
    assert mark.text.removeprefix(sign.text).strip()


def test_the_marks_of_a_verdict_are_told():
    row = line(figure_fact(2025, "30", status="estimate", qualifier="about"), target=AT_LEAST_30).row
    assert read(chip(row)).text.endswith("tạm tính, gần đúng")


def test_an_official_verdict_comes_before_the_suggestion():
    row = line(figure_fact(2025, "24"), target=AT_LEAST_30).row
    official = new_official_verdict(target=row.target, verdict="achieved")
    told = ProgressRow(row.target, row.verdict, official, row.versions)
    assert read(chip(told)).text == "✓ Đạt chính thức kết luận tính toán: Không đạt"


# --- cells


def test_a_target_leads_to_its_source_and_a_draft_is_marked():
    one = line(target=AT_LEAST_30 | {"as_written_vi": "từ 30% trở lên", "status": "draft"}).row.target
    cell = read(target_cell(one, "?as_of=2024-01-31"))
    assert cell.text == "từ 30% trở lên dự thảo"
    assert cell.one("a")["href"] == f"/sources/plan/?as_of=2024-01-31#t{one.pk}"


def test_words_too_long_for_a_cell_give_way_to_the_bound():
    long = line(target={"bound": "between", "low": "7", "high": "7.5", "as_written_vi": "tốc độ " * 9}).row.target
    assert read(target_cell(long)).text == "7 – 7,5"
    parts = line(target={"bound": "parts", "as_written_vi": "cơ cấu " * 9}).row.target
    assert read(target_cell(parts)).text == "theo thành phần"


def test_what_is_not_there_is_a_dash():
    assert target_cell(None) == "—"
    assert latest_cell(None, line().indicator) == "—"


def test_a_figure_has_period_and_status_beside_it():
    cell = read(latest_cell(figure_fact(2025, "24", 9, qualifier="over", status="estimate"), line().indicator))
    assert cell.text == "trên 24,0 9 tháng 2025 · ước"
    assert cell.one("a")["href"] == "/indicators/cover/#p2025-9M"


def test_a_name_with_parts_has_a_switch_that_says_what_it_folds():
    cell = read(name_cell(line(parts=(line(), line()))))
    assert cell.one("label").text == "2 thành phần của Độ che phủ"
    assert cell.one("input")["type"] == "checkbox"
    with override("en"):
        assert read(name_cell(line(parts=(line(),), name_en="Cover"))).one("label").text == "1 part of Cover"


EVIL = '<script>alert(1)</script>"><img src=x>'


@pytest.mark.parametrize(
    "piece",
    [
        name_cell(line(name_vi=EVIL, parts=(line(),))),
        target_cell(line(target=AT_LEAST_30 | {"as_written_vi": EVIL[:30]}).row.target),
        bullet_svg(line(figure_fact(2025, "24"), target=AT_LEAST_30 | {"as_written_vi": EVIL})),
        bullet_svg(line(figure_fact(2025, "24"), target=AT_LEAST_30, unit_vi=EVIL)),
    ],
    ids=["name", "target", "words of a bullet", "unit of a bullet"],
)
def test_what_people_typed_is_text_and_never_markup(piece):
    assert not re.search(r"<(script|img)", str(piece))
    assert "&lt;script" in str(piece)


# --- courses


TERMS = [new_term(first_year=first, last_year=first + 4) for first in (2016, 2021, 2026)]


def drawn_course(*figures, targets=(), **fields):
    about = new_indicator(sector=None, **{"decimals": 1} | fields)
    wanted = [new_target(indicator=about, term=None, source=None, **target) for target in targets]
    return read(course_svg(Course(about, figures, tuple(wanted)), TERMS)).one("svg")


def test_a_course_tells_its_years_and_targets_in_words():
    picture = drawn_course(figure_fact(2020, "6"), figure_fact(2025, "7.1"), targets=[AT_LEAST_30])
    assert (picture["role"], picture["aria-label"]) == ("img", "Thực hiện 2020: 6,0; 2025: 7,1. Mục tiêu 2025: ≥ 30%")


def test_years_lie_at_the_same_place_in_every_course():
    short = drawn_course(figure_fact(2020, "6"), figure_fact(2025, "7"))
    long = drawn_course(*(figure_fact(year, str(year)) for year in range(2016, 2026)))
    assert short.all("circle")[-1]["cx"] == long.all("circle")[-1]["cx"]
    assert [text.text for text in short.all("text", **{"text-anchor": "middle"})][:3] == ["2020", "2025", "2030"]


def test_the_target_of_a_year_stands_at_that_year_and_an_average_over_its_years():
    figures = figure_fact(2020, "6"), figure_fact(2025, "7")
    of_a_year = drawn_course(*figures, targets=[AT_LEAST_30 | {"basis": "value", "first_year": 2025}])
    average = drawn_course(*figures, targets=[AT_LEAST_30 | {"basis": "average"}], kind="rate")
    widths = [float(item.one("rect", class_="goal")["width"]) for item in (of_a_year, average)]
    assert widths[1] > 5 * widths[0]


def test_a_course_has_no_line_across_a_gap_and_numbers_at_its_ends():
    picture = drawn_course(figure_fact(2017, "6"), figure_fact(2024, "8"), figure_fact(2025, "7"))
    assert len(picture.all("polyline")) == 1
    assert len(picture.all("circle", class_="alone")) == 1
    assert sorted(text.text for text in picture.all("text", class_="told")) == ["6,0", "7,0"]


def test_a_flat_course_stays_inside_its_picture():
    picture = drawn_course(figure_fact(2020, "7"), figure_fact(2025, "7"))
    assert all(0 < float(dot["cy"]) < 100 for dot in picture.all("circle"))

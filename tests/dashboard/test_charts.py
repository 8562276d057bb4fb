"""The charts as data: what is drawn where, how firm, for which target, and that their words say the same."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import plotly
import pytest
from django.conf import settings
from django.utils.translation import override

from indicators.assessment import aggregates_in_force, figures_in_force, judge
from indicators.dashboard.charts import add_what_if, indicator_chart, shares_chart
from indicators.queries.progress import ProgressRow, VersionsInForce, target_fact
from tests.factories import figure_fact, new_indicator, new_target

TODAY = date(2026, 11, 22)


def level(**fields):
    return new_indicator(sector=None, **{"name_vi": "Độ che phủ", "decimals": 1, "kind": "level"} | fields)


def known(*figures):
    return VersionsInForce(figures_in_force(figures, TODAY), aggregates_in_force([], TODAY))


def row(indicator, figures=(), **fields):
    target = new_target(indicator=indicator, term=None, source=None, **fields)
    return ProgressRow(target, judge(target_fact(target), figures, [], TODAY), None, known(*figures))


def draw(*figures, indicator=None, targets=(), shown=()):
    """The chart of `figures` and of the targets with the given fields; `shown` are the places of those of a term's page."""
    indicator = indicator or level()
    rows = [row(indicator, figures, **fields) for fields in targets]
    return indicator_chart(indicator, known(*figures), rows, [rows[place].target for place in shown])


def traces(chart, name):
    return [trace for trace in chart.data["data"] if trace["name"].startswith(name)]


def trace(chart, name):
    (found,) = traces(chart, name)
    return found


# --- figures


def test_years_are_drawn_with_their_values_and_labels():
    line = trace(draw(figure_fact(2021, "6.5"), figure_fact(2022, "7")), "Thực hiện")
    assert (line["x"], line["y"], line["text"]) == ([2021, 2022], [6.5, 7.0], ["6,5", "7,0"])


@pytest.mark.parametrize(
    ("status", "symbol"),
    [("estimate", "circle-open"), ("preliminary", "circle-open"), ("reported", "circle"), ("final", "circle")],
)
def test_what_is_not_firm_is_hollow(status, symbol):
    line = trace(draw(figure_fact(2021, "6.5", status=status)), "Thực hiện")
    assert line["marker"]["symbol"] == [symbol]


def test_a_qualified_value_keeps_its_word_on_the_chart():
    line = trace(draw(figure_fact(2021, "6.5", qualifier="over")), "Thực hiện")
    assert line["text"] == ["trên 6,5"]
    assert line["hovertext"] == ["năm 2021: trên 6,5%<br>chính thức"]


def test_a_year_without_a_figure_breaks_the_line():
    line = trace(draw(figure_fact(2018, "1"), figure_fact(2020, "2")), "Thực hiện")
    assert line["y"] == [1.0, None, 2.0]


def test_a_series_break_breaks_the_line_and_is_marked():
    chart = draw(figure_fact(2021, "1"), figure_fact(2022, "2", series_break=True))
    assert trace(chart, "Thực hiện")["y"] == [1.0, None, 2.0]
    (note,) = chart.data["layout"]["annotations"]
    assert (note["text"], note["x"]) == ("đổi cách tính", 2021.5)
    assert [shape["x0"] for shape in chart.data["layout"]["shapes"]] == [2021.5]


def test_the_newest_figure_of_a_level_stands_at_its_month_and_says_what_it_is():
    inside = trace(draw(figure_fact(2021, "1"), figure_fact(2022, "2", 3), figure_fact(2022, "3", 6)), "Trong năm")
    assert inside["x"] == [2021.25, 2021.5]
    assert inside["text"] == ["", "3,0<br>6 tháng 2022"]


def test_what_accumulates_inside_a_year_stands_in_the_column_of_its_year():
    inside = trace(draw(figure_fact(2021, "1"), figure_fact(2022, "2", 6), indicator=level(kind="flow")), "Trong năm")
    assert (inside["x"], inside["y"]) == ([2022], [2.0])


@pytest.mark.parametrize(("kind", "visible"), [("level", True), ("flow", "legendonly"), ("rate", "legendonly")])
def test_months_of_years_that_are_known_wait_in_the_legend_unless_they_are_levels(kind, visible):
    older = trace(
        draw(figure_fact(2021, "1", 6), figure_fact(2021, "2"), indicator=level(kind=kind)), "Trong các năm trước"
    )
    assert older["visible"] == visible


# --- targets


def test_a_range_is_a_band_over_its_years():
    chart = draw(
        targets=[{"bound": "between", "low": "7", "high": "7.5", "basis": "average"}], indicator=level(kind="rate")
    )
    band = trace(chart, "Mục tiêu 2025")
    assert band["fill"] == "toself"
    assert (min(band["y"]), max(band["y"])) == (7.0, 7.5)
    assert (min(band["x"]), max(band["x"])) == (2020.65, 2025.35)


def test_the_value_of_a_year_stands_at_that_year():
    step = trace(draw(targets=[{"bound": "at_least", "low": "30"}]), "Mục tiêu 2025")
    assert (step["x"], step["y"]) == ([2024.65, 2025.35], [30.0, 30.0])


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({"bound": "less_than", "high": "3"}, "< 3"),
        ({"bound": "more_than", "low": "30"}, "> 30"),
        ({"bound": "at_least", "low": "30"}, "≥ 30"),
        ({"bound": "about", "low": "48", "high": "48"}, "≈ 48"),
    ],
)
def test_a_single_bound_is_labelled_with_its_sign(fields, label):
    better = "lower" if fields["bound"] == "less_than" else "higher"
    step = trace(draw(targets=[fields], indicator=level(better=better)), "Mục tiêu 2025")
    assert step["text"] == ["", label]


@pytest.mark.parametrize(("status", "dash"), [("draft", "dash"), ("adopted", "solid")])
def test_a_draft_is_dashed_and_named(status, dash):
    step = trace(draw(targets=[{"bound": "at_least", "low": "30", "status": status}]), "Mục tiêu 2025")
    assert step["line"]["dash"] == dash
    assert step["name"].endswith("· dự thảo") == (status == "draft")


def test_a_total_is_drawn_as_its_yearly_share_and_says_so():
    step = trace(
        draw(targets=[{"bound": "at_least", "low": "50", "basis": "total"}], indicator=level(kind="flow")), "Mục"
    )
    assert step["y"] == [10.0, 10.0]
    assert "1/5" in step["name"]
    assert "".join(step["text"]) == ""


def test_plans_of_single_years_share_one_line_of_the_legend():
    plans = [
        {"bound": "at_least", "low": "30", "scope": "annual", "first_year": year, "last_year": year}
        for year in (2021, 2022)
    ]
    chart = draw(targets=plans)
    assert [trace["showlegend"] for trace in traces(chart, "Kế hoạch từng năm")] == [True, False]


def test_the_plan_that_a_page_shows_has_its_own_name_and_label():
    plans = [
        {"bound": "between", "low": "8.5", "high": "9", "scope": "annual", "first_year": year, "last_year": year}
        for year in (2019, 2020)
    ]
    chart = draw(targets=plans, shown=[1])
    assert [record["name"] for record in chart.data["data"]] == ["Kế hoạch từng năm", "Kế hoạch 2020: 8,5 – 9%"]
    quiet, named = chart.data["data"]
    assert (set(quiet["text"]), set(named["text"])) == ({""}, {"", "8,5 – 9"})


def test_a_target_by_parts_draws_nothing():
    assert draw(targets=[{"bound": "parts"}]).data["data"] == []


# --- the way ahead


def test_the_path_that_is_needed_and_where_the_pace_leads_start_at_the_latest_figure():
    figures = [figure_fact(2024, "20"), figure_fact(2025, "22")]
    chart = draw(*figures, targets=[{"bound": "at_least", "low": "30", "first_year": 2025, "last_year": 2029}])
    needed, pace = trace(chart, "Cần đạt từ nay"), trace(chart, "Theo tốc độ hiện nay")
    assert (needed["x"], needed["y"]) == ([2025.0, 2029], [22.0, 30.0])
    assert (pace["x"], pace["y"]) == ([2025.0, 2029], [22.0, 30.0])
    assert (needed["line"]["dash"], pace["line"]["dash"]) == ("dash", "dot")


def test_a_final_verdict_needs_no_way_ahead():
    chart = draw(figure_fact(2025, "31"), targets=[{"bound": "at_least", "low": "30"}])
    assert {record["name"] for record in chart.data["data"]} == {"Mục tiêu 2025: ≥ 30%", "Thực hiện"}


# --- the whole


def test_the_description_tells_every_year_and_every_target():
    chart = draw(figure_fact(2021, "6.5"), figure_fact(2022, "7"), targets=[{"bound": "at_least", "low": "30"}])
    assert chart.title == "Độ che phủ (%)"
    assert "2021: 6,5; 2022: 7,0" in chart.description
    assert "Mục tiêu 2025: ≥ 30%" in chart.description
    assert draw().description == "Chưa có số liệu."


@pytest.mark.parametrize(("language", "separators", "label"), [("vi", ",.", "6,5"), ("en", ".,", "6.5")])
def test_the_chart_writes_numbers_as_its_language_does(language, separators, label):
    with override(language):
        data = draw(figure_fact(2021, "6.5")).data
    assert data["layout"]["separators"] == separators
    assert data["data"][0]["text"] == [label]


def test_every_colour_is_a_token_of_the_style_sheet():
    chart = draw(figure_fact(2021, "6.5"), targets=[{"bound": "between", "low": "7", "high": "7.5"}])
    shares = shares_chart(level(), [(level(), known(figure_fact(2024, "50"))) for _part in range(7)])
    used = set(re.findall(r"var\((--[\w-]+)\)", json.dumps([chart.data, shares.data])))
    style = (settings.BASE_DIR / "static/css/frame.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", style, re.S)
    assert len(blocks) == 3  # light, dark, paper
    assert {"--accent", "--band", "--part-1", "--part-6"} <= used
    for block in blocks:
        assert used <= set(re.findall(r"(--[\w-]+):", block))


def test_the_chart_is_plain_json():
    chart = draw(figure_fact(2021, "6.5"), targets=[{"bound": "between", "low": "7", "high": "7.5"}])
    assert json.loads(json.dumps(chart.data))["data"]


def test_shares_are_stacked_with_their_sum_above():
    parts = [
        (level(name_vi=name), known(figure_fact(2024, one), figure_fact(2025, other)))
        for name, one, other in [("A", "20.5", "20"), ("B", "79.5", "79")]
    ]
    chart = shares_chart(level(), parts)
    assert chart.data["layout"]["barmode"] == "stack"
    assert chart.data["layout"]["uniformtext"]["mode"] == "hide"
    assert [(bar["name"], bar["x"], bar["y"]) for bar in chart.data["data"]] == [
        ("A", [2024, 2025], [20.5, 20.0]),
        ("B", [2024, 2025], [79.5, 79.0]),
    ]
    assert [(note["x"], note["text"]) for note in chart.data["layout"]["annotations"]] == [
        (2024, "Σ 100,0"),
        (2025, "Σ 99,0"),
    ]
    assert chart.description == "Tổng các thành phần theo năm: 2024: 100,0; 2025: 99,0"


# --- plotly here and in the browser


def major_and_minor(version):
    return version.split(".")[:2]


def test_the_browser_gets_the_plotly_that_the_python_side_writes_for():
    wanted = json.loads((settings.BASE_DIR / "package.json").read_text())["dependencies"]["plotly.js-basic-dist-min"]
    locked = json.loads((settings.BASE_DIR / "package-lock.json").read_text())["packages"]
    assert locked["node_modules/plotly.js-basic-dist-min"]["version"] == wanted
    assert major_and_minor(wanted) == major_and_minor(plotly.offline.get_plotlyjs_version())


SETTINGS = """
from lanson import settings
folders = dict(settings.STATICFILES_DIRS[1:])
print(settings.PLOTLY_BUNDLE, repr(settings.PLOTLY_LOCALE), repr(settings.PAPER_FONT), len(folders), folders["plotly"])
"""


def test_without_npm_the_bundle_of_the_python_package_is_served_and_no_font(tmp_path):
    """The settings of a checkout that has no node_modules."""
    shutil.copytree(settings.BASE_DIR / "lanson", tmp_path / "lanson")
    told = subprocess.run(
        [sys.executable, "-c", SETTINGS], cwd=tmp_path, env=os.environ | {"DEBUG": "on"}, capture_output=True, text=True
    )
    *names, folder = told.stdout.split()
    assert names == ["plotly/plotly.min.js", "''", "''", "1"]
    assert (Path(folder) / "plotly.min.js").is_file()


# --- labels


def places(chart, name="Thực hiện"):
    return dict(zip(trace(chart, name)["x"], trace(chart, name)["textposition"], strict=True))


def test_a_value_in_a_valley_is_written_below_its_line():
    chart = draw(figure_fact(2020, "9"), figure_fact(2021, "2"), figure_fact(2022, "8"), figure_fact(2023, "9"))
    assert places(chart) == {
        2020: "top center", 2021: "bottom center", 2022: "top center", 2023: "top center"
    }  # fmt: skip


@pytest.mark.parametrize(("value", "place"), [("6.8", "bottom center"), ("7.6", "top center"), ("3", "top center")])
def test_a_value_keeps_away_from_the_edge_of_a_target(value, place):
    target = {"bound": "at_least", "low": "7", "basis": "value", "first_year": 2025}
    chart = draw(figure_fact(2025, value), figure_fact(2020, "0"), figure_fact(2021, "10"), targets=[target])
    assert places(chart)[2025] == place


def test_the_label_of_a_target_stands_at_the_end_that_is_free():
    target = {"bound": "at_least", "low": "7", "basis": "average"}
    near_the_end, near_the_start = (
        draw(
            figure_fact(2021, first), figure_fact(2025, last), targets=[target], shown=[0], indicator=level(kind="rate")
        )
        for first, last in (("2", "7.1"), ("7.1", "2"))
    )
    assert trace(near_the_end, "Mục tiêu 2025")["text"] == ["≥ 7", ""]
    assert trace(near_the_end, "Mục tiêu 2025")["textposition"] == "top right"
    assert trace(near_the_start, "Mục tiêu 2025")["text"] == ["", "≥ 7"]


# --- supposed years


def test_supposed_years_are_drawn_apart_from_the_real_ones():
    chart = draw(figure_fact(2025, "50"))
    add_what_if(chart, level(), {2027: Decimal("55.55"), 2026: Decimal("52")})
    supposed = trace(chart, "Giả định")
    assert (supposed["x"], supposed["y"], supposed["text"]) == ([2026, 2027], [52.0, 55.55], ["52,0", "55,6"])
    assert trace(chart, "Thực hiện")["x"] == [2025]


def test_nothing_supposed_draws_nothing():
    chart = draw(figure_fact(2025, "50"))
    add_what_if(chart, level(), {})
    assert traces(chart, "Giả định") == []

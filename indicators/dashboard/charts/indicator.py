"""The chart of one indicator, and that of the parts of a whole."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import cycle

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from ...assessment import FigureFact
from ...assessment.facts import is_provisional
from ...models import Indicator, Target
from ...queries.progress import ProgressRow, VersionsInForce
from ...sentences.formatting import figure_status, limits_of, number, period_text, qualified, short_period, with_unit
from ...text.periods import FULL_YEAR, Period
from .base import (
    ACCENT,
    FIRM,
    HOLLOW,
    INK,
    WITHIN,
    Chart,
    Point,
    TargetSpan,
    add_points,
    height,
    layout,
    marker,
    place_in_years,
    placed,
    unbroken_runs,
    value_of,
    whole_years,
)
from .targets import add_targets, add_way_ahead, target_name

WHAT_IF = "var(--at_risk)"
PARTS = [f"var(--part-{number})" for number in range(1, 7)]
SMALLEST_TEXT = 9

# How a figure is written where it stands beside the targets of the chart.
TextOf = Callable[[FigureFact], str]


def indicator_chart(
    indicator: Indicator, versions: VersionsInForce, rows: Sequence[ProgressRow], shown: Container[Target] = ()
) -> Chart:
    """The yearly figures of an indicator with its targets, the path needed from now on and the forecast.

    `shown` are the targets that the pages of the terms show: each keeps its own name, even the plan of a single year.
    """
    figures = sorted(versions.figures.values(), key=lambda figure: figure.end)
    targets = [row.target for row in rows]
    figure = go.Figure(layout=layout(indicator.unit))
    add_targets(figure, targets, shown, {version.year: height(version) for version in whole_years(figures)})
    text_of = partial(qualified, decimals=indicator.decimals, beside=limits_of(*targets))
    _add_part_years(figure, indicator, figures, text_of)
    _add_years(figure, indicator, figures, [TargetSpan.of(target) for target in targets], text_of)
    for row in rows:
        add_way_ahead(figure, row)
    _mark_breaks(figure, figures)
    title = f"{indicator.name} ({indicator.unit})"
    return Chart(figure, title, _description(figures, rows, text_of))


def add_what_if(chart: Chart, indicator: Indicator, values: Mapping[int, Decimal]) -> None:
    """Draw the values a visitor assumes for coming years into the chart; nothing without values."""
    points = [
        Point(year, float(value), HOLLOW, number(value, indicator.decimals), place="bottom center")
        for year, value in sorted(values.items())
    ]
    look = {"mode": "lines+markers+text", "line": {"color": WHAT_IF, "width": 2, "dash": "dot"}}
    add_points(chart.figure, points, name=_("Supposed"), marker=marker(WHAT_IF, 9), **look)


def _add_years(
    figure: go.Figure, indicator: Indicator, figures: Iterable[FigureFact], spans: Sequence[TargetSpan], text_of: TextOf
) -> None:
    """Whole years as a line: firm figures filled, estimates hollow, the line broken where years or comparability are."""
    points: list[Point] = []
    for run in unbroken_runs(whole_years(figures)):
        if points:
            points.append(Point(run[0].year, None))
        points += [_year_point(version, indicator, text_of) for version in run]
    line = {"color": ACCENT, "width": 2.5}
    points = placed(points, spans)
    add_points(figure, points, name=_("Actual"), mode="lines+markers+text", line=line, marker=marker(ACCENT, 10))


def _year_point(version: FigureFact, indicator: Indicator, text_of: TextOf) -> Point:
    symbol = HOLLOW if is_provisional(version) else FIRM
    return Point(version.year, height(version), symbol, text_of(version), _hover(version, indicator, text_of))


def _add_part_years(figure: go.Figure, indicator: Indicator, figures: Sequence[FigureFact], text_of: TextOf) -> None:
    """Figures of months only, those since the last whole year apart: they are the news; older ones wait in the legend.

    A level tells where things stood at a month, so that its older ones belong to the line and stay in sight.
    """
    is_level = indicator.kind == "level"
    last_year_end = max((version.end for version in whole_years(figures)), default=0)
    within = [version for version in figures if version.through_month != FULL_YEAR]
    older = [_month_point(version, indicator, text_of) for version in within if version.end < last_year_end]
    newer = [_month_point(version, indicator, text_of) for version in within if version.end > last_year_end]
    if newer:  # the others stand too close to it
        latest = within[-1]
        period = short_period(Period(latest.year, latest.through_month))
        newer[-1] = newer[-1]._replace(text=f"{text_of(latest)}<br>{period}")
    visible = True if is_level else "legendonly"
    add_points(figure, older, name=_("Within earlier years"), mode="markers", marker=marker(INK, 8), visible=visible)
    add_points(figure, newer, name=_("Within the year"), mode="markers+text", marker=marker(ACCENT, 11))


def _month_point(version: FigureFact, indicator: Indicator, text_of: TextOf) -> Point:
    """A level stands at its month; what accumulates or compares stands in the column of its year."""
    x = place_in_years(version.end) if indicator.kind == "level" else version.year
    return Point(x, height(version), WITHIN, hover=_hover(version, indicator, text_of))


def _hover(version: FigureFact, indicator: Indicator, text_of: TextOf) -> str:
    value = with_unit(text_of(version), indicator.unit)
    period = period_text(Period(version.year, version.through_month), indicator)
    return f"{period}: {value}<br>{figure_status(version.status)}"


def _mark_breaks(figure: go.Figure, figures: Iterable[FigureFact]) -> None:
    for version in figures:
        if version.series_break:
            x = place_in_years(version.end) - 0.5
            figure.add_vline(x=x, line={"color": INK, "dash": "longdash", "width": 1})
            figure.add_annotation(x=x, y=1, yref="paper", text=_("series break"), showarrow=False, xanchor="left")


def _description(figures: Sequence[FigureFact], rows: Sequence[ProgressRow], text_of: TextOf) -> str:
    """The chart in words: the yearly figures, then the targets."""
    years = whole_years(figures)
    actual = "; ".join(f"{version.year}: {text_of(version)}" for version in years)
    targets = "; ".join(target_name(row.target) for row in rows)
    parts = [actual and _("Actual by year: %(figures)s") % {"figures": actual}, targets]
    return ". ".join(part for part in parts if part) or _("No figures yet.")


def shares_chart(indicator: Indicator, parts: Sequence[tuple[Indicator, VersionsInForce]]) -> Chart:
    """The parts of a whole stacked by year; the sum is written above each column, so that a gap to 100 shows."""
    # What does not fit into its slice is left out: the table and the hover text have it.
    stacked = {"barmode": "stack", "uniformtext": {"minsize": SMALLEST_TEXT, "mode": "hide"}}
    figure = go.Figure(layout=layout(indicator.unit) | stacked)
    sums: dict[int, Decimal] = {}
    for colour, (part, versions) in zip(cycle(PARTS), parts, strict=False):
        years = whole_years(sorted(versions.figures.values(), key=lambda version: version.end))
        for version in years:
            sums[version.year] = sums.get(version.year, Decimal(0)) + value_of(version)
        _add_part(figure, part, years, colour)
    texts = {year: number(total, indicator.decimals) for year, total in sorted(sums.items())}
    for year, text in texts.items():
        figure.add_annotation(x=year, y=float(sums[year]), text=f"Σ {text}", showarrow=False, yshift=12, font_size=11)
    words = "; ".join(f"{year}: {text}" for year, text in texts.items())
    return Chart(figure, indicator.name, _("Sum of the parts by year: %(sums)s") % {"sums": words})


def _add_part(figure: go.Figure, part: Indicator, years: Sequence[FigureFact], colour: str) -> None:
    figure.add_bar(
        x=[version.year for version in years],
        y=[height(version) for version in years],
        name=part.name,
        text=[qualified(version, part.decimals) for version in years],
        textposition="inside",
        textangle=0,
        marker_color=colour,
        hoverinfo="x+text+name",
    )

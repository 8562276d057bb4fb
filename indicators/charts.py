"""PRESENT: one function per chart, data in, plotly figure out. No queries, no request.

Colours are tokens of the style sheet by name; static/js/chart.js puts in their values before it draws, so that light, dark
and print follow one file.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import cycle
from typing import Any, NamedTuple

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from .assessment import Figure
from .assessment.facts import PROVISIONAL
from .models import Indicator, Target
from .models.targets import Basis, Bound, Scope, TargetStatus
from .periods import FULL_YEAR, Period
from .progress import Known, ProgressRow
from .series import height, place_in_years, unbroken_runs, value_of, whole_years
from .wording import (
    active_language,
    as_written,
    bound_text,
    figure_status,
    number,
    period_text,
    qualified,
    short_period,
    with_unit,
)

ACCENT, INK, LINE, PAPER = "var(--accent)", "var(--ink-2)", "var(--line)", "var(--paper)"
GOAL, BAND, DRAFT_BAND = "var(--goal-edge)", "var(--band)", "var(--draft-band)"
PARTS = [f"var(--part-{number})" for number in range(1, 7)]
HALF_A_YEAR = 0.35
SMALLEST_TEXT = 9
FIRM, HOLLOW, WITHIN = "circle", "circle-open", "triangle-up-open"


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure with the title and the description that stand for it where it cannot be seen."""

    figure: go.Figure
    title: str
    description: str

    @property
    def data(self) -> dict[str, Any]:
        """Ready for JSON."""
        return self.figure.to_plotly_json()


class Point(NamedTuple):
    """One mark: where it stands, what it looks like and what it says; without `y` it breaks the line."""

    x: float
    y: float | None
    symbol: str = FIRM
    text: str = ""
    hover: str = ""


def indicator_chart(
    indicator: Indicator, known: Known, rows: Sequence[ProgressRow], shown: Container[Target] = ()
) -> Chart:
    """The yearly figures of an indicator with its targets, the path needed from now on and the forecast.

    `shown` are the targets that the pages of the terms show: each keeps its own name, even the plan of a single year.
    """
    figures = sorted(known.figures.values(), key=lambda figure: figure.end)
    figure = go.Figure(layout=_layout(indicator.unit))
    _add_targets(figure, [row.target for row in rows], shown)
    _add_part_years(figure, indicator, figures)
    _add_years(figure, indicator, figures)
    for row in rows:
        _add_way_ahead(figure, row)
    _mark_breaks(figure, figures)
    title = f"{indicator.name} ({indicator.unit})"
    return Chart(figure, title, _description(indicator, figures, rows))


def shares_chart(indicator: Indicator, parts: Sequence[tuple[Indicator, Known]]) -> Chart:
    """The parts of a whole stacked by year; the sum is written above each column, so that a gap to 100 shows."""
    # What does not fit into its slice is left out: the table and the hover text have it.
    layout = {"barmode": "stack", "uniformtext": {"minsize": SMALLEST_TEXT, "mode": "hide"}}
    figure = go.Figure(layout=_layout(indicator.unit) | layout)
    sums: dict[int, Decimal] = {}
    for colour, (part, known) in zip(cycle(PARTS), parts, strict=False):
        years = whole_years(sorted(known.figures.values(), key=lambda one: one.end))
        for one in years:
            sums[one.year] = sums.get(one.year, Decimal(0)) + value_of(one)
        _add_part(figure, part, years, colour)
    told = {year: number(total, indicator.decimals) for year, total in sorted(sums.items())}
    for year, text in told.items():
        figure.add_annotation(x=year, y=float(sums[year]), text=f"Σ {text}", showarrow=False, yshift=12, font_size=11)
    words = "; ".join(f"{year}: {text}" for year, text in told.items())
    return Chart(figure, indicator.name, _("Sum of the parts by year: %(sums)s") % {"sums": words})


def _add_part(figure: go.Figure, part: Indicator, years: Sequence[Figure], colour: str) -> None:
    figure.add_bar(
        x=[one.year for one in years],
        y=[height(one) for one in years],
        name=part.name,
        text=[qualified(one, part.decimals) for one in years],
        textposition="inside",
        textangle=0,
        marker_color=colour,
        hoverinfo="x+text+name",
    )


def _layout(unit: str) -> dict[str, Any]:
    """The look that all charts share."""
    axis = {"gridcolor": LINE, "zerolinecolor": LINE, "automargin": True}
    return {
        "template": "none",
        "separators": ",." if active_language() == "vi" else ".,",
        "paper_bgcolor": PAPER,
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": INK, "size": 13},
        "margin": {"l": 8, "r": 8, "t": 16, "b": 8},
        "height": 420,
        "hovermode": "closest",
        "legend": {"orientation": "h", "y": -0.16, "x": 0},
        "xaxis": axis | {"dtick": 1, "tickformat": "d", "tickangle": 0},
        # Without a format plotly writes 15000 as "15k".
        "yaxis": axis | {"title": {"text": unit, "standoff": 8}, "rangemode": "normal", "tickformat": ",.4~f"},
    }


def _add_years(figure: go.Figure, indicator: Indicator, figures: Iterable[Figure]) -> None:
    """Whole years as a line: firm figures filled, estimates hollow, the line broken where years or comparability are."""
    points: list[Point] = []
    for run in unbroken_runs(whole_years(figures)):
        if points:
            points.append(Point(run[0].year, None))
        points += [_year_point(one, indicator) for one in run]
    line = {"color": ACCENT, "width": 2.5}
    _add_points(figure, points, name=_("Actual"), mode="lines+markers+text", line=line, marker=_marker(ACCENT, 10))


def _year_point(one: Figure, indicator: Indicator) -> Point:
    symbol = HOLLOW if one.status in PROVISIONAL else FIRM
    return Point(one.year, height(one), symbol, qualified(one, indicator.decimals), _hover(one, indicator))


def _add_part_years(figure: go.Figure, indicator: Indicator, figures: Sequence[Figure]) -> None:
    """Figures of months only, those since the last whole year apart: they are the news; older ones wait in the legend.

    A level tells where things stood at a month, so that its older ones belong to the line and stay in sight.
    """
    is_level = indicator.kind == "level"
    last_year_end = max((one.end for one in whole_years(figures)), default=0)
    within = [one for one in figures if one.through_month != FULL_YEAR]
    older = [_month_point(one, indicator) for one in within if one.end < last_year_end]
    newer = [_month_point(one, indicator) for one in within if one.end > last_year_end]
    if newer:  # the others stand too close to it
        newer[-1] = newer[-1]._replace(text=_news(within[-1], indicator))
    visible = True if is_level else "legendonly"
    _add_points(figure, older, name=_("Within earlier years"), mode="markers", marker=_marker(INK, 8), visible=visible)
    _add_points(figure, newer, name=_("Within the year"), mode="markers+text", marker=_marker(ACCENT, 11))


def _month_point(one: Figure, indicator: Indicator) -> Point:
    """A level stands at its month; what accumulates or compares stands in the column of its year."""
    x = place_in_years(one.end) if indicator.kind == "level" else one.year
    return Point(x, height(one), WITHIN, hover=_hover(one, indicator))


def _news(one: Figure, indicator: Indicator) -> str:
    return f"{qualified(one, indicator.decimals)}<br>{short_period(Period(one.year, one.through_month))}"


def _marker(colour: str, size: int) -> dict[str, Any]:
    return {"size": size, "color": colour, "line": {"width": 2, "color": colour}}


def _add_points(figure: go.Figure, points: Sequence[Point], marker: dict[str, Any], **look: Any) -> None:
    """One trace of all the points; none without points."""
    if not points:
        return
    figure.add_scatter(
        x=[point.x for point in points],
        y=[point.y for point in points],
        text=[point.text for point in points],
        textposition="top center",
        hovertext=[point.hover for point in points],
        hoverinfo="text",
        marker=marker | {"symbol": [point.symbol for point in points]},
        **look,
    )


def _hover(one: Figure, indicator: Indicator) -> str:
    value = with_unit(qualified(one, indicator.decimals), indicator.unit)
    return f"{period_text(Period(one.year, one.through_month), indicator)}: {value}<br>{figure_status(one.status)}"


def _add_targets(figure: go.Figure, targets: Iterable[Target], shown: Container[Target]) -> None:
    """Every target with a number under its own name; the plans of other years quietly under one name for all."""
    quiet_seen = False
    for target in targets:
        if target.bound == Bound.PARTS:
            continue
        if target.scope == Scope.ANNUAL and target not in shown:
            common = {"name": _("Plans of single years"), "legendgroup": "annual", "showlegend": not quiet_seen}
            figure.add_trace(_target_trace(target, width=1, label="", **common))
            quiet_seen = True
        else:
            label = "" if target.basis == Basis.TOTAL else bound_text(target)
            figure.add_trace(_target_trace(target, width=2, label=label, name=_target_name(target)))


def _target_trace(target: Target, width: int, label: str, **naming: Any) -> go.Scatter:
    """A range as a band, one value as a step over its years; drafts dashed. The label stands above its right end."""
    low, high = _yearly(target)
    first = target.last_year if target.basis == Basis.VALUE else target.first_year
    start, end = first - HALF_A_YEAR, target.last_year + HALF_A_YEAR
    is_draft = target.status == TargetStatus.DRAFT
    common = naming | {
        "mode": "lines+text",
        "line": {"color": GOAL, "dash": "dash" if is_draft else "solid", "width": width},
        "textposition": "top left",
        "hovertext": _target_name(target),
        "hoverinfo": "text",
        "hoveron": "points+fills",
    }
    if low is None or high is None or low == high:
        edge = low if low is not None else high
        return go.Scatter(**common, x=[start, end], y=[edge, edge], text=["", label])
    x, y = [start, end, end, start, start], [high, high, low, low, high]
    fill = DRAFT_BAND if is_draft else BAND
    return go.Scatter(**common, x=x, y=y, text=["", label, "", "", ""], fill="toself", fillcolor=fill)


def _yearly(target: Target) -> tuple[float | None, float | None]:
    """Lower and upper edge as they compare with the figure of one year: of a total, the share of a year."""
    years = target.last_year - target.first_year + 1 if target.basis == Basis.TOTAL else 1
    low, high = (None if edge is None else float(edge) / years for edge in (target.low, target.high))
    return low, high


def _target_name(target: Target) -> str:
    pattern = _("Plan of %(year)s: %(words)s") if target.scope == Scope.ANNUAL else _("Target %(year)s: %(words)s")
    name = pattern % {"year": target.last_year, "words": as_written(target)}
    if target.basis == Basis.TOTAL:
        years = target.last_year - target.first_year + 1
        name += " " + _("(shown as the yearly share, 1/%(years)d)") % {"years": years}
    return f"{name} · {target.get_status_display()}" if target.status == TargetStatus.DRAFT else name


def _add_way_ahead(figure: go.Figure, row: ProgressRow) -> None:
    """From the latest figure on: the path that is needed, and where the pace so far leads."""
    verdict, target = row.verdict, row.target
    if not verdict.evidence.used or verdict.status.is_final:
        return
    start, end = place_in_years(verdict.evidence.used[-1].end), target.last_year
    if target.basis == Basis.VALUE and target.indicator.kind == "level" and verdict.measured_value is not None:
        value = float(verdict.measured_value)
        if verdict.needed_pace is not None and verdict.evidence.limit is not None:
            _add_line(figure, [start, end], [value, float(verdict.evidence.limit)], _("Needed from now on"), "dash")
        if verdict.forecast is not None:
            _add_line(figure, [start, end], [value, float(verdict.forecast)], _("At the present pace"), "dot")
    elif target.basis == Basis.AVERAGE and verdict.needed_pace is not None:
        pace = float(verdict.needed_pace)
        _add_line(figure, [start + 1, end], [pace, pace], _("Needed from now on"), "dash")


def _add_line(figure: go.Figure, x: list[float], y: list[float], name: str, dash: str) -> None:
    figure.add_scatter(
        x=x, y=y, name=name, mode="lines+markers", line={"color": INK, "dash": dash, "width": 1.5},
        marker={"symbol": "diamond-open", "size": 7}, hovertemplate=f"{name}: %{{y:,.4~f}}<extra></extra>",
    )  # fmt: skip


def _mark_breaks(figure: go.Figure, figures: Iterable[Figure]) -> None:
    for one in figures:
        if one.series_break:
            x = place_in_years(one.end) - 0.5
            figure.add_vline(x=x, line={"color": INK, "dash": "longdash", "width": 1})
            figure.add_annotation(x=x, y=1, yref="paper", text=_("series break"), showarrow=False, xanchor="left")


def _description(indicator: Indicator, figures: Sequence[Figure], rows: Sequence[ProgressRow]) -> str:
    """The chart in words: the yearly figures, then the targets."""
    language = active_language()
    years = whole_years(figures)
    told = "; ".join(f"{one.year}: {qualified(one, indicator.decimals, language)}" for one in years)
    targets = "; ".join(_target_name(row.target) for row in rows)
    parts = [told and _("Actual by year: %(figures)s") % {"figures": told}, targets]
    return ". ".join(part for part in parts if part) or _("No figures yet.")

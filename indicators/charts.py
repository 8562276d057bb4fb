"""PRESENT: one function per chart, data in, plotly figure out. No queries, no request.

Colours are the light values of the style sheet's tokens; static/js/chart.js swaps them for the tokens in force, so that
light, dark and print follow one file.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from .assessment import Figure
from .assessment.facts import PROVISIONAL
from .models import Indicator, Target
from .models.targets import Basis, Bound, Scope, TargetStatus
from .periods import Period
from .progress import Known, ProgressRow
from .wording import active_language, as_written, bound_text, figure_status, number, period_text, qualified, with_unit

COLOURS = {"accent": "#0b5c6b", "ink": "#4a5866", "line": "#dde3e9", "goal": "#8fa3b1", "wash": "#c9d6df"}
PART_COLOURS = ("#0b5c6b", "#c98a00", "#7a4b9a", "#5d6975", "#4b8f29", "#b3301e")
HALF_A_YEAR = 0.35


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


def indicator_chart(indicator: Indicator, known: Known, rows: Sequence[ProgressRow]) -> Chart:
    """The yearly figures of an indicator with its targets, the path needed from now on and the forecast."""
    figures = sorted(known.figures.values(), key=lambda figure: figure.end)
    figure = go.Figure(layout=_layout(indicator.unit))
    _add_targets(figure, [row.target for row in rows])
    _add_part_years(figure, indicator, figures)
    _add_years(figure, indicator, figures)
    for row in rows:
        _add_way_ahead(figure, row)
    _mark_breaks(figure, figures)
    title = f"{indicator.name} ({indicator.unit})"
    return Chart(figure, title, _description(indicator, figures, rows))


def shares_chart(indicator: Indicator, parts: Sequence[tuple[Indicator, Known]]) -> Chart:
    """The parts of a whole stacked by year; the sum is written above each column, so that a gap to 100 shows."""
    figure = go.Figure(layout=_layout(indicator.unit) | {"barmode": "stack"})
    sums: dict[int, Any] = {}
    for colour, (part, known) in zip(PART_COLOURS * 9, parts, strict=False):
        figures = [one for one in known.up_to(9999) if one.through_month == 12 and one.value is not None]
        for one in figures:
            sums[one.year] = sums.get(one.year, 0) + one.value
        texts = [qualified(one, part.decimals) for one in figures]
        x, y = [one.year for one in figures], [float(one.value or 0) for one in figures]
        figure.add_bar(
            x=x, y=y, name=part.name, text=texts, textposition="inside", marker_color=colour, hoverinfo="x+text+name"
        )
    for year, total in sums.items():
        text = "Σ " + number(total, indicator.decimals)
        figure.add_annotation(x=year, y=float(total), text=text, showarrow=False, yshift=12)
    told = "; ".join(f"{year}: {number(total, indicator.decimals)}" for year, total in sorted(sums.items()))
    return Chart(figure, indicator.name, _("Sum of the parts by year: %(sums)s") % {"sums": told})


def _layout(unit: str) -> dict[str, Any]:
    """The look that all charts share."""
    axis = {"gridcolor": COLOURS["line"], "zerolinecolor": COLOURS["line"], "automargin": True}
    return {
        "template": "none",
        "separators": ",." if active_language() == "vi" else ".,",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": COLOURS["ink"], "size": 13},
        "margin": {"l": 8, "r": 8, "t": 16, "b": 8},
        "height": 420,
        "hovermode": "closest",
        "legend": {"orientation": "h", "y": -0.16, "x": 0},
        "xaxis": axis | {"dtick": 1, "tickformat": "d", "tickangle": 0},
        "yaxis": axis | {"title": {"text": unit, "standoff": 8}, "rangemode": "normal"},
    }


def _add_years(figure: go.Figure, indicator: Indicator, figures: Iterable[Figure]) -> None:
    """Whole years as a line: firm figures filled, estimates hollow, the line broken where years or comparability are."""
    x: list[Any] = []
    y: list[Any] = []
    marks: list[tuple[str, str, str]] = []
    for one in figures:
        if one.through_month != 12:
            continue
        if x and (one.year - x[-1] > 1 or one.series_break):
            x, y, marks = [*x, one.year], [*y, None], [*marks, ("circle", "", "")]
        hollow = one.status in PROVISIONAL
        x, y = [*x, one.year], [*y, float(one.value or 0)]
        marks = [
            *marks,
            ("circle-open" if hollow else "circle", qualified(one, indicator.decimals), _hover(one, indicator)),
        ]
    if x:
        figure.add_scatter(
            x=x,
            y=y,
            name=_("Actual"),
            mode="lines+markers+text",
            line={"color": COLOURS["accent"], "width": 2.5},
            marker={
                "symbol": [mark for mark, _text, _hover in marks],
                "size": 10,
                "color": COLOURS["accent"],
                "line": {"width": 2, "color": COLOURS["accent"]},
            },
            text=[text for _mark, text, _hover in marks],
            textposition="top center",
            hovertext=[hover for _mark, _text, hover in marks],
            hoverinfo="text",
        )


def _add_part_years(figure: go.Figure, indicator: Indicator, figures: Iterable[Figure]) -> None:
    """Figures of months only: a level at its month, what accumulates or compares in the column of its year."""
    months = [one for one in figures if one.through_month != 12]
    if months:
        shift = indicator.kind == "level"
        figure.add_scatter(
            x=[one.year - 1 + one.through_month / 12 if shift else one.year for one in months],
            y=[float(one.value or 0) for one in months],
            name=_("Within the year"),
            mode="markers",
            marker={"symbol": "triangle-up-open", "size": 8, "color": COLOURS["ink"]},
            hovertext=[_hover(one, indicator) for one in months],
            hoverinfo="text",
            visible=True if shift else "legendonly",
        )


def _hover(one: Figure, indicator: Indicator) -> str:
    value = with_unit(qualified(one, indicator.decimals), indicator.unit)
    return f"{period_text(Period(one.year, one.through_month), indicator)}: {value}<br>{figure_status(one.status)}"


def _add_targets(figure: go.Figure, targets: Iterable[Target]) -> None:
    annual_seen = False
    for target in targets:
        if trace := _target_trace(target, first_of_kind=not annual_seen):
            figure.add_trace(trace)
            annual_seen = annual_seen or target.scope == Scope.ANNUAL


def _target_trace(target: Target, first_of_kind: bool) -> go.Scatter | None:
    """A range as a band, one value as a step over its years; drafts dashed. Plans of years share one legend entry."""
    if target.bound == Bound.PARTS:
        return None
    share = target.last_year - target.first_year + 1 if target.basis == Basis.TOTAL else 1
    low, high = (None if edge is None else float(edge) / share for edge in (target.low, target.high))
    first = target.last_year if target.basis == Basis.VALUE else target.first_year
    start, end = first - HALF_A_YEAR, target.last_year + HALF_A_YEAR
    dash = "dash" if target.status == TargetStatus.DRAFT else "solid"
    annual = target.scope == Scope.ANNUAL
    common = {
        "name": _("Plans of single years") if annual else _target_name(target),
        "legendgroup": "annual" if annual else f"{target.pk}",
        "showlegend": not annual or first_of_kind,
        "line": {"color": COLOURS["goal"], "dash": dash, "width": 1 if annual else 2},
        "hovertext": _target_name(target),
        "hoverinfo": "text",
        "hoveron": "points+fills",
    }
    if low is not None and high is not None and low != high:
        box = {"x": [start, end, end, start, start], "y": [low, low, high, high, low], "mode": "lines"}
        return go.Scatter(**common, **box, fill="toself", fillcolor=_wash(target))
    edge = low if low is not None else high
    label = bound_text(target) if share == 1 and not annual else ""
    return go.Scatter(
        **common, x=[start, end], y=[edge, edge], mode="lines+text", text=[label, ""], textposition="top right"
    )


def _wash(target: Target) -> str:
    return "rgba(143,163,177,.18)" if target.status == TargetStatus.DRAFT else "rgba(143,163,177,.35)"


def _target_name(target: Target) -> str:
    name = _("Target %(year)s: %(words)s") % {"year": target.last_year, "words": as_written(target)}
    if target.basis == Basis.TOTAL:
        years = target.last_year - target.first_year + 1
        name += " " + _("(shown as the yearly share, 1/%(years)d)") % {"years": years}
    return f"{name} · {target.get_status_display()}" if target.status == TargetStatus.DRAFT else name


def _add_way_ahead(figure: go.Figure, row: ProgressRow) -> None:
    """From the latest figure on: the path that is needed, and where the pace so far leads."""
    verdict, target = row.verdict, row.target
    if not verdict.evidence.used or verdict.status.is_final:
        return
    latest = verdict.evidence.used[-1]
    start, end = latest.end / 12 - 1, target.last_year
    if target.basis == Basis.VALUE and target.indicator.kind == "level":
        value = float(verdict.measured_value or 0)
        if verdict.needed_pace is not None and verdict.evidence.limit is not None:
            _add_line(figure, [start, end], [value, float(verdict.evidence.limit)], _("Needed from now on"), "dash")
        if verdict.forecast is not None:
            _add_line(figure, [start, end], [value, float(verdict.forecast)], _("At the present pace"), "dot")
    elif target.basis == Basis.AVERAGE and verdict.needed_pace is not None:
        pace = float(verdict.needed_pace)
        _add_line(figure, [start + 1, end], [pace, pace], _("Needed from now on"), "dash")


def _add_line(figure: go.Figure, x: list[float], y: list[float], name: str, dash: str) -> None:
    figure.add_scatter(
        x=x, y=y, name=name, mode="lines+markers", line={"color": COLOURS["ink"], "dash": dash, "width": 1.5},
        marker={"symbol": "diamond-open", "size": 7}, hovertemplate=f"{name}: %{{y:,.4~f}}<extra></extra>",
    )  # fmt: skip


def _mark_breaks(figure: go.Figure, figures: Iterable[Figure]) -> None:
    for one in figures:
        if one.series_break:
            x = one.end / 12 - 1.5
            figure.add_vline(x=x, line={"color": COLOURS["ink"], "dash": "longdash", "width": 1})
            figure.add_annotation(x=x, y=1, yref="paper", text=_("series break"), showarrow=False, xanchor="left")


def _description(indicator: Indicator, figures: Sequence[Figure], rows: Sequence[ProgressRow]) -> str:
    """The chart in words: the yearly figures, then the targets."""
    language = active_language()
    years = [one for one in figures if one.through_month == 12]
    told = "; ".join(f"{one.year}: {qualified(one, indicator.decimals, language)}" for one in years)
    targets = "; ".join(_target_name(row.target) for row in rows)
    parts = [told and _("Actual by year: %(figures)s") % {"figures": told}, targets]
    return ". ".join(part for part in parts if part) or _("No figures yet.")

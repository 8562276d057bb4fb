"""What all charts share: the figure with its words, the look, figures in force as points of a line, room for labels.

Colours are tokens of the style sheet by name; static/js/chart.js puts in their values before it draws, so that light, dark
and print follow one file.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

import plotly.graph_objects as go

from ...assessment import FigureFact
from ...core.language import active_language
from ...models import Target
from ...models.targets import Basis
from ...text.periods import FULL_YEAR

ACCENT, INK, LINE, PAPER = "var(--accent)", "var(--ink-2)", "var(--line)", "var(--paper)"
FIRM, HOLLOW, WITHIN = "circle", "circle-open", "triangle-up-open"
HALF_A_YEAR = 0.35
_REACH = 0.08  # what a label covers, as a share of the height of the drawing


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
    place: str = "top center"


def layout(unit: str) -> dict[str, Any]:
    """The look that all charts share."""
    axis = {"gridcolor": LINE, "zerolinecolor": LINE, "automargin": True}
    return {
        # The default template of plotly would be sent with every chart, and has colours of its own.
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


def marker(colour: str, size: int) -> dict[str, Any]:
    return {"size": size, "color": colour, "line": {"width": 2, "color": colour}}


def add_points(figure: go.Figure, points: Sequence[Point], marker: dict[str, Any], **look: Any) -> None:
    """One trace of all the points; none without points."""
    if not points:
        return
    figure.add_scatter(
        x=[point.x for point in points],
        y=[point.y for point in points],
        text=[point.text for point in points],
        textposition=[point.place for point in points],
        hovertext=[point.hover for point in points],
        hoverinfo="text",
        marker=marker | {"symbol": [point.symbol for point in points]},
        **look,
    )


# --- figures in force, by one rule for the chart and the small pictures


def whole_years(figures: Iterable[FigureFact]) -> list[FigureFact]:
    """The figures of whole years, in the order given."""
    return [figure for figure in figures if figure.through_month == FULL_YEAR]


def unbroken_runs(years: Sequence[FigureFact]) -> list[list[FigureFact]]:
    """Figures of whole years, oldest first, cut where a year is missing or where a series begins anew."""
    cuts = [
        place
        for place, (figure, following) in enumerate(pairwise(years), 1)
        if following.year - figure.year > 1 or following.series_break
    ]
    return [list(years[start:end]) for start, end in pairwise([0, *cuts, len(years)]) if start < end]


def value_of(figure: FigureFact) -> Decimal:
    """The value of a figure in force, which always has one: `figures_in_force` leaves the others out."""
    assert figure.value is not None
    return figure.value


def height(figure: FigureFact) -> float:
    """The value of a figure in force, to be drawn."""
    return float(value_of(figure))


def place_in_years(end: int) -> float:
    """Where the end of a period (in months, as `FigureFact.end`) lies on an axis of years: 2020.0 is the end of 2020."""
    return end / FULL_YEAR - 1


def yearly_edges(target: Target) -> tuple[float | None, float | None]:
    """Lower and upper edge of a target as they compare with the figure of one year: of a total, the share of a year."""
    years = target.last_year - target.first_year + 1 if target.basis == Basis.TOTAL else 1
    low, high = (None if edge is None else float(edge) / years for edge in (target.low, target.high))
    return low, high


# --- labels: values beside their line and the edges of targets, targets at the free end of a band


class TargetSpan(NamedTuple):
    """Where a target is drawn: from `start` to `end` (years), at `edges` (low before high, or one)."""

    start: float
    end: float
    edges: tuple[float, ...]

    @classmethod
    def of(cls, target: Target) -> "TargetSpan":
        first = target.last_year if target.basis == Basis.VALUE else target.first_year
        edges = tuple(sorted({edge for edge in yearly_edges(target) if edge is not None}))
        return cls(first - HALF_A_YEAR, target.last_year + HALF_A_YEAR, edges)


def placed(points: Sequence[Point], spans: Iterable[TargetSpan]) -> list[Point]:
    """The points with their labels above or below, away from the line through them and from edges of targets."""
    spans = list(spans)
    heights = [point.y for point in points if point.y is not None] + [y for span in spans for y in span.edges]
    reach = _REACH * (max(heights) - min(heights)) if heights else 0
    return [
        point._replace(place=_side(point, _beside(points, place), spans, reach)) for place, point in enumerate(points)
    ]


def _beside(points: Sequence[Point], place: int) -> list[float]:
    """The heights that the line comes from and goes to."""
    around = [points[neighbour] for neighbour in (place - 1, place + 1) if 0 <= neighbour < len(points)]
    return [point.y for point in around if point.y is not None]


def _side(point: Point, beside: list[float], spans: list[TargetSpan], reach: float) -> str:
    if point.y is None:
        return point.place
    y = point.y
    edges = [edge for span in spans if span.start <= point.x <= span.end for edge in span.edges]
    hit_above = any(y <= edge <= y + 1.5 * reach for edge in edges)
    hit_below = any(y - 1.5 * reach <= edge <= y for edge in edges)
    in_a_valley = bool(beside) and all(height > y + reach for height in beside)
    below = not hit_below if hit_above else in_a_valley and not hit_below
    return "bottom center" if below else "top center"


def free_end(span: TargetSpan, line: dict[float, float]) -> str:
    """The end of a target, "left" or "right", that is further from the line (heights by year); right when it is equal."""
    top = span.edges[-1]

    def room(year: float) -> float:
        return abs(line[year] - top) if year in line else float("inf")

    return "left" if room(round(span.start + HALF_A_YEAR)) > room(round(span.end - HALF_A_YEAR)) else "right"

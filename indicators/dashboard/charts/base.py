"""PRESENT: what all charts share: the figure with its words, tokens of colour, the layout, and points as a trace.

Colours are tokens of the style sheet by name; static/js/chart.js puts in their values before it draws, so that light, dark
and print follow one file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import plotly.graph_objects as go

from ...sentences.formatting import active_language

ACCENT, INK, LINE, PAPER = "var(--accent)", "var(--ink-2)", "var(--line)", "var(--paper)"
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
    place: str = "top center"


def layout(unit: str) -> dict[str, Any]:
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

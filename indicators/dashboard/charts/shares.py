"""PRESENT: the chart of the parts of a whole."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import cycle

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from ...assessment import Figure
from ...models import Indicator
from ...queries.progress import Known
from ...sentences.formatting import number, qualified
from .base import Chart, layout
from .series import height, value_of, whole_years

PARTS = [f"var(--part-{number})" for number in range(1, 7)]
SMALLEST_TEXT = 9


def shares_chart(indicator: Indicator, parts: Sequence[tuple[Indicator, Known]]) -> Chart:
    """The parts of a whole stacked by year; the sum is written above each column, so that a gap to 100 shows."""
    # What does not fit into its slice is left out: the table and the hover text have it.
    stacked = {"barmode": "stack", "uniformtext": {"minsize": SMALLEST_TEXT, "mode": "hide"}}
    figure = go.Figure(layout=layout(indicator.unit) | stacked)
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

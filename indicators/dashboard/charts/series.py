"""PRESENT: figures in force as points of a line, by one rule for the chart and the small pictures."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from ...assessment import Figure
from ...models import Target
from ...models.targets import Basis
from ...text.periods import FULL_YEAR


def whole_years(figures: Iterable[Figure]) -> list[Figure]:
    """The figures of whole years, in the order given."""
    return [one for one in figures if one.through_month == FULL_YEAR]


def unbroken_runs(years: Sequence[Figure]) -> list[list[Figure]]:
    """Figures of whole years, oldest first, cut where a year is missing or where a series begins anew."""
    cuts = [place for place, (one, following) in enumerate(pairwise(years), 1) if _is_cut(one, following)]
    return [list(years[start:end]) for start, end in pairwise([0, *cuts, len(years)]) if start < end]


def _is_cut(one: Figure, following: Figure) -> bool:
    return following.year - one.year > 1 or following.series_break


def value_of(figure: Figure) -> Decimal:
    """The value of a figure in force, which always has one: `figures_in_force` leaves the others out."""
    assert figure.value is not None
    return figure.value


def height(figure: Figure) -> float:
    """The value of a figure in force, to be drawn."""
    return float(value_of(figure))


def place_in_years(end: int) -> float:
    """Where the end of a period (in months, as `Figure.end`) lies on an axis of years: 2020.0 is the end of 2020."""
    return end / FULL_YEAR - 1


def yearly_edges(target: Target) -> tuple[float | None, float | None]:
    """Lower and upper edge of a target as they compare with the figure of one year: of a total, the share of a year."""
    years = target.last_year - target.first_year + 1 if target.basis == Basis.TOTAL else 1
    low, high = (None if edge is None else float(edge) / years for edge in (target.low, target.high))
    return low, high

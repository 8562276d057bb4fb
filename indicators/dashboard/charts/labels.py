"""PRESENT: where labels find room: values beside their line and the edges of targets, targets at the free end of a band."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ...models import Target
from ...models.targets import Basis
from .base import Point
from .series import yearly_edges

HALF_A_YEAR = 0.35
_REACH = 0.08  # what a label covers, as a share of the height of the drawing


class Stretch(NamedTuple):
    """Where a target is drawn: from `start` to `end` (years), at `edges` (low before high, or one)."""

    start: float
    end: float
    edges: tuple[float, ...]

    @classmethod
    def of(cls, target: Target) -> "Stretch":
        first = target.last_year if target.basis == Basis.VALUE else target.first_year
        edges = tuple(sorted({edge for edge in yearly_edges(target) if edge is not None}))
        return cls(first - HALF_A_YEAR, target.last_year + HALF_A_YEAR, edges)


def placed(points: Sequence[Point], stretches: Iterable[Stretch]) -> list[Point]:
    """The points with their labels above or below, away from the line through them and from edges of targets."""
    stretches = list(stretches)
    heights = [point.y for point in points if point.y is not None] + [y for one in stretches for y in one.edges]
    reach = _REACH * (max(heights) - min(heights)) if heights else 0
    return [
        point._replace(place=_side(point, _beside(points, place), stretches, reach))
        for place, point in enumerate(points)
    ]


def _beside(points: Sequence[Point], place: int) -> list[float]:
    """The heights that the line comes from and goes to."""
    around = [points[one] for one in (place - 1, place + 1) if 0 <= one < len(points)]
    return [point.y for point in around if point.y is not None]


def _side(point: Point, beside: list[float], stretches: list[Stretch], reach: float) -> str:
    if point.y is None:
        return point.place
    y = point.y
    edges = [edge for one in stretches if one.start <= point.x <= one.end for edge in one.edges]
    hit_above = any(y <= edge <= y + 1.5 * reach for edge in edges)
    hit_below = any(y - 1.5 * reach <= edge <= y for edge in edges)
    in_a_valley = bool(beside) and all(one > y + reach for one in beside)
    below = not hit_below if hit_above else in_a_valley and not hit_below
    return "bottom center" if below else "top center"


def free_end(stretch: Stretch, line: dict[float, float]) -> str:
    """The end of a target, "left" or "right", that is further from the line (heights by year); right when it is equal."""
    top = stretch.edges[-1]

    def room(year: float) -> float:
        return abs(line[year] - top) if year in line else float("inf")

    return "left" if room(round(stretch.start + HALF_A_YEAR)) > room(round(stretch.end - HALF_A_YEAR)) else "right"

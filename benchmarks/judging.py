"""Judging alone, from rows already read: microseconds per figure, at growing numbers of targets."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from random import Random

from indicators.assessment import AggregateFact, FigureFact, TargetFact, judge

from .measuring import Row, seconds

AS_OF = date(2024, 6, 1)
FIGURES = 10
SHAPES = (
    ("at_least", "value", "level", "higher", "linear"),
    ("between", "value", "level", "higher", "compound"),
    ("less_than", "value", "level", "lower", "linear"),
    ("between", "average", "rate", "higher", "linear"),
    ("about", "total", "flow", "higher", "linear"),
    ("at_most", "value", "rank", "lower", "linear"),
)


def rows(largest: int = 10_000) -> Iterator[Row]:
    """Cost per figure at 60, 1 000 and 10 000 targets with ten figures each: linear when it stays the same."""
    for count in (size for size in (60, 1_000, 10_000) if size <= largest):
        cases = [_case(number) for number in range(count)]
        taken = seconds(lambda cases=cases: [judge(*case, AS_OF) for case in cases])
        per_figure = [one / count / FIGURES * 1e6 for one in taken]
        yield Row(f"judging {count} targets with {FIGURES} figures each", per_figure, "µs per figure")


def _case(number: int) -> tuple[TargetFact, list[FigureFact], list[AggregateFact]]:
    random = Random(number)
    bound, basis, kind, better, path = SHAPES[number % len(SHAPES)]
    low, high = Decimal(random.randint(40, 60)), Decimal(random.randint(61, 70))
    edges = {"at_least": (low, None), "less_than": (None, high), "at_most": (None, high)}.get(bound, (low, high))
    target = TargetFact(2021, 2025, None, bound, *edges, basis, kind, better, path)
    figures = [_figure(place, random) for place in range(FIGURES)]
    return target, figures, []


def _figure(place: int, random: Random) -> FigureFact:
    """Two versions of each year's figure, an estimate and the final one."""
    year, status = 2019 + place // 2, ("estimate", "final")[place % 2]
    value = Decimal(random.randint(3000, 7000)) / 100
    return FigureFact(year, 12, value, "exact", status, date(year + 1, 2 + place % 2, 1), False, "source")

"""What a judgement starts from (§1): a target, the versions published, and which of them are in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ..text.periods import FULL_YEAR, Period, end_of_year, last_day

STATUS_RANK = {"estimate": 0, "reported": 1, "preliminary": 2, "final": 3}
PROVISIONAL = frozenset({"estimate", "preliminary"})
RELIABILITY_RANK = {"A": 3, "B": 2, "C": 1}  # a source without a mark comes last


class FigureFact(NamedTuple):
    """One published version of a value for a period. `value` is None for what did not occur or was not collected."""

    year: int
    through_month: int
    value: Decimal | None
    qualifier: str
    status: str
    published_on: date
    series_break: bool
    source: str
    reliability: str = ""

    @property
    def end(self) -> int:
        return self.year * 12 + self.through_month

    @property
    def last_day(self) -> date:
        return last_day(Period(self.year, self.through_month))


class AggregateFact(NamedTuple):
    """One published version of an average or total over years."""

    first_year: int
    last_year: int
    measure: str
    value: Decimal | None
    qualifier: str
    status: str
    published_on: date
    source: str
    reliability: str = ""

    @property
    def end(self) -> int:
        return end_of_year(self.last_year)

    @property
    def last_day(self) -> date:
        return last_day(Period(self.last_year))

    @property
    def years(self) -> int:
        return self.last_year - self.first_year + 1


FiguresInForce = dict[Period, FigureFact]
AggregatesInForce = dict[tuple[int, int, str], AggregateFact]


@dataclass(frozen=True, slots=True)
class TargetFact:
    """One target with what its indicator says of direction, time shape and path; codes as in the data package."""

    first_year: int
    last_year: int
    baseline_year: int | None
    bound: str
    low: Decimal | None
    high: Decimal | None
    basis: str
    kind: str
    better: str
    path: str

    @property
    def years(self) -> int:
        return self.last_year - self.first_year + 1

    @property
    def baseline(self) -> Period:
        """The period whose end is t_b."""
        return Period(self.first_year - 1 if self.baseline_year is None else self.baseline_year)

    @property
    def end(self) -> int:
        """τ, in months."""
        return end_of_year(self.last_year)

    @property
    def averages_growth(self) -> bool:
        """Whether its yearly values are averaged as compound growth (§1, path)."""
        return self.basis == "average" and self.kind == "rate" and self.path == "compound"


def precedence(version: FigureFact | AggregateFact) -> tuple[bool, int, date, int, str]:
    """The order of §1: the greatest of the versions of one fact is in force. `VersionQuerySet.placed` says it in SQL."""
    return (
        # An exact number before a rounded one, however old; the code of the source last, so that no two are equal.
        version.qualifier == "exact",
        STATUS_RANK[version.status],
        version.published_on,
        RELIABILITY_RANK.get(version.reliability, 0),
        version.source,
    )


def is_provisional(version: FigureFact | AggregateFact) -> bool:
    """Whether its number may still change (§7): by its status, or as it was published before its period was over."""
    return version.status in PROVISIONAL or version.published_on <= version.last_day


def figures_in_force(versions: Iterable[FigureFact], as_of: date) -> FiguresInForce:
    """The figure in force for each period on `as_of`."""
    chosen: FiguresInForce = {}
    for version in versions:
        if version.value is None or version.published_on > as_of:
            continue
        period = Period(version.year, version.through_month)
        current = chosen.get(period)
        if current is None or precedence(version) > precedence(current):
            chosen[period] = version
    return chosen


def latest_in_year(year: int, figures: FiguresInForce) -> FigureFact | None:
    """The figure of the whole year, else of the longest part of it that is known; None when nothing is."""
    # Twelve months first: nine months published later do not speak for the year.
    months = (figures.get(Period(year, month)) for month in range(FULL_YEAR, 0, -1))
    return next((figure for figure in months if figure), None)


def aggregates_in_force(versions: Iterable[AggregateFact], as_of: date) -> AggregatesInForce:
    """The aggregate in force for each span of years and measure on `as_of`."""
    chosen: AggregatesInForce = {}
    for version in versions:
        if version.value is None or version.published_on > as_of:
            continue
        key = (version.first_year, version.last_year, version.measure)
        current = chosen.get(key)
        if current is None or precedence(version) > precedence(current):
            chosen[key] = version
    return chosen

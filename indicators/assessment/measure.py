"""What has been measured of a target so far: one figure, or the sum or mean of several (§4, §5)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from ..text.periods import Period
from .facts import (
    STATUS_RANK,
    AggregateFact,
    AggregatesInForce,
    FigureFact,
    FiguresInForce,
    TargetFact,
    is_provisional,
    latest_in_year,
)

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Measured:
    """The versions used, oldest first, and what they come to.

    `value` is what is compared and shown: S for flows and totals, the mean for averages, the value itself otherwise;
    None when it cannot be computed. `total` is the pace so far times the years known: S, the sum the mean was taken
    of, e·m for a rate; for compound growth the product of its factors. `months` is how many months of the target's
    years are known. `own_value` is our own mean or total where an aggregate over exactly those years won; where
    it gave way to the yearly figures, `gave_way` is that aggregate.
    """

    used: tuple[FigureFact | AggregateFact, ...]
    value: Decimal | None
    total: Decimal
    months: int
    own_value: Decimal | None = None
    gave_way: AggregateFact | None = None

    @property
    def qualifier(self) -> str:
        """A single version keeps its qualifier; sums and means are plain numbers (§2)."""
        return self.used[0].qualifier if len(self.used) == 1 else "exact"

    @property
    def end(self) -> int:
        """The end of the latest period used, in months."""
        return max(version.end for version in self.used)

    @property
    def provisional(self) -> bool:
        return any(is_provisional(version) for version in self.used)

    @property
    def approximate(self) -> bool:
        return any(version.qualifier != "exact" for version in self.used)

    @property
    def shown(self) -> dict[str, object]:
        """The fields of a verdict that tell the measured value and how firm it is (§7, §8)."""
        return {"measured_value": self.value, "provisional": self.provisional, "approximate": self.approximate}

    def is_complete(self, target: TargetFact) -> bool:
        return self.months == 12 * target.years


def single(figure: FigureFact, months: int) -> Measured:
    """One figure as the measured value."""
    assert figure.value is not None
    return Measured((figure,), figure.value, figure.value, months)


def measure(target: TargetFact, figures: FiguresInForce, aggregates: AggregatesInForce) -> Measured | None:
    """What is known of a flow, a rate, an average or a total; None when nothing is. (Levels by value: see `levels`.)"""
    if target.basis == "value":
        latest = latest_in_year(target.last_year, figures)
        return _one_year(target, latest) if latest else None
    years = full_years(target, figures)
    aggregate = _aggregate_used(target, years, aggregates)
    used: list[FigureFact | AggregateFact] = [aggregate] if aggregate else []
    used += [figure for year, figure in years.items() if not aggregate or year > aggregate.last_year]
    if target.basis == "total":
        # Months of a year that is known whole are in it already, and count once.
        after = max((version.end for version in used), default=Period(target.first_year - 1).end)
        used += _running_year(target, figures, after)
    if not used:
        return None
    exact = aggregates.get((target.first_year, target.last_year, target.basis))
    return replace(_combined(target, used, years), gave_way=None if exact is aggregate else exact)


def _one_year(target: TargetFact, latest: FigureFact) -> Measured:
    months = latest.through_month
    measured = single(latest, months)
    if target.kind == "rate":  # a rate is not summed: its part of the year weighs as much as its months
        return replace(measured, total=measured.total * months / 12)
    return measured


def has_part_year(target: TargetFact, figures: FiguresInForce) -> bool:
    """Whether only months of a year of the target are known somewhere."""
    return any(target.first_year <= period.year <= target.last_year for period in figures)


def full_years(target: TargetFact, figures: FiguresInForce) -> dict[int, FigureFact]:
    """The target's years that have a full-year figure of their own, whether or not an aggregate stands for them."""
    years = range(target.first_year, target.last_year + 1)
    return {year: figure for year in years if (figure := figures.get(Period(year)))}


def _running_year(target: TargetFact, figures: FiguresInForce, after: int) -> list[FigureFact]:
    """The latest running year after the known full ones, as far as it is known."""
    for year in range(target.last_year, target.first_year - 1, -1):
        if Period(year).end > after and (latest := latest_in_year(year, figures)):
            return [latest]
    return []


def _aggregate_used(
    target: TargetFact, years: dict[int, FigureFact], aggregates: AggregatesInForce
) -> AggregateFact | None:
    """The aggregate that stands for its years (§4, end of §5): one over exactly the target's years, unless every year is
    known and together they overrule or one has overtaken it; else the longest from the first year that covers a year
    without a figure of its own."""
    exact = aggregates.get((target.first_year, target.last_year, target.basis))
    if exact and not (len(years) == target.years and (_overruled(exact, years) or overtaken(exact, years.values()))):
        return exact
    candidates = (
        aggregates.get((target.first_year, last_year, target.basis))
        for last_year in range(target.last_year - 1, target.first_year - 1, -1)
    )
    return next((version for version in candidates if version and _fills_a_gap(version, years)), None)


def _overruled(aggregate: AggregateFact, years: dict[int, FigureFact]) -> bool:
    """Whether even the least firm of the yearly figures is firmer than the aggregate."""
    return min(STATUS_RANK[figure.status] for figure in years.values()) > STATUS_RANK[aggregate.status]


def overtaken(aggregate: AggregateFact, years: Iterable[FigureFact]) -> bool:
    """Whether one of the yearly figures, no less firm than the aggregate, was published after it."""
    return any(
        figure.published_on > aggregate.published_on and STATUS_RANK[figure.status] >= STATUS_RANK[aggregate.status]
        for figure in years
    )


def _fills_a_gap(aggregate: AggregateFact, years: dict[int, FigureFact]) -> bool:
    return any(year not in years for year in range(aggregate.first_year, aggregate.last_year + 1))


def _combined(target: TargetFact, used: list[FigureFact | AggregateFact], years: dict[int, FigureFact]) -> Measured:
    months = sum(_months(version) for version in used)
    value, total = _value_and_total(target, used)
    own_value = None
    # Only over the same years can the published mean be set beside ours.
    if isinstance(used[0], AggregateFact) and used[0].years == target.years == len(years):
        own_value, _ = _value_and_total(target, years.values())
    return Measured(tuple(used), value, total, months, own_value)


def _value_and_total(target: TargetFact, used: Iterable[FigureFact | AggregateFact]) -> tuple[Decimal | None, Decimal]:
    """What is shown, and the sum behind it: an average that a source publishes stands for its years' sum."""
    # A version in force has a value; `or` is for the type checker.
    terms = [(version.value or Decimal(0), _months(version) // 12) for version in used]
    if target.basis == "total":
        total = sum((value for value, _years in terms), Decimal(0))
        return total, total
    known_years = sum(years for _value, years in terms)
    if target.averages_growth:
        total = growth_product(terms)
        if any(value <= -HUNDRED for value, _years in terms):
            return None, total  # no growth rate repeats a fall to nothing or below
        return mean_growth(total, known_years), total
    total = sum((value * years for value, years in terms), Decimal(0))
    return total / known_years, total


def _months(version: FigureFact | AggregateFact) -> int:
    return version.years * 12 if isinstance(version, AggregateFact) else version.through_month


def growth_product(terms: Iterable[tuple[Decimal, int]]) -> Decimal:
    """∏(1 + g)^years for yearly growth g in percent."""
    product = Decimal(1)
    for growth, years in terms:
        product *= (1 + growth / HUNDRED) ** years
    return product


def mean_growth(product: Decimal, years: int) -> Decimal:
    """The yearly growth in percent that makes `product` in `years`; `product` is not negative."""
    return (power(product, 1 / Decimal(years)) - 1) * HUNDRED


def power(base: Decimal, exponent: Decimal) -> Decimal:
    """`base` to a fractional exponent, to 34 digits so that 1e-9 is far from the noise. `base` is not negative."""
    with localcontext(prec=34):
        return base**exponent

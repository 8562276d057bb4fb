"""What a rule is given, what it answers and what it compares with; and what is known, from the database."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from ...assessment import FigureFact
from ...models import Figure, Indicator, Target
from ...models.catalogue import Kind
from ...models.figures import Qualifier
from ...models.targets import Scope
from ...sentences.formatting import number, period_text, with_unit
from ...text.periods import FULL_YEAR, Period


@dataclass(frozen=True)
class ProposedValue:
    """A value as read, before it is stored: unlike that of a `Figure` it is never missing. When and as what it came out may
    not be known yet, nor the day printed on its source, `issued_on`."""

    indicator: Indicator
    period: Period
    value: Decimal
    qualifier: str = Qualifier.EXACT
    series_break: bool = False
    status: str = ""
    published_on: date | None = None
    issued_on: date | None = None

    @property
    def shown(self) -> str:
        """The value with its unit, every digit."""
        return with_unit(number(self.value), self.indicator.unit)

    @property
    def is_share(self) -> bool:
        return self.indicator.unit_vi == "%" and self.indicator.kind == Kind.LEVEL

    @property
    def is_in_percent(self) -> bool:
        return self.indicator.unit_vi == "%"

    @property
    def is_percent_rate(self) -> bool:
        return self.indicator.unit_vi == "%" and self.indicator.kind == Kind.RATE


@dataclass(frozen=True)
class Context:
    """What is known besides the proposed value.

    `figures` are the values in force of the indicator that can be compared with it: none from beyond a series break, not
    the record that is being edited. `siblings` are the parts of the same parent in the same period by primary key, in
    force or typed together, the indicator's own place included; None where the value is missing or only approximate.
    `bound` is a number of the indicator's last target that has one, of whatever scope.
    """

    figures: Mapping[Period, Decimal] = field(default_factory=dict)
    siblings: Mapping[int, Decimal | None] = field(default_factory=dict)
    plan: Target | None = None
    bound: Decimal | None = None

    @property
    def size(self) -> Decimal | None:
        """The size of number to expect: that of the latest figure, else of the plan or another target."""
        if self.figures:
            return self.figures[max(self.figures)]
        planned = self.plan.main_edge if self.plan else None
        return self.bound if planned is None else planned


@dataclass(frozen=True)
class PlausibilityWarning:
    """A code, what to tell the clerk in the active language, and the value probably meant, if one comes to mind.

    One that is certain speaks of what cannot be, whatever the reason given.
    """

    rule: str
    message: str
    suggestion: Decimal | None = None
    is_certain: bool = False


@dataclass(frozen=True)
class ReferenceValue:
    """The known value nearest to the proposed one, and what it leads to expect; `period` is None for the plan."""

    period: Period | None
    value: Decimal
    expected: Decimal

    def as_params(self, indicator: Indicator) -> dict[str, str]:
        """What a message says of it: `reference`, the value with its unit, and `period`."""
        period = period_text(self.period, indicator) if self.period else _("plan of the year")
        return {"reference": with_unit(number(self.value), indicator.unit), "period": period}


def reference_value(proposed: ProposedValue, context: Context) -> ReferenceValue | None:
    """The same period last year, else what was known of this one, else the period nearest in time; for a flow the same
    months of the nearest year before any other, and those in proportion. The plan where there is no figure."""
    figures, own, is_flow = context.figures, proposed.period, proposed.indicator.kind == Kind.FLOW

    def distance(period: Period) -> tuple[bool, bool, int, int]:
        other_months = is_flow and period.through_month != own.through_month
        return period != own.same_period_last_year, other_months, abs(period.end - own.end), period.end

    def in_proportion(value: Decimal, months: int) -> Decimal:
        return value * own.through_month / months if is_flow else value

    if figures:
        period = min(figures, key=distance)
        return ReferenceValue(period, figures[period], in_proportion(figures[period], period.through_month))
    planned = None if context.plan is None else (context.plan.low or context.plan.high)
    return None if planned is None else ReferenceValue(None, planned, in_proportion(planned, FULL_YEAR))


def like_values(proposed: ProposedValue, context: Context) -> list[Decimal]:
    """Known values that can be set beside the proposed one: of any day for a level, of the same months otherwise."""
    any_month = proposed.indicator.kind in (Kind.LEVEL, Kind.RANK)
    same = proposed.period.through_month
    return [value for period, value in context.figures.items() if any_month or period.through_month == same]


def contexts(
    indicators: Iterable[Indicator], period: Period, as_of: date, without: Collection[int] = ()
) -> dict[int, Context]:
    """What is known on `as_of` for a value of `period` of each of `indicators`, by primary key; three queries.

    `without` are the figures to leave aside, by primary key: those being edited.
    """
    pairs = [(indicator, period) for indicator in indicators]
    return {pair[0].pk: context for pair, context in zip(pairs, each_context(pairs, as_of, without), strict=True)}


def each_context(
    pairs: Sequence[tuple[Indicator, Period]], as_of: date, without: Collection[int] = ()
) -> Iterator[Context]:
    """What is known for a value of each indicator and period, one after the other; three queries for all of them."""
    indicators = {indicator.pk: indicator for indicator, _period in pairs}
    parts: dict[int | None, list[int]] = defaultdict(list)
    parents = {indicator.parent_id for indicator in indicators.values() if indicator.parent_id}
    for parent, pk in Indicator.objects.filter(parent__in=parents).order_by().values_list("parent_id", "pk"):
        parts[parent].append(pk)
    figures = _figures_in_force({*indicators, *(pk for pks in parts.values() for pk in pks)}, as_of, without)
    targets = _targets(indicators, as_of)
    # The firmest target comes last and stays.
    bounds = {target.indicator_id: target.main_edge for target in targets}
    plans = {(target.indicator_id, target.last_year): target for target in targets if target.scope == Scope.ANNUAL}
    for indicator, period in pairs:
        yield Context(
            comparable(figures[indicator.pk], period),
            {pk: _exact_value(figures[pk].get(period)) for pk in parts.get(indicator.parent_id, ())},
            plans.get((indicator.pk, period.year)),
            bounds.get(indicator.pk),
        )


def comparable(figures: Mapping[Period, Figure | FigureFact], period: Period) -> dict[Period, Decimal]:
    """The values of one indicator that no series break parts from a value of `period`."""
    # A period marked as a break is itself the first of the new series.
    breaks = [other.end for other, figure in figures.items() if figure.series_break]
    first = max((end for end in breaks if end <= period.end), default=0)
    next_break = min((end for end in breaks if end > period.end), default=None)
    return {
        other: figure.value
        for other, figure in figures.items()
        if figure.value is not None and first <= other.end and (next_break is None or other.end < next_break)
    }


def _figures_in_force(indicators: set[int], as_of: date, without: Collection[int]) -> dict[int, dict[Period, Figure]]:
    figures: dict[int, dict[Period, Figure]] = defaultdict(dict)
    others = Figure.objects.filter(indicator__in=indicators).exclude(pk__in=without)
    # While a figure is corrected its earlier version stays in force: it would be held against itself.
    others = others.exclude(earlier_of__in=without)
    for figure in others.in_force(as_of):
        figures[figure.indicator_id][figure.period] = figure
    return figures


def _targets(indicators: Iterable[int], as_of: date) -> list[Target]:
    """The targets in force of these indicators that have a number; the firmest, of the last year, last."""
    targets = Target.objects.in_force(as_of).filter(indicator__in=list(indicators)).select_related("indicator")
    with_number = [target for target in targets if target.main_edge is not None]
    return sorted(with_number, key=lambda target: (target.last_year, target.firmness))


def _exact_value(figure: Figure | None) -> Decimal | None:
    """The value, where shares can be added up with it."""
    return figure.value if figure and figure.qualifier == Qualifier.EXACT else None

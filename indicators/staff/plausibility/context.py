"""What a rule is given, what it answers, and what it compares with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from ...models import Indicator, Source, Target
from ...models.catalogue import Kind
from ...models.figures import Qualifier
from ...sentences.formatting import number, period_text, with_unit
from ...text.periods import FULL_YEAR, Period


@dataclass(frozen=True)
class Proposed:
    """A value as read, before it is stored."""

    indicator: Indicator
    period: Period
    value: Decimal
    qualifier: str = Qualifier.EXACT
    series_break: bool = False
    publication: "Publication | None" = None

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
class Publication:
    """When and as what a value came out; `issued_on` is the day printed on its source, where that is known."""

    status: str
    published_on: date
    issued_on: date | None = None


def publication_of(status: str, published_on: date, source: Source) -> Publication:
    """How a figure of `source` came out."""
    return Publication(status, published_on, source.issued_on)


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
class Doubt:
    """A code, what to tell the clerk in the active language, and the value probably meant, if one comes to mind.

    One that is certain speaks of what cannot be, whatever the reason given.
    """

    rule: str
    message: str
    suggestion: Decimal | None = None
    is_certain: bool = False


@dataclass(frozen=True)
class Near:
    """The known value nearest to the proposed one, and what it leads to expect; `period` is None for the plan."""

    period: Period | None
    known: Decimal
    expected: Decimal

    def told(self, indicator: Indicator) -> dict[str, str]:
        period = period_text(self.period, indicator) if self.period else _("plan of the year")
        return {"known": with_unit(number(self.known), indicator.unit), "period": period}


def nearest(proposed: Proposed, context: Context) -> Near | None:
    """The same period last year, else what was known of this one, else the period nearest in time; for a flow the same
    months of the nearest year before any other, and those in proportion. The plan where there is no figure."""
    known = context.figures
    if known:
        period = min(known, key=lambda one: _distance(one, proposed))
        return Near(period, known[period], _in_proportion(proposed, known[period], period.through_month))
    planned = None if context.plan is None else (context.plan.low or context.plan.high)
    return None if planned is None else Near(None, planned, _in_proportion(proposed, planned, FULL_YEAR))


def _distance(one: Period, proposed: Proposed) -> tuple[bool, bool, int, int]:
    own = proposed.period
    other_months = proposed.indicator.kind == Kind.FLOW and one.through_month != own.through_month
    return one != own.same_period_last_year, other_months, abs(one.end - own.end), one.end


def _in_proportion(proposed: Proposed, value: Decimal, months: int) -> Decimal:
    flows = proposed.indicator.kind == Kind.FLOW
    return value * proposed.period.through_month / months if flows else value


def like_values(proposed: Proposed, context: Context) -> list[Decimal]:
    """Known values that can be set beside the proposed one: of any day for a level, of the same months otherwise."""
    any_month = proposed.indicator.kind in (Kind.LEVEL, Kind.RANK)
    same = proposed.period.through_month
    return [value for period, value in context.figures.items() if any_month or period.through_month == same]

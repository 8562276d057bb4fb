"""Which values are expected, from whom and by when, and how far each has come.

An agency is asked for an indicator in a period when it answers for it on the due day, and the same period was answered in
one of the two years before; for whole years also when a target speaks about the year. An indicator that ended is asked for
no more. What comes unasked is shown too, and has no day to be late for.

Inside the office an answer has come when it is handed in; in public, when it is published, and nothing shows what is on
its way.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from operator import itemgetter
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from ..models import Agency, Figure, Indicator, State, StepKind, Target
from ..models.catalogue import Kind
from ..models.figures import VALUELESS
from ..queries.responsible_agency import Responsibility, responsibility
from ..text.periods import FULL_YEAR, Period
from .deadlines import Deadlines, Due, deadlines

ANSWERS = (State.SUBMITTED, State.APPROVED)
YEARS_LOOKED_BACK = 2
LONGEST_OVERDUE = timedelta(days=366)  # what nobody sent for a year is not asked for every week any more


class Completion(StrEnum):
    """How far a value has come; of several figures of one period the one that is furthest counts."""

    MISSING = "missing"
    ENTERED = "entered"
    RETURNED = "returned"
    ANSWERED = "answered"


# The order of the enumeration: a returned draft is further than one that nobody has looked at.
_FURTHEST = list(Completion)


@dataclass(frozen=True, slots=True)
class ReceivedFigure:
    """A figure as far as it tells that something came: since when, and when it was first submitted (None: unknown)."""

    pk: int
    completion: Completion
    qualifier: str
    since: date
    submitted_on: date | None


@dataclass(frozen=True, slots=True)
class ExpectedValue:
    """One indicator in one period: who is asked, by when (None: not asked for, or a rank), and the figure that is furthest
    (None: nothing came)."""

    indicator: Indicator
    agency: Agency | None
    period: Period
    is_asked_for: bool
    due: Due | None
    received: ReceivedFigure | None
    days_late: int

    @property
    def completion(self) -> Completion:
        return self.received.completion if self.received else Completion.MISSING

    @property
    def is_answered(self) -> bool:
        return self.completion == Completion.ANSWERED

    @property
    def is_overdue(self) -> bool:
        """Whether it is missing after its day and still asked for: the one definition for inbox, mails, pages and counts."""
        return self.days_late > 0 and not self.is_answered and not self.has_lapsed

    @property
    def has_lapsed(self) -> bool:
        """Whether nobody sent it for so long that it is asked for no more; in the lists of its year it is still missing."""
        return self.days_late > LONGEST_OVERDUE.days and not self.is_answered

    @property
    def tone(self) -> str:
        """What the line says at a glance: overdue, open, late (there, but after the day) or complete."""
        if not self.is_answered:
            return "overdue" if self.is_overdue else "open"
        return "late" if self.days_late else "complete"

    @property
    def has_no_value(self) -> bool:
        """Whether the answer is that there is no number: "-" or "…"."""
        return self.is_answered and self.received is not None and self.received.qualifier in VALUELESS


def of_year(year: int, as_of: date, *, in_public: bool = False) -> list[ExpectedValue]:
    """What is asked for in `year`, and what came in other months, as it stood on `as_of`."""
    return expected_values(_months_of(year), as_of, in_public=in_public)


def still_open(
    as_of: date, *, in_public: bool = False, responsible: Responsibility | None = None
) -> list[ExpectedValue]:
    """What is asked for in this year or overdue since at most a year, and not answered on `as_of`; the oldest first."""
    # What is due in the January after a year is overdue until the January after that.
    months = [month for year in range(as_of.year - 2, as_of.year + 1) for month in _months_of(year)]
    values = expected_values(months, as_of, in_public=in_public, responsible=responsible)
    due = [(value.due.due, value) for value in values if value.due and not value.is_answered and not value.has_lapsed]
    return [value for _day, value in sorted(due, key=itemgetter(0))]


def _months_of(year: int) -> list[Period]:
    return [Period(year, month) for month in range(1, FULL_YEAR + 1)]


def expected_values(
    periods: Collection[Period], as_of: date, *, in_public: bool = False, responsible: Responsibility | None = None
) -> list[ExpectedValue]:
    """What `periods` ask for or got, period by period, in the order of the official tables; seven queries.

    `responsible` is who answers on any day, where the caller has it already: three queries less.
    """
    rules = deadlines()
    ruled_periods = set(rules.periods({period.year for period in periods}))
    usual_days = {period: _usual_day(rules, period) for period in periods}
    responsible = responsible or responsibility(as_of)
    # Periods share few days, and each day walks through all mergers once.
    responsible_on = {day: responsible.on(day) for day in set(usual_days.values())}
    indicators = list(_counted(as_of))
    figures = _ReceivedFigures.of({period.year for period in periods}, as_of, in_public)
    values = []
    for period in sorted(periods):
        # Without a rule for it a period asks for nothing; what came all the same is listed.
        expected = figures.expected(period) if period in ruled_periods else set()
        for indicator in indicators:
            received = figures.furthest(indicator.pk, period)
            is_asked_for = indicator.goes_on and indicator.pk in expected  # type: ignore[attr-defined]
            if received or is_asked_for:
                agency = responsible_on[usual_days[period]].agency_of(indicator)
                due = _due(rules, indicator, agency, period) if is_asked_for else None
                days_late = _days_late(due, received, as_of)
                values.append(ExpectedValue(indicator, agency, period, is_asked_for, due, received, days_late))
    return values


def _due(rules: Deadlines, indicator: Indicator, agency: Agency | None, period: Period) -> Due | None:
    """When the value is due; ranks never are: others compare the provinces, and publish when they have done so."""
    return None if indicator.kind == Kind.RANK else rules.due_on(agency.pk if agency else None, period)


def _usual_day(rules: Deadlines, period: Period) -> date:
    """The day on which it counts who answers: when the general rule has the period due, else the first of its last month."""
    usual = rules.due_on(None, period)
    return usual.due if usual else date(period.year, period.through_month, 1)


def _days_late(due: Due | None, received: ReceivedFigure | None, as_of: date) -> int:
    """By how many days the answer came, or is by now, after the due day. What a data package brought is never late: it
    does not tell when it was handed in."""
    if due is None:
        return 0
    answered = received is not None and received.completion == Completion.ANSWERED
    end = (received.submitted_on or due.due) if received and answered else as_of
    return max((end - due.due).days, 0)


@dataclass(frozen=True)
class _ReceivedFigures:
    """What came in some years and the two before them, what was answered, and which years targets speak about."""

    by_period: dict[tuple[int, Period], list[ReceivedFigure]]
    answered: dict[Period, set[int]]
    target_years: list[tuple[int, int, int]]

    @classmethod
    def of(cls, years: Collection[int], as_of: date, in_public: bool) -> "_ReceivedFigures":
        """Those of `years`, as they stood on `as_of`; two queries."""
        targets = Target.objects.in_force(as_of).order_by().values_list("indicator_id", "first_year", "last_year")
        figures = cls(defaultdict(list), defaultdict(set), list(targets))
        for pk, period, received in _received(min(years) - YEARS_LOOKED_BACK, max(years), as_of, in_public):
            figures.by_period[pk, period].append(received)
            if received.completion == Completion.ANSWERED:
                figures.answered[period].add(pk)
        return figures

    def furthest(self, indicator: int, period: Period) -> ReceivedFigure | None:
        """The figure that has come furthest; of several as far, the one that came first."""

        def distance(received: ReceivedFigure) -> tuple[int, int]:
            return _FURTHEST.index(received.completion), -(received.submitted_on or received.since).toordinal()

        return max(self.by_period.get((indicator, period), ()), key=distance, default=None)

    def expected(self, period: Period) -> set[int]:
        """The indicators asked for in `period`, by primary key."""
        years_back = range(1, YEARS_LOOKED_BACK + 1)
        earlier = [self.answered[Period(period.year - back, period.through_month)] for back in years_back]
        planned = {pk for pk, first, last in self.target_years if period.is_full_year and first <= period.year <= last}
        return planned.union(*earlier)


def _counted(as_of: date) -> QuerySet[Indicator]:
    """The indicators with numbers of their own, and whether each still `goes_on` on `as_of`: a target runs, or figures came
    for the last years. A standard that was given up, or an area counted until a reform, owes nothing any more."""
    figures = Figure.objects.filter(indicator=OuterRef("pk"), year__gte=as_of.year - YEARS_LOOKED_BACK)
    targets = Target.objects.in_force(as_of).filter(indicator=OuterRef("pk"), last_year__gte=as_of.year)
    indicators = Indicator.objects.filter(judged_by_parts=False).select_related("sector")
    return indicators.annotate(goes_on=Exists(figures) | Exists(targets))


def _received(
    first_year: int, last_year: int, as_of: date, in_public: bool
) -> Iterator[tuple[int, Period, ReceivedFigure]]:
    """The figures of the years that were there on `as_of`, with their indicator and period."""
    visible = Figure.objects.published(as_of) if in_public else Figure.objects.without_earlier()
    submitted = Min("steps__at", filter=Q(steps__kind=StepKind.SUBMIT))
    figures = visible.filter(year__gte=first_year, year__lte=last_year).order_by()
    columns = ("indicator_id", "year", "through_month", "pk", "state", "qualifier", "published_on")
    rows = figures.annotate(first_step=Min("steps__at"), first_submitted=submitted)
    for indicator, year, month, pk, state, qualifier, published_on, first_step, first_submitted in rows.values_list(
        *columns, "first_step", "first_submitted"
    ):
        # In public a figure counts from its publication, whenever somebody typed it.
        since = published_on if in_public else _local(first_step) or published_on
        if since <= as_of:
            completion = Completion.ANSWERED if state in ANSWERS else Completion(state)
            received = ReceivedFigure(pk, completion, qualifier, since, _local(first_submitted))
            yield indicator, Period(year, month), received


def _local(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment else None


# Agencies × periods, for the staff page


@dataclass(frozen=True, slots=True)
class HeatMapCell:
    """What one agency was asked for in one period."""

    agency: Agency | None
    period: Period
    values: tuple[ExpectedValue, ...]

    @property
    def expected(self) -> int:
        return sum(value.is_asked_for or value.is_answered for value in self.values)

    @property
    def answered(self) -> int:
        return sum(value.is_answered for value in self.values)

    @property
    def overdue(self) -> int:
        return sum(value.is_overdue for value in self.values)

    @property
    def lapsed(self) -> int:
        return sum(value.has_lapsed for value in self.values)

    @property
    def returned(self) -> int:
        return sum(value.completion == Completion.RETURNED for value in self.values)

    @property
    def came_late(self) -> int:
        return sum(value.is_answered and value.days_late > 0 for value in self.values)

    @property
    def due(self) -> Due | None:
        """The day of what is still open, of everything where nothing is; ranks have none."""
        unanswered = [value for value in self.values if not value.is_answered] or self.values
        return next((value.due for value in unanswered if value.due), None)

    @property
    def tone(self) -> str:
        """What the cell says at a glance: overdue, open, late (all there, some after the day) or complete."""
        if self.overdue:
            return "overdue"
        if self.answered < self.expected:
            return "open"
        return "late" if self.came_late else "complete"


HeatMapRow = tuple[Agency | None, list[HeatMapCell | None]]


def heat_map(values: Iterable[ExpectedValue]) -> tuple[list[Period], list[HeatMapRow]]:
    """The periods that have items, the whole year first, and a row for each agency in the order of their records: the
    agency (None: indicators nobody answers for) with its cells, None where nothing was asked."""
    groups: dict[int | None, dict[Period, list[ExpectedValue]]] = defaultdict(lambda: defaultdict(list))
    agencies: dict[int | None, Agency | None] = {}
    for value in values:
        pk = value.agency.pk if value.agency else None
        agencies[pk] = value.agency
        groups[pk][value.period].append(value)
    used_periods = {period for by_period in groups.values() for period in by_period}
    periods = sorted(used_periods, key=lambda period: (period.year, not period.is_full_year, period.through_month))
    rows = []
    for pk in sorted(groups, key=lambda pk: (pk is None, pk)):
        agency, by_period = agencies[pk], groups[pk]
        cells = [
            HeatMapCell(agency, period, tuple(by_period[period])) if period in by_period else None for period in periods
        ]
        rows.append((agency, cells))
    return periods, rows


# The public page of an agency


@dataclass(frozen=True, slots=True)
class OverdueReport:
    """What an agency owes for one period: which indicators, and how late it is."""

    period: Period
    due: date
    days_late: int
    indicators: tuple[Indicator, ...]


def overdue_reports(agency: Agency, as_of: date) -> list[OverdueReport]:
    """What of `agency` is not published on `as_of` although it is due, the oldest first, and what it is to report next."""
    responsible = responsibility(as_of)
    own = responsible.indicators_of({agency.pk})
    owed: dict[tuple[date, Period], list[ExpectedValue]] = defaultdict(list)
    for value in still_open(as_of, in_public=True, responsible=responsible):
        if value.due and value.indicator.pk in own:
            owed[value.due.due, value.period].append(value)
    # Of what is not due yet only what is due next.
    following = min((due for due, _period in owed if due >= as_of), default=as_of)
    return [
        OverdueReport(period, due, values[0].days_late, tuple(value.indicator for value in values))
        for (due, period), values in sorted(owed.items())
        if due <= following
    ]


# The report

MISSING_COLUMNS = ("agency", "indicator", "name_vi", "year", "through_month", "due_on", "days_late")


def missing_rows(year: int, as_of: date) -> list[tuple[Any, ...]]:
    """What is asked for in `year` and not published on `as_of`, a row of MISSING_COLUMNS each, by agency and period.

    Public facts only: how far an answer has come inside the office is not told. `days_late` is 0 until it is due; after
    more than LONGEST_OVERDUE nobody is asked any more, but missing it is.
    """
    missing = [value for value in of_year(year, as_of, in_public=True) if value.due and not value.is_answered]
    missing.sort(key=lambda value: (value.agency is None, value.agency.pk if value.agency else 0, value.period))
    return [
        (
            value.agency.code if value.agency else "",
            value.indicator.code,
            value.indicator.name_vi,
            value.period.year,
            value.period.through_month,
            value.due.due if value.due else None,
            value.days_late,
        )
        for value in missing
    ]

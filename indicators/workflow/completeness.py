"""ASSESS: which values are asked for, from whom and by when, and how far each has come.

An agency is asked for an indicator in a period when it answers for it on the due day, and the same period was answered in
one of the two years before; for whole years also when a target speaks about the year. An indicator that ended is asked for
no more. What comes unasked is shown too.

Inside the office an answer has come when it is handed in; in public, when it is published. What is on its way is not told.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from ..models import Agency, Figure, Indicator, State, StepKind, Target
from ..models.catalogue import Kind
from ..models.figures import NO_VALUE
from ..queries.responsible_agency import responsibilities, responsibility
from ..text.periods import FULL_YEAR, Period
from .deadlines import Deadlines, Due, deadlines

ANSWERS = (State.SUBMITTED, State.APPROVED)
YEARS_LOOKED_BACK = 2
LONGEST_OVERDUE = timedelta(days=366)  # what nobody sent for a year is not asked for every week any more


class Standing(StrEnum):
    """How far a value has come; of several figures of one period the one that is furthest counts."""

    MISSING = "missing"
    ENTERED = "entered"
    RETURNED = "returned"
    ANSWERED = "answered"


_FURTHEST = list(Standing)


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure as far as it tells that something came: since when, and when it was first submitted (None: unknown)."""

    pk: int
    state: str
    qualifier: str
    since: date
    submitted_on: date | None

    @property
    def standing(self) -> Standing:
        return Standing.ANSWERED if self.state in ANSWERS else Standing(self.state)


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator in one period: who is asked, by when, and the figure that is furthest (None: nothing came)."""

    indicator: Indicator
    agency: Agency | None
    period: Period
    due: Due | None
    reading: Reading | None
    days_late: int

    @property
    def standing(self) -> Standing:
        return self.reading.standing if self.reading else Standing.MISSING

    @property
    def is_answered(self) -> bool:
        return self.standing == Standing.ANSWERED

    @property
    def is_overdue(self) -> bool:
        return self.days_late > 0 and not self.is_answered

    @property
    def has_no_value(self) -> bool:
        """Whether the answer is that there is no number: "-" or "…"."""
        return self.is_answered and self.reading is not None and self.reading.qualifier in NO_VALUE


def of_year(year: int, as_of: date, *, in_public: bool = False) -> list[Item]:
    """What is asked for in `year`, and what came in other months, as it stood on `as_of`."""
    return items(_months_of(year), as_of, in_public=in_public)


def still_open(as_of: date, *, in_public: bool = False) -> list[Item]:
    """What is asked for in this year or overdue since at most a year, and not answered on `as_of`; the oldest first."""
    oldest = as_of - LONGEST_OVERDUE
    found = items([*_months_of(as_of.year - 1), *_months_of(as_of.year)], as_of, in_public=in_public)
    open_ones = [item for item in found if item.due and item.due.due >= oldest and not item.is_answered]
    return sorted(open_ones, key=lambda item: item.due.due if item.due else oldest)


def _months_of(year: int) -> list[Period]:
    return [Period(year, month) for month in range(1, FULL_YEAR + 1)]


def items(periods: Collection[Period], as_of: date, *, in_public: bool = False) -> list[Item]:
    """What `periods` ask for or got, period by period, in the order of the official tables; seven queries."""
    rules = deadlines()
    asking = set(rules.periods({period.year for period in periods}))
    general = {period: _usual_day(rules, period) for period in periods}
    responsible = responsibilities(sorted(set(general.values())))
    indicators = list(_counted(as_of))
    known = _Known.of({period.year for period in periods}, as_of, in_public)
    found = []
    for period in sorted(periods):
        wanted = known.wanted(period) if period in asking else set()
        for indicator in indicators:
            reading = known.furthest(indicator.pk, period)
            if reading or (indicator.goes_on and indicator.pk in wanted):  # type: ignore[attr-defined]
                agency = responsible[general[period]].of(indicator)
                due = _due(rules, indicator, agency, period)
                found.append(Item(indicator, agency, period, due, reading, _days_late(due, reading, as_of)))
    return found


def _due(rules: Deadlines, indicator: Indicator, agency: Agency | None, period: Period) -> Due | None:
    """When the value is due; ranks never are: others compare the provinces, and publish when they have done so."""
    return None if indicator.kind == Kind.RANK else rules.due_on(agency.pk if agency else None, period)


def _usual_day(rules: Deadlines, period: Period) -> date:
    """The day on which it counts who answers: when the general rule has the period due, else the first of its last month."""
    usual = rules.due_on(None, period)
    return usual.due if usual else date(period.year, period.through_month, 1)


def _days_late(due: Due | None, reading: Reading | None, as_of: date) -> int:
    """By how many days the answer came, or is by now, after the due day. What a data package brought is never late: it
    does not tell when it was handed in."""
    if due is None:
        return 0
    answered = reading is not None and reading.standing == Standing.ANSWERED
    end = (reading.submitted_on or due.due) if reading and answered else as_of
    return max((end - due.due).days, 0)


@dataclass(frozen=True)
class _Known:
    """What came in some years and the two before them, what was answered, and which years targets speak about."""

    readings: dict[tuple[int, Period], list[Reading]]
    answered: dict[Period, set[int]]
    targets: list[tuple[int, int, int]]

    @classmethod
    def of(cls, years: Collection[int], as_of: date, in_public: bool) -> "_Known":
        """Two queries."""
        targets = Target.objects.in_force(as_of).order_by().values_list("indicator_id", "first_year", "last_year")
        known = cls(defaultdict(list), defaultdict(set), list(targets))
        for pk, period, reading in _readings(min(years) - YEARS_LOOKED_BACK, max(years), as_of, in_public):
            known.readings[pk, period].append(reading)
            if reading.standing == Standing.ANSWERED:
                known.answered[period].add(pk)
        return known

    def furthest(self, indicator: int, period: Period) -> Reading | None:
        """The figure that has come furthest; of several as far, the one that came first."""
        found = self.readings.get((indicator, period), ())
        return max(found, key=lambda one: (_FURTHEST.index(one.standing), -_day(one).toordinal()), default=None)

    def wanted(self, period: Period) -> set[int]:
        """The indicators asked for in `period`, by primary key."""
        years_back = range(1, YEARS_LOOKED_BACK + 1)
        earlier = [self.answered[Period(period.year - back, period.through_month)] for back in years_back]
        planned = {pk for pk, first, last in self.targets if period.is_full_year and first <= period.year <= last}
        return planned.union(*earlier)


def _counted(as_of: date) -> QuerySet[Indicator]:
    """The indicators with numbers of their own, and whether each still `goes_on` on `as_of`: a target runs, or figures came
    for the last years. A standard that was given up, or an area counted until a reform, owes nothing any more."""
    figures = Figure.objects.filter(indicator=OuterRef("pk"), year__gte=as_of.year - YEARS_LOOKED_BACK)
    targets = Target.objects.in_force(as_of).filter(indicator=OuterRef("pk"), last_year__gte=as_of.year)
    indicators = Indicator.objects.filter(judged_by_parts=False).select_related("sector")
    return indicators.annotate(goes_on=Exists(figures) | Exists(targets))


def _day(reading: Reading) -> date:
    return reading.submitted_on or reading.since


def _readings(first_year: int, last_year: int, as_of: date, in_public: bool) -> Iterator[tuple[int, Period, Reading]]:
    """The figures of the years that were there on `as_of`, with their indicator and period."""
    known = Figure.objects.published(as_of) if in_public else Figure.objects.without_earlier()
    figures = known.filter(year__gte=first_year, year__lte=last_year).order_by()
    submitted = Min("steps__at", filter=Q(steps__kind=StepKind.SUBMIT))
    rows = figures.annotate(first_step=Min("steps__at"), first_submitted=submitted).values_list(
        "indicator_id",
        "year",
        "through_month",
        "pk",
        "state",
        "qualifier",
        "published_on",
        "first_step",
        "first_submitted",
    )
    for indicator, year, month, pk, state, qualifier, published_on, entered, handed_in in rows:
        since = published_on if in_public else _local(entered) or published_on
        if since <= as_of:
            yield indicator, Period(year, month), Reading(pk, state, qualifier, since, _local(handed_in))


def _local(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment else None


# The public page of an agency


@dataclass(frozen=True, slots=True)
class Reporting:
    """What an agency owes for one period: which indicators, and how late it is."""

    period: Period
    due: date
    days_late: int
    indicators: tuple[Indicator, ...]


def reporting(agency: Agency, as_of: date) -> list[Reporting]:
    """What of `agency` is not published on `as_of` although it is due, the oldest first, and what it is to report next."""
    own = responsibility(as_of).indicators_of({agency.pk})
    owed: dict[tuple[date, Period], list[Item]] = defaultdict(list)
    for item in still_open(as_of, in_public=True):
        if item.due and item.indicator.pk in own:
            owed[item.due.due, item.period].append(item)
    following = min((due for due, _period in owed if due >= as_of), default=as_of)
    return [
        Reporting(period, due, found[0].days_late, tuple(item.indicator for item in found))
        for (due, period), found in sorted(owed.items())
        if due <= following
    ]


# The report

MISSING_COLUMNS = ("agency", "indicator", "name_vi", "year", "through_month", "due_on", "days_late")


def missing_rows(year: int, as_of: date) -> list[tuple[Any, ...]]:
    """What is asked for in `year` and not published on `as_of`, a row of MISSING_COLUMNS each, by agency and period.

    Public facts only: how far an answer has come inside the office is not told. `days_late` is 0 until it is due.
    """
    missing = [item for item in of_year(year, as_of, in_public=True) if item.due and not item.is_answered]
    missing.sort(key=lambda item: (item.agency is None, item.agency.pk if item.agency else 0, item.period))
    return [
        (
            item.agency.code if item.agency else "",
            item.indicator.code,
            item.indicator.name_vi,
            item.period.year,
            item.period.through_month,
            item.due.due if item.due else None,
            item.days_late,
        )
        for item in missing
    ]

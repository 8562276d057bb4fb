"""ASSESS: what waits for a person: values to send, figures that came back, requests to answer, figures to approve."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Max, OuterRef, Q, Subquery

from ..models import Agency, Explanation, Figure, State, Step, StepKind
from ..queries.responsible_agency import Responsibility, responsibility
from ..text.periods import Period
from .completeness import Item, still_open
from .deadlines import working_day_after
from .permissions import ENTER, Person, agencies_of, may_approve

SOON = 5  # working days


@dataclass(frozen=True)
class Queue:
    """The figures that wait for approval: how many, and since when the oldest does."""

    length: int
    since: datetime | None


@dataclass(frozen=True)
class Waiting:
    """What waits for one person. Figures that came back carry the words of the approver as `words`."""

    due: list[Item]
    overdue: list[Item]
    returned: list[Figure]
    drafts: list[Figure]
    questions: list[Explanation]
    queue: Queue | None = None
    late: tuple[tuple[Agency, int], ...] = ()
    late_periods: tuple[tuple[Period, int], ...] = ()

    @property
    def overdue_periods(self) -> tuple[tuple[Period, int], ...]:
        return by_period(self.overdue)

    @property
    def is_something(self) -> bool:
        """Whether there is anything to write about; what was only begun is nobody else's business yet."""
        own = (self.due, self.overdue, self.returned, self.questions)
        return any(own) or bool(self.late) or bool(self.queue and self.queue.length)


@dataclass(frozen=True)
class Office:
    """What is open in the whole office on a day."""

    as_of: date
    open_items: list[Item]
    unfinished: list[Figure]
    questions: list[Explanation]
    queue: Queue
    responsible: Responsibility

    def of(self, person: Person) -> Waiting:
        """What of it waits for `person`; a query for the agencies, and those for the rights."""
        agencies = agencies_of(person) if person.has_perm(ENTER) else set()
        own = self.responsible.indicators_of(agencies)
        open_items = [item for item in self.open_items if item.indicator.pk in own]
        soon = working_day_after(self.as_of, SOON)
        unfinished = [figure for figure in self.unfinished if figure.indicator_id in own]
        approves = may_approve(person)
        return Waiting(
            due=[item for item in open_items if item.due and not item.is_overdue and item.due.due <= soon],
            overdue=[item for item in open_items if item.is_overdue],
            returned=[figure for figure in unfinished if figure.state == State.RETURNED],
            drafts=[figure for figure in unfinished if figure.state == State.ENTERED],
            questions=[one for one in self.questions if self.responsible.on_duty[one.agency_id].pk in agencies],
            queue=self.queue if approves else None,
            late=self._late_agencies() if approves else (),
            late_periods=by_period(item for item in self.open_items if item.is_overdue) if approves else (),
        )

    def _late_agencies(self) -> tuple[tuple[Agency, int], ...]:
        """The agencies that owe values, with how many, the most first."""
        overdue = (self.responsible.of(item.indicator) for item in self.open_items if item.is_overdue)
        return tuple(Counter(agency for agency in overdue if agency).most_common())


def by_period(items: Iterable[Item]) -> tuple[tuple[Period, int], ...]:
    """How many of `items` belong to each period, the oldest first."""
    return tuple(sorted(Counter(item.period for item in items).items()))


def office(as_of: date) -> Office:
    """What is open on `as_of`; fourteen queries."""
    unanswered = Explanation.objects.filter(answered_on__isnull=True, asked_on__lte=as_of)
    return Office(
        as_of,
        still_open(as_of),
        _unfinished(),
        list(unanswered.select_related("target__indicator", "agency").order_by("due_on", "pk")),
        queue(),
        responsibility(as_of),
    )


def queue() -> Queue:
    """The figures that wait for approval; two queries."""
    waiting = Figure.objects.filter(state=State.SUBMITTED)
    submitted = waiting.annotate(since=Max("steps__at", filter=Q(steps__kind=StepKind.SUBMIT)))
    oldest = submitted.order_by(F("since").asc(nulls_last=True)).values_list("since", flat=True).first()
    return Queue(waiting.count(), oldest)


def _unfinished() -> list[Figure]:
    """The figures that a clerk has to go on with, with the last words of an approver as `words`."""
    back = Step.objects.filter(figure=OuterRef("pk"), kind__in=[StepKind.RETURN, StepKind.REOPEN])
    figures = Figure.objects.filter(state__in=[State.ENTERED, State.RETURNED]).select_related("indicator")
    return list(figures.annotate(words=Subquery(back.order_by("-pk").values("reason")[:1])))

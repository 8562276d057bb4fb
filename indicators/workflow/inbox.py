"""What waits for a person: values to send, figures that came back, requests to answer, figures to approve."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Q, Subquery

from ..models import Agency, Explanation, Figure, State, Step, StepKind
from ..queries.responsible_agency import Responsibility, responsibility
from ..text.periods import Period
from .completeness import ExpectedValue, still_open
from .deadlines import working_day_after
from .explanations import guard_release, unreleased
from .permissions import Action, Person, agencies_of, may
from .transitions import EDITABLE_STATES, RETURNING_KINDS

SOON = 5  # working days


@dataclass(frozen=True)
class Inbox:
    """What waits for one person. Figures that came back carry the words of the approver as `words`."""

    due: list[ExpectedValue]
    overdue: list[ExpectedValue]
    returned: list[Figure]
    drafts: list[Figure]
    questions: list[Explanation]
    releases: list[Explanation] = field(default_factory=list)
    queue: dict[str, Any] | None = None
    late: tuple[tuple[Agency, int], ...] = ()
    late_periods: tuple[tuple[Period, int], ...] = ()

    @property
    def overdue_periods(self) -> tuple[tuple[Period, int], ...]:
        return by_period(self.overdue)

    @property
    def has_news(self) -> bool:
        """Whether there is anything to write about; what was only begun is nobody else's business yet."""
        own = (self.due, self.overdue, self.returned, self.questions, self.releases)
        return any(own) or bool(self.late) or bool(self.queue and self.queue["length"])


@dataclass(frozen=True)
class OpenWork:
    """What is open in all agencies on a day."""

    as_of: date
    open_values: list[ExpectedValue]
    unfinished: list[Figure]
    questions: list[Explanation]
    releases: list[Explanation]
    queue: dict[str, Any]
    responsible: Responsibility

    def inbox_of(self, person: Person) -> Inbox:
        """What waits for `person`; a query for the agencies, and those for the rights."""
        agencies = agencies_of(person) if may(person, Action.ENTER) else set()
        own = self.responsible.indicators_of(agencies)
        open_values = [value for value in self.open_values if value.indicator.pk in own]
        soon = working_day_after(self.as_of, SOON)
        # Those of today: who took over an indicator goes on with what the body before them began.
        unfinished = [figure for figure in self.unfinished if figure.indicator_id in own]
        approves = may(person, Action.APPROVE)
        return Inbox(
            due=[value for value in open_values if value.due and not value.is_overdue and value.due.due <= soon],
            overdue=[value for value in open_values if value.is_overdue],
            returned=[figure for figure in unfinished if figure.state == State.RETURNED],
            drafts=[figure for figure in unfinished if figure.state == State.ENTERED],
            # By the body that was asked, not by the indicator: an answer is owed also by who gave the indicator away.
            questions=[
                question
                for question in self.questions
                if self.responsible.acting_bodies[question.agency_id].pk in agencies
            ],
            releases=[item for item in self.releases if approves and not guard_release(item, person)],
            queue=self.queue if approves else None,
            late=self._late_agencies() if approves else (),
            late_periods=by_period(value for value in self.open_values if value.is_overdue) if approves else (),
        )

    def _late_agencies(self) -> tuple[tuple[Agency, int], ...]:
        """The agencies that owe values, with how many, the most first."""
        overdue = (self.responsible.agency_of(value.indicator) for value in self.open_values if value.is_overdue)
        return tuple(Counter(agency for agency in overdue if agency).most_common())


def by_period(values: Iterable[ExpectedValue]) -> tuple[tuple[Period, int], ...]:
    """How many of `values` belong to each period, the oldest first."""
    return tuple(sorted(Counter(value.period for value in values).items()))


def open_work(as_of: date) -> OpenWork:
    """What is open on `as_of`; ten queries."""
    responsible = responsibility(as_of)
    requests = Explanation.objects.filter(Q(answered_on__isnull=True) | unreleased(), asked_on__lte=as_of)
    requests = requests.select_related("target__indicator", "agency").order_by("due_on", "pk")
    return OpenWork(
        as_of,
        still_open(as_of, responsible=responsible),
        _unfinished(),
        # An answer that came back is to be given anew.
        [request for request in requests if request.answered_on is None or request.return_reason],
        [request for request in requests if request.is_unreleased and not request.return_reason],
        approval_queue(),
        responsible,
    )


def approval_queue() -> dict[str, Any]:
    """How many figures wait for approval, `length`, and `since` when the oldest does, None where no step says so."""
    waiting = Figure.objects.filter(state=State.SUBMITTED)
    dated = waiting.annotate(submitted=Max("steps__at", filter=Q(steps__kind=StepKind.SUBMIT)))
    return dated.aggregate(length=Count("pk"), since=Min("submitted"))


def _unfinished() -> list[Figure]:
    """The figures that a clerk has to go on with, with the last words of an approver as `words`."""
    returning_steps = Step.objects.filter(figure=OuterRef("pk"), kind__in=RETURNING_KINDS)
    figures = Figure.objects.filter(state__in=EDITABLE_STATES).select_related("indicator")
    return list(figures.annotate(words=Subquery(returning_steps.order_by("-pk").values("reason")[:1])))

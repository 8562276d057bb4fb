"""An official asks the responsible agency why a target is in danger; the agency's answer stands beside the verdict.

A request is fixed once it is asked; the asker may withdraw it while it is open. An answer may be mended until the end of
the day it was given, every version in the history; after that it stays, so that what was public on a day stays known.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from ..models import Agency, Explanation, Target
from ..queries.progress import progress
from ..queries.responsible_agency import responsibility
from ..queries.term_overview import DANGER
from .deadlines import working_day_after
from .permissions import Person

WORKING_DAYS = 10


def usual_due(asked_on: date) -> date:
    """The day by which an agency usually answers."""
    return working_day_after(asked_on, WORKING_DAYS)


def in_danger(target: Target, on: date) -> bool:
    """Whether the verdict that counted on that day puts the target in danger."""
    return any(row.counts_as in DANGER for row in progress(on, Target.objects.filter(pk=target.pk)))


def guard_ask(target: Target, on: date) -> str:
    """Why nothing can be asked about the target; empty when it can."""
    if not in_danger(target, on):
        return gettext("This target is not in danger today: there is nothing to explain.")
    if responsibility(on).agency_of(target.indicator) is None:
        return gettext("No agency answers for this indicator. Name one on the page of the indicator first.")
    if target.explanations.filter(answered_on=None).exists():
        return gettext("An explanation was asked for already and is still open.")
    return ""


def ask(explanation: Explanation, *, by: Person) -> None:
    """Store a new request, put today to the agency that answers for the indicator today."""
    today = timezone.localdate()
    # Fixed here: the request stays with the body that was asked when the indicator moves on.
    agency = responsibility(today).agency_of(explanation.target.indicator)
    assert agency is not None
    explanation.agency, explanation.asked_on = agency, today
    explanation.asked_by_id = by.pk  # type: ignore[assignment]
    explanation.save()


def answer(explanation: Explanation, *, by: Person) -> None:
    """Store the answer as given by `by` today."""
    with transaction.atomic():
        explanation.answered_by_id, explanation.answered_on = by.pk, timezone.localdate()
        explanation.save()


@dataclass(frozen=True, slots=True)
class KnownRequest:
    """A request as the public sees it on a day, without names of persons; `answer` is empty while there is none."""

    question: str
    agency: Agency
    asked_on: date
    due_on: date
    answer: str
    answered_on: date | None
    is_late: bool


def known_requests(targets: Iterable[Target], as_of: date) -> dict[int, list[KnownRequest]]:
    """What had been asked about each target by that day, and answered by that day, the latest first; one query."""
    requests: dict[int, list[KnownRequest]] = defaultdict(list)
    asked_by_then = Explanation.objects.filter(target__in=[target.pk for target in targets], asked_on__lte=as_of)
    for request in asked_by_then.select_related("agency"):
        answered_on = request.answered_on if request.answered_on and request.answered_on <= as_of else None
        requests[request.target_id].append(
            KnownRequest(
                question=request.question,
                agency=request.agency,
                asked_on=request.asked_on,
                due_on=request.due_on,
                answer=request.answer if answered_on else "",
                answered_on=answered_on,
                is_late=(answered_on or as_of) > request.due_on,
            )
        )
    return requests

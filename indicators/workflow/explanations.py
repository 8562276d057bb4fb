"""An official asks the responsible agency why a target is in danger; the agency's answer stands beside the verdict.

A request is fixed once it is asked; the asker may withdraw it while it is open and not public. Question and answer are public
from the day on which an approver releases them, or come back with a reason. An answer may be mended until it is released, every
version in the history; after that it stays, so that what was public on a day stays known.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from ..models import Agency, Explanation, Target
from ..queries.progress import progress
from ..queries.responsible_agency import responsibility
from ..queries.term_overview import DANGER
from .deadlines import working_day_after
from .guards import Refused
from .permissions import Action, Person, may

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
        explanation.return_reason = ""
        explanation.save()


def unreleased() -> Q:
    """Requests with words that are not public."""
    return Q(question_released_on__isnull=True) | Q(answered_on__isnull=False, answer_released_on__isnull=True)


def guard_release(explanation: Explanation, by: Person) -> str:
    """Why `by` may not release the words of a request that wait, or send them back; empty when they may."""
    if not may(by, Action.APPROVE):
        return gettext("Only an approver may do this.")
    if not explanation.is_unreleased or explanation.return_reason:
        return gettext("Nothing of this request waits to be released.")
    if by.pk in _authors(explanation) and not settings.APPROVE_OWN:
        return gettext("Nobody releases their own words. Ask a colleague.")
    return ""


def release(pk: int, version: int, *, by: Person) -> None:
    """Make public, from today on, what waits in the version that `by` looked at. Raises Refused."""
    with transaction.atomic():
        explanation, today = _waiting(pk, version, by), timezone.localdate()
        explanation.question_released_on = explanation.question_released_on or today
        if explanation.answer:
            explanation.answer_released_on = today
        explanation.save()


def send_back(pk: int, version: int, *, by: Person, reason: str) -> None:
    """Tell whose words wait why they do not become public as they are. Raises Refused."""
    with transaction.atomic():
        explanation = _waiting(pk, version, by)
        if not reason.strip():
            raise Refused(gettext("Say why, so that the other side can act on it."))
        explanation.return_reason = reason.strip()
        explanation.save()


def _waiting(pk: int, version: int, by: Person) -> Explanation:
    explanation = Explanation.objects.select_for_update().get(pk=pk)
    if explanation.version != version:
        raise Refused(gettext("It was changed since you looked at it. Look at it again."))
    if why_not := guard_release(explanation, by):
        raise Refused(why_not)
    return explanation


def _authors(explanation: Explanation) -> set[int | None]:
    """Whose words wait."""
    authors = {explanation.asked_by_id} if explanation.question_released_on is None else set()
    return authors | ({explanation.answered_by_id} if explanation.answer else set())


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
    """What had been asked about each target, by its number, and answered, in public by that day, the latest first; one query."""
    requests: dict[int, list[KnownRequest]] = defaultdict(list)
    public = Explanation.objects.filter(
        target__in=[target.number for target in targets], question_released_on__lte=as_of
    )
    for request in public.select_related("agency"):
        # An answer in time is not late because an approver took longer.
        answered_on = request.answered_on if request.answered_on and request.answered_on <= as_of else None
        is_public = request.answer_released_on is not None and request.answer_released_on <= as_of
        requests[request.target_id].append(
            KnownRequest(
                question=request.question,
                agency=request.agency,
                asked_on=request.asked_on,
                due_on=request.due_on,
                answer=request.answer if is_public else "",
                answered_on=answered_on if is_public else None,
                is_late=(answered_on or as_of) > request.due_on,
            )
        )
    return requests

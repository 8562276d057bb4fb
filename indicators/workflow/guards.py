"""Why a person may not do something with a figure: in words, empty when they may."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext

from ..models import Figure, State, StepKind
from . import permissions
from .permissions import Person
from .transitions import TRANSITIONS, correction_request, has_edited


class Refused(PermissionDenied):
    """What a person may not do with a figure or its files; the message, in the active language, says why and what to do."""


def guard_write(stored: Figure | None, figure: Figure, by: Person) -> str:
    """Why `by` may not store `figure` over `stored` (None: a new one); empty when they may."""
    touched = {version.indicator_id for version in (figure, stored) if version and version.indicator_id}
    if not all(permissions.may_enter(by, pk) for pk in touched):
        return gettext("You enter figures for the indicators of your own agency only.")
    if stored and stored.state == State.SUBMITTED:
        return gettext("This figure is waiting for approval. Withdraw it first, then change it.")
    if stored and stored.state == State.APPROVED:
        return gettext("This figure is approved. Ask for a correction; when it is reopened, it can be changed.")
    return ""


def guard_delete(figure: Figure, by: Person) -> str:
    """Why `by` may not delete `figure` as it is stored; empty when they may. What was public once stays."""
    if figure.steps.filter(kind__in=[StepKind.REOPEN, StepKind.RETRACT]).exists():
        return gettext("This figure was public. It cannot be deleted; an approver can take it off the public pages.")
    return guard_write(figure, figure, by)


def guard_transition(kind: StepKind | str, figure: Figure, by: Person, reason: str = "") -> str:
    """Why `by` may not make this transition with `figure` as it is stored now; empty when they may."""
    transition = TRANSITIONS[StepKind(kind)]
    if not (permissions.may_approve(by) if transition.by_approver else permissions.may_enter(by, figure.indicator_id)):
        if transition.by_approver:
            return gettext("Only an approver may do this.")
        return gettext("You enter figures for the indicators of your own agency only.")
    if figure.state not in transition.from_states:
        return gettext("The figure is “%(state)s” by now.") % {"state": figure.get_state_display()}
    if transition.needs_reason and not reason.strip():
        return gettext("Say why, so that the other side can act on it.")
    if kind == StepKind.DECLINE and not correction_request(figure):
        return gettext("Nobody asks for a correction of this figure.")
    if kind == StepKind.RETRACT and figure.state != State.APPROVED and not figure.being_corrected:
        return gettext("Nothing of this figure is public.")
    if kind == StepKind.APPROVE and has_edited(by, figure) and not settings.APPROVE_OWN:
        return gettext("Nobody approves a figure they entered themselves. Ask a colleague.")
    return ""

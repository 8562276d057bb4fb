"""Why a person may not do something with a figure: in words, empty when they may."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext

from ..models import Figure, State, StepKind
from . import permissions
from .permissions import Person
from .steps import asked_to_mend, wrote
from .transitions import MOVES


class Refused(PermissionDenied):
    """What a person may not do with a figure or its files; the message, in the active language, says why and what to do."""


def refusal_to_write(stored: Figure | None, figure: Figure, by: Person) -> str:
    """Why `by` may not store `figure` over `stored` (None: a new one); empty when they may."""
    touched = {one.indicator_id for one in (figure, stored) if one and one.indicator_id}
    if not all(permissions.may_enter(by, pk) for pk in touched):
        return gettext("You enter figures for the indicators of your own agency only.")
    if stored and stored.state == State.SUBMITTED:
        return gettext("This figure is waiting for approval. Withdraw it first, then change it.")
    if stored and stored.state == State.APPROVED:
        return gettext("This figure is approved. Ask for a correction; when it is reopened, it can be changed.")
    return ""


def refusal_to_remove(figure: Figure, by: Person) -> str:
    """Why `by` may not delete `figure` as it is stored; empty when they may. What was public once stays."""
    if figure.steps.filter(kind__in=[StepKind.REOPEN, StepKind.RETRACT]).exists():
        return gettext("This figure was public. It cannot be deleted; an approver can take it off the public pages.")
    return refusal_to_write(figure, figure, by)


def refusal(kind: StepKind | str, figure: Figure, by: Person, reason: str = "") -> str:
    """Why `by` may not make this move with `figure` as it is stored now; empty when they may."""
    move = MOVES[StepKind(kind)]
    if not (permissions.may_approve(by) if move.by_approver else permissions.may_enter(by, figure.indicator_id)):
        if move.by_approver:
            return gettext("Only an approver may do this.")
        return gettext("You enter figures for the indicators of your own agency only.")
    if figure.state not in move.before:
        return gettext("The figure is “%(state)s” by now.") % {"state": figure.get_state_display()}
    if move.needs_reason and not reason.strip():
        return gettext("Say why, so that the other side can act on it.")
    if kind == StepKind.DECLINE and not asked_to_mend(figure):
        return gettext("Nobody asks for a correction of this figure.")
    if kind == StepKind.RETRACT and figure.state != State.APPROVED and not figure.being_corrected:
        return gettext("Nothing of this figure is public.")
    if kind == StepKind.APPROVE and wrote(by, figure) and not settings.APPROVE_OWN:
        return gettext("Nobody approves a figure they entered themselves. Ask a colleague.")
    return ""

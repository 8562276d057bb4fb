"""Why a person may not do something with a figure, or its files: in words, empty when they may."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext

from ..models import Figure, State, StepKind
from .permissions import Action, Person, may
from .transitions import EDITABLE_STATES, TRANSITIONS, correction_request, has_edited, is_unmended

# What was public once can be taken off the pages, but not out of the records.
ONCE_PUBLIC = (StepKind.REOPEN, StepKind.RETRACT)


class Refused(PermissionDenied):
    """What a person may not do with a figure or its files; the message, in the active language, says why and what to do."""

    @property
    def user_message(self) -> str:
        """What the page of the refusal shows: other refusals may say what their reader must not know."""
        return str(self)


def guard_write(stored: Figure | None, figure: Figure, by: Person) -> str:
    """Why `by` may not store `figure` over `stored` (None: a new one); empty when they may."""
    # Moving a figure to another indicator takes the right to both.
    indicators = {version.indicator_id for version in (figure, stored) if version and version.indicator_id}
    if not all(may(by, Action.ENTER, pk) for pk in indicators):
        return _not_own()
    if stored and stored.state == State.SUBMITTED:
        return gettext("This figure is waiting for approval. Withdraw it first, then change it.")
    if stored and stored.state == State.APPROVED:
        return gettext("This figure is approved. Ask for a correction; when it is reopened, it can be changed.")
    return ""


def guard_delete(figure: Figure, by: Person) -> str:
    """Why `by` may not delete `figure` as it is stored; empty when they may."""
    if any(step.kind in ONCE_PUBLIC for step in figure.steps.all()):
        return gettext("This figure was public. It cannot be deleted; an approver can take it off the public pages.")
    return guard_write(figure, figure, by)


def guard_transition(
    kind: StepKind | str, figure: Figure, by: Person, reason: str = "", *, is_meant_unchanged: bool = False
) -> str:
    """Why `by` may not make this transition with `figure` as it is stored now; empty when they may.

    `is_meant_unchanged` says that a returned figure goes back as it came, knowingly.
    """
    transition = TRANSITIONS[StepKind(kind)]
    # Rights first: to those without them no answer tells how far the figure has come.
    # Approvers approve for every agency; only what they typed themselves is refused, further below.
    if transition.by_approver and not may(by, Action.APPROVE, figure):
        return gettext("Only an approver may do this.")
    if not transition.by_approver and not may(by, Action.ENTER, figure):
        return _not_own()
    if figure.state not in transition.from_states:
        return gettext("The figure is “%(state)s” by now.") % {"state": figure.get_state_display()}
    if transition.needs_reason and not reason.strip():
        return gettext("Say why, so that the other side can act on it.")
    if kind == StepKind.SUBMIT and is_unmended(figure) and not is_meant_unchanged:
        return gettext("It was returned and not changed since. Change it, or tick that it goes back as it is.")
    if kind == StepKind.DECLINE and not correction_request(figure):
        return gettext("Nobody asks for a correction of this figure.")
    # A returned figure has something to take off only while its approved version stands in its place.
    if kind == StepKind.RETRACT and figure.state != State.APPROVED and not figure.being_corrected:
        return gettext("Nothing of this figure is public.")
    if kind == StepKind.APPROVE and has_edited(by, figure) and not settings.APPROVE_OWN:
        return gettext("Nobody approves a figure they entered themselves. Ask a colleague.")
    return ""


def guard_attach(figure: Figure, by: Person) -> str:
    """Why `by` may not add files to the figure as it is stored now; empty when they may.

    What a clerk submitted may still be given a file that was forgotten; an approved figure has what it was approved by.
    """
    if not may(by, Action.ENTER, figure):
        return _not_own()
    # The last submission counts: who sent it before it was returned has handed it on.
    submissions = [step.by_id for step in figure.steps.all() if step.kind == StepKind.SUBMIT]
    is_own_submission = figure.state == State.SUBMITTED and submissions and submissions[-1] == by.pk
    if by.is_superuser or figure.state in EDITABLE_STATES or is_own_submission:
        return ""
    return _files_stay(figure)


def guard_detach(figure: Figure, by: Person) -> str:
    """Why `by` may not remove files of the figure as it is stored now; empty when they may."""
    if not may(by, Action.ENTER, figure):
        return _not_own()
    return "" if figure.state in EDITABLE_STATES else _files_stay(figure)


def _not_own() -> str:
    return gettext("You enter figures for the indicators of your own agency only.")


def _files_stay(figure: Figure) -> str:
    state = figure.get_state_display()
    return gettext("The figure is “%(state)s” by now; its files stay as they are.") % {"state": state}

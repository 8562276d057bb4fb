"""Which transitions a figure can make: from which states to which one, by whom, with a reason or without.

What the steps of a figure tell of its way so far is read here too; they are what a transition leaves behind.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ..models import Figure, State, Step, StepKind
from .permissions import Person

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Transition:
    """From which states to which one, by a clerk of the responsible agency or by an approver, with a reason or without.

    `done_message` says that it was made with `count` figures.
    """

    kind: StepKind
    label: "StrOrPromise"
    done_message: "StrOrPromise"
    from_states: frozenset[str]
    to_state: str
    by_approver: bool = False
    needs_reason: bool = False


# By these a figure comes back to its clerk, who reads their reason.
RETURNING_KINDS = frozenset({StepKind.RETURN, StepKind.REOPEN, StepKind.RETRACT})
EDITABLE_STATES = frozenset({State.ENTERED, State.RETURNED})

TRANSITIONS = {
    transition.kind: transition
    for transition in (
        Transition(
            StepKind.SUBMIT,
            _("Submit for approval"),
            ngettext_lazy("One figure submitted for approval.", "%(count)d figures submitted for approval.", "count"),
            EDITABLE_STATES,
            State.SUBMITTED,
        ),
        Transition(
            StepKind.WITHDRAW,
            _("Withdraw"),
            ngettext_lazy("One figure withdrawn.", "%(count)d figures withdrawn.", "count"),
            frozenset({State.SUBMITTED}),
            State.ENTERED,
        ),
        Transition(
            StepKind.APPROVE,
            _("Approve"),
            ngettext_lazy("One figure approved.", "%(count)d figures approved.", "count"),
            frozenset({State.SUBMITTED}),
            State.APPROVED,
            by_approver=True,
        ),
        Transition(
            StepKind.RETURN,
            _("Return"),
            ngettext_lazy("One figure returned.", "%(count)d figures returned.", "count"),
            frozenset({State.SUBMITTED}),
            State.RETURNED,
            by_approver=True,
            needs_reason=True,
        ),
        Transition(
            StepKind.ASK,
            _("Ask for a correction"),
            _("The correction was asked for. The figure stays public until an approver reopens it."),
            frozenset({State.APPROVED}),
            State.APPROVED,
            needs_reason=True,
        ),
        Transition(
            StepKind.REOPEN,
            _("Reopen"),
            ngettext_lazy("One figure reopened for correction.", "%(count)d figures reopened for correction.", "count"),
            frozenset({State.APPROVED}),
            State.RETURNED,
            by_approver=True,
            needs_reason=True,
        ),
        Transition(
            StepKind.DECLINE,
            _("Decline the correction"),
            _("The figure stays as it is; it was not corrected."),
            frozenset({State.APPROVED}),
            State.APPROVED,
            by_approver=True,
            needs_reason=True,
        ),
        Transition(
            StepKind.RETRACT,
            _("Take off the public pages"),
            ngettext_lazy(
                "One figure taken off the public pages.", "%(count)d figures taken off the public pages.", "count"
            ),
            frozenset({State.APPROVED, State.RETURNED}),
            State.RETURNED,
            by_approver=True,
            needs_reason=True,
        ),
    )
}


def has_edited(user: Person, figure: Figure) -> bool:
    """Whether `user` entered the figure or ever changed it; no query where its steps are fetched already."""
    return any(step.by_id == user.pk and step.kind in (StepKind.ENTER, StepKind.EDIT) for step in figure.steps.all())


def correction_request(figure: Figure) -> Step | None:
    """The open request to correct an approved figure, None when there is none."""
    # By place and not `.last()`, which would ask the database although the steps are fetched.
    steps = figure.steps.all()
    last_step = steps[len(steps) - 1] if steps else None
    is_open = last_step and last_step.kind == StepKind.ASK and figure.state == State.APPROVED
    return last_step if is_open else None


def is_unmended(figure: Figure) -> bool:
    """Whether the figure came back and nobody has changed it since."""
    if figure.state != State.RETURNED:
        return False
    decisive_kinds = RETURNING_KINDS | {StepKind.ENTER, StepKind.EDIT}
    last_step = next((step for step in reversed(figure.steps.all()) if step.kind in decisive_kinds), None)
    return last_step is not None and last_step.kind in RETURNING_KINDS


def returning_step(figure: Figure) -> Step | None:
    """The step by which a returned figure came back, None for one that did not or was loaded so."""
    if figure.state != State.RETURNED:
        return None
    return next((step for step in reversed(figure.steps.all()) if step.kind in RETURNING_KINDS), None)

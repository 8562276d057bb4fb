"""The table of moves: from which states to which one, by whom, with words or without."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ..models import State, StepKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Move:
    """From which states to which one, by a clerk of the responsible agency or by an approver, with words or without.

    `done` says that it was made with `count` figures.
    """

    kind: StepKind
    label: "StrOrPromise"
    done: "StrOrPromise"
    before: frozenset[str]
    after: str
    by_approver: bool = False
    needs_reason: bool = False


SENDS_BACK = frozenset({StepKind.RETURN, StepKind.REOPEN, StepKind.RETRACT})
MENDABLE = frozenset({State.ENTERED, State.RETURNED})

MOVES = {
    move.kind: move
    for move in (
        Move(
            StepKind.SUBMIT,
            _("Submit for approval"),
            ngettext_lazy("One figure submitted for approval.", "%(count)d figures submitted for approval.", "count"),
            MENDABLE,
            State.SUBMITTED,
        ),
        Move(
            StepKind.WITHDRAW,
            _("Withdraw"),
            ngettext_lazy("One figure withdrawn.", "%(count)d figures withdrawn.", "count"),
            frozenset({State.SUBMITTED}),
            State.ENTERED,
        ),
        Move(
            StepKind.APPROVE,
            _("Approve"),
            ngettext_lazy("One figure approved.", "%(count)d figures approved.", "count"),
            frozenset({State.SUBMITTED}),
            State.APPROVED,
            by_approver=True,
        ),
        Move(
            StepKind.RETURN,
            _("Return"),
            ngettext_lazy("One figure returned.", "%(count)d figures returned.", "count"),
            frozenset({State.SUBMITTED}),
            State.RETURNED,
            by_approver=True,
            needs_reason=True,
        ),
        Move(
            StepKind.ASK,
            _("Ask for a correction"),
            _("The correction was asked for. The figure stays public until an approver reopens it."),
            frozenset({State.APPROVED}),
            State.APPROVED,
            needs_reason=True,
        ),
        Move(
            StepKind.REOPEN,
            _("Reopen"),
            ngettext_lazy("One figure reopened for correction.", "%(count)d figures reopened for correction.", "count"),
            frozenset({State.APPROVED}),
            State.RETURNED,
            by_approver=True,
            needs_reason=True,
        ),
        Move(
            StepKind.DECLINE,
            _("Decline the correction"),
            _("The figure stays as it is; it was not corrected."),
            frozenset({State.APPROVED}),
            State.APPROVED,
            by_approver=True,
            needs_reason=True,
        ),
        Move(
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

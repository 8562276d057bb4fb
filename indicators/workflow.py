"""ENTRY: the way of a figure through the office. Which states and moves there are, and who may make them, stands here.

    enter → (entered) → submit → (submitted) → approve → (approved)
                ↑  ←──── withdraw ────┘  └── return → (returned) → submit …
    (approved) → ask → (approved)          a clerk asks for a correction, the figure stays public
    (approved) → reopen → (returned)       an approver takes it back, so that it can be mended

Every change of a figure by a person goes through `write` or `carry_out`; both lock the figure, check the person's right to
that very figure, and leave a step behind. Data packages, loaded on the command line, bring figures that are approved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import rights
from .models import Figure, State, Step, StepKind
from .rights import Person

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Move:
    """From which states to which one, by a clerk of the responsible agency or by an approver, with words or without."""

    kind: StepKind
    label: "StrOrPromise"
    before: frozenset[str]
    after: str
    by_approver: bool = False
    needs_reason: bool = False


MENDABLE = frozenset({State.ENTERED, State.RETURNED})

MOVES = {
    move.kind: move
    for move in (
        Move(StepKind.SUBMIT, _("Submit for approval"), MENDABLE, State.SUBMITTED),
        Move(StepKind.WITHDRAW, _("Withdraw"), frozenset({State.SUBMITTED}), State.ENTERED),
        Move(StepKind.APPROVE, _("Approve"), frozenset({State.SUBMITTED}), State.APPROVED, by_approver=True),
        Move(StepKind.RETURN, _("Return"), frozenset({State.SUBMITTED}), State.RETURNED, True, needs_reason=True),
        Move(StepKind.ASK, _("Ask for a correction"), frozenset({State.APPROVED}), State.APPROVED, needs_reason=True),
        Move(StepKind.REOPEN, _("Reopen"), frozenset({State.APPROVED}), State.RETURNED, True, needs_reason=True),
    )
}


class Refused(PermissionDenied):
    """A step that is not allowed; the message, in the active language, says why and what to do."""


def write(figure: Figure, *, by: Person, reason: str = "") -> None:
    """Store what `by` typed: a new figure becomes entered, one that waits or came back keeps its state.

    `reason` says why a doubtful value is meant, or why a value was changed. Raises Refused, and Conflict when somebody
    else saved the figure in the meantime.
    """
    with transaction.atomic():
        is_new = figure.pk is None
        before = None if is_new else Figure.objects.select_for_update().filter(pk=figure.pk).first()
        if why := refusal_to_write(before, figure, by):
            raise Refused(why)
        figure.state = before.state if before else State.ENTERED
        figure._change_reason = reason  # type: ignore[attr-defined]
        figure.save()
        _leave_step(figure, StepKind.ENTER if is_new else StepKind.EDIT, by, reason)


def refusal_to_write(stored: Figure | None, figure: Figure, by: Person) -> str:
    """Why `by` may not store `figure` over `stored` (None: a new one); empty when they may."""
    if not all(
        rights.may_enter(by, pk) for pk in {figure.indicator_id, stored.indicator_id if stored else None} - {None}
    ):
        return gettext("You enter figures for the indicators of your own agency only.")
    if stored and stored.state == State.SUBMITTED:
        return gettext("This figure is waiting for approval. Withdraw it first, then change it.")
    if stored and stored.state == State.APPROVED:
        return gettext("This figure is approved. Ask for a correction; when it is reopened, it can be changed.")
    return ""


def refusal(kind: StepKind | str, figure: Figure, by: Person, reason: str = "") -> str:
    """Why `by` may not make this move with `figure` as it is stored now; empty when they may."""
    move = MOVES[StepKind(kind)]
    if not (rights.may_approve(by) if move.by_approver else rights.may_enter(by, figure.indicator_id)):
        if move.by_approver:
            return gettext("Only an approver may do this.")
        return gettext("You enter figures for the indicators of your own agency only.")
    if figure.state not in move.before:
        return gettext("The figure is “%(state)s” by now.") % {"state": figure.get_state_display()}
    if move.needs_reason and not reason.strip():
        return gettext("Say why, so that the other side can act on it.")
    if kind == StepKind.APPROVE and wrote(by, figure) and not settings.APPROVE_OWN:
        return gettext("Nobody approves a figure they entered themselves. Ask a colleague.")
    return ""


def wrote(user: Person, figure: Figure) -> bool:
    """Whether `user` entered the figure or ever changed it."""
    return figure.steps.filter(by_id=user.pk, kind__in=[StepKind.ENTER, StepKind.EDIT]).exists()


@dataclass(frozen=True)
class Outcome:
    """What became of a move with several figures: those that moved, and why the others did not."""

    moved: list[Figure]
    refused: list[tuple[Figure, str]]


def carry_out(kind: StepKind | str, seen: Mapping[int, int], *, by: Person, reason: str = "") -> Outcome:
    """Make one move with several figures, each for itself; those that may not move stay as they are.

    `seen` has the primary key of each and the version the person looked at: what changed since is not moved unseen.
    Figures are locked in one order, so that two people who approve the same ones wait for each other instead of failing.
    """
    move = MOVES[StepKind(kind)]
    outcome = Outcome([], [])
    with transaction.atomic():
        for figure in Figure.objects.select_for_update().filter(pk__in=list(seen)).order_by("pk"):
            why = refusal(kind, figure, by, reason)
            if not why and figure.version != seen[figure.pk]:
                why = gettext("It was changed since you looked at it. Look at it again.")
            if why:
                outcome.refused.append((figure, why))
                continue
            figure.state = move.after
            figure._change_reason = reason  # type: ignore[attr-defined]
            figure.save()
            _leave_step(figure, move.kind, by, reason)
            outcome.moved.append(figure)
    return outcome


def asked_to_mend(figure: Figure) -> Step | None:
    """The open request to correct an approved figure, None when there is none."""
    last = figure.steps.order_by("at", "pk").last()
    return last if last and last.kind == StepKind.ASK and figure.state == State.APPROVED else None


def _leave_step(figure: Figure, kind: StepKind, by: Person, reason: str) -> None:
    Step.objects.create(figure=figure, kind=kind, by_id=by.pk, at=timezone.now(), reason=reason.strip())

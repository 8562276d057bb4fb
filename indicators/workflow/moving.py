"""Making a move with figures, and keeping what the public saw until something takes its place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from ..models import Figure, State, StepKind
from ..models.integrations import queue_deliveries
from .guards import refusal
from .permissions import Person
from .steps import leave_step, save
from .transitions import MOVES, Move


@dataclass(frozen=True)
class Outcome:
    """What became of a move with several figures: those that moved, and why the others did not."""

    move: Move
    moved: list[Figure]
    refused: list[tuple[Figure, str]]


def carry_out(kind: StepKind | str, seen: Mapping[int, int], *, by: Person, reason: str = "") -> Outcome:
    """Make one move with several figures, each for itself; those that may not move stay as they are.

    `seen` has the primary key of each and the version the person looked at: what changed since is not moved unseen.
    Figures are locked in one order, so that two people who approve the same ones wait for each other instead of failing.
    """
    move = MOVES[StepKind(kind)]
    outcome = Outcome(move, [], [])
    with transaction.atomic():
        locked = Figure.objects.without_earlier().select_for_update().filter(pk__in=list(seen)).order_by("pk")
        for figure in locked.prefetch_related("steps", "earlier"):
            why = refusal(kind, figure, by, reason)
            if not why and figure.version != seen[figure.pk]:
                why = gettext("It was changed since you looked at it. Look at it again.")
            if why:
                outcome.refused.append((figure, why))
                continue
            _keep_what_was_public(figure, move.kind)
            figure.state = move.after
            save(figure, by, reason)
            leave_step(figure, move.kind, by, reason)
            outcome.moved.append(figure)
        if move.kind == StepKind.APPROVE:
            queue_deliveries(outcome.moved, timezone.now())
    return outcome


def _keep_what_was_public(figure: Figure, kind: StepKind) -> None:
    """Before the move: what the public saw stays a row of its own, until the day on which something else takes its place."""
    today = timezone.localdate()
    earlier = list(figure.earlier.all())
    if kind in (StepKind.REOPEN, StepKind.RETRACT) and figure.state == State.APPROVED:
        _earlier_version(figure, None if kind == StepKind.REOPEN else today).save()
    elif kind in (StepKind.APPROVE, StepKind.RETRACT):
        replace_earlier(earlier, today)
    if kind == StepKind.APPROVE and earlier:
        figure.corrected_on = today
    if kind in (StepKind.REOPEN, StepKind.RETRACT, StepKind.APPROVE):
        figure.being_corrected = kind == StepKind.REOPEN


def replace_earlier(versions: Iterable[Figure], today: date) -> None:
    """From `today` on, those of `versions` that still stood are shown no more."""
    for version in versions:
        if version.replaced_on is None:
            version.replaced_on = today
            version.save()


def _earlier_version(figure: Figure, replaced_on: date | None) -> Figure:
    """What is approved of `figure` now, as a row beside it."""
    own = {"id", "version", "earlier_of_id", "replaced_on"}
    names = [field.attname for field in Figure._meta.concrete_fields if field.attname not in own]
    content = {name: getattr(figure, name) for name in names}
    return Figure(**content, earlier_of=figure, replaced_on=replaced_on)

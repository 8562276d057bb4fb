"""ENTRY: the way of a figure through the office. Which states and moves there are, and who may make them, stands here.

    enter → (entered) → submit → (submitted) → approve → (approved)
                ↑  ←──── withdraw ────┘  └── return → (returned) → submit …
    (approved) → ask → (approved)          a clerk asks for a correction, the figure stays public
    (approved) → reopen → (returned)       an approver lets it be mended; what was approved stays public until the
                                           mended value is approved, and for the days before that it stays known
    (approved) → decline → (approved)      or says why the figure stays as it is
    (approved) → retract → (returned)      an approver takes off the pages what should not be there at all

Every change of a figure by a person goes through `write`, `write_many`, `remove` or `carry_out`; they lock the figure, check the
person's right to that very figure, and leave a step behind. Data packages, loaded on the command line, bring figures that
are approved.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _
from simple_history.utils import bulk_update_with_history

from ..models import Conflict, Figure, State, Step, StepKind
from ..models.access import queue_deliveries
from ..models.storing import insert, store_new
from . import rights
from .rights import Person

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


BATCH = 1000

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


class Refused(PermissionDenied):
    """A step that is not allowed; the message, in the active language, says why and what to do."""


def write(figure: Figure, *, by: Person, reason: str = "", revive: bool = False) -> None:
    """Store what `by` typed: a new figure becomes entered, one that waits or came back keeps its state.

    `reason` says why a doubtful value is meant, or why a value was changed; `revive` that a deleted figure is brought
    back from its history. Raises Refused, and Conflict when somebody else saved or deleted the figure in the meantime.
    """
    with transaction.atomic():
        is_new = figure.pk is None
        before = None if is_new else Figure.objects.select_for_update().filter(pk=figure.pk).first()
        if why := refusal_to_write(before, figure, by):
            raise Refused(why)
        if before is None and not is_new and not revive:
            raise Conflict(figure)
        entered_by = set(_entered_by(figure)) if revive else set()
        figure.state = before.state if before else State.ENTERED
        figure.stands = bool(before and before.stands)
        figure.corrected_on = before.corrected_on if before else None
        _save(figure, by, reason)
        for person in entered_by:
            Step.objects.create(figure=figure, kind=StepKind.ENTER, by_id=person, at=timezone.now())
        _leave_step(figure, StepKind.ENTER if is_new else StepKind.EDIT, by, reason)


def write_many(figures: Sequence[Figure], *, by: Person, reason: str = "") -> None:
    """Like `write`, for the figures of a file: all of them or none, in a fixed number of queries for each batch."""
    with transaction.atomic():
        pks = [figure.pk for figure in figures if figure.pk]
        stored = {one.pk: one for one in Figure.objects.select_for_update().filter(pk__in=pks).order_by("pk")}
        for figure in figures:
            before = stored.get(figure.pk)
            if why := refusal_to_write(before, figure, by):
                raise Refused(why)
            if figure.pk and (before is None or before.version != figure.version):
                raise Conflict(figure)
            figure.state = before.state if before else State.ENTERED
        new, known = ([one for one in figures if (one.pk is None) == is_new] for is_new in (True, False))
        _save_many(new, known, _changed_fields(known, stored), by, reason)


def _changed_fields(figures: Iterable[Figure], stored: Mapping[int, Figure]) -> list[str]:
    """The fields in which one of `figures` differs from what is stored, and the version."""
    names = [field.attname for field in Figure._meta.concrete_fields]
    pairs = [(figure, stored[figure.pk]) for figure in figures]
    return ["version", *(name for name in names if any(getattr(one, name) != getattr(old, name) for one, old in pairs))]


def _save_many(new: list[Figure], known: list[Figure], fields: list[str], by: Person, reason: str) -> None:
    names = [field.attname for field in Figure._meta.concrete_fields if not field.primary_key]
    keys = store_new(Figure, names, list(map(attrgetter(*names), new)), reason=reason, by=_key(by))
    for figure, key in zip(new, keys, strict=True):
        figure.pk = key
    for figure in known:
        figure.version += 1
    if known:
        told = {"default_user": by, "default_change_reason": reason}
        bulk_update_with_history(known, Figure, fields, batch_size=BATCH, **told)
    kinds = [(key, StepKind.ENTER) for key in keys] + [(one.pk, StepKind.EDIT) for one in known]
    steps = [(key, kind, _key(by), timezone.now(), reason.strip()) for key, kind in kinds]
    insert(Step, ("figure_id", "kind", "by_id", "at", "reason"), steps)


def remove(figures: Iterable[Figure], *, by: Person) -> None:
    """Delete figures that may be changed, all of them or none; their history stays. Raises Refused."""
    with transaction.atomic():
        chosen = Figure.objects.select_for_update().filter(pk__in=[figure.pk for figure in figures])
        for figure in chosen.order_by("pk"):
            if why := refusal_to_remove(figure, by):
                raise Refused(why)
            figure._history_user = by  # type: ignore[attr-defined]
            figure.delete()


def refusal_to_write(stored: Figure | None, figure: Figure, by: Person) -> str:
    """Why `by` may not store `figure` over `stored` (None: a new one); empty when they may."""
    touched = {one.indicator_id for one in (figure, stored) if one and one.indicator_id}
    if not all(rights.may_enter(by, pk) for pk in touched):
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
    if not (rights.may_approve(by) if move.by_approver else rights.may_enter(by, figure.indicator_id)):
        if move.by_approver:
            return gettext("Only an approver may do this.")
        return gettext("You enter figures for the indicators of your own agency only.")
    if figure.state not in move.before:
        return gettext("The figure is “%(state)s” by now.") % {"state": figure.get_state_display()}
    if move.needs_reason and not reason.strip():
        return gettext("Say why, so that the other side can act on it.")
    if kind == StepKind.DECLINE and not asked_to_mend(figure):
        return gettext("Nobody asks for a correction of this figure.")
    if kind == StepKind.RETRACT and figure.state != State.APPROVED and not figure.stands:
        return gettext("Nothing of this figure is public.")
    if kind == StepKind.APPROVE and wrote(by, figure) and not settings.APPROVE_OWN:
        return gettext("Nobody approves a figure they entered themselves. Ask a colleague.")
    return ""


def wrote(user: Person, figure: Figure) -> bool:
    """Whether `user` entered the figure or ever changed it; no query where its steps are fetched already."""
    return any(step.by_id == user.pk and step.kind in (StepKind.ENTER, StepKind.EDIT) for step in figure.steps.all())


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
        locked = Figure.objects.records().select_for_update().filter(pk__in=list(seen)).order_by("pk")
        for figure in locked.prefetch_related("steps", "earlier"):
            why = refusal(kind, figure, by, reason)
            if not why and figure.version != seen[figure.pk]:
                why = gettext("It was changed since you looked at it. Look at it again.")
            if why:
                outcome.refused.append((figure, why))
                continue
            _keep_what_was_public(figure, move.kind)
            figure.state = move.after
            _save(figure, by, reason)
            _leave_step(figure, move.kind, by, reason)
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
        figure.stands = kind == StepKind.REOPEN


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


def asked_to_mend(figure: Figure) -> Step | None:
    """The open request to correct an approved figure, None when there is none."""
    steps = figure.steps.all()
    last = steps[len(steps) - 1] if steps else None
    return last if last and last.kind == StepKind.ASK and figure.state == State.APPROVED else None


def sent_back(figure: Figure) -> Step | None:
    """The step by which a returned figure came back, None for one that did not or was loaded so."""
    if figure.state != State.RETURNED:
        return None
    return next((step for step in reversed(figure.steps.all()) if step.kind in SENDS_BACK), None)


def _entered_by(figure: Figure) -> Iterable[int]:
    """Who had entered a figure that was deleted since, by primary key: its steps went with it, its history stayed."""
    first = Figure.history.filter(id=figure.pk, history_type="+", history_user__isnull=False)
    return first.values_list("history_user", flat=True)


def _save(figure: Figure, by: Person, reason: str) -> None:
    """Store the figure; its history tells who did it and why, whether a page was behind it or not."""
    figure._history_user, figure._change_reason = by, reason  # type: ignore[attr-defined]
    figure.save()


def _leave_step(figure: Figure, kind: StepKind, by: Person, reason: str) -> None:
    Step.objects.create(figure=figure, kind=kind, by_id=_key(by), at=timezone.now(), reason=reason.strip())


def _key(by: Person) -> int:
    """The primary key of a person who was found to have a right, so is logged in."""
    assert by.pk is not None
    return by.pk

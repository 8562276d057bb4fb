"""Every write of a figure by a person: what was typed or read from a file, deletions, and transitions.

Each locks the figures, asks the guards about every one of them as it is stored by then, and leaves a step and a history
behind.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from simple_history.utils import bulk_update_with_history

from ..models import Conflict, Figure, State, Step, StepKind
from ..models.bulk import insert, store_new
from ..models.integrations import queue_deliveries
from ..text.periods import Period
from .guards import Refused, guard_delete, guard_transition, guard_write
from .permissions import Person, visible_figures
from .transitions import TRANSITIONS, Transition

BATCH = 1000


def write(figure: Figure, *, by: Person, reason: str = "", revive: bool = False) -> None:
    """Store what `by` typed: a new figure becomes entered, one that waits or came back keeps its state.

    `reason` says why a doubtful value is meant, or why a value was changed; `revive` that a deleted figure is brought
    back from its history. Raises Refused, and Conflict when somebody else saved or deleted the figure in the meantime.
    """
    with transaction.atomic():
        is_new = figure.pk is None
        # Locked before the guards look: between their answer and the write nobody else moves the figure on.
        stored = None if is_new else Figure.objects.select_for_update().filter(pk=figure.pk).first()
        _take_over(figure, stored, by, revive=revive)
        # The steps of a deleted figure went with it, its history stayed: who entered it may still not approve it.
        first_versions = Figure.history.filter(id=figure.pk, history_type="+", history_user__isnull=False)
        earlier_authors = set(first_versions.values_list("history_user", flat=True)) if revive else set()
        _save(figure, by, reason)
        for author in User.objects.filter(pk__in=earlier_authors):
            Step.objects.create(figure=figure, kind=StepKind.ENTER, by=author, at=timezone.now())
        _leave_step(figure, StepKind.ENTER if is_new else StepKind.EDIT, by, reason)


def correct_submitted(figure: Figure, *, by: Person, reason: str = "") -> None:
    """Change a figure that waits for approval in one go: withdrawn, written as typed, submitted again, a step each.

    Raises Refused, also where it was changed or decided since it was read, and Conflict as `write` does.
    """
    with transaction.atomic():
        withdrawn = apply_transition(StepKind.WITHDRAW, {figure.pk: figure.version}, by=by)
        if not withdrawn.moved:
            raise (
                Refused(" ".join(why for _figure, why in withdrawn.refused)) if withdrawn.refused else Conflict(figure)
            )
        figure.version = withdrawn.moved[0].version
        write(figure, by=by, reason=reason)
        submitted = apply_transition(StepKind.SUBMIT, {figure.pk: figure.version}, by=by)
        figure.state, figure.version = submitted.moved[0].state, submitted.moved[0].version


def write_many(figures: Sequence[Figure], *, by: Person, reason: str = "") -> None:
    """Like `write`, for the figures of a file: all of them or none, in a fixed number of queries for each batch.

    Raises Refused and Conflict as `write` does.
    """
    with transaction.atomic():
        pks = [figure.pk for figure in figures if figure.pk]
        stored = {figure.pk: figure for figure in Figure.objects.select_for_update().filter(pk__in=pks).order_by("pk")}
        for figure in figures:
            _take_over(figure, stored.get(figure.pk), by)
        new = [figure for figure in figures if figure.pk is None]
        existing = [figure for figure in figures if figure.pk is not None]
        _save_many(new, existing, _changed_fields(existing, stored), by, reason)


def _take_over(figure: Figure, stored: Figure | None, by: Person, *, revive: bool = False) -> None:
    """Give `figure` what nobody types, as it is stored (None: a new one): its state and how far a correction has come.

    Raises Refused where `by` may not write it, and Conflict where it was saved or deleted since it was read.
    """
    if why_not := guard_write(stored, figure, by):
        raise Refused(why_not)
    is_gone = stored is None and figure.pk is not None and not revive
    if is_gone or (stored and stored.version != figure.version):
        raise Conflict(figure)
    # Never from the form: a forged state would approve what nobody has looked at.
    figure.state = stored.state if stored else State.ENTERED
    figure.being_corrected = bool(stored and stored.being_corrected)
    figure.corrected_on = stored.corrected_on if stored else None


def _changed_fields(figures: Iterable[Figure], stored: Mapping[int, Figure]) -> list[str]:
    """The fields in which one of `figures` differs from what is stored, and the version."""
    names = [field.attname for field in Figure._meta.concrete_fields]
    pairs = [(figure, stored[figure.pk]) for figure in figures]
    return ["version", *(name for name in names if any(getattr(new, name) != getattr(old, name) for new, old in pairs))]


def _save_many(new: list[Figure], existing: list[Figure], fields: list[str], by: Person, reason: str) -> None:
    names = [field.attname for field in Figure._meta.concrete_fields if not field.primary_key]
    keys = store_new(Figure, names, list(map(attrgetter(*names), new)), reason=reason, by=_user(by))
    for figure, key in zip(new, keys, strict=True):
        figure.pk = key
    for figure in existing:
        figure.version += 1
    if existing:
        # An update in bulk passes by `save`, which would write the history.
        author = {"default_user": by, "default_change_reason": reason}
        bulk_update_with_history(existing, Figure, fields, batch_size=BATCH, **author)
    kinds = [(key, StepKind.ENTER) for key in keys] + [(figure.pk, StepKind.EDIT) for figure in existing]
    user = _user(by)
    # `insert` passes by the models, so the name that the history keeps is written here.
    steps = [(key, kind, user.pk, user.get_username(), timezone.now(), reason.strip()) for key, kind in kinds]
    insert(Step, ("figure_id", "kind", "by_id", "by_name", "at", "reason"), steps)


def remove(figures: Iterable[Figure], *, by: Person) -> None:
    """Delete figures that may be changed, all of them or none; their history stays. Raises Refused."""
    with transaction.atomic():
        locked = Figure.objects.select_for_update().filter(pk__in=[figure.pk for figure in figures])
        for figure in locked.order_by("pk"):
            if why_not := guard_delete(figure, by):
                raise Refused(why_not)
            figure._history_user = by  # type: ignore[attr-defined]
            figure.delete()


@dataclass(frozen=True)
class TransitionResult:
    """What became of a transition of several figures: those that made it, why the others did not, and how many were not
    there for this person."""

    transition: Transition
    moved: list[Figure]
    refused: list[tuple[Figure, str]]
    missing: int


def apply_transition(
    kind: StepKind | str,
    versions: Mapping[int, int],
    *,
    by: Person,
    reason: str = "",
    meant_unchanged: Collection[int] = (),
) -> TransitionResult:
    """Make one transition with several figures, each for itself; those that may not stay as they are.

    Figures that `by` may not see are not there, and nothing is said of them but that.
    `versions` has the primary key of each and the version the person looked at: what changed since stays as it is.
    `meant_unchanged` are the returned ones that are knowingly submitted as they came back.
    """
    chosen = TRANSITIONS[StepKind(kind)]
    with transaction.atomic():
        # Locked in one order: two people who approve the same figures wait for each other instead of failing.
        locked = visible_figures(by).select_for_update().filter(pk__in=list(versions)).order_by("pk")
        figures = list(locked.prefetch_related("steps", "earlier"))
        result = TransitionResult(chosen, [], [], len(versions) - len(figures))
        rivals = rivals_among(figures) if chosen.kind == StepKind.APPROVE else set()
        for figure in figures:
            why_not = guard_transition(kind, figure, by, reason, is_meant_unchanged=figure.pk in meant_unchanged)
            if not why_not and figure.pk in rivals:
                why_not = gettext(
                    "Another value of the same period and kind is chosen too. Approve only the right one."
                )
            if not why_not and figure.version != versions[figure.pk]:
                why_not = gettext("It was changed since you looked at it. Look at it again.")
            if why_not:
                result.refused.append((figure, why_not))
                continue
            _keep_public_version(figure, chosen.kind)
            figure.state = chosen.to_state
            _save(figure, by, reason)
            _leave_step(figure, chosen.kind, by, reason)
            result.moved.append(figure)
        # In the same transaction: a delivery is owed exactly when the approval stands.
        if chosen.kind == StepKind.APPROVE:
            queue_deliveries(result.moved, timezone.now())
    return result


def rivals_among(figures: Iterable[Figure]) -> set[int]:
    """Those (primary keys) that say another value for the same indicator, period and status as one of the others: approved
    together, the code of a source would decide between them."""
    groups: dict[tuple[int, Period, str], list[int]] = defaultdict(list)
    for figure in figures:
        groups[figure.indicator_id, figure.period, figure.status].append(figure.pk)
    return {pk for group in groups.values() if len(group) > 1 for pk in group}


def _keep_public_version(figure: Figure, kind: StepKind) -> None:
    """Before the transition: what the public saw stays a row of its own, until the day something else takes its place."""
    today = timezone.localdate()
    earlier_versions = list(figure.earlier.all())
    # Retracting a figure that was reopened before falls to the second branch: what the public sees is its earlier version.
    if kind in (StepKind.REOPEN, StepKind.RETRACT) and figure.state == State.APPROVED:
        # Retracted, it stands no more from today on; reopened, until the mended value is approved.
        _earlier_version(figure, None if kind == StepKind.REOPEN else today).save()
    elif kind in (StepKind.APPROVE, StepKind.RETRACT):
        replace_earlier(earlier_versions, today)
    # For the days before, the public sees what it saw then.
    if kind == StepKind.APPROVE and earlier_versions:
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
    not_copied = {"id", "version", "earlier_of_id", "replaced_on"}
    names = [field.attname for field in Figure._meta.concrete_fields if field.attname not in not_copied]
    return Figure(**{name: getattr(figure, name) for name in names}, earlier_of=figure, replaced_on=replaced_on)


def _save(figure: Figure, by: Person, reason: str) -> None:
    """Store the figure; its history tells who did it and why, whether a page was behind it or not."""
    figure._history_user, figure._change_reason = by, reason  # type: ignore[attr-defined]
    figure.save()


def _leave_step(figure: Figure, kind: StepKind, by: Person, reason: str) -> None:
    Step.objects.create(figure=figure, kind=kind, by=_user(by), at=timezone.now(), reason=reason.strip())


def _user(by: Person) -> User:
    """The person whom a guard let through, so is logged in."""
    assert by.is_authenticated
    return by

"""Storing what was typed, one figure or a file of them, and deleting."""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from ..models import Conflict, Figure, State, Step, StepKind
from ..models.bulk import insert, store_new
from .guards import Refused, refusal_to_remove, refusal_to_write
from .permissions import Person
from .steps import entered_by, key_of, leave_step, save

BATCH = 1000


def write(figure: Figure, *, by: Person, reason: str = "", revive: bool = False) -> None:
    """Store what `by` typed: a new figure becomes entered, one that waits or came back keeps its state.

    `reason` says why a doubtful value is meant, or why a value was changed; `revive` that a deleted figure is brought
    back from its history. Raises Refused, and Conflict when somebody else saved or deleted the figure in the meantime.
    """
    with transaction.atomic():
        is_new = figure.pk is None
        before = None if is_new else Figure.objects.select_for_update().filter(pk=figure.pk).first()
        _take_over(figure, before, by, revive=revive)
        typed_before = set(entered_by(figure)) if revive else set()
        save(figure, by, reason)
        for person in typed_before:
            Step.objects.create(figure=figure, kind=StepKind.ENTER, by_id=person, at=timezone.now())
        leave_step(figure, StepKind.ENTER if is_new else StepKind.EDIT, by, reason)


def write_many(figures: Sequence[Figure], *, by: Person, reason: str = "") -> None:
    """Like `write`, for the figures of a file: all of them or none, in a fixed number of queries for each batch."""
    with transaction.atomic():
        pks = [figure.pk for figure in figures if figure.pk]
        stored = {one.pk: one for one in Figure.objects.select_for_update().filter(pk__in=pks).order_by("pk")}
        for figure in figures:
            _take_over(figure, stored.get(figure.pk), by)
        new, known = ([one for one in figures if (one.pk is None) == is_new] for is_new in (True, False))
        _save_many(new, known, _changed_fields(known, stored), by, reason)


def _take_over(figure: Figure, stored: Figure | None, by: Person, *, revive: bool = False) -> None:
    """Give `figure` what nobody types, as it is stored (None: a new one): its state and how far a correction has come.

    Raises Refused where `by` may not write it, and Conflict where it was saved or deleted since it was read.
    """
    if why := refusal_to_write(stored, figure, by):
        raise Refused(why)
    is_gone = stored is None and figure.pk is not None and not revive
    if is_gone or (stored and stored.version != figure.version):
        raise Conflict(figure)
    figure.state = stored.state if stored else State.ENTERED
    figure.being_corrected = bool(stored and stored.being_corrected)
    figure.corrected_on = stored.corrected_on if stored else None


def _changed_fields(figures: Iterable[Figure], stored: Mapping[int, Figure]) -> list[str]:
    """The fields in which one of `figures` differs from what is stored, and the version."""
    names = [field.attname for field in Figure._meta.concrete_fields]
    pairs = [(figure, stored[figure.pk]) for figure in figures]
    return ["version", *(name for name in names if any(getattr(one, name) != getattr(old, name) for one, old in pairs))]


def _save_many(new: list[Figure], known: list[Figure], fields: list[str], by: Person, reason: str) -> None:
    names = [field.attname for field in Figure._meta.concrete_fields if not field.primary_key]
    keys = store_new(Figure, names, list(map(attrgetter(*names), new)), reason=reason, by=key_of(by))
    for figure, key in zip(new, keys, strict=True):
        figure.pk = key
    for figure in known:
        figure.version += 1
    if known:
        told = {"default_user": by, "default_change_reason": reason}
        bulk_update_with_history(known, Figure, fields, batch_size=BATCH, **told)
    kinds = [(key, StepKind.ENTER) for key in keys] + [(one.pk, StepKind.EDIT) for one in known]
    steps = [(key, kind, key_of(by), timezone.now(), reason.strip()) for key, kind in kinds]
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

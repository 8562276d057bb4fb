"""What a change of a figure leaves behind, its history and its steps, and what the steps tell."""

from collections.abc import Iterable

from django.utils import timezone

from ..models import Figure, State, Step, StepKind
from .permissions import Person
from .transitions import SENDS_BACK


def save(figure: Figure, by: Person, reason: str) -> None:
    """Store the figure; its history tells who did it and why, whether a page was behind it or not."""
    figure._history_user, figure._change_reason = by, reason  # type: ignore[attr-defined]
    figure.save()


def leave_step(figure: Figure, kind: StepKind, by: Person, reason: str) -> None:
    Step.objects.create(figure=figure, kind=kind, by_id=key_of(by), at=timezone.now(), reason=reason.strip())


def key_of(by: Person) -> int:
    """The primary key of a person who was found to have a right, so is logged in."""
    assert by.pk is not None
    return by.pk


def wrote(user: Person, figure: Figure) -> bool:
    """Whether `user` entered the figure or ever changed it; no query where its steps are fetched already."""
    return any(step.by_id == user.pk and step.kind in (StepKind.ENTER, StepKind.EDIT) for step in figure.steps.all())


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


def entered_by(figure: Figure) -> Iterable[int]:
    """Who had entered a figure that was deleted since, by primary key: its steps went with it, its history stayed."""
    first = Figure.history.filter(id=figure.pk, history_type="+", history_user__isnull=False)
    return first.values_list("history_user", flat=True)

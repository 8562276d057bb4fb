"""Taking out of the public history what should never have been public."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from ..models import Figure, HistoryWithdrawal, State
from .guards import Refused
from .permissions import Person


def withdraw_from_history(figure: Figure, reason: str, *, by: Person) -> HistoryWithdrawal:
    """Hide from the public every version of `figure` but the one that stands now, if one does.

    Earlier values that were kept for reports of earlier days go; staff still finds them in the figure's history.
    Raises Refused where the value is public now, or where there is nothing to hide.
    """
    with transaction.atomic():
        locked = Figure.objects.select_for_update().get(pk=figure.pk)
        through = _last_hidden(locked)
        if why_not := guard_history(locked):
            raise Refused(why_not)
        locked.earlier.all().delete()
        withdrawal = HistoryWithdrawal(figure=locked, reason=reason, through=through)  # type: ignore[misc] # the guard refuses None
        withdrawal.withdrawn_by_id, withdrawal.withdrawn_at = by.pk, timezone.now()  # type: ignore[assignment]
        withdrawal.save()
    return withdrawal


def guard_history(figure: Figure) -> str:
    """Why nothing of `figure` can be taken out of the public history; empty where something can."""
    if figure.earlier_of_id or figure.being_corrected:
        return gettext("The approved value still stands. Finish the correction, or take the figure off first.")
    if _last_hidden(figure) is None:
        return gettext("Nothing but the present value is public. Correct it, or take the figure off first.")
    return ""


def _last_hidden(figure: Figure) -> int | None:
    """The number of the last version that is not the public one of now; None where there never was another."""
    versions: Any = Figure.history.filter(id=figure.pk).order_by("-history_id")
    for version in versions:
        if figure.state != State.APPROVED or any(getattr(version, name) != getattr(figure, name) for name in _PUBLIC):
            return version.history_id
    return None


_PUBLIC = [field.attname for field in Figure._meta.concrete_fields if field.name != "version"]

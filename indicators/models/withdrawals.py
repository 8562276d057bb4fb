"""What should never have been public is taken out of the public history; the trace stays for staff."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from .base import Recorded
from .figures import Figure


class HistoryWithdrawal(Recorded):
    """Versions of a figure that no public page, file, feed or answer tells any more, not even of days when they stood."""

    figure = models.ForeignKey(Figure, models.PROTECT, related_name="history_withdrawals", verbose_name=_("figure"))
    reason = models.TextField(_("reason"), help_text=_("Why it should never have been public. Only staff reads it."))
    # Versions are numbered through all figures, in the order in which they were stored.
    through = models.BigIntegerField(_("up to version number"), editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("withdrawn by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), editable=False)

    class Meta:
        verbose_name = _("withdrawal from the public history")
        verbose_name_plural = _("withdrawals from the public history")
        ordering = ["-withdrawn_at", "-pk"]

    def __str__(self) -> str:
        return str(self.figure)


def without_withdrawn(history: QuerySet) -> QuerySet:
    """Of the history of figures the versions that the public may know of."""
    hidden = HistoryWithdrawal.objects.filter(figure_id=OuterRef("id"), through__gte=OuterRef("history_id"))
    return history.filter(~Exists(hidden))

"""Targets on their way to the public: a second pair of eyes reads each before it stands, is changed or goes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .base import Recorded
from .figures import State
from .targets import Target, TargetColumns


class ProposalKind(models.TextChoices):
    """What is to become of a target."""

    NEW = "new", _("new target")
    ADJUST = "adjust", _("adjusted target")
    CORRECT = "correct", _("correction of a typing error")
    RETRACT = "retract", _("taking back of a target entered by mistake")


class TargetProposal(TargetColumns, Recorded):
    """What one person proposes of a target, and how far it has come. Its history tells who wrote and who decided.

    Approved, a new or adjusted target becomes a row of `Target`, a correction changes one; proposals themselves are never
    public.
    """

    kind = models.CharField(_("what for"), max_length=7, choices=ProposalKind, default=ProposalKind.NEW, editable=False)
    target = models.ForeignKey(
        Target, models.PROTECT, null=True, editable=False, related_name="proposals", verbose_name=_("target")
    )
    reason = models.TextField(_("reason"), blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.ENTERED, editable=False)
    return_reason = models.TextField(_("reason for returning"), blank=True, editable=False)

    class Meta:
        verbose_name = _("proposed target")
        verbose_name_plural = _("proposed targets")
        ordering = ["pk"]
        # Whoever may change targets proposes, whoever approves figures decides.
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ProposalKind.NEW, target__isnull=True)
                | (~Q(kind=ProposalKind.NEW) & Q(target__isnull=False)),
                name="proposal_kind_fits_target",
                violation_error_message=_("A new target is of none that stands; every other proposal is of one."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[ProposalKind.CORRECT, ProposalKind.RETRACT]) | ~Q(reason=""),
                name="proposal_correction_has_reason",
                violation_error_message=_("Say what was wrong: the approver decides by it."),
            ),
            models.UniqueConstraint(
                fields=["target"],
                condition=~Q(state=State.APPROVED),
                name="proposal_one_open",
                violation_error_message=_("A change of this target is on its way already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.last_year}: {self.as_written_vi or self.get_bound_display()}"

    @property
    def is_of_stored(self) -> bool:
        """Whether it changes a target that stands instead of bringing one."""
        return self.kind in (ProposalKind.CORRECT, ProposalKind.RETRACT)


def copy_columns(from_row: TargetColumns, to_row: TargetColumns) -> None:
    """Give one row what the document says according to another."""
    for field in TargetColumns._meta.local_fields:
        setattr(to_row, field.attname, getattr(from_row, field.attname))

"""Who works for which agency, which agency answers for which indicator since when, and when reports are due."""

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history import register

from .base import NamedHistory, Recorded, year_field, years_in_range
from .catalogue import Agency, Indicator
from .figures import month_field, month_is_1_to_12

# Rights are evidence too: who could do what on a day.
register(
    User,
    app="indicators",
    bases=[NamedHistory],
    excluded_fields=["password", "last_login"],
    m2m_fields=["groups", "user_permissions"],
)
register(Group, app="indicators", bases=[NamedHistory], m2m_fields=["permissions"])


def note_login(user: User, **_signal: object) -> None:
    """Keep when `user` last came. Django's own way saves the user, which would fill the history of rights with logins."""
    User.objects.filter(pk=user.pk).update(last_login=timezone.now())


class Membership(Recorded):
    """A person works for an agency and may enter the figures of its indicators."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name=_("user")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="memberships", verbose_name=_("agency"))

    class Meta:
        verbose_name = _("member of an agency")
        verbose_name_plural = _("members of agencies")
        ordering = ["agency", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency"],
                name="membership_key",
                violation_error_message=_("This person is a member of this agency already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.agency}"


class Assignment(Recorded):
    """From a day on, another agency answers for an indicator. Before the first one it is the indicator's own agency."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="assignments", verbose_name=_("indicator"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="assignments", verbose_name=_("responsible agency"))
    valid_from = models.DateField(
        _("from"),
        help_text=_("The first day on which this agency answers. A merger needs no entry: its successor does."),
    )

    class Meta:
        verbose_name = _("change of the responsible agency")
        verbose_name_plural = _("changes of the responsible agency")
        ordering = ["indicator", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "valid_from"],
                name="assignment_key",
                violation_error_message=_("The responsible agency of this indicator changes on this day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.agency}, {self.valid_from:%d/%m/%Y}"


class Deadline(Recorded):
    """When the figures of a period are due: a number of working days after the day up to which they count.

    The rule of an agency goes before the general one, and the rule of a single year before the yearly one.
    """

    agency = models.ForeignKey(
        Agency,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="deadlines",
        verbose_name=_("agency"),
        help_text=_("Empty: every agency without a rule of its own."),
    )
    year = year_field(_("year"), null=True, blank=True, help_text=_("Empty: every year."))
    through_month = month_field()
    cut_off_day = models.PositiveSmallIntegerField(
        _("cut-off day"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text=_("The day of the period's last month up to which the figures count, for example 14."),
    )
    working_days = models.PositiveSmallIntegerField(
        _("working days"),
        default=5,
        validators=[MaxValueValidator(60)],
        help_text=_("How many working days after the cut-off the figures are due; public holidays do not count."),
    )

    class Meta:
        verbose_name = _("reporting deadline")
        verbose_name_plural = _("reporting deadlines")
        ordering = ["through_month", F("year").asc(nulls_first=True), F("agency").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(
                Coalesce("agency", 0),
                Coalesce("year", 0),
                "through_month",
                name="deadline_key",
                violation_error_message=_("There is a deadline for this agency, year and period already."),
            ),
            years_in_range("deadline_year_in_range", "year"),
            month_is_1_to_12("deadline_month_1_to_12"),
            models.CheckConstraint(
                condition=Q(cut_off_day__gte=1, cut_off_day__lte=31),
                name="deadline_day_1_to_31",
                violation_error_message=_("The day must be from 1 to 31."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.through_month}/{self.year or '…'} {self.agency or ''}"

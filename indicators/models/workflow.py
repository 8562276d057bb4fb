"""What happened to a figure on its way to the public, the files behind it, and what officials asked."""

import secrets
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .base import Recorded, UserNameField
from .catalogue import Agency
from .figures import Figure
from .targets import Target


class StepKind(models.TextChoices):
    """What a person did with a figure. `indicators.workflow` says who may do what when."""

    ENTER = "enter", _("entered")
    EDIT = "edit", _("edited")
    SUBMIT = "submit", _("submitted")
    WITHDRAW = "withdraw", _("withdrawn")
    APPROVE = "approve", _("approved")
    RETURN = "return", _("returned")
    ASK = "ask", _("correction requested")
    REOPEN = "reopen", _("reopened for correction")
    DECLINE = "decline", _("correction declined")
    RETRACT = "retract", _("taken off the public pages")


class Step(models.Model):
    """One thing one person did with a figure, and why. Steps are only ever added."""

    figure = models.ForeignKey(Figure, models.CASCADE, related_name="steps", verbose_name=_("figure"))
    kind = models.CharField(_("step"), max_length=8, choices=StepKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by whom"))
    by_name = UserNameField(_("by whom"), person="by")
    at = models.DateTimeField(_("when"))
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        # Not by the moment: a clock that was put back must not turn the way of a figure around.
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.figure}: {self.get_kind_display()}"


def random_name(evidence: "Evidence", name: str) -> str:
    """A name that tells nothing and cannot be guessed; the file's own name is kept in the database only."""
    return f"evidence/{secrets.token_hex(16)}{PurePath(name).suffix.lower()[:6]}"


class Evidence(models.Model):
    """A file that shows where a figure comes from. Never public."""

    figure = models.ForeignKey(Figure, models.CASCADE, related_name="evidence", verbose_name=_("figure"))
    file = models.FileField(_("file"), upload_to=random_name)
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("file type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("evidence file")
        verbose_name_plural = _("evidence files")
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return self.name


class Explanation(Recorded):
    """An official asks the responsible agency why a target is in danger; the answer stands beside the verdict."""

    target = models.ForeignKey(Target, models.PROTECT, related_name="explanations", verbose_name=_("target"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="explanations", verbose_name=_("agency"))
    question = models.TextField(_("question"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_on = models.DateField(_("asked on"))
    due_on = models.DateField(_("due on"))
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    # Words are public from the day on which an approver released them.
    question_released_on = models.DateField(_("question released on"), null=True, editable=False)
    answer_released_on = models.DateField(_("answer released on"), null=True, editable=False)
    return_reason = models.TextField(_("why it came back"), blank=True, editable=False, default="", db_default="")

    class Meta:
        verbose_name = _("request for explanation")
        verbose_name_plural = _("requests for explanation")
        ordering = ["-asked_on", "-pk"]
        permissions = [("ask_explanation", _("Can ask an agency for an explanation"))]
        constraints = [
            models.UniqueConstraint(
                fields=["target"],
                condition=Q(answered_on__isnull=True),
                name="explanation_one_open",
                violation_error_message=_("An explanation was asked for already and is still open."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("asked_on")),
                name="explanation_due_after_asked",
                violation_error_message=_("The answer cannot be due before it is asked for."),
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_on__isnull=True, answered_by__isnull=True)
                | (~Q(answer="") & Q(answered_on__isnull=False, answered_by__isnull=False)),
                name="explanation_answer_has_day_and_author",
                violation_error_message=_("An answer has a day and an author, and without an answer there is neither."),
            ),
            models.CheckConstraint(
                condition=Q(answer_released_on__isnull=True)
                | Q(answered_on__isnull=False, question_released_on__isnull=False),
                name="explanation_released_answer_has_question",
                violation_error_message=_("An answer is released with its question or after it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.question[:60]}"

    @property
    def is_unreleased(self) -> bool:
        """Whether there are words that are not public."""
        return self.question_released_on is None or bool(self.answer and self.answer_released_on is None)

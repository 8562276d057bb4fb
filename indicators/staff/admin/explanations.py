"""Requests for explanation: an official asks, staff of the agency answer, everybody on the staff pages reads."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ...models import Explanation, Target
from ...workflow.explanations import answer, ask, guard_ask, guard_release, unreleased, usual_due
from ...workflow.permissions import Action, may, visible_explanations
from ..forms import DayField, RecordForm
from .base import RecordAdmin


class AskForm(RecordForm):
    class Meta:
        field_classes = {"due_on": DayField}
        help_texts = {
            "target": _("Type a word of the indicator's name, or a year. Only a target in danger can be asked about."),
            "question": _(
                "What the agency is to explain, for example why it lags and what it will do. Readers see it."
            ),
            "due_on": _("Ten working days from today unless you say otherwise, for example 27/09/2026."),
        }

    def clean_target(self) -> Target:
        """Raises ValidationError for a target that nobody may ask about today."""
        target: Target = self.cleaned_data["target"]
        if why := guard_ask(target, timezone.localdate()):
            raise ValidationError(why, "refused")
        return target

    def clean_due_on(self) -> date:
        """Raises ValidationError for a day that is over."""
        due: date = self.cleaned_data["due_on"]
        if due < timezone.localdate():
            raise ValidationError(_("This day is over. Choose a later one."), "past")
        return due


class AnswerForm(RecordForm):
    class Meta:
        help_texts = {
            "answer": _(
                "Readers see it beside the verdict, with the name of the agency and without yours. You can mend it until"
                " an approver has released it."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "answer" in self.fields:
            self.fields["answer"].required = True


class ReleaseFilter(admin.SimpleListFilter):
    """Requests whose words wait for an approver, those that came back, those that are public."""

    title = _("release")
    parameter_name = "release"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("waiting", _("waits to be released")), ("returned", _("came back")), ("released", _("released"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        fitting = {
            "waiting": queryset.filter(unreleased(), return_reason=""),
            "returned": queryset.exclude(return_reason=""),
            "released": queryset.exclude(unreleased()),
        }
        return fitting.get(self.value() or "", queryset)


class AnsweredFilter(admin.SimpleListFilter):
    """Requests that wait for an answer, those past their day, those answered."""

    title = _("answer")
    parameter_name = "answered"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("no", _("still open")), ("late", _("still open, past the due date")), ("yes", _("answered"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        still_open = queryset.filter(answered_on=None)
        fitting = {
            "no": still_open,
            "late": still_open.filter(due_on__lt=timezone.localdate()),
            "yes": queryset.exclude(answered_on=None),
        }
        return fitting.get(self.value() or "", queryset)


@admin.register(Explanation)
class ExplanationAdmin(RecordAdmin):
    change_form_template = "admin/indicators/explanation_form.html"
    list_display = (
        "target",
        "agency",
        "asked_on",
        "due_on",
        "answered_on",
        "question_released_on",
        "answer_released_on",
    )
    list_filter = (AnsweredFilter, ReleaseFilter, ("agency", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("target__indicator", "agency")
    date_hierarchy = "asked_on"
    autocomplete_fields = ("target",)
    actions = None  # deleting many at once would not ask of each whether it may still be withdrawn

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return visible_explanations(request.user)

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        self._require_words(request, object_id)
        return super().history_view(request, object_id, *args, **kwargs)

    def history_form_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        self._require_words(request, object_id)
        return super().history_form_view(request, object_id, *args, **kwargs)

    def _require_words(self, request: HttpRequest, object_id: str) -> None:
        """Raises PermissionDenied for those who see of a request only what is public."""
        explanation = self.get_object(request, object_id)
        if explanation is not None and not may(request.user, Action.SEE_UNRELEASED, explanation):
            raise PermissionDenied

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        if explanation := kwargs.get("obj"):
            context["may_release"] = not guard_release(stored_explanation(explanation), request.user)
            context["may_follow"] = may(request.user, Action.SEE_UNRELEASED, explanation)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": ["target", "question", "due_on"]})]
        asked = ["target", "agency", "question", ("asked_by", "asked_on"), "due_on", "question_released_on"]
        if obj.answer_released_on is None and not may(request.user, Action.SEE_UNRELEASED, obj):
            return [(_("Question"), {"fields": asked})]
        answered = ["answer", ("answered_by", "answered_on"), "answer_released_on"]
        return [(_("Question"), {"fields": asked}), (_("Answer"), {"fields": answered})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ()
        fixed = ["target", "agency", "question", "asked_by", "asked_on", "due_on", "answered_by", "answered_on"]
        fixed += ["question_released_on", "answer_released_on"]
        return fixed if may(request.user, Action.ANSWER_EXPLANATION, stored_explanation(obj)) else [*fixed, "answer"]

    def get_form(self, request: HttpRequest, obj: Explanation | None = None, *args: Any, **kwargs: Any) -> Any:
        return super().get_form(request, obj, *args, form=AskForm if obj is None else AnswerForm, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"due_on": usual_due(timezone.localdate())} | super().get_changeform_initial_data(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Action.ASK_EXPLANATION)

    def has_change_permission(self, request: HttpRequest, obj: Explanation | None = None) -> bool:
        return super().has_change_permission(request, obj) and (
            obj is None or may(request.user, Action.ANSWER_EXPLANATION, stored_explanation(obj))
        )

    def has_delete_permission(self, request: HttpRequest, obj: Explanation | None = None) -> bool:
        if obj is None:
            return may(request.user, Action.ASK_EXPLANATION)
        return may(request.user, Action.WITHDRAW_EXPLANATION, stored_explanation(obj))

    def save_model(self, request: HttpRequest, obj: Explanation, form: forms.ModelForm, change: bool) -> None:
        if not change:
            ask(obj, by=request.user)
        elif "answer" in form.changed_data:
            answer(obj, by=request.user)
        else:
            super().save_model(request, obj, form, change)

    def view_on_site(self, explanation: Explanation) -> str:
        return reverse("indicator", args=[explanation.target.indicator.code])


def stored_explanation(explanation: Explanation) -> Explanation:
    """The request as it is in the database; a form in progress or an old version does not tell who may do what."""
    return Explanation.objects.select_related("agency__successor").filter(pk=explanation.pk).first() or explanation

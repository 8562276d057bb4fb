"""Figures: what was typed, where it stands on its way to the public, and the transitions from there."""

from copy import copy
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...core.language import active_language
from ...models import Figure, State, StepKind
from ...queries.impact import figure_impacts
from ...sentences import describe_effect, describe_reading
from ...workflow import (
    TRANSITIONS,
    apply_transition,
    correct_submitted,
    correction_request,
    guard_delete,
    guard_transition,
    guard_write,
    is_unmended,
    remove,
    returning_step,
    write,
)
from ...workflow.permissions import Action, enterable, may, visible_figures
from ..forms import FigureForm
from ..input_guard import limit_of
from ..views.evidence import evidence_context
from ..views.transitions import (
    NEVER_SHOWN,
    UNCHANGED_FIELD,
    VERSIONS_FIELD,
    report_outcome,
    shown_version,
    shown_versions,
)
from .base import BY_AGENCY, OwnFilter, PeriodAdmin, PeriodFilter, YearFilter


class FigureAdminForm(FigureForm):
    """The form of a figure with a button that reads back what was typed and saves nothing."""

    can_ask_about_rival = True

    def clean(self) -> dict[str, Any]:
        self.cleaned_data = super().clean()
        if "_check" in self.data and not self.errors:
            for name in (
                "indicator",
                "year",
                "through_month",
                "value",
                "qualifier",
                "status",
                "published_on",
                "source",
            ):
                setattr(self.instance, name, self.cleaned_data.get(name))
            self.add_error(
                None, ValidationError([_("Nothing is saved yet."), saved_message(self.instance)], code="read_back")
            )
        return self.cleaned_data


@admin.register(Figure)
class FigureAdmin(PeriodAdmin):
    form = FigureAdminForm
    change_form_template = "admin/indicators/figure_form.html"
    list_display = ("indicator_name", "period_text", "value_text", "status", "state", "published_on", "source_name")
    list_filter = (OwnFilter, "state", YearFilter, PeriodFilter, "status", "indicator__sector", BY_AGENCY)
    linked_lookups = ("indicator__id__exact",)
    date_hierarchy = "published_on"
    ordering = ("-published_on", "-pk")
    actions = ("submit_chosen",)
    fieldsets = [
        (
            None,
            {
                "fields": ["indicator", ("year", "through_month")],
                "description": gettext_lazy(
                    "One record is one published value. The next estimate or the final figure is a new record beside it;"
                    " change a record only to mend a typing error."
                ),
            },
        ),
        (gettext_lazy("What was published"), {"fields": [("value", "qualifier"), "status", "series_break"]}),
        (
            gettext_lazy("Where and when"),
            {
                "fields": ["source", "published_on", "quote_vi", "note", "reason"],
                "description": gettext_lazy("Every number can be followed to the words it was read from."),
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return visible_figures(request.user).select_related("indicator", "source")

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Figure | None:
        figure = super().get_object(request, *args, **kwargs)
        if figure is not None:
            # A copy: the form writes what was typed into the other.
            request.__dict__.setdefault("stored_figures", {})[figure.pk] = copy(figure)
            request.__dict__.setdefault("visible_figures", set()).add(figure.pk)
        return figure

    def has_view_permission(self, request: HttpRequest, obj: Figure | None = None) -> bool:
        if not super().has_view_permission(request, obj):
            return False
        if obj is None or obj.pk in request.__dict__.get("visible_figures", ()):
            return True
        if stored_figure(request, obj) is None:
            return may(request.user, Action.ENTER, obj)
        return visible_figures(request.user).filter(pk=obj.pk).exists()

    def may_see(self, request: HttpRequest, object_id: str) -> bool:
        if Figure.objects.filter(pk=object_id).exists():
            return visible_figures(request.user).filter(pk=object_id).exists()
        # What was deleted was a draft, which its agency alone saw.
        deleted = Figure.history.filter(id=object_id).first()
        return deleted is not None and may(request.user, Action.ENTER, deleted.indicator_id)

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        self._require_steps(request, object_id)
        return super().history_view(request, object_id, *args, **kwargs)

    def history_form_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        self._require_steps(request, object_id)
        return super().history_form_view(request, object_id, *args, **kwargs)

    def _require_steps(self, request: HttpRequest, object_id: str) -> None:
        """Raises PermissionDenied for those who may not read who did what with the figure."""
        figure = self.get_object(request, object_id)
        if figure is not None and not may(request.user, Action.SEE_STEPS, figure):
            raise PermissionDenied

    def has_change_permission(self, request: HttpRequest, obj: Figure | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not guard_write(stored_figure(request, obj), obj, request.user))

    def has_delete_permission(self, request: HttpRequest, obj: Figure | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        if not allowed or obj is None:
            return allowed
        load_steps(obj)
        # Against what is stored: a form in progress may name another indicator.
        return not guard_write(stored_figure(request, obj), obj, request.user) and not guard_delete(obj, request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "indicator":
            kwargs["queryset"] = enterable(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_dbfield(db_field, request, **kwargs | limit_of(db_field))

    def save_model(self, request: HttpRequest, obj: Figure, form: FigureForm, change: bool) -> None:
        if change and "_submit" in request.POST and not form.has_changed():
            # Only submitted: nobody edited anything, and what moves is the version that the page showed.
            obj.version = form.cleaned_data.get("read_version") or NEVER_SHOWN
            return
        # A form without a stored record, of one that has a key, brings back a deleted figure from its history.
        revive = getattr(form, "stored", None) is None and obj.pk is not None
        reason = form.cleaned_data.get("reason", "")
        if form.corrects_submitted:
            correct_submitted(obj, by=request.user, reason=reason)
        else:
            write(obj, by=request.user, reason=reason, revive=revive)
        self.message_user(request, saved_message(obj), messages.INFO)

    def delete_model(self, request: HttpRequest, obj: Figure) -> None:
        remove([obj], by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        remove(queryset, by=request.user)

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        figure = kwargs.get("obj")
        context["may_submit"] = figure is None or self.has_change_permission(request, figure)
        if figure is not None:
            context |= workflow_context(figure, request) | evidence_context(figure, request)
        if context["may_submit"]:
            # A button of its own would send what is stored, not what was typed: the form's button does both.
            possible = context.get("transitions", ())
            context["transitions"] = [transition for transition in possible if transition.kind != StepKind.SUBMIT]
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Figure, *args: Any, **kwargs: Any) -> HttpResponse:
        return submit_if_asked(request, obj) or super().response_add(request, obj, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Figure) -> HttpResponse:
        return submit_if_asked(request, obj) or super().response_change(request, obj)

    def action_checkbox(self, obj: Figure) -> SafeString:
        """The check box of a row, and with it the version that the row shows."""
        box = super().action_checkbox(obj)
        return format_html('{}<input type="hidden" name="{}" value="{}">', box, VERSIONS_FIELD, shown_version(obj))

    @admin.action(description=gettext_lazy("Submit for approval"), permissions=["change"])
    def submit_chosen(self, request: HttpRequest, chosen: models.QuerySet) -> None:
        shown = shown_versions(request.POST.getlist(VERSIONS_FIELD))
        # Who ticks all of a list that goes on for pages says so of figures that no page showed: those as they stand.
        is_all = request.POST.get("select_across") == "1"
        versions = chosen.values_list("pk", "version")
        versions_shown = {pk: shown.get(pk, version if is_all else NEVER_SHOWN) for pk, version in versions}
        report_outcome(request, apply_transition(StepKind.SUBMIT, versions_shown, by=request.user))


def submit_if_asked(request: HttpRequest, figure: Figure) -> HttpResponse | None:
    """The page of the figure just saved, submitted as well, where the button asked for it; else None."""
    # One that was corrected while it waited is submitted already.
    if "_submit" not in request.POST or figure.state == State.SUBMITTED:
        return None
    unchanged = shown_versions(request.POST.getlist(UNCHANGED_FIELD))
    versions = {figure.pk: figure.version}
    report_outcome(request, apply_transition(StepKind.SUBMIT, versions, by=request.user, meant_unchanged=unchanged))
    return redirect("admin:indicators_figure_change", figure.pk)


def stored_figure(request: HttpRequest, figure: Figure) -> Figure | None:
    """The figure as it is stored, None for one that was deleted; a form in progress or an old version does not tell.

    Read once for a request, anew by `get_object`: what it decides is what a page offers, and every write asks again.
    """
    stored = request.__dict__.setdefault("stored_figures", {})
    if figure.pk not in stored:
        stored[figure.pk] = Figure.objects.filter(pk=figure.pk).first()
    return stored[figure.pk]


def load_steps(figure: Figure) -> None:
    """Fetch the steps of the figure, unless they were: several questions are answered by them."""
    models.prefetch_related_objects([figure], "steps")


def workflow_context(figure: Figure, request: HttpRequest) -> dict[str, Any]:
    """The steps of a figure so far, and the transitions this person may make with it now."""
    load_steps(figure)
    user = request.user
    possible = [
        transition
        for kind, transition in TRANSITIONS.items()
        if not guard_transition(kind, figure, user, reason="?", is_meant_unchanged=True)
    ]
    return {
        "may_follow": may(user, Action.SEE_STEPS, figure),
        "steps": figure.steps.all(),
        "transitions": possible,
        "correction_request": correction_request(figure),
        "returning_step": returning_step(figure),
        "unmended": shown_version(figure) if is_unmended(figure) else "",
        "reason_needed": any(transition.needs_reason for transition in possible),
    }


def saved_message(figure: Figure) -> str:
    """What was saved, in words and in what it would do."""
    language, today = active_language(), timezone.localdate()
    effect = describe_effect(figure_impacts([figure], today)[figure.indicator_id], language)
    return _("Understood as %(what)s.") % {"what": describe_reading(figure, language)} + f" {effect}"

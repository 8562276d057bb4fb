"""Targets, official results, official verdicts."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ...models import OfficialResult, OfficialVerdict, ProposalKind, State, Target
from ...sentences.formatting import as_written, basis_text
from ...workflow.permissions import Action, may
from ..forms import OfficialResultForm, OfficialVerdictForm, TargetForm
from .base import BY_AGENCY, IndicatorRecordAdmin, LastYearFilter, OwnFilter, RecordAdmin, as_text, source_label
from .proposals import proposal_page

# What can be proposed of a target that stands.
WAYS = (
    (ProposalKind.ADJUST, _("Adjust the target")),
    (ProposalKind.CORRECT, _("Mend a typing error")),
    (ProposalKind.RETRACT, _("Take back")),
)


@admin.register(Target)
class TargetAdmin(IndicatorRecordAdmin):
    form = TargetForm
    change_form_template = "admin/indicators/target_form.html"
    year_paths = ("first_year", "last_year")
    list_display = (
        "indicator_name",
        "about",
        "written",
        "status",
        as_text(Target, "counted"),
        "decided_on",
        "replaced_on",
        "source_name",
    )
    list_filter = (
        OwnFilter,
        "term",
        "scope",
        LastYearFilter,
        "status",
        "counted",
        "bound",
        "indicator__sector",
        BY_AGENCY,
    )
    date_hierarchy = "decided_on"
    fieldsets = [
        (
            None,
            {
                "fields": ["indicator", ("term", "scope"), ("first_year", "last_year", "baseline_year")],
                "description": _(
                    "One record is one target as one document puts it. A revised target is a new record;"
                    " this one then gets the day it was replaced."
                ),
            },
        ),
        (
            _("What is to be reached"),
            {
                "fields": ["as_written_vi", "bound", ("low", "high"), "basis"],
                "description": _("Copy the words first, then choose the bound that says the same."),
            },
        ),
        (_("Validity"), {"fields": ["status", "counted", ("decided_on", "replaced_on")]}),
        (_("Where and when"), {"fields": ["source", "quote_vi", "note"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # Not list_select_related: autocompletes too print the name of a target, which contains its indicator's.
        return super().get_queryset(request).filter(shown_until=None).select_related("indicator", "source")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Action.PROPOSE_TARGETS)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody writes over a target: every change is proposed and read by an approver."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def may_restore(self, request: HttpRequest, object_id: str) -> bool:
        return False

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Every new target is proposed. Raises PermissionDenied for who may not."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return proposal_page(request)

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        target = kwargs["obj"]
        open_proposal = target.proposals.exclude(state=State.APPROVED).first()
        context["open_proposal"] = open_proposal if self.has_add_permission(request) else None
        if self.has_add_permission(request) and not open_proposal:
            context["ways"] = [way for way in WAYS if way[0] != ProposalKind.ADJUST or target.replaced_on is None]
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("years"), ordering="last_year")
    def about(self, target: Target) -> str:
        return basis_text(target)

    @admin.display(description=_("as written"), ordering="as_written_vi")
    def written(self, target: Target) -> str:
        return as_written(target)


@admin.register(OfficialResult)
class OfficialResultAdmin(RecordAdmin):
    form = OfficialResultForm
    list_display = ("period", "result", "source_name")
    list_filter = ("term",)
    list_select_related = ("term", "source")
    autocomplete_fields = ("source",)
    fieldsets = [
        (
            None,
            {
                "fields": [("term", "year"), ("met_or_exceeded", "declared_targets"), "source", "quote_vi", "note"],
                "description": _("The province's own count, for example “đạt và vượt 18/20 chỉ tiêu”."),
            },
        )
    ]

    @admin.display(description=_("period"), ordering="year")
    def period(self, result: OfficialResult) -> str:
        return str(result.year) if result.year else result.term.name

    @admin.display(description=_("met or exceeded"))
    def result(self, result: OfficialResult) -> str:
        return f"{result.met_or_exceeded}/{result.declared_targets}"

    @admin.display(description=_("source"))
    def source_name(self, result: OfficialResult) -> str:
        return source_label(result.source)


@admin.register(OfficialVerdict)
class OfficialVerdictAdmin(IndicatorRecordAdmin):
    form = OfficialVerdictForm
    indicator_path = "target__indicator"
    source_path = "target__source"
    year_paths = ("target__first_year", "target__last_year")
    autocomplete_fields = ("target",)
    list_display = ("target", "verdict", "decided_on", "decided_by")
    list_filter = ("verdict", "target__term", "target__indicator__sector")
    list_select_related = ("target__indicator", "decided_by")
    date_hierarchy = "decided_on"
    readonly_fields = ("decided_by",)
    fieldsets = [
        (
            None,
            {
                "fields": ["target", "verdict", "reason", "decided_on", "decided_by"],
                "description": _(
                    "The computed verdict is a suggestion. An official one stands beside it, with its reason, and is the one"
                    " that counts in x/N."
                ),
            },
        )
    ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"decided_on": timezone.localdate()} | super().get_changeform_initial_data(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Action.DECIDE_VERDICT)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return may(request.user, Action.DECIDE_VERDICT)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return may(request.user, Action.DECIDE_VERDICT)

    def save_model(self, request: HttpRequest, obj: OfficialVerdict, form: forms.ModelForm, change: bool) -> None:
        obj.decided_by_id = request.user.pk
        super().save_model(request, obj, form, change)

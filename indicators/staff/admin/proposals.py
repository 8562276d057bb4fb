"""The pages where targets are proposed: a new one, an adjusted one, a typing error mended, a mistaken one taken back."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...models import ProposalKind, Target, TargetProposal
from ...sentences.formatting import as_written, basis_text
from ...workflow import EDITABLE_STATES
from ...workflow.permissions import Action, may
from ...workflow.target_proposals import MOVES, guard_move, propose
from ...workflow.transitions import TRANSITIONS
from ..forms import TargetProposalForm
from ..input_guard import is_key
from .base import BY_AGENCY, IndicatorRecordAdmin, LastYearFilter

_ABOUT = ["indicator", ("term", "scope")]
_WORDS = ["as_written_vi", "decided_on", "source", "quote_vi"]
_READ = [("bound", "low", "high"), ("first_year", "last_year"), "basis"]
_FURTHER = ["status", "counted", "baseline_year", "note"]

_DESCRIPTIONS = {
    ProposalKind.NEW: _(
        "An approver reads it before it stands. Copy the words: bound, numbers and years are read from them."
    ),
    ProposalKind.ADJUST: _(
        "Another decision takes the place of the one that stands, which closes on the day of the new one. What was said of"
        " the days before stays."
    ),
    ProposalKind.CORRECT: _(
        "Only for what was typed wrongly. The days until the approval keep what was published; a new decision is an"
        " adjusted target."
    ),
    ProposalKind.RETRACT: _(
        "Only for a target that should never have been entered. From the approval on it is on no page; the days before"
        " keep it."
    ),
}


@admin.register(TargetProposal)
class TargetProposalAdmin(IndicatorRecordAdmin):
    form = TargetProposalForm
    change_form_template = "admin/indicators/proposal_form.html"
    year_paths = ("first_year", "last_year")
    list_display = ("indicator_name", "about", "written", "kind", "state", "decided_on", "source_name")
    list_filter = ("state", "kind", "term", "scope", LastYearFilter, BY_AGENCY)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("indicator", "source", "target__indicator")

    @admin.display(description=_("years"), ordering="last_year")
    def about(self, proposal: TargetProposal) -> str:
        return basis_text(proposal)  # type: ignore[arg-type]

    @admin.display(description=_("as written"), ordering="as_written_vi")
    def written(self, proposal: TargetProposal) -> str:
        return as_written(proposal)  # type: ignore[arg-type]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Action.PROPOSE_TARGETS) or may(request.user, Action.APPROVE)

    def has_view_permission(self, request: HttpRequest, obj: TargetProposal | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Action.PROPOSE_TARGETS)

    def has_change_permission(self, request: HttpRequest, obj: TargetProposal | None = None) -> bool:
        is_open = obj is None or obj.state in EDITABLE_STATES
        return is_open and may(request.user, Action.PROPOSE_TARGETS)

    def has_delete_permission(self, request: HttpRequest, obj: TargetProposal | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def may_restore(self, request: HttpRequest, object_id: str) -> bool:
        """What was decided stays decided; what is proposed is typed."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        kind, target = (obj.kind, obj.target) if obj else asked_for(request)
        description = _DESCRIPTIONS[ProposalKind(kind)]
        reason = ["reason"] if kind != ProposalKind.NEW else []
        if kind == ProposalKind.RETRACT:
            fieldsets: list[Any] = [(str(target), {"fields": reason, "description": description})]
        else:
            replaced = ["replaced_on"] if kind == ProposalKind.CORRECT else []
            fieldsets = [
                (None, {"fields": [*_ABOUT, *_WORDS, *reason], "description": description}),
                (_("Read from the words, or typed"), {"fields": _READ, "classes": ["collapse"]}),
                (_("Further"), {"fields": [*_FURTHER, *replaced], "classes": ["collapse"]}),
            ]
        if self.may_write(request, obj):
            return fieldsets
        return [(title, {**options, "fields": self._readable(options["fields"])}) for title, options in fieldsets]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        if obj is None:
            form.kind, form.target = asked_for(request)
        return form

    def save_model(self, request: HttpRequest, obj: TargetProposal, form: forms.ModelForm, change: bool) -> None:
        propose(obj, by=request.user, submit="_submit" in request.POST)
        if "_submit" in request.POST:
            messages.success(request, gettext("The target was submitted and waits for approval."))

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        proposal = kwargs.get("obj")
        kind, target = (proposal.kind, proposal.target) if proposal else asked_for(request)
        context["title"] = capfirst(ProposalKind(kind).label) + (f": {target}" if target else "")
        context["may_write"] = self.may_write(request, proposal)
        if proposal is not None:
            may_make = [kind for kind in MOVES if not guard_move(kind, proposal, request.user, reason="?")]
            # To submit is the form's own button: it takes along what was typed.
            context["moves"] = [TRANSITIONS[kind] for kind in may_make if kind != "submit"]
            context["shown_version"] = f"{proposal.pk}:{proposal.version}"
            context["versions"] = list(proposal.history.all())
        return super().render_change_form(request, context, *args, **kwargs)


def asked_for(request: HttpRequest) -> tuple[str, Target | None]:
    """What the page of a new proposal was opened for: its kind, and of which target. Raises Http404 for one that is not there,
    PermissionDenied for a kind that is none."""
    kind, key = request.GET.get("kind", ProposalKind.NEW), request.GET.get("target", "")
    if kind == ProposalKind.NEW:
        return kind, None
    if kind not in ProposalKind.values:
        raise PermissionDenied
    target = get_object_or_404(Target.objects.current().select_related("indicator"), pk=key if is_key(key) else 0)
    return kind, target


def proposal_page(request: HttpRequest) -> HttpResponse:
    """The page of a new proposal with what the address of a new target said."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    response = redirect("admin:indicators_targetproposal_add")
    response["Location"] += query
    return response

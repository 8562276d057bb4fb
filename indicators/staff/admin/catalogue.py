"""Sectors, agencies, terms, sources and indicators."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ...models import Agency, Assignment, Figure, Indicator, Sector, Source, Term
from ...public.records import public_sources
from ...sentences.formatting import as_written, basis_text, day, short_period, value_text, years_text
from ...workflow import write
from ...workflow.permissions import Action, Person, may, visible_figures
from ...workflow.watch_list import IS_INCOMPLETE
from ..forms import (
    AgencyForm,
    FigureForm,
    FigureFormSet,
    IndicatorForm,
    RecordForm,
    RecordFormSet,
    SectorForm,
    SourceForm,
)
from ..input_guard import AutocompleteGuardMixin, limit_of
from .base import CatalogueAdmin, source_label

# The newest readings say where an indicator stands; the others are one click away.
NEWEST = 12


class ExistenceFilter(admin.SimpleListFilter):
    """The bodies that exist today, or those that do not any more."""

    title = _("existence")
    parameter_name = "exists"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("yes", _("existing today")), ("no", _("merged or dissolved"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        ended = Q(valid_to__lt=timezone.localdate())
        return {"yes": queryset.exclude(ended), "no": queryset.filter(ended)}.get(self.value() or "", queryset)


class CompleteFilter(admin.SimpleListFilter):
    """The sources that can be found again, or those that lack something."""

    title = _("completeness")
    parameter_name = "complete"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("no", _("to complete")), ("yes", _("complete"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = {"yes": queryset.exclude(IS_INCOMPLETE), "no": queryset.filter(IS_INCOMPLETE)}
        return chosen.get(self.value() or "", queryset)


@admin.register(Sector)
class SectorAdmin(CatalogueAdmin):
    form = SectorForm
    list_display = ("name_vi", "name_en", "code", "order")
    fieldsets = [(None, {"fields": ["code", "order", ("name_vi", "name_en")]})]


@admin.register(Agency)
class AgencyAdmin(CatalogueAdmin):
    form = AgencyForm
    list_display = ("name_text", "code", "valid_from", "valid_to", "successor")
    list_select_related = ("successor",)
    list_filter = (ExistenceFilter,)
    autocomplete_fields = ("successor",)
    fieldsets = [
        (None, {"fields": ["code", ("name_vi", "name_en")]}),
        (
            _("Time"),
            {
                "fields": [("valid_from", "valid_to"), "successor"],
                "description": _("A body that merged keeps its record: give its last day and the body that took over."),
            },
        ),
    ]


@admin.register(Term)
class TermAdmin(CatalogueAdmin):
    list_display = ("name_text", "code", "years", "congress_text", "declared_targets")
    autocomplete_fields = ("source",)
    fieldsets = [
        (None, {"fields": ["code", ("name_vi", "name_en"), ("first_year", "last_year")]}),
        (_("Congress"), {"fields": ["congress_vi", "congress_en", "declared_targets", "source"]}),
    ]

    @admin.display(description=_("congress"), ordering="congress_vi")
    def congress_text(self, term: Term) -> str:
        return term.congress

    @admin.display(description=_("years"), ordering="first_year")
    def years(self, term: Term) -> str:
        return years_text(term.first_year, term.last_year)


@admin.register(Source)
class SourceAdmin(CatalogueAdmin):
    form = SourceForm
    search_help_text = _("Words of the title, the publisher, the number or the code, with or without diacritics.")
    list_display = ("title_vi", "number", "publisher", "issued_on", "reliability")
    list_filter = (CompleteFilter, "reliability")
    date_hierarchy = "issued_on"
    ordering = ("-issued_on", "title_vi")
    fieldsets = [
        (
            None,
            {
                "fields": ["code", "title_vi", ("publisher", "number"), "issued_on", "url", "reliability", "note"],
                "description": _("One record for each document or page. Figures and targets point to it."),
            },
        )
    ]

    def has_change_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        return super().has_change_permission(request, obj) or (
            self.has_add_permission(request) and (obj is None or is_own_draft(obj, request.user))
        )

    def view_on_site(self, source: Source) -> str:
        return reverse("source", args=[source.code])


def is_own_draft(source: Source, person: Person) -> bool:
    """Whether `person` entered the source and nothing public rests on it yet: a slip is mended by who made it."""
    entered = source.history.filter(history_type="+", history_user=person.pk).exists()
    return entered and not public_sources(date.max).filter(pk=source.pk).exists()


class AssignmentInline(AutocompleteGuardMixin, admin.TabularInline):
    """Since when another agency answers for the indicator."""

    model = Assignment
    form = RecordForm
    formset = RecordFormSet
    extra = 0
    autocomplete_fields = ("agency",)


class FigureInline(AutocompleteGuardMixin, admin.StackedInline):
    """Rows for new figures of an indicator. Those that exist are listed above as text: fifty rows of fields are no help."""

    model = Figure
    form = FigureForm
    formset = FigureFormSet
    extra = 2
    fields = (("year", "through_month", "status"), ("value", "qualifier"), ("source", "published_on"), "quote_vi")
    autocomplete_fields = ("source",)
    verbose_name = _("new figure")
    verbose_name_plural = _("new figures")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may_edit = may(request.user, Action.EDIT_INDICATORS) and may(request.user, Action.ENTER, obj)
        return may_edit and super().has_add_permission(request, obj)

    # Figures that exist are changed on their own pages, where their steps and guards are.
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "quote_vi":
            kwargs["widget"] = forms.TextInput
        return super().formfield_for_dbfield(db_field, request, **kwargs | limit_of(db_field))


@admin.register(Indicator)
class IndicatorAdmin(CatalogueAdmin):
    form = IndicatorForm
    list_display = ("indicator_name", "unit_text", "sector", "kind_text", "better", "agency")
    list_filter = ("sector", "kind", "better", "headline", "agency")
    list_select_related = ("sector", "agency")
    autocomplete_fields = ("parent", "agency", "successor")
    inlines = [AssignmentInline, FigureInline]
    change_form_template = "admin/indicators/indicator_form.html"
    fieldsets = [
        (None, {"fields": ["code", ("name_vi", "name_en"), ("sector", "order"), "agency"]}),
        (
            _("What is measured"),
            {
                "fields": [("unit_vi", "unit_en"), "decimals", "definition_vi", "definition_en", "successor"],
                "description": _(
                    "The unit and the standard are part of the indicator: with another one it is another indicator."
                ),
            },
        ),
        (
            _("How it is judged"),
            {
                "fields": [("better", "kind", "path"), "parent", "judged_by_parts", "headline"],
                "description": _(
                    "These decide what a target is compared with; targets that no longer fit are named before saving."
                ),
            },
        ),
    ]

    @admin.display(description=_("name"), ordering="name_vi")
    def indicator_name(self, indicator: Indicator) -> str:
        """The name, a part's after a dash, as the official tables print it."""
        return f"– {indicator.name}" if indicator.parent_id else indicator.name

    @admin.display(description=_("unit"), ordering="unit_vi")
    def unit_text(self, indicator: Indicator) -> str:
        return indicator.unit

    @admin.display(description=_("kind"), ordering="kind")
    def kind_text(self, indicator: Indicator) -> str:
        """The kind by its name; the explanation after the colon belongs to the form."""
        return indicator.get_kind_display().partition(":")[0]

    def view_on_site(self, indicator: Indicator) -> str:
        return reverse("indicator", args=[indicator.code])

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is not Figure:
            return super().save_formset(request, form, formset, change)
        for figure in formset.save(commit=False):
            write(figure, by=request.user)

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        indicator = kwargs.get("obj")
        if indicator is not None:
            context |= indicator_context(indicator, visible_figures(request.user))
        return super().render_change_form(request, context, *args, **kwargs)


def figure_line(figure: Figure) -> dict[str, Any]:
    """A figure as texts for a row of a table."""
    return {
        "pk": figure.pk,
        "period": short_period(figure.period),
        "value": value_text(figure, figure.indicator.unit),
        "status": figure.get_status_display(),
        "state": figure.get_state_display(),
        "published_on": day(figure.published_on),
        "source": source_label(figure.source),
    }


def indicator_context(indicator: Indicator, visible: QuerySet[Figure]) -> dict[str, Any]:
    """The newest of the `visible` figures and the targets of an indicator as lines of text, with the number of figures."""
    figures = visible.filter(indicator=indicator).select_related("source")
    figures = figures.order_by("-year", "-through_month", "-published_on", "-pk")
    targets = indicator.targets.current().select_related("source").order_by("-last_year", "-decided_on")
    return {
        "known_figures": [figure_line(figure) for figure in figures[:NEWEST]],
        "number_of_figures": figures.count(),
        "known_targets": [
            {
                "pk": target.pk,
                "about": basis_text(target),
                "as_written": as_written(target),
                "status": target.get_status_display(),
                "decided_on": day(target.decided_on),
                "replaced_on": day(target.replaced_on) if target.replaced_on else "",
                "source": source_label(target.source),
            }
            for target in targets
        ],
    }

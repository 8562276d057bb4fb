"""Figures, published averages and totals, published comparisons."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..forms import AggregateForm, ComparisonForm, FigureForm, FigureRows, months
from ..models import Aggregate, Comparison, Figure, State
from ..models.figures import ComparisonMeasure
from ..wording import day, period_text, short_period, years_text
from .base import BY_AGENCY, LastYearFilter, ReadingAdmin, YearFilter, short, value_text

APPROVE = "indicators.approve_figure"
PERIOD_END = F("year") * 12 + F("through_month")


class PeriodFilter(admin.SimpleListFilter):
    """The records of the same period of any year."""

    title = gettext_lazy("period")
    parameter_name = "through_month"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[Any, str]]:
        used = set(model_admin.model._default_manager.order_by().values_list("through_month", flat=True).distinct())
        return [(month, label) for month, label in months() if month in used]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        month = self.value()
        return queryset.filter(through_month=month) if month and month.isdecimal() else queryset


class PeriodAdmin(ReadingAdmin):
    """A record of one period."""

    @admin.display(description=gettext_lazy("period"), ordering=PERIOD_END)
    def period_text(self, record: Any) -> str:
        return short_period(record.period)


@admin.register(Figure)
class FigureAdmin(PeriodAdmin):
    form = FigureForm
    list_display = (
        "indicator_name",
        "period_text",
        "value_text",
        "status",
        "state",
        "published_on",
        "source_name",
    )
    list_filter = (YearFilter, PeriodFilter, "state", "status", "indicator__sector", BY_AGENCY)
    list_select_related = ("indicator", "source")
    date_hierarchy = "published_on"
    ordering = ("-published_on", "-pk")
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
                "fields": ["source", "published_on", "quote_vi", "note"],
                "description": gettext_lazy("Every number can be followed to the words it was read from."),
            },
        ),
        (gettext_lazy("Release"), {"fields": ["state"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        names = super().get_readonly_fields(request, obj)
        return names if may_approve(request) or "state" in names else (*names, "state")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial = super().get_changeform_initial_data(request)
        return {"state": State.APPROVED} | initial if may_approve(request) else initial

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and may_touch(request, obj)

    def save_model(self, request: HttpRequest, obj: Figure, form: forms.ModelForm, change: bool) -> None:
        if not may_approve(request):
            # An old version that is brought back brings its old state along.
            obj.state = stored_state(obj) or State.ENTERED
        super().save_model(request, obj, form, change)
        self.message_user(request, understood(obj), messages.INFO)


def may_approve(request: HttpRequest) -> bool:
    return request.user.has_perm(APPROVE)


def may_touch(request: HttpRequest, figure: Figure | None) -> bool:
    """What is public is changed only by those who may make it public."""
    return figure is None or may_approve(request) or stored_state(figure) != State.APPROVED


def stored_state(figure: Figure) -> str | None:
    """The state in the database, which an old version or a form in progress does not tell; None when there is none."""
    return Figure.objects.filter(pk=figure.pk).values_list("state", flat=True).first()


def understood(figure: Figure) -> str:
    """A sentence that reads back what was saved."""
    line = reading_line(figure)
    return _("Understood as: %(period)s, %(value)s, %(status)s.") % {
        "period": period_text(figure.period, figure.indicator),
        "value": line["value"],
        "status": line["status"],
    }


def reading_line(figure: Figure) -> dict[str, Any]:
    """A figure as texts for a row of a table."""
    return {
        "pk": figure.pk,
        "period": short_period(figure.period),
        "value": value_text(figure, figure.indicator.unit),
        "status": figure.get_status_display(),
        "state": figure.get_state_display(),
        "published_on": day(figure.published_on),
        "source": short(figure.source),
    }


class FigureInline(admin.StackedInline):
    """Rows for new figures of an indicator. Those that exist are listed above as text: fifty rows of fields are no help."""

    model = Figure
    form = FigureForm
    formset = FigureRows
    extra = 2
    fields = (
        ("year", "through_month", "status"),
        ("value", "qualifier"),
        ("source", "published_on"),
        ("quote_vi", "state"),
    )
    autocomplete_fields = ("source",)
    verbose_name = gettext_lazy("new figure")
    verbose_name_plural = gettext_lazy("new figures")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and request.user.has_perm("indicators.change_indicator")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if may_approve(request) else ("state",)

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "state":
            kwargs["initial"] = State.APPROVED
        if db_field.name == "quote_vi":
            kwargs["widget"] = forms.TextInput
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Aggregate)
class AggregateAdmin(ReadingAdmin):
    form = AggregateForm
    year_paths = ("first_year", "last_year")
    list_display = ("indicator_name", "years", "measure", "value_text", "status", "published_on", "source_name")
    list_filter = (LastYearFilter, "measure", "status", "indicator__sector")
    list_select_related = ("indicator", "source")
    date_hierarchy = "published_on"
    fieldsets = [
        (
            None,
            {
                "fields": ["indicator", ("first_year", "last_year"), "measure"],
                "description": gettext_lazy(
                    "An average or total over several years that a source prints itself. It never becomes a yearly figure."
                ),
            },
        ),
        (gettext_lazy("What was published"), {"fields": [("value", "qualifier"), "status"]}),
        (gettext_lazy("Where and when"), {"fields": ["source", "published_on", "quote_vi", "note"]}),
    ]

    # An aggregate counts as soon as it is there and wins over the yearly figures: whoever may approve may enter it.

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and request.user.has_perm(APPROVE)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and request.user.has_perm(APPROVE)

    @admin.display(description=gettext_lazy("years"), ordering="last_year")
    def years(self, aggregate: Aggregate) -> str:
        return years_text(aggregate.first_year, aggregate.last_year)


@admin.register(Comparison)
class ComparisonAdmin(PeriodAdmin):
    form = ComparisonForm
    list_display = ("indicator_name", "period_text", "measure", "percentage", "source_name")
    list_filter = (YearFilter, PeriodFilter, "measure", "indicator__sector")
    list_select_related = ("indicator", "source")
    fieldsets = [
        (
            None,
            {
                "fields": ["indicator", ("year", "through_month"), "measure", ("value", "qualifier")],
                "description": gettext_lazy(
                    "A percentage that a source prints beside a figure. It is shown, never computed with."
                ),
            },
        ),
        (gettext_lazy("Where and when"), {"fields": ["source", "quote_vi", "note"]}),
    ]

    @admin.display(description=gettext_lazy("value"), ordering="value")
    def percentage(self, comparison: Comparison) -> str:
        points = comparison.measure == ComparisonMeasure.POINTS_DIFFERENCE
        return value_text(comparison, _("points") if points else "%")

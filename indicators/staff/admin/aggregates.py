"""Published averages and totals, published comparisons."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...core.language import active_language
from ...models import Aggregate, Comparison
from ...models.figures import ComparisonMeasure
from ...queries.impact import aggregate_impact
from ...sentences.formatting import value_text, years_text
from ...sentences.read_back import verdict_steps
from ...workflow.permissions import Action, may, visible_aggregates
from ..forms import AggregateForm, ComparisonForm
from .base import IndicatorRecordAdmin, LastYearFilter, PeriodAdmin, PeriodFilter, YearFilter


class DecidingForm(AggregateForm):
    """An average or total that would change a verdict says so first, and is saved with a reason."""

    def clean(self) -> dict[str, Any]:
        self.cleaned_data = super().clean()
        is_asked = not self.errors and not self.cleaned_data["reason"]
        if is_asked and (changed := aggregate_impact(self._typed(), timezone.localdate())):
            changes = {"what": verdict_steps(changed, active_language())}
            message = _("This would change at once, with nobody asked: %(what)s.") % changes
            self.add_error("value", ValidationError(message, code="decides"))
            self.add_error("reason", _("Look at the quote again, then say here why the value is right."))
        return self.cleaned_data

    def _typed(self) -> Aggregate:
        """What was typed, not stored."""
        names = {field.name for field in Aggregate._meta.concrete_fields} & self.cleaned_data.keys()
        return Aggregate(pk=self.instance.pk, **{name: self.cleaned_data[name] for name in names})


@admin.register(Aggregate)
class AggregateAdmin(IndicatorRecordAdmin):
    form = DecidingForm
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
        (gettext_lazy("Where and when"), {"fields": ["source", "published_on", "quote_vi", "note", "reason"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return visible_aggregates(request.user)

    def save_model(self, request: HttpRequest, obj: Aggregate, form: Any, change: bool) -> None:
        obj._change_reason = form.cleaned_data["reason"]  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    # An aggregate counts as soon as it is there and wins over the yearly figures: whoever may approve may enter it.

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and may(request.user, Action.APPROVE)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and may(request.user, Action.APPROVE)

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

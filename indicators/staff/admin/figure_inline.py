"""The figures on the page of their indicator: those that exist as lines of text, rows for new ones."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from ...models import Figure
from ...sentences.formatting import day, short_period, value_text
from ...workflow.permissions import Action, may
from ..forms import FigureForm, FigureFormSet
from ..input_guard import AutocompleteGuardMixin, limit_of
from .base import source_label


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


class FigureInline(AutocompleteGuardMixin, admin.StackedInline):
    """Rows for new figures of an indicator. Those that exist are listed above as text: fifty rows of fields are no help."""

    model = Figure
    form = FigureForm
    formset = FigureFormSet
    extra = 2
    fields = (("year", "through_month", "status"), ("value", "qualifier"), ("source", "published_on"), "quote_vi")
    autocomplete_fields = ("source",)
    verbose_name = gettext_lazy("new figure")
    verbose_name_plural = gettext_lazy("new figures")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may_edit = may(request.user, Action.EDIT_INDICATORS) and may(request.user, Action.ENTER, obj)
        return may_edit and super().has_add_permission(request, obj)

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

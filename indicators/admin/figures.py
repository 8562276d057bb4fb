"""Figures: what was typed, where it stands on its way to the public, and the moves from there."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.urls.resolvers import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..forms import FigureForm, FigureRows
from ..models import Figure, StepKind
from ..rights import enterable, may_enter, visible_figures
from ..wording import day, period_text, short_period
from ..workflow import MOVES, Outcome, Refused, asked_to_mend, carry_out, refusal, refusal_to_write, write
from .base import BY_AGENCY, PeriodAdmin, PeriodFilter, YearFilter, short, value_text


@admin.register(Figure)
class FigureAdmin(PeriodAdmin):
    form = FigureForm
    change_form_template = "admin/indicators/figure_form.html"
    list_display = (
        "indicator_name",
        "period_text",
        "value_text",
        "status",
        "state",
        "published_on",
        "source_name",
    )
    list_filter = ("state", YearFilter, PeriodFilter, "status", "indicator__sector", BY_AGENCY)
    list_select_related = ("indicator", "source")
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
        return visible_figures(request.user)

    def get_urls(self) -> list[URLPattern]:
        move = path("<int:pk>/move/", self.admin_site.admin_view(self.move), name="indicators_figure_move")
        return [move, *super().get_urls()]

    def has_view_permission(self, request: HttpRequest, obj: Figure | None = None) -> bool:
        return super().has_view_permission(request, obj) and (obj is None or may_see(request, obj))

    def has_change_permission(self, request: HttpRequest, obj: Figure | None = None) -> bool:
        return super().has_change_permission(request, obj) and may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Figure | None = None) -> bool:
        return super().has_delete_permission(request, obj) and may_touch(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "indicator":
            kwargs["queryset"] = enterable(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Figure, form: forms.ModelForm, change: bool) -> None:
        write(obj, by=request.user, reason=form.cleaned_data.get("reason", ""))
        self.message_user(request, understood(obj), messages.INFO)

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        figure = kwargs.get("obj")
        if figure is not None:
            context |= passage_of(figure, request)
        return super().render_change_form(request, context, *args, **kwargs)

    def move(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One move with one figure, posted from its page; `version` is the one that was looked at."""
        figure = self.get_object(request, str(pk))
        kind, version = request.POST.get("move", ""), request.POST.get("version", "")
        if request.method != "POST" or figure is None or kind not in MOVES or not version.isdecimal():
            raise Refused(_("This is not a move of a figure."))
        tell(request, carry_out(kind, {pk: int(version)}, by=request.user, reason=request.POST.get("reason", "")))
        return redirect("admin:indicators_figure_change", pk)

    @admin.action(description=gettext_lazy("Submit for approval"), permissions=["change"])
    def submit_chosen(self, request: HttpRequest, chosen: models.QuerySet) -> None:
        versions = dict(chosen.values_list("pk", "version"))
        tell(request, carry_out(StepKind.SUBMIT, versions, by=request.user))


def may_see(request: HttpRequest, figure: Figure) -> bool:
    """Whether the figure, or one that was deleted since, is among those the user may see."""
    if Figure.objects.filter(pk=figure.pk).exists():
        return visible_figures(request.user).filter(pk=figure.pk).exists()
    return may_enter(request.user, figure.indicator_id)


def may_touch(request: HttpRequest, figure: Figure | None) -> bool:
    """Whether the user may change the figure as it is stored; a form in progress or an old version does not tell."""
    if figure is None:
        return True
    return not refusal_to_write(Figure.objects.filter(pk=figure.pk).first(), figure, request.user)


def tell(request: HttpRequest, outcome: Outcome) -> None:
    """Say what became of a move."""
    if moved := len(outcome.moved):
        state = outcome.moved[0].get_state_display()
        text = ngettext("One figure is now “%(state)s”.", "%(count)d figures are now “%(state)s”.", moved)
        messages.success(request, text % {"count": moved, "state": state})
    for figure, why in outcome.refused:
        messages.error(request, f"{figure}: {why}")


def passage_of(figure: Figure, request: HttpRequest) -> dict[str, Any]:
    """The steps of a figure so far, and the moves this person may make with it now."""
    possible = [move for kind, move in MOVES.items() if not refusal(kind, figure, request.user, reason="?")]
    return {
        "steps": figure.steps.select_related("by"),
        "moves": possible,
        "asked": asked_to_mend(figure),
        "reason_needed": any(move.needs_reason for move in possible),
    }


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
        "quote_vi",
    )
    autocomplete_fields = ("source",)
    verbose_name = gettext_lazy("new figure")
    verbose_name_plural = gettext_lazy("new figures")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may_keep = request.user.has_perm("indicators.change_indicator")
        return may_keep and super().has_add_permission(request, obj) and (obj is None or may_enter(request.user, obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "quote_vi":
            kwargs["widget"] = forms.TextInput
        return super().formfield_for_dbfield(db_field, request, **kwargs)

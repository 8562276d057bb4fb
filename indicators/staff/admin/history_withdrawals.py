"""What was taken out of the public history, by whom and why. It is never put back by itself."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ...models import Figure, HistoryWithdrawal
from ...workflow.history_withdrawal import guard_history, withdraw_from_history
from ..forms import RecordForm
from .base import RecordAdmin


class HistoryWithdrawalForm(RecordForm):
    def clean_figure(self) -> Figure:
        figure: Figure = self.cleaned_data["figure"]
        if why_not := guard_history(figure):
            raise ValidationError(why_not, "history")
        return figure


@admin.register(HistoryWithdrawal)
class HistoryWithdrawalAdmin(RecordAdmin):
    form = HistoryWithdrawalForm
    list_display = ("figure", "withdrawn_by_name", "withdrawn_at")
    list_select_related = ("figure__indicator", "withdrawn_by")
    autocomplete_fields = ("figure",)
    fieldsets = [
        (
            None,
            {
                "fields": ["figure", "reason"],
                "description": _(
                    "For a value that should never have been public. First correct the figure or take it off; then every earlier"
                    " value of it disappears from pages, files, feeds, programs and reports of earlier days. Staff still find"
                    " them in the history of the figure. What others copied meanwhile stays with them."
                ),
            },
        )
    ]

    @admin.display(description=_("withdrawn by"))
    def withdrawn_by_name(self, withdrawal: HistoryWithdrawal) -> str:
        return withdrawal.withdrawn_by.get_username()

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        stored = withdraw_from_history(obj.figure, obj.reason, by=request.user)
        obj.__dict__.update(stored.__dict__)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

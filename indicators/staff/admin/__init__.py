"""The pages where staff keep the records, a module per subject; what they share is in base."""

from django.contrib import admin
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from . import aggregates, api_tokens, catalogue, explanations, figures, history_withdrawals, responsibility, targets

__all__ = [
    "aggregates",
    "api_tokens",
    "catalogue",
    "explanations",
    "figures",
    "history_withdrawals",
    "responsibility",
    "targets",
]

admin.site.index_title = _("What do you want to keep up to date?")
admin.site.site_url = reverse_lazy("home")  # type: ignore[assignment]

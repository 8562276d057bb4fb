"""The pages where staff keep the records, a module per subject; what they share is in base."""

from django.contrib import admin
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from . import (
    aggregates,
    api_tokens,
    catalogue,
    explanations,
    figures,
    history_withdrawals,
    proposals,
    responsibility,
    targets,
)

__all__ = [
    "aggregates",
    "api_tokens",
    "catalogue",
    "explanations",
    "figures",
    "history_withdrawals",
    "proposals",
    "responsibility",
    "targets",
]

admin.site.index_title = _("Your work today")
admin.site.site_url = reverse_lazy("home")  # type: ignore[assignment]
# The work of each role stands in the header; the width belongs to the lists.
admin.site.enable_nav_sidebar = False

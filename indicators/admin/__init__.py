"""ENTRY: the pages where staff keep the records, a module per subject; what they share is in base."""

from django.contrib import admin
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from . import catalogue, duties, explanations, figures, office, readings, sign_ins, targets, tokens

__all__ = ["catalogue", "duties", "explanations", "figures", "office", "readings", "sign_ins", "targets", "tokens"]

admin.site.index_title = _("What do you want to keep up to date?")
admin.site.site_url = reverse_lazy("home")  # type: ignore[assignment]

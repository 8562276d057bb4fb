"""Tokens for programs that read the approved figures. The secret is shown once, when the token is made."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from ...models import ApiToken
from .base import RecordAdmin


@admin.register(ApiToken)
class ApiTokenAdmin(RecordAdmin):
    list_display = ("name", "active", "last_used_on")
    list_filter = ("active",)
    readonly_fields = ("last_used_on",)
    search_fields = ("name",)
    fieldsets = [
        (
            None,
            {
                "fields": ["name", "active", "last_used_on"],
                "description": _("A program that sends the token reads what is approved, and nothing else."),
            },
        )
    ]

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        if not change:
            fresh, obj.secret = ApiToken.issue(obj.name)
            obj.digest = fresh.digest
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """The page with the secret, which no other page can show again."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The token was made"),
            "token": obj,
            "opts": self.opts,
        }
        response = TemplateResponse(request, "api/token.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A token is revoked, not deleted: who could read on a day has to be known later."""
        return False

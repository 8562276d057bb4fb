"""The narrowed lists that a person keeps under names of their own, and the links to them above each list."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django import forms, template
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .decorators import signed_in_only
from .models import SavedFilter
from .views import current_user

register = template.Library()
MOST = 20  # filters of one person for one list
# Where in a list somebody was is no part of a filter.
PLACE = ("p", "e", "_facets")


class SavedFilterForm(forms.ModelForm):
    """The name and the filter as they may be kept."""

    class Meta:
        model = SavedFilter
        fields = ("path", "name", "query")

    def clean_path(self) -> str:
        """The address of a list of the admin, without its language. Raises ValidationError for any other."""
        try:
            view = resolve(self.cleaned_data["path"])
        except Resolver404:
            view = None
        if view is None or view.app_name != "admin" or not str(view.url_name).endswith("_changelist"):
            raise forms.ValidationError(_("This is no list of records."))
        return f"admin:{view.url_name}"

    def clean_query(self) -> str:
        """What narrows the list, without the place in it."""
        pairs = parse_qsl(self.cleaned_data["query"], keep_blank_values=True)
        return urlencode([(name, value) for name, value in pairs if name not in PLACE])


@require_POST
@signed_in_only
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the filter posted, in the place of one of the same name and list, or remove one; then the list again.

    Raises BadRequest for what is no list of records or a name that cannot be kept.
    """
    own = SavedFilter.objects.filter(user=current_user(request))
    if removed := request.POST.get("remove", ""):
        found = own.filter(pk=removed).first() if removed.isdecimal() and len(removed) < 10 else None
        if found is None:
            raise BadRequest(_("This filter is not there any more."))
        found.delete()
        return redirect(reverse(found.path))
    form = SavedFilterForm(request.POST)
    if not form.is_valid():
        raise BadRequest(" ".join(str(message) for messages in form.errors.values() for message in messages))
    cleaned = form.cleaned_data
    if own.filter(path=cleaned["path"]).exclude(name=cleaned["name"]).count() >= MOST:
        raise BadRequest(_("There are %(most)d saved filters for this list. Remove one first.") % {"most": MOST})
    own.update_or_create(
        path=cleaned["path"], name=cleaned["name"], defaults={"query": cleaned["query"], "user": current_user(request)}
    )
    return redirect(f"{reverse(cleaned['path'])}?{cleaned['query']}")


@register.simple_tag(takes_context=True)
def saved_filters_here(context: template.Context) -> list[dict[str, Any]]:
    """The filters that the person of this request keeps for this list, each with its address."""
    request = context["request"]
    path = f"admin:{request.resolver_match.url_name}"
    saved_filters = SavedFilter.objects.filter(user=current_user(request), path=path)
    return [{"pk": each.pk, "name": each.name, "address": f"{request.path}?{each.query}"} for each in saved_filters]

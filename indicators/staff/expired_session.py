"""What was typed survives the end of a session: nothing is saved, nothing is lost, it can be sent again."""

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.text import capfirst

from ..core.limits import ECHOED_LETTERS
from ..models import Figure, Indicator

SECRET_FIELDS = ("csrfmiddlewaretoken", "password")
# Fields that pages send by themselves: nobody typed them.
HIDDEN_FIELDS = ("read_version", "version", "record_version")


class ExpiredSessionMiddleware:
    """Answers a form that somebody sends after their session has ended with the same form, to be sent after logging in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        # A view that reads its body by itself, as that of imports does, is not read for it.
        reads_itself = getattr(view, "csrf_exempt", False)
        if request.method != "POST" or request.user.is_authenticated or reads_itself:
            return None
        is_foreign = "Origin" in request.headers and not is_same_origin(request)
        return resubmit_page(request) if is_staff_form(request) and not is_foreign else None


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A token that is out of date after logging in again: the same form with a fresh one. Forms of strangers are refused."""
    if is_staff_form(request) and is_same_origin(request):
        return resubmit_page(request)
    return render(request, "errors/403.html", status=403)


def is_staff_form(request: HttpRequest) -> bool:
    """Whether the request goes to a page of the admin where somebody types, not to its door."""
    # The form of the login holds a password, and nobody's work is lost with it.
    place = request.path.removeprefix("/en")
    return place.startswith("/admin/") and not place.startswith(("/admin/login/", "/admin/logout/"))


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the browser says that the form was on a page of this very site, which no other site can make it say."""
    origin = urlsplit(request.headers.get("Origin", ""))
    return origin.netloc == request.get_host() and origin.scheme == request.scheme


def resubmit_page(request: HttpRequest) -> HttpResponse:
    """The page that holds what was typed, with a button that sends it again; without it where it is too much to hold."""
    posted = [(name, value) for name, values in request.POST.lists() for value in values]
    typed = [(name, value) for name, value in posted if not any(word in name for word in SECRET_FIELDS)]
    too_much = sum(len(name) + len(value) for name, value in typed) > ECHOED_LETTERS
    if too_much:
        typed = []
    context = {
        "too_much": too_much,
        "typed": typed,
        "readable": readable(request, typed),
        "had_files": bool(request.FILES),
        "login_url": f"{reverse('login')}?next={reverse('admin:index')}",
    }
    response = render(request, "admin/indicators/expired_session.html", context, status=403)
    add_never_cache_headers(response)
    return response


def readable(request: HttpRequest, typed: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What was typed as a person reads it: the name of the field, before it that of the row of an entry sheet, the text."""
    fields = [(*_row_and_field(name), value) for name, value in typed if value.strip() and not name.startswith("_")]
    # Who is not logged in learns nothing that the form did not say.
    rows = {pk for pk, _field, _value in fields if pk} if request.user.is_authenticated else set()
    names = {str(row.pk): row.name for row in Indicator.objects.filter(pk__in=rows)} if rows else {}
    model = _model_of(request)
    lines = []
    for row, name, value in fields:
        if label_and_text := _in_words(model, name, value):
            label, text = label_and_text
            lines.append((": ".join(filter(None, (names.get(row, ""), label))), text))
    return lines


def _row_and_field(name: str) -> tuple[str, str]:
    """The primary key of the sheet's row, empty where it is of none, and the name of the field."""
    match = re.fullmatch(r"(?:i(?P<row>[0-9]{1,18})-)?(?P<field>.*)", name, re.DOTALL)
    return (match["row"] or "", match["field"]) if match else ("", name)


def _model_of(request: HttpRequest) -> type[models.Model]:
    """The record that the page is about, by its address; figures where it does not say."""
    app, _slash, rest = request.path.partition("/admin/")[2].partition("/")
    try:
        return apps.get_model(app, rest.partition("/")[0])
    except LookupError:
        return Figure


def _in_words(model: type[models.Model], name: str, value: str) -> tuple[str, str] | None:
    """The label of a field and what was typed, a choice by its label; None for what nobody typed."""
    if name in HIDDEN_FIELDS:
        return None
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        return name, value
    if value == getattr(field, "default", None):
        return None
    choices = {str(code): str(label) for code, label in getattr(field, "flatchoices", ())}
    return capfirst(str(getattr(field, "verbose_name", name))), choices.get(value, value)

"""What was typed is kept when the session has ended: nothing is saved, nothing is lost, it can be sent again."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

NEVER_KEPT = ("csrfmiddlewaretoken", "password")


class KeepTyped:
    """Answers a form that somebody sends after their session has ended with the same form, to be sent after logging in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method == "POST" and not request.user.is_authenticated and is_staff_form(request):
            return kept(request)
        return None


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A token that is out of date after logging in again: the same form with a fresh one. Forms of strangers are refused."""
    if is_staff_form(request) and comes_from_here(request):
        return kept(request)
    return render(request, "errors/403.html", status=403)


def is_staff_form(request: HttpRequest) -> bool:
    """Whether the request goes to a page of the admin where somebody types, not to its door."""
    place = request.path.removeprefix("/en")
    return place.startswith("/admin/") and not place.startswith(("/admin/login/", "/admin/logout/"))


def comes_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that the form was on a page of this very site, which no other site can make it say."""
    origin = urlsplit(request.headers.get("Origin", ""))
    return origin.netloc == request.get_host() and origin.scheme == request.scheme


def kept(request: HttpRequest) -> HttpResponse:
    """The page that holds what was typed."""
    typed = [(name, value) for name, values in request.POST.lists() for value in values]
    context = {
        "typed": [(name, value) for name, value in typed if not any(word in name for word in NEVER_KEPT)],
        "had_files": bool(request.FILES),
        "login_url": f"{reverse('login')}?next={reverse('admin:index')}",
    }
    return render(request, "admin/indicators/kept.html", context, status=403)

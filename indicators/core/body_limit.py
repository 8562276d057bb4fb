"""How much may be sent at once. What is more is answered with a page that tells the limit, before any of it is kept."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat

FILES_AT_ONCE = 5
PIECE = 2**16
# A browser shows an answer only when it could send everything; what would take minutes is cut off.
MOST_DISCARDED = 2**28


class BodyLimit:
    """Refuses what is too large before a form or a file of it is read, from those who are not logged in as well.

    Views that are exempt from the check of the token read nothing, or look at the size themselves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        sent = int(request.META.get("CONTENT_LENGTH") or 0)
        # Who it is takes a query, which most requests need not cost here.
        if sent <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE or getattr(view, "csrf_exempt", False):
            return None
        most = most_bytes(request)
        return too_large(request, most) if sent > most else None


def most_bytes(request: HttpRequest) -> int:
    """How much this request may send: files only from those who are logged in."""
    if request.content_type == "multipart/form-data" and request.user.is_authenticated:
        return FILES_AT_ONCE * settings.EVIDENCE_MAX_MB * 2**20
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def too_large(request: HttpRequest, most: int) -> HttpResponse:
    """413, with the limit in words, once what was sent is read and forgotten."""
    discard(request)
    return render(request, "errors/413.html", {"most": filesizeformat(most)}, status=413)


def discard(request: HttpRequest) -> None:
    left = MOST_DISCARDED
    try:
        while left > 0 and (piece := request.read(PIECE)):
            left -= len(piece)
    except OSError:
        return  # whoever sent it has gone

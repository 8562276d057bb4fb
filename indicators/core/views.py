"""Health and metrics, and the pages for what goes wrong. None of them needs the database."""

import hmac
import sys
from contextlib import suppress

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from prometheus_client import CONTENT_TYPE_LATEST

from . import health
from . import metrics as measured
from .body_limit import too_large
from .disk_full import is_full

THIS_MACHINE = ("127.0.0.1", "::1")
PIECE = 64 * 1024


@never_cache
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, 503 when not: whether this process can work at all."""
    return _health(health.database_answers(), "database unavailable")


@never_cache
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when this code and the database fit together, 503 when not: whether to send people here."""
    return _health(health.is_migrated(), "database unavailable or not migrated")


def _health(good: bool, else_told: str) -> JsonResponse:
    return JsonResponse({"status": "ok" if good else else_told}, status=200 if good else 503)


@never_cache
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers for Prometheus, where METRICS is on: to who has METRICS_TOKEN, without one to this machine.

    Raises Http404 for everybody else.
    """
    if not settings.METRICS:
        raise Http404
    if not _may_measure(request):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(measured.text(), content_type=CONTENT_TYPE_LATEST)


def _may_measure(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given, wanted = request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"
        return hmac.compare_digest(given.encode(), wanted.encode())
    # What a proxy on this machine hands on comes from anywhere.
    handed_on = any(name.startswith(("HTTP_X_FORWARDED", "HTTP_FORWARDED", "HTTP_X_REAL")) for name in request.META)
    return request.META.get("REMOTE_ADDR") in THIS_MACHINE and not handed_on


@login_not_required
def favicon(request: HttpRequest) -> HttpResponsePermanentRedirect:
    """The mark, for browsers that ask for it by this old name."""
    return HttpResponsePermanentRedirect(f"{settings.STATIC_URL}img/mark.svg")


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    context = {"title": getattr(exception, "title", ""), "message": _what_is_wrong(exception)}
    return render(request, "errors/400.html", context, status=400)


def _what_is_wrong(exception: Exception) -> str:
    """Our own words as they are; those of Django are for programmers and may tell of our settings."""
    if isinstance(exception, BadRequest):
        return str(exception)
    if isinstance(exception, TooManyFieldsSent):
        text = _("This form has more than %(most)s fields. Nothing was saved. Go back and send fewer rows at once.")
        return text % {"most": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS}
    if isinstance(exception, TooManyFilesSent):
        text = _("These are more than %(most)s files. Nothing was saved. Go back and send fewer at once.")
        return text % {"most": settings.DATA_UPLOAD_MAX_NUMBER_FILES}
    return _(
        "What the browser sent is damaged or is not meant for this place. Nothing was saved. Go back and try again."
    )


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page says why where the refusal is worded for its reader, else only that there is no right to this page."""
    return render(request, "errors/403.html", {"reason": getattr(exception, "user_message", "")}, status=403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """507 when there is no room left, 503 when it is the database that is away, else 500. Asks nothing of the database."""
    status = status_of(sys.exc_info()[1])
    response = render(request, f"errors/{status}.html", status=status)
    if status == 503:
        response["Retry-After"] = "60"
    if status == 507:
        _let_go_of_uploads(request)
    return response


def _let_go_of_uploads(request: HttpRequest) -> None:
    """Remove the temporary file that did not fit: the error still holds it, and it would keep the disk full.

    The rest of what is being sent is read: a browser shows an answer only when it could send everything.
    """
    for handler in request.upload_handlers:
        with suppress(OSError):
            if file := getattr(handler, "file", None):
                file.close()
    with suppress(OSError):
        while request.read(PIECE):
            pass


def status_of(error: BaseException | None) -> int:
    """The status that tells a reader what to do about a failure."""
    if is_full(error):
        return 507
    return 503 if isinstance(error, (DatabaseError, InterfaceError)) else 500

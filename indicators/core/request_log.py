"""Every request has an id, in the log and in the answer, and leaves one line when it is answered."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponseBase
from django.utils.encoding import escape_uri_path

from . import metrics

logger = logging.getLogger(__name__)

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
# Asked every few seconds by machines; only bad news is worth a line.
HEALTH = ("/healthz", "/readyz", "/metrics")

_current: ContextVar[tuple[str, HttpRequest] | None] = ContextVar("request", default=None)


class RequestLogMiddleware:
    """Gives each request its id, and logs and counts how it was answered. Stands before all other middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started_at = time.perf_counter()
        own_id = request_id(request)
        token = _current.set((own_id, request))
        try:
            response = self.get_response(request)
            response[HEADER] = own_id
            _log_answer(request, response.status_code, time.perf_counter() - started_at)
            return response
        finally:
            _current.reset(token)


def request_id(request: HttpRequest) -> str:
    """The id that a proxy gave the request, if it looks like one, else a new one."""
    given = request.headers.get(HEADER, "")
    return given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex


def _log_answer(request: HttpRequest, status: int, seconds: float) -> None:
    metrics.count(request, status, seconds)
    path, duration = escape_uri_path(request.path), round(seconds * 1000)
    level = logging.DEBUG if request.path in HEALTH and status < 500 else logging.INFO
    facts = {"method": request.method, "path": path, "status": status, "duration_ms": duration}
    logger.log(level, "%s %s %s in %s ms", request.method, path, status, duration, extra=facts)


class RequestContextFilter(logging.Filter):
    """Adds to each record the `request_id` and the key of the `user` it was written for; None outside of requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        own_id, request = _current.get() or (None, None)
        record.request_id = own_id
        # Only a person who has been looked up already: a log line asks nothing of the database.
        record.user = getattr(getattr(request, "_cached_user", None), "pk", None)
        return True

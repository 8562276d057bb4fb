"""Which database is read: the replica for what everybody may see, the primary for everything else.

Only views behind `dashboard` and `api_access` ask for the replica, by `read`. Who has just saved something reads from the
primary for a while, so that nobody misses their own change. Nothing is ever written to the replica.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, InterfaceError, OperationalError, connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from psycopg2.errors import QueryCanceled

from .metrics import REPLICA_FAILURES

logger = logging.getLogger(__name__)

PRIMARY, REPLICA = "default", "replica"
# For so long a person reads from the primary after saving; the replica is to be far less behind than this.
PRIMARY_AFTER_WRITE = 60  # seconds
COOKIE = "wrote"
SAFE = ("GET", "HEAD", "OPTIONS")
# After a failure nobody tries the replica for a while.
PAUSE = 10.0  # seconds

_thread = threading.local()
_pause = {"until": 0.0}


class ReplicaRouter:
    """Django's question which database to use: records of the tracker are read where `alias_to_read` says."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        # Sessions, persons and rights always come from the primary: a replica that does not know a session yet
        # would log its owner out.
        return alias_to_read() if model._meta.app_label == "indicators" else PRIMARY

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return PRIMARY

    def allow_relation(self, first: Model, second: Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == REPLICA else None


class RecentWriteMiddleware:
    """Marks the browser of who has just saved something, so that every server knows it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Raises MiddlewareNotUsed where there is no replica."""
        if REPLICA not in settings.DATABASES:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method not in SAFE and response.status_code < 400:
            # Nothing but freshness hangs on it, so it needs no signature.
            secure = bool(settings.SESSION_COOKIE_SECURE)
            response.set_cookie(COOKIE, "1", max_age=PRIMARY_AFTER_WRITE, secure=secure, httponly=True, samesite="Lax")
        return response


def alias_to_read() -> str:
    """The alias of the database that this thread reads the tracker's records from."""
    return getattr(_thread, "alias", PRIMARY)


def read(request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The answer, read from the replica where there is one, it can be read, and the reader has not just saved.

    Raises OperationalError where a query takes too long: it would take as long on the primary.
    """
    if (
        REPLICA not in settings.DATABASES
        or request.method not in SAFE
        or COOKIE in request.COOKIES
        or not _is_reachable()
    ):
        return answer()
    try:
        with _from_replica():
            response = answer()
    except (OperationalError, InterfaceError) as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise  # too slow here is too slow there
        # Gone in the middle, or the standby had to cancel a query to keep up: reading once more does no harm.
        _give_up(error)
        return answer()
    if type(response) is StreamingHttpResponse:
        response.streaming_content = _from_one_database(response.streaming_content)
    return response


@contextmanager
def _from_replica() -> Iterator[None]:
    before, _thread.alias = alias_to_read(), REPLICA
    try:
        yield
    finally:
        _thread.alias = before


def _from_one_database(pieces: Any) -> Iterator[bytes]:
    """The pieces of an answer that is read while it is sent: all of them from the same database."""
    pieces = iter(pieces)
    while True:
        with _from_replica():
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def _is_reachable() -> bool:
    """Whether the replica can be read now. After a failure the answer is no for a while, without asking."""
    if time.monotonic() < _pause["until"]:
        return False
    connection = connections[REPLICA]
    try:
        connection.close_if_health_check_failed()
        connection.ensure_connection()
    except (DatabaseError, InterfaceError) as error:
        _give_up(error)
        return False
    return True


def _give_up(error: Exception) -> None:
    _pause["until"] = time.monotonic() + PAUSE
    REPLICA_FAILURES.inc()
    logger.warning("The replica does not answer, so the primary is read: %s", str(error).strip().split("\n")[0])

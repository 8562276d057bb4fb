"""A request that takes too long is ended, whatever its thread is doing: an exception is raised in there from outside.

gunicorn's own `timeout` ends a whole process, and only one that does not move any more; a thread that computes is let run.
lanson/gunicorn_worker.py tells when a thread begins a request and when it is through.
"""

import ctypes
import logging
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from .limits import STREAM_SECONDS, UPLOAD_KB_PER_SECOND, UPLOAD_SECONDS

logger = logging.getLogger(__name__)

PAUSE = 0.25  # seconds between two looks at the requests
PATIENCE = 5  # seconds for the exception to get through; then it is raised again, and the connection closed
# What is interrupted in the middle of these could keep a lock for ever. A moment later the thread is elsewhere.
NOT_INTERRUPTED = {"contextlib", "concurrent", "importlib", "_frozen_importlib", "logging", "queue", "threading"}


class RequestTimeout(BaseException):
    """The time of a request is over. No Exception: what mends errors on the way must not go on with the request."""


@dataclass
class _Running:
    """What is known of a request under way; changed by its own thread and by the watch."""

    ends_at: float
    connection: socket.socket
    times_interrupted: int = 0


_running: dict[int, _Running] = {}
_lock = threading.Lock()


def watch() -> None:
    """Look after the requests of this process from now on."""
    threading.Thread(target=_watch, name="deadline", daemon=True).start()


def begin(connection: socket.socket) -> None:
    """This thread has a request from now on, for at most REQUEST_TIMEOUT seconds."""
    _running[threading.get_ident()] = _Running(time.monotonic() + settings.REQUEST_TIMEOUT, connection)


def finish() -> None:
    """This thread has none any more; what was about to be raised in it is taken back."""
    with _lock:
        _running.pop(threading.get_ident(), None)
        _raise_in(threading.get_ident(), None)


def extend(seconds: float) -> None:
    """Give the request of this thread so much more time. Outside of the server nothing is ended, nor extended."""
    if request := _running.get(threading.get_ident()):
        request.ends_at += seconds


def is_interrupted() -> bool:
    """Whether the time of this thread's request was over already."""
    request = _running.get(threading.get_ident())
    return request is not None and request.times_interrupted > 0


class Held:
    """The lock, waited for at most so long, and let go at the end; a request is not ended between the two."""

    def __init__(self, lock: threading.Lock, seconds: float) -> None:
        self.lock, self.seconds, self.is_acquired = lock, seconds, False

    def __enter__(self) -> Self:
        self.is_acquired = self.lock.acquire(timeout=self.seconds)
        return self

    def __exit__(self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        if self.is_acquired:
            self.lock.release()


class DeadlineMiddleware:
    """Answers a request that was ended with a page that says so. What is sent takes its time, and so does a stream."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        sent = int(request.META.get("CONTENT_LENGTH") or 0)
        extend(min(UPLOAD_SECONDS, sent / 1024 / UPLOAD_KB_PER_SECOND))
        try:
            response = self.get_response(request)
        except RequestTimeout as error:
            return _timeout_page(request, _place(error.__traceback__))
        if response.status_code >= 500 and is_interrupted():
            return _timeout_page(request, "a statement of SQLite")  # which calls it an error of its own
        if response.streaming:
            extend(STREAM_SECONDS)
        return response


def _timeout_page(request: HttpRequest, place: str) -> HttpResponse:
    forget_connections()
    logger.warning("Ended after %s seconds, in %s", settings.REQUEST_TIMEOUT, place)
    response = render(request, "errors/timeout.html", {"seconds": settings.REQUEST_TIMEOUT}, status=503)
    response["Retry-After"] = "60"
    return response


def forget_connections() -> None:
    """Close this thread's connections to databases: nobody knows how far what was asked of them has come."""
    for connection in connections.all(initialized_only=True):
        with suppress(Exception):
            connection.close()
        del connections[connection.alias]


def _watch() -> None:
    while True:
        time.sleep(PAUSE)
        for thread, request in list(_running.items()):
            if request.ends_at < time.monotonic():
                _interrupt(thread, request)


def _interrupt(thread: int, request: _Running) -> None:
    """Raise RequestTimeout in the thread. It arrives when the thread is back from what it waits for, and what it waits for
    from its client ends with the connection."""
    with _lock:  # nobody finishes a request while it is looked at
        if _running.get(thread) is not request:
            return
        if request.times_interrupted:
            with suppress(OSError):
                request.connection.shutdown(socket.SHUT_RDWR)
        # The thread stands still while this one runs, so that it is interrupted where it is seen.
        frame = sys._current_frames().get(thread)
        module = str(frame.f_globals.get("__name__", "")) if frame else ""
        if module == __name__ or module.partition(".")[0] in NOT_INTERRUPTED:
            return
        _raise_in(thread, RequestTimeout)
        request.times_interrupted += 1
        request.ends_at = time.monotonic() + PATIENCE


def _raise_in(thread: int, kind: type[BaseException] | None) -> None:
    error: Any = ctypes.py_object(kind) if kind else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), error)


def _place(trace: TracebackType | None) -> str:
    """The file and line that a request was ended in, of ours the innermost."""
    lines = traceback.extract_tb(trace)
    ours = [
        line
        for line in lines
        if line.filename.startswith(str(settings.BASE_DIR)) and "site-packages" not in line.filename
    ]
    return ", ".join(f"{line.filename}:{line.lineno}" for line in (ours or lines)[-1:])

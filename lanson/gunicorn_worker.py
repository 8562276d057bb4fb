"""gunicorn's worker with threads, in three things of our own: a slow request is ended, health is asked beside the others, and
what gunicorn answers by itself carries our headers.

`tests/core/test_server.py` holds what is taken from the inside of gunicorn for it.
"""

import socket
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.conf import settings
from gunicorn import util
from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker

from indicators.core import deadline
from indicators.core.request_log import HEALTH

from .headers import plain_headers

HEALTH_THREADS = 2
HEAD_BYTES = 4096
_HEALTH = tuple(f"{method} {path} ".encode() for method in ("GET", "HEAD") for path in HEALTH)


class Worker(ThreadWorker):
    """Has two threads more than `threads`, which answer nothing but questions about health."""

    def init_process(self) -> None:
        self.health_pool = ThreadPoolExecutor(HEALTH_THREADS, thread_name_prefix="health")
        deadline.watch()
        super().init_process()  # serves, until the end

    def enqueue_req(self, conn: TConn) -> None:
        """Give the connection to a thread, once something has come; one that says nothing holds none."""
        beginning = peek(conn)
        if beginning is None:
            silent: Future[Any] = Future()
            silent.set_result(_DEFER)
            self.finish_request(conn, silent)
            return
        pool = self.health_pool if beginning.startswith(_HEALTH) and b"\r\n\r\n" in beginning else self.tpool
        done = pool.submit(self.handle, conn)
        done.add_done_callback(lambda future: self.method_queue.defer(self.finish_request, conn, future))

    def handle(self, conn: TConn) -> Any:
        """Whether the connection stays open, as in gunicorn."""
        try:
            try:
                deadline.begin(conn.sock)
                return super().handle(conn)
            finally:
                deadline.finish()
        except deadline.RequestTimeout:
            # In the middle of an answer, or before there was a request to answer: all that can be done is to hang up.
            deadline.finish()
            deadline.forget_connections()
            self.log.warning("Hung up: the time of the request is over")
            return False


def peek(conn: TConn) -> bytes | None:
    """What has come and was not read yet, at most HEAD_BYTES of it; None for nothing. Empty also where it cannot be told."""
    if conn.is_http2 or (conn.parser and conn.parser.unreader.buf.getvalue()):
        return b""
    try:
        return bytes(conn.sock.recv(HEAD_BYTES, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except BlockingIOError:
        return None
    except OSError:
        return b""  # who handles it finds out


def write_error(sock: socket.socket, status: int, reason: str, _message: str) -> None:
    """Send gunicorn's own answer to what is no request, without repeating what came."""
    text = f"{status} {reason}\n"
    headers = plain_headers(https=settings.HTTPS) | {"Content-Type": "text/plain", "Content-Length": str(len(text))}
    lines = [
        f"HTTP/1.1 {status} {reason}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    util.write_nonblock(sock, "\r\n".join([*lines, "", text]).encode("latin-1"))


util.write_error = write_error

"""Real servers on loopback, and a client that keeps its connection."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .databases import ROOT, SETTINGS, manage

ACCEPT = {"Accept-Encoding": "gzip", "Accept-Language": "vi"}


@contextmanager
def serving(url: str, static: str, workers: int = 1, **environment: str) -> Iterator[int]:
    """The port of gunicorn over the database `url`, with production's settings except https."""
    own = os.environ | SETTINGS | {"DATABASE_URL": url, "STATIC_ROOT": static} | environment
    if not os.path.isdir(static):
        manage(url, "collectstatic", "-v0", "--no-input", environment={"STATIC_ROOT": static})
    port = free_port()
    options = [
        "--bind",
        f"127.0.0.1:{port}",
        f"--workers={workers}",
        "--threads=4",
        "--keep-alive=300",
        "--log-level=error",
    ]
    process = subprocess.Popen([sys.executable, "-m", "gunicorn", "lanson.wsgi", *options], cwd=ROOT, env=own)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(port: int) -> None:
    for _attempt in range(300):
        try:
            if fetch(http.client.HTTPConnection("127.0.0.1", port, timeout=30), "/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"Nothing answers on port {port}.")


def fetch(connection: http.client.HTTPConnection, path: str, **headers: str) -> tuple[int, bytes, str]:
    """Status, body as it travels, and entity tag of one answer."""
    connection.request("GET", path, headers=ACCEPT | headers)
    response = connection.getresponse()
    return response.status, response.read(), response.getheader("ETag") or ""

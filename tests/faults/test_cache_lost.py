"""The cache dies, hangs or answers rubbish: pages, log-in and API go on as without it."""

import shutil
import socket
import socketserver
import subprocess
import threading
from contextlib import contextmanager

import pytest

from .sites import Person, until

PAGES = ["/", "/terms/2025/", "/indicators/grdp-growth/", "/api/v1/indicators", "/reports/progress.csv", "/login/"]


class Rubbish(socketserver.BaseRequestHandler):
    """Answers every question with what no Redis says."""

    def handle(self):
        while self.request.recv(4096):
            self.request.sendall(b"\xff\x00HTTP/1.1 200 OK\r\n$-7\r\n*oops\r\n")


class Silence(socketserver.BaseRequestHandler):
    """Takes every question and answers none."""

    def handle(self):
        while self.request.recv(4096):
            pass


@contextmanager
def listening(handler):
    """The address of a cache that behaves like `handler`."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"redis://127.0.0.1:{server.server_address[1]}/0"
        server.shutdown()


def goes_on(server):
    """Every page answers, and somebody can log in."""
    assert {path: server.status(path) for path in PAGES} == dict.fromkeys(PAGES, 200)
    visitor = Person(server)
    visitor.send("/login/", {"username": "clerk0", "password": "wrong"})
    assert Person(server, "clerk0").read("/admin/indicators/figure/").status_code == 200
    assert server.errors() == []


@pytest.mark.parametrize("handler", [Rubbish, Silence])
def test_with_a_cache_that_answers_nothing_of_use_everything_goes_on(site_over, handler):
    site = site_over("sqlite")
    with listening(handler) as url, site.served(CACHE_URL=url) as server:
        goes_on(server)


def test_when_redis_is_killed_everything_goes_on(site_over, tmp_path):
    if not shutil.which("redis-server"):
        pytest.skip("redis-server is not installed (Debian: apt-get install redis-server)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = ["redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    redis = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        until(lambda: answers(int(port)), "Redis")
        with site_over("sqlite").served(CACHE_URL=f"redis://127.0.0.1:{port}/0") as server:
            goes_on(server)
            redis.kill()
            redis.wait()
            goes_on(server)
    finally:
        redis.kill()
        redis.wait()


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0

"""Requests that never end, many at a time, for a while: each is ended, others are answered, and no process is lost."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from .sites import PATIENCE, until

# The server has eight threads; each slow one is let run for two seconds.
SLOW = ["/slow/computing/", "/slow/asking/", "/slow/streaming/"] * 4
SECONDS = 20


def slow_status(server, path):
    """The status of what never ends, 0 where the server hung up."""
    try:
        return requests.get(server.url + path, timeout=PATIENCE).status_code
    except requests.RequestException:
        return 0


@pytest.mark.long
@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_slow_requests_without_pause_hold_nobody(site_over, vendor):
    site = site_over(vendor, DJANGO_SETTINGS_MODULE="tests.slow_settings", DATABASE_TIMEOUT="3")
    health, seen, over = [], [], threading.Event()

    def attack(server, path):
        while not over.is_set():
            seen.append((path, slow_status(server, path)))

    with site.served() as server, ThreadPoolExecutor(len(SLOW)) as pool:
        workers = {worker.pid for worker in server.workers()}
        for path in SLOW:
            pool.submit(attack, server, path)
        ends_at = time.monotonic() + SECONDS
        while time.monotonic() < ends_at:
            began = time.monotonic()
            health.append((server.status("/healthz"), time.monotonic() - began))
            assert server.status("/method/") == 200
        over.set()
        until(lambda: server.status("/terms/2025/") == 200, "a page afterwards")
        assert {worker.pid for worker in server.workers()} == workers
    statuses = Counter(seen)
    assert {status for path, status in statuses if path != "/slow/streaming/"} <= {503, 0}
    assert statuses["/slow/computing/", 503] > 4
    assert statuses["/slow/asking/", 503] > 4
    assert {status for status, _seconds in health} == {200}
    assert max(seconds for _status, seconds in health) < 15


@pytest.mark.long
def test_a_server_that_ended_many_is_as_quick_as_before(site_over):
    site = site_over("sqlite", DJANGO_SETTINGS_MODULE="tests.slow_settings")
    with site.served() as server:
        workers = {worker.pid for worker in server.workers()}
        with ThreadPoolExecutor(16) as pool:
            assert set(pool.map(lambda _number: slow_status(server, "/slow/computing/"), range(32))) == {503}
            # As many at once as there are threads: none of them was lost.
            assert set(pool.map(lambda _number: server.status("/method/"), range(64))) == {200}
        until(lambda: server.status("/healthz") == 200, "health")
        assert {worker.pid for worker in server.workers()} == workers
        assert [line for line in server.errors() if "Service Unavailable: /slow/computing/" not in line] == []

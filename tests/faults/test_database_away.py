"""PostgreSQL stopped, started and hanging under load: a clear 503, and all is well again without a restart."""

import threading
import time
from collections import Counter
from contextlib import contextmanager

import pytest
import requests

from .sites import PATIENCE, Person, until

PAGES = ["/", "/terms/2025/", "/indicators/", "/en/terms/2030/", "/api/v1/indicators", "/reports/figures.csv"]
# What a page may take while the database hangs: the limit for a statement, the grace, and a queue that waits once.
TIMEOUT, AT_MOST = 2, 15


@pytest.fixture
def own_postgres_site(site_over, postgres):
    """A site over PostgreSQL; the server is there again when the test is through."""
    yield site_over("postgresql", DATABASE_TIMEOUT=str(TIMEOUT))
    postgres.start()


@contextmanager
def readers(server, number=8):
    """So many threads that read page after page; yields the list of (path, status, seconds) of what they got."""
    seen, over = [], threading.Event()

    def read():
        while not over.is_set():
            for path in PAGES:
                began = time.monotonic()
                seen.append((path, server.status(path), time.monotonic() - began))

    threads = [threading.Thread(target=read) for _number in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        over.set()
        for thread in threads:
            thread.join()


def statuses(seen):
    return Counter(status for _path, status, _seconds in list(seen))


def test_while_postgresql_is_stopped_pages_say_so_and_then_go_on_without_a_restart(own_postgres_site, postgres):
    with own_postgres_site.served() as server:
        workers = {worker.pid for worker in server.workers()}
        with readers(server) as seen:
            until(lambda: statuses(seen)[200] > 20, "pages")
            postgres.stop()
            until(lambda: statuses(seen)[503] > 20, "refusals")
            page, api = requests.get(server.url + "/terms/2025/"), requests.get(server.url + "/api/v1/indicators")
            postgres.start()
            before = statuses(seen)[200]
            until(lambda: statuses(seen)[200] > before + 20, "pages again")
            assert server.status("/healthz") == 200
        assert set(statuses(seen)) == {200, 503}
        assert {worker.pid for worker in server.workers()} == workers
    assert "<h1>Cơ sở dữ liệu tạm thời không trả lời</h1>" in page.text
    assert page.headers["Retry-After"] == "60"
    assert (api.status_code, api.headers["Content-Type"]) == (503, "application/problem+json")


def test_while_postgresql_hangs_every_page_answers_in_time_and_then_goes_on(own_postgres_site, postgres):
    with own_postgres_site.served() as server:
        workers = {worker.pid for worker in server.workers()}
        with readers(server, number=30) as seen:
            until(lambda: statuses(seen)[200] > 50, "pages")
            with postgres.hanging():
                began = len(seen)
                until(lambda: statuses(seen)[503] > 100, "refusals")
                health = requests.get(server.url + "/healthz", timeout=PATIENCE)
            before = statuses(seen)[200]
            until(lambda: statuses(seen)[200] > before + 50, "pages again")
        assert set(statuses(seen)) == {200, 503}
        assert max(seconds for _path, _status, seconds in seen[began:]) < AT_MOST
        assert {worker.pid for worker in server.workers()} == workers
    assert health.status_code == 503


def test_a_page_that_waits_for_a_lock_gives_up_and_leaves_nothing_behind(own_postgres_site):
    """Somebody holds the table of steps: an approval cannot be stored, and says so in time."""
    site = own_postgres_site
    pairs = site.ask("submit", 3)
    with site.served() as server, site.database.held("indicators_step"):
        approval = {"transition": "approve", "chosen": pairs}
        answer = Person(server, "approver").send("/admin/indicators/figure/queue/", approval)
        assert answer.status_code == 503
        assert "<h1>Cơ sở dữ liệu tạm thời không trả lời</h1>" in answer.text
        assert [row for row in site.database.connections() if row[0] == "active"] == []
    assert site.count("figure", "state = 'approved' AND year < 1996") == 0

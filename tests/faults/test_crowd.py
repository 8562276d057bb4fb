"""Many at once: readers and writers on PostgreSQL, writers on SQLite, thousands of requests; nothing lost, nothing left."""

import itertools
import threading
import time
from collections import Counter
from contextlib import contextmanager

import pytest

from .people import CLERKS
from .sites import Person
from .test_database_away import statuses
from .test_streams import open_files

READ = [
    *("/", "/terms/2025/", "/terms/2030/", "/indicators/", "/indicators/grdp-growth/", "/compare/", "/sources/"),
    *("/api/v1/indicators", "/api/v1/figures", "/reports/progress.csv", "/en/terms/2025/", "/years/2025/"),
]
READERS, SECONDS = 200, 60
QUEUE, FIGURES = "/admin/indicators/figure/queue/", "/admin/indicators/figure/"
REQUESTS = 20_000

pytestmark = pytest.mark.long


@pytest.fixture
def tell(capsys):
    """Puts a line under the running tests."""

    def write(text):
        with capsys.disabled():
            print(f"\n    {text}", flush=True)  # noqa: T201

    return write


def percentiles(seconds):
    """p50, p95 and p99 in milliseconds."""
    ordered = sorted(seconds)
    return ", ".join(f"p{share} {1000 * ordered[len(ordered) * share // 100]:.0f} ms" for share in (50, 95, 99))


class Clerk:
    """Enters a figure, corrects it, competes for one that all clerks correct, submits; the approver decides."""

    def __init__(self, server, number, keys):
        self.person, self.approver = Person(server, f"clerk{number}"), Person(server, "approver")
        self.site, self.number, self.keys = server.site, number, keys
        self.accepted, self.seen = [], []

    def work(self, over):
        for turn in itertools.count():
            if over.is_set():
                return
            figure = self.enter(turn)
            self.correct(figure, turn, 1)
            self.compete(turn)
            self.send(f"{FIGURES}{figure}/transition/", {"transition": "submit", "version": 2})
            move = {"transition": "approve"} if turn % 3 else {"transition": "return", "reason": "xem lại"}
            self.send(QUEUE, move | {"chosen": [f"{figure}:3"]}, by=self.approver)

    def enter(self, turn):
        self.send(f"{FIGURES}add/", self.form(turn, f"{self.number},{turn % 100}"))
        where = f"indicator_id = {self.keys['indicators'][self.number]} AND year = {1990 + turn // 12}"
        sql = f"SELECT id FROM indicators_figure WHERE {where} AND through_month = {turn % 12 + 1}"
        return self.site.database.rows(sql)[0][0]

    def correct(self, figure, turn, version):
        if self.send(f"{FIGURES}{figure}/change/", self.form(turn, f"{turn},5", version)).status_code == 302:
            self.accepted.append((figure, version + 1, f"{turn}.5000"))

    def compete(self, turn):
        """Correct the one figure that everybody corrects, over the version that was just read."""
        figure = self.keys["shared"]
        sql = f"SELECT version FROM indicators_figure WHERE id = {figure}"
        version, value = self.site.database.rows(sql)[0][0], f"{self.number * 1000 + turn}"
        form = self.form(0, value, version) | {
            "indicator": self.keys["indicators"][1],
            "year": 2021,
            "through_month": 12,
        }
        if self.send(f"{FIGURES}{figure}/change/", form).status_code == 302:
            self.accepted.append((figure, version + 1, f"{value}.0000"))

    def form(self, turn, value, version=""):
        sent = {"indicator": self.keys["indicators"][self.number], "year": 1990 + turn // 12, "value": value}
        sent |= {"through_month": turn % 12 + 1, "qualifier": "exact", "status": "reported", "reason": "đúng"}
        return sent | {"published_on": "10/01/2022", "source": self.keys["source"], "read_version": version}

    def send(self, path, data, by=None):
        began = time.monotonic()
        answer = (by or self.person).send(path, data)
        self.seen.append((path, answer.status_code, time.monotonic() - began))
        return answer


@contextmanager
def running(acts):
    """Each act on a thread, told by an event when it is over."""
    over = threading.Event()
    threads = [threading.Thread(target=act, args=(over,)) for act in acts]
    for thread in threads:
        thread.start()
    yield
    over.set()
    for thread in threads:
        thread.join()


def reader(server, seen):
    def read(over):
        for path in itertools.cycle(READ):
            if over.is_set():
                return
            began = time.monotonic()
            seen.append((path, server.status(path), time.monotonic() - began))

    return read


def test_two_hundred_readers_and_twenty_writers_lose_nothing(postgres_site, tell):
    site, seen = postgres_site, []
    keys = site.ask("meeting_point")
    with site.served() as server:
        clerks = [Clerk(server, number, keys) for number in range(CLERKS)]
        with running([reader(server, seen) for _number in range(READERS)] + [clerk.work for clerk in clerks]):
            time.sleep(SECONDS)
        errors = server.errors()
    written = [one for clerk in clerks for one in clerk.seen]
    tell(f"{len(seen)} pages read: {percentiles([one[2] for one in seen])}")
    tell(f"{len(written)} forms sent: {percentiles([one[2] for one in written])}, {dict(statuses(written))}")
    assert set(statuses(seen)) == {200}
    assert set(statuses(written)) <= {200, 302}
    assert errors == []
    holds(site, [one for clerk in clerks for one in clerk.accepted])


def holds(site, accepted):
    """What was accepted is kept, once, in order; nothing is public that is not approved."""
    rows = site.database.rows
    history = rows("SELECT id, version, value FROM indicators_historicalfigure WHERE history_type <> '-'")
    kept = {(pk, version, str(value)) for pk, version, value in history}
    assert [one for one in accepted if one not in kept] == []
    assert Counter(Counter((pk, version) for pk, version, _value in accepted).values()).keys() <= {1}
    assert (
        rows(
            "SELECT f.id FROM indicators_figure f LEFT JOIN indicators_historicalfigure h ON h.id = f.id GROUP BY f.id"
            " HAVING count(DISTINCT h.version) <> f.version OR count(*) <> f.version OR max(h.version) <> f.version"
        )
        == []
    )
    last = "SELECT DISTINCT ON (figure_id) figure_id, kind FROM indicators_step ORDER BY figure_id, id DESC"
    decided = dict(rows(last))
    states = dict(rows("SELECT id, state FROM indicators_figure"))
    ends = {"enter": "entered", "edit": "entered", "submit": "submitted", "approve": "approved", "return": "returned"}
    assert {figure: states[figure] for figure in decided} == {figure: ends[kind] for figure, kind in decided.items()}


def test_twenty_processes_that_write_into_sqlite_wait_and_do_not_fail(sqlite_site, tell):
    begin_at = time.time() + 45  # when all of them have started
    code = "import json; from tests.faults import people; print(json.dumps(people.keep_writing({}, {}, 10)))"
    commands = [["shell", "--no-imports", "-c", code.format(number, begin_at)] for number in range(CLERKS)]
    processes = [sqlite_site.begin(*command) for command in commands]
    said = [process.communicate(timeout=300) for process in processes]
    assert [errors for (_out, errors), process in zip(said, processes, strict=True) if process.returncode] == []
    written = [int(out.splitlines()[-1]) for out, _errors in said]
    tell(
        f"{sum(written)} figures in 10 seconds by {len(written)} processes, from {min(written)} to {max(written)} each"
    )
    assert min(written) > 0
    assert sqlite_site.count("figure", "state = 'entered'") == sum(written)
    assert sqlite_site.count("step", "kind = 'enter'") == sum(written)


def test_memory_and_open_files_stay_flat_over_many_requests(postgres_site, tell):
    with postgres_site.served() as server:
        visit(server, REQUESTS // 10)
        warm, files = memory(server), open_files(server)
        visit(server, REQUESTS)
        end, files_at_end = memory(server), open_files(server)
    tell(f"{REQUESTS} requests: memory {warm:.0f} → {end:.0f} MB, open files {files} → {files_at_end}")
    assert end < 1.5 * warm
    assert files_at_end <= files + 8


def visit(server, number):
    """So many requests over the main addresses, by eight readers who keep their connections."""
    paths = iter(list(itertools.islice(itertools.cycle([*READ, "/healthz", "/nowhere/", "/admin/"]), number)))
    lock, wrong = threading.Lock(), []

    def read():
        reading = Person(server)
        while True:
            with lock:
                path = next(paths, None)
            if path is None:
                return
            status = reading.read(path).status_code
            if status != (404 if path == "/nowhere/" else 200):
                wrong.append((path, status))

    threads = [threading.Thread(target=read) for _reader in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def memory(server):
    """What the workers hold in memory, in MB."""
    return sum(worker.memory_info().rss for worker in server.workers()) / 2**20

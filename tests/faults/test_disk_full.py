"""No room left: on the disk of evidence files, of SQLite, of the log. The user is told, nothing is half written."""

import os
import shutil
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg2
import pytest

from tests.files import pdf

from .databases import Server
from .sites import ROOT, Person, Site, until
from .test_killed import IMPORT, table_of, upload

FULL = "<h1>Không còn chỗ trống</h1>"


@contextmanager
def small_disk(folder, size):
    """A disk of `size` mounted at the new folder, which only root may do."""
    folder.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "fault", folder]).returncode:
        pytest.skip("mounting a small disk takes root and a machine that lets it")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder):
    """Take all the room that is left."""
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    (folder / "filler").write_bytes(b"\0" * free)


def test_evidence_that_does_not_fit_leaves_no_half_file_and_is_told(site_over, tmp_path):
    with small_disk(tmp_path / "disk", "1m") as disk:
        site = site_over("sqlite", MEDIA_ROOT=str(disk / "media"))
        figure = site.ask("enter")
        with site.served() as server:
            page, clerk = f"/admin/indicators/figure/{figure}/", Person(server, "clerk0")
            small, large = ("files", ("nho.pdf", pdf())), ("files", ("lon.pdf", pdf() + b"\0" * 3_000_000))
            clerk.read(page + "change/")
            answer = clerk.send(page + "evidence/", {}, files=[large])
            assert (answer.status_code, FULL in answer.text) == (507, True)
            assert [path for path in disk.rglob("*") if path.is_file()] == []
            assert site.count("evidence") == 0
            assert clerk.send(page + "evidence/", {}, files=[small]).status_code == 302
            assert site.count("evidence") == 1


def test_a_file_to_import_for_which_the_temporary_folder_has_no_room_is_refused(site_over, tmp_path):
    with small_disk(tmp_path / "disk", "1m") as disk:
        site = site_over("sqlite", TMPDIR=str(disk))
        with site.served("--worker-tmp-dir=/dev/shm") as server:
            clerk = Person(server, "clerk0")
            answer = clerk.send(IMPORT, {}, files={"file": ("bang.csv", table_of(10) + b"\r\n;" * 1_500_000)})
            assert (answer.status_code, FULL in answer.text) == (507, True)
            assert list(disk.iterdir()) == []
            assert upload(clerk, 10)


def test_when_sqlite_has_no_room_reading_goes_on_and_writing_is_refused_whole(site_over, tmp_path):
    with small_disk(tmp_path / "disk", "16m") as disk:
        site = site_over("sqlite")
        site.database.path = shutil.move(site.database.path, disk / "db.sqlite3")
        site.environment["DATABASE_URL"] = f"sqlite:///{site.database.path}"
        pairs = site.ask("submit", 12)
        before = site.count("historicalfigure")
        with site.served() as server:
            approver = Person(server, "approver")
            approver.read("/admin/indicators/figure/queue/")
            fill(disk)
            answers = [approver.send("/admin/indicators/figure/queue/", {"transition": "approve", "chosen": pairs})]
            assert [(answer.status_code, FULL in answer.text) for answer in answers] == [(507, True)]
            assert server.status("/terms/2025/") == server.status("/api/v1/indicators") == 200
            assert site.count("historicalfigure") == before
            (disk / "filler").unlink()
            again = approver.send("/admin/indicators/figure/queue/", {"transition": "approve", "chosen": pairs})
            assert again.status_code == 302
        assert site.count("figure", "state = 'submitted'") == 0


@pytest.mark.long
def test_when_postgresql_has_no_room_it_stops_and_keeps_all_that_was_stored(tmp_path):
    # The user of the database must get there, which a folder of pytest does not allow.
    with TemporaryDirectory(prefix="fault-") as folder, small_disk(Path(folder) / "disk", "220m") as disk:
        server = Server(disk)
        try:
            site = Site(server.database("small"), tmp_path)
            site.manage("migrate", "--verbosity=0")
            site.manage("load_package", str(ROOT / "fixtures" / "langson"))
            site.keys = site.ask("move_in")
            page = f"/admin/indicators/figure/{site.ask('enter')}/"
            with site.served() as web:
                clerk = Person(web, "clerk0")
                clerk.read(page + "change/")
                fill(disk)
                statuses = list(statuses_until_it_stops(server, clerk, page))
                assert {web.status("/terms/2025/"), web.status("/api/v1/indicators")} == {503}
                (disk / "filler").unlink()
                server.start()
                until(lambda: web.status("/terms/2025/") == 200, "pages to be back")
                assert clerk.send(page + "evidence/", {}, files=[evidence(999)]).status_code == 302
            assert site.count("evidence") == statuses.count(302) + 1
            assert set(statuses) <= {302, 503, 507}
        finally:
            server.remove()


def statuses_until_it_stops(server, clerk, page):
    """The answers to one file after the other, while the log of PostgreSQL asks for ever more room."""
    for number in range(200):
        yield (status := clerk.send(page + "evidence/", {}, files=[evidence(number)]).status_code)
        if status == 503 and not server.answers():
            return
        with suppress(psycopg2.Error):
            clerk.server.site.database.rows("SELECT pg_switch_wal()")
    raise AssertionError("PostgreSQL went on without room")


def evidence(number):
    return "files", (f"{number}.pdf", pdf() + str(number).encode())


def test_a_log_that_cannot_be_written_stops_no_page(site_over):
    site = site_over("sqlite")
    with site.served(log="/dev/full") as server:
        workers = {worker.pid for worker in server.workers()}
        wanted = ["/terms/2025/", "/api/v1/indicators", "/nowhere/", "/admin/", "/reports/progress.csv"] * 5
        assert [server.status(path) for path in wanted] == [200, 200, 404, 200, 200] * 5
        assert {worker.pid for worker in server.workers()} == workers

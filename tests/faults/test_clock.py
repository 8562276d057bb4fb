"""The clock of the server is moved back: nobody is thrown out, nothing is lost, no page fails."""

from datetime import date, timedelta

import pytest
import requests

from .sites import Person

HOUR, DAY = 3600, 86_400
PAGES = [
    *("/", "/terms/2025/", "/indicators/grdp-growth/", "/compare/", "/sources/", "/reports/", "/healthz"),
    *("/reports/changes.csv", "/reports/progress.csv", "/reports/package.zip"),
    *("/api/v1/indicators", "/api/v1/changes", "/api/v1/changes.atom", "/sdmx/structure/dataflow"),
]
CLERKS = ["/admin/indicators/figure/", "/admin/indicators/figure/sheet/"]
APPROVERS = ["/admin/indicators/figure/", "/admin/indicators/figure/queue/"]


@pytest.fixture
def clocked(site_over, tmp_path):
    """A server whose clock `set` moves, beside its site."""
    clock = tmp_path / "clock"
    clock.write_text("0")
    site = site_over("sqlite", CLOCK=str(clock))
    command = ["--workers=1", "--threads=1", "--worker-class=sync", "tests.faults.clock:application"]
    with site.served(*command) as server:
        server.set = lambda seconds: clock.write_text(str(seconds))
        yield site, server


def form_of(site, value, on, version=""):
    """What a clerk types into the form of a figure."""
    (indicator,), (source,) = (
        site.database.rows(f"SELECT id FROM indicators_{table}")[0]
        for table in ("indicator WHERE code = 'own-2'", "source ORDER BY code")
    )
    sent = {"indicator": indicator, "year": 2021, "through_month": 12, "value": value, "qualifier": "exact"}
    sent |= {"status": "reported", "published_on": f"{on:%d/%m/%Y}", "source": source, "reason": "đúng"}
    return sent | {"read_version": version}


@pytest.mark.parametrize("back", [HOUR, DAY, 400 * DAY])
def test_after_the_clock_was_moved_back_every_page_answers(clocked, back):
    site, server = clocked
    token = {"Authorization": f"Bearer {site.ask('token')}"}
    clerk, approver = Person(server, "clerk0"), Person(server, "approver")
    yesterday = date.today() - timedelta(days=1)  # noqa: DTZ011
    for seconds in (0, -back, 0):
        server.set(seconds)
        assert {path: server.status(path) for path in PAGES} == dict.fromkeys(PAGES, 200)
        assert requests.get(server.url + "/api/v1/figures", headers=token).status_code == 200
        assert {path: clerk.read(path).status_code for path in CLERKS} == dict.fromkeys(CLERKS, 200)
        assert {path: approver.read(path).status_code for path in APPROVERS} == dict.fromkeys(APPROVERS, 200)
        known = server.status(f"/terms/2025/?as_of={yesterday}")
        assert known == (400 if seconds < -DAY else 200)
    assert server.errors() == []


def test_what_is_entered_while_the_clock_is_wrong_keeps_its_order(clocked):
    site, server = clocked
    clerk, approver = Person(server, "clerk0"), Person(server, "approver")
    add, day = "/admin/indicators/figure/add/", date(2022, 1, 10)
    assert clerk.send(add, form_of(site, "6,5", day)).status_code == 302
    ((figure,),) = site.database.rows("SELECT id FROM indicators_figure WHERE state = 'entered'")
    change = f"/admin/indicators/figure/{figure}/"
    server.set(-HOUR)
    assert clerk.send(change + "change/", form_of(site, "7,5", day, version=1)).status_code == 302
    assert clerk.send(change + "transition/", {"transition": "submit", "version": 2}).status_code == 302
    queue = "/admin/indicators/figure/queue/"
    assert approver.send(queue, {"transition": "approve", "chosen": [f"{figure}:3"]}).status_code == 302
    server.set(0)
    assert (
        clerk.send(change + "transition/", {"transition": "ask", "version": 4, "reason": "gõ nhầm"}).status_code == 302
    )
    server.set(-HOUR)
    assert (
        approver.send(queue, {"row_transition": f"decline:{figure}:5", f"reason-{figure}": "đúng rồi"}).status_code
        == 302
    )
    assert f"figure-{figure}" not in approver.read(queue).text
    steps = [kind for (kind,) in site.database.rows(f"SELECT kind FROM indicators_step WHERE figure_id = {figure}")]
    assert steps == ["enter", "edit", "submit", "approve", "ask", "decline"]
    history = f"SELECT version FROM indicators_historicalfigure WHERE id = {figure} ORDER BY history_id"
    assert site.database.rows(history) == [(version,) for version in range(1, 7)]
    assert server.errors() == []

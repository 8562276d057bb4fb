"""Two web servers over one PostgreSQL with a standby, as real processes: what people and programs see of them."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest

from tests.servers import ROOT, Browser, Postgres, Server, environment, python, running, until

SEED = """
import json, django
django.setup()
from indicators.models import StepKind
from indicators import workflow
from tests.factories import make_agency, make_indicator, make_person, make_target, new_figure
finance = make_agency(code="finance")
clerk = make_person("lan", groups=["Nhập liệu"], agency=finance)
make_person("minh", groups=["Duyệt số liệu"])
growth = make_indicator(code="growth", agency=finance, decimals=2)
make_target(indicator=growth)
pairs = []
for year in range(2020, 2025):
    figure = new_figure(indicator=growth, year=year, value=f"7.{year - 2000}", published_on="2025-01-10", state="entered")
    workflow.write(figure, by=clerk, reason="")
    workflow.apply_transition(StepKind.SUBMIT, {figure.pk: figure.version}, by=clerk)
    figure.refresh_from_db()
    pairs.append(f"{figure.pk}:{figure.version}")
print(json.dumps(pairs))
"""
# A release after this one: a new column and a new index, as the first half of a change that is made in two.
EXPAND = """
from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [("indicators", {last!r})]
    operations = [
        migrations.AddField("figure", "later", models.TextField(null=True)),
        migrations.AddField("historicalfigure", "later", models.TextField(null=True)),
        migrations.AddIndex("figure", models.Index(fields=["later"], name="figure_later")),
    ]
"""
PUBLIC = [
    "/",
    "/terms/2025/",
    "/en/indicators/growth/",
    "/reports/figures.csv",
    "/reports/package.zip",
    "/api/v1/figures",
]
STAFF = ["/admin/", "/admin/indicators/figure/queue/", "/en/admin/indicators/figure/"]


@pytest.fixture(scope="module")
def databases():
    """The primary, migrated, with five figures that wait for approval, and its standby."""
    # Not in a folder of pytest: those are closed to others, and PostgreSQL does not run as root.
    with TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder, ExitStack() as last:
        primary = Postgres(Path(folder) / "primary")
        last.callback(primary.remove)
        python("manage.py", "migrate", "--verbosity=0", DATABASE_URL=primary.url)
        primary.waiting = json.loads(python("-c", SEED, DATABASE_URL=primary.url))
        standby = Postgres(Path(folder) / "standby", primary=primary)
        last.callback(standby.remove)
        yield primary, standby


@pytest.fixture(scope="module")
def servers(databases, tmp_path_factory):
    """Two servers of one installation."""
    primary, standby = databases
    urls = {"DATABASE_URL": primary.url, "DATABASE_REPLICA_URL": standby.url}
    folder = tmp_path_factory.mktemp("logs")
    # The first with two processes, which put their numbers together.
    with running(Server(folder, METRICS="on", WEB_CONCURRENCY="2", **urls), Server(folder, **urls)) as both:
        yield both


@pytest.fixture
def approver(servers):
    browser = Browser()
    assert browser.log_in(servers[0], "minh")[0] == 200
    return browser


@pytest.fixture
def late(databases):
    """The standby does not follow until the test is through."""
    primary, standby = databases
    in_step(primary, standby)
    standby.sql("SELECT pg_wal_replay_pause()")
    until(lambda: standby.sql("SELECT pg_get_wal_replay_pause_state()") == "paused", "the standby goes on")
    yield standby
    standby.sql("SELECT pg_wal_replay_resume()")
    in_step(primary, standby)


def in_step(primary, standby):
    """Wait until the standby shows what the primary shows now."""
    now = primary.sql("SELECT pg_current_wal_lsn()")
    until(lambda: standby.sql(f"SELECT pg_last_wal_replay_lsn() >= '{now}'"), "the standby does not follow")


def approve(browser, server, databases):
    """Approve the next figure that waits; its value as a machine writes it."""
    pair = databases[0].waiting.pop()
    answer = browser.post(server, "/admin/indicators/figure/queue/", transition="approve", chosen=[pair])
    assert answer[0] == 200
    number = pair.partition(":")[0]
    assert databases[0].sql(f"SELECT state FROM indicators_figure WHERE id = {number}") == "approved"
    return str(databases[0].sql(f"SELECT round(value, 2) FROM indicators_figure WHERE id = {number}"))


def shown(browser, server, value):
    """On how many of page, CSV and API the value stands."""
    page = browser.get(server, "/indicators/growth/")[1]
    csv = browser.get(server, "/reports/figures.csv")[1]
    api = browser.get(server, "/api/v1/figures?indicator=growth")[1]
    return [value.replace(".", ",") in page, f",{value}," in csv, value in api]


def test_who_logs_in_on_one_server_goes_on_with_the_other(servers):
    browser = Browser()
    assert "lan" in browser.log_in(servers[0], "lan")[1]
    status, page = browser.get(servers[1], "/admin/")
    assert (status, "lan" in page) == (200, True)
    browser.post(servers[1], "/logout/")
    assert 'name="password"' in browser.get(servers[0], "/admin/")[1]


@pytest.mark.usefixtures("late")
def test_who_approved_a_figure_on_one_server_sees_it_on_both_at_once(databases, servers, approver):
    value = approve(approver, servers[0], databases)
    assert [shown(approver, one, value) for one in servers] == [[True] * 3] * 2


def test_everybody_else_reads_the_standby(databases, servers, approver, late):
    value = approve(approver, servers[1], databases)
    assert [shown(Browser(), one, value) for one in servers] == [[False] * 3] * 2
    late.sql("SELECT pg_wal_replay_resume()")
    in_step(*databases)
    assert [shown(Browser(), one, value) for one in servers] == [[True] * 3] * 2


@pytest.mark.usefixtures("late")
def test_who_follows_the_changes_hears_of_what_the_standby_does_not_know(databases, servers, approver):
    value = approve(approver, servers[0], databases)
    answers = [json.loads(Browser().get(one, "/api/v1/changes")[1]) for one in servers]
    assert [answer["items"][-1]["after"] for answer in answers] == [value] * 2


def test_the_old_version_keeps_serving_while_the_new_one_migrates(databases, servers, approver, tmp_path):
    primary, standby = databases
    later = release(tmp_path)
    done, answers = Event(), []

    def read_on():
        reader = Browser()
        while not done.is_set():
            answers.extend(reader.get(one, path)[0] for one in servers for path in PUBLIC[:4])
            answers.extend(approver.get(one, "/admin/indicators/figure/queue/")[0] for one in servers)

    with ThreadPoolExecutor() as pool:
        reading = pool.submit(read_on)
        try:
            python("manage.py", "migrate", "--verbosity=0", DATABASE_URL=primary.url, **later)
            in_step(primary, standby)
            value = approve(approver, servers[0], databases)
        finally:
            done.set()
        reading.result()
    assert set(answers) == {200}
    assert shown(approver, servers[1], value) == [True] * 3
    # The database as it was before, for the other tests.
    primary.sql("ALTER TABLE indicators_figure DROP later; ALTER TABLE indicators_historicalfigure DROP later")
    primary.sql("DELETE FROM django_migrations WHERE name = '9999_expand'")


def release(folder):
    """The settings of a release whose code has one migration more."""
    shutil.copytree(ROOT / "indicators" / "migrations", folder / "later_migrations")
    last = sorted(path.stem for path in (folder / "later_migrations").glob("0*.py"))[-1]
    (folder / "later_migrations" / "9999_expand.py").write_text(EXPAND.format(last=last))
    (folder / "later_settings.py").write_text(
        'from tests.server_settings import *\nMIGRATION_MODULES = {"indicators": "later_migrations"}\n'
    )
    path = f"{folder}:{environment()['PYTHONPATH']}"
    return {"DJANGO_SETTINGS_MODULE": "later_settings", "PYTHONPATH": path}


def test_a_server_of_a_release_is_ready_once_its_migrations_are_applied(databases, tmp_path):
    settings = release(tmp_path) | {"DATABASE_URL": databases[0].url}
    with running(Server(tmp_path, **settings)) as (new,):
        asked = Browser()
        assert [asked.get(new, path)[0] for path in ("/healthz", "/readyz")] == [200, 503]


def test_the_numbers_of_all_processes_of_a_server_are_one(servers):
    for _time in range(8):
        Browser().get(servers[0], "/favicon.ico")
    text = Browser().get(servers[0], "/metrics")[1]
    assert 'tracker_requests_total{method="GET",status="301",view="favicon"} 8.0' in text
    assert Browser().get(servers[1], "/metrics")[0] == 404


def test_each_request_leaves_one_line_in_the_log_of_its_server(servers, approver):
    approver.get(servers[1], "/admin/indicators/figure/queue/?from=here")
    last = servers[1].records("indicators.core.request_log")[-1]
    assert (last["path"], last["status"], type(last["user"])) == ("/admin/indicators/figure/queue/", 200, int)
    assert "here" not in servers[1].log.read_text()
    assert "secret" not in servers[0].log.read_text()


# --- what is away


def test_a_standby_that_is_away_is_done_without(databases, servers):
    databases[1].stop()
    try:
        assert [Browser().get(one, path)[0] for one in servers for path in PUBLIC] == [200] * 2 * len(PUBLIC)
    finally:
        databases[1].start()
    told = [one.records("indicators.core.db_router") for one in servers]
    assert all("primary is read" in one[0]["message"] and one[0]["request_id"] for one in told)
    # Each server tried once and then left it alone for a while.
    assert all(len(one) < len(PUBLIC) for one in told)


def test_without_the_primary_the_public_reads_on_and_staff_is_told(databases, servers, approver):
    approver.cookies.clear("127.0.0.1", "/", "wrote")
    until(lambda: "wrote" not in {one.name for one in approver.cookies}, "")
    databases[0].stop()
    try:
        for one in servers:
            told = [approver.get(one, path) for path in STAFF]
            assert [(status, "503" in page and "<h1>" in page) for status, page in told] == [(503, True)] * len(STAFF)
            assert [Browser().get(one, path)[0] for path in ("/healthz", "/readyz")] == [503, 503]
    finally:
        databases[0].start()
    assert [approver.get(one, path)[0] for one in servers for path in STAFF] == [200] * 2 * len(STAFF)


def test_without_any_database_every_page_says_so(databases, tmp_path):
    with running(Server(tmp_path, DATABASE_URL=databases[0].url)) as (alone,):
        reader = Browser()
        assert {reader.get(alone, path)[0] for path in PUBLIC} == {200}
        databases[0].stop()
        try:
            told = {path: reader.get(alone, path) for path in [*PUBLIC, "/healthz"]}
        finally:
            databases[0].start()
        assert {path: status for path, (status, _text) in told.items()} == dict.fromkeys(told, 503)
        assert all("Traceback" not in text for _status, text in told.values())
        assert {reader.get(alone, path)[0] for path in PUBLIC} == {200}

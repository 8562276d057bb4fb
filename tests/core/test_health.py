"""Whether a server is well, told soon also when its database hangs; and what it counts."""

import socket

import psycopg2
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder

from indicators.core import health
from lanson import environment

pytestmark = pytest.mark.django_db


@pytest.fixture
def mute():
    """The port of a server that takes connections and says nothing, as one does that is stopped or overwhelmed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def hanging(mute, monkeypatch):
    """Every question to the database hangs on a real connection, and for longer than the examiner waits."""
    address = f"postgresql://x:x@127.0.0.1:{mute}/x?connect_timeout=2"
    monkeypatch.setattr(health, "TIMEOUT", 0.2)
    monkeypatch.setattr(health, "_ask", lambda: bool(psycopg2.connect(address)))
    monkeypatch.setattr(health, "newest_migrations", lambda: psycopg2.connect(address))


def test_a_server_whose_database_answers_is_well_and_ready(client):
    assert [(client.get(one).status_code, client.get(one).json()) for one in ("/healthz", "/readyz")] == [
        (200, {"status": "ok"}),
        (200, {"status": "ok"}),
    ]


def test_a_database_that_hangs_is_told_while_it_hangs(client, hanging):
    # The second question finds the first one still waiting, and is given up unasked.
    assert [client.get(one).status_code for one in ("/healthz", "/readyz", "/healthz")] == [503, 503, 503]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="a database in memory lives as long as its connections")
def test_the_examiner_leaves_no_connection_behind(client):
    client.get("/healthz")
    assert health._examiner.submit(lambda: connections["default"].connection).result() is None


@pytest.mark.django_db(transaction=True)
def test_a_server_is_ready_once_the_migrations_of_its_code_are_applied(client):
    app, name = sorted(health.newest_migrations())[0]
    recorder = MigrationRecorder(connections["default"])
    recorder.record_unapplied(app, name)
    try:
        assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 503)
        recorder.record_applied(app, name)
        recorder.record_applied("indicators", "9999_of_a_later_release")
        assert client.get("/readyz").status_code == 200
    finally:
        recorder.migration_qs.filter(name="9999_of_a_later_release").delete()
        if not recorder.migration_qs.filter(app=app, name=name).exists():
            recorder.record_applied(app, name)


# --- metrics

TOKEN = "t" * 32
FROM_ELSEWHERE = {"REMOTE_ADDR": "10.0.0.7"}


@pytest.fixture
def measured(settings):
    settings.METRICS, settings.METRICS_TOKEN = True, ""


def test_there_are_no_metrics_unless_somebody_wants_them(client):
    assert client.get("/metrics").status_code == 404


def test_this_machine_may_read_them(client, measured, public):
    client.get("/reports/")
    client.get("/nothing/here/")
    client.generic("BREW", "/nothing/there/")
    text = client.get("/metrics").text
    assert 'tracker_requests_total{method="GET",status="200",view="reports"}' in text
    assert 'tracker_requests_total{method="other",status="404",view="none"}' in text
    assert 'tracker_request_seconds_bucket{le="0.1",view="reports"}' in text
    assert "/nothing" not in text


@pytest.mark.parametrize(
    "other",
    [
        FROM_ELSEWHERE,
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
    ],
)
def test_others_may_not_nor_who_comes_through_a_proxy_on_this_machine(client, measured, other):
    response = client.get("/metrics", **other)
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert response.content == b""


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        ("", 401),
        ("Bearer ", 401),
        (f"Bearer {TOKEN}x", 401),
        (f"Basic {TOKEN}", 401),
        ("é", 401),
    ],
)
@pytest.mark.parametrize("place", [{}, FROM_ELSEWHERE])
def test_a_token_opens_them_and_is_then_asked_of_everybody(client, measured, settings, sent, status, place):
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics", headers={"Authorization": sent}, **place).status_code == status


def test_a_short_token_is_refused(monkeypatch):
    monkeypatch.setenv("METRICS_TOKEN", "secret")
    with pytest.raises(ImproperlyConfigured, match="at least 32 characters") as refused:
        environment.metrics_token()
    assert "'secret'" not in str(refused.value)

"""How long a page waits for PostgreSQL. The database that hangs for real is in tests/faults."""

import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from lanson import db_timeouts, environment

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite answers or is busy, it never hangs"
)


@on_postgresql
@pytest.mark.django_db
def test_the_database_is_told_how_long_a_statement_may_take(settings):
    settings.DATABASE_TIMEOUT = 7
    db_timeouts.limit(connection)
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("7s",)
        cursor.execute("RESET statement_timeout")


def test_web_servers_limit_their_waiting_and_commands_do_not():
    asked = "from psycopg2.extensions import get_wait_callback; print(get_wait_callback() is not None)"
    for first, limited in (("import lanson.wsgi", "True"), ("import django; django.setup()", "False")):
        command = [sys.executable, "-c", f"{first}; {asked}"]
        assert subprocess.run(command, capture_output=True, text=True).stdout.strip() == limited


@pytest.mark.parametrize("text", ["0", "601", "long", "1.5"])
def test_a_limit_that_is_none_is_refused(monkeypatch, text):
    monkeypatch.setenv("DATABASE_TIMEOUT", text)
    with pytest.raises(ImproperlyConfigured, match=r"Set DATABASE_TIMEOUT=20\."):
        environment.whole_number("DATABASE_TIMEOUT")


def test_a_server_that_is_gone_is_not_waited_for_longer_than_seconds(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://tracker@db:5432/tracker")
    assert environment.database()["OPTIONS"]["connect_timeout"] == 5

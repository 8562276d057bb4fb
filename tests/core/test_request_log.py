"""One line for each record: whole, without what is nobody's business, and traceable to its request."""

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client

from indicators.core import slow_queries
from indicators.core.request_log import RequestContextFilter
from lanson import environment, logs
from tests.factories import make_person

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
MADE = re.compile("[0-9a-f]{32}")


@pytest.fixture
def written(request):
    """The records of a test as they are written in production."""
    lines = []

    class Keep(logging.Handler):
        def emit(self, record):
            lines.append(json.loads(self.format(record)))

    handler = Keep(logging.DEBUG)
    handler.setFormatter(logs.JsonLine())
    handler.addFilter(RequestContextFilter())
    handler.addFilter(logs.RefusalFilter())
    root = logging.getLogger()
    before, root.level = root.level, logging.DEBUG
    root.addHandler(handler)
    yield lines
    root.removeHandler(handler)
    root.setLevel(before)


def of_requests(written):
    return [one for one in written if one["logger"] == "indicators.core.request_log"]


def test_a_request_leaves_one_line(client, public, written):
    response = client.get("/reports/?term=2025&token=secret", headers={"Authorization": "Bearer secret"})
    (line,) = of_requests(written)
    assert line["request_id"] == response["X-Request-ID"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/reports/", response.status_code)
    assert line["duration_ms"] >= 0
    assert set(line) == {
        *("time", "level", "logger", "message", "request_id", "method", "path", "status", "duration_ms"),
    }
    assert "secret" not in json.dumps(written)


def test_the_line_names_who_asked_by_their_key(client, public, written):
    person = make_person("lan", is_staff=True)
    client.force_login(person)
    client.get("/admin/")
    (line,) = of_requests(written)
    assert line["user"] == person.pk
    assert "lan" not in json.dumps(written)


def test_what_is_sent_to_log_in_is_not_written(client, written):
    client.post("/login/", {"username": "lan", "password": "rất bí mật"})
    assert "bí mật" not in json.dumps(written, ensure_ascii=False)
    assert "csrf" not in json.dumps(written)


def test_the_line_asks_nothing_of_the_database(client, written, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/favicon.ico")
    assert len(of_requests(written)) == 1


@pytest.mark.parametrize("given", ["0af7651916cd43dd8448eb211c80319c", "proxy-1.2026_11"])
def test_a_well_formed_id_of_the_proxy_is_kept(client, given):
    assert client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "a" * 65, "a b c d e f", "<script>alert(1)</script>", "é" * 10, "-" * 20]
)
def test_any_other_id_is_replaced(client, given):
    assert MADE.fullmatch(client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"])


def test_every_request_has_an_id_of_its_own(client):
    assert len({client.get("/healthz")["X-Request-ID"] for _time in range(5)}) == 5


def test_an_error_carries_the_id_of_its_request_and_the_traceback(written, public, monkeypatch):
    monkeypatch.setattr("indicators.dashboard.views.sources.render", lambda *args, **kwargs: 1 / 0)
    response = Client(raise_request_exception=False).get("/method/?q=secret")
    (error,) = [one for one in written if one["logger"] == "django.request"]
    assert error["request_id"] == response["X-Request-ID"]
    assert "ZeroDivisionError" in error["exception"]
    assert "secret" not in json.dumps(error)
    assert of_requests(written)[0]["status"] == 500


REFUSALS = {
    "nowhere": ("/nowhere/", {}, 404),
    "a day that is none": ("/sources/?as_of=never", {}, 400),
    "a record that one may not see": ("/admin/auth/user/", {}, 403),
    "an autocomplete that there is not": (
        "/admin/autocomplete/?app_label=indicators&model_name=figure&field_name=x",
        {},
        403,
    ),
    "an autocomplete of nothing": ("/admin/autocomplete/", {}, 403),
    "a host of somebody else": ("/sources/", {"host": "evil.example"}, 400),
}


@pytest.mark.parametrize(("path", "headers", "status"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_logs_its_path_once_and_no_traceback(client, public, written, path, headers, status):
    client.force_login(make_person("lan", is_staff=True))
    assert client.get(path, headers=headers).status_code == status
    assert sum(one["message"].count(path.partition("?")[0]) for one in written) == 1
    assert "Traceback" not in json.dumps(written)


def test_outside_of_requests_a_record_has_no_id(client, written):
    client.get("/healthz")
    logging.getLogger("command").warning("Xong")
    assert written[-1].keys() == {"time", "level", "logger", "message"}
    assert written[-1]["message"] == "Xong"


def test_a_path_cannot_forge_a_line(client, written):
    client.get("/nothing%0a2026-11-26 ERROR forged")
    (line,) = of_requests(written)
    assert "\n" not in line["message"]
    assert "\n" not in line["path"]


def test_the_health_of_a_server_is_no_news_while_it_is_good(client, written):
    client.get("/healthz")
    assert [one["level"] for one in of_requests(written)] == ["DEBUG"]


# --- slow queries


@pytest.fixture
def watched(settings):
    settings.SLOW_QUERY_MS = 1
    slow_queries.watch(connection)
    slow_queries.watch(connection)
    yield
    connection.execute_wrappers.remove(slow_queries.told)
    assert slow_queries.told not in connection.execute_wrappers


SLOW = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 200000) SELECT MAX(i) FROM n WHERE i <> %s",
    "postgresql": "SELECT pg_sleep(0.01) WHERE 'x' <> %s",
}


def test_a_slow_query_is_told_without_its_values(watched, written):
    with connection.cursor() as cursor:
        cursor.execute(SLOW[connection.vendor], ["secret"])
    told = [one for one in written if one["logger"] == "indicators.core.slow_queries"]
    assert len(told) == 1
    assert told[0]["duration_ms"] >= 1
    assert "%s" in told[0]["message"]
    assert "secret" not in json.dumps(told)


def test_a_quick_query_is_not_told(watched, written, settings):
    settings.SLOW_QUERY_MS = 60_000
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert [one for one in written if one["logger"] == "indicators.core.slow_queries"] == []


# --- settings


@pytest.mark.parametrize(
    ("text", "debug", "form"),
    [(None, True, "line"), (None, False, "json"), ("JSON", True, "json"), ("line", False, "line")],
)
def test_production_writes_json_unless_told_otherwise(monkeypatch, text, debug, form):
    monkeypatch.setenv("LOG_FORMAT", text) if text else monkeypatch.delenv("LOG_FORMAT", raising=False)
    assert environment.log_format(debug) == form


def test_an_unknown_form_is_refused(monkeypatch):
    monkeypatch.setenv("LOG_FORMAT", "xml")
    with pytest.raises(ImproperlyConfigured, match="Set LOG_FORMAT=json or LOG_FORMAT=line"):
        environment.log_format(False)


def test_a_command_keeps_standard_output_for_what_it_prints():
    environment = os.environ | {
        "DEBUG": "on",
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "DEBUG",
        "DATABASE_URL": "sqlite://:memory:",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "diffsettings", "--output=unified"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    assert '"logger"' not in done.stdout
    assert logs.stream("/usr/bin/gunicorn") == "ext://sys.stdout"

"""Which database is read, as far as it shows without a second one; with a real standby: tests/core/test_two_servers.py."""

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.db import OperationalError, router
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from indicators.core import db_router
from indicators.models import ApiToken, Figure
from lanson import services

PRIMARY, STANDBY = "postgresql://u:secret@db:5432/x", "postgresql://u:secret@standby:5432/x"


@pytest.fixture
def standby(monkeypatch):
    """A replica that answers."""
    monkeypatch.setitem(configured.DATABASES, "replica", configured.DATABASES["default"])
    monkeypatch.setattr(db_router, "_is_reachable", lambda: True)
    monkeypatch.setitem(db_router._pause, "until", 0.0)


def ask(method="get", **cookies):
    request = getattr(RequestFactory(), method)("/")
    request.COOKIES = cookies
    return request


def where(request):
    """The database that a view reads from."""
    return db_router.read(request, lambda: HttpResponse(router.db_for_read(Figure))).text


def test_without_a_replica_the_primary_is_read():
    assert where(ask()) == "default"


def test_what_everybody_may_see_is_read_from_the_replica(standby):
    assert (where(ask()), where(ask("head"))) == ("replica", "replica")
    assert router.db_for_read(Figure) == "default"


def test_who_has_just_saved_reads_from_the_primary(standby):
    assert (where(ask(wrote="1")), where(ask("post"))) == ("default", "default")


def test_persons_sessions_and_writes_never_leave_the_primary(standby):
    def view():
        assert {router.db_for_read(one) for one in (User, Session)} == {"default"}
        assert {router.db_for_write(one) for one in (User, Session, Figure, ApiToken)} == {"default"}
        return HttpResponse()

    db_router.read(ask(), view)


def test_an_answer_that_is_read_while_it_is_sent_comes_from_one_database(standby):
    def pieces():
        for _piece in range(3):
            yield router.db_for_read(Figure)

    response = db_router.read(ask(), lambda: StreamingHttpResponse(pieces()))
    assert list(response) == [b"replica"] * 3
    assert router.db_for_read(Figure) == "default"


def test_what_the_replica_breaks_off_is_read_again_from_the_primary(standby, caplog):
    def view():
        if router.db_for_read(Figure) == "replica":
            raise OperationalError("canceling statement due to conflict with recovery\nDETAIL: secret")
        return HttpResponse("read")

    assert db_router.read(ask(), view).text == "read"
    assert "canceling statement" in caplog.text
    assert "secret" not in caplog.text
    assert router.db_for_read(Figure) == "default"


def test_what_goes_wrong_otherwise_is_not_tried_twice(standby):
    tried = []

    def view():
        tried.append(1)
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        db_router.read(ask(), view)
    assert (len(tried), router.db_for_read(Figure)) == (1, "default")


@pytest.mark.parametrize(
    ("method", "status", "marked"),
    [("post", 302, True), ("post", 200, True), ("post", 403, False), ("get", 200, False)],
)
def test_a_browser_is_marked_once_something_may_have_been_saved(standby, method, status, marked):
    response = db_router.RecentWriteMiddleware(lambda request: HttpResponse(status=status))(ask(method))
    assert ("wrote" in response.cookies) is marked
    if marked:
        mark = response.cookies["wrote"]
        assert (mark["max-age"], mark["httponly"], mark["samesite"]) == (db_router.PRIMARY_AFTER_WRITE, True, "Lax")


def test_without_a_replica_nobody_is_marked():
    with pytest.raises(MiddlewareNotUsed):
        db_router.RecentWriteMiddleware(lambda request: HttpResponse())


def test_nothing_is_migrated_on_the_replica():
    assert router.allow_migrate("replica", "indicators") is False
    assert router.allow_migrate("default", "indicators") is True


# --- the setting


@pytest.fixture
def urls(monkeypatch):
    def read(primary, second):
        monkeypatch.setenv("DATABASE_URL", primary)
        monkeypatch.setenv("DATABASE_REPLICA_URL", second)
        return services.databases()

    return read


def test_a_replica_is_a_second_database_that_tests_do_not_make(urls):
    found = urls(PRIMARY, STANDBY + "?sslmode=require")
    assert (found["default"]["HOST"], found["replica"]["HOST"]) == ("db", "standby")
    assert found["replica"]["OPTIONS"]["sslmode"] == "require"
    assert found["replica"]["OPTIONS"]["connect_timeout"] < found["default"]["OPTIONS"]["connect_timeout"]
    assert found["replica"]["TEST"] == {"MIRROR": "default"}
    assert set(urls(PRIMARY, "")) == {"default"}


@pytest.mark.parametrize(
    ("primary", "second", "told"),
    [
        ("sqlite:///x", STANDBY, "is for PostgreSQL"),
        (PRIMARY, "sqlite:///x", "is for PostgreSQL"),
        (PRIMARY, "mysql://u:secret@db/x", "DATABASE_REPLICA_URL is neither SQLite nor PostgreSQL"),
        (PRIMARY, "postgresql://u:secret@db:port/x", "DATABASE_REPLICA_URL cannot be read"),
    ],
)
def test_anything_but_two_of_postgresql_is_refused(urls, primary, second, told):
    with pytest.raises(ImproperlyConfigured, match=told) as refused:
        urls(primary, second)
    assert "secret" not in str(refused.value)

"""The cache of all servers: shared while Redis answers, done without while it does not."""

import pickle
import socket
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest
from django.core import checks
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from fakeredis import TcpFakeServer
from redis import Redis

from indicators.api import access
from indicators.core.cache_backend import FaultTolerantRedisCache
from indicators.core.checks import check_settings
from lanson import services


@pytest.fixture(autouse=True)
def _awake(monkeypatch):
    """No test begins in the pause after another one's failure."""
    monkeypatch.setattr(FaultTolerantRedisCache, "_silent_until", 0.0)


@pytest.fixture(scope="module")
def redis():
    """The address of a Redis."""
    server = TcpFakeServer(("127.0.0.1", 0), server_type="redis")
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"redis://127.0.0.1:{server.server_address[1]}/0"
    server.shutdown()
    server.server_close()


@pytest.fixture
def silent():
    """The address of something that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


@pytest.fixture
def babbling():
    """The address of something that answers, but is no Redis."""

    class Babble(StreamRequestHandler):
        def handle(self):
            while self.rfile.readline():
                self.wfile.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with ThreadingTCPServer(("127.0.0.1", 0), Babble) as server:
        server.daemon_threads, server.block_on_close = True, False
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"redis://127.0.0.1:{server.server_address[1]}/0"
        server.shutdown()


def cache(address):
    return FaultTolerantRedisCache(address, {})


def test_two_servers_share_what_they_keep(redis):
    one, other = cache(redis), cache(redis)
    one.set("a", [1, "hai"])
    assert other.get("a") == [1, "hai"]
    assert other.add("a", 2) is False
    assert one.add("count", 0)
    assert [one.incr("count"), other.incr("count")] == [1, 2]
    other.delete("a")
    assert one.get("a", "none") == "none"


@pytest.mark.parametrize("address", ["redis://127.0.0.1:9/0", "redis://no-such-host.invalid:6379/0"])
def test_a_cache_that_is_away_is_an_empty_one(address):
    away = cache(address)
    assert away.set("a", 1) is None
    assert (away.get("a"), away.get("a", 5), away.add("a", 1), away.has_key("a")) == (None, 5, False, False)
    assert (away.get_many(["a"]), away.set_many({"a": 1}), away.get_or_set("a", 7)) == ({}, ["a"], 7)
    assert (away.delete("a"), away.touch("a"), away.delete_many(["a"]), away.clear()) == (False, False, None, None)
    with pytest.raises(ValueError, match="not found"):
        away.incr("a")


def test_who_says_nothing_is_asked_once_and_then_left_alone(silent, caplog):
    away = cache(silent)
    assert [away.get("a") for _time in range(20)] == [None] * 20
    assert len(caplog.records) == 1


def test_rubbish_is_no_value_and_no_reason_to_stop_asking(redis, caplog):
    stranger, ours = Redis.from_url(redis), cache(redis)
    stranger.set(":1:a", b"\x80rubbish")
    assert ours.get("a", "nothing") == "nothing"
    with pytest.raises(ValueError, match="not found"):
        ours.incr("a")
    ours.set("b", 1)
    assert ours.get("b") == 1
    assert len(caplog.records) == 2


class Bomb:
    """Runs a command when it is unpacked."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


@pytest.mark.parametrize("signature", [b"", bytes(32), b"\x01" * 32])
def test_what_this_site_did_not_sign_is_never_unpacked(redis, tmp_path, signature):
    Redis.from_url(redis).set(":1:a", signature + pickle.dumps(Bomb(tmp_path / "run")))
    assert cache(redis).get("a", "nothing") == "nothing"
    assert cache(redis).get_many(["a"]) == {}
    assert not (tmp_path / "run").exists()


def test_a_kept_value_that_was_changed_is_none(redis):
    cache(redis).set("a", {"value": "6.5"})
    stored = Redis.from_url(redis)
    stored.set(":1:a", stored.get(":1:a").replace(b"6.5", b"9.5"))
    assert cache(redis).get("a", "nothing") == "nothing"


def test_what_was_signed_with_another_key_is_none(redis, settings):
    cache(redis).set("a", ["x"])
    settings.SECRET_KEY = "another"
    assert cache(redis).get("a", "nothing") == "nothing"


def test_no_value_is_written_into_the_log(redis, caplog):
    Redis.from_url(redis).set(":1:a", b"secret")
    cache(redis).get("a")
    assert "secret" not in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["silent", "babbling"])
def test_nobody_is_refused_because_the_cache_is_away(client, public, settings, monkeypatch, request, address):
    settings.API_PER_MINUTE = 1
    monkeypatch.setattr(access, "cache", cache(request.getfixturevalue(address)))
    assert [client.get("/api/v1/terms").status_code for _time in range(3)] == [200, 200, 200]


@pytest.mark.django_db
def test_what_two_servers_are_asked_is_one_count(client, public, settings, monkeypatch, redis):
    settings.API_PER_MINUTE = 3
    Redis.from_url(redis).flushall()
    answers = []
    for server in [cache(redis), cache(redis)] * 2:
        monkeypatch.setattr(access, "cache", server)
        answers.append(client.get("/api/v1/terms").status_code)
    assert answers == [200, 200, 200, 429]


# --- the setting


def configured(monkeypatch, text):
    monkeypatch.setenv("CACHE_URL", text)
    return services.cache()


def test_without_a_setting_each_process_keeps_its_own(monkeypatch):
    monkeypatch.delenv("CACHE_URL", raising=False)
    assert services.cache() == configured(monkeypatch, "memory://")
    assert services.cache()["BACKEND"].endswith("LocMemCache")


@pytest.mark.parametrize(
    "text", ["redis://cache:6379/0", "rediss://:p%40ss@cache:6380/1", "redis://user:x@10.0.0.5", "redis://[::1]:6379/0"]
)
def test_an_address_of_redis_is_taken_as_it_is(monkeypatch, text):
    assert configured(monkeypatch, text)["LOCATION"] == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "on",
        "redis",
        "redis://",
        "redis:///0",
        "redis://:secret@cache:port/0",
        "redis://:secret@cache/first",
        "redis://:secret@cache/0?db=1",
        "memcached://cache:11211",
        "http://cache",
        "memory://x",
    ],
)
def test_anything_else_is_refused_without_repeating_the_password(monkeypatch, text):
    with pytest.raises(ImproperlyConfigured, match="Write redis://:password@host:6379/0") as refused:
        configured(monkeypatch, text)
    assert "secret" not in str(refused.value)


def test_the_backend_of_the_setting_is_ours_and_passes_the_checks(settings, monkeypatch, redis):
    settings.CACHES = {"default": configured(monkeypatch, redis)}
    assert isinstance(caches["default"], FaultTolerantRedisCache)
    assert checks.run_checks(tags=["caches"]) == []


@pytest.mark.parametrize(
    ("workers", "backend", "warned"),
    [
        (2, "django.core.cache.backends.locmem.LocMemCache", True),
        (1, "django.core.cache.backends.locmem.LocMemCache", False),
        (2, "indicators.core.cache_backend.FaultTolerantRedisCache", False),
    ],
)
def test_several_workers_that_count_for_themselves_are_warned_of(settings, workers, backend, warned):
    settings.WORKERS, settings.CACHES = workers, {"default": {"BACKEND": backend}}
    found = [one for one in check_settings() if one.id == "indicators.W013"]
    assert len(found) == warned
    assert all("CACHE_URL" in one.hint for one in found)

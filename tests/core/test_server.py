"""The server of production, asked by sockets: no request holds it, and what it answers by itself carries our headers."""

import json
import select
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from lanson.headers import plain_headers
from tests.servers import Server, python, running, until

# More than the server has threads.
AT_ONCE = range(6)
UPLOAD = b"POST /slow/uploading/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nabc"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server that ends requests after two seconds, over a SQLite database."""
    folder = tmp_path_factory.mktemp("server")
    settings = {
        "DJANGO_SETTINGS_MODULE": "tests.slow_settings",
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "MEDIA_ROOT": str(folder / "media"),
    }
    python("manage.py", "migrate", "-v0", **settings)
    with running(Server(folder, **settings)) as (server,):
        yield server


def get(server, path):
    """Status and body of the answer."""
    try:
        with urlopen(server.address + path, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def connect(server):
    port = int(server.address.rpartition(":")[2])
    return socket.create_connection(("127.0.0.1", port), timeout=60)


def received(connection):
    """Everything up to the end of the connection."""
    answer = b""
    while piece := connection.recv(2**16):
        answer += piece
    return answer


@pytest.mark.parametrize("kind", ["computing", "asking"])
def test_a_request_that_takes_too_long_is_ended_with_a_page(server, kind):
    started_at = time.monotonic()
    status, page = get(server, f"/slow/{kind}/")
    assert status == 503
    assert "quá lâu" in page
    assert "sau 2 giây" in page
    assert time.monotonic() - started_at < 15
    assert get(server, "/method/")[0] == 200


def test_a_stream_is_given_more_time_but_not_for_ever(server):
    started_at = time.monotonic()
    with connect(server) as connection:
        connection.sendall(b"GET /slow/streaming/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        size = sum(len(piece) for piece in iter(lambda: connection.recv(2**20), b""))
    assert size > 1000
    assert 4 <= time.monotonic() - started_at < 20


def test_who_does_not_take_the_answer_is_hung_up(server):
    silent = [connect(server) for _number in AT_ONCE]
    for one in silent:
        one.sendall(b"GET /slow/streaming/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert get(server, "/method/")[0] == 200
    for one in silent:
        one.close()


def test_what_was_ended_is_told_in_the_log_with_its_place(server):
    get(server, "/slow/computing/")
    assert "slow_urls.py" in server.records("indicators.core.deadline")[-1]["message"]
    line = server.records("indicators.core.request_log")[-1]
    assert (line["path"], line["status"]) == ("/slow/computing/", 503)


def test_others_are_answered_while_many_are_slow(server):
    with ThreadPoolExecutor(len(AT_ONCE)) as pool:
        slow = [pool.submit(get, server, "/slow/computing/") for _number in AT_ONCE]
        assert get(server, "/method/")[0] == 200
        assert [one.result()[0] for one in slow] == [503 for _number in AT_ONCE]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_told_while_every_thread_is_held(server, path):
    held = [connect(server) for _number in AT_ONCE]
    for one in held:
        one.sendall(UPLOAD)
    time.sleep(0.2)
    assert get(server, path) == (200, json.dumps({"status": "ok"}))
    assert select.select(held, [], [], 0) == ([], [], [])
    for one in held:
        one.close()


def test_who_connects_and_says_nothing_holds_no_thread(server):
    silent = [connect(server) for _number in AT_ONCE]
    try:
        started_at = time.monotonic()
        assert get(server, "/method/")[0] == 200
        assert time.monotonic() - started_at < 4  # gunicorn's own patience with each of them is five seconds
    finally:
        for one in silent:
            one.close()


@pytest.mark.parametrize("beginning", [b"GET /method/ HTTP/1.1\r\nHost: 127", b"GET /healthz HTTP/1.1\r\nHost: 127"])
def test_a_request_that_never_ends_is_hung_up(server, beginning):
    with connect(server) as connection:
        connection.sendall(beginning)
        assert received(connection) == b""


def test_a_body_that_never_comes_is_hung_up(server):
    with connect(server) as connection:
        connection.sendall(UPLOAD)
        assert b" 200 " not in received(connection)
    until(lambda: get(server, "/method/")[0] == 200, "a page")


def test_a_second_request_on_the_same_connection_is_no_question_about_health(server):
    """The threads kept for health do not compute what stands behind such a question."""
    requests = [
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /slow/computing/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    ]
    connections = [connect(server) for _number in AT_ONCE]
    for one in connections:
        one.sendall(b"".join(requests))
    time.sleep(0.3)
    assert get(server, "/healthz")[0] == 200
    for one in connections:
        one.close()


REFUSED = {
    "400": b"GET\r\n\r\n",
    "414": b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n",
    "431": b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
    "501": b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: xchunked\r\n\r\n",
    "a name": b"GET / HTTP/1.1\r\nHost : <script>\r\n\r\n",
}


@pytest.mark.parametrize("request_", REFUSED.values(), ids=REFUSED)
def test_what_is_no_request_is_refused_with_our_headers_and_not_repeated(server, request_):
    with connect(server) as connection:
        connection.sendall(request_)
        head, _blank, body = received(connection).decode().partition("\r\n\r\n")
    status, *lines = head.split("\r\n")
    assert status.split()[1] in ("400", "414", "431", "501")
    headers = dict(line.split(": ", 1) for line in lines)
    assert plain_headers(https=False).items() <= headers.items()
    assert "Server" not in headers
    assert "script" not in body

"""A download that is cut in the middle: the reader can tell, and the server keeps nothing open."""

import http.client
import socket
import time
from contextlib import closing

import psycopg2
import pytest

from .sites import PATIENCE, until

CSV = "/reports/figures.csv"
MANY = 15_000


@pytest.fixture
def large_site(postgres_site):
    """A site with so many figures that a download cannot hide in the buffers of the network."""
    columns = [name for (name,) in postgres_site.database.rows(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'indicators_figure' AND is_identity = 'NO'"
    )]  # fmt: skip
    other = {"year": "1950 + n % 49", "through_month": "1 + n % 12", "published_on": "DATE '2000-01-01' + n / 588"}
    other["quote_vi"] = "repeat('nguyên văn ', 60)"
    values = ", ".join(other.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    first = "(SELECT * FROM indicators_figure WHERE state = 'approved' ORDER BY id LIMIT 1)"
    with closing(psycopg2.connect(postgres_site.database.url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO indicators_figure ({names}) SELECT {values} FROM {first} AS one, generate_series(1, {MANY}) AS n"
        )
    return postgres_site


def begun(server):
    """An answer whose first bytes have been read; its reader is slow, so the rest waits in the server."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.connect()
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
    connection.request("GET", CSV)
    answer = connection.getresponse()
    assert answer.status == 200
    assert answer.read(1000).startswith(b"indicator,year")
    return connection, answer


def cut_connections(site):
    """End every connection to the database, as a restart of it does."""
    site.database.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        f" AND datname = '{site.database.name}'"
    )


def test_a_whole_download_ends_with_its_mark(large_site):
    with large_site.served() as server:
        connection, answer = begun(server)
        assert answer.headers["Transfer-Encoding"] == "chunked"
        assert answer.read().count(b"\n") > MANY
        assert answer.isclosed()
        connection.close()


def test_a_download_whose_database_goes_away_in_the_middle_is_seen_to_be_incomplete(large_site):
    with large_site.served() as server:
        connection, answer = begun(server)
        cut_connections(large_site)
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            answer.read()
        connection.close()
        assert server.status("/healthz") == 200
        assert "Error handling request" in server.said()


def test_a_download_whose_server_dies_in_the_middle_is_seen_to_be_incomplete(large_site):
    with large_site.served() as server:
        connection, answer = begun(server)
        server.kill()
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            answer.read()
        connection.close()


def test_readers_who_leave_in_the_middle_leave_nothing_open(large_site):
    with large_site.served() as server:
        begun(server)[0].close()
        until(lambda: idle(large_site), "the first cursor to be closed")
        before = open_files(server)
        for _reader in range(8):
            begun(server)[0].close()
        until(lambda: idle(large_site), "the cursors to be closed")
        time.sleep(1)
        assert open_files(server) <= before + 8  # a connection to the database for each thread that had none yet
        assert server.status(CSV) == 200


def idle(site):
    """Whether nobody reads or holds a transaction any more."""
    return all(state == "idle" for state, _query in site.database.connections())


def open_files(server):
    return sum(worker.num_fds() for worker in server.workers())


@pytest.mark.browser
def test_a_browser_tells_that_a_download_failed(large_site, page):
    with large_site.served() as server:
        page.goto(server.url + "/reports/")
        with page.expect_download() as begun_download:
            page.evaluate("address => { location.href = address }", CSV)
        cut_connections(large_site)
        assert begun_download.value.failure()

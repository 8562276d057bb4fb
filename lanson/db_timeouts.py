"""How long a page waits for PostgreSQL: bounded, also when the server takes questions and never answers.

A statement that takes too long is ended by the database (`statement_timeout`). One that hangs, or a network that swallows
every packet, ends nothing: there the wait itself has a limit, and the connection is given up. Who has just waited in vain
spares the others: for a moment no new connection is tried, so that a queue of requests is answered at once.

Only web servers install this (wsgi.py). Commands such as loading a package may take as long as they need.
"""

import select
import time
from typing import Any

import psycopg2
from django.conf import settings
from django.db.backends.signals import connection_created
from psycopg2.extensions import POLL_OK, POLL_READ, POLL_WRITE, STATUS_SETUP, parse_dsn, set_wait_callback

# The database's own limit comes first: its message names the reason.
GRACE = 3  # seconds
PAUSE = 3
INSTRUCTIONS = 100_000  # of SQLite's virtual machine, some milliseconds

_events = {POLL_READ: select.POLLIN, POLL_WRITE: select.POLLOUT}
_silent_until: dict[str, float] = {}


def install() -> None:
    """Limit every wait of this process from now on."""
    set_wait_callback(wait)
    connection_created.connect(limit, dispatch_uid="db_timeouts")


def limit(connection: Any, **_signal: object) -> None:
    """Tell a new connection how long a statement may take."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, false)", [f"{settings.DATABASE_TIMEOUT}s"])
    else:
        # Python is asked now and then, so that a request can be ended in the middle of a statement: core/deadline.py.
        connection.connection.set_progress_handler(lambda: 0, INSTRUCTIONS)


def wait(connection: Any) -> None:
    """Return when the database has answered. Raises OperationalError when it has not in time; psycopg2 then closes."""
    place, connecting = connection.dsn, connection.status == STATUS_SETUP
    if connecting and time.monotonic() < _silent_until.get(place, 0):
        raise psycopg2.OperationalError("the database did not answer a moment ago; not asked again yet")
    seconds = _to_connect(place) if connecting else settings.DATABASE_TIMEOUT + GRACE
    end = time.monotonic() + seconds
    while (state := connection.poll()) != POLL_OK:
        poll = select.poll()
        poll.register(connection.fileno(), _events[state])
        # A second at a time: a request whose own time is over (core/deadline.py) is not kept waiting.
        if not poll.poll(max(0, min(1, end - time.monotonic())) * 1000) and time.monotonic() >= end:
            _silent_until[place] = time.monotonic() + PAUSE
            raise psycopg2.OperationalError(f"the database did not answer within {seconds} seconds")


def _to_connect(place: str) -> int:
    """The seconds that the settings give a connection to this address; psycopg2 leaves minding them to who waits."""
    return int(parse_dsn(place)["connect_timeout"])

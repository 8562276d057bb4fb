"""Commands of which only one may run over a database at a time, on whatever machine."""

import fcntl
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections


class AlreadyRunning(Exception):
    """Somebody else holds the lock."""


@contextmanager
def advisory_lock(command: str, using: str = DEFAULT_DB_ALIAS, *, wait: bool = True) -> Iterator[None]:
    """Keep others waiting who run `command` over the database `using`. A killed one lets go.

    Where somebody else runs it already: wait for them, or raise AlreadyRunning.
    """
    connection = connections[using]
    if connection.vendor == "postgresql":
        # On a connection of its own: nothing that the command does with the other one can let go of the lock.
        lock_connection = connection.copy()
        try:
            with lock_connection.cursor() as cursor:
                function = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
                cursor.execute(f"SELECT {function}(%s)", [zlib.crc32(command.encode())])
                if cursor.fetchone()[0] is False:
                    raise AlreadyRunning(command)
            yield
        finally:
            lock_connection.close()
    elif connection.is_in_memory_db():  # type: ignore[attr-defined]  # nobody else sees it
        yield
    else:
        # The folder, not the file: SQLite would lose its own locks on that. Nothing is left behind.
        folder = os.open(Path(connection.settings_dict["NAME"]).parent, os.O_RDONLY)
        try:
            _lock_folder(folder, command, wait)
            yield
        finally:
            os.close(folder)


def _lock_folder(folder: int, command: str, wait: bool) -> None:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError as error:
        raise AlreadyRunning(command) from error

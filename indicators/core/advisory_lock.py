"""Commands of which only one may run over a database at a time, on whatever machine."""

import fcntl
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections


@contextmanager
def advisory_lock(command: str, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Wait until nobody else runs `command` over the database `using`, and keep others waiting. A killed one lets go."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        # On a connection of its own: nothing that the command does with the other one can let go of the lock.
        lock_connection = connection.copy()
        try:
            with lock_connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [zlib.crc32(command.encode())])
            yield
        finally:
            lock_connection.close()
    elif connection.is_in_memory_db():  # type: ignore[attr-defined]  # nobody else sees it
        yield
    else:
        # The folder, not the file: SQLite would lose its own locks on that. Nothing is left behind.
        folder = os.open(Path(connection.settings_dict["NAME"]).parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

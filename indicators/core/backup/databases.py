"""The database as one file, and back: PostgreSQL by its own programs, SQLite by its online copy."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import IO

from django.db import connection, transaction
from django.utils.translation import gettext as _

from .archive import BackupError

# Where the tables of before wait until those of the backup are in.
ASIDE = "before_restore"
# Of the settings of a connection, those that the programs know as well; the password goes another way.
CONNECTION_OPTIONS = (
    "dbname",
    "user",
    "host",
    "port",
    "service",
    "passfile",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
)


def server() -> str:
    """The version of the database, to be read by people."""
    if connection.vendor == "sqlite":
        return sqlite3.sqlite_version
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return cursor.fetchone()[0]


def dump() -> AbstractContextManager[IO[bytes]]:
    """The whole database at one moment, to be read to its end; others go on writing meanwhile."""
    return _sqlite_copy() if connection.vendor == "sqlite" else _postgres_dump()


def is_empty() -> bool:
    """Whether there is no table yet."""
    return not connection.introspection.table_names()


def check(dump: Path) -> None:
    """Raises BackupError when the programs of this machine cannot read `dump`. Nothing is changed."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(dump)) as copy:
            try:
                answer = copy.execute("PRAGMA quick_check").fetchone()[0]
            except sqlite3.DatabaseError as error:
                answer = str(error)
        if answer != "ok":
            raise BackupError(_("The database in the archive is damaged: %(answer)s") % {"answer": answer})
    else:
        _refuse_interrupted_restore()
        _run([_program("pg_restore"), "--list", str(dump)], stdout=subprocess.DEVNULL)


def restore(dump: Path) -> None:
    """Put the database of `dump` in place of the one there is, wholly or not at all."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(dump)) as copy:
            connection.ensure_connection()
            copy.backup(connection.connection, progress=_refuse_to_wait)
        connection.close()
        return
    with nullcontext() if is_empty() else _set_aside():
        options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
        _run([_program("pg_restore"), *options, _address(), str(dump)])
    _sql("ANALYZE")


@contextmanager
def _sqlite_copy() -> Iterator[IO[bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "copy")
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy, progress=_refuse_to_wait)
        with path.open("rb") as file:
            yield file


def _refuse_to_wait(status: int, _left: int, _total: int) -> None:
    """The database has waited for its time-out already; left alone, Python would begin again for ever.

    Raises BackupError where it is still held.
    """
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise BackupError(_("The database is held by another process. Stop the server, then try again."))


@contextmanager
def _postgres_dump() -> Iterator[IO[bytes]]:
    options = ["--format=custom", "--no-owner", "--no-privileges", "--no-publications", "--no-subscriptions"]
    command = [_program("pg_dump"), *options, _address()]
    with tempfile.TemporaryFile() as complaints:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints, env=_environment()) as process:
            assert process.stdout
            yield process.stdout
        _refuse_failure(command, process.returncode, complaints)


@contextmanager
def _set_aside() -> Iterator[None]:
    """Clear the way for the tables of a backup; those of before come back when that fails, and go when it is through."""
    _sql(f"ALTER SCHEMA public RENAME TO {ASIDE}", "CREATE SCHEMA public AUTHORIZATION pg_database_owner")
    try:
        yield
    except BaseException:
        _sql("DROP SCHEMA public CASCADE", f"ALTER SCHEMA {ASIDE} RENAME TO public")
        raise
    _sql(f"DROP SCHEMA {ASIDE} CASCADE")


def _refuse_interrupted_restore() -> None:
    """Raises BackupError where tables of a restore that was interrupted are still there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM information_schema.schemata WHERE schema_name = %s", [ASIDE])
        if not cursor.fetchone():
            return
    raise BackupError(
        _(
            "A restore was interrupted: the data of before are in the schema %(aside)s. Bring them back in psql with"
            " DROP SCHEMA public CASCADE; ALTER SCHEMA %(aside)s RENAME TO public; or drop them, then try again."
        )
        % {"aside": ASIDE}
    )


def _program(name: str) -> str:
    """The path of a program of PostgreSQL. Raises BackupError where it is missing, or older than the server."""
    path = shutil.which(name)
    if not path:
        raise BackupError(
            _(
                "There is no %(name)s here. Install the client of PostgreSQL; on Debian: apt-get install postgresql-client"
            )
            % {"name": name}
        )
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    version = said.split()[2]
    if int(version.split(".")[0]) < int(server().split(".")[0]):
        raise BackupError(
            _(
                "%(path)s has version %(version)s, the server %(server)s. Install the client of that version, and name its"
                " folder first in PATH."
            )
            % {"path": path, "version": version, "server": server()}
        )
    return path


def _address() -> str:
    """The database as the programs are told it, without the password."""
    from psycopg2.extensions import make_dsn

    found = connection.get_connection_params()
    return "--dbname=" + make_dsn(**{name: found[name] for name in CONNECTION_OPTIONS if name in found})


def _environment() -> dict[str, str]:
    """The password goes through the environment, where other users of the machine cannot read it."""
    password = connection.settings_dict["PASSWORD"]
    return os.environ | ({"PGPASSWORD": str(password)} if password else {})


def _run(command: list[str], stdout: int | None = None) -> None:
    with tempfile.TemporaryFile() as complaints:
        done = subprocess.run(command, stdout=stdout, stderr=complaints, env=_environment())
        _refuse_failure(command, done.returncode, complaints)


def _refuse_failure(command: list[str], code: int, complaints: IO[bytes]) -> None:
    """Raises BackupError with what the program complained of, where it failed."""
    if code:
        complaints.seek(0)
        said = complaints.read(2000).decode(errors="replace").strip()
        raise BackupError(_("%(program)s failed: %(said)s") % {"program": Path(command[0]).name, "said": said})


def _sql(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)

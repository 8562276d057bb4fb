"""The database as one file, and back: PostgreSQL by its own programs, SQLite by its online copy."""

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import IO

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from . import contents, scratch
from .archive import BackupError
from .contents import Content

# A line of what pg_restore lists: 4242; 0 16389 TABLE DATA public auth_user lanson.
_TABLE_DATA = re.compile(r"^\d+; \d+ \d+ TABLE DATA public (\S+) ", re.M)
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


def dump() -> AbstractContextManager[tuple[IO[bytes], dict[str, Content]]]:
    """The whole database at one moment, to be read to its end, and what its tables hold; others go on writing meanwhile."""
    return _sqlite_copy() if connection.vendor == "sqlite" else _postgres_dump()


def is_empty() -> bool:
    """Whether there is no table yet."""
    return not connection.introspection.table_names()


def refuse_missing(tables: Collection[str], expected: Collection[str] = ()) -> None:
    """Raises BackupError where `tables` lack an expected one, or one without which there is no database of ours."""
    if missing := sorted((contents.ESSENTIAL | set(expected)) - set(tables)):
        message = _(
            "The database lacks the table %(table)s (%(count)d are missing): it is empty, or of something else."
            " Look at DATABASE_URL, or take another backup."
        )
        raise BackupError(message % {"table": missing[0], "count": len(missing)}, "incomplete")


def check(dump: Path, expected: Collection[str]) -> None:
    """Raises BackupError when the programs of this machine cannot read `dump`, or a table is missing. Nothing is changed."""
    if connection.vendor == "sqlite":
        refuse_missing(contents_of(dump), expected)
    else:
        _refuse_interrupted_restore()
        with tempfile.TemporaryFile("w+b") as listing:
            _run([_program("pg_restore"), "--list", str(dump)], stdout=listing.fileno())
            listing.seek(0)
            tables = _TABLE_DATA.findall(listing.read().decode())
        refuse_missing(tables, expected)


def contents_of(dump: Path) -> dict[str, Content]:
    """What the tables of a dump hold once it is restored, into a file or a database of its own. Raises BackupError."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(dump)) as copy:
            try:
                answer = copy.execute("PRAGMA quick_check").fetchone()[0]
                tables = contents.of_sqlite(copy) if answer == "ok" else {}
            except sqlite3.DatabaseError as error:
                answer = str(error)
        if answer != "ok":
            message = _("The database in the archive is damaged: %(answer)s")
            raise BackupError(message % {"answer": answer}, "damaged")
        return tables
    with scratch.database() as database:
        _restore_into(database, dump)
        return contents.of_postgres(database)


def restore(dump: Path) -> None:
    """Put the database of `dump` in place of the one there is, wholly or not at all."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(dump)) as copy:
            connection.ensure_connection()
            copy.backup(connection.connection, progress=_refuse_to_wait)
        connection.close()
        return
    with nullcontext() if is_empty() else _set_aside():
        _restore_into(connection, dump)
    _sql("ANALYZE")


def _restore_into(database: BaseDatabaseWrapper, dump: Path) -> None:
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _run([_program("pg_restore"), *options, _address(database), str(dump)])


@contextmanager
def _sqlite_copy() -> Iterator[tuple[IO[bytes], dict[str, Content]]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "copy")
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy, progress=_refuse_to_wait)
            tables = contents.of_sqlite(copy)
        with path.open("rb") as file:
            yield file, tables


def _refuse_to_wait(status: int, _left: int, _total: int) -> None:
    """The database has waited for its time-out already; left alone, Python would begin again for ever.

    Raises BackupError where it is still held.
    """
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        message = _("The database is held by another process. Stop the server, then try again.")
        raise BackupError(message, "held")


@contextmanager
def _postgres_dump() -> Iterator[tuple[IO[bytes], dict[str, Content]]]:
    options = ["--format=custom", "--no-owner", "--no-privileges", "--no-publications", "--no-subscriptions"]
    with _snapshot() as (snapshot, tables), tempfile.TemporaryFile() as complaints:
        command = [_program("pg_dump"), *options, f"--snapshot={snapshot}", _address(connection)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints, env=_environment()) as process:
            assert process.stdout
            yield process.stdout, tables
        _refuse_failure(command, process.returncode, complaints)


@contextmanager
def _snapshot() -> Iterator[tuple[str, dict[str, Content]]]:
    """The name of one moment, for pg_dump, and what the tables held at it."""
    reader = connection.copy()
    try:
        with reader.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
        yield snapshot, contents.of_postgres(reader)
    finally:
        reader.close()


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
        % {"aside": ASIDE},
        "interrupted",
    )


def _program(name: str) -> str:
    """The path of a program of PostgreSQL. Raises BackupError where it is missing, or older than the server."""
    path = shutil.which(name)
    if not path:
        raise BackupError(
            _(
                "There is no %(name)s here. Install the client of PostgreSQL; on Debian: apt-get install postgresql-client"
            )
            % {"name": name},
            "program",
        )
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    version = said.split()[2]
    if int(version.split(".")[0]) < int(server().split(".")[0]):
        raise BackupError(
            _(
                "%(path)s has version %(version)s, the server %(server)s. Install the client of that version, and name its"
                " folder first in PATH."
            )
            % {"path": path, "version": version, "server": server()},
            "program",
        )
    return path


def _address(database: BaseDatabaseWrapper) -> str:
    """The database as the programs are told it, without the password."""
    from psycopg2.extensions import make_dsn

    found = database.get_connection_params()
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
        message = _("%(program)s failed: %(said)s")
        raise BackupError(message % {"program": Path(command[0]).name, "said": said}, "program")


def _sql(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)

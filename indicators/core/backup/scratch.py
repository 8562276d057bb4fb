"""A database of PostgreSQL beside ours, to try a backup in: made empty, and dropped again."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import ProgrammingError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from .archive import BackupError

# A killed trial leaves its database behind; the next one drops it by this ending.
MARK = "_verify_"


@contextmanager
def database() -> Iterator[BaseDatabaseWrapper]:
    """The connection to an empty database. Raises BackupError where the role may not make one."""
    ours = str(connection.settings_dict["NAME"])[:40]
    name = f"{ours}{MARK}{secrets.token_hex(4)}"
    # On a connection of its own: databases are not made in a transaction.
    maker = connection.copy()
    try:
        _drop_left(maker, re.compile(re.escape(ours + MARK) + "[0-9a-f]{8}"))
        _create(maker, name)
        scratch = connection.copy()
        scratch.settings_dict["NAME"] = name
        try:
            yield scratch
        finally:
            scratch.close()
            _drop(maker, name)
    finally:
        maker.close()


def _create(maker: BaseDatabaseWrapper, name: str) -> None:
    with maker.cursor() as cursor:
        cursor.execute(
            "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = current_database()"
        )
        alike = cursor.fetchone()
        try:
            cursor.execute(
                f"CREATE DATABASE {maker.ops.quote_name(name)} TEMPLATE template0 ENCODING %s LC_COLLATE %s LC_CTYPE %s",
                alike,
            )
        except ProgrammingError as error:
            cursor.execute("SELECT current_user")
            message = _(
                "A backup is tried in a database of its own, which %(role)s may not make. As administrator of the database:"
                " ALTER ROLE %(role)s CREATEDB;"
            )
            raise BackupError(message % {"role": cursor.fetchone()[0]}, "scratch") from error


def _drop_left(maker: BaseDatabaseWrapper, name: re.Pattern[str]) -> None:
    with maker.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE pg_has_role(datdba, 'USAGE')")
        left = [row[0] for row in cursor.fetchall() if name.fullmatch(row[0])]
    for database_name in left:
        _drop(maker, database_name)


def _drop(maker: BaseDatabaseWrapper, name: str) -> None:
    with maker.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {maker.ops.quote_name(name)} WITH (FORCE)")

"""Many new records with their history at once, in a few statements instead of an object and a query for each."""

import io
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import User
from django.db import connections, models, router
from django.utils import timezone
from psycopg2.extensions import get_wait_callback
from psycopg2.extras import execute_values

Values = Sequence[Any]

_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def store_new(
    model: type[models.Model], names: Sequence[str], rows: Sequence[Values], *, reason: str = "", by: User | None = None
) -> list[int]:
    """Store `rows`, the values of the attributes `names`, as new records and as the first version of each in the history.

    Other fields get their defaults. Constraints and triggers of the database hold as ever; what has to be done after
    a single record was saved (signals) is not done. Returns the primary keys in the order of the rows.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    others = [name for name, field in fields.items() if name not in names and not field.primary_key]
    defaults = tuple(fields[name].get_default() for name in others)
    keys = _new_keys(model, len(rows))
    records = [(key, *row, *defaults) for key, row in zip(keys, rows, strict=True)]
    columns = [model._meta.pk.attname, *names, *others]
    insert(model, columns, records)
    version = (timezone.now(), reason, "+", by and by.pk, by.get_username() if by else "")
    columns += ["history_date", "history_change_reason", "history_type", "history_user_id", "history_user_name"]
    insert(model.history.model, columns, [(*record, *version) for record in records])  # type: ignore[attr-defined]
    return keys


def insert(model: type[models.Model], names: Sequence[str], rows: Sequence[Values]) -> None:
    """Store `rows` as they are: by COPY where the database has it, else by an INSERT that is made once for all of them."""
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    fields_by_name = {field.attname: field for field in model._meta.concrete_fields}
    fields: list[Any] = [fields_by_name[name] for name in names]
    quoted = connection.ops.quote_name
    table, columns = quoted(model._meta.db_table), ", ".join(quoted(field.column) for field in fields)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor != "postgresql":
            places = ", ".join(["%s"] * len(names))
            statement = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # nosec B608 # names of models, quoted
            cursor.executemany(statement, _adapted(fields, rows, connection))
        elif get_wait_callback():
            # A web server limits how long it waits (lanson/db_timeouts.py), and psycopg2 refuses COPY to who does. Many
            # rows in a statement: one by one, each would wait for the network.
            statement = f"INSERT INTO {table} ({columns}) VALUES %s"  # nosec B608 # names of models, quoted
            execute_values(cursor.cursor, statement, rows, page_size=500)
        else:
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.StringIO(_copy_text(rows)))


def _copy_text(rows: Iterable[Values]) -> str:
    """The rows in the text form of COPY: tabs between cells, \\N for unknown."""
    return "".join("\t".join(map(_copy_cell, cells)) + "\n" for cells in rows)


def _copy_cell(cell: Any) -> str:
    if cell is None:
        return "\\N"
    text = str(cell)
    return text.translate(_ESCAPES) if _SPECIAL.search(text) else text


def _adapted(fields: Sequence[Any], rows: Sequence[Values], connection: Any) -> Sequence[Values]:
    """The rows with moments as the database keeps them; the driver takes everything else as it is."""
    adapt = lru_cache(connection.ops.adapt_datetimefield_value)
    for place, field in enumerate(fields):
        if isinstance(field, models.DateTimeField):
            rows = [(*row[:place], adapt(row[place]), *row[place + 1 :]) for row in rows]
    return rows


def _new_keys(model: type[models.Model], count: int) -> list[int]:
    """Primary keys that nobody else will get, in ascending order."""
    connection, table = connections[router.db_for_write(model)], model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [f'"{table}"', count]
            )
            return [key for (key,) in cursor.fetchall()]
        # One transaction at a time writes to SQLite, so the last key given stays the last one until it ends.
        cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()[0]
        return list(range(last + 1, last + 1 + count))

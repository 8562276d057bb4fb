"""What the tables of a database hold, as numbers that two copies of it have in common."""

from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper

# Without these no database is one of this application.
ESSENTIAL = frozenset({"django_migrations", "auth_user", "indicators_indicator", "indicators_figure"})
# How values are written as text must not depend on the settings of a role or a database.
_SAME_TEXT = (
    "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 1;"
    " SET bytea_output = 'hex'"
)


class Content(NamedTuple):
    """How many rows a table has, and a sum over what they hold, whatever their order; of SQLite, whose file is copied page
    by page and has a checksum of its own, the rows alone."""

    rows: int
    checksum: str


def of_postgres(connection: BaseDatabaseWrapper) -> dict[str, Content]:
    """The tables of the application's schema, as the transaction of `connection` sees them."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(_SAME_TEXT)
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        contents = {}
        for (table,) in cursor.fetchall():
            cursor.execute(
                "SELECT count(*), coalesce(sum(('x' || left(md5(whole_row::text), 8))::bit(32)::bigint), 0)"  # nosec B608 # a name of the catalogue, quoted
                f" FROM public.{quote(table)} AS whole_row"
            )
            rows, checksum = cursor.fetchone()
            contents[table] = Content(rows, str(checksum))
    return contents


def of_sqlite(copy: Any) -> dict[str, Content]:
    """The tables of a SQLite connection."""
    names = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    count = 'SELECT count(*) FROM "{}"'
    return {table: Content(copy.execute(count.format(table)).fetchone()[0], "") for (table,) in names.fetchall()}

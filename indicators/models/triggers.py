"""What the database does by itself, as triggers: it holds the models' `cross_rules`, and changes the data version.

They are made anew after every migration. SQLite drops them beforehand: it rebuilds tables to alter them, and a
trigger that names a table under construction makes that fail.
"""

from collections.abc import Iterator
from itertools import product

from django.apps import apps
from django.db import connections, models

from . import data_version
from .cross_rules import CrossRule

_CREATE = {
    "sqlite": (
        "CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN"
        " SELECT RAISE(ABORT, 'CHECK constraint failed: {rule}') WHERE EXISTS ({broken}); END"
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS ({broken}) THEN"
        " RAISE EXCEPTION 'violates rule {rule}' USING ERRCODE = 'check_violation', CONSTRAINT = '{rule}';"
        " END IF; RETURN NULL; END $$;"
        " CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    ),
}


def create(using: str = "default", **_signal: object) -> None:
    """Make every trigger on the database `using`, replacing what is there."""
    drop(using)
    # A database that was taken back to an earlier migration lacks the tables that came later.
    tables = set(connections[using].introspection.table_names())
    with connections[using].cursor() as cursor:
        for statement in _statements(using, tables):
            cursor.execute(statement)


def drop(using: str = "default", **_signal: object) -> None:
    """Remove the triggers from a SQLite database; PostgreSQL replaces them in place and is never without."""
    if connections[using].vendor == "sqlite":
        with connections[using].cursor() as cursor:
            for rule, event, table, _where in _watches():
                cursor.execute(f"DROP TRIGGER IF EXISTS {_name(rule, event, table)}")
            for model, event in _version_triggers():
                cursor.execute(f"DROP TRIGGER IF EXISTS {data_version.trigger_name(model, event)}")


def _statements(using: str, tables: set[str]) -> Iterator[str]:
    connection = connections[using]
    for rule, event, table, where in _watches():
        if table not in tables:
            continue
        model = next(model for model, known in CrossRule.all() if known is rule)
        broken = _inline(model._base_manager.using(using).exclude(rule.condition).order_by().values("pk"), connection)
        query = f"{broken} AND {where}"
        yield _CREATE[connection.vendor].format(
            name=_name(rule, event, table), event=event, table=table, rule=rule.name, broken=query
        )
    for watched, event in _version_triggers():
        if watched._meta.db_table not in tables:
            continue
        yield data_version.trigger(connection.vendor, watched, event)


def _version_triggers() -> Iterator[tuple[type[models.Model], str]]:
    """The records and events that change the data version."""
    return product(data_version.watched(), data_version.EVENTS)


def _watches() -> Iterator[tuple[CrossRule, str, str, str]]:
    """Each rule with the events it is checked on: event, table, and which records to look at then."""
    for model, rule in CrossRule.all():
        table = model._meta.db_table
        for event in ("INSERT", "UPDATE"):
            yield rule, event, table, f'"{table}"."id" = NEW."id"'
        for label, path in rule.depends_on.items():
            other = apps.get_model(label)._meta.db_table
            event = "UPDATE" if other != table else "UPDATE OF parent_id"
            yield rule, event, other, f'"{table}"."{path}_id" = NEW."id"'


def _name(rule: CrossRule, event: str, table: str) -> str:
    return f"{rule.name}_{table.removeprefix('indicators_')}_{event.split()[-1].lower()}"


def _inline(queryset: models.QuerySet, connection: object) -> str:
    """The SELECT of `queryset` with its parameters written in. They are the codes of our own choices, no user input."""
    sql, params = queryset.query.get_compiler(connection=connection).as_sql()
    return sql % tuple(f"'{param}'" if isinstance(param, str) else str(param) for param in params)

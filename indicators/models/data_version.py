"""A name for the present state of everything public, which the database itself changes with every change."""

from django.db import connections, models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .base import Recorded

# Whose changes no public page shows.
UNSEEN = ("apitoken", "membership", "targetproposal")
# Of which only the rows count that meet a condition, before the change or after it: a draft makes no answer new.
PUBLIC_ROWS = {"figure": "state = 'approved'"}

# Random numbers, not a counter: a database brought back from a backup must not come to a number that a cache knows
# from a later state. SQLite has one writer at a time and keeps one row. On PostgreSQL two transactions would wait for each
# other there, so each adds a row of its own, and takes away the old ones that nobody else is taking away.
_SQLITE = (
    "CREATE TRIGGER {name} AFTER {event} ON {table} {when} BEGIN"
    " INSERT OR REPLACE INTO indicators_dataversion (id, number, made_at)"
    " VALUES (1, random() / 4, CURRENT_TIMESTAMP); END"
)
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {unless}"
    " DELETE FROM indicators_dataversion WHERE id IN (SELECT id FROM indicators_dataversion"
    " WHERE made_at < now() - interval '1 day' ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED);"
    " INSERT INTO indicators_dataversion (number, made_at) VALUES (floor(random() * 1e15)::bigint, now());"
    " RETURN NULL; END $$;"
    " CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} {rows} EXECUTE FUNCTION {function}()"
)
# The rows that an event has, as each database names them.
_ROWS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
EVENTS = tuple(_ROWS)


def trigger(vendor: str, model: type[models.Model], event: str) -> str:
    """The statements that make the trigger of `model` for INSERT, UPDATE or DELETE."""
    table, condition = model._meta.db_table, PUBLIC_ROWS.get(str(model._meta.model_name))
    name, rows = trigger_name(model, event), _ROWS[event]
    if vendor == "sqlite":
        when = f"WHEN {' OR '.join(f'{row}.{condition}' for row in rows)}" if condition else ""
        return _SQLITE.format(name=name, event=event, table=table, when=when)
    parts = {"function": "indicators_set_data_version", "unless": "", "rows": ""}
    if condition:
        # Once for a statement, whatever number of rows it changes: each stamp is a row.
        touched = " UNION ALL ".join(f"SELECT 1 FROM {row}_rows WHERE {condition}" for row in rows)  # nosec B608 # conditions of our own, no input
        parts["function"] = f"{name}_public"
        parts["unless"] = f"IF NOT EXISTS ({touched}) THEN RETURN NULL; END IF;"
        parts["rows"] = f"REFERENCING {' '.join(f'{row} TABLE AS {row}_rows' for row in rows)} FOR EACH STATEMENT"
    return _POSTGRESQL.format(name=name, event=event, table=table, **parts)


def trigger_name(model: type[models.Model], event: str) -> str:
    return f"data_version_{model._meta.db_table}_{event}"


class DataVersionQuerySet(models.QuerySet["DataVersion"]):
    def current(self) -> str:
        """The name of the present state, as this database shows it; one query."""
        with connections[self.db].cursor() as cursor:
            cursor.execute("SELECT COUNT(*), SUM(number) FROM indicators_dataversion")
            return "{}.{}".format(*cursor.fetchone())


class DataVersion(models.Model):
    """All rows together name the state: transactions add theirs in any order, and each makes another sum."""

    number = models.BigIntegerField(_("number"))
    made_at = models.DateTimeField(_("made at"), db_default=Now(), db_index=True)

    objects = DataVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("data version")
        verbose_name_plural = _("data versions")

    def __str__(self) -> str:
        return str(self.number)


def watched() -> list[type[models.Model]]:
    """The records whose every change makes another version."""
    return [model for model in Recorded.__subclasses__() if model._meta.model_name not in UNSEEN]

"""A name for the present state of everything public, which the database itself changes with every change."""

from django.db import connections, models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .base import Recorded

# Whose changes no public page shows.
UNSEEN = ("apitoken", "membership")
EVENTS = ("INSERT", "UPDATE", "DELETE")

# Random numbers, not a counter: a database brought back from a backup must not come to a number that a cache knows
# from a later state. SQLite has one writer at a time and keeps one row. On PostgreSQL two transactions would wait for each
# other there, so each adds a row of its own, and takes away the old ones that nobody else is taking away.
TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER {name}_{event} AFTER {event} ON {table} BEGIN"
        " INSERT OR REPLACE INTO indicators_dataversion (id, number, made_at)"
        " VALUES (1, random() / 4, CURRENT_TIMESTAMP); END"
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION indicators_set_data_version() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " DELETE FROM indicators_dataversion WHERE id IN (SELECT id FROM indicators_dataversion"
        " WHERE made_at < now() - interval '1 day' ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED);"
        " INSERT INTO indicators_dataversion (number, made_at) VALUES (floor(random() * 1e15)::bigint, now());"
        " RETURN NULL; END $$;"
        " CREATE OR REPLACE TRIGGER {name}_{event} AFTER {event} ON {table} EXECUTE FUNCTION indicators_set_data_version()"
    ),
}


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

"""What all records share."""

from django.db import models
from django.db.models import Func
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

# 15 significant digits is what SQLite's numbers carry without loss, so both databases give back what was stored.
NUMBER = {"max_digits": 15, "decimal_places": 4}


class Recorded(models.Model):
    """A record whose every change is kept: who, when, what, why."""

    history = HistoricalRecords(inherit=True)

    class Meta:
        abstract = True


class Bilingual(models.Model):
    """A record with a name in both languages."""

    name_vi = models.CharField(_("name in Vietnamese"), max_length=300)
    name_en = models.CharField(_("name in English"), max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language; the Vietnamese one where English is missing."""
        return translated(self, "name")


def translated(record: models.Model, attribute: str) -> str:
    """`attribute` of `record` in the active language, Vietnamese where the English text is empty."""
    vietnamese: str = getattr(record, f"{attribute}_vi")
    return vietnamese if (get_language() or "vi").startswith("vi") else getattr(record, f"{attribute}_en") or vietnamese


class ByteOrder(Func):
    """Text compared byte by byte, as Python does; PostgreSQL's own order depends on the server's locale."""

    template = "%(expressions)s"

    def as_postgresql(self, compiler, connection, **context):  # type: ignore[no-untyped-def]
        return self.as_sql(compiler, connection, template='%(expressions)s COLLATE "C"', **context)

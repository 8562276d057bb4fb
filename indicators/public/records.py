"""What of each table of the data package was public on a day, as rows of values."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, QuerySet, When

from ..models import Aggregate, Comparison, Figure, OfficialResult, OfficialVerdict, Source, Target, Term
from .schema import RecordTable

CHUNK = 5000


def public_sources(as_of: date) -> QuerySet[Source]:
    """The sources that something public on `as_of` rests on. Others were typed by somebody and checked by nobody yet."""
    resting = [Term.objects.all(), *(_PUBLIC[name](as_of) for name in _SOURCED)]
    used = [Exists(records.filter(source=OuterRef("pk"))) for records in resting]
    return Source.objects.filter(reduce(or_, used))


_SOURCED = ("targets", "figures", "aggregates", "comparisons", "official_results")
# A table that does not stand here has no day of its own: the catalogue is public as it is.
_PUBLIC: dict[str, Callable[[date], QuerySet[Any]]] = {
    "sources": public_sources,
    "targets": lambda as_of: Target.objects.published(as_of),
    "figures": lambda as_of: Figure.objects.published(as_of),
    "aggregates": lambda as_of: Aggregate.objects.published(as_of),
    "comparisons": lambda as_of: Comparison.objects.known_on(as_of),
    "official_results": lambda as_of: OfficialResult.objects.known_on(as_of),
    "verdicts": lambda as_of: OfficialVerdict.objects.filter(
        decided_on__lte=as_of, target__decided_on__lte=as_of
    ).exclude(target__shown_until__lte=as_of),
}


def public_records(table: RecordTable, as_of: date) -> QuerySet[Any]:
    """The records of `table` that had been published by `as_of`."""
    return _PUBLIC[table.name](as_of) if table.name in _PUBLIC else table.model._base_manager.all()


def exported_records(table: RecordTable) -> QuerySet[Any]:
    """The records of `table` that a data package holds: everything approved, and the sources it rests on."""
    return public_sources(date.max) if table.model is Source else table.model._base_manager.filter(**table.exported)


def lookups(table: RecordTable, as_of: date | None = None) -> list[Any]:
    """What reads the columns of `table`. With `as_of`, a day on which a target was replaced is told only when it had come."""
    columns: dict[str, Any] = dict(table.lookups)
    if as_of and "replaced_on" in columns:
        # Else a file of an earlier day would give away what was decided later.
        columns["replaced_on"] = Case(When(replaced_on__lte=as_of, then=F("replaced_on")))
    return list(columns.values())


def values(table: RecordTable, records: QuerySet[Any], as_of: date | None = None) -> Iterator[tuple[Any, ...]]:
    """`records` in the columns and the order of `table`, read in chunks, so memory stays flat."""
    return records.order_by(*table.ordering()).values_list(*lookups(table, as_of)).iterator(chunk_size=CHUNK)

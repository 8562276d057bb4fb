"""A data package → database, all or nothing.

Everything is checked first and every problem is reported; then one transaction creates what is new and updates what is
known with other content, each with its history. Only that transaction holds up others who write. Rows that are not in
the package stay.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from ..models import Figure, State
from ..models.bulk import store_new
from ..public.schema import TABLES, RecordTable
from ..workflow import replace_earlier
from .bulk_diff import SpooledChanges, compare_spooled, values_of
from .diff import Registry, TableChanges, check_dependents, compare, fill
from .reader import PackageInvalid, PackageProblem, PackageRow, Place, read_table, tables_in
from .zip_reader import open_package

BATCH = 2000
Progress = Callable[[str, int, int], None]


@dataclass
class LoadResult:
    """What a load did, by file name."""

    created: dict[str, int] = field(default_factory=dict)
    updated: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    updates: list[str] = field(default_factory=list)

    def count(self, table: RecordTable, created: int, updated: int, unchanged: int) -> None:
        self.created[table.file_name], self.updated[table.file_name] = created, updated
        self.unchanged[table.file_name] = unchanged


def load_package(folder: Path, *, dry_run: bool = False, progress: Progress = lambda *_: None) -> LoadResult:
    """Load the data package in `folder`, which may be a zip file, and say what changed.

    Raises PackageInvalid; then nothing is written.
    """
    problems: list[PackageProblem] = []
    registry, loaded = Registry(problems), LoadResult()
    with open_package(folder) as inside:
        present = tables_in(inside, problems)
        changes = [_compare(table, inside if table in present else None, registry) for table in TABLES]
    check_dependents([change for change in changes if isinstance(change, TableChanges)], registry)
    if problems:
        raise PackageInvalid(sorted(problems, key=lambda problem: (problem.file, problem.line)))
    with transaction.atomic():
        for change in changes:
            _write_or_refuse(change, registry, loaded, progress)
        _end_corrections()
        if dry_run:
            transaction.set_rollback(True)
    return loaded


def _end_corrections() -> None:
    """A figure that came approved while it was being corrected has its value: what stood until now stands no more."""
    today = timezone.localdate()
    for figure in Figure.objects.filter(state=State.APPROVED, being_corrected=True).prefetch_related("earlier"):
        replace_earlier(figure.earlier.all(), today)
        figure.being_corrected, figure.corrected_on = False, today
        figure.save()


def _compare(table: RecordTable, folder: Place | None, registry: Registry) -> TableChanges | SpooledChanges:
    """What the file of `table` in `folder` would change; nothing without one."""
    rows: Iterable[PackageRow] = read_table(folder, table, registry.problems) if folder else ()
    return compare_spooled(table, rows, registry) if table.stands_alone else compare(table, list(rows), registry)


def _write_or_refuse(
    change: TableChanges | SpooledChanges, registry: Registry, loaded: LoadResult, progress: Progress
) -> None:
    """Write one table. What the database still refuses, after all that was checked, is a problem like the others.

    Raises PackageInvalid.
    """
    try:
        if isinstance(change, SpooledChanges):
            _write_many(change, registry, loaded, progress)
        else:
            _write(change, loaded, progress)
    except IntegrityError as error:
        expected = _("content that agrees with what is stored already (%(error)s)") % {"error": str(error).strip()}
        raise PackageInvalid([PackageProblem(change.table.file_name, 0, "", "", expected)]) from error


def _write(change: TableChanges, loaded: LoadResult, progress: Progress) -> None:
    """Create and update the records of one table, each with its history."""
    table, done = change.table, 0
    for wave in _waves(table, change.new):
        for start in range(0, len(wave), BATCH):
            batch = wave[start : start + BATCH]
            bulk_create_with_history(batch, table.model, batch_size=BATCH, default_change_reason=_why())
            done += len(batch)
            progress(table.file_name, done, len(change.new))
    _update(table, change.changed, loaded)
    loaded.count(table, len(change.new), len(change.changed), change.unchanged)


def _write_many(changes: SpooledChanges, registry: Registry, loaded: LoadResult, progress: Progress) -> None:
    """The same for a table with many rows, a batch at a time."""
    table, done = changes.table, 0
    names, values = values_of(table, registry)
    for batch in changes.new:
        store_new(table.model, names, [values(row) for row in batch], reason=_why())
        done += len(batch)
        progress(table.file_name, done, changes.new.count)
    for batch in changes.changed:
        records: dict[Any, Any] = table.model._base_manager.in_bulk([stored.pk for _row, stored, _names in batch])
        for row, stored, _names in batch:
            # Deleted since it was compared: the version check that follows refuses it like any other change.
            record = records.setdefault(stored.pk, table.model(pk=stored.pk))
            record.version = stored.version
            fill(record, table, row, registry)
        _update(table, [(row, records[stored.pk], names) for row, stored, names in batch], loaded)
    loaded.count(table, changes.new.count, changes.changed.count, changes.unchanged)


def _update(table: RecordTable, changed: list[tuple[PackageRow, Any, tuple[str, ...]]], loaded: LoadResult) -> None:
    """Store changed records over the versions they were compared with."""
    manager = table.model._base_manager
    for names, records in _by_changed_fields(changed).items():
        for start in range(0, len(records), BATCH):
            batch = records[start : start + BATCH]
            # bulk_update goes past save, and past its guard against lost changes.
            _refuse_if_saved_since(table, batch)
            for record in batch:
                record.version += 1
            fields = [*names, "version"]
            bulk_update_with_history(batch, table.model, fields, manager=manager, default_change_reason=_why())
    loaded.updates += [f"{table.file_name}: {record} ({', '.join(names)})" for _row, record, names in changed]


def _refuse_if_saved_since(table: RecordTable, records: list[Any]) -> None:
    """Raises IntegrityError when somebody saved one of the records after the package was compared with them."""
    stored = table.model._base_manager.select_for_update().filter(pk__in=[record.pk for record in records])
    versions = dict(stored.order_by("pk").values_list("pk", "version"))
    if saved := next((record for record in records if versions.get(record.pk) != record.version), None):
        raise IntegrityError(_("%(record)s was saved in the meantime; load the package again") % {"record": saved})


def _why() -> str:
    return _("Loaded with a data package")


def _by_changed_fields(changed: list[tuple[PackageRow, Any, tuple[str, ...]]]) -> dict[tuple[str, ...], list[Any]]:
    groups: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for _row, record, names in changed:
        groups[names].append(record)
    return groups


def _waves(table: RecordTable, records: list[models.Model]) -> Iterable[list[models.Model]]:
    """The records in groups such that each points, inside its table, only to stored records or to earlier groups."""
    inner = [column.name for column in table.columns if column.points_to is table.model]
    waiting = records
    while waiting:
        ready = [record for record in waiting if all(_is_stored(getattr(record, name)) for name in inner)]
        yield ready
        waiting = [record for record in waiting if record.pk is None]


def _is_stored(record: models.Model | None) -> bool:
    return record is None or record.pk is not None

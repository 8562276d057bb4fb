"""ENTRY: a data package → database, all or nothing.

Everything is checked first and every problem is reported; then one transaction creates what is new and updates what is
known with other content, each with its history. Rows that are not in the package stay.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from .archive import opened
from .comparing import Change, Registry, check_dependents, compare
from .reading import PackageInvalid, Problem, read_package
from .tables import TABLES, Table

BATCH = 2000
Progress = Callable[[str, int, int], None]


@dataclass
class Loaded:
    """What a load did, by file name."""

    created: dict[str, int] = field(default_factory=dict)
    updated: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    updates: list[str] = field(default_factory=list)


def load_package(folder: Path, *, dry_run: bool = False, progress: Progress = lambda *_: None) -> Loaded:
    """Load the data package in `folder`, which may be a zip file, and say what changed.

    Raises PackageInvalid; then nothing is written.
    """
    problems: list[Problem] = []
    with opened(folder) as inside:
        rows = read_package(inside, problems)
    registry, loaded = Registry(problems), Loaded()
    with transaction.atomic():
        changes = [compare(table, rows.get(table.name, []), registry) for table in TABLES]
        check_dependents(changes, registry)
        if problems:
            raise PackageInvalid(sorted(problems, key=lambda problem: (problem.file, problem.line)))
        for change in changes:
            _write_or_refuse(change, loaded, progress)
        if dry_run:
            transaction.set_rollback(True)
    return loaded


def _write_or_refuse(change: Change, loaded: Loaded, progress: Progress) -> None:
    """Write one table. What the database still refuses, after all that was checked, is a problem like the others."""
    try:
        _write(change, loaded, progress)
    except IntegrityError as error:
        expected = _("content that agrees with what is stored already (%(error)s)") % {"error": str(error).strip()}
        raise PackageInvalid([Problem(change.table.file_name, 0, "", "", expected)]) from error


def _write(change: Change, loaded: Loaded, progress: Progress) -> None:
    """Create and update the records of one table, each with its history."""
    table, done, why = change.table, 0, _("Loaded with a data package")
    for wave in _waves(table, change.new):
        for start in range(0, len(wave), BATCH):
            batch = wave[start : start + BATCH]
            bulk_create_with_history(batch, table.model, batch_size=BATCH, default_change_reason=why)
            done += len(batch)
            progress(table.file_name, done, len(change.new))
    for names, records in _by_changed_fields(change).items():
        for record in records:
            record.version += 1
        fields = [*names, "version"]
        manager = table.model._base_manager
        bulk_update_with_history(
            records, table.model, fields, batch_size=BATCH, manager=manager, default_change_reason=why
        )
    loaded.created[table.file_name] = len(change.new)
    loaded.updated[table.file_name] = len(change.changed)
    loaded.unchanged[table.file_name] = change.unchanged
    loaded.updates += [f"{table.file_name}: {record} ({', '.join(names)})" for _row, record, names in change.changed]


def _by_changed_fields(change: Change) -> dict[tuple[str, ...], list[Any]]:
    groups: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for _row, record, names in change.changed:
        groups[names].append(record)
    return groups


def _waves(table: Table, records: list[models.Model]) -> Iterable[list[models.Model]]:
    """The records in groups such that each points, inside its table, only to stored records or to earlier groups."""
    inner = [column.name for column in table.columns if column.points_to is table.model]
    waiting = records
    while waiting:
        ready = [one for one in waiting if all(_is_stored(getattr(one, name)) for name in inner)]
        yield ready
        waiting = [one for one in waiting if one.pk is None]


def _is_stored(record: models.Model | None) -> bool:
    return record is None or record.pk is not None

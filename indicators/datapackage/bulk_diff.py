"""Files with very many rows (figures, averages, comparisons) → what would change; a part of the file at a time.

Neither the file nor what is stored is ever in memory as a whole: rows wait on the disk, in parts such that what has the
same key is in the same part.
"""

import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import Any
from zlib import crc32

from django.db import models

from ..public.schema import RecordTable
from .diff import Registry, changed_names, changed_rows, fill, report_broken_rules, stored_rows
from .reader import PackageRow

# Rows that are held at once, and the parts that a longer file is laid into.
GROUP, PARTS = 20_000, 64
BATCH = 5_000


class Spool:
    """Rows that wait on the disk, in batches as they came; they can be gone through several times."""

    def __init__(self) -> None:
        self.file = TemporaryFile()  # noqa: SIM115 it goes with the spool
        self.count = 0

    def add(self, rows: list[Any]) -> None:
        for start in range(0, len(rows), BATCH):
            pickle.dump(rows[start : start + BATCH], self.file, pickle.HIGHEST_PROTOCOL)
        self.count += len(rows)

    def __iter__(self) -> Iterator[list[Any]]:
        self.file.seek(0)
        while True:
            try:
                yield pickle.load(self.file)  # nosec B301 # a file without a name, which this process alone wrote
            except EOFError:
                return


@dataclass
class SpooledChanges:
    """What loading one table with many rows comes to: new rows, and rows to go over stored records."""

    table: RecordTable
    new: Spool = field(default_factory=Spool)
    changed: Spool = field(default_factory=Spool)
    unchanged: int = 0


def compare_spooled(table: RecordTable, rows: Iterable[PackageRow], registry: Registry) -> SpooledChanges:
    """Hold the rows of one file against the database and against the rules, a part of them at a time."""
    changes, record = SpooledChanges(table), table.model()
    first, lookup = table.columns[0].name, table.columns[0].lookup
    is_empty = not table.model._base_manager.exists()
    for group in _groups(rows, first):
        names = {row.values.get(first) for row in group}
        stored = {} if is_empty else stored_rows(table, **{f"{lookup}__in": names})
        changed, unchanged = changed_rows(table, group, stored, registry)
        changes.unchanged += unchanged
        good = [pair for pair in changed if _is_good(record, table, pair[0], registry)]
        changes.new.add([row for row, stored_row in good if stored_row is None])
        changes.changed.add([(row, old, changed_names(table, row, old)) for row, old in good if old])
    return changes


def _groups(rows: Iterable[PackageRow], name: str) -> Iterator[list[PackageRow]]:
    """The rows in groups that fit into memory; rows with the same value in the column `name` are together."""
    rows = iter(rows)
    head = list(islice(rows, GROUP))
    if len(head) < GROUP:
        yield head
        return
    parts = [Spool() for _number in range(PARTS)]
    for batch in _batches(chain(head, rows)):
        sorted_out: list[list[PackageRow]] = [[] for _part in parts]
        for row in batch:
            # By the first column, so that what has one key meets in one part; hash() of a text differs from run to run.
            sorted_out[crc32(str(row.values.get(name)).encode()) % PARTS].append(row)
        for part, rows_of_part in zip(parts, sorted_out, strict=True):
            part.add(rows_of_part)
    for part in parts:
        yield list(chain.from_iterable(part))


def _batches(rows: Iterator[PackageRow]) -> Iterator[list[PackageRow]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _is_good(record: models.Model, table: RecordTable, row: PackageRow, registry: Registry) -> bool:
    """Whether the row names what is known and keeps the rules, told by `record`, which serves for one row after another."""
    if not fill(record, table, row, registry):
        return False
    before = len(registry.problems)
    report_broken_rules(table, row, record, registry)
    return len(registry.problems) == before


def values_of(table: RecordTable, registry: Registry) -> tuple[list[str], Callable[[PackageRow], list[Any]]]:
    """The attributes that a row sets, and what makes their values of a row; what the rows name is stored by then."""
    columns, fixed = table.columns, list(table.fixed.values())
    names = [f"{column.name}_id" if column.points_to else column.name for column in columns]
    primary_keys = [(place, registry.keys(column)) for place, column in enumerate(columns) if column.points_to]

    def values(row: PackageRow) -> list[Any]:
        cells = [*row.values.values(), *fixed]
        for place, keys in primary_keys:
            cells[place] = keys.get(cells[place])
        return cells

    return [*names, *table.fixed], values

"""ENTRY: rows of a data package → database, all or nothing.

Everything is checked first and every problem is reported; then one transaction creates what is new and updates what is
known with other content, each with its history. Rows that are not in the package stay.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from ..models.rules import broken_rules, fields_of
from .reading import PackageInvalid, Problem, Row, read_package
from .tables import TABLES, Column, Table

BATCH = 2000
Key = tuple[Any, ...]
Progress = Callable[[str, int, int], None]


@dataclass
class Loaded:
    """What a load did, by file name."""

    created: dict[str, int] = field(default_factory=dict)
    updated: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    updates: list[str] = field(default_factory=list)


def load_package(folder: Path, *, dry_run: bool = False, progress: Progress = lambda *_: None) -> Loaded:
    """Load the data package in `folder` and say what changed. Raises PackageInvalid; then nothing is written."""
    problems: list[Problem] = []
    rows = read_package(folder, problems)
    registry = _Registry(problems)
    loaded = Loaded()
    with transaction.atomic():
        changes = [_compare(table, rows.get(table.name, []), registry) for table in TABLES]
        if problems:
            raise PackageInvalid(sorted(problems, key=_place))
        try:
            for change in changes:
                _write(change, loaded, progress)
        except IntegrityError as error:
            expected = _("content that agrees with what is stored already (%(error)s)") % {"error": str(error).strip()}
            raise PackageInvalid([Problem(change.table.file_name, 0, "", "", expected)]) from error
        if dry_run:
            transaction.set_rollback(True)
    return loaded


@dataclass
class _Change:
    """What loading one table comes to: new records, and known ones with the names of the fields that change."""

    table: Table
    new: list[models.Model] = field(default_factory=list)
    changed: list[tuple[models.Model, list[str]]] = field(default_factory=list)
    unchanged: int = 0


class _Registry:
    """The records that rows may point to, by model and key: stored ones and those the package is about to create."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self._known: dict[type[models.Model], dict[Any, models.Model]] = {}

    def of(self, model: type[models.Model]) -> dict[Any, models.Model]:
        if model not in self._known:
            self._known[model] = {record.code: record for record in model._base_manager.all()}  # type: ignore[attr-defined]
        return self._known[model]

    def add_targets(self, records: dict[Key, models.Model], model: type[models.Model]) -> None:
        self._known[model] = dict(records)


def _place(problem: Problem) -> tuple[str, int, str]:
    return problem.file, problem.line, problem.column


def _compare(table: Table, rows: list[Row], registry: _Registry) -> _Change:
    """Hold the rows of one file against the database and against the rules."""
    change = _Change(table)
    stored = _stored(table) if rows else {}
    seen: dict[Key, int] = {}
    fresh: list[tuple[Row, models.Model]] = []
    for row in rows:
        key = tuple(row.values[name] for name in table.key)
        if key in seen:
            expected = _("each key once; line %(line)d has the same") % {"line": seen[key]}
            registry.problems.append(Problem(table.file_name, row.line, ",".join(table.key), _text(key), expected))
            continue
        seen[key] = row.line
        pk, content = stored.get(key, (None, None))
        if content == _content(table, row):
            change.unchanged += 1
            continue
        record = _record(table, row, pk, registry)
        if record is not None:
            fresh.append((row, record))
            _sort_in(change, record, content, row)
    _point(table, fresh, registry)
    return change


def _sort_in(change: _Change, record: models.Model, content: Key | None, row: Row) -> None:
    if content is None:
        change.new.append(record)
        return
    names = [*change.table.column_names, *change.table.fixed]
    before_and_after = zip(names, content, _content(change.table, row), strict=True)
    change.changed.append((record, [name for name, before, after in before_and_after if before != after]))


def _stored(table: Table) -> dict[Key, tuple[Any, Key]]:
    """Primary key and content of every stored row, by its key in the package."""
    lookups = [column.lookup for column in table.columns]
    places = [table.column_names.index(name) for name in table.key]
    rows = table.model._base_manager.order_by().values_list("pk", *lookups, *table.fixed)
    return {tuple(content[place] for place in places): (pk, tuple(content)) for pk, *content in rows.iterator()}


def _content(table: Table, row: Row) -> Key:
    return (*row.values.values(), *table.fixed.values())


def _record(table: Table, row: Row, pk: Any, registry: _Registry) -> models.Model | None:
    """The record a row describes, its relations to other tables set; None when one of them is unknown."""
    values = dict(row.values)
    if table.owner:
        key = tuple(values.pop(name) for name in table.key)
        owner_model = table.model._meta.get_field(table.owner).related_model
        owner = registry.of(owner_model).get(key)  # type: ignore[arg-type]
        if owner is None:
            expected = _("a target of targets.csv or of the database")
            registry.problems.append(Problem(table.file_name, row.line, ",".join(table.key), _text(key), expected))
            return None
        values[table.owner] = owner
    sound = True
    for column in table.columns:
        if column.points_to and column.name in values and column.points_to is not table.model:
            code = values[column.name]
            values[column.name] = registry.of(column.points_to).get(code) if code else None
            sound = sound and _known(table, row, column, code, values[column.name], registry)
        elif column.points_to is table.model:
            values.pop(column.name, None)
    return table.model(pk=pk, **values, **table.fixed) if sound else None


def _known(table: Table, row: Row, column: Column, code: str, record: object, registry: _Registry) -> bool:
    if code and record is None:
        registry.problems.append(Problem(table.file_name, row.line, column.name, code, _unknown_code(column)))
        return False
    return True


def _unknown_code(column: Column) -> str:
    table = next(table for table in TABLES if table.model is column.points_to)
    return _("a code of %(file)s or of the database") % {"file": table.file_name}


def _point(table: Table, fresh: list[tuple[Row, models.Model]], registry: _Registry) -> None:
    """Make new records known, set relations inside the table, and check the rules."""
    if table.key == ("code",):
        registry.of(table.model).update({row.values["code"]: record for row, record in fresh})
    elif table.name == "targets":
        registry.add_targets(_targets_by_key(table, fresh), table.model)
    for column in table.columns:
        if column.points_to is table.model:
            for row, record in fresh:
                code = row.values[column.name]
                other = registry.of(table.model).get(code) if code else None
                if _known(table, row, column, code, other, registry):
                    setattr(record, column.name, other)
            _report_cycles(table, column, fresh, registry)
    for row, record in fresh:
        _report_broken_rules(table, row, record, registry)


def _targets_by_key(table: Table, fresh: list[tuple[Row, models.Model]]) -> dict[Key, models.Model]:
    lookups = [column.lookup for column in table.columns if column.name in table.key]
    by_pk = table.model._base_manager.in_bulk()
    stored = table.model._base_manager.order_by().values_list("pk", *lookups)
    known = {tuple(key): by_pk[pk] for pk, *key in stored}
    return known | {tuple(row.values[name] for name in table.key): record for row, record in fresh}


def _report_cycles(table: Table, column: Column, fresh: list[tuple[Row, models.Model]], registry: _Registry) -> None:
    for row, record in fresh:
        steps, other = 0, getattr(record, column.name)
        while other is not None and other is not record and steps < len(registry.of(table.model)):
            steps, other = steps + 1, getattr(other, column.name)
        if other is record:
            expected = _("a code that does not lead back to this row")
            registry.problems.append(Problem(table.file_name, row.line, column.name, row.values[column.name], expected))


def _report_broken_rules(table: Table, row: Row, record: models.Model, registry: _Registry) -> None:
    for condition, message in broken_rules(record):
        names = [name for name in fields_of(condition) if name in table.column_names]
        cells = [f"{name}={_text([row.values[name]])}" for name in names]
        registry.problems.append(Problem(table.file_name, row.line, ",".join(names), ", ".join(cells), str(message)))


def _text(values: Iterable[Any]) -> str:
    return ",".join("" if value is None else str(value) for value in values)


def _write(change: _Change, loaded: Loaded, progress: Progress) -> None:
    """Create and update the records of one table, each with its history."""
    table, done = change.table, 0
    for wave in _waves(table, change.new):
        for start in range(0, len(wave), BATCH):
            bulk_create_with_history(wave[start : start + BATCH], table.model, batch_size=BATCH)
            done += len(wave[start : start + BATCH])
            progress(table.file_name, done, len(change.new))
    for record, names in change.changed:
        bulk_update_with_history([record], table.model, _own_fields(table, names), manager=table.model._base_manager)
        loaded.updates.append(f"{table.file_name}: {record} ({', '.join(names)})")
    loaded.created[table.file_name] = len(change.new)
    loaded.updated[table.file_name] = len(change.changed)
    loaded.unchanged[table.file_name] = change.unchanged


def _own_fields(table: Table, names: list[str]) -> list[str]:
    return [name for name in names if not (table.owner and name in table.key)]


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

"""Rows of a data package held against the database and the rules → what would change, and every problem."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext as _

from ..models.cross_rules import CrossRule, broken_rules, fields_of
from ..public.schema import POINTED_TO, RecordColumn, RecordTable, table_of
from .reader import PackageProblem, PackageRow

Key = tuple[Any, ...]

CHUNK = 5000


class StoredRow(NamedTuple):
    """What is stored under a key: the record, how often it was saved, and its content as the package has it."""

    pk: Any
    version: int
    content: Key


@dataclass
class TableChanges:
    """What loading one table comes to: new records, and known ones with the names of the fields that change."""

    table: RecordTable
    new: list[models.Model] = field(default_factory=list)
    changed: list[tuple[PackageRow, models.Model, tuple[str, ...]]] = field(default_factory=list)
    unchanged: int = 0


class Registry:
    """The records that rows may point to, by model and key: stored ones and those the package brings.

    Keys of rows that are bad themselves are remembered, so that rows which name them are not called bad too.
    """

    def __init__(self, problems: list[PackageProblem]) -> None:
        self.problems = problems
        self._records: dict[type[models.Model], dict[Any, models.Model]] = {}
        self._bad: dict[type[models.Model], set[Any]] = defaultdict(set)

    def of(self, table: RecordTable) -> dict[Any, models.Model]:
        """The records of `table` by their key (by the code itself where that is the key)."""
        if table.model not in self._records:
            records = table.model._base_manager.in_bulk()
            self._records[table.model] = {_bare(key): records[row.pk] for key, row in stored_rows(table).items()}
        return self._records[table.model]

    def keys(self, column: RecordColumn) -> dict[Any, Any]:
        """What is stored for each code of `column`: the primary key of the record that is named."""
        assert column.points_to is not None
        return {code: record.pk for code, record in self.of(table_of(column.points_to)).items()}

    def reject(self, table: RecordTable, row: PackageRow) -> None:
        self._bad[table.model].add(_bare(tuple(row.values.get(name) for name in table.key)))

    def is_rejected(self, table: RecordTable, key: Any) -> bool:
        return key in self._bad[table.model]

    def report(self, table: RecordTable, row: PackageRow, column: str, value: object, expected: str) -> None:
        self.problems.append(PackageProblem(table.file_name, row.line, column, text_of(value), expected))


def compare(table: RecordTable, rows: list[PackageRow], registry: Registry) -> TableChanges:
    """Hold the rows of one file against the database and against the rules."""
    change = TableChanges(table)
    changed, change.unchanged = changed_rows(table, rows, stored_rows(table) if rows else {}, registry)
    originals = table.model._base_manager.in_bulk([stored.pk for _row, stored in changed if stored])
    records = []
    for row, stored in changed:
        record = originals[stored.pk] if stored else table.model()
        if fill(record, table, row, registry):
            records.append((row, record))
            if stored:
                change.changed.append((row, record, changed_names(table, row, stored)))
            else:
                change.new.append(record)
    # Only now: a parent may stand in a later line than its part.
    _check_together(table, records, registry)
    return change


def changed_rows(
    table: RecordTable, rows: list[PackageRow], stored: dict[Key, StoredRow], registry: Registry
) -> tuple[list[tuple[PackageRow, StoredRow | None]], int]:
    """The sound rows that are not stored as they are, each with what is stored under its key; and the number of those
    that are."""
    changed, unchanged = [], 0
    for row in _sound_and_once(table, rows, registry):
        stored_row = stored.get(row_key(table, row))
        if stored_row and stored_row.content == _content(table, row):
            unchanged += 1
        else:
            changed.append((row, stored_row))
    return changed, unchanged


def changed_names(table: RecordTable, row: PackageRow, stored: StoredRow) -> tuple[str, ...]:
    """The fields in which a row differs from what is stored."""
    names = (*table.column_names, *table.fixed)
    both = zip(names, stored.content, _content(table, row), strict=True)
    return tuple(name for name, before, after in both if before != after)


def check_dependents(changes: list[TableChanges], registry: Registry) -> None:
    """Report the changed rows that what is stored no longer fits: what stays as it is, and what changes after them."""
    touched = {change.table.model: {record.pk for _row, record, _names in change.changed} for change in changes}
    for change in changes:
        for row, record, names in change.changed:
            for model, rule, path in CrossRule.depending_on(record):
                stored = model._base_manager.filter(**{path: record.pk})
                broken = next((other for other in stored if not rule.holds_with(path, record, other)), None)
                if broken is None:
                    continue
                expected, columns = f"{rule.message} ({broken})", list(change.table.key)
                if broken.pk in touched[model]:
                    # Tables are written one after the other, and the database holds its rules after each.
                    columns = [name for name in names if f"{path}__{name}" in str(rule.condition)] or columns
                    later = next(other.table.file_name for other in changes if other.table.model is model)
                    text = _("; both change at once here: first load %(file)s alone, with what fits before and after")
                    expected += text % {"file": later}
                values = tuple(row.values[name] for name in columns)
                registry.report(change.table, row, ",".join(columns), values, expected)


def stored_rows(table: RecordTable, **within: Any) -> dict[Key, StoredRow]:
    """What is stored of each row, by its key in the package; of the rows that fit `within` alone where that is given."""
    places = [table.column_names.index(name) for name in table.key]
    records = table.model._base_manager.filter(**table.compared | within).order_by()
    rows = records.values_list("pk", "version", *table.lookups.values(), *table.fixed).iterator(chunk_size=CHUNK)
    return {
        tuple(content[place] for place in places): StoredRow(pk, version, tuple(content))
        for pk, version, *content in rows
    }


def row_key(table: RecordTable, row: PackageRow) -> Key:
    return tuple(row.values[name] for name in table.key)


def text_of(value: Any) -> str:
    """A value, or several, as the file has them."""
    if isinstance(value, tuple):
        return ",".join(map(text_of, value))
    return "" if value is None else str(value)


def _bare(key: Key) -> Any:
    return key[0] if len(key) == 1 else key


def _content(table: RecordTable, row: PackageRow) -> Key:
    return (*row.values.values(), *table.fixed.values())


def _sound_and_once(table: RecordTable, rows: list[PackageRow], registry: Registry) -> Iterable[PackageRow]:
    """The rows whose cells could be read, each key once."""
    lines: dict[Key, int] = {}
    for row in rows:
        if not row.sound:
            registry.reject(table, row)
            continue
        key = row_key(table, row)
        if key in lines:
            expected = _("each key once; line %(line)d has the same") % {"line": lines[key]}
            registry.report(table, row, ",".join(table.key), key, expected)
            continue
        lines[key] = row.line
        yield row


def fill(record: models.Model, table: RecordTable, row: PackageRow, registry: Registry) -> bool:
    """Set the fields of `record` from the row, relations to other tables included; False when one is unknown."""
    are_related = [_relate_owner(record, table, row, registry)] if table.owner else []
    for column in table.own_columns:
        if column.points_to is None:
            setattr(record, column.name, row.values[column.name])
        elif column.points_to is not table.model:
            are_related.append(_relate(record, table, row, column, registry))
    for name, value in table.fixed.items():
        setattr(record, name, value)
    if not all(are_related):
        registry.reject(table, row)
    return all(are_related)


def _relate(
    record: models.Model, table: RecordTable, row: PackageRow, column: RecordColumn, registry: Registry
) -> bool:
    """Set one relation by its code; False, and a problem unless the code's own row is bad, when it is unknown."""
    code = row.values[column.name]
    assert column.points_to is not None
    other_table = table_of(column.points_to)
    other = registry.of(other_table).get(code) if code else None
    if code and other is None:
        # The row that would bring the code is reported; those that name it are not wrong for that.
        if not registry.is_rejected(other_table, code):
            expected = _("a code of %(file)s or of the database") % {"file": other_table.file_name}
            registry.report(table, row, column.name, code, expected)
        return False
    setattr(record, column.name, other)
    return True


def _relate_owner(record: models.Model, table: RecordTable, row: PackageRow, registry: Registry) -> bool:
    """Set the relation whose own key stands in the first columns."""
    owner_model = table.model._meta.get_field(table.owner or "").related_model
    owner_table = table_of(owner_model)
    key = row_key(table, row)
    owner = registry.of(owner_table).get(key)
    if owner is None:
        if not registry.is_rejected(owner_table, key):
            expected = _("a target of targets.csv or of the database")
            registry.report(table, row, ",".join(table.key), key, expected)
        return False
    setattr(record, table.owner or "", owner)
    return True


def _check_together(table: RecordTable, records: list[tuple[PackageRow, models.Model]], registry: Registry) -> None:
    """What can only be said once every record of the table is there: inner relations, circles, doubles, rules."""
    if table.model in POINTED_TO:
        registry.of(table).update({_bare(row_key(table, row)): record for row, record in records})
    for column in table.columns:
        if column.points_to is table.model:
            for row, record in records:
                _relate(record, table, row, column, registry)
            _report_circles(table, column, records, registry)
    _report_taken(table, records, registry)
    for row, record in records:
        report_broken_rules(table, row, record, registry)


def _report_circles(
    table: RecordTable, column: RecordColumn, records: list[tuple[PackageRow, models.Model]], registry: Registry
) -> None:
    """A chain of codes must end: walk it by code, as stored records still point to what they pointed to before."""
    records_by_code = registry.of(table)
    for row, _record in records:
        start, code, passed = row.values["code"], row.values[column.name], set()
        while code and code != start and code not in passed:
            passed.add(code)
            other = getattr(records_by_code.get(code), column.name, None)
            code = other.code if other else None
        if code == start:
            expected = _("a code that does not lead back to this row")
            registry.report(table, row, column.name, row.values[column.name], expected)


def _report_taken(table: RecordTable, records: list[tuple[PackageRow, models.Model]], registry: Registry) -> None:
    """Values that must be unique beside the key, such as the last year of a term."""
    for name in [column.name for column in table.columns if column.field.unique and column.name not in table.key]:
        owners: dict[Any, models.Model] = {}
        for other in registry.of(table).values():
            owners.setdefault(getattr(other, name), other)
        for row, record in records:
            if owners.get(row.values[name], record) is not record:
                expected = _("a value that no other row has")
                registry.report(table, row, name, row.values[name], expected)


def report_broken_rules(table: RecordTable, row: PackageRow, record: models.Model, registry: Registry) -> None:
    # The fields that a rule looks at are those a reader of the file can mend.
    for condition, message in broken_rules(record):
        names = [name for name in fields_of(condition) if name in table.column_names]
        cells = ", ".join(f"{name}={text_of(row.values[name])}" for name in names)
        registry.report(table, row, ",".join(names), cells, str(message))

"""The files of a data package → rows of typed values, and every place where a file is not as it should be."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import Path as PathInZip

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from ..models.texts import read_text
from ..public.schema import TABLES, RecordColumn, RecordTable

DESCRIPTOR = "datapackage.json"
Place = Path | PathInZip
Parsers = dict[str, Callable[[str], Any]]  # by the name of the column, in the order of the file

_DECIMAL = re.compile(r"-?\d{1,11}(\.\d{1,4})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INTEGER = re.compile(r"\d{1,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PackageProblem:
    """One place that is wrong, what stands there and what was expected. `line` counts from 1, 0 is the whole file."""

    file: str
    line: int
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part)
        return " ".join(
            part for part in (place, self.column, f"«{self.value}»" if self.value else "", "–", self.expected) if part
        )


class PackageInvalid(Exception):
    """The package cannot be loaded; `problems` names every place."""

    def __init__(self, problems: list[PackageProblem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


class PackageRow(NamedTuple):
    """One row: its first line in the file and its values by column; relations are still codes.

    A row is not sound when a cell could not be read; then only the cells that could are there.
    """

    line: int
    values: dict[str, Any]
    sound: bool


def tables_in(folder: Place, problems: list[PackageProblem]) -> list[RecordTable]:
    """The tables that have a file in `folder`; what is wrong with the folder as a whole is added to `problems`."""
    present = [table for table in TABLES if (folder / table.file_name).is_file()]
    if not present:
        names = ", ".join(table.file_name for table in TABLES)
        problems.append(
            PackageProblem(str(folder), 0, "", "", _("a folder with data package files (%(names)s)") % {"names": names})
        )
    _check_descriptor(folder, problems)
    return present


def _check_descriptor(folder: Place, problems: list[PackageProblem]) -> None:
    """Every file that the descriptor names must be there."""
    path = folder / DESCRIPTOR
    if not path.is_file():
        return
    try:
        named = [str.strip(resource["path"]) for resource in json.loads(path.read_text(encoding="utf-8"))["resources"]]
    except (ValueError, KeyError, TypeError):
        problems.append(
            PackageProblem(DESCRIPTOR, 0, "", "", _("a Frictionless Data Package descriptor with a list of resources"))
        )
        return
    file_names = {table.file_name for table in TABLES}
    missing = [name for name in named if name in file_names and not (folder / name).is_file()]
    problems += [PackageProblem(name, 0, "", "", _("a file, because the descriptor names it")) for name in missing]


def read_table(folder: Place, table: RecordTable, problems: list[PackageProblem]) -> Iterator[PackageRow]:
    """The rows of one file, one by one; what is wrong with them is added to `problems`."""
    path = folder / table.file_name
    if not _is_unicode(path, table, problems):
        return
    with path.open("r", encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            yield from _rows(reader, table, problems)
        except csv.Error as error:
            expected = _("well-formed CSV (%(error)s)") % {"error": error}
            problems.append(PackageProblem(table.file_name, reader.line_num, "", "", expected))


def _rows(reader: Any, table: RecordTable, problems: list[PackageProblem]) -> Iterator[PackageRow]:
    header: list[str] = next(reader, [])
    absent = [name for name in table.optional if name not in header]
    if header != [name for name in table.column_names if name not in absent]:
        expected = _("the header %(header)s") % {"header": ",".join(table.column_names)}
        problems.append(PackageProblem(table.file_name, 1, "", ",".join(header), expected))
        return
    parsers = {column.name: parser_of(column) for column in table.columns if column.name not in absent}
    empty = {column.name: parser_of(column)("") for column in table.columns if column.name in absent}
    line = reader.line_num + 1
    for cells in reader:
        if cells and (row := _read_row(table, parsers, line, cells, problems)):
            yield _completed(row, table, empty) if empty else row
        line = reader.line_num + 1


def _completed(row: PackageRow, table: RecordTable, empty: dict[str, Any]) -> PackageRow:
    """The row with the columns that its file lacks as empty ones, each at its place."""
    values = row.values | empty
    return row._replace(values={name: values[name] for name in table.column_names if name in values})


def _is_unicode(path: Place, table: RecordTable, problems: list[PackageProblem]) -> bool:
    """Whether the file is text in UTF-8; looked at line by line, so that the place can be told."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                bad = line[error.start : error.start + 8].hex(" ")
                problems.append(PackageProblem(table.file_name, number, "", bad, _("text in UTF-8")))
                return False
    return True


def _read_row(
    table: RecordTable, parsers: Parsers, line: int, cells: list[str], problems: list[PackageProblem]
) -> PackageRow | None:
    if len(cells) != len(parsers):
        expected = _("%(count)d cells") % {"count": len(parsers)}
        problems.append(PackageProblem(table.file_name, line, "", ",".join(cells)[:80], expected))
        return None
    try:
        values = {name: parse(cell) for (name, parse), cell in zip(parsers.items(), cells, strict=True)}
    except ValueError:
        # Read once more, cell by cell: good rows, nearly all, are spared the try of each cell.
        return _read_bad_row(table, parsers, line, cells, problems)
    return PackageRow(line, values, sound=True)


def _read_bad_row(
    table: RecordTable, parsers: Parsers, line: int, cells: list[str], problems: list[PackageProblem]
) -> PackageRow:
    """A row of which at least one cell cannot be read: each of them is told."""
    values: dict[str, Any] = {}
    for (name, parse), cell in zip(parsers.items(), cells, strict=True):
        try:
            values[name] = parse(cell)
        except ValueError as error:
            problems.append(PackageProblem(table.file_name, line, name, cell[:80], str(error)))
    return PackageRow(line, values, sound=False)


def parser_of(column: RecordColumn) -> Callable[[str], Any]:
    """The parser of a column's cells. It raises ValueError with what was expected.

    It remembers what it has read: codes, years and days come again and again.
    """
    parse = _value_parser(column.field)
    empty: Any = None if column.field.null or column.points_to else ""

    @lru_cache(maxsize=4096)
    def parse_cell(cell: str) -> Any:
        """The value in a cell. Raises ValueError."""
        if cell == "":
            if column.required:
                raise ValueError(_("a value"))
            return empty
        return parse(cell)

    return parse_cell


def _value_parser(column_field: models.Field) -> Callable[[str], Any]:
    """What reads the cells of this kind of field. It raises ValueError with what was expected."""
    if column_field.is_relation:
        return _text_parser(column_field.related_model._meta.get_field("code"))  # type: ignore[union-attr, arg-type]
    if isinstance(column_field, models.DecimalField):
        return _decimal
    if isinstance(column_field, models.DateField):
        return _day
    if isinstance(column_field, models.BooleanField):
        return _boolean
    if isinstance(column_field, models.IntegerField):
        return _integer_parser(column_field)
    if column_field.choices:
        return _choice_parser([value for value, _label in column_field.flatchoices])
    return _text_parser(column_field)


def _decimal(cell: str) -> Decimal:
    """The number in a cell. Raises ValueError."""
    if not _DECIMAL.fullmatch(cell):
        raise ValueError(_("a number with a decimal point, at most 11 digits before and 4 after it, such as 11728.3"))
    return Decimal(cell)


def _day(cell: str) -> date:
    """The day in a cell. Raises ValueError."""
    try:
        if _DAY.fullmatch(cell):
            return date.fromisoformat(cell)
    except ValueError:
        pass
    raise ValueError(_("a day that exists, written year-month-day, such as 2020-09-27"))


def _boolean(cell: str) -> bool:
    """The answer in a cell. Raises ValueError."""
    if cell not in ("true", "false"):
        raise ValueError(_("true or false"))
    return cell == "true"


def _integer_parser(column_field: models.Field) -> Callable[[str], int]:
    """What reads whole numbers. It raises ValueError."""
    validators = column_field.validators

    def parse(cell: str) -> int:
        """The number in a cell. Raises ValueError."""
        if not _INTEGER.fullmatch(cell):
            raise ValueError(_("a whole number"))
        return _validated(int(cell), validators)

    return parse


def _choice_parser(choices: list[str]) -> Callable[[str], str]:
    """What reads one of `choices`. It raises ValueError."""
    codes = frozenset(choices)

    def parse(cell: str) -> str:
        """The choice in a cell. Raises ValueError."""
        if cell not in codes:
            raise ValueError(_("one of %(choices)s") % {"choices": ", ".join(choices)})
        return cell

    return parse


def _text_parser(column_field: models.Field) -> Callable[[str], str]:
    """What reads text. It raises ValueError."""
    longest = column_field.max_length

    def parse(cell: str) -> str:
        """The text in a cell. Raises ValueError."""
        try:
            text = read_text(cell)
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error
        if longest and len(text) > longest:
            raise ValueError(_("at most %(longest)d characters") % {"longest": longest})
        return _validated(text, column_field.validators)

    return parse


def _validated(value: Any, validators: list) -> Any:
    """The value, if the model field takes it. Raises ValueError."""
    try:
        for validate in validators:
            validate(value)
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from error
    return value

"""ENTRY: the files of a data package → rows of typed values, and every place where a file is not as it should be."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import Path as PathInZip

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from ..notation.alphabet import tidy
from .tables import TABLES, Column, Table

DESCRIPTOR = "datapackage.json"
Place = Path | PathInZip

_DECIMAL = re.compile(r"-?\d{1,11}(\.\d{1,4})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INTEGER = re.compile(r"\d{1,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Problem:
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

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its first line in the file and its values by column; relations are still codes.

    A row is not sound when a cell could not be read; then only the cells that could are there.
    """

    line: int
    values: dict[str, Any]
    sound: bool


def read_package(folder: Place, problems: list[Problem]) -> dict[str, list[Row]]:
    """The rows of each table found in `folder`, by table name; what is wrong is added to `problems`."""
    present = [table for table in TABLES if (folder / table.file_name).is_file()]
    if not present:
        names = ", ".join(table.file_name for table in TABLES)
        problems.append(
            Problem(str(folder), 0, "", "", _("a folder with data package files (%(names)s)") % {"names": names})
        )
    _check_descriptor(folder, problems)
    return {table.name: list(_read_table(folder, table, problems)) for table in present}


def _check_descriptor(folder: Place, problems: list[Problem]) -> None:
    """Every file that the descriptor names must be there."""
    path = folder / DESCRIPTOR
    if not path.is_file():
        return
    try:
        named = [str.strip(one["path"]) for one in json.loads(path.read_text(encoding="utf-8"))["resources"]]
    except (ValueError, KeyError, TypeError):
        problems.append(
            Problem(DESCRIPTOR, 0, "", "", _("a Frictionless Data Package descriptor with a list of resources"))
        )
        return
    known = {table.file_name for table in TABLES}
    missing = [name for name in named if name in known and not (folder / name).is_file()]
    problems += [Problem(name, 0, "", "", _("a file, because the descriptor names it")) for name in missing]


def _read_table(folder: Place, table: Table, problems: list[Problem]) -> Iterator[Row]:
    text = _decode((folder / table.file_name).read_bytes(), table, problems)
    if text is None:
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    parsers = [(column, parser_of(column)) for column in table.columns]
    try:
        header = next(reader, [])
        if header != list(table.column_names):
            expected = _("the header %(header)s") % {"header": ",".join(table.column_names)}
            problems.append(Problem(table.file_name, 1, "", ",".join(header), expected))
            return
        line = reader.line_num + 1
        for cells in reader:
            if cells and (row := _read_row(table, parsers, line, cells, problems)):
                yield row
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(
            Problem(table.file_name, reader.line_num, "", "", _("well-formed CSV (%(error)s)") % {"error": error})
        )


def _decode(data: bytes, table: Table, problems: list[Problem]) -> str | None:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        bad = data[error.start : error.start + 8].hex(" ")
        problems.append(Problem(table.file_name, line, "", bad, _("text in UTF-8")))
        return None


def _read_row(table: Table, parsers: list, line: int, cells: list[str], problems: list[Problem]) -> Row | None:
    if len(cells) != len(parsers):
        expected = _("%(count)d cells") % {"count": len(parsers)}
        problems.append(Problem(table.file_name, line, "", ",".join(cells)[:80], expected))
        return None
    values: dict[str, Any] = {}
    for (column, parse), cell in zip(parsers, cells, strict=True):
        try:
            values[column.name] = parse(cell)
        except ValueError as error:
            problems.append(Problem(table.file_name, line, column.name, cell[:80], str(error)))
    return Row(line, values, sound=len(values) == len(parsers))


def parser_of(column: Column) -> Callable[[str], Any]:
    """The parser of a column's cells. It raises ValueError with what was expected."""
    parse = _value_parser(column.field)
    empty: Any = None if column.field.null or column.points_to else ""

    def parse_cell(cell: str) -> Any:
        if cell == "":
            if column.required:
                raise ValueError(_("a value"))
            return empty
        return parse(cell)

    return parse_cell


def _value_parser(column_field: models.Field) -> Callable[[str], Any]:
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
    if not _DECIMAL.fullmatch(cell):
        raise ValueError(_("a number with a decimal point, at most 11 digits before and 4 after it, such as 11728.3"))
    return Decimal(cell)


def _day(cell: str) -> date:
    try:
        if _DAY.fullmatch(cell):
            return date.fromisoformat(cell)
    except ValueError:
        pass
    raise ValueError(_("a day that exists, written year-month-day, such as 2020-09-27"))


def _boolean(cell: str) -> bool:
    if cell not in ("true", "false"):
        raise ValueError(_("true or false"))
    return cell == "true"


def _integer_parser(column_field: models.Field) -> Callable[[str], int]:
    validators = column_field.validators

    def parse(cell: str) -> int:
        if not _INTEGER.fullmatch(cell):
            raise ValueError(_("a whole number"))
        return _validated(int(cell), validators)

    return parse


def _choice_parser(choices: list[str]) -> Callable[[str], str]:
    known = frozenset(choices)

    def parse(cell: str) -> str:
        if cell not in known:
            raise ValueError(_("one of %(choices)s") % {"choices": ", ".join(choices)})
        return cell

    return parse


def _text_parser(column_field: models.Field) -> Callable[[str], str]:
    longest = column_field.max_length

    def parse(cell: str) -> str:
        text = tidy(cell)
        if "\x00" in text:
            raise ValueError(_("text without null characters"))
        if longest and len(text) > longest:
            raise ValueError(_("at most %(longest)d characters") % {"longest": longest})
        return _validated(text, column_field.validators)

    return parse


def _validated(value: Any, validators: list) -> Any:
    try:
        for validate in validators:
            validate(value)
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from error
    return value

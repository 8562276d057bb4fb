"""EXPORT: database → the files of a data package, in a fixed order of rows, with their descriptor."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..notation.alphabet import tidy
from ..notation.csv_writing import Echo
from ..notation.numerals import plain
from .descriptor import descriptor
from .public import values
from .reading import DESCRIPTOR
from .tables import TABLES, Table


def export_package(folder: Path) -> dict[str, int]:
    """Write everything approved into `folder` and return the number of rows by file name."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for table in TABLES:
        records = table.model._base_manager.filter(**table.exported)
        with (folder / table.file_name).open("w", encoding="utf-8", newline="") as file:
            counts[table.file_name] = sum(1 for line in lines(table, values(table, records)) if file.write(line)) - 1
    (folder / DESCRIPTOR).write_text(json_text(descriptor()), encoding="utf-8")
    return counts


def lines(table: Table, rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The lines of one file, its header first."""
    writer = csv.writer(Echo(), lineterminator="\n")
    yield writer.writerow(table.column_names)
    for row in rows:
        yield writer.writerow(cell(value) for value in row)


def json_text(content: Any) -> str:
    """A descriptor as it stands in its file."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def cell(value: Any) -> str:
    """A value as the package writes it: decimal point, ISO date, true/false, empty for unknown."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else tidy(str(value))

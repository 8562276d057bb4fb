"""EXPORT: database → the files of a data package, in a fixed order of rows, with their descriptor."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..alphabet import tidy
from ..numerals import plain
from .descriptor import descriptor
from .reading import DESCRIPTOR
from .tables import TABLES, Table


def export_package(folder: Path) -> dict[str, int]:
    """Write everything approved into `folder` and return the number of rows by file name."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for table in TABLES:
        with (folder / table.file_name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(table.column_names)
            counts[table.file_name] = 0
            for cells in table_rows(table):
                writer.writerow(cells)
                counts[table.file_name] += 1
    (folder / DESCRIPTOR).write_text(json.dumps(descriptor(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return counts


def table_rows(table: Table) -> Iterator[list[str]]:
    """The rows of one file as cells, in the order the format fixes; read in chunks, so memory stays flat."""
    lookups = [column.lookup for column in table.columns]
    rows = table.model._base_manager.filter(**table.exported).order_by(*table.ordering())
    for values in rows.values_list(*lookups).iterator(chunk_size=5000):
        yield [cell(value) for value in values]


def cell(value: Any) -> str:
    """A value as the package writes it: decimal point, ISO date, true/false, empty for unknown."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else tidy(str(value))

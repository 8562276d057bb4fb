"""EXPORT: database → the files of a data package, in a fixed order of rows, with their descriptor."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

from ..public.records import exported_records, values
from ..public.schema import TABLES, Table
from ..text.csv_writer import pieces, written
from ..text.numbers import plain
from ..text.vietnamese import tidy
from .descriptor import descriptor
from .reader import DESCRIPTOR


def export_package(folder: Path) -> dict[str, int]:
    """Write everything approved into `folder` and return the number of rows by file name."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = dict.fromkeys((table.file_name for table in TABLES), 0)
    for table in TABLES:
        records = exported_records(table)
        with (folder / table.file_name).open("w", encoding="utf-8", newline="") as file:
            file.writelines(file_pieces(table, _counted(values(table, records), counts, table.file_name)))
    (folder / DESCRIPTOR).write_text(json_text(descriptor()), encoding="utf-8")
    return counts


def _counted(rows: Iterable[Any], counts: dict[str, int], name: str) -> Iterator[Any]:
    """The same rows; each is counted under `name` as it passes."""
    for row in rows:
        counts[name] += 1
        yield row


def file_pieces(table: Table, rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The text of one file, many lines at a time, its header first."""
    return pieces(chain([table.column_names], written(rows, cell)), lineterminator="\n")


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

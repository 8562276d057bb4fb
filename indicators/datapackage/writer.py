"""The files of a data package, in a fixed order of rows, with their descriptor: in a folder, or streamed as one zip file."""

import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO, RawIOBase
from itertools import chain
from pathlib import Path
from typing import Any

from ..public.records import exported_records, public_records, values
from ..public.schema import TABLES, RecordTable
from ..text.csv_writer import pieces, written
from ..text.numbers import plain
from ..text.vietnamese import tidy
from .descriptor import descriptor, public_descriptor
from .reader import DESCRIPTOR

_BEGINNING = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes, whenever it is packed


class _Outbox(RawIOBase):
    """A file that cannot be gone back in: what was written waits to be sent on."""

    def __init__(self) -> None:
        self.waiting = BytesIO()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return self.waiting.write(data)

    def take(self) -> bytes:
        """What has been written since the last time."""
        data, self.waiting = self.waiting.getvalue(), BytesIO()
        return data


def export_package(folder: Path) -> dict[str, int]:
    """Write everything approved into `folder` and return the number of rows by file name."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = dict.fromkeys((table.file_name for table in TABLES), 0)
    for table in TABLES:
        records = exported_records(table)
        with (folder / table.file_name).open("w", encoding="utf-8", newline="") as file:
            file.writelines(_file_pieces(table, _counted(values(table, records), counts, table.file_name)))
    (folder / DESCRIPTOR).write_text(_descriptor_text(descriptor()), encoding="utf-8")
    return counts


def zip_chunks(as_of: date) -> Iterator[bytes]:
    """Everything public on `as_of` as a zip file, piece by piece; memory stays flat."""
    outbox = _Outbox()
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, chunks in _files(as_of):
            entry = zipfile.ZipInfo(name, _BEGINNING)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with archive.open(entry, "w", force_zip64=True) as file:
                for chunk in chunks:
                    file.write(chunk.encode())
                    yield outbox.take()
    yield outbox.take()


def _files(as_of: date) -> Iterator[tuple[str, Iterable[str]]]:
    """The name and the pieces of each file."""
    yield DESCRIPTOR, [_descriptor_text(public_descriptor(as_of))]
    for table in TABLES:
        yield table.file_name, _file_pieces(table, values(table, public_records(table, as_of), as_of))


def _counted(rows: Iterable[Any], counts: dict[str, int], name: str) -> Iterator[Any]:
    """The same rows; each is counted under `name` as it passes."""
    for row in rows:
        counts[name] += 1
        yield row


def _file_pieces(table: RecordTable, rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The text of one file, many lines at a time, its header first."""
    return pieces(chain([table.column_names], written(rows, _cell_text)), lineterminator="\n")


def _descriptor_text(content: Any) -> str:
    """A descriptor as it stands in its file."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _cell_text(value: Any) -> str:
    """A value as the package writes it: decimal point, ISO date, true/false, empty for unknown."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else tidy(str(value))

"""How values stand in the cells of a file: the one CSV writer in both its forms. Pure: imports nothing of Django."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .numerals import format_number, plain

Cell = str | Decimal | int | bool | date | None

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """`text` with an apostrophe before it where a spreadsheet would take it for a formula."""
    return "'" + text if text.startswith(_FORMULA_STARTS) else text


@dataclass(frozen=True, slots=True)
class Form:
    """How a CSV is written: for machines, or for Excel with Vietnamese regional settings."""

    name: str
    delimiter: str
    mark: str

    def cell(self, value: Cell) -> str:
        """`value` as text. Text that a spreadsheet would take for a formula gets an apostrophe; numbers never do."""
        if isinstance(value, str):
            return guarded(value)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, Decimal):
            return plain(value) if self is MACHINE else format_number(value, "vi").replace(".", "")
        if isinstance(value, date):
            return value.isoformat() if self is MACHINE else value.strftime("%d/%m/%Y")
        return str(value)


MACHINE = Form("machine", ",", "")
EXCEL_VN = Form("excel-vn", ";", "\ufeff")
FORMS = {form.name: form for form in (MACHINE, EXCEL_VN)}


class Echo:
    """A file that hands back what is written to it, for csv.writer to stream through."""

    def write(self, line: str) -> str:
        return line


def csv_lines(columns: Iterable[str], rows: Iterable[Iterable[Cell]], form: Form) -> Iterator[str]:
    """The lines of a CSV file, one by one."""
    writer = csv.writer(Echo(), delimiter=form.delimiter, lineterminator="\r\n")
    yield form.mark + writer.writerow(columns)
    for row in rows:
        yield writer.writerow(form.cell(cell) for cell in row)

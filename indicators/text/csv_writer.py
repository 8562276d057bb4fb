"""How values stand in the cells of a file: the one CSV writer in both its dialects. Pure: imports nothing of Django."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from io import StringIO
from itertools import chain, islice
from typing import Any

from .numbers import plain

Cell = str | Decimal | int | bool | date | None

LINES = 500  # of a piece

# `18/20` would become a day, `007` seven, `1e5` a hundred thousand, and a long code loses its last digits.
_TAKEN_FOR_ANOTHER = re.compile(r"\d{1,4}[/.-]\d{1,4}(?:[/.-]\d{1,4})?|0\d+|\d+[eE]\d+|\d{12,}", re.ASCII)

# Where a formula begins, the wide signs of East Asian keyboards among them: at the beginning of a text, also behind blanks and
# quotation marks, and right behind any sign that some spreadsheet takes for the end of a cell, whatever ours is.
_FORMULA = re.compile(r"""\A(?=[\s\0\ufeff"]*[=+\-@＝＋－＠]|[\t\r\n])|(?<=[;,|\t\r\n])(?="?[=+\-@＝＋－＠])""")


def guarded(text: str) -> str:
    """`text` with an apostrophe before whatever a spreadsheet would take for a formula."""
    return _FORMULA.sub("'", text)


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """How a CSV is written: for machines, or for Excel with Vietnamese regional settings."""

    name: str
    delimiter: str
    mark: str

    def cell(self, value: Cell) -> str:
        """`value` as text. Text that a spreadsheet would take for a formula gets an apostrophe; numbers never do.

        Text that Excel would take for a day or a number, such as `18/20` or `007`, is written as a formula that is that text.
        """
        if isinstance(value, str):
            return f'="{value}"' if self is EXCEL_VN and _TAKEN_FOR_ANOTHER.fullmatch(value) else guarded(value)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, Decimal):
            return plain(value) if self is MACHINE else plain(value).replace(".", ",")
        if isinstance(value, date):
            return value.isoformat() if self is MACHINE else value.strftime("%d/%m/%Y")
        return str(value)


MACHINE = CsvDialect("machine", ",", "")
EXCEL_VN = CsvDialect("excel-vn", ";", "\ufeff")
DIALECTS = {dialect.name: dialect for dialect in (MACHINE, EXCEL_VN)}


def csv_pieces(columns: Iterable[str], rows: Iterable[Iterable[Cell]], dialect: CsvDialect) -> Iterator[str]:
    """A CSV file in pieces: the line of headings, then many lines at a time."""
    texts = chain([columns], written(rows, dialect.cell))
    for place, piece in enumerate(pieces(texts, delimiter=dialect.delimiter, lineterminator="\r\n")):
        yield piece if place else dialect.mark + piece


def written(rows: Iterable[Iterable[Any]], cell: Callable[[Any], str]) -> Iterator[list[str]]:
    """The rows with each value as `cell` writes it. What was written is remembered: codes, words and days come again."""
    known = lru_cache(maxsize=4096, typed=True)(cell)
    for row in rows:
        yield [known(value) for value in row]


def pieces(rows: Iterable[Iterable[str]], **options: str) -> Iterator[str]:
    """The lines of CSV, the first one by itself, then many at a time: a piece costs as much to send on as a line."""
    waiting, size = iter(rows), 1
    while batch := list(islice(waiting, size)):
        text, size = StringIO(newline=""), LINES
        csv.writer(text, **options).writerows(batch)  # type: ignore[arg-type]
        yield text.getvalue()

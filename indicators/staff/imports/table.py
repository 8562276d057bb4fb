"""What reading a file gives: its columns, its rows one by one, and what there is to say of the file as a whole."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from django.utils.translation import gettext as _

from ...sentences.formatting import number
from .columns import ENOUGH_HEADINGS, REQUIRED, columns_of, heading

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000
# Above the headings there may be a title, an office, a date.
HEADINGS_WITHIN = 30


class Unreadable(Exception):
    """A file that cannot be imported; the message says why and what to do."""


class Row(NamedTuple):
    """A row by its line in the file; `cells` stand in the order of the table's columns."""

    line: int
    cells: tuple[Any, ...]
    hidden: bool = False


class Table(Protocol):
    """A table of figures. `faults` and `remarks` are complete when the last row has been read."""

    columns: list[str]
    # The notation its numbers are likely to have, "vi" or "en".
    likely: str
    faults: list[str]
    remarks: list[str]

    def rows(self) -> Iterator[Row]: ...


def find_headings(rows: Iterable[tuple[int, Iterable[Any]]]) -> tuple[int, dict[int, str]] | None:
    """The line of the headings and the columns by their place; None when there is no such row among the first."""
    for (line, cells), _left in zip(rows, range(HEADINGS_WITHIN), strict=False):
        columns = columns_of(cells)
        if len(columns) >= ENOUGH_HEADINGS and {"indicator", "value"} & set(columns.values()):
            return line, columns
    return None


def check_columns(columns: Iterable[str]) -> None:
    """Raises Unreadable when a column is missing that every figure needs."""
    missing = [heading(name) for name in REQUIRED if name not in columns]
    if missing:
        message = _("These columns are missing: %(columns)s. Download the template and fill it in.")
        raise Unreadable(message % {"columns": ", ".join(missing)})


def no_headings() -> Unreadable:
    return Unreadable(
        _("No row with headings such as “%(code)s” and “%(value)s” was found. Download the template and fill it in.")
        % {"code": heading("indicator"), "value": heading("value")}
    )


def too_many_rows() -> Unreadable:
    message = _("The file has more than %(count)s rows. Split it into several files.")
    return Unreadable(message % {"count": number(Decimal(MAX_ROWS))})

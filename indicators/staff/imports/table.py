"""The table of figures in a file: its columns, its rows one by one, and what there is to say of the file as a whole."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from ...core.limits import FILE_COLUMNS, FILE_ROWS
from ...sentences.formatting import number
from ...text.vietnamese import tidy
from .columns import ENOUGH_HEADINGS, REQUIRED, columns_of, heading, nearest_heading

# Above the headings there may be a title, an office, a date.
HEADINGS_WITHIN = 30
# As much of a heading as a message repeats.
LONGEST_HEADING = 60


class Unreadable(Exception):
    """A file that cannot be imported; the message says why and what to do."""


class Headings(NamedTuple):
    """The line of the headings, the column at each place that has a known one, and the text at each that has any."""

    line: int
    columns: dict[int, str]
    texts: dict[int, str]

    def at(self, place: int) -> str:
        """A heading with the letter of its column, as spreadsheets count: “Giá trị” (D)."""
        return f"“{self.texts[place][:LONGEST_HEADING]}” ({get_column_letter(place + 1)})"


class FileRow(NamedTuple):
    """A row by its line in the file; `cells` stand in the order of the table's columns."""

    line: int
    cells: tuple[Any, ...]
    hidden: bool = False


class FileTable:
    """What every kind of file gives. `faults` and `remarks` are complete when the last row has been read."""

    # The notation its numbers are likely to have, "vi" or "en".
    likely_notation = "vi"

    def __init__(self, headings: Headings) -> None:
        """Raises Unreadable when two columns say the same."""
        self.headings, self.heading_line = headings, headings.line
        self.places, self.columns = list(headings.columns), list(headings.columns.values())
        self.faults: list[str] = []
        self.remarks = list(_unread(headings))
        if repeated := [place for place, name in headings.columns.items() if self.columns.count(name) > 1]:
            message = _("Several columns say the same: %(columns)s. Keep the one that counts and delete the others.")
            raise Unreadable(message % {"columns": ", ".join(map(headings.at, repeated))})

    def require_columns(self, given: Collection[str]) -> None:
        """Raises Unreadable when a column is missing that every figure needs and that is not given for all of them."""
        if missing := [heading(name) for name in REQUIRED if name not in self.columns and name not in given]:
            message = _("These columns are missing: %(columns)s. Download the template and fill it in.")
            raise Unreadable(message % {"columns": ", ".join(missing)})

    def rows(self) -> Iterator[FileRow]:
        """The rows below the headings. Raises Unreadable where the file breaks off."""
        raise NotImplementedError

    def day(self, serial: float) -> date:
        """The day that a spreadsheet keeps as this number. Raises ValueError; only workbooks have such numbers."""
        raise ValueError(serial)


def find_headings(rows: Iterable[tuple[int, Iterable[Any]]]) -> Headings | None:
    """The headings among the first rows; None when there is no such row."""
    for (line, cells), _left in zip(rows, range(HEADINGS_WITHIN), strict=False):
        cells = list(cells)
        columns = columns_of(cells)
        if len(set(columns.values())) >= ENOUGH_HEADINGS and {"indicator", "value"} & set(columns.values()):
            texts = {place: tidy(str(cell)) for place, cell in enumerate(cells) if cell not in (None, "")}
            return Headings(line, columns, texts)
    return None


def _unread(headings: Headings) -> Iterator[str]:
    """What there is to say of the headings that no column has."""
    unread = []
    for place in headings.texts.keys() - headings.columns.keys():
        meant = nearest_heading(headings.texts[place])
        hint = _(" – is “%(heading)s” meant?") % {"heading": meant} if meant else ""
        unread.append(headings.at(place) + hint)
    if unread:
        yield _("These columns were not read, for nothing is called so: %(columns)s") % {"columns": "; ".join(unread)}


def no_headings() -> Unreadable:
    return Unreadable(
        _("No row with headings such as “%(code)s” and “%(value)s” was found. Download the template and fill it in.")
        % {"code": heading("indicator"), "value": heading("value")}
    )


def too_many_rows() -> Unreadable:
    message = _("The file has more than %(count)s rows. Split it into several files.")
    return Unreadable(message % {"count": number(Decimal(FILE_ROWS))})


def too_many_columns() -> Unreadable:
    message = _("The table has more than %(count)s columns. Copy those with headings into a new file.")
    return Unreadable(message % {"count": number(Decimal(FILE_COLUMNS))})


def too_many_lines() -> Unreadable:
    return Unreadable(_("The sheet has far too many rows, most of them empty. Delete those below the table."))

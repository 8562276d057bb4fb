"""Excel workbooks (.xlsx) → rows. Nothing is unpacked before its size is known.

The public reader of openpyxl shows neither hidden rows, nor merged cells, nor formulas without a result. What is taken from
inside of it for that stands in `CellParser` and `open_parser` alone; `tests/staff/test_imports_openpyxl.py` holds it fast.
"""

import io
import math
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS

from ...core import limits
from .metered_reader import MeteredArchive, MeteredReader
from .number_formats import as_shown
from .table import (
    FileRow,
    FileTable,
    Headings,
    Unreadable,
    find_headings,
    no_headings,
    too_many_columns,
    too_many_lines,
)

# Tables shrink to a tenth or so; what shrinks to less than a hundredth was made to burst.
MAX_RATIO = 100
SMALL = 1024 * 1024
SHOWN_PLACES = 5
WIDEST = 60
# The namespace stands in the first element.
STRICT_WITHIN = 4096
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")

# A sheet of a workbook opened to be read only; openpyxl keeps its class to itself.
Sheet = Any


class _NotComputed:
    def __str__(self) -> str:
        return _("(formula)")


# A formula whose result the file does not hold.
NOT_COMPUTED = _NotComputed()


class CellParser(WorkSheetParser):
    """Openpyxl's reader of a sheet; it tells an empty cell from a formula without result, and what is seen from what is kept.

    `format_of` gives the number format by the style of a cell.
    """

    format_of: Callable[[int], str]

    def parse_row(self, row: Any) -> tuple[int, list[dict[str, Any]]]:
        """Raises Unreadable where the row is longer than any table is wide."""
        if len(row) > limits.FILE_COLUMNS:
            raise too_many_columns()
        return super().parse_row(row)

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell = super().parse_cell(element)
        value = cell["value"]
        if value is None and element.find(f"{{{SHEET_MAIN_NS}}}f") is not None:
            cell["value"] = NOT_COMPUTED
        elif isinstance(value, str) and "_x" in value:
            cell["value"] = unescaped(value)
        elif cell["style_id"] and cell["data_type"] == "n" and isinstance(value, int | float):
            cell["value"] = as_shown(value, self.format_of(cell["style_id"]))
        return cell


@contextmanager
def open_parser(book: Workbook, sheet: Sheet) -> Iterator[CellParser]:
    """The parser of a sheet, made as openpyxl makes its own."""
    with sheet._get_source() as source:
        parser = CellParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        parser.format_of = partial(number_format, book)
        yield parser


def number_format(book: Workbook, style: int) -> str:
    """The code of a number format by the style of a cell, as openpyxl looks it up."""
    key: int = book._cell_styles[style].numFmtId
    own = key - BUILTIN_FORMATS_MAX_SIZE
    return book._number_formats[own] if own >= 0 else BUILTIN_FORMATS.get(key, "General")


def unescaped(text: str) -> str:
    """`text` with the letters that a workbook keeps as `_xHHHH_`, such as `_x000D_` for a line end."""
    letters = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    # Letters outside of the first plane are kept as two.
    return letters.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class WorkbookTable(FileTable):
    """The one sheet of a workbook that has the headings of a table of figures."""

    def __init__(self, content: bytes) -> None:
        """Raises Unreadable when it is no workbook, or not exactly one sheet has the headings."""
        check_size(content)
        try:
            reader = MeteredReader(content)
            refuse_strict(reader.archive)
            reader.read()
            self.book = reader.wb
            with reader.archive.at_most(limits.SEARCH_ELEMENTS):
                headings = {sheet: columns for sheet in self.book.worksheets if (columns := self._headings(sheet))}
            reader.archive.ends_at = math.inf  # whoever asks for the rows does more with them than read
        except Unreadable:
            raise
        except Exception as error:  # openpyxl has no error of its own for a file that is not what it should be
            raise damaged() from error
        if not headings:
            raise no_headings()
        if len(headings) > 1:
            message = _("Several sheets have figures: %(sheets)s. Import them one by one: keep one sheet in each file.")
            raise Unreadable(message % {"sheets": listed([_sheet_name(sheet) for sheet in headings])})
        ((self.sheet, columns),) = headings.items()
        super().__init__(columns)
        self._note_hidden_sheets()

    def rows(self) -> Iterator[FileRow]:
        """The rows below the headings that are not empty. Raises Unreadable where the sheet is damaged or endless."""
        hidden_lines: list[str] = []
        try:
            with open_parser(self.book, self.sheet) as parser:
                for line, cells, is_hidden in lines(parser):
                    values = tuple(cells.get(place + 1) for place in self.places)
                    if line > self.heading_line and any(value not in (None, "") for value in values):
                        hidden_lines += [str(line)] if is_hidden else []
                        yield FileRow(line, values, is_hidden)
                self._note_merged(parser)
                self._note_hidden_columns(parser)
        except (Unreadable, GeneratorExit):
            raise
        except Exception as error:  # as above
            raise damaged() from error
        if hidden_lines:
            message = _("Hidden rows are read too: %(lines)s. Look at them below.")
            self.remarks.append(message % {"lines": listed(hidden_lines)})

    def day(self, serial: float) -> date:
        """The day that Excel keeps as a number, counted as this workbook counts. Raises ValueError."""
        # A day before 1900 or after 2447 is a number that slipped into the column.
        if not 1 <= serial < 200_000:
            raise ValueError(serial)
        moment = from_excel(serial, self.book.epoch)
        return moment.date() if hasattr(moment, "date") else moment

    def _headings(self, sheet: Sheet) -> Headings | None:
        with open_parser(self.book, sheet) as parser:
            wide = range(1, WIDEST + 1)
            return find_headings((line, [cells.get(place) for place in wide]) for line, cells, _ in lines(parser))

    def _note_hidden_sheets(self) -> None:
        hidden = [sheet for sheet in self.book.worksheets if sheet.sheet_state != "visible"]
        if self.sheet in hidden:
            self.remarks.append(
                _("The table stands on a hidden sheet: %(sheet)s.") % {"sheet": _sheet_name(self.sheet)}
            )
        if others := [_sheet_name(sheet) for sheet in hidden if sheet is not self.sheet]:
            self.remarks.append(_("Hidden sheets were not read: %(sheets)s.") % {"sheets": listed(others)})

    def _note_hidden_columns(self, parser: CellParser) -> None:
        ranges = [c for c in parser.column_dimensions.values() if c.get("hidden") in ("1", "true")]
        spans = [range(int(columns["min"]) - 1, int(columns["max"])) for columns in ranges]
        hidden = [self.headings.at(place) for place in self.places if any(place in span for span in spans)]
        if hidden:
            message = _("Hidden columns are read too: %(columns)s. Look at them below.")
            self.remarks.append(message % {"columns": ", ".join(hidden)})

    def _note_merged(self, parser: CellParser) -> None:
        """One value over several cells belongs to nobody knows which figure. A merged title above the headings is fine."""
        ranges = [merged.ref for merged in parser.merged_cells.mergeCell] if parser.merged_cells else []
        in_table = [ref for ref in ranges if range_boundaries(ref)[3] >= self.heading_line]
        if in_table:
            message = _("Merged cells: %(places)s. Unmerge them and fill in every cell.")
            self.faults.append(message % {"places": listed(in_table)})


def lines(parser: CellParser) -> Iterator[tuple[int, dict[int, Any], bool]]:
    """Line, values by column number, and whether it is hidden, of each row that the sheet keeps. Raises Unreadable."""
    for count, (line, cells) in enumerate(parser.parse()):
        if count > limits.FILE_LINES:
            raise too_many_lines()
        # Taken out: the parser would keep the format of every row until the end.
        row_format = parser.row_dimensions.pop(str(line), {})
        yield line, {cell["column"]: cell["value"] for cell in cells}, row_format.get("hidden") in ("1", "true")


def refuse_strict(archive: MeteredArchive) -> None:
    """Raises Unreadable for the strict kind of workbook, whose elements have other names."""
    with archive.open("xl/workbook.xml") as part:
        if b"http://purl.oclc.org/ooxml/" in part.read(STRICT_WITHIN):
            text = _(
                "This is a “Strict Open XML” workbook. Save it in Excel as “Excel Workbook (.xlsx)” and choose that."
            )
            raise Unreadable(text)


def _sheet_name(sheet: Sheet) -> str:
    name = f"“{sheet.title}”"
    return name if sheet.sheet_state == "visible" else _("%(sheet)s (hidden)") % {"sheet": name}


def check_size(content: bytes) -> None:
    """Raises Unreadable when the workbook is none, or would unpack to more than a table of figures has."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    # NotImplementedError: a part says that it needs a version of zip that does not exist.
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise damaged() from error
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise Unreadable(_("This kind of workbook (.xlsb, .ods) cannot be read. Save it as Excel workbook (.xlsx)."))
    if "xl/workbook.xml" not in names:
        raise Unreadable(
            _("This is a packed file, but not a workbook. Choose an Excel workbook (.xlsx) or a CSV file.")
        )
    bursting = any(part.file_size > SMALL and part.file_size > MAX_RATIO * part.compress_size for part in parts)
    if bursting or sum(part.file_size for part in parts) > limits.UNPACKED_BYTES:
        raise Unreadable(
            _(
                "Unpacked, this workbook is far too large for a table of figures. Copy the table alone into a new workbook."
            )
        )


def damaged() -> Unreadable:
    return Unreadable(_("This workbook is damaged. Open it in Excel, save it again as .xlsx, and choose that file."))


def listed(places: list[str]) -> str:
    """The first few places, and how many more there are."""
    more = len(places) - SHOWN_PLACES
    shown = ", ".join(places[:SHOWN_PLACES])
    return shown if more <= 0 else _("%(shown)s and %(more)d more") % {"shown": shown, "more": more}

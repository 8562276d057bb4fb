"""Excel workbooks (.xlsx) → rows. Nothing is unpacked before its size is known."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS

from .table import Row, Unreadable, check_columns, find_headings, no_headings

MAX_UNPACKED = 100 * 1024 * 1024
# Tables shrink to a tenth or so; what shrinks to less than a hundredth was made to burst.
MAX_RATIO = 100
SMALL = 1024 * 1024
SHOWN_PLACES = 5
# Excel keeps rows without anything in them where whole columns were coloured.
MAX_LINES = 200_000
WIDEST = 60


class _NotComputed:
    def __str__(self) -> str:
        return _("(formula)")


# A formula whose result the file does not hold.
NOT_COMPUTED = _NotComputed()


class CellParser(WorkSheetParser):
    """Openpyxl's reader of a sheet; it tells an empty cell from a formula without result."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell = super().parse_cell(element)
        if cell["value"] is None and element.find(f"{{{SHEET_MAIN_NS}}}f") is not None:
            cell["value"] = NOT_COMPUTED
        return cell


class WorkbookTable:
    """The one sheet of a workbook that has the headings of a table of figures."""

    likely = "vi"

    def __init__(self, content: bytes) -> None:
        check_size(content)
        try:
            self.book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            found = {sheet: headings for sheet in self.book.worksheets if (headings := self._headings(sheet))}
        except Exception as error:  # openpyxl has no error of its own for a file that is not what it should be
            raise damaged() from error
        self.sheet = self._only(list(found))
        self.first_line, self.places = found[self.sheet]
        self.columns = list(self.places.values())
        check_columns(self.columns)
        self.faults: list[str] = []
        self.remarks: list[str] = []

    def rows(self) -> Iterator[Row]:
        hidden: list[str] = []
        try:
            with self._parser(self.sheet) as parser:
                for line, cells, is_hidden in lines(parser):
                    values = tuple(cells.get(place + 1) for place in self.places)
                    if line > self.first_line and any(value not in (None, "") for value in values):
                        hidden += [str(line)] if is_hidden else []
                        yield Row(line, values, is_hidden)
                self._note_merged(parser)
        except (Unreadable, GeneratorExit):
            raise
        except Exception as error:  # as above
            raise damaged() from error
        if hidden:
            message = _("Hidden rows are read too: %(lines)s. Look at them below.")
            self.remarks.append(message % {"lines": listed(hidden)})

    def day(self, serial: float) -> date:
        """The day that Excel keeps as a number, counted as this workbook counts. Raises ValueError."""
        if not 1 <= serial < 200_000:
            raise ValueError(serial)
        moment = from_excel(serial, self.book.epoch)
        return moment.date() if hasattr(moment, "date") else moment

    def _headings(self, sheet: ReadOnlyWorksheet) -> tuple[int, dict[int, str]] | None:
        with self._parser(sheet) as parser:
            wide = range(1, WIDEST + 1)
            return find_headings((line, [cells.get(place) for place in wide]) for line, cells, _ in lines(parser))

    def _only(self, sheets: list[ReadOnlyWorksheet]) -> ReadOnlyWorksheet:
        if len(sheets) > 1:
            message = _("Several sheets have figures: %(sheets)s. Import them one by one: keep one sheet in each file.")
            raise Unreadable(message % {"sheets": listed([f"“{sheet.title}”" for sheet in sheets])})
        if not sheets:
            raise no_headings()
        return sheets[0]

    @contextmanager
    def _parser(self, sheet: ReadOnlyWorksheet) -> Iterator[CellParser]:
        with sheet._get_source() as source:
            yield CellParser(
                source,
                sheet._shared_strings,
                data_only=True,
                epoch=self.book.epoch,
                date_formats=self.book._date_formats,
                timedelta_formats=self.book._timedelta_formats,
            )

    def _note_merged(self, parser: CellParser) -> None:
        """One value over several cells belongs to nobody knows which figure. A merged title above the headings is fine."""
        ranges = [one.ref for one in parser.merged_cells.mergeCell] if parser.merged_cells else []
        merged = [ref for ref in ranges if range_boundaries(ref)[3] >= self.first_line]
        if merged:
            message = _("Merged cells: %(places)s. Unmerge them and fill in every cell.")
            self.faults.append(message % {"places": listed(merged)})


def lines(parser: CellParser) -> Iterator[tuple[int, dict[int, Any], bool]]:
    """Line, values by column number, and whether it is hidden, of each row that the sheet keeps."""
    for count, (line, cells) in enumerate(parser.parse()):
        if count > MAX_LINES:
            raise Unreadable(_("The sheet has far too many rows, most of them empty. Delete those below the table."))
        height = parser.row_dimensions.pop(str(line), {})
        yield line, {cell["column"]: cell["value"] for cell in cells}, height.get("hidden") in ("1", "true")


def check_size(content: bytes) -> None:
    """Raises Unreadable when the workbook is none, or would unpack to more than a table of figures has."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as error:
        raise damaged() from error
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise Unreadable(_("This kind of workbook (.xlsb, .ods) cannot be read. Save it as Excel workbook (.xlsx)."))
    if "xl/workbook.xml" not in names:
        raise Unreadable(
            _("This is a packed file, but not a workbook. Choose an Excel workbook (.xlsx) or a CSV file.")
        )
    bursting = any(one.file_size > SMALL and one.file_size > MAX_RATIO * one.compress_size for one in parts)
    if bursting or sum(part.file_size for part in parts) > MAX_UNPACKED:
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

"""Official tables → an Excel workbook ready to be printed, with a flat sheet for pivot tables."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from textwrap import wrap
from typing import IO, Any

import xlsxwriter
from django.conf import settings
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ...core.language import active_language
from ...text.csv_writer import guarded
from ..official_tables import Align, NumberCell, OfficialTable, RowKind, TableCell, signatures
from .flat_sheet import A4, FlatRow, number_format, write_flat_sheet

FONT = "Times New Roman"  # prescribed for official papers; every office program has it, or one as wide
# Columns are as many digits wide as told, in the size named here.
OPTIONS = {"constant_memory": True, "default_format_properties": {"font_name": FONT, "font_size": 11}}
PLAIN = {"font_size": 12, "valign": "vcenter"}
FRAMED = PLAIN | {"border": 1, "text_wrap": True}
LINE = 16  # points of a line of text of this size


def write_workbook(file: IO[bytes], tables: Sequence[OfficialTable], flat: Iterable[FlatRow]) -> None:
    """Write one sheet for each of `tables`, then the flat one, into `file`; memory stays flat."""
    book = xlsxwriter.Workbook(file, OPTIONS)
    created = datetime.combine(tables[0].as_of, time.min)
    book.set_properties({"title": tables[0].title, "comments": tables[0].known_on, "created": created})
    for table in tables:
        _Sheet(book, table).write()
    write_flat_sheet(book, flat)
    book.close()


class _Sheet:
    """One official table on its sheet; rows are written from top to bottom, as the file keeps them."""

    def __init__(self, book: xlsxwriter.Workbook, table: OfficialTable) -> None:
        self.book, self.table, self.row = book, table, 0
        self.sheet: Worksheet = book.add_worksheet(table.name)
        self.formats: dict[tuple, Format] = {}
        self.last = len(table.columns) - 1

    def write(self) -> None:
        self._page()
        self._head()
        if self.table.empty:
            self._across(self.table.empty, italic=True, align="center")
        for kind, cells in self.table.body:
            self._height([str(cell or "") for _column, cell in cells])
            for place, (column, cell) in enumerate(cells):
                self._cell(place, cell, kind, column.align)
            self.row += 1
        self._notes()
        if not self.table.empty:
            self._signatures()
        self.sheet.print_area(0, 0, self.row, self.last)

    def _page(self) -> None:
        """A4 on its side, as wide as the page, numbered at the foot."""
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.6)
        known_on = self.table.known_on.replace("&", "&&")  # a single one begins a code of the footer
        sheet.set_footer(f'&L&"{FONT}"&9{known_on}&R&"{FONT}"&9&P/&N')
        for place, column in enumerate(self.table.columns):
            sheet.set_column(place, place, column.width)

    def _head(self) -> None:
        """Title, day and filter; then the heading and the numbers of the columns, repeated on every page."""
        if settings.SAMPLE_DATA:
            self._across(_("Sample data: every number here is invented."), italic=True, align="center")
        self._across(self.table.title.upper(), bold=True, font_size=13, align="center")
        self._across(f"({self.table.known_on})", italic=True, align="center")
        if self.table.narrowed_to:
            self._across(self.table.narrowed_to, italic=True, align="center")
        self.row += 1
        headings = [column.heading for column in self.table.columns]
        self._height(headings)
        self._line(headings, bold=True, align="center", bg_color="#E7EEF0")
        self._line(
            [f"({place})" for place, _heading in enumerate(headings, 1)], italic=True, align="center", font_size=10
        )
        self.sheet.repeat_rows(self.row - 2, self.row - 1)
        self.sheet.freeze_panes(self.row, 2)

    def _line(self, texts: Iterable[str], **look: Any) -> None:
        for place, text in enumerate(texts):
            self.sheet.write_string(self.row, place, text, self._format(**look))
        self.row += 1

    def _height(self, texts: Sequence[str]) -> None:
        """As high as the longest cell of the row needs: not every program fits rows to their words."""
        widths = [column.width for column in self.table.columns]
        lines = max(_lines(text, width) for text, width in zip(texts, widths, strict=True))
        self.sheet.set_row(self.row, LINE * lines + 3)

    def _cell(self, place: int, cell: TableCell, kind: RowKind, align: Align) -> None:
        look: dict[str, Any] = {"bold": kind == RowKind.GROUP, "italic": kind == RowKind.WHICH, "align": str(align)}
        if isinstance(cell, NumberCell):
            look["num_format"] = number_format(cell, active_language())
            self.sheet.write_number(self.row, place, cell.value, self._format(**look))
        elif isinstance(cell, int):
            self.sheet.write_number(self.row, place, cell, self._format(**look))
        elif cell:
            indent: dict[str, Any] = {"indent": 1} if kind == RowKind.PART and place == 1 else {}
            own = place == 0  # our numbering, the sign of a part among it
            self.sheet.write_string(self.row, place, cell if own else guarded(cell), self._format(**look, **indent))
        else:
            self.sheet.write_blank(self.row, place, None, self._format(**look))

    def _notes(self) -> None:
        self.row += 1
        if self.table.notes:
            self._across(_("Notes:"), bold=True, italic=True)
        for note in self.table.notes:
            self._across(guarded(note), font_size=11)

    def _signatures(self) -> None:
        place, blocks = signatures(self.table.as_of)
        third = max(len(self.table.columns) // 3, 1)
        starts = (0, third, self.last + 1 - third)
        ends = (third - 1, self.last - third, self.last)
        self.row += 1
        self._merge(starts[2], ends[2], place, italic=True, align="center")
        self.row += 1
        for line in range(3):
            for start, end, (heading, lines) in zip(starts, ends, blocks, strict=True):
                text = (heading, *lines)[line] if line <= len(lines) else ""
                look = {"align": "left" if start == 0 else "center", "bold": line == 0, "italic": line > 0}
                self._merge(start, end, text, **look)
            self.row += 1

    def _across(self, text: str, **look: Any) -> None:
        """A line over the whole width, as high as its words need."""
        self.sheet.set_row(self.row, LINE * _lines(text, sum(column.width for column in self.table.columns)) + 1)
        self._merge(0, self.last, text, **look)
        self.row += 1

    def _merge(self, first: int, last: int, text: str, **look: Any) -> None:
        plain = self._format(framed=False, **look)
        if first < last:
            self.sheet.merge_range(self.row, first, self.row, last, "", plain)
        self.sheet.write_string(self.row, first, text, plain)

    def _format(self, framed: bool = True, **look: Any) -> Format:
        """The format with these properties, made once."""
        key = (framed, *sorted(look.items()))
        if key not in self.formats:
            base = FRAMED if framed else PLAIN | {"text_wrap": True}
            self.formats[key] = self.book.add_format(base | look)
        return self.formats[key]


def _lines(text: str, width: int) -> int:
    """How many lines `text` takes in a column `width` characters wide; a little more where letters are wide."""
    return sum(max(len(wrap(part, max(int(width * 0.92), 1))), 1) for part in text.split("\n"))

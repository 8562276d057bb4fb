"""The rows of a file that have to be mended → a file like the one that was sent, with what is wrong in front of each row."""

import io
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import PurePath
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from ...models import Upload
from ...text.csv_writer import EXCEL_VN, pieces, written
from .columns import REASON, heading
from .csv_reader import TextTable
from .file_format import open_table
from .number_formats import ShownNumber
from .review_lines import lines_of
from .table import FileTable
from .template import AS_TEXT
from .xlsx_reader import NOT_COMPUTED


def rows_to_mend(upload: Upload) -> tuple[str, bytes]:
    """Name and content of a file with the columns of the upload and the reasons; it can be imported when it is mended.

    Workbooks come back as workbooks, text as text with the same separator. The upload must have been gone through.
    """
    table = open_table(bytes(upload.content), upload.shared or ())
    # All columns, those too that were not read; the reasons of an earlier round give way to those of this one.
    table.places = [place for place in table.headings.texts if table.headings.columns.get(place) != REASON.name]
    rows = [[heading(REASON.name), *(table.headings.texts[place] for place in table.places)], *_rows(table, upload)]
    name = "-".join((PurePath(upload.name).stem, _("to-mend")))
    if isinstance(table, TextTable):
        return f"{name}.csv", _as_text(rows, table.delimiter)
    return f"{name}.xlsx", _as_workbook(rows)


def _rows(table: FileTable, upload: Upload) -> Iterator[list[Any]]:
    reasons = {
        line.line: "; ".join(f"{column}: {expected}" for column, _cell, expected in line.problems)
        for line in lines_of(upload, "wrong", 0, None)
    }
    for row in table.rows():
        if reason := reasons.get(row.line):
            yield [reason, *row.cells]


def _as_text(rows: Iterable[list[str]], delimiter: str) -> bytes:
    lines = pieces(written(rows, EXCEL_VN.cell), delimiter=delimiter, lineterminator="\r\n")
    return (EXCEL_VN.mark + "".join(lines)).encode()


def _as_workbook(rows: Iterable[list[Any]]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, AS_TEXT)
    sheet = book.add_worksheet()
    sheet.set_column(0, 0, 60, book.add_format({"text_wrap": True}))
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            _write_cell(book, sheet, line, place, cell)
    book.close()
    return file.getvalue()


def _write_cell(book: xlsxwriter.Workbook, sheet: Worksheet, line: int, place: int, cell: Any) -> None:
    """Write a cell as the sheet had it; a formula without a result stays empty."""
    if cell is None or cell is NOT_COMPUTED:
        return
    if isinstance(cell, ShownNumber):
        sheet.write_number(line, place, float(cell), book.add_format({"num_format": cell.code}))
    elif isinstance(cell, bool):
        sheet.write_boolean(line, place, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(line, place, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(line, place, cell, book.add_format({"num_format": "dd/mm/yyyy"}))
    else:
        sheet.write_string(line, place, str(cell))

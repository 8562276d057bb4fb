"""What the reader of workbooks takes from inside openpyxl: a new release that moves it fails here, and says what to do."""

import io

import pytest
from openpyxl import __version__, load_workbook
from openpyxl.worksheet import _reader

from indicators.staff.imports.xlsx_reader import open_parser
from tests.importing import WORKBOOKS

WHAT_TO_DO = (
    f"openpyxl {__version__} has moved `%s`, which no public name of it gives: mend `open_parser` and `CellParser` in"
    " indicators/staff/imports/xlsx_reader.py, or pin the release before in requirements.txt."
)


@pytest.fixture
def book():
    return load_workbook(io.BytesIO((WORKBOOKS / "openpyxl.xlsx").read_bytes()), read_only=True, data_only=True)


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        (lambda book: _reader.WorkSheetParser, ["parse", "parse_cell"]),
        (lambda book: book.worksheets[0], ["_get_source", "_shared_strings"]),
        (lambda book: book, ["epoch", "_date_formats", "_timedelta_formats", "_cell_styles", "_number_formats"]),
    ],
)
def test_openpyxl_has_inside_what_the_reader_takes_from_it(book, owner, names):
    for name in names:
        assert hasattr(owner(book), name), WHAT_TO_DO % name


def test_its_parser_gives_rows_with_places_hidden_rows_and_merged_cells(book):
    with open_parser(book, book.worksheets[0]) as parser:
        rows = dict(parser.parse())
        assert {"column", "value", "style_id", "data_type"} <= rows[1][0].keys(), WHAT_TO_DO % "parse_cell"
        assert any("hidden" in row for row in parser.row_dimensions.values()), WHAT_TO_DO % "row_dimensions"
        assert [merged.ref for merged in parser.merged_cells.mergeCell], WHAT_TO_DO % "merged_cells"

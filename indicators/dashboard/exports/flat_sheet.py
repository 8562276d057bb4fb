"""Every published version as one row, for pivot tables: each column one kind of value, nothing merged."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from ...core.language import active_language
from ...models import Qualifier
from ...public.records import CHUNK, public_records
from ...public.schema import table_named
from ...queries.responsible_agency import responsibility
from ...sentences.formatting import figure_status
from ...text.csv_writer import guarded
from ..official_tables import NumberCell, OfficialTable

FlatRow = tuple[str | int | NumberCell | date | None, ...]

A4 = 9
LAST_ROW = 1_048_575  # of a sheet, counted from 0
# Excel writes numbers as the regional settings of the machine say; LibreOffice as the language of the format does.
_LANGUAGE_TAG = {"vi": "[$-42A]", "en": "[$-409]"}


def _columns() -> tuple[tuple[str, int], ...]:
    """The heading of each column and its width in characters."""
    return (
        (_("Code"), 28),
        (_("Indicator"), 40),
        (_("Sector"), 20),
        (_("Agency"), 26),
        (_("Unit"), 16),
        (_("Year"), 7),
        (_("Through month"), 7),
        (_("Value"), 14),
        (_("Qualifier"), 14),
        (_("Status"), 14),
        (_("Published on"), 13),
        (_("In force"), 9),
        (_("Source"), 60),
    )


def flat_rows(table: OfficialTable, first_year: int, last_year: int) -> Iterator[FlatRow]:
    """Every published version of those years, of the indicators of `table` where that shows a part only.

    Of several versions of one period one is in force: a pivot table is filtered by that column.
    In the order of the data package; memory stays flat.
    """
    figures, end = table_named("figures"), "_en" if active_language() == "en" else "_vi"
    records: Any = public_records(figures, table.as_of).filter(year__gte=first_year, year__lte=last_year)
    if table.narrowed_to:
        records = records.filter(indicator__in=table.indicators)
    statuses = {code: figure_status(code) for code in ("estimate", "reported", "preliminary", "final")}
    qualifiers = {qualifier.value: str(qualifier.label) for qualifier in Qualifier}
    names = [f"indicator__{name}" for name in ("name", "sector__name", "unit")]
    agencies = {pk: agency.name for pk, agency in responsibility(table.as_of).agencies.items()}
    # An English name that is missing is the Vietnamese one, as on the pages.
    both = [f"{name}{language}" for name in names for language in (end, "_vi")]
    lookups = ["year", "through_month", "value", "indicator__decimals", "qualifier", "status", "published_on"]
    yes, no = _("yes"), _("no")
    rows = (
        records.placed()
        .order_by(*figures.ordering())
        .values_list("indicator", "indicator__code", *both, *lookups, "place", "source__title_vi")
    )
    for pk, code, *cells in rows.iterator(chunk_size=CHUNK):
        name, sector, unit = (cells[place] or cells[place + 1] for place in range(0, len(both), 2))
        year, month, value, decimals, qualifier, status, published_on, place, source = cells[len(both) :]
        counts = yes if place == 1 and value is not None else no
        number = None if value is None else NumberCell(value, decimals)
        named = (code, name, sector, agencies.get(pk), unit)
        yield *named, year, month, number, qualifiers[qualifier], statuses[status], published_on, counts, source


def write_flat_sheet(book: xlsxwriter.Workbook, rows: Iterable[FlatRow]) -> None:
    """Add the sheet. What does not fit on a sheet is left out, and its last line says so."""
    sheet = book.add_worksheet(_("Data"))
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    heading = book.add_format({"bold": True, "bottom": 1})
    columns = _columns()
    for place, (text, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, text, heading)
    write, row = _Writer(book, sheet), 0
    for row, cells in enumerate(rows, 1):
        if row == LAST_ROW:
            sheet.write_string(row, 0, _("There are more rows than fit on a sheet; figures.csv has all of them."))
            break
        for place, cell in enumerate(cells):
            write(row, place, cell)
    sheet.autofilter(0, 0, max(row, 1), len(columns) - 1)
    sheet.freeze_panes(1, 2)


class _Writer:
    """Writes one cell of the flat sheet, each kind of value in its format."""

    def __init__(self, book: xlsxwriter.Workbook, sheet: Any) -> None:
        self.sheet = sheet
        self.day = book.add_format({"num_format": "dd/mm/yyyy"})
        shapes = {decimals: number_format(NumberCell(Decimal(), decimals), active_language()) for decimals in range(5)}
        self.numbers = {decimals: book.add_format({"num_format": shape}) for decimals, shape in shapes.items()}

    def __call__(self, row: int, place: int, cell: Any) -> None:
        if isinstance(cell, str):
            self.sheet.write_string(row, place, guarded(cell))
        elif isinstance(cell, NumberCell):
            self.sheet.write_number(row, place, cell.value, self.numbers[cell.decimals])
        elif isinstance(cell, date):
            self.sheet.write_datetime(row, place, datetime.combine(cell, time.min), self.day)
        elif cell is not None:
            self.sheet.write_number(row, place, cell)


def number_format(number: NumberCell, language: str) -> str:
    """The number format that shows `number` as its text does: digits, qualifying words, a plus where it is signed."""
    digits = "#,##0" + ("." + "0" * number.decimals if number.decimals else "")
    before, after = (f'"{words.replace(chr(34), "")}"' if words else "" for words in (number.before, number.after))
    shape = f"{_LANGUAGE_TAG[language]}{before}{{}}{digits}{after}"
    if not number.signed:
        return shape.format("")
    return ";".join(shape.format(sign) for sign in ("+", "-", ""))

"""The template: a table with the person's indicators and a period filled in, to be completed in Excel."""

from collections.abc import Iterator
from typing import IO

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from ...models import FigureStatus, Qualifier, Source
from ...text.csv_writer import EXCEL_VN, csv_pieces
from ...text.periods import Period
from ...workflow.permissions import Person, enterable
from ..forms import months, months_label
from .columns import COLUMNS, heading

# Rows below the prepared ones have the same drop-down lists: for a second source, for another version.
ROOM = 500
# What looks like a formula or an address in a name stays a text.
AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def template_csv(user: Person, period: Period) -> Iterator[str]:
    """The lines of the template for Excel in Vietnam."""
    rows = ([row.get(column.name, "") for column in COLUMNS] for row in prepared(user, period))
    return csv_pieces([column.heading for column in COLUMNS], rows, EXCEL_VN)


def template_xlsx(file: IO[bytes], user: Person, period: Period) -> None:
    """Write the template with drop-down lists, a sheet of sources and one of instructions into `file`."""
    book = xlsxwriter.Workbook(file, AS_TEXT)
    rows = list(prepared(user, period))
    _write_table(book, book.add_worksheet(_("Figures to enter")), rows)
    _write_instructions(book, book.add_worksheet(_("How to")))
    lists = _write_lists(book, book.add_worksheet(_("Lists")))
    table = book.worksheets()[0]
    for place, column in enumerate(COLUMNS):
        if column.name in lists:
            rule = {"validate": "list", "source": lists[column.name], "error_title": column.heading[:32]}
            rule["error_message"] = _("Choose from the list.")
            table.data_validation(1, place, len(rows) + ROOM, place, rule)
    book.close()


def prepared(user: Person, period: Period) -> Iterator[dict[str, str | int]]:
    """A row for each indicator with figures of its own, in the order of the official table."""
    order = ("sector__order", "sector__code", "order", "code")
    for indicator in enterable(user).filter(judged_by_parts=False).order_by(*order):
        yield {
            "indicator": indicator.code,
            "name": indicator.name,
            "unit": indicator.unit,
            "year": period.year,
            "through_month": str(months_label(period.through_month)),
        }


def _write_table(book: xlsxwriter.Workbook, sheet: Worksheet, rows: list[dict[str, str | int]]) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#DDEBE9", "border": 1, "text_wrap": True, "valign": "top"})
    formats = {
        "indicator": book.add_format({"num_format": "@"}),
        "source": book.add_format({"num_format": "@"}),
        "value": book.add_format({"num_format": "#,##0.####"}),
        "published_on": book.add_format({"num_format": "dd/mm/yyyy"}),
    }
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, column.width, formats.get(column.name))
        sheet.write_string(0, place, column.heading, bold)
        for line, row in enumerate(rows, 1):
            if column.name in row:
                sheet.write(line, place, row[column.name], formats.get(column.name))
    sheet.freeze_panes(1, 2)


def _write_lists(book: xlsxwriter.Workbook, sheet: Worksheet) -> dict[str, str]:
    """Write the words to choose from; the range of each list by its column."""
    sources = list(Source.objects.order_by("-issued_on", "code"))
    choices = {
        "through_month": [str(label) for _month, label in months()],
        "qualifier": [str(label) for label in Qualifier.labels],
        "status": [str(label) for label in FigureStatus.labels],
        "series_break": [_("Yes"), _("No")],
        "source": [source.code for source in sources],
    }
    bold, ranges = book.add_format({"bold": True}), {}
    for place, (name, texts) in enumerate(choices.items()):
        sheet.write_string(0, place, heading(name), bold)
        sheet.write_column(1, place, texts)
        letter = chr(ord("A") + place)
        if texts:
            ranges[name] = f"='{sheet.name}'!${letter}$2:${letter}${len(texts) + 1}"
    sheet.write_column(1, len(choices), [str(source) for source in sources])
    sheet.set_column(0, len(choices) - 1, 24)
    sheet.set_column(len(choices), len(choices), 90)
    return ranges


def _write_instructions(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 90, book.add_format({"text_wrap": True}))
    bold = book.add_format({"bold": True, "valign": "top"})
    for line, (title, text) in enumerate(instructions()):
        sheet.write_string(line, 0, title, bold)
        sheet.write_string(line, 1, text)


def instructions() -> list[tuple[str, str]]:
    """What to know of each column, and of the file as a whole."""
    return [
        (_("How to fill in"), _("Keep the headings. One row is one published figure. Rows without a value are left out.")),
        (heading("indicator"), _("Prepared for you; do not change it. Copy a row for a second source or version.")),
        (heading("unit"), _("What the number is kept in. Convert it if the report has another unit.")),
        (heading("year"), _("For example 2020.")),
        (heading("through_month"), _("“9 months” is January to September; for a level, the position at the end of September.")),
        (heading("value"), _("As the source prints it, for example 11,728.3. At most four decimals. Missing is not zero.")),
        (heading("qualifier"), _("Empty for an exact number. For a printed “-” or “…” choose the answer, without a value.")),
        (heading("status"), _("As the source calls it; “reported” when it says nothing. The next one is a new row.")),
        (heading("published_on"), _("Day first, for example 27/09/2020.")),
        (heading("source"), _("The code of the document, from the sheet of lists. Add a new document to the tracker first.")),
        (heading("series_break"), _("“Yes” when the way of counting or the area changed; otherwise empty.")),
        (heading("quote_vi"), _("The words of the source, copied exactly, with the number in them.")),
        (_("Then"), _("Save as .xlsx, choose it under “Import from a file”, look at the preview, confirm.")),
    ]  # fmt: skip

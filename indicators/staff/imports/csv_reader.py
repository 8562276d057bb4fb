"""CSV, tab-separated and Excel's “Unicode text” → rows."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from ...core.limits import FILE_COLUMNS, FILE_LINES
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

DELIMITERS = (";", ",", "\t")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# An apostrophe before one of these was put there by an export, so that no spreadsheet takes the text for a formula.
_GUARDED = tuple(f"'{sign}" for sign in "=+-@\t\r")
_TEXT_FORMULA = re.compile(r'="(?P<text>(?:[^"]|"")*)"', re.DOTALL)


class TextTable(FileTable):
    """A table of separated values; the separator is the one that shows most headings."""

    def __init__(self, content: bytes) -> None:
        """Raises Unreadable for another encoding, and where no separator shows the headings."""
        # A file that was opened and saved by turns may have the mark of UTF-8 several times.
        while content.startswith(codecs.BOM_UTF8):
            content = content.removeprefix(codecs.BOM_UTF8)
        self.content, self.encoding = content, encoding_of(content)
        headings = {mark: columns for mark in DELIMITERS if (columns := self._headings(mark))}
        if not headings:
            raise no_headings()
        self.delimiter = max(headings, key=lambda mark: len(headings[mark].columns))
        # Where the comma is the decimal mark, spreadsheets separate by the semicolon.
        self.likely_notation = "en" if self.delimiter == "," else "vi"
        super().__init__(headings[self.delimiter])

    def rows(self) -> Iterator[FileRow]:
        """The rows below the headings, up to where the file is not well-formed: that becomes a fault."""
        line = self.heading_line
        try:
            for line, cells in self._lines(self.delimiter):
                if line > self.heading_line:
                    yield FileRow(line, tuple(unguarded(cells[at]) if at < len(cells) else "" for at in self.places))
        except csv.Error as error:
            message = _("From line %(line)s on the file is not well-formed (%(error)s): is a quotation mark left open?")
            self.faults.append(message % {"line": line + 1, "error": error})

    def _headings(self, delimiter: str) -> Headings | None:
        try:
            return find_headings(self._lines(delimiter))
        except csv.Error:
            return None

    def _lines(self, delimiter: str) -> Iterator[tuple[int, list[str]]]:
        """Each row that is not blank with its first line."""
        # UTF-16 may break off in the middle of a letter; what is left of it is shown rather than refused.
        text = io.TextIOWrapper(io.BytesIO(self.content), self.encoding, errors="replace", newline="")
        reader = csv.reader(narrow(text, delimiter), delimiter=delimiter, strict=True)
        line = 1
        for count, cells in enumerate(reader):
            if count > FILE_LINES:
                raise too_many_lines()
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1


def narrow(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    """The lines, none of which is taken apart before its cells are counted. Raises Unreadable."""
    for line in lines:
        if line.count(delimiter) > FILE_COLUMNS:
            raise too_many_columns()
        yield line


def encoding_of(content: bytes) -> str:
    """UTF-8, or UTF-16 in a file that says so. Raises Unreadable for any other encoding."""
    if content.startswith(_UTF_16):
        return "utf-16"
    if b"\0" in content:
        raise Unreadable(
            _("This is not a text that can be read. Save the table as Excel (.xlsx) or as “CSV UTF-8” and choose that.")
        )
    try:
        content.decode()
    except UnicodeDecodeError as error:
        message = _(
            "Line %(line)s is not in Unicode (UTF-8): the file has an old encoding such as TCVN3 (.VnTime), VNI or"
            " Windows-1258. Convert the text to Unicode, for example with Unikey, then save it in Excel as “CSV UTF-8”"
            " or as .xlsx."
        )
        raise Unreadable(message % {"line": content.count(b"\n", 0, error.start) + 1}) from error
    return "utf-8-sig"


def unguarded(cell: str) -> str:
    """What an export wrote: a text without the apostrophe, or the formula, that keeps spreadsheets from changing it."""
    if text := _TEXT_FORMULA.fullmatch(cell):
        return text["text"].replace('""', '"')
    return cell[1:] if cell.startswith(_GUARDED) else cell

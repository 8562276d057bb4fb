"""A file, whatever its name says → the table in it, or why there is none; and how its numbers are written."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from ...text.numbers import notations, read_number
from .csv_reader import TextTable
from .table import MAX_BYTES, Table, Unreadable
from .xlsx_reader import WorkbookTable

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Workbooks before Excel 97 are not packed: the record that opens them, in its three versions.
_BIFF = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")
_WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|meta|table)", re.I)
_MEGABYTE = 1024 * 1024

_NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
# Letters of TCVN3 and VNI fonts that stand beside other letters; Vietnamese in Unicode has none of them.
_OLD_LETTERS = re.compile(r"(?<=[A-Za-z])[¸¶¹¨¾¼©ª¬®µøåöäïûëü]|[¸¶¹¨¾¼©ª¬®µøåöäïûëüñ](?=[A-Za-z])")


def open_table(content: bytes) -> Table:
    """The table of figures in a file. Raises Unreadable."""
    if len(content) > MAX_BYTES:
        raise too_large()
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    if _WEB_PAGE.match(content):
        raise Unreadable(
            _("This is a web page, whatever its name says. Open it in Excel, save it as .xlsx, and choose that file.")
        )
    if content.startswith((_OLE, *_BIFF)):
        raise Unreadable(
            _(
                "This is a workbook of Excel 97–2003 (.xls) or older, or one with a password. Open it in Excel, save it as"
                " “Excel Workbook (.xlsx)” without a password, and choose that file."
            )
        )
    return WorkbookTable(content) if content.startswith(_ZIP) else TextTable(content)


def too_large() -> Unreadable:
    message = _(
        "The file is larger than %(limit)s MB. A table of figures is much smaller: leave out pictures, or split it."
    )
    return Unreadable(message % {"limit": MAX_BYTES // _MEGABYTE})


def notation_of(cells: Iterable[Any], likely: str) -> tuple[str, str]:
    """How a column of numbers is written, "vi" or "en", and a text that shows it: "11.728,3".

    Only a text that a single notation explains tells something; where none does, the likely notation holds.
    """
    votes: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for cell in cells:
        match = _NUMBER.search(cell) if isinstance(cell, str) else None
        explained_by = notations(match[0]) if match else set()
        if match and len(explained_by) == 1:
            votes.update(explained_by)
            examples.setdefault(min(explained_by), match[0])
    best = max(("vi", "en"), key=lambda one: (votes[one], one == likely))
    return best, examples.get(best, "")


def can_mean_two(cell: Any) -> bool:
    """Whether a cell holds a text that is one number in one notation and another in the other, like `6.950`."""
    match = _NUMBER.search(cell) if isinstance(cell, str) else None
    return match is not None and len(notations(match[0])) == 2 and read_number(match[0], "vi").other is not None


def has_old_letters(text: str) -> bool:
    """Whether `text` was typed with a TCVN3 or VNI font, which shows other letters than are stored."""
    return len(_OLD_LETTERS.findall(text)) >= 2

"""A file, whatever its name says → the table in it, or why there is none."""

import re
from collections.abc import Collection

from django.utils.translation import gettext as _

from ...core.limits import FILE_BYTES
from .csv_reader import TextTable
from .table import FileTable, Unreadable
from .xlsx_reader import WorkbookTable

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Workbooks before Excel 97 are not packed: the record that opens them, in its three versions.
_BIFF = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")
# What many systems offer as “Excel” is a table of a web page with another name.
_WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|meta|table)", re.I)
_MEGABYTE = 1024 * 1024


def open_table(content: bytes, given: Collection[str] = ()) -> FileTable:
    """The table of figures in a file, which may lack the columns `given` for all its rows. Raises Unreadable."""
    if len(content) > FILE_BYTES:
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
    table = WorkbookTable(content) if content.startswith(_ZIP) else TextTable(content)
    table.require_columns(given)
    return table


def too_large() -> Unreadable:
    message = _(
        "The file is larger than %(limit)s MB. A table of figures is much smaller: leave out pictures, or split it."
    )
    return Unreadable(message % {"limit": FILE_BYTES // _MEGABYTE})

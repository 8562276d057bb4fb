"""Openpyxl's reader of a workbook within the budget of core/limits.py: all it reads comes through one place, which counts."""

import io
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any, Self

from django.utils.translation import gettext as _
from openpyxl.reader.excel import ExcelReader

from ...core import limits
from .table import Unreadable


class MeteredPart:
    """A part of a workbook whose reading is counted; what openpyxl asks of an open file."""

    def __init__(self, part: IO[bytes], spend: Callable[[bytes], None]) -> None:
        self.part, self.spend, self.close = part, spend, part.close

    def read(self, size: int = -1) -> bytes:
        piece = self.part.read(size)
        self.spend(piece)
        return piece

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


class MeteredArchive(zipfile.ZipFile):
    """The parts of a workbook, which may be read as long as the budget lasts; a part counts each time that it is read.

    A part costs by its elements, whatever they are called: each begins with the same sign.
    """

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content))
        self.elements_left = limits.SHEET_ELEMENTS
        self.ends_at = time.thread_time() + limits.FILE_SECONDS

    def open(self, *arguments: Any, **options: Any) -> Any:
        return MeteredPart(super().open(*arguments, **options), self.spend)

    def read(self, *arguments: Any, **options: Any) -> bytes:
        """A part that is kept as a whole, all but sheets and strings. Raises Unreadable."""
        with self.at_most(limits.PART_ELEMENTS):
            return super().read(*arguments, **options)

    @contextmanager
    def at_most(self, elements: int) -> Iterator[None]:
        """A smaller budget, for what takes longer to read."""
        before, self.elements_left = self.elements_left, elements
        yield
        self.elements_left = before

    def spend(self, piece: bytes) -> None:
        self.elements_left -= piece.count(b"<")
        if self.elements_left < 0:
            raise Unreadable(
                _("The workbook has far too many cells, texts or formats. Copy the table alone into a new workbook.")
            )
        if time.thread_time() > self.ends_at:
            text = _(
                "The workbook takes longer than %(count)s seconds to read. Copy the table alone into a new workbook."
            )
            raise Unreadable(text % {"count": limits.FILE_SECONDS})


class MeteredReader(ExcelReader):
    """Openpyxl's reader of a workbook within the budget. Raises Unreadable."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        self.archive = MeteredArchive(content)

    def read_strings(self) -> None:
        with self.archive.at_most(limits.STRING_ELEMENTS):
            super().read_strings()

    def read_worksheets(self) -> None:
        if len(self.parser.sheets) > limits.FILE_SHEETS:
            text = _("The workbook has more than %(count)s sheets. Copy the one with the table into a new workbook.")
            raise Unreadable(text % {"count": limits.FILE_SHEETS})
        super().read_worksheets()

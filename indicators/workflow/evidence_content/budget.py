"""How much work one evidence file may make. More than this is no report, or was made to keep a server busy."""

import io
import time

from .refusals import Unsafe

SECONDS = 10.0  # a report of 300 pages takes one
MOST_PARTS = 5000
MOST_UNPACKED = 200 * 2**20
# Sheets and pages of text shrink to a twentieth or so; what shrinks to less than this was made to burst.
MOST_RATIO = 200
SMALL = 2**20
MOST_VALUES = 3_000_000  # of all objects of a PDF
MOST_PIXELS = 80_000_000  # a page of A3 at 600 dots per inch


class Budget:
    """Seconds that start now. `check` is asked wherever work is done."""

    def __init__(self) -> None:
        self._end = time.monotonic() + SECONDS

    def check(self) -> None:
        """Raises Unsafe when the time is over."""
        if time.monotonic() > self._end:
            raise Unsafe("budget")


class BudgetedFile(io.BytesIO):
    """A file in memory for parsers that take small bites and know no limit: it gives nothing once the time is over."""

    def __init__(self, content: bytes, budget: Budget) -> None:
        super().__init__(content)
        self._budget = budget

    def read(self, size: int | None = -1, /) -> bytes:
        self._budget.check()
        return super().read(size)

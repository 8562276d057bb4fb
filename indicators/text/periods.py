"""Periods of a year. A period runs from January through a month; for a level it is the position at the end of it.

Pure: imports nothing of Django and nothing of ours.
"""

from calendar import monthrange
from datetime import date
from typing import NamedTuple

FULL_YEAR = 12


class Period(NamedTuple):
    """January of `year` through `through_month` (12 is the whole year). Periods sort by their end."""

    year: int
    through_month: int = FULL_YEAR

    @property
    def is_full_year(self) -> bool:
        return self.through_month == FULL_YEAR

    @property
    def end(self) -> int:
        """Months from year 0 to the end of the period; differences of two ends are months."""
        return self.year * 12 + self.through_month

    @property
    def code(self) -> str:
        """`2020` for a whole year, `2019-9M` for January to September 2019."""
        return str(self.year) if self.is_full_year else f"{self.year}-{self.through_month}M"

    @property
    def same_period_last_year(self) -> "Period":
        return Period(self.year - 1, self.through_month)


def last_day(period: Period) -> date:
    """The day on which the period ends."""
    year, month = period
    return date(year, month, monthrange(year, month)[1])


def end_of_year(year: int) -> int:
    """The end of December of `year`, in the months of `Period.end`."""
    return Period(year).end


def span_code(first_year: int, last_year: int) -> str:
    """`2021-2025`, or `2020` when both years are the same."""
    return str(first_year) if first_year == last_year else f"{first_year}-{last_year}"

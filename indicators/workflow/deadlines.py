"""Up to which day the figures of a period count and by which day they are due, public holidays left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from holidays import HolidayBase, country_holidays

from ..models import Deadline
from ..text.periods import Period, last_day


@dataclass(frozen=True, slots=True)
class Due:
    """The last day that counts, and the day by which the figures are to be submitted."""

    cut_off: date
    due: date


def due_after(period: Period, cut_off_day: int, working_days: int) -> Due:
    """The cut-off in the last month of `period`, at most its last day, and the day so many working days later."""
    last = last_day(period)
    cut_off = last.replace(day=min(cut_off_day, last.day))
    return Due(cut_off, working_day_after(cut_off, working_days))


def working_day_after(day: date, number: int) -> date:
    """The working day `number` working days after `day`; for 0 the day itself, or the next working day."""
    return _calendar(day.year).get_nth_working_day(day, number)


@lru_cache(maxsize=32)
def _calendar(year: int) -> HolidayBase:
    """The public holidays of Vietnam in `year` and the next, with the days off and Saturdays worked that were swapped."""
    # Also the next year: a period that ends in December is due in January.
    return country_holidays("VN", years=(year, year + 1), expand=False)


@dataclass(frozen=True)
class Deadlines:
    """The rules by agency (primary key, None: every one), year (None: every one) and last month of the period."""

    rules: dict[tuple[int | None, int | None, int], Deadline]

    def due_on(self, agency: int | None, period: Period) -> Due | None:
        """When `agency` (primary key; None: one without a rule of its own) is to report; None where no rule says so.

        The rule of the agency for the year goes before its yearly one, the general one for the year before the yearly.
        """
        # A body with its own rhythm keeps it in a year for which everybody else has a special day.
        for who, year in ((agency, period.year), (agency, None), (None, period.year), (None, None)):
            if rule := self.rules.get((who, year, period.through_month)):
                return due_after(period, rule.cut_off_day, rule.working_days)
        return None

    def periods(self, years: Iterable[int]) -> list[Period]:
        """The periods of `years` that some rule asks for, in the order of time."""
        ruled = {(year, month) for _agency, year, month in self.rules}
        return sorted(
            Period(year, month) for year in years for month in range(1, 13) if {(year, month), (None, month)} & ruled
        )


def deadlines() -> Deadlines:
    """Every rule; one query."""
    rules = Deadline.objects.order_by()
    return Deadlines({(rule.agency_id, rule.year, rule.through_month): rule for rule in rules})

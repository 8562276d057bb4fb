"""ASSESS: the plan of one year: where each target stands in the year, and where it stood a year before."""

from dataclasses import dataclass
from datetime import date

from .assessment import Figure
from .models import Target
from .models.targets import Scope
from .progress import ProgressRow, progress


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A target of the year; `now` is the latest figure of that year, `before` the same period a year earlier."""

    row: ProgressRow
    now: Figure | None
    before: Figure | None


def plan_rows(year: int, as_of: date) -> list[PlanRow]:
    """The annual targets of `year` in force on `as_of`, in the order of the official tables."""
    rows = progress(as_of, Target.objects.filter(scope=Scope.ANNUAL, first_year=year, last_year=year))
    return [_placed(row, year) for row in rows]


def years_with_plans(as_of: date) -> list[int]:
    """The years that have an annual target in force, oldest first."""
    plans = Target.objects.in_force(as_of).filter(scope=Scope.ANNUAL)
    return sorted(set(plans.order_by().values_list("last_year", flat=True)))


def _placed(row: ProgressRow, year: int) -> PlanRow:
    in_year = [figure for period, figure in row.known.figures.items() if period.year == year]
    now = max(in_year, key=lambda figure: figure.end, default=None)
    periods = {figure.end: figure for figure in row.known.figures.values()}
    return PlanRow(row, now, periods.get(now.end - 12) if now else None)

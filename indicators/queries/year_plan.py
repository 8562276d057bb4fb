"""The plan of one year: where each target stands against an even pace, and against the same period a year before."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..assessment import FigureFact
from ..assessment.bounds import Bounds
from ..assessment.facts import latest_in_year
from ..assessment.measure import power
from ..models import Target
from ..models.targets import Scope
from ..text.periods import FULL_YEAR, end_of_year
from .progress import ProgressRow, progress, target_fact


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A target of the year; `now` is the latest figure of that year, `before` the same period a year earlier.

    `even` is where the plan would stand at the end of `now` if the year went evenly: the plan itself for a rate, a rank
    and a whole year. None where that cannot be said, or where `now` lies inside the range of the plan.
    """

    row: ProgressRow
    now: FigureFact | None
    before: FigureFact | None
    even: Decimal | None

    @property
    def limit(self) -> Decimal | None:
        """The value of the plan that decides "met"."""
        return self.row.verdict.details.limit

    @property
    def is_running(self) -> bool:
        """Whether the year, as far as it is known, is not over."""
        return self.now is not None and self.now.through_month < FULL_YEAR

    @property
    def begins_anew(self) -> bool:
        """Whether the series was broken between the two periods, so that they do not compare."""
        if self.now is None or self.before is None:
            return False
        start, end = self.before.end, self.now.end
        return any(figure.series_break and start < figure.end <= end for figure in self.row.versions.figures.values())


def plan_rows(year: int, as_of: date) -> list[PlanRow]:
    """The annual targets of `year` in force on `as_of`, in the order of the official tables."""
    rows = progress(as_of, Target.objects.filter(scope=Scope.ANNUAL, first_year=year, last_year=year))
    return [_plan_row(row, year) for row in rows]


def years_with_plans(as_of: date) -> list[int]:
    """The years that have an annual target in force, oldest first."""
    plans = Target.objects.in_force(as_of).filter(scope=Scope.ANNUAL)
    return sorted(set(plans.order_by().values_list("last_year", flat=True)))


def _plan_row(row: ProgressRow, year: int) -> PlanRow:
    now = latest_in_year(year, row.versions.figures)
    periods = {figure.end: figure for figure in row.versions.figures.values()}
    return PlanRow(row, now, periods.get(now.end - FULL_YEAR) if now else None, _even_pace(row, now) if now else None)


def _even_pace(row: ProgressRow, now: FigureFact) -> Decimal | None:
    indicator, details = row.target.indicator, row.verdict.details
    limit = details.limit
    # The verdict rests on another figure, a whole year say: a point on the way would be set beside the wrong number.
    if limit is None or now not in details.used:
        return None
    if indicator.kind in ("rate", "rank") or now.through_month == FULL_YEAR:
        return limit
    if indicator.kind == "flow":
        return limit * now.through_month / FULL_YEAR
    return _point_on_the_path(row, limit, now)


def _point_on_the_path(row: ProgressRow, limit: Decimal, now: FigureFact) -> Decimal | None:
    """Where a level would stand between its baseline and the plan; at the plan where the baseline met it already."""
    base = row.verdict.details.baseline
    if base is None or base.value is None:
        return None
    target = target_fact(row.target)
    if Bounds.of(target).met(base.value, base.qualifier):
        return limit
    share = Decimal(now.end - base.end) / (end_of_year(row.target.last_year) - base.end)
    if target.path == "compound" and min(base.value, limit) > 0:
        return base.value * power(limit / base.value, share)
    return base.value + (limit - base.value) * share

"""What would it take? Years that are still to come, as typed, judged by the same rules as the real ones."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ..assessment import FigureFact, judge_in_force
from ..text.periods import FULL_YEAR, Period
from .progress import ProgressRow, VersionsInForce, target_fact

MOST_YEARS = 10  # a term has five


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A running target with the years that are open, the values assumed for them, and the row judged with it."""

    row: ProgressRow
    values: Mapping[int, Decimal]
    result: ProgressRow | None

    @property
    def both(self) -> tuple[ProgressRow, ...]:
        """The row as it stands and as it would stand."""
        return (self.row, self.result) if self.result else (self.row,)


def is_running(row: ProgressRow, as_of: date) -> bool:
    """Whether values may still be assumed for the target: years are open, and it has not ended on `as_of` (§1)."""
    return as_of <= date(row.target.last_year + 1, 6, 30) and bool(open_years(row))


def open_years(row: ProgressRow) -> tuple[int, ...]:
    """The years of the target without a full-year figure; none once the verdict is final."""
    target = row.target
    if row.verdict.status.is_final or target.indicator.judged_by_parts or target.indicator.better == "none":
        return ()
    years = range(target.first_year, target.last_year + 1)
    return tuple(year for year in years if Period(year) not in row.versions.figures)[:MOST_YEARS]


def judge_what_if(row: ProgressRow, values: Mapping[int, Decimal], as_of: date) -> WhatIf:
    """The row judged as if `values` (by year) had been published; `result` is None without values."""
    used = {year: values[year] for year in open_years(row) if year in values}
    if not used:
        return WhatIf(row, {}, None)
    figures = dict(row.versions.figures)
    for year, value in used.items():
        # As firm as what an agency reports; what is published before its year is over would be provisional.
        published_on = max(as_of, date(year + 1, 1, 1))
        figures[Period(year)] = FigureFact(year, 12, value, "exact", "reported", published_on, False, "")
    versions = VersionsInForce(figures, row.versions.aggregates)
    # The verdict is that of the day on which the last of these years is over.
    then = max(as_of, date(max(used), 12, 31))
    verdict = judge_in_force(target_fact(row.target), versions.figures, versions.aggregates, then)
    # The official verdict is of the real figures, and goes with them.
    return WhatIf(row, used, replace(row, verdict=verdict, versions=versions, official=None))


def growth_path(row: ProgressRow, percent: Decimal) -> dict[int, Decimal]:
    """The open years of an amount if it grows by `percent` a year from its latest whole year; four decimals are kept.

    Empty for rates and ranks, which do not grow, and where no whole year is versions.
    """
    whole = [figure for figure in row.versions.up_to(row.target.last_year) if figure.through_month == FULL_YEAR]
    if not whole or whole[-1].value is None or row.target.indicator.kind not in ("level", "flow"):
        return {}
    latest, factor = whole[-1], 1 + percent / 100
    years = [year for year in open_years(row) if year > latest.year]
    return {
        year: ((latest.value or Decimal(0)) * factor ** (year - latest.year)).quantize(Decimal("0.0001"))
        for year in years
    }

"""EXPORT: the progress report: judged rows → cells."""

from collections.abc import Iterable, Iterator
from typing import Any

from ...assessment import Figure as FigureFact
from ...models import Indicator, Target
from ...queries.progress import ProgressRow, fact_of, progress
from ...queries.responsible_agency import responsibility
from ...queries.term_overview import row_fits
from ...sentences import sentence
from ...text.csv_writer import Cell
from ...text.periods import Period
from .selection import Asked

AT_ONCE = 1000

PROGRESS_COLUMNS = (
    "term",
    "scope",
    "first_year",
    "last_year",
    "indicator",
    "name_vi",
    "sector",
    "unit_vi",
    "as_written_vi",
    "bound",
    "low",
    "high",
    "basis",
    "target_status",
    "counted",
    "latest_period",
    "latest_value",
    "latest_status",
    "baseline_period",
    "baseline_value",
    "measured_value",
    "forecast",
    "pace_ratio",
    "needed_pace",
    "acceleration",
    "status",
    "reason",
    "provisional",
    "approximate",
    "official_status",
    "official_reason",
    "source",
    "explanation_vi",
)


def progress_rows(asked: Asked) -> Iterator[list[Cell]]:
    """One row per target in force, in the columns of PROGRESS_COLUMNS.

    The filter asks of each row what the page asks of its lines, verdict included. So many targets are judged at a time
    that memory stays flat.
    """
    wanted: Any = asked.targets()
    keys = list(wanted.in_force(asked.as_of).with_everything().values_list("pk", flat=True))
    duty = responsibility(asked.as_of)
    for start in range(0, len(keys), AT_ONCE):
        rows = progress(asked.as_of, Target.objects.filter(pk__in=keys[start : start + AT_ONCE]), duty=duty)
        yield from progress_cells(row for row in rows if row_fits(row, asked.wanted))


def progress_count(asked: Asked) -> int | None:
    """How many rows there will be; None where only judging could tell."""
    if asked.wanted.asks_of_targets:
        return None
    return asked.targets().in_force(asked.as_of).filter(indicator__in=asked.catalogue()).count()  # type: ignore[attr-defined]


def progress_cells(rows: Iterable[ProgressRow]) -> Iterator[list[Cell]]:
    """The cells of judged rows, in the columns of PROGRESS_COLUMNS."""
    for row in rows:
        yield [*_target_cells(row), *_figure_cells(row), *_verdict_cells(row)]


def _target_cells(row: ProgressRow) -> list[Cell]:
    target, indicator = row.target, row.target.indicator
    return [
        target.term.code,
        target.scope,
        target.first_year,
        target.last_year,
        indicator.code,
        indicator.name_vi,
        indicator.sector.code,
        indicator.unit_vi,
        target.as_written_vi,
        target.bound,
        target.low,
        target.high,
        target.basis,
        target.status,
        target.counted,
    ]


def _figure_cells(row: ProgressRow) -> list[Cell]:
    latest, period = row.latest, _baseline_period(row)
    baseline = row.known.figures.get(period) if period else None
    return [
        _period_code(latest),
        latest.value if latest else None,
        latest.status if latest else None,
        period.code if period else None,
        baseline.value if baseline else None,
    ]


def _period_code(figure: FigureFact | None) -> str | None:
    return Period(figure.year, figure.through_month).code if figure else None


def _baseline_period(row: ProgressRow) -> Period | None:
    """The baseline, where the judgement has one: levels and ranks by value."""
    indicator: Indicator = row.target.indicator
    if indicator.judged_by_parts or indicator.kind not in ("level", "rank") or row.target.basis != "value":
        return None
    return fact_of(row.target).baseline


def _verdict_cells(row: ProgressRow) -> list[Cell]:
    verdict, official = row.verdict, row.official
    return [
        verdict.measured_value,
        verdict.forecast,
        verdict.pace_ratio,
        verdict.needed_pace,
        verdict.acceleration,
        str(verdict.status),
        str(verdict.reason),
        verdict.provisional,
        verdict.approximate,
        official.verdict if official else None,
        official.reason if official else None,
        row.target.source.code,
        sentence(row, "vi"),
    ]

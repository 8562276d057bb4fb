"""EXPORT: figures, targets and progress as CSV, row by row, in the form of machines or of Excel in Vietnam."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from .assessment import Figure as FigureFact
from .models import Figure, Indicator, Target
from .numerals import format_number, plain
from .package.tables import TABLES
from .periods import Period
from .progress import ProgressRow, fact_of, progress
from .sentences import sentence

Cell = str | Decimal | int | bool | date | None

_GUARDED = ("=", "+", "-", "@", "\t", "\r")

PROGRESS_COLUMNS = [
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
]


@dataclass(frozen=True, slots=True)
class Form:
    """How a CSV is written: for machines, or for Excel with Vietnamese regional settings."""

    name: str
    delimiter: str
    mark: str

    def cell(self, value: Cell) -> str:
        """`value` as text. Text that a spreadsheet would take for a formula gets an apostrophe; numbers never do."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, Decimal):
            return plain(value) if self is MACHINE else format_number(value, "vi").replace(".", "")
        if isinstance(value, date):
            return value.isoformat() if self is MACHINE else value.strftime("%d/%m/%Y")
        if isinstance(value, str) and value.startswith(_GUARDED):
            return "'" + value
        return str(value)


MACHINE = Form("machine", ",", "")
EXCEL_VN = Form("excel-vn", ";", "\ufeff")
FORMS = {form.name: form for form in (MACHINE, EXCEL_VN)}


class _Echo:
    """A file that hands back what is written to it, for csv.writer to stream through."""

    def write(self, line: str) -> str:
        return line


def csv_lines(columns: Iterable[str], rows: Iterable[Iterable[Cell]], form: Form) -> Iterator[str]:
    """The lines of a CSV file, one by one."""
    writer = csv.writer(_Echo(), delimiter=form.delimiter, lineterminator="\r\n")
    yield form.mark + writer.writerow(columns)
    for row in rows:
        yield writer.writerow(form.cell(cell) for cell in row)


def figure_columns() -> tuple[str, ...]:
    return _table("figures").column_names


def figure_rows(figures: QuerySet[Figure]) -> Iterator[tuple[Cell, ...]]:
    """One row per version, in the columns and the order of the data package; memory stays flat."""
    return _package_rows("figures", figures)


def target_columns() -> tuple[str, ...]:
    return _table("targets").column_names


def target_rows(targets: QuerySet[Target]) -> Iterator[tuple[Cell, ...]]:
    return _package_rows("targets", targets)


def _table(name: str) -> Any:
    return next(table for table in TABLES if table.name == name)


def _package_rows(name: str, queryset: QuerySet[Any]) -> Iterator[tuple[Cell, ...]]:
    table = _table(name)
    lookups = [column.lookup for column in table.columns]
    yield from queryset.order_by(*table.ordering()).values_list(*lookups).iterator(chunk_size=5000)


def progress_rows(as_of: date, targets: QuerySet[Target] | None = None) -> Iterator[list[Cell]]:
    """The progress report: one row per target in force on `as_of`, in the columns of PROGRESS_COLUMNS."""
    return progress_cells(progress(as_of, targets))


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

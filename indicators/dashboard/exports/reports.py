"""The list of CSV reports. Addresses, the page of reports and the tests are made from it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ...models import Target
from ...public.records import public_records, values
from ...public.schema import table_named
from ...queries.progress import progress
from ...queries.responsible_agency import responsibility
from ...queries.term_overview import row_fits
from ...text.csv_writer import Cell
from ...workflow.completeness import MISSING_COLUMNS, missing_rows
from ..report_selection import ReportSelection
from .changes import CHANGES_COLUMNS, change_rows
from .progress_columns import PROGRESS_COLUMNS, progress_values

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Report:
    """One CSV: `/reports/<name>.csv`. `count` tells its rows beforehand, None where only reading it would."""

    name: str
    title: "StrOrPromise"
    audience: "StrOrPromise"
    columns: tuple[str, ...]
    rows: Callable[[ReportSelection], Iterable[Iterable[Cell]]]
    count: Callable[[ReportSelection], int | None]


def _stored(
    name: str, title: "StrOrPromise", audience: "StrOrPromise", narrow: Callable[[ReportSelection], dict[str, Any]]
) -> Report:
    """A report of public records, one row each, in the columns and the order of the data package."""
    table = table_named(name)

    def records(selection: ReportSelection) -> QuerySet[Any]:
        return public_records(table, selection.as_of).filter(**narrow(selection))

    return Report(
        name,
        title,
        audience,
        table.column_names,
        lambda selection: values(table, records(selection), selection.as_of),
        lambda selection: records(selection).count(),
    )


def progress_rows(selection: ReportSelection) -> Iterator[list[Cell]]:
    """One row per target in force, in the columns of PROGRESS_COLUMNS.

    The filter asks of each row what the page asks of its lines, verdict included. So many targets are judged at a time
    that memory stays flat.
    """
    targets: Any = selection.targets()
    keys = list(targets.in_force(selection.as_of).with_everything().values_list("pk", flat=True))
    agency_of = responsibility(selection.as_of).agency_of
    for start in range(0, len(keys), AT_ONCE):
        rows = progress(selection.as_of, Target.objects.filter(pk__in=keys[start : start + AT_ONCE]))
        yield from progress_values(
            row for row in rows if row_fits(row, agency_of(row.target.indicator), selection.filter)
        )


def progress_count(selection: ReportSelection) -> int | None:
    """How many rows there will be; None where only judging could tell."""
    if selection.filter.asks_of_targets:
        return None
    return selection.targets().in_force(selection.as_of).filter(indicator__in=selection.indicators()).count()  # type: ignore[attr-defined]


def _missing(selection: ReportSelection) -> Iterator[tuple[Cell, ...]]:
    """What is not answered: of the years of the term up to the day, without a term of the day's own year."""
    last = selection.as_of.year
    first, last = (selection.term.first_year, min(selection.term.last_year, last)) if selection.term else (last, last)
    codes = set(selection.indicators().values_list("code", flat=True))
    for year in range(first, last + 1):
        yield from (row for row in missing_rows(year, selection.as_of) if row[1] in codes)


def _targets(selection: ReportSelection) -> QuerySet[Target]:
    """Those of the term's last year alone where a verdict is asked for: it is the verdict on the page of the term."""
    last = {"last_year": selection.term.last_year} if selection.term and selection.filter.asks_of_targets else {}
    return selection.targets().filter(**last)


REPORTS = (
    Report(
        "progress",
        _("Progress"),
        _("Whoever writes the report: every target with its verdict and the sentence that explains it."),
        tuple(column.name for column in PROGRESS_COLUMNS),
        progress_rows,
        progress_count,
    ),
    _stored(
        "figures",
        _("Figures"),
        _("Statisticians and machines: every published version with its source and quote."),
        lambda selection: selection.indicator_lookup | selection.within_term("year", "year"),
    ),
    _stored(
        "targets",
        _("Targets"),
        _("Whoever follows resolutions: every target as written, drafts and replaced ones too."),
        lambda selection: selection.indicator_lookup | {"pk__in": _targets(selection).values("pk")},
    ),
    _stored(
        "aggregates",
        _("Averages and totals"),
        _("Statisticians: averages and totals of several years as their sources print them."),
        lambda selection: selection.indicator_lookup | selection.within_term("first_year", "last_year"),
    ),
    _stored(
        "comparisons",
        _("Comparisons"),
        _("Whoever writes the report: percentages that a source prints beside a figure."),
        lambda selection: selection.indicator_lookup | selection.within_term("year", "year"),
    ),
    _stored(
        "official_results",
        _("Official results"),
        _("Officials: the province's own count of targets met, by term and by year."),
        lambda selection: {"term": selection.term} if selection.term else {},
    ),
    Report(
        "changes",
        _("Changes"),
        _("Approvers and the public: what was changed in public figures and targets, from what to what, and when."),
        CHANGES_COLUMNS,
        change_rows,
        lambda selection: None,
    ),
    Report(
        "missing",
        _("Missing figures"),
        _("Approvers: which figures agencies still owe, since when they were due, and those due next."),
        MISSING_COLUMNS,
        _missing,
        lambda selection: None,
    ),
)

"""The official tables as data: plan of a year, result of a year, review of a term, and that review in sentences.

One definition for paper, page and workbook; whoever draws one adds nothing. All words are in the active language.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import groupby

from django.utils.translation import gettext as _

from ...assessment import Status
from ...assessment.facts import is_provisional, latest_in_year
from ...core.language import active_language
from ...models import Agency, Indicator, OfficialResult, Sector, Term
from ...models.targets import Scope
from ...queries.progress import NOTHING_IN_FORCE, ProgressRow
from ...queries.responsible_agency import Responsibility, responsibility
from ...queries.term_overview import (
    Filter,
    OverviewLine,
    TermOverview,
    counted_rows,
    filter_lines,
    leading_row,
    row_fits,
    tally,
    tally_of,
    term_lines,
    term_overview,
)
from ...queries.year_plan import PlanRow, plan_rows
from ...sentences import review
from ...sentences.formatting import STATUS_LABEL
from ..report_selection import ReportSelection
from .cells import Cells
from .layout import (
    Align,
    NumberCell,
    OfficialTable,
    RowKind,
    TableCell,
    TableColumn,
    first_columns,
    laid_out,
    signatures,
)

__all__ = [
    "Align",
    "NumberCell",
    "OfficialTable",
    "RowKind",
    "TableCell",
    "narrowing",
    "paragraphs",
    "review_table",
    "signatures",
    "year_tables",
]


def review_table(selection: ReportSelection) -> OfficialTable:
    """The review of the selected term: base year, each year, average or total, and verdict of every target.

    Raises ValueError without a term.
    """
    overview, listing_filter = _overview_of(selection), selection.filter
    term, base_year = overview.term, overview.term.first_year - 1
    lines = filter_lines(term_lines(overview, [term], listing_filter.scope), listing_filter)
    cells, responsible = Cells(of_a_term=True), _at_the_end(term.last_year, overview.responsibility)
    columns = (
        *first_columns(),
        TableColumn(_("Target of the resolution"), 17, cells.goal),
        TableColumn(_("Base year %(year)d") % {"year": base_year}, 10, partial(cells.base, base_year), Align.RIGHT),
        *(
            TableColumn(str(year), 10, partial(cells.in_year, year), Align.RIGHT)
            for year in range(term.first_year, term.last_year)
        ),
        TableColumn(_reached(term.last_year, lines), 11, partial(cells.in_year, term.last_year), Align.RIGHT),
        TableColumn(_("Average or total"), 10, cells.measured, Align.RIGHT),
        TableColumn(_("Against the target"), 13, cells.against_target, Align.RIGHT),
        TableColumn(_("Assessment"), 13, cells.verdict, Align.CENTER),
        TableColumn(_("Responsible agency"), 16, partial(cells.agency, responsible)),
        TableColumn(_("Notes"), 12, cells.note),
    )
    name = _("Review %(year)d") % {"year": term.last_year}
    title = _("Results of the targets of the %(term)s") % {"term": term.name[0].lower() + term.name[1:]}
    narrowed_to = narrowing(listing_filter)
    # A sentence on x/N beside a part of the list would speak of what is not shown.
    notes = () if narrowed_to else (_overall(overview),)
    return laid_out(name, title, selection.as_of, columns, lines, lambda: (*notes, *cells.explained()), narrowed_to)


def year_tables(selection: ReportSelection, year: int) -> list[OfficialTable]:
    """The plan of a year and its result."""
    plans = plan_rows(year, selection.as_of)
    responsible, narrowed_to = responsibility(selection.as_of), narrowing(selection.filter)
    lines = _lines_of_year(year, plans, responsible, selection.filter)
    of_indicators = {plan.row.target.indicator_id: plan for plan in plans}
    return [
        _plan_table(year, lines, responsible, narrowed_to),
        _result_table(year, lines, of_indicators, selection.as_of, narrowed_to),
    ]


def _plan_table(
    year: int, lines: Sequence[OverviewLine], responsible: Responsibility, narrowed_to: str
) -> OfficialTable:
    """Every target of the year as written, with the agency that follows it."""
    cells, at_the_end = Cells(), _at_the_end(year, responsible)
    columns = (
        *first_columns(),
        TableColumn(_("Plan of %(year)d") % {"year": year}, 32, cells.goal),
        TableColumn(_("Agency responsible for following and assessing"), 36, partial(cells.agency, at_the_end)),
        TableColumn(_("Notes"), 12, cells.note),
    )
    name, title = _("Plan %(year)d") % {"year": year}, _("Targets of the plan of %(year)d") % {"year": year}
    return laid_out(name, title, responsible.day, columns, lines, cells.explained, narrowed_to)


def _result_table(
    year: int, lines: Sequence[OverviewLine], plans: dict[int, PlanRow], as_of: date, narrowed_to: str
) -> OfficialTable:
    """The year before, plan, what was reached, both comparisons, verdict."""
    cells = Cells(plans)
    columns = (
        *first_columns(),
        TableColumn(_("Result of %(year)d") % {"year": year - 1}, 14, partial(cells.base, year - 1), Align.RIGHT),
        TableColumn(_("Plan of %(year)d") % {"year": year}, 20, cells.goal),
        TableColumn(_reached(year, lines), 14, partial(cells.in_year, year), Align.RIGHT),
        TableColumn(_("Against the year before"), 14, cells.against_before, Align.RIGHT),
        TableColumn(_("Against the plan"), 14, cells.against_target, Align.RIGHT),
        TableColumn(_("Assessment"), 16, cells.verdict, Align.CENTER),
        TableColumn(_("Notes"), 12, cells.note),
    )
    name, title = _("Result %(year)d") % {"year": year}, _("Results of the plan of %(year)d") % {"year": year}
    return laid_out(name, title, as_of, columns, lines, cells.explained, narrowed_to)


def paragraphs(selection: ReportSelection) -> list[str]:
    """How the counted targets of the term stand, to be copied into a report: the whole term, then each sector.

    Raises ValueError without a term.
    """
    language, overview = active_language(), _overview_of(selection)
    whole, texts = tally(overview), []
    if not narrowing(selection.filter):
        texts = [_overall(overview), *_official_counts(overview.term, selection.as_of)]
    agency_of = overview.responsibility.agency_of
    rows = counted_rows(overview)
    fitting = [row for row in rows if row_fits(row, agency_of(row.target.indicator), selection.filter)]
    for sector, group in groupby(fitting, key=lambda row: row.target.indicator.sector):
        rows = list(group)
        texts.append(review.of_sector(sector.name, rows, tally_of(rows, None), bool(whole.missing), language))
    return texts


def _overview_of(selection: ReportSelection) -> TermOverview:
    """The selected term as it was known. Raises ValueError without a term."""
    if selection.term is None:
        raise ValueError("a review is that of a term")
    return term_overview(selection.term, selection.as_of)


def _overall(overview: TermOverview) -> str:
    """The sentence on all counted targets: those of the term, or of its last year's plan where no others are known."""
    whole, name = tally(overview), overview.term.name
    if whole.entered and whole.of_plans == whole.entered:
        name = _("Plan of %(year)s") % {"year": overview.term.last_year}
    return review.overall(name, counted_rows(overview), whole, active_language())


def _official_counts(term: Term, as_of: date) -> list[str]:
    """The province's own counts, of the whole term and of its last year, where they are known."""
    return [
        review.published(
            result.year, result.met_or_exceeded, result.declared_targets, str(result.source), active_language()
        )
        for result in OfficialResult.objects.of_term(term, as_of)
    ]


def _at_the_end(year: int, responsible: Responsibility) -> Responsibility:
    """Who answered in the time up to `year`, of which the table speaks: a plan of 2020 names the bodies of 2020."""
    return responsible.on(min(responsible.day, date(year, 12, 31)))


def _lines_of_year(
    year: int, plans: Sequence[PlanRow], responsible: Responsibility, listing_filter: Filter
) -> list[OverviewLine]:
    """The plan of a year as lines, parts under their parents, narrowed by the filter; one query."""
    rows: dict[int, list[ProgressRow]] = defaultdict(list)
    for plan in plans:
        rows[plan.row.target.indicator_id].append(plan.row)
    parts: dict[int, list[OverviewLine]] = defaultdict(list)
    heads = []
    for indicator in Indicator.objects.select_related("sector"):
        row = leading_row(rows[indicator.pk])
        versions, agency = row.versions if row else NOTHING_IN_FORCE, responsible.agency_of(indicator)
        line = OverviewLine(indicator, {}, row, versions, year, agency)
        if indicator.parent_id is None:
            heads.append(line)
        elif row:
            parts[indicator.parent_id].append(line)
    return filter_lines([replace(head, parts=tuple(parts[head.indicator.pk])) for head in heads], listing_filter)


def narrowing(listing_filter: Filter) -> str:
    """The filter in words, empty without one: a table that shows a part must say so."""
    texts = []
    if listing_filter.sector:
        texts += [sector.name for sector in Sector.objects.filter(code=listing_filter.sector)]
    if listing_filter.agency:
        texts += [agency.name for agency in Agency.objects.filter(code=listing_filter.agency)]
    if listing_filter.scope:
        texts.append(str(Scope(listing_filter.scope).label))
    if listing_filter.status:
        texts.append(
            _("in danger") if listing_filter.status == "danger" else str(STATUS_LABEL[Status(listing_filter.status)])
        )
    if listing_filter.counted is not None:
        texts.append(
            _("only those that count in x/N") if listing_filter.counted else _("only those that do not count in x/N")
        )
    if listing_filter.q:
        texts.append(f"“{listing_filter.q}”")
    return _("Only a part: %(filter)s") % {"filter": "; ".join(texts)} if texts else ""


def _reached(year: int, lines: Sequence[OverviewLine]) -> str:
    """The heading of the year reached: an estimate until every figure of it is settled."""
    with_parts = [part for line in lines for part in (line, *line.parts)]
    figures = [figure for line in with_parts if (figure := latest_in_year(year, line.versions.figures))]
    settled = figures and not any(is_provisional(figure) for figure in figures)
    return (_("Result of %(year)d") if settled else _("Estimated result of %(year)d")) % {"year": year}

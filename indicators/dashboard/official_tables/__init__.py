"""PRESENT: the official tables as data: plan of a year, result of a year, review of a term.

One definition for paper, page and workbook; whoever draws one adds nothing. All words are in the active language.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import partial

from django.utils.translation import gettext as _

from ...assessment import Status
from ...assessment.facts import PROVISIONAL, latest_in_year
from ...models import Agency, Indicator, Sector, Term
from ...models.targets import Scope
from ...queries.progress import NOTHING_KNOWN, ProgressRow
from ...queries.responsible_agency import responsibility
from ...queries.term_overview import Filter, Line, heaviest, narrowed
from ...queries.year_plan import PlanRow
from ...sentences.formatting import STATUS_LABEL
from .cells import Cells
from .layout import (
    Align,
    Cell,
    Column,
    Kind,
    Number,
    OfficialTable,
    first_columns,
    fitted,
    keys,
    numbered_rows,
    signatures,
)

__all__ = [
    "Align",
    "Cell",
    "Kind",
    "Number",
    "OfficialTable",
    "lines_of_year",
    "narrowing",
    "plan_of_year",
    "result_of_year",
    "review_of_term",
    "signatures",
]


def review_of_term(
    term: Term, lines: Sequence[Line], as_of: date, summary: str, narrowed_to: str = ""
) -> OfficialTable:
    """The review of a term: base year, each year, average or total, and verdict of every target."""
    cells, base = Cells(_in_time(term.last_year, as_of), of_a_term=True), term.first_year - 1
    columns = (
        *first_columns(),
        Column(_("Target of the resolution"), 17, cells.goal),
        Column(_("Base year %(year)d") % {"year": base}, 10, partial(cells.base, base), Align.RIGHT),
        *(
            Column(str(year), 10, partial(cells.in_year, year), Align.RIGHT)
            for year in range(term.first_year, term.last_year)
        ),
        Column(_reached(term.last_year, lines), 11, partial(cells.in_year, term.last_year), Align.RIGHT),
        Column(_("Average or total"), 10, cells.measured, Align.RIGHT),
        Column(_("Against the target"), 13, cells.against_target, Align.RIGHT),
        Column(_("Assessment"), 13, cells.verdict, Align.CENTER),
        Column(_("Responsible agency"), 16, cells.agency),
        Column(_("Notes"), 12, cells.note),
    )
    name = _("Review %(year)d") % {"year": term.last_year}
    title = _("Results of the targets of the %(term)s") % {"term": term.name[0].lower() + term.name[1:]}
    return _laid_out(name, title, as_of, columns, lines, cells, narrowed_to, summary)


def plan_of_year(year: int, lines: Sequence[Line], as_of: date, narrowed_to: str = "") -> OfficialTable:
    """The plan of a year: every target as written, with the agency that follows it."""
    cells = Cells(_in_time(year, as_of))
    columns = (
        *first_columns(),
        Column(_("Plan of %(year)d") % {"year": year}, 32, cells.goal),
        Column(_("Agency responsible for following and assessing"), 36, cells.agency),
        Column(_("Notes"), 12, cells.note),
    )
    name, title = _("Plan %(year)d") % {"year": year}, _("Targets of the plan of %(year)d") % {"year": year}
    return _laid_out(name, title, as_of, columns, lines, cells, narrowed_to)


def result_of_year(
    year: int, lines: Sequence[Line], plans: dict[int, PlanRow], as_of: date, narrowed_to: str = ""
) -> OfficialTable:
    """The result of a year: the year before, plan, what was reached, both comparisons, verdict."""
    cells = Cells(_in_time(year, as_of), plans)
    columns = (
        *first_columns(),
        Column(_("Result of %(year)d") % {"year": year - 1}, 14, partial(cells.base, year - 1), Align.RIGHT),
        Column(_("Plan of %(year)d") % {"year": year}, 20, cells.goal),
        Column(_reached(year, lines), 14, partial(cells.in_year, year), Align.RIGHT),
        Column(_("Against the year before"), 14, cells.against_before, Align.RIGHT),
        Column(_("Against the plan"), 14, cells.against_target, Align.RIGHT),
        Column(_("Assessment"), 16, cells.verdict, Align.CENTER),
        Column(_("Notes"), 12, cells.note),
    )
    name, title = _("Result %(year)d") % {"year": year}, _("Results of the plan of %(year)d") % {"year": year}
    return _laid_out(name, title, as_of, columns, lines, cells, narrowed_to)


def _in_time(year: int, as_of: date) -> date:
    """The day of which a table of the time up to `year` speaks."""
    return min(as_of, date(year, 12, 31))


def _laid_out(
    name: str,
    title: str,
    as_of: date,
    columns: tuple[Column, ...],
    lines: Sequence[Line],
    cells: Cells,
    narrowed_to: str,
    summary: str = "",
) -> OfficialTable:
    rows = numbered_rows(lines, columns)
    notes = (*([summary] if summary else []), *cells.explained())
    return OfficialTable(name, title, as_of, fitted(columns, rows), rows, notes, keys(lines), narrowed_to)


def lines_of_year(year: int, plans: Sequence[PlanRow], as_of: date, wanted: Filter) -> list[Line]:
    """The plan of a year as lines, parts under their parents, narrowed as `wanted`; four queries."""
    rows: dict[int, list[ProgressRow]] = defaultdict(list)
    for plan in plans:
        rows[plan.row.target.indicator_id].append(plan.row)
    parts: dict[int, list[Line]] = defaultdict(list)
    heads = []
    for indicator in responsibility(as_of).with_agency(Indicator.objects.select_related("sector")):
        row = heaviest(rows[indicator.pk])
        line = Line(indicator, {}, row, row.known if row else NOTHING_KNOWN, year)
        if indicator.parent_id is None:
            heads.append(line)
        elif row:
            parts[indicator.parent_id].append(line)
    with_parts = [Line(one.indicator, {}, one.row, one.known, year, tuple(parts[one.indicator.pk])) for one in heads]
    return narrowed(with_parts, wanted)


def narrowing(wanted: Filter) -> str:
    """The filter in words, empty without one: a table that shows a part must say so."""
    texts = []
    if wanted.sector:
        texts += [one.name for one in Sector.objects.filter(code=wanted.sector)]
    if wanted.agency:
        texts += [one.name for one in Agency.objects.filter(code=wanted.agency)]
    if wanted.scope:
        texts.append(str(Scope(wanted.scope).label))
    if wanted.status:
        texts.append(_("in danger") if wanted.status == "danger" else str(STATUS_LABEL[Status(wanted.status)]))
    if wanted.counted is not None:
        texts.append(_("only those that count in x/N") if wanted.counted else _("only those that do not count in x/N"))
    if wanted.q:
        texts.append(f"“{wanted.q}”")
    return _("Only a part: %(filter)s") % {"filter": "; ".join(texts)} if texts else ""


def _reached(year: int, lines: Sequence[Line]) -> str:
    """The heading of the year reached: an estimate until every figure of it is settled."""
    families = [one for line in lines for one in (line, *line.parts)]
    figures = [figure for one in families if (figure := latest_in_year(year, one.known.figures))]
    settled = figures and not any(figure.status in PROVISIONAL for figure in figures)
    return (_("Result of %(year)d") if settled else _("Estimated result of %(year)d")) % {"year": year}

"""EXPORT: what was asked for → official tables and paragraphs, in the active language."""

from itertools import groupby

from django.utils.translation import gettext as _

from ...models import OfficialResult, Term
from ...queries.term_overview import (
    Snapshot,
    Tally,
    counted_rows,
    narrowed,
    row_fits,
    snapshot,
    tally,
    tally_of,
    term_lines,
)
from ...queries.year_plan import plan_rows
from ...sentences import review
from ...sentences.formatting import active_language
from ..official_tables import OfficialTable, lines_of_year, narrowing, plan_of_year, result_of_year, review_of_term
from .selection import Asked


def review_table(asked: Asked) -> OfficialTable:
    """The review of the term that is asked for."""
    shot = snapshot(_term(asked), asked.as_of)
    lines = narrowed(term_lines(shot, [shot.term], asked.wanted.scope), asked.wanted)
    words = narrowing(asked.wanted)
    rows, whole = counted_rows(shot), tally(shot)
    summary = "" if words else review.overall(_list_called(shot, whole), rows, whole, active_language())
    return review_of_term(shot.term, lines, asked.as_of, summary, words)


def year_tables(asked: Asked, year: int) -> list[OfficialTable]:
    """The plan of a year and its result."""
    plans = plan_rows(year, asked.as_of)
    lines, words = lines_of_year(year, plans, asked.as_of, asked.wanted), narrowing(asked.wanted)
    of_indicators = {plan.row.target.indicator_id: plan for plan in plans}
    return [
        plan_of_year(year, lines, asked.as_of, words),
        result_of_year(year, lines, of_indicators, asked.as_of, words),
    ]


def paragraphs(asked: Asked) -> list[str]:
    """How the counted targets of the term stand, to be copied into a report: the whole term, then each sector."""
    language, shot = active_language(), snapshot(_term(asked), asked.as_of)
    rows, whole, texts = counted_rows(shot), tally(shot), []
    if not narrowing(asked.wanted):
        texts = [review.overall(_list_called(shot, whole), rows, whole, language), *_published(asked)]
    kept = [row for row in rows if row_fits(row, asked.wanted)]
    for sector, group in groupby(kept, key=lambda row: row.target.indicator.sector):
        its = list(group)
        texts.append(review.of_sector(sector.name, its, tally_of(its, None), bool(whole.missing), language))
    return texts


def _list_called(shot: Snapshot, whole: Tally) -> str:
    """What the counted targets are those of: the term, or the plan of its last year where no others are known."""
    if whole.entered and whole.of_plans == whole.entered:
        return _("Plan of %(year)s") % {"year": shot.term.last_year}
    return shot.term.name


def _published(asked: Asked) -> list[str]:
    """The province's own count of the whole term, where it is known."""
    results = OfficialResult.objects.known_on(asked.as_of).filter(term=_term(asked), year__isnull=True)
    return [
        review.published(one.met_or_exceeded, one.declared_targets, str(one.source), active_language())
        for one in results.select_related("source")
    ]


def _term(asked: Asked) -> Term:
    if asked.term is None:
        raise ValueError("a review is that of a term")
    return asked.term

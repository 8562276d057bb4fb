"""The listing of a term's lines with its filter, and what every page says of its day; for the pages that show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any, Self
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from ...assessment import Status
from ...models import Agency, Sector, Term
from ...models.targets import Scope
from ...queries.responsible_agency import Responsibility
from ...queries.term_overview import (
    Filter,
    OverviewLine,
    Tally,
    TermOverview,
    filter_lines,
    sources_of,
    term_lines,
    term_overview,
)
from ...sentences.formatting import STATUS_LABEL
from ...text.vietnamese import vietnamese_order
from ..query_params import day_context, filter_of, page_number
from ..tables import TermTable, term_table

PER_PAGE = 100


@dataclass(frozen=True)
class Listing:
    """The lines of a term as known on a day, and those of them that fit the filter."""

    overview: TermOverview
    terms: list[Term]
    filter: Filter
    lines: list[OverviewLine]
    fitting: list[OverviewLine]

    @classmethod
    def of(cls, term: Term, as_of: date, listing_filter: Filter) -> Self:
        terms, overview = list(Term.objects.with_targets()), term_overview(term, as_of)
        lines = term_lines(overview, terms, listing_filter.scope)
        return cls(overview, terms, listing_filter, lines, filter_lines(lines, listing_filter))

    def context(self, request: HttpRequest, caption: str) -> dict[str, Any]:
        """Table, sources and day; what the filter offers, and `query`, which makes a download of the term keep it."""
        return {
            "term": self.overview.term,
            "terms": self.terms,
            "table": self._table(request, caption),
            "shown": len(self.fitting),
            "rests_on": sources_of(self.fitting),
            **day_context(self.overview.as_of),
            "listing_filter": self.filter,
            "query": "?" + urlencode(filter_of(request) | {"term": self.overview.term.last_year}),
            "sectors": Sector.objects.all(),
            "agencies": responsible_agencies(self.overview.responsibility),
            "statuses": [(status, STATUS_LABEL[status]) for status in Status],
            "scopes": Scope.choices,
        }

    def _table(self, request: HttpRequest, caption: str) -> TermTable:
        """The lines that fit, sorted and paged as the address asks."""
        table = term_table(self.fitting, self.terms, self.overview.term)
        table.caption, table.as_of_query = caption, day_context(self.overview.as_of)["as_of_query"]
        table.unfolded = self.filter.is_narrow
        table.order_by = request.GET.getlist(table.prefixed_order_by_field)
        table.paginate(page=page_number(request, pages=ceil(len(table.rows) / PER_PAGE)), per_page=PER_PAGE)
        return table


def page_of(request: HttpRequest, rows: Sequence[Any]) -> Page[Any]:
    """The page of `rows` that is asked for."""
    pages = Paginator(rows, PER_PAGE)
    return pages.page(page_number(request, pages.num_pages))


def tally_context(tally: Tally) -> dict[str, Any]:
    """The tally with its bar in thousandths: one stretch per verdict, then what is not in our list."""
    total = max(tally.entered + tally.missing, 1)
    counts: list[dict[str, Any]] = [
        {"status": status, "number": tally.counts[status]} for status in Status if tally.counts[status]
    ]
    bars, x = [], 0
    for count in [*counts, {"status": "unlisted", "number": tally.missing}]:
        width = round(1000 * count["number"] / total)
        # Three thousandths stay free, so that neighbours of one colour can be told apart.
        bars.append({"status": count["status"], "x": x, "width": max(width - 3, 0)})
        x += width
    return {"tally": tally, "counts": counts, "bars": bars}


def responsible_agencies(responsible: Responsibility) -> list[Agency]:
    """The agencies that answer for some indicator, by name."""
    return sorted(set(responsible.agencies.values()), key=lambda agency: vietnamese_order(agency.name))

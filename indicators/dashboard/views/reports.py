"""The page that lists every report, the official tables on paper, and the paragraphs to copy."""

from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from ...models import Sector, Term
from ...queries.responsible_agency import responsibility
from ...queries.year_plan import years_with_plans
from ...sentences.formatting import active_language, number
from ..decorators import dashboard
from ..exports.reports import REPORTS, Report
from ..official_tables import OfficialTable, narrowing, paragraphs, review_table, signatures, year_tables
from ..query_params import check_year, day_context, filter_of, report_selection, term_of_year
from ..report_selection import ReportSelection
from .listing import responsible_agencies


@dashboard
def reports(request: HttpRequest) -> HttpResponse:
    """Everything that can be taken away, narrowed as the visitor's filter says."""
    selection, terms = report_selection(request), list(Term.objects.with_targets())
    context = {
        "section": "reports",
        "selection": selection,
        "csv": [(report, _rows(report, selection)) for report in REPORTS],
        "terms": [term for term in terms if selection.term in (None, term)],
        "years": [
            year
            for year in years_with_plans(selection.as_of)
            if selection.term is None or selection.term.first_year <= year <= selection.term.last_year
        ],
        "narrowed_to": narrowing(selection.filter),
        "every_term": terms,
        "sectors": Sector.objects.all(),
        "agencies": responsible_agencies(responsibility(selection.as_of)),
        **_links(request),
        **day_context(selection.as_of),
    }
    return render(request, "indicators/reports.html", context)


def _rows(report: Report, selection: ReportSelection) -> str:
    """How many rows a report has; a dash where only reading it would tell."""
    count = report.count(selection)
    return number(None if count is None else Decimal(count))


def _links(request: HttpRequest) -> dict[str, str]:
    """The queries that the links of the page end in: the filter, for addresses that name the term the filter without it,
    and either with the language or format that a link is for."""
    query = filter_of(request)
    of_a_term = {name: value for name, value in query.items() if name != "term"}
    language = active_language()
    return {
        "query": _query(query),
        "term_query": _query(of_a_term),
        "language_query": _query(of_a_term, lang=language),
        "other_language_query": _query(of_a_term, lang="vi" if language == "en" else "en"),
        "excel_vn_query": _query(query, format="excel-vn"),
    }


def _query(values: dict[str, str], **more: str) -> str:
    """The values as what an address ends in; nothing for none."""
    text = urlencode({**values, **more})
    return f"?{text}" if text else ""


@dashboard
def term_print(request: HttpRequest, last_year: int) -> HttpResponse:
    """The review of a term on paper."""
    selection = report_selection(request, term_of_year(last_year))
    return _on_paper(request, [review_table(selection)], reverse("term_workbook", args=[last_year]))


@dashboard
def year_print(request: HttpRequest, year: int) -> HttpResponse:
    """Plan and result of a year on paper."""
    check_year(year)
    return _on_paper(request, year_tables(report_selection(request), year), reverse("year_workbook", args=[year]))


def _on_paper(request: HttpRequest, tables: list[OfficialTable], workbook: str) -> HttpResponse:
    place, blocks = signatures(tables[0].as_of)
    context = {"section": "reports", "tables": tables, "place": place, "signatures": blocks, "workbook": workbook}
    return render(request, "indicators/print_tables.html", context | day_context(tables[0].as_of) | _links(request))


@dashboard
def term_text(request: HttpRequest, last_year: int) -> HttpResponse:
    """The review of a term in sentences, to be copied into a report."""
    selection = report_selection(request, term_of_year(last_year))
    texts = paragraphs(selection)
    context = {
        "section": "reports",
        "term": selection.term,
        "text": "\n\n".join(texts),
        "lines": sum(2 + len(text) // 90 for text in texts),
        "narrowed_to": narrowing(selection.filter),
        **day_context(selection.as_of),
        **_links(request),
    }
    return render(request, "indicators/report_text.html", context)

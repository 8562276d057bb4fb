"""A term at a glance, for the projector, the terms side by side, and the plan of a year."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from ...models import Figure, OfficialResult, Term
from ...queries.term_comparison import compared_lines, compared_terms, courses
from ...queries.term_overview import (
    Filter,
    count_fitting,
    headline_lines,
    sources_behind,
    sources_of,
    tally,
    tally_of,
    term_lines,
    term_overview,
    term_overviews,
    used_by,
)
from ...queries.year_plan import plan_rows, years_with_plans
from ..decorators import dashboard
from ..query_params import day_context, day_of_page, requested_day, requested_filter, term_of_year
from .listing import Listing, page_of, tally_context


@dashboard
def overview(request: HttpRequest, last_year: int) -> HttpResponse:
    """How the targets of one term stand."""
    term, as_of, listing_filter = term_of_year(last_year), day_of_page(request), requested_filter(request)
    listing = Listing.of(term, as_of, listing_filter)
    lines, plans = listing.lines, listing.overview.plans
    context = {
        **listing.context(request, term.name),
        **tally_context(tally(listing.overview)),
        "section": "overview",
        "cards": [(line, plans.get(line.indicator.pk)) for line in headline_lines(listing.overview, lines)],
        "plan_year": listing.overview.plan_year,
        "shown": count_fitting(lines, listing_filter) if listing_filter.is_narrow else len(listing.fitting),
        "danger": count_fitting(lines, Filter(status="danger")),
        "untargeted": sum(line.row is None for line in lines),
        "newest": _newest(term, as_of),
        "official": OfficialResult.objects.of_term(term, as_of),
    }
    return render(request, "indicators/overview.html", context)


def _newest(term: Term, as_of: date) -> date | None:
    """The day on which the newest figure of the term's years came out."""
    figures = Figure.objects.published(as_of).filter(year__gte=term.first_year, year__lte=term.last_year)
    return figures.order_by("-published_on").values_list("published_on", flat=True).first()


@dashboard
def compare(request: HttpRequest) -> HttpResponse:
    """The terms side by side."""
    as_of, terms = day_of_page(request), list(Term.objects.with_targets())
    if not terms:
        return render(request, "indicators/nothing_yet.html", {"section": "compare"})
    overviews = term_overviews(terms, as_of)
    lines = compared_lines(overviews)
    drawn = courses(overviews, lines)
    page = page_of(request, max(lines, drawn, key=len))
    shown = slice(page.start_index() - 1, page.end_index())
    rows = [row for line in lines[shown] for row in line.rows if row]
    context = {
        "section": "compare",
        "terms": terms,
        "compared": compared_terms(overviews, as_of),
        "page": page,
        "lines": lines[shown],
        "courses": drawn[shown],
        "rests_on": sources_behind((row.target for row in rows), used_by(rows)),
        **day_context(as_of),
    }
    return render(request, "indicators/compare.html", context)


@dashboard
def year_detail(request: HttpRequest, year: int) -> HttpResponse:
    """The plan of one year, with the years before and after it a key away. Raises Http404 for a year of no term."""
    as_of = day_of_page(request)
    term = Term.objects.filter(first_year__lte=year, last_year__gte=year).first()
    if term is None:
        raise Http404
    years, rows = years_with_plans(as_of), plan_rows(year, as_of)
    official = OfficialResult.objects.known_on(as_of).filter(year=year).select_related("source").first()
    rows_of_plans = [plan.row for plan in rows]
    whole = [row for row in rows_of_plans if row.target.indicator.parent_id is None]
    context = {
        "section": "years",
        "year": year,
        "term": term,
        "years": years,
        "rows": rows,
        "official": official,
        **tally_context(tally_of(whole, None)),
        "previous": max((earlier for earlier in years if earlier < year), default=None),
        "next": min((later for later in years if later > year), default=None),
        "rests_on": sources_behind((row.target for row in rows_of_plans), used_by(rows_of_plans)),
        **day_context(as_of),
    }
    return render(request, "indicators/year.html", context)


@dashboard
def present(request: HttpRequest, last_year: int) -> HttpResponse:
    """One term for the projector: an indicator a screen. The page needs nothing more once it is loaded."""
    term, as_of = term_of_year(last_year), requested_day(request)
    overview = term_overview(term, as_of)
    lines = [line for line in term_lines(overview, [term]) if line.row is not None]
    rests_on = sources_of(lines)
    by_code = {source.code: source for source in rests_on}
    context = {
        "term": term,
        "slides": [(line, by_code.get(line.shown.source) if line.shown else None) for line in lines],
        "rests_on": rests_on,
        **tally_context(tally(overview)),
        **day_context(as_of),
    }
    return render(request, "indicators/present.html", context)

"""HTTP: pages that set terms and years side by side, or show them without the frame."""

from dataclasses import replace
from urllib.parse import urlencode

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_exempt

from ..access import dashboard
from ..models import Agency, Indicator, OfficialResult, Sector, Term
from ..office.completeness import reporting
from ..present.indicator_page import indicator_page
from ..standings.comparison import compared_lines, compared_terms, courses
from ..standings.listing import (
    Filter,
    count_fitting,
    narrowed,
    snapshot,
    snapshots,
    sources_behind,
    sources_of,
    tally,
    tally_of,
    term_lines,
    used_by,
)
from ..standings.year_plan import plan_rows, years_with_plans
from .pages import day_context, listing, listing_context, present_term, tally_context
from .parameters import as_of as wanted_day
from .parameters import listing_filter, term_of_year, wanted_term


@dashboard
def compare(request: HttpRequest) -> HttpResponse:
    """The terms side by side."""
    as_of, terms = wanted_day(request), list(Term.objects.all())
    if not terms:
        return render(request, "indicators/nothing_yet.html", {"section": "compare"})
    shots = snapshots(terms, as_of)
    lines = compared_lines(shots)
    rows = [row for line in lines for row in line.rows if row]
    context = {
        "section": "compare",
        "terms": terms,
        "compared": compared_terms(shots, as_of),
        "lines": lines,
        "courses": courses(shots, lines),
        "rests_on": sources_behind((row.target for row in rows), used_by(rows)),
        **day_context(as_of),
    }
    return render(request, "indicators/compare.html", context)


@dashboard
def year(request: HttpRequest, year: int) -> HttpResponse:
    """The plan of one year, with the years before and after it a key away."""
    as_of = wanted_day(request)
    term = Term.objects.filter(first_year__lte=year, last_year__gte=year).first()
    if term is None:
        raise Http404
    years, rows = years_with_plans(as_of), plan_rows(year, as_of)
    official = OfficialResult.objects.known_on(as_of).filter(year=year).select_related("source").first()
    whole = [one.row for one in rows if one.row.target.indicator.parent_id is None]
    context = {
        "section": "years",
        "year": year,
        "term": term,
        "years": years,
        "rows": rows,
        "official": official,
        **tally_context(tally_of(whole, None)),
        "previous": max((one for one in years if one < year), default=None),
        "next": min((one for one in years if one > year), default=None),
        "rests_on": sources_behind((one.row.target for one in rows), used_by(one.row for one in rows)),
        **day_context(as_of),
    }
    return render(request, "indicators/year.html", context)


@dashboard
def sector(request: HttpRequest, code: str) -> HttpResponse:
    """The listing of one sector."""
    found = get_object_or_404(Sector, code=code)
    return _narrowed_to(request, found.name, "sector", found.code)


@dashboard
def agency(request: HttpRequest, code: str) -> HttpResponse:
    """The listing of what one agency answers for."""
    found, as_of = get_object_or_404(Agency.objects.select_related("successor"), code=code), wanted_day(request)
    heir = found.successor if found.valid_to and found.valid_to < as_of else None
    return _narrowed_to(request, found.name, "agency", found.code, due=reporting(found, as_of), ended=found, heir=heir)


def _narrowed_to(request: HttpRequest, title: str, name: str, code: str, **more: object) -> HttpResponse:
    """The listing of a term where the filter `name` is `code`; its downloads are narrowed alike.

    The term is the one asked for, else that of the day. `more` is what the page shows besides.
    """
    as_of = wanted_day(request)
    term = wanted_term(request) or present_term(as_of)
    if term is None:
        return render(request, "indicators/nothing_yet.html", {"section": "indicators"})
    asked = replace(listing_filter(request), show_all=True)
    wanted = replace(asked, sector=code) if name == "sector" else replace(asked, agency=code)
    terms = list(Term.objects.all())
    shot = snapshot(term, as_of)
    kept = narrowed(term_lines(shot, terms, wanted.scope), wanted)
    offered = listing_context(request, wanted, shot)
    context = {
        "section": "indicators",
        "title": title,
        "term": term,
        "terms": terms,
        "fixed": name,
        "narrowed_to": code,
        "table": listing(request, kept, terms, term, as_of, title, wanted),
        "shown": len(kept),
        "danger": count_fitting(kept, Filter(status="danger")),
        "rests_on": sources_of(kept),
        **day_context(as_of),
        **offered,
        "query": f"{offered['query']}&{urlencode({name: code})}",
        **more,
    }
    return render(request, "indicators/narrowed.html", context)


@dashboard
def present(request: HttpRequest, last_year: int) -> HttpResponse:
    """One term for the projector: an indicator a screen. The page needs nothing more once it is loaded."""
    term, as_of = term_of_year(last_year), wanted_day(request)
    shot = snapshot(term, as_of)
    lines = [line for line in term_lines(shot, [term]) if line.row is not None]
    rests_on = sources_of(lines)
    by_code = {source.code: source for source in rests_on}
    context = {
        "term": term,
        "slides": [(line, by_code.get(line.shown.source) if line.shown else None) for line in lines],
        "rests_on": rests_on,
        **tally_context(tally(shot)),
        **day_context(as_of),
    }
    return render(request, "indicators/present.html", context)


@xframe_options_exempt
@dashboard
def embed(request: HttpRequest, code: str) -> HttpResponse:
    """One chart to be framed by the origins that EMBED_ORIGINS names, and by no other."""
    found = get_object_or_404(Indicator, code=code)
    as_of = wanted_day(request)
    page = indicator_page(found, as_of)
    chart = page["chart"] or page["shares"]
    if chart is None:
        raise Http404
    context = {"indicator": found, "chart": chart, **day_context(as_of)}
    allowed = csp_replace({"frame-ancestors": settings.EMBED_ORIGINS or [NONE]})
    response = allowed(render)(request, "indicators/embed.html", context)  # type: ignore[arg-type, call-arg]
    if settings.EMBED_ORIGINS:
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response  # type: ignore[return-value]

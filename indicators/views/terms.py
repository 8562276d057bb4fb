"""HTTP: pages that set terms and years side by side, or show them without the frame."""

from dataclasses import replace

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt

from ..access import dashboard
from ..comparison import compared_lines, compared_terms
from ..indicator_page import indicator_page
from ..models import Agency, Indicator, Sector, Term
from ..overview import narrowed, snapshot, tally, term_lines
from ..year_plan import plan_rows, years_with_plans
from .pages import day_context, listing, listing_context, present_term
from .parameters import as_of as wanted_day
from .parameters import listing_filter, term_of_year


@dashboard
def compare(request: HttpRequest) -> HttpResponse:
    """The terms side by side."""
    as_of, terms = wanted_day(request), list(Term.objects.all())
    if not terms:
        return render(request, "indicators/nothing_yet.html", {"section": "compare"})
    last = terms[-1]
    context = {
        "section": "compare",
        "compared": compared_terms(terms, as_of),
        "lines": compared_lines(terms, as_of),
        "headlines": [line for line in term_lines(snapshot(last, as_of), [last]) if line.indicator.headline],
        **day_context(as_of),
    }
    return render(request, "indicators/compare.html", context)


@dashboard
def year(request: HttpRequest, year: int) -> HttpResponse:
    """The plan of one year, with the years before and after it a key away."""
    as_of = wanted_day(request)
    years = years_with_plans(as_of)
    if not Term.objects.filter(first_year__lte=year, last_year__gte=year).exists():
        raise Http404
    context = {
        "section": "years",
        "year": year,
        "rows": plan_rows(year, as_of),
        "previous": max((one for one in years if one < year), default=None),
        "next": min((one for one in years if one > year), default=None),
        **day_context(as_of),
    }
    return render(request, "indicators/year.html", context)


@dashboard
def sector(request: HttpRequest, code: str) -> HttpResponse:
    """The listing of one sector."""
    found = get_object_or_404(Sector, code=code)
    return _narrowed_to(request, found.name, sector=found.code)


@dashboard
def agency(request: HttpRequest, code: str) -> HttpResponse:
    """The listing of what one agency answers for."""
    found = get_object_or_404(Agency, code=code)
    return _narrowed_to(request, found.name, agency=found.code)


def _narrowed_to(request: HttpRequest, title: str, *, sector: str = "", agency: str = "") -> HttpResponse:
    term, as_of = present_term(timezone.localdate()), wanted_day(request)
    if term is None:
        return render(request, "indicators/nothing_yet.html", {"section": "indicators"})
    asked = listing_filter(request)
    wanted = replace(asked, show_all=True, sector=sector or asked.sector, agency=agency or asked.agency)
    terms = list(Term.objects.all())
    kept = narrowed(term_lines(snapshot(term, as_of), terms, wanted.scope), wanted)
    context = {
        "section": "indicators",
        "title": title,
        "term": term,
        "table": listing(request, kept, terms, term, as_of, title, wanted),
        "shown": len(kept),
        **day_context(as_of),
        **listing_context(request, wanted, term),
    }
    return render(request, "indicators/narrowed.html", context)


@dashboard
def present(request: HttpRequest, last_year: int) -> HttpResponse:
    """One term for the projector: an indicator a screen. The page needs nothing more once it is loaded."""
    term, as_of = term_of_year(last_year), wanted_day(request)
    shot = snapshot(term, as_of)
    lines = [line for line in term_lines(shot, [term]) if line.row is not None]
    context = {"term": term, "tally": tally(shot), "lines": lines, **day_context(as_of)}
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
    return allowed(render)(request, "indicators/embed.html", context)  # type: ignore[arg-type, call-arg, return-value]

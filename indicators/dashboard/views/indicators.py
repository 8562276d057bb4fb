"""The indicators, all of them, of a sector or of an agency; one with its chart, with a what-if, or framed elsewhere."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from ...core.language import active_language
from ...models import Agency, Indicator, Sector
from ...queries.progress import ProgressRow
from ...queries.term_overview import Filter, count_fitting
from ...queries.what_if import growth_path, is_running, judge_what_if, open_years
from ...workflow.completeness import overdue_reports
from ..charts import add_what_if
from ..decorators import dashboard
from ..forms import WhatIfForm
from ..indicator_page import indicator_page
from ..query_params import day_context, day_of_page, present_term, requested_day, requested_filter, requested_term
from .listing import Listing


@dashboard
def indicator_list(request: HttpRequest) -> HttpResponse:
    """Every indicator, whether it has a target or not, with its verdict in the present term."""
    as_of = day_of_page(request)
    term = present_term(as_of)
    if term is None:
        return render(request, "indicators/nothing_yet.html", {"section": "indicators"})
    listing = Listing.of(term, as_of, replace(requested_filter(request), show_all=True))
    context = listing.context(request, _("All indicators")) | {"section": "indicators"}
    return render(request, "indicators/indicators.html", context)


@dashboard
def sector_detail(request: HttpRequest, code: str) -> HttpResponse:
    """The listing of one sector."""
    sector = get_object_or_404(Sector, code=code)
    return _narrowed_to(request, sector.name, "sector", code)


@dashboard
def agency_detail(request: HttpRequest, code: str) -> HttpResponse:
    """The listing of what one agency answers for."""
    agency, as_of = get_object_or_404(Agency.objects.select_related("successor"), code=code), day_of_page(request)
    heir = agency.successor if agency.valid_to and agency.valid_to < as_of else None
    due = overdue_reports(agency, as_of)
    return _narrowed_to(request, agency.name, "agency", code, due=due, ended=agency, heir=heir)


def _narrowed_to(request: HttpRequest, title: str, name: str, code: str, **more: object) -> HttpResponse:
    """The listing of a term where the filter `name` is `code`; its downloads are narrowed alike.

    The term is the one asked for, else that of the day. `more` is what the page shows besides.
    """
    as_of = day_of_page(request)
    term = requested_term(request) or present_term(as_of)
    if term is None:
        return render(request, "indicators/nothing_yet.html", {"section": "indicators"})
    # A sector or an agency shows all that belongs to it, whether it has a target in this term or not.
    listing_filter = replace(requested_filter(request), show_all=True, **{name: code})  # type: ignore[arg-type]
    listing = Listing.of(term, as_of, listing_filter)
    context = listing.context(request, title)
    context |= {
        "section": "indicators",
        "title": title,
        "fixed": name,
        "narrowed_to": code,
        "danger": count_fitting(listing.fitting, Filter(status="danger")),
        "query": f"{context['query']}&{urlencode({name: code})}",
    }
    return render(request, "indicators/narrowed.html", context | more)


@dashboard
def indicator_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: verdicts, chart, every version of every figure, targets, parts."""
    indicator = get_object_or_404(Indicator.objects.select_related("sector", "parent", "successor"), code=code)
    as_of = day_of_page(request)
    context = indicator_page(indicator, as_of)
    context |= _what_if_context(request, [term["row"] for term in context["terms"] if term["row"]], as_of)
    what_if = context.get("what_if")
    if context["chart"] and what_if:
        add_what_if(context["chart"], indicator, what_if.values)
    status = 400 if what_if and context["what_if_form"].errors else 200
    context |= day_context(as_of) | {"section": "indicators", "embed_address": _embed_address(code)}
    return render(request, "indicators/indicator.html", context, status=status)


def _embed_address(code: str) -> str:
    """Where other sites find the chart to frame it; empty while no site may."""
    return f"{settings.SITE_URL}{reverse('embed', args=[code])}" if settings.EMBED_ORIGINS else ""


def _what_if_context(request: HttpRequest, rows: list[ProgressRow], as_of: date) -> dict[str, Any]:
    """The latest running target with the values the visitor assumes for its open years; empty when none is running."""
    row = next((row for row in reversed(rows) if is_running(row, as_of)), None)
    if row is None:
        return {}
    language, can_grow = active_language(), bool(growth_path(row, Decimal(0)))
    form = WhatIfForm(
        request.GET,
        language=language,
        years=open_years(row),
        indicator=row.target.indicator,
        near=row.latest.value if row.latest else None,
        can_grow=can_grow,
    )
    if form.is_valid():
        form.fill(language)
    # A year that was typed counts before the growth that fills the others.
    values = form.values if form.growth is None else growth_path(row, form.growth) | form.values
    return {"what_if": judge_what_if(row, values, as_of), "what_if_form": form}


@xframe_options_exempt
@dashboard
def embed(request: HttpRequest, code: str) -> HttpResponse:
    """One chart to be framed by the origins that EMBED_ORIGINS names, and by no other. Raises Http404 without a chart."""
    indicator = get_object_or_404(Indicator, code=code)
    as_of = requested_day(request)
    page = indicator_page(indicator, as_of)
    chart = page["chart"] or page["shares"]
    if chart is None:
        raise Http404
    context = {"indicator": indicator, "chart": chart, **day_context(as_of)}
    allowed = csp_replace({"frame-ancestors": settings.EMBED_ORIGINS or [NONE]})
    response = allowed(render)(request, "indicators/embed.html", context)  # type: ignore[arg-type, call-arg]
    # A page that isolates itself frames only what says that it may come from elsewhere.
    if settings.EMBED_ORIGINS:
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response  # type: ignore[return-value]

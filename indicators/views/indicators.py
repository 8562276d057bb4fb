"""HTTP: the pages of the dashboard."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ..access import dashboard
from ..assessment import Status
from ..entry.forms import SupposedForm
from ..models import Agency, Figure, Indicator, OfficialResult, Sector, Term
from ..models.targets import Scope
from ..notation.alphabet import vietnamese_order
from ..office.responsibility import Responsibility
from ..present.charts import add_supposed
from ..present.indicator_page import indicator_page
from ..present.tables import TermTable, term_table
from ..progress import ProgressRow
from ..standings.listing import (
    Filter,
    Line,
    Snapshot,
    Tally,
    count_fitting,
    narrowed,
    snapshot,
    sources_of,
    tally,
    term_lines,
)
from ..standings.whatif import grown, is_running, open_years, suppose
from ..wording import STATUS_LABEL, active_language
from .parameters import as_of as wanted_day
from .parameters import filter_of, listing_filter, page_number, term_of_year

PER_PAGE = 100


@dashboard
def home(request: HttpRequest) -> HttpResponse:
    """The term whose years contain today, else the nearest that has targets; a page of its own when there is none."""
    term = present_term(wanted_day(request))
    if term is None:
        return render(request, "indicators/nothing_yet.html", {"section": "overview"})
    return _overview(request, term.last_year)


def present_term(today: date) -> Term | None:
    """The term to show first: among those with targets, the one nearest to this year."""
    terms = Term.objects.filter(targets__isnull=False).distinct()

    def distance(term: Term) -> int:
        return max(term.first_year - today.year, today.year - term.last_year, 0)

    return min(terms, key=distance, default=None)


@dashboard
def overview(request: HttpRequest, last_year: int) -> HttpResponse:
    """How the targets of one term stand."""
    return _overview(request, last_year)


def _overview(request: HttpRequest, last_year: int) -> HttpResponse:
    term, as_of, wanted = term_of_year(last_year), wanted_day(request), listing_filter(request)
    terms = list(Term.objects.all())
    shot = snapshot(term, as_of)
    lines = term_lines(shot, terms, wanted.scope)
    kept = narrowed(lines, wanted)
    context = {
        "section": "overview",
        "term": term,
        "terms": terms,
        "cards": [line for line in lines if line.indicator.headline],
        "table": listing(request, kept, terms, term, as_of, term.name, wanted),
        "shown": count_fitting(lines, wanted) if wanted.is_narrow else len(kept),
        "danger": count_fitting(lines, Filter(status="danger")),
        "untargeted": sum(line.row is None for line in lines),
        "rests_on": sources_of(kept),
        "newest": Figure.objects.published(as_of)
        .filter(year__gte=term.first_year, year__lte=term.last_year)
        .order_by("-published_on")
        .values_list("published_on", flat=True)
        .first(),
        "official": OfficialResult.objects.known_on(as_of)
        .filter(Q(year__isnull=True) | Q(year=term.last_year), term=term)
        .select_related("source"),
        **tally_context(tally(shot)),
        **day_context(as_of),
        **listing_context(request, wanted, shot),
    }
    return render(request, "indicators/overview.html", context)


def listing(
    request: HttpRequest, lines: list[Line], terms: list[Term], term: Term, as_of: date, caption: str, wanted: Filter
) -> TermTable:
    """The table of `lines`, sorted and paged as the address asks."""
    table = term_table(lines, terms, term)
    table.caption, table.kept = caption, day_context(as_of)["kept"]
    table.unfolded = wanted.is_narrow
    table.order_by = request.GET.getlist(table.prefixed_order_by_field)
    table.paginate(page=page_number(request, pages=ceil(len(table.rows) / PER_PAGE)), per_page=PER_PAGE)
    return table


def tally_context(counted: Tally) -> dict[str, Any]:
    """The tally with its bar in thousandths: one stretch per verdict, then what is not in our list."""
    total = max(counted.entered + counted.missing, 1)
    counts: list[dict[str, Any]] = [
        {"status": status, "number": counted.counts[status]} for status in Status if counted.counts[status]
    ]
    bars, x = [], 0
    for one in [*counts, {"status": "unlisted", "number": counted.missing}]:
        width = round(1000 * one["number"] / total)
        bars.append({"status": one["status"], "x": x, "width": max(width - 3, 0)})
        x += width
    return {"tally": counted, "counts": counts, "bars": bars}


def day_context(as_of: date) -> dict[str, Any]:
    """The day asked for, and how to carry it along in links when it is not today."""
    today = timezone.localdate()
    past = f"as_of={as_of.isoformat()}" if as_of < today else ""
    return {
        "as_of": as_of,
        "today": today,
        "is_past": as_of < today,
        "kept": f"?{past}" if past else "",
        "and_as_of": f"&{past}" if past else "",
    }


def agencies_on_duty(duty: Responsibility) -> list[Agency]:
    """The agencies that answer for some indicator, by name."""
    return sorted(set(duty.agencies.values()), key=lambda agency: vietnamese_order(agency.name))


def listing_context(request: HttpRequest, wanted: Filter, shot: Snapshot) -> dict[str, Any]:
    """What the filter form offers and shows, and `query`, which makes a download of the term keep the filter."""
    return {
        "wanted": wanted,
        "query": "?" + urlencode(filter_of(request) | {"term": shot.term.last_year}),
        "sectors": Sector.objects.all(),
        "agencies": agencies_on_duty(shot.duty),
        "statuses": [(status, STATUS_LABEL[status]) for status in Status],
        "scopes": Scope.choices,
    }


@dashboard
def indicators(request: HttpRequest) -> HttpResponse:
    """Every indicator, whether it has a target or not, with its verdict in the present term."""
    as_of = wanted_day(request)
    term = present_term(as_of)
    if term is None:
        return render(request, "indicators/nothing_yet.html", {"section": "indicators"})
    wanted = replace(listing_filter(request), show_all=True)
    terms = list(Term.objects.all())
    shot = snapshot(term, as_of)
    kept = narrowed(term_lines(shot, terms, wanted.scope), wanted)
    context = {
        "section": "indicators",
        "table": listing(request, kept, terms, term, as_of, _("All indicators"), wanted),
        "shown": len(kept),
        "rests_on": sources_of(kept),
        **day_context(as_of),
        **listing_context(request, wanted, shot),
    }
    return render(request, "indicators/indicators.html", context)


@dashboard
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: verdicts, chart, every version of every figure, targets, parts."""
    found = get_object_or_404(Indicator.objects.select_related("sector", "parent"), code=code)
    as_of = wanted_day(request)
    context = indicator_page(found, as_of)
    context |= _what_if(request, [one.row for one in context["standings"] if one.row], as_of)
    if context["chart"] and context.get("supposed"):
        add_supposed(context["chart"], found, context["supposed"].values)
    status = 400 if context.get("not_understood") else 200
    shown = context | day_context(as_of) | {"section": "indicators", "embed_address": _embed_address(code)}
    return render(request, "indicators/indicator.html", shown, status=status)


def _embed_address(code: str) -> str:
    """Where other sites find the chart to frame it; empty while no site may."""
    return f"{settings.SITE_URL}{reverse('embed', args=[code])}" if settings.EMBED_ORIGINS else ""


def _what_if(request: HttpRequest, rows: list[ProgressRow], as_of: date) -> dict[str, Any]:
    """The latest running target with what the visitor supposes of its open years; empty when none is running."""
    row = next((row for row in reversed(rows) if is_running(row, as_of)), None)
    if row is None:
        return {}
    language, grows = active_language(), bool(grown(row, Decimal(0)))
    form = SupposedForm(
        request.GET,
        language=language,
        years=open_years(row),
        indicator=row.target.indicator,
        near=row.latest.value if row.latest else None,
        grows=grows,
    )
    understood = form.is_valid()
    growth = form.growth
    values = form.values if growth is None else grown(row, growth) | form.values
    if understood:
        form.fill(language)
    return {"supposed": suppose(row, values, as_of), "suppose_form": form, "not_understood": not understood}

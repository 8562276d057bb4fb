"""Sources, and the method in the users' words."""

from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from ... import assessment
from ...models import Figure, OfficialResult, Source, Target
from ...public.records import public_sources
from ...workflow.permissions import Action, may
from ..decorators import dashboard
from ..query_params import day_context, day_of_page


@dashboard
def source_list(request: HttpRequest) -> HttpResponse:
    """Every source with how many figures and targets rest on it."""
    as_of = day_of_page(request)
    figures, targets = _counts(Figure.objects.published(as_of)), _counts(Target.objects.published(as_of))
    sources = _shown(request, as_of).order_by("-issued_on", "code")
    rows = [(source, figures.get(source.pk, 0), targets.get(source.pk, 0)) for source in sources]
    return render(request, "indicators/sources.html", {"section": "sources", "rows": rows, **day_context(as_of)})


def _shown(request: HttpRequest, as_of: date) -> QuerySet[Source]:
    """The sources that something public rests on; for staff all, as they have to find those they add."""
    return Source.objects.all() if may(request.user, Action.SEE_EVERY_SOURCE) else public_sources(as_of)


def _counts(records: QuerySet[Any]) -> dict[int, int]:
    """How many of `records` rest on each source, by its primary key."""
    return dict(records.order_by().values_list("source").annotate(Count("pk")))


@dashboard
def source_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One source, and everything that rests on it with its quote."""
    as_of = day_of_page(request)
    source = get_object_or_404(_shown(request, as_of), code=code)
    figures = Figure.objects.published(as_of).filter(source=source).select_related("indicator")
    context = {
        "section": "sources",
        "source": source,
        "figures": figures.order_by("indicator__sector__order", "indicator__order", "year", "through_month"),
        "targets": Target.objects.published(as_of).filter(source=source).select_related("indicator", "term"),
        "aggregates": source.aggregates.published(as_of).select_related("indicator"),
        "comparisons": source.comparisons.known_on(as_of).select_related("indicator"),
        "results": OfficialResult.objects.known_on(as_of).filter(source=source).select_related("term"),
        **day_context(as_of),
    }
    return render(request, "indicators/source.html", context)


@dashboard
def method(request: HttpRequest) -> HttpResponse:
    """How targets are judged, with the thresholds that the code uses."""
    context = {
        "section": "method",
        "on_track": assessment.ON_TRACK,
        "at_risk": assessment.AT_RISK,
        "acceleration": assessment.ACCELERATION_LIMIT,
        "acceleration_floor": assessment.ACCELERATION_FLOOR,
        "about": assessment.ABOUT * 100,
        "too_early": assessment.TOO_EARLY * 100,
        "stale": assessment.STALE_MONTHS,
        "grace": assessment.GRACE_MONTHS,
        "nearly": assessment.NEARLY * 100,
        "precedent_years": assessment.PRECEDENT_YEARS,
        "statuses": list(assessment.Status),
    }
    return render(request, "indicators/method.html", context)

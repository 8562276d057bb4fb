"""HTTP: sources, and the method in the users' words."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from .. import assessment
from ..access import dashboard
from ..models import Figure, Source, Target
from .pages import day_context
from .parameters import as_of as wanted_day


@dashboard
def sources(request: HttpRequest) -> HttpResponse:
    """Every source with how many figures and targets rest on it."""
    as_of = wanted_day(request)
    found = Source.objects.annotate(target_count=Count("targets", distinct=True)).order_by("-issued_on", "code")
    figures = Figure.objects.published(as_of).order_by().values_list("source").annotate(Count("pk"))
    counts = dict(figures)
    rows = [(source, counts.get(source.pk, 0)) for source in found]
    return render(request, "indicators/sources.html", {"section": "sources", "rows": rows})


@dashboard
def source(request: HttpRequest, code: str) -> HttpResponse:
    """One source, and each figure and target that rests on it with its quote."""
    found = get_object_or_404(Source, code=code)
    as_of = wanted_day(request)
    figures = Figure.objects.published(as_of).filter(source=found).select_related("indicator")
    context = {
        "section": "sources",
        "source": found,
        "figures": figures.order_by("indicator__sector__order", "indicator__order", "year", "through_month"),
        "targets": Target.objects.filter(source=found, decided_on__lte=as_of).select_related("indicator", "term"),
        "aggregates": found.aggregates.filter(published_on__lte=as_of).select_related("indicator"),
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
        "statuses": list(assessment.Status),
    }
    return render(request, "indicators/method.html", context)

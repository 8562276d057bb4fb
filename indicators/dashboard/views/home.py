"""The first page: what an official wants to know before a meeting."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ...models import OfficialResult, Term
from ...queries.home import Home, Standing, newest_figures
from ...queries.home import home as home_on
from ...queries.term_overview import TermOverview, sources_behind, tally, used_by
from ...workflow.explanations import KnownRequest, known_requests
from ..decorators import dashboard
from ..query_params import day_context, day_of_page
from .listing import tally_context

FIRST = 3  # what is in danger fills the first screen of a phone together with the headline; the others unfold


@dashboard
def home(request: HttpRequest) -> HttpResponse:
    """What is in danger today, the main indicators, a line for each term and what came out last."""
    as_of = day_of_page(request)
    overview = home_on(as_of)
    if not overview.terms and not Term.objects.with_targets().exists():
        return render(request, "indicators/nothing_yet.html", {"section": "home"})
    danger, missed = _explained(overview.danger, as_of), [(standing, None) for standing in overview.missed]
    context = {
        "section": "home",
        "home": overview,
        "first": danger[:FIRST],
        "further": danger[FIRST:],
        "awaited": sum(map(len, overview.awaited.values())),
        "missed": missed[:FIRST],
        "missed_further": missed[FIRST:],
        "complete_tally": tally(overview.complete) if overview.complete else None,
        "terms": _terms(overview.terms, as_of),
        "newest": newest_figures(as_of),
        "rests_on": _sources(overview),
        **day_context(as_of),
    }
    return render(request, "indicators/home.html", context)


def _explained(standings: list[Standing], as_of: date) -> list[tuple[Standing, KnownRequest | None]]:
    """Each with the latest request to explain its worst verdict, if there is one."""
    explanations = known_requests([standing.in_danger[0].target for standing in standings], as_of)
    return [
        (standing, next(iter(explanations.get(standing.in_danger[0].target.pk, ())), None)) for standing in standings
    ]


def _terms(overviews: list[TermOverview], as_of: date) -> list[dict[str, Any]]:
    """Each term with its counts, and the province's own of the whole term where it published one."""
    results = OfficialResult.objects.known_on(as_of).filter(year__isnull=True)
    official = {result.term_id: result for result in results}
    return [
        {"term": overview.term, "official": official.get(overview.term.pk), **tally_context(tally(overview))}
        for overview in overviews
    ]


def _sources(overview: Home) -> Any:
    """The documents behind what is told of verdicts and behind the figures on the cards."""
    rows = [row for standing in (*overview.danger, *overview.missed) for row in standing.in_danger]
    figures = [card.line.latest for card in overview.cards if card.line.latest]
    return sources_behind((row.target for row in rows), [*used_by(rows), *figures])

"""HTTP: CSV downloads. Addresses carry no language; `?lang=en` changes nothing in machine files."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from .. import exports
from ..access import dashboard
from ..models import Figure, Indicator, Target, Term
from ..overview import Filter, narrowed, row_fits, snapshot, term_lines
from ..progress import progress
from .parameters import as_of as wanted_day
from .parameters import listing_filter, term_of_year


@dashboard
def reports(request: HttpRequest) -> HttpResponse:
    """Every download, one line each."""
    return render(request, "indicators/reports.html", {"section": "reports", "terms": Term.objects.all()})


@dashboard
def figures_csv(request: HttpRequest) -> HttpResponseBase:
    """Every approved version of every figure of the wanted indicators."""
    as_of, term, wanted = wanted_day(request), _wanted_term(request), listing_filter(request)
    figures = Figure.objects.published(as_of).filter(**_of_wanted_indicators(term, as_of, wanted))
    if term:
        figures = figures.filter(year__gte=term.first_year, year__lte=term.last_year)
    return _csv(request, "figures", term, as_of, exports.figure_columns(), exports.figure_rows(figures))


@dashboard
def targets_csv(request: HttpRequest) -> HttpResponseBase:
    """Every target decided by that day, with those it replaced."""
    as_of, term, wanted = wanted_day(request), _wanted_term(request), listing_filter(request)
    targets = _targets_of(term, wanted).filter(decided_on__lte=as_of, **_of_wanted_indicators(term, as_of, wanted))
    return _csv(request, "targets", term, as_of, exports.target_columns(), exports.target_rows(targets))


@dashboard
def progress_csv(request: HttpRequest) -> HttpResponseBase:
    """The progress report: one row per target in force, with its verdict and the sentence.

    Here the filter asks of each row what the page asks of its lines, verdict included.
    """
    as_of, term, wanted = wanted_day(request), _wanted_term(request), listing_filter(request)
    rows = [row for row in progress(as_of, _targets_of(term, wanted)) if row_fits(row, wanted)]
    return _csv(request, "progress", term, as_of, exports.PROGRESS_COLUMNS, exports.progress_cells(rows))


def _wanted_term(request: HttpRequest) -> Term | None:
    year = request.GET.get("term", "")
    if not year:
        return None
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise BadRequest(_("“%(text)s” is not a target year such as 2025.") % {"text": year})
    return term_of_year(int(year))


def _targets_of(term: Term | None, wanted: Filter) -> QuerySet[Target]:
    targets = Target.objects.filter(term=term) if term else Target.objects.all()
    if term and (wanted.status or wanted.counted):  # the verdicts of the page are those of the term's last year
        targets = targets.filter(last_year=term.last_year)
    return targets.filter(scope=wanted.scope) if wanted.scope else targets


def _of_wanted_indicators(term: Term | None, as_of: date, wanted: Filter) -> dict[str, Any]:
    """The filter of the page the visitor came from, as a condition on indicators; nothing without one."""
    if not (wanted.is_narrow or wanted.scope):
        return {}
    if term is None:
        if wanted.status or wanted.counted:
            raise BadRequest(_("A verdict is that of a term: add one, such as term=2025."))
        found = Indicator.objects.filter(
            **({"sector__code": wanted.sector} if wanted.sector else {}),
            **({"agency__code": wanted.agency} if wanted.agency else {}),
        )
        return {"indicator__in": found.matching(wanted.q) if wanted.q else found}
    lines = narrowed(term_lines(snapshot(term, as_of), [term], wanted.scope), wanted)
    return {"indicator__in": [row.indicator.pk for line in lines for row in (line, *line.parts)]}


def _csv(
    request: HttpRequest, name: str, term: Term | None, as_of: date, columns: Iterable[str], rows: Iterable[Any]
) -> HttpResponseBase:
    """A streamed CSV file whose name says what it holds, of which term, as of when, in which form."""
    form = exports.FORMS.get(request.GET.get("format", "machine"))
    if form is None:
        raise BadRequest(_("The format is one of: %(known)s.") % {"known": ", ".join(exports.FORMS)})
    lines = _begun(exports.csv_lines(columns, rows, form))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    parts = [name, *([str(term.last_year)] if term else []), as_of.isoformat(), *([form.name] if form.mark else [])]
    response["Content-Disposition"] = f'attachment; filename="{"-".join(parts)}.csv"'
    return response


def _begun(lines: Iterator[str]) -> Iterator[str]:
    """The same lines, the first of them already read: what cannot be read at all fails before the answer has begun."""
    first = list(islice(lines, 2))

    def resumed() -> Iterator[str]:
        yield from first
        yield from lines

    return resumed()

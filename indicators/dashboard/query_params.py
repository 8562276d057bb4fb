"""What a visitor asks for in an address, parsed by one parser each. What cannot be understood is a clear 400."""

import re
from datetime import date
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..assessment import Status
from ..models import Agency, Sector, Term
from ..models.targets import Scope
from ..queries.term_overview import Filter
from ..text.numbers import read_date
from .report_selection import ReportSelection

# What narrows a listing and the files that are offered beside it.
FILTER = ("term", "as_of", "sector", "agency", "status", "scope", "counted", "q", "show")
_COUNTED = {"": None, "1": True, "true": True, "0": False, "false": False}


class InvalidDay(BadRequest):
    """The page that answers it says at once what is wrong."""

    title = gettext_lazy("This day is not valid")


def requested_day(request: HttpRequest) -> date:
    """The day whose knowledge is asked for; today in Lạng Sơn when none is given.

    Raises BadRequest for what is no day, and for a day to come.
    """
    today = timezone.localdate()
    text = request.GET.get("as_of", "")
    if not text:
        return today
    try:
        day = read_date(text)
    except ValueError:
        raise InvalidDay(_("“%(text)s” is not a day. Write it as 2020-09-27 or 27/09/2020.") % {"text": text}) from None
    if day > today:
        raise InvalidDay(_("%(day)s lies in the future. What will be known then is not known today.") % {"day": text})
    return day


def day_of_page(request: HttpRequest) -> date:
    """The day of a page that has a field for it. One that is none is told beside the field, and today's page is shown."""
    try:
        return requested_day(request)
    except BadRequest as error:
        request.day_error = str(error)  # type: ignore[attr-defined]
        # No link of the page of today hands the wrong day on; the field shows what was typed.
        query = request.GET.copy()
        request.typed_day = query.pop("as_of")[-1]  # type: ignore[attr-defined]
        request.GET = query  # type: ignore[assignment]
        return timezone.localdate()


def requested_filter(request: HttpRequest) -> Filter:
    """What of a listing is asked for."""
    get = request.GET.get
    return Filter(
        sector=_code(get("sector", "")),
        status=_one_of(get("status", ""), [*Status, "danger"]),
        agency=_code(get("agency", "")),
        scope=_one_of(get("scope", ""), Scope.values),
        q=get("q", "").replace("\x00", "")[:100],  # PostgreSQL takes no zero byte
        counted=_COUNTED[_one_of(get("counted", ""), [word for word in _COUNTED if word])],
        show_all=get("show", "") == "all",
    )


def page_number(request: HttpRequest, pages: int) -> int:
    """The page of a listing that is asked for; what is no page of it is its first or last one."""
    text = request.GET.get("page", "1")
    # isdigit alone lets superscripts pass, which int refuses; nobody has a million pages.
    return max(1, min(int(text[:6]) if text.isascii() and text.isdigit() else 1, pages))


def _code(text: str) -> str:
    """A code as it may stand in an address. Raises BadRequest for what no code can look like."""
    if not re.fullmatch(r"[-\w]{0,80}", text):
        raise BadRequest(_("“%(text)s” is not a code.") % {"text": text[:40]})
    return text


def _one_of(text: str, known: list[str]) -> str:
    """`text`, where it is one of `known` or empty. Raises BadRequest for another."""
    if text and text not in known:
        raise BadRequest(_("“%(text)s” is not one of: %(known)s.") % {"text": text, "known": ", ".join(known)})
    return text


def report_selection(request: HttpRequest, term: Term | None = None) -> ReportSelection:
    """What a download is to hold; of `term`, which its address names, or of the one in `?term=2025`."""
    listing_filter = requested_filter(request)
    _check_exists(Sector, listing_filter.sector)
    _check_exists(Agency, listing_filter.agency)
    return ReportSelection(requested_day(request), term or requested_term(request), listing_filter)


def _check_exists(model: type[Sector] | type[Agency], code: str) -> None:
    """Raises BadRequest for a code that no sector or agency has: a slip must not pass for an empty answer."""
    if code and not model.objects.filter(code=code).exists():
        text = _("There is no %(what)s with the code “%(code)s”.")
        raise BadRequest(text % {"what": model._meta.verbose_name, "code": code})


def day_context(as_of: date) -> dict[str, Any]:
    """The day asked for, and how to carry it along in links when it is not today."""
    today = timezone.localdate()
    past = f"as_of={as_of.isoformat()}" if as_of < today else ""
    return {
        "as_of": as_of,
        "today": today,
        "is_past": as_of < today,
        "as_of_query": f"?{past}" if past else "",
        "and_as_of": f"&{past}" if past else "",
    }


def filter_of(request: HttpRequest) -> dict[str, str]:
    """What the address of a page asks for that its files understand too."""
    return {name: value for name in request.GET if name in FILTER and (value := request.GET.get(name, ""))}


def known_only(request: HttpRequest, *known: str) -> None:
    """Raises BadRequest for a parameter that a file does not know: a slip must not widen the answer.

    Where in a listing the reader was may stand in the address, and changes nothing in a file.
    """
    names = (*known, "lang")
    if unknown := sorted(set(request.GET) - {*names, "page", "sort"}):
        text = _("“%(name)s” is not known here; known: %(known)s")
        raise BadRequest(text % {"name": unknown[0][:40], "known": ", ".join(names)})


def requested_term(request: HttpRequest) -> Term | None:
    """The term that `?term=2025` names; None when the address names none.

    Raises BadRequest for what is no year, Http404 for a year in which no term ends.
    """
    year = request.GET.get("term", "")
    if not year:
        return None
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise BadRequest(_("“%(text)s” is not a target year such as 2025.") % {"text": year})
    return term_of_year(int(year))


def file_language(request: HttpRequest) -> str:
    """The language of a file, whose address carries none."""
    return _one_of(request.GET.get("lang", ""), ["vi", "en"]) or "vi"


def check_year(year: int) -> None:
    """Raises Http404 for a year that belongs to no term."""
    if not Term.objects.filter(first_year__lte=year, last_year__gte=year).exists():
        raise Http404


def term_of_year(last_year: int) -> Term:
    """The term whose target year is `last_year`. Raises Http404 when there is none, or none with targets."""
    return get_object_or_404(Term.objects.with_targets(), last_year=last_year)


def present_term(today: date) -> Term | None:
    """The term to show first: among those with targets, the one nearest to this year."""
    terms = Term.objects.with_targets()

    def distance(term: Term) -> int:
        return max(term.first_year - today.year, today.year - term.last_year, 0)

    return min(terms, key=distance, default=None)

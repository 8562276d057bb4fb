"""HTTP: how much one address may ask for. What is more is a clear 400, before anything is looked up."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from .limits import PARAMETERS, SEARCH_WORDS, SORT_COLUMNS

# What is searched for in lists, on pages, and in the choices of a form; what lists of staff and pages are sorted by.
SEARCHES = {"q": None, "term": None}
SORTS = {"o": ".", "sort": ","}


class AddressLimit:
    """Refuses what asks for too much, on every page; the interfaces call `check_address` to answer in their own form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if not getattr(view, "csrf_exempt", False):
            check_address(request)


def check_address(request: HttpRequest) -> None:
    """Raises BadRequest for an address with too many parameters, too many words to search for or columns to sort by."""
    if sum(len(values) for _name, values in request.GET.lists()) > PARAMETERS:
        raise BadRequest(_("This address has more than %(most)s parameters.") % {"most": PARAMETERS})
    if _parts(request, SEARCHES) > SEARCH_WORDS:
        raise BadRequest(_("At most %(most)s words can be searched for at once.") % {"most": SEARCH_WORDS})
    if _parts(request, SORTS) > SORT_COLUMNS:
        raise BadRequest(_("A list is sorted by at most %(most)s columns.") % {"most": SORT_COLUMNS})


def _parts(request: HttpRequest, names: Mapping[str, str | None]) -> int:
    """How many parts there are in the parameters of these names, each with its separator."""
    return sum(len(text.split(mark)) for name, mark in names.items() for text in request.GET.getlist(name))

"""The addresses of the SDMX REST API 2 that there are: data of a dataflow, structures."""

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

import simplejson
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from ...dashboard.query_params import requested_day
from ..access import api_access
from ..problems import Problem
from . import messages
from .filters import data_query
from .observations import observations
from .structures import AGENCY, CODE_LISTS, CONCEPTS, FLOWS, VERSION

DATA_JSON = "application/vnd.sdmx.data+json;version=2.0.0"
DATA_CSV = "application/vnd.sdmx.data+csv;version=2.0.0"
STRUCTURE_JSON = "application/vnd.sdmx.structure+json;version=2.0.0"

# What the standard knows and this does not: 501, where a slip of the pen is a 400.
NOT_IMPLEMENTED = ("attributes", "includeHistory", "measures", "offset", "limit", "updatedAfter", "updatedBefore")

# `format` is for those who cannot set a header: a browser, a spreadsheet.
_DATA_FORMATS: dict[str, tuple[str, ...]] = {
    "json": (DATA_JSON, "application/json"),
    "csv": (DATA_CSV, f"{DATA_CSV};labels=id", "text/csv"),
}
_STRUCTURE_FORMATS: dict[str, tuple[str, ...]] = {"json": (STRUCTURE_JSON, "application/json")}


@api_access
def data(request: HttpRequest, agency: str, flow: str, version: str = "*", key: str = "*") -> HttpResponseBase:
    """The observations in force of one dataflow, as time series (JSON) or as a table (CSV).

    Raises Problem: 404 without any, 406, 501; BadRequest.
    """
    _check_parameters(request, "asOf", "dimensionAtObservation", "firstNObservations", "lastNObservations", prefix="c[")
    if request.GET.get("dimensionAtObservation", "TIME_PERIOD") != "TIME_PERIOD":
        raise Problem(501, _("Only dimensionAtObservation=TIME_PERIOD is there."))
    format_name, media_type = _format(request, _DATA_FORMATS)
    _check_maintainer(agency, version)
    if flow not in FLOWS:
        words = {"id": flow, "known": ", ".join(FLOWS)}
        raise Problem(404, _("There is no dataflow “%(id)s”; known: %(known)s") % words)
    dataflow = FLOWS[flow]
    query = data_query(dataflow, key, request.GET)
    # The pages' own parser reads the day; of a moment, as the standard writes `asOf`, the day counts as a whole.
    parameters = request.GET.copy()
    parameters["as_of"] = parameters.get("asOf", "").partition("T")[0]
    request.GET = parameters  # type: ignore[assignment]
    matching = query.select(observations(dataflow, requested_day(request), query.indicators))
    first = next(matching, None)
    if first is None:
        raise Problem(404, _("There is no observation that fits this query."))
    rows = chain([first], matching)
    if format_name == "csv":
        return StreamingHttpResponse(messages.csv_pieces(dataflow, rows), content_type=f"{media_type};charset=utf-8")
    return _json(messages.json_data(dataflow, rows), media_type)


@api_access
def structure(
    request: HttpRequest, kind: str, agency: str = "*", id_: str = "*", version: str = "*"
) -> HttpResponseBase:
    """Dataflows, data structures, code lists and concepts, with what they refer to where `references` asks for it.

    Raises Problem: 404 without any, 406, 501; BadRequest.
    """
    _check_parameters(request, "references", "detail")
    _name, media_type = _format(request, _STRUCTURE_FORMATS)
    references = request.GET.get("references", "none")
    if references not in ("none", "children", "descendants", "all") or request.GET.get("detail", "full") != "full":
        raise Problem(501, _("There are references=none, children, descendants and all, and detail=full."))
    _check_maintainer(agency, version)
    chosen = [
        (each, name) for each, (_group, names, _build) in _KINDS.items() if kind in (each, "*")
        for name in names() if id_ in (name, "*")
    ]  # fmt: skip
    if not chosen:
        raise Problem(404, _("There is no structure that fits this query."))
    if references != "none":
        chosen = list(dict.fromkeys([*chosen, *(further for each in chosen for further in _referred(*each))]))
    content: dict[str, list[Any]] = {}
    for each, name in chosen:
        group, _names, build = _KINDS[each]
        content.setdefault(group, []).append(build(name))
    return _json(messages.message("structure", content), media_type)


_BY_STRUCTURE = {flow.structure_id: flow for flow in FLOWS.values()}

# Each kind of structure: its place in a message, the ids that there are, and what builds the one with an id.
_KINDS: dict[str, tuple[str, Callable[[], Iterable[str]], Callable[[str], dict[str, Any]]]] = {
    "dataflow": ("dataflows", lambda: FLOWS, lambda id_: messages.dataflow(FLOWS[id_])),
    "datastructure": (
        "dataStructures", lambda: _BY_STRUCTURE, lambda id_: messages.data_structure(_BY_STRUCTURE[id_])
    ),
    "codelist": ("codelists", lambda: CODE_LISTS, messages.codelist),
    "conceptscheme": ("conceptSchemes", lambda: [CONCEPTS], lambda _id: messages.concept_scheme(FLOWS.values())),
}  # fmt: skip


def _referred(kind: str, id_: str) -> list[tuple[str, str]]:
    """What a structure rests on, down to the code lists, as kinds and ids."""
    flow = (FLOWS if kind == "dataflow" else _BY_STRUCTURE).get(id_)
    if flow is None:
        return []
    lists = [("codelist", component.codelist) for component in flow.components if component.codelist]
    return [("datastructure", flow.structure_id), ("conceptscheme", CONCEPTS), *lists]


def _check_maintainer(agency: str, version: str) -> None:
    """Raises Problem 404 for another agency or version than the one there is."""
    if agency not in (AGENCY, "*") or version not in (VERSION, "*", "+", "~", "latest"):
        words = {"agency": AGENCY, "version": VERSION}
        raise Problem(404, _("Everything here is of agency %(agency)s in version %(version)s.") % words)


def _check_parameters(request: HttpRequest, *names: str, prefix: str = "\n") -> None:
    """Raises Problem 501 for a parameter of the standard that is not there, BadRequest for one that nobody knows."""
    known = {"lang", "format", *names}
    if missing := [name for name in request.GET if name in NOT_IMPLEMENTED]:
        raise Problem(501, _("“%(name)s” of the standard is not there.") % {"name": missing[0]})
    if unknown := [name for name in request.GET if name not in known and not name.startswith(prefix)]:
        words = {"name": unknown[0][:40], "known": ", ".join(sorted(known))}
        raise BadRequest(_("“%(name)s” is not known here; known: %(known)s") % words)


def _format(request: HttpRequest, formats: dict[str, tuple[str, ...]]) -> tuple[str, str]:
    """The format of the answer and its media type, by `format` or by what the client prefers; the first one of `formats`
    when it does not mind. Raises Problem 406 when it takes none of them, BadRequest for a name that is none."""
    if name := request.GET.get("format"):
        if name not in formats:
            raise BadRequest(_("The format is one of: %(known)s.") % {"known": ", ".join(formats)})
        return name, formats[name][0]
    offered = {media_type: name for name, media_types in formats.items() for media_type in media_types}
    preferred = request.get_preferred_type(list(offered))
    if preferred is None:
        raise Problem(406, _("The format is one of: %(known)s.") % {"known": ", ".join(offered)})
    return offered[preferred], preferred


def _json(content: dict[str, Any], media_type: str) -> HttpResponse:
    return HttpResponse(simplejson.dumps(content, use_decimal=True, ensure_ascii=False), content_type=media_type)

"""HTTP: the addresses of the SDMX REST API 2 that there are: data of a dataflow, structures."""

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

import simplejson
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from ...dashboard.query_params import as_of
from ..access import gate
from ..problems import Problem
from . import messages
from .filters import day_of, wanted
from .observations import observations
from .structures import AGENCY, CODE_LISTS, CONCEPTS, FLOWS, VERSION, Flow

DATA_JSON = "application/vnd.sdmx.data+json;version=2.0.0"
DATA_CSV = "application/vnd.sdmx.data+csv;version=2.0.0"
STRUCTURE_JSON = "application/vnd.sdmx.structure+json;version=2.0.0"

# What the standard knows and this does not.
NOT_HERE = ("attributes", "includeHistory", "measures", "offset", "limit", "updatedAfter", "updatedBefore")

# `format` is for those who cannot set a header: a browser, a spreadsheet.
_DATA_FORMS: dict[str, tuple[str, ...]] = {
    "json": (DATA_JSON, "application/json"),
    "csv": (DATA_CSV, f"{DATA_CSV};labels=id", "text/csv"),
}
_STRUCTURE_FORMS: dict[str, tuple[str, ...]] = {"json": (STRUCTURE_JSON, "application/json")}


@gate
def data(request: HttpRequest, agency: str, flow: str, version: str = "*", key: str = "*") -> HttpResponseBase:
    """The observations in force of one dataflow, as time series (JSON) or as a table (CSV)."""
    _known_parameters(request, "asOf", "dimensionAtObservation", "firstNObservations", "lastNObservations", prefix="c[")
    if request.GET.get("dimensionAtObservation", "TIME_PERIOD") != "TIME_PERIOD":
        raise Problem(501, _("Only dimensionAtObservation=TIME_PERIOD is there."))
    form, media_type = _form(request, _DATA_FORMS)
    found = _flow(agency, flow, version)
    asked = wanted(found, key, request.GET)
    fitting = asked.cut(filter(asked.fits, observations(found, as_of(_dated(request)), asked.indicators)))
    first = next(fitting, None)
    if first is None:
        raise Problem(404, _("There is no observation that fits this query."))
    rows = chain([first], fitting)
    if form == "csv":
        return StreamingHttpResponse(messages.csv_pieces(found, rows), content_type=f"{media_type};charset=utf-8")
    return _json(messages.json_data(found, rows), media_type)


@gate
def structure(
    request: HttpRequest, kind: str, agency: str = "*", id_: str = "*", version: str = "*"
) -> HttpResponseBase:
    """Dataflows, data structures, code lists and concepts, with what they refer to where `references` asks for it."""
    _known_parameters(request, "references", "detail")
    _form_name, media_type = _form(request, _STRUCTURE_FORMS)
    references = request.GET.get("references", "none")
    if references not in ("none", "children", "descendants", "all") or request.GET.get("detail", "full") != "full":
        raise Problem(501, _("There are references=none, children, descendants and all, and detail=full."))
    _ours(agency, version)
    chosen = [(one, name) for one in _KINDS if kind in (one, "*") for name in _IDS[one]() if id_ in (name, "*")]
    if not chosen:
        raise Problem(404, _("There is no structure that fits this query."))
    if references != "none":
        chosen = list(dict.fromkeys([*chosen, *(further for one in chosen for further in _referred(*one))]))
    content: dict[str, list[Any]] = {}
    for one, name in chosen:
        group, build = _KINDS[one]
        content.setdefault(group, []).append(build(name))
    return _json(messages.message("structure", content), media_type)


def _of_structure(id_: str) -> Flow:
    return next(flow for flow in FLOWS.values() if flow.structure_id == id_)


# Each kind of structure: its place in a message, and what tells one of them.
_KINDS: dict[str, tuple[str, Callable[[str], dict[str, Any]]]] = {
    "dataflow": ("dataflows", lambda id_: messages.dataflow(FLOWS[id_])),
    "datastructure": ("dataStructures", lambda id_: messages.data_structure(_of_structure(id_))),
    "codelist": ("codelists", messages.codelist),
    "conceptscheme": ("conceptSchemes", lambda id_: messages.concept_scheme(FLOWS.values())),
}
_IDS: dict[str, Callable[[], Iterable[str]]] = {
    "dataflow": lambda: FLOWS,
    "datastructure": lambda: [flow.structure_id for flow in FLOWS.values()],
    "codelist": lambda: CODE_LISTS,
    "conceptscheme": lambda: [CONCEPTS],
}


def _referred(kind: str, id_: str) -> list[tuple[str, str]]:
    """What a structure rests on, down to the code lists."""
    if kind not in ("dataflow", "datastructure"):
        return []
    flow = FLOWS[id_] if kind == "dataflow" else _of_structure(id_)
    lists = [("codelist", one.codelist) for one in flow.components if one.codelist]
    return [("datastructure", flow.structure_id), ("conceptscheme", CONCEPTS), *lists]


def _flow(agency: str, id_: str, version: str) -> Flow:
    _ours(agency, version)
    if id_ not in FLOWS:
        raise Problem(
            404, _("There is no dataflow “%(id)s”; known: %(known)s") % {"id": id_, "known": ", ".join(FLOWS)}
        )
    return FLOWS[id_]


def _ours(agency: str, version: str) -> None:
    if agency not in (AGENCY, "*") or version not in (VERSION, "*", "+", "~", "latest"):
        told = {"agency": AGENCY, "version": VERSION}
        raise Problem(404, _("Everything here is of agency %(agency)s in version %(version)s.") % told)


def _known_parameters(request: HttpRequest, *names: str, prefix: str = "\n") -> None:
    known = {"lang", "format", *names}
    if standard := [name for name in request.GET if name in NOT_HERE]:
        raise Problem(501, _("“%(name)s” of the standard is not there.") % {"name": standard[0]})
    if unknown := [name for name in request.GET if name not in known and not name.startswith(prefix)]:
        told = {"name": unknown[0][:40], "known": ", ".join(sorted(known))}
        raise BadRequest(_("“%(name)s” is not known here; known: %(known)s") % told)


def _form(request: HttpRequest, forms: dict[str, tuple[str, ...]]) -> tuple[str, str]:
    """The form of the answer and its media type, by `format` or by what the client prefers; the first one of `forms`
    when it does not mind. 406 when it takes none of them."""
    if name := request.GET.get("format"):
        if name not in forms:
            raise BadRequest(_("The format is one of: %(known)s.") % {"known": ", ".join(forms)})
        return name, forms[name][0]
    offered = {media_type: name for name, media_types in forms.items() for media_type in media_types}
    chosen = request.get_preferred_type(list(offered))
    if chosen is None:
        raise Problem(406, _("The format is one of: %(known)s.") % {"known": ", ".join(offered)})
    return offered[chosen], chosen


def _dated(request: HttpRequest) -> HttpRequest:
    """The request with its `asOf` where the pages' parser looks for it."""
    query = request.GET.copy()
    query["as_of"] = day_of(query.get("asOf", ""), timezone.localdate())
    request.GET = query  # type: ignore[assignment]
    return request


def _json(content: dict[str, Any], media_type: str) -> HttpResponse:
    return HttpResponse(simplejson.dumps(content, use_decimal=True, ensure_ascii=False), content_type=media_type)

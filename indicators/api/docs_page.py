"""HTTP: the description of the interface, and the page to try it. Every form of it is made from the description."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import get_language_from_request

from ..dashboard.decorators import dashboard
from ..dashboard.query_params import file_language
from ..sentences.formatting import active_language
from .endpoints import api
from .problems import MEDIA_TYPE

SECURITY = {"bearer": {"type": "http", "scheme": "bearer", "description": "A token that the office made for you."}}


def described() -> dict[str, Any]:
    """The OpenAPI description as the code is now. Where the dashboard is open, the token is optional."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="/api/v1/"))
    found["components"] = {**found["components"], "securitySchemes": SECURITY}
    found["security"] = [{"bearer": []}, *([{}] if settings.PUBLIC_DASHBOARD else [])]
    for methods in found["paths"].values():
        for parameter in methods["get"]["parameters"]:
            parameter["schema"] = _without_null(parameter["schema"])
            if parameter["in"] == "query":
                parameter["allowEmptyValue"] = True  # as forms send what was not filled in
        for status, answer in methods["get"]["responses"].items():
            if int(status) >= 400:
                answer["content"] = {MEDIA_TYPE: answer["content"]["application/json"]}
    return found


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter, which in an address is there or not, but never null."""
    kinds = [kind for kind in schema.get("anyOf", []) if kind.get("type") != "null"]
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return {**rest, **kinds[0]} if len(kinds) == 1 else {**rest, "anyOf": kinds} if kinds else schema


def description(request: HttpRequest) -> HttpResponse:
    return JsonResponse(described())


@login_not_required
def try_it(request: HttpRequest) -> HttpResponseBase:
    """Every operation as a form; its answer opens as it is sent. The language is settled before it is seen what is kept."""
    with translation.override(
        file_language(request) if request.GET.get("lang") else get_language_from_request(request)
    ):
        return _forms(request)


@dashboard
def _forms(request: HttpRequest) -> HttpResponse:
    language = active_language()
    other = "en" if language == "vi" else "vi"
    context = {
        "operations": _operations(described()),
        "most": settings.API_PER_MINUTE,
        "language": language,
        "other_language": {"code": other, "url": f"{request.path}?lang={other}"},
    }
    return render(request, "api/page.html", context)


def _operations(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [_operation(path, methods["get"], told["components"]["schemas"]) for path, methods in told["paths"].items()]


def _operation(path: str, told: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """What the page says of one operation. One that names a record in its address has no form: its list leads there."""
    parameters = [_parameter(one, schemas) for one in told["parameters"] if one["in"] == "query"]
    words = told["description"].split(" · ")
    return {
        "name": told["operationId"],
        "path": path,
        "description": capfirst(words[-1] if translation.get_language() == "vi" else words[0]),
        "parameters": parameters,
        "has_form": "{" not in path,
    }


def _parameter(one: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    schema = one["schema"]
    kinds = [schema, *schema.get("anyOf", []), schemas.get(schema.get("$ref", "").rpartition("/")[2], {})]
    english, _dot, vietnamese = one.get("description", one["name"]).partition(" · ")
    is_day = any(kind.get("format") == "date" for kind in kinds)
    return {
        "name": one["name"],
        "description": vietnamese or english if translation.get_language() == "vi" else english,
        "choices": next((kind["enum"] for kind in kinds if "enum" in kind), None),
        "is_flag": any(kind.get("type") == "boolean" for kind in kinds),
        "input": "number" if any(kind.get("type") == "integer" for kind in kinds) else "text",
        "default": timezone.localdate().isoformat() if is_day else schema.get("default"),
    }

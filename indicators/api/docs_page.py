"""The OpenAPI description of the interface, and the page to try it, which is made from that description."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import get_language_from_request

from ..core.language import active_language
from ..dashboard.decorators import dashboard
from ..dashboard.query_params import file_language
from .endpoints import api
from .problems import MEDIA_TYPE

SECURITY = {"bearer": {"type": "http", "scheme": "bearer", "description": "A token that the office made for you."}}


def openapi_document() -> dict[str, Any]:
    """The OpenAPI description as the code is now. Where the dashboard is open, the token is optional."""
    document: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="/api/v1/"))
    document["components"] = {**document["components"], "securitySchemes": SECURITY}
    document["security"] = [{"bearer": []}, *([{}] if settings.PUBLIC_DASHBOARD else [])]
    for methods in document["paths"].values():
        for parameter in methods["get"]["parameters"]:
            parameter["schema"] = _without_null(parameter["schema"])
            if parameter["in"] == "query":
                parameter["allowEmptyValue"] = True  # as forms send what was not filled in
        for status, answer in methods["get"]["responses"].items():
            if int(status) >= 400:
                # django-ninja writes its own media type for every answer; errors have the one of RFC 9457.
                answer["content"] = {MEDIA_TYPE: answer["content"]["application/json"]}
    return document


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter, which in an address is there or not, but never null."""
    kinds = [kind for kind in schema.get("anyOf", []) if kind.get("type") != "null"]
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return {**rest, **kinds[0]} if len(kinds) == 1 else {**rest, "anyOf": kinds} if kinds else schema


def description(request: HttpRequest) -> HttpResponse:
    return JsonResponse(openapi_document())


@login_not_required
def try_it(request: HttpRequest) -> HttpResponseBase:
    """Every operation as a form; its answer opens as it is sent."""
    # The language is settled outside `dashboard`, which looks in the cache of pages by language.
    with translation.override(
        file_language(request) if request.GET.get("lang") else get_language_from_request(request)
    ):
        return _forms(request)


@dashboard
def _forms(request: HttpRequest) -> HttpResponse:
    language, document = active_language(), openapi_document()
    other = "en" if language == "vi" else "vi"
    component_schemas = document["components"]["schemas"]
    context = {
        "operations": [
            _operation(path, methods["get"], component_schemas) for path, methods in document["paths"].items()
        ],
        "most": settings.API_PER_MINUTE,
        "language": language,
        "other_language": {"code": other, "url": f"{request.path}?lang={other}"},
    }
    return render(request, "api/page.html", context)


def _operation(path: str, operation: dict[str, Any], component_schemas: dict[str, Any]) -> dict[str, Any]:
    """What the page says of an operation. One that names a record in its address has no form: its list leads there."""
    words = operation["description"].split(" · ")
    parameters = [parameter for parameter in operation["parameters"] if parameter["in"] == "query"]
    return {
        "name": operation["operationId"],
        "path": path,
        "description": capfirst(words[-1] if active_language() == "vi" else words[0]),
        "parameters": [_form_field(parameter, component_schemas) for parameter in parameters],
        "has_form": "{" not in path,
    }


def _form_field(parameter: dict[str, Any], component_schemas: dict[str, Any]) -> dict[str, Any]:
    schema = parameter["schema"]
    referred = component_schemas.get(schema.get("$ref", "").rpartition("/")[2], {})
    kinds = [schema, *schema.get("anyOf", []), referred]
    english, _dot, vietnamese = parameter.get("description", parameter["name"]).partition(" · ")
    is_day = any(kind.get("format") == "date" for kind in kinds)
    return {
        "name": parameter["name"],
        "description": vietnamese or english if active_language() == "vi" else english,
        "choices": next((kind["enum"] for kind in kinds if "enum" in kind), None),
        "is_flag": any(kind.get("type") == "boolean" for kind in kinds),
        "input": "number" if any(kind.get("type") == "integer" for kind in kinds) else "text",
        "default": timezone.localdate().isoformat() if is_day else schema.get("default"),
    }

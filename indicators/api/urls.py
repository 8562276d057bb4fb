"""Addresses for machines, each behind the gate."""

from django.urls import URLPattern, path, re_path

from .access import gate, nothing_here
from .docs_page import description, try_it
from .endpoints import api

from . import changes_feed  # noqa: F401 isort: skip  adds its addresses to `api`


def gated(pattern: URLPattern) -> URLPattern:
    # Who asks for what came since a moment would never hear of what a standby did not know yet.
    pattern.callback = gate(pattern.callback, from_copy=pattern.name != "changes")
    return pattern


api_patterns = [
    path("", try_it, name="api_page"),
    path("openapi.json", gate(description), name="openapi"),
    *(gated(one) for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"),
    re_path("(?P<path>.+)", nothing_here),
]

"""Addresses for programs, each behind `api_access`."""

from django.urls import URLPattern, path, re_path

from .access import api_access, no_such_address
from .docs_page import description, try_it
from .endpoints import api

from . import changes_feed  # noqa: F401 isort: skip  adds its addresses to `api`


def _with_access(pattern: URLPattern) -> URLPattern:
    # Who asks for what came since a moment would never hear of what a standby did not know yet.
    pattern.callback = api_access(pattern.callback, from_replica=pattern.name != "changes")
    return pattern


# django-ninja adds `api-root` for a page of its own, which is not offered here.
_OPERATIONS = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern) and pattern.name != "api-root"]

api_patterns = [
    path("", try_it, name="api_page"),
    path("openapi.json", api_access(description), name="openapi"),
    *map(_with_access, _OPERATIONS),
    re_path("(?P<path>.+)", no_such_address),
]

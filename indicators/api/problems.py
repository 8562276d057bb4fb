"""What goes wrong, as application/problem+json (RFC 9457), worded in the language that is asked for."""

import json
import logging
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest, ValidationError
from django.core.signals import got_request_exception
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import ValidationError as ParameterError

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
# What `errors` names where no single parameter is at fault; readers may rely on it.
ALL_PARAMETERS = "asked"


class Problem(Exception):
    """An answer that is no data: its status, what is wrong and what to do about it, further members, headers."""

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None, **members: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers, self.members = status, detail, headers or {}, members

    def response(self) -> HttpResponse:
        title = HTTPStatus(self.status).phrase
        content = {"type": "about:blank", "title": title, "status": self.status, "detail": self.detail, **self.members}
        text = json.dumps(content, ensure_ascii=False)
        return HttpResponse(text, status=self.status, content_type=MEDIA_TYPE, headers=self.headers)


def nothing_here() -> Problem:
    return Problem(404, _("There is nothing at this address. What there is stands at /api/v1/ and /sdmx/."))


def problem_of(error: Exception, request: HttpRequest) -> Problem:
    """The problem that `error` stands for; what nobody expected is logged and answered without its particulars."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, ParameterError):
        return _parameter_problem(error.errors)
    if isinstance(error, (BadRequest, ValidationError)):
        return Problem(400, str(error))
    if isinstance(error, Http404):
        return nothing_here()
    # As Django does for a page: what listens for crashes hears of this one too, although it is answered here.
    logger.error("%s %s", request.method, request.path, exc_info=error)
    got_request_exception.send(sender=None, request=request)
    if isinstance(error, (DatabaseError, InterfaceError)):
        return Problem(503, _("The database does not answer. Try again in a minute."), {"Retry-After": "60"})
    return Problem(500, _("Something went wrong on our side. It has been logged."))


def _parameter_problem(errors: Iterable[dict[str, Any]]) -> Problem:
    members, details = [], []
    for error in errors:
        name, reason = str(error["loc"][-1]), _reason(error)
        # A check over all parameters is about "query", which is what our views call them together.
        is_about_all = name == "query"
        members.append({"name": ALL_PARAMETERS if is_about_all else name, "reason": reason})
        details.append(reason if is_about_all else f"{name}: {reason}")
    return Problem(400, "; ".join(details), errors=members)


def _reason(error: dict[str, Any]) -> str:
    """Why a parameter is refused. The ones not listed come from our own checks, worded there."""
    limits, kind = error.get("ctx", {}), error["type"]
    if kind == "enum":
        # Pydantic's own list: 'a', 'b' or 'c'.
        return _("must be one of: %(known)s") % {
            "known": str(limits["expected"]).replace("'", "").replace(" or ", ", ")
        }
    if kind in ("greater_than_equal", "less_than_equal"):
        words = _("must be at least %(limit)s") if kind == "greater_than_equal" else _("must be at most %(limit)s")
        return words % {"limit": limits.get("ge", limits.get("le"))}
    if kind.startswith(("int_", "float_")):
        return _("must be a whole number")
    if kind.startswith("bool_"):
        return _("must be true or false")
    if kind == "string_pattern_mismatch":
        return _("must be a code of letters, digits, - and _")
    if kind == "string_too_long":
        return _("must not be longer than %(limit)s characters") % {"limit": limits["max_length"]}
    return str(limits.get("error", error["msg"]))

"""Who may see a page of the dashboard, and that it is computed once after each change.

Every view says who may see it; the login middleware closes the ones that do not.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

from ..core import db_router
from ..core.language import active_language
from ..workflow.permissions import Action, may, own_agencies
from .page_cache import cached_response

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def dashboard(view: View) -> View:
    """A page for everybody where PUBLIC_DASHBOARD is on, else for those who are logged in; kept until its data change.

    What the view reads is its own duty: `published(as_of)` and `in_force(as_of)` leave out what is not public.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (settings.PUBLIC_DASHBOARD or request.user.is_authenticated):
            return redirect_to_login(request.get_full_path())
        # The whole address: absolute links and the canonical name stand in the page.
        key_parts = (request.build_absolute_uri(), active_language(), *_reader(request))
        response = db_router.read(
            request, lambda: cached_response(request, lambda: _answer(view, request, *args, **kwargs), *key_parts)
        )
        response["Cache-Control"] = "private, no-cache" if request.user.is_authenticated else "no-cache"
        return response

    return login_not_required(guarded)  # type: ignore[return-value]


def _answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """What the view answers; today's page in place of that of a day that is none is a 400 all the same."""
    response = view(request, *args, **kwargs)
    if hasattr(request, "day_error"):
        response.status_code = 400
    return response


def _reader(request: HttpRequest) -> list[str]:
    """What a page of the dashboard depends on besides its address: which links its reader is offered."""
    user = request.user
    if not user.is_authenticated:
        return []
    request.own_agencies = list(own_agencies(user))  # type: ignore[attr-defined]
    flags = {
        "staff": user.is_staff,
        "asks": may(user, Action.ASK_EXPLANATION),
        "sources": may(user, Action.SEE_EVERY_SOURCE),
    }
    return ["in", *(name for name, holds in flags.items() if holds), *(agency.code for agency in request.own_agencies)]  # type: ignore[attr-defined]

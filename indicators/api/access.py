"""What every address for programs has in common: who may read it, how often, in which language, whether the reader has
it already, and how it fails. Only GET, HEAD and OPTIONS exist: nothing can be changed here."""

import logging
import time
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from ..core import db_router
from ..core.address_limit import check_address
from ..core.http import counted_address
from ..core.language import active_language
from ..dashboard.page_cache import cached_response
from ..dashboard.query_params import file_language
from ..models import ApiToken
from .problems import Problem, nothing_here, problem_of

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]

METHODS = "GET, HEAD, OPTIONS"
WINDOW = 60  # seconds


def api_access(view: View, from_replica: bool = True) -> View:
    """For everybody where PUBLIC_DASHBOARD is on, else with a token or a session. Shows approved figures only.

    `from_replica`: a standby may be read, which is a moment behind.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override(get_language_from_request(request)):
            try:
                response = _respond(view, request, args, kwargs, from_replica)
            except Exception as error:
                response = problem_of(error, request).response()
            response["Content-Language"] = active_language()
        return _with_cache_and_cors_headers(response)

    # Every page needs a session unless it says otherwise; here a token will do, and `_reader` looks.
    return csrf_exempt(login_not_required(guarded))


@api_access
def no_such_address(request: HttpRequest, **_path: str) -> HttpResponse:
    """For every address below that leads nowhere. Raises Problem 404."""
    raise nothing_here()


def _respond(view: View, request: HttpRequest, args: Any, kwargs: Any, from_replica: bool) -> HttpResponseBase:
    """What `view` answers, or what the cache holds of it. Raises Problem: 401, 405, 412, 429, and what the view raises."""
    # A parameter says it louder than the header of a browser.
    if request.GET.get("lang"):
        translation.activate(file_language(request))
    check_address(request)
    if request.method not in METHODS.split(", "):
        raise Problem(405, _("This interface is read-only: use GET."), {"Allow": METHODS})
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": METHODS})
    _count_request(_reader(request))
    cache_key = (request.get_full_path(), request.headers.get("Accept", ""), active_language())

    def view_as_get() -> HttpResponseBase:
        # Whoever asks for the head alone is answered as if for the whole; the server leaves the body out.
        method, request.method = request.method, "GET"
        response = view(request, *args, **kwargs)
        request.method = method
        return response

    def cached() -> HttpResponseBase:
        return cached_response(request, view_as_get, *cache_key)

    response = db_router.read(request, cached) if from_replica else cached()
    if response.status_code == 412:
        raise Problem(412, _("The content has changed since the version that you name."))
    return response


def _reader(request: HttpRequest) -> str:
    """Who reads: a token, a person with a session, or an address on an open dashboard. Raises Problem 401 for others."""
    scheme, _blank, secret = request.headers.get("Authorization", "").partition(" ")
    challenge = {"WWW-Authenticate": "Bearer"}
    if scheme.lower() == "bearer":
        token = ApiToken.objects.bearer(secret.strip())
        if token is None:
            _count_request(f"address {counted_address(request)}")  # guessing is slowed down as well
            raise Problem(
                401, _("This token is not known or has been revoked. Ask the office for a new one."), challenge
            )
        return f"token {token.pk}"
    if settings.PUBLIC_DASHBOARD:
        return f"address {counted_address(request)}"
    if request.user.is_authenticated:
        return f"person {request.user.pk}"
    raise Problem(401, _("Log in, or send a token: Authorization: Bearer …"), challenge)


def _count_request(reader: str) -> None:
    """Count it in the cache that all servers share. Raises Problem 429 when there were too many in this minute."""
    now = int(time.time())
    # Hashed, because an address or a token's number would else stand in the cache beside what it reads.
    key = f"api-{sha256(reader.encode()).hexdigest()}-{now // WINDOW}"
    try:
        cache.add(key, 0, timeout=2 * WINDOW)
        count = cache.incr(key)
    except Exception as error:
        # A cache that is away, or has just dropped the key, is no reason to refuse anybody, nor to fill the log.
        logger.warning("Requests are not counted, the cache does not answer: %s", error)
        return
    if count > settings.API_PER_MINUTE:
        wait = str(WINDOW - now % WINDOW)
        text = _("More than %(limit)s requests in a minute. Try again in %(wait)s seconds.")
        raise Problem(429, text % {"limit": settings.API_PER_MINUTE, "wait": wait}, {"Retry-After": wait})


def _with_cache_and_cors_headers(response: HttpResponseBase) -> HttpResponseBase:
    """The response with what caches and other sites' pages may do with it: ask again every time; read it if public."""
    response["Cache-Control"] = "no-cache" if settings.PUBLIC_DASHBOARD else "private, no-cache"
    patch_vary_headers(response, ["Accept", "Accept-Language", "Authorization"])
    if settings.PUBLIC_DASHBOARD:
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Allow-Methods"] = METHODS
        response["Access-Control-Allow-Headers"] = "Authorization, If-None-Match"
        response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    return response

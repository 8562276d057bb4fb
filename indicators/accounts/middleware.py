"""Who a request comes from: a session that has ended, or lacks the second factor, is nobody's."""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase

from . import known_browsers, mfa, sessions


class MfaSessionMiddleware:
    """Lets nobody count as logged in whose session has ended or is half begun.

    Who still owes the second factor is in `request.half_signed_in`, for the two pages that ask for it; for every other
    page, download and interface the visitor is anonymous. A visitor without a session costs no query, one with the
    second factor given none either, and one without a single one: rights may have changed since the log-in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.half_signed_in = None  # type: ignore[attr-defined]
        if SESSION_KEY in request.session:
            self._check(request)
        response = self.get_response(request)
        if person := getattr(request, "came_in", None):
            known_browsers.remember(request, response, person)
        return response

    def _check(self, request: HttpRequest) -> None:
        if sessions.has_ended(request.session):
            request.session.flush()
            request.user = AnonymousUser()
            return
        # Whose account was switched off while they logged in: their session is as lost as the others.
        if not request.user.is_authenticated:
            request.session.flush()
            return
        sessions.touch(request.session)
        if not request.session.get(mfa.VERIFIED) and mfa.is_demanded(request.user):
            request.half_signed_in = request.user  # type: ignore[attr-defined]
            request.user = AnonymousUser()

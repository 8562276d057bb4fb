"""Browsers that somebody has come in by: a signed cookie tells them, and wrong passwords of strangers do not lock them out."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

COOKIE = "known_browser"
SALT = "indicators.accounts.known_browsers"
DAYS = 180
MOST_PEOPLE = 5  # who share a desk


def remember(request: HttpRequest, response: HttpResponseBase, person: User) -> None:
    """Let the browser show from now on that `person` came in by it: until the password is changed, or for `DAYS`."""
    token, people = _read(request)
    others = [entry for entry in people.items() if entry[0] != str(person.pk)][1 - MOST_PEOPLE :]
    value = signing.dumps([token, dict([*others, (str(person.pk), _mark(person))])], salt=SALT)
    response.set_cookie(
        COOKIE, value, max_age=DAYS * 86_400, httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
    )


def browser_of(request: HttpRequest, name: str) -> str:
    """What tells this browser from others, where the person called `name` has come in by it; "" where not."""
    token, people = _read(request)
    person = User.objects.filter(username=name, pk__in=people).first() if people else None
    return token if person and secrets.compare_digest(people[str(person.pk)], _mark(person)) else ""


def _read(request: HttpRequest) -> tuple[str, dict[str, str]]:
    """The token of the browser and the people it is known for; a new token and nobody without a cookie of ours."""
    try:
        token, people = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=DAYS * 86_400)
    except signing.BadSignature:
        token, people = secrets.token_hex(16), {}
    return token, people


def _mark(person: User) -> Any:
    """Changes with the password."""
    return person.get_session_auth_hash()[:32]

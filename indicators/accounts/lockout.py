"""Too many wrong passwords make a name wait, and lock an address for a while. What is counted is in the database."""

import math
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from .known_browsers import browser_of

# Between a name and a browser in what is counted; a line break is in no name that a field of one line sends.
BROWSER = "\n"
KNOWN = "by a known browser"


class Lockout(AxesDatabaseHandler):
    """django-axes with a growing wait for a name, and a limit for an address, which a whole office may share.

    A browser that the person came in by before counts for itself: what strangers try elsewhere does not lock it.
    """

    def get_failures(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """Failures as axes compares them with the limit for a name; those of an address weigh less, so that both limits
        are reached at the same number."""
        by_name, by_address = (_failures(attempts) for attempts in self.get_user_attempts(request, credentials))
        if _is_known(credentials):
            return by_name
        weighed = by_address * settings.LOCKOUT_FAILURES // settings.LOCKOUT_ADDRESS_FAILURES
        return max(by_name, weighed)

    def is_locked(self, request: HttpRequest, credentials: dict | None = None) -> bool:
        return self.locked_until(request, _counted(request, credentials)) > timezone.now()

    def user_login_failed(
        self, sender: Any, credentials: dict, request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        counted = _counted(request, credentials) if request else credentials
        super().user_login_failed(sender, counted, request, **kwargs)

    def reset_user_attempts(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """Forget the failures of this name and browser alone: whoever has an account must not clear the way for their
        address, and who comes in by a known browser not for those who guess elsewhere."""
        by_name, _by_address = self.filter_user_attempts(request, _counted(request, credentials))
        return by_name.delete()[0]

    def locked_until(self, request: HttpRequest, credentials: dict | None = None) -> datetime:
        """When the name and the address are free again, at the latest."""
        by_name, by_address = self.get_user_attempts(request, credentials)
        free = [timezone.now(), _last(by_name) + wait_after(_failures(by_name))]
        if not _is_known(credentials) and _failures(by_address) >= settings.LOCKOUT_ADDRESS_FAILURES:
            free.append(_last(by_address) + timedelta(minutes=settings.LOCKOUT_MINUTES))
        return max(free)


def wait_after(failures: int) -> timedelta:
    """How long no password is looked at after so many wrong ones under a name: a minute at the limit, then twice as long each
    time, at most `LOCKOUT_MINUTES`."""
    beyond = failures - settings.LOCKOUT_FAILURES
    return timedelta(minutes=min(2 ** min(beyond, 20), settings.LOCKOUT_MINUTES) if beyond >= 0 else 0)


def _counted(request: HttpRequest, credentials: dict | None) -> dict | None:
    """The credentials with the name under which failures count: with the browser beside it, where that is known."""
    name = str((credentials or {}).get("username") or "")
    browser = browser_of(request, name)
    return {"username": f"{name}{BROWSER}{browser}", KNOWN: True} if browser else credentials


def _is_known(credentials: dict | None) -> bool:
    return KNOWN in (credentials or {})


def _last(attempts: QuerySet[AccessAttempt]) -> datetime:
    last: datetime | None = attempts.aggregate(last=Max("attempt_time"))["last"]
    return last or timezone.now() - timedelta(minutes=settings.LOCKOUT_MINUTES)


def _failures(attempts: QuerySet[AccessAttempt]) -> int:
    return attempts.aggregate(failures=Sum("failures_since_start"))["failures"] or 0


def locked(request: HttpRequest, _response: HttpResponse, credentials: dict | None = None) -> HttpResponse:
    """The login page, which says how long to wait and whom to ask: the same for names that exist and for others."""
    until = AxesProxyHandler.get_implementation().locked_until(request, _counted(request, credentials))
    minutes = max(1, math.ceil((until - timezone.now()).total_seconds() / 60))
    response = render(request, "registration/login.html", locked_for(minutes), status=429)
    response["Retry-After"] = str(minutes * 60)
    add_never_cache_headers(response)
    return response


def locked_for(minutes: int) -> dict[str, Any]:
    """What the login page needs to say that it is locked."""
    return {"locked_minutes": minutes, "help_contact": settings.HELP_CONTACT}


def unlock(name: str) -> bool:
    """Forget the failures under this name, in every browser; whether there were any."""
    own = Q(username=name) | Q(username__startswith=name + BROWSER)
    return bool(AccessAttempt.objects.filter(own).delete()[0])

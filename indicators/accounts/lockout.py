"""Too many wrong passwords lock a name, and an address, for a while. What is counted is in the database."""

import math
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers


class Lockout(AxesDatabaseHandler):
    """django-axes with a limit for a name and a higher one for an address, which a whole office may share."""

    def get_failures(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """Failures as axes compares them with the limit for a name; those of an address weigh less, so that both limits
        are reached at the same number."""
        by_name, by_address = (_failures(attempts) for attempts in self.get_user_attempts(request, credentials))
        weighed = by_address * settings.LOCKOUT_FAILURES // settings.LOCKOUT_ADDRESS_FAILURES
        return max(by_name, weighed)

    def reset_user_attempts(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """Forget the failures under this name alone: whoever has an account must not clear the way for their address."""
        by_name, _by_address = self.filter_user_attempts(request, credentials)
        return by_name.delete()[0]

    def locked_until(self, request: HttpRequest, credentials: dict | None = None) -> datetime:
        """When the name and the address are free again, at the latest."""
        limits = settings.LOCKOUT_FAILURES, settings.LOCKOUT_ADDRESS_FAILURES
        attempts = zip(self.get_user_attempts(request, credentials), limits, strict=True)
        last = [
            attempt.aggregate(last=Max("attempt_time"))["last"]
            for attempt, limit in attempts
            if _failures(attempt) >= limit
        ]
        return max(last, default=timezone.now()) + timedelta(minutes=settings.LOCKOUT_MINUTES)


def _failures(attempts: QuerySet[AccessAttempt]) -> int:
    return attempts.aggregate(failures=Sum("failures_since_start"))["failures"] or 0


def locked(request: HttpRequest, _response: HttpResponse, credentials: dict | None = None) -> HttpResponse:
    """The login page, which says how long to wait and whom to ask: the same for names that exist and for others."""
    until = AxesProxyHandler.get_implementation().locked_until(request, credentials)
    minutes = max(1, math.ceil((until - timezone.now()).total_seconds() / 60))
    response = render(request, "registration/login.html", locked_for(minutes), status=429)
    response["Retry-After"] = str(minutes * 60)
    add_never_cache_headers(response)
    return response


def locked_for(minutes: int) -> dict[str, Any]:
    """What the login page needs to say that it is locked."""
    return {"locked_minutes": minutes, "help_contact": settings.HELP_CONTACT}


def unlock(name: str) -> bool:
    """Forget the failures under this name; whether there were any."""
    return bool(AccessAttempt.objects.filter(username=name).delete()[0])

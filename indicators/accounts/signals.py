"""What is noted and begun whenever Django logs somebody in or out, or refuses to."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import ProtectedError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ..core.http import client_address
from . import mfa, sessions
from .models import SignInKind, log_sign_in


def signed_in(request: HttpRequest, user: User, **_signal: object) -> None:
    """A password was right. Where a second factor is asked for, nobody is in yet."""
    sessions.begin(request.session)
    # Who logs in again in the same browser gives the second factor again.
    request.session.pop(mfa.VERIFIED, None)
    kind = SignInKind.PASSWORD if mfa.is_demanded(user) else SignInKind.SIGNED_IN
    if kind == SignInKind.SIGNED_IN:
        request.came_in = user  # type: ignore[attr-defined]
    log_sign_in(kind, user.get_username(), client_address(request))


def failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_signal: object) -> None:
    """A password was wrong, or was not looked at."""
    locked = getattr(request, "axes_locked_out", False)
    address = client_address(request) if request else ""
    log_sign_in(SignInKind.LOCKED if locked else SignInKind.FAILED, str(credentials.get("username", "")), address)


def signed_out(request: HttpRequest, user: User | None, **_signal: object) -> None:
    person = user or getattr(request, "half_signed_in", None)
    if person:
        log_sign_in(SignInKind.SIGNED_OUT, person.get_username(), client_address(request))


def keep(instance: User, **_signal: object) -> None:
    """Raises ProtectedError: who did what has to be known later, so an account is switched off and never deleted."""
    raise ProtectedError(_("Accounts are switched off, never deleted."), {instance})


def switched_off(instance: User, **_signal: object) -> None:
    """Switching an account on again does not bring back what was open before."""
    if not instance.is_active:
        sessions.end_all(instance)

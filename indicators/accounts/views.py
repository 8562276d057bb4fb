"""Signing in: name and password, then the code of the second factor, or setting it up."""

from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from ..core.http import client_address
from . import mfa
from .forms import CodeForm, SetUpForm
from .models import RecoveryCode, SignInKind, log_sign_in


class SignIn(LoginView):
    """Name and password. Who still owes the second factor is led on to it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if half_signed_in(request):
            return redirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def get_default_redirect_url(self) -> str:
        """Who works here begins with their work, anybody else with the overview."""
        person = half_signed_in(self.request) or current_user(self.request)
        return reverse("admin:index" if person.is_staff else "home")

    def get_success_url(self) -> str:
        after = super().get_success_url()
        person = half_signed_in(self.request) or current_user(self.request)
        return _step_url("second_factor", after) if mfa.is_demanded(person) else after


def half_signed_in(request: HttpRequest) -> User | None:
    """Who gave the password and still owes the second factor."""
    return getattr(request, "half_signed_in", None)


def current_user(request: HttpRequest) -> User:
    """Who is logged in, on pages that nobody else reaches."""
    return cast(User, request.user)


@login_not_required
def admin_login(request: HttpRequest) -> HttpResponse:
    """The login page of Django's admin leads to ours; who is in already and may not see the admin is told so.

    Raises PermissionDenied.
    """
    after = _next_url(request, "admin:index")
    if not request.user.is_authenticated:
        return redirect_to_login(after)
    if not admin.site.has_permission(request):
        raise PermissionDenied
    return redirect(after)


@login_not_required
@never_cache
@sensitive_post_parameters("code")
def verify_code(request: HttpRequest) -> HttpResponse:
    """Asks who gave the password for the second factor; who has none sets it up first."""
    person, after = half_signed_in(request), _next_url(request)
    if person is None:
        return redirect(after) if request.user.is_authenticated else redirect_to_login(request.get_full_path())
    if not mfa.is_set_up(person):
        return redirect(_step_url("set_up_second_factor", after))
    form = CodeForm(person, request.POST) if request.method == "POST" else CodeForm(person)
    if form.is_valid() and form.sign_in_kind:
        _complete_sign_in(request, person, form.sign_in_kind)
        return redirect(after)
    throttled = form.has_error("code", "throttled")
    if form.is_bound and not throttled:
        log_sign_in(SignInKind.CODE_FAILED, person.get_username(), client_address(request))
    context = {"form": form, "next": after, "help_contact": settings.HELP_CONTACT}
    return render(request, "accounts/code.html", context, status=429 if throttled else 200)


@login_not_required
@never_cache
@sensitive_post_parameters("code", "password")
def set_up_second_factor(request: HttpRequest) -> HttpResponse:
    """Makes a telephone the second factor: at the log-in of who must have one, or at any time from the own account.

    Raises Http404 where no second factor is in use.
    """
    if not (half_signed_in(request) or request.user.is_authenticated):
        return redirect_to_login(request.get_full_path())
    person, after = half_signed_in(request) or current_user(request), _next_url(request)
    if not settings.SECOND_FACTOR:
        raise Http404
    replaces = mfa.is_set_up(person)
    if replaces and half_signed_in(request):
        return redirect(_step_url("second_factor", after))
    device = mfa.PendingDevice.of(person, request.session)
    form = SetUpForm(request, device, *([request.POST] if request.method == "POST" else []))
    if form.is_valid() and form.recovery_codes:
        del request.session[mfa.PENDING_KEY]
        _complete_sign_in(request, person, SignInKind.FACTOR_SET)
        return show_codes(request, form.recovery_codes, after)
    context = {
        "title": _("Set up the second factor"),
        "form": form,
        "device": device,
        "next": after,
        "replaces": replaces,
    }
    return render(request, "accounts/set_up.html", admin_context(request) | context)


def show_codes(request: HttpRequest, codes: list[str], after: str) -> HttpResponse:
    """The page with the recovery codes, which no other page can show again."""
    context = {"title": _("Your recovery codes"), "codes": codes, "next": after}
    return render(request, "accounts/recovery_codes.html", admin_context(request) | context)


def admin_context(request: HttpRequest) -> dict[str, Any]:
    """What the frame of the staff pages needs; for who may not enter them, without their side bar."""
    frame = admin.site.each_context(request)
    return frame | {"is_nav_sidebar_enabled": frame["has_permission"]}


def _complete_sign_in(request: HttpRequest, person: User, by: SignInKind) -> None:
    """The second factor was given: the session gets a new key, and counts from now on."""
    request.session[mfa.VERIFIED] = True
    request.session.cycle_key()
    rotate_token(request)
    request.user = request.came_in = person  # type: ignore[attr-defined]
    log_sign_in(by, person.get_username(), client_address(request))
    if by == SignInKind.RECOVERY:
        left = RecoveryCode.objects.unused(person).count()
        message = ngettext("%(left)d recovery code is left.", "%(left)d recovery codes are left.", left)
        messages.warning(request, message % {"left": left})


def _next_url(request: HttpRequest, otherwise: str = "home") -> str:
    """Where to go on: an address of this site, or the page named `otherwise`."""
    target = request.POST.get("next", request.GET.get("next", ""))
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else reverse(otherwise)


def _step_url(name: str, after: str) -> str:
    return f"{reverse(name)}?{urlencode({'next': after}, safe='/')}"

"""One's own account: the password, the second factor, and signing out everywhere."""

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from ..core.http import client_address
from . import mfa, sessions
from .decorators import signed_in_only
from .forms import ChangePasswordForm, PasswordForm
from .models import RecoveryCode, SignIn, SignInKind, log_sign_in
from .views import admin_context, current_user, show_codes

LATEST = 10


@signed_in_only
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """What one can do with one's own account, and what happened under one's name."""
    person = current_user(request)
    context = {
        "title": _("My account"),
        "second_factor_in_use": settings.SECOND_FACTOR,
        "has_second_factor": mfa.is_set_up(person),
        "codes_left": RecoveryCode.objects.unused(person).count(),
        "latest": SignIn.objects.filter(name=person.get_username())[:LATEST],
        "idle_minutes": settings.SESSION_IDLE_MINUTES,
        "hours": settings.SESSION_HOURS,
    }
    return render(request, "accounts/account.html", admin_context(request) | context)


@signed_in_only
@never_cache
@sensitive_post_parameters("password")
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Ten new codes in place of those before, for who has a second factor and types the password once more."""
    person = current_user(request)
    if not mfa.is_set_up(person):
        return redirect("account")
    data = [request.POST] if request.method == "POST" else []
    form = PasswordForm(request, person, *data)
    if form.is_valid():
        codes = RecoveryCode.objects.replace(person)
        log_sign_in(SignInKind.CODES_MADE, person.get_username(), client_address(request))
        return show_codes(request, codes, reverse("account"))
    lede = _("Ten new codes are made. Those you have on paper count no more.")
    context = {"title": _("New recovery codes"), "form": form, "lede": lede, "button": _("Make new codes")}
    return render(request, "accounts/form.html", admin_context(request) | context)


@signed_in_only
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Ends every session of the person, this one too."""
    person = current_user(request)
    log_sign_in(SignInKind.EVERYWHERE, person.get_username(), client_address(request))
    sessions.end_all(person)
    logout(request)
    return redirect("login")


@method_decorator(signed_in_only, name="dispatch")
class ChangePassword(PasswordChangeView):
    """Django's page in the frame of the staff pages. Every other session of the person ends with it."""

    form_class = ChangePasswordForm
    template_name = "accounts/form.html"
    success_url = reverse_lazy("account")
    extra_context = {
        "title": gettext_lazy("Change the password"),
        "lede": gettext_lazy("You stay logged in here and are logged out everywhere else."),
        "button": gettext_lazy("Change the password"),
    }

    def get_context_data(self, **context: object) -> dict:
        return admin_context(self.request) | super().get_context_data(**context)

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        answer = super().form_valid(form)
        # The cookie of before says nothing any more: it changes with the password.
        self.request.came_in = self.request.user  # type: ignore[attr-defined]
        log_sign_in(SignInKind.PASSWORD_CHANGED, self.request.user.get_username(), client_address(self.request))
        return answer

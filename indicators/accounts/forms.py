"""What is typed to sign in: codes, and once more the password before something that matters is changed."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AdminPasswordChangeForm, PasswordChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from . import mfa
from .models import SignInKind

TYPED_CODE = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}


class CodeForm(forms.Form):
    """The code of the app, or one from the paper with the recovery codes. `sign_in_kind` tells which, when it is valid."""

    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=40, widget=forms.TextInput(attrs=TYPED_CODE | {"autofocus": True})
    )

    def __init__(self, user: User, *data: Any) -> None:
        super().__init__(*data)
        self.user = user
        self.sign_in_kind: SignInKind | None = None

    def clean_code(self) -> str:
        """The code as typed; sets `sign_in_kind`. Raises ValidationError, with the code "throttled" after too many."""
        typed: str = self.cleaned_data["code"]
        try:
            self.sign_in_kind = mfa.verify(self.user, typed)
        except mfa.Throttled as wait:
            message = ngettext(
                "Too many wrong codes. Wait %(seconds)d second, then try a new code.",
                "Too many wrong codes. Wait %(seconds)d seconds, then try a new code.",
                wait.seconds,
            )
            raise ValidationError(message % {"seconds": wait.seconds}, code="throttled") from wait
        if self.sign_in_kind is None:
            raise ValidationError(_("This code is wrong or was used already. Wait for the next one in the app."))
        return typed


def is_password_of(user: User, password: str, request: HttpRequest) -> bool:
    """Whether it is; a wrong one is counted and noted like those at the log-in, and after too many none is looked at."""
    return authenticate(request, username=user.get_username(), password=password) == user


class PasswordForm(forms.Form):
    """The password once more: an open session alone is not enough."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, user: User, *data: Any) -> None:
        super().__init__(*data)
        self.request, self.user = request, user

    def clean_password(self) -> str:
        """The password. Raises ValidationError when it is not that of the user."""
        password: str = self.cleaned_data["password"]
        if not is_password_of(self.user, password, self.request):
            raise ValidationError(_("The password is not right."))
        return password


class ChangePasswordForm(PasswordChangeForm):
    """Django's form for the own password. Wrong old ones are counted like those at the log-in."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        """The old password. Raises ValidationError when it is not that of the user."""
        password: str = self.cleaned_data["old_password"]
        if not is_password_of(self.user, password, self.request):
            raise ValidationError(self.error_messages["password_incorrect"], "password_incorrect")
        return password


class SetPasswordForm(AdminPasswordChangeForm):
    """Django's form for the password of somebody else; the history of their rights says that it was set."""

    def save(self, commit: bool = True) -> User:
        self.user._change_reason = _("Password set by an administrator")
        person: User = super().save(commit)
        return person


class SetUpForm(PasswordForm):
    """The first code of a new device. `recovery_codes` are those made with it, when it is valid."""

    code = forms.CharField(
        label=gettext_lazy("Code shown by the app"),
        max_length=10,
        widget=forms.TextInput(attrs=TYPED_CODE | {"inputmode": "numeric"}),
    )
    recovery_codes: list[str] | None = None

    def __init__(self, request: HttpRequest, device: mfa.PendingDevice, *data: Any) -> None:
        super().__init__(request, device.user, *data)
        self.device = device

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self.recovery_codes = self.device.confirm(cleaned["code"])
            if self.recovery_codes is None:
                self.add_error(
                    "code",
                    _(
                        "The code is not right. Check that the time of the telephone is set automatically, and try the next."
                    ),
                )
        return cleaned

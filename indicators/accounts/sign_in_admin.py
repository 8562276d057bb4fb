"""The list of what happened at the door, which nobody can change, and what administrators do for a person's account."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_totp.models import TOTPDevice

from ..core.http import client_address
from ..staff.input_guard import InputGuardMixin
from . import lockout, mfa, sessions
from .models import Kind, SignIn, note

# It would show the secret keys.
admin.site.unregister(TOTPDevice)


@admin.register(SignIn)
class SignInAdmin(InputGuardMixin):
    """Read-only, also for superusers: what could be tidied up would prove nothing."""

    list_display = ("at", "kind", "name", "address", "by")
    list_filter = ("kind",)
    date_hierarchy = "at"
    search_fields = ("=name", "=address")
    search_help_text = gettext_lazy("A whole user name or a whole address.")
    list_per_page = 100
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, *_other: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DoorActions(admin.ModelAdmin):
    """What an administrator does for people in the list of users; each of them is noted with who did it."""

    actions = ("sign_out_everywhere", "reset_second_factor", "lift_lock")

    @admin.action(description=gettext_lazy("Sign out everywhere"), permissions=["change"])
    def sign_out_everywhere(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people:
            sessions.end_all(person)
            _noted(request, Kind.EVERYWHERE, person)
        _told(request, people, _("Signed out everywhere"))

    @admin.action(description=gettext_lazy("Reset the second factor (telephone lost)"), permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people:
            mfa.reset(person)
            _noted(request, Kind.FACTOR_RESET, person)
        _told(request, people, _("The second factor was reset, and all sessions ended"))

    @admin.action(description=gettext_lazy("Lift the lock after wrong passwords"), permissions=["change"])
    def lift_lock(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people:
            lockout.unlock(person.get_username())
            _noted(request, Kind.UNLOCKED, person)
        _told(request, people, _("The lock was lifted"))


def _noted(request: HttpRequest, kind: Kind, person: User) -> None:
    note(kind, person.get_username(), client_address(request), by=request.user)


def _told(request: HttpRequest, people: QuerySet[User], what: str) -> None:
    names = ", ".join(person.get_username() for person in people)
    messages.success(request, f"{what}: {names}.")

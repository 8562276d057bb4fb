"""The staff pages of users, with their agencies and what administrators do for them, of groups, and of past sign-ins."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_totp.models import TOTPDevice
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper

from ..core.http import client_address
from ..models import Membership
from ..sentences.formatting import NO_VALUE
from ..staff.forms import RecordForm, RecordFormSet
from ..staff.input_guard import AutocompleteGuardMixin, InputGuardMixin
from . import lockout, mfa, sessions
from .models import SignIn, SignInKind, log_sign_in
from .permission_history import PermissionHistoryMixin


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


class SignInActions(admin.ModelAdmin):
    """What an administrator does for people in the list of users; each of them is noted with who did it."""

    actions = ("sign_out_everywhere", "reset_second_factor", "lift_lock")

    @admin.action(description=gettext_lazy("Sign out everywhere"), permissions=["change"])
    def sign_out_everywhere(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people:
            sessions.end_all(person)
        self._record(request, SignInKind.EVERYWHERE, people, _("Signed out everywhere"))

    @admin.action(description=gettext_lazy("Reset the second factor (telephone lost)"), permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people:
            mfa.reset(person)
        done = _("The second factor was reset, and all sessions ended")
        self._record(request, SignInKind.FACTOR_RESET, people, done)

    @admin.action(description=gettext_lazy("Lift the lock after wrong passwords"), permissions=["change"])
    def lift_lock(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people:
            lockout.unlock(person.get_username())
        self._record(request, SignInKind.UNLOCKED, people, _("The lock was lifted"))

    def _record(self, request: HttpRequest, kind: SignInKind, people: QuerySet[User], done: str) -> None:
        """Leave a line for each of `people` with who did it, and say so on the page."""
        names = [person.get_username() for person in people]
        for name in names:
            log_sign_in(kind, name, client_address(request), by=request.user)
        messages.success(request, f"{done}: {', '.join(names)}.")


class MembershipInline(AutocompleteGuardMixin, admin.TabularInline):
    """The agencies whose figures this person enters."""

    model = Membership
    form = RecordForm
    formset = RecordFormSet
    extra = 1
    autocomplete_fields = ("agency",)


class PersonAdmin(SignInActions, PermissionHistoryMixin, InputGuardMixin, UserAdmin):
    """Django's page of a user, with the agencies the person works for, and what helps them to sign in."""

    inlines = [MembershipInline]


class GroupChanges(HistoricalRecordContextHelper):
    """Which rights a group lost and got, by their names."""

    def prepare_delta_change_value(self, change: Any, value: Any) -> str:
        if change.field != "permissions":
            return str(value)
        other = change.new if value is change.old else change.old
        unchanged = {row["permission"] for row in other}
        names = [row["permission"].name for row in value if row["permission"] not in unchanged]
        return ", ".join(names) or NO_VALUE


class GuardedGroupAdmin(InputGuardMixin, SimpleHistoryAdmin, GroupAdmin):
    """Django's page of a group, with the history of its rights. Bringing an old version back is giving the rights again."""

    object_history_list_template = "admin/indicators/history_list.html"
    object_history_form_template = "admin/indicators/history_form.html"

    def get_historical_record_context_helper(self, request: HttpRequest, historical_record: Any) -> GroupChanges:
        return GroupChanges(self.model, historical_record)

    def history_form_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Not for groups: a group is mended on its own page. Raises PermissionDenied."""
        raise PermissionDenied


admin.site.unregister([User, Group])
admin.site.register(User, PersonAdmin)
admin.site.register(Group, GuardedGroupAdmin)
# The page of the devices would show their secret keys.
admin.site.unregister(TOTPDevice)

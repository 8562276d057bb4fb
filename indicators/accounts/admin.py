"""The staff pages of users, with their agencies and what administrators do for them, of groups, and of past sign-ins."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
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
from . import lockout, mfa, notices, sessions
from .forms import PasswordForm, SetPasswordForm
from .models import SignIn, SignInKind, log_sign_in
from .permission_history import PermissionHistoryMixin
from .views import admin_context, current_user


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
    def reset_second_factor(self, request: HttpRequest, people: QuerySet[User]) -> HttpResponse | None:
        """The page that asks who does it for their own password; once it was right, what was done."""
        form = PasswordForm(request, current_user(request), *([request.POST] if "password" in request.POST else []))
        if not form.is_valid():
            return self._ask_for_password(request, form, people)
        for person in people:
            mfa.reset(person)
        done = _("The second factor was reset, and all sessions ended")
        self._record(request, SignInKind.FACTOR_RESET, people, done)
        self._tell(request, SignInKind.FACTOR_RESET, people)
        return None

    def _ask_for_password(self, request: HttpRequest, form: PasswordForm, people: QuerySet[User]) -> HttpResponse:
        chosen = [(helpers.ACTION_CHECKBOX_NAME, person.pk) for person in people]
        names = ", ".join(person.get_username() for person in people)
        context = {
            "title": _("Reset the second factor"),
            "lede": _("They set up a new one at their next log-in: %(names)s.") % {"names": names},
            "form": form,
            "hidden": [("action", "reset_second_factor"), *chosen],
            "button": _("Reset the second factor"),
        }
        return render(request, "accounts/form.html", admin_context(request) | context)

    @admin.action(description=gettext_lazy("Lift the lock after wrong passwords"), permissions=["change"])
    def lift_lock(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people:
            lockout.unlock(person.get_username())
        self._record(request, SignInKind.UNLOCKED, people, _("The lock was lifted"))

    def _tell(self, request: HttpRequest, kind: SignInKind, people: Iterable[User], address: str = "") -> None:
        """Mail each of `people` what was done, and name on the page those who have to be told otherwise."""
        untold = [one.get_username() for one in people if not notices.tell(one, kind, current_user(request), address)]
        if untold:
            names = {"names": ", ".join(untold)}
            messages.warning(request, _("No e-mail address, so tell them yourself: %(names)s.") % names)

    def _record(self, request: HttpRequest, kind: SignInKind, people: Iterable[User], done: str) -> None:
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
    change_password_form = SetPasswordForm

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who did what has to be known later: an account is switched off, never deleted."""
        return False

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002 # as Django calls it
        """Django's page for the password of somebody else, who is told; one's own takes the old one, on its own page."""
        if id == str(request.user.pk):
            return redirect("change_password")
        person = self.get_object(request, id)
        response = super().user_change_password(request, id, form_url)
        if person and not User.objects.filter(pk=person.pk, password=person.password).exists():
            kind = SignInKind.PASSWORD_CHANGED
            log_sign_in(kind, person.get_username(), client_address(request), by=request.user)
            self._tell(request, kind, [person])
        return response

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        before = User.objects.get(pk=obj.pk).email if change else obj.email
        super().save_model(request, obj, form, change)
        if before != obj.email:
            log_sign_in(SignInKind.MAIL_CHANGED, obj.get_username(), client_address(request), by=request.user)
            self._tell(request, SignInKind.MAIL_CHANGED, [obj], before)


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

"""Who works for which agency, and when reports are due."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper

from ..models import Deadline, Membership
from ..sentences.formatting import NO_VALUE
from ..staff.admin.base import RecordAdmin
from ..staff.forms import RecordForm, Rows
from ..staff.input_guard import AutocompleteGuardMixin, InputGuardMixin
from .permission_history import RightsHistory
from .sign_in_admin import DoorActions


class MembershipInline(AutocompleteGuardMixin, admin.TabularInline):
    """The agencies whose figures this person enters."""

    model = Membership
    form = RecordForm
    formset = Rows
    extra = 1
    autocomplete_fields = ("agency",)


class PersonAdmin(DoorActions, RightsHistory, InputGuardMixin, UserAdmin):
    """Django's page of a user, with the agencies the person works for, and what helps them at the door."""

    inlines = [MembershipInline]


class GroupWords(HistoricalRecordContextHelper):
    """Which rights a group lost and got, by their names."""

    def prepare_delta_change_value(self, change: Any, value: Any) -> str:
        if change.field != "permissions":
            return str(value)
        other = change.new if value is change.old else change.old
        kept = {one["permission"] for one in other}
        return ", ".join(one["permission"].name for one in value if one["permission"] not in kept) or NO_VALUE


class GuardedGroupAdmin(InputGuardMixin, SimpleHistoryAdmin, GroupAdmin):
    """Django's page of a group, with the history of its rights. Bringing an old version back is giving the rights again."""

    object_history_list_template = "admin/indicators/history_list.html"
    object_history_form_template = "admin/indicators/history_form.html"

    def get_historical_record_context_helper(self, request: HttpRequest, historical_record: Any) -> GroupWords:
        return GroupWords(self.model, historical_record)

    def history_form_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Not for groups: a group is mended on its own page."""
        raise PermissionDenied


admin.site.unregister([User, Group])
admin.site.register(User, PersonAdmin)
admin.site.register(Group, GuardedGroupAdmin)


@admin.register(Deadline)
class DeadlineAdmin(RecordAdmin):
    list_display = ("through_month", "agency", "year", "cut_off_day", "working_days")
    list_select_related = ("agency",)
    list_filter = ("through_month",)
    autocomplete_fields = ("agency",)
    fieldsets = [
        (
            None,
            {
                "fields": [("through_month", "year"), "agency", ("cut_off_day", "working_days")],
                "description": _(
                    "Figures count up to the cut-off day and are due some working days later. A rule for one agency or one"
                    " year goes before the general rule."
                ),
            },
        )
    ]

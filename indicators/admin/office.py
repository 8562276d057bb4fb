"""Who works for which agency, and when reports are due."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.utils.translation import gettext_lazy as _

from ..entry.forms import RecordForm, Rows
from ..models import Deadline, Membership
from .base import RecordAdmin
from .guard import Guarded, GuardedChoices
from .rights_history import RightsHistory


class MembershipInline(GuardedChoices, admin.TabularInline):
    """The agencies whose figures this person enters."""

    model = Membership
    form = RecordForm
    formset = Rows
    extra = 1
    autocomplete_fields = ("agency",)


class PersonAdmin(RightsHistory, Guarded, UserAdmin):
    """Django's page of a user, with the agencies the person works for."""

    inlines = [MembershipInline]


class GuardedGroupAdmin(Guarded, GroupAdmin):
    """Django's page of a group."""


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

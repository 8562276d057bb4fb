"""Who works for which agency, which agency answers since when, and when reports are due, with the history of each."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ...models import Assignment, Deadline, Membership
from ..forms import RecordForm
from ..forms.fields import form_field_classes
from .base import RecordAdmin


class AssignmentForm(RecordForm):
    class Meta:
        field_classes = form_field_classes(Assignment)


@admin.register(Assignment)
class AssignmentAdmin(RecordAdmin):
    form = AssignmentForm
    list_display = ("indicator", "agency", "valid_from")
    list_select_related = ("indicator", "agency")
    list_filter = (("agency", admin.RelatedOnlyFieldListFilter),)
    autocomplete_fields = ("indicator", "agency")
    date_hierarchy = "valid_from"
    fieldsets = [
        (
            None,
            {
                "fields": ["indicator", "agency", "valid_from"],
                "description": _(
                    "From this day on the agency answers for the indicator; reports of earlier days keep the one before it."
                ),
            },
        )
    ]


@admin.register(Membership)
class MembershipAdmin(RecordAdmin):
    list_display = ("user", "agency")
    list_select_related = ("user", "agency")
    list_filter = (("agency", admin.RelatedOnlyFieldListFilter),)
    # The person is chosen from a plain list: searching users would need the right to see their accounts.
    autocomplete_fields = ("agency",)
    fieldsets = [
        (
            None,
            {
                "fields": ["user", "agency"],
                "description": _("A person enters the figures of the indicators that their agencies answer for today."),
            },
        )
    ]


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

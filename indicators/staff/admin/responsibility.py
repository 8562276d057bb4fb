"""Lists of who works for which agency and of which agency answers since when, each record with its history."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ...models import Assignment, Membership
from ..forms import RecordForm
from ..forms.fields import reads
from .base import RecordAdmin


class AssignmentForm(RecordForm):
    class Meta:
        field_classes = reads(Assignment)


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

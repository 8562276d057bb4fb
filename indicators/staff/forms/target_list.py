"""The forms of a list of targets: what is common to its lines, and one line."""

from typing import Any

from django import forms
from django.forms import modelform_factory
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...models import Indicator, Source, TargetProposal, Term
from ...models.base import EARLIEST_YEAR, LATEST_YEAR
from ...models.targets import Scope, TargetStatus
from .fields import DayField
from .proposals import TargetProposalForm

LONGEST_PASTE = 50_000  # characters
LINE_FIELDS = (
    "indicator", "term", "scope", "first_year", "last_year", "as_written_vi", "bound", "low", "high", "basis", "status",
    "counted", "decided_on", "source", "quote_vi",
)  # fmt: skip
LineForm = modelform_factory(TargetProposal, form=TargetProposalForm, fields=LINE_FIELDS)


class TargetListForm(forms.Form):
    """What holds for every line: the term or year, the decision and where it is printed; and the list itself."""

    term = forms.ModelChoiceField(label=_("term"), queryset=Term.objects.order_by("-first_year"), empty_label=None)
    year = forms.IntegerField(
        label=_("year"),
        required=False,
        min_value=EARLIEST_YEAR,
        max_value=LATEST_YEAR,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "6"}),
        help_text=_("Only for the plan of one year; empty for the targets of the term."),
    )
    source = forms.ModelChoiceField(label=_("source"), queryset=Source.objects.order_by("-issued_on", "title_vi"))
    decided_on = DayField(
        label=_("decided on"), required=False, help_text=_("Empty: the day on which the source was issued.")
    )
    status = forms.ChoiceField(label=_("status of the target"), choices=TargetStatus, initial=TargetStatus.ADOPTED)
    counted = forms.BooleanField(label=_("counted"), required=False, help_text=_("Counts in x/N of its term."))
    pasted = forms.CharField(
        label=_("The list"),
        max_length=LONGEST_PASTE,
        widget=forms.Textarea(attrs={"rows": 12, "cols": 80}),
        help_text=_(
            "One target a line, for example “Tỷ lệ hộ nghèo dưới 3%”, or the cells of a table: name, target, unit."
        ),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("decided_on") and (source := data.get("source")) and "decided_on" not in self.errors:
            data["decided_on"] = source.issued_on
            if source.issued_on is None:
                self.add_error("decided_on", gettext("The source has no day. Write the day of the decision here."))
        return data

    def line_values(self) -> dict[str, Any]:
        """The fields that every line has alike, as its form takes them."""
        data, year = self.cleaned_data, self.cleaned_data["year"]
        years = {"first_year": year, "last_year": year} if year else {}
        return years | {
            "term": data["term"].pk,
            "scope": Scope.ANNUAL if year else Scope.TERM,
            "source": data["source"].pk,
            "decided_on": data["decided_on"].isoformat(),
            "status": data["status"],
        }


def indicator_choices(suggested: list[Indicator], others: list[Indicator]) -> list[Any]:
    """The choices of a line: nothing, the likeliest, then all others."""
    groups: list[Any] = [("", gettext("– leave this line out –"))]
    for label, indicators in ((gettext("Likeliest"), suggested), (gettext("All others"), others)):
        if indicators:
            groups.append((label, [(each.pk, f"{each.name} ({each.unit})") for each in indicators]))
    return groups

"""The forms of the records beside the figures: how their fields are read and explained."""

from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from ...models import Agency, Aggregate, Comparison, Indicator, OfficialResult, OfficialVerdict, Source
from .base import RecordForm, ValueForm
from .fields import PERIOD, MonthField, TextField, form_field_classes
from .figures import FigureForm
from .sources import free_code


class AggregateForm(ValueForm):
    reason = TextField(
        label=_("Reason"), max_length=2000, required=False, help_text=FigureForm.base_fields["reason"].help_text
    )

    class Meta:
        field_classes = form_field_classes(Aggregate)
        help_texts = FigureForm.Meta.help_texts | {
            "first_year": _("For example 2021 in “2021–2025”."),
            "last_year": _("For example 2025 in “2021–2025”."),
            "measure": _("What the source gives for these years: their average or their total."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "quote_vi" in self.fields:
            # It wins over the yearly figures by itself, so it has to be checked against the words it was read from.
            self.fields["quote_vi"].required = True


class ComparisonForm(ValueForm):
    through_month = MonthField(label=PERIOD)

    class Meta:
        field_classes = form_field_classes(Comparison)
        help_texts = FigureForm.Meta.help_texts | {
            "value": _("The percentage as printed, for example 92.8; a decrease is negative: -2.74."),
            "measure": _(
                "What the percentage refers to. “Higher by 1.5%” is often percentage points: look at the quote."
            ),
        }

    def reference(self) -> Decimal | None:
        """Percentages lie around a hundred, not in the thousands."""
        return Decimal(100)

    def decimals(self) -> int | None:
        """Percentages have them, whatever the indicator counts."""
        return None


class OfficialResultForm(RecordForm):
    class Meta:
        field_classes = form_field_classes(OfficialResult)
        help_texts = {
            "declared_targets": _("N in x/N, for example 20 in “18/20”."),
            "met_or_exceeded": _("x in x/N, for example 18 in “18/20”."),
            "quote_vi": FigureForm.Meta.help_texts["quote_vi"],
        }


class OfficialVerdictForm(RecordForm):
    class Meta:
        field_classes = form_field_classes(OfficialVerdict)
        help_texts = {
            "target": _("Type a word of the indicator's name, or a year."),
            "reason": _("Why it is decided so, for example the document that announced it. Readers see it."),
            "decided_on": _("From this day on it stands beside the computed verdict, for example 27/09/2020."),
        }


class SectorForm(RecordForm):
    class Meta:
        help_texts = {"order": _("Its place in the official tables, for example 1 for I.")}


class AgencyForm(RecordForm):
    class Meta:
        field_classes = form_field_classes(Agency)


class SourceForm(RecordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "code" in self.fields and self.instance._state.adding:
            self.fields["code"].required = False
            self.fields["code"].help_text = _("Left empty, it is made from the number or the title.")

    def clean(self) -> dict[str, Any]:
        self.cleaned_data = super().clean()
        name = self.cleaned_data.get("number") or self.cleaned_data.get("title_vi")
        if name and self.cleaned_data.get("code") == "":
            self.cleaned_data["code"] = free_code(name)
        return self.cleaned_data

    class Meta:
        field_classes = form_field_classes(Source)
        help_texts = {
            "title_vi": _("The title as printed."),
            "publisher": _("Who issued or published it."),
            "number": _("For example 310/BC-UBND."),
            "issued_on": _("The day printed on it, for example 27/09/2020."),
            "url": _("Where it can be read, from https:// on. Empty for a paper document."),
            "reliability": _("A: a document of the authorities. B: known press. C: anything else."),
        }


class IndicatorForm(RecordForm):
    class Meta:
        help_texts = {
            "unit_vi": _("For example %, triệu đồng, hạng."),
            "better": _("Poverty and ranks are better lower; shares of the economy have no direction."),
            "kind": _("A commune count is a level, budget revenue a flow, GRDP growth a rate, PCI a rank."),
            "definition_vi": _("What is measured and by which standard. Another standard is another indicator."),
            "order": _("Empty: the next one of the sector."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "order" in self.fields:
            self.fields["order"].required = False

    def clean(self) -> dict[str, Any]:
        self.cleaned_data = super().clean()
        sector = self.cleaned_data.get("sector")
        if "order" in self.fields and "order" not in self.errors and sector and self.cleaned_data.get("order") is None:
            orders = Indicator.objects.filter(sector=sector).exclude(pk=self.instance.pk)
            self.cleaned_data["order"] = (orders.aggregate(last=Max("order"))["last"] or 0) + 1
        return self.cleaned_data

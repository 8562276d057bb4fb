"""ENTRY: what people type → checked records. The fields read numbers and days as the offices write them; each form says
what belongs where, with an example."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from .alphabet import tidy
from .models import (
    Agency,
    Aggregate,
    Comparison,
    Figure,
    Indicator,
    OfficialResult,
    OfficialVerdict,
    Source,
    Target,
)
from .numerals import Reading, format_number, plain, read_date, read_number
from .periods import FULL_YEAR
from .wording import active_language

# As much of a text as a message repeats; a number is never longer.
SHOWN = 40
EXAMPLE = Decimal("11728.3")
PERIOD = capfirst(_("period"))

_STRANGE = re.compile(r"[^\d.,+\-−–\s]+")
_ANSWERS_WITHOUT_VALUE = {"-", "–", "—", "…", "..."}


class NumberField(forms.DecimalField):
    """A number in the notation of the interface language, `11.728,3` or `11,728.3`; every digit typed is kept."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _(
            "“%(text)s” cannot be read as a number: its points and commas are not where they belong."
            " Write it like %(example)s."
        ),
        "strange": _(
            "“%(text)s” cannot be read as a number because of “%(strange)s”. Write the number alone, like %(example)s:"
            " the unit is known, and words such as “about” or “estimate” have fields of their own."
        ),
        "no_value": _(
            "“%(text)s” is not a number. Leave the value empty and choose “did not occur (-)” or “not collected (…)”."
        ),
        "max_digits": _(
            "At most %(max)s digits can be kept, and this number has more. Check it, or use a larger unit."
        ),
        "max_whole_digits": _(
            "At most %(max)s digits can stand before the decimal mark, and this number has more."
            " Check it, or use a larger unit."
        ),
        "max_decimal_places": _(
            "At most %(max)s digits can stand after the decimal mark, and this number has more."
            " Write it as the source prints it."
        ),
    }

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, Decimal):
            return value
        reading = self.read(str(value))
        return reading.value if reading else None

    def read(self, text: str) -> Reading | None:
        """What `text` means in the active language, None when it is blank. Raises ValidationError."""
        text = tidy(text)
        if not text:
            return None
        try:
            return read_number(text, active_language())
        except ValueError:
            raise self._explained(text) from None

    def _explained(self, text: str) -> ValidationError:
        strange = _STRANGE.findall(text)
        code = "strange" if strange else "invalid"
        if text in _ANSWERS_WITHOUT_VALUE:
            code = "no_value"
        params = {"text": _shortened(text), "strange": _shortened(" ".join(strange)), "example": example()}
        return ValidationError(self.error_messages[code], code=code, params=params)

    def prepare_value(self, value: Any) -> Any:
        """A stored number with all its digits; what was typed stays as typed."""
        return format_number(value, active_language()) if isinstance(value, Decimal) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off", "size": "16"}


class DayField(forms.DateField):
    """A day, written day first: 27/09/2020, 27-9-2020, 27.9.2020 or 2020-09-27."""

    default_error_messages = {
        "invalid": _("“%(text)s” is not a day. Write day, month and year, like 27/09/2020."),
    }

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        text = tidy(str(value))
        try:
            return read_date(text) if text else None
        except ValueError:
            params = {"text": _shortened(text)}
            raise ValidationError(self.error_messages["invalid"], code="invalid", params=params) from None


def example() -> str:
    """A number as the active language writes it."""
    return format_number(EXAMPLE, active_language())


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def reads(model: type[models.Model]) -> dict[str, type[forms.Field]]:
    """The form field class of each number and day of `model`."""
    classes = {models.DecimalField: NumberField, models.DateField: DayField}
    return {field.name: classes[type(field)] for field in model._meta.fields if type(field) in classes}


def months() -> list[tuple[int, Any]]:
    """The periods of a year with the months they run through; those of the official reports first."""
    usual = [FULL_YEAR, 9, 6, 3]
    rest = [month for month in range(1, FULL_YEAR) if month not in usual]
    return [(month, months_label(month)) for month in usual + rest]


def months_label(month: int) -> Any:
    """ "9 months", "whole year"."""
    if month == FULL_YEAR:
        return _("whole year")
    return ngettext("%(months)d month", "%(months)d months", month) % {"months": month}


class MonthField(forms.TypedChoiceField):
    """The period of a year, as the last month it runs through."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=months, coerce=int, initial=FULL_YEAR, **kwargs)


class RecordForm(forms.ModelForm):
    """A form whose texts are kept the way data packages keep them: composed letters, plain spaces, plain line ends.

    Forms say how a field is read and explained; which fields a page has, and in which order, is the admin's to say.
    """

    def clean(self) -> dict[str, Any]:
        super().clean()
        texts = {name: tidy(value) for name, value in self.cleaned_data.items() if isinstance(value, str)}
        return self.cleaned_data | texts


class ReadingForm(RecordForm):
    """A form with numbers. One that can mean two things is taken in the interface language's notation, unless the other
    meaning is nearer to what is known of the indicator: then it is asked, never guessed."""

    def reference(self) -> Decimal | None:
        """The size of number to expect, None when nothing is known."""
        indicator = self.cleaned_data.get("indicator")
        return latest_value(indicator, without=self.instance) if indicator and indicator.pk else None

    def clean(self) -> dict[str, Any]:
        self.cleaned_data = super().clean()
        for name, field in self.fields.items():
            if isinstance(field, NumberField) and name in self.changed_data and name in self.cleaned_data:
                self._ask_what_is_meant(name, field.read(self[name].data))
        return self.cleaned_data

    def _ask_what_is_meant(self, name: str, reading: Reading | None) -> None:
        if reading is None or reading.other is None:
            return
        expected = self.reference()
        if expected and _times(reading.other, expected) < _times(reading.value, expected):
            meanings = {"one": ungrouped(reading.value), "other": ungrouped(reading.other)}
            message = _("“%(text)s” can mean %(one)s or %(other)s. Write %(one)s or %(other)s.")
            self.add_error(name, ValidationError(message, "ambiguous", {"text": self[name].data, **meanings}))


def latest_value(indicator: Indicator, *, without: models.Model | None = None) -> Decimal | None:
    """The value of the indicator's latest figure in force today, the record `without` left aside."""
    others = Figure.objects.filter(indicator=indicator)
    if isinstance(without, Figure):
        others = others.exclude(pk=without.pk)
    in_force = others.in_force(timezone.localdate()).order_by("-year", "-through_month")
    return in_force.values_list("value", flat=True).first()


def _times(value: Decimal, expected: Decimal) -> Decimal:
    """How many times the smaller of the two sizes the larger one is."""
    ratio = abs(value / expected)
    return max(ratio, 1 / ratio)


def ungrouped(value: Decimal) -> str:
    """`value` in the active language, written so that it means one thing only."""
    return plain(value).replace(".", "," if active_language() == "vi" else ".")


class FigureForm(ReadingForm):
    through_month = MonthField(
        label=PERIOD,
        help_text=_(
            "The months from January that the number covers; for a level, the position at the end of the last one."
        ),
    )

    class Meta:
        field_classes = reads(Figure)
        labels = {"through_month": PERIOD}
        help_texts = {
            "indicator": _("Type a word of its name, with or without diacritics: “ho ngheo” finds “Hộ nghèo”."),
            "year": _("For example 2020."),
            "value": _("As the source prints it, for example 11,728.3. Empty when there is none: missing is not zero."),
            "qualifier": _(
                "“Over 2,100” is the value 2,100 and the word “over”. For a printed “-” or “…” there is no value."
            ),
            "status": _("As the source calls it; “reported” when it says nothing. The next one is a new record."),
            "published_on": _("The day the public could know it, for example 27/09/2020. Earlier days do not show it."),
            "source": _("The document or page it was read from, for example Report 310/BC-UBND."),
            "quote_vi": _("The words of the source, copied exactly, with the number in them."),
            "note": _("What a reader should know, for example why two sources differ."),
            "state": _("Only approved figures count and are shown to the public."),
            "series_break": _(
                "Tick it when the way of counting or the area changed, for example fewer communes since 01/07/2025."
            ),
        }


class FigureRows(forms.BaseInlineFormSet):
    """New figures on the page of their indicator, which Django leaves out when it holds a row against the constraints."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            if form.has_changed() and form.is_valid():
                try:
                    form.instance.validate_constraints()
                except ValidationError as error:
                    form.add_error(None, error)

    def get_unique_error_message(self, unique_check: Any) -> str:
        return gettext("Two of the new figures have the same period, status, day of publication and source.")


class AggregateForm(ReadingForm):
    class Meta:
        field_classes = reads(Aggregate)
        help_texts = FigureForm.Meta.help_texts | {
            "first_year": _("For example 2021 in “2021–2025”."),
            "last_year": _("For example 2025 in “2021–2025”."),
            "measure": _("What the source gives for these years: their average or their total."),
        }


class ComparisonForm(ReadingForm):
    through_month = MonthField(label=PERIOD)

    class Meta:
        field_classes = reads(Comparison)
        help_texts = FigureForm.Meta.help_texts | {
            "value": _("The percentage as printed, for example 92.8; a decrease is negative: -2.74."),
            "measure": _(
                "What the percentage refers to. “Higher by 1.5%” is often percentage points: look at the quote."
            ),
        }

    def reference(self) -> Decimal | None:
        """Percentages lie around a hundred, not in the thousands."""
        return Decimal(100)


class TargetForm(ReadingForm):
    class Meta:
        field_classes = reads(Target)
        help_texts = {
            "indicator": FigureForm.Meta.help_texts["indicator"],
            "scope": _("A target of the congress for its term, or the plan of one year."),
            "first_year": _("The first year the target speaks about; for the plan of a year both years are that year."),
            "last_year": _("The year by which it is to be reached."),
            "as_written_vi": _("The words of the document, copied exactly, for example “dưới 3%”."),
            "bound": _(
                "“từ 7 đến 7,5%”: between. “dưới 3%”: less than. “3% trở lên”: at least. “trên 30%”: more than."
                " “khoảng 180 - 190”: about."
            ),
            "low": _("For “at least”, “more than”, “between” and “about”, for example 7."),
            "high": _(
                "For “at most”, “less than”, “between” and “about”, for example 7.5. “About 48” is 48 in both fields."
            ),
            "basis": _(
                "“Bình quân hằng năm” is the average, “cả giai đoạn” the total; otherwise the value of the last year."
            ),
            "status": _("A draft is shown as one and never counted."),
            "counted": _("Tick it when it is one of the N targets in x/N of its term; parts and drafts are not."),
            "decided_on": _("The day of the resolution, or the day from which it is known, for example 27/09/2020."),
            "replaced_on": _(
                "The day a newer target took its place. Keep this record: enter the newer target as another one."
            ),
            "source": _("The resolution or page it was read from, for example Resolution 100."),
            "quote_vi": FigureForm.Meta.help_texts["quote_vi"],
            "note": FigureForm.Meta.help_texts["note"],
        }


class OfficialResultForm(RecordForm):
    class Meta:
        field_classes = reads(OfficialResult)
        help_texts = {
            "declared_targets": _("N in x/N, for example 20 in “18/20”."),
            "met_or_exceeded": _("x in x/N, for example 18 in “18/20”."),
            "quote_vi": FigureForm.Meta.help_texts["quote_vi"],
        }


class OfficialVerdictForm(RecordForm):
    class Meta:
        field_classes = reads(OfficialVerdict)
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
        field_classes = reads(Agency)


class SourceForm(RecordForm):
    class Meta:
        field_classes = reads(Source)
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
        }

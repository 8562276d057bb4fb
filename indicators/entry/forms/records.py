"""The form of each record: which fields are read how, what belongs where, and what is asked back."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...models import (
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
from ...notation.alphabet import tidy
from ...notation.numerals import Reading
from ...periods import Period
from ...wording import day, number
from ..meaning import is_clear, meanings
from ..plausibility import Context, Doubt, Proposed, Publication, contexts, doubts, publication_of
from .fields import PERIOD, MonthField, NumberField, reads

# What tells the figures of one indicator apart.
FIGURE_KEY = ("year", "through_month", "status", "published_on", "source")


class RecordForm(forms.ModelForm):
    """A form whose texts are kept the way data packages keep them: composed letters, plain spaces, plain line ends.

    Forms say how a field is read and explained; which fields a page has, and in which order, is the admin's to say.
    A form of a stored record knows which version was read; over another one it is saved only by a second, knowing click.
    """

    read_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, stored: Any = None, **kwargs: Any) -> None:
        """`stored` is the record as it is in the database, where a page with many forms has read it already."""
        super().__init__(*args, **kwargs)
        if stored is None and self.instance.pk:
            stored = self._meta.model._base_manager.filter(pk=self.instance.pk).first()
        self.stored = stored
        self.initial["read_version"] = self.stored.version if self.stored else None

    def clean(self) -> dict[str, Any]:
        super().clean()
        texts = {name: tidy(value) for name, value in self.cleaned_data.items() if isinstance(value, str)}
        self.cleaned_data |= texts
        if self.stored:
            self._hold_against_stored()
        return self.cleaned_data

    def _hold_against_stored(self) -> None:
        """Show what somebody else saved since the form was read, once; the next save is over that.

        Where both say the same, as when one form is sent twice, there is nothing to choose.
        """
        differences = list(self._differences())
        if differences and self.cleaned_data.get("read_version") != self.stored.version:
            data = self.data.copy()  # type: ignore[attr-defined]
            data[self.add_prefix("read_version")] = self.stored.version
            self.data = data
            self.add_error(None, ValidationError([self._who_saved(), *differences], code="conflict"))
        self.instance.version = self.stored.version

    def _who_saved(self) -> str:
        last = self.stored.history.first()
        who = last.history_user if last and last.history_user else gettext("somebody")
        return gettext(
            "%(who)s saved this record while you had it open. Compare, mend what you typed, and save again to keep yours;"
            " or open the page anew to keep theirs."
        ) % {"who": who}

    def _differences(self) -> Iterator[str]:
        """Both values of each field that differs."""
        for name in self._meta.model._meta.get_fields():
            field = self.fields.get(name.name)
            theirs = getattr(self.stored, name.name, None)
            if field and name.name in self.cleaned_data and self.cleaned_data[name.name] != theirs:
                yours = self.cleaned_data[name.name]
                texts = {"field": field.label, "theirs": _told(theirs, field), "yours": _told(yours, field)}
                yield gettext("%(field)s: saved is “%(theirs)s”, you typed “%(yours)s”.") % texts


def _told(value: Any, field: forms.Field) -> str:
    """A value as a reader writes it."""
    if isinstance(field, forms.TypedChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, Decimal):
        return number(value)
    return day(value) if isinstance(value, date) else str("" if value is None else value)


class ReadingForm(RecordForm):
    """A form with numbers. One that can mean two things is taken in the interface language's notation where what is known
    of the indicator makes that sure; otherwise it is asked, never guessed."""

    unclear: Reading | None = None

    def reference(self) -> Decimal | None:
        """The size of number to expect, None when nothing is known."""
        indicator = self._indicator()
        return latest_value(indicator, without=self.instance) if indicator else None

    def decimals(self) -> int | None:
        """How many decimals such a number usually has, None when it is not known."""
        indicator = self._indicator()
        return indicator.decimals if indicator else None

    def clean(self) -> dict[str, Any]:
        self.cleaned_data = super().clean()
        numbers = {name: field for name, field in self.fields.items() if isinstance(field, NumberField)}
        if self._can_be_weighed():
            for name in numbers.keys() & set(self.changed_data) & self.cleaned_data.keys():
                self._ask_what_is_meant(name, numbers[name].read(self[name].data or ""))
        return self.cleaned_data

    def _can_be_weighed(self) -> bool:
        """Whether what the numbers are about is known; where it is not, the form comes back for that first."""
        return "indicator" not in self.errors

    def _indicator(self) -> Indicator | None:
        stored = self.instance.indicator if self.instance.indicator_id else None
        return self.cleaned_data.get("indicator") or stored

    def _ask_what_is_meant(self, name: str, reading: Reading | None) -> None:
        if reading is None or reading.other is None:
            return
        if not is_clear(reading, self.reference(), self.decimals()):
            self.unclear = reading
            message = _("“%(text)s” can mean %(one)s or %(other)s. Write %(one)s or %(other)s.")
            self.add_error(name, ValidationError(message, "ambiguous", {"text": self[name].data, **meanings(reading)}))


def latest_value(indicator: Indicator, *, without: models.Model | None = None) -> Decimal | None:
    """The value of the indicator's latest figure in force today, the record `without` left aside."""
    others = Figure.objects.filter(indicator=indicator)
    if isinstance(without, Figure):
        others = others.exclude(Q(pk=without.pk) | Q(earlier_of=without.pk))
    in_force = others.in_force(timezone.localdate()).order_by("-year", "-through_month")
    return in_force.values_list("value", flat=True).first()


# What a doubt may be about: where none of it is changed, none is asked again.
DOUBTED = ("value", "status", "published_on", "source")


class FigureForm(ReadingForm):
    through_month = MonthField(
        label=PERIOD,
        help_text=_(
            "The months from January that the number covers; for a level, the position at the end of the last one."
        ),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        required=False,
        help_text=_("Why a number is right although it looks odd, or why it is changed. Kept in the history."),
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
            "series_break": _(
                "Tick it when the way of counting or the area changed, for example fewer communes since 01/07/2025."
            ),
        }

    context: Context | None = None

    @property
    def known(self) -> Context:
        """What the value is held against; looked up once, unless a page with many rows has done so."""
        indicator, period = self._about()
        if self.context is None:
            without = [self.instance.pk] if self.instance.pk else []
            self.context = contexts([indicator], period, timezone.localdate(), without)[indicator.pk]
        return self.context

    def _get_validation_exclusions(self) -> set[str]:
        """Not what tells a figure from its earlier versions: the rule against two of the same publication looks at it."""
        return super()._get_validation_exclusions() - {"earlier_of"}  # type: ignore[misc]

    def _about(self) -> tuple[Indicator, Period]:
        """The indicator and the period, from the fields or, where they are no fields, from the record."""
        return self._said("indicator"), Period(self._said("year"), self._said("through_month"))

    def _said(self, name: str) -> Any:
        """A field as typed or, where it is no field, as stored."""
        return self.cleaned_data.get(name) or getattr(self.instance, name)

    def clean_indicator(self) -> Indicator:
        """The indicator; from here on its own unit may stand beside the number."""
        self._take_unit_of(self.cleaned_data["indicator"])
        return self.cleaned_data["indicator"]

    def _take_unit_of(self, indicator: Indicator) -> None:
        value: Any = self.fields["value"]
        value.units = [indicator.unit, indicator.unit_vi, indicator.unit_en]

    def reference(self) -> Decimal | None:
        """The latest known value, without one the plan of the year or another target."""
        return self.known.size

    def _can_be_weighed(self) -> bool:
        return not {"indicator", "year", "through_month"} & self.errors.keys()

    def clean(self) -> dict[str, Any]:
        self.cleaned_data = super().clean()
        published_on = self.cleaned_data.get("published_on")
        if published_on and published_on > timezone.localdate():
            self.add_error("published_on", _("This day lies in the future. Enter a figure when it is out."))
        found = [] if self.errors else self._doubts()
        certain = [doubt for doubt in found if doubt.is_certain]
        self.doubts = [] if certain else found
        is_asked = self.doubts and not self.cleaned_data.get("reason")
        for doubt in self.doubts if is_asked else certain:
            self.add_error("value", ValidationError(doubt.message, code="doubt"))
        if is_asked:
            self.add_error("reason", _("Mend the value, or say here why it is right."))
        return self.cleaned_data

    def _doubts(self) -> list[Doubt]:
        """What speaks against the value, unless it is stored as it is already."""
        value = self.cleaned_data.get("value")
        if value is None or (self.stored and all(getattr(self.stored, name) == self._said(name) for name in DOUBTED)):
            return []
        is_break = self.cleaned_data.get("series_break", False)
        reading = Proposed(*self._about(), value, self._said("qualifier"), is_break, self._publication())
        return doubts(reading, self.known)

    def _publication(self) -> Publication | None:
        return publication_of(self._said("status"), self._said("published_on"), self._said("source"))


class Rows(forms.BaseInlineFormSet):
    """Records on the page of the one they belong to, which Django leaves out when it holds a row against the constraints."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            if form.has_changed() and form.is_valid():
                try:
                    form.instance.validate_constraints()
                except ValidationError as error:
                    form.add_error(None, error)


class FigureRows(Rows):
    """New figures on the page of their indicator."""

    def clean(self) -> None:
        super().clean()
        # Django compares rows by constraints without a condition only.
        rows = [form.instance for form in self.forms if form.has_changed() and form.is_valid()]
        if len({tuple(getattr(row, name) for name in FIGURE_KEY) for row in rows}) < len(rows):
            raise ValidationError(self.get_unique_error_message(FIGURE_KEY), code="double")

    def get_unique_error_message(self, unique_check: Any) -> str:
        return gettext("Two of the new figures have the same period, status, day of publication and source.")


class AggregateForm(ReadingForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, required=False, help_text=FigureForm.base_fields["reason"].help_text
    )

    class Meta:
        field_classes = reads(Aggregate)
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

    def decimals(self) -> int | None:
        """Percentages have them, whatever the indicator counts."""
        return None


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

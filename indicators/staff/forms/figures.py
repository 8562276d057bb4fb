"""The form of a figure: what is known is held against the value, and a doubtful one asks for a reason."""

from copy import copy
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...models import Figure, Indicator, State
from ...models.figures import FIGURE_KEY
from ...text.periods import Period
from ..plausibility import (
    Context,
    PlausibilityWarning,
    ProposedValue,
    contexts,
    find_warnings,
)
from .base import RecordFormSet, ValueForm
from .fields import PERIOD, MonthField, TextField, form_field_classes

KEY_IN_INDICATOR = FIGURE_KEY[1:]  # what tells the figures of one indicator apart
# What a warning may be about: where none of it is changed, none is given again.
KEEP = "keep"  # both values, as an answer
CHECKED_FIELDS = ("value", "status", "published_on", "source")


class FigureForm(ValueForm):
    """A figure. A new value where another one of the same indicator, period and status is on its way is asked about: it takes
    the place of that one, `rival`, which then is the record of this form, or both stay."""

    through_month = MonthField(
        label=PERIOD,
        help_text=_(
            "The months from January that the number covers; for a level, the position at the end of the last one."
        ),
    )
    reason = TextField(
        label=_("Reason"),
        max_length=2000,
        required=False,
        help_text=_("Why a number is right although it looks odd, or why it is changed. Kept in the history."),
    )

    # "keep", or the figure that gives way with its version, as pages write it: nothing gives way unseen.
    rival_choice = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    extra_fields = (*ValueForm.extra_fields, "rival_choice")
    can_ask_about_rival = False  # whether the page of the form has a place for the question
    rival: Figure | None = None

    class Meta:
        field_classes = form_field_classes(Figure)
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

    @cached_property
    def context(self) -> Context:
        """What the value is held against; looked up once, unless a page with many rows has done so."""
        indicator, period = self._indicator_and_period()
        without = [self.instance.pk] if self.instance.pk else []
        return contexts([indicator], period, timezone.localdate(), without)[indicator.pk]

    def _get_validation_exclusions(self) -> set[str]:
        """Not what tells a figure from its earlier versions: the rule against two of the same publication looks at it."""
        return super()._get_validation_exclusions() - {"earlier_of"}  # type: ignore[misc]

    def _indicator_and_period(self) -> tuple[Indicator, Period]:
        """The indicator and the period, from the fields or, where they are no fields, from the record."""
        return self._field_value("indicator"), Period(self._field_value("year"), self._field_value("through_month"))

    def _field_value(self, name: str) -> Any:
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
        return self.context.size

    def _can_be_checked(self) -> bool:
        return not {"indicator", "year", "through_month"} & self.errors.keys()

    def clean(self) -> dict[str, Any]:
        self.cleaned_data = super().clean()
        self._take_rivals_place()
        published_on = self.cleaned_data.get("published_on")
        if published_on and published_on > timezone.localdate():
            self.add_error("published_on", _("This day lies in the future. Enter a figure when it is out."))
        warnings = [] if self.errors else self._plausibility_warnings()
        certain = [warning for warning in warnings if warning.is_certain]
        self.warnings = [] if certain else warnings
        is_asked = self.warnings and not self.cleaned_data.get("reason")
        for warning in self.warnings if is_asked else certain:
            self.add_error("value", ValidationError(warning.message, code="doubt"))
        if is_asked:
            self.add_error("reason", _("Mend the value, or say here why it is right."))
        if self.rival and self.instance.pk != self.rival.pk and self.cleaned_data.get("rival_choice") != KEEP:
            self._ask_about_rival(self.rival)
        return self.cleaned_data

    def find_rival(self) -> Figure | None:
        """The newest figure on its way that says something for the same indicator, period and status."""
        indicator, (year, month) = self._indicator_and_period()
        waiting = Figure.objects.exclude(state=State.APPROVED).select_related("indicator", "source")
        same = waiting.filter(indicator=indicator, year=year, through_month=month)
        return same.filter(status=self.cleaned_data.get("status") or "").order_by("pk").last()

    def _take_rivals_place(self) -> None:
        """With the answer that the rival gives way, make it the record of this form; what the form leaves open stays."""
        if self.stored or "value" in self.errors or not self._can_be_checked():
            return
        rival = self.rival = self.find_rival()
        if rival is None or self.cleaned_data.get("rival_choice") != self.rival_version:
            return
        self.instance, self.stored = copy(rival), rival
        # Words of another document would not be those of the new value.
        kept = ["note"] if self.cleaned_data.get("source") != rival.source else ["note", "quote_vi"]
        for name in kept:
            self.cleaned_data[name] = self.cleaned_data.get(name) or getattr(rival, name)
        self.cleaned_data["series_break"] = self.cleaned_data.get("series_break") or rival.series_break

    @property
    def rival_version(self) -> str:
        """The rival and its version, as the answer that it gives way names them."""
        return f"{self.rival.pk}:{self.rival.version}" if self.rival else ""

    @property
    def corrects_submitted(self) -> bool:
        """Whether it takes the place of a figure that waits for approval."""
        return (
            self.stored is not None
            and self.stored.pk == getattr(self.rival, "pk", 0)
            and self.stored.state == State.SUBMITTED
        )

    @property
    def can_keep_both(self) -> bool:
        """Whether day or source tell the new value from its rival."""
        known = {name: getattr(self, "cleaned_data", {}).get(name) for name in ("source", "published_on")}
        return any(value and value != getattr(self.rival, name) for name, value in known.items())

    def _ask_about_rival(self, rival: Figure) -> None:
        params = {"state": rival.get_state_display(), "figure": str(rival), "source": str(rival.source)}
        question = _("There is another value on its way (%(state)s): %(figure)s, %(source)s.")
        how = _("Take its place, or keep both?") if self.can_ask_about_rival else _("Correct it on the entry sheet.")
        name = "rival_choice" if self.can_ask_about_rival else None
        self.add_error(name, ValidationError(f"{question % params} {how}", code="rival"))

    def _plausibility_warnings(self) -> list[PlausibilityWarning]:
        """What speaks against the value, unless it is stored as it is already."""
        value = self.cleaned_data.get("value")
        if value is None or (
            self.stored and all(getattr(self.stored, name) == self._field_value(name) for name in CHECKED_FIELDS)
        ):
            return []
        is_break = self.cleaned_data.get("series_break", False)
        proposed = ProposedValue(
            *self._indicator_and_period(), value, self._field_value("qualifier"), is_break, **self._publication()
        )
        return find_warnings(proposed, self.context)

    def _publication(self) -> dict[str, Any]:
        """When and as what the value came out, as a `ProposedValue` takes it."""
        published = {name: self._field_value(name) for name in ("status", "published_on")}
        return published | {"issued_on": self._field_value("source").issued_on}


class FigureFormSet(RecordFormSet):
    """New figures on the page of their indicator."""

    def clean(self) -> None:
        """Raises ValidationError for two new figures that nothing tells apart."""
        super().clean()
        # Django compares rows by constraints without a condition only.
        rows = [form.instance for form in self.forms if form.has_changed() and form.is_valid()]
        if len({tuple(getattr(row, name) for name in KEY_IN_INDICATOR) for row in rows}) < len(rows):
            raise ValidationError(self.get_unique_error_message(KEY_IN_INDICATOR), code="double")

    def get_unique_error_message(self, unique_check: Any) -> str:
        return gettext("Two of the new figures have the same period, status, day of publication and source.")

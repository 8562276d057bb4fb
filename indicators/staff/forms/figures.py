"""The form of a figure: what is known is held against the value, and a doubtful one asks for a reason."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...models import Figure, Indicator
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
CHECKED_FIELDS = ("value", "status", "published_on", "source")


class FigureForm(ValueForm):
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
        return self.cleaned_data

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

"""What a visitor assumes for the years to come: typed numbers → values, or a message at the field without one."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Indicator
from ..staff.forms.fields import NumberField, ambiguity_error, is_unambiguous
from ..text.numbers import ParsedNumber, format_number

LARGEST = Decimal(10) ** 11  # what the database keeps before the comma
NOTATIONS = (("vi", "11.728,3"), ("en", "11,728.3"))


class WhatIfForm(forms.Form):
    """A field for each of `years`, and one for a yearly growth where the indicator can grow.

    `n` names the language whose notation the numbers are in, so that an address means the same in both. `near` is the
    latest value known: it settles what `6.950` means, and where it does not, the visitor has to say.
    """

    n = forms.ChoiceField(choices=NOTATIONS, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any,
        *,
        language: str,
        years: tuple[int, ...],
        indicator: Indicator,
        near: Decimal | None,
        can_grow: bool,
    ) -> None:
        super().__init__(data.dict(), auto_id="suppose-%s")
        self.near = near
        self.notation = data.get("n") if data.get("n") in dict(NOTATIONS) else language
        units = (indicator.unit_vi, indicator.unit_en)
        for year in years:
            self._add(f"y{year}", str(year), units, -LARGEST, LARGEST)
        if can_grow:
            self._add("growth", _("or growth a year, %"), ("%",), Decimal(-100), Decimal(1000))

    def _add(self, name: str, label: Any, units: tuple[str, ...], least: Decimal, most: Decimal) -> None:
        self.fields[name] = NumberField(
            label=label,
            required=False,
            units=units,
            language=self.notation,
            min_value=least,
            max_value=most,
            max_digits=15,
            decimal_places=4,
        )

    def clean(self) -> None:
        for name, field in self.fields.items():
            if isinstance(field, NumberField) and name not in self.errors:
                self._ask_what_is_meant(name, field.read(self[name].data or ""))

    def _ask_what_is_meant(self, name: str, reading: ParsedNumber | None) -> None:
        if reading is None or reading.other is None:
            return
        near = None if name == "growth" else self.near
        if not is_unambiguous(reading, near, None):
            self.add_error(name, ambiguity_error(self[name].data, reading))

    def fill(self, language: str) -> None:
        """Show what was read in the notation of `language`."""
        read = {name: value for name, value in self.cleaned_data.items() if isinstance(value, Decimal)}
        texts = {name: format_number(value, language) for name, value in read.items()}
        self.data = {**self.data, **texts, "n": language}

    @property
    def values(self) -> dict[int, Decimal]:
        """The assumed value of each year, of those that could be read."""
        return {
            int(name[1:]): value
            for name, value in self.cleaned_data.items()
            if name.startswith("y") and value is not None
        }

    @property
    def growth(self) -> Decimal | None:
        """The growth in percent a year."""
        return self.cleaned_data.get("growth")

"""What people type → numbers, days and periods; a message that says what was not understood, with an example."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..alphabet import tidy
from ..numerals import Reading, format_number, read_date, read_number
from ..periods import FULL_YEAR
from ..wording import active_language

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

"""What people type → numbers, days and periods; a message that says what was not understood, with an example."""

import calendar
import math
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ...core.language import active_language
from ...models import Qualifier
from ...models.texts import read_text
from ...sentences.formatting import day
from ...text.numbers import (
    DECIMAL_MARK,
    MINUS_SIGNS,
    ParsedNumber,
    excel_day,
    format_number,
    plain,
    read_date,
    read_number,
    without_unit,
)
from ...text.periods import FULL_YEAR
from ...text.vietnamese import fold, tidy

# The two numbers that a text can be are a thousand times apart: what is this near to one is far from the other.
NEAR = Decimal(10)
# As much of a text as a message repeats; a number is never longer.
SHOWN = 40
EXAMPLE = Decimal("11728.3")
PERIOD = capfirst(_("period"))

_STRANGE = re.compile(rf"[^0-9.,+{re.escape(MINUS_SIGNS)}\s]+")
_DAY_MONTH_YEAR = re.compile(r"\d{1,2}\D(?P<month>\d{1,2})\D(?P<year>\d{2}|(?!0000)\d{4})", re.ASCII)
_QUALIFYING = re.compile(
    r"ước|khoảng|gần|trên|dưới|hơn|sơ bộ|chính thức|about|over|under|estimate|preliminary|final", re.I
)
_FOLLOWED_BY_LETTERS = re.compile(r"\d\s*(?:[^\W\d_]|[%‰])")
_POWER_OF_TEN = re.compile(r"[\d.,]+\s*[eE]\s*[-+]?\d+", re.ASCII)
_IN_BRACKETS = re.compile(r"\(\s*(?P<inside>\d[\d.,\s]*)\)", re.ASCII)
# What sources print where there is no number.
ANSWERS_WITHOUT_VALUE = dict.fromkeys("-–—", Qualifier.NIL) | dict.fromkeys(("…", "...", ".."), Qualifier.UNCOLLECTED)

# The words that stand before a number in reports, as they are folded, and what they say of it.
_QUALIFIERS = (
    dict.fromkeys(("tren", "hon", "over", "more than", "above", ">"), Qualifier.OVER)
    | dict.fromkeys(("duoi", "gan", "under", "less than", "nearly", "almost", "below", "<"), Qualifier.UNDER)
    | dict.fromkeys(("khoang", "xap xi", "about", "around", "approximately", "~", "≈"), Qualifier.ABOUT)
)
_WORDED_NUMBER = re.compile(r"(?P<word>[^\d,.+−–-]+)(?P<number>\d.*)", re.DOTALL)


def split_qualifier(text: str) -> tuple[Qualifier | None, str]:
    """What “khoảng 12,5” or “trên 2.100” says of its number, and the number; None and the text where no such word stands."""
    match = _WORDED_NUMBER.fullmatch(tidy(text))
    qualifier = _QUALIFIERS.get(fold(match["word"])) if match else None
    return (qualifier, match["number"]) if match and qualifier else (None, text)


class NumberField(forms.DecimalField):
    """A number in the notation of the interface language, or of `language`: `11.728,3` or `11,728.3`; all digits are kept.

    `units` are the names of the unit the number is kept in, where the form knows it, the one to show first: they may
    be typed beside the number.
    """

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
        "sign": _("“%(text)s” cannot be read as a number because of “%(strange)s”. Write it like %(example)s."),
        "no_number": _("“%(text)s” is not a number. Write one like %(example)s."),
        "brackets": _(
            "“%(text)s” may mean -%(inside)s: accounts put what is negative in brackets. Write it with its sign."
        ),
        "other_unit": _(
            "“%(text)s” carries “%(strange)s”, and this number is kept in %(unit)s. Convert it if it is in another unit,"
            " and write the number alone, like %(example)s."
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

    def __init__(self, *, units: Iterable[str] = (), language: str = "", **options: Any) -> None:
        self.units = [unit for unit in units if unit]
        self.language = language
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, int | float) and math.isfinite(value):
            return Decimal(str(value))  # a cell that Excel holds as a number means itself, in any notation
        reading = self.read(str(value))
        return reading.value if reading else None

    def read(self, text: str) -> ParsedNumber | None:
        """What `text` means in the field's language, None when it is blank. Raises ValidationError."""
        text = tidy(text)
        if not text:
            return None
        try:
            return read_number(text, self.language or active_language(), self.units)
        except ValueError:
            raise self._explained(text) from None

    def _explained(self, text: str) -> ValidationError:
        strange = _STRANGE.findall(without_unit(text, self.units))
        code, brackets = self._fault(text, strange), _IN_BRACKETS.fullmatch(text)
        params = {"text": _shortened(text), "strange": _shortened(" ".join(strange)), "example": example()}
        params |= {"unit": "".join(self.units[:1]), "inside": brackets["inside"].strip() if brackets else ""}
        return ValidationError(self.error_messages[code], code=code, params=params)

    def _fault(self, text: str, strange: list[str]) -> str:
        """Which message fits a text that is no number; units are spoken of where letters follow a number."""
        if text in ANSWERS_WITHOUT_VALUE:
            return "no_value"
        if not any(sign.isdigit() for sign in text):
            return "no_number"
        if _IN_BRACKETS.fullmatch(text):
            return "brackets"
        if not strange:
            return "invalid"
        if _POWER_OF_TEN.fullmatch(text):
            return "sign"
        if any(_QUALIFYING.search(word) for word in strange):
            return "strange"
        if _FOLLOWED_BY_LETTERS.search(text):
            return "other_unit" if self.units else "strange"
        return "sign"

    def prepare_value(self, value: Any) -> Any:
        """A stored number with all its digits; what was typed stays as typed."""
        return format_number(value, active_language()) if isinstance(value, Decimal) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off", "size": "16"}


# Whether a text that can be two numbers, `6.950` 6950 or 6.95, means the one it was read as: what is known decides, else the
# clerk is asked.


def is_unambiguous(reading: ParsedNumber, expected: Decimal | None, decimals: int | None) -> bool:
    """Whether only the reading's own value is likely: the text has no other, the value is of the size expected, or only it
    is a whole number where the indicator is counted in whole numbers."""
    if reading.other is None:
        return True
    is_counted = decimals == 0 and _is_whole(expected or Decimal(0))
    only_whole = is_counted and _is_whole(reading.value) and (expected is None or not _is_whole(reading.other))
    return only_whole or (bool(expected) and _times(reading.value, expected) < NEAR)


def meanings(reading: ParsedNumber) -> dict[str, str]:
    """Both numbers, each written so that it means one thing only."""
    assert reading.other is not None
    return {"value": ungrouped(reading.value), "other": ungrouped(reading.other)}


def ambiguity_error(text: str, reading: ParsedNumber) -> ValidationError:
    """What is asked of somebody who typed `text`: both numbers, each as it has to be written to be meant."""
    message = _("“%(text)s” can mean %(value)s or %(other)s. Write %(value)s or %(other)s.")
    return ValidationError(message, "ambiguous", {"text": text, **meanings(reading)})


def ungrouped(value: Decimal) -> str:
    """`value` in the active language, written so that it means one thing only: three decimals could be thousands, four not."""
    language = active_language()
    text = plain(value).replace(".", DECIMAL_MARK[language])
    return text if read_number(text, language).other is None else text + "0"


def _is_whole(value: Decimal) -> bool:
    return value % 1 == 0


def _times(value: Decimal, expected: Decimal | None) -> Decimal:
    """How many times the smaller of the two sizes the larger one is."""
    assert expected
    ratio = abs(value / expected)
    return max(ratio, 1 / ratio)


class DayField(forms.DateField):
    """A day, written day first: 27/09/2020, 27-9-2020, 27.9.2020 or 2020-09-27."""

    default_error_messages = {
        "invalid": _("“%(text)s” is not a day. Write day, month and year, like 27/09/2020."),
        "short_year": _("“%(text)s” is not a day that is sure. Write the year with four digits, like 27/09/2020."),
        "serial": _(
            "“%(text)s” is how Excel keeps a day inside, probably %(day)s. Write it as a day, like 27/09/2020,"
            " or show the cells as dates in Excel and copy them again."
        ),
        "no_month": _(
            "“%(text)s” is not a day, for there is no month %(month)s. Write the day first, then the month,"
            " like 27/09/2020."
        ),
        "no_such_day": _(
            "“%(text)s” is not a day: month %(month)s of %(year)s has %(days)s days. Write a day of the calendar,"
            " like 27/09/2020."
        ),
    }

    def to_python(self, value: Any) -> date | None:
        """The day, None for an empty field. Raises ValidationError."""
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        text = tidy(str(value))
        try:
            return read_date(text) if text else None
        except ValueError:
            raise self._explained(text) from None

    def _explained(self, text: str) -> ValidationError:
        code, params = _what_is_wrong(text)
        return ValidationError(self.error_messages[code], code=code, params={"text": _shortened(text)} | params)


def _what_is_wrong(text: str) -> tuple[str, dict[str, Any]]:
    """Which message of a DayField fits a text that is no day, and what it tells."""
    if serial := excel_day(text):
        return "serial", {"day": day(serial)}
    match = _DAY_MONTH_YEAR.fullmatch(text)
    if match is None:
        return "invalid", {}
    if len(match["year"]) < 4:
        return "short_year", {}
    month, year = int(match["month"]), int(match["year"])
    if not 1 <= month <= 12:
        return "no_month", {"month": month}
    return "no_such_day", {"month": month, "year": year, "days": calendar.monthrange(year, month)[1]}


class TextField(forms.CharField):
    """A text in one spelling, without what nobody can see, keep or read; tidied before its other rules are asked."""

    def to_python(self, value: Any) -> str:
        """The text, "" for an empty field. Raises ValidationError."""
        return read_text(super().to_python(value) or "")


def example() -> str:
    """A number as the active language writes it."""
    return format_number(EXAMPLE, active_language())


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def form_field_classes(model: type[models.Model]) -> dict[str, type[forms.Field]]:
    """The form field class of each number, day and text of `model`."""
    texts: dict[type, type[forms.Field]] = {models.CharField: TextField, models.TextField: TextField}
    classes = texts | {models.DecimalField: NumberField, models.DateField: DayField}
    fields = [field for field in model._meta.fields if type(field) in classes and not field.choices]
    return {field.name: classes[type(field)] for field in fields}


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

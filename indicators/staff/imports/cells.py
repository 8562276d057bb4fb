"""Cells of a file → values of a figure. Each widget raises ValueError with what is wrong and what to write instead."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from ...models import Figure, Indicator, Qualifier
from ...models.base import EARLIEST_YEAR, LATEST_YEAR
from ...text.numbers import DECIMAL_MARK, Reading, format_number, notations, read_number, without_unit
from ...text.vietnamese import fold, tidy
from ..forms import DayField, NumberField
from .catalogue import Catalogue
from .columns import code_of, month_of
from .file_format import has_old_letters
from .xlsx_reader import NOT_COMPUTED

SHOWN = 60
_tidied = lru_cache(maxsize=4096)(tidy)
_YES = frozenset({"co", "yes", "true", "x", "1"})
_NO = frozenset({"khong", "no", "false", "0", ""})


class CellWidget(Widget):
    """Reads one column; cells of workbooks may be numbers, days and booleans already."""

    # Codes, words and days come again and again; what they mean is read once, unless it hangs on the rest of the row.
    remembers = True

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, Any] = {}

    def clean(self, value: Any, row: Mapping[str, Any] | None = None, **options: Any) -> Any:
        if not (self.remembers and isinstance(value, str)):
            return self._clean(value, row)
        if value not in self.known:
            self.known[value] = self._clean(value, row)
        return self.known[value]

    def _clean(self, value: Any, row: Mapping[str, Any] | None) -> Any:
        if value is NOT_COMPUTED:
            raise ValueError(
                _("The formula has no result in the file. Open it in Excel, save it, or put the number itself.")
            )
        try:
            return self.read(value if isinstance(value, int | float | date) else text_of(value), row or {})
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error

    def read(self, value: Any, row: Mapping[str, Any]) -> Any:
        """The value that is stored. Raises ValueError or ValidationError."""
        raise NotImplementedError


class IndicatorWidget(CellWidget):
    """The primary key of an indicator the person may enter, by its code."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self.catalogue = catalogue

    def read(self, value: Any, row: Mapping[str, Any]) -> int:
        indicator = self.catalogue.indicators.get(text_of(value))
        if indicator is None:
            raise ValueError(_("There is no indicator with this code. Copy the code from the template."))
        if indicator.pk not in self.catalogue.own:
            raise ValueError(_("You enter figures for the indicators of your own agency only. Delete this row."))
        return indicator.pk


class UnitWidget(CellWidget):
    """The unit as the file has it, which must be the one that the indicator is kept in. It is not stored."""

    remembers = False

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self.catalogue = catalogue

    def read(self, value: Any, row: Mapping[str, Any]) -> str:
        unit, ours = text_of(value), self.catalogue.units(text_of(row.get("indicator")))
        if unit and ours and unit not in ours and fold(unit) not in map(fold, ours):
            message = _("This indicator is kept in “%(ours)s”. Convert the number, or mend the unit.")
            raise ValueError(message % {"ours": ours[0]})
        return unit


class SourceWidget(CellWidget):
    """The primary key of a source by its code, its number or its title."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self.catalogue = catalogue

    def read(self, value: Any, row: Mapping[str, Any]) -> int:
        text = text_of(value)
        if not text:
            raise ValueError(_("The source is missing. Write its code, as on the sheet of lists in the template."))
        found = self.catalogue.sources.get(text)
        if not found:
            raise ValueError(_("No source has this code. Copy it from the template, or add the source first."))
        if len(found) > 1:
            raise ValueError(_("Several sources are called so. Write the code instead."))
        return next(iter(found))


class ValueWidget(CellWidget):
    """A number in the notation of the whole file; a number cell of a workbook means itself."""

    remembers = False

    def __init__(self, catalogue: Catalogue, notation: str) -> None:
        super().__init__()
        self.catalogue, self.notation = catalogue, notation

    def read(self, value: Any, row: Mapping[str, Any]) -> Decimal | None:
        if isinstance(value, bool | date):
            message = _(
                "This cell holds a day, not a number: Excel has turned it into one. Type the number again as text."
            )
            raise ValueError(message)
        units = self.catalogue.units(text_of(row.get("indicator")))
        field = _number_field(units)
        number = self._number(value, field)
        if number is not None:
            field.validate(number)
            field.run_validators(number)
        return number

    def _number(self, value: Any, field: NumberField) -> Decimal | None:
        if isinstance(value, int | float):
            return Decimal(format(value, ".15g") if isinstance(value, float) else value)  # what Excel itself shows
        bare = without_unit(value, field.units)
        if not value or self.notation in notations(bare):
            return read_number(bare, self.notation).value if value else None
        meant = field.to_python(value)  # explains what is no number at all
        told = {"meant": format_number(meant, self.notation), "mark": DECIMAL_MARK[self.notation]}
        message = _(
            "The numbers of this file are read with “%(mark)s” as the decimal mark, and this one is written otherwise."
            " Write %(meant)s, or choose the other notation above."
        )
        raise ValueError(message % told)


class DayWidget(CellWidget):
    """A day: a date cell, the number by which the workbook keeps one, or a text with the day first."""

    def __init__(self, day: Callable[[float], date] | None) -> None:
        super().__init__()
        self.day = day

    def read(self, value: Any, row: Mapping[str, Any]) -> date:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, int | float) and not isinstance(value, bool) and self.day:
            try:
                return self.day(value)
            except ValueError:
                value = str(value)
        if not value:
            raise ValueError(_("The day is missing. Write day, month and year, like 27/09/2020."))
        found = value if isinstance(value, date) else DayField().to_python(str(value))
        assert found is not None
        return found


class YearWidget(CellWidget):
    def read(self, value: Any, row: Mapping[str, Any]) -> int:
        text = text_of(value)
        if not (text.isascii() and text.isdigit() and EARLIEST_YEAR <= int(text[:9]) <= LATEST_YEAR):
            raise ValueError(_("This is not a year. Write four digits, like 2020."))
        return int(text)


class MonthWidget(CellWidget):
    def read(self, value: Any, row: Mapping[str, Any]) -> int:
        month = month_of(text_of(value))
        if month is None or not 1 <= month <= 12:
            raise ValueError(
                _("This is not a period. Write the months from January, like 9, or 12 for the whole year.")
            )
        return month


class WordWidget(CellWidget):
    """A choice by its code or its word in either language; `empty` is what nothing means."""

    def __init__(self, choices: type[TextChoices], empty: str = "") -> None:
        super().__init__()
        self.choices, self.empty = choices, empty

    def read(self, value: Any, row: Mapping[str, Any]) -> str:
        text = text_of(value)
        code = code_of(self.choices, text) if text else self.empty
        if not code:
            message = _("Write one of: %(choices)s.")
            raise ValueError(message % {"choices": ", ".join(f"“{label}”" for label in self.choices.labels)})
        return code


class YesNoWidget(CellWidget):
    def read(self, value: Any, row: Mapping[str, Any]) -> bool:
        text = fold(text_of(value))
        if text not in _YES and text not in _NO:
            raise ValueError(_("Write “yes” or “no”; empty means no."))
        return text in _YES


class TextWidget(CellWidget):
    """A text as it stands, formulas, tags and all; pages show it as text."""

    remembers = False

    def read(self, value: Any, row: Mapping[str, Any]) -> str:
        text = text_of(value)
        if "\0" in text:
            raise ValueError(_("The text holds a character that cannot be stored. Type it again."))
        if has_old_letters(text):
            raise ValueError(
                _("This text was typed with a TCVN3 or VNI font. Convert it to Unicode, for example with Unikey.")
            )
        return text


def written_number(value: Any, indicator: Indicator, notation: str) -> Reading | None:
    """Both numbers that a text cell of a good row can mean; None for a cell that is a number itself, or empty."""
    bare = without_unit(tidy(value), (indicator.unit_vi, indicator.unit_en)) if isinstance(value, str) else ""
    return read_number(bare, notation) if bare else None


def text_of(value: Any) -> str:
    """A cell as a person reads it: 2020 for 2020.0, the day first."""
    if value is None:
        return ""
    if isinstance(value, float):
        return format(value, ".15g")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return _tidied(str(value))


def no_value(qualifier: str) -> bool:
    """Whether a word says that there is no number."""
    return code_of(Qualifier, qualifier) in (Qualifier.NIL, Qualifier.UNCOLLECTED)


@lru_cache(maxsize=500)
def _number_field(units: tuple[str, ...]) -> NumberField:
    return Figure._meta.get_field("value").formfield(form_class=NumberField, units=units, required=False)  # type: ignore

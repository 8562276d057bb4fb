"""One row of cells → what it says of a figure, or what is wrong in which column and what to write instead.

The reader of a column raises ValueError, or ValidationError of a form field, with words for the person who filled it in.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from ...models import Figure, FigureStatus, Indicator, Qualifier, Source
from ...models.base import EARLIEST_YEAR, LATEST_YEAR
from ...sentences.formatting import number
from ...text.numbers import DECIMAL_MARK, ParsedNumber, format_number, notations, read_number, without_unit
from ...text.periods import FULL_YEAR
from ...text.vietnamese import fold, tidy
from ...workflow.permissions import Person, enterable
from ..forms import DayField, NumberField, TextField
from ..forms.fields import ANSWERS_WITHOUT_VALUE
from ..input_guard import LONGEST_TEXT
from .columns import code_of, month_of
from .number_formats import ShownNumber
from .table import FileTable
from .xlsx_reader import NOT_COMPUTED

CONTENT = ("value", "qualifier", "series_break", "quote_vi", "note")

_YES = frozenset({"co", "yes", "true", "x", "1"})
_NO = frozenset({"khong", "no", "false", "0", ""})
_NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
_text_field = TextField(required=False, max_length=LONGEST_TEXT)
# Codes, words and days come again and again in a file.
_tidied = lru_cache(maxsize=4096)(tidy)


class RowReader:
    """Reads the rows of a table for one person; indicators and sources are loaded once.

    `shared` is what rows say that leave a column empty, by its name.
    """

    def __init__(self, table: FileTable, by: Person, notation: str, shared: Mapping[str, str]) -> None:
        self.shared = shared
        self.notation, self.day_of_serial = notation, table.day
        self.places = {name: place for place, name in enumerate(table.columns)}
        self.indicators = {indicator.code: indicator for indicator in Indicator.objects.all()}
        self.enterable = set(enterable(by).values_list("pk", flat=True))
        self.sources: dict[str, list[Source]] = defaultdict(list)
        sources = list(Source.objects.all())
        for source in sources:
            for name in {fold(source.number), fold(source.title_vi)} - {""}:
                self.sources[name].append(source)
        # A code says which one is meant, whatever else is called so.
        self.sources |= {fold(source.code): [source] for source in sources}
        readers: dict[str, Callable[[Any, Indicator | None], Any]] = {
            "indicator": self._indicator,
            "year": _year,
            "through_month": _month,
            "status": partial(_word, FigureStatus, ""),
            "published_on": self._day,
            "source": self._source,
            "value": self._value,
            "qualifier": partial(_word, Qualifier, Qualifier.EXACT),
            "series_break": _yes_no,
            "quote_vi": _text,
            "note": _text,
            "unit": _unit,
        }
        # In this order, which is that of the messages, whatever the order in the file.
        names = self.places.keys() | shared.keys()
        self.readers = [(name, self.places.get(name), read) for name, read in readers.items() if name in names]

    def read(self, cells: tuple[Any, ...]) -> tuple[dict[str, Any], dict[str, str]]:
        """What the cells of a row mean, and what is wrong with the others: both by the name of the column.

        Indicator and source are records, the value is a ParsedNumber, None without a number. The unit is only looked at.
        """
        values: dict[str, Any] = {}
        problems: dict[str, str] = {}
        # Unit and value are held against it even where the person may not enter it: all faults of a row are told at once.
        indicator = self.indicator_of(cells)
        for name, place, read_cell in self.readers:
            cell = None if place is None else cells[place]
            if name in self.shared and not text_of(cell):
                cell = self.shared[name]
            if cell is NOT_COMPUTED:
                problems[name] = _(
                    "The formula has no result in the file. Open it in Excel, save it, or put the number itself."
                )
                continue
            try:
                values[name] = read_cell(cell, indicator)
            except ValueError as error:
                problems[name] = str(error)
            except ValidationError as error:
                problems[name] = " ".join(error.messages)
        values.pop("unit", None)
        self._take_mark(cells, values, problems)
        return values, problems

    def _take_mark(self, cells: tuple[Any, ...], values: dict[str, Any], problems: dict[str, str]) -> None:
        """What a printed “-” or “…” in place of a number says becomes the qualifier, unless the row says otherwise."""
        answer = ANSWERS_WITHOUT_VALUE.get(self.text("value", cells))
        if answer is None or "qualifier" in problems:
            return
        if values.get("qualifier", Qualifier.EXACT) in (Qualifier.EXACT, answer):
            values["qualifier"] = answer
        else:
            message = _("The value is printed as “%(mark)s”, which means “%(answer)s”. Empty one of the two cells.")
            problems["qualifier"] = message % {"mark": self.text("value", cells), "answer": answer.label}

    def text(self, name: str, cells: tuple[Any, ...]) -> str:
        """The cell of a column as a person reads it; empty where the table has no such column."""
        place = self.places.get(name)
        return "" if place is None else text_of(cells[place])

    def kept_value(self, cells: tuple[Any, ...]) -> str:
        """How the file keeps a value that its cell shows otherwise, with the format that does so; "" for all others."""
        cell = cells[self.places["value"]]
        return f"{number(Decimal(text_of(cell)))} ({cell.code})" if isinstance(cell, ShownNumber) else ""

    def indicator_of(self, cells: tuple[Any, ...]) -> Indicator | None:
        """The indicator that a row names, whether or not the person may enter it."""
        return self.indicators.get(self.text("indicator", cells))

    def _indicator(self, cell: Any, indicator: Indicator | None) -> Indicator:
        """The indicator of the row, which the person must be allowed to enter. Raises ValueError."""
        if indicator is None:
            raise ValueError(_("There is no indicator with this code. Copy the code from the template."))
        if indicator.pk not in self.enterable:
            raise ValueError(_("You enter figures for the indicators of your own agency only. Delete this row."))
        return indicator

    def _source(self, cell: Any, indicator: Indicator | None) -> Source:
        """A source by its code, its number or its title. Raises ValueError."""
        name = text_of(cell)
        if not name:
            raise ValueError(_("The source is missing. Write its code, as on the sheet of lists in the template."))
        sources = self.sources.get(fold(name), [])
        if not sources:
            raise ValueError(_("No source has this code. Copy it from the template, or add the source first."))
        if len(sources) > 1:
            raise ValueError(_("Several sources are called so. Write the code instead."))
        return sources[0]

    def _day(self, cell: Any, indicator: Indicator | None) -> date:
        """A day: a date cell, the number by which the workbook keeps one, or a text with the day first.

        Raises ValueError and ValidationError.
        """
        if isinstance(cell, date):
            return cell.date() if isinstance(cell, datetime) else cell
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            try:
                return self.day_of_serial(cell)
            except ValueError:
                pass  # the field says what is wrong with it, as with the same number in a CSV file
        if not (text := text_of(cell)):
            raise ValueError(_("The day is missing. Write day, month and year, like 27/09/2020."))
        return _day_in(text)

    def _value(self, cell: Any, indicator: Indicator | None) -> ParsedNumber | None:
        """A number in the notation of the whole file; a number cell of a workbook means itself.

        Raises ValueError and ValidationError.
        """
        if isinstance(cell, bool | date):
            message = _(
                "This cell holds a day, not a number: Excel has turned it into one. Type the number again as text."
            )
            raise ValueError(message)
        if isinstance(cell, ShownNumber):
            reading = ParsedNumber(_shown(cell, _units(indicator)))
        elif isinstance(cell, float):
            reading = ParsedNumber(Decimal(format(cell, ".15g")))  # what Excel itself shows
        elif isinstance(cell, int):
            reading = ParsedNumber(Decimal(cell))
        elif (text := text_of(cell)) and text not in ANSWERS_WITHOUT_VALUE:
            reading = self._number(text, indicator)
        else:
            return None
        field = _number_field(_units(indicator))
        field.validate(reading.value)
        field.run_validators(reading.value)
        return reading

    def _number(self, text: str, indicator: Indicator | None) -> ParsedNumber:
        """Both numbers that a text can mean, first that of the file's notation. Raises ValueError and ValidationError."""
        field = _number_field(_units(indicator))
        bare = without_unit(text, field.units)
        # What only the other notation explains is not guessed: the writer may have meant either.
        if self.notation in notations(bare):
            return read_number(bare, self.notation)
        value = field.to_python(text)  # explains what is no number at all
        message = _(
            "The numbers of this file are read with “%(mark)s” as the decimal mark, and this one is written otherwise."
            " Write %(meant)s, or choose the other notation above."
        )
        mark = DECIMAL_MARK[self.notation]
        raise ValueError(message % {"meant": format_number(value, self.notation), "mark": mark})


def _shown(cell: ShownNumber, units: tuple[str, ...]) -> Decimal:
    """The number that people see in a cell. Raises ValueError where they see none, or one in another unit."""
    if cell.shown is None:
        message = _(
            "The number format of this cell, “%(code)s”, shows something else than the number. Choose “Number”."
        )
        raise ValueError(message % {"code": cell.code[:60]})
    if cell.is_percent and units and not any("%" in unit for unit in units):
        message = _("The cell shows %(shown)s%%, and this indicator is kept in “%(unit)s”. Type the number itself.")
        raise ValueError(message % {"shown": number(cell.shown), "unit": units[0]})
    return cell.shown


def _unit(cell: Any, indicator: Indicator | None) -> str:
    """The unit as the file has it, which must be the one that the indicator is kept in. Raises ValueError."""
    unit, units = text_of(cell), _units(indicator)
    if unit and units and unit not in units and fold(unit) not in map(fold, units):
        message = _("This indicator is kept in “%(ours)s”. Convert the number, or mend the unit.")
        raise ValueError(message % {"ours": units[0]})
    return unit


def _year(cell: Any, indicator: Indicator | None) -> int:
    """A year with four digits. Raises ValueError."""
    text = text_of(cell)
    if not (text.isascii() and text.isdigit() and EARLIEST_YEAR <= int(text[:9]) <= LATEST_YEAR):
        raise ValueError(_("This is not a year. Write four digits, like 2020."))
    return int(text)


def _month(cell: Any, indicator: Indicator | None) -> int:
    """The last month of a period. Raises ValueError."""
    month = month_of(text_of(cell))
    if month is None or not 1 <= month <= FULL_YEAR:
        raise ValueError(_("This is not a period. Write the months from January, like 9, or 12 for the whole year."))
    return month


def _word(choices: type[TextChoices], empty: str, cell: Any, indicator: Indicator | None) -> str:
    """A choice by its code or its word in either language; `empty` is what nothing means. Raises ValueError."""
    text = text_of(cell)
    code = code_of(choices, text) if text else empty
    if not code:
        message = _("Write one of: %(choices)s.")
        raise ValueError(message % {"choices": ", ".join(f"“{label}”" for label in choices.labels)})
    return code


def _yes_no(cell: Any, indicator: Indicator | None) -> bool:
    """Whether a cell says yes, in either language or with a mark. Raises ValueError."""
    text = fold(text_of(cell))
    if text not in _YES and text not in _NO:
        raise ValueError(_("Write “yes” or “no”; empty means no."))
    return text in _YES


def _text(cell: Any, indicator: Indicator | None) -> str:
    """A text as it stands, formulas, tags and all; pages show it as text. Raises ValidationError."""
    return str(_text_field.clean(cell if isinstance(cell, str) else text_of(cell)))


def text_of(cell: Any) -> str:
    """A cell as a person reads it: 2020 for 2020.0, the day first."""
    if isinstance(cell, str):
        return _tidied(cell)
    if cell is None:
        return ""
    if isinstance(cell, float):
        return format(cell, ".15g")
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    return _tidied(str(cell))


def no_value(qualifier: str) -> bool:
    """Whether a word says that there is no number."""
    return code_of(Qualifier, qualifier) in (Qualifier.NIL, Qualifier.UNCOLLECTED)


def notation_of(cells: Iterable[Any], likely: str) -> tuple[str, str, bool]:
    """How a column of numbers is written, "vi" or "en"; a text that shows it, "11.728,3"; whether nothing shows it although
    some number is another one in the other notation, like `6.950`.

    Only a text that a single notation explains tells something; where none does, the likely notation holds.
    """
    votes: Counter[str] = Counter()
    examples: dict[str, str] = {}
    can_mean_two = False
    for match in (_NUMBER.search(cell) for cell in cells if isinstance(cell, str)):
        explained_by = notations(match[0]) if match else set()
        if match and len(explained_by) == 1:
            votes.update(explained_by)
            examples.setdefault(min(explained_by), match[0])
        elif match and explained_by and not can_mean_two:
            can_mean_two = read_number(match[0], "vi").other is not None
    best = max(("vi", "en"), key=lambda notation: (votes[notation], notation == likely))
    example = examples.get(best, "")
    return best, example, can_mean_two and not example


def _units(indicator: Indicator | None) -> tuple[str, ...]:
    """The names of the unit that an indicator is kept in."""
    return tuple(filter(None, (indicator.unit_vi, indicator.unit_en))) if indicator else ()


@lru_cache(maxsize=500)
def _number_field(units: tuple[str, ...]) -> NumberField:
    return Figure._meta.get_field("value").formfield(form_class=NumberField, units=units, required=False)  # type: ignore


@lru_cache(maxsize=4096)
def _day_in(text: str) -> date:
    day = DayField().to_python(text)
    assert day is not None
    return day

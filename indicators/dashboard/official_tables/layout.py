"""PRESENT: what an official table is, whatever it is about: columns, numbered rows, notes, signatures."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from ...queries.term_overview import Line
from ...sentences.formatting import active_language, day, place_name
from ...text.numbers import format_number, rounded

PART_SIGN = "-"
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is, with the digits and words it is shown with; `signed` shows a plus too."""

    value: Decimal
    decimals: int
    before: str = ""
    after: str = ""
    signed: bool = False

    def __str__(self) -> str:
        """The number as readers of the active language see it."""
        plus = "+" if self.signed and rounded(self.value, self.decimals) > 0 else ""
        return f"{self.before}{plus}{format_number(self.value, active_language(), self.decimals)}{self.after}"


Cell = str | int | Number | None


class Kind(StrEnum):
    """What a row is: I. Kinh tế; 1 an indicator; "Trong đó:"; - a part."""

    GROUP = "group"
    INDICATOR = "indicator"
    WHICH = "which"
    PART = "part"


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in characters, what stands in it, and which way that leans."""

    heading: str
    width: int
    cell: Callable[[Line], Cell]
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Row:
    kind: Kind
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class OfficialTable:
    """A table ready to be drawn. `name` fits on the tab of a sheet; `notes` stand under the table.

    `indicators` are the primary keys of what it shows; `narrowed_to` says so where that is a part only.
    """

    name: str
    title: str
    as_of: date
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    indicators: tuple[int, ...]
    narrowed_to: str = ""

    @property
    def known_on(self) -> str:
        return _("As known on %(day)s") % {"day": day(self.as_of)}

    @property
    def shares(self) -> list[int]:
        """The widths of the columns in about percent of the table's; the narrowest still hold their number."""
        whole = sum(column.width for column in self.columns)
        return [max(4, round(100 * column.width / whole)) for column in self.columns]

    @property
    def empty(self) -> str:
        """What stands in place of a table without rows, which nobody signs; empty where there are rows."""
        if self.rows:
            return ""
        return _("No target fits this filter.") if self.narrowed_to else _("No target is known.")

    @property
    def body(self) -> list[tuple[Kind, list[tuple[Column, Cell]]]]:
        """The rows, each cell with its column."""
        return [(row.kind, list(zip(self.columns, row.cells, strict=True))) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Signature:
    """One block at the foot of an official table."""

    heading: str
    lines: tuple[str, ...]


def signatures(as_of: date) -> tuple[str, tuple[Signature, ...]]:
    """The line for place and day, and who the table goes to, who made it, who answers for it."""
    by_hand = _("(Signature, full name)")
    place = _("%(place)s, day … month … year %(year)d") % {"place": place_name(), "year": as_of.year}
    return place, (
        Signature(_("Recipients:"), (_("- As above;"), _("- Archive."))),
        Signature(_("Prepared by"), (by_hand,)),
        Signature(_("Head of the agency"), (_("(Signature, stamp, full name)"),)),
    )


def first_columns() -> tuple[Column, Column, Column]:
    """What every official table begins with: number, indicator, unit."""
    return (
        Column(_("No."), 5, lambda line: None, Align.CENTER),
        Column(_("Indicator"), 30, lambda line: line.indicator.name),
        Column(_("Unit"), 16, lambda line: line.indicator.unit, Align.CENTER),
    )


def numbered_rows(lines: Iterable[Line], columns: tuple[Column, ...]) -> tuple[Row, ...]:
    """The lines under their sectors (I, II…), numbered 1, 2…, each followed by its parts."""
    rows: list[Row] = []
    sector, groups = None, 0
    rest = (None,) * (len(columns) - 2)
    for number, line in enumerate(lines, 1):
        if line.indicator.sector_id != sector:
            sector, groups = line.indicator.sector_id, groups + 1
            rows.append(Row(Kind.GROUP, (roman(groups), line.indicator.sector.name, *rest)))
        rows.append(_row(Kind.INDICATOR, number, line, columns))
        if line.parts:
            rows.append(Row(Kind.WHICH, (None, _("Of which:"), *rest)))
        rows += [_row(Kind.PART, PART_SIGN, part, columns) for part in line.parts]
    return tuple(rows)


def _row(kind: Kind, number: str | int, line: Line, columns: tuple[Column, ...]) -> Row:
    return Row(kind, (number, *(column.cell(line) for column in columns[1:])))


def fitted(columns: tuple[Column, ...], rows: Sequence[Row]) -> tuple[Column, ...]:
    """The columns, each wide enough for its numbers: what does not fit a spreadsheet shows as ####."""
    longest = [
        max((len(str(row.cells[place])) for row in rows if isinstance(row.cells[place], Number)), default=0)
        for place in range(len(columns))
    ]
    return tuple(replace(one, width=max(one.width, need + 2)) for one, need in zip(columns, longest, strict=True))


def keys(lines: Iterable[Line]) -> tuple[int, ...]:
    """The primary keys of the indicators of `lines`, parts included."""
    return tuple(one.indicator.pk for line in lines for one in (line, *line.parts))


def roman(number: int) -> str:
    """`number` as a Roman numeral, for the handful of groups there are."""
    text = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        text += sign * count
    return text

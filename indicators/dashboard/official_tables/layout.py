"""What an official table is, whatever it is about: columns, numbered rows, notes, signatures."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _

from ...core.language import active_language
from ...queries.term_overview import OverviewLine
from ...sentences.formatting import day, place_name
from ...text.numbers import format_number, rounded

PART_SIGN = "-"
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True, slots=True)
class NumberCell:
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


TableCell = str | int | NumberCell | None


class RowKind(StrEnum):
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
class TableColumn:
    """A column: its heading, its width in characters, what stands in it, and which way that leans."""

    heading: str
    width: int
    cell: Callable[[OverviewLine], TableCell]
    align: Align = Align.LEFT


class TableRow(NamedTuple):
    kind: RowKind
    cells: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True)
class OfficialTable:
    """A table ready to be drawn. `name` fits on the tab of a sheet; `notes` stand under the table.

    `indicators` are the primary keys of what it shows; `narrowed_to` says so where that is a part only.
    """

    name: str
    title: str
    as_of: date
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
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
    def body(self) -> list[tuple[RowKind, list[tuple[TableColumn, TableCell]]]]:
        """The rows, each cell with its column."""
        return [(row.kind, list(zip(self.columns, row.cells, strict=True))) for row in self.rows]


def signatures(as_of: date) -> tuple[str, list[tuple[str, tuple[str, ...]]]]:
    """The line for place and day, then (heading, lines) of who the table goes to, who made it, who answers for it."""
    place = _("%(place)s, day … month … year %(year)d") % {"place": place_name(), "year": as_of.year}
    return place, [
        (_("Recipients:"), (_("- As above;"), _("- Archive."))),
        (_("Prepared by"), (_("(Signature, full name)"),)),
        (_("Head of the agency"), (_("(Signature, stamp, full name)"),)),
    ]


def first_columns() -> tuple[TableColumn, TableColumn, TableColumn]:
    """What every official table begins with: number, indicator, unit."""
    return (
        TableColumn(_("No."), 5, lambda line: None, Align.CENTER),
        TableColumn(_("Indicator"), 30, lambda line: line.indicator.name),
        TableColumn(_("Unit"), 16, lambda line: line.indicator.unit, Align.CENTER),
    )


def laid_out(
    name: str,
    title: str,
    as_of: date,
    columns: Sequence[TableColumn],
    lines: Sequence[OverviewLine],
    notes: Callable[[], Iterable[str]],
    narrowed_to: str,
) -> OfficialTable:
    """The table of `lines`; `notes` are called for last, as the cells find out which are needed."""
    rows = _numbered_rows(lines, columns)
    indicators = tuple(shown.indicator.pk for line in lines for shown in (line, *line.parts))
    return OfficialTable(name, title, as_of, _fitted(columns, rows), rows, tuple(notes()), indicators, narrowed_to)


def _numbered_rows(lines: Iterable[OverviewLine], columns: Sequence[TableColumn]) -> tuple[TableRow, ...]:
    """The lines under their sectors (I, II…), numbered 1, 2…, each followed by its parts."""

    def row(kind: RowKind, number: str | int, line: OverviewLine) -> TableRow:
        return TableRow(kind, (number, *(column.cell(line) for column in columns[1:])))

    rows: list[TableRow] = []
    sector, groups = None, 0
    rest = (None,) * (len(columns) - 2)
    for number, line in enumerate(lines, 1):
        if line.indicator.sector_id != sector:
            sector, groups = line.indicator.sector_id, groups + 1
            rows.append(TableRow(RowKind.GROUP, (roman(groups), line.indicator.sector.name, *rest)))
        rows.append(row(RowKind.INDICATOR, number, line))
        if line.parts:
            rows.append(TableRow(RowKind.WHICH, (None, _("Of which:"), *rest)))
        rows += [row(RowKind.PART, PART_SIGN, part) for part in line.parts]
    return tuple(rows)


def _fitted(columns: Sequence[TableColumn], rows: Sequence[TableRow]) -> tuple[TableColumn, ...]:
    """The columns, each wide enough for its numbers: what does not fit a spreadsheet shows as ####."""
    longest = [
        max((len(str(row.cells[place])) for row in rows if isinstance(row.cells[place], NumberCell)), default=0)
        for place in range(len(columns))
    ]
    return tuple(
        replace(column, width=max(column.width, need + 2)) for column, need in zip(columns, longest, strict=True)
    )


def roman(number: int) -> str:
    """`number` as a Roman numeral, for the handful of groups there are."""
    text = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        text += sign * count
    return text

"""What a spreadsheet puts on the clipboard → rows of cells; which column is which, and which indicator each row means."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise

from ..core.language import active_language
from ..models import Indicator, Qualifier
from ..text.numbers import read_number
from ..text.vietnamese import fold, tidy
from .forms.fields import ANSWERS_WITHOUT_VALUE, split_qualifier
from .imports.columns import code_of, columns_of

ROWS, COLUMNS = 1_000, 40  # of a table that is pasted; longer ones are for the import of files
Table = list[list[str]]

# What stands before a name in official tables: "1.", "1.2", "II.", "a)", a dash.
_NUMBERING = re.compile(r"(?:\d+(?:\.\d+)*[.)]?|[ivx]+[.)]|[a-z]\)|[-+–—*•])\s+", re.ASCII)
_IN_BRACKETS = re.compile(r"(?P<name>.+?)\s*\((?P<inside>[^()]*)\)")
_NO_LETTER = re.compile(r"[\W_]+")
# As many words of a name as make a suggestion.
_ENOUGH_WORDS = 2


class _HtmlTable(HTMLParser):
    """The rows of the first table of a page; a merged cell stands in its first place."""

    def __init__(self) -> None:
        super().__init__()
        self.table: Table = []
        self.depth = self.tables = 0
        self.below: dict[int, int] = {}  # how many more rows a merged cell reaches down, by its column
        self.is_in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.depth += 1
            self.tables += self.depth == 1
        if self.depth != 1 or self.tables != 1 or len(self.table) > ROWS:
            return
        if tag == "tr":
            self.table.append([])
        elif tag in ("td", "th") and self.table:
            self._open_cell(dict(attrs))
        elif tag in ("br", "p", "div") and self.is_in_cell:
            self.table[-1][self.place] += " "

    def _open_cell(self, attributes: dict[str, str | None]) -> None:
        row = self.table[-1]
        while self.below.get(len(row)):
            self.below[len(row)] -= 1
            row.append("")
        width, height = (_span(attributes.get(name)) for name in ("colspan", "rowspan"))
        self.place, self.is_in_cell = len(row), True
        for place in range(len(row), len(row) + width):
            self.below[place] = height - 1
        row.extend([""] * width)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr") and self.depth == 1:
            self.is_in_cell = False
        elif tag == "table":
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.is_in_cell and self.depth == 1:
            self.table[-1][self.place] += data


def _span(text: str | None) -> int:
    return min(int(text), COLUMNS) if text and re.fullmatch("[1-9][0-9]{0,3}", text, re.ASCII) else 1


def read_table(text: str, html: str = "") -> Table:
    """The cells of what was copied, every row equally long, line breaks in them as spaces; without rows at the end that are
    blank. The HTML goes first where there is a table in it: a line break inside a cell is certain there."""
    table = _table_of_html(html) if "<table" in html.lower() else []
    table = (table or _table_of_text(text))[:ROWS]
    cells = [[" ".join(tidy(cell).split()) for cell in row[:COLUMNS]] for row in table]
    while cells and not any(cells[-1]):
        cells.pop()
    width = max(map(len, cells), default=0)
    return [row + [""] * (width - len(row)) for row in cells]


def _table_of_html(html: str) -> Table:
    parser = _HtmlTable()
    parser.feed(html)
    parser.close()
    return [row for row in parser.table if row]


def _table_of_text(text: str) -> Table:
    """Cells between tabs; Excel puts those with a line break into quotation marks. Where the marks are no such ones, they
    are letters like others."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        return list(csv.reader(io.StringIO(lines, newline=""), delimiter="\t", strict=True))
    except csv.Error:
        return [line.split("\t") for line in lines.split("\n")]


def is_number(cell: str) -> bool:
    """Whether the cell holds a value: a number, maybe with “khoảng” before or “%” behind it, or a dash that stands for one."""
    if cell in ANSWERS_WITHOUT_VALUE:
        return True
    try:
        read_number(split_qualifier(cell)[1].rstrip("% "), active_language())
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class TableColumns:
    """The places of the columns, None for one that the table lacks; `values` are all that hold numbers."""

    name: int | None
    qualifier: int | None
    values: tuple[int, ...]


def columns_in(table: Table, names: "Names") -> TableColumns:
    """Which column is which, by what stands in them."""
    columns = {place: [row[place] for row in table if row[place]] for place in range(len(table[0]))} if table else {}
    qualifiers = [place for place, cells in columns.items() if cells and _mostly(map(_is_qualifier, cells), cells)]
    numbers = [place for place, cells in columns.items() if place not in qualifiers and _holds_numbers(cells)]
    values = [place for place in numbers if not _counts(columns[place])] or numbers
    texts = [place for place in columns if place not in numbers and place not in qualifiers]
    known = {place: sum(bool(names.exact(cell)) for cell in columns[place]) for place in texts}
    is_unit = {place: all(fold(cell) in names.units for cell in columns[place]) for place in texts}
    named = [place for place in texts if known[place] or not is_unit[place]]
    best = max(named, key=lambda place: (known[place], sum(map(len, columns[place]))), default=None)
    return TableColumns(best, qualifiers[0] if qualifiers else None, tuple(values))


def _mostly(flags: Iterable[bool], cells: Sequence[str]) -> bool:
    """Whether all but the heading are so."""
    count = sum(flags)
    return count > 0 and count >= len(cells) - 1


def _is_qualifier(cell: str) -> bool:
    return code_of(Qualifier, cell) is not None and cell not in ANSWERS_WITHOUT_VALUE


def _holds_numbers(cells: Sequence[str]) -> bool:
    numbers = sum(map(is_number, cells))
    return numbers > 0 and numbers * 2 >= len(cells) - 1


def _counts(cells: Sequence[str]) -> bool:
    """Whether a column only numbers the rows: 1, 2, 3 …, its heading and gaps left out."""
    counted = [int(cell.rstrip(".")) for cell in cells if re.fullmatch(r"[0-9]{1,4}\.?", cell, re.ASCII)]
    steps = {after - before for before, after in pairwise(counted)}
    return len(counted) > 1 and len(counted) >= len(cells) - 1 and steps <= {1}


def headings_of(table: Table, values: Iterable[int]) -> int:
    """How many rows at the top are headings: they name columns, or have no number where the others have one."""
    for count, row in enumerate(table):
        # A row that names no column and is the first with a number, or has a name only, as a group of rows, ends them.
        if len(columns_of(row)) == 0 and (any(is_number(row[place]) for place in values) or sum(map(bool, row)) < 2):
            return count
    return 0


class Names:
    """The indicators of a sheet by what a table may call them."""

    def __init__(self, indicators: Sequence[Indicator]) -> None:
        self.indicators = indicators
        self.units = {fold(text) for item in indicators for text in (item.unit_vi, item.unit_en) if text} | {""}
        self._exact: dict[str, list[Indicator]] = defaultdict(list)
        self._codes = {item.code: item for item in indicators}
        self._words = {item: set(f"{_bare(item.name_vi)} {_bare(item.name_en)}".split()) for item in indicators}
        for item in indicators:
            for name in {_bare(item.name_vi), _bare(item.name_en)} - {""}:
                self._exact[name].append(item)

    def exact(self, text: str) -> Indicator | None:
        """The only indicator of this name, whatever its diacritics, capitals, numbering and the unit behind it; else the one
        of this code."""
        names = [text, _NUMBERING.sub("", fold(text), count=1)]
        for name in names:
            matching = self._exact.get(_bare(name)) or self._with_unit(name)
            if matching:
                return matching[0] if len(matching) == 1 else None
        return self._codes.get(text.strip())

    def _with_unit(self, name: str) -> list[Indicator]:
        match = _IN_BRACKETS.fullmatch(name)
        if match is None:
            return []
        unit = fold(match["inside"])
        return [
            item
            for item in self._exact.get(_bare(match["name"]), [])
            if unit in (fold(item.unit_vi), fold(item.unit_en))
        ]

    def similar(self, text: str) -> list[Indicator]:
        """Those that may be meant: their names have all words of the text, or the text all of theirs."""
        words = set(_bare(_NUMBERING.sub("", fold(text), count=1)).split())
        if len(words) < _ENOUGH_WORDS:
            return []
        return [item for item, own in self._words.items() if words <= own or set(_bare(item.name_vi).split()) <= words]


def _bare(text: str) -> str:
    """A name without what typists vary: diacritics, capitals, spaces, dashes and commas."""
    return _NO_LETTER.sub(" ", fold(text)).strip()

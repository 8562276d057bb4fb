"""The lines of a preview: what is new, what changes from what to what, what is wrong where; and how they are stored."""

import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import islice
from typing import Any, Literal, NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ...core.language import active_language
from ...models import Figure, FigureStatus, Qualifier, Upload
from ...sentences.formatting import NO_VALUE, day, number, period_text, qualified, with_unit
from ...text.periods import FULL_YEAR, Period
from ...text.vietnamese import fold
from .cells import RowReader
from .columns import heading, month_of
from .table import FileRow

# A value before and after, by the name of its column.
ChangedValues = dict[str, tuple[Any, Any]]

# As much of a text as a line shows that is not to be stored.
SHOWN = 80
# Of a packed review as much at once as is unpacked to find a page of lines.
PIECE = 16 * 1024


class ReviewLine(NamedTuple):
    """One row of the file as the preview shows it. `changes` are heading, before, after; `problems` are heading, what
    stands there, what was expected; `facts` are heading and text."""

    kind: Literal["new", "changed", "same", "wrong"]
    line: int
    hidden: bool
    indicator: str
    period: str
    value: str
    facts: list[tuple[str, str]] = []
    changes: list[tuple[str, str, str]] = []
    problems: list[tuple[str, str, str]] = []
    doubts: list[str] = []

    def packed(self) -> bytes:
        """The line as one of JSON that begins with its kind, with a mark where there are doubts."""
        # They stand before the JSON, so that the lines of one kind are found without reading the others.
        return f"{self.kind}{'!' * bool(self.doubts)}{json.dumps(self[1:], ensure_ascii=False)}".encode()

    @classmethod
    def unpacked(cls, packed: bytes) -> "ReviewLine":
        kind, bracket, rest = packed.partition(b"[")
        return cls(kind.decode().rstrip("!"), *json.loads(bracket + rest))  # type: ignore[arg-type]


def compressed(packed_lines: Iterable[bytes]) -> bytes:
    """All lines; joined first, those of a large file would take as much memory again."""
    compressor = zlib.compressobj()
    parts = [compressor.compress(line + b"\n") for line in packed_lines]
    return b"".join((*parts, compressor.flush()))


def lines_of(upload: Upload, show: str, first: int, last: int | None) -> list[ReviewLine]:
    """The lines of a review from `first` up to `last`, counted from 0, None for the end; of one kind, or "doubtful" ones,
    when asked."""
    lines = _packed_lines(upload)
    if show == "doubtful":
        chosen = (line for line in lines if line.partition(b"[")[0].endswith(b"!"))
    else:
        chosen = (line for line in lines if line.startswith(show.encode()))
    return [ReviewLine.unpacked(line) for line in islice(chosen, first, last)]


def _packed_lines(upload: Upload) -> Iterator[bytes]:
    """The lines one by one: those of a large file are not unpacked all at once."""
    review, decompressor, rest = bytes(upload.review or b""), zlib.decompressobj(), b""
    for start in range(0, len(review), PIECE):
        *lines, rest = (rest + decompressor.decompress(review[start : start + PIECE])).split(b"\n")
        yield from lines


def figure_line(row: FileRow, reader: RowReader, figure: Figure, is_new: bool, changes: ChangedValues) -> ReviewLine:
    """The line of a row that can be imported."""
    indicator, name = figure.indicator, reader.text("name", row.cells)
    kind: Literal["new", "changed", "same"] = "new" if is_new else "changed" if changes else "same"
    period = period_text(Period(figure.year, figure.through_month), indicator, active_language())
    line = ReviewLine(kind, row.line, row.hidden, indicator.name, period, _value_text(figure))
    if kind == "same":
        return line
    differences = [(heading(column), _text(column, old), _text(column, new)) for column, (old, new) in changes.items()]
    names, doubts = (indicator.name_vi, indicator.name_en), []
    if name and name not in names and fold(name) not in map(fold, names):
        message = _("The file calls this indicator “%(name)s”. Have names and codes slipped against each other?")
        doubts.append(message % {"name": name[:80]})
    file_value = reader.kept_value(row.cells)
    facts = [*_facts(figure), *([(capfirst(_("kept in the file as")), file_value)] if file_value else [])]
    return line._replace(facts=facts, changes=differences, doubts=doubts)


def wrong_line(row: FileRow, reader: RowReader, problems: Mapping[str, str]) -> ReviewLine:
    """The line of a row that cannot be imported, with everything that is wrong with it, by column."""

    def text(name: str) -> str:
        return reader.text(name, row.cells)

    indicator = reader.indicator_of(row.cells)
    name = indicator.name if indicator else text("name") or text("indicator")
    period = _period_in_words(text("year"), text("through_month"))
    details = [(heading(column), _short(text(column)), problem) for column, problem in problems.items()]
    return ReviewLine(
        "wrong", row.line, row.hidden, _short(name), _short(period), _short(text("value")), problems=details
    )


def _period_in_words(year: str, months: str) -> str:
    """The period in words where both cells can be read, else the cells."""
    month = month_of(months)
    if re.fullmatch(r"\d{4}", year, re.ASCII) and month is not None and 1 <= month <= FULL_YEAR:
        return period_text(Period(int(year), month))
    return " · ".join(filter(None, (year, months)))


def _value_text(figure: Figure) -> str:
    """The value with its word and unit: "trên 2.100 ha"; the answer in words where there is none."""
    if figure.value is None:
        return str(Qualifier(figure.qualifier).label)
    return with_unit(qualified(figure, None), figure.indicator.unit)


def _facts(figure: Figure) -> list[tuple[str, str]]:
    texts = {
        "status": str(FigureStatus(figure.status).label),
        "published_on": day(figure.published_on),
        "source": _short(str(figure.source)),
        "series_break": _("Yes") if figure.series_break else "",
        "quote_vi": figure.quote_vi,
        "note": figure.note,
    }
    return [(heading(name), text) for name, text in texts.items() if text]


def _text(name: str, value: Any) -> str:
    if value is None or value == "":
        return NO_VALUE
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Decimal):
        return number(value)
    return str(Qualifier(value).label) if name == "qualifier" else str(value)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"

"""Rows that were gone through → lines to read back: what is new, what changes from what to what, what is wrong where."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ...models import Figure, FigureStatus, Qualifier
from ...sentences.formatting import NO_VALUE, active_language, day, number, period_text, qualified, with_unit
from ...text.periods import FULL_YEAR, Period
from .catalogue import Catalogue
from .cells import text_of
from .columns import heading, month_of
from .rows import CONTENT, FigureResource

Kind = Literal["new", "changed", "same", "wrong"]
KINDS: tuple[Kind, ...] = ("wrong", "changed", "new", "same")
SHOWN = 80


class Line(NamedTuple):
    """One row of the file as the preview shows it. `changes` are heading, before, after; `problems` are heading, what
    stands there, what was expected; `facts` are heading and text."""

    kind: Kind
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
        return f"{self.kind}{'!' * bool(self.doubts)}{json.dumps(self[1:], ensure_ascii=False)}".encode()

    @classmethod
    def unpacked(cls, packed: bytes) -> "Line":
        kind, bracket, rest = packed.partition(b"[")
        return cls(kind.decode().rstrip("!"), *json.loads(bracket + rest))  # type: ignore[arg-type]


def line_of(resource: FigureResource, figure: Figure, hidden: bool = False) -> Line:
    """The line of a row that could be read."""
    indicator = resource.catalogue.by_pk[figure.indicator_id]
    figure.indicator = indicator  # known here: no query
    changes = _changes(resource.before, figure) if resource.before else []
    kind: Kind = "new" if resource.before is None else "changed" if changes else "same"
    facts = _facts(figure, resource.catalogue) if kind != "same" else []
    period = period_text(Period(figure.year, figure.through_month), indicator, active_language())
    return Line(kind, resource.line, hidden, indicator.name, period, value_text(figure), facts, changes)


def wrong_line(line: int, hidden: bool, row: Mapping[str, Any], error: ValidationError, catalogue: Catalogue) -> Line:
    """The line of a row that cannot be imported, with everything that is wrong with it."""
    problems = [
        (heading(name), _short(text_of(row.get(name))), " ".join(messages))
        for attribute, messages in error.message_dict.items()
        for name in [attribute.removesuffix("_id")]
    ]
    known = catalogue.indicators.get(text_of(row.get("indicator")))
    name = known.name if known else text_of(row.get("name")) or text_of(row.get("indicator"))
    period = _period(text_of(row.get("year")), text_of(row.get("through_month")))
    return Line(
        "wrong", line, hidden, _short(name), _short(period), _short(text_of(row.get("value"))), problems=problems
    )


def _period(year: str, months: str) -> str:
    """The period in words where both cells can be read, else the cells."""
    month = month_of(months)
    if re.fullmatch(r"\d{4}", year, re.ASCII) and month is not None and 1 <= month <= FULL_YEAR:
        return period_text(Period(int(year), month))
    return " · ".join(filter(None, (year, months)))


def value_text(figure: Figure) -> str:
    """The value with its word and unit: "trên 2.100 ha"; the answer in words where there is none."""
    if figure.value is None:
        return str(Qualifier(figure.qualifier).label)
    return with_unit(qualified(figure, None), figure.indicator.unit)


def _changes(before: Mapping[str, Any], figure: Figure) -> list[tuple[str, str, str]]:
    pairs = [(name, before[name], getattr(figure, name)) for name in CONTENT]
    return [(heading(name), _text(name, old), _text(name, new)) for name, old, new in pairs if old != new]


def _facts(figure: Figure, catalogue: Catalogue) -> list[tuple[str, str]]:
    source = catalogue.source_of[figure.source_id]
    texts = {
        "status": str(FigureStatus(figure.status).label),
        "published_on": day(figure.published_on),
        "source": _short(str(source)),
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

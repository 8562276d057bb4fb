"""HTTP: what is asked of a dataflow: the key in the address, `c[…]` filters, the moment. Anything else is a clear 400."""

import operator
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext as _

from .observations import Observation
from .structures import TIME, Component, Flow

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
_PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?:M?(?P<month>\d{2})|Q(?P<quarter>[1-4])|A1)(?:-\d{2}(?:T.*)?)?)?", re.ASCII)


@dataclass(frozen=True)
class Test:
    """One comparison of one component."""

    component: Component
    sign: str
    value: Any

    def passes(self, one: Observation) -> bool:
        found = one[self.component.id]
        if found is None:
            return self.sign == "ne"
        if self.component.id == TIME:
            return _in_time(self.sign, _months(found), self.value)
        return _OPERATORS[self.sign](found if isinstance(found, Decimal) else _text(found), self.value)


@dataclass(frozen=True)
class Wanted:
    """Which observations are asked for: those of one of the keys that pass every filter."""

    keys: tuple[tuple[str, ...], ...]
    filters: tuple[tuple[tuple[Test, ...], ...], ...]
    dimensions: tuple[str, ...]
    first: int | None = None
    last: int | None = None

    def cut(self, rows: Iterable[Observation]) -> Iterator[Observation]:
        """Of each series the first or the last so many observations, where the address asks for them."""
        if self.first is None and self.last is None:
            yield from rows
            return
        series: dict[tuple[Any, ...], list[Observation]] = defaultdict(list)
        for one in rows:
            series[tuple(one[name] for name in self.dimensions)].append(one)
        for its in series.values():
            yield from its[: self.first] if self.last is None else its[-self.last :]

    def fits(self, one: Observation) -> bool:
        key = [one[name] for name in self.dimensions]
        in_key = any(all(part in ("*", is_) for part, is_ in zip(asked, key, strict=True)) for asked in self.keys)
        return in_key and all(any(all(t.passes(one) for t in all_of) for all_of in any_of) for any_of in self.filters)

    @property
    def indicators(self) -> set[str]:
        """The indicators that the keys name; empty when one of them leaves it open."""
        place = self.dimensions.index("INDICATOR")
        named = {key[place] for key in self.keys}
        return set() if "*" in named else named


def wanted(flow: Flow, key: str, query: QueryDict) -> Wanted:
    """What the address asks of `flow`."""
    dimensions = tuple(one.id for one in flow.key)
    keys = tuple(_key(text, dimensions) for text in key.split(","))
    names = [name for name in query if name.startswith("c[")]
    filters = tuple(_filter(flow, name, str(query[name])) for name in names)
    first, last = (_how_many(query, f"{which}NObservations") for which in ("first", "last"))
    if first is not None and last is not None:
        raise BadRequest(_("firstNObservations and lastNObservations do not go together."))
    return Wanted(keys, filters, dimensions, first, last)


def _how_many(query: QueryDict, name: str) -> int | None:
    text = query.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and int(text[:9]) > 0 and len(text) < 9):
        raise BadRequest(_("“%(name)s” is a whole number from 1 on.") % {"name": name})
    return int(text)


def _key(text: str, dimensions: tuple[str, ...]) -> tuple[str, ...]:
    """The parts of a key; those left out at its end are open."""
    parts = [] if text == "*" else text.split(".")
    if len(parts) > len(dimensions):
        told = {"key": text[:80], "dimensions": ".".join(dimensions)}
        raise BadRequest(_("The key “%(key)s” has too many parts. It is %(dimensions)s, each a code or *.") % told)
    return (*(part or "*" for part in parts), *("*" for _missing in dimensions[len(parts) :]))


def _filter(flow: Flow, name: str, text: str) -> tuple[tuple[Test, ...], ...]:
    """`A,B` is one of them; `ge:A+le:B` is both at once. In an address a plus means a blank."""
    component = next((one for one in flow.components if name == f"c[{one.id}]"), None)
    if component is None:
        told = {"name": name[:40], "known": ", ".join(one.id for one in flow.components)}
        raise BadRequest(_("“%(name)s” is no component of this dataflow; known: %(known)s") % told)
    return tuple(tuple(_test(component, one) for one in re.split(r"[+ ]", part) if one) for part in text.split(","))


def _test(component: Component, text: str) -> Test:
    sign, colon, value = text.partition(":")
    if not colon or sign not in _OPERATORS:
        sign, value = "eq", text
    if component.id == TIME:
        return Test(component, sign, _months(value))
    if component.data_type == "Decimal":
        try:
            number = Decimal(value)
            if not number.is_finite():
                raise InvalidOperation
            return Test(component, sign, number)
        except InvalidOperation:
            raise BadRequest(_("“%(text)s” is not a number. Write it like 7.5.") % {"text": value[:40]}) from None
    return Test(component, sign, value)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _months(text: str) -> tuple[int, int]:
    """The first and the last month of a period, counted from year 0."""
    match = _PERIOD.fullmatch(text)
    if not match:
        raise BadRequest(
            _("“%(text)s” is not a time period. Write it like 2020, 2019-09 or 2019-Q3.") % {"text": text[:40]}
        )
    start = int(match["year"]) * 12
    if match["month"]:
        return start + int(match["month"]), start + int(match["month"])
    if match["quarter"]:
        return start + int(match["quarter"]) * 3 - 2, start + int(match["quarter"]) * 3
    return start + 1, start + 12


def _in_time(sign: str, found: tuple[int, int], asked: tuple[int, int]) -> bool:
    """Compares periods as the standard does: by their beginning from below, by their end from above."""
    if sign in ("ge", "lt"):
        return _OPERATORS[sign](found[0], asked[0])
    if sign in ("le", "gt"):
        return _OPERATORS[sign](found[1], asked[1])
    return _OPERATORS[sign](found, asked)


def day_of(text: str, today: date) -> str:
    """The day of `asOf`, as the pages' own parser takes it; a moment counts as its whole day."""
    return text.partition("T")[0] if text else today.isoformat()

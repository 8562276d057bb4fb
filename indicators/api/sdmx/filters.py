"""What is given of a dataflow: the key in the address and the `c[…]` filters. Anything else is a clear 400."""

import operator
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from itertools import product
from typing import Any

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext as _

from ...core.limits import SDMX_COMPARISONS, SDMX_KEYS
from ..schemas import cell_text
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
# Whether an observation fits one part of a filter.
Comparison = Callable[[Observation], bool]


@dataclass(frozen=True)
class DataQuery:
    """Which observations are given for: those of one of the keys that pass every filter. A filter is a list of
    alternatives, each of comparisons that must all hold."""

    keys: frozenset[tuple[str, ...]]
    filters: tuple[tuple[tuple[Comparison, ...], ...], ...]
    dimensions: tuple[str, ...]
    first: int | None
    last: int | None

    @property
    def indicators(self) -> set[str]:
        """The indicators that the keys name; empty when one of them leaves it open."""
        place = self.dimensions.index("INDICATOR")
        codes = {key[place] for key in self.keys}
        return set() if "*" in codes else codes

    def select(self, observations: Iterable[Observation]) -> Iterator[Observation]:
        """Those that fit; of each series the first or the last so many, where the address asks for them."""
        matching = filter(self._matches, observations)
        if self.first is None and self.last is None:
            yield from matching
            return
        series: dict[tuple[Any, ...], list[Observation]] = defaultdict(list)
        for observation in matching:
            # All of it in memory, but only where the first or last so many are asked for.
            series[tuple(observation[name] for name in self.dimensions)].append(observation)
        for members in series.values():
            yield from members[: self.first] if self.last is None else members[-self.last :]

    def _matches(self, observation: Observation) -> bool:
        # A key has each dimension's value or leaves it open: looked up in as many ways, however many keys there are.
        if self.keys.isdisjoint(product(*((observation[name], "*") for name in self.dimensions))):
            return False
        return all(
            any(all(comparison(observation) for comparison in all_of) for all_of in any_of) for any_of in self.filters
        )


def data_query(flow: Flow, key: str, parameters: QueryDict) -> DataQuery:
    """What the address asks of `flow`. Raises BadRequest where it cannot be understood."""
    dimensions = tuple(component.id for component in flow.key)
    check_count(key.count(",") + 1, SDMX_KEYS, _("keys"))
    keys = frozenset(_key(text, dimensions) for text in key.split(","))
    given = {name: str(parameters[name]) for name in parameters if name.startswith("c[")}
    check_count(sum(len(re.split("[+ ,]", text)) for text in given.values()), SDMX_COMPARISONS, _("values of filters"))
    filters = tuple(_filter(flow, name, text) for name, text in given.items())
    first, last = (_count(parameters, f"{which}NObservations") for which in ("first", "last"))
    if first is not None and last is not None:
        raise BadRequest(_("firstNObservations and lastNObservations do not go together."))
    return DataQuery(keys, filters, dimensions, first, last)


def check_count(count: int, most: int, what: str) -> None:
    """Raises BadRequest for more than may be given for at once."""
    if count > most:
        raise BadRequest(
            _("More than %(most)s %(what)s at once. Ask in several requests.") % {"most": most, "what": what}
        )


def _count(parameters: QueryDict, name: str) -> int | None:
    """The number that the parameter holds, None without it. Raises BadRequest for anything but a whole number from 1."""
    text = parameters.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and int(text[:9]) > 0 and len(text) < 9):
        raise BadRequest(_("“%(name)s” is a whole number from 1 on.") % {"name": name})
    return int(text)


def _key(text: str, dimensions: tuple[str, ...]) -> tuple[str, ...]:
    """The parts of a key; those left out at its end are open. Raises BadRequest for more parts than dimensions."""
    parts = [] if text == "*" else text.split(".")
    if len(parts) > len(dimensions):
        words = {"key": text[:80], "dimensions": ".".join(dimensions)}
        raise BadRequest(_("The key “%(key)s” has too many parts. It is %(dimensions)s, each a code or *.") % words)
    return (*(part or "*" for part in parts), *("*" for _missing in dimensions[len(parts) :]))


def _filter(flow: Flow, name: str, text: str) -> tuple[tuple[Comparison, ...], ...]:
    """`A,B` is one of them; `ge:A+le:B` is both at once. Raises BadRequest for an unknown component or value."""
    component = next((component for component in flow.components if name == f"c[{component.id}]"), None)
    if component is None:
        words = {"name": name[:40], "known": ", ".join(component.id for component in flow.components)}
        raise BadRequest(_("“%(name)s” is no component of this dataflow; known: %(known)s") % words)
    # In an address a plus means a blank.
    alternatives = (re.split(r"[+ ]", part) for part in text.split(","))
    return tuple(tuple(_comparison(component, part) for part in parts if part) for parts in alternatives)


def _comparison(component: Component, text: str) -> Comparison:
    """`ge:2020`; without an operator it is equality. Raises BadRequest where the component has no such values."""
    name, colon, value = text.partition(":")
    if not colon or name not in _OPERATORS:
        name, value = "eq", text
    if component.id == TIME:
        return partial(_holds, component, name, _months(value))
    if component.data_type == "Decimal":
        try:
            number = Decimal(value)
            if not number.is_finite():
                raise InvalidOperation
            return partial(_holds, component, name, number)
        except InvalidOperation:
            raise BadRequest(_("“%(text)s” is not a number. Write it like 7.5.") % {"text": value[:40]}) from None
    return partial(_holds, component, name, value)


def _holds(component: Component, name: str, operand: Any, observation: Observation) -> bool:
    """Whether the component compares so with a number, a text, or the first and last month of a period."""
    value, compare = observation[component.id], _OPERATORS[name]
    if value is None:
        return name == "ne"
    if component.id == TIME:
        months = _months(value)
        # As the standard compares periods: by their beginning from below, by their end from above.
        if name in ("ge", "lt"):
            return compare(months[0], operand[0])
        if name in ("le", "gt"):
            return compare(months[1], operand[1])
        return compare(months, operand)
    return compare(value if isinstance(value, Decimal) else cell_text(value), operand)


def _months(text: str) -> tuple[int, int]:
    """The first and the last month of a period, counted from year 0. Raises BadRequest for what is no period."""
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

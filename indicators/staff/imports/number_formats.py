"""The number format of a workbook's cell → the number that people see in it.

A cell that shows 5,2% may keep 0,052, one that shows 105,05 keeps all the digits of a division. What is printed and copied
is what is seen; ECMA-376, part 1, 18.8.31 is the grammar of the formats.
"""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from ...text.numbers import rounded

_LITERAL = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[(?P<brackets>[^\]]*)\]', re.DOTALL)
_DIGITS = re.compile(r"(?P<whole>[0#?,]*)(?:\.(?P<fraction>[0#?]*))?(?P<commas>,*)")
# As it is kept: General, text, powers of ten, fractions.
_AS_KEPT = re.compile(r"general|@|e[+-]|/", re.IGNORECASE)


class ShownNumber(float):
    """A number that its cell shows otherwise. `shown` is None where the format `code` shows something else than a number."""

    shown: Decimal | None
    code: str
    is_percent: bool


class _Section(NamedTuple):
    """How a part of a format changes a number: hundredfold so often, a thousandth so often, cut to so many decimals."""

    percents: int
    thousands: int
    decimals: int


def as_shown(value: float, code: str) -> float:
    """`value`, as a ShownNumber where a cell of the format `code` shows another number."""
    section = _section(code, value < 0)
    if value == 0 or section is None:
        return value
    kept = Decimal(format(value, ".15g"))
    shown = None
    if section is not _UNREADABLE:
        shown = rounded(kept * Decimal(100) ** section.percents / Decimal(1000) ** section.thousands, section.decimals)
        if shown == kept and not section.percents:
            return value
    number = ShownNumber(value)
    number.shown, number.code, number.is_percent = shown, code, section.percents > 0
    return number


_UNREADABLE = _Section(0, 0, 0)


@lru_cache(maxsize=500)
def _section(code: str, is_negative: bool) -> _Section | None:
    """The part of a format that holds for a number; None where it shows it as it is kept."""
    literals = "".join(match["quoted"] or match["escaped"] or "" for match in _LITERAL.finditer(code))
    has_condition = any(re.match("[<>=]", match["brackets"] or "") for match in _LITERAL.finditer(code))
    parts = _LITERAL.sub("", code).split(";")
    part = parts[1] if is_negative and len(parts) > 1 else parts[0]
    if _AS_KEPT.search(part):
        return None
    digits = max(_DIGITS.finditer(part), key=lambda match: len(match[0]), default=None)
    if has_condition or digits is None or not re.search("[0#?]", digits[0]) or re.search(r"\d", literals):
        return _UNREADABLE
    whole, fraction = digits["whole"], digits["fraction"] or ""
    thousands = len(whole) - len(whole.rstrip(",")) + len(digits["commas"])
    return _Section(part.count("%"), thousands, len(fraction))

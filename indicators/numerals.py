"""Numbers and dates as people write them in Vietnam and in English.

The one parser for everything typed or pasted, and the one formatter it must agree with: whatever
`format_number` writes, `read_number` reads back as the same value. Pure: imports nothing of Django.
"""

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import NamedTuple

DECIMAL_MARK = {"vi": ",", "en": "."}
GROUP_MARK = {"vi": ".", "en": ","}
MINUS_SIGNS = "-−–"  # hyphen, minus, en dash: Word and Excel turn one into another

# A number of the database has 15 digits, but what is computed from it (a pace over one month) may have many more.
_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)

_SPACES = re.compile(r"[\s\u00a0\u2007\u202f]+")
_SHAPES = {
    language: re.compile(
        rf"(?P<sign>[+{re.escape(MINUS_SIGNS)}]?)"
        rf"(?P<whole>\d+|[1-9]\d{{0,2}}(?:{re.escape(GROUP_MARK[language])}\d{{3}})+)"
        rf"(?:{re.escape(DECIMAL_MARK[language])}(?P<fraction>\d+))?",
        re.ASCII,
    )
    for language in DECIMAL_MARK
}
_DATE_SHAPES = (
    re.compile(r"(?P<day>\d{1,2})[/.\-](?P<month>\d{1,2})[/.\-](?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII),
)


class Reading(NamedTuple):
    """What a text was understood as, and the other number it could mean (`6.950` is 6950 or 6.95), or None."""

    value: Decimal
    other: Decimal | None = None


def clean_text(text: str) -> str:
    """`text` in Unicode NFC with every run of (also non-breaking) spaces as one space, none at the ends."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def read_number(text: str, language: str) -> Reading:
    """The number `text` means to a reader of `language` ("vi" or "en").

    A text that only the other language's notation explains is read by that one. Raises ValueError.
    """
    compact = _SPACES.sub("", text)
    own, other = (_read_as(compact, one) for one in (language, "en" if language == "vi" else "vi"))
    if own is None and other is None:
        raise ValueError(f"{text!r} is not a number")
    if own is None:
        assert other is not None
        return Reading(other)
    return Reading(own, other if other is not None and other != own else None)


def _read_as(compact: str, language: str) -> Decimal | None:
    match = _SHAPES[language].fullmatch(compact)
    if not match:
        return None
    whole = match["whole"].replace(GROUP_MARK[language], "")
    sign = "-" if match["sign"] and match["sign"] in MINUS_SIGNS else ""
    return _canonical(Decimal(f"{sign}{whole}.{match['fraction'] or '0'}"))


def read_date(text: str) -> date:
    """The day written as 27/09/2020, 27-9-2020, 27.9.2020 or 2020-09-27; the day comes first. Raises ValueError."""
    for shape in _DATE_SHAPES:
        if match := shape.fullmatch(text.strip()):
            return date(int(match["year"]), int(match["month"]), int(match["day"]))
    raise ValueError(f"{text!r} is not a date")


def rounded(value: Decimal, decimals: int) -> Decimal:
    """`value` with `decimals` decimals, halves away from zero, as the sources round (6.945 is printed 6,95)."""
    return _WIDE.plus(value.quantize(Decimal(1).scaleb(-decimals), context=_WIDE))


def plain(value: Decimal, decimals: int = 4) -> str:
    """`value` for machines: decimal point, no grouping, at most `decimals` decimals, no trailing zeros, no `-0`."""
    return format(_canonical(rounded(value, decimals)), "f")


def format_number(value: Decimal, language: str, decimals: int | None = None) -> str:
    """`value` as readers of `language` write it; all its digits, or rounded to `decimals`."""
    text = plain(value) if decimals is None else format(rounded(value, decimals), "f")
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, fraction = digits.partition(".")
    grouped = f"{int(whole):,}".replace(",", GROUP_MARK[language])
    return sign + grouped + (DECIMAL_MARK[language] + fraction if fraction else "")


def _canonical(value: Decimal) -> Decimal:
    """The same number without trailing decimal zeros, never -0, never with an exponent."""
    bare = _WIDE.plus(_WIDE.normalize(value))
    return bare if bare == 0 or bare.as_tuple().exponent <= 0 else bare.quantize(Decimal(1), context=_WIDE)


def fold(text: str) -> str:
    """`text` in lower case without diacritics, đ as d: "Hộ nghèo" is found by "ho ngheo"."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return clean_text("".join(letter for letter in bare if not unicodedata.combining(letter)))


_ALPHABET = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng


def vietnamese_order(text: str) -> tuple[list[tuple[int, str]], list[int]]:
    """A sort key in the order of the Vietnamese alphabet (đ after d), tones deciding only between equal letters."""
    marked = unicodedata.normalize("NFD", text.lower())
    bare = unicodedata.normalize("NFC", "".join(one for one in marked if one not in _TONES))
    return [(_ALPHABET.get(one, -1), one) for one in bare], [_TONES.find(one) for one in marked]

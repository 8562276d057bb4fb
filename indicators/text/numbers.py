"""Numbers and dates as people write them in Vietnam and in English.

The one parser for everything typed or pasted, and the one formatter it must agree with: whatever
`format_number` writes, `read_number` reads back as the same value. Pure: imports nothing of Django.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import NamedTuple

DECIMAL_MARK = {"vi": ",", "en": "."}
GROUP_MARK = {"vi": ".", "en": ","}
RANK_UNITS = ("hạng", "rank")
MINUS_SIGNS = "-−–\u2010\u2011\u2012"  # hyphens, minus, dashes: Word, Excel and PDF turn one into another

# A number of the database has 15 digits, but what is computed from it (a pace over one month) may have many more.
_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)

_SPACES = "[ \u00a0\u2007\u2009\u202f]"  # ordinary, non-breaking, figure, thin, narrow non-breaking
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200e\u2060\ufeff"))  # of no width: pasted along, seen by nobody
_LONGEST = 60  # characters; no number of an office is longer
_SHAPES = {
    language: re.compile(
        rf"(?P<sign>[+{re.escape(MINUS_SIGNS)}]?){_SPACES}?"
        rf"(?P<whole>\d+|[1-9]\d{{0,2}}(?:(?:{re.escape(GROUP_MARK[language])}\d{{3}})+|(?:{_SPACES}\d{{3}})+))"
        rf"(?:{re.escape(DECIMAL_MARK[language])}(?P<fraction>\d+))?",
        re.ASCII,
    )
    for language in DECIMAL_MARK
}
# A number with words on one side of it, as far as the first and last sign that belongs to a number.
_WORDED = re.compile(
    rf"(?P<before>[^\d+{re.escape(MINUS_SIGNS)}]*)(?P<number>[\d.,+{re.escape(MINUS_SIGNS)}\s]*)(?P<after>.*)",
    re.ASCII | re.DOTALL,
)
_DAY_MARK = f"[/.{re.escape(MINUS_SIGNS)}]"
_DATE_SHAPES = (
    re.compile(rf"(?P<day>\d{{1,2}}){_DAY_MARK}(?P<month>\d{{1,2}}){_DAY_MARK}(?P<year>\d{{4}})", re.ASCII),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII),
)
_MIDNIGHT = re.compile(r"(?<=\d)(?: |T)0?0:00(?::00(?:\.0+)?)?Z?$", re.ASCII)
_SERIAL = re.compile(r"[2-7]\d{4}(?:[.,]0+)?", re.ASCII)  # 1954 to 2119
_EXCEL_DAY_ZERO = date(1899, 12, 30)


class ParsedNumber(NamedTuple):
    """What a text was understood as, and the other number it could mean (`6.950` is 6950 or 6.95), or None."""

    value: Decimal
    other: Decimal | None = None


def read_number(text: str, language: str, units: Iterable[str] = ()) -> ParsedNumber:
    """The number `text` means to a reader of `language` ("vi" or "en").

    A text that only the other language's notation explains is read by that one. One of `units`, the names of the unit
    the number is kept in, may stand beside it (`6,95%`, `5.056 tỷ đồng`, `hạng 15`) and says nothing new; any other
    word, or a unit where none is given, is refused, because it may change the number. Raises ValueError.
    """
    typed = without_unit(text.translate(_UNSEEN).strip(), units)
    own, other = (_read_as(typed, notation) for notation in (language, "en" if language == "vi" else "vi"))
    if own is None and other is None:
        raise ValueError(f"{text!r} is not a number")
    if own is None:
        assert other is not None
        return ParsedNumber(other)
    return ParsedNumber(own, other if other is not None and other != own else None)


def notations(text: str) -> set[str]:
    """The languages ("vi", "en") in whose notation `text` is a number: both for `6.950`, one for `6,95`."""
    typed = text.translate(_UNSEEN).strip()
    return {language for language in DECIMAL_MARK if _read_as(typed, language) is not None}


def without_unit(typed: str, units: Iterable[str]) -> str:
    """`typed` without the unit on one side of it, if it is one of `units`; as it is otherwise."""
    match = _WORDED.fullmatch(typed)
    if match is None or (match["before"] and match["after"]):
        return typed
    beside = _bare(match["before"] or match["after"])
    return match["number"].strip() if beside in {_bare(unit) for unit in units} else typed


def _bare(unit: str) -> str:
    """A unit without what typists vary: capitals and spaces."""
    return "".join(unit.casefold().split())


def _read_as(typed: str, language: str) -> Decimal | None:
    match = _SHAPES[language].fullmatch(typed)
    if not match or len(typed) > _LONGEST:
        return None
    whole = re.sub(r"\D", "", match["whole"])
    sign = "-" if match["sign"] and match["sign"] in MINUS_SIGNS else ""
    return _canonical(Decimal(f"{sign}{whole}.{match['fraction'] or '0'}"))


def read_date(text: str) -> date:
    """The day written as 27/09/2020, 27-9-2020, 27.9.2020 or 2020-09-27; the day comes first. Raises ValueError.

    A midnight behind it, which programs add to a day, says nothing.
    """
    typed = _MIDNIGHT.sub("", text.translate(_UNSEEN).strip())
    for shape in _DATE_SHAPES:
        if match := shape.fullmatch(typed):
            return date(int(match["year"]), int(match["month"]), int(match["day"]))
    raise ValueError(f"{text!r} is not a date")


def excel_day(text: str) -> date | None:
    """The day that Excel stores as the number `text` (44101 is 27/09/2020), None when it is no such number.

    It is for asking back, not for reading: an Excel of another setting counts from 1904.
    """
    typed = text.translate(_UNSEEN).strip()
    return _EXCEL_DAY_ZERO + timedelta(days=int(typed[:5])) if _SERIAL.fullmatch(typed) else None


def rounded(value: Decimal, decimals: int) -> Decimal:
    """`value` with `decimals` decimals, halves away from zero, as the sources round (6.945 is printed 6,95)."""
    return _WIDE.plus(value.quantize(Decimal(1).scaleb(-decimals), context=_WIDE))


def plain(value: Decimal, decimals: int = 4) -> str:
    """`value` for machines: decimal point, no grouping, at most `decimals` decimals, no trailing zeros, no `-0`."""
    text = format(value, "f")
    whole, _point, fraction = text.partition(".")
    if len(fraction) > decimals:
        return format(_canonical(rounded(value, decimals)), "f")
    shortest = text.rstrip("0").rstrip(".") if fraction else whole
    return "0" if shortest == "-0" else shortest


def format_number(value: Decimal, language: str, decimals: int | None = None) -> str:
    """`value` as readers of `language` write it; all its digits, or rounded to `decimals`."""
    text = plain(value) if decimals is None else format(rounded(value, decimals), "f")
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, fraction = digits.partition(".")
    grouped = f"{int(whole):,}".replace(",", GROUP_MARK[language])
    return sign + grouped + (DECIMAL_MARK[language] + fraction if fraction else "")


def with_unit(text: str, unit: str) -> str:
    """A number with its unit: the percent sign stands close, "hạng" comes before, other words after a space."""
    if unit in RANK_UNITS:
        return f"{unit} {text}"
    return text + unit if unit == "%" else f"{text} {unit}"


def _canonical(value: Decimal) -> Decimal:
    """The same number without trailing decimal zeros, never -0, never with an exponent."""
    bare = _WIDE.plus(_WIDE.normalize(value))
    return bare if bare == 0 or int(bare.as_tuple().exponent) <= 0 else bare.quantize(Decimal(1), context=_WIDE)

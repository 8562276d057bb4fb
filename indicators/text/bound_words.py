"""What a document writes of a target, "bình quân từ 7 đến 7,5%/năm", read as bound, numbers, unit and years. Pure.

The grammar covers how Vietnamese resolutions put a target, and all that `sentences.formatting` writes of a bound in either
language. A phrase is read whole or refused: a word that is not understood may change the number.
"""

import re
from decimal import Decimal
from math import prod
from typing import NamedTuple

from .numbers import MINUS_SIGNS, RANK_UNITS, ParsedNumber, read_number
from .vietnamese import fold, tidy

LONGEST = 500  # characters, as many as are kept of the words of a target

_QUANTIFIERS = {
    "at_least": "không dưới|không thấp hơn|không ít hơn|ít nhất|tối thiểu|at least|≥|>=",
    "at_most": "không quá|không vượt quá|không vượt|không trên|không cao hơn|nhiều nhất|tối đa|at most|≤|<=",
    "more_than": "trên|hơn|cao hơn|lớn hơn|vượt|over|more than|>",
    "less_than": "dưới|thấp hơn|ít hơn|nhỏ hơn|below|under|less than|<",
    "about": "khoảng|xấp xỉ|chừng|about|≈|~",
}
_BOUND_OF = {word: bound for bound, words in _QUANTIFIERS.items() for word in words.split("|")}
_SUFFIXES = {"trở lên": "at_least", "trở xuống": "at_most"}
# They say that something is to be reached, and nothing of the bound.
_LEADING = "phấn đấu|đạt|tăng|thêm|chiếm|ở|mức|là|lên|duy trì|bảo đảm|đảm bảo|giữ|có"
_MULTIPLES = {"tram": 2, "nghin": 3, "ngan": 3, "van": 4, "trieu": 6, "ti": 9}
_MULTIPLES |= {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}


def _one_of(words: str) -> str:
    """A pattern for one of `words`, the longest first; one of letters ends where its letters end."""
    longest_first = sorted(words.split("|"), key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word) + (r"(?!\w)" if word[-1].isalpha() else "") for word in longest_first) + ")"


_DASH = f"[{re.escape(MINUS_SIGNS)}]"
_NUMBER = rf"(?:{_DASH} ?)?(?:[1-9]\d{{0,2}}(?: \d{{3}})+(?!\d)|\d+)(?:[.,]\d+)*"
_UNIT = r"|(?:[^\W\d]|%)[^\d;:()≥≤<>≈~]*?"  # nothing first: in "đến -5" the dash is a sign
_RANK = _one_of("|".join(RANK_UNITS))
_PHRASE = re.compile(
    rf"(?:{_one_of(_LEADING)} )*(?:(?P<falls>giảm)(?: thêm)?(?P<to> còn| xuống| xuống còn)? |còn )?(?:{_one_of(_LEADING)} )*"
    rf"(?P<rank>{_RANK} )?(?:(?P<quantifier>{_one_of('|'.join(_BOUND_OF))}) ?)?"
    rf"(?:từ )?(?P<rank_2>{_RANK} )?(?P<low>{_NUMBER}) ?"
    rf"(?:(?P<low_unit>{_UNIT}) ?(?:{_DASH}|đến(?!\w)|to(?!\w)) ?(?P<rank_3>{_RANK} )?(?P<high>{_NUMBER}) ?)?"
    rf"(?P<unit>{_UNIT}) ?(?P<suffix>{_one_of('|'.join(_SUFFIXES))})?"
)
_YEAR = r"(?:19|20)\d\d(?![\d.,]\d|\d)"
_TIME = re.compile(
    r"(?<![/\w])(?:(?P<average>bình quân(?! đầu| người| trên)|average of)|(?P<total>cả giai đoạn|cả nhiệm kỳ|tổng|total of)"
    r"|giai đoạn|nhiệm kỳ|(?:đến |vào |trong |hết |cuối )*năm|by)(?!\w)"
    r"(?: ?(?:hằng năm|hàng năm|mỗi năm|cả giai đoạn|giai đoạn|nhiệm kỳ|các năm|từ năm|năm)(?!\w))*"
    rf"(?: ?(?P<first>{_YEAR})(?: ?(?:{_DASH}|đến) ?(?:năm )?(?P<last>{_YEAR}))?)?"
)


Limits = tuple[str, Decimal | None, Decimal | None]


class UnitError(ValueError):
    """The words carry a unit that cannot be converted into that of the indicator."""


class WrittenBound(NamedTuple):
    """What a phrase says. `bound` is a code of the method, "" where only a number is said ("đạt 63%"): then it is `low`.

    `unit` is as written; `basis` "average", "total" or "" where nothing is said of it; a single year is `last_year`;
    `falls` tells "giảm 2%" from "còn 2%"; `numbers` are those read, with what else each could mean.
    """

    bound: str
    low: Decimal | None
    high: Decimal | None
    unit: str = ""
    basis: str = ""
    first_year: int | None = None
    last_year: int | None = None
    falls: bool = False
    numbers: tuple[ParsedNumber, ...] = ()


def read_bound(text: str, language: str = "vi") -> WrittenBound:
    """The bound that `text` states in the notation of `language`, its numbers in the unit as written. Raises ValueError."""
    if len(text) > LONGEST:
        raise ValueError("longer than the words of a target")
    phrase, basis, first_year, last_year = _without_time(_normal(text))
    match = _PHRASE.fullmatch(phrase)
    if match is None:
        raise ValueError(f"{text!r} states no bound that can be read")
    numbers = tuple(read_number(match[name], language) for name in ("low", "high") if match[name])
    quantifier = _BOUND_OF.get(match["quantifier"] or "", "")
    suffix = _SUFFIXES.get(match["suffix"] or "", "")
    ranks = {match[name].strip() for name in ("rank", "rank_2", "rank_3") if match[name]}
    units = {unit.strip() for unit in (match["low_unit"], match["unit"]) if unit} | ranks
    if len(units) > 1 or (quantifier and suffix):
        raise ValueError(f"{text!r} says two things")
    limits = _limits(quantifier or suffix, *(number.value for number in numbers))
    falls = bool(match["falls"]) and not match["to"]
    return WrittenBound(*limits, "".join(units), basis, first_year, last_year, falls, numbers)


def split_line(line: str) -> tuple[str, str]:
    """A line of a list in name and phrase: "Tỷ lệ hộ nghèo dưới 3%" is ("Tỷ lệ hộ nghèo", "dưới 3%").

    The phrase is the longest end of the line that can be read, "" where none can.
    """
    words = tidy(line)[:LONGEST].split()
    for start in range(1, len(words)):
        phrase = " ".join(words[start:]).rstrip(" .;,")
        try:
            read_bound(phrase)
        except ValueError:
            continue
        return " ".join(words[:start]).rstrip(" :,-–"), phrase
    return " ".join(words), ""


def read_years(text: str) -> tuple[int | None, int | None]:
    """First and last year of the first time named in `text`, outside brackets; of a single year only the last."""
    _rest, _basis, first_year, last_year = _without_time(re.sub(r"\([^)]*\)", " ", _normal(text)))
    return first_year, last_year


def bound_for(written: WrittenBound, unit: str, better: str) -> WrittenBound:
    """`written` in `unit` of its indicator; a number alone is a floor or ceiling where it has a direction, else "about".

    Raises UnitError.
    """
    factor = unit_factor(written.unit, unit)
    bound, low, high = written.bound, *(limit and _plain(limit * factor) for limit in (written.low, written.high))
    # "Giảm từ 1,5%/năm trở lên" of what is better lower and measured by its change: at most -1,5.
    if written.falls and better == "lower":
        mirrored = {"at_least": "at_most", "more_than": "less_than", "at_most": "at_least", "less_than": "more_than"}
        bound, low, high = mirrored.get(bound, bound), high and -high, low and -low
        low, high = (low, high) if bound else (high, None)
    if not bound:
        bound = {"higher": "at_least", "lower": "at_most"}.get(better, "about")
        low, high = (low if bound != "at_most" else None), (low if bound != "at_least" else None)
    return written._replace(bound=bound, low=low, high=high, unit=unit)


def unit_factor(written: str, unit: str) -> Decimal:
    """What a number in the unit as `written` is multiplied with to be one in `unit`: 0.001 from "tỷ đồng" to "nghìn tỷ đồng".

    A part that is left out ("triệu đồng" for "triệu đồng/người/năm") is taken as said. Raises UnitError.
    """
    factors = []
    for place, (said, known) in enumerate(zip(_unit_parts(written), _unit_parts(unit), strict=False)):
        if not (said.name.startswith(known.name) or known.name.startswith(said.name)):
            raise UnitError(f"{written!r} is no {unit!r}")
        shift = said.power - known.power
        factors.append(Decimal(1).scaleb(-shift if place else shift))
    return prod(factors, start=Decimal(1))


class _UnitPart(NamedTuple):
    power: int
    name: str


def _unit_parts(unit: str) -> list[_UnitPart]:
    """The parts of a unit between its strokes: "triệu đồng/người" is 10⁶ "dong" by 10⁰ "nguoi"."""
    folded = fold(unit).replace("phan tram", "%").replace("diem ", "").replace("y", "i")
    parts = []
    for part in folded.split("/"):
        words, power = part.split(), 0
        while words and words[0] in _MULTIPLES:
            power += _MULTIPLES[words.pop(0)]
        parts.append(_UnitPart(power, " ".join(words)))
    return parts


def _limits(bound: str, low: Decimal, high: Decimal | None = None) -> Limits:
    """Bound, lower and higher number of a phrase with one number or two."""
    if high is not None:
        if bound not in ("", "about") or low > high:
            raise ValueError("no range")
        return bound or "between", low, high
    if bound in ("at_most", "less_than"):
        return bound, None, low
    return bound, low, low if bound == "about" else None


def _without_time(phrase: str) -> tuple[str, str, int | None, int | None]:
    """`phrase` without what it says of time, then basis, first and last year."""
    for match in _TIME.finditer(phrase):
        if match["average"] or match["total"] or match["first"]:
            rest = " ".join(f"{phrase[: match.start()]} {phrase[match.end() :]}".replace(" , ", " ").split()).strip(
                " ,"
            )
            basis = "average" if match["average"] else "total" if match["total"] else ""
            first, last = (int(match[name]) if match[name] else None for name in ("first", "last"))
            return rest, basis, first if last else None, last or first
    return phrase, "", None, None


def _normal(text: str) -> str:
    """`text` in small letters with single spaces; the round numbers below a stroke in words, as units have them."""
    words = " ".join(tidy(text).casefold().split())
    for digits, word in (("100[., ]?000", "trăm nghìn"), ("10[., ]?000", "vạn"), ("1[., ]?000", "nghìn")):
        words = re.sub(rf"/ ?{digits}(?!\d) ?", f"/{word} ", words)
    words = re.sub(
        r"trong (?:nhóm |tốp |top )?(\d+) (?:tỉnh|địa phương)[^\d]*(?:đứng|dẫn) đầu.*", r"không quá hạng \1", words
    )
    return words.strip(" .;,")


def _plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros and exponent."""
    return Decimal(format(value.normalize(), "f"))

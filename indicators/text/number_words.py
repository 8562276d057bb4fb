"""Numbers in words, so that whoever typed one can hear whether it is the one on paper. Pure: imports nothing of Django.

Vietnamese follows the reading taught in school and used in the north: "linh" for an empty ten, "mốt", "tư" and "lăm" after
"mươi", an empty class left out, and the decimals read as one number with a "không" for each zero before it.
"""

from decimal import Decimal

DECIMALS = 4  # as many as are stored
LIMIT = Decimal(10) ** 12

_DIGITS_VI = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
_AFTER_TENS_VI = ["", "mốt", "hai", "ba", "tư", "lăm", "sáu", "bảy", "tám", "chín"]
_CLASSES_VI = ["", "nghìn", "triệu", "tỷ"]

_DIGITS_EN = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS_EN = [
    "ten",
    "eleven",
    "twelve",
    *(stem + "teen" for stem in ("thir", "four", "fif", "six", "seven", "eigh", "nine")),
]
_SMALL_EN = _DIGITS_EN + _TEENS_EN
_TENS_EN = [stem + "ty" for stem in ("", "", "twen", "thir", "for", "fif", "six", "seven", "eigh", "nine")]
_CLASSES_EN = ["", "thousand", "million", "billion"]


def in_words(value: Decimal, language: str) -> str:
    """`value` in words of `language` ("vi" or "en"): "âm sáu phẩy chín mươi lăm", "minus six point nine five".

    Two values never have the same words. Raises ValueError for 10¹² and more, and for more than four decimals.
    """
    if not value.is_finite() or abs(value) >= LIMIT or round(value, DECIMALS) != value:
        raise ValueError(f"{value} has no words: it is no number that can be stored")
    digits = f"{abs(value):.{DECIMALS}f}"
    whole, fraction = int(digits[: -DECIMALS - 1]), digits[-DECIMALS:].rstrip("0")
    words = _vietnamese(whole, fraction) if language == "vi" else _english(whole, fraction)
    return {"vi": "âm ", "en": "minus "}[language] + words if value < 0 else words


def _vietnamese(whole: int, fraction: str) -> str:
    words = _whole_vi(whole)
    if fraction:
        zeros = len(fraction) - len(fraction.lstrip("0"))
        words += " phẩy " + "không " * zeros + _whole_vi(int(fraction))
    return words


def _whole_vi(whole: int) -> str:
    if whole == 0:
        return _DIGITS_VI[0]
    words: list[str] = []
    for place, group in _groups(whole):
        words += [*_group_vi(group, first=not words), _CLASSES_VI[place]]
    return " ".join(word for word in words if word)


def _group_vi(group: int, *, first: bool) -> list[str]:
    """The words of three digits; the first ones of a number leave out what is empty before them."""
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    words = [] if first and not hundreds else [_DIGITS_VI[hundreds], "trăm"]
    if tens > 1:
        return [*words, _DIGITS_VI[tens], "mươi", _AFTER_TENS_VI[ones]]
    if tens == 1:
        return [*words, "mười", *(["lăm" if ones == 5 else _DIGITS_VI[ones]] if ones else [])]
    if ones:
        words += ["linh", _DIGITS_VI[ones]] if words else [_DIGITS_VI[ones]]
    return words


def _english(whole: int, fraction: str) -> str:
    """English speaks decimals digit by digit."""
    words = _whole_en(whole)
    return " ".join([words, "point", *(_DIGITS_EN[int(digit)] for digit in fraction)]) if fraction else words


def _whole_en(whole: int) -> str:
    if whole == 0:
        return _SMALL_EN[0]
    words: list[str] = []
    for place, group in _groups(whole):
        words += [*_group_en(group, last_of_many=bool(words) and not place), _CLASSES_EN[place]]
    return " ".join(word for word in words if word)


def _group_en(group: int, *, last_of_many: bool) -> list[str]:
    hundreds, rest = divmod(group, 100)
    words = [_SMALL_EN[hundreds], "hundred"] if hundreds else []
    if rest and (words or last_of_many):
        words.append("and")
    if rest >= 20:
        return [*words, _TENS_EN[rest // 10] + (f"-{_SMALL_EN[rest % 10]}" if rest % 10 else "")]
    return [*words, _SMALL_EN[rest]] if rest else words


def _groups(whole: int) -> list[tuple[int, int]]:
    """Place and value of each class of three digits that is not empty, the largest first."""
    classes = [(place, whole // 1000**place % 1000) for place in reversed(range(len(_CLASSES_VI)))]
    return [(place, group) for place, group in classes if group]

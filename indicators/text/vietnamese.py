"""Vietnamese text: cleaned for storing, folded for searching, keyed for sorting. Pure: imports nothing of Django."""

import unicodedata

_ALPHABET = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng


def tidy(text: str) -> str:
    """`text` as it is stored and sent out: Unicode NFC, ordinary spaces, line ends as \\n, nothing blank at the ends."""
    plain = unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\u202f", " ")
    return plain.replace("\r\n", "\n").replace("\r", "\n").strip()


def fold(text: str) -> str:
    """`text` in lower case without diacritics, đ as d, single spaces: "Hộ nghèo" is found by "ho ngheo"."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(letter for letter in bare if not unicodedata.combining(letter)).split())


def vietnamese_order(text: str) -> tuple[list[tuple[int, str]], list[int]]:
    """A sort key in the order of the Vietnamese alphabet (đ after d), tones deciding only between equal letters."""
    marked = unicodedata.normalize("NFD", text.lower())
    bare = unicodedata.normalize("NFC", "".join(letter for letter in marked if letter not in _TONES))
    return [(_ALPHABET.get(letter, -1), letter) for letter in bare], [_TONES.find(letter) for letter in marked]

"""Vietnamese text: cleaned for storing, folded for searching, keyed for sorting. Pure: imports nothing of Django."""

import re
import unicodedata

_ALPHABET = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng

# Old keyboard drivers typed the Icelandic letter, which looks the same.
_LOOKALIKES = {"\u00d0": "Đ", "\u0189": "Đ", "\u00f0": "đ"}
_SPACES = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"
# Soft hyphens, joiners, marks of order and of direction: pasted along, seen by nobody.
_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_LINE_END = re.compile("\r\n?|[\u000b\u000c]")  # Word ends a line within a paragraph by the first two
_PLAIN = str.maketrans(dict.fromkeys(_SPACES, " ") | dict.fromkeys(_UNSEEN, "") | _LOOKALIKES)
_VARIED = re.compile(f"[\r\u000b\u000c{_SPACES}{_UNSEEN}{''.join(_LOOKALIKES)}]")
_FORBIDDEN_IN_XML = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]")


def tidy(text: str) -> str:
    """`text` as it is stored and sent out: Unicode NFC, ordinary spaces, line ends as \\n, nothing blank at the ends,
    no character that nobody sees, Đ and never its Icelandic double."""
    return unicodedata.normalize("NFC", _plain(text)).strip()


def _plain(text: str) -> str:
    # Nearly all texts have none of these, and the search for them costs less than a translation.
    return _LINE_END.sub("\n", text).translate(_PLAIN) if _VARIED.search(text) else text


def forbidden_in_xml(text: str) -> str:
    """The first character of `text` that no XML document may hold, such as a control character; "" where there is none."""
    match = _FORBIDDEN_IN_XML.search(text)
    return match[0] if match else ""


def for_xml(text: str) -> str:
    """`text` without the characters that no XML document may hold."""
    return _FORBIDDEN_IN_XML.sub("", text)


def fold(text: str) -> str:
    """`text` in lower case without diacritics, đ as d, single spaces: "Hộ nghèo" is found by "ho ngheo"."""
    bare = unicodedata.normalize("NFD", _plain(text).lower().replace("đ", "d"))
    return " ".join("".join(letter for letter in bare if not unicodedata.combining(letter)).split())


def vietnamese_order(text: str) -> tuple[list[tuple[int, str]], list[int]]:
    """A sort key in the order of the Vietnamese alphabet (đ after d), tones deciding only between equal letters."""
    marked = unicodedata.normalize("NFD", text.lower())
    bare = unicodedata.normalize("NFC", "".join(letter for letter in marked if letter not in _TONES))
    return [(_ALPHABET.get(letter, -1), letter) for letter in bare], [_TONES.find(letter) for letter in marked]

"""Texts typed with a font of before Unicode (TCVN3, VNI) → what their writer saw. Pure: imports nothing of Django.

Such a font shows other letters than are stored: `Thùc hiÖn` was seen as “Thực hiện”. A text is known by words that are no
Vietnamese syllables as they stand and are some in the encoding of the font.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT = "\u0300\u0309\u0303\u0301\u0323"
_TONE = f"[{_GRAVE}{_HOOK}{_TILDE}{_ACUTE}{_DOT}]"

_TCVN3 = dict(
    zip(
        "\u00ad¡¢£¤¥¦§¨©ª«¬®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ưĂÂÊÔƠƯĐăâêôơđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
# A VNI letter is a base letter and a sign for what stands over it.
_VNI_TONE = dict(zip("ùøûõï", (_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT), strict=True))
_VNI_ROOF = {
    sign: "\u0302" + tone for sign, tone in zip("âáàåãä", ("", _ACUTE, _GRAVE, _HOOK, _TILDE, _DOT), strict=True)
}
_VNI_BREVE = {
    sign: "\u0306" + tone for sign, tone in zip("êéèúüë", ("", _ACUTE, _GRAVE, _HOOK, _TILDE, _DOT), strict=True)
}
_VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI = re.compile(
    "(?P<a>a)(?P<breve>[êéèúüë])|(?P<roofed>[aeo])(?P<roof>[âáàåãä])"
    "|(?P<vowel>[aeouyôö])(?P<tone>[ùøûõï])|(?P<letter>[ñôöæóòî])"
)

# Letters, and whatever stands among them and is none in Unicode.
_WORD = re.compile(r"[^\s!-@\[-`{-~]+")
# Words of those of the first 256 characters that Vietnamese in Unicode has, no capital after a small letter; Ð stands for Đ.
_VIETNAMESE = re.compile(r"[A-ZÐÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ]*[a-zðàáâãèéêìíòóôõùúý]*")
_INITIALS = "b|ch?|d|đ|gi|gh?|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|th|tr?|v|x"
_OPEN = (
    "a[imnouy]?|ang|anh|ă(?:m|n|ng)|â(?:m|n|ng|u|y)|e(?:m|n|ng|o)?|ê(?:m|n|nh|u)?|i(?:a|m|n|nh|u)?|iê(?:m|n|ng|u)"
    "|o(?:i|m|n|ng)?|oa(?:i|m|n|ng|nh|o|y)?|oă(?:m|n|ng)|oe(?:n|o)?|oong|ô(?:i|m|n|ng)?|ơ(?:i|m|n)?"
    "|u(?:a|i|m|n|ng|y)?|uâ(?:n|ng|y)|uê(?:nh)?|uô(?:i|m|n|ng)|uơ|uy(?:a|u|nh)|uyên|ư(?:a|i|ng|u)?|ươ(?:i|m|n|ng|u)"
    "|y(?:nh)?|yê(?:m|n|ng|u)"
)
_CLOSED = (
    "a(?:c|ch|p|t)|[ăâ][cpt]|e[cpt]|ê(?:ch|p|t)|i(?:ch|p|t)|iê[cpt]|o[cpt]|oa(?:c|ch|p|t)|oă[ct]|oet|ooc|ô[cpt]|ơ[pt]"
    "|u[cpt]|uât|uêch|uô[ct]|uy(?:ch|p|t)|uyêt|ư[ct]|ươ[cpt]|y(?:ch|t)|yêt"
)
# The tone behind the letters; a syllable that ends in c, ch, p or t has one of two.
_SYLLABLE = re.compile(rf"(?:{_INITIALS})?(?:(?:{_OPEN}){_TONE}?|(?:{_CLOSED})[{_ACUTE}{_DOT}])")


def unicode_reading(text: str) -> str | None:
    """What the writer of `text` saw, where it was typed with a TCVN3 or VNI font; None where it was not."""
    if text.isascii():
        return None
    words = [word for word in _WORD.findall(text) if not word.isascii() and max(word) <= "\u00ff"]
    # One word with letters foreign to Vietnamese is enough; without such letters it may be a slip, two are none.
    evidence = {decode: sum(_evidence(word, decode) for word in words) for decode in (_from_tcvn3, _from_vni)}
    decode = max(evidence, key=lambda decode: evidence[decode])
    return _WORD.sub(lambda match: decode(match[0]), text) if evidence[decode] >= 2 else None


Decoder = Callable[[str], str]


@lru_cache(maxsize=4096)
def _evidence(word: str, decode: Decoder) -> int:
    """How much a word tells of the encoding that `decode` reads: 2, 1 or nothing."""
    if word.startswith("µ") or _is_syllable(word) or not _is_syllable(decode(word)):
        return 0  # µm is a unit
    return 1 if _VIETNAMESE.fullmatch(word) else 2


def _is_syllable(word: str) -> bool:
    """Whether Vietnamese has such a syllable, by its letters and its tone."""
    marked = unicodedata.normalize("NFD", word.lower())
    letters = unicodedata.normalize("NFC", re.sub(_TONE, "", marked))
    return _SYLLABLE.fullmatch(letters + "".join(re.findall(_TONE, marked))) is not None


def _from_tcvn3(word: str) -> str:
    decoded = "".join(_TCVN3.get(letter, letter) for letter in word)
    # What stands for a marked letter tells of no capitals: a font of capitals shows all of them so.
    plain = [letter for letter in word if letter.isascii()]
    return decoded.upper() if len(plain) > 1 and all(letter.isupper() for letter in plain) else decoded


def _from_vni(word: str) -> str:
    decoded = unicodedata.normalize("NFC", _VNI.sub(lambda match: "".join(_vni_letter(match)), word.lower()))
    if word.isupper() and len(word) > 1:
        return decoded.upper()
    return decoded[:1].upper() + decoded[1:] if word[:1].isupper() else decoded


def _vni_letter(match: re.Match[str]) -> Iterator[str]:
    if match["breve"]:
        yield "a" + _VNI_BREVE[match["breve"]]
    elif match["roof"]:
        yield match["roofed"] + _VNI_ROOF[match["roof"]]
    elif match["tone"]:
        yield _VNI_LETTERS.get(match["vowel"], match["vowel"]) + _VNI_TONE[match["tone"]]
    else:
        yield _VNI_LETTERS[match["letter"]]

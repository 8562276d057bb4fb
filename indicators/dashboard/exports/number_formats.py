"""EXPORT: the number formats of workbooks."""

from ..official_tables import Number

# Excel writes numbers as the regional settings of the machine say; LibreOffice as the language of the format does.
_LANGUAGE_TAG = {"vi": "[$-42A]", "en": "[$-409]"}


def number_format(number: Number, language: str) -> str:
    """The number format that shows `number` as its text does: digits, qualifying words, a plus where it is signed."""
    digits = "#,##0" + ("." + "0" * number.decimals if number.decimals else "")
    before, after = (f'"{words.replace(chr(34), "")}"' if words else "" for words in (number.before, number.after))
    shape = f"{_LANGUAGE_TAG[language]}{before}{{}}{digits}{after}"
    if not number.signed:
        return shape.format("")
    return ";".join(shape.format(sign) for sign in ("+", "-", ""))

"""ENTRY: whether a text that can be two numbers, `6.950` 6950 or 6.95, means the one it was read as: what is known decides,
else the clerk is asked."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ...sentences.formatting import active_language
from ...text.numbers import DECIMAL_MARK, Reading, plain, read_number

# The two numbers are a thousand times apart: what is this near to one is far from the other.
NEAR = Decimal(10)


def is_clear(reading: Reading, expected: Decimal | None, decimals: int | None) -> bool:
    """Whether only the reading's own value is likely: the text has no other, the value is of the size expected, or only it
    is a whole number where the indicator is counted in whole numbers."""
    if reading.other is None:
        return True
    is_counted = decimals == 0 and _is_whole(expected or Decimal(0))
    only_whole = is_counted and _is_whole(reading.value) and (expected is None or not _is_whole(reading.other))
    return only_whole or (bool(expected) and _times(reading.value, expected) < NEAR)


def meanings(reading: Reading) -> dict[str, str]:
    """Both numbers, each written so that it means one thing only."""
    assert reading.other is not None
    return {"one": ungrouped(reading.value), "other": ungrouped(reading.other)}


def question(text: str, reading: Reading) -> ValidationError:
    """What is asked of somebody who typed `text`: both numbers, each as it has to be written to be meant."""
    message = _("“%(text)s” can mean %(one)s or %(other)s. Write %(one)s or %(other)s.")
    return ValidationError(message, "ambiguous", {"text": text, **meanings(reading)})


def ungrouped(value: Decimal) -> str:
    """`value` in the active language, written so that it means one thing only: three decimals could be thousands, four not."""
    language = active_language()
    text = plain(value).replace(".", DECIMAL_MARK[language])
    return text if read_number(text, language).other is None else text + "0"


def _is_whole(value: Decimal) -> bool:
    return value % 1 == 0


def _times(value: Decimal, expected: Decimal | None) -> Decimal:
    """How many times the smaller of the two sizes the larger one is."""
    assert expected
    ratio = abs(value / expected)
    return max(ratio, 1 / ratio)

"""Which columns a file of figures has, what their headings may be called, and the words that may stand in them."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from ...core.language import active_language
from ...text.vietnamese import fold
from ..forms import months

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LANGUAGES = ("vi", "en")
T = TypeVar("T")


@dataclass(frozen=True)
class FileColumn:
    """A column by its name in data packages, its heading, and its width in the template."""

    name: str
    label: "StrOrPromise"
    required: bool = False
    width: int = 12

    @property
    def heading(self) -> str:
        return str(capfirst(self.label))


COLUMNS = (
    FileColumn("indicator", _("indicator code"), required=True, width=24),
    FileColumn("name", _("name of the indicator"), width=44),
    FileColumn("unit", _("unit")),
    FileColumn("year", _("year"), required=True, width=8),
    FileColumn("through_month", _("period"), required=True, width=11),
    FileColumn("value", _("value"), required=True, width=14),
    FileColumn("qualifier", _("qualifier"), width=20),
    FileColumn("status", _("status"), required=True),
    FileColumn("published_on", _("published on"), required=True, width=15),
    FileColumn("source", _("source"), required=True, width=26),
    FileColumn("series_break", _("series break"), width=14),
    FileColumn("quote_vi", _("quote"), width=40),
    FileColumn("note", _("note"), width=30),
)
# In a file that came back to be mended.
REASON = FileColumn("reason", _("why it was not imported"))
REQUIRED = tuple(column.name for column in COLUMNS if column.required)
# As templates of before have them, folded.
EARLIER_HEADINGS = {"trang thai": "status", "tu kem theo so": "qualifier"}
# A row of headings is known by this many of them.
ENOUGH_HEADINGS = 3

# As it is folded: "9", "9 tháng", "6 tháng đầu năm", "9T", "9 months".
_MONTHS = re.compile(r"(?P<months>\d{1,2}) ?(?:thang(?: dau nam)?|months?|t|m)?")


def heading(name: str) -> str:
    """The heading of a column in the active language."""
    return _headings_in(active_language())[name]


@cache
def _headings_in(language: str) -> dict[str, str]:
    return {column.name: column.heading for column in (*COLUMNS, REASON)}


def columns_of(cells: Iterable[Any]) -> dict[int, str]:
    """The known columns of a row of headings: their names by their place."""
    names = {place: _names_of_headings().get(fold(str(cell))) for place, cell in enumerate(cells) if cell}
    return {place: name for place, name in names.items() if name}


def nearest_heading(text: str) -> str | None:
    """The heading in the active language that was probably meant by one that is not known."""
    near = get_close_matches(fold(text), _names_of_headings(), n=1, cutoff=0.7)
    return heading(_names_of_headings()[near[0]]) if near else None


@cache
def _names_of_headings() -> dict[str, str]:
    """The name of the column that each heading means, in both languages and as data packages have it."""
    names = {column.name: column.name for column in COLUMNS} | {"name_vi": "name", "unit_vi": "unit"} | EARLIER_HEADINGS
    return names | _meanings(lambda: ((column.heading, column.name) for column in (*COLUMNS, REASON)))


@lru_cache(maxsize=1000)
def code_of(choices: type[TextChoices], text: str) -> str | None:
    """The choice that a text means, None when it means none."""
    return _codes(choices).get(fold(text))


@cache
def _codes(choices: type[TextChoices]) -> dict[str, str]:
    """The code that each word means: the codes, their labels in both languages, and the parts of those."""
    words = _meanings(
        lambda: (
            (text, code) for code, label in choices.choices for text in (str(label), *re.split(r"[,()]", str(label)))
        )
    )
    # The codes come last, so that no label takes their place; a label with nothing before its bracket gives no word.
    return {word: code for word, code in words.items() if word} | {fold(code): code for code in choices.values}


@lru_cache(maxsize=1000)
def month_of(text: str) -> int | None:
    """The last month of the period that `text` names: 9 for "9", "9 tháng", "9T"; 12 for "cả năm"."""
    folded = fold(text)
    match = _MONTHS.fullmatch(folded)
    return int(match["months"]) if match else _month_words().get(folded)


@cache
def _month_words() -> dict[str, int]:
    return _meanings(lambda: ((str(label), month) for month, label in months()))


def _meanings(words: Callable[[], Iterable[tuple[str, T]]]) -> dict[str, T]:
    """What each word means; `words` gives them in the active language, here they are asked for in both."""
    meanings: dict[str, T] = {}
    for language in LANGUAGES:
        with override(language):
            for word, meaning in words():
                meanings.setdefault(fold(word), meaning)
    return meanings

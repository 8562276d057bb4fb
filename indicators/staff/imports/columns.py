"""Which columns a file of figures has, what their headings may be called, and the words that may stand in them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from ...sentences.formatting import active_language
from ...text.vietnamese import fold
from ..forms import months

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LANGUAGES = ("vi", "en")


@dataclass(frozen=True)
class Column:
    """A column by its name in data packages, its heading, and its width in the template."""

    name: str
    label: "StrOrPromise"
    required: bool = False
    width: int = 12

    @property
    def heading(self) -> str:
        return str(capfirst(self.label))


COLUMNS = (
    Column("indicator", _("indicator code"), required=True, width=24),
    Column("name", _("name of the indicator"), width=44),
    Column("unit", _("unit")),
    Column("year", _("year"), required=True, width=8),
    Column("through_month", _("period"), required=True, width=11),
    Column("value", _("value"), required=True, width=14),
    Column("qualifier", _("qualifier"), width=20),
    Column("status", _("status"), required=True),
    Column("published_on", _("published on"), required=True, width=15),
    Column("source", _("source"), required=True, width=26),
    Column("series_break", _("series break"), width=14),
    Column("quote_vi", _("quote"), width=40),
    Column("note", _("note"), width=30),
)
BY_NAME = {column.name: column for column in COLUMNS}
REQUIRED = tuple(column.name for column in COLUMNS if column.required)
# A row of headings is known by this many of them.
ENOUGH_HEADINGS = 3

_MONTHS = re.compile(r"(?P<months>\d{1,2}) ?(?:thang(?: dau nam)?|months?|t|m)?")


def heading(name: str) -> str:
    """The heading of a column in the active language."""
    return _heading(name, active_language())


@cache
def _heading(name: str, language: str) -> str:
    return BY_NAME[name].heading


def columns_of(cells: Iterable[Any]) -> dict[int, str]:
    """The known columns of a row of headings: their names by their place, the first one of each name."""
    found: dict[int, str] = {}
    for place, cell in enumerate(cells):
        name = _headings().get(fold(str(cell))) if cell not in (None, "") else None
        if name and name not in found.values():
            found[place] = name
    return found


@cache
def _headings() -> dict[str, str]:
    """The name of the column that each heading means, in both languages and as data packages have it."""
    headings = {column.name: column.name for column in COLUMNS} | {"name_vi": "name", "unit_vi": "unit"}
    for language in LANGUAGES:
        with override(language):
            headings |= {fold(column.heading): column.name for column in COLUMNS}
    return headings


@lru_cache(maxsize=1000)
def code_of(choices: type[TextChoices], text: str) -> str | None:
    """The choice that a text means, None when it means none."""
    return words(choices).get(fold(text))


@cache
def words(choices: type[TextChoices]) -> Mapping[str, str]:
    """The code that each word means: the codes, their labels in both languages, and the parts of those."""
    known = {fold(code): code for code in choices.values}
    for language in LANGUAGES:
        with override(language):
            for code, label in choices.choices:
                for text in (str(label), *re.split(r"[,()]", str(label))):
                    known.setdefault(fold(text), code)
    known.pop("", None)
    return known


@lru_cache(maxsize=1000)
def month_of(text: str) -> int | None:
    """The last month of the period that `text` names: 9 for "9", "9 tháng", "9T"; 12 for "cả năm"."""
    folded = fold(text)
    match = _MONTHS.fullmatch(folded)
    return int(match["months"]) if match else _month_words().get(folded)


@cache
def _month_words() -> dict[str, int]:
    known: dict[str, int] = {}
    for language in LANGUAGES:
        with override(language):
            known |= {fold(str(label)): month for month, label in months()}
    return known

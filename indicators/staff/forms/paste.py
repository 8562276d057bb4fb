"""What is pasted into the entry sheet: shown as what it would fill, filled when somebody says so, and taken back."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...core.limits import PASTED_LETTERS
from ...models import Indicator, Qualifier
from ..imports.columns import code_of
from ..pasted_table import Names, Table, TableColumns, columns_in, headings_of, read_table
from ..sheet_rows import SheetRow
from .fields import split_qualifier

BY_ORDER = "order"  # instead of a column of names
_CELL = re.compile(r"i[0-9]{1,18}-(?:value|qualifier)")
_LONGEST_VALUE = 60  # letters; no number has more


@dataclass(frozen=True)
class PreviewRow:
    """A row as it was pasted and where it would go. `choices` are the indicators to choose from where that is not certain,
    the likely ones first; `present` is what stands in the sheet's row now."""

    place: int
    name: str
    value: str
    qualifier: str
    indicator: Indicator | None = None
    choices: Sequence[Indicator] = ()
    present: str = ""
    is_double: bool = False

    @property
    def is_filled(self) -> bool:
        return self.indicator is not None and bool(self.value or self.qualifier) and not self.is_double

    @property
    def qualifier_label(self) -> str:
        return str(Qualifier(self.qualifier).label) if self.qualifier else ""


class PasteForm(forms.Form):
    """The text that was pasted and which of its columns is which; `preview` says where each row goes.

    Nothing of it is kept between requests: what was chosen comes back with the text that it was chosen for.
    """

    pasted = forms.CharField(
        label=_("Cells copied from Excel or Word"),
        required=False,
        strip=False,
        max_length=PASTED_LETTERS,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
    )
    pasted_html = forms.CharField(required=False, max_length=PASTED_LETTERS, widget=forms.HiddenInput)
    paste_from = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    name_column = forms.ChoiceField(label=_("Names or codes"), required=False)
    value_column = forms.ChoiceField(label=_("Values"), required=False)
    qualifier_column = forms.ChoiceField(label=_("qualifier"), required=False)

    def __init__(self, data: QueryDict | None, rows: Sequence[SheetRow]) -> None:
        super().__init__(data)
        self.typed = QueryDict(mutable=True) if data is None else data.copy()
        self.data = self.typed
        self.names = Names([row.indicator for row in rows])
        self.table: Table = []
        self.preview: list[PreviewRow] = []
        self.is_asked = False
        # What stood in the rows before something was pasted into them; it comes back with every page until they are saved.
        self.undo = self.typed.get("paste_undo", "")[:PASTED_LETTERS]
        if data is not None and data.get("pasted") and ("_paste" in data or "_fill" in data or "_accept" in data):
            self._read(data)

    @property
    def digest(self) -> str:
        """Tells one pasted text from another, so that what was chosen for one is not taken for the next."""
        return hashlib.sha256(str(self.typed.get("pasted", "")).encode()).hexdigest()[:16]

    def _read(self, data: QueryDict) -> None:
        if not self.is_valid() and {"pasted", "pasted_html"} & self.errors.keys():
            return
        self.is_chosen = data.get("paste_of") == self.digest
        # Text that was changed by hand is no more what the HTML beside it says.
        is_changed = bool(data.get("paste_of")) and not self.is_chosen
        self.table = read_table(self.cleaned_data["pasted"], "" if is_changed else self.cleaned_data["pasted_html"])
        if not self.table:
            return
        columns = columns_in(self.table, self.names)
        name, value, qualifier = self._choose_columns(columns)
        self.is_asked = value is None
        if value is not None:
            top = headings_of(self.table, [value])
            body = [(place, row) for place, row in enumerate(self.table) if place >= top]
            self.preview = self._preview(body, name, value, qualifier)

    def _choose_columns(self, columns: TableColumns) -> tuple[int | None, int | None, int | None]:
        """The places of the columns: as chosen, else as they look; of several with numbers none is taken unasked."""
        texts = [place for place in range(len(self.table[0])) if place not in columns.values]
        only = columns.values[0] if len(columns.values) == 1 else None
        every = list(columns.values) or texts
        options: list[tuple[str, list[int], int | None, str]] = [
            ("name_column", texts, columns.name, gettext("none: by the order of the rows")),
            ("value_column", every, only, gettext("choose …")),
            ("qualifier_column", texts, columns.qualifier, gettext("none")),
        ]
        chosen = []
        for field, places, guess, nothing in options:
            choices = {str(place): f"{place + 1}: {self._sample(place)}" for place in places}
            self.fields[field].choices = [(BY_ORDER, nothing), *choices.items()]  # type: ignore[attr-defined]
            text = str(self.typed.get(field)) if self.is_chosen else ""
            place = int(text) if text in choices else None if text == BY_ORDER else guess
            self.typed[field] = BY_ORDER if place is None else str(place)
            chosen.append(place)
        return chosen[0], chosen[1], chosen[2]

    def _sample(self, place: int) -> str:
        cells = [row[place] for row in self.table if row[place]]
        return Truncator("; ".join(cells[:3])).chars(50)

    def _preview(
        self, body: Sequence[tuple[int, list[str]]], name: int | None, value: int, qualifier: int | None
    ) -> list[PreviewRow]:
        in_order = self._in_order() if name is None else []
        lines = []
        for at, (place, cells) in enumerate(body):
            word, number = split_qualifier(cells[value])
            if qualifier is not None:
                word = code_of(Qualifier, cells[qualifier]) or word  # type: ignore[assignment]
            indicator, choices = in_order[at] if at < len(in_order) else None, list[Indicator]()
            if name is not None:
                indicator, choices = self._match(place, cells[name])
            if number or word or indicator:
                text = cells[name] if name is not None else ""
                present = self._present(indicator)
                lines.append(PreviewRow(place, text, number[:_LONGEST_VALUE], word or "", indicator, choices, present))
        times = Counter(line.indicator for line in lines if line.is_filled)
        return [replace(line, is_double=times[line.indicator] > 1) for line in lines]

    def _in_order(self) -> list[Indicator]:
        """The indicators of the sheet from the row that was pasted into."""
        keys = [str(item.pk) for item in self.names.indicators]
        start = self.cleaned_data.get("paste_from", "")
        return list(self.names.indicators[keys.index(start) if start in keys else 0 :])

    def _match(self, place: int, text: str) -> tuple[Indicator | None, list[Indicator]]:
        """The indicator that a row names, else what somebody chose for it or, asked to take the suggestions, the only one."""
        if indicator := self.names.exact(text):
            return indicator, []
        similar = self.names.similar(text)
        choices = similar + [item for item in self.names.indicators if item not in similar]
        if "_accept" in self.typed and len(similar) == 1:
            return similar[0], choices
        chosen = self.typed.get(f"paste-{place}") if self.is_chosen else None
        return next((item for item in choices if str(item.pk) == chosen), None), choices

    def _present(self, indicator: Indicator | None) -> str:
        return self.typed.get(f"i{indicator.pk}-value", "").strip() if indicator else ""

    @property
    def filled(self) -> list[PreviewRow]:
        """The rows that would go into the sheet."""
        return [row for row in self.preview if row.is_filled]

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("name_column", "value_column", "qualifier_column")]

    @property
    def suggestions(self) -> int:
        """How many rows that are not certain have one likely indicator."""
        return sum(row.indicator is None and len(self.names.similar(row.name)) == 1 for row in self.preview)

    @property
    def is_open(self) -> bool:
        """Whether the page shows what was pasted."""
        return bool(self.table or self.errors) and not ("_fill" in self.typed and self.filled)

    def fill(self) -> QueryDict:
        """What was typed, with the pasted values in their rows, and beside it what stood there before."""
        data, before = self.typed, {}
        for row in self.filled:
            assert row.indicator is not None
            prefix = f"i{row.indicator.pk}"
            for name, text in (("value", row.value), ("qualifier", row.qualifier or Qualifier.EXACT)):
                before[f"{prefix}-{name}"] = data.get(f"{prefix}-{name}", "")
                data[f"{prefix}-{name}"] = text
        self.undo = json.dumps(before) if before else ""
        if before:
            data["pasted"] = ""
        return data

    def take_back(self) -> QueryDict:
        """What was typed, without what was pasted last."""
        data = self.typed
        try:
            before: Any = json.loads(self.undo)
        except (ValueError, RecursionError):
            before = None
        for name, text in before.items() if isinstance(before, dict) else ():
            if _CELL.fullmatch(name) and isinstance(text, str):
                data[name] = text[:_LONGEST_VALUE]
        self.undo = ""
        return data


def apply_paste(paste: PasteForm) -> QueryDict:
    """What was typed, with the pasted values where they were asked for or without them where they are taken back."""
    if "_fill" in paste.typed:
        return paste.fill()
    if "_drop" in paste.typed:
        paste.typed["pasted"] = ""
    return paste.take_back() if "_undo" in paste.typed else paste.typed

"""The rows of the entry sheet with what was typed into them: changed by a button, checked, read back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from ...models import Source
from ...models.figures import NO_VALUE
from ...queries.impact import consequences
from ...sentences import set_against, understood, would_do
from ...sentences.formatting import active_language
from ...text.numbers import format_number
from ..forms.sheet import RowForm, known_keys, row_form, take_answers_without_value, typed_values
from ..plausibility import Context, contexts
from ..sheet_rows import SheetRow
from .moves import pair_of


@dataclass
class SheetLine:
    """A row with its form, and what is read back of it."""

    row: SheetRow
    form: RowForm
    understood: str = ""
    against: str = ""
    effect: str = ""

    @property
    def seen(self) -> str:
        """What the page sends back of the draft that it shows; empty without one."""
        return pair_of(self.row.draft) if self.row.draft else ""

    @property
    def is_bad(self) -> bool:
        return self.form.is_bound and bool(self.form.errors)

    @property
    def is_doubtful(self) -> bool:
        """Whether nothing is wrong but what a reason or a confirmation would settle."""
        errors = set(self.form.errors) if self.is_bad else set()
        is_doubted = bool(getattr(self.form, "doubts", ())) or errors == {"confirmed"}
        return bool(errors) and is_doubted and errors <= {"value", "reason", "confirmed"}

    @property
    def is_open(self) -> bool:
        """Whether something is wrong in a field that is folded away."""
        return self.is_bad and bool(set(self.form.errors) - {"value", "qualifier", "reason", "confirmed", "__all__"})

    @property
    def is_waiting(self) -> bool:
        """Whether nothing is wrong with the row itself, but what was to be said once for all rows is missing."""
        typed = self.form.is_bound and self.form.has_changed() and not self.form.errors
        return typed and bool(self.form.waits_for)

    @property
    def is_good(self) -> bool:
        return self.form.is_bound and self.form.has_changed() and not self.is_bad and not self.is_waiting

    @property
    def is_answered(self) -> bool:
        return bool(self.row.in_force or self.row.waiting)


def changed_by_button(posted: QueryDict, rows: Iterable[SheetRow]) -> QueryDict:
    """What was typed, dashes as the answers they are, with the change that a button asked for: a suggested value taken,
    empty rows filled."""
    data = posted.copy()
    name, _equals, value = posted.get("_take", "").partition("=")
    if name.startswith("i") and name.endswith("-value"):
        data[name] = value[:40]
    take_answers_without_value(data, [row.indicator.pk for row in rows])
    if "_copy" in posted:
        take_over_last_year(data, rows)
    return data


def take_over_last_year(data: QueryDict, rows: Iterable[SheetRow]) -> None:
    """Put last year's number and its word into the rows without an answer, each marked as to be confirmed."""
    for row in rows:
        name, last = f"i{row.indicator.pk}", row.to_take_over
        is_answered = data.get(f"{name}-value", "").strip() or data.get(f"{name}-qualifier") in NO_VALUE
        if last and last.value is not None and not is_answered:
            text = format_number(last.value, active_language())
            data[f"{name}-value"] = data[f"{name}-taken"] = text
            data[f"{name}-qualifier"] = last.qualifier


def blank_lines(rows: Iterable[SheetRow], sources: Sequence[Source]) -> list[SheetLine]:
    """The rows as they are, nothing typed."""
    return [SheetLine(row, row_form(row.figure(), None, sources=sources)) for row in rows]


def read_lines(
    rows: list[SheetRow], data: QueryDict, shared: Mapping[str, Any], sources: Sequence[Source]
) -> list[SheetLine]:
    """Every row as typed, checked, and read back where something was typed."""
    known = known_contexts(rows, data)
    keys = known_keys(known, rows[0].period) if rows else {}
    options: dict[str, Any] = {"sources": sources, "shared": shared, "known_keys": keys}
    lines = [SheetLine(row, row_form(row.figure(), data, context=known[row.indicator.pk], **options)) for row in rows]
    read_back([line for line in lines if line.form.has_changed() and line.form.is_valid()])
    return lines


def read_back(typed: list[SheetLine]) -> None:
    """Say of each row that can be right what was understood, and what it would do once it is known how it came out."""
    language = active_language()
    complete = [line.form.instance for line in typed if line.is_good]
    effects = consequences(complete, timezone.localdate()) if complete else {}
    for line in typed:
        figure = line.form.instance
        line.understood = understood(figure, language)
        line.against = set_against(figure, line.row.last_year, line.row.plan, language)
        if figure.indicator_id in effects:
            line.effect = would_do(effects[figure.indicator_id], language)


def known_contexts(rows: list[SheetRow], data: QueryDict) -> dict[int, Context]:
    """What each row is held against; parts of one whole are held against what is typed beside them."""
    if not rows:
        return {}
    indicators = [row.indicator for row in rows]
    drafts = [draft.pk for row in rows for draft in row.drafts]
    found = contexts(indicators, rows[0].period, timezone.localdate(), drafts)
    typed = typed_values(data, found)
    return {
        pk: replace(one, siblings={other: typed.get(other, value) for other, value in one.siblings.items()})
        for pk, one in found.items()
    }

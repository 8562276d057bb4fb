"""Sources by what people remember of them, and new ones from one line: no code to think of, no page to leave."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ...models import Source
from ...models.catalogue import Reliability
from ...text.numbers import read_date
from ...text.vietnamese import fold, tidy
from .fields import TextField

# As many of the sources that a text may mean as a message names.
NAMED = 5
_NUMBER = re.compile(r"\b\d{1,5}(?:/\d{4})?/[\w-]*[^\W\d_][\w-]*")
_DAY = re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b", re.ASCII)


class SourceField(forms.CharField):
    """A source by its code, its document number, its title or a part of them, as the list offers it; one of `sources`."""

    default_error_messages = {
        "unknown": _("No source is called “%(text)s”. Choose one from the list, or add it first."),
        "several": _("Several sources are called “%(text)s”: %(names)s. Type more of it, or choose from the list."),
    }

    sources: Sequence[Source] = ()  # set by the forms, which read all sources once for all rows

    def to_python(self, value: Any) -> Any:
        """The source, None for an empty field. Raises ValidationError when none or several are called so."""
        text = tidy(str(value or ""))
        if not text:
            return None
        matching = self._matching(fold(text))
        if len(matching) == 1:
            return matching[0]
        names = "; ".join(f"{source.title_vi[:60]} ({source.code})" for source in matching[:NAMED])
        code = "several" if matching else "unknown"
        raise ValidationError(self.error_messages[code], code, {"text": text[:80], "names": names})

    def _matching(self, text: str) -> list[Source]:
        """Those that are called so; where none is, those that have all words of it."""
        for name in ("code", "number", "title_vi"):
            if matching := [source for source in self.sources if fold(getattr(source, name)) == text]:
                return matching
        words = text.split()
        return [source for source in self.sources if all(word in fold(f"{source.code} {source}") for word in words)]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return next((source.code for source in self.sources if source.pk == value), "")
        return value.code if isinstance(value, Source) else value


def free_code(text: str) -> str:
    """A code of the words of `text` that no source has yet."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:60].strip("-") or "source"
    taken = set(Source.objects.filter(code__startswith=words).values_list("code", flat=True))
    codes = (words, *(f"{words}-{number}" for number in range(2, len(taken) + 3)))
    return next(code for code in codes if code not in taken)


class NewSourceForm(forms.Form):
    """A source from what its first line says; number and day are read from it."""

    new_source = TextField(
        label=_("Title, number and day of the document"),
        max_length=500,
        widget=forms.TextInput(attrs={"placeholder": _("Report 310/BC-UBND of 27/09/2020 on …"), "size": 50}),
    )
    new_reliability = forms.ChoiceField(
        label=_("reliability"), choices=Reliability, initial=Reliability.OFFICIAL, required=False
    )

    def clean_new_reliability(self) -> str:
        return self.cleaned_data["new_reliability"] or Reliability.OFFICIAL

    def clean(self) -> dict[str, Any]:
        self.cleaned_data = super().clean() or {}
        if title := self.cleaned_data.get("new_source"):
            number, issued_on = _NUMBER.search(title), _day_in(title)
            self.source = Source(
                code=free_code(number[0] if number else title),
                title_vi=title,
                number=number[0] if number else "",
                issued_on=issued_on,
                reliability=self.cleaned_data.get("new_reliability", Reliability.OFFICIAL),
            )
            try:
                self.source.full_clean()
            except ValidationError as error:
                self.add_error("new_source", ValidationError(error.messages))
        return self.cleaned_data

    def save(self) -> Source:
        """The source, stored."""
        self.source.save()
        return self.source


def _day_in(title: str) -> date | None:
    """The only day that a title names."""
    days = _DAY.findall(title)
    try:
        return read_date(days[0]) if len(days) == 1 else None
    except ValueError:
        return None

"""The entry sheet: one row per indicator for one period. Rows stand by themselves: a wrong one loses nothing."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...models import Figure, FigureStatus, Source
from ...models.cross_rules import broken_rules
from ...sentences.formatting import active_language, short_period
from ...text.numbers import read_number
from ...text.periods import Period
from ...text.vietnamese import tidy
from ..plausibility import Context, Publication
from .fields import ANSWERS_WITHOUT_VALUE, DayField, reads
from .figures import FigureForm
from .number_ambiguity import meanings, ungrouped

# What tells the versions of one period apart: indicator, status, day of publication, source.
Key = tuple[int, str, date | None, int | None]

SHARED = ("status", "published_on", "source")
# What belongs to a row without being typed as its figure.
BESIDE = ("reason", "taken", "confirmed")


def key_of(figure: Figure) -> Key:
    return figure.indicator_id, figure.status, figure.published_on, figure.source_id


def known_keys(indicators: Iterable[int], period: Period) -> dict[Key, int]:
    """The primary key of each stored figure of these indicators and this period by its key; one query."""
    year, month = period
    stored = Figure.objects.without_earlier().filter(indicator__in=list(indicators), year=year, through_month=month)
    rows = stored.order_by().values_list("indicator_id", "status", "published_on", "source_id", "pk")
    return {(indicator, status, day, source): pk for indicator, status, day, source, pk in rows}


class SourceField(forms.CharField):
    """A source by its code, its document number or its title, as the list offers it; one of `sources`."""

    default_error_messages = {
        "unknown": _("No source is called “%(text)s”. Choose one from the list, or add it first."),
        "several": _("Several sources are called “%(text)s”. Choose one by its code."),
    }

    sources: Sequence[Source] = ()

    def to_python(self, value: Any) -> Any:
        text = tidy(str(value or ""))
        if not text:
            return None
        for name in ("code", "number", "title_vi"):
            found = [source for source in self.sources if getattr(source, name) == text]
            if len(found) > 1:
                raise ValidationError(self.error_messages["several"], "several", {"text": text[:80]})
            if found:
                return found[0]
        raise ValidationError(self.error_messages["unknown"], "unknown", {"text": text[:80]})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return next((source.code for source in self.sources if source.pk == value), "")
        return value.code if isinstance(value, Source) else value


class SharedForm(forms.Form):
    """What holds for every row that says nothing else."""

    status = forms.ChoiceField(
        label=_("status"),
        choices=FigureStatus,
        initial=FigureStatus.ESTIMATE,
        help_text=_("As the source calls it; “reported” when it says nothing."),
    )
    published_on = DayField(label=_("published on"), required=False, help_text=_("For example 27/09/2020."))
    source = SourceField(
        label=_("source"),
        required=False,
        widget=forms.TextInput(attrs={"list": "sources", "size": 40, "autocomplete": "off"}),
        help_text=_("Type a word of its title and choose."),
    )

    def __init__(self, *args: Any, sources: Sequence[Source], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, sources)

    def tell_missing(self, names: Iterable[str]) -> None:
        """Say once, where it belongs, what rows lack that nobody said."""
        for name in names:
            if name not in self.errors:
                self.add_error(name, _("Say it here for all rows, or in each row."))


class RowForm(FigureForm):
    """The figure of one indicator. Empty is not answered yet; what is left open is taken from the shared fields."""

    through_month = None  # type: ignore[assignment]
    source = SourceField(
        label=_("source"),
        required=False,
        widget=forms.TextInput(attrs={"list": "sources"}),
        help_text=_("Only where this row comes from another document than the one above."),
    )
    # A value taken over from last year, as it was put into the field; it counts only when somebody confirms it.
    taken = forms.CharField(required=False, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(label=_("The report of this period prints the same number"), required=False)

    class Meta(FigureForm.Meta):
        model = Figure
        fields = ("value", "qualifier", "status", "published_on", "source", "quote_vi", "note", "series_break")
        field_classes = reads(Figure)
        widgets = {
            "quote_vi": forms.Textarea(attrs={"rows": 2}),
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, shared: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, empty_permitted=True, use_required_attribute=False, **kwargs)
        self.shared = shared or {}
        self.waits_for: list[str] = []
        self.known_keys: Mapping[Key, int] = {}
        for name in SHARED:
            self.fields[name].required = False
        status: Any = self.fields["status"]
        status.choices = [("", _("as above")), *FigureStatus.choices]
        self._take_unit_of(self.instance.indicator)
        self._name_for_readers()

    def _name_for_readers(self) -> None:
        """Each field is named by its row, and the value is described by what the check says of it."""
        row = self.instance.indicator_id
        for name, field in self.fields.items():
            if name in ("value", "qualifier", "reason"):
                field.help_text = ""  # the head of the column says it
            field.widget.attrs.setdefault("aria-label", f"{field.label}: {self.instance.indicator.name}")
        del self.fields["value"].widget.attrs["aria-label"]
        self.fields["value"].widget.attrs |= {"aria-labelledby": f"name-{row}", "aria-describedby": f"check-{row}"}

    @property
    def changed_data(self) -> list[str]:
        """What was typed as the figure."""
        return [name for name in super().changed_data if name not in BESIDE]

    @property
    def is_taken_over(self) -> bool:
        """Whether the value stands as it was taken over from last year."""
        taken = tidy(self["taken"].value() or "")
        return bool(taken) and tidy(self["value"].value() or "") == taken

    @property
    def reason_to_keep(self) -> str:
        """What the history tells of why the value is right."""
        reason: str = self.cleaned_data["reason"]
        if reason or not self.is_taken_over:
            return reason
        return gettext("The same as in %(period)s; confirmed.") % {"period": self._last_year()}

    def _last_year(self) -> str:
        return short_period(self.instance.period.same_period_last_year)

    def clean(self) -> dict[str, Any]:
        for name in SHARED:
            if name not in self.errors and not self.cleaned_data.get(name):
                self.cleaned_data[name] = self.shared.get(name)
                self.waits_for += [] if self.cleaned_data[name] else [name]
        if self.is_taken_over and not self.cleaned_data.get("confirmed"):
            message = _("Taken over from %(period)s. Tick it when the new report prints the same, or type its number.")
            self.add_error("confirmed", ValidationError(message, "taken", {"period": self._last_year()}))
        super().clean()
        return self.cleaned_data

    def _get_validation_exclusions(self) -> set[str]:
        """Everything: Django would ask the database for the constraints of each row, and leave out those on what is no
        field. The fields check themselves, and `_post_clean` the rules."""
        return {field.name for field in Figure._meta.fields}

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            broken = [message for _condition, message in broken_rules(self.instance)]
            if self.known_keys.get(key_of(self.instance), self.instance.pk) != self.instance.pk:
                broken.append(gettext("This figure exists already: same status, day of publication and source."))
            for message in broken:
                self.add_error(None, message)

    def _publication(self) -> Publication | None:
        return None if self.waits_for else super()._publication()

    @property
    def source_title(self) -> str:
        """The document that the row is read from, as a reader knows it."""
        source = getattr(self, "cleaned_data", {}).get("source")
        stored = self.instance.source if self.instance.source_id else None
        return str(source or stored or "")

    @property
    def is_as_stored(self) -> bool:
        """Whether saving would change nothing, as when the same sheet is sent twice."""
        names = self._meta.fields or ()
        return self.stored is not None and all(getattr(self.stored, name) == self.cleaned_data[name] for name in names)

    @property
    def suggestions(self) -> list[str]:
        """The values that may be meant, each written so that it means one thing only."""
        if self.unclear:
            return list(meanings(self.unclear).values())
        doubtful = (doubt.suggestion for doubt in getattr(self, "doubts", ()))
        return [ungrouped(value) for value in dict.fromkeys(doubtful) if value is not None]


def row_form(
    instance: Figure,
    data: QueryDict | None,
    *,
    sources: Sequence[Source],
    shared: Mapping[str, Any] | None = None,
    context: Context | None = None,
    known_keys: Mapping[Key, int] | None = None,
) -> RowForm:
    """The row of the indicator and period of `instance`, stored or not."""
    stored = copy(instance) if instance.pk else None
    form = RowForm(data, instance=instance, stored=stored, prefix=f"i{instance.indicator_id}", shared=shared)
    form.context, form.known_keys = context, known_keys or {}
    offer(form, sources)
    return form


def offer(form: forms.BaseForm, sources: Sequence[Source]) -> None:
    """Let the form choose among `sources`, read once for all rows."""
    field: Any = form.fields["source"]
    field.sources = sources


def take_answers_without_value(data: QueryDict, indicators: Iterable[int]) -> None:
    """Where a lone dash or dots were typed as the value, choose the answer without a value that they stand for."""
    for pk in indicators:
        if answer := ANSWERS_WITHOUT_VALUE.get(tidy(data.get(f"i{pk}-value", ""))):
            data[f"i{pk}-value"], data[f"i{pk}-qualifier"] = "", answer


def typed_values(data: QueryDict, indicators: Iterable[int]) -> dict[int, Any]:
    """The numbers typed for these indicators that can be read, by primary key: parts are held against each other."""
    values = {}
    for pk in indicators:
        try:
            values[pk] = read_number(tidy(data.get(f"i{pk}-value", "")), active_language()).value
        except ValueError:
            continue
    return values

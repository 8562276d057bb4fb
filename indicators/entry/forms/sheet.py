"""The entry sheet: one row per indicator for one period. Rows stand by themselves: a wrong one loses nothing."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...models import Figure, FigureStatus, Source
from ...models.rules import broken_rules
from ...notation.alphabet import tidy
from ...notation.numerals import read_number
from ...wording import active_language, short_period
from ..plausibility import Context
from .fields import ANSWERS_WITHOUT_VALUE, DayField, reads
from .records import FigureForm, ungrouped

SHARED = ("status", "published_on", "source")
# What belongs to a row without being typed as its figure.
BESIDE = ("read_version", "reason", "taken", "confirmed")


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

    status = forms.ChoiceField(label=_("status"), choices=FigureStatus, initial=FigureStatus.ESTIMATE)
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


class RowForm(FigureForm):
    """The figure of one indicator. Empty is not answered yet; what is left open is taken from the shared fields."""

    through_month = None  # type: ignore[assignment]
    source = SourceField(label=_("source"), required=False, widget=forms.TextInput(attrs={"list": "sources"}))
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
        for name in SHARED:
            self.fields[name].required = False
        status: Any = self.fields["status"]
        status.choices = [("", _("as above")), *FigureStatus.choices]
        self._take_unit_of(self.instance.indicator)
        self._name_for_readers()

    def _name_for_readers(self) -> None:
        """Each field is named by its row, and the value is described by what the check says of it."""
        row = self.instance.indicator_id
        for field in self.fields.values():
            field.help_text = ""
            field.widget.attrs.setdefault("aria-label", f"{field.label}: {self.instance.indicator.name}")
        del self.fields["value"].widget.attrs["aria-label"]
        self.fields["value"].widget.attrs |= {"aria-labelledby": f"name-{row}", "aria-describedby": f"check-{row}"}

    @property
    def changed_data(self) -> list[str]:
        """What was typed; the version that was read is not."""
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
                if not self.cleaned_data[name]:
                    self.add_error(name, _("Say it here, or above for all rows."))
        if self.is_taken_over and not self.cleaned_data.get("confirmed"):
            message = _("Taken over from %(period)s. Tick it when the new report prints the same, or type its number.")
            self.add_error("confirmed", ValidationError(message, "taken", {"period": self._last_year()}))
        super().clean()
        # Django leaves out constraints on what is no field of the row, and asks the database for each of the others.
        self._validate_unique = self._validate_constraints = False
        return self.cleaned_data

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            broken = [message for _condition, message in broken_rules(self.instance)]
            if self._exists_already():
                broken.append(gettext("This figure exists already: same status, day of publication and source."))
            for message in broken:
                self.add_error(None, message)

    def _exists_already(self) -> bool:
        figure = self.instance
        same = {name: getattr(figure, name) for name in ("indicator", "year", "through_month", *SHARED)}
        return Figure.objects.records().filter(**same).exclude(pk=figure.pk).exists()

    @property
    def is_as_stored(self) -> bool:
        """Whether saving would change nothing, as when the same sheet is sent twice."""
        names = self._meta.fields or ()
        return self.stored is not None and all(getattr(self.stored, name) == self.cleaned_data[name] for name in names)

    @property
    def suggestion(self) -> Any:
        """The value probably meant, written so that it means one thing, or None."""
        doubtful = [doubt.suggestion for doubt in getattr(self, "doubts", ())]
        found = next((one for one in [self.meant, *doubtful] if one is not None), None)
        return None if found is None else ungrouped(found)


def row_form(
    instance: Figure,
    data: QueryDict | None,
    *,
    sources: Sequence[Source],
    shared: Mapping[str, Any] | None = None,
    context: Context | None = None,
) -> RowForm:
    """The row of the indicator and period of `instance`, stored or not."""
    stored = copy(instance) if instance.pk else None
    form = RowForm(data, instance=instance, stored=stored, prefix=f"i{instance.indicator_id}", shared=shared)
    form.context = context
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

"""What every form of a record does: keeps texts as packages do, notices who saved meanwhile, asks which number is meant."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from ...models import Figure, Indicator
from ...sentences.formatting import day, number
from ...text.numbers import ParsedNumber
from ...text.vietnamese import tidy
from ..input_guard import KeySelect
from .fields import NumberField, ambiguity_error, is_unambiguous


class RecordForm(forms.ModelForm):
    """A form whose texts are kept the way data packages keep them: composed letters, plain spaces, plain line ends.

    Forms say how a field is read and explained; which fields a page has, and in which order, is the admin's to say.
    A form of a stored record knows which version was read; over another one it is saved only by a second, knowing click.
    """

    read_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    # What a form holds without being part of its record: alone it changes nothing.
    extra_fields: tuple[str, ...] = ("read_version",)

    def __init__(self, *args: Any, stored: Any = None, **kwargs: Any) -> None:
        """`stored` is the record as it is in the database, where a page with many forms has read it already."""
        super().__init__(*args, **kwargs)
        if not self.is_bound and not self.instance._state.adding and self.instance._state.db:
            stored = self.instance  # just read, for a page that shows it
        elif stored is None and self.instance.pk:
            stored = self._meta.model._base_manager.filter(pk=self.instance.pk).first()
        self.stored = stored
        self.initial["read_version"] = self.stored.version if self.stored else None
        for name, field in self.fields.items():
            select = getattr(field.widget, "widget", field.widget)  # the admin wraps it with its links
            if isinstance(select, KeySelect) and self._meta.model._meta.get_field(name).is_cached(self.instance):
                select.chosen = getattr(self.instance, name)

    @property
    def changed_data(self) -> list[str]:
        """What was typed as the record."""
        return [name for name in super().changed_data if name not in self.extra_fields]

    def clean(self) -> dict[str, Any]:
        super().clean()
        texts = {name: tidy(value) for name, value in self.cleaned_data.items() if isinstance(value, str)}
        self.cleaned_data |= texts
        if self.stored:
            self._check_conflict()
        return self.cleaned_data

    def _check_conflict(self) -> None:
        """Show what somebody else saved since the form was read, once; the next save is over that.

        Where both say the same, as when one form is sent twice, there is nothing to choose.
        """
        differences = list(self._differences())
        if differences and self.cleaned_data.get("read_version") != self.stored.version:
            data = self.data.copy()  # type: ignore[attr-defined]
            data[self.add_prefix("read_version")] = self.stored.version
            self.data = data
            last = self.stored.history.first()
            who = last.history_user_name if last and last.history_user_name else gettext("somebody")
            message = gettext(
                "%(who)s saved this record while you had it open. Compare, mend what you typed, and save again to keep"
                " yours; or open the page anew to keep theirs."
            )
            self.add_error(None, ValidationError([message % {"who": who}, *differences], code="conflict"))
        self.instance.version = self.stored.version

    def _differences(self) -> Iterator[str]:
        """Both values of each field that differs."""
        for model_field in self._meta.model._meta.get_fields():
            name = model_field.name
            field, theirs, yours = self.fields.get(name), getattr(self.stored, name, None), self.cleaned_data.get(name)
            if field and name in self.cleaned_data and yours != theirs:
                texts = {"field": field.label, "theirs": _in_words(theirs, field), "yours": _in_words(yours, field)}
                yield gettext("%(field)s: saved is “%(theirs)s”, you typed “%(yours)s”.") % texts


def _in_words(value: Any, field: forms.Field) -> str:
    """A value as a reader writes it."""
    if isinstance(field, forms.TypedChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, Decimal):
        return number(value)
    return day(value) if isinstance(value, date) else str("" if value is None else value)


class ValueForm(RecordForm):
    """A form with numbers. One that can mean two things is taken in the interface language's notation where what is known
    of the indicator makes that sure; otherwise it is asked, never guessed."""

    unclear: ParsedNumber | None = None

    def reference(self) -> Decimal | None:
        """The size of number to expect: the value of the latest figure in force, None when nothing is known."""
        in_force = Figure.objects.filter(indicator=self._indicator()).in_force(timezone.localdate())
        return in_force.order_by("-year", "-through_month").values_list("value", flat=True).first()

    def decimals(self) -> int | None:
        """How many decimals such a number usually has, None when it is not known."""
        indicator = self._indicator()
        return indicator.decimals if indicator else None

    def clean(self) -> dict[str, Any]:
        self.cleaned_data = super().clean()
        numbers = {name: field for name, field in self.fields.items() if isinstance(field, NumberField)}
        if self._can_be_checked():
            for name in numbers.keys() & set(self.changed_data) & self.cleaned_data.keys():
                reading = numbers[name].read(self[name].data or "")
                # What is known of the indicator is looked up only for a number that has two meanings.
                if (
                    reading
                    and reading.other is not None
                    and not is_unambiguous(reading, self.reference(), self.decimals())
                ):
                    self.unclear = reading
                    self.add_error(name, ambiguity_error(self[name].data, reading))
        return self.cleaned_data

    def _can_be_checked(self) -> bool:
        """Whether what the numbers are about is known; where it is not, the form comes back for that first."""
        return "indicator" not in self.errors

    def _indicator(self) -> Indicator | None:
        stored = self.instance.indicator if self.instance.indicator_id else None
        return self.cleaned_data.get("indicator") or stored


class RecordFormSet(forms.BaseInlineFormSet):
    """Records on the page of the one they belong to, which Django leaves out when it holds a row against the constraints."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            if form.has_changed() and form.is_valid():
                try:
                    form.instance.validate_constraints()
                except ValidationError as error:
                    form.add_error(None, error)

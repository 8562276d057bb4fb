"""The forms of the entry sheet: one for what all rows share, one per indicator. Rows stand by themselves: a wrong one loses
nothing."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import construct_instance
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...core.language import active_language
from ...models import Figure, FigureStatus, Qualifier, Source
from ...models.cross_rules import broken_rules
from ...models.figures import FIGURE_KEY, VALUELESS
from ...sentences.formatting import short_period
from ...text.numbers import format_number, read_number
from ...text.vietnamese import tidy
from ...workflow.completeness import ExpectedValue
from ..plausibility import Context, contexts
from ..sheet_rows import SheetRow
from .fields import ANSWERS_WITHOUT_VALUE, DayField, form_field_classes, meanings, split_qualifier, ungrouped
from .figures import FigureForm
from .sources import SourceField

# What a row takes from the form above the table where it says nothing else.
SHARED = ("status", "published_on", "source")
# A row with a mistake elsewhere is unfolded, so that the field with the mistake can be seen.
ALWAYS_SHOWN = {"value", "qualifier", "reason", "confirmed", "rival_choice", "__all__"}
# What a question is about that a reason, a tick or a choice settles.
ASKED = {"confirmed", "rival_choice"}


class SharedForm(forms.Form):
    """What holds for every row that says nothing else."""

    status = forms.ChoiceField(
        label=_("status"),
        choices=FigureStatus,
        initial=FigureStatus.ESTIMATE,
        help_text=_("As the source calls it; “reported” when it says nothing."),
    )
    published_on = DayField(
        label=_("published on"),
        required=False,
        widget=forms.TextInput(attrs={"size": 10, "placeholder": "27/09/2020"}),
        help_text=_("For example 27/09/2020."),
    )
    source = SourceField(
        label=_("source"),
        required=False,
        widget=forms.TextInput(
            attrs={"list": "sources", "autocomplete": "off", "placeholder": _("a word of its title")}
        ),
        help_text=_("Type a word of its title and choose."),
    )

    for_saved = forms.BooleanField(
        label=_("also for the rows saved before"),
        required=False,
        help_text=_("Gives rows that are saved and not submitted yet this source in place of theirs."),
    )

    def __init__(self, *args: Any, sources: Sequence[Source], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].sources = sources  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["form"] = "sheet"  # they stand beside the period, which is a form of its own

    def clean_published_on(self) -> date | None:
        """Said here once: in each row it would be the same question as many times."""
        published_on: date | None = self.cleaned_data["published_on"]
        if published_on and published_on > timezone.localdate():
            raise ValidationError(_("This day lies in the future. Enter a figure when it is out."))
        return published_on

    def add_missing_errors(self, names: Iterable[str]) -> None:
        """Say once, where it belongs, what rows lack that nobody said."""
        for name in names:
            if name not in self.errors:
                self.add_error(name, _("Say it here for all rows, or in each row."))


class SheetRowForm(FigureForm):
    """The figure of one indicator. Empty is not answered yet; what is left open is taken from the shared fields.

    `shared` is what the shared form holds, `figure_keys` the stored figures of the period by their key. `reading`,
    `comparison` and `effect` are what the page says of a row that can be right, `due` is what is asked for and not
    answered yet; see `views/sheet.py`.
    """

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

    extra_fields = (*FigureForm.extra_fields, "reason", "taken", "confirmed")
    can_ask_about_rival = True
    reading = comparison = effect = ""
    due: ExpectedValue | None = None
    is_readable = False

    class Meta(FigureForm.Meta):
        model = Figure
        fields = ("value", "qualifier", "status", "published_on", "source", "quote_vi", "note", "series_break")
        field_classes = form_field_classes(Figure)
        widgets = {"quote_vi": forms.Textarea(attrs={"rows": 2}), "note": forms.Textarea(attrs={"rows": 2})}

    def __init__(
        self,
        row: SheetRow,
        sources: Sequence[Source],
        data: QueryDict | None = None,
        *,
        shared: Mapping[str, Any] | None = None,
        context: Context | None = None,
        figure_keys: Mapping[tuple[Any, ...], int] | None = None,
    ) -> None:
        figure = row.figure()
        super().__init__(
            data,
            instance=figure,
            stored=copy(figure) if figure.pk else None,
            prefix=f"i{figure.indicator_id}",
            empty_permitted=True,
            use_required_attribute=False,
        )
        self.row, self.shared = row, shared or {}
        if context is not None:
            self.context = context
        self.figure_keys = figure_keys or {}
        self.missing: list[str] = []  # the shared fields that neither the row nor the shared form fills
        for name in SHARED:
            self.fields[name].required = False
        status: Any = self.fields["status"]
        status.choices = [("", _("as above")), *FigureStatus.choices]
        self.fields["source"].sources = sources  # type: ignore[attr-defined]
        self._take_unit_of(row.indicator)
        self._name_for_readers()

    def _name_for_readers(self) -> None:
        """Each field is named by its row, and the value is described by what the check says of it."""
        indicator = self.row.indicator
        for name, field in self.fields.items():
            if name in ("value", "qualifier", "reason"):
                field.help_text = ""  # the head of the column says it
            field.widget.attrs.setdefault("aria-label", f"{field.label}: {indicator.name}")
        value = self.fields["value"].widget
        del value.attrs["aria-label"]
        value.attrs |= {"aria-labelledby": f"name-{indicator.pk}", "aria-describedby": f"check-{indicator.pk}"}

    @property
    def folded_fields(self) -> list[forms.BoundField]:
        """The fields that a row shows when it is unfolded."""
        return [field for field in self.visible_fields() if field.name not in ALWAYS_SHOWN]

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
        return short_period(self.row.period.same_period_last_year)

    def clean(self) -> dict[str, Any]:
        for name in SHARED:
            if name not in self.errors and not self.cleaned_data.get(name):
                self.cleaned_data[name] = self.shared.get(name)
                self.missing += [] if self.cleaned_data[name] else [name]
        if self.is_taken_over and not self.cleaned_data.get("confirmed"):
            message = _("Taken over from %(period)s. Tick it when the new report prints the same, or type its number.")
            self.add_error("confirmed", ValidationError(message, "taken", {"period": self._last_year()}))
        super().clean()
        return self.cleaned_data

    def _post_clean(self) -> None:
        """Put what was typed into the figure and ask all its rules. Django's own way would ask the database for the
        constraints of each row, and leave out those on what is no field."""
        construct_instance(self, self.instance, self._meta.fields)
        if not self.errors:
            broken = [message for _condition, message in broken_rules(self.instance)]
            if self.figure_keys.get(self.instance.natural_key, self.instance.pk) != self.instance.pk:
                broken.append(gettext("This figure exists already: same status, day of publication and source."))
            for message in broken:
                self.add_error(None, message)
        # A row that the database refuses later has been understood all the same.
        self.is_readable = not self.errors

    def find_rival(self) -> Figure | None:
        """The submitted figure of the row with the same status; drafts are gone on with in its own fields."""
        status = self.cleaned_data.get("status")
        return next((figure for figure in reversed(self.row.submitted) if figure.status == status), None)

    def _publication(self) -> dict[str, Any]:
        return {} if self.missing else super()._publication()

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
        suggested = (warning.suggestion for warning in getattr(self, "warnings", ()))
        return [ungrouped(value) for value in dict.fromkeys(suggested) if value is not None]

    @property
    def is_typed(self) -> bool:
        return self.is_bound and self.has_changed()

    @property
    def is_bad(self) -> bool:
        return self.is_bound and bool(self.errors)

    @property
    def is_doubtful(self) -> bool:
        """Whether nothing is wrong but what a reason or a confirmation would settle."""
        names = set(self.errors)
        is_doubted = bool(getattr(self, "warnings", ())) or bool(names & ASKED)
        return self.is_bad and is_doubted and names <= {"value", "reason", *ASKED}

    @property
    def is_open(self) -> bool:
        """Whether something is wrong in a field that is folded away."""
        return self.is_bad and bool(set(self.errors) - ALWAYS_SHOWN)

    @property
    def is_waiting(self) -> bool:
        """Whether nothing is wrong with the row itself, but what was to be said once for all rows is missing."""
        return self.is_typed and not self.errors and bool(self.missing)

    @property
    def is_good(self) -> bool:
        return self.is_typed and not self.errors and not self.missing


def bound_forms(
    rows: Sequence[SheetRow], data: QueryDict, shared: Mapping[str, Any], sources: Sequence[Source]
) -> list[SheetRowForm]:
    """The form of every row as typed, each held against what is known; four queries for all of them."""
    if not rows:
        return []
    period = rows[0].period
    drafts = [draft.pk for row in rows for draft in row.drafts]
    context_of = contexts([row.indicator for row in rows], period, timezone.localdate(), drafts)
    typed_values = _typed_values(data, context_of)
    year, month = period
    stored = Figure.objects.without_earlier().filter(indicator__in=list(context_of), year=year, through_month=month)
    # Read once for all rows: Django would look each of them up.
    figure_keys = {tuple(key): pk for *key, pk in stored.order_by().values_list(*FIGURE_KEY, "pk")}
    forms_of_rows = []
    for row in rows:
        context = context_of[row.indicator.pk]
        # Parts of one whole are held against what is typed beside them.
        siblings = {pk: typed_values.get(pk, value) for pk, value in context.siblings.items()}
        context = replace(context, siblings=siblings)
        forms_of_rows.append(SheetRowForm(row, sources, data, shared=shared, context=context, figure_keys=figure_keys))
    return forms_of_rows


def _typed_values(data: QueryDict, indicators: Iterable[int]) -> dict[int, Any]:
    """The numbers typed for these indicators that can be read, by primary key."""
    values = {}
    for pk in indicators:
        try:
            values[pk] = read_number(tidy(data.get(f"i{pk}-value", "")), active_language()).value
        except ValueError:
            continue
    return values


def apply_button(posted: QueryDict, rows: Iterable[SheetRow]) -> QueryDict:
    """What was typed, dashes as the answers they are, with the change that a button asked for: a suggested value taken,
    empty rows filled with last year's number and its word, each marked as to be confirmed."""
    data = posted.copy()
    source = data.get("source", "").strip() if data.get("for_saved") else ""
    name, _equals, value = posted.get("_take", "").partition("=")
    if name.startswith("i") and name.endswith("-value"):
        data[name] = value[:40]  # a forged one is no longer than a number can be
    for row in rows:
        prefix, last_year = f"i{row.indicator.pk}", row.to_take_over
        if source and row.draft:
            data[f"{prefix}-source"] = source
        word, number = split_qualifier(data.get(f"{prefix}-value", ""))
        # A word in the cell says what the list of words would; where that says something else, the row is asked about.
        if word and data.get(f"{prefix}-qualifier") in ("", Qualifier.EXACT, word):
            data[f"{prefix}-value"], data[f"{prefix}-qualifier"] = number, word
        if answer := ANSWERS_WITHOUT_VALUE.get(tidy(data.get(f"{prefix}-value", ""))):
            data[f"{prefix}-value"], data[f"{prefix}-qualifier"] = "", answer
        is_answered = data.get(f"{prefix}-value", "").strip() or data.get(f"{prefix}-qualifier") in VALUELESS
        if "_copy" in posted and last_year and last_year.value is not None and not is_answered:
            text = format_number(last_year.value, active_language())
            data[f"{prefix}-value"] = data[f"{prefix}-taken"] = text
            data[f"{prefix}-qualifier"] = last_year.qualifier
    return data

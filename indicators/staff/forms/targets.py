"""The form of a target: its words are read, and what is typed beside them has to say the same."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...models import Indicator, Target, Term
from ...models.targets import Basis, Bound, Scope
from ...sentences.formatting import number
from ...text.bound_words import UnitError, WrittenBound, bound_for, read_bound, unit_factor
from ...text.numbers import ParsedNumber, with_unit
from .base import ValueForm
from .fields import ambiguity_error, form_field_classes, is_unambiguous
from .figures import FigureForm

# What the words of a target and its indicator tell, so that nobody has to type it.
READ_FIELDS = {"bound", "basis", "first_year", "last_year"}


class TargetForm(ValueForm):
    class Meta:
        field_classes = form_field_classes(Target)
        labels = {"status": _("status of the target")}
        help_texts = {
            "indicator": FigureForm.Meta.help_texts["indicator"],
            "scope": _("A target of the congress for its term, or the plan of one year."),
            "first_year": _("The first year the target speaks about; for the plan of a year both years are that year."),
            "last_year": _("The year by which it is to be reached."),
            "as_written_vi": _(
                "The words of the document, copied exactly, for example “dưới 3%” or “bình quân từ 7 đến 7,5%/năm”."
                " Bound, numbers and years are read from them."
            ),
            "bound": _("Empty: as the words say. “At least” for “3% trở lên”, “less than” for “dưới 3%”."),
            "low": _("Empty: as the words say. For “at least”, “more than”, “between” and “about”, for example 7."),
            "high": _(
                "Empty: as the words say. For “at most”, “less than”, “between” and “about”, for example 7.5."
                " “About 48” is 48 in both fields."
            ),
            "basis": _(
                "Empty: as the words say. “Bình quân hằng năm” is the average, “cả giai đoạn” the total; otherwise the"
                " value of the last year."
            ),
            "status": _("A draft is shown as one and never counted."),
            "counted": _("Tick it when it is one of the N targets in x/N of its term; parts and drafts are not."),
            "decided_on": _("The day of the resolution, or the day from which it is known, for example 27/09/2020."),
            "replaced_on": _(
                "The day a newer target took its place. Keep this record: enter the newer target as another one."
            ),
            "source": _("The resolution or page it was read from, for example Resolution 100."),
            "quote_vi": FigureForm.Meta.help_texts["quote_vi"],
            "note": FigureForm.Meta.help_texts["note"],
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in READ_FIELDS & self.fields.keys():
            self.fields[name].required = False
        basis = self.fields.get("basis")
        if isinstance(basis, forms.TypedChoiceField) and self.instance._state.adding:
            basis.choices = [("", "---------"), *Basis.choices]
            self.initial.setdefault("basis", "")

    def clean(self) -> dict[str, Any]:
        self.cleaned_data = super().clean()
        if (indicator := self._indicator()) and not self.errors.keys() & {"indicator", "low", "high"}:
            written = self._written(indicator)
            self._take_bound(written, indicator)
            self._take_years(written)
            self._take_basis(written, indicator)
        return self.cleaned_data

    def _written(self, indicator: Indicator) -> WrittenBound | None:
        """What the words of the document say, in the unit of the indicator; None where they cannot be read."""
        words, bound = self.cleaned_data.get("as_written_vi"), self.cleaned_data.get("bound")
        if not words or bound == Bound.PARTS or indicator.judged_by_parts:
            return None
        try:
            written = read_bound(words)
            return bound_for(written, indicator.unit_vi, indicator.better)
        except UnitError:
            # Another name of the same unit, where the numbers agree.
            typed = {self.cleaned_data.get("low"), self.cleaned_data.get("high")}
            if typed != {written.low, written.high}:
                message = gettext("The words are in “%(written)s”, the indicator is kept in “%(unit)s”.")
                params = {"written": written.unit, "unit": indicator.unit_vi}
                self.add_error("as_written_vi", ValidationError(message % params, code="unit"))
        except ValueError:
            if not bound and "bound" in self.fields:
                message = gettext(
                    "No bound can be read from “%(words)s”. Choose it below, with its numbers, as the document means it."
                )
                self.add_error("bound", ValidationError(message % {"words": words}))
        return None

    def _take_bound(self, written: WrittenBound | None, indicator: Indicator) -> None:
        """Take bound and numbers from the words where none is typed; otherwise both have to agree."""
        bound, low, high = (self.cleaned_data.get(name) for name in ("bound", "low", "high"))
        if "bound" in self.errors:
            return
        if written is None:
            if indicator.judged_by_parts:
                self.cleaned_data["bound"] = bound or Bound.PARTS
            elif not bound and "bound" in self.fields and "as_written_vi" not in self.errors:
                self.add_error("bound", forms.Field.default_error_messages["required"])
        elif not bound and low is None and high is None:
            self._ask_of_doubtful(written)
            self.cleaned_data |= {"bound": written.bound, "low": written.low, "high": written.high}
        elif (bound, low, high) != written[:3]:
            self.cleaned_data["bound"] = bound or written.bound
            message = gettext(
                "The words “%(words)s” say %(said)s, but %(typed)s is entered. Mend one of them, or leave bound and numbers"
                " empty: then they are read from the words."
            )
            said, typed = _shown(written.bound, written[1:3], indicator), _shown(bound, (low, high), indicator)
            params = {"words": self.cleaned_data["as_written_vi"], "said": said, "typed": typed}
            self.add_error("as_written_vi", ValidationError(message % params, code="difference"))

    def _ask_of_doubtful(self, written: WrittenBound) -> None:
        """Ask which number the words mean, where one of them can be two and nothing known decides."""
        factor = unit_factor(read_bound(self.cleaned_data["as_written_vi"]).unit, written.unit)
        for reading in written.numbers:
            if reading.other is None:
                continue
            in_unit = ParsedNumber(reading.value * factor, reading.other * factor)
            if not is_unambiguous(in_unit, self.reference(), self.decimals()):
                self.add_error("as_written_vi", ambiguity_error(self.cleaned_data["as_written_vi"], reading))

    def _take_years(self, written: WrittenBound | None) -> None:
        """Take the years from the words, else from the term; those that are typed have to be those of the words."""
        data, term = self.cleaned_data, self.cleaned_data.get("term")
        for name, year in target_years(written, term, data.get("scope")).items():
            said = getattr(written, name) if written else None
            if name not in self.fields:
                continue
            if data.get(name) is None and name not in self.errors:
                data[name] = year
                if year is None:
                    self.add_error(name, forms.Field.default_error_messages["required"])
            elif said and data.get(name) not in (None, said):
                message = gettext("The words “%(words)s” say %(said)s, but %(typed)s is entered.")
                params = {"words": data["as_written_vi"], "said": said, "typed": data[name]}
                self.add_error(name, ValidationError(message % params, code="difference"))

    def _take_basis(self, written: WrittenBound | None, indicator: Indicator) -> None:
        """Take from the words, else from the kind of the indicator, what of its years the target speaks about."""
        data = self.cleaned_data
        first_year, last_year = data.get("first_year"), data.get("last_year")
        if "basis" not in self.fields or not first_year or not last_year:
            return
        said = written.basis if written else ""
        if not data.get("basis"):
            data["basis"] = basis_of(indicator, said, first_year, last_year)
            if not data["basis"]:
                message = gettext("Is it the average of the years or their total? The words do not say; choose it.")
                self.add_error("basis", ValidationError(message))
        elif said and first_year < last_year and data["basis"] != said:
            message = gettext("The words “%(words)s” say “%(said)s”, but “%(typed)s” is chosen.")
            params = {"words": data["as_written_vi"], "said": Basis(said).label, "typed": Basis(data["basis"]).label}
            self.add_error("basis", ValidationError(message % params, code="difference"))


def target_years(written: WrittenBound | None, term: Term | None, scope: str | None) -> dict[str, int | None]:
    """First and last year of a target: as its words say, else those of its term; the plan of a year has one year."""
    first_year, last_year = (written.first_year, written.last_year) if written else (None, None)
    if scope == Scope.ANNUAL:
        return {"first_year": first_year or last_year, "last_year": last_year}
    if term is not None:
        first_year, last_year = first_year or term.first_year, last_year or term.last_year
    return {"first_year": first_year, "last_year": last_year}


def basis_of(indicator: Indicator, said: str, first_year: int, last_year: int) -> str:
    """What a target speaks about, by section 1 of the method; "" for the flow of several years, of which words must tell."""
    if first_year == last_year or indicator.judged_by_parts:
        return Basis.VALUE
    if said:
        return said
    return {"level": Basis.VALUE, "rank": Basis.VALUE, "rate": Basis.AVERAGE}.get(indicator.kind, "")


def _shown(bound: str | None, limits: Iterable[Decimal | None], indicator: Indicator) -> str:
    """A bound that is typed or read, with its unit; also one that is no whole one yet."""
    values = " – ".join(number(value) for value in dict.fromkeys(limits) if value is not None)
    label = Bound(bound).label if bound else ""
    return f"“{label} {with_unit(values, indicator.unit) if values else ''}”".replace(" ”", "”").replace("“ ", "“")

"""PRESENT: what was changed of an indicator after it had been public: day, what, from what to what, why. Never by whom.

An average or an official verdict decides over x/N by itself: that one was entered here is told as well.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import FigureStatus, Indicator, Source
from ..models.figures import Measure
from ..models.targets import Basis, TargetStatus, VerdictChoice
from ..public.history import AGGREGATE, FIGURE, TARGET, VERDICT, Kind, Moment, What, in_order, public_history
from ..sentences.formatting import NO_VALUE, basis_text, bound_text, day, period_text, qualified, with_unit, years_text
from ..text.periods import Period

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What a page shows; older changes are in the staff pages.
MOST = 100


LABEL = {
    What.PUBLISHED: gettext_lazy("published"),
    What.CHANGED: gettext_lazy("changed"),
    What.WITHDRAWN: gettext_lazy("taken off the public pages"),
    What.BACK: gettext_lazy("published again"),
    What.REMOVED: gettext_lazy("removed"),
    What.ARRIVED: gettext_lazy("moved here from another indicator"),
    What.LEFT: gettext_lazy("moved to another indicator"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that reads differently now."""

    label: "StrOrPromise"
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to one figure, target or official verdict. The words people gave as reason may name people: they stay
    inside."""

    at: datetime
    subject: str
    what: What
    differences: tuple[Difference, ...]

    @property
    def on(self) -> date:
        """The day in Lạng Sơn."""
        return timezone.localdate(self.at)

    @property
    def label(self) -> "StrOrPromise":
        return LABEL[self.what]


Column = tuple["StrOrPromise", Callable[[Any], str]]


@dataclass(frozen=True, slots=True)
class _Teller:
    """How one kind of record is told: what a version is called, its columns in words, and what else they need."""

    kind: Kind
    subject: Callable[[Any], str]
    columns: Sequence[Column]
    also: tuple[str, ...] = ()
    decides_alone: bool = False

    def told(self, one: Moment) -> Change | None:
        """The moment in words; None for what a reader of the page sees anyway."""
        if one.what == What.PUBLISHED and not (self.decides_alone and one.after.history_user_id):
            return None
        differences: tuple[Difference, ...] = ()
        if one.before and one.after:
            differences = self._differences(one.before, one.after)
        elif one.after:
            label, text = self.columns[0]
            differences = (Difference(label, NO_VALUE, text(one.after)),)
        what = What.CHANGED if one.what == What.BACK and differences else one.what
        if what == What.CHANGED and not differences:
            return None
        return Change(one.at, self.subject(one.before or one.after), what, differences)

    def _differences(self, old: Any, new: Any) -> tuple[Difference, ...]:
        texts = ((label, text(old) or NO_VALUE, text(new) or NO_VALUE) for label, text in self.columns)
        return tuple(Difference(label, before, after) for label, before, after in texts if before != after)


def changes(indicator: Indicator, as_of: date) -> list[Change]:
    """The changes up to the end of `as_of`, the latest first, at most MOST; four queries."""
    tellers = {one.kind: one for one in (_aggregate(indicator), _figure(indicator), _target(), _verdict())}
    own = Q(indicator=indicator.pk)
    histories = [public_history(kind, as_of, narrow=own, also=one.also) for kind, one in tellers.items()]
    told = (tellers[one.kind].told(one) for one in in_order(*histories))
    return list(deque(filter(None, told), MOST))[::-1]


def _yes_no(value: bool) -> str:
    return _("Yes") if value else _("No")


def _source(version: Any) -> str:
    title, number, publisher = (getattr(version, name) or "" for name in _SOURCE)
    return str(Source(title_vi=title, number=number, publisher=publisher))


_SOURCE = ("source__title_vi", "source__number", "source__publisher")


_RESTS_ON: tuple[Column, ...] = (
    (gettext_lazy("source"), _source),
    (gettext_lazy("quote"), lambda version: version.quote_vi),
    (gettext_lazy("note"), lambda version: version.note),
)


def _figure(indicator: Indicator) -> _Teller:
    def period(version: Any) -> str:
        return period_text(Period(version.year, version.through_month), indicator)

    def value(version: Any) -> str:
        text = qualified(version, None)
        return text if version.value is None else with_unit(text, indicator.unit)

    return _Teller(
        FIGURE,
        subject=lambda version: _("Figure of %(period)s") % {"period": period(version)},
        columns=(
            (gettext_lazy("value"), value),
            (gettext_lazy("period"), period),
            (gettext_lazy("status"), lambda version: str(FigureStatus(version.status).label)),
            (gettext_lazy("published on"), lambda version: day(version.published_on)),
            (gettext_lazy("series break"), lambda version: _yes_no(version.series_break)),
            *_RESTS_ON,
        ),
        also=_SOURCE,
    )


def _aggregate(indicator: Indicator) -> _Teller:
    def value(version: Any) -> str:
        return with_unit(qualified(version, None), indicator.unit)

    return _Teller(
        AGGREGATE,
        subject=lambda version: (
            f"{Measure(version.measure).label}, {years_text(version.first_year, version.last_year)}".capitalize()
        ),
        columns=(
            (gettext_lazy("value"), value),
            (gettext_lazy("years"), lambda version: years_text(version.first_year, version.last_year)),
            (gettext_lazy("status"), lambda version: str(FigureStatus(version.status).label)),
            (gettext_lazy("published on"), lambda version: day(version.published_on)),
            *_RESTS_ON,
        ),
        also=(*_SOURCE, "history_user_id"),
        decides_alone=True,
    )


def _target() -> _Teller:
    return _Teller(
        TARGET,
        subject=lambda version: _("Target, %(years)s") % {"years": basis_text(version)},
        columns=(
            (gettext_lazy("as written"), lambda version: version.as_written_vi),
            (gettext_lazy("bound"), bound_text),
            (gettext_lazy("years"), lambda version: years_text(version.first_year, version.last_year)),
            (gettext_lazy("basis"), lambda version: str(Basis(version.basis).label)),
            (gettext_lazy("baseline year"), lambda version: str(version.baseline_year or "")),
            (gettext_lazy("status"), lambda version: str(TargetStatus(version.status).label)),
            (gettext_lazy("counted"), lambda version: _yes_no(version.counted)),
            (gettext_lazy("decided on"), lambda version: day(version.decided_on)),
            (gettext_lazy("replaced on"), lambda version: day(version.replaced_on)),
            *_RESTS_ON,
        ),
        also=_SOURCE,
    )


def _verdict() -> _Teller:
    return _Teller(
        VERDICT,
        subject=lambda version: _("Official verdict, %(years)s") % {"years": basis_text(version)},
        columns=(
            (gettext_lazy("verdict"), lambda version: str(VerdictChoice(version.verdict).label)),
            (gettext_lazy("reason"), lambda version: version.reason),
            (gettext_lazy("decided on"), lambda version: day(version.decided_on)),
        ),
        also=("history_user_id",),
        decides_alone=True,
    )

"""What was changed of an indicator after it had been public: day, what, from what to what, why. Never by whom.

An average or an official verdict decides over x/N by itself: that one was entered here is shown as well.
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
from ..public.history import (
    AGGREGATE,
    FIGURE,
    TARGET,
    VERDICT,
    ChangeKind,
    PublicChange,
    RecordHistory,
    in_order,
    public_history,
)
from ..sentences.formatting import NO_VALUE, basis_text, bound_text, day, period_text, qualified, with_unit, years_text
from ..text.periods import Period

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What a page shows; older changes are in the staff pages.
MOST = 100


LABEL = {
    ChangeKind.PUBLISHED: gettext_lazy("published"),
    ChangeKind.CHANGED: gettext_lazy("changed"),
    ChangeKind.WITHDRAWN: gettext_lazy("taken off the public pages"),
    ChangeKind.BACK: gettext_lazy("published again"),
    ChangeKind.REMOVED: gettext_lazy("removed"),
    ChangeKind.ARRIVED: gettext_lazy("moved here from another indicator"),
    ChangeKind.LEFT: gettext_lazy("moved to another indicator"),
}


# What reads differently now: (label, before, after).
Difference = tuple["StrOrPromise", str, str]
# A field in words: its label, and the text of its value in one version of a record.
FieldText = tuple["StrOrPromise", Callable[[Any], str]]


@dataclass(frozen=True, slots=True)
class IndicatorChange:
    """What was done to one figure, target or official verdict. The words people gave as reason may name people: they stay
    inside."""

    at: datetime
    subject: str
    what: ChangeKind
    differences: tuple[Difference, ...]

    @property
    def on(self) -> date:
        """The day in Lạng Sơn."""
        return timezone.localdate(self.at)

    @property
    def label(self) -> "StrOrPromise":
        return LABEL[self.what]


@dataclass(frozen=True, slots=True)
class ChangePresenter:
    """One kind of record in words: what a version is called, its fields as texts, and which other lookups those need.

    A kind that `decides_alone` is shown from its first version on, where somebody entered it here.
    """

    kind: RecordHistory
    subject: Callable[[Any], str]
    fields: Sequence[FieldText]
    lookups: tuple[str, ...] = ()
    decides_alone: bool = False

    def present(self, moment: PublicChange) -> IndicatorChange | None:
        """The moment in words; None for what a reader of the page sees anyway."""
        if moment.what == ChangeKind.PUBLISHED and not (self.decides_alone and moment.after.history_user_id):
            return None
        differences: tuple[Difference, ...] = ()
        if moment.before and moment.after:
            texts = (
                (label, text(moment.before) or NO_VALUE, text(moment.after) or NO_VALUE) for label, text in self.fields
            )
            differences = tuple(difference for difference in texts if difference[1] != difference[2])
        # Without a former state its first field says most.
        elif moment.after:
            label, text = self.fields[0]
            differences = ((label, NO_VALUE, text(moment.after)),)
        # What came back different has been changed, as far as a reader can tell.
        what = ChangeKind.CHANGED if moment.what == ChangeKind.BACK and differences else moment.what
        if what == ChangeKind.CHANGED and not differences:
            return None
        return IndicatorChange(moment.at, self.subject(moment.before or moment.after), what, differences)


def changes(indicator: Indicator, as_of: date) -> list[IndicatorChange]:
    """The changes up to the end of `as_of`, the latest first, at most MOST; four queries."""
    presenters = {
        presenter.kind: presenter for presenter in (_aggregate(indicator), _figure(indicator), _target(), _verdict())
    }
    of_indicator = Q(indicator=indicator.pk)
    histories = [
        public_history(kind, as_of, narrow=of_indicator, lookups=presenter.lookups)
        for kind, presenter in presenters.items()
    ]
    presented = (presenters[moment.kind].present(moment) for moment in in_order(*histories))
    return list(deque(filter(None, presented), MOST))[::-1]


def _yes_no(value: bool) -> str:
    return _("Yes") if value else _("No")


def _source(version: Any) -> str:
    title, number, publisher = (getattr(version, name) or "" for name in _SOURCE)
    return str(Source(title_vi=title, number=number, publisher=publisher))


_SOURCE = ("source__title_vi", "source__number", "source__publisher")


_RESTS_ON: tuple[FieldText, ...] = (
    (gettext_lazy("source"), _source),
    (gettext_lazy("quote"), lambda version: version.quote_vi),
    (gettext_lazy("note"), lambda version: version.note),
)


def _figure(indicator: Indicator) -> ChangePresenter:
    def period(version: Any) -> str:
        return period_text(Period(version.year, version.through_month), indicator)

    def value(version: Any) -> str:
        text = qualified(version, None)
        return text if version.value is None else with_unit(text, indicator.unit)

    return ChangePresenter(
        FIGURE,
        subject=lambda version: _("Figure of %(period)s") % {"period": period(version)},
        fields=(
            (gettext_lazy("value"), value),
            (gettext_lazy("period"), period),
            (gettext_lazy("status"), lambda version: str(FigureStatus(version.status).label)),
            (gettext_lazy("published on"), lambda version: day(version.published_on)),
            (gettext_lazy("series break"), lambda version: _yes_no(version.series_break)),
            *_RESTS_ON,
        ),
        lookups=_SOURCE,
    )


def _aggregate(indicator: Indicator) -> ChangePresenter:
    def value(version: Any) -> str:
        return with_unit(qualified(version, None), indicator.unit)

    return ChangePresenter(
        AGGREGATE,
        subject=lambda version: (
            f"{Measure(version.measure).label}, {years_text(version.first_year, version.last_year)}".capitalize()
        ),
        fields=(
            (gettext_lazy("value"), value),
            (gettext_lazy("years"), lambda version: years_text(version.first_year, version.last_year)),
            (gettext_lazy("status"), lambda version: str(FigureStatus(version.status).label)),
            (gettext_lazy("published on"), lambda version: day(version.published_on)),
            *_RESTS_ON,
        ),
        lookups=(*_SOURCE, "history_user_id"),
        decides_alone=True,
    )


def _target() -> ChangePresenter:
    return ChangePresenter(
        TARGET,
        subject=lambda version: _("Target, %(years)s") % {"years": basis_text(version)},
        fields=(
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
        lookups=_SOURCE,
    )


def _verdict() -> ChangePresenter:
    return ChangePresenter(
        VERDICT,
        subject=lambda version: _("Official verdict, %(years)s") % {"years": basis_text(version)},
        fields=(
            (gettext_lazy("verdict"), lambda version: str(VerdictChoice(version.verdict).label)),
            (gettext_lazy("reason"), lambda version: version.reason),
            (gettext_lazy("decided on"), lambda version: day(version.decided_on)),
        ),
        lookups=("history_user_id",),
        decides_alone=True,
    )

"""PRESENT: what was changed of an indicator after it had been public: day, what, from what to what, why. Never by whom.

An average or an official verdict decides over x/N by itself: that one was entered here is told as well.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Aggregate, Figure, FigureStatus, Indicator, OfficialVerdict, State, Target
from ..models.figures import Measure, public_moments
from ..models.targets import Basis, TargetStatus, VerdictChoice
from ..periods import Period
from ..wording import NO_VALUE, basis_text, bound_text, day, period_text, qualified, with_unit, years_text

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What a page shows; older changes are in the staff pages.
MOST = 100


class What(StrEnum):
    """What happened to a record that had been public."""

    ENTERED = "entered"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    BACK = "back"
    REMOVED = "removed"


LABEL = {
    What.ENTERED: gettext_lazy("published"),
    What.CHANGED: gettext_lazy("changed"),
    What.WITHDRAWN: gettext_lazy("taken off the public pages"),
    What.BACK: gettext_lazy("published again"),
    What.REMOVED: gettext_lazy("removed"),
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
class _Kind:
    """How the versions of one kind of record are read: what they are called, what is public of them and since when."""

    subject: Callable[[Any], str]
    is_public: Callable[[Any], bool]
    since: Callable[[Any], date]
    columns: Sequence[Column]
    decides_alone: bool = False

    def differences(self, old: Any, new: Any) -> tuple[Difference, ...]:
        texts = ((label, text(old) or NO_VALUE, text(new) or NO_VALUE) for label, text in self.columns)
        return tuple(Difference(label, before, after) for label, before, after in texts if before != after)

    def first(self, version: Any) -> tuple[Difference, ...]:
        """What a new record says, in its first column."""
        label, text = self.columns[0]
        return (Difference(label, NO_VALUE, text(version)),)


def changes(indicator: Indicator, as_of: date) -> list[Change]:
    """The changes up to the end of `as_of`, the latest first, at most MOST; four queries."""
    figures = _versions(public_moments(Figure.history.filter(indicator_id=indicator.pk)).select_related("source"))
    targets = _versions(Target.history.filter(indicator_id=indicator.pk).select_related("source"))
    held = {version.id: version for versions in targets for version in versions}
    verdicts = _versions(OfficialVerdict.history.filter(target_id__in=list(held)))
    aggregates = _versions(Aggregate.history.filter(indicator_id=indicator.pk).select_related("source"))
    found = [
        *_changes(aggregates, _aggregate(indicator)),
        *_changes(figures, _figure(indicator)),
        *_changes(targets, _target()),
        *_changes(verdicts, _verdict(held)),
    ]
    known = [change for change in found if change.on <= as_of]
    return sorted(known, key=lambda change: change.at, reverse=True)[:MOST]


def _versions(history: Any) -> list[list[Any]]:
    """The versions of each record, oldest first."""
    ordered = history.order_by("id", "history_id")
    return [list(versions) for _pk, versions in groupby(ordered, key=lambda version: version.id)]


def _changes(records: Iterable[Sequence[Any]], kind: _Kind) -> Iterator[Change]:
    for versions in records:
        yield from _changes_of(versions, kind)


def _changes_of(versions: Sequence[Any], kind: _Kind) -> Iterator[Change]:
    """The changes of one record from each public version to the next; what happened on the way there is not told."""
    held, is_out = None, False
    for version in versions:
        public = version.history_type != "-" and kind.is_public(version)
        at = version.history_date
        if held is None and public and kind.decides_alone and version.history_user_id:
            yield Change(at, kind.subject(version), What.ENTERED, kind.first(version))
        if held is not None and timezone.localdate(at) >= kind.since(held):
            differences = kind.differences(held, version)
            if public and (differences or is_out):
                yield Change(at, kind.subject(held), What.CHANGED if differences else What.BACK, differences)
            elif not public and (not is_out or version.history_type == "-"):
                yield Change(
                    at, kind.subject(held), What.REMOVED if version.history_type == "-" else What.WITHDRAWN, ()
                )
        held, is_out = (version if public else held), not public


def _yes_no(value: bool) -> str:
    return _("Yes") if value else _("No")


def _source(version: Any) -> str:
    return str(version.source) if version.source else ""


_RESTS_ON: tuple[Column, ...] = (
    (gettext_lazy("source"), _source),
    (gettext_lazy("quote"), lambda version: version.quote_vi),
    (gettext_lazy("note"), lambda version: version.note),
)


def _figure(indicator: Indicator) -> _Kind:
    def period(version: Any) -> str:
        return period_text(Period(version.year, version.through_month), indicator)

    def value(version: Any) -> str:
        text = qualified(version, None)
        return text if version.value is None else with_unit(text, indicator.unit)

    return _Kind(
        subject=lambda version: _("Figure of %(period)s") % {"period": period(version)},
        is_public=lambda version: version.state == State.APPROVED,
        since=lambda version: version.published_on,
        columns=(
            (gettext_lazy("value"), value),
            (gettext_lazy("period"), period),
            (gettext_lazy("status"), lambda version: str(FigureStatus(version.status).label)),
            (gettext_lazy("published on"), lambda version: day(version.published_on)),
            (gettext_lazy("series break"), lambda version: _yes_no(version.series_break)),
            *_RESTS_ON,
        ),
    )


def _aggregate(indicator: Indicator) -> _Kind:
    def value(version: Any) -> str:
        return with_unit(qualified(version, None), indicator.unit)

    return _Kind(
        subject=lambda version: (
            f"{Measure(version.measure).label}, {years_text(version.first_year, version.last_year)}".capitalize()
        ),
        is_public=lambda version: True,
        since=lambda version: version.published_on,
        columns=(
            (gettext_lazy("value"), value),
            (gettext_lazy("years"), lambda version: years_text(version.first_year, version.last_year)),
            (gettext_lazy("status"), lambda version: str(FigureStatus(version.status).label)),
            (gettext_lazy("published on"), lambda version: day(version.published_on)),
            *_RESTS_ON,
        ),
        decides_alone=True,
    )


def _target() -> _Kind:
    return _Kind(
        subject=lambda version: _("Target, %(years)s") % {"years": basis_text(version)},
        is_public=lambda version: True,
        since=lambda version: version.decided_on,
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
    )


def _verdict(targets: dict[int, Any]) -> _Kind:
    return _Kind(
        subject=lambda version: _("Official verdict, %(years)s") % {"years": basis_text(targets[version.target_id])},
        is_public=lambda version: True,
        since=lambda version: version.decided_on,
        columns=(
            (gettext_lazy("verdict"), lambda version: str(VerdictChoice(version.verdict).label)),
            (gettext_lazy("reason"), lambda version: version.reason),
            (gettext_lazy("decided on"), lambda version: day(version.decided_on)),
        ),
        decides_alone=True,
    )

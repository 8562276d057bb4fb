"""The public history of figures, targets, averages and official verdicts: what the public saw change, and when.

Pages, files and feeds tell this one history. A version counts from the moment it was stored, but not before the day it
was published or decided on; that a target is replaced shows on the day it is. Drafts are no part of it, nor is who did what.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache, cached_property, reduce
from heapq import heappop, heappush, merge
from operator import attrgetter, or_
from typing import Any, NamedTuple

from django.db.models import Case, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Lag, Lead
from django.utils import timezone

from ..models import Aggregate, Figure, OfficialVerdict, State, Target
from ..models.base import beginning
from ..models.figures import public_moments
from ..models.withdrawals import without_withdrawn
from .schema import table_named

CHUNK = 1000


class ChangeKind(StrEnum):
    """What the public saw happen to a record. To those who look at a part of the records, one can come in or leave."""

    PUBLISHED = "published"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    BACK = "back"
    ARRIVED = "arrived"
    LEFT = "left"


@dataclass(frozen=True)
class RecordHistory:
    """How the history of one model is read: which fields are public, from which days on a version is known, until which
    day one of its fields is not, from which day on all of it is not any more, and which further ones decide."""

    name: str
    history: Callable[[], QuerySet[Any]]
    fields: tuple[str, ...]
    known_from: tuple[str, ...]
    hidden_until: str = ""
    known_until: str = ""
    further: tuple[str, ...] = ()
    lookups: Mapping[str, str] = field(default_factory=dict, compare=False)

    @cached_property
    def days(self) -> tuple[str, ...]:
        """The fields with a day on which the public sees something else."""
        return (*self.known_from, self.hidden_until) if self.hidden_until else self.known_from

    def lookup(self, name: str) -> str:
        """What reads a field from the history: of what it points to the code."""
        return self.lookups.get(name, name)

    def public_version(self, version: Any, on: date) -> Any:
        """`version` as the public knows it on a day; None where it does not."""
        if version is None or version.history_type == "-" or version.indicator is None:
            return None
        # Entered and submitted figures are in the history too, for staff.
        if self is FIGURE and version.state != State.APPROVED:
            return None
        for name in self.known_from:
            if getattr(version, name) > on:
                return None
        if self.known_until and (getattr(version, self.known_until) or date.max) <= on:
            return None
        if self.hidden_until and (getattr(version, self.hidden_until) or on) > on:
            return version._replace(**{self.hidden_until: None})
        return version


class PublicChange(NamedTuple):
    """One thing that happened: `before` is what the public saw last of the record, `after` what it sees now, None where
    that is nothing. `number` and `day` name it for good; `day` is given where it came after the version was stored."""

    at: datetime
    number: int
    day: date | None
    kind: RecordHistory
    record_id: int
    what: ChangeKind
    before: Any
    after: Any


def public_history(
    kind: RecordHistory,
    as_of: date,
    *,
    narrow: Q | None = None,
    since: datetime | None = None,
    lookups: tuple[str, ...] = (),
) -> Iterator[PublicChange]:
    """What happened to records of `kind` from `since` to the end of `as_of`, oldest first, in one query; memory stays flat.

    `narrow` leaves a part of the versions: a record that moves into it arrives, one that moves out leaves. Versions
    carry the fields of their kind and the given `lookups`.
    """
    withdrawn: dict[int, Any] = {}
    for change in _in_order(_versions(kind, as_of, narrow, since, lookups)):
        before = change.before if change.before and change.before.shown else None
        after = change.after if change.after and change.after.shown else None
        if before or after:
            what = _what(change, before, after, withdrawn)
            if what == ChangeKind.BACK:
                before = withdrawn.pop(change.record_id)
            if since is None or change.at >= since:
                yield change._replace(what=what, before=before, after=after)


def in_order(*histories: Iterator[PublicChange]) -> Iterator[PublicChange]:
    """Several histories as one."""
    return merge(*histories, key=attrgetter("at"))


def _what(change: PublicChange, before: Any, after: Any, withdrawn: dict[int, Any]) -> ChangeKind:
    """What happened, to those who see `before` and `after`; `withdrawn` remembers, in case the record comes back."""
    if before and after:
        return ChangeKind.CHANGED
    if change.before and change.after:
        return ChangeKind.ARRIVED if after else ChangeKind.LEFT
    if after:
        return ChangeKind.BACK if change.record_id in withdrawn else ChangeKind.PUBLISHED
    # Where it comes back, the public compares with what it saw last.
    withdrawn[change.record_id] = before
    return change.what


def _in_order(versions: Iterator[list[PublicChange]]) -> Iterator[PublicChange]:
    """The changes of versions that come in order of time. Those of later days wait until it is their turn."""
    waiting: list[PublicChange] = []
    for first, *later in versions:
        while waiting and waiting[0] < first:
            yield heappop(waiting)
        yield first
        for change in later:
            heappush(waiting, change)
    yield from sorted(waiting)


def _versions(
    kind: RecordHistory, as_of: date, narrow: Q | None, since: datetime | None, lookups: tuple[str, ...]
) -> Iterator[list[PublicChange]]:
    """The changes that each version makes: when it was stored, then on the days that came while it stood.

    They say what was and is public, whoever looks; of one after which nothing is, how it went.
    """
    names = ("shown", "history_type", *kind.fields, *kind.further, *lookups)
    make, width, zone = _version(names)._make, len(names), timezone.get_current_timezone()
    for moment, following, number, pk, *both in _rows(kind, as_of, narrow, since, names):
        own = make(both[:width])
        previous = make(both[width:]) if both[width + 1] else None
        today = moment.astimezone(zone).date()
        way = ChangeKind.REMOVED if own.history_type == "-" else ChangeKind.WITHDRAWN
        before, after = kind.public_version(previous, today), kind.public_version(own, today)
        changes = [PublicChange(moment, number, None, kind, pk, way, before, after)]
        for day in _days_to_come(kind, own, today, as_of):
            at, eve = beginning(day), day - timedelta(days=1)
            # A version that was replaced before its day never reached the public.
            if following is None or at <= max(moment, following):
                before, after = kind.public_version(own, eve), kind.public_version(own, day)
                changes.append(PublicChange(at, number, day, kind, pk, ChangeKind.WITHDRAWN, before, after))
        yield changes


def _days_to_come(kind: RecordHistory, version: Any, today: date, as_of: date) -> list[date]:
    """The days after `today` on which the public sees something else of a version."""
    days = [getattr(version, name) for name in kind.days]
    return sorted({day for day in days if day and today < day <= as_of})


@cache
def _version(names: tuple[str, ...]) -> Any:
    return namedtuple("Version", names)


def _rows(
    kind: RecordHistory, as_of: date, narrow: Q | None, since: datetime | None, names: tuple[str, ...]
) -> Iterator[tuple[Any, ...]]:
    """Each version: its moment, that of the next one, its number, its record, `names` of it and of the one before.

    A record's versions are in the order in which they were stored: where the clock was put back meanwhile, none is
    earlier than the one before it.
    """
    history = kind.history()
    frame: dict[str, Any] = {"partition_by": F("id"), "order_by": F("history_id").asc()}
    versions = history.filter(history_date__lt=beginning(as_of + timedelta(days=1)))
    # Whole records, not only the versions that fit: what a record was before decides whether it arrived or changed.
    for condition in filter(None, (narrow, _touched(kind, since))):
        versions = versions.filter(id__in=history.filter(condition).order_by().values("id"))
    expressions = [kind.lookup(name) for name in names]
    rows = versions.annotate(
        shown=Case(When(narrow, then=1), default=0) if narrow else Value(1),
        moment=Window(Max("history_date"), **frame),
        following=Window(Lead("history_date"), **frame),
    )
    earlier = [Window(Lag(expression), **frame) for expression in expressions]
    ordered = rows.order_by("moment", "history_id").values_list(
        "moment", "following", "history_id", "id", *expressions, *earlier
    )
    return ordered.iterator(chunk_size=CHUNK)


def _touched(kind: RecordHistory, since: datetime | None) -> Q | None:
    """The versions that were stored or whose day came from `since` on; None for all."""
    if since is None:
        return None
    day = timezone.localdate(since)
    return reduce(or_, (Q(**{f"{name}__gte": day}) for name in kind.days), Q(history_date__gte=since))


def _verdicts() -> QuerySet[Any]:
    """The history of official verdicts with what was last known of their targets, which may be gone."""
    target = Target.history.filter(id=OuterRef("target_id")).order_by("-history_id")
    of_target = {"code": "indicator__code", "target_decided_on": "decided_on"}
    of_target |= {name: name for name in ("indicator", "term", "first_year", "last_year", "basis")}
    return OfficialVerdict.history.annotate(
        **{name: Subquery(target.values(lookup)[:1]) for name, lookup in of_target.items()}
    )


FIGURE = RecordHistory(
    "figure",
    lambda: without_withdrawn(public_moments(Figure.history.all())),
    table_named("figures").column_names,
    ("published_on",),
    further=("state",),
    lookups=table_named("figures").lookups,
)
TARGET = RecordHistory(
    "target",
    lambda: Target.history.filter(earlier_of__isnull=True),
    table_named("targets").column_names,
    ("decided_on",),
    "replaced_on",
    "shown_until",
    further=("shown_until",),
    lookups=table_named("targets").lookups,
)
AGGREGATE = RecordHistory(
    "aggregate",
    Aggregate.history.all,
    table_named("aggregates").column_names,
    ("published_on",),
    lookups=table_named("aggregates").lookups,
)
VERDICT = RecordHistory(
    "verdict",
    _verdicts,
    ("indicator", "first_year", "last_year", "verdict", "reason", "decided_on"),
    ("decided_on", "target_decided_on"),
    further=("target_decided_on", "basis"),
    lookups={"indicator": "code"},
)

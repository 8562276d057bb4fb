"""EXPORT: what was changed in public figures, targets, averages and official verdicts, and when; never by whom.

The history of a record goes back to its first draft. Here only its public moments are told: that it became public, what
changed while it was, that it was taken back.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from heapq import merge
from typing import Any, NamedTuple

from django.db.models import F, QuerySet, Window
from django.db.models.functions import Lag
from django.utils import timezone

from ..models import Aggregate, Figure, OfficialVerdict, State, Target
from ..models.figures import public_moments
from ..notation.csv_writing import Cell
from ..package.public import CHUNK, table_named
from ..periods import Period, span_code
from .asked import Asked

CHANGES_COLUMNS = (
    "changed_on",
    "record",
    "change",
    "indicator",
    "period",
    "status",
    "known_from",
    "source",
    "field",
    "before",
    "after",
)

Values = dict[str, Any]


class _Kind(NamedTuple):
    """How the history of one model is read: by which fields, and what of it is public on a day."""

    record: str
    fields: tuple[str, ...]
    is_public: Callable[[Values, date], bool]
    told: Callable[[Values], str]
    known_from: str
    period: Callable[[Values], str]
    status: str = "status"
    owner: str = ""

    def lookup(self, name: str) -> str:
        """What reads a field from the history; what does not stand in the record itself is its `owner`'s."""
        if self.owner and name in ("indicator", "first_year", "last_year"):
            name = f"{self.owner}__{name}"
        return f"{name}__code" if name.endswith(("indicator", "term", "source")) else name


class Change(NamedTuple):
    """What happened to one field of a record that is public, and when. `key` tells it from every other change."""

    moment: datetime
    key: str
    record_id: int
    cells: tuple[Cell, ...]


def change_rows(asked: Asked) -> Iterator[tuple[Cell, ...]]:
    """One row per change, oldest first, in the columns of CHANGES_COLUMNS; memory stays flat."""
    for change in public_changes(asked):
        yield timezone.localtime(change.moment).date(), *change.cells


def public_changes(asked: Asked, since: datetime | None = None) -> Iterator[Change]:
    """Every change from `since` on, oldest first; its cells are in the columns of CHANGES_COLUMNS after the day."""
    figures = public_moments(Figure.history.filter(**asked.of_indicators, **asked.within_term("year", "year")))
    targets = Target.history.filter(**asked.of_indicators, **({"term": asked.term} if asked.term else {}))
    aggregates = Aggregate.history.filter(**asked.of_indicators, **asked.within_term("first_year", "last_year"))
    about = asked.of_indicators | ({"term": asked.term} if asked.term else {})
    verdicts = OfficialVerdict.history.filter(**{f"target__{name}": value for name, value in about.items()})
    histories = ((figures, _FIGURE), (targets, _TARGET), (aggregates, _AGGREGATE), (verdicts, _VERDICT))
    streams = [_changes(history, kind, asked.as_of, since) for history, kind in histories]
    return merge(*streams, key=lambda change: change.moment)


def _changes(history: QuerySet[Any], kind: _Kind, as_of: date, since: datetime | None) -> Iterator[Change]:
    if since:
        history = history.filter(id__in=history.filter(history_date__gte=since).order_by().values("id"))
    for moment, version, pk, before, after in _versions(history, kind, as_of):
        if since and moment < since:
            continue
        was, now = (one if kind.is_public(one, as_of) else None for one in (before, after))
        for change, field in _told(was, now, kind):
            known = now or was or {}
            yield Change(
                moment,
                f"{kind.record}-{version}-{field}",
                pk,
                (
                    kind.record,
                    change,
                    known["indicator"],
                    kind.period(known),
                    known[kind.status],
                    known[kind.known_from],
                    known.get("source"),
                    field,
                    was[field] if was else None,
                    now[field] if now else None,
                ),
            )


def _told(was: Values | None, now: Values | None, kind: _Kind) -> list[tuple[str, str]]:
    """Each change with the field it is told by."""
    if was and now:
        return [("changed", name) for name in kind.fields if was[name] != now[name]]
    if now:
        return [("published", kind.told(now))]
    return [("withdrawn", kind.told(was))] if was else []


def _versions(history: QuerySet[Any], kind: _Kind, as_of: date) -> Iterator[tuple[datetime, int, int, Values, Values]]:
    """The moment of each version, its number and its record, with the values before and after it by the name of the
    field, in order of time."""
    end = timezone.make_aware(datetime.combine(as_of + timedelta(days=1), time.min))
    frame: dict[str, Any] = {"partition_by": F("id"), "order_by": F("history_id").asc()}
    names = ["history_type", *kind.fields]
    lookups = [kind.lookup(name) for name in names]
    earlier = [Window(Lag(lookup), **frame) for lookup in lookups]
    rows = history.filter(history_date__lt=end).order_by("history_date", "history_id")
    told = rows.values_list("history_date", "history_id", "id", *lookups, *earlier)
    for moment, version, pk, *both in told.iterator(chunk_size=CHUNK):
        after, before = both[: len(names)], both[len(names) :]
        yield moment, version, pk, dict(zip(names, before, strict=True)), dict(zip(names, after, strict=True))


def _figure_is_public(one: Values, as_of: date) -> bool:
    return _exists(one) and one["state"] == State.APPROVED and one["published_on"] <= as_of


def _aggregate_is_public(one: Values, as_of: date) -> bool:
    return _exists(one) and one["published_on"] <= as_of


def _is_decided(one: Values, as_of: date) -> bool:
    return _exists(one) and one["indicator"] is not None and one["decided_on"] <= as_of


def _exists(one: Values) -> bool:
    """Not before the first version, and not after the record was deleted."""
    return one["history_type"] not in (None, "-")


def _words_of_target(one: Values) -> str:
    return next((name for name in ("as_written_vi", "low", "high") if one[name] not in (None, "")), "as_written_vi")


_FIGURE = _Kind(
    "figure",
    (*table_named("figures").column_names, "state"),
    _figure_is_public,
    lambda one: "value",
    "published_on",
    lambda one: Period(one["year"], one["through_month"]).code,
)
_TARGET = _Kind(
    "target",
    table_named("targets").column_names,
    _is_decided,
    _words_of_target,
    "decided_on",
    lambda one: span_code(one["first_year"], one["last_year"]),
)
_AGGREGATE = _Kind(
    "aggregate",
    table_named("aggregates").column_names,
    _aggregate_is_public,
    lambda one: "value",
    "published_on",
    lambda one: span_code(one["first_year"], one["last_year"]),
)
_VERDICT = _Kind(
    "verdict",
    ("indicator", "first_year", "last_year", "verdict", "reason", "decided_on"),
    _is_decided,
    lambda one: "verdict",
    "decided_on",
    lambda one: span_code(one["first_year"], one["last_year"]),
    status="verdict",
    owner="target",
)

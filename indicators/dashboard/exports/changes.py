"""What the public saw change in figures, targets, averages and official verdicts, and when; never by whom.

One row for each field, in the words of the data package.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone

from ...public.history import (
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
from ...text.csv_writer import Cell
from ...text.periods import Period, span_code
from ..report_selection import ReportSelection

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
_CHANGE = {ChangeKind.CHANGED: "changed"}
_CHANGE |= dict.fromkeys((ChangeKind.PUBLISHED, ChangeKind.BACK, ChangeKind.ARRIVED), "published")
_CHANGE |= dict.fromkeys((ChangeKind.WITHDRAWN, ChangeKind.REMOVED, ChangeKind.LEFT), "withdrawn")


class FieldChange(NamedTuple):
    """What happened to one field of a record that is public, and when. `key` tells it from every other change."""

    moment: datetime
    key: str
    record_id: int
    cells: tuple[Cell, ...]


def change_rows(selection: ReportSelection) -> Iterator[tuple[Cell, ...]]:
    """One row per change, oldest first, in the columns of CHANGES_COLUMNS; memory stays flat."""
    for change in public_changes(selection):
        yield timezone.localtime(change.moment).date(), *change.cells


def public_changes(selection: ReportSelection, since: datetime | None = None) -> Iterator[FieldChange]:
    """Every change from `since` on, oldest first; its cells are in the columns of CHANGES_COLUMNS after the day."""
    about, of_term = Q(**selection.indicator_lookup), Q(term=selection.term.pk) if selection.term else Q()
    narrow = {
        FIGURE: about & Q(**selection.within_term("year", "year")),
        TARGET: about & of_term,
        AGGREGATE: about & Q(**selection.within_term("first_year", "last_year")),
        VERDICT: about & of_term,
    }
    histories = (public_history(kind, selection.as_of, narrow=narrow[kind], since=since) for kind in narrow)
    for moment in in_order(*histories):
        yield from _field_changes(moment)


def _field_changes(moment: PublicChange) -> Iterator[FieldChange]:
    change, kind = _CHANGE[moment.what], moment.kind
    before, after = None if change == "published" else moment.before, moment.after
    version: Any = after or before
    # Of one version there may be two changes: when it was stored, and when its day came.
    suffix = f"-{moment.day}" if moment.day else ""
    for field in _fields(before, after, kind):
        cells = (
            kind.name,
            change,
            version.indicator,
            _period(version),
            version.verdict if kind is VERDICT else version.status,
            getattr(version, kind.known_from[0]),
            getattr(version, "source", None),
            field,
            getattr(before, field, None),
            getattr(after, field, None),
        )
        yield FieldChange(moment.at, f"{kind.name}-{moment.number}-{field}{suffix}", moment.record_id, cells)


def _fields(before: Any, after: Any, kind: RecordHistory) -> list[str]:
    """The fields that changed; of a record that was published or withdrawn the one that says most."""
    if before and after:
        return [name for name in kind.fields if getattr(before, name) != getattr(after, name)]
    if kind is TARGET:
        names = ("as_written_vi", "low", "high")
        return [next((name for name in names if getattr(after or before, name) not in (None, "")), names[0])]
    return ["verdict" if kind is VERDICT else "value"]


def _period(version: Any) -> str:
    if hasattr(version, "through_month"):
        return Period(version.year, version.through_month).code
    return span_code(version.first_year, version.last_year)

"""HTTP: the observations of each dataflow on a day, by component. What is in force counts; nothing else has a place."""

from collections.abc import Callable, Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from ...models import Figure, Target
from ...models.targets import Bound
from ...public.records import CHUNK
from ...text.numbers import plain
from ...text.periods import FULL_YEAR
from .structures import FIGURES, OBS_STATUS_OF, TARGETS, Flow, unit_code

Observation = dict[str, Any]

_FIGURE = (
    "indicator__code", "indicator__kind", "indicator__unit_vi", "indicator__decimals", "year", "through_month", "value",
    "status", "qualifier", "series_break", "published_on", "source__code", "note",
)  # fmt: skip


def observations(flow: Flow, day: date, indicators: Collection[str] = ()) -> Iterator[Observation]:
    """Each observation by the ids of its components; of `indicators` alone where some are named."""
    return _OF[flow.id](day, {"indicator__code__in": indicators} if indicators else {})


def _figures(day: date, wanted: dict[str, Any]) -> Iterator[Observation]:
    figures = Figure.objects.filter(**wanted).in_force(day)
    ordered = figures.order_by("indicator__code", "year", "through_month").values_list(*_FIGURE)
    rows = ordered.iterator(chunk_size=CHUNK)
    for code, kind, unit, decimals, year, month, value, status, qualifier, is_break, published, source, note in rows:
        yield {
            "FREQ": "A" if month == FULL_YEAR else "M",
            "INDICATOR": code,
            "TIME_PERIOD": str(year) if month == FULL_YEAR else f"{year}-{month:02}",
            "OBS_VALUE": exact(value),
            "UNIT_MEASURE": unit_code(unit),
            "DECIMALS": decimals,
            "TIME_COVERAGE": _coverage(kind, month),
            "OBS_STATUS": OBS_STATUS_OF[status],
            "FIGURE_STATUS": status,
            "QUALIFIER": qualifier,
            "SERIES_BREAK": is_break,
            "PUBLISHED_ON": published.isoformat(),
            "SOURCE": source,
            "COMMENT_OBS": note or None,
        }


def _coverage(kind: str, month: int) -> str:
    if kind in ("level", "rank"):
        return "END"
    return "YEAR" if month == FULL_YEAR else "TO_DATE"


def _targets(day: date, wanted: dict[str, Any]) -> Iterator[Observation]:
    """Of targets that differ in nothing but the day they were decided, the latest speaks."""
    targets = Target.objects.filter(**wanted).in_force(day)
    latest: dict[tuple[Any, ...], Target] = {}
    for one in targets.select_related("indicator", "term", "source").order_by(
        "indicator__code", "last_year", "decided_on"
    ):
        latest[one.indicator_id, one.term_id, one.scope, one.status, one.first_year, one.last_year] = one
    for one in latest.values():
        shared = _of_target(one)
        for limit, value in (("LOW", one.low), ("HIGH", one.high)):
            if value is not None:
                yield {**shared, "LIMIT": limit, "OBS_VALUE": exact(value)}
        if one.bound == Bound.PARTS:
            yield {**shared, "LIMIT": "_Z", "OBS_VALUE": None}


def _of_target(one: Target) -> Observation:
    return {
        "INDICATOR": one.indicator.code,
        "TERM": one.term.code,
        "SCOPE": one.scope,
        "TARGET_STATUS": one.status,
        "FIRST_YEAR": str(one.first_year),
        "TIME_PERIOD": str(one.last_year),
        "UNIT_MEASURE": unit_code(one.indicator.unit_vi),
        "DECIMALS": one.indicator.decimals,
        "BOUND": one.bound,
        "BASIS": one.basis,
        "COUNTED": one.counted,
        "DECIDED_ON": one.decided_on.isoformat(),
        "AS_WRITTEN": one.as_written_vi or None,
        "SOURCE": one.source.code,
        "COMMENT_OBS": one.note or None,
    }


def exact(value: Decimal) -> Decimal:
    """The digits that the CSV reports have."""
    return Decimal(plain(value))


_OF: dict[str, Callable[[date, dict[str, Any]], Iterator[Observation]]] = {FIGURES.id: _figures, TARGETS.id: _targets}

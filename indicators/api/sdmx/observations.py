"""The observations of each dataflow on a day, by component. What is in force counts; nothing else has a place."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from ...models import Figure, Target
from ...models.targets import Bound
from ...public.records import CHUNK
from ...text.periods import FULL_YEAR
from ..schemas import exact
from .structures import FIGURES, OBS_STATUS_OF, Flow, unit_code

Observation = dict[str, Any]

_FIGURE_LOOKUPS = (
    "indicator__code", "indicator__kind", "indicator__unit_vi", "indicator__decimals", "year", "through_month", "value",
    "status", "qualifier", "series_break", "published_on", "source__code", "note",
)  # fmt: skip


def observations(flow: Flow, day: date, indicators: Collection[str] = ()) -> Iterator[Observation]:
    """Each observation by the ids of its components; of `indicators` alone where some are named."""
    of_indicators = {"indicator__code__in": indicators} if indicators else {}
    return _figures(day, of_indicators) if flow is FIGURES else _targets(day, of_indicators)


def _figures(day: date, of_indicators: dict[str, Any]) -> Iterator[Observation]:
    figures = Figure.objects.filter(**of_indicators).in_force(day)
    # Plain values and a chunk at a time: there may be a million figures, and the answer is sent while it is read.
    rows = figures.order_by("indicator__code", "year", "through_month").values_list(*_FIGURE_LOOKUPS)
    for (
        code,
        kind,
        unit,
        decimals,
        year,
        month,
        value,
        status,
        qualifier,
        is_break,
        published,
        source,
        note,
    ) in rows.iterator(chunk_size=CHUNK):
        of_whole_year = month == FULL_YEAR
        yield {
            "FREQ": "A" if of_whole_year else "M",
            "INDICATOR": code,
            "TIME_PERIOD": str(year) if of_whole_year else f"{year}-{month:02}",
            "OBS_VALUE": exact(value),
            "UNIT_MEASURE": unit_code(unit),
            "DECIMALS": decimals,
            "TIME_COVERAGE": "END" if kind in ("level", "rank") else "YEAR" if of_whole_year else "TO_DATE",
            "OBS_STATUS": OBS_STATUS_OF[status],
            "FIGURE_STATUS": status,
            "QUALIFIER": qualifier,
            "SERIES_BREAK": is_break,
            "PUBLISHED_ON": published.isoformat(),
            "SOURCE": source,
            "COMMENT_OBS": note or None,
        }


def _targets(day: date, of_indicators: dict[str, Any]) -> Iterator[Observation]:
    """Of targets that differ in nothing but the day they were decided, the latest speaks."""
    targets = Target.objects.filter(**of_indicators).in_force(day).select_related("indicator", "term", "source")
    latest: dict[tuple[Any, ...], Target] = {}
    for target in targets.order_by("indicator__code", "last_year", "decided_on"):
        series = (target.indicator_id, target.term_id, target.scope, target.status, target.first_year, target.last_year)
        latest[series] = target
    for target in latest.values():
        shared = {
            "INDICATOR": target.indicator.code,
            "TERM": target.term.code,
            "SCOPE": target.scope,
            "TARGET_STATUS": target.status,
            "FIRST_YEAR": str(target.first_year),
            "TIME_PERIOD": str(target.last_year),
            "UNIT_MEASURE": unit_code(target.indicator.unit_vi),
            "DECIMALS": target.indicator.decimals,
            "BOUND": target.bound,
            "BASIS": target.basis,
            "COUNTED": target.counted,
            "DECIDED_ON": target.decided_on.isoformat(),
            "AS_WRITTEN": target.as_written_vi or None,
            "SOURCE": target.source.code,
            "COMMENT_OBS": target.note or None,
        }
        # SDMX knows no range: each bound is an observation of its own.
        for limit, value in (("LOW", target.low), ("HIGH", target.high)):
            if value is not None:
                yield {**shared, "LIMIT": limit, "OBS_VALUE": exact(value)}
        if target.bound == Bound.PARTS:
            yield {**shared, "LIMIT": "_Z", "OBS_VALUE": None}

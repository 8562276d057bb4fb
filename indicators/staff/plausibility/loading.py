"""What is known, from the database."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from ...models import Figure, Indicator, Target
from ...models.figures import Qualifier
from ...models.targets import Scope
from ...queries.progress import firmness
from ...text.periods import Period
from .context import Context


class Published(Protocol):
    """A figure, from the database or as a fact of the judgement."""

    @property
    def value(self) -> Decimal | None: ...
    @property
    def series_break(self) -> bool: ...


def contexts(
    indicators: Iterable[Indicator], period: Period, as_of: date, without: Collection[int] = ()
) -> dict[int, Context]:
    """What is known on `as_of` for a value of `period` of each of `indicators`, by primary key; three queries.

    `without` are the figures to leave aside, by primary key: those being edited.
    """
    wanted = list(indicators)
    found = each_context([(one, period) for one in wanted], as_of, without)
    return {one.pk: context for one, context in zip(wanted, found, strict=True)}


def each_context(
    wanted: Sequence[tuple[Indicator, Period]], as_of: date, without: Collection[int] = ()
) -> Iterator[Context]:
    """What is known for a value of each indicator and period, one after the other; three queries for all of them."""
    indicators = {one.pk: one for one, _period in wanted}
    parts = _parts_of({one.parent_id for one in indicators.values() if one.parent_id})
    known = _known({*indicators, *(pk for parts_ in parts.values() for pk in parts_)}, as_of, without)
    targets = _targets(indicators, as_of)
    bounds = {target.indicator_id: target.main_edge for target in targets}
    plans = {(one.indicator_id, one.last_year): one for one in targets if one.scope == Scope.ANNUAL}
    for one, period in wanted:
        yield Context(
            comparable(known[one.pk], period),
            {pk: _exact_value(known[pk].get(period)) for pk in parts.get(one.parent_id or 0, ())},
            plans.get((one.pk, period.year)),
            bounds.get(one.pk),
        )


def comparable(figures: Mapping[Period, Published], period: Period) -> dict[Period, Decimal]:
    """The values of one indicator that no series break parts from a value of `period`."""
    breaks = [one.end for one, figure in figures.items() if figure.series_break]
    first = max((end for end in breaks if end <= period.end), default=0)
    next_one = min((end for end in breaks if end > period.end), default=None)
    return {
        one: figure.value
        for one, figure in figures.items()
        if figure.value is not None and first <= one.end and (next_one is None or one.end < next_one)
    }


def _parts_of(parents: set[int]) -> dict[int, list[int]]:
    parts: dict[int, list[int]] = defaultdict(list)
    for parent, pk in Indicator.objects.filter(parent__in=parents).order_by().values_list("parent_id", "pk"):
        parts[parent or 0].append(pk)
    return parts


def _known(indicators: set[int], as_of: date, without: Collection[int]) -> dict[int, dict[Period, Figure]]:
    known: dict[int, dict[Period, Figure]] = defaultdict(dict)
    others = Figure.objects.filter(indicator__in=indicators).exclude(pk__in=without)
    others = others.exclude(earlier_of__in=without)
    for figure in others.in_force(as_of):
        known[figure.indicator_id][figure.period] = figure
    return known


def _targets(indicators: Iterable[int], as_of: date) -> list[Target]:
    """The targets in force of these indicators that have a number; the firmest, of the last year, last."""
    targets = Target.objects.in_force(as_of).filter(indicator__in=list(indicators)).select_related("indicator")
    with_number = [target for target in targets if target.main_edge is not None]
    return sorted(with_number, key=lambda one: (one.last_year, firmness(one)))


def _exact_value(figure: Figure | None) -> Decimal | None:
    return figure.value if figure and figure.qualifier == Qualifier.EXACT else None

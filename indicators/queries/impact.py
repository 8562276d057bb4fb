"""What a typed figure would do once it is approved: which version would be in force, which verdicts would change."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.db.models import Q, QuerySet

from .. import assessment
from ..models import Aggregate, Figure, Indicator, Target
from .progress import NOTHING_IN_FORCE, ProgressRow, VersionsInForce, judge_targets, known_on, progress


@dataclass(frozen=True, slots=True)
class FigureImpact:
    """`in_force` is the version that would count for the period (None for an answer without a value), `is_own` whether it
    is the typed one; `displaced` the one that then gives way; `judged` are the rows of the targets concerned, before and
    after."""

    in_force: assessment.FigureFact | None
    is_own: bool
    displaced: assessment.FigureFact | None
    judged: tuple[tuple[ProgressRow, ProgressRow], ...]

    @property
    def changed(self) -> list[tuple[ProgressRow, ProgressRow]]:
        """The rows whose verdict would be another one."""
        return [(before, after) for before, after in self.judged if before.verdict.status != after.verdict.status]


def figure_impacts(figures: Sequence[Figure], as_of: date) -> dict[int, FigureImpact]:
    """What each of `figures` would do, all of them approved together, by primary key of the indicator.

    They need not be stored; one per indicator and period. The number of queries does not grow with theirs.
    """
    concerned = Indicator.objects.filter(pk__in={figure.indicator_id for figure in figures})
    family = _family(concerned)
    before = known_on(as_of, family)
    corrected = [figure.pk for figure in figures if figure.being_corrected]
    # A second reading only where something is corrected: mostly nothing is.
    without = known_on(as_of, family, corrected) if corrected else before
    after = before | {
        pk: _with(without.get(pk, NOTHING_IN_FORCE), [figure for figure in figures if figure.indicator_id == pk], as_of)
        for pk in {figure.indicator_id for figure in figures}
    }
    rows = _rows_by_indicator(family, before, after, as_of)
    return {
        figure.indicator_id: _impact(
            figure, before.get(figure.indicator_id, NOTHING_IN_FORCE), after[figure.indicator_id], rows
        )
        for figure in figures
    }


def impact_of_each(figures: Sequence[Figure], as_of: date) -> dict[int, FigureImpact]:
    """What each of `figures`, stored, would do if it alone were approved, by its primary key.

    Those of different families are judged together, which changes nothing for any of them; the number of queries grows
    only with how many there are of one family.
    """
    family = _family(Indicator.objects.filter(pk__in={figure.indicator_id for figure in figures}))
    before = known_on(as_of, family)
    corrected = [figure.pk for figure in figures if figure.being_corrected]
    without = known_on(as_of, family, corrected) if corrected else before
    in_force = Target.objects.in_force(as_of).filter(indicator__in=family)
    targets = list(in_force.with_everything().select_related("official_verdict"))
    impacts = {}
    for group in _of_different_families(figures):
        roots = {_root(figure.indicator) for figure in group}
        own_targets = [target for target in targets if _root(target.indicator) in roots]
        after = before | {figure.indicator_id: _with_one(before, without, figure, as_of) for figure in group}
        rows: dict[int, list[tuple[ProgressRow, ProgressRow]]] = defaultdict(list)
        pairs = zip(*(judge_targets(own_targets, as_of, versions) for versions in (before, after)), strict=True)
        for row, row_after in pairs:
            rows[row.target.indicator_id].append((row, row_after))
        for figure in group:
            until_then = before.get(figure.indicator_id, NOTHING_IN_FORCE)
            impacts[figure.pk] = _impact(figure, until_then, after[figure.indicator_id], rows)
    return impacts


def _root(indicator: Indicator) -> int:
    return indicator.parent_id or indicator.pk


def _of_different_families(figures: Sequence[Figure]) -> list[list[Figure]]:
    """The figures in groups that have at most one of each family."""
    groups: list[list[Figure]] = []
    counts: dict[int, int] = defaultdict(int)
    for figure in figures:
        place = counts[_root(figure.indicator)]
        counts[_root(figure.indicator)] += 1
        if place == len(groups):
            groups.append([])
        groups[place].append(figure)
    return groups


def _with_one(
    before: Mapping[int, VersionsInForce], without: Mapping[int, VersionsInForce], figure: Figure, as_of: date
) -> VersionsInForce:
    """What is in force of its indicator, as if `figure` were approved and what it corrects had gone."""
    versions = before.get(figure.indicator_id, NOTHING_IN_FORCE)
    if figure.being_corrected:
        others = {period: fact for period, fact in versions.figures.items() if period != figure.period}
        own = without.get(figure.indicator_id, NOTHING_IN_FORCE).figures.get(figure.period)
        versions = VersionsInForce(others | ({figure.period: own} if own else {}), versions.aggregates)
    return _with(versions, [figure], as_of)


def aggregate_impact(aggregate: Aggregate, as_of: date) -> list[tuple[ProgressRow, ProgressRow]]:
    """The rows whose verdict would be another one with this average or total, stored or not, before and after."""
    indicator = aggregate.indicator_id
    family = _family(Indicator.objects.filter(pk=indicator))
    before = known_on(as_of, family)
    # Not among them as it is stored: the typed version takes its place.
    others = Aggregate.objects.published(as_of).filter(indicator=indicator).exclude(pk=aggregate.pk)
    candidates = [aggregate_fact(version) for version in (*others.select_related("source"), aggregate)]
    versions = VersionsInForce(
        before.get(indicator, NOTHING_IN_FORCE).figures, assessment.aggregates_in_force(candidates, as_of)
    )
    rows = _rows_by_indicator(family, before, before | {indicator: versions}, as_of)
    pairs = chain.from_iterable(rows.values())
    return [(was, now) for was, now in pairs if was.verdict.status != now.verdict.status]


def aggregate_fact(aggregate: Aggregate) -> assessment.AggregateFact:
    """A stored or typed average or total as the judgement sees it."""
    return assessment.AggregateFact(
        aggregate.first_year,
        aggregate.last_year,
        aggregate.measure,
        aggregate.value,
        aggregate.qualifier,
        aggregate.status,
        aggregate.published_on,
        aggregate.source.code,
        aggregate.source.reliability,
    )


def _family(concerned: QuerySet[Indicator]) -> QuerySet[Indicator]:
    """The indicators themselves, the parents that their parts decide, and those parents' other parts."""
    parents = Indicator.objects.filter(judged_by_parts=True, parts__in=concerned)
    return Indicator.objects.filter(Q(pk__in=concerned) | Q(pk__in=parents) | Q(parent__in=parents))


def _with(versions: VersionsInForce, figures: Sequence[Figure], as_of: date) -> VersionsInForce:
    """`versions` as if `figures` were approved: what is in force stays so unless one of them comes before it."""
    candidates = [*versions.figures.values(), *map(figure_fact, figures)]
    return VersionsInForce(assessment.figures_in_force(candidates, as_of), versions.aggregates)


def figure_fact(figure: Figure) -> assessment.FigureFact:
    """A stored or typed figure as the judgement sees it."""
    return assessment.FigureFact(
        figure.year,
        figure.through_month,
        figure.value,
        figure.qualifier,
        figure.status,
        figure.published_on,
        figure.series_break,
        figure.source.code,
        figure.source.reliability,
    )


def _rows_by_indicator(
    family: QuerySet[Indicator],
    before: Mapping[int, VersionsInForce],
    after: Mapping[int, VersionsInForce],
    as_of: date,
) -> dict[int, list[tuple[ProgressRow, ProgressRow]]]:
    targets = Target.objects.filter(indicator__in=family)
    rows: dict[int, list[tuple[ProgressRow, ProgressRow]]] = defaultdict(list)
    # The same targets in the same order, so that each row meets itself.
    pairs = zip(progress(as_of, targets, dict(before)), progress(as_of, targets, dict(after)), strict=True)
    for row, row_after in pairs:
        rows[row.target.indicator_id].append((row, row_after))
    return rows


def _impact(
    figure: Figure,
    before: VersionsInForce,
    after: VersionsInForce,
    rows: Mapping[int, list[tuple[ProgressRow, ProgressRow]]],
) -> FigureImpact:
    in_force, until_then = after.figures.get(figure.period), before.figures.get(figure.period)
    parent = figure.indicator.parent_id
    judged = [*rows.get(figure.indicator_id, ()), *(rows.get(parent, ()) if parent else ())]
    is_own = in_force == figure_fact(figure)
    return FigureImpact(in_force, is_own, until_then if is_own else None, tuple(judged))

"""What is stored → judged rows, in a number of queries that does not grow with the number of targets."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from django.db.models import QuerySet

from .. import assessment
from ..assessment import Verdict
from ..assessment.facts import AggregatesInForce, FiguresInForce
from ..models import Aggregate, Figure, Indicator, OfficialVerdict, Target
from ..text.periods import end_of_year

_SOURCE = ("source__code", "source__reliability")
_FIGURE = ("year", "through_month", "value", "qualifier", "status", "published_on", "series_break", *_SOURCE)
_AGGREGATE = ("first_year", "last_year", "measure", "value", "qualifier", "status", "published_on", *_SOURCE)


@dataclass(frozen=True, slots=True)
class VersionsInForce:
    """What had been published of one indicator on a day: the versions in force."""

    figures: FiguresInForce
    aggregates: AggregatesInForce

    def up_to(self, year: int) -> list[assessment.FigureFact]:
        """The figures in force up to the end of `year`, oldest first."""
        end = end_of_year(year)
        return sorted((figure for figure in self.figures.values() if figure.end <= end), key=lambda figure: figure.end)

    def latest(self, year: int) -> assessment.FigureFact | None:
        """The figure of the latest period in force up to the end of `year`."""
        return max((f for f in self.figures.values() if f.end <= end_of_year(year)), key=lambda f: f.end, default=None)


NOTHING_IN_FORCE = VersionsInForce({}, {})


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One target, its computed verdict, the official one of that day (or None), and its indicator's versions in force."""

    target: Target
    verdict: Verdict
    official: OfficialVerdict | None
    versions: VersionsInForce
    parts: "tuple[ProgressRow | None, ...]" = ()
    part_indicators: tuple[Indicator, ...] = ()

    @property
    def latest(self) -> assessment.FigureFact | None:
        return self.versions.latest(self.target.last_year)

    @property
    def counts_as(self) -> str:
        """The verdict that counts in x/N: the official one where there is one (§7)."""
        return self.official.verdict if self.official else str(self.verdict.status)


def progress(
    as_of: date, targets: QuerySet[Target] | None = None, versions: dict[int, VersionsInForce] | None = None
) -> list[ProgressRow]:
    """One row per target in force on `as_of`, in the order of the official tables; all of them, or those of `targets`.

    `versions` is what `known_on` gives for their indicators and parts, where the caller has it already.
    """
    in_force = Target.objects.in_force(as_of) if targets is None else targets.in_force(as_of)  # type: ignore[attr-defined]
    return judge_targets(
        list(in_force.with_everything().select_related("official_verdict", "earlier_of__official_verdict")),
        as_of,
        versions,
    )


def judge_targets(
    targets: list[Target], as_of: date, versions: dict[int, VersionsInForce] | None = None
) -> list[ProgressRow]:
    """The rows of targets in force on `as_of` that have been read with everything; the rest as in `progress`."""
    # By key: on a database without statistics, the targets' own query nested here has run for minutes.
    indicators = Indicator.objects.filter(pk__in={target.indicator_id for target in targets})
    facts = known_on(as_of, indicators) if versions is None else versions
    parts, official = _parts_of(as_of, targets, versions), official_on(as_of, targets)
    return [
        _progress_row(
            target,
            facts.get(target.indicator_id, NOTHING_IN_FORCE),
            as_of,
            parts.get(target.indicator_id, {}),
            official.get(target.number),
        )
        for target in targets
    ]


def official_on(as_of: date, targets: Iterable[Target]) -> dict[int, OfficialVerdict]:
    """The official verdict of each target, by its number, as it was on `as_of`: the present one, or the one it replaced since."""
    present = {
        target.number: verdict
        for target in targets
        if (verdict := getattr(target.earlier_of or target, "official_verdict", None))
    }
    # Only the present verdict hangs on the target; what it said before stands in the history alone.
    later = [pk for pk, verdict in present.items() if verdict.decided_on > as_of]
    if later:
        earlier = OfficialVerdict.history.filter(target__in=later, decided_on__lte=as_of).exclude(history_type="-")
        present |= {version.target_id: version.instance for version in earlier.order_by("decided_on", "history_date")}
    return {pk: verdict for pk, verdict in present.items() if verdict.decided_on <= as_of}


def known_on(
    as_of: date, indicators: QuerySet[Indicator], corrected: Collection[int] = ()
) -> dict[int, VersionsInForce]:
    """What had been published of each of `indicators`, by primary key; two queries.

    `corrected` are figures (primary keys) that are to be replaced: what still stands of them is left out.
    """
    ids = indicators.order_by().values("pk")
    figures = Figure.objects.published(as_of).filter(indicator__in=ids)
    # A typed correction is judged as if what it replaces had gone.
    if corrected:
        figures = figures.exclude(earlier_of__in=corrected)
    aggregates = Aggregate.objects.published(as_of).filter(indicator__in=ids)
    figures_of = _in_force(figures, _FIGURE, assessment.FigureFact, assessment.figures_in_force, as_of)
    aggregates_of = _in_force(aggregates, _AGGREGATE, assessment.AggregateFact, assessment.aggregates_in_force, as_of)
    return {
        pk: VersionsInForce(figures_of.get(pk, {}), aggregates_of.get(pk, {}))
        for pk in figures_of.keys() | aggregates_of.keys()
    }


def versions_in_force(figures: Iterable[Figure], aggregates: Iterable[Aggregate], as_of: date) -> VersionsInForce:
    """What was in force of one indicator, from its published records that the caller has read with their sources."""
    return VersionsInForce(
        assessment.figures_in_force(map(assessment.FigureFact._make, map(_read_figure, figures)), as_of),
        assessment.aggregates_in_force(map(assessment.AggregateFact._make, map(_read_aggregate, aggregates)), as_of),
    )


_read_figure, _read_aggregate = (
    attrgetter(*(name.replace("__", ".") for name in names)) for names in (_FIGURE, _AGGREGATE)
)


def _in_force(
    versions: QuerySet[Any], names: tuple[str, ...], fact: Any, choose: Callable[..., Any], as_of: date
) -> dict[int, Any]:
    """What `choose` finds in the versions of each indicator; one indicator is in hand at a time, as all the versions
    of a province may be a million, and few of them are in force."""
    # One indicator after another, as groupby joins only neighbours.
    rows = versions.order_by("indicator_id").values_list("indicator_id", *names).iterator(chunk_size=2000)
    return {
        pk: choose((fact._make(values) for _pk, *values in versions_of), as_of)
        for pk, versions_of in groupby(rows, key=itemgetter(0))
    }


def _parts_of(
    as_of: date, targets: list[Target], versions: dict[int, VersionsInForce] | None
) -> dict[int, dict[Indicator, list[ProgressRow]]]:
    """The parts of each parent that is judged by them, in order, with the rows of their targets; no query without any."""
    parents = {target.indicator_id for target in targets if target.indicator.judged_by_parts}
    parts: dict[int, dict[Indicator, list[ProgressRow]]] = {pk: {} for pk in parents}
    if parents:
        for part in Indicator.objects.filter(parent__in=parents):
            parts[part.parent_id or 0][part] = []
        for row in progress(as_of, Target.objects.filter(indicator__parent__in=parents), versions):
            parts[row.target.indicator.parent_id or 0][row.target.indicator].append(row)
    return parts


def _progress_row(
    target: Target,
    versions: VersionsInForce,
    as_of: date,
    parts: dict[Indicator, list[ProgressRow]],
    official: OfficialVerdict | None,
) -> ProgressRow:
    if not target.indicator.judged_by_parts:
        verdict = assessment.judge_in_force(target_fact(target), versions.figures, versions.aggregates, as_of)
        return ProgressRow(target, verdict, official, versions)
    rows = tuple(_leading_row(target, rows_of_part) for rows_of_part in parts.values())
    verdict = assessment.judge_by_parts([row.verdict if row else None for row in rows])
    return ProgressRow(target, verdict, official, versions, rows, tuple(parts))


def _leading_row(target: Target, rows: list[ProgressRow]) -> ProgressRow | None:
    """The row of a part's own target with the same term, scope and years: adopted before draft, then the latest (§6)."""
    same = [row for row in rows if _frame(row.target) == _frame(target)]
    return max(same, key=lambda row: row.target.firmness, default=None)


def _frame(target: Target) -> tuple:
    return target.term_id, target.scope, target.first_year, target.last_year


def target_fact(target: Target) -> assessment.TargetFact:
    """The target as the judgement sees it."""
    indicator = target.indicator
    return assessment.TargetFact(
        first_year=target.first_year,
        last_year=target.last_year,
        baseline_year=target.baseline_year,
        bound=target.bound,
        low=target.low,
        high=target.high,
        basis=target.basis,
        kind=indicator.kind,
        better=indicator.better,
        path=indicator.path,
    )

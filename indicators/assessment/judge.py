"""The order of the questions (§3), final verdicts (§4), and verdicts by parts (§6)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from ..text.periods import Period
from .bounds import Bounds
from .facts import (
    AggregateFact,
    AggregatesInForce,
    FigureFact,
    FiguresInForce,
    TargetFact,
    aggregates_in_force,
    figures_in_force,
)
from .levels import judge_level, judge_rank
from .measure import Measured, measure, overtaken, single
from .pace import judge_pace
from .verdict import GRACE_MONTHS, WORST_FIRST, Reason, Status, Verdict, VerdictDetails, no_data, refuse


def judge(
    target: TargetFact, figures: Iterable[FigureFact], aggregates: Iterable[AggregateFact], as_of: date
) -> Verdict:
    """The verdict on `target` from every approved version, by what had been published on `as_of`."""
    return judge_in_force(target, figures_in_force(figures, as_of), aggregates_in_force(aggregates, as_of), as_of)


def judge_in_force(target: TargetFact, figures: FiguresInForce, aggregates: AggregatesInForce, as_of: date) -> Verdict:
    """The verdict on `target` from the versions in force on `as_of`."""
    if target.better == "none":
        return refuse(Reason.NO_DIRECTION)
    if _series_breaks(target, figures):
        return refuse(Reason.SERIES_BREAK)
    by_value = target.basis == "value" and target.kind in ("level", "rank")
    measured = _final_level(target, figures) if by_value else measure(target, figures, aggregates)
    # A mean of growth that cannot be computed is refused before anything is compared with it.
    if measured and measured.value is None:
        return refuse(Reason.NON_POSITIVE_VALUES, details=_details(target, measured))
    if measured and (status := _final_status(target, measured)):
        nearly = status == Status.MISSED and _nearly(target, measured)
        details = _details(target, measured)
        return Verdict(status, nearly=nearly, details=details, **measured.shown)  # type: ignore[arg-type]
    if as_of > _end_of_grace(target):
        return _unfinished(target, measured)
    if by_value:
        verdict = (judge_rank if target.kind == "rank" else judge_level)(target, figures, as_of)
    else:
        verdict = judge_pace(target, measured, figures, as_of)
    first_day, last_day = date(target.first_year, 1, 1), date(target.last_year, 12, 31)
    return verdict.at(awaiting=as_of > last_day, is_ahead=as_of < first_day)


def judge_by_parts(parts: Sequence[Verdict | None]) -> Verdict:
    """The worst of the parts' verdicts (§6); None stands for a part without a target of its own."""
    judged = [part for part in parts if part and not part.status.is_refusal]
    worst = next((status for status in WORST_FIRST if any(part.status == status for part in judged)), None)
    # A part that is missed decides whatever the rest brings; anything better could still be spoilt by an unknown part.
    if worst is None or (len(judged) < len(parts) and worst != Status.MISSED):
        return refuse(Reason.PARTS_UNJUDGED)
    return Verdict(
        worst,
        provisional=any(part.provisional for part in judged),
        approximate=any(part.approximate for part in judged),
    )


def _series_breaks(target: TargetFact, figures: FiguresInForce) -> bool:
    after = target.baseline.end
    return any(figure.series_break and after < figure.end <= target.end for figure in figures.values())


def _final_level(target: TargetFact, figures: FiguresInForce) -> Measured | None:
    figure = figures.get(Period(target.last_year))
    return single(figure, 12 * target.years) if figure else None


def _final_status(target: TargetFact, measured: Measured) -> Status | None:
    """The final verdict when the measured value is complete, or an early one that can no longer change (§4)."""
    assert measured.value is not None
    bounds = Bounds.of(target)
    status = bounds.final_status(measured.value, measured.qualifier)
    if measured.is_complete(target):
        return status
    if target.kind != "flow" or target.basis == "average" or bounds.limit is None:
        return None
    # A sum of what is not negative only grows: a floor reached stays reached, a ceiling broken stays broken.
    floor_is_met = target.better == "higher" and bounds.limit > 0 and status != Status.MISSED
    ceiling_is_broken = target.better == "lower" and status == Status.MISSED
    return status if floor_is_met or ceiling_is_broken else None


def _nearly(target: TargetFact, measured: Measured) -> bool:
    """Whether a missed value is "xấp xỉ đạt" (§7): never a rank, and never before the value is complete."""
    assert measured.value is not None
    complete = target.kind != "rank" and measured.is_complete(target)
    return complete and Bounds.of(target).nearly(measured.value, measured.qualifier)


def _end_of_grace(target: TargetFact) -> date:
    """30 June after the last year: until then a full-year figure may still be on its way (§1, ended)."""
    return date(target.last_year + 1, GRACE_MONTHS, 30)


def _unfinished(target: TargetFact, measured: Measured | None) -> Verdict:
    """The period is over and the full-year figures are not there (§3, 4)."""
    if target.basis == "value":
        return no_data(Reason.NO_FIGURE_FOR_TARGET_YEAR)
    if measured is None:
        return no_data(Reason.NO_FIGURE)
    return refuse(Reason.MISSING_YEARS, details=_details(target, measured), **measured.shown)


def _details(target: TargetFact, measured: Measured) -> VerdictDetails:
    bounds = Bounds.of(target)
    limit = bounds.limit if measured.value is None else bounds.near_side(measured.value, measured.qualifier)
    details = VerdictDetails(limit, measured.used, measured.months, measured.own_value)
    aggregate = measured.gave_way
    if aggregate is None or aggregate.value is None:
        return details
    return replace(
        details,
        gave_way=aggregate,
        gave_way_status=bounds.final_status(aggregate.value, aggregate.qualifier),
        is_overtaken=overtaken(aggregate, (version for version in measured.used if isinstance(version, FigureFact))),
    )

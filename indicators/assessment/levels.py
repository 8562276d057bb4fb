"""Verdicts on the way for levels and ranks by value (§5)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .bounds import TOLERANCE, Bounds, compare
from .facts import FigureFact, FiguresInForce, TargetFact
from .measure import HUNDRED, power, single
from .pace import is_stale, status_of_pace
from .verdict import TOO_EARLY, Reason, Status, Verdict, VerdictDetails, no_data, refuse


@dataclass(frozen=True, slots=True)
class _Position:
    """Where a level or rank stands: the latest figure, the baseline (or None), and what the verdict shows of them."""

    target: TargetFact
    bounds: Bounds
    latest: FigureFact
    baseline: FigureFact | None

    @property
    def value(self) -> Decimal:
        assert self.latest.value is not None
        return self.latest.value

    @property
    def is_met(self) -> bool:
        return self.bounds.met(self.value, self.latest.qualifier)

    @property
    def limit(self) -> Decimal:
        """T: for a band the side seen from the baseline, from the latest figure where there is none."""
        seen_from = self.baseline or self.latest
        assert seen_from.value is not None
        return self.bounds.near_side(seen_from.value, seen_from.qualifier)

    @property
    def years_left(self) -> Decimal:
        return Decimal(self.target.end - self.latest.end) / 12

    @property
    def shown(self) -> dict[str, Any]:
        details = VerdictDetails(self.limit, (self.latest,), baseline=self.baseline)
        return {**single(self.latest, 0).shown, "details": details}


def judge_level(target: TargetFact, figures: FiguresInForce, as_of: date) -> Verdict:
    """The verdict on a level whose target date has no figure yet."""
    position = _position(target, figures)
    if position is None:
        return no_data(Reason.NO_FIGURE)
    if is_stale(position.latest.end, as_of):
        return refuse(Reason.STALE, **position.shown)
    if position.is_met:
        return _while_met(position, _previous(position, figures))
    if position.baseline is None:
        return refuse(Reason.NO_BASELINE, needed_pace=_needed(position), **position.shown)
    if _too_early(position):
        return refuse(Reason.TOO_EARLY, **position.shown)
    return _against_baseline(position, position.baseline, _previous(position, figures))


def judge_rank(target: TargetFact, figures: FiguresInForce, as_of: date) -> Verdict:
    """The verdict on a rank: no forecast and no pace, only better or worse than at the baseline."""
    position = _position(target, figures)
    if position is None:
        return no_data(Reason.NO_FIGURE)
    if is_stale(position.latest.end, as_of):
        return refuse(Reason.STALE, **position.shown)
    if position.is_met:
        return Verdict(Status.ON_TRACK, **position.shown)
    if position.baseline is None:
        return refuse(Reason.NO_BASELINE, **position.shown)
    if _too_early(position):
        return refuse(Reason.TOO_EARLY, **position.shown)
    assert position.baseline.value is not None
    change = position.value - position.baseline.value
    # The first rank is the best: a smaller number is nearer.
    status = Status.AT_RISK if change < 0 else Status.OFF_TRACK if change == 0 else Status.MOVING_AWAY
    return Verdict(status, **position.shown)


def _position(target: TargetFact, figures: FiguresInForce) -> _Position | None:
    after = target.baseline.end
    within = [figure for figure in figures.values() if after < figure.end <= target.end]
    if not within:
        return None
    latest = max(within, key=lambda figure: figure.end)
    return _Position(target, Bounds.of(target), latest, figures.get(target.baseline))


def _too_early(position: _Position) -> bool:
    start = position.target.baseline.end
    return position.latest.end - start < TOO_EARLY * (position.target.end - start)


def _previous(position: _Position, figures: FiguresInForce) -> FigureFact | None:
    """p of §5: the latest figure at least twelve months before x, the baseline included and nothing before it."""
    start, end = position.target.baseline.end, position.latest.end - 12
    earlier = [figure for figure in figures.values() if start <= figure.end <= end]
    return max(earlier, key=lambda figure: figure.end, default=None)


def _while_met(position: _Position, previous: FigureFact | None) -> Verdict:
    """Met already: on track unless the last change, extended to the target date, would lose it again."""
    latest = position.latest
    if previous is None:
        return Verdict(Status.ON_TRACK, **position.shown)
    assert previous.value is not None
    years = Decimal(latest.end - previous.end) / 12
    forecast = position.value + (position.value - previous.value) * position.years_left / years
    if position.bounds.met(forecast, latest.qualifier):
        return Verdict(Status.ON_TRACK, forecast=forecast, **position.shown)
    return Verdict(Status.AT_RISK, Reason.REVERSING, forecast=forecast, **position.shown)


def _against_baseline(position: _Position, baseline: FigureFact, previous: FigureFact | None) -> Verdict:
    assert baseline.value is not None
    start = baseline.value
    # It stood at the goal and has left it: no pace leads from there to there.
    if position.bounds.met(start, baseline.qualifier):
        return Verdict(Status.MOVING_AWAY, Reason.MET_AT_BASELINE, **position.shown)
    if abs(position.limit - start) <= TOLERANCE:
        return _from_the_bound(position, baseline)
    if position.target.path == "compound" and min(start, position.value, position.limit) <= 0:
        return refuse(Reason.NON_POSITIVE_VALUES, **position.shown)
    return _by_pace(position, start, previous)


def _from_the_bound(position: _Position, baseline: FigureFact) -> Verdict:
    """A baseline that equals T and does not meet it, by a strict bound or a qualifier: no way to measure along."""
    assert baseline.value is not None
    if position.value == baseline.value:
        return Verdict(Status.OFF_TRACK, **position.shown)
    came_from = position.bounds.beyond(baseline.value, baseline.qualifier)
    stands = position.bounds.beyond(position.value, position.latest.qualifier)
    # From one side of the band to the other: it was passed, not reached.
    if position.bounds.two_sided and stands == -came_from:
        return Verdict(Status.AT_RISK, Reason.OVERSHOOTING, **position.shown)
    return Verdict(Status.MOVING_AWAY, **position.shown)


def _by_pace(position: _Position, start: Decimal, previous: FigureFact | None) -> Verdict:
    limit = position.limit
    so_far, forecast = _pace_and_forecast(position, start)
    needed = _needed(position)
    assert needed is not None
    # Paces against each other have no ratio: the table of §5 then goes by the pace ratio alone.
    acceleration = needed / so_far if needed * so_far > 0 else None
    ratio = (forecast - start) / (limit - start)
    status, reason = status_of_pace(ratio, acceleration), Reason.NONE
    # R > 1, asked of F: what is a hair in a ratio of large numbers may be all of a band.
    passes = compare(forecast, "exact", limit) == (1 if limit > start else -1)
    if position.bounds.two_sided and passes and not position.bounds.met(forecast, position.latest.qualifier):
        status, reason = Status.AT_RISK, Reason.OVERSHOOTING
    elif status == Status.ON_TRACK and _leads_away(position, start, previous):
        status, reason = Status.AT_RISK, Reason.REVERSING
    return Verdict(
        status,
        reason,
        pace_ratio=ratio,
        needed_pace=needed,
        acceleration=acceleration,
        forecast=forecast,
        **position.shown,
    )


def _leads_away(position: _Position, start: Decimal, previous: FigureFact | None) -> bool:
    """Whether the last change goes against the way from the baseline to T, however fast the average has been."""
    if previous is None:
        return False
    assert previous.value is not None
    return (position.value - previous.value) * (position.limit - start) < 0


def _pace_and_forecast(position: _Position, start: Decimal) -> tuple[Decimal, Decimal]:
    """The yearly pace since the baseline (in % on a compound path) and where it leads by the target date."""
    value, left = position.value, position.years_left
    years = Decimal(position.latest.end - position.target.baseline.end) / 12
    if position.target.path == "compound":
        factor = power(value / start, 1 / years)
        return (factor - 1) * HUNDRED, value * power(factor, left)
    pace = (value - start) / years
    return pace, value + pace * left


def _needed(position: _Position) -> Decimal | None:
    """The yearly pace from now on that ends at T, in % on a compound path; None where it cannot be computed."""
    value, limit = position.value, position.limit
    if position.target.path != "compound":
        return (limit - value) / position.years_left
    if min(value, limit) <= 0:
        return None
    return (power(limit / value, 1 / position.years_left) - 1) * HUNDRED

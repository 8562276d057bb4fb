"""Verdicts on the way for flows, rates and averages (§5): one shape, counted in years or parts of one."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from .bounds import TOLERANCE, Bounds, compare
from .facts import FiguresInForce, TargetFact
from .measure import HUNDRED, Measured, full_years, has_part_year, mean_growth
from .verdict import (
    ACCELERATION_FLOOR,
    ACCELERATION_LIMIT,
    AT_RISK,
    ON_TRACK,
    PRECEDENT_YEARS,
    STALE_MONTHS,
    TOO_EARLY,
    Reason,
    Status,
    Verdict,
    VerdictDetails,
    no_data,
    refuse,
)

Shown = dict[str, Any]  # the fields of a verdict that tell the measured value
BEYOND_EVERY_LIMIT = Decimal("Infinity")


def is_stale(end: int, as_of: date) -> bool:
    """Whether the latest period used ended more than 24 months before `as_of`."""
    return as_of.year * 12 + as_of.month - end > STALE_MONTHS


def status_of_pace(ratio: Decimal, acceleration: Decimal | None) -> Status:
    """The table of §5: by the pace ratio, then one step down when too little time is left."""
    if ratio < -TOLERANCE:
        return Status.MOVING_AWAY
    if ratio < AT_RISK - TOLERANCE:
        return Status.OFF_TRACK
    too_fast = acceleration is not None and acceleration > ACCELERATION_LIMIT + TOLERANCE
    if ratio < ON_TRACK - TOLERANCE:
        return Status.OFF_TRACK if too_fast and ratio < ACCELERATION_FLOOR - TOLERANCE else Status.AT_RISK
    return Status.AT_RISK if too_fast else Status.ON_TRACK


def judge_pace(target: TargetFact, measured: Measured | None, figures: FiguresInForce, as_of: date) -> Verdict:
    """The verdict on a flow, rate, average or total that is not complete yet."""
    if measured is None:
        return refuse(Reason.TOO_EARLY) if has_part_year(target, figures) else no_data(Reason.NO_FIGURE)
    pace = _Pace(target, measured)
    details = VerdictDetails(
        pace.limit,
        measured.used,
        measured.months,
        is_overdue=_is_overdue(target, measured, as_of),
        is_ceiling=pace.is_ceiling,
    )
    shown = {**measured.shown, "details": details}
    if is_stale(measured.end, as_of):
        return refuse(Reason.STALE, **shown)
    if pace.goal is not None and pace.goal <= 0:
        return refuse(Reason.NON_POSITIVE_TARGET, **shown)
    if measured.months < TOO_EARLY * 12 * target.years:
        return refuse(Reason.TOO_EARLY, **shown)
    if pace.goal is None:
        return Verdict(Status.ON_TRACK, **shown)  # type: ignore[arg-type]
    verdict = _as_ceiling(pace, shown) if pace.is_ceiling else _as_floor(pace, shown)
    return _held_against_precedent(pace, verdict, figures) if target.basis != "value" else verdict


def _is_overdue(target: TargetFact, measured: Measured, as_of: date) -> bool:
    """Whether a year of the target that is over on `as_of` is not known whole: then time without a figure is not left."""
    over = 12 * (min(as_of.year, target.last_year + 1) - target.first_year)
    # Months of the year that runs on `as_of` are known ahead of what is over.
    of_this_year = max(measured.end - 12 * as_of.year, 0)
    return measured.months - of_this_year < over


class _Pace:
    """The yearly pace so far, the yearly goal it is held against (None inside a band), and the pace needed."""

    def __init__(self, target: TargetFact, measured: Measured) -> None:
        self.target, self.measured = target, measured
        self._sums = target.kind == "flow" and target.basis != "average"
        bounds = Bounds.of(target, share=target.years if self._sums else 1)
        assert measured.value is not None
        self.so_far = measured.total * 12 / measured.months if self._sums else measured.value
        qualifier = measured.qualifier
        inside = bounds.two_sided and bounds.met(self.so_far, qualifier)
        self.goal = None if inside else bounds.near_side(self.so_far, qualifier)
        above = bounds.high is not None and compare(self.so_far, qualifier, bounds.high) > 0
        self.is_ceiling = above if bounds.two_sided else target.better == "lower"
        whole = Bounds.of(target)  # not the goal times the years: 100/3*3 is not 100
        self.limit = None if inside else whole.high if self.is_ceiling else whole.low

    @property
    def needed(self) -> Decimal:
        """What each year still to come must bring."""
        assert self.goal is not None
        years = self.target.years
        if self.target.averages_growth:
            left = years - self.measured.months // 12
            return mean_growth((1 + self.goal / HUNDRED) ** years / self.measured.total, left)
        whole = self.limit if self._sums else years * self.goal
        assert whole is not None
        return (whole - self.measured.total) / (years - Decimal(self.measured.months) / 12)


def _as_floor(pace: _Pace, shown: Shown) -> Verdict:
    assert pace.goal is not None
    ratio, needed = pace.so_far / pace.goal, pace.needed
    acceleration = needed / pace.so_far if pace.so_far > 0 and needed > TOLERANCE else None
    return _verdict(ratio, needed, acceleration, shown)


def _as_ceiling(pace: _Pace, shown: Shown) -> Verdict:
    assert pace.goal is not None
    needed = pace.needed
    # Nothing used of a ceiling: any pace keeps below it, and a ratio to nothing has no value.
    if pace.so_far <= 0:
        return Verdict(Status.ON_TRACK, needed_pace=needed, **shown)
    acceleration = pace.so_far / needed if needed > TOLERANCE else BEYOND_EVERY_LIMIT
    return _verdict(pace.goal / pace.so_far, needed, acceleration, shown)


def _held_against_precedent(pace: _Pace, verdict: Verdict, figures: FiguresInForce) -> Verdict:
    """Not on track when what is left needs more of each year than any of at least three known years gave (§5, 6)."""
    years = full_years(pace.target, figures).values()
    if verdict.status != Status.ON_TRACK or verdict.pace_ratio is None or len(years) < PRECEDENT_YEARS:
        return verdict
    assert verdict.needed_pace is not None
    furthest = (min if pace.is_ceiling else max)(years, key=lambda figure: figure.value or Decimal(0))
    assert furthest.value is not None
    if compare(verdict.needed_pace, "exact", furthest.value) != (-1 if pace.is_ceiling else 1):
        return verdict
    details = replace(verdict.details, precedent=furthest)
    return replace(verdict, status=Status.AT_RISK, reason=Reason.UNPRECEDENTED, details=details)


def _verdict(ratio: Decimal, needed: Decimal, acceleration: Decimal | None, shown: Shown) -> Verdict:
    ratio = max(ratio, Decimal(0))  # moving away belongs to levels and ranks
    return Verdict(
        status_of_pace(ratio, acceleration),
        pace_ratio=ratio,
        needed_pace=needed,
        acceleration=None if acceleration == BEYOND_EVERY_LIMIT else acceleration,
        **shown,
    )

"""What a judgement ends in: nine statuses, their reasons, the numbers shown (§8) and the thresholds (§9)."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .facts import AggregateFact, FigureFact

ON_TRACK = Decimal("0.95")
AT_RISK = Decimal("0.60")
ACCELERATION_LIMIT = 1 / AT_RISK
ACCELERATION_FLOOR = Decimal("0.90")
ABOUT = Decimal("0.05")
TOO_EARLY = Decimal("0.20")
NEARLY = Decimal("0.02")
PRECEDENT_YEARS = 3
STALE_MONTHS = 24
GRACE_MONTHS = 6


class Status(StrEnum):
    EXCEEDED = "exceeded"
    ACHIEVED = "achieved"
    MISSED = "missed"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    MOVING_AWAY = "moving_away"
    CANNOT_JUDGE = "cannot_judge"
    NO_DATA = "no_data"

    @property
    def is_final(self) -> bool:
        return self in (Status.EXCEEDED, Status.ACHIEVED, Status.MISSED)

    @property
    def is_refusal(self) -> bool:
        return self in (Status.CANNOT_JUDGE, Status.NO_DATA)


MET = (Status.EXCEEDED, Status.ACHIEVED)  # the x of x/N
WORST_FIRST = (
    Status.MISSED,
    Status.MOVING_AWAY,
    Status.OFF_TRACK,
    Status.AT_RISK,
    Status.ON_TRACK,
    Status.ACHIEVED,
    Status.EXCEEDED,
)


class Reason(StrEnum):
    """Why a target cannot be judged, or what is special about a verdict on the way."""

    NONE = ""
    NO_DIRECTION = "no_direction"
    SERIES_BREAK = "series_break"
    NON_POSITIVE_VALUES = "non_positive_values"
    NO_FIGURE = "no_figure"
    NO_FIGURE_FOR_TARGET_YEAR = "no_figure_for_target_year"
    MISSING_YEARS = "missing_years"
    STALE = "stale"
    NO_BASELINE = "no_baseline"
    TOO_EARLY = "too_early"
    NON_POSITIVE_TARGET = "non_positive_target"
    PARTS_UNJUDGED = "parts_unjudged"
    REVERSING = "reversing"
    MET_AT_BASELINE = "met_at_baseline"
    OVERSHOOTING = "overshooting"
    UNPRECEDENTED = "unprecedented"


@dataclass(frozen=True, slots=True)
class VerdictDetails:
    """What the sentence needs beside the numbers of the verdict.

    `limit` is T, the value that decides "met"; `used` the versions measured, oldest first; `known_months` what they
    cover of the target's years; `own_value` our own mean or total where a published aggregate was taken instead;
    `gave_way` the aggregate over exactly the target's years that our own mean or total was taken instead of, with the
    verdict `gave_way_status` it would have given, and `is_overtaken` whether a year published since was the reason
    (else the years are all firmer); `precedent` the full year that came closest to a needed pace without precedent;
    `awaiting` that the period is over and its full-year figure is not out; `is_ahead` that it has not begun; `is_overdue`
    that a year of the period which is over has no full figure yet; `is_ceiling` that `limit` is not to be passed.
    """

    limit: Decimal | None = None
    used: "tuple[FigureFact | AggregateFact, ...]" = ()
    known_months: int = 0
    own_value: Decimal | None = None
    gave_way: "AggregateFact | None" = None
    gave_way_status: Status | None = None
    is_overtaken: bool = False
    precedent: "FigureFact | None" = None
    awaiting: bool = False
    is_ahead: bool = False
    is_overdue: bool = False
    baseline: "FigureFact | None" = None
    is_ceiling: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """One target, judged. Numbers are unrounded; None where §8 shows none."""

    status: Status
    reason: Reason = Reason.NONE
    measured_value: Decimal | None = None
    pace_ratio: Decimal | None = None
    needed_pace: Decimal | None = None
    acceleration: Decimal | None = None
    forecast: Decimal | None = None
    provisional: bool = False
    approximate: bool = False
    nearly: bool = False
    details: VerdictDetails = VerdictDetails()

    def at(self, *, awaiting: bool, is_ahead: bool) -> "Verdict":
        """The same verdict with where its day lies: after the period while a figure is awaited, or before it."""
        return replace(self, details=replace(self.details, awaiting=awaiting, is_ahead=is_ahead))


def refuse(reason: Reason, **shown: object) -> Verdict:
    """`cannot_judge` with `reason` and what is shown of the measured value."""
    return Verdict(Status.CANNOT_JUDGE, reason, **shown)  # type: ignore[arg-type]


def no_data(reason: Reason) -> Verdict:
    return Verdict(Status.NO_DATA, reason)

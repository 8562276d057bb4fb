"""When a bound is met and when it is exceeded (§2)."""

from decimal import Decimal
from typing import NamedTuple

from .facts import TargetFact
from .verdict import ABOUT, NEARLY, Status

TOLERANCE = Decimal("1e-9")


def compare(value: Decimal, qualifier: str, bound: Decimal) -> int:
    """-1, 0 or 1. A value `over` (`under`) the bound itself is strictly above (below) it; numbers within 1e-9 are equal."""
    difference = value - bound
    if abs(difference) > TOLERANCE:
        return 1 if difference > 0 else -1
    # "Trên 95" printed of a bound of 95 is more than 95, though both numbers are the same.
    return {"over": 1, "under": -1}.get(qualifier, 0)


class Bounds(NamedTuple):
    """The bounds of a target as they are compared: moved outwards for "about", `low` and `high` None where open."""

    low: Decimal | None
    high: Decimal | None
    strict: bool
    better: str
    two_values: bool

    @classmethod
    def of(cls, target: TargetFact, share: int = 1) -> "Bounds":
        """The bounds of `target`, divided by `share` (the years of a total, when its yearly pace is compared)."""
        low, high = target.low, target.high
        # 5 % of the number, not of the range: a bound below 0 moves outwards as well.
        if target.bound == "about":
            low = None if low is None else low - ABOUT * abs(low)
            high = None if high is None else high + ABOUT * abs(high)
        return cls(
            low if low is None else low / share,
            high if high is None else high / share,
            target.bound in ("more_than", "less_than"),
            target.better,
            target.bound in ("between", "about"),
        )

    @property
    def two_sided(self) -> bool:
        return self.two_values and self.better == "band"

    def met(self, value: Decimal, qualifier: str = "exact") -> bool:
        """Whether `value` meets the bound. Between two values, only the near one decides unless better is `band`."""
        return (not self._needs_low or self._above_low(value, qualifier)) and (
            not self._needs_high or self._below_high(value, qualifier)
        )

    def exceeded(self, value: Decimal, qualifier: str = "exact") -> bool:
        """Whether `value` goes beyond the bound; strict bounds and bands never are exceeded."""
        if self.strict or self.two_sided:
            return False
        # Between two values the near one is met first; only what lies beyond the far one exceeds.
        far = (self.high if self.better == "higher" else self.low) if self.two_values else self.limit
        side = 1 if self.better == "higher" else -1
        return far is not None and compare(value, qualifier, far) == side

    @property
    def limit(self) -> Decimal | None:
        """T for one direction: the bound that decides "met"."""
        return self.high if self.better == "lower" else self.low

    def near_side(self, value: Decimal, qualifier: str = "exact") -> Decimal:
        """T seen from `value`: for a band its nearer edge on the side where `value` lies outside."""
        if self.two_sided and self.high is not None and compare(value, qualifier, self.high) > 0:
            return self.high
        limit = self.low if self.two_sided else self.limit
        assert limit is not None
        return limit

    def nearly(self, value: Decimal, qualifier: str) -> bool:
        """Whether `value` misses by at most 2 % of the bound it misses (§7): for a range, of its near side."""
        limit = self.near_side(value, qualifier)
        return not self.met(value, qualifier) and abs(value - limit) <= NEARLY * abs(limit) + TOLERANCE

    def beyond(self, value: Decimal, qualifier: str) -> int:
        """Where `value` lies: -1 below a lower end, 1 above a higher end, 0 between the two."""
        if self.low is not None and compare(value, qualifier, self.low) < 0:
            return -1
        return 1 if self.high is not None and compare(value, qualifier, self.high) > 0 else 0

    def final_status(self, value: Decimal, qualifier: str) -> Status:
        """The final verdict on `value` (§4)."""
        if self.exceeded(value, qualifier):
            return Status.EXCEEDED
        return Status.ACHIEVED if self.met(value, qualifier) else Status.MISSED

    @property
    def _needs_low(self) -> bool:
        return self.low is not None and not (self.two_values and self.better == "lower")

    @property
    def _needs_high(self) -> bool:
        return self.high is not None and not (self.two_values and self.better == "higher")

    def _above_low(self, value: Decimal, qualifier: str) -> bool:
        assert self.low is not None
        return compare(value, qualifier, self.low) >= (1 if self.strict else 0)

    def _below_high(self, value: Decimal, qualifier: str) -> bool:
        assert self.high is not None
        return compare(value, qualifier, self.high) <= (-1 if self.strict else 0)

"""How a target is judged. Pure calculation: no database, no clock, no rounding before a comparison.

The published method (docs/method.md) is the specification; section numbers in this package refer to it.
"""

from .facts import AggregateFact, FigureFact, TargetFact, aggregates_in_force, figures_in_force, precedence
from .judge import judge, judge_by_parts, judge_in_force
from .verdict import (
    ABOUT,
    ACCELERATION_FLOOR,
    ACCELERATION_LIMIT,
    AT_RISK,
    GRACE_MONTHS,
    MET,
    NEARLY,
    ON_TRACK,
    PRECEDENT_YEARS,
    STALE_MONTHS,
    TOO_EARLY,
    Reason,
    Status,
    Verdict,
    VerdictDetails,
)

__all__ = [
    "ABOUT",
    "ACCELERATION_FLOOR",
    "ACCELERATION_LIMIT",
    "AT_RISK",
    "GRACE_MONTHS",
    "MET",
    "NEARLY",
    "ON_TRACK",
    "PRECEDENT_YEARS",
    "STALE_MONTHS",
    "TOO_EARLY",
    "AggregateFact",
    "FigureFact",
    "Reason",
    "Status",
    "TargetFact",
    "Verdict",
    "VerdictDetails",
    "aggregates_in_force",
    "figures_in_force",
    "judge",
    "judge_by_parts",
    "judge_in_force",
    "precedence",
]

"""RECORD: what is kept. Catalogue, targets, figures, official results and verdicts; who answers for them; their passage."""

from .access import ApiToken, Delivery
from .base import Conflict
from .catalogue import Agency, Indicator, Sector, Source, Term
from .figures import Aggregate, Comparison, Figure, FigureStatus, Qualifier, State
from .imports import Upload
from .office import Assignment, Deadline, Membership
from .passage import Evidence, Explanation, Step, StepKind
from .stamp import Stamp
from .targets import OfficialResult, OfficialVerdict, Target

__all__ = [
    "Agency",
    "Aggregate",
    "ApiToken",
    "Assignment",
    "Comparison",
    "Conflict",
    "Deadline",
    "Delivery",
    "Evidence",
    "Explanation",
    "Figure",
    "FigureStatus",
    "Indicator",
    "Membership",
    "OfficialResult",
    "OfficialVerdict",
    "Qualifier",
    "Sector",
    "Source",
    "Stamp",
    "State",
    "Step",
    "StepKind",
    "Target",
    "Term",
    "Upload",
]

"""What is kept. Catalogue, targets, figures, official results and verdicts; who answers for them; their way to the public."""

from .base import Conflict
from .catalogue import Agency, Indicator, Sector, Source, Term
from .data_version import DataVersion
from .figures import Aggregate, Comparison, Figure, FigureStatus, Qualifier, State
from .integrations import ApiToken, Delivery
from .proposals import ProposalKind, TargetProposal
from .responsibility import Assignment, Deadline, Membership
from .targets import OfficialResult, OfficialVerdict, Target
from .uploads import Upload
from .withdrawals import HistoryWithdrawal
from .workflow import Evidence, Explanation, Step, StepKind

__all__ = [
    "Agency",
    "Aggregate",
    "ApiToken",
    "Assignment",
    "Comparison",
    "Conflict",
    "DataVersion",
    "Deadline",
    "Delivery",
    "Evidence",
    "Explanation",
    "Figure",
    "FigureStatus",
    "HistoryWithdrawal",
    "Indicator",
    "Membership",
    "OfficialResult",
    "OfficialVerdict",
    "ProposalKind",
    "Qualifier",
    "Sector",
    "Source",
    "State",
    "Step",
    "StepKind",
    "Target",
    "TargetProposal",
    "Term",
    "Upload",
]

"""RECORD: what is kept. Catalogue, targets, figures, official results and verdicts."""

from .catalogue import Agency, Indicator, Sector, Source, Term
from .figures import Aggregate, Comparison, Figure, FigureStatus, Qualifier, State
from .targets import OfficialResult, OfficialVerdict, Target

__all__ = [
    "Agency",
    "Aggregate",
    "Comparison",
    "Figure",
    "FigureStatus",
    "Indicator",
    "OfficialResult",
    "OfficialVerdict",
    "Qualifier",
    "Sector",
    "Source",
    "State",
    "Target",
    "Term",
]

"""What people type → checked records. Fields read numbers and days as the offices write them; forms teach."""

from .base import RecordForm, RecordFormSet
from .fields import PERIOD, DayField, MonthField, NumberField, TextField, months, months_label
from .figures import FigureForm, FigureFormSet
from .proposals import TargetProposalForm
from .records import (
    AgencyForm,
    AggregateForm,
    ComparisonForm,
    IndicatorForm,
    OfficialResultForm,
    OfficialVerdictForm,
    SectorForm,
    SourceForm,
)
from .targets import TargetForm

__all__ = [
    "PERIOD",
    "AgencyForm",
    "AggregateForm",
    "ComparisonForm",
    "DayField",
    "FigureForm",
    "FigureFormSet",
    "IndicatorForm",
    "MonthField",
    "NumberField",
    "OfficialResultForm",
    "OfficialVerdictForm",
    "RecordForm",
    "RecordFormSet",
    "SectorForm",
    "SourceForm",
    "TargetForm",
    "TargetProposalForm",
    "TextField",
    "months",
    "months_label",
]

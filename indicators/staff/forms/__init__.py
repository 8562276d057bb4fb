"""ENTRY: what people type → checked records. Fields read numbers and days as the offices write them; forms teach."""

from .base import RecordForm, Rows
from .fields import PERIOD, DayField, MonthField, NumberField, months, months_label
from .figures import FigureForm, FigureRows
from .records import (
    AgencyForm,
    AggregateForm,
    ComparisonForm,
    IndicatorForm,
    OfficialResultForm,
    OfficialVerdictForm,
    SectorForm,
    SourceForm,
    TargetForm,
)

__all__ = [
    "PERIOD",
    "AgencyForm",
    "AggregateForm",
    "ComparisonForm",
    "DayField",
    "FigureForm",
    "FigureRows",
    "IndicatorForm",
    "MonthField",
    "NumberField",
    "OfficialResultForm",
    "OfficialVerdictForm",
    "RecordForm",
    "Rows",
    "SectorForm",
    "SourceForm",
    "TargetForm",
    "months",
    "months_label",
]

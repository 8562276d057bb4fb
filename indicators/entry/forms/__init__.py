"""ENTRY: what people type → checked records. Fields read numbers and days as the offices write them; forms teach."""

from .fields import PERIOD, DayField, MonthField, NumberField, months, months_label
from .records import (
    AgencyForm,
    AggregateForm,
    ComparisonForm,
    FigureForm,
    FigureRows,
    IndicatorForm,
    OfficialResultForm,
    OfficialVerdictForm,
    RecordForm,
    Rows,
    SectorForm,
    SourceForm,
    TargetForm,
)
from .supposing import SupposedForm

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
    "SupposedForm",
    "TargetForm",
    "months",
    "months_label",
]

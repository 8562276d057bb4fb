"""How figures and targets look to SDMX: two dataflows, their components, the code lists behind them.

Every other part of this package is driven by what stands here.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any

from django.db.models import Choices
from django.utils import timezone, translation

from ...models import FigureStatus, Indicator, Qualifier, Term
from ...models.targets import Basis, Bound, Scope, TargetStatus
from ...public.records import public_sources
from ...text.vietnamese import fold

AGENCY = "LANGSON"
AGENCY_NAME = {"vi": "Tỉnh Lạng Sơn", "en": "Lạng Sơn province"}
VERSION = "1.0.0"
CONCEPTS = "CS_TRACKER"
TIME = "TIME_PERIOD"

Names = dict[str, str]


class Level(StrEnum):
    """What a component is, and how far down an attribute is attached."""

    DIMENSION = "dimension"
    MEASURE = "measure"
    SERIES = "series"
    OBSERVATION = "observation"


@dataclass(frozen=True)
class Component:
    """A dimension, the measure or an attribute; coded by a list, or free in the form of `data_type`."""

    id: str
    level: Level
    names: Names
    codelist: str = ""
    data_type: str = "String"


@dataclass(frozen=True)
class Flow:
    """A dataflow. Its structure is called `DSD_` and its own name."""

    id: str
    names: Names
    components: tuple[Component, ...]

    @property
    def structure_id(self) -> str:
        return f"DSD_{self.id}"

    @property
    def dimensions(self) -> list[Component]:
        """In the order of the key; time comes last and is no part of it."""
        return self.of(Level.DIMENSION)

    @property
    def key(self) -> list[Component]:
        return self.dimensions[:-1]

    def of(self, level: Level) -> list[Component]:
        return [component for component in self.components if component.level == level]


def _component(id_: str, level: Level, vi: str, en: str, codelist: str = "", data_type: str = "String") -> Component:
    return Component(id_, level, {"vi": vi, "en": en}, codelist, data_type)


_INDICATOR = _component("INDICATOR", Level.DIMENSION, "Chỉ tiêu", "Indicator", "CL_INDICATOR")
_TIME = _component(TIME, Level.DIMENSION, "Kỳ", "Time period", data_type="ObservationalTimePeriod")
_VALUE = _component("OBS_VALUE", Level.MEASURE, "Giá trị", "Observation value", data_type="Decimal")
_UNIT = _component("UNIT_MEASURE", Level.SERIES, "Đơn vị", "Unit of measure", "CL_UNIT")
_DECIMALS = _component("DECIMALS", Level.SERIES, "Số chữ số thập phân", "Decimals", data_type="Integer")
_SOURCE = _component("SOURCE", Level.OBSERVATION, "Nguồn", "Source", "CL_SOURCE")
_COMMENT = _component("COMMENT_OBS", Level.OBSERVATION, "Ghi chú", "Comment")

FIGURES = Flow(
    "FIGURES",
    {"vi": "Số thực hiện", "en": "Figures in force"},
    (
        _component("FREQ", Level.DIMENSION, "Tần suất", "Frequency", "CL_FREQ"),
        _INDICATOR,
        _TIME,
        _VALUE,
        _UNIT,
        _DECIMALS,
        _component("TIME_COVERAGE", Level.SERIES, "Phạm vi kỳ", "What a period covers", "CL_TIME_COVERAGE"),
        _component("OBS_STATUS", Level.OBSERVATION, "Trạng thái quan sát", "Observation status", "CL_OBS_STATUS"),
        _component("FIGURE_STATUS", Level.OBSERVATION, "Ước / sơ bộ / chính thức", "Status", "CL_FIGURE_STATUS"),
        _component("QUALIFIER", Level.OBSERVATION, "Mức chính xác", "Qualifier", "CL_QUALIFIER"),
        _component("SERIES_BREAK", Level.OBSERVATION, "Gián đoạn chuỗi", "Series break", data_type="Boolean"),
        _component("PUBLISHED_ON", Level.OBSERVATION, "Ngày công bố", "Published on", data_type="GregorianDay"),
        _SOURCE,
        _COMMENT,
    ),
)
TARGETS = Flow(
    "TARGETS",
    {"vi": "Mục tiêu", "en": "Targets in force"},
    (
        _INDICATOR,
        _component("TERM", Level.DIMENSION, "Nhiệm kỳ", "Term", "CL_TERM"),
        _component("SCOPE", Level.DIMENSION, "Phạm vi", "Scope", "CL_SCOPE"),
        _component("TARGET_STATUS", Level.DIMENSION, "Dự thảo / đã thông qua", "Draft or adopted", "CL_TARGET_STATUS"),
        _component("FIRST_YEAR", Level.DIMENSION, "Năm đầu", "First year", data_type="GregorianYear"),
        _component("LIMIT", Level.DIMENSION, "Cận", "Limit", "CL_LIMIT"),
        _TIME,
        _VALUE,
        _UNIT,
        _DECIMALS,
        _component("BOUND", Level.OBSERVATION, "Loại giới hạn", "Bound", "CL_BOUND"),
        _component("BASIS", Level.OBSERVATION, "Cách tính", "Basis", "CL_BASIS"),
        _component(
            "COUNTED", Level.OBSERVATION, "Thuộc danh mục chỉ tiêu Đại hội", "Counts in x/N", data_type="Boolean"
        ),
        _component("DECIDED_ON", Level.OBSERVATION, "Ngày quyết định", "Decided on", data_type="GregorianDay"),
        _component("AS_WRITTEN", Level.OBSERVATION, "Nguyên văn", "As written"),
        _SOURCE,
        _COMMENT,
    ),
)
FLOWS = {flow.id: flow for flow in (FIGURES, TARGETS)}

# Observation status as the cross-domain list has it; which of ours is which stands in OBS_STATUS_OF.
OBS_STATUS_OF = {
    FigureStatus.ESTIMATE: "E",
    FigureStatus.REPORTED: "A",
    FigureStatus.PRELIMINARY: "P",
    FigureStatus.FINAL: "A",
}


def _fixed(**codes: tuple[str, str]) -> dict[str, Names]:
    return {code: {"vi": vi, "en": en} for code, (vi, en) in codes.items()}


def _of_records(records: Iterable[tuple[str, str, str]]) -> dict[str, Names]:
    return {code: {"vi": vi, "en": en or vi} for code, vi, en in records}


def _of_choices(choices: type[Choices]) -> dict[str, Names]:
    """The codes of the models, worded in both languages by their labels."""
    codes: dict[str, Names] = {str(choice.value): {} for choice in choices}
    for language in ("vi", "en"):
        with translation.override(language):
            for choice in choices:
                codes[str(choice.value)][language] = str(choice.label)
    return codes


@lru_cache
def unit_code(unit_vi: str) -> str:
    """The code of a unit, made from its Vietnamese name: "tỷ đồng" is TY_DONG, "%" is PERCENT."""
    return re.sub(r"\W+", "_", fold(unit_vi.replace("%", " percent ")).upper(), flags=re.ASCII).strip("_") or "UNIT"


def _indicators() -> dict[str, Names]:
    return _of_records(Indicator.objects.order_by("code").values_list("code", "name_vi", "name_en"))


def _terms() -> dict[str, Names]:
    return _of_records(Term.objects.order_by("first_year").values_list("code", "name_vi", "name_en"))


def _units() -> dict[str, Names]:
    pairs = Indicator.objects.order_by("unit_vi", "unit_en").values_list("unit_vi", "unit_en").distinct()
    return _of_records((unit_code(vietnamese), vietnamese, english) for vietnamese, english in pairs)


def _sources() -> dict[str, Names]:
    """The sources of what is public today."""
    sources = public_sources(timezone.localdate()).order_by("code")
    return {source.code: {"vi": str(source), "en": str(source)} for source in sources}


@dataclass(frozen=True)
class CodeList:
    """A code list: its names, and what reads its codes with their names."""

    names: Names
    codes: Callable[[], dict[str, Names]]


def _list(vi: str, en: str, read: Callable[..., dict[str, Names]], *args: Any, **codes: Any) -> CodeList:
    return CodeList({"vi": vi, "en": en}, partial(read, *args, **codes))


CODE_LISTS = {
    "CL_FREQ": _list(
        "Tần suất", "Frequency", _fixed, A=("Năm", "Annual"), M=("Các tháng trong năm", "Months of a year")
    ),
    "CL_INDICATOR": _list("Chỉ tiêu", "Indicators", _indicators),
    "CL_UNIT": _list("Đơn vị", "Units", _units),
    "CL_TIME_COVERAGE": _list(
        "Phạm vi kỳ",
        "What a period covers",
        _fixed,
        YEAR=("Cả năm", "The whole year"),
        TO_DATE=("Từ tháng 1 đến hết tháng", "From January to the end of the month"),
        END=("Thời điểm cuối kỳ", "At the end of the period"),
    ),
    "CL_OBS_STATUS": _list(
        "Trạng thái quan sát",
        "Observation status",
        _fixed,
        A=("Số thông thường", "Normal value"),
        E=("Ước", "Estimated value"),
        P=("Sơ bộ", "Provisional value"),
    ),
    "CL_FIGURE_STATUS": _list("Trạng thái số liệu", "Status of a figure", _of_choices, FigureStatus),
    "CL_QUALIFIER": _list("Mức chính xác", "Qualifier", _of_choices, Qualifier),
    "CL_SOURCE": _list("Nguồn", "Sources", _sources),
    "CL_TERM": _list("Nhiệm kỳ", "Terms", _terms),
    "CL_SCOPE": _list("Phạm vi", "Scope", _of_choices, Scope),
    "CL_TARGET_STATUS": _list("Trạng thái mục tiêu", "Status of a target", _of_choices, TargetStatus),
    "CL_LIMIT": _list(
        "Cận",
        "Limit",
        _fixed,
        LOW=("Cận dưới", "Lower value"),
        HIGH=("Cận trên", "Upper value"),
        _Z=("Không có: xét theo thành phần", "Not applicable: judged by its parts"),
    ),
    "CL_BOUND": _list("Loại giới hạn", "Bound", _of_choices, Bound),
    "CL_BASIS": _list("Cách tính", "Basis", _of_choices, Basis),
}

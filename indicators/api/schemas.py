"""The fields of each resource, as other systems may rely on them. The description at openapi.json is made from here.

Names, order and types of a record's fields are those of the data package (public/schema.py) and stay as they are; new
ones may be added. Descriptions are in English with the Vietnamese name; docs/api.md has both in full.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from django.db import models
from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema, create_model

from ..dashboard.exports.progress_columns import PROGRESS_COLUMNS
from ..models import FigureStatus, Qualifier
from ..models.catalogue import Better, Kind, Path, Reliability
from ..models.figures import ComparisonMeasure, Measure
from ..models.targets import Basis, Bound, Scope, TargetStatus
from ..public.schema import TABLES, RecordColumn, RecordTable
from ..text.csv_writer import Cell
from ..text.numbers import plain


def exact(value: Decimal) -> Decimal:
    """The digits that the CSV reports have: no trailing zeros, at most four decimals."""
    return Decimal(plain(value))


def cell_text(cell: Cell) -> str:
    """A value of any field as text, written as in the CSV reports; empty for None."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return plain(cell) if isinstance(cell, Decimal) else str(cell)


Number = Annotated[Decimal, AfterValidator(exact), WithJsonSchema({"type": "number"})]
Row = TypeVar("Row")


def described(english: str, vietnamese: str) -> Any:
    """A field that is always there, with its words for openapi.json."""
    return Field(..., description=f"{english} · {vietnamese}")


class Page(BaseModel, Generic[Row]):
    """A part of a list."""

    as_of: date = described("The day whose knowledge is shown", "ngày chốt thông tin")
    total: int = described("How many rows there are in all", "tổng số dòng")
    limit: int = described("At most so many rows are in this answer", "số dòng tối đa")
    offset: int = described("So many rows were left out before them", "số dòng bỏ qua")
    next: str | None = described("Address of the next part, null on the last one", "địa chỉ phần tiếp theo")
    items: list[Row] = described("The rows", "các dòng")


class FieldProblem(BaseModel):
    name: str
    reason: str


class ProblemDetails(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = described("What is wrong and what to do, in the language asked for", "lỗi và cách xử lý")
    errors: list[FieldProblem] | None = Field(None, description="Each parameter that was refused · tham số bị từ chối")


# What a column means, in whichever record it stands, …
_WORDS = {
    "agency": ("Code of the agency it was first given to", "cơ quan được giao ban đầu"),
    "as_written_vi": ("The words of the document", "nguyên văn"),
    "baseline_year": ("Baseline year; null: the year before the first", "năm gốc"),
    "basis": ("Value of the last year, yearly average or total of the years", "cách tính"),
    "better": ("Which way is better", "chiều tốt"),
    "bound": ("How low and high bind", "loại giới hạn"),
    "code": ("Stable code", "mã"),
    "congress_en": ("The congress, in English", "đại hội, tiếng Anh"),
    "congress_vi": ("The congress, in Vietnamese", "đại hội"),
    "counted": ("Counts in x/N of its term", "thuộc danh mục chỉ tiêu Đại hội"),
    "decided_on": ("The day from which it is known", "ngày quyết định"),
    "decimals": ("Digits shown after the decimal sign", "số chữ số thập phân"),
    "declared_targets": ("N in x/N", "số chỉ tiêu công bố"),
    "definition_en": ("Definition in English, may be empty", "định nghĩa, tiếng Anh"),
    "definition_vi": ("Definition in Vietnamese", "định nghĩa"),
    "first_year": ("First year", "năm đầu"),
    "headline": ("Shown first", "chỉ tiêu nổi bật"),
    "high": ("Upper value", "cận trên"),
    "indicator": ("Code of the indicator", "chỉ tiêu"),
    "issued_on": ("The day printed on it", "ngày ban hành"),
    "judged_by_parts": ("It has no number of its own; its parts decide", "xét theo thành phần"),
    "kind": ("level: at the end of the period; flow: from January on; rate: change on a year; rank", "loại"),
    "last_year": ("Last year", "năm cuối"),
    "low": ("Lower value", "cận dưới"),
    "measure": ("Average or total of the years", "bình quân / tổng"),
    "met_or_exceeded": ("x in x/N", "số chỉ tiêu đạt và vượt"),
    "name_en": ("Name in English, may be empty", "tên tiếng Anh"),
    "name_vi": ("Name in Vietnamese", "tên"),
    "note": ("Note", "ghi chú"),
    "number": ("Document number, such as 310/BC-UBND", "số hiệu"),
    "order": ("Order inside the sector", "thứ tự"),
    "parent": ("Code of the indicator this one is a part of", "trong đó của"),
    "path": ("How a level moves between two dates; how years of a rate are averaged", "cách nội suy"),
    "published_on": ("The day it was published", "ngày công bố"),
    "publisher": ("Who issued it", "cơ quan ban hành"),
    "qualifier": ("How exact the value is, or why there is none", "mức chính xác"),
    "quote_vi": ("The words of the source", "trích dẫn"),
    "reliability": ("A official, B established press, C weak", "độ tin cậy"),
    "replaced_on": ("The day from which another one took its place, if it had come by as_of", "ngày thay"),
    "scope": ("term: target of the term; annual: plan of a year", "phạm vi"),
    "sector": ("Code of the sector", "lĩnh vực"),
    "series_break": ("Not comparable with the figures before it", "gián đoạn chuỗi"),
    "source": ("Code of the source", "nguồn"),
    "status": ("How firm it is", "ước / sơ bộ / chính thức"),
    "successor": ("Code of the body that took over", "cơ quan kế thừa"),
    "term": ("Code of the term", "nhiệm kỳ"),
    "through_month": ("12 is the whole year, 9 January to September", "đến tháng"),
    "title_vi": ("Title", "tên tài liệu"),
    "unit_en": ("Unit in English, may be empty", "đơn vị, tiếng Anh"),
    "unit_vi": ("Unit in Vietnamese", "đơn vị"),
    "url": ("Address", "địa chỉ"),
    "valid_from": ("First day; null: since before the data begin", "có hiệu lực từ"),
    "valid_to": ("Last day; null: it still exists", "có hiệu lực đến"),
    "value": ("The value with all its digits", "giá trị"),
    "year": ("Year", "năm"),
}

# … the types that the kinds of model fields have in JSON, …
_TYPES: dict[type[models.Field], Any] = {
    models.BooleanField: bool,
    models.CharField: str,
    models.DateField: date,
    models.DecimalField: Number,
    models.ForeignKey: str,
    models.IntegerField: int,
    models.TextField: str,
}
_CHOICES = (
    *(Basis, Better, Bound, ComparisonMeasure, FigureStatus, Kind, Measure, Path, Qualifier),
    *(Reliability, Scope, TargetStatus),
)


def _type(column: RecordColumn) -> Any:
    # A model field keeps the choices of its enumeration, not the enumeration, which openapi.json names.
    if column.field.choices:
        values = [value for value, _label in column.field.choices]
        return next(choices for choices in _CHOICES if choices.values == values)
    kind = next(_TYPES[kind] for kind in type(column.field).__mro__ if kind in _TYPES)
    return kind | None if column.field.null else kind


# … and what some records say differently, or further: what follows from the other records on that day.
_OWN_WORDS = {
    "sectors": {"order": ("Place in the official tables", "thứ tự")},
    "indicators": {
        "successor": ("Code of the indicator by the standard that came after", "chuỗi số liệu tiếp nối"),
    },
    "terms": {
        "code": ("Stable code; in addresses a term is named by its last year", "mã"),
        "last_year": ("Last year, the year of its targets", "năm cuối"),
        "declared_targets": ("N in x/N; null: unknown", "số chỉ tiêu công bố"),
    },
    "targets": {
        "first_year": ("First year it is about", "năm đầu"),
        "last_year": ("Last year it is about", "năm cuối"),
        "status": ("draft or adopted", "trạng thái"),
    },
    "figures": {
        "through_month": ("12 is the whole year, 9 January to September (a level: the end of September)", "đến tháng"),
        "value": ("The value with all its digits; null: did not occur or not collected", "giá trị"),
    },
    "comparisons": {
        "measure": ("What the percentage compares with", "so với"),
        "value": ("The percentage as printed", "giá trị"),
        "qualifier": ("How exact the value is", "mức chính xác"),
    },
    "official_results": {"year": ("Year; null: the whole term", "năm")},
}
_FURTHER: dict[str, dict[str, Any]] = {
    "indicators": {
        "responsible_agency": (
            str | None,
            described("Code of the agency that answers for it on as_of", "cơ quan chủ trì"),
        )
    },
    "figures": {
        "in_force": (bool, described("The version of its period that counts on as_of", "đang có hiệu lực")),
    },
    "aggregates": {"in_force": (bool, described("The version that counts on as_of", "đang có hiệu lực"))},
}


def _row_schema(table: RecordTable) -> type[BaseModel]:
    words = _WORDS | _OWN_WORDS.get(table.name, {})
    fields: dict[str, Any] = {column.name: (_type(column), described(*words[column.name])) for column in table.columns}
    if table.key != ("code",):
        fields = {"id": (int, described("Number of the record in this installation", "số bản ghi")), **fields}
    return create_model(f"{table.model.__name__}Row", **fields, **_FURTHER.get(table.name, {}))


# Verdicts have no list of their own: they stand beside their targets in the progress.
ROWS = {table.name: _row_schema(table) for table in TABLES if table.name != "verdicts"}


# A figure of the report is a number with the digits of the CSV; all else is as the list of columns says.
_API_TYPES: dict[Any, Any] = {Decimal: Number, Decimal | None: Number | None}
_progress_fields: dict[str, Any] = {
    "target": (int, described("Number of the target's record in this installation", "số bản ghi mục tiêu")),
    **{
        column.name: (_API_TYPES.get(column.type, column.type), Field(..., description=column.text))
        for column in PROGRESS_COLUMNS
    },
    "explanation_en": (str, described("One sentence in English", "diễn giải tiếng Anh")),
}
ProgressItem: Any = create_model("ProgressItem", **_progress_fields)


class ChangeRow(BaseModel):
    id: str = described("Names this change for good", "mã thay đổi")
    at: datetime = described("The moment", "thời điểm")
    record: str = described("figure, target, aggregate or verdict", "loại bản ghi")
    record_id: int = described("Number of the record in this installation", "số bản ghi")
    change: str = described("published, changed or withdrawn", "thay đổi")
    indicator: str = described("Code of the indicator", "chỉ tiêu")
    period: str = described("2020, 2019-9M or 2021-2025", "kỳ")
    status: str = described("Status of the record; the verdict itself", "trạng thái")
    known_from: date = described(
        "published_on of a figure or aggregate, decided_on of a target or verdict", "công bố từ"
    )
    source: str | None = described("Code of the source", "nguồn")
    field: str = described("The field that changed", "trường")
    before: str | None = described("What it was; null: not public", "trước")
    after: str | None = described("What it is; null: not public any more", "sau")


class Changes(BaseModel):
    """What changed, oldest first."""

    since: datetime = described("From this moment on", "từ thời điểm")
    next_since: datetime = described(
        "What to ask for next time. It reaches back a little: drop the ids you know", "lần sau hỏi từ thời điểm này"
    )
    next: str | None = described("Address of the next part, null on the last one", "địa chỉ phần tiếp theo")
    items: list[ChangeRow] = described("The changes", "các thay đổi")

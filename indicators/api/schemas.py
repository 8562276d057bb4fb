"""HTTP: the fields of each resource, as other systems may rely on them. The description at openapi.json is made from here.

Names are those of the data package and stay as they are; new fields may be added. Descriptions are in English with the
Vietnamese name; docs/api.md has both in full.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema, create_model

from ..models import FigureStatus, Qualifier
from ..models.catalogue import Better, Kind, Path, Reliability
from ..models.figures import ComparisonMeasure, Measure
from ..models.targets import Basis, Bound, Scope, TargetStatus
from ..public.progress_columns import PROGRESS_COLUMNS
from ..text.numbers import plain


def exact(value: Decimal) -> Decimal:
    """The digits that the CSV reports have: no trailing zeros, at most four decimals."""
    return Decimal(plain(value))


Number = Annotated[Decimal, AfterValidator(exact), WithJsonSchema({"type": "number"})]
Row = TypeVar("Row")


def told(english: str, vietnamese: str, **more: Any) -> Any:
    return Field(..., description=f"{english} · {vietnamese}", **more)


class Page(BaseModel, Generic[Row]):
    """A part of a list."""

    as_of: date = told("The day whose knowledge is shown", "ngày chốt thông tin")
    total: int = told("How many rows there are in all", "tổng số dòng")
    limit: int = told("At most so many rows are in this answer", "số dòng tối đa")
    offset: int = told("So many rows were left out before them", "số dòng bỏ qua")
    next: str | None = told("Address of the next part, null on the last one", "địa chỉ phần tiếp theo")
    items: list[Row] = told("The rows", "các dòng")


class FieldProblem(BaseModel):
    name: str
    reason: str


class ProblemDetails(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = told("What is wrong and what to do, in the language asked for", "lỗi và cách xử lý")
    errors: list[FieldProblem] | None = Field(None, description="Each parameter that was refused · tham số bị từ chối")


class SectorRow(BaseModel):
    code: str = told("Stable code", "mã")
    order: int = told("Place in the official tables", "thứ tự")
    name_vi: str = told("Name in Vietnamese", "tên")
    name_en: str = told("Name in English, may be empty", "tên tiếng Anh")


class AgencyRow(BaseModel):
    code: str = told("Stable code", "mã")
    name_vi: str = told("Name in Vietnamese", "tên")
    name_en: str = told("Name in English, may be empty", "tên tiếng Anh")
    valid_from: date | None = told("First day; null: since before the data begin", "có hiệu lực từ")
    valid_to: date | None = told("Last day; null: it still exists", "có hiệu lực đến")
    successor: str | None = told("Code of the body that took over", "cơ quan kế thừa")


class SourceRow(BaseModel):
    code: str = told("Stable code", "mã")
    title_vi: str = told("Title", "tên tài liệu")
    publisher: str = told("Who issued it", "cơ quan ban hành")
    number: str = told("Document number, such as 310/BC-UBND", "số hiệu")
    issued_on: date | None = told("The day printed on it", "ngày ban hành")
    url: str = told("Address", "địa chỉ")
    reliability: Reliability = told("A official, B established press, C weak", "độ tin cậy")
    note: str = told("Note", "ghi chú")


class TermRow(BaseModel):
    code: str = told("Stable code; in addresses a term is named by its last year", "mã")
    name_vi: str = told("Name in Vietnamese", "tên")
    name_en: str = told("Name in English, may be empty", "tên tiếng Anh")
    first_year: int = told("First year", "năm đầu")
    last_year: int = told("Last year, the year of its targets", "năm cuối")
    congress_vi: str = told("The congress, in Vietnamese", "đại hội")
    congress_en: str = told("The congress, in English", "đại hội, tiếng Anh")
    declared_targets: int | None = told("N in x/N; null: unknown", "số chỉ tiêu công bố")
    source: str | None = told("Code of the source", "nguồn")


class IndicatorRow(BaseModel):
    code: str = told("Stable code", "mã")
    sector: str = told("Code of the sector", "lĩnh vực")
    order: int = told("Order inside the sector", "thứ tự")
    parent: str | None = told("Code of the indicator this one is a part of", "trong đó của")
    name_vi: str = told("Name in Vietnamese", "tên")
    name_en: str = told("Name in English, may be empty", "tên tiếng Anh")
    unit_vi: str = told("Unit in Vietnamese", "đơn vị")
    unit_en: str = told("Unit in English, may be empty", "đơn vị, tiếng Anh")
    decimals: int = told("Digits shown after the decimal sign", "số chữ số thập phân")
    better: Better = told("Which way is better", "chiều tốt")
    kind: Kind = told("level: at the end of the period; flow: from January on; rate: change on a year; rank", "loại")
    path: Path = told("How a level moves between two dates; how years of a rate are averaged", "cách nội suy")
    judged_by_parts: bool = told("It has no number of its own; its parts decide", "xét theo thành phần")
    headline: bool = told("Shown first", "chỉ tiêu nổi bật")
    definition_vi: str = told("Definition in Vietnamese", "định nghĩa")
    definition_en: str = told("Definition in English, may be empty", "định nghĩa, tiếng Anh")
    agency: str | None = told("Code of the agency it was first given to", "cơ quan được giao ban đầu")
    responsible_agency: str | None = told("Code of the agency that answers for it on as_of", "cơ quan chủ trì")


class TargetRow(BaseModel):
    id: int = told("Number of the record in this installation", "số bản ghi")
    indicator: str = told("Code of the indicator", "chỉ tiêu")
    term: str = told("Code of the term", "nhiệm kỳ")
    scope: Scope = told("term: target of the term; annual: plan of a year", "phạm vi")
    first_year: int = told("First year it is about", "năm đầu")
    last_year: int = told("Last year it is about", "năm cuối")
    baseline_year: int | None = told("Baseline year; null: the year before the first", "năm gốc")
    bound: Bound = told("How low and high bind", "loại giới hạn")
    low: Number | None = told("Lower value", "cận dưới")
    high: Number | None = told("Upper value", "cận trên")
    basis: Basis = told("Value of the last year, yearly average or total of the years", "cách tính")
    status: TargetStatus = told("draft or adopted", "trạng thái")
    counted: bool = told("Counts in x/N of its term", "tính vào x/N")
    decided_on: date = told("The day from which it is known", "ngày quyết định")
    replaced_on: date | None = told(
        "The day from which another one took its place, if it had come by as_of", "ngày thay"
    )
    as_written_vi: str = told("The words of the document", "nguyên văn")
    source: str = told("Code of the source", "nguồn")
    quote_vi: str = told("The words of the source", "trích dẫn")
    note: str = told("Note", "ghi chú")


class FigureRow(BaseModel):
    id: int = told("Number of the record in this installation", "số bản ghi")
    indicator: str = told("Code of the indicator", "chỉ tiêu")
    year: int = told("Year", "năm")
    through_month: int = told(
        "12 is the whole year, 9 January to September (a level: the end of September)", "đến tháng"
    )
    value: Number | None = told("The value with all its digits; null: did not occur or not collected", "giá trị")
    qualifier: Qualifier = told("How exact the value is, or why there is none", "mức chính xác")
    status: FigureStatus = told("How firm it is", "ước / sơ bộ / chính thức")
    published_on: date = told("The day it was published", "ngày công bố")
    series_break: bool = told("Not comparable with the figures before it", "gián đoạn chuỗi")
    source: str = told("Code of the source", "nguồn")
    quote_vi: str = told("The words of the source", "trích dẫn")
    note: str = told("Note", "ghi chú")
    in_force: bool = told("The version of its period that counts on as_of", "đang có hiệu lực")


class AggregateRow(BaseModel):
    id: int = told("Number of the record in this installation", "số bản ghi")
    indicator: str = told("Code of the indicator", "chỉ tiêu")
    first_year: int = told("First year", "năm đầu")
    last_year: int = told("Last year", "năm cuối")
    measure: Measure = told("Average or total of the years", "bình quân / tổng")
    value: Number | None = told("The value with all its digits", "giá trị")
    qualifier: Qualifier = told("How exact the value is, or why there is none", "mức chính xác")
    status: FigureStatus = told("How firm it is", "ước / sơ bộ / chính thức")
    published_on: date = told("The day it was published", "ngày công bố")
    source: str = told("Code of the source", "nguồn")
    quote_vi: str = told("The words of the source", "trích dẫn")
    note: str = told("Note", "ghi chú")
    in_force: bool = told("The version that counts on as_of", "đang có hiệu lực")


class ComparisonRow(BaseModel):
    id: int = told("Number of the record in this installation", "số bản ghi")
    indicator: str = told("Code of the indicator", "chỉ tiêu")
    year: int = told("Year", "năm")
    through_month: int = told("12 is the whole year, 9 January to September", "đến tháng")
    measure: ComparisonMeasure = told("What the percentage compares with", "so với")
    value: Number = told("The percentage as printed", "giá trị")
    qualifier: Qualifier = told("How exact the value is", "mức chính xác")
    source: str = told("Code of the source", "nguồn")
    quote_vi: str = told("The words of the source", "trích dẫn")
    note: str = told("Note", "ghi chú")


class OfficialResultRow(BaseModel):
    id: int = told("Number of the record in this installation", "số bản ghi")
    term: str = told("Code of the term", "nhiệm kỳ")
    year: int | None = told("Year; null: the whole term", "năm")
    declared_targets: int = told("N in x/N", "số chỉ tiêu công bố")
    met_or_exceeded: int = told("x in x/N", "số chỉ tiêu đạt và vượt")
    source: str = told("Code of the source", "nguồn")
    quote_vi: str = told("The words of the source", "trích dẫn")
    note: str = told("Note", "ghi chú")


# A figure of the report is a number with the digits of the CSV; all else is as the list of columns says.
_API_TYPES: dict[Any, Any] = {Decimal: Number, Decimal | None: Number | None}
_progress_fields: dict[str, Any] = {
    "target": (int, told("Number of the target's record in this installation", "số bản ghi mục tiêu")),
    **{one.name: (_API_TYPES.get(one.type, one.type), Field(..., description=one.text)) for one in PROGRESS_COLUMNS},
    "explanation_en": (str, told("One sentence in English", "diễn giải tiếng Anh")),
}
ProgressItem: Any = create_model("ProgressItem", **_progress_fields)


class ChangeRow(BaseModel):
    id: str = told("Names this change for good", "mã thay đổi")
    at: datetime = told("The moment", "thời điểm")
    record: str = told("figure, target, aggregate or verdict", "loại bản ghi")
    record_id: int = told("Number of the record in this installation", "số bản ghi")
    change: str = told("published, changed or withdrawn", "thay đổi")
    indicator: str = told("Code of the indicator", "chỉ tiêu")
    period: str = told("2020, 2019-9M or 2021-2025", "kỳ")
    status: str = told("Status of the record; the verdict itself", "trạng thái")
    known_from: date = told("published_on of a figure or aggregate, decided_on of a target or verdict", "công bố từ")
    source: str | None = told("Code of the source", "nguồn")
    field: str = told("The field that changed", "trường")
    before: str | None = told("What it was; null: not public", "trước")
    after: str | None = told("What it is; null: not public any more", "sau")


class Changes(BaseModel):
    """What changed, oldest first."""

    since: datetime = told("From this moment on", "từ thời điểm")
    next_since: datetime = told(
        "What to ask for next time. It reaches back a little: drop the ids you know", "lần sau hỏi từ thời điểm này"
    )
    next: str | None = told("Address of the next part, null on the last one", "địa chỉ phần tiếp theo")
    items: list[ChangeRow] = told("The changes", "các thay đổi")

"""What may be asked of each resource: filters, order, part, and the day whose knowledge is shown."""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field, GetJsonSchemaHandler, ValidationInfo, model_validator

from ..assessment import Status
from ..dashboard.query_params import term_of_year
from ..dashboard.report_selection import ReportSelection
from ..models import Aggregate, Figure, FigureStatus, Target
from ..models.base import EARLIEST_YEAR, LATEST_YEAR
from ..models.catalogue import Kind, Reliability
from ..models.figures import ComparisonMeasure, Measure
from ..models.targets import Scope, TargetStatus
from ..queries.term_overview import Filter

MOST = 1000  # rows in one answer

Code = Annotated[str, Field(pattern=r"^[-\w]{1,80}$")]
RecordNumber = Annotated[int, Field(ge=1, le=2**62)]
Year = Annotated[int, Field(ge=EARLIEST_YEAR, le=LATEST_YEAR)]


class Parameters(BaseModel):
    """What every address takes. A parameter that does not exist is refused: a slip must not widen the answer."""

    lang: str | None = Field(
        None,
        description="Language of messages, vi or en; otherwise Accept-Language · ngôn ngữ thông báo",
        json_schema_extra=lambda schema: schema.update(anyOf=[{"enum": ["vi", "en"]}, {"type": "null"}]),
    )

    @model_validator(mode="before")
    @classmethod
    def _known_and_filled(cls, given: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """The parameters without those that a form leaves empty. Raises ValueError for one that is not known."""
        # Ninja hands over only the fields of the model; what else stands in the address is seen in the request alone.
        request: HttpRequest = (info.context or {})["request"]
        if unknown := sorted(set(request.GET) - set(cls.model_fields)):
            known = ", ".join(cls.model_fields)
            raise ValueError(_("“%(name)s” is not known here; known: %(known)s") % {"name": unknown[0], "known": known})
        return {name: value for name, value in given.items() if value != ""}


class AsOf(Parameters):
    """The day whose knowledge is shown."""

    as_of: str | None = Field(
        None,
        description="Show what had been published by this day; today without it, and a day to come is a 400"
        " · ngày chốt thông tin",
        json_schema_extra=lambda schema: schema.update(anyOf=[{"type": "string", "format": "date"}, {"type": "null"}]),
    )


class Since(Parameters):
    """From a moment on."""

    since: str | None = Field(
        None,
        description="A day or a moment; thirty days ago without it · từ thời điểm",
        json_schema_extra=lambda schema: schema.update(
            anyOf=[{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}, {"type": "null"}]
        ),
    )


class ChangesQuery(Since):
    limit: int = Field(100, ge=1, le=MOST, description="At most so many changes · số dòng tối đa")
    offset: int = Field(0, ge=0, le=10_000_000, description="Leave out so many of them · số dòng bỏ qua")


class ListQuery(AsOf):
    """A part of a list in an order. `sorts` are the names it can be sorted by, `lookups` its filters, each with its lookup."""

    sorts: ClassVar[dict[str, str]] = {}
    lookups: ClassVar[dict[str, str]] = {}

    limit: int = Field(100, ge=1, le=MOST, description="At most so many rows · số dòng tối đa")
    offset: int = Field(0, ge=0, le=10_000_000, description="Leave out so many rows · số dòng bỏ qua")
    sort: str | None = Field(
        None, description="A minus puts the largest first; without it the order of the official tables · thứ tự"
    )

    @classmethod
    def sort_names(cls) -> list[str]:
        return [*cls.sorts, *(f"-{name}" for name in cls.sorts)]

    @model_validator(mode="after")
    def _sortable(self) -> "ListQuery":
        """Raises ValueError for an order that is not offered."""
        if self.sort and self.sort not in self.sort_names():
            text = _("“%(text)s” is not one of: %(known)s.")
            raise ValueError(text % {"text": self.sort[:40], "known": ", ".join(self.sort_names())})
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        # Each list has its own names to sort by, so no enumeration can stand at the field, which all of them share.
        schema = handler.resolve_ref_schema(handler(core))
        schema["properties"]["sort"]["anyOf"] = [{"enum": cls.sort_names()}, {"type": "null"}]
        return schema

    def condition(self, day: date) -> Q:
        """The condition of the filters on a record, on the day whose knowledge is shown. Raises Http404 for no such term."""
        values = {lookup: getattr(self, name) for name, lookup in self.lookups.items()}
        return Q(**{lookup: value for lookup, value in values.items() if value is not None})


class SectorQuery(ListQuery):
    sorts: ClassVar = {"code": "code", "order": "order"}


class AgencyQuery(ListQuery):
    sorts: ClassVar = {"code": "code", "valid_from": "valid_from", "valid_to": "valid_to"}


class TermQuery(ListQuery):
    sorts: ClassVar = {"code": "code", "last_year": "last_year"}


class SourceQuery(ListQuery):
    sorts: ClassVar = {"code": "code", "issued_on": "issued_on", "reliability": "reliability"}
    lookups: ClassVar = {"reliability": "reliability", "publisher": "publisher"}

    reliability: Reliability | None = Field(None, description="A, B or C · độ tin cậy")
    publisher: str | None = Field(None, max_length=200, description="Exactly this publisher · cơ quan ban hành")


class IndicatorFilters(ListQuery):
    """Narrowed by what the indicator is, and who answers for it that day. `indicator_path` leads there from the record."""

    indicator_path: ClassVar[str] = "indicator__"

    indicator: Code | None = Field(None, description="Code of the indicator · chỉ tiêu")
    sector: Code | None = Field(None, description="Code of the sector · lĩnh vực")
    agency: Code | None = Field(None, description="Code of the agency that answers for it on as_of · cơ quan chủ trì")

    def condition(self, day: date) -> Q:
        condition = super().condition(day)
        if self.indicator:
            condition &= Q(**{f"{self.indicator_path}code": self.indicator})
        if self.sector or self.agency:
            catalogue = ReportSelection(
                day, None, Filter(sector=self.sector or "", agency=self.agency or "")
            ).indicators()
            condition &= Q(**{f"{self.indicator_path or 'pk__'}in": catalogue.values("pk")})
        return condition


class IndicatorQuery(IndicatorFilters):
    sorts: ClassVar = {"code": "code", "order": "order"}
    lookups: ClassVar = {"parent": "parent__code", "kind": "kind", "headline": "headline"}
    indicator_path: ClassVar = ""

    parent: Code | None = Field(None, description="Code of the indicator they are parts of · trong đó của")
    kind: Kind | None = Field(None, description="level, flow, rate or rank · loại")
    headline: bool | None = Field(None, description="Shown first · chỉ tiêu nổi bật")
    q: str | None = Field(None, max_length=100, description="Words of the name, with or without marks · từ khóa")

    def condition(self, day: date) -> Q:
        condition = super().condition(day)
        if self.q:
            # PostgreSQL takes no text with a zero byte.
            words = Filter(q=self.q.replace("\x00", ""))
            condition &= Q(pk__in=ReportSelection(day, None, words).indicators().values("pk"))
        return condition


class TermFilters(IndicatorFilters):
    """Narrowed to a term, which is named by its last year: to the records that belong to it, or where they name none, to
    those whose `years` lie in it."""

    years: ClassVar[tuple[str, str] | None] = None

    term: Year | None = Field(None, description="Last year of the term, such as 2025 · nhiệm kỳ")

    def condition(self, day: date) -> Q:
        condition = super().condition(day)
        if self.term is None:
            return condition
        term = term_of_year(self.term)
        if self.years is None:
            return condition & Q(term=term)
        first, last = self.years
        return condition & Q(**{f"{first}__gte": term.first_year, f"{last}__lte": term.last_year})


class TargetQuery(TermFilters):
    sorts: ClassVar = {
        "indicator": "indicator__code", "first_year": "first_year", "last_year": "last_year", "decided_on": "decided_on",
    }  # fmt: skip
    lookups: ClassVar = {"year": "last_year", "scope": "scope", "status": "status", "counted": "counted"}

    year: Year | None = Field(None, description="Last year it is about · năm cuối")
    scope: Scope | None = Field(None, description="term or annual · phạm vi")
    status: TargetStatus | None = Field(None, description="draft or adopted · trạng thái")
    counted: bool | None = Field(None, description="Counts in x/N · thuộc danh mục chỉ tiêu Đại hội")
    in_force: bool | None = Field(None, description="In force on as_of · đang có hiệu lực")

    def condition(self, day: date) -> Q:
        return super().condition(day) & _in_force(self.in_force, Target, day)


class FigureQuery(TermFilters):
    sorts: ClassVar = {"indicator": "indicator__code", "year": "year", "published_on": "published_on", "value": "value"}
    lookups: ClassVar = {
        "year": "year", "through_month": "through_month", "status": "status", "source": "source__code",
    }  # fmt: skip
    years: ClassVar = ("year", "year")

    year: Year | None = Field(None, description="Year · năm")
    through_month: int | None = Field(None, ge=1, le=12, description="12: whole years only · đến tháng")
    status: FigureStatus | None = Field(None, description="How firm it is · ước / sơ bộ / chính thức")
    source: Code | None = Field(None, description="Code of the source · nguồn")
    in_force: bool | None = Field(None, description="The version of its period that counts on as_of · đang có hiệu lực")

    def condition(self, day: date) -> Q:
        return super().condition(day) & _in_force(self.in_force, Figure, day)


class AggregateQuery(TermFilters):
    sorts: ClassVar = {
        "indicator": "indicator__code", "last_year": "last_year", "published_on": "published_on", "value": "value",
    }  # fmt: skip
    lookups: ClassVar = {"measure": "measure", "status": "status"}
    years: ClassVar = ("first_year", "last_year")

    measure: Measure | None = Field(None, description="average or total · bình quân / tổng")
    status: FigureStatus | None = Field(None, description="How firm it is · ước / sơ bộ / chính thức")
    in_force: bool | None = Field(None, description="The version that counts on as_of · đang có hiệu lực")

    def condition(self, day: date) -> Q:
        return super().condition(day) & _in_force(self.in_force, Aggregate, day)


class ComparisonQuery(TermFilters):
    sorts: ClassVar = {"indicator": "indicator__code", "year": "year", "value": "value"}
    lookups: ClassVar = {"year": "year", "measure": "measure"}
    years: ClassVar = ("year", "year")

    year: Year | None = Field(None, description="Year · năm")
    measure: ComparisonMeasure | None = Field(None, description="What it compares with · so với")


class OfficialResultQuery(ListQuery):
    sorts: ClassVar = {"term": "term__last_year", "year": "year"}
    lookups: ClassVar = {"term": "term__last_year", "year": "year"}

    term: Year | None = Field(None, description="Last year of the term, such as 2025 · nhiệm kỳ")
    year: Year | None = Field(None, description="Year · năm")


class ProgressQuery(TermFilters):
    sorts: ClassVar = {name: name for name in ("indicator", "last_year", "measured_value", "pace_ratio")}
    lookups: ClassVar = {"year": "last_year", "scope": "scope"}

    year: Year | None = Field(None, description="Last year of the target · năm cuối")
    scope: Scope | None = Field(None, description="term or annual · phạm vi")
    counted: bool | None = Field(None, description="Adopted and counted in x/N · thuộc danh mục chỉ tiêu Đại hội")
    status: Status | Literal["danger"] | None = Field(
        None, description="The verdict that counts: the official one, else the computed one; danger: any bad one"
    )

    def condition(self, day: date) -> Q:
        return super().condition(day) & _where(self.counted, Q(counted=True, status=TargetStatus.ADOPTED))


def _in_force(flag: bool | None, model: Any, day: date) -> Q:
    return _where(flag, Q(pk__in=model.objects.in_force(day).order_by().values("pk")))


def _where(flag: bool | None, condition: Q) -> Q:
    """The condition, its opposite, or none where the flag is not set."""
    if flag is None:
        return Q()
    return condition if flag else ~condition

"""HTTP: what may be asked of each resource: filters, order, part, and the day whose knowledge is shown."""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field, GetJsonSchemaHandler, ValidationInfo, model_validator

from ..assessment import Status
from ..dashboard.exports import Asked
from ..dashboard.query_params import term_of_year
from ..models import Aggregate, Figure, FigureStatus, Target
from ..models.base import EARLIEST_YEAR, LATEST_YEAR
from ..models.catalogue import Kind, Reliability
from ..models.figures import ComparisonMeasure, Measure
from ..models.targets import Scope, TargetStatus
from ..queries.term_overview import Filter

MOST = 1000

Code = Annotated[str, Field(pattern=r"^[-\w]{1,80}$")]
RecordNumber = Annotated[int, Field(ge=1, le=2**62)]
Year = Annotated[int, Field(ge=EARLIEST_YEAR, le=LATEST_YEAR)]


class Language(BaseModel):
    """The language of messages. A parameter that does not exist is refused: a slip must not widen the answer."""

    lang: str | None = Field(
        None,
        description="Language of messages, vi or en; otherwise Accept-Language · ngôn ngữ thông báo",
        json_schema_extra=lambda schema: schema.update(anyOf=[{"enum": ["vi", "en"]}, {"type": "null"}]),
    )

    @model_validator(mode="before")
    @classmethod
    def _known_and_filled(cls, given: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """What a form leaves empty is not asked for."""
        request: HttpRequest = (info.context or {})["request"]
        if unknown := sorted(set(request.GET) - set(cls.model_fields)):
            known = ", ".join(cls.model_fields)
            raise ValueError(_("“%(name)s” is not known here; known: %(known)s") % {"name": unknown[0], "known": known})
        return {name: value for name, value in given.items() if value != ""}


class AsOf(Language):
    """The day whose knowledge is shown."""

    as_of: str | None = Field(
        None,
        description="Show what had been published by this day; today without it, and a day to come is a 400"
        " · ngày chốt thông tin",
        json_schema_extra=lambda schema: schema.update(anyOf=[{"type": "string", "format": "date"}, {"type": "null"}]),
    )


class Since(Language):
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


class Paged(AsOf):
    """A part of a list in an order. `sorts` are the names it can be sorted by, each with its lookup."""

    sorts: ClassVar[dict[str, str]] = {}

    limit: int = Field(100, ge=1, le=MOST, description="At most so many rows · số dòng tối đa")
    offset: int = Field(0, ge=0, le=10_000_000, description="Leave out so many rows · số dòng bỏ qua")
    sort: str | None = Field(
        None, description="A minus puts the largest first; without it the order of the official tables · thứ tự"
    )

    @classmethod
    def sort_names(cls) -> list[str]:
        return [*cls.sorts, *(f"-{name}" for name in cls.sorts)]

    @model_validator(mode="after")
    def _sortable(self) -> "Paged":
        if self.sort and self.sort not in self.sort_names():
            text = _("“%(text)s” is not one of: %(known)s.")
            raise ValueError(text % {"text": self.sort[:40], "known": ", ".join(self.sort_names())})
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = handler.resolve_ref_schema(handler(core))
        schema["properties"]["sort"]["anyOf"] = [{"enum": cls.sort_names()}, {"type": "null"}]
        return schema

    def condition(self, day: date) -> Q:
        """What the filters ask of a record, on the day whose knowledge is shown."""
        return Q()

    def _columns(self, **lookups: Any) -> Q:
        """The condition of the filters that are set among `lookups`."""
        return Q(**{lookup: value for lookup, value in lookups.items() if value is not None})


class SectorQuery(Paged):
    sorts: ClassVar = {"code": "code", "order": "order"}


class AgencyQuery(Paged):
    sorts: ClassVar = {"code": "code", "valid_from": "valid_from", "valid_to": "valid_to"}


class TermQuery(Paged):
    sorts: ClassVar = {"code": "code", "last_year": "last_year"}


class SourceQuery(Paged):
    sorts: ClassVar = {"code": "code", "issued_on": "issued_on", "reliability": "reliability"}

    reliability: Reliability | None = Field(None, description="A, B or C · độ tin cậy")
    publisher: str | None = Field(None, max_length=200, description="Exactly this publisher · cơ quan ban hành")

    def condition(self, day: date) -> Q:
        return self._columns(reliability=self.reliability, publisher=self.publisher)


class Narrowed(Paged):
    """Narrowed by what the indicator is, and who answers for it that day."""

    indicator: Code | None = Field(None, description="Code of the indicator · chỉ tiêu")
    sector: Code | None = Field(None, description="Code of the sector · lĩnh vực")
    agency: Code | None = Field(None, description="Code of the agency that answers for it on as_of · cơ quan chủ trì")

    def of_indicator(self, day: date, path: str = "indicator__") -> Q:
        """The condition on the indicator that `path` leads to."""
        found = self._columns(**{f"{path}code": self.indicator})
        if self.sector or self.agency:
            asked = Asked(day, None, Filter(sector=self.sector or "", agency=self.agency or ""))
            found &= Q(**{f"{path or 'pk__'}in": asked.catalogue().values("pk")})
        return found


class IndicatorQuery(Narrowed):
    sorts: ClassVar = {"code": "code", "order": "order"}

    parent: Code | None = Field(None, description="Code of the indicator they are parts of · trong đó của")
    kind: Kind | None = Field(None, description="level, flow, rate or rank · loại")
    headline: bool | None = Field(None, description="Shown first · chỉ tiêu nổi bật")
    q: str | None = Field(None, max_length=100, description="Words of the name, with or without marks · từ khóa")

    def condition(self, day: date) -> Q:
        found = self.of_indicator(day, "")
        if self.q:
            found &= Q(pk__in=Asked(day, None, Filter(q=self.q.replace("\x00", ""))).catalogue().values("pk"))
        return found & self._columns(parent__code=self.parent, kind=self.kind, headline=self.headline)


class OfTerm(Narrowed):
    """Narrowed to a term, which is named by its last year."""

    term: Year | None = Field(None, description="Last year of the term, such as 2025 · nhiệm kỳ")

    def within_term(self, first: str, last: str) -> Q:
        """The condition that the years from `first` to `last` lie in the term; 404 when there is none."""
        if self.term is None:
            return Q()
        term = term_of_year(self.term)
        return Q(**{f"{first}__gte": term.first_year, f"{last}__lte": term.last_year})

    def of_term(self) -> Q:
        """The condition that the record belongs to the term; 404 when there is none."""
        return Q(term=term_of_year(self.term)) if self.term is not None else Q()


class TargetQuery(OfTerm):
    sorts: ClassVar = {
        "indicator": "indicator__code", "first_year": "first_year", "last_year": "last_year", "decided_on": "decided_on",
    }  # fmt: skip

    year: Year | None = Field(None, description="Last year it is about · năm cuối")
    scope: Scope | None = Field(None, description="term or annual · phạm vi")
    status: TargetStatus | None = Field(None, description="draft or adopted · trạng thái")
    counted: bool | None = Field(None, description="Counts in x/N · tính vào x/N")
    in_force: bool | None = Field(None, description="In force on as_of · đang có hiệu lực")

    def condition(self, day: date) -> Q:
        columns = self._columns(last_year=self.year, scope=self.scope, status=self.status, counted=self.counted)
        in_force = Target.objects.in_force(day).order_by().values("pk")
        return self.of_indicator(day) & self.of_term() & columns & _in(self.in_force, in_force)


class FigureQuery(OfTerm):
    sorts: ClassVar = {"indicator": "indicator__code", "year": "year", "published_on": "published_on", "value": "value"}

    year: Year | None = Field(None, description="Year · năm")
    through_month: int | None = Field(None, ge=1, le=12, description="12: whole years only · đến tháng")
    status: FigureStatus | None = Field(None, description="How firm it is · ước / sơ bộ / chính thức")
    source: Code | None = Field(None, description="Code of the source · nguồn")
    in_force: bool | None = Field(None, description="The version of its period that counts on as_of · đang có hiệu lực")

    def condition(self, day: date) -> Q:
        columns = self._columns(
            year=self.year, through_month=self.through_month, status=self.status, source__code=self.source
        )
        in_force = Figure.objects.in_force(day).order_by().values("pk")
        return self.of_indicator(day) & self.within_term("year", "year") & columns & _in(self.in_force, in_force)


class AggregateQuery(OfTerm):
    sorts: ClassVar = {
        "indicator": "indicator__code", "last_year": "last_year", "published_on": "published_on", "value": "value",
    }  # fmt: skip

    measure: Measure | None = Field(None, description="average or total · bình quân / tổng")
    status: FigureStatus | None = Field(None, description="How firm it is · ước / sơ bộ / chính thức")
    in_force: bool | None = Field(None, description="The version that counts on as_of · đang có hiệu lực")

    def condition(self, day: date) -> Q:
        columns = self._columns(measure=self.measure, status=self.status)
        in_force = Aggregate.objects.in_force(day).order_by().values("pk")
        years = self.within_term("first_year", "last_year")
        return self.of_indicator(day) & years & columns & _in(self.in_force, in_force)


class ComparisonQuery(OfTerm):
    sorts: ClassVar = {"indicator": "indicator__code", "year": "year", "value": "value"}

    year: Year | None = Field(None, description="Year · năm")
    measure: ComparisonMeasure | None = Field(None, description="What it compares with · so với")

    def condition(self, day: date) -> Q:
        columns = self._columns(year=self.year, measure=self.measure)
        return self.of_indicator(day) & self.within_term("year", "year") & columns


class OfficialResultQuery(Paged):
    sorts: ClassVar = {"term": "term__last_year", "year": "year"}

    term: Year | None = Field(None, description="Last year of the term, such as 2025 · nhiệm kỳ")
    year: Year | None = Field(None, description="Year · năm")

    def condition(self, day: date) -> Q:
        return self._columns(term__last_year=self.term, year=self.year)


class ProgressQuery(OfTerm):
    sorts: ClassVar = {name: name for name in ("indicator", "last_year", "measured_value", "pace_ratio")}

    year: Year | None = Field(None, description="Last year of the target · năm cuối")
    scope: Scope | None = Field(None, description="term or annual · phạm vi")
    counted: bool | None = Field(None, description="Adopted and counted in x/N · tính vào x/N")
    status: Status | Literal["danger"] | None = Field(
        None, description="The verdict that counts: the official one, else the computed one; danger: any bad one"
    )

    def condition(self, day: date) -> Q:
        columns = self._columns(last_year=self.year, scope=self.scope)
        counts = Q(counted=True, status=TargetStatus.ADOPTED)
        return self.of_indicator(day) & self.of_term() & columns & _either(self.counted, counts)


def _in(wanted: bool | None, records: QuerySet[Any]) -> Q:
    return _either(wanted, Q(pk__in=records))


def _either(wanted: bool | None, condition: Q) -> Q:
    if wanted is None:
        return Q()
    return condition if wanted else ~condition

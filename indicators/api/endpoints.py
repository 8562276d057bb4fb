"""The resources under /api/v1/. What can be asked stands in filters, what is answered in schemas."""

from datetime import date
from typing import Annotated, Any

import simplejson
from django.conf import settings
from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Path, Query
from ninja.renderers import BaseRenderer

from ..dashboard.exports.progress_columns import PROGRESS_COLUMNS, progress_values
from ..dashboard.query_params import requested_day
from ..models import Aggregate, Figure, Indicator, Target
from ..public.records import lookups, public_records
from ..public.schema import RecordTable, table_named
from ..queries.progress import ProgressRow, progress
from ..queries.responsible_agency import responsibility
from ..queries.term_overview import Filter, row_fits
from ..sentences import sentence
from . import filters, schemas
from .problems import Problem

Values = dict[str, Any]


class DecimalRenderer(BaseRenderer):
    """JSON whose numbers have the digits that are stored: 8.06 is 8.06, whoever reads it."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        return str(simplejson.dumps(data, use_decimal=True, ensure_ascii=False, default=lambda day: day.isoformat()))


class TrackerAPI(NinjaAPI):
    def on_exception(self, request: HttpRequest, exc: Any) -> Any:
        """Raises every error as it came: `api_access` answers them all in one form."""
        raise exc


api = TrackerAPI(
    title="Lạng Sơn indicator tracker",
    version="1",
    description="Targets of the congress terms beside what was reached: approved figures only, with their sources.",
    renderer=DecimalRenderer(),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)

PROBLEMS: dict[Any, Any] = {frozenset({400, 401, 404, 429, 503}): schemas.ProblemDetails}


def _page(request: HttpRequest, query: filters.ListQuery, day: date, total: int, items: list[Values]) -> Values:
    """The envelope of a list: `items` are the rows of this part, `total` counts those of all."""
    end, next_address = query.offset + query.limit, None
    if end < total:
        parameters = request.GET.copy()
        parameters["offset"], parameters["as_of"] = str(end), day.isoformat()
        next_address = f"{settings.SITE_URL}{request.path}?{parameters.urlencode()}"
    head = {"as_of": day, "total": total, "limit": query.limit, "offset": query.offset}
    return {**head, "next": next_address, "items": items}


def _ordered(records: QuerySet[Any], table: RecordTable, query: filters.ListQuery) -> QuerySet[Any]:
    """The records in the order that is asked for; what is equal, in the fixed order of the table."""
    name = (query.sort or "").removeprefix("-")
    if not name:
        return records.order_by(*table.ordering(), "pk")
    column = F(query.sorts[name])
    first = column.desc(nulls_last=True) if (query.sort or "").startswith("-") else column.asc(nulls_last=True)
    return records.order_by(first, *table.ordering(), "pk")


def _number(model: type[Model]) -> Any:
    """The number that a record keeps: what still stands of a figure that is being corrected has that of the figure."""
    return Coalesce("earlier_of_id", "pk") if model in (Figure, Target) else F("pk")


def _rows(table: RecordTable, records: QuerySet[Any], day: date) -> list[Values]:
    """The columns of the data package, with the number of the record and what follows from the other records that day."""
    names = ("id", *table.column_names)
    values = records.values_list(_number(table.model), *lookups(table, day))
    rows = [dict(zip(names, row, strict=True)) for row in values]
    if table.model is Indicator:
        agencies = responsibility(day).agencies
        for row in rows:
            agency = agencies.get(row["id"])
            row["responsible_agency"] = agency.code if agency else None
    if table.model in (Figure, Aggregate):
        # Every record of these indicators has to take part: which one counts shows only beside the others.
        beside = table.model._default_manager.filter(indicator__code__in={row["indicator"] for row in rows})
        in_force = beside.in_force(day).order_by().values_list(_number(table.model), flat=True)
        ids = set(in_force)
        for row in rows:
            row["in_force"] = row["id"] in ids
    return rows


def _add_list(name: str, query_type: Any, words: str) -> None:
    """The address of the list of the public records of the table `name`."""
    table = table_named(name)

    def list_records(request: HttpRequest, query: filters.ListQuery) -> Values:
        day = requested_day(request)
        records = public_records(table, day).filter(query.condition(day))
        part = _ordered(records, table, query)[query.offset : query.offset + query.limit]
        return _page(request, query, day, records.count(), _rows(table, part, day))

    # django-ninja reads the annotations of each view; ours differ in nothing else.
    list_records.__annotations__["query"] = Query[query_type]  # type: ignore[misc]
    row: Any = schemas.ROWS[name]
    answers = {200: schemas.Page[row], **PROBLEMS}
    summary, tags = f"List {name}", [name]
    api.get(f"/{name}", response=answers, operation_id=name, summary=summary, description=words, tags=tags)(
        list_records
    )


def _add_record(name: str, example: Any, words: str) -> None:
    """The address of one of these records, by its code or, where it has none, its number. It raises Problem 404."""
    table = table_named(name)
    lookup = "code" if table.key == ("code",) else "pk"

    def get_record(request: HttpRequest, key: str, query: Query[filters.AsOf]) -> Values:
        """The record with this key, as it was public that day. Raises Problem 404 without one."""
        day, condition = requested_day(request), Q(**{lookup: key})
        if table.model in (Figure, Target):
            condition |= Q(earlier_of=key)  # only one of those with the number of the record is public on a day
        rows = _rows(table, public_records(table, day).filter(condition), day)
        if not rows:
            text = _("There is no “%(key)s” among %(name)s, or it had not been published on %(day)s.")
            raise Problem(404, text % {"key": key, "name": name, "day": day})
        return rows[0]

    kind = filters.Code if lookup == "code" else filters.RecordNumber
    get_record.__annotations__["key"] = Annotated[kind, Path(examples=[example])]
    answers, summary, tags = {200: schemas.ROWS[name], **PROBLEMS}, f"One of {name}", [name]
    add = api.get(
        f"/{name}/{{key}}", response=answers, operation_id=f"{name}_one", summary=summary, description=words, tags=tags
    )
    add(get_record)


for _name, _example, _query_type, _words in (
    ("sectors", "economy", filters.SectorQuery, "Sectors · lĩnh vực"),
    ("agencies", "finance", filters.AgencyQuery, "Responsible agencies · cơ quan"),
    ("terms", "XVII", filters.TermQuery, "Terms of the congress · nhiệm kỳ"),
    ("sources", "vtc-2026-01", filters.SourceQuery, "Sources of every number · nguồn"),
    ("indicators", "grdp-growth", filters.IndicatorQuery, "Indicators · chỉ tiêu"),
    ("targets", 1, filters.TargetQuery, "Targets as written, every version · mục tiêu"),
    ("figures", 1, filters.FigureQuery, "Figures, every published version · số thực hiện"),
    ("aggregates", 1, filters.AggregateQuery, "Published averages and totals · bình quân, tổng"),
    ("comparisons", 1, filters.ComparisonQuery, "Printed percentages · so sánh"),
    ("official_results", 1, filters.OfficialResultQuery, "Official counts · kết quả"),
):
    _add_list(_name, _query_type, _words)
    _add_record(_name, _example, _words)


@api.get(
    "/progress",
    response={200: schemas.Page[schemas.ProgressItem], **PROBLEMS},
    operation_id="progress",
    summary="List progress",
    tags=["progress"],
)
def list_progress(request: HttpRequest, query: Query[filters.ProgressQuery]) -> Values:
    """Every target in force with its verdict and the sentence that explains it · tiến độ"""
    day, part = requested_day(request), slice(query.offset, query.offset + query.limit)
    targets: QuerySet[Target] = Target.objects.filter(query.condition(day))
    if query.status or query.sort:
        matching = [row for row in progress(day, targets) if row_fits(row, None, Filter(status=query.status or ""))]
        items = _sorted(_progress_items(matching), query.sort)
        return _page(request, query, day, len(items), items[part])
    # The verdict is not asked for: only the rows of this part need to be judged.
    keys = list(targets.in_force(day).with_everything().values_list("pk", flat=True))  # type: ignore[attr-defined]
    items = _progress_items(progress(day, Target.objects.filter(pk__in=keys[part])))
    return _page(request, query, day, len(keys), items)


def _progress_items(rows: list[ProgressRow]) -> list[Values]:
    """The columns of the progress report, between the number of the target and the sentence in English."""
    names = [column.name for column in PROGRESS_COLUMNS]
    return [
        {"target": row.target.number, **dict(zip(names, cells, strict=True)), "explanation_en": sentence(row, "en")}
        for row, cells in zip(rows, progress_values(rows), strict=True)
    ]


def _sorted(items: list[Values], sort: str | None) -> list[Values]:
    """The items by the column `sort` names, those without a value last."""
    if not sort:
        return items
    name = sort.removeprefix("-")
    with_value = [item for item in items if item[name] is not None]
    with_value.sort(key=lambda item: item[name], reverse=sort.startswith("-"))
    return with_value + [item for item in items if item[name] is None]

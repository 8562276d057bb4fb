"""HTTP: the resources under /api/v1/. What can be asked stands in queries, what is answered in schemas."""

from collections.abc import Callable
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

from ..dashboard.query_params import as_of as wanted_day
from ..models import Aggregate, Figure, Indicator, Target
from ..public.progress_columns import PROGRESS_COLUMNS, progress_values
from ..public.records import lookups, public_records, table_named
from ..public.schema import Table
from ..queries.progress import ProgressRow, progress
from ..queries.responsible_agency import responsibility
from ..queries.term_overview import Filter, row_fits
from ..sentences import sentence
from . import filters, schemas
from .problems import Problem

Values = dict[str, Any]


class Renderer(BaseRenderer):
    """JSON whose numbers have the digits that are stored: 8.06 is 8.06, whoever reads it."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        text: str = simplejson.dumps(data, use_decimal=True, ensure_ascii=False, default=lambda one: one.isoformat())
        return text


api = NinjaAPI(
    title="Lạng Sơn indicator tracker",
    version="1",
    description="Targets of the congress terms beside what was reached: approved figures only, with their sources.",
    renderer=Renderer(),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)


def _passed_on(request: HttpRequest, error: Exception) -> Any:
    """Every error is answered at the gate."""
    raise error


for kind in list(api._exception_handlers):
    api.add_exception_handler(kind, _passed_on)  # type: ignore[arg-type]

PROBLEMS: dict[Any, Any] = {frozenset({400, 401, 404, 429, 503}): schemas.ProblemDetails}


def _listed(request: HttpRequest, asked: filters.Paged, name: str) -> Values:
    """The part of the resource `name` that is asked for."""
    day, table = wanted_day(request), table_named(name)
    records = public_records(table, day).filter(asked.condition(day))
    rows = _values(table, _in_order(records, table, asked)[asked.offset : asked.offset + asked.limit], day)
    return _part(request, asked, day, records.count(), rows)


def _part(request: HttpRequest, asked: filters.Paged, day: date, total: int, items: list[Values]) -> Values:
    end, following = asked.offset + asked.limit, None
    if end < total:
        parameters = request.GET.copy()
        parameters["offset"], parameters["as_of"] = str(end), day.isoformat()
        following = f"{settings.SITE_URL}{request.path}?{parameters.urlencode()}"
    shown = {"as_of": day, "total": total, "limit": asked.limit, "offset": asked.offset}
    return {**shown, "next": following, "items": items}


def _one(request: HttpRequest, name: str, **key: Any) -> Values:
    """The one record of the resource `name` with this key, if it had been published by then."""
    day, table = wanted_day(request), table_named(name)
    rows = _values(table, public_records(table, day).filter(_named(table, **key)), day)
    if not rows:
        (value,) = key.values()
        text = _("There is no “%(key)s” among %(name)s, or it had not been published on %(day)s.")
        raise Problem(404, text % {"key": value, "name": name, "day": day})
    return rows[0]


def _in_order(records: QuerySet[Any], table: Table, asked: filters.Paged) -> QuerySet[Any]:
    """The records as asked, what is equal in the fixed order of the table."""
    name = (asked.sort or "").removeprefix("-")
    if not name:
        return records.order_by(*table.ordering(), "pk")
    column = F(asked.sorts[name])
    first = column.desc(nulls_last=True) if (asked.sort or "").startswith("-") else column.asc(nulls_last=True)
    return records.order_by(first, *table.ordering(), "pk")


def _values(table: Table, records: QuerySet[Any], day: date) -> list[Values]:
    """The columns of the data package, with the number of the record and what follows from the other records that day."""
    names = ("id", *table.column_names)
    rows = [dict(zip(names, row, strict=True)) for row in records.values_list(_number(table), *lookups(table, day))]
    if extend := _FURTHER.get(table.model):
        extend(rows, day)
    return rows


def _number(table: Table) -> Any:
    """The number that a record keeps: what still stands of a figure that is being corrected has that of the figure."""
    return Coalesce("earlier_of_id", "pk") if table.model is Figure else F("pk")


def _named(table: Table, **key: Any) -> Q:
    """The record with this code or number. Only one of those with the number of a figure is public on a day."""
    return Q(**key) | Q(earlier_of=key["pk"]) if table.model is Figure else Q(**key)


def _with_agency(rows: list[Values], day: date) -> None:
    on_duty = responsibility(day).agencies
    for row in rows:
        agency = on_duty.get(row["id"])
        row["responsible_agency"] = agency.code if agency else None


def _with_force(model: Any) -> Callable[[list[Values], date], None]:
    def extend(rows: list[Values], day: date) -> None:
        # Every record of these indicators has to take part: which one counts is seen only beside the others.
        beside = model.objects.filter(indicator__code__in={row["indicator"] for row in rows})
        number = Coalesce("earlier_of_id", "pk") if model is Figure else F("pk")
        in_force = set(beside.in_force(day).order_by().values_list(number, flat=True))
        for row in rows:
            row["in_force"] = row["id"] in in_force

    return extend


_FURTHER: dict[type[Model], Callable[[list[Values], date], None]] = {
    Indicator: _with_agency,
    Figure: _with_force(Figure),
    Aggregate: _with_force(Aggregate),
}


def _list_of(name: str, query: Any, row: Any, words: str) -> None:
    """The address of the list of the public records of the table `name`."""

    def listed(request: HttpRequest, asked: filters.Paged) -> Values:
        return _listed(request, asked, name)

    listed.__annotations__["asked"] = Query[query]  # type: ignore[misc]
    answers = {200: schemas.Page[row], **PROBLEMS}
    summary, tags = f"List {name}", [name]
    api.get(f"/{name}", response=answers, operation_id=name, summary=summary, description=words, tags=tags)(listed)


def _one_of(name: str, lookup: str, example: Any, row: Any, words: str) -> None:
    """The address of one of these records, by its `code` or its number (`pk`)."""

    def one(request: HttpRequest, key: str, asked: Query[filters.AsOf]) -> Values:
        return _one(request, name, **{lookup: key})

    kind = filters.Code if lookup == "code" else filters.RecordNumber
    one.__annotations__["key"] = Annotated[kind, Path(examples=[example])]
    answers, summary, tags = {200: row, **PROBLEMS}, f"One of {name}", [name]
    add = api.get(
        f"/{name}/{{key}}", response=answers, operation_id=f"{name}_one", summary=summary, description=words, tags=tags
    )
    add(one)


for _name, _key, _example, _query, _row, _words in (
    ("sectors", "code", "economy", filters.SectorQuery, schemas.SectorRow, "Sectors · lĩnh vực"),
    ("agencies", "code", "finance", filters.AgencyQuery, schemas.AgencyRow, "Responsible agencies · cơ quan"),
    ("terms", "code", "XVII", filters.TermQuery, schemas.TermRow, "Terms of the congress · nhiệm kỳ"),
    ("sources", "code", "vtc-2026-01", filters.SourceQuery, schemas.SourceRow, "Sources of every number · nguồn"),
    ("indicators", "code", "grdp-growth", filters.IndicatorQuery, schemas.IndicatorRow, "Indicators · chỉ tiêu"),
    ("targets", "pk", 1, filters.TargetQuery, schemas.TargetRow, "Targets as written, every version · mục tiêu"),
    ("figures", "pk", 1, filters.FigureQuery, schemas.FigureRow, "Figures, every published version · số thực hiện"),
    (
        "aggregates",
        "pk",
        1,
        filters.AggregateQuery,
        schemas.AggregateRow,
        "Published averages and totals · bình quân, tổng",
    ),
    ("comparisons", "pk", 1, filters.ComparisonQuery, schemas.ComparisonRow, "Printed percentages · so sánh"),
    ("official_results", "pk", 1, filters.OfficialResultQuery, schemas.OfficialResultRow, "Official counts · kết quả"),
):
    _list_of(_name, _query, _row, _words)
    _one_of(_name, _key, _example, _row, _words)


@api.get(
    "/progress",
    response={200: schemas.Page[schemas.ProgressItem], **PROBLEMS},
    operation_id="progress",
    summary="List progress",
    tags=["progress"],
)
def judged(request: HttpRequest, asked: Query[filters.ProgressQuery]) -> Values:
    """Every target in force with its verdict and the sentence that explains it · tiến độ"""
    day = wanted_day(request)
    targets: QuerySet[Target] = Target.objects.filter(asked.condition(day))
    if not (asked.status or asked.sort):
        return _part(request, asked, day, *_judged_part(targets, day, asked))
    found = [row for row in progress(day, targets) if row_fits(row, Filter(status=asked.status or ""))]
    items = _sorted(_progress_items(found), asked.sort)
    return _part(request, asked, day, len(items), items[asked.offset : asked.offset + asked.limit])


def _judged_part(targets: QuerySet[Target], day: date, asked: filters.Paged) -> tuple[int, list[Values]]:
    """How many there are, and the rows of this part: only they are judged."""
    keys = list(targets.in_force(day).with_everything().values_list("pk", flat=True))  # type: ignore[attr-defined]
    part = keys[asked.offset : asked.offset + asked.limit]
    return len(keys), _progress_items(progress(day, Target.objects.filter(pk__in=part)))


def _progress_items(rows: list[ProgressRow]) -> list[Values]:
    """The columns of the progress report, between the number of the target and the sentence in English."""
    names = [column.name for column in PROGRESS_COLUMNS]
    return [
        {"target": row.target.pk, **dict(zip(names, cells, strict=True)), "explanation_en": sentence(row, "en")}
        for row, cells in zip(rows, progress_values(rows), strict=True)
    ]


def _sorted(items: list[Values], sort: str | None) -> list[Values]:
    """The items by the column `sort` names, those without a value last."""
    if not sort:
        return items
    name = sort.removeprefix("-")
    known = sorted(
        (one for one in items if one[name] is not None), key=lambda one: one[name], reverse=sort.startswith("-")
    )
    return known + [one for one in items if one[name] is None]

"""The files of a data package: which columns each has, which model they fill, what identifies a row, how rows sort.

Column names are the field names of the model; a relation is written as the code of what it points to. Types, lengths
and choices come from the model fields, so a column is described once, there.
"""

from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from django.db import models
from django.db.models import F

from ..models import (
    Agency,
    Aggregate,
    Comparison,
    Figure,
    Indicator,
    OfficialResult,
    OfficialVerdict,
    Sector,
    Source,
    State,
    Target,
    Term,
)
from ..models.base import ByteOrder
from ..models.figures import AGGREGATE_KEY, COMPARISON_KEY, FIGURE_KEY
from ..models.targets import TARGET_KEY

INDICATOR_ORDER = (
    "indicator__sector__order",
    "indicator__sector__code",
    "indicator__order",
    "indicator__code",
)


@dataclass(frozen=True)
class RecordColumn:
    """One column: its name in the file, the lookup that reads it from the model, and the model field that describes it."""

    name: str
    lookup: str
    field: models.Field

    @cached_property
    def points_to(self) -> type[models.Model] | None:
        """The model whose code stands in this column, or None."""
        return self.field.related_model if self.field.is_relation else None

    @property
    def required(self) -> bool:
        return not self.field.blank and not self.field.null


@dataclass(frozen=True)
class RecordTable:
    """One file of the package.

    `owner` names the relation whose own key stands in the first columns (a verdict is identified by its target);
    `fixed` are fields that a loaded row always gets; `exported` filters what may leave the house, `compared` what a row is
    held against; `optional` are columns that packages of before do not have: they count as empty.
    """

    name: str
    model: type[models.Model]
    column_names: tuple[str, ...]
    key: tuple[str, ...]
    order: tuple[str, ...]
    owner: str | None = None
    fixed: dict[str, Any] = field(default_factory=dict)
    exported: dict[str, Any] = field(default_factory=dict)
    compared: dict[str, Any] = field(default_factory=dict)
    optional: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        return f"{self.name}.csv"

    @cached_property
    def columns(self) -> tuple[RecordColumn, ...]:
        return tuple(self._column(name) for name in self.column_names)

    @cached_property
    def own_columns(self) -> tuple[RecordColumn, ...]:
        """The columns that fill fields of the model itself; without the owner's key."""
        return tuple(column for column in self.columns if not (self.owner and column.name in self.key))

    @property
    def stands_alone(self) -> bool:
        """Whether its rows point only to rows of other tables and nothing points to them: then there may be very many,
        and each can be checked by itself."""
        return self.model not in POINTED_TO and not self.owner

    @cached_property
    def lookups(self) -> dict[str, str]:
        """What reads each column from the model, by name."""
        return {column.name: column.lookup for column in self.columns}

    def ordering(self) -> list[Any]:
        """The fixed order of rows: codes byte by byte, an unknown year after the known ones."""
        return [_in_order(name) for name in self.order]

    def _column(self, name: str) -> RecordColumn:
        if self.owner and name in self.key:
            related = self.model._meta.get_field(self.owner).related_model
            # A column of the owner that the model has too bears the owner's name at its end.
            own_name = name.removesuffix("_target")
            column_field, lookup = related._meta.get_field(own_name), f"{self.owner}__{own_name}"  # type: ignore[union-attr]
        else:
            column_field, lookup = self.model._meta.get_field(name), name
        suffix = "__code" if column_field.is_relation else ""
        return RecordColumn(name, lookup + suffix, column_field)  # type: ignore[arg-type]


def _in_order(name: str) -> Any:
    bare = name.removeprefix("-")
    expression = ByteOrder(bare) if bare.endswith("code") else F(bare)
    return expression.desc() if name.startswith("-") else expression.asc(nulls_last=True if bare == "year" else None)


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


def _official_order(key: tuple[str, ...]) -> tuple[str, ...]:
    """The order of the records of indicators: as in the official tables, then by the rest of their key."""
    return (*INDICATOR_ORDER, *("source__code" if name == "source" else name for name in key[1:]))


# In loading order: what is pointed to comes first.
TABLES = (
    RecordTable("sectors", Sector, _names("code,order,name_vi,name_en"), ("code",), ("order", "code")),
    RecordTable("agencies", Agency, _names("code,name_vi,name_en,valid_from,valid_to,successor"), ("code",), ("code",)),
    RecordTable(
        "sources",
        Source,
        _names("code,title_vi,publisher,number,issued_on,url,reliability,note"),
        ("code",),
        ("code",),
    ),
    RecordTable(
        "terms",
        Term,
        _names("code,name_vi,name_en,first_year,last_year,congress_vi,congress_en,declared_targets,source"),
        ("code",),
        ("first_year", "code"),
    ),
    RecordTable(
        "indicators",
        Indicator,
        _names(
            "code,sector,order,parent,name_vi,name_en,unit_vi,unit_en,decimals,better,kind,path,judged_by_parts,headline,"
            "definition_vi,definition_en,agency,successor"
        ),
        ("code",),
        ("sector__order", "sector__code", "order", "code"),
        optional=("successor",),
    ),
    RecordTable(
        "targets",
        Target,
        _names(
            "indicator,term,scope,first_year,last_year,baseline_year,bound,low,high,basis,status,counted,decided_on,"
            "replaced_on,as_written_vi,source,quote_vi,note"
        ),
        TARGET_KEY,
        (*INDICATOR_ORDER, "term__first_year", "term__code", "-scope", "first_year", "last_year", "decided_on"),
        exported={"shown_until": None},
        compared={"shown_until": None},
    ),
    RecordTable(
        "figures",
        Figure,
        _names("indicator,year,through_month,value,qualifier,status,published_on,series_break,source,quote_vi,note"),
        FIGURE_KEY,
        _official_order(FIGURE_KEY),
        fixed={"state": State.APPROVED},
        exported={"state": State.APPROVED, "replaced_on": None},
        # The copy that the public keeps during a correction is no row of its own.
        compared={"earlier_of": None},
    ),
    RecordTable(
        "aggregates",
        Aggregate,
        _names("indicator,first_year,last_year,measure,value,qualifier,status,published_on,source,quote_vi,note"),
        AGGREGATE_KEY,
        _official_order(AGGREGATE_KEY),
    ),
    RecordTable(
        "comparisons",
        Comparison,
        _names("indicator,year,through_month,measure,value,qualifier,source,quote_vi,note"),
        COMPARISON_KEY,
        _official_order(COMPARISON_KEY),
    ),
    RecordTable(
        "official_results",
        OfficialResult,
        _names("term,year,declared_targets,met_or_exceeded,source,quote_vi,note"),
        ("term", "year"),
        ("term__first_year", "term__code", "year"),
    ),
    RecordTable(
        "verdicts",
        OfficialVerdict,
        _names("indicator,term,scope,first_year,last_year,decided_on_target,verdict,reason,decided_on"),
        (*TARGET_KEY[:-1], f"{TARGET_KEY[-1]}_target"),  # the day of the verdict itself is called decided_on too
        (
            *(f"target__{name}" for name in INDICATOR_ORDER),
            "target__term__first_year",
            "-target__scope",
            "target__first_year",
            "target__last_year",
            "target__decided_on",
        ),
        owner="target",
        exported={"target__shown_until": None},
        compared={"target__shown_until": None},
    ),
)

# The models that rows name: only these need to be known by key.
POINTED_TO = {column.points_to for table in TABLES for column in table.columns if column.points_to} | {Target}

_BY_NAME = {table.name: table for table in TABLES}


def table_named(name: str) -> RecordTable:
    """The table called `name`. Raises KeyError without one."""
    return _BY_NAME[name]


@cache
def table_of(model: type[models.Model]) -> RecordTable:
    """The table that fills `model`. Raises StopIteration without one."""
    return next(table for table in TABLES if table.model is model)

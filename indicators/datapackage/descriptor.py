"""The Frictionless Data Package descriptor, made from the tables and the model fields they fill."""

from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import override

from ..public.records import public_sources
from ..public.schema import TABLES, RecordColumn, RecordTable, table_of

_TYPES = (
    (models.DecimalField, "number"),
    (models.DateField, "date"),
    (models.BooleanField, "boolean"),
    (models.IntegerField, "integer"),
)


_LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
_INVENTED_LICENCE = {
    "name": "CC0-1.0",
    "title": "Creative Commons Zero 1.0",
    "path": "https://creativecommons.org/publicdomain/zero/1.0/",
}

# Told to who opens the files in a spreadsheet; docs/data-package.md says it too.
_RAW = (
    "Raw data: texts stand as they were entered, and nothing is guarded against spreadsheet formulas. Import the files with all"
    " columns as text instead of opening them; for a spreadsheet there are the reports."
)


def descriptor() -> dict[str, Any]:
    """The descriptor as JSON-ready data: one resource per file, with its schema, key and relations."""
    # A file for the world, whatever language it is fetched in.
    with override("en"):
        return {
            "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
            "name": "sample-indicators" if settings.SAMPLE_DATA else "lang-son-indicators",
            "title": "Invented sample data" if settings.SAMPLE_DATA else "Targets and results of Lạng Sơn province",
            "description": _RAW,
            "resources": [_resource(table) for table in TABLES],
        }


def public_descriptor(as_of: date) -> dict[str, Any]:
    """The descriptor of what was public on `as_of`: with the licence, and where it all comes from."""
    described = descriptor()
    resources = described.pop("resources")
    sources = public_sources(as_of).order_by("code")
    return described | {
        "created": datetime.combine(as_of, time.min, timezone.get_default_timezone()).isoformat(),
        "licenses": [_INVENTED_LICENCE if settings.SAMPLE_DATA else _LICENCE],
        "contributors": [{"title": "Lạng Sơn indicator tracker", "roles": ["publisher"]}],
        "sources": [{"title": str(source)} | ({"path": source.url} if source.url else {}) for source in sources],
        "resources": resources,
    }


def _resource(table: RecordTable) -> dict[str, Any]:
    return {
        "name": table.name,
        "path": table.file_name,
        "type": "table",
        "title": str(table.model._meta.verbose_name_plural),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": list(table.key),
            "foreignKeys": [key for column in table.columns if (key := _foreign_key(table, column))],
        },
    }


def _field(column: RecordColumn) -> dict[str, Any]:
    description = {"name": column.name, "type": _type(column), "title": str(column.field.verbose_name)}
    if help_text := str(column.field.help_text):
        description["description"] = help_text
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.field.choices:
        constraints["enum"] = [value for value, _label in column.field.flatchoices]
    return description | ({"constraints": constraints} if constraints else {})


def _type(column: RecordColumn) -> str:
    return next((name for kind, name in _TYPES if isinstance(column.field, kind)), "string")


def _foreign_key(table: RecordTable, column: RecordColumn) -> dict[str, Any] | None:
    if column.points_to is None:
        return None
    other = table_of(column.points_to).name
    resource = "" if other == table.name else other
    return {"fields": [column.name], "reference": {"resource": resource, "fields": ["code"]}}

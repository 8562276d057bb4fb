"""EXPORT: the Frictionless Data Package descriptor, made from the tables and the model fields they fill."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import override

from .tables import TABLES, Column, Table

_TYPES = (
    (models.DecimalField, "number"),
    (models.DateField, "date"),
    (models.BooleanField, "boolean"),
    (models.IntegerField, "integer"),
)


def descriptor() -> dict[str, Any]:
    """The descriptor as JSON-ready data: one resource per file, with its schema, key and relations."""
    with override("en"):
        return {
            "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
            "name": "sample-indicators" if settings.SAMPLE_DATA else "lang-son-indicators",
            "title": "Invented sample data" if settings.SAMPLE_DATA else "Targets and results of Lạng Sơn province",
            "resources": [_resource(table) for table in TABLES],
        }


def _resource(table: Table) -> dict[str, Any]:
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


def _field(column: Column) -> dict[str, Any]:
    found = {"name": column.name, "type": _type(column), "title": str(column.field.verbose_name)}
    if help_text := str(column.field.help_text):
        found["description"] = help_text
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.field.choices:
        constraints["enum"] = [value for value, _label in column.field.flatchoices]
    return found | ({"constraints": constraints} if constraints else {})


def _type(column: Column) -> str:
    return next((name for kind, name in _TYPES if isinstance(column.field, kind)), "string")


def _foreign_key(table: Table, column: Column) -> dict[str, Any] | None:
    if column.points_to is None:
        return None
    other = next(one.name for one in TABLES if one.model is column.points_to)
    resource = "" if other == table.name else other
    return {"fields": [column.name], "reference": {"resource": resource, "fields": ["code"]}}

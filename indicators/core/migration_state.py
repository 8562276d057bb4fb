"""The migrations of this code beside those that the database has been through, as `app.name`."""

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def known() -> set[str]:
    """Those of this code."""
    return {f"{app}.{name}" for app, name in MigrationLoader(None).graph.nodes}


def applied() -> set[str]:
    """Those that the database has been through."""
    return {f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()}


def unknown() -> list[str]:
    """Those that the database has been through and this code does not know: a newer version was here."""
    return sorted(applied() - known())

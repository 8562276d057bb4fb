"""Restoring a backup. Everything is checked before anything is changed."""

import tempfile
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from . import databases, files
from .archive import DATABASE, BackupError, Manifest, extract, open_backup, verify


def restore(place: Path, *, overwrite: bool) -> Manifest:
    """Bring back database and files of the backup `place`, and say what it held.

    Raises BackupError, with nothing changed, where it does not fit or is damaged, and where there are data already, unless
    `overwrite`.
    """
    with open_backup(place) as (archive, manifest), tempfile.TemporaryDirectory() as folder:
        _refuse_another_kind(manifest)
        _refuse_newer(manifest)
        if not overwrite:
            _refuse_data(manifest)
        verify(archive, manifest)
        dump = Path(folder, DATABASE)
        with dump.open("wb") as target:
            extract(archive, manifest, DATABASE, target)
        databases.check(dump)
        with files.restored(archive, manifest):
            databases.restore(dump)
    return manifest


def to_migrate(manifest: Manifest) -> list[str]:
    """The migrations of this version that a database of that backup has still to go through."""
    return sorted(_our_migrations() - set(manifest.migrations))


def _our_migrations() -> set[str]:
    return {f"{app}.{name}" for app, name in MigrationLoader(None).graph.nodes}


def _refuse_another_kind(manifest: Manifest) -> None:
    """Raises BackupError where the backup is of SQLite and the database PostgreSQL, or the other way round."""
    if manifest.database != connection.vendor:
        names = {"kind": manifest.database, "here": connection.vendor}
        raise BackupError(
            _(
                "This is a backup of %(kind)s, and DATABASE_URL names %(here)s. Name a database of that kind; approved data"
                " alone change over by export_package and load_package."
            )
            % names
        )


def _refuse_newer(manifest: Manifest) -> None:
    """Raises BackupError where the backup has migrations that this version does not know."""
    if unknown := sorted(set(manifest.migrations) - _our_migrations()):
        raise BackupError(
            _(
                "The backup is of version %(version)s, which this one does not know (%(migration)s). Install that version first."
            )
            % {"version": manifest.application, "migration": unknown[0]}
        )


def _refuse_data(manifest: Manifest) -> None:
    """Nothing that is there already is lost by a slip: raises BackupError where there is anything."""
    if not databases.is_empty():
        raise BackupError(
            _(
                "The database is not empty. Name an empty one in DATABASE_URL, or give up what it holds with --overwrite."
            )
        )
    if there := [name for name in manifest.files if default_storage.exists(name)]:
        raise BackupError(
            _("%(name)s is there already. Name an empty storage, or give up what differs with --overwrite.")
            % {"name": there[0]}
        )

"""Restoring a backup. Everything is checked before anything is changed."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

from django.core.files.storage import default_storage
from django.db import connection
from django.utils.translation import gettext as _

from .. import migration_state
from ..advisory_lock import AlreadyRunning, advisory_lock
from . import databases, files
from .archive import DATABASE, BackupError, Manifest, extract, open_backup, verify


def restore(place: Path, *, overwrite: bool) -> Manifest:
    """Bring back database and files of the backup `place`, and say what it held.

    Raises BackupError, with nothing changed, where it does not fit or is damaged, where somebody else restores or backs up
    this database, and where there are data already, unless `overwrite`.
    """
    with _alone(), open_backup(place) as (archive, manifest):
        if not overwrite:
            _refuse_data(manifest)
        with _checked(archive, manifest) as dump, files.restored(archive, manifest):
            databases.restore(dump)
    return manifest


def try_out(place: Path) -> Manifest:
    """Restore the backup `place` beside everything that is here, hold it against its manifest, and say what it holds.

    Raises BackupError where restoring it would fail, or bring back anything else than was there.
    """
    with advisory_lock("backup"), open_backup(place) as (archive, manifest), _checked(archive, manifest) as dump:
        tables = databases.contents_of(dump)
    if manifest.tables and tables != manifest.tables:
        different = sorted(name for name in tables | manifest.tables if tables.get(name) != manifest.tables.get(name))
        message = _("Restored for trial, %(tables)s are not what they were. Take another backup.")
        raise BackupError(message % {"tables": ", ".join(different)}, "different")
    return manifest


def to_migrate(manifest: Manifest) -> list[str]:
    """The migrations of this version that a database of that backup has still to go through."""
    return sorted(migration_state.known() - set(manifest.migrations))


@contextmanager
def _alone() -> Iterator[None]:
    try:
        with advisory_lock("backup", wait=False):
            yield
    except AlreadyRunning as error:
        message = _("Another command backs up or restores this database. Try again when it has ended.")
        raise BackupError(message, "running") from error


@contextmanager
def _checked(archive: ZipFile, manifest: Manifest) -> Iterator[Path]:
    """The database of a backup as a file. Raises BackupError where the backup does not fit or is damaged."""
    _refuse_another_kind(manifest)
    _refuse_newer(manifest)
    verify(archive, manifest)
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder, DATABASE)
        with dump.open("wb") as target:
            extract(archive, manifest, DATABASE, target)
        databases.check(dump, manifest.tables)
        yield dump


def _refuse_another_kind(manifest: Manifest) -> None:
    """Raises BackupError where the backup is of SQLite and the database PostgreSQL, or the other way round."""
    if manifest.database != connection.vendor:
        names = {"kind": manifest.database, "here": connection.vendor}
        raise BackupError(
            _(
                "This is a backup of %(kind)s, and DATABASE_URL names %(here)s. Name a database of that kind; approved data"
                " alone change over by export_package and load_package."
            )
            % names,
            "kind",
        )


def _refuse_newer(manifest: Manifest) -> None:
    """Raises BackupError where the backup has migrations that this version does not know."""
    if unknown := sorted(set(manifest.migrations) - migration_state.known()):
        raise BackupError(
            _(
                "The backup is of version %(version)s, which this one does not know (%(migration)s). Install that version first."
            )
            % {"version": manifest.application, "migration": unknown[0]},
            "newer",
        )


def _refuse_data(manifest: Manifest) -> None:
    """Nothing that is there already is lost by a slip: raises BackupError where there is anything."""
    if not databases.is_empty():
        raise BackupError(
            _(
                "The database is not empty. Name an empty one in DATABASE_URL, or give up what it holds with --overwrite."
            ),
            "not_empty",
        )
    if there := [name for name in manifest.files if default_storage.exists(name)]:
        raise BackupError(
            _("%(name)s is there already. Name an empty storage, or give up what differs with --overwrite.")
            % {"name": there[0]},
            "not_empty",
        )

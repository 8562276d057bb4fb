"""Writing a backup, and deleting older ones."""

import re
import tomllib
import zipfile
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from ..advisory_lock import advisory_lock
from ..migration_state import applied
from . import databases, files
from .archive import DATABASE, MANIFEST, Manifest, add, written_whole

OUR_NAME = re.compile(r"lanson-\d{8}T\d{6}Z\.zip")


def name_of_now() -> str:
    """A name that sorts by time: lanson-20261126T133000Z.zip."""
    return f"{timezone.now():lanson-%Y%m%dT%H%M%SZ}.zip"


def make(place: Path) -> Manifest:
    """Write a backup to `place`, in place of a file that is there, and say what it holds.

    Files come first, and those that were added meanwhile after the database: every row of the backup has its file.
    Waits for another backup or a restore to end. Raises BackupError where there is nothing to keep.
    """
    with (
        advisory_lock("backup"),
        written_whole(place) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        migrations = sorted(applied())
        manifest = Manifest(_version(), timezone.now().isoformat(), connection.vendor, databases.server(), migrations)
        files.add_new(archive, manifest.entries)
        with databases.dump() as (dump, tables):
            databases.refuse_missing(tables)
            manifest.tables = tables
            manifest.entries[DATABASE] = add(archive, DATABASE, dump)
        files.add_new(archive, manifest.entries)
        archive.writestr(MANIFEST, manifest.as_json())
    return manifest


def drop_older(folder: Path, keep: int) -> list[Path]:
    """Delete all but the newest `keep` backups of a folder, those named by time; the ones deleted."""
    ours = sorted(path for path in folder.iterdir() if OUR_NAME.fullmatch(path.name))
    old = ours[:-keep]
    for path in old:
        path.unlink()
    return old


def _version() -> str:
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

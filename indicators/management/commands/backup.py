"""backup FILE: database and evidence files in one archive."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from ...core.backup.archive import BackupError, Manifest
from ...core.backup.create import drop_older, make, name_of_now
from ...core.backup.restore import try_out
from ...core.migration_state import unknown


class Command(BaseCommand):
    help = "Write a backup: the database and the evidence files in one archive. Others go on working meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", type=Path, help="the file, or a folder: then it is named by the time")
        parser.add_argument("--keep", type=int, metavar="N", help="in a folder: delete all but the newest N afterwards")
        parser.add_argument(
            "--verify", action="store_true", help="restore it for trial afterwards, beside everything else"
        )
        parser.add_argument("--overwrite", action="store_true", help="replace a file of that name")

    def handle(self, *, place: Path, keep: int | None, verify: bool, overwrite: bool, **options: Any) -> None:
        """Raises CommandError where there is no place for the backup, it failed, or would not come back."""
        folder = place if place.is_dir() else None
        if keep is not None and (keep < 1 or not folder):
            raise CommandError(_("--keep needs a folder that exists, and a number from 1."))
        place = folder / name_of_now() if folder else place
        if place.exists() and not overwrite:
            raise CommandError(_("%(place)s exists. Choose another name, or say --overwrite.") % {"place": place})
        try:
            manifest = make(place)
            self._tell(place, manifest)
            if verify:
                try_out(place)
                self.stdout.write(_("restored for trial: everything is as it was"))
        except (BackupError, OSError, DatabaseError) as error:
            raise CommandError(str(error)) from error
        # Only now: those of before are not given up for one that does not come back.
        for old in drop_older(folder, keep) if folder and keep else []:
            self.stdout.write(_("deleted: %(place)s") % {"place": old})

    def _tell(self, place: Path, manifest: Manifest) -> None:
        size, files = f"{place.stat().st_size / 2**20:.1f}", len(manifest.files)
        self.stdout.write(
            _("%(place)s: %(size)s MB, database and %(files)d files") % {"place": place, "size": size, "files": files}
        )
        if migrations := unknown():
            message = _("The database was migrated by a newer version (%(migrations)s), which alone can restore this.")
            self.stderr.write(message % {"migrations": ", ".join(migrations)})

"""restore FILE: bring back a backup."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from ...core.backup.archive import BackupError
from ...core.backup.restore import restore, to_migrate, try_out


class Command(BaseCommand):
    help = "Bring back a backup into an empty database and an empty storage. Everything is checked before anything is changed."
    # The database is empty: there is nothing yet that could be checked.
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", type=Path, metavar="file")
        parser.add_argument("--overwrite", action="store_true", help="give up what database and storage hold now")
        parser.add_argument("--trial", action="store_true", help="only try it, beside everything that is here")

    def handle(self, *, place: Path, overwrite: bool, trial: bool, **options: Any) -> None:
        """Raises CommandError where the backup cannot be restored; then nothing was changed."""
        try:
            manifest = try_out(place) if trial else restore(place, overwrite=overwrite)
        except (BackupError, OSError, DatabaseError) as error:
            raise CommandError(str(error)) from error
        if trial:
            self.stdout.write(_("restored for trial: everything is as it was"))
            return
        self.stdout.write(
            _("restored: database and %(files)d files of %(made_at)s")
            % {"files": len(manifest.files), "made_at": manifest.made_at}
        )
        if waiting := to_migrate(manifest):
            self.stdout.write(
                _("The backup is older than this version: run manage.py migrate (%(count)d migrations).")
                % {"count": len(waiting)}
            )

"""Deletes evidence files that no figure has any more, and names the rows whose file is gone."""

from argparse import ArgumentParser
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from ...workflow.evidence_cleanup import orphans_and_missing


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only list what would be deleted")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        """Raises CommandError, after its work, where the file of a row is missing."""
        """Raises CommandError where the store does not answer."""
        try:
            orphans, missing = orphans_and_missing()
        except OSError as error:
            raise CommandError(f"Nothing was cleaned: {error}") from error
        for name in orphans:
            if not dry_run:
                default_storage.delete(name)
            self.stdout.write(f"{'would delete' if dry_run else 'deleted'} {name}")
        for row in missing:
            self.stdout.write(f"missing {row.file.name}: {row.name}, evidence of figure {row.figure_id} ({row.figure})")
        self.stdout.write(f"{len(orphans)} left behind, {len(missing)} missing")
        if missing:
            raise CommandError(
                f"{len(missing)} evidence files are missing from the storage. Bring them back from a backup"
                " (docs/operations.md), or remove the rows named above."
            )

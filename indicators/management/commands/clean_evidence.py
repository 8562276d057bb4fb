"""Deletes evidence files that no figure has any more, and names the rows whose file is gone."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ...models import Evidence

FOLDER = "evidence"
# A file is stored before its row: a younger one may belong to an upload that is under way.
OLD_ENOUGH = timedelta(days=1)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only list what would be deleted")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        # Files first: one that is stored in between has its row by the time the rows are read.
        stored = files()
        known = set(Evidence.objects.values_list("file", flat=True))
        orphans = [name for name in sorted(stored - known) if is_old(name)]
        for name in orphans:
            if not dry_run:
                default_storage.delete(name)
            self.stdout.write(f"{'would delete' if dry_run else 'deleted'} {name}")
        rows = Evidence.objects.select_related("figure__indicator")
        missing = [row for row in rows if row.file.name not in stored]
        for row in missing:
            self.stdout.write(f"missing {row.file.name}: {row.name}, evidence of figure {row.figure_id} ({row.figure})")
        self.stdout.write(f"{len(orphans)} left behind, {len(missing)} missing")


def files() -> set[str]:
    """The names of all evidence files in the storage. Raises CommandError where the store does not answer."""
    try:
        names = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return set()
    except OSError as error:
        raise CommandError(f"Nothing was cleaned: {error}") from error
    return {f"{FOLDER}/{name}" for name in names}


def is_old(name: str) -> bool:
    return default_storage.get_modified_time(name) < timezone.now() - OLD_ENOUGH

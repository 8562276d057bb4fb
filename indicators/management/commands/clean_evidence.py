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
        left = [name for name in sorted(stored - known) if is_old(name)]
        for name in left:
            if not dry_run:
                default_storage.delete(name)
            self.stdout.write(f"{'would delete' if dry_run else 'deleted'} {name}")
        gone = [one for one in Evidence.objects.select_related("figure__indicator") if one.file.name not in stored]
        for one in gone:
            self.stdout.write(f"missing {one.file.name}: {one.name}, evidence of figure {one.figure_id} ({one.figure})")
        self.stdout.write(f"{len(left)} left behind, {len(gone)} missing")


def files() -> set[str]:
    """The names of all evidence files in the storage."""
    try:
        names = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return set()
    except OSError as error:
        raise CommandError(f"Nothing was cleaned: {error}") from error
    return {f"{FOLDER}/{name}" for name in names}


def is_old(name: str) -> bool:
    return default_storage.get_modified_time(name) < timezone.now() - OLD_ENOUGH

"""load_package DIR [--dry-run]: load a data package, all or nothing."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils.translation import gettext as _

from ...core.advisory_lock import advisory_lock
from ...datapackage.loader import LoadResult, load_package
from ...datapackage.reader import PackageInvalid


class Command(BaseCommand):
    help = "Load a data package. Every bad row is reported; unless all is well, nothing is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check and compare, but write nothing")

    def handle(self, *, folder: Path, dry_run: bool, **options: Any) -> None:
        try:
            with advisory_lock("load_package"):
                loaded = load_package(folder, dry_run=dry_run, progress=self._progress)
        except PackageInvalid as invalid:
            for problem in invalid.problems:
                self.stderr.write(str(problem))
            count = len(invalid.problems)
            self.stderr.write(_("%(count)d problems; nothing was written.") % {"count": count})
            sys.exit(1)
        if not dry_run:
            # Until the database comes to count what is new by itself, it takes long ways to short answers.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        self._report(loaded, dry_run)

    def _report(self, loaded: LoadResult, dry_run: bool) -> None:
        for update in loaded.updates:
            self.stdout.write(_("updated: %(row)s") % {"row": update})
        for name, created in loaded.created.items():
            counts = {"created": created, "updated": loaded.updated[name], "unchanged": loaded.unchanged[name]}
            line = _("%(created)d new, %(updated)d updated, %(unchanged)d unchanged") % counts
            self.stdout.write(f"{name}: {line}")
        if dry_run:
            self.stdout.write(_("Dry run: nothing was written."))

    def _progress(self, name: str, done: int, total: int) -> None:
        """A bar on a terminal, nothing in a log."""
        if sys.stderr.isatty():
            bar = "█" * (30 * done // total)
            end = "\n" if done == total else ""
            sys.stderr.write(f"\r{name:24} {bar:30} {done}/{total}{end}")
            sys.stderr.flush()

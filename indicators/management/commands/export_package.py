"""export_package DIR: write everything approved as a data package."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from ...datapackage.writer import export_package


class Command(BaseCommand):
    help = "Write everything approved as a data package, in a fixed order of rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, **options: Any) -> None:
        for name, count in export_package(folder).items():
            self.stdout.write(f"{name}: {count}")

"""make_sample DIR --indicators N --years Y --versions V --seed S: a large fictional data package, for measuring."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from ...datapackage.sample import write_sample


class Command(BaseCommand):
    help = "Write a large fictional data package; the same seed gives the same files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--indicators", type=int, default=60)
        parser.add_argument("--years", type=int, default=10, help="how many years up to 2025 have figures")
        parser.add_argument("--versions", type=int, default=1, help="how many times each year's figure was published")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *, folder: Path, indicators: int, years: int, versions: int, seed: int, **options: Any) -> None:
        counts = write_sample(folder, indicators=indicators, years=years, versions=versions, seed=seed)
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count}")

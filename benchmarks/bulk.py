"""Much at once, in and out, on both databases: time for each row beside what the database itself needs for the same rows,
and how much more memory a process needs for it."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from .databases import ROOT, SETTINGS, database
from .measuring import Row

RUNS = {1_000: 5, 100_000: 3, 1_000_000: 1}
MOST_IMPORTED = 50_000
DOWNLOADS = (
    "/reports/figures.csv",
    "/reports/figures.csv?format=excel-vn",
    "/reports/changes.csv",
    "/reports/progress.csv",
    "/reports/package.zip",
    "/reports/terms/2025.xlsx",
    "/sdmx/data/dataflow/LANGSON/FIGURES?format=csv",
)
Runs = list[dict[str, float]]


def rows(largest: int) -> Iterator[Row]:
    """Everything at growing numbers of figures; every run is a process of its own, as memory only ever grows in one."""
    for size in (one for one in RUNS if one <= largest):
        for kind in ("SQLite", "PostgreSQL"):
            with database(kind) as url, tempfile.TemporaryDirectory() as folder:
                yield from _of_size(_Measured(f"{kind}, {size} figures", url, RUNS[size]), size, folder)


class _Measured:
    """One database with so many figures, and how often each task is done there."""

    def __init__(self, name: str, url: str, times: int) -> None:
        self.name, self.url, self.times = name, url, times

    def runs(self, *task: str) -> Runs:
        return [self.run(*task) for _time in range(self.times)]

    def run(self, *task: str) -> dict[str, float]:
        """What one task came to: rows, seconds, and the peak of its memory in MB."""
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.bulk_process", *task],
            cwd=ROOT,
            env=os.environ | SETTINGS | {"DATABASE_URL": self.url},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            sys.exit(done.stderr)
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return found

    def told(self, what: str, runs: Runs, floor: Runs, idle: float) -> Iterator[Row]:
        yield Row(f"{self.name}: {what}", _each(runs), "µs a row", _each(floor))
        yield Row(f"{self.name}: {what}: memory", [one["peak"] - idle for one in runs], "MB more")


def _each(runs: Runs) -> list[float]:
    return [one["seconds"] / one["rows"] * 1e6 for one in runs]


def _of_size(measured: _Measured, size: int, folder: str) -> Iterator[Row]:
    measured.run("fill", str(size), folder)
    idle, serving = measured.run("idle")["peak"], measured.run("download", "/healthz")["peak"]
    load, again = measured.runs("load", folder), measured.runs("again", folder)
    bare, rules = measured.runs("bare"), measured.runs("rules")
    yield Row(f"{measured.name}: into a bare table, by the database", _each(bare), "µs a row")
    yield Row(f"{measured.name}: with history and rules, by the database", _each(rules), "µs a row")
    yield from measured.told("load_package", load, rules, idle)
    yield from measured.told("load_package of the same again", again, rules, idle)
    imports = [measured.run("import", str(min(size, MOST_IMPORTED)), str(time + 1)) for time in range(measured.times)]
    yield from measured.told("a CSV, looked at and written", imports, rules, idle)
    yield Row(f"{measured.name}: of it, others wait", [one["locked"] * 1000 for one in imports], "ms")
    copied = measured.runs("copy")
    yield Row(f"{measured.name}: figures.csv, by the database", _each(copied), "µs a row")
    for address in DOWNLOADS:
        yield from measured.told(address, measured.runs("download", address), copied, serving)

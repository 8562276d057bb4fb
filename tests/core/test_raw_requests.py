"""What no browser sends, to the server of production by a plain socket: never a traceback, never an error of ours."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.serve import gunicorn

ROOT = Path(__file__).resolve().parents[2]
SECRET = "".join(map(chr, range(40, 95)))


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """The port of a gunicorn with production's settings on this machine, over an empty database."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "static").mkdir()
    (folder / "static" / "staticfiles.json").write_text('{"paths": {}, "version": "1.1", "hash": ""}')
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = str(probe.getsockname()[1])
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = kept | {
        "DEBUG": "off", "HTTPS": "off", "ALLOWED_HOSTS": "127.0.0.1,localhost", "SECRET_KEY": SECRET,
        "PUBLIC_DASHBOARD": "on", "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "STATIC_ROOT": str(folder / "static"), "MEDIA_ROOT": str(folder / "media"),
    }  # fmt: skip
    collect = [sys.executable, "-c", COLLECT]
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, cwd=ROOT, check=True)
    subprocess.run(collect, env=environment, cwd=ROOT, check=True)
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([sys.executable, *gunicorn(free)], env=environment, cwd=ROOT, stderr=log, stdout=log)
        try:
            wait_for(int(free))
            yield int(free)
        finally:
            server.terminate()
            server.wait(timeout=20)
    told = [json.loads(line) for line in (folder / "log").read_text().splitlines() if line.startswith("{")]
    # Requests that are refused for safety's sake are logged as errors too, by loggers of their own.
    errors = [one for one in told if one["level"] == "ERROR" and not one["logger"].startswith("django.security.")]
    assert errors == []


# The static files of the project without those of plotly, which take long to compress.
COLLECT = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "lanson.settings"
from django.conf import settings
settings.STATICFILES_DIRS = [folder for folder in settings.STATICFILES_DIRS if "plotly" not in str(folder)]
django.setup()
from django.core.management import call_command
call_command("collectstatic", "--no-input", "-v0")
"""


def wait_for(port):
    for _attempt in range(150):
        try:
            if answer(port, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").startswith(
                b"HTTP"
            ):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the server does not answer")


def answer(port, request):
    """Everything that comes back until the server closes or is silent for three seconds."""
    found = b""
    with socket.create_connection(("127.0.0.1", port), timeout=3) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65536):
                found += piece
        except OSError:
            pass  # the server has closed, or waits
    return found


def status(found):
    """The first status in an answer; 0 where the server hung up without a word."""
    return int(found.split()[1]) if found.startswith(b"HTTP/1.") else 0


def is_calm(found):
    """Whether an answer is no error of the server, shows nothing of its inside and does not tell its name."""
    shown = re.search(rb"Traceback|site-packages|DATABASE_URL|SECRET_KEY|\nServer:", found)
    # 501 is gunicorn's own word for a way of sending that it does not know.
    return (status(found) < 500 or status(found) == 501) and not shown


def get(path, *lines, host=b"127.0.0.1"):
    return b"\r\n".join([b"GET " + path + b" HTTP/1.1", b"Host: " + host, b"Connection: close", *lines, b"", b""])


def post(path, body, kind, *lines):
    length = b"Content-Length: %d" % len(body)
    head = [b"POST " + path + b" HTTP/1.1", b"Host: 127.0.0.1", b"Connection: close", b"Content-Type: " + kind, length]
    return b"\r\n".join([*head, *lines, b"", body])


def test_an_ordinary_request_is_answered_and_the_server_does_not_tell_its_name(port):
    found = answer(port, get(b"/method/"))
    assert status(found) == 200
    assert is_calm(found)
    assert b"Permissions-Policy: " in found


PATHS = [
    b"/static/../lanson/settings.py", b"/static/%2e%2e/%2e%2e/etc/passwd", b"/static/..%2f..%2fetc/passwd", b"/%00", b"/%ff%fe",
    b"/static//etc/passwd", b"/static/%5c..%5c..%5cetc", b"/static/css/tracker.css%00.png", b"/admin/..%2f..%2f", b"/%c0%af",
    b"/?q=%ff&as_of=%00", b"/terms/2025/?q=%00", b"//evil.example/%2f..", b"/\\evil.example", b"http://evil.example/", b"*",
    b"/sdmx/data/dataflow/%00/%ff", b"/api/v1/figures/%00", b"/reports/package.zip/../../x", b"/en/%2e%2e/%2e%2e/admin/",
    b"/" + b"a" * 3900, b"/?" + b"a&" * 1900, b"/\x80\xff", b"/?\x00", b"/login/?next=%0d%0aSet-Cookie:%20a=b",
    b"/api/v1/figures?lang=vi%0d%0aX-Evil:%201", b"/reports/figures.csv?format=%0d%0aX-Evil:%201&term=2025",
    b"/media/evidence/x.pdf", b"/var/media/", b"/.env", b"/.git/config", b"/db.sqlite3",
    b"/static/staticfiles.json/../../db.sqlite3",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:40].decode("latin-1"))
def test_no_path_leads_out_of_what_is_served(port, path):
    found = answer(port, get(path))
    assert is_calm(found)
    assert b"root:" not in found
    assert b"SQLite format" not in found
    head = found.partition(b"\r\n\r\n")[0]
    assert b"\nX-Evil" not in head
    assert b"\nSet-Cookie: a=b" not in head
    assert not re.search(rb"Location: (https?:)?//(?!127\.0\.0\.1)", head)


HOSTS = [
    b"evil.example",
    b"127.0.0.1:80@evil.example",
    b"127.0.0.1.evil.example",
    b"",
    b"127.0.0.1\x00",
    b"[::1",
    b"a b",
    b"\xff",
]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", [b"/", b"/en/method/", b"/login/", b"/nowhere/", b"/api/v1/figures"])
def test_a_host_that_is_not_ours_gets_nothing(port, host, path):
    found = answer(port, get(path, host=host))
    assert status(found) == 400
    assert is_calm(found)
    assert b"evil.example" not in found
    assert b"ALLOWED_HOSTS" not in found


@pytest.mark.parametrize(
    "name", [b"X-Forwarded-Host", b"X-Original-URL", b"X-Rewrite-URL", b"X-Forwarded-For", b"Forwarded"]
)
def test_headers_of_proxies_do_not_move_links(port, name):
    found = answer(port, get(b"/method/", name + b": evil.example"))
    assert status(found) == 200
    assert b"evil.example" not in found


BOUNDARY = b"multipart/form-data; boundary=x"
FIELD = b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\nhoa\r\n'
FILE = (
    b'--x\r\nContent-Disposition: form-data; name="f"; filename="%s"\r\nContent-Type: application/pdf\r\n\r\n%%PDF\r\n'
)
BROKEN = FIELD.replace(b"\r\n\r\nhoa", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!")
BODIES = {
    "no boundary": (b"multipart/form-data", FIELD + b"--x--\r\n"),
    "another boundary": (b"multipart/form-data; boundary=y", FIELD + b"--x--\r\n"),
    "an endless boundary": (b"multipart/form-data; boundary=" + b"b" * 500, FIELD),
    "a boundary that is no text": (b"multipart/form-data; boundary=\xff\xfe", FIELD),
    "no end": (BOUNDARY, FIELD),
    "nothing": (BOUNDARY, b""),
    "no name": (BOUNDARY, b"--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--\r\n"),
    "no header": (BOUNDARY, b"--x\r\n\r\nv\r\n--x--\r\n"),
    "a header without end": (BOUNDARY, b"--x\r\nContent-Disposition: form-data; name=" + b"a" * 20_000),
    "broken base64": (BOUNDARY, BROKEN + b"--x--\r\n"),
    "an unknown alphabet": (BOUNDARY + b"; charset=klingon", FIELD + b"--x--\r\n"),
    "a file with a path": (BOUNDARY, FILE % b"../../etc/passwd" + b"--x--\r\n"),
    "a file with a zero": (BOUNDARY, FILE % b"a\x00.pdf" + b"--x--\r\n"),
    "a file with a line end": (BOUNDARY, FILE % b"a%0d%0aX-Evil: 1.pdf" + b"--x--\r\n"),
    "a thousand files": (BOUNDARY, FILE % b"a.pdf" * 1000 + b"--x--\r\n"),
    "ten thousand fields": (b"application/x-www-form-urlencoded", b"a=1&" * 10_000),
    "fields that are no text": (b"application/x-www-form-urlencoded", b"%ff=%fe&\xff=\xfe&%=%&%zz=%00"),
    "deep JSON": (b"application/json", b"[" * 100_000),
    "XML": (b"text/xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
    "a kind that is none": (b"\xff/\xfe; ;=", b"x"),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "body"), BODIES.values(), ids=BODIES)
@pytest.mark.parametrize(
    "path", [b"/login/", b"/admin/indicators/figure/import/", b"/admin/indicators/figure/1/evidence/"]
)
def test_a_malformed_body_is_refused_with_a_page(port, path, kind, body):
    found = answer(port, post(path, body, kind))
    assert status(found) in (0, 302, 400, 403)  # 0: it hung up while more was coming
    assert is_calm(found)


@pytest.mark.parametrize("path", [b"/api/v1/figures", b"/sdmx/structure/dataflow", b"/healthz", b"/logout/"])
@pytest.mark.parametrize("name", ["deep JSON", "no end", "XML", "ten thousand fields"])
def test_no_address_for_machines_stumbles_over_a_body(port, path, name):
    kind, body = BODIES[name]
    assert is_calm(answer(port, post(path, body, kind)))


FRAMES = [
    (b"Content-Length: -1",), (b"Content-Length: abc",), (b"Content-Length: 5", b"Content-Length: 6"),
    (b"Content-Length: 5", b"Transfer-Encoding: chunked"), (b"Transfer-Encoding: xchunked",), (b"Transfer-Encoding: chunked",),
    (b"Content-Length: 99999999999999999999",), (b"Content-Length : 5",), (b"Content-Length: 0x5",), (b"Content-Length: 5_0",),
]  # fmt: skip


@pytest.mark.parametrize("lines", FRAMES, ids=lambda lines: lines[-1].decode())
def test_a_body_whose_length_is_unclear_smuggles_nothing_in(port, lines):
    """What stands behind it is not taken for a second request."""
    head = b"\r\n".join([b"POST /login/ HTTP/1.1", b"Host: 127.0.0.1", *lines, b"", b""])
    found = answer(port, head + b"hello" + get(b"/healthz"))
    assert is_calm(found)
    assert b'"status": "ok"' not in found


@pytest.mark.parametrize(
    "lines", [(b"X: " + b"a" * 9000,), (b"X-%d: 1" % 1,) * 200, (b"Cookie: sessionid=\xff\x00",), (b": x",)]
)
def test_headers_without_measure_are_refused_or_ignored(port, lines):
    assert is_calm(answer(port, get(b"/method/", *lines)))


@pytest.mark.parametrize("path", [b"/login/", b"/en/login/"])
def test_a_form_beyond_the_limit_gets_a_page_that_tells_it(port, path):
    body = b"a=" + b"b" * (6 * 2**20)
    found = answer(port, post(path, body, b"application/x-www-form-urlencoded"))
    assert status(found) == 413
    words = (
        "At most 5.0\xa0MB can be sent at once."
        if path.startswith(b"/en")
        else "Mỗi lần chỉ gửi được tối đa 5,0\xa0MB."
    )
    assert words.encode() in found


def test_a_file_of_a_stranger_is_not_taken_in_first(port):
    body = FIELD + FILE % b"a.pdf" + b"\0" * (6 * 2**20) + b"\r\n--x--\r\n"
    found = answer(port, post(b"/admin/indicators/figure/1/evidence/", body, BOUNDARY))
    assert status(found) == 413


VALID = post(b"/login/", FIELD + FILE % b"a.pdf" + b"--x--\r\n", BOUNDARY)


@settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(
    place=st.integers(0, len(VALID) - 1),
    instead=st.sampled_from([b"", b"\0", b"\r\n", b"\n", b"\xff", b'"', b";", b"--x", b"%00", b":" * 50])
    | st.binary(max_size=8),
)
def test_a_request_with_something_else_in_the_middle_is_answered_calmly(port, place, instead):
    assert is_calm(answer(port, VALID[:place] + instead + VALID[place + 1 :]))

"""The proxy as it is shipped, started where nginx is installed: what it lets through, what it refuses, what it passes on."""

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SITE = "chitieu.langson.gov.vn"
MEGABYTE = 2**20
# Debian keeps it where only root looks by itself.
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")

pytestmark = pytest.mark.skipif(not NGINX, reason="there is no nginx here")


class Echo(BaseHTTPRequestHandler):
    """Answers with the headers that it was sent."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.dumps(dict(self.headers)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, *_words):
        pass


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def adapted(text, folder, port, application):
    """A file of ours with ports, folders and no certificate of this machine; everything else as it is."""
    text = text.replace("${SITE_HOST}", SITE).replace("/etc/nginx/lanson", str(folder))
    text = re.sub(r"listen \[::\].*;|ssl_(certificate|certificate_key|reject_handshake) .*;", "", text)
    text = re.sub(r"listen 443 ssl( http2)?", f"listen 127.0.0.1:{port}", text).replace(
        "listen 80", "listen 127.0.0.1:0"
    )
    return re.sub(r"listen 127.0.0.1:0.*;", f"listen unix:{folder}/80.sock;", text).replace(
        "127.0.0.1:8000", application
    )


@pytest.fixture(scope="module", params=["nginx.conf", "nginx/container.conf.template"])
def proxy(request, tmp_path_factory):
    """The port of nginx with one of the two files, before something that answers everything."""
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    behind = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    Thread(target=behind.serve_forever, daemon=True).start()
    application = f"127.0.0.1:{behind.server_address[1]}"
    for path in (*(DEPLOY / "nginx").glob("*.conf"), DEPLOY / request.param):
        text = adapted(path.read_text(encoding="utf-8"), folder, port, application)
        (folder / path.name).write_text(text.replace("web:8000", application), encoding="utf-8")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""  # the folder of the test is for nobody else
    main = f"daemon off; {user} pid {folder}/pid; error_log {folder}/error.log; events {{}}"
    (folder / "main.conf").write_text(
        f"{main} http {{ access_log off; {temporary} include {folder}/{Path(request.param).name}; }}"
    )
    running = subprocess.Popen([NGINX, "-c", str(folder / "main.conf"), "-e", str(folder / "error.log")])
    wait_for(port, running)
    yield port
    running.terminate()
    running.wait(timeout=10)
    behind.shutdown()


def wait_for(port, running):
    for _try in range(100):
        assert running.poll() is None
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("nginx does not listen")


def ask(port, method, address, body=None, source="127.0.0.1", host=SITE, **headers):
    """The answer: its status, and what the application was sent."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=(source, 0))
    try:
        connection.request(method, address, body, {"Host": host, **headers})
        answer = connection.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if answer.status == 200 else {}
    except (ConnectionError, http.client.RemoteDisconnected):
        return 0, {}
    finally:
        connection.close()


def test_the_application_is_told_what_only_the_proxy_knows(proxy):
    claimed = {
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Ssl": "on",
        "X-Forwarded-Protocol": "ssl",
        "X-Request-ID": "mine",
    }
    status, told = ask(proxy, "GET", "/", **claimed)
    assert (status, told["Host"], told["X-Forwarded-Proto"]) == (200, SITE, "https")
    assert told["X-Forwarded-For"] == "127.0.0.1"
    assert re.fullmatch("[0-9a-f]{32}", told["X-Request-ID"])
    assert not {"X-Forwarded-Ssl", "X-Forwarded-Protocol"} & set(told)


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/login/", 60_000),
        ("/en/account/password/", 60_000),
        ("/api/v1/terms", 60_000),
        ("/sdmx/data", 60_000),
        ("/admin/indicators/target/1/change/", 5 * MEGABYTE),
        ("/admin/indicators/figure/import/", 21 * MEGABYTE),
        ("/admin/indicators/figure/7/evidence/", 101 * MEGABYTE),
        ("/en/admin/indicators/figure/7/evidence/", 101 * MEGABYTE),
    ],
)
def test_each_address_takes_as_much_as_it_needs(proxy, address, most):
    source = f"127.0.1.{len(address)}"
    if most < 30 * MEGABYTE:
        assert ask(proxy, "POST", address, bytes(most), source)[0] == 200
    declared = {"Content-Length": str(most + 2 * MEGABYTE)}
    assert ask(proxy, "POST", address, b"", source, **declared)[0] == 413


def test_health_and_metrics_are_closed_to_the_outside(proxy):
    for address in ("/healthz", "/readyz", "/metrics"):
        assert ask(proxy, "GET", address)[0] == 200
        assert ask(proxy, "GET", address, source="127.0.2.1")[0] == 403


@pytest.mark.parametrize("address", ["/login/", "/login/code/", "/en/login/", "/admin/login/", "/account/password/"])
def test_passwords_are_not_tried_without_end(proxy, address):
    source = f"127.0.3.{len(address)}"
    answers = [ask(proxy, "POST", address, b"", source)[0] for _try in range(40)]
    assert answers[:20] == [200] * 20
    assert answers[-5:] == [429] * 5
    assert ask(proxy, "GET", address, source=source)[0] == 200
    assert ask(proxy, "POST", address, b"", "127.0.4.1")[0] == 200


@pytest.mark.parametrize("address", ["/api/v1/terms", "/sdmx/data"])
def test_interfaces_are_not_asked_without_end(proxy, address):
    source = f"127.0.5.{len(address)}"
    answers = [ask(proxy, "GET", address, source=source)[0] for _try in range(200)]
    assert answers[:40] == [200] * 40
    assert 429 in answers
    assert ask(proxy, "GET", "/", source=source)[0] == 200


def test_whoever_asks_for_another_name_gets_no_answer(proxy):
    assert ask(proxy, "GET", "/", host="evil.example")[0] == 0

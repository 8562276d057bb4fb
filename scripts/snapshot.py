"""What users see, as files: every page that can be reached, for a visitor and for each demo account, and every download.

    python -m scripts.snapshot DIRECTORY

keeps them for both data sets, on a fixed day. Made before and after a change that should change nothing, the two
directories compare byte by byte (`diff -r`). Tokens that differ between any two answers are masked.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
DAY = datetime(2026, 11, 22, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
ACCOUNTS = ("quantri", "nhaplieu", "duyet", "chitieu", "xem")
MOST_PAGES = {"visitor": 600, "staff": 120}
# Where a page holds what is made for one answer only.
MASKS = [
    (re.compile(rb'(nonce[=-]")[^"]+'), rb"\1*"),
    (re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+'), rb"\1*"),
    (re.compile(rb"(nonce-)[A-Za-z0-9_+/=-]+"), rb"\1*"),
    # Of a password the staff pages show the beginning of salt and hash.
    (re.compile(rb"<bdi>[^<]+\*{9,}</bdi>"), rb"<bdi>*</bdi>"),
    # Static files are named by their content.
    (re.compile(rb"(/static/[\w/.-]+)\.[0-9a-f]{12}\."), rb"\1.*."),
]
LINK = re.compile(rb'(?:href|src|action)="([^"#][^"]*)"')
STARTS = {
    "visitor": [
        *("/", "/en/", "/method/", "/reports/", "/en/method/", "/login/", "/compare/", "/en/compare/", "/sources/"),
        *("/terms/2025/?as_of=2023-12-31", "/terms/2020/?status=danger", "/terms/2025/?q=khong+co", "/terms/1999/"),
        *("/terms/2025/?as_of=2025-10-01", "/en/terms/2025/?as_of=2025-10-01", "/terms/2025/?as_of=2099-01-01"),
        *("/reports/figures.csv", "/reports/targets.csv", "/reports/progress.csv", "/reports/package.zip"),
        *("/reports/progress.csv?format=excel-vn", "/reports/progress.csv?lang=en", "/reports/figures.csv?term=2025"),
        *("/reports/progress.csv?as_of=2024-01-01", "/reports/targets.csv?format=excel-vn"),
        *("/reports/terms/2025.xlsx", "/reports/years/2020.xlsx", "/reports/terms/2025/text/"),
        *("/api/v1/", "/api/v1/openapi.json", "/api/v1/nothing", "/api/v1/changes", "/api/v1/progress"),
        *("/api/v1/progress?as_of=2024-01-01", "/api/v1/figures", "/api/v1/figures?limit=5&offset=5"),
        *("/sdmx/data/dataflow/all/all/latest/*", "/sdmx/structure/dataflow", "/sdmx/structure/datastructure"),
        *("/sdmx/structure/codelist", "/sdmx/structure/conceptscheme", "/sdmx/nothing"),
    ],
    "staff": ["/admin/", "/en/admin/", "/account/"],
}
# Links that end the visit, or lead into the same page again with other filters, sizes and days.
LEFT_OUT = re.compile(r"/logout/|/jsi18n/|/static/|/media/|[?&](o|p|e|all|_changelist_filters|_popup|_to_field)=")


def main(directory: Path) -> None:
    """Keep both data sets under `directory`, each in a process of its own, as settings are read once."""
    for data in ("langson", "mau"):
        with tempfile.TemporaryDirectory() as folder:
            environment = os.environ | {
                "DEBUG": "off",
                "HTTPS": "off",
                "SECRET_KEY": "".join(chr(33 + n % 90) for n in range(64)),
                "STATIC_ROOT": f"{folder}/static",
                "LOG_LEVEL": "CRITICAL",
                "ALLOWED_HOSTS": "localhost",
                "SITE_URL": "http://localhost",
                "PUBLIC_DASHBOARD": "on",
                "SECOND_FACTOR": "off",
                "SAMPLE_DATA": "on" if data == "mau" else "off",
                "DATABASE_URL": f"sqlite:///{folder}/snapshot.sqlite3",
                "MEDIA_ROOT": f"{folder}/media",
                "DJANGO_SETTINGS_MODULE": "lanson.settings",
            }
            command = [sys.executable, "-m", "scripts.snapshot", str(directory / data), data]
            subprocess.run(command, cwd=ROOT, env=environment, check=True)


def keep_data_set(directory: Path, data: str) -> None:
    """Load the package of `data` into the empty database of the settings and write what its visitors get."""
    import django
    import time_machine

    with time_machine.travel(DAY, tick=False):
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        with open(os.devnull, "w") as nowhere:
            call_command("load_package", f"fixtures/{data}", stdout=nowhere)
            call_command("demo_accounts", stdout=nowhere)
        call_command("export_package", str(directory / "package"), verbosity=0)
        keep_commands(directory / "commands")
        counts = [f"{who}\t{line}" for who in ("visitor", *ACCOUNTS) for line in walk(directory / who, who)]
        (directory / "queries.tsv").write_text("\n".join(sorted(counts)) + "\n")


def keep_commands(directory: Path) -> None:
    """What progress_csv prints."""
    from django.core.management import call_command

    directory.mkdir(parents=True)
    for options in ([], ["--as-of=2023-12-31"], ["--term=2025"]):
        with open(directory / f"progress{''.join(options)}.csv", "w", encoding="utf-8", newline="") as file:
            call_command("progress_csv", *options, stdout=file)


def walk(directory: Path, who: str) -> Iterator[str]:
    """Write each answer that can be reached by links under a name made of its address; yield "address, status, queries"."""
    from django.contrib.auth.models import User
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    role = "visitor" if who == "visitor" else "staff"
    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    if role == "staff":
        client.force_login(User.objects.get(username=who))
    directory.mkdir(parents=True)
    waiting, met = deque(STARTS[role]), set(STARTS[role])
    for _count in range(MOST_PAGES[role]):
        if not waiting:
            return
        address = waiting.popleft()
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
            body = response.getvalue()
        head = f"{response.status_code} {response.get('Content-Type')} {response.get('Location', '')}\n".encode()
        (directory / file_name(address)).write_bytes(head + masked(body))
        yield f"{address}\t{response.status_code}\t{len(queries)}"
        if response.get("Content-Type", "").startswith("text/html"):
            for link in links(address, body, role):
                if link not in met:
                    met.add(link)
                    waiting.append(link)


def links(address: str, body: bytes, role: str) -> list[str]:
    """The addresses of this site that a page leads to, sorted; staff are followed on their own pages only."""
    found = {urldefrag(urljoin(address, target.decode().replace("&amp;", "&")))[0] for target in LINK.findall(body)}
    own = (link for link in found if not urlsplit(link).netloc and not urlsplit(link).scheme)
    wanted = (link for link in own if not LEFT_OUT.search(link))
    return sorted(link for link in wanted if ("/admin/" in link) == (role == "staff"))


def masked(body: bytes) -> bytes:
    for pattern, replacement in MASKS:
        body = pattern.sub(replacement, body)
    return body


def file_name(address: str) -> str:
    return re.sub(r"[^\w.=-]", "_", unquote(address))[:180] or "_"


if __name__ == "__main__":
    if len(sys.argv) == 3:
        keep_data_set(Path(sys.argv[1]), sys.argv[2])
    else:
        main(Path(sys.argv[1]))

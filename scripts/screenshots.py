"""Pictures of every page, wide and narrow, light and dark, of both data sets, into screenshots/ (not tracked).

They are made to be looked at; those of the help pages (scripts/help_pictures.py) are kept with
the code. The two pictures of the README come from here.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from scripts import chromium

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "screenshots"
SIZES = {"wide": (1280, 900), "narrow": (390, 844)}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
COMMON = [
    "",
    "indicators/",
    "sources/",
    "reports/",
    "method/",
    "login/",
    "terms/2020/",
    "terms/2025/",
    "terms/2030/",
    "terms/2030/present/",
    "compare/",
    "years/2020/",
    "years/2026/",
    "sectors/economy/",
]
PAGES = {
    "langson": [
        *COMMON,
        "terms/2025/?as_of=2023-12-31",
        "terms/2020/?status=danger",
        "terms/2025/?q=khong+co",
        "indicators/grdp-growth/",
        "indicators/grdp-per-capita/",
        "indicators/grdp-structure/",
        "indicators/poverty-rate/",
        "indicators/grdp-growth/?y2026=9,5&y2027=10,5",
        "agencies/finance/",
        "embed/grdp-growth/",
        "sources/resolution-100-2019/",
        "terms/1999/",
        "en/terms/2025/",
        "en/indicators/grdp-growth/",
        "en/method/",
    ],
    "mau": [
        *COMMON,
        "indicators/economic-growth/",
        "indicators/economic-structure/",
        "indicators/grdp-per-person/",
        "indicators/grdp-per-person/?growth=8",
        "indicators/pci-position/",
        "agencies/mau-finance/",
        "embed/economic-growth/",
        "terms/2030/?status=danger",
        "indicators/new-rural-share/",
        "en/terms/2030/",
    ],
}


def main(only: list[str]) -> None:
    """Take the pictures of the named data sets, or of both."""
    path = chromium.find() or sys.exit("No Chromium found; `make test` brings one.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for port, data in enumerate(only or PAGES, start=8871):
            with server(data, port) as base:
                take(browser, data, base)
        if not only:
            from scripts.help_pictures import take_help_pictures  # which needs the server below

            take_help_pictures(browser)
        browser.close()
    print(f"Pictures are in {OUT.relative_to(ROOT)}/.")


def take(browser: Browser, data: str, base: str) -> None:
    """One picture per page, size and colour scheme."""
    for size, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, locale="vi-VN"
            )
            page = context.new_page()
            folder = OUT / data / f"{size}-{scheme}"
            folder.mkdir(parents=True, exist_ok=True)
            for address in PAGES[data]:
                page.goto(base + address)
                if page.locator("[data-chart]").count():
                    page.wait_for_selector("[data-drawn]")
                name = address.strip("/").replace("/", "_").replace("?", "_").replace("&", "_") or "home"
                page.screenshot(path=folder / f"{name}.png", full_page=True)
            context.close()


@contextmanager
def server(data: str, port: int, prepare: Callable[[dict[str, str]], None] | None = None) -> Iterator[str]:
    """The tracker with a fresh database of `data`, on loopback; `prepare` is given its environment before it starts."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "DEBUG": "off",
            "HTTPS": "off",
            "SECOND_FACTOR": "off",  # nobody here holds a telephone
            "LOG_LEVEL": "ERROR",
            "ALLOWED_HOSTS": "127.0.0.1",
            "SITE_URL": f"http://127.0.0.1:{port}",
            "SECRET_KEY": "".join(chr(33 + n % 90) for n in range(64)),
            "PUBLIC_DASHBOARD": "on",
            "SAMPLE_DATA": "off" if data == "langson" else "on",
            "DATABASE_URL": f"sqlite:///{folder}/pictures.sqlite3",
            "STATIC_ROOT": f"{folder}/static",
        }
        for command in (
            ["migrate", "-v0"],
            ["load_package", f"fixtures/{data}"],
            ["collectstatic", "-v0", "--no-input"],
        ):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True, stdout=-3)
        if prepare:
            prepare(environment)
        bind = ["--bind", f"127.0.0.1:{port}", "--log-level=warning"]
        process = subprocess.Popen([sys.executable, "-m", "gunicorn", "lanson.wsgi", *bind], cwd=ROOT, env=environment)
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz")
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(timeout=10)


def wait_for(url: str) -> None:
    """Return as soon as `url` answers; give up after half a minute."""
    for _attempt in range(150):
        try:
            with urllib.request.urlopen(url):  # nosec B310 # always http to this machine
                return
        except OSError:
            time.sleep(0.2)
    sys.exit(f"{url} does not answer.")


if __name__ == "__main__":
    main(sys.argv[1:])

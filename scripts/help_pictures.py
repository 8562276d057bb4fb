"""The pictures of the help pages, in both languages, into static/help/ (tracked): `make screenshots` makes them anew.

What the help tells is walked on a server with the real figures, by the people of the demonstration, and cut out.
"""

import subprocess
import sys
from base64 import b64decode

from playwright.sync_api import Browser, Page, ViewportSize

from scripts.screenshots import ROOT, server

OUT = ROOT / "static" / "help"
LANGUAGES = {"en": "en/", "vi": ""}
SIZE = ViewportSize(width=1280, height=700)
# Legible, and no picture heavier than 60 kB.
QUALITY, TALLEST = 70, 480
PORT = 8869
REPORT = "Báo cáo số 12/BC-UBND ngày 30/6/2026 về tình hình kinh tế - xã hội 6 tháng"
HALF_YEAR = "admin/indicators/figure/sheet/?year=2026&months=6"
TYPED = ("6.120", "6,5", "7.400", "21,3")


def take_help_pictures(browser: Browser) -> None:
    """Walk as each role, and keep one picture of it in each language."""
    passwords: dict[str, str] = {}

    def create_people(environment: dict[str, str]) -> None:
        command = [sys.executable, "manage.py", "demo_accounts"]
        printed = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
        pairs = (line.split() for line in printed.splitlines())
        passwords.update({pair[0]: pair[1] for pair in pairs if len(pair) == 2})

    with server("langson", PORT, create_people) as base:
        clerk = log_in(browser, base, "nhaplieu", passwords)
        enter(clerk, base)
        approver = log_in(browser, base, "duyet", passwords)
        keeper = log_in(browser, base, "chitieu", passwords)
        administrator = log_in(browser, base, "quantri", passwords)
        for language, prefix in LANGUAGES.items():
            home = base + prefix
            cut(approver, home + "admin/indicators/figure/queue/", "li.waits", f"{language}/approver")
            cut(keeper, home + "admin/", "#content", f"{language}/keeper")
            cut(administrator, home + "admin/auth/user/", "#changelist", f"{language}/administrator")
            cut(approver, home + "indicators/grdp-growth/", "main", f"{language}/official")


def log_in(browser: Browser, base: str, name: str, passwords: dict[str, str]) -> Page:
    """A page of `name`, after the login."""
    page = browser.new_context(viewport=SIZE, color_scheme="light", locale="vi-VN").new_page()
    page.goto(base + "admin/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", passwords[name])
    page.click("[type=submit]")
    page.wait_for_url(base + "admin/")
    return page


def enter(page: Page, base: str) -> None:
    """A clerk adds the source, types four figures, has them read back in each language and submits them."""
    page.goto(base + HALF_YEAR)
    page.click("#add-source summary")
    page.fill("[name=new_source]", REPORT)
    page.click("[name=_add_source]")
    page.wait_for_load_state()
    source = page.input_value("[name=source]")
    for language, prefix in LANGUAGES.items():
        page.goto(base + prefix + HALF_YEAR)
        for field, text in zip(page.locator('input[name$="-value"]').all(), TYPED, strict=False):
            field.fill(text.translate(str.maketrans(",.", ".,")) if language == "en" else text)
        page.fill("[name=published_on]", "01/07/2026")
        page.fill("[name=source]", source)
        page.click(".foot-bar [name=_check]")
        page.locator(".read").first.wait_for()
        cut(page, "", "#content", f"{language}/clerk")
    page.click(".foot-bar [name=_submit]")
    page.locator(".messagelist .success").first.wait_for()


def cut(page: Page, address: str, selector: str, name: str) -> None:
    """Keep what `selector` shows, from its top, as a picture."""
    if address:
        page.goto(address)
    box = page.locator(selector).first.bounding_box() or sys.exit(f"{name}: there is no {selector}.")
    clip = {key: box[key] for key in ("x", "y", "width", "height")} | {"scale": 1}
    clip["height"] = min(clip["height"], TALLEST)
    options = {"format": "webp", "quality": QUALITY, "clip": clip, "captureBeyondViewport": True}
    answer = page.context.new_cdp_session(page).send("Page.captureScreenshot", options)
    path = OUT / f"{name}.webp"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b64decode(answer["data"]))

"""What the browser tests share: which pages there are, and how one is visited and looked at."""

import time

from axe_playwright_python.sync_playwright import Axe

PAGES = {
    "langson": [
        "",
        "terms/2020/",
        "terms/2025/",
        "terms/2030/?show=all",
        "terms/2025/?as_of=2023-12-31&sort=-verdict",
        "terms/2025/?q=khongco",
        "indicators/",
        "indicators/grdp-growth/",
        "indicators/grdp-structure/",
        "indicators/poverty-rate/",
        "sources/",
        "sources/resolution-100-2019/",
        "sources/danviet-2020-09/",
        "reports/",
        "reports/?term=2025&sector=economy&as_of=2024-12-31",
        "reports/terms/2025/print/",
        "reports/terms/2025/text/",
        "reports/years/2020/print/",
        "method/",
        "compare/",
        "years/2020/",
        "agencies/finance/",
        "terms/2030/present/",
        "login/",
        "terms/1999/",
        "terms/2025/?as_of=tomorrow",
    ],
    "mau": [
        "",
        "terms/2025/",
        "indicators/economic-growth/",
        "indicators/economic-structure/",
        "indicators/new-rural-share/",
        "indicators/pci-position/",
        "indicators/tourist-visits/",
        "indicators/grdp-per-person/?growth=8",
        "compare/",
        "years/2026/",
        "sectors/economy/",
        "agencies/mau-finance/",
        "terms/2030/present/",
        "embed/economic-growth/",
    ],
}
ANSWERS = {"terms/1999/": 404, "terms/2025/?as_of=tomorrow": 400}
WIDE, NARROW, ZOOMED = 1280, 390, 640  # 640 is a screen of 1280 at 200 %

_AXE = Axe().axe_script


def every_page():
    """Each data set with each of its addresses, that of Lạng Sơn in both languages."""
    languages = {"langson": ("", "en/"), "mau": ("",)}
    return [
        (site, f"{before}{address}") for site, own in PAGES.items() for before in languages[site] for address in own
    ]


def visit(page, address):
    """Open a page that must answer as it should, and wait until its charts are drawn."""
    answer = page.goto(address)
    path = "/".join(address.split("/")[3:])
    assert answer.status == ANSWERS.get(path.removeprefix("en/"), 200), address
    for chart in page.locator("[data-chart]").all():
        chart.locator("xpath=self::*[@data-drawn]").wait_for()


def resize(page, width):
    page.set_viewport_size({"width": width, "height": 900})


def violations(page):
    """What axe finds wrong, one line per rule with the first place."""
    page.wait_for_load_state()  # a click is over when the next page begins to come
    if not page.evaluate("'axe' in window"):  # the script is half a megabyte, and stays with the page
        page.evaluate(_AXE)
    # The rules that are kept fill a list as long as the page, which nobody here reads.
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(results => results.violations)")
    return [f"{one['id']} at {one['nodes'][0]['target']}: {one['nodes'][0]['failureSummary']}" for one in found]


def sideways(page):
    """By how many pixels the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def eventually(holds, seconds=5):
    """Whether `holds()` comes true in a while: Playwright's own waiting needs eval, which the policy refuses."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False

"""Pages in a real browser, with an empty cache and again: bytes as they travel, paints, the chart, how long script blocks."""

from collections.abc import Iterator

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from scripts import chromium
from scripts.screenshots import FLAGS, server

from .measuring import Row

RUNS = 5
PAGES = {"overview": "terms/2025/", "indicator": "indicators/grdp-growth/", "compare": "compare/"}
# What is seen of a page while it comes; asked for before its first byte.
WATCH = """
window.seen = {largest: 0, blocked: 0};
new PerformanceObserver(list => list.getEntries().forEach(one => seen.largest = one.startTime))
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(list => list.getEntries().forEach(one => seen.blocked += Math.max(one.duration - 50, 0)))
  .observe({type: 'longtask', buffered: true});
"""
ASK = """() => ({
  paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
  drawn: Number(document.querySelector('[data-drawn]')?.dataset.drawn ?? 0), ...seen})"""
TOLD = {
    "kilobytes": ("transferred", "kB"),
    "paint": ("first contentful paint", "ms"),
    "largest": ("largest contentful paint", "ms"),
    "drawn": ("chart drawn", "ms"),
    "blocked": ("total blocking time", "ms"),
}


def rows(_largest: int = 0) -> Iterator[Row]:
    """The real data, served as in production (compressed)."""
    with sync_playwright() as playwright, server("langson", 8891) as base:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        for name, address in PAGES.items():
            visits = [_cold_and_warm(browser, base + address) for _run in range(RUNS + 1)][1:]
            for number, state in enumerate(("cold", "warm")):
                yield from _told(f"{name}, {state}", [visit[number] for visit in visits])
        browser.close()


def _told(what: str, visits: list[dict[str, float]]) -> Iterator[Row]:
    for key, (told, unit) in TOLD.items():
        values = [visit[key] for visit in visits]
        if key != "drawn" or any(values):
            yield Row(f"{what}: {told}", values, unit)


def _cold_and_warm(browser: Browser, url: str) -> tuple[dict[str, float], dict[str, float]]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(WATCH)
    visits = _visit(context, url), _visit(context, url)
    context.close()
    return visits


def _visit(context: BrowserContext, url: str) -> dict[str, float]:
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(url, wait_until="load")
    if page.locator("[data-chart]").count():
        page.wait_for_selector("[data-drawn]")
    page.wait_for_function("seen.largest > 0")  # a small page has come before it is painted
    seen: dict[str, float] = page.evaluate(ASK)
    page.close()
    return seen | {"kilobytes": sum(received) / 1000}

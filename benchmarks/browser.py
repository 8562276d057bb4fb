"""Pages in a real browser: bytes on a first visit as they travel, and how soon the chart is drawn."""

from collections.abc import Iterator

from playwright.sync_api import Browser, sync_playwright

from scripts import chromium
from scripts.screenshots import FLAGS, server

from .measuring import Row

RUNS = 5


def rows(_largest: int = 0) -> Iterator[Row]:
    """The real data, served as in production (compressed), each visit with an empty cache."""
    with sync_playwright() as playwright, server("langson", 8891) as base:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        for name, address in (("overview", "terms/2025/"), ("indicator", "indicators/grdp-growth/")):
            visits = [_visit(browser, base + address) for _run in range(RUNS + 1)][1:]
            yield Row(f"{name}: transferred on a first visit", [visit["kilobytes"] for visit in visits], "kB")
            yield Row(f"{name}: first contentful paint", [visit["paint"] for visit in visits], "ms")
            if name == "indicator":
                yield Row(f"{name}: chart drawn after navigation", [visit["drawn"] for visit in visits], "ms")
        browser.close()


def _visit(browser: Browser, url: str) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(url, wait_until="load")
    drawn = 0.0
    if page.locator("[data-chart]").count():
        page.wait_for_selector("[data-drawn]")
        drawn = page.evaluate("Number(document.querySelector('[data-drawn]').dataset.drawn)")
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
    context.close()
    return {"kilobytes": sum(received) / 1000, "paint": paint, "drawn": drawn}

"""Fixtures that many tests share."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine as clock
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import translation
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from indicators.datapackage.loader import load_package
from scripts import chromium as installed

TESTS = Path(__file__).resolve().parent
FIXTURES = TESTS.parent / "fixtures"
# The day of the pictures and of the stories: a Sunday, nine o'clock in Lạng Sơn.
TODAY = datetime(2026, 11, 22, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))

# As root Chromium has no sandbox; the rest keeps it from calling home, which a test machine may not allow.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


# What looks the same whatever the database is: markup, paper, pictures, sentences, who gets in, the pure parts, the
# repository itself. Folders and modules. What is stored, locked, counted, found, sorted, imported or kept as history
# is not among it, and each page is asked for on both databases by the tests of its numbers and of its queries.
ONCE = {
    "accounts/test_browser_mfa.py",
    "api/test_api_documents.py",
    "api/test_api_schemathesis.py",
    "assessment",
    "core/test_cache.py",
    "core/test_checks.py",
    "core/test_db_router.py",
    "core/test_files_in_a_bucket.py",
    "core/test_headers.py",
    "core/test_raw_requests.py",
    "core/test_two_servers.py",
    "dashboard/test_accessibility.py",
    "dashboard/test_charts.py",
    "dashboard/test_downloads_in_a_browser.py",
    "dashboard/test_drawing.py",
    "dashboard/test_every_page.py",
    "dashboard/test_official_tables.py",
    "dashboard/test_presentation.py",
    "dashboard/test_print.py",
    "dashboard/test_screens.py",
    "dashboard/test_svg.py",
    "dashboard/test_workbook.py",
    "datapackage/test_fictional_province.py",
    "faults",  # they bring databases of both kinds with them
    "project",
    "sentences",
    "staff/test_entry_by_keyboard.py",
    "staff/test_queue_by_keyboard.py",
    "staff/test_targets_in_a_browser.py",
    "staff/test_walks_in_a_browser.py",
    "text",
    "workflow/test_permissions_matrix.py",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--sentences", type=int, default=20_000, help="on how many random targets sentences are tried")
    parser.addoption("--long", action="store_true", help="also the fault tests that take longer than a few seconds")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that use a browser (`pytest -m "not browser"` leaves them out) and those for one database only.

    Long ones are left out unless they are asked for.
    """
    if not config.getoption("--long"):
        long = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
    for item in items:
        module = item.path.relative_to(TESTS)
        if module.as_posix() in ONCE or module.parts[0] in ONCE:
            item.add_marker(pytest.mark.once)
        if {"page", "same_page"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True)
def _in_vietnamese() -> Iterator[None]:
    """A request for an English page leaves English behind in its thread: every test begins in Vietnamese."""
    translation.activate("vi")
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """The cache outlives a test and its database."""
    cache.clear()


@pytest.fixture
def today(time_machine):
    """It is 22 November 2026."""
    time_machine.move_to(TODAY)


@pytest.fixture
def public(settings):
    """The dashboard is open to everybody."""
    settings.PUBLIC_DASHBOARD = True


@pytest.fixture(scope="module")
def langson(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The figures of Lạng Sơn, for all tests of a module."""
    yield from _loaded("langson", django_db_blocker)


@pytest.fixture(scope="module")
def mau(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The figures of Tỉnh Mẫu, for all tests of a module that does not ask for those of Lạng Sơn."""
    yield from _loaded("mau", django_db_blocker)


def _loaded(name: str, blocker) -> Iterator[None]:
    """The data package in the database until the module is through; the transactions of its tests run inside this one."""
    # Loaded on the day of the tests: what was changed later than today is not told.
    with blocker.unblock(), clock.travel(TODAY):
        outer = transaction.atomic()
        outer.__enter__()
        load_package(FIXTURES / name)
    yield
    with blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture(scope="module")
def site(request, django_db_setup, django_db_blocker) -> Iterator[str]:
    """The address of a server with an open dashboard, for a browser; `indirect` names its data package, else Lạng Sơn.

    What its pages show is committed, and wiped when the module is through.
    """
    name = getattr(request, "param", "langson")
    settings = override_settings(PUBLIC_DASHBOARD=True, SAMPLE_DATA=name == "mau", ALLOWED_HOSTS=["127.0.0.1"])
    with django_db_blocker.unblock(), settings, clock.travel(TODAY, tick=True):
        load_package(FIXTURES / name)
        server = LiveServer("127.0.0.1")
        with override_settings(SITE_URL=server.url):
            yield server.url
        server.thread.terminate()  # its last requests may still hold the shared connection, so that stays shared
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless browser for all tests."""
    path = installed.find() or pytest.fail("No Chromium found: `make test` brings one.", pytrace=False)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright runs an event loop in this thread, which Django takes for asynchronous code of ours.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@contextmanager
def watched_page(chromium: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page of a fresh Vietnamese browser, and what goes wrong on it: script errors, refused styles and scripts, requests
    that leave this machine."""
    context = chromium.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", reduced_motion="reduce")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.extend(refusals(message.text)))
    page.on("request", lambda request: problems.extend(strangers(request.url)))
    yield page, problems
    context.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of a fresh browser; what goes wrong on it fails the test."""
    with watched_page(chromium) as (page, problems):
        yield page
    assert problems == []


@pytest.fixture(scope="module")
def _page_of_the_module(chromium: Browser) -> Iterator[tuple[Page, list[str]]]:
    with watched_page(chromium) as page_and_problems:
        yield page_and_problems


@pytest.fixture
def same_page(_page_of_the_module: tuple[Page, list[str]]) -> Iterator[Page]:
    """The page that the tests of a module open in turn, for those that only look: what one has fetched, the next one has."""
    page, problems = _page_of_the_module
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 720})
    problems.clear()
    yield page
    assert problems == []


def refusals(text: str) -> list[str]:
    """The text of a console message when it tells of one of our policies, as a list of one."""
    return [text] if "Content Security Policy" in text or "Permissions-Policy" in text else []


def strangers(url: str) -> list[str]:
    """The address of a request that goes to another machine, as a list of one."""
    own = ("http://127.0.0.1:", "http://localhost:", "data:", "blob:")
    return [] if url.startswith(own) else [f"left this machine: {url}"]

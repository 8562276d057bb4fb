"""In a real browser: what an official sees of the first page without scrolling."""

import pytest

from tests.browsing import visit

pytestmark = pytest.mark.django_db

PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1366, "height": 650}


def bottom(locator):
    box = locator.bounding_box()
    return box["y"] + box["height"]


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
@pytest.mark.parametrize("site", ["langson", "mau"], indirect=True)
def test_danger_and_headline_stand_in_the_first_screen(site, page, size):
    page.set_viewport_size(size)
    visit(page, f"{site}/")
    assert bottom(page.locator(".danger ol > li").nth(1)) < size["height"]
    assert bottom(page.locator(".headline .figure b").first) <= size["height"]


@pytest.mark.parametrize("site", ["langson", "mau"], indirect=True)
def test_the_first_page_is_at_most_four_screens_of_a_phone(site, page):
    page.set_viewport_size(PHONE)
    visit(page, f"{site}/")
    assert page.evaluate("document.documentElement.scrollHeight") <= 4 * PHONE["height"]


def test_on_a_phone_the_navigation_is_one_row_until_it_is_opened(site, chromium):
    context = chromium.new_context(locale="vi-VN", java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{site}/")
    assert page.locator(".masthead").bounding_box()["height"] <= 56
    link = page.get_by_role("link", name="Báo cáo", exact=True)
    assert not link.is_visible()
    page.locator(".menu summary").click()
    assert link.is_visible()
    context.close()


def test_on_a_wide_screen_the_navigation_lies_open(site, page):
    page.set_viewport_size(LAPTOP)
    visit(page, f"{site}/")
    assert page.get_by_role("link", name="Báo cáo", exact=True).is_visible()
    assert not page.locator(".menu").is_visible()

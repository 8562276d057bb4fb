"""The projector view and the year plans in a real browser: by keyboard, without a network, without script."""

import pytest

from tests.browsing import eventually, visit

pytestmark = pytest.mark.django_db

SLIDES = 8  # the counts, and seven targets of 2030


@pytest.fixture
def shown(site, page):
    """The presentation of 2030 on a projector."""
    page.set_viewport_size({"width": 1280, "height": 720})
    visit(page, f"{site}/terms/2030/present/")
    return page


def slide(page):
    """Which slide fills the screen."""
    return page.evaluate(
        "[...document.querySelectorAll('.slide')].findIndex((one) => Math.abs(one.getBoundingClientRect().top) < 2)"
    )


def press(page, key):
    page.keyboard.press(key)
    return slide(page)


def test_keys_turn_the_slides(shown):
    assert slide(shown) == 0
    forth = [press(shown, key) for key in ("ArrowRight", "ArrowDown", "PageDown", "Space")]
    assert forth == [1, 2, 3, 4]
    assert [press(shown, key) for key in ("ArrowLeft", "ArrowUp", "PageUp", "Shift+Space")] == [3, 2, 1, 0]
    assert [press(shown, key) for key in ("ArrowLeft", "End", "ArrowRight", "Home")] == [0, SLIDES - 1, SLIDES - 1, 0]


def test_the_address_follows_so_that_a_reload_stays(shown):
    press(shown, "ArrowRight")
    press(shown, "ArrowRight")
    assert shown.url.endswith("/terms/2030/present/#s2")
    shown.reload()
    assert eventually(lambda: slide(shown) == 2)


def test_without_a_network_every_slide_is_there(shown):
    asked = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.context.set_offline(True)
    names = [shown.locator(".slide").nth(press(shown, "ArrowRight")).get_attribute("aria-label") for _ in range(7)]
    assert len(set(names)) == SLIDES - 1
    assert {address.split("/")[-1] for address in asked} <= {"mark.svg"}  # the browser asks for the icon by itself


def test_there_is_nothing_but_the_slides(shown):
    assert shown.locator("header, .masthead, footer, form").count() == 0
    assert all(box["height"] >= 720 for box in (record.bounding_box() for record in shown.locator(".slide").all()))


def test_nothing_runs_out_of_a_slide(shown):
    for width, height in ((1024, 768), (1920, 1080)):
        shown.set_viewport_size({"width": width, "height": height})
        assert shown.evaluate(
            "[...document.querySelectorAll('.slide')].every((one) => one.scrollWidth <= one.clientWidth)"
        )


def test_without_script_links_turn_the_slides(site, chromium):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(f"{site}/terms/2030/present/")
    for number in range(1, SLIDES):
        page.locator(f"#s{number - 1} .turn").get_by_role("link").last.click()
        assert page.url.endswith(f"#s{number}")
    context.close()


# --- years


@pytest.mark.parametrize("site", ["mau"], indirect=True)
def test_arrow_keys_turn_the_years_but_not_while_somebody_types(site, page):
    visit(page, f"{site}/years/2025/")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/years/2024/")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/years/2025/")
    page.locator(".day-shown summary").click()
    page.locator(".as-of input[name=as_of]").focus()
    page.keyboard.press("ArrowLeft")
    assert page.url.endswith("/years/2025/")


# --- frames


@pytest.mark.parametrize("site", ["mau"], indirect=True)
def test_a_framed_chart_is_light_and_fills_its_frame(site, page):
    page.set_viewport_size({"width": 600, "height": 360})
    asked = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site)))
    visit(page, f"{site}/embed/economic-growth/")
    assert len(asked) <= 8  # the page, its two styles, its icon, plotly with its words, and two scripts
    assert page.evaluate("document.documentElement.scrollHeight") <= 360
    assert page.locator("[data-chart] .main-svg").first.bounding_box()["height"] > 200

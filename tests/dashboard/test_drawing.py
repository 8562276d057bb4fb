"""In a real browser: what the drawing of a chart offers, what of it is seen on a phone and on paper, and its table there."""

import pytest

from tests.browsing import NARROW, resize, visit

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("site", ["mau"], indirect=True)]

TOOLBAR = {
    "": [
        "Tải biểu đồ về (PNG)",
        "Tải biểu đồ về (SVG)",
        "Phóng to vùng chọn",
        "Kéo",
        "Phóng to",
        "Thu nhỏ",
        "Về ban đầu",
    ],
    "en/": [
        "Download plot as a PNG",
        "Download plot as an SVG",
        "Zoom",
        "Pan",
        "Zoom in",
        "Zoom out",
        "Reset axes",
    ],
}


@pytest.mark.parametrize("language", TOOLBAR)
def test_the_toolbar_offers_pictures_and_zoom_and_nothing_that_leaves_this_server(site, page, language):
    visit(page, f"{site}/{language}indicators/budget-collection/")
    buttons = page.locator(".modebar-btn").evaluate_all("buttons => buttons.map((button) => button.dataset.title)")
    assert buttons == TOOLBAR[language]
    server = "document.querySelector('[data-chart]')._context.plotlyServerURL"
    assert page.evaluate(server) == ""


def test_on_a_phone_the_figures_of_the_running_year_are_drawn(site, page):
    resize(page, NARROW)
    visit(page, f"{site}/indicators/budget-collection/")
    shown = page.evaluate(
        "document.querySelector('[data-chart]')._fullData.filter((trace) => trace.visible === true).map(({name, x}) => [name, x])"
    )
    assert ["Trong năm", [2026, 2026, 2026]] in shown
    assert "Trong các năm trước" not in [name for name, _x in shown]


def colours(page):
    return page.evaluate(
        "[...document.querySelectorAll('[data-chart]')].map(({layout}) => [layout.font.color, layout.paper_bgcolor])"
    )


def test_a_dark_page_is_printed_in_the_colours_of_paper_and_dark_again_afterwards(site, page):
    page.emulate_media(color_scheme="dark")
    visit(page, f"{site}/indicators/economic-structure/")
    dark = colours(page)
    # Printing begins before the rules for paper hold.
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert colours(page) == [["#222", "#fff"]] * len(dark)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert colours(page) == dark


def test_on_a_phone_a_figure_is_a_card_whose_quote_waits_to_be_opened(site, page):
    visit(page, f"{site}/indicators/grdp-per-person/")
    card = page.locator(".versions tbody tr").first
    assert card.locator("q").is_visible()
    resize(page, NARROW)
    assert not card.locator("q").is_visible()
    assert card.bounding_box()["height"] < 150
    card.locator("summary").click()
    assert card.locator("q").is_visible()

"""In a real browser: the charts are drawn in the reader's language and colours, and without scripts nothing is missing."""

from pathlib import Path

import plotly
import pytest

from tests.browsing import ANSWERS, NARROW, PAGES, eventually, resize, visit

pytestmark = pytest.mark.django_db

# --- without scripts


@pytest.fixture
def plain(chromium):
    """A page of a browser whose scripts are off."""
    context = chromium.new_context(locale="vi-VN", java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("address", [page for page in PAGES["langson"] if page not in ANSWERS])
def test_without_scripts_a_page_tells_the_same_but_for_the_drawing(site, page, plain, address):
    visit(page, f"{site}/{address}")
    plain.goto(f"{site}/{address}")
    assert text_of_the_answer(plain) == text_of_the_answer(page)


def text_of_the_answer(page):
    """What a page tells, less the drawn charts and the button that copies its text: only scripts can do these."""
    page.locator("[data-chart], [data-copy]").evaluate_all("parts => parts.forEach((part) => part.remove())")
    return page.locator("main").inner_text()


def test_without_scripts_the_place_of_a_chart_leads_to_the_same_numbers_in_the_table(site, plain):
    plain.goto(f"{site}/indicators/grdp-growth/")
    assert "bảng bên dưới" in plain.locator("[data-chart]").inner_text()
    assert plain.locator("table.versions").get_by_text("8,06%").first.is_visible()


def test_without_scripts_parts_unfold_and_filters_work(site, plain):
    plain.goto(f"{site}/terms/2020/")
    part = plain.locator("tr.part", has_text="Tỷ trọng dịch vụ trong GRDP")
    assert not part.is_visible()
    plain.get_by_label("thành phần của Cơ cấu kinh tế").check()
    assert part.is_visible()
    plain.fill("input[name=q]", "ho ngheo")
    plain.get_by_role("button", name="Lọc").click()
    assert plain.locator("#listing-heading").inner_text() == "1 chỉ tiêu"


def test_on_paper_every_part_is_printed(site, page):
    visit(page, f"{site}/terms/2020/")
    part = page.locator("tr.part", has_text="Tỷ trọng dịch vụ trong GRDP")
    assert not part.is_visible()
    page.emulate_media(media="print")
    assert part.is_visible()
    assert page.locator(".printed").inner_text().startswith("Số liệu tính đến ngày 22/11/2026. In ngày 22/11/2026 từ")
    assert not page.locator(".filters").is_visible()


# --- charts


def layout(page, name):
    """A setting of the drawn chart as plotly holds it."""
    return page.evaluate(f"document.querySelector('[data-chart]')._fullLayout.{name}")


def test_a_chart_takes_the_colours_of_the_scheme_and_follows_a_change(site, page):
    page.emulate_media(color_scheme="light")
    visit(page, f"{site}/indicators/grdp-growth/")
    light = layout(page, "font.color"), layout(page, "yaxis.gridcolor")
    page.emulate_media(color_scheme="dark")
    assert eventually(lambda: layout(page, "font.color") != light[0])
    assert layout(page, "yaxis.gridcolor") != light[1]
    tokens = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink-2').trim()")
    assert layout(page, "font.color") == tokens


def test_a_chart_fits_a_phone(site, page):
    resize(page, NARROW)
    visit(page, f"{site}/indicators/grdp-growth/")
    box = page.locator("[data-chart] .main-svg").first.bounding_box()
    assert 250 < box["width"] <= NARROW
    assert box["height"] > 300


def test_what_is_looked_at_in_a_chart_stands_in_the_address(site, page):
    visit(page, f"{site}/indicators/grdp-growth/")
    page.locator(".legendtoggle").first.click()
    assert eventually(lambda: "hide" in address(page))
    box = page.locator("[data-chart] .nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.9, steps=5)
    page.mouse.up()
    assert eventually(lambda: "=x" in address(page) and "~y" in address(page) and "~hide" in address(page))
    seen = view(page)
    sent = page.context.new_page()
    visit(sent, address(page))
    assert eventually(lambda: view(sent) == seen)


def test_the_axes_set_back_leave_a_plain_address(site, page):
    visit(page, f"{site}/indicators/grdp-growth/?as_of=2024-12-31#chart-data=x2018,2022~y1,2~hide0")
    assert eventually(lambda: view(page) == [[2018, 2022], [1, 2], [0]])
    page.locator(".modebar-btn[data-title='Về ban đầu']").click(force=True)
    assert eventually(lambda: address(page).endswith("#chart-data=hide0"))


@pytest.mark.parametrize("view", ["x1", "xabc,2", "x1,2,3", "constructor1,2", "y1,2e999", "y,", "%E0%A4%A"])
def test_an_address_that_means_no_view_leaves_the_chart_as_it_is(site, page, view):
    visit(page, f"{site}/indicators/grdp-growth/#chart-data={view}")
    assert layout(page, "xaxis.autorange") is True
    assert layout(page, "yaxis.autorange") is True


def address(page):
    return page.evaluate("location.href")


def view(page):
    """The part of the plane that is shown, to a hundredth, and the places of the hidden lines."""
    return page.evaluate(
        """(() => {
            const chart = document.querySelector("[data-chart]"), shown = chart._fullLayout;
            const rounded = (ends) => ends.map((end) => Math.round(end * 100) / 100);
            const hidden = chart.data.flatMap((line, place) => (line.visible === "legendonly" ? [place] : []));
            return [rounded(shown.xaxis.range), rounded(shown.yaxis.range), hidden];
        })()"""
    )


# --- plotly from the Python package


def test_without_the_npm_packages_the_full_bundle_draws_the_same_chart(site, page, settings):
    """What settings.py falls back to when node_modules is absent."""
    settings.PLOTLY_BUNDLE, settings.PLOTLY_LOCALE = "plotly-full/plotly.min.js", ""
    settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, ("plotly-full", package_data())]
    visit(page, f"{site}/indicators/grdp-growth/")
    assert layout(page, "separators") == ",."
    assert page.locator(".modebar-btn[data-title='Phóng to']").count() == 1


def package_data():
    return Path(plotly.__file__).parent / "package_data"


# --- with the invented figures, which have no gaps

MAU = pytest.mark.parametrize("site", ["mau"], indirect=True)


@MAU
@pytest.mark.parametrize(("language", "tick"), [("", "10.000"), ("en/", "10,000")])
def test_a_chart_writes_numbers_as_its_language_does(site, page, language, tick):
    visit(page, f"{site}/{language}indicators/budget-collection/")
    assert tick in page.locator(".ytick").all_text_contents()
    assert layout(page, "separators") == (",." if language == "" else ".,")


@MAU
@pytest.mark.parametrize("button", ["PNG", "SVG"])
def test_a_chart_can_be_taken_away_as_a_picture(site, page, button):
    visit(page, f"{site}/indicators/budget-collection/")
    with page.expect_download() as download:
        page.locator(f".modebar-btn[data-title*='{button}']").click(force=True)
    assert download.value.suggested_filename.startswith("Thu ngân sách")
    assert download.value.suggested_filename.endswith(f".{button.lower()}")


@MAU
def test_the_shares_of_a_structure_are_stacked_up_to_a_hundred(site, page):
    visit(page, f"{site}/indicators/economic-structure/")
    assert layout(page, "barmode") == "stack"
    sums = set(page.locator(".annotation").all_text_contents())
    assert sums == {"Σ 100,00"}

"""In a real browser: axe finds nothing, nothing runs off the side, and the keyboard reaches and uses everything."""

import pytest

from tests.browsing import NARROW, WIDE, ZOOMED, eventually, every_page, resize, sideways, violations, visit

pytestmark = pytest.mark.django_db

# Over both languages every page is looked at in both schemes and both widths.
LOOKS = {"vi": [("light", WIDE), ("dark", NARROW)], "en": [("dark", WIDE), ("light", NARROW)]}


@pytest.mark.parametrize(("site", "address"), every_page(), indirect=["site"])
def test_a_page_has_no_violation_and_does_not_run_off_the_side(site, same_page, address):
    page = same_page
    visit(page, f"{site}/{address}")
    for scheme, width in LOOKS[page.locator("html").get_attribute("lang")]:
        page.emulate_media(color_scheme=scheme)
        resize(page, width)
        assert violations(page) == [], (scheme, width)
    for width in (NARROW, ZOOMED):
        resize(page, width)
        assert sideways(page) == 0, width


# --- the keyboard alone


def focused(page):
    """The name of the field, or the text of the link or button, that has the focus."""
    return page.evaluate("(document.activeElement.name || document.activeElement.innerText).trim()")


def tab_to(page, wanted, limit=120):
    """Press Tab until `wanted` has the focus; everything passed on the way, in order."""
    passed = []
    for _press in range(limit):
        page.keyboard.press("Tab")
        passed.append(focused(page))
        if passed[-1] == wanted:
            return passed
    raise AssertionError(f"Tab does not reach {wanted}: {passed}")


def test_the_first_tab_offers_to_skip_to_the_content(site, page):
    visit(page, f"{site}/terms/2025/")
    page.keyboard.press("Tab")
    assert focused(page) == "Tới nội dung chính"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert focused(page) == "2020"


def test_tab_reaches_navigation_day_filters_and_table_in_their_order(site, page):
    visit(page, f"{site}/terms/2025/")
    passed = tab_to(page, "Tốc độ tăng trưởng GRDP")  # the card
    wanted = [
        "Trang chủ",
        "Chỉ tiêu",
        "Nguồn số liệu",
        "Báo cáo",
        "Phương pháp",
        "English",
        "2020",
        "2030",
        "Số liệu tính đến hôm nay, 22/11/2026",
    ]
    assert [record for record in passed if record in wanted] == wanted
    passed = tab_to(page, "Số xã đạt chuẩn nông thôn mới tăng thêm")  # a row far down the table
    wanted = ["q", "sector", "status", "agency", "scope", "counted", "Lọc", "tiến độ", "Chỉ tiêu", "Đánh giá"]
    assert [record for record in passed if record in wanted] == wanted


def test_what_has_the_focus_can_be_seen(site, page):
    for scheme in ("light", "dark"):
        visit(page, f"{site}/terms/2025/")
        page.emulate_media(color_scheme=scheme)
        for _press in range(40):
            page.keyboard.press("Tab")
            style = page.evaluate(
                """() => {
                    const style = getComputedStyle(document.activeElement), box = document.activeElement.getBoundingClientRect();
                    return [style.outlineStyle, parseFloat(style.outlineWidth), box.width * box.height > 0];
                }"""
            )
            assert style == ["solid", 3, True], focused(page)


def test_a_filter_is_used_without_a_mouse(site, page):
    visit(page, f"{site}/terms/2025/")
    tab_to(page, "q")
    page.keyboard.type("ho ngheo")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=ho+ngheo**")
    assert page.locator("#listing-heading").inner_text() == "1 chỉ tiêu"


def test_a_day_is_chosen_without_a_mouse(site, page):
    visit(page, f"{site}/terms/2025/")
    tab_to(page, "Số liệu tính đến hôm nay, 22/11/2026")
    page.keyboard.press("Enter")
    tab_to(page, "as_of")
    page.keyboard.press("Control+A")
    page.keyboard.type("31/12/2023")
    page.keyboard.press("Enter")
    page.wait_for_url("**as_of=31%2F12%2F2023**")
    assert "31/12/2023" in page.locator("p[role=status]").inner_text()


def test_a_day_that_is_none_is_caught_before_it_is_sent(site, page):
    visit(page, f"{site}/terms/2025/")
    page.locator(".day-shown summary").click()
    day = page.locator(".as-of input[name=as_of]")
    for text, valid in [("31/12/2023", True), ("1.2.2023", True), ("2023", False), ("yesterday", False)]:
        day.fill(text)
        assert day.evaluate("field => field.validity.valid") == valid, text


def test_parts_unfold_with_the_space_bar(site, page):
    visit(page, f"{site}/terms/2020/")
    parts = page.locator("tr.part", has_text="Tỷ trọng dịch vụ trong GRDP")
    assert not parts.is_visible()
    tab_to(page, "Cơ cấu kinh tế")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert parts.is_visible()
    page.keyboard.press("Space")
    assert not parts.is_visible()


def test_a_heading_of_the_table_sorts_without_a_mouse(site, page):
    visit(page, f"{site}/terms/2020/")
    tab_to(page, "Đánh giá")
    page.keyboard.press("Enter")
    page.wait_for_url("**sort=verdict**")
    assert page.locator("th[aria-sort=ascending]").inner_text() == "Đánh giá"


def test_tab_leaves_the_chart_again(site, page):
    visit(page, f"{site}/indicators/grdp-growth/")
    tab_to(page, "VTC News")


def test_a_wide_table_scrolls_by_keyboard_inside_its_own_box(site, page):
    resize(page, NARROW)
    visit(page, f"{site}/sources/")
    box = page.locator(".scroll").first
    box.focus()
    page.keyboard.press("ArrowRight")
    assert eventually(lambda: box.evaluate("box => box.scrollLeft") > 0)
    assert sideways(page) == 0

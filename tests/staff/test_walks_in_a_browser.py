"""The day of a clerk in a real browser, every click and every key counted."""

import pytest

from indicators.datapackage.loader import load_package
from indicators.models import Agency, Deadline, Figure, Indicator, Source
from indicators.text.numbers import format_number
from tests.browsing import NARROW, WIDE, resize, sideways, violations
from tests.conftest import FIXTURES
from tests.factories import make_person, make_source

REPORT = "Báo cáo tình hình kinh tế - xã hội 6 tháng đầu năm 2026"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(live_server, public, today):
    """Lạng Sơn, where reports are due after every quarter, and a clerk of the finance department."""
    load_package(FIXTURES / "langson")
    for month in (3, 6, 9, 12):
        Deadline.objects.get_or_create(through_month=month, agency=None, year=None)
    make_source(code="bc-2026-06", title_vi=REPORT, issued_on="2026-07-01")
    make_person("lan", groups=["Nhập liệu"], agency=Agency.objects.get(code="finance"))
    return live_server.url


class Hand:
    """A person at a page: what they click and which keys they press is done and counted."""

    def __init__(self, page):
        self.page, self.clicks, self.keys = page, 0, 0

    def click(self, place):
        self.clicks += 1
        place.click()

    def type(self, text):
        self.keys += len(text)
        self.page.keyboard.type(text)

    def press(self, key):
        self.keys += 1
        self.page.keyboard.press(key)


def log_in(page, home):
    page.goto(f"{home}/admin/")
    page.fill("input[name=username]", "lan")
    page.fill("input[name=password]", "secret")
    page.click("[type=submit]")
    page.wait_for_url(f"{home}/admin/")


# Of the half year of 2026, in the order of the sheet.
TYPED = ["6.120", "6,5", "7.400", "21,3"]


def fields(page):
    return page.locator('input[name$="-value"]')


def shared(hand, page):
    """Say for all rows when the report came out and where it stands."""
    hand.click(page.locator("[name=published_on]"))
    hand.type("01/07/2026")
    hand.press("Tab")
    hand.type("6 thang dau nam 2026")


def submit(hand, page):
    hand.click(page.locator(".foot-bar [name=_submit]"))
    page.locator(".messagelist .success").first.wait_for()


def waiting():
    return [format_number(figure.value, "vi") for figure in submitted()]


def submitted():
    return Figure.objects.filter(state="submitted").order_by("indicator__sector__order", "indicator__order")


def test_what_is_due_is_found_typed_and_submitted_in_six_clicks(page, home):
    log_in(page, home)
    hand = Hand(page)
    hand.click(page.locator("#overdue li a").last)
    page.locator("#sheet").wait_for()
    hand.click(fields(page).first)
    for text in TYPED:
        hand.type(text)
        hand.press("Enter")
    shared(hand, page)
    submit(hand, page)
    assert waiting() == TYPED
    assert (hand.clicks, hand.keys) == (4, 52)


def test_a_pasted_column_goes_by_its_names_whatever_their_order(page, home):
    log_in(page, home)
    page.goto(f"{home}/admin/indicators/figure/sheet/?year=2026&months=6")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=home)
    names = list(
        Indicator.objects.filter(agency__code="finance").order_by("-name_vi").values_list("name_vi", flat=True)
    )
    values = {name: f"{place},5" for place, name in enumerate(names, start=1)}
    text = "Chỉ tiêu\tGiá trị\r\n" + "\r\n".join("\t".join(row) for row in values.items())
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    hand = Hand(page)
    hand.click(fields(page).first)
    hand.press("Control+V")
    page.locator("[name=_fill]").wait_for()
    assert violations(page) == []
    hand.click(page.locator("[name=_fill]"))
    page.locator("[name=_undo]").wait_for()
    filled = {
        row.locator("th").inner_text(): row.locator('input[name$="-value"]').input_value()
        for row in page.locator("table.sheet tbody tr:not(.group)").all()
    }
    for name, value in values.items():
        assert [typed for label, typed in filled.items() if label.startswith(name)] == [value]
    assert (hand.clicks, hand.keys) == (2, 1)


def test_without_scripts_figures_are_typed_and_submitted(chromium, home):
    with chromium.new_context(java_script_enabled=False, locale="vi-VN") as context:
        page = context.new_page()
        log_in(page, home)
        page.locator("#overdue li a").last.click()
        for field, text in zip(fields(page).all(), TYPED, strict=False):
            field.fill(text)
        page.fill("[name=published_on]", "01/07/2026")
        page.fill("[name=source]", "bc-2026-06")
        page.click(".foot-bar [name=_submit]")
        assert page.locator(".messagelist .success").count()
    assert waiting() == TYPED


def test_a_source_is_added_in_the_sheet_by_one_field(page, home):
    log_in(page, home)
    page.goto(f"{home}/admin/indicators/figure/sheet/?year=2026&months=6")
    hand = Hand(page)
    hand.click(page.locator("#add-source summary"))
    line = page.locator("#add-source input[type=text], #add-source textarea")
    hand.click(line)
    hand.type("Báo cáo số 12/BC-UBND ngày 30/6/2026 về thu ngân sách")
    hand.click(page.locator("[name=_add_source]"))
    page.locator(".messagelist").wait_for()
    added = Source.objects.get(number__startswith="12/BC-UBND")
    assert added.code in page.locator("[name=source]").input_value()
    assert (hand.clicks, hand.keys) == (3, 53)


@pytest.mark.parametrize(("before", "looks"), [("", ("light", NARROW)), ("/en", ("dark", WIDE))])
def test_the_pages_of_help_are_accessible_and_fit_a_phone(page, home, before, looks):
    log_in(page, home)
    scheme, width = looks
    page.emulate_media(color_scheme=scheme)
    resize(page, width)
    for role in ("", "official/", "clerk/", "approver/", "keeper/", "administrator/"):
        page.goto(f"{home}{before}/help/{role}")
        assert violations(page) == [], role
        assert sideways(page) == 0, role

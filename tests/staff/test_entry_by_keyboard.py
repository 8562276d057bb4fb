"""A clerk fills the nine months of 2019 by keyboard alone, with a slip and a pasted column; approved, they show."""

from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group, User

from indicators.datapackage.loader import load_package
from indicators.models import Agency, Figure, Indicator, Membership, StepKind
from indicators.text.numbers import format_number
from indicators.workflow import apply_transition
from tests.browsing import sideways, violations
from tests.conftest import FIXTURES
from tests.reading import cells, see

pytestmark = pytest.mark.django_db(transaction=True)

SHEET = "/admin/indicators/figure/sheet/?year=2019&months=9"
NINE_MONTHS = {"year": 2019, "through_month": 9}


@pytest.fixture
def home(live_server, public, today):
    """The address of the tracker with the figures of Lạng Sơn, but for those of the nine months of 2019."""
    load_package(FIXTURES / "langson")
    return live_server.url


@pytest.fixture
def printed(home):
    """What the report prints for each indicator, in the order of the sheet; taken out of the database."""
    figures = Figure.objects.filter(**NINE_MONTHS).select_related("indicator", "source")
    values = {figure.indicator: format_number(figure.value, "vi") for figure in figures.in_force("2026-11-22")}
    figures.delete()
    return values


def person(name, group):
    user = User.objects.create_user(name, password="mat-khau-dai", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def type_in(page, *texts):
    """Type one text after another, going on by Tab."""
    for text in texts:
        page.keyboard.type(text)
        page.keyboard.press("Tab")


def tab_to(page, selector, key="Tab"):
    """Go on by Tab until the focus is there."""
    for _step in range(300):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{selector} cannot be reached by {key}")


def open_sheet(page, home, name):
    """Log in as `name` and be led to the sheet."""
    page.goto(f"{home}/login/?next={quote(SHEET)}")
    tab_to(page, "[name=username]")
    type_in(page, name)
    page.keyboard.type("mat-khau-dai")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{home}{SHEET}")  # to its end: of a long sheet the first rows are there before the last


def enter(page, printed):
    """Type every value into its row, the second one with a slip."""
    for place, (indicator, text) in enumerate(printed.items()):
        tab_to(page, f"[name=i{indicator.pk}-value]")
        page.keyboard.type(f"{text} (ước)" if place == 1 else text)


def paste(page, text):
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def test_the_sheet_is_filled_by_keyboard_mended_and_shown(page, home, printed, client):
    clerk = person("lan", "Nhập liệu")
    Membership.objects.bulk_create(Membership(user=clerk, agency=agency) for agency in Agency.objects.all())
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=home)
    open_sheet(page, home, "lan")

    tab_to(page, "[name=published_on]")
    type_in(page, "27/09/2019", "vccinews-2019-09")
    tab_to(page, "#tab-down")
    page.keyboard.press("Space")
    enter(page, printed)
    tab_to(page, ".foot-bar [name=_save]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator("tr.err").wait_for()
    assert Figure.objects.filter(**NINE_MONTHS).count() == len(printed) - 1
    assert violations(page) == []

    slip = list(printed)[1]
    tab_to(page, f"[name=i{slip.pk}-value]")
    page.keyboard.press("Control+A")
    page.keyboard.type(printed[slip])
    tab_to(page, ".foot-bar [name=_submit]")
    page.keyboard.press("Enter")
    page.locator(".messagelist .success").first.wait_for()
    entered = Figure.objects.filter(**NINE_MONTHS)
    assert {figure.indicator: format_number(figure.value, "vi") for figure in entered} == printed
    assert set(entered.values_list("state", flat=True)) == {"submitted"}

    apply_transition(StepKind.APPROVE, dict(entered.values_list("pk", "version")), by=person("duyet", "Duyệt số liệu"))
    overview = see(client, "/terms/2020/?as_of=2019-12-31")
    first = next(iter(printed))
    assert printed[first] in " ".join(cells(overview, first.name).values())


def fill_in(page):
    """Say yes to where the pasted cells go; the button has the focus."""
    page.locator("[name=_fill]:focus").wait_for()
    page.keyboard.press("Enter")
    page.locator("[name=_undo]").wait_for()


def test_a_column_from_excel_fills_down(page, home):
    clerk = person("lan", "Nhập liệu")
    Membership.objects.create(user=clerk, agency=Agency.objects.get(code="finance"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=home)
    open_sheet(page, home, "lan")
    values = page.locator('input[name$="-value"]')
    values.first.focus()
    paste(page, "5.056\r\n6,5\r\n11.728,3\r\n")
    fill_in(page)
    assert [values.nth(place).input_value() for place in range(4)] == ["5.056", "6,5", "11.728,3", ""]
    values.nth(1).focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == values.nth(1).get_attribute("name")


@pytest.fixture
def pasting(page, home):
    """The sheet of all indicators, with the right to use the clipboard."""
    person("quantri", "Nhập liệu")
    User.objects.update(is_superuser=True)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=home)
    open_sheet(page, home, "quantri")
    return page.locator('input[name$="-value"]')


def test_what_was_pasted_is_asked_about_before_leaving(page, pasting):
    pasting.first.focus()
    paste(page, "5.056\n6,5\n")
    fill_in(page)
    assert "Đã điền 2 giá trị, chưa lưu." in page.locator(".paste-undo").inner_text()
    questions = []
    page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))
    page.locator(".breadcrumbs a").first.click()
    page.wait_for_url("**/admin/")
    assert questions == ["beforeunload"]


def test_names_in_another_order_find_their_rows_and_are_taken_back(page, pasting):
    pasting.first.focus()
    paste(page, 'Thu ngân sách nhà nước trên địa bàn\t5.056\n"Tốc độ tăng\ntrưởng GRDP"\t6,5\n')
    page.locator("[name=_fill]").wait_for()
    assert violations(page) == []
    fill_in(page)
    typed = {item.get_attribute("aria-labelledby"): item.input_value() for item in pasting.all()}
    names = {Indicator.objects.get(pk=name.split("-")[1]).code: value for name, value in typed.items() if value}
    assert names == {"budget-revenue": "5.056", "grdp-growth": "6,5"}
    page.locator("[name=_undo]").click()
    page.wait_for_load_state()
    assert {item.input_value() for item in pasting.all()} == {""}


def test_without_script_a_table_is_pasted_into_a_field(chromium, page, home):
    person("quantri", "Nhập liệu")
    User.objects.update(is_superuser=True)
    open_sheet(page, home, "quantri")
    plain = chromium.new_context(java_script_enabled=False, storage_state=page.context.storage_state()).new_page()
    plain.goto(f"{home}{SHEET}")
    plain.locator("#paste summary").click()
    plain.locator("[name=pasted]").fill("Dân số\t802\n")
    plain.locator("#paste [name=_paste]").click()
    plain.locator("[name=_fill]").click()
    plain.locator("[name=_undo]").wait_for()
    row = Indicator.objects.get(code="population").pk
    assert plain.locator(f"[name=i{row}-value]").input_value() == "802"
    plain.context.close()


def test_the_way_of_the_tab_key_alone_is_nothing_to_lose(page, pasting):
    questions = []
    page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))
    page.locator("#tab-down").check()
    page.locator(".breadcrumbs a").first.click()
    page.wait_for_url("**/admin/")
    assert questions == []


def test_the_heads_of_the_columns_stay_in_sight_and_opened_details_stay_in_the_table(page, pasting):
    page.set_viewport_size({"width": 1280, "height": 900})
    details = page.locator(".sheet details").nth(40)
    details.evaluate("one => { one.open = true; one.scrollIntoView({block: 'center'}); }")
    head = page.locator(".sheet thead th").first.bounding_box()
    assert 0 <= head["y"] < 5
    right = page.locator(".sheet").bounding_box()
    for field in details.locator(".field *").all():
        box = field.bounding_box()
        assert box is None or box["x"] + box["width"] <= right["x"] + right["width"] + 1


def test_a_row_that_is_left_is_a_draft_before_anybody_saves(page, home, printed):
    clerk = person("lan", "Nhập liệu")
    Membership.objects.create(user=clerk, agency=Agency.objects.get(code="finance"))
    open_sheet(page, home, "lan")
    tab_to(page, "[name=published_on]")
    page.keyboard.type("27/09/2019")
    page.locator("[name=source]").click()
    page.keyboard.type("2019-09 vccinews")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("[name=source]").input_value() == "vccinews-2019-09"
    indicator, value = next((item, text) for item, text in printed.items() if item.code == "budget-revenue")
    first = page.locator(f"tr:has([name=i{indicator.pk}-value])")
    first.locator("input[name$='-value']").focus()
    page.keyboard.type(f"khoảng {value}")
    page.keyboard.press("Enter")
    first.locator(".check p").first.wait_for()
    assert "Đã lưu" in first.inner_text()
    assert Figure.objects.filter(**NINE_MONTHS).values_list("qualifier", "state").get() == ("about", "entered")
    assert violations(page) == []
    page.locator(".foot-bar [name=_submit]").click()
    page.locator(".messagelist .success").first.wait_for()
    assert Figure.objects.get(**NINE_MONTHS).state == "submitted"


def test_a_small_screen_shows_eight_rows(page, pasting):
    page.set_viewport_size({"width": 1366, "height": 650})
    end = page.locator(".foot-bar").bounding_box()["y"]
    rows = [item.bounding_box() for item in page.locator("tr:has(input[name$='-value'])").all()]
    assert sum(row["y"] + row["height"] <= end + 1 for row in rows) >= 8


@pytest.mark.parametrize("width", [1280, 390])
def test_the_sheet_fits_the_window(page, home, width):
    person("quantri", "Nhập liệu")
    User.objects.update(is_superuser=True)
    page.set_viewport_size({"width": width, "height": 900})
    open_sheet(page, home, "quantri")
    assert sideways(page) == 0
    assert violations(page) == []

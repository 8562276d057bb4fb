"""A clerk fills the nine months of 2019 by keyboard alone, with a slip and a pasted column; approved, they show."""

from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group, User

from indicators.models import Agency, Figure, Membership, StepKind
from indicators.notation.numerals import format_number
from indicators.office.workflow import carry_out
from indicators.package.loading import load_package
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
    page.locator("#sheet").wait_for()


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
    type_in(page, "27/09/2019", "danviet-2020-09")
    tab_to(page, "#tab-down")
    page.keyboard.press("Space")
    enter(page, printed)
    tab_to(page, ".foot-bar [name=_save]")
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

    carry_out(StepKind.APPROVE, dict(entered.values_list("pk", "version")), by=person("duyet", "Duyệt số liệu"))
    overview = see(client, "/terms/2020/?as_of=2019-12-31")
    first = next(iter(printed))
    assert printed[first] in " ".join(cells(overview, first.name).values())


def test_a_column_from_excel_fills_down(page, home):
    clerk = person("lan", "Nhập liệu")
    Membership.objects.create(user=clerk, agency=Agency.objects.get(code="finance"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=home)
    open_sheet(page, home, "lan")
    values = page.locator('input[name$="-value"]')
    values.first.focus()
    paste(page, "5.056\t92,8\r\n6,5\t\r\n11.728,3\r\n")
    assert [values.nth(place).input_value() for place in range(4)] == ["5.056", "6,5", "11.728,3", ""]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == values.nth(2).get_attribute("name")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_sheet_fits_the_window(page, home, width):
    person("quantri", "Nhập liệu")
    User.objects.update(is_superuser=True)
    page.set_viewport_size({"width": width, "height": 900})
    open_sheet(page, home, "quantri")
    assert sideways(page) == 0
    assert violations(page) == []

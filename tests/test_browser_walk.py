"""The whole way in a real browser: a figure typed in the admin moves the chart and stands in the table and the CSV."""

import csv

import pytest
from django.contrib.auth.models import Permission, User

from indicators.models import Figure
from indicators.package.loading import load_package
from tests.browsing import visit
from tests.conftest import FIXTURES

pytestmark = pytest.mark.django_db(transaction=True)

SPENDING = "Tổng chi ngân sách địa phương"


@pytest.fixture
def home(live_server, public, today):
    """The address of the tracker with the figures of Lạng Sơn and an open dashboard."""
    load_package(FIXTURES / "langson")
    return live_server.url


def user(name, *permissions):
    """A member of staff who may do just this; without anything named, everything."""
    one = User.objects.create_user(name, password="mat-khau-dai", is_staff=True, is_superuser=not permissions)
    one.user_permissions.set(Permission.objects.filter(codename__in=permissions))


def log_in(page, home, name):
    page.goto(f"{home}/admin/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", "mat-khau-dai")
    page.click("[type=submit]")
    page.wait_for_url("**/admin/")


def choose(page, field, text, found):
    """Pick what is `found` in an autocomplete by typing."""
    page.click(f".field-{field} .select2-selection")
    page.fill(".select2-search__field", text)
    page.locator(".select2-results__option", has_text=found).click()


def enter_spending(page, home):
    """Type the spending of 2020 the way a report prints it."""
    page.goto(f"{home}/admin/indicators/figure/add/")
    choose(page, "indicator", "tong chi ngan sach", SPENDING)
    page.fill("input[name=year]", "2020")
    page.fill("input[name=value]", "11.728,3")
    page.select_option("select[name=status]", "reported")
    choose(page, "source", "nghi quyet 100", "Nghị quyết")
    page.fill("input[name=published_on]", "27/09/2020")
    page.fill("textarea[name=quote_vi]", "Tổng chi ngân sách địa phương 11.728,3 tỷ đồng")
    page.click("input[name=_save]")
    page.wait_for_url("**/admin/indicators/figure/")


def drawn(page):
    """Year and value of every point on the line of the chart, as plotly has them."""
    traces = page.evaluate("document.querySelector('[data-chart]').data.map(({name, x, y}) => ({name, x, y}))")
    return {
        year: value
        for trace in traces
        if trace["name"] == "Thực hiện"
        for year, value in zip(trace["x"], trace["y"], strict=True)
    }


def test_a_figure_entered_in_the_admin_moves_the_chart_and_is_in_table_and_csv(home, page, tmp_path):
    user("quantri")
    visit(page, f"{home}/indicators/budget-expenditure/")
    assert 2020 not in drawn(page)

    log_in(page, home, "quantri")
    enter_spending(page, home)
    message = page.locator(".messagelist").inner_text()
    assert "11.728,3 tỷ đồng" in message
    assert "năm 2020" in message

    visit(page, f"{home}/indicators/budget-expenditure/")
    assert drawn(page)[2020] == 11728.3
    row = page.locator("table.versions tbody tr", has_text="11.728,3").inner_text()
    assert "năm 2020" in row
    assert "27/09/2020" in row

    page.goto(f"{home}/terms/2020/?q=tong+chi")
    with page.expect_download() as download:
        page.locator(".exports").get_by_text("số liệu").click()
    download.value.save_as(tmp_path / "figures.csv")
    with (tmp_path / "figures.csv").open(encoding="utf-8", newline="") as file:
        (figure,) = [row for row in csv.DictReader(file) if row["value"] == "11728.3"]
    assert (figure["indicator"], figure["year"], figure["published_on"]) == ("budget-expenditure", "2020", "2020-09-27")


def test_what_a_clerk_enters_shows_only_after_it_is_approved(home, page):
    user("nhaplieu", "add_figure", "change_figure", "view_figure", "view_indicator", "view_source")
    user("quantri")
    log_in(page, home, "nhaplieu")
    enter_spending(page, home)
    assert Figure.objects.get(value="11728.3").state == "entered"
    visit(page, f"{home}/indicators/budget-expenditure/")
    assert 2020 not in drawn(page)
    assert page.locator("table.versions tbody tr", has_text="11.728,3").count() == 0

    page.context.clear_cookies()
    log_in(page, home, "quantri")
    page.goto(f"{home}/admin/indicators/figure/{Figure.objects.get(value='11728.3').pk}/change/")
    page.select_option("select[name=state]", "approved")
    page.click("input[name=_save]")
    visit(page, f"{home}/indicators/budget-expenditure/")
    assert drawn(page)[2020] == 11728.3


def test_a_number_that_cannot_be_read_is_explained_and_what_was_typed_stays(home, page):
    user("quantri")
    log_in(page, home, "quantri")
    page.goto(f"{home}/admin/indicators/figure/add/")
    page.fill("input[name=value]", "11.728,3 tỷ")
    page.fill("input[name=published_on]", "31/02/2020")
    page.click("input[name=_save]")
    assert "tỷ" in page.locator(".field-value .errorlist").inner_text()
    assert "31/02/2020" in page.locator(".field-published_on .errorlist").inner_text()
    assert page.input_value("input[name=value]") == "11.728,3 tỷ"
    assert not Figure.objects.filter(value="11728.3").exists()

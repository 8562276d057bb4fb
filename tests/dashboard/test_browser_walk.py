"""The whole way in a real browser: entered, returned, mended, approved; then it moves the chart and stands in the CSV."""

import csv

import pytest
from django.contrib.auth.models import Group, User

from indicators.datapackage.loader import load_package
from indicators.models import Agency, Figure, Indicator, Membership
from tests.browsing import visit
from tests.conftest import FIXTURES

pytestmark = pytest.mark.django_db(transaction=True)

SPENDING = "Tổng chi ngân sách địa phương"


@pytest.fixture
def home(live_server, public, today):
    """The address of the tracker with the figures of Lạng Sơn and an open dashboard."""
    load_package(FIXTURES / "langson")
    return live_server.url


def person(name, group, agency=None):
    """A member of staff: of one of the four groups, and of an agency."""
    user = User.objects.create_user(name, password="mat-khau-dai", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    if agency:
        Membership.objects.create(user=user, agency=Agency.objects.get(code=agency))


def log_in(page, home, name):
    page.context.clear_cookies()
    page.goto(f"{home}/admin/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", "mat-khau-dai")
    page.keyboard.press("Enter")
    page.locator("#user-tools").wait_for()


def open_spending(page, home):
    """The page of the figure in the making."""
    figure = Figure.objects.get(indicator__code="budget-expenditure", year=2020)
    page.goto(f"{home}/admin/indicators/figure/{figure.pk}/change/")


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
    page.fill("[name=reason]", "Báo cáo trình Đại hội, ra trước khi hết năm.")  # it came out early: that is asked about
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


def test_two_clerks_enter_one_figure_comes_back_and_the_dashboard_shows_both(home, page, tmp_path):
    person("lan", "Nhập liệu", "finance")
    person("minh", "Nhập liệu", "industry-and-trade")
    person("duyet", "Duyệt số liệu")

    clerk_of_finance_enters(page, home)
    trade = clerk_of_trade_submits(page, home)
    approver_returns_the_first_and_approves_the_other(page, home, trade)
    clerk_of_finance_mends(page, home)
    visit(page, f"{home}/indicators/budget-expenditure/")
    assert 2020 not in drawn(page)
    approver_approves_the_rest(page, home)

    visit(page, f"{home}/indicators/budget-expenditure/")
    assert drawn(page)[2020] == 11782.3
    assert "27/09/2020" in page.locator("table.versions tbody tr", has_text="11.782,3").inner_text()
    figure = spending_in_csv(page, home, tmp_path)
    assert (figure["indicator"], figure["year"], figure["published_on"]) == ("budget-expenditure", "2020", "2020-09-27")
    history_tells_it_all(page, home)


def clerk_of_finance_enters(page, home):
    log_in(page, home, "lan")
    enter_spending(page, home)
    message = page.locator(".messagelist").inner_text()
    assert "năm 2020: 11.728,3 tỷ đồng (đã công bố) – mười một nghìn bảy trăm hai mươi tám phẩy ba" in message
    open_spending(page, home)
    page.get_by_role("button", name="Lưu và trình").click()
    page.locator(".messagelist .success").first.wait_for()


def clerk_of_trade_submits(page, home):
    log_in(page, home, "minh")
    page.goto(f"{home}/admin/indicators/figure/sheet/?year=2020&months=12")
    page.fill("[name=published_on]", "27/09/2020")
    page.fill("[name=source]", "danviet-2020-09")
    trade = Indicator.objects.get(code="trade-turnover")
    page.fill(f"[name=i{trade.pk}-value]", "4,1")
    page.click(".foot-bar [name=_submit]")
    page.locator(".messagelist .success").first.wait_for()
    assert page.locator(f"[name=i{trade.pk}-value]").input_value() == ""
    assert "Đã trình, chờ duyệt" in page.locator(f"#check-{trade.pk}").inner_text()
    return trade


def approver_returns_the_first_and_approves_the_other(page, home, trade):
    log_in(page, home, "duyet")
    page.goto(f"{home}/admin/indicators/figure/queue/")
    row = page.locator("li.waits", has_text=SPENDING)
    row.locator("summary").click()
    row.locator("textarea").fill("Nghị quyết ghi 11.782,3: hãy xem lại trang 4.")
    row.get_by_role("button", name="Trả lại").click()
    page.locator("li.waits", has_text=trade.name).locator("[name=chosen]").check()
    page.get_by_role("button", name="Duyệt các số đã chọn").click()
    page.locator(".messagelist .success").first.wait_for()


def clerk_of_finance_mends(page, home):
    log_in(page, home, "lan")
    open_spending(page, home)
    assert "hãy xem lại trang 4" in page.locator(".steps").inner_text()
    page.fill("input[name=value]", "11.782,3")
    page.fill("[name=reason]", "Gõ nhầm, đã đối chiếu trang 4.")
    page.get_by_role("button", name="Lưu và trình").click()
    page.locator(".messagelist .success").first.wait_for()


def approver_approves_the_rest(page, home):
    log_in(page, home, "duyet")
    page.goto(f"{home}/admin/indicators/figure/queue/?check=all")
    page.get_by_role("button", name="Duyệt các số đã chọn").click()
    page.locator(".messagelist .success").first.wait_for()


def spending_in_csv(page, home, tmp_path):
    """The row of the spending in the file that the overview offers."""
    page.goto(f"{home}/terms/2020/?q=tong+chi")
    with page.expect_download() as download:
        page.locator(".exports").get_by_text("số liệu").click()
    download.value.save_as(tmp_path / "figures.csv")
    with (tmp_path / "figures.csv").open(encoding="utf-8", newline="") as file:
        (figure,) = [row for row in csv.DictReader(file) if row["value"] == "11782.3"]
    return figure


def history_tells_it_all(page, home):
    spending = Figure.objects.get(value="11782.3")
    steps = [(step.get_kind_display(), step.by.username) for step in spending.steps.all()]
    assert steps == [
        ("mới nhập", "lan"),
        ("đã trình", "lan"),
        ("bị trả lại", "duyet"),
        ("đã sửa", "lan"),
        ("đã trình", "lan"),
        ("đã duyệt", "duyet"),
    ]
    page.goto(f"{home}/admin/indicators/figure/{spending.pk}/history/")
    told = page.locator("#change-history").inner_text()
    assert "11.728,3 → 11.782,3" in told
    assert "Gõ nhầm, đã đối chiếu trang 4." in told


def test_a_number_that_cannot_be_read_is_explained_and_what_was_typed_stays(home, page):
    person("lan", "Nhập liệu", "finance")
    log_in(page, home, "lan")
    page.goto(f"{home}/admin/indicators/figure/add/")
    page.fill("input[name=value]", "11.728,3 tỷ")
    page.fill("input[name=published_on]", "31/02/2020")
    page.click("input[name=_save]")
    assert "tỷ" in page.locator(".field-value .errorlist").inner_text()
    assert "31/02/2020" in page.locator(".field-published_on .errorlist").inner_text()
    assert page.input_value("input[name=value]") == "11.728,3 tỷ"
    assert not Figure.objects.filter(value="11728.3").exists()

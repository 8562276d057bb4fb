"""In a real browser: a clerk finds the import, fills in the template, sees what it would change, mends it, and confirms."""

import pytest
from openpyxl import load_workbook

from indicators.models import Figure
from tests.browsing import NARROW, WIDE, resize, sideways, violations
from tests.factories import make_agency, make_figure, make_indicator, make_person, make_source
from tests.importing import WORKBOOKS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today", "public")]


@pytest.fixture
def home(live_server, page):
    """The address of a tracker where a clerk of Sở Tài chính is logged in."""
    finance = make_agency(code="finance", name_vi="Sở Tài chính")
    make_source(code="report", title_vi="Báo cáo 310")
    growth = make_indicator(code="growth", name_vi="Tăng trưởng", kind="rate", agency=finance)
    make_indicator(code="revenue", name_vi="Thu ngân sách", unit_vi="tỷ đồng", kind="flow", order=2, agency=finance)
    for year in (2016, 2017, 2018):
        make_figure(indicator=growth, year=year, through_month=9, value="6.9", published_on=f"{year}-10-01")
    make_person("lan", groups=["Nhập liệu"], agency=finance)
    page.goto(f"{live_server.url}/admin/")
    page.fill("input[name=username]", "lan")
    page.fill("input[name=password]", "secret")
    page.click("[type=submit]")
    page.wait_for_url("**/admin/")
    return live_server.url


def choose(page, path):
    page.set_input_files("input[name=file]", path)
    page.get_by_role("button", name="Xem trước thay đổi").click()


def looked_at(page):
    """What is wrong with the page as it stands, wide and narrow."""
    faults = []
    for width in (NARROW, WIDE):
        resize(page, width)
        faults += violations(page)
        assert sideways(page) <= 0
    return faults


def test_a_clerk_fills_in_the_template_mends_it_and_imports_it(home, page, tmp_path):
    page.goto(f"{home}/admin/indicators/figure/")
    page.get_by_role("link", name="Nhập từ tệp").click()
    assert looked_at(page) == []

    page.fill("input[name=year]", "2019")
    page.select_option("select[name=months]", "9")
    with page.expect_download() as download:
        page.get_by_role("button", name="Mẫu Excel").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "so-lieu-can-nhap-2019-9M.xlsx"

    book = load_workbook(path)
    sheet = book.worksheets[0]
    sheet["F2"], sheet["F3"] = 695, "5.056,5 (ước)"
    for row in (2, 3):
        sheet[f"H{row}"], sheet[f"I{row}"], sheet[f"J{row}"] = "ước", "27/09/2019", "report"
    book.save(path)
    choose(page, path)
    assert "Có 1 dòng phải sửa" in page.locator(".verdict").inner_text()
    assert "(ước)" in page.locator("tr.wrong .problem").inner_text()
    assert looked_at(page) == []

    sheet["F3"] = "5.056,5"
    book.save(path)
    assert page.get_by_role("link", name="Tải các dòng cần sửa").is_visible()
    page.get_by_role("link", name="Chọn tệp khác").click()
    choose(page, path)
    assert "695%" in page.locator("tr.doubtful .doubt").inner_text()
    assert looked_at(page) == []
    page.get_by_role("button", name="Nhập 2 số liệu").click()
    assert "Hãy ghi rõ vì sao" in page.locator("#reason-error").inner_text()
    page.fill("textarea[name=reason]", "đã hỏi lại Cục Thống kê")
    page.get_by_role("button", name="Nhập 2 số liệu").click()
    assert "Đã nhập 2 số liệu mới" in page.locator(".verdict").inner_text()
    assert looked_at(page) == []

    page.get_by_role("link", name="Đến các số liệu mới nhập").click()
    page.locator("#result_list tbody tr").nth(1).wait_for()
    assert page.locator("#result_list tbody tr").count() == 2
    assert {str(figure.value.normalize()) for figure in Figure.objects.filter(state="entered")} == {"695", "5056.5"}


def test_an_old_workbook_and_a_large_file_tell_what_happens(home, page, monkeypatch):
    page.goto(f"{home}/admin/indicators/figure/import/")
    choose(page, WORKBOOKS / "excel97.xls")
    assert "Excel 97–2003" in page.locator("#id_file_error").inner_text()
    assert looked_at(page) == []

    monkeypatch.setattr("indicators.staff.views.imports.AT_ONCE", 1)
    choose(page, WORKBOOKS / "libreoffice.xlsx")
    page.locator("table.review").wait_for()  # the page with the progress has gone on by itself
    assert "3 số liệu mới" in page.locator(".verdict").inner_text()

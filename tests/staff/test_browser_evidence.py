"""In a real browser: a file sent with a figure and fetched again; an explanation asked for, given, and read in public."""

import pytest

from tests.factories import make_agency, make_figure, make_indicator, make_person, make_target
from tests.files import pdf, with_macros

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today", "public")]


@pytest.fixture
def home(live_server, settings, tmp_path):
    """The address of a tracker where Sở Tài chính missed its target and has typed a figure."""
    settings.MEDIA_ROOT = tmp_path / "media"
    agency = make_agency(code="finance", name_vi="Sở Tài chính")
    indicator = make_indicator(code="growth", name_vi="Tốc độ tăng trưởng", agency=agency)
    make_target(indicator=indicator, as_written_vi="7% trở lên")
    make_figure(indicator=indicator, year=2025, value="6.5", published_on="2026-01-10", status="final")
    make_figure(indicator=indicator, year=2026, through_month=9, value="6.9", state="entered")
    make_person("lan", groups=["Nhập liệu"], agency=agency)
    make_person("minh", groups=["Duyệt số liệu"])
    make_person("hoa", groups=["Duyệt số liệu"])
    return live_server.url


def log_in(page, home, name):
    page.context.clear_cookies()
    page.goto(f"{home}/admin/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", "secret")
    page.click("[type=submit]")
    page.wait_for_url("**/admin/")


def messages(page):
    return page.locator(".messagelist").inner_text()


def test_a_clerk_sends_files_and_an_approver_fetches_one(home, page):
    log_in(page, home, "lan")
    page.goto(f"{home}/admin/indicators/figure/?state__exact=entered")
    page.click("#result_list tbody th a")
    files = [
        {"name": "Báo cáo 310.pdf", "mimeType": "application/pdf", "buffer": pdf()},
        {
            "name": "Biểu.xlsx",
            "mimeType": "",
            "buffer": with_macros(".xlsx"),
        },
        {"name": "Nhầm.pdf", "mimeType": "application/pdf", "buffer": pdf()},
    ]
    page.set_input_files("#evidence-files", files)
    page.click("#evidence form[enctype] button")
    assert "Biểu.xlsx" in messages(page)
    assert "Đã thêm 2 tệp." in messages(page)
    page.click("#evidence button[aria-label='Gỡ Nhầm.pdf']")
    page.locator(".messagelist .success", has_text="Đã gỡ “Nhầm.pdf”").wait_for()
    assert page.locator("#evidence .files li").count() == 1
    page.click("input[name=_submit]")
    page.locator(".messagelist .success", has_text="đã trình").wait_for()

    log_in(page, home, "minh")
    page.goto(f"{home}/admin/indicators/figure/?state__exact=submitted")
    page.click("#result_list tbody th a")
    assert page.locator("#evidence input[type=file]").count() == 0
    with page.expect_download() as download:
        page.click("#evidence .files a")
    assert download.value.suggested_filename == "Báo cáo 310.pdf"
    assert download.value.path().read_bytes() == pdf()


def test_an_explanation_is_asked_for_given_and_read_by_everybody(home, page):
    log_in(page, home, "minh")
    page.goto(f"{home}/indicators/growth/")
    page.click("text=Yêu cầu giải trình")
    assert "Tốc độ tăng trưởng" in page.locator(".field-target").inner_text()
    page.fill("textarea[name=question]", "Vì sao không đạt, sẽ khắc phục thế nào?")
    page.click("input[name=_save]")
    page.locator(".messagelist .success").wait_for()

    log_in(page, home, "lan")
    page.goto(f"{home}/admin/indicators/explanation/?answered=no")
    page.click("#result_list tbody th a")
    assert page.locator("textarea[name=question]").count() == 0
    page.fill("textarea[name=answer]", "Do ảnh hưởng của bão số 3; đã có kế hoạch bù.")
    page.click("input[name=_save]")
    page.locator(".messagelist .success").wait_for()

    log_in(page, home, "hoa")
    page.click("text=giải trình chờ công khai")
    page.click("#result_list tbody th a")
    page.click("button[value=release]")
    assert "Đã công khai" in messages(page)

    page.context.clear_cookies()
    page.goto(f"{home}/indicators/growth/")
    shown = page.locator(".verdicts .explanation").inner_text()
    for words in ("Vì sao không đạt", "Sở Tài chính", "22/11/2026", "bão số 3"):
        assert words in shown
    assert "minh" not in shown

"""Taking files away in a real browser: what is shown while one is made, when it comes, fails or is stopped."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.request import urlopen

import pytest

from tests.browsing import eventually

pytestmark = pytest.mark.django_db

CSV = 'a[href="/reports/figures.csv"]'
BOOK = 'a[href="/reports/terms/2025.xlsx"]'


def says(page, *words):
    """Whether the line of the last download comes to say all these words."""
    return eventually(lambda: all(word in page.locator(".download [role=status]").last.inner_text() for word in words))


def saved(page, click):
    """The file that the browser saves after `click`: its name and its bytes."""
    with page.expect_download() as coming:
        click()
    return coming.value.suggested_filename, coming.value.path().read_bytes()


@pytest.mark.parametrize(
    ("link", "name"),
    [
        (CSV, "figures-2026-11-22.csv"),
        ('a[href="/reports/figures.csv?format=excel-vn"]', "figures-2026-11-22-excel-vn.csv"),
        (BOOK, "term-2025-2026-11-22.xlsx"),
        ('a[href="/reports/package.zip"]', "package-2026-11-22.zip"),
    ],
)
def test_a_file_arrives_whole_under_its_own_name(site, page, link, name):
    page.goto(f"{site}/reports/")
    address = page.locator(link).first.get_attribute("href")
    given, content = saved(page, page.locator(link).first.click)
    assert given == name
    assert len(content) > 1000
    if name.endswith(("csv", "zip")):  # a workbook tells when it was made
        assert content == page.request.get(f"{site}{address}").body()
    assert says(page, name, "đã chuyển cho trình duyệt")


def test_a_workbook_is_fetched_by_keyboard_too_and_its_line_goes_when_it_is_closed(site, page):
    page.goto(f"{site}/en/reports/")
    page.locator(BOOK).focus()
    assert saved(page, lambda: page.keyboard.press("Enter"))[0] == "term-2025-2026-11-22.xlsx"
    assert says(page, "has been handed to the browser")
    assert page.locator(".download progress").count() == 0
    page.get_by_role("button", name="Close").press("Enter")
    assert page.locator(".download").count() == 0
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/reports/terms/2025.xlsx"


def test_while_a_file_is_made_this_is_shown_and_it_can_be_stopped(site, page):
    page.goto(f"{site}/reports/")
    held = []  # never answered
    page.route("**/figures.csv", lambda route: held.append(route))
    page.locator(CSV).click()
    assert says(page, "Đang tạo figures.csv")
    assert page.locator(".download progress").get_attribute("value") is None
    page.get_by_role("button", name="Hủy").press("Enter")
    assert says(page, "Đã hủy tải figures.csv")
    held[0].abort()


def test_what_the_page_of_an_error_says_is_passed_on(site, page):
    page.goto(f"{site}/reports/")
    page.route("**/figures.csv", lambda route: route.continue_(url=f"{site}/reports/figures.csv?format=xls"))
    page.locator(CSV).click()
    assert says(page, "Không tải được figures.csv", "400", "Định dạng là một trong")


def test_a_server_in_trouble_is_told_in_the_language_of_the_page(site, page):
    page.goto(f"{site}/en/reports/")
    page.route(
        "**/figures.csv", lambda route: route.fulfill(status=503, body="<html lang=vi><main><h1>Bận</h1></main>")
    )
    page.locator(CSV).click()
    assert says(page, "figures.csv could not be fetched: the server answered 503")
    assert not says_now(page, "Bận")


def says_now(page, word):
    return word in page.locator(".download [role=status]").last.inner_text()


@pytest.fixture
def breaking(site):
    """The address of a proxy before the site that lets a file break off: in pieces without an end, or short of its length."""

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            if self.path.endswith((".xlsx", ".csv")):
                return self.break_off()
            with urlopen(f"{site}{self.path}") as answer:
                body, kind = answer.read(), answer.headers["Content-Type"]
            self.send(body, **{"Content-Type": kind, "Content-Length": str(len(body))})

        def break_off(self):
            length = {"Transfer-Encoding": "chunked"} if self.path.endswith("csv") else {"Content-Length": "99"}
            self.send(b"5\r\nhello\r\n", **length, **{"Content-Disposition": 'attachment; filename="x"'})
            self.close_connection = True

        def send(self, body, **headers):
            self.send_response(200)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("link", [CSV, BOOK])
def test_a_file_that_breaks_off_is_not_handed_over(breaking, page, link):
    came = []
    page.on("download", lambda record: came.append(record))
    page.goto(f"{breaking}/reports/")
    page.locator(link).click()
    assert says(page, "Không tải được", "kết nối bị ngắt")
    assert came == []


def test_without_the_script_the_links_are_links_and_the_page_says_to_wait(site, chromium):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/reports/")
    assert page.get_by_text("Tệp lớn cần vài giây").is_visible()
    assert saved(page, page.locator(CSV).click)[0] == "figures-2026-11-22.csv"
    page.goto(f"{site}/reports/terms/2025/text/")
    assert page.locator("#text").is_visible()
    assert page.get_by_role("button", name="Sao chép").count() == 0
    context.close()


@pytest.mark.parametrize("allowed", [True, False])
def test_the_text_for_a_report_is_copied_by_a_button(site, page, allowed):
    if allowed:
        page.context.grant_permissions(["clipboard-write"], origin=site)
    else:  # as on a page without https
        page.add_init_script("delete Navigator.prototype.clipboard")
    page.goto(f"{site}/reports/terms/2025/text/")
    page.get_by_role("button", name="Sao chép").press("Enter")
    assert eventually(lambda: page.locator("#copied").inner_text() == "Đã sao chép đoạn văn.")
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), {id: 'paste'}))")
    page.locator("#paste").press("Control+V")
    assert page.locator("#paste").input_value() == page.locator("#text").input_value()

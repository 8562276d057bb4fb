"""In a real browser: an approver sets up the second factor, comes in by a code and by paper; the pages hold in every look."""

from base64 import b32decode

import pytest
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.browsing import NARROW, WIDE, resize, sideways, violations
from tests.factories import make_person

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "secret"


@pytest.fixture
def home(live_server, settings):
    settings.SECOND_FACTOR = True
    make_person("duyet", groups=["Duyệt số liệu"])
    return live_server.url


def log_in(page, home, language=""):
    page.goto(f"{home}{language}/admin/")
    page.fill("input[name=username]", "duyet")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")


def shown(key):
    """What an app shows now for the key that was typed into it."""
    return f"{totp(b32decode(key.replace(' ', ''))):06d}"


def set_up(page):
    """The key and the recovery codes that the pages show."""
    key = page.locator("code.key").inner_text()
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=code]", shown(key))
    page.keyboard.press("Enter")
    page.locator(".codes").wait_for()
    codes = page.locator(".codes code").all_inner_texts()
    page.get_by_role("link", name="Tôi đã cất").click()
    return key, codes


def log_out(page):
    page.locator("#logout-form button").click()
    page.locator("input[name=username]").wait_for()


def give(page, code):
    page.fill("input[name=code]", code)
    page.keyboard.press("Enter")


def test_an_approver_sets_it_up_and_comes_in_by_code_and_once_by_paper(page, home):
    log_in(page, home)
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 100
    key, codes = set_up(page)
    page.locator("#user-tools").wait_for()
    assert page.url == f"{home}/admin/"

    log_out(page)
    TOTPDevice.objects.update(last_t=-1)  # half a minute later
    log_in(page, home)
    give(page, shown(key))
    page.locator("#user-tools").wait_for()

    log_out(page)
    log_in(page, home)
    give(page, codes[0])
    page.locator("#user-tools").wait_for()
    assert "Còn 9 mã khôi phục." in page.locator(".messagelist").inner_text()

    log_out(page)
    log_in(page, home)
    give(page, codes[0])
    assert "Mã này sai hoặc đã được dùng." in page.locator("[role=alert]").inner_text()
    page.goto(f"{home}/admin/")
    assert page.locator("#user-tools").count() == 0


LOOKS = [("light", WIDE), ("dark", NARROW), ("dark", WIDE), ("light", NARROW)]


def look_at(page):
    """No violation in any scheme and width, and nothing runs off the side."""
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)
        resize(page, width)
        assert violations(page) == [], (page.url, scheme, width)
        assert sideways(page) == 0, (page.url, width)


@pytest.mark.parametrize("language", ["", "/en"])
def test_each_page_of_the_door_and_of_the_account_can_be_used_by_everybody(page, home, language):
    log_in(page, home, language)
    page.locator("code.key").wait_for()
    look_at(page)
    key = page.locator("code.key").inner_text()
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=code]", shown(key))
    page.keyboard.press("Enter")
    page.locator(".codes").wait_for()
    look_at(page)
    for address in ("", "second-factor/", "recovery-codes/", "password/"):
        page.goto(f"{home}{language}/account/{address}")
        look_at(page)
    page.goto(f"{home}{language}/account/")
    page.locator("#logout-form button").click()
    log_in(page, home, language)
    page.locator("#about-code").wait_for()
    give(page, "000000")
    page.locator("[role=alert]").wait_for()
    look_at(page)


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_page_of_a_lock_can_be_used_by_everybody(page, home, settings, language):
    for _time in range(settings.LOCKOUT_FAILURES):
        page.goto(f"{home}{language}/login/")
        page.fill("input[name=username]", "duyet")
        page.fill("input[name=password]", "sai")
        page.keyboard.press("Enter")
        page.locator("[role=alert]").wait_for()
    look_at(page)

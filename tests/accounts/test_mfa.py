"""The second factor: who must have one, what is closed until it is given, and the codes on paper."""

from base64 import b32decode, b32encode
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from indicators.accounts import mfa
from indicators.accounts.models import RecoveryCode, SignIn, SignInKind
from indicators.models import ApiToken
from tests.accounts.test_sign_in import act, alert, kinds
from tests.factories import make_person
from tests.reading import read, see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "in_use")]

PASSWORD = "secret"
SET_UP, GIVE = "/account/second-factor/", "/login/code/"


@pytest.fixture
def in_use(settings):
    """As on a server."""
    settings.SECOND_FACTOR = True


@pytest.fixture
def approver():
    return make_person("duyet", groups=["Duyệt số liệu"])


@pytest.fixture
def reader():
    return make_person("nhap", rights=["view_figure"])


@pytest.fixture
def codes(client, approver):
    """The recovery codes of the approver, who has set up the second factor and left again, a while ago."""
    codes = set_up(client, approver)
    client.post("/logout/")
    TOTPDevice.objects.update(last_t=-1)
    return codes


def log_in(client, person, after="/admin/"):
    return client.post("/login/", {"username": person.username, "password": PASSWORD, "next": after})


def shown(key, steps=0):
    """What an app shows for the key that was typed into it; `steps` of half a minute later."""
    return f"{totp(b32decode(key.replace(' ', '')), drift=steps):06d}"


def code(person, steps=0):
    """What the app of `person` shows."""
    return shown(b32encode(TOTPDevice.objects.get(user=person).bin_key).decode(), steps)


def wrong(person):
    """A code that the app shows neither now nor half a minute before or after."""
    near = {code(person, steps) for steps in (-1, 0, 1)}
    return next(one for one in ("000000", "111111", "222222", "333333") if one not in near)


def set_up(client, person):
    """Log in and set up the second factor; the recovery codes that were shown."""
    log_in(client, person)
    key = see(client, SET_UP).one("code", class_="key").text
    response = client.post(SET_UP, {"code": shown(key), "password": PASSWORD, "next": "/admin/"})
    assert "no-store" in response["Cache-Control"]
    return [one.text for one in read(response).one("ul", class_="codes").all("code")]


def give(client, typed, after="/admin/"):
    return client.post(GIVE, {"code": typed, "next": after})


def is_in(client):
    return client.get("/account/").status_code == 200


# --- who must have one


@pytest.mark.parametrize(
    ("fields", "must"),
    [
        ({"groups": ["Duyệt số liệu"]}, True),
        ({"rights": ["approve_figure"]}, True),
        ({"groups": ["Quản trị chỉ tiêu"]}, True),
        ({"is_superuser": True}, True),
        ({"groups": ["Nhập liệu"]}, True),
        ({"groups": ["Xem"]}, True),  # they ask for explanations
        ({"rights": ["add_source"]}, True),
        ({"rights": ["view_figure", "view_signin"]}, False),
        ({"is_staff": False}, False),
    ],
)
def test_whose_words_or_numbers_can_become_public_must_have_one(client, fields, must):
    person = make_person(**fields)
    assert mfa.is_demanded(person) is must
    client.force_login(person)
    assert is_in(client) is not must


@pytest.mark.parametrize("address", ["/admin/", "/admin/indicators/figure/queue/", "/terms/2025/", "/account/"])
def test_nothing_is_reached_before_the_second_factor_is_set_up(client, approver, address):
    log_in(client, approver)
    response = client.get(address, follow=True)
    assert response.redirect_chain[-1][0] == f"{SET_UP}?next={address}"
    assert "Những gì tài khoản này ghi có thể được công khai" in read(response).text


def test_no_interface_answers_a_half_begun_session(client, approver):
    log_in(client, approver)
    assert client.get("/api/v1/terms").status_code == 401
    assert client.get("/reports/figures.csv").status_code == 302


def test_a_form_sent_half_way_is_kept_and_does_nothing(client, approver):
    log_in(client, approver)
    assert client.post("/admin/indicators/figure/queue/", {"transition": "approve"}).status_code == 403


def test_a_page_half_way_leads_on_and_says_who_is_nobody_yet(client, approver):
    log_in(client, approver)
    assert client.get("/login/?next=/terms/2025/")["Location"] == f"{GIVE}?next=/terms/2025/"
    assert read(client.get(SET_UP)).all(id="user-tools") == []


def test_a_reader_comes_in_by_password_alone(client, reader):
    assert log_in(client, reader)["Location"] == "/admin/"
    assert is_in(client)


def test_who_becomes_an_approver_while_logged_in_sets_it_up_before_anything_else(client, reader):
    log_in(client, reader)
    reader.groups.set([make_person("duyet", groups=["Duyệt số liệu"]).groups.get()])
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == f"{SET_UP}?next=/admin/"


def test_where_it_is_off_a_password_is_enough(client, approver, settings):
    settings.SECOND_FACTOR = False
    log_in(client, approver)
    assert is_in(client)
    assert client.get(SET_UP).status_code == 404


# --- setting it up


def test_the_key_is_shown_as_picture_and_text_and_stays_the_same(client, approver):
    log_in(client, approver)
    page = see(client, SET_UP)
    assert page.one("img", class_="qr")["src"].startswith("data:image/svg+xml")
    key = page.one("code", class_="key").text
    assert len(key.replace(" ", "")) == 32
    assert see(client, SET_UP).one("code", class_="key").text == key


def test_the_picture_holds_the_key_the_person_and_the_place(approver):
    device = mfa.PendingDevice(approver, "00" * 20)
    address = device._device().config_url
    assert "secret=" + "A" * 32 in address
    assert "duyet" in address
    assert "issuer=Ch%E1%BB%89%20ti%C3%AAu%20L%E1%BA%A1ng%20S%C6%A1n" in address


def test_setting_it_up_opens_the_session_and_shows_ten_codes_once(client, approver):
    codes = set_up(client, approver)
    assert len(set(codes)) == 10
    assert is_in(client)
    assert kinds("duyet") == [SignInKind.PASSWORD, SignInKind.FACTOR_SET]
    assert all(one not in client.get(address).content.decode() for one in codes for address in ("/account/", SET_UP))


def test_a_wrong_first_code_sets_nothing_up(client, approver):
    log_in(client, approver)
    see(client, SET_UP)
    page = read(client.post(SET_UP, {"code": "12345", "password": PASSWORD}))
    assert "Mã không đúng." in page.one("ul", class_="errorlist").text
    assert not TOTPDevice.objects.exists()
    assert not is_in(client)


@pytest.mark.parametrize("is_half_way", [True, False])
def test_setting_it_up_takes_the_password(client, approver, reader, settings, is_half_way):
    settings.SECOND_FACTOR = is_half_way
    log_in(client, approver)
    settings.SECOND_FACTOR = True
    key = see(client, SET_UP).one("code", class_="key").text
    for typed in ({}, {"password": "sai"}):
        client.post(SET_UP, {"code": shown(key)} | typed)
    assert not TOTPDevice.objects.exists()
    assert kinds("duyet").count(SignInKind.FAILED) == 1


def test_the_session_gets_a_new_key_with_the_second_factor(client, approver):
    log_in(client, approver)
    before = client.session.session_key
    set_up(client, approver)
    assert client.session.session_key != before


def test_a_reader_may_have_one_too_and_is_asked_for_it_from_then_on(client, reader):
    set_up(client, reader)
    client.post("/logout/")
    assert log_in(client, reader)["Location"] == f"{GIVE}?next=/admin/"
    assert not is_in(client)


def test_another_telephone_takes_the_password_once_more(client, approver):
    codes = set_up(client, approver)
    old = TOTPDevice.objects.get()
    key = see(client, SET_UP).one("code", class_="key").text
    client.post(SET_UP, {"code": shown(key), "password": "sai"})
    assert TOTPDevice.objects.get() == old
    client.post(SET_UP, {"code": shown(key), "password": PASSWORD})
    assert TOTPDevice.objects.get().bin_key == b32decode(key.replace(" ", ""))
    assert not RecoveryCode.objects.use(approver, codes[0])


def test_half_way_in_nobody_sets_up_another_telephone(client, approver, codes):
    log_in(client, approver)
    assert client.get(SET_UP)["Location"] == f"{GIVE}?next=/"
    client.post(SET_UP, {"code": "123456", "password": PASSWORD})
    assert not is_in(client)


# --- giving it


def test_each_log_in_asks_for_the_code_of_the_app(client, approver, codes):
    assert log_in(client, approver)["Location"] == f"{GIVE}?next=/admin/"
    assert give(client, code(approver))["Location"] == "/admin/"
    assert is_in(client)
    log_in(client, approver)
    assert not is_in(client)


def test_a_code_typed_with_a_blank_is_taken(client, approver, codes):
    log_in(client, approver)
    typed = code(approver)
    give(client, f"{typed[:3]} {typed[3:]}")
    assert is_in(client)


def test_a_code_is_taken_once(client, approver, codes):
    typed = code(approver)
    log_in(client, approver)
    give(client, typed)
    log_in(second := Client(), approver)
    assert "Mã này sai hoặc đã được dùng." in alert(give(second, typed))
    assert not is_in(second)


@pytest.mark.parametrize("typed", ["", "12345", "١٢٣٤٥٦", "-00001", "1e5", "\0", "x" * 500, "a" * 16])
def test_what_is_no_code_opens_nothing(client, approver, codes, typed):
    log_in(client, approver)
    assert give(client, typed).status_code == 200
    assert not is_in(client)


def test_wrong_codes_make_one_wait_longer_each_time(client, approver, codes, time_machine):
    log_in(client, approver)
    for wait in (1, 2, 4):
        assert give(client, wrong(approver)).status_code == 200
        response = give(client, code(approver))
        assert response.status_code == 429
        assert alert(response) == f"Quá nhiều mã sai. Hãy đợi {wait} giây rồi thử mã mới."
        time_machine.shift(timedelta(seconds=wait + 1))
    give(client, code(approver))
    assert is_in(client)


def test_wrong_recovery_codes_make_one_wait_too(client, approver, codes):
    log_in(client, approver)
    give(client, "aaaa-bbbb-cccc-dddd")
    assert give(client, codes[0]).status_code == 429
    assert RecoveryCode.objects.unused(approver).count() == 10


def test_wrong_codes_are_kept_in_the_list(client, approver, codes):
    log_in(client, approver)
    give(client, wrong(approver))
    assert kinds("duyet")[-2:] == [SignInKind.PASSWORD, SignInKind.CODE_FAILED]


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_code_never_leads_to_another_origin(client, approver, codes, elsewhere):
    log_in(client, approver)
    assert give(client, code(approver), after=elsewhere)["Location"] == "/"


def test_without_a_password_there_is_nothing_to_give_a_code_for(client):
    assert client.get(GIVE)["Location"] == f"/login/?next={GIVE}"
    assert give(client, "123456").status_code == 302


def test_half_way_in_one_can_leave(client, approver, codes):
    log_in(client, approver)
    client.post("/logout/")
    assert client.get(GIVE)["Location"] == f"/login/?next={GIVE}"
    assert kinds("duyet")[-1] == SignInKind.SIGNED_OUT


def test_once_given_it_costs_no_query_and_before_it_one(client, approver, reader, django_assert_num_queries):
    set_up(client, approver)
    with django_assert_num_queries(2):  # the session and the user
        client.get("/login/")
    client.force_login(reader)
    with django_assert_num_queries(3):  # and whether the reader must have one by now
        client.get("/login/")


# --- recovery codes


def test_a_recovery_code_opens_once(client, approver, codes):
    log_in(client, approver)
    assert give(client, codes[0])["Location"] == "/admin/"
    assert "Còn 9 mã khôi phục." in see(client, "/admin/").one("ul", class_="messagelist").text
    log_in(client, approver)
    assert "Mã này sai hoặc đã được dùng." in alert(give(client, codes[0]))
    assert not is_in(client)


def test_a_recovery_code_is_read_as_people_type_it(client, approver, codes):
    log_in(client, approver)
    give(client, f"  {codes[1].upper().replace('-', ' ')} ")
    assert is_in(client)
    assert kinds("duyet")[-1] == SignInKind.RECOVERY


def test_a_recovery_code_opens_no_other_account(client, approver, codes):
    other = make_person("khac", groups=["Duyệt số liệu"])
    set_up(client, other)
    log_in(client, other)
    give(client, codes[0])
    assert not is_in(client)


def test_recovery_codes_are_not_stored(codes, approver):
    stored = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert not stored & {one.replace("-", "") for one in codes} | stored & set(codes)
    assert {len(one) for one in stored} == {64}


def test_new_codes_take_the_password_and_replace_the_old_ones(client, approver):
    codes = set_up(client, approver)
    assert "Mật khẩu không đúng." in read(client.post("/account/recovery-codes/", {"password": "sai"})).text
    page = read(client.post("/account/recovery-codes/", {"password": PASSWORD}))
    new = [one.text for one in page.one("ul", class_="codes").all("code")]
    assert RecoveryCode.objects.use(approver, new[0])
    assert not RecoveryCode.objects.use(approver, codes[0])
    assert SignInKind.CODES_MADE in kinds("duyet")


def test_who_has_no_second_factor_gets_no_recovery_codes(client, reader):
    log_in(client, reader)
    client.post("/account/recovery-codes/", {"password": PASSWORD})
    assert not RecoveryCode.objects.exists()


# --- a lost telephone


def test_an_administrator_resets_it_and_the_person_sets_up_a_new_one(client, approver, codes):
    chief = make_person("quantri", is_superuser=True)
    set_up(admin := Client(), chief)
    log_in(client, approver)
    give(client, code(approver))
    assert "đăng nhập tới: duyet" in read(act(admin, "reset_second_factor", approver)).text
    act(admin, "reset_second_factor", approver, password="sai")
    assert is_in(client)
    act(admin, "reset_second_factor", approver, password=PASSWORD)
    assert not is_in(client)
    assert not RecoveryCode.objects.filter(user=approver).exists()
    assert log_in(client, approver)["Location"] == f"{GIVE}?next=/admin/"
    assert client.get(GIVE)["Location"] == f"{SET_UP}?next=/"
    latest = SignIn.objects.filter(kind=SignInKind.FACTOR_RESET).get()
    assert (latest.name, latest.by) == ("duyet", "quantri")


def test_the_last_administrator_is_helped_from_the_command_line(client, approver, codes, capsys):
    call_command("reset_second_factor", "duyet")
    assert capsys.readouterr().out == "duyet sẽ thiết lập lại xác thực lớp hai ở lần đăng nhập tới.\n"
    assert not TOTPDevice.objects.exists()
    assert SignIn.objects.first().by == "manage.py"


def test_a_reset_of_nobody_says_so():
    with pytest.raises(CommandError, match="Không có người dùng Duyet"):
        call_command("reset_second_factor", "Duyet")


def test_no_page_of_the_admin_shows_the_keys(client):
    chief = make_person(is_superuser=True)
    set_up(client, chief)
    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404


# --- programs have no telephone


def test_a_token_needs_no_second_factor(client):
    token, secret = ApiToken.issue("Kho dữ liệu")
    token.save()
    assert client.get("/api/v1/terms", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def test_nobody_is_asked_for_one_who_is_gone(client, approver, codes):
    log_in(client, approver)
    User.objects.filter(pk=approver.pk).update(is_active=False)
    assert client.get(GIVE).status_code == 302
    assert not is_in(client)

"""Signing in: the lock after wrong passwords, what is told to whom, how long a session lasts, and what is kept of it."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory

from indicators.accounts.models import Session, SignIn, SignInKind
from indicators.core.http import client_address, counted_address
from indicators.models import ApiToken
from tests.factories import make_person
from tests.reading import read, rows, see

pytestmark = pytest.mark.django_db

PASSWORD = "mat-khau-dai"


@pytest.fixture
def hoa():
    return User.objects.create_user("hoa", password=PASSWORD)


def log_in(client, name="hoa", password=PASSWORD, **sent):
    return client.post("/login/", {"username": name, "password": password}, **sent)


def fail(client, times, **sent):
    """Type a wrong password so many times; the last answer."""
    for _time in range(times):
        response = log_in(client, password="sai", **sent)
    return response


def is_in(client):
    return client.get("/account/").status_code == 200


def alert(response):
    (told,) = [one.text for one in read(response).all("p", role="alert")]
    return told


# --- the lock


def test_a_locked_account_is_told_how_long_to_wait_and_whom_to_ask(client, hoa, settings):
    settings.HELP_CONTACT = "Văn phòng UBND, 0205 000 000"
    response = fail(client, settings.LOCKOUT_FAILURES)
    assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert alert(response).startswith("Đã có quá nhiều lần thử sai. Hãy đợi 1 phút rồi thử lại")
    assert "báo quản trị viên để được mở khóa. Văn phòng UBND, 0205 000 000" in read(response).text


def test_a_locked_account_is_told_so_in_english_too(client, hoa, settings):
    for _time in range(settings.LOCKOUT_FAILURES):
        response = client.post("/en/login/", {"username": "hoa", "password": "wrong"})
    assert "Wait 1 minute, then try again" in alert(response)


def test_one_wrong_attempt_fewer_does_not_lock(client, hoa, settings):
    fail(client, settings.LOCKOUT_FAILURES - 1)
    log_in(client)
    assert is_in(client)


def test_the_right_password_does_not_open_a_locked_account(client, hoa, settings):
    fail(client, settings.LOCKOUT_FAILURES)
    assert log_in(client).status_code == 429
    assert not is_in(client)


def test_the_lock_of_a_name_holds_for_every_address(client, hoa, settings):
    fail(client, settings.LOCKOUT_FAILURES)
    assert log_in(Client(), REMOTE_ADDR="10.0.0.9").status_code == 429


def test_trying_while_locked_does_not_prolong_the_wait(client, hoa, settings, today, time_machine):
    fail(client, settings.LOCKOUT_FAILURES)
    time_machine.shift(timedelta(seconds=30))
    assert "1 phút" in alert(fail(client, 20))
    time_machine.shift(timedelta(seconds=31))
    log_in(client)
    assert is_in(client)


def test_each_further_wrong_attempt_doubles_the_wait_up_to_a_limit(client, hoa, settings, today, time_machine):
    fail(client, settings.LOCKOUT_FAILURES - 1)
    for minutes in (1, 2, 4, 8, 15):
        assert f"{minutes} phút" in alert(fail(client, 1))
        time_machine.shift(timedelta(minutes=minutes, seconds=1))
    log_in(client)
    assert is_in(client)


# --- strangers lock nobody out


def test_a_browser_that_somebody_came_in_by_is_not_locked_by_strangers(client, hoa, settings):
    log_in(client)
    client.post("/logout/")
    fail(Client(), settings.LOCKOUT_FAILURES + 3, REMOTE_ADDR="203.0.113.9")
    assert log_in(Client()).status_code == 429
    assert log_in(client).status_code == 302
    assert is_in(client)


def test_coming_in_by_a_known_browser_does_not_clear_the_way_for_strangers(client, hoa, settings):
    log_in(client)
    fail(Client(), settings.LOCKOUT_FAILURES, REMOTE_ADDR="203.0.113.9")
    log_in(client)
    assert log_in(Client(), REMOTE_ADDR="203.0.113.9").status_code == 429


def test_a_known_browser_passes_where_its_address_is_locked_for_others(client, hoa, settings):
    settings.LOCKOUT_ADDRESS_FAILURES = 7
    log_in(client)
    for number in range(7):
        log_in(Client(), name=f"ai{number}")
    assert log_in(Client()).status_code == 429
    assert log_in(client).status_code == 302


def test_wrong_passwords_in_a_known_browser_make_it_wait_too(client, hoa, settings):
    log_in(client)
    client.post("/logout/")
    assert fail(client, settings.LOCKOUT_FAILURES).status_code == 429
    assert log_in(client).status_code == 429
    assert log_in(Client()).status_code == 302


@pytest.mark.parametrize("value", ["", "x", "WyJ4Iiwge31d:1:2", "a" * 5000])
def test_a_forged_cookie_makes_no_browser_known(client, hoa, settings, value):
    client.cookies["known_browser"] = value
    assert fail(client, settings.LOCKOUT_FAILURES).status_code == 429
    assert log_in(client).status_code == 429


def test_a_browser_is_known_for_those_who_came_in_by_it_and_for_nobody_else(client, hoa, settings):
    User.objects.create_user("lan", password=PASSWORD)
    log_in(client)
    fail(Client(), settings.LOCKOUT_FAILURES, REMOTE_ADDR="203.0.113.9")
    for _time in range(settings.LOCKOUT_FAILURES):
        log_in(Client(), name="lan", password="sai", REMOTE_ADDR="203.0.113.9")
    assert log_in(client, name="lan").status_code == 429
    assert log_in(client).status_code == 302


def test_people_who_share_a_desk_are_all_known(client, hoa, settings):
    User.objects.create_user("lan", password=PASSWORD)
    for name in ("hoa", "lan"):
        log_in(client, name=name)
    for _time in range(settings.LOCKOUT_FAILURES):
        for name in ("hoa", "lan"):
            log_in(Client(), name=name, password="sai", REMOTE_ADDR="203.0.113.9")
    assert [log_in(client, name=name).status_code for name in ("hoa", "lan")] == [302, 302]


def test_a_new_password_makes_browsers_of_before_unknown(client, hoa, settings):
    log_in(client)
    hoa.set_password("mat-khau-moi-dai")
    hoa.save()
    fail(Client(), settings.LOCKOUT_FAILURES, REMOTE_ADDR="203.0.113.9")
    assert log_in(client, password="mat-khau-moi-dai").status_code == 429


def test_the_cookie_is_for_the_server_alone(client, hoa, settings):
    settings.SESSION_COOKIE_SECURE = True
    cookie = log_in(client).cookies["known_browser"]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    assert "known_browser" not in log_in(Client(), password="sai").cookies


def test_lifting_a_lock_forgets_what_known_browsers_got_wrong(client, hoa, admin_client, settings):
    log_in(client)
    client.post("/logout/")
    fail(client, settings.LOCKOUT_FAILURES)
    act(admin_client, "lift_lock", hoa)
    assert log_in(client).status_code == 302


# --- the old password at a change of it


def change_password(client, old, **sent):
    new = "mat-khau-moi-dai"
    return client.post("/account/password/", {"old_password": old, "new_password1": new, "new_password2": new}, **sent)


def test_wrong_old_passwords_are_limited_and_noted_like_all_others(client, hoa, settings):
    log_in(client)
    answers = [change_password(client, "sai").status_code for _time in range(settings.LOCKOUT_FAILURES)]
    assert answers == [200] * (settings.LOCKOUT_FAILURES - 1) + [429]
    assert change_password(client, PASSWORD).status_code == 429
    hoa.refresh_from_db()
    assert hoa.check_password(PASSWORD)
    assert kinds().count(SignInKind.FAILED) == settings.LOCKOUT_FAILURES - 1
    assert kinds()[-1] == SignInKind.LOCKED


def test_the_browser_that_changed_the_password_stays_known(client, hoa, settings):
    log_in(client)
    assert change_password(client, PASSWORD).status_code == 302
    fail(Client(), settings.LOCKOUT_FAILURES, REMOTE_ADDR="203.0.113.9")
    assert log_in(client, password="mat-khau-moi-dai").status_code == 302


def test_coming_in_forgets_the_wrong_attempts_under_the_name(client, hoa, settings):
    for _day in range(3):
        fail(client, settings.LOCKOUT_FAILURES - 1)
        assert log_in(client).status_code == 302


def test_an_address_is_locked_for_every_name_at_a_higher_number(client, hoa, settings):
    settings.LOCKOUT_ADDRESS_FAILURES = 7
    for number in range(6):
        assert log_in(client, name=f"ai{number}", REMOTE_ADDR="10.0.0.9").status_code == 200
    assert log_in(client, name="ai7", REMOTE_ADDR="10.0.0.9").status_code == 429
    assert log_in(client, REMOTE_ADDR="10.0.0.9").status_code == 429
    assert log_in(client, REMOTE_ADDR="10.0.0.10").status_code == 302


def test_whoever_has_an_account_does_not_clear_the_way_for_their_address(client, hoa, settings):
    settings.LOCKOUT_ADDRESS_FAILURES = 7
    for number in range(6):
        log_in(client, name=f"ai{number}")
    assert log_in(client).status_code == 302
    assert log_in(Client(), name="ai7").status_code == 429


def test_behind_a_proxy_the_client_is_locked_and_not_the_proxy(client, hoa, settings):
    settings.PROXIES, settings.LOCKOUT_ADDRESS_FAILURES = 1, 3
    for number in range(3):
        log_in(client, name=f"ai{number}", HTTP_X_FORWARDED_FOR="203.0.113.5")
    assert log_in(client, HTTP_X_FORWARDED_FOR="203.0.113.5").status_code == 429
    assert log_in(client, HTTP_X_FORWARDED_FOR="203.0.113.6").status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.5", "10.0.0.1"),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "1.1.1.1, 203.0.113.5", "203.0.113.5"),
        (2, "203.0.113.5, 10.0.0.2", "203.0.113.5"),
        (2, "203.0.113.5", "10.0.0.1"),
        (1, "2001:DB8::1", "2001:db8::1"),
        (1, "'; DROP TABLE", "10.0.0.1"),
        (1, "::ffff:203.0.113.5", "203.0.113.5"),
        (1, "fe80::1%eth0", "fe80::1"),
    ],
)
def test_the_address_is_what_the_outermost_proxy_saw(settings, proxies, forwarded, address):
    settings.PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="10.0.0.1")
    assert client_address(request) == address


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("", ""),
    ],
)
def test_ipv6_counts_by_its_64_and_a_covered_ipv4_as_itself(address, counted):
    assert counted_address(RequestFactory().get("/", REMOTE_ADDR=address)) == counted


def test_one_network_of_ipv6_is_locked_as_one(client, hoa, settings):
    settings.LOCKOUT_ADDRESS_FAILURES = 3
    for number in range(3):
        log_in(Client(), name=f"ai{number}", REMOTE_ADDR=f"2001:db8::{number}")
    assert log_in(Client(), REMOTE_ADDR="2001:db8::99").status_code == 429
    assert log_in(Client(), REMOTE_ADDR="2001:db8:0:1::99").status_code == 302


def test_an_address_that_is_not_known_is_no_error(client, hoa):
    assert log_in(client, password="sai", REMOTE_ADDR="").status_code == 200


def test_what_is_counted_keeps_no_password(client, hoa):
    fail(client, 2)
    kept = " ".join(str(value) for row in AccessAttempt.objects.values() for value in row.values())
    assert "sai" not in kept


def test_a_wrong_token_counts_against_its_address(client, settings):
    settings.API_PER_MINUTE = 3
    answers = [client.get("/api/v1/terms", headers={"Authorization": "Bearer x"}).status_code for _time in range(5)]
    assert answers == [401, 401, 401, 429, 429]
    _token, secret = _stored_token()
    assert client.get("/api/v1/terms", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def _stored_token():
    token, secret = ApiToken.issue("Kho dữ liệu")
    token.save()
    return token, secret


# --- nobody learns who has an account


class Counting(MD5PasswordHasher):
    """A hasher that counts how often it works."""

    work = 0

    def encode(self, password, salt):
        Counting.work += 1
        return super().encode(password, salt)


@pytest.fixture
def accounts(settings, hoa):
    """One that is in use, one that is inactive, one without a password; and "nobody" has none."""
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    User.objects.filter(pk=hoa.pk).update(password=make_password(PASSWORD))
    User.objects.create_user("cu", password=PASSWORD, is_active=False)
    User.objects.create_user("moi")


@pytest.mark.parametrize("name", ["cu", "moi", "nobody", "hoa"])
def test_whoever_cannot_come_in_gets_the_same_answer_for_the_same_work(client, accounts, name):
    password = "sai" if name == "hoa" else PASSWORD
    Counting.work = 0
    response = log_in(client, name=name, password=password)
    assert (response.status_code, Counting.work) == (200, 1)
    assert alert(response) == "Tên đăng nhập hoặc mật khẩu không đúng. Cả hai đều phân biệt chữ hoa, chữ thường."


def test_a_name_of_nobody_is_locked_like_any_other(client, accounts, settings):
    told = []
    for name in ("hoa", "cu", "nobody"):
        for _time in range(settings.LOCKOUT_FAILURES):
            log_in(client, name=name, password="sai", REMOTE_ADDR="10.0.0.9")
        Counting.work = 0
        response = log_in(client, name=name, REMOTE_ADDR="10.0.0.9")
        told.append((response.status_code, alert(response), Counting.work))
    assert len(set(told)) == 1
    assert told[0][2] == 0


# --- passwords


@pytest.mark.parametrize("password", ["ngan-qua-11", "123456789012", "q1w2e3r4t5y6", "trancongminh"])
def test_a_weak_password_is_refused(password):
    """Too short, digits alone, known to everybody, the own name."""
    with pytest.raises(ValidationError):
        validate_password(password, User(username="trancongminh"))


def test_a_password_of_twelve_characters_is_taken():
    validate_password("ngan-qua-12c")


# --- sessions


def test_a_session_gets_a_new_key_at_the_log_in(client, hoa):
    before = client.session.session_key
    assert client.cookies["sessionid"].value == before
    log_in(client)
    assert client.session.session_key not in (None, before)


def test_a_session_ends_when_nothing_is_asked_for_half_an_hour(client, hoa, today, time_machine):
    log_in(client)
    time_machine.shift(timedelta(minutes=31))
    assert not is_in(client)


def test_each_request_begins_the_half_hour_anew(client, hoa, today, time_machine):
    log_in(client)
    for _time in range(3):
        time_machine.shift(timedelta(minutes=29))
        assert is_in(client)


def test_a_session_ends_after_twelve_hours_however_busy(client, hoa, today, time_machine):
    log_in(client)
    for _time in range(12 * 3):
        time_machine.shift(timedelta(minutes=20))
        is_in(client)
    time_machine.shift(timedelta(minutes=1))
    assert not is_in(client)


def test_both_limits_are_settings(client, hoa, settings, today, time_machine):
    settings.SESSION_IDLE_MINUTES, settings.SESSION_HOURS = 300, 1
    log_in(client)
    time_machine.shift(timedelta(minutes=59))
    assert is_in(client)
    time_machine.shift(timedelta(minutes=2))
    assert not is_in(client)


def test_a_session_is_not_written_at_every_request(client, hoa, django_assert_num_queries):
    log_in(client)
    with django_assert_num_queries(2):  # the session and the user, as before
        client.get("/login/")


def test_what_was_typed_survives_the_end_of_the_session(client, today, time_machine):
    client.force_login(make_person(groups=["Quản trị chỉ tiêu"]))
    time_machine.shift(timedelta(minutes=31))
    response = client.post("/admin/indicators/agency/add/", {"name_vi": "Sở Y tế gõ dở"})
    assert response.status_code == 403
    assert "no-store" in response["Cache-Control"]
    assert "Sở Y tế gõ dở" in read(response).text


def test_another_server_goes_on_with_the_session(client, hoa):
    """All that a server knows of a session is in the database and in the cookie."""
    log_in(client)
    elsewhere = Client()
    elsewhere.cookies["sessionid"] = client.cookies["sessionid"].value
    assert is_in(elsewhere)


def test_signing_out_everywhere_ends_every_own_session_and_no_other(client, hoa):
    User.objects.create_user("lan", password=PASSWORD)
    second, other = Client(), Client()
    for one, name in ((client, "hoa"), (second, "hoa"), (other, "lan")):
        log_in(one, name=name)
    assert client.post("/account/sign-out-everywhere/")["Location"] == "/login/"
    assert [is_in(client), is_in(second), is_in(other)] == [False, False, True]


def test_a_link_alone_signs_nobody_out_everywhere(client, hoa):
    log_in(client)
    assert client.get("/account/sign-out-everywhere/").status_code == 405


def test_a_command_ends_the_sessions_of_everybody(client, hoa, capsys):
    mai, visitor = Client(), Client()
    User.objects.create_user("mai", password=PASSWORD)
    log_in(client), log_in(mai, "mai"), visitor.session.save()
    call_command("end_sessions")
    assert (is_in(client), is_in(mai), Session.objects.count()) == (False, False, 0)
    noted = SignIn.objects.filter(kind=SignInKind.EVERYWHERE, by="manage.py").values_list("name", flat=True)
    assert set(noted) == {"hoa", "mai"}


def test_a_command_ends_the_sessions_of_one_person(client, hoa):
    mai = Client()
    User.objects.create_user("mai", password=PASSWORD)
    log_in(client), log_in(mai, "mai")
    call_command("end_sessions", "hoa")
    assert (is_in(client), is_in(mai)) == (False, True)
    with pytest.raises(CommandError, match="lan"):
        call_command("end_sessions", "lan")


def test_an_account_that_was_off_for_a_moment_has_no_session_of_before(client, hoa):
    log_in(client)
    for active in (False, True):
        hoa.is_active = active
        hoa.save()
    assert not is_in(client)


def test_a_session_begun_while_the_account_is_switched_off_is_gone_for_good(client, hoa):
    log_in(client)
    for active in (False, True):
        User.objects.update(is_active=active)  # past the signal, as a log-in that comes just behind it
        assert not is_in(client)


def test_a_new_password_ends_the_sessions_elsewhere(client, hoa):
    second = Client()
    log_in(client)
    log_in(second)
    new = "mat-khau-moi-dai"
    sent = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/account/password/", sent)["Location"] == "/account/"
    assert [is_in(client), is_in(second)] == [True, False]
    assert log_in(second, password=new).status_code == 302


def test_a_password_set_by_an_administrator_ends_the_sessions(client, hoa, admin_client):
    log_in(client)
    sent = {"usable_password": "true", "password1": "mat-khau-moi-dai", "password2": "mat-khau-moi-dai"}
    assert admin_client.post(f"/admin/auth/user/{hoa.pk}/password/", sent).status_code == 302
    assert not is_in(client)


def test_the_admin_has_no_door_and_no_password_page_of_its_own(client, hoa):
    asked = "/admin/indicators/figure/?state=submitted"
    response = client.get(asked, follow=True)
    assert response.redirect_chain[-1][0] == "/login/?next=/admin/indicators/figure/%3Fstate%3Dsubmitted"
    log_in(client)
    assert client.get(f"/admin/login/?next={asked}").status_code == 403
    client.force_login(make_person())
    assert client.get(f"/admin/login/?next={asked}")["Location"] == asked
    assert client.get("/admin/login/?next=//evil.example")["Location"] == "/admin/"
    assert see(client, "/admin/password_change/").one("input", name="old_password")


# --- what an administrator does for others


def act(client, action, *people, **typed):
    sent = {"action": action, "_selected_action": [person.pk for person in people]} | typed
    return client.post("/admin/auth/user/", sent, follow=True)


def test_an_administrator_signs_somebody_out_everywhere(client, hoa, admin_client):
    log_in(client)
    assert "Đã đăng xuất mọi nơi: hoa." in read(act(admin_client, "sign_out_everywhere", hoa)).text
    assert [is_in(client), is_in(admin_client)] == [False, True]
    latest = SignIn.objects.first()
    assert (latest.kind, latest.name, latest.by) == (SignInKind.EVERYWHERE, "hoa", "admin")


def test_an_administrator_lifts_a_lock(client, hoa, admin_client, settings):
    fail(client, settings.LOCKOUT_FAILURES)
    act(admin_client, "lift_lock", hoa)
    assert log_in(client).status_code == 302


def test_whoever_may_only_look_at_accounts_does_nothing_to_them(client, hoa):
    client.force_login(make_person(rights=["view_user"]))
    assert read(client.get("/admin/auth/user/")).all("option", value="sign_out_everywhere") == []
    log_in(other := Client())
    act(client, "sign_out_everywhere", hoa)
    assert is_in(other)


# --- what is kept


def kinds(name="hoa"):
    return list(SignIn.objects.filter(name=name).order_by("pk").values_list("kind", flat=True))


def test_every_passage_of_the_door_is_kept(client, hoa, settings):
    fail(client, settings.LOCKOUT_FAILURES)
    AccessAttempt.objects.all().delete()
    log_in(client)
    client.post("/logout/")
    failures = [SignInKind.FAILED] * (settings.LOCKOUT_FAILURES - 1)
    assert kinds() == [*failures, SignInKind.LOCKED, SignInKind.SIGNED_IN, SignInKind.SIGNED_OUT]


def test_a_name_is_kept_as_typed_with_address_and_time(client, today):
    log_in(client, name="Hoa", REMOTE_ADDR="10.0.0.9")
    kept = SignIn.objects.get()
    assert (kept.name, kept.address, str(kept)) == ("Hoa", "10.0.0.9", "22/11/2026 09:00 sai tên hoặc mật khẩu Hoa")


@pytest.mark.parametrize("name", ["x" * 151, "a\0b", "'; DROP TABLE", "\u202egnad"])
def test_a_hostile_name_brings_nothing_down(client, name):
    assert log_in(client, name=name).status_code == 200


def test_administrators_see_the_list_and_filter_it(client, hoa):
    log_in(client)
    log_in(Client(), password="sai")
    client.force_login(make_person(groups=["Quản trị chỉ tiêu"]))
    page = see(client, "/admin/accounts/signin/?kind__exact=failed")
    ((_when, what, name, address, _by),) = [row[:5] for row in rows(page.one("table", id="result_list"))]
    assert (what, name, address) == ("sai tên hoặc mật khẩu", "hoa", "127.0.0.1")


def test_nobody_changes_what_is_kept(admin_client, hoa, client):
    log_in(client)
    kept = SignIn.objects.get(name="hoa")
    assert admin_client.get("/admin/accounts/signin/add/").status_code == 403
    assert admin_client.post(f"/admin/accounts/signin/{kept.pk}/delete/", {"post": "yes"}).status_code == 403
    admin_client.post(f"/admin/accounts/signin/{kept.pk}/change/", {"name": "khác"})
    assert SignIn.objects.filter(name="hoa").exists()


@pytest.mark.parametrize("group", ["Nhập liệu", "Duyệt số liệu", "Xem"])
def test_others_do_not_see_the_list(client, group):
    client.force_login(make_person(groups=[group]))
    assert client.get("/admin/accounts/signin/").status_code == 403


def test_one_sees_what_happened_under_ones_own_name(client, hoa):
    log_in(Client(), password="sai", REMOTE_ADDR="10.0.0.9")
    log_in(Client(), name="lan", password="sai")
    log_in(client)
    told = rows(see(client, "/account/").one("table"))
    assert [(what, address) for _when, what, address in told] == [
        ("đăng nhập", "127.0.0.1"),
        ("sai tên hoặc mật khẩu", "10.0.0.9"),
    ]


def test_old_sign_ins_and_what_counts_no_more_are_deleted(client, hoa, settings, capsys, today, time_machine):
    fail(client, 1)
    log_in(client)
    time_machine.shift(timedelta(days=settings.SIGN_INS_KEPT_DAYS, minutes=1))
    log_in(Client(), password="sai")
    call_command("clean_sign_ins")
    assert capsys.readouterr().out == "deleted 2 sign-ins, 1 sessions, 0 attempts\n"
    assert (SignIn.objects.count(), Session.objects.count(), AccessAttempt.objects.count()) == (1, 0, 1)


# --- nothing of it is stored on the way


@pytest.mark.parametrize("address", ["/login/", "/admin/", "/account/", "/admin/indicators/figure/"])
def test_no_cache_keeps_a_page_of_the_door_or_of_the_staff(client, address):
    client.force_login(make_person(groups=["Nhập liệu"]))
    assert "no-store" in client.get(address)["Cache-Control"]


def test_the_page_of_a_lock_is_kept_by_no_cache(client, hoa, settings):
    assert "no-store" in fail(client, settings.LOCKOUT_FAILURES)["Cache-Control"]


def test_a_visitor_without_a_session_costs_no_query(client, public, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/login/")

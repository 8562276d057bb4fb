"""Nobody covers tracks with an account: who did what stays known, and a password set by somebody else is told."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core import mail
from django.db import models, transaction
from django.db.models import ProtectedError

from indicators.accounts.models import SignIn, SignInKind
from indicators.accounts.permission_history import rights_changes
from indicators.models import Figure, Membership, Step
from indicators.workflow import apply_transition, write, write_many
from tests.factories import make_agency, make_figure, make_indicator, make_person, new_figure, source
from tests.reading import read, see

pytestmark = pytest.mark.django_db

NEW = "mat-khau-moi-dai"


@pytest.fixture
def hoa():
    return make_person("hoa", email="hoa@langson.gov.vn")


@pytest.fixture
def chief(client):
    person = make_person("quantri", is_superuser=True)
    client.force_login(person)
    return person


def rename(person, name):
    User.objects.filter(pk=person.pk).update(username=name)


# --- accounts stay


def test_no_account_is_deleted_by_code(hoa):
    for delete in (hoa.delete, User.objects.filter(pk=hoa.pk).delete, User.objects.all().delete):
        with pytest.raises(ProtectedError, match="không bao giờ bị xóa"), transaction.atomic():
            delete()
    assert User.objects.filter(pk=hoa.pk).exists()


def test_no_page_deletes_an_account(client, chief, hoa):
    assert client.post(f"/admin/auth/user/{hoa.pk}/delete/", {"post": "yes"}).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": [hoa.pk], "post": "yes"}
    client.post("/admin/auth/user/", sent)
    assert see(client, "/admin/auth/user/").all("option", value="delete_selected") == []
    assert see(client, f"/admin/auth/user/{hoa.pk}/change/").all("a", href=f"/admin/auth/user/{hoa.pk}/delete/") == []
    assert User.objects.filter(pk=hoa.pk).exists()


def test_nothing_of_ours_goes_with_an_account():
    """What would vanish with a person if one were deleted, past the guard, is no proof of anything."""
    relations = {
        relation.related_model.__name__
        for relation in User._meta.get_fields(include_hidden=True)
        if relation.one_to_many and relation.on_delete is models.CASCADE
    }
    ours = {model.__name__ for app in ("indicators", "accounts") for model in apps.get_app_config(app).get_models()}
    assert relations & ours <= {
        "Session",
        "RecoveryCode",
        "SavedFilter",
        "Upload",
        "HistoricalUser_groups",
        "HistoricalUser_user_permissions",
    }


# --- names stay


def test_every_history_holds_the_name_of_who_wrote_it():
    histories = [
        model
        for model in apps.get_models()
        if model.__name__.startswith("Historical") and hasattr(model, "history_user")
    ]
    assert len(histories) > 15
    assert all(hasattr(model, "history_user_name") for model in histories)


def test_a_new_name_changes_no_history(client, chief):
    agency = make_agency()
    clerk = make_person("lan", groups=["Nhập liệu"], agency=agency)
    indicator = make_indicator(agency=agency)
    figure = new_figure(indicator=indicator, source=source())
    write(figure, by=clerk)
    write_many([new_figure(indicator=indicator, source=source(), year=2019)], by=clerk)
    apply_transition("submit", {figure.pk: 1}, by=clerk)
    rename(clerk, "khac")
    assert set(Figure.history.values_list("history_user_name", flat=True)) == {"lan"}
    assert set(Step.objects.values_list("by_name", flat=True)) == {"lan"}
    page = see(client, f"/admin/indicators/figure/{figure.pk}/history/").one("table", id="change-history").text
    assert "lan" in page
    assert "khac" not in page
    assert "lan" in see(client, f"/admin/indicators/figure/{figure.pk}/change/").one("ol", class_="steps").text


def test_what_nobody_wrote_has_no_name():
    assert make_figure().history.get().history_user_name == ""


def test_names_of_before_are_filled_in():
    agency = make_agency()
    clerk = make_person("lan", groups=["Nhập liệu"], agency=agency)
    write(new_figure(indicator=make_indicator(agency=agency), source=source()), by=clerk)
    Figure.history.update(history_user_name="")
    Step.objects.update(by_name="")
    import_module("indicators.migrations.0004_names_in_histories").fill_in(apps, None)
    assert (Figure.history.get().history_user_name, Step.objects.get().by_name) == ("lan", "lan")


def test_a_new_name_and_a_new_address_stand_in_the_history_of_rights(client, chief, hoa):
    sent = {"username": "hoa2", "email": "khac@example.org", "is_active": "on", "is_staff": "on"}
    sent |= {"date_joined_0": "01/03/2025", "date_joined_1": "08:00:00"}
    client.post(
        f"/admin/auth/user/{hoa.pk}/change/", sent | {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    )
    latest = rights_changes(hoa)[0]
    assert latest.gained == ["tên đăng nhập hoa2", "địa chỉ thư khac@example.org"]
    assert latest.lost == ["tên đăng nhập hoa", "địa chỉ thư hoa@langson.gov.vn"]
    assert latest.by == "quantri"


def test_members_of_agencies_are_kept_like_steps(hoa):
    Membership.objects.create(user=hoa, agency=make_agency())
    assert Membership._meta.get_field("user").remote_field.on_delete is models.PROTECT


# --- a password set by somebody else


def set_password(client, person, **sent):
    return client.post(
        f"/admin/auth/user/{person.pk}/password/",
        {"password1": NEW, "password2": NEW, "usable_password": "true"} | sent,
    )


def test_a_password_set_by_an_administrator_stands_in_the_history_of_rights(client, chief, hoa):
    set_password(client, hoa)
    hoa.refresh_from_db()
    assert hoa.check_password(NEW)
    latest = rights_changes(hoa)[0]
    assert (latest.by, latest.reason, latest.gained, latest.lost) == (
        "quantri",
        "Mật khẩu do quản trị viên đặt",
        [],
        [],
    )
    assert "Mật khẩu do quản trị viên đặt" in see(client, f"/admin/auth/user/{hoa.pk}/history/").text
    noted = SignIn.objects.get(kind=SignInKind.PASSWORD_CHANGED)
    assert (noted.name, noted.by) == ("hoa", "quantri")


def test_its_owner_is_told_by_mail(client, chief, hoa, settings, django_capture_on_commit_callbacks):
    settings.HELP_CONTACT = "Văn phòng UBND, 0205 000 000"
    with django_capture_on_commit_callbacks(execute=True):
        set_password(client, hoa)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["hoa@langson.gov.vn"], "Tài khoản hoa của anh/chị đã được thay đổi")
    for words in ("quantri", "đổi mật khẩu", "0205 000 000"):
        assert words in sent.body
    assert NEW not in sent.body


def test_taking_the_password_away_is_told_too(client, chief, hoa, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/admin/auth/user/{hoa.pk}/password/", {"usable_password": "false", "unset-password": "1"})
    assert len(mail.outbox) == 1
    assert rights_changes(hoa)[0].by == "quantri"


def test_a_refused_password_tells_nobody(client, chief, hoa, django_capture_on_commit_callbacks):
    before = len(rights_changes(hoa))
    with django_capture_on_commit_callbacks(execute=True):
        set_password(client, hoa, password2="khac")
    assert mail.outbox == []
    assert len(rights_changes(hoa)) == before
    assert not SignIn.objects.filter(kind=SignInKind.PASSWORD_CHANGED).exists()


def test_who_has_no_address_is_named_to_the_administrator(client, chief):
    lan = make_person("lan")
    page = read(client.get(set_password(client, lan)["Location"]))
    assert "Chưa có địa chỉ thư điện tử, hãy tự báo cho: lan." in page.text


def test_a_mail_server_that_is_away_undoes_nothing(
    client, chief, hoa, settings, caplog, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    with django_capture_on_commit_callbacks(execute=True):
        assert set_password(client, hoa).status_code == 302
    hoa.refresh_from_db()
    assert hoa.check_password(NEW)
    assert "could not be sent" in caplog.text


def test_a_new_address_is_told_to_the_old_one(client, chief, hoa, django_capture_on_commit_callbacks):
    sent = {"username": "hoa", "email": "khac@example.org", "is_active": "on"}
    sent |= {"date_joined_0": "01/03/2025", "date_joined_1": "08:00:00"}
    sent |= {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/admin/auth/user/{hoa.pk}/change/", sent)
    assert [message.to for message in mail.outbox] == [["hoa@langson.gov.vn"]]
    assert SignIn.objects.get(kind=SignInKind.MAIL_CHANGED).by == "quantri"


def test_the_own_password_takes_the_old_one_also_in_the_admin(client, chief):
    assert set_password(client, chief)["Location"] == "/account/password/"
    chief.refresh_from_db()
    assert chief.check_password("secret")

"""Who could do what when: the history of a person's rights, and bringing back a moment of it."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from indicators.accounts.permission_history import moments, rights_changes
from indicators.models import Membership
from tests.factories import make_agency, make_membership, make_person
from tests.reading import see

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_person("lan", groups=["Nhập liệu"])


@pytest.fixture
def chief(client):
    one = make_person("quantri", is_superuser=True)
    client.force_login(one)
    return one


def history(person):
    return reverse("admin:auth_user_history", args=[person.pk])


def bring_back(client, person, key):
    return client.post(reverse("admin:auth_user_restore", args=[person.pk, key]))


def told(person):
    return [(change.gained, change.lost) for change in rights_changes(person)]


def now(person):
    """What the person is now: flags, groups, permissions, agencies."""
    person = User.objects.get(pk=person.pk)
    return (
        (person.is_active, person.is_staff, person.is_superuser),
        set(person.groups.values_list("name", flat=True)),
        set(person.user_permissions.values_list("codename", flat=True)),
        set(person.memberships.values_list("agency__code", flat=True)),
    )


def test_what_is_given_and_taken_is_told_in_words(person):
    make_membership(user=person, agency=make_agency(name_vi="Sở Tài chính"))
    person.groups.clear()
    person.user_permissions.add(Permission.objects.get(codename="approve_figure"))
    person.is_superuser = True
    person.save()
    Membership.objects.get().delete()
    assert told(person)[0] == ([], ["cơ quan Sở Tài chính"])
    assert told(person)[1:5] == [
        (["trạng thái superuser"], []),
        ([f"quyền {Permission.objects.get(codename='approve_figure').name}"], []),
        ([], ["nhóm Nhập liệu"]),
        (["cơ quan Sở Tài chính"], []),
    ]


def test_who_did_it_is_told(client, chief, person):
    sent = {"username": "lan", "is_active": "on", "date_joined_0": "01/03/2025", "date_joined_1": "08:00:00"}
    sent |= {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    client.post(reverse("admin:auth_user_change", args=[person.pk]), sent)
    assert rights_changes(person)[0].by == "quantri"
    assert "quantri" in see(client, history(person)).one("table", id="change-history").text


def test_a_login_is_no_change_of_rights(client, person):
    before = told(person)
    client.logout()
    client.post("/login/", {"username": "lan", "password": "secret"})
    assert client.session["_auth_user_id"] == str(person.pk)
    assert told(person) == before


def test_a_group_that_is_gone_does_not_hide_what_it_gave(person):
    extra = Group.objects.create(name="Tạm")
    person.groups.add(extra)
    extra.delete()
    assert (["nhóm Tạm"], []) in told(person)


def test_the_rights_of_a_moment_are_brought_back(client, chief, person):
    agency, other = make_agency(code="finance"), make_agency(code="health")
    make_membership(user=person, agency=agency)
    then, key = now(person), moments(person)[-1].key
    Membership.objects.get().delete()
    make_membership(user=person, agency=other)
    person.groups.set([Group.objects.get(name="Duyệt số liệu")])
    person.user_permissions.add(Permission.objects.get(codename="decide_verdict"))
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert bring_back(client, person, key).status_code == 302
    assert now(person) == then
    latest = Membership.history.first()
    assert (latest.history_user, latest.history_change_reason != "") == (chief, True)


def test_the_rights_before_any_agency_are_brought_back(client, chief, person):
    key = moments(person)[-1].key
    make_membership(user=person)
    bring_back(client, person, key)
    assert not person.memberships.exists()


@pytest.mark.parametrize("rights", [["view_user"], ["view_user", "change_user"]])
def test_only_superusers_bring_rights_back(client, person, rights):
    key = moments(person)[0].key
    client.force_login(make_person(rights=rights))
    assert see(client, history(person)).all("button", class_="button") == []
    assert bring_back(client, person, key).status_code == 403


def test_nobody_brings_back_their_own_rights(client, chief):
    assert bring_back(client, chief, moments(chief)[0].key).status_code == 403


def test_the_moment_of_somebody_else_is_none_of_this_person(client, chief, person):
    before = now(person)
    assert bring_back(client, person, moments(make_person(is_superuser=True))[-1].key).status_code == 403
    assert now(person) == before


def test_a_link_alone_brings_nothing_back(client, chief, person):
    assert client.get(reverse("admin:auth_user_restore", args=[person.pk, moments(person)[0].key])).status_code == 405


def test_who_may_not_see_accounts_sees_no_history(client, person):
    client.force_login(make_person(groups=["Quản trị chỉ tiêu"]))
    assert client.get(history(person)).status_code == 403
    assert client.get(history(User(pk=999999))).status_code in (403, 404)


def test_logging_in_is_no_change_of_rights_and_its_time_is_kept(client):
    lan = make_person("lan")
    client.force_login(lan)
    lan.refresh_from_db()
    assert lan.last_login is not None
    assert lan.history.count() == 1

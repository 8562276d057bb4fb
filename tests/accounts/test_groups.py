"""The four groups of an office and what each may do."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from indicators.accounts import groups
from tests.factories import make_person
from tests.reading import see

pytestmark = pytest.mark.django_db

NAMES = ["Duyệt số liệu", "Nhập liệu", "Quản trị chỉ tiêu", "Xem"]


def rights(name):
    """What a group may do, as text."""
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def doing(name):
    """What it may do besides looking."""
    return {codename for codename in rights(name) if not codename.startswith("view_")}


def test_there_are_four_groups():
    assert sorted(Group.objects.values_list("name", flat=True)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_right_listed_exists(name):
    assert rights(name) == set(groups.GROUPS[name])


def test_clerks_enter_figures_with_their_sources_and_answer_questions():
    assert doing("Nhập liệu") == {
        *("add_figure", "change_figure", "delete_figure"),
        *("add_source", "change_explanation"),
    }


def test_approvers_approve_decide_and_ask_and_enter_no_figures():
    assert doing("Duyệt số liệu") == {
        *("approve_figure", "decide_verdict", "ask_explanation"),
        *("add_aggregate", "change_aggregate"),
    }


def test_keepers_of_the_catalogue_touch_no_figure_and_no_verdict():
    kept = {codename.partition("_")[2] for codename in doing("Quản trị chỉ tiêu")}
    assert not kept & {"figure", "aggregate", "verdict", "officialverdict", "user", "group"}
    assert kept >= {"indicator", "target", "agency", "assignment", "deadline", "membership"}


def test_officials_look_and_ask():
    assert doing("Xem") == {"ask_explanation"}
    assert "view_figure" in rights("Xem")


@pytest.mark.parametrize("name", NAMES)
def test_nobody_looks_at_the_tables_of_history_or_at_accounts(name):
    assert not [codename for codename in rights(name) if "historical" in codename or codename.endswith("_user")]


def test_no_group_both_enters_and_approves():
    assert not [name for name in NAMES if {"add_figure", "approve_figure"} <= rights(name)]


def test_every_migration_sets_the_four_anew_and_leaves_other_groups_alone():
    reader, own = Group.objects.get(name="Xem"), Group.objects.create(name="Phòng Tổng hợp")
    extra = Permission.objects.get(codename="approve_figure")
    reader.permissions.add(extra)
    own.permissions.add(extra)
    person = make_person(groups=["Xem"])
    call_command("migrate", verbosity=0)
    assert doing("Xem") == {"ask_explanation"}
    assert list(own.permissions.all()) == [extra]
    assert list(person.groups.all()) == [reader]


def test_what_is_set_anew_is_told_and_stands_in_the_history():
    reader, told = Group.objects.get(name="Xem"), StringIO()
    reader.permissions.add(Permission.objects.get(codename="approve_figure"))
    groups.create(stdout=told)
    assert "“Xem”" in told.getvalue()
    assert Permission.objects.get(codename="approve_figure").name in told.getvalue()
    latest, before = reader.history.all()[:2]
    assert (before.permissions.count() - latest.permissions.count(), latest.history_change_reason) == (
        1,
        "Đặt lại khi nâng cấp",
    )


def test_an_upgrade_that_changes_nothing_says_nothing():
    told = StringIO()
    groups.create(stdout=told)
    assert told.getvalue() == ""


def test_the_history_of_a_group_tells_who_gave_which_right(client):
    chief, reader = make_person("quantri", is_superuser=True), Group.objects.get(name="Xem")
    client.force_login(chief)
    kept = [*reader.permissions.values_list("pk", flat=True), Permission.objects.get(codename="approve_figure").pk]
    client.post(f"/admin/auth/group/{reader.pk}/change/", {"name": "Xem", "permissions": kept})
    shown = see(client, f"/admin/auth/group/{reader.pk}/history/").one("table", id="change-history").text
    assert "quantri" in shown
    assert Permission.objects.get(codename="approve_figure").name in shown


def test_a_group_that_was_removed_comes_back():
    Group.objects.get(name="Xem").delete()
    groups.create()
    assert rights("Xem") == set(groups.GROUPS["Xem"])

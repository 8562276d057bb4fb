"""The four groups of an office and what each may do."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from indicators.office import groups

from .factories import make_person

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


def test_readers_only_look():
    assert doing("Xem") == set()
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
    assert doing("Xem") == set()
    assert list(own.permissions.all()) == [extra]
    assert list(person.groups.all()) == [reader]


def test_a_group_that_was_removed_comes_back():
    Group.objects.get(name="Xem").delete()
    groups.create()
    assert rights("Xem") == set(groups.GROUPS["Xem"])

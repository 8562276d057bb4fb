"""Whose figures a person may enter and see; what each role can do on the pages is in test_permissions_matrix.py."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from indicators.models import Indicator, State
from indicators.workflow.permissions import Action, agencies_of, enterable, may, visible_figures
from tests.factories import make_agency, make_figure, make_indicator, make_membership, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def own():
    return make_agency()


def states_seen(person, indicator):
    """The states in which the person sees figures of an indicator."""
    return sorted(visible_figures(person).filter(indicator=indicator).values_list("state", flat=True))


def in_every_state(agency):
    """An indicator of the agency with a figure in each state."""
    indicator = make_indicator(agency=agency)
    for year, state in enumerate(State.values, start=2021):
        make_figure(indicator=indicator, year=year, state=state)
    return indicator


def test_a_clerk_enters_the_indicators_of_all_own_agencies_and_no_others(own):
    second = make_agency()
    clerk = make_person(groups=["Nhập liệu"], agency=own)
    make_membership(user=clerk, agency=second)
    mine = {make_indicator(agency=own), make_indicator(agency=second)}
    others = [make_indicator(agency=make_agency()), make_indicator()]
    assert set(enterable(clerk)) == mine
    assert [may(clerk, Action.ENTER, item) for item in others] == [False, False]
    assert agencies_of(clerk) == {own.pk, second.pk}


def test_an_indicator_may_be_named_by_its_key(own):
    clerk = make_person(groups=["Nhập liệu"], agency=own)
    assert may(clerk, Action.ENTER, make_indicator(agency=own).pk)
    assert not may(clerk, Action.ENTER, make_indicator(agency=make_agency()).pk)
    assert not may(clerk, Action.ENTER, 0)


def test_membership_without_the_right_and_the_right_without_membership_enter_nothing(own):
    make_indicator(agency=own)
    assert not enterable(make_person(groups=["Xem"], agency=own)).exists()
    assert not enterable(make_person(groups=["Nhập liệu"])).exists()


def test_a_superuser_enters_every_indicator(own):
    make_indicator(agency=own), make_indicator()
    assert set(enterable(make_person(is_superuser=True))) == set(Indicator.objects.all())


def test_whoever_was_switched_off_enters_and_approves_nothing(own):
    make_indicator(agency=own)
    former_clerk = make_person(groups=["Nhập liệu", "Duyệt số liệu"], agency=own, is_active=False)
    assert (enterable(former_clerk).exists(), may(former_clerk, Action.APPROVE)) == (False, False)


def test_only_approvers_and_superusers_approve(own):
    roles = [["Nhập liệu"], ["Xem"], ["Quản trị chỉ tiêu"], ["Duyệt số liệu"]]
    assert [may(make_person(groups=role, agency=own), Action.APPROVE) for role in roles] == [False, False, False, True]
    assert may(make_person(is_superuser=True), Action.APPROVE)


@pytest.mark.parametrize(
    ("person", "states"),
    [
        (lambda own: AnonymousUser(), ["approved"]),
        (lambda own: make_person(groups=["Xem"]), ["approved"]),
        (lambda own: make_person(groups=["Nhập liệu"], agency=make_agency()), ["approved"]),
        (lambda own: make_person(groups=["Nhập liệu"], agency=own), sorted(State.values)),
        (lambda own: make_person(groups=["Duyệt số liệu"]), ["approved", "returned", "submitted"]),
        (lambda own: make_person(is_superuser=True), sorted(State.values)),
    ],
)
def test_who_sees_which_states(person, states, own):
    assert states_seen(person(own), in_every_state(own)) == states


def test_a_figure_is_seen_once_however_many_memberships_lead_to_it(own):
    heir = make_agency()
    own.valid_to, own.successor = "2025-02-28", heir
    own.save()
    clerk = make_person(groups=["Nhập liệu"], agency=heir)
    make_membership(user=clerk, agency=own)
    assert states_seen(clerk, in_every_state(own)) == sorted(State.values)


def test_the_page_of_a_figure_asks_for_rights_once(client, own, django_assert_num_queries):
    figure = make_figure(indicator=make_indicator(agency=own), state="entered")
    client.force_login(make_person(groups=["Nhập liệu"], agency=own))
    page = reverse("admin:indicators_figure_change", args=[figure.pk])
    client.get(page)
    # Session, user and rights 8, the figure and its steps 2, its files and who removed some 2.
    with django_assert_num_queries(12):
        client.get(page)

"""The accounts of a demonstration."""

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db.models import Value
from django.db.models.functions import Concat

from indicators.models import Agency
from indicators.workflow.permissions import enterable
from tests.factories import make_agency, make_indicator

pytestmark = pytest.mark.django_db

NAMES = ["quantri", "nhaplieu", "nhaplieu2", "duyet", "chitieu", "xem"]


@pytest.fixture
def printed(settings, capsys):
    """Name and password of each account, as the command printed them."""
    settings.HTTPS = False
    call_command("demo_accounts")
    return dict(line.split() for line in capsys.readouterr().out.splitlines())


def test_each_password_is_told_and_works(printed):
    assert list(printed) == NAMES
    assert all(User.objects.get(username=name).check_password(password) for name, password in printed.items())


def test_a_second_run_makes_and_tells_nothing(printed, capsys):
    call_command("demo_accounts")
    assert capsys.readouterr().out == ""
    assert User.objects.count() == len(NAMES)


def test_an_account_that_is_there_keeps_its_password(settings, capsys):
    settings.HTTPS = False
    User.objects.create_user("xem", password="của tôi")
    call_command("demo_accounts")
    assert "xem" not in capsys.readouterr().out
    assert User.objects.get(username="xem").check_password("của tôi")


def test_two_installations_have_different_passwords(printed, capsys):
    User.objects.update(username=Concat(Value("cu-"), "username"))
    call_command("demo_accounts")
    again = dict(line.split() for line in capsys.readouterr().out.splitlines())
    assert not set(again.values()) & set(printed.values())


def test_a_server_gets_no_demo_accounts(settings):
    settings.HTTPS = True
    with pytest.raises(CommandError, match="createsuperuser"):
        call_command("demo_accounts")
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("name", "permission", "allowed"),
    [
        ("quantri", "indicators.decide_verdict", True),
        ("nhaplieu", "indicators.add_figure", True),
        ("nhaplieu", "indicators.change_figure", True),
        ("nhaplieu", "indicators.view_indicator", True),
        ("nhaplieu", "indicators.approve_figure", False),
        ("nhaplieu", "indicators.change_target", False),
        ("duyet", "indicators.approve_figure", True),
        ("duyet", "indicators.decide_verdict", True),
        ("duyet", "indicators.add_figure", False),
        ("xem", "indicators.view_figure", True),
        ("xem", "indicators.add_figure", False),
        ("xem", "indicators.view_historicalfigure", False),
        ("xem", "auth.view_user", False),
    ],
)
def test_each_may_do_what_the_name_says(printed, name, permission, allowed):
    assert User.objects.get(username=name).has_perm(permission) is allowed


def agency_codes(name):
    return list(Agency.objects.filter(memberships__user__username=name).values_list("code", flat=True))


def test_the_two_clerks_work_for_two_agencies_that_answer_for_indicators_today(settings, today):
    settings.HTTPS = False
    ended = make_agency(valid_to="2025-02-28", successor=(heir := make_agency()))
    make_agency()
    for agency in (ended, make_agency(code="finance")):
        make_indicator(agency=agency)
    call_command("demo_accounts")
    assert [agency_codes(name) for name in NAMES] == [[], ["finance"], [heir.code], [], [], []]
    entered = [set(enterable(User.objects.get(username=name))) for name in ("nhaplieu", "nhaplieu2")]
    assert all(entered)
    assert not entered[0] & entered[1]


def test_data_with_one_agency_or_none_has_its_accounts_too(settings, today):
    settings.HTTPS = False
    make_indicator(agency=make_agency(code="mau"))
    call_command("demo_accounts")
    assert [agency_codes(name) for name in NAMES] == [[], ["mau"], [], [], [], []]

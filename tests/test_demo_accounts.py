"""The accounts of a demonstration."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


@pytest.fixture
def printed(settings, capsys):
    """Name and password of each account, as the command printed them."""
    settings.HTTPS = False
    call_command("demo_accounts")
    return dict(line.split() for line in capsys.readouterr().out.splitlines())


def test_each_password_is_told_and_works(printed):
    assert list(printed) == ["quantri", "nhaplieu", "xem"]
    assert all(authenticate(username=name, password=password) for name, password in printed.items())


def test_a_second_run_makes_and_tells_nothing(printed, capsys):
    call_command("demo_accounts")
    assert capsys.readouterr().out == ""
    assert User.objects.count() == 3


def test_an_account_that_is_there_keeps_its_password(settings, capsys):
    settings.HTTPS = False
    User.objects.create_user("xem", password="của tôi")
    call_command("demo_accounts")
    assert "xem" not in capsys.readouterr().out
    assert authenticate(username="xem", password="của tôi")


def test_two_installations_have_different_passwords(printed, capsys):
    User.objects.all().delete()
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
        ("nhaplieu", "indicators.delete_figure", False),
        ("nhaplieu", "indicators.change_target", False),
        ("xem", "indicators.view_figure", True),
        ("xem", "indicators.add_figure", False),
        ("xem", "indicators.view_historicalfigure", False),
        ("xem", "auth.view_user", False),
    ],
)
def test_each_may_do_what_the_name_says(printed, name, permission, allowed):
    assert User.objects.get(username=name).has_perm(permission) is allowed

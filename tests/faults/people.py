"""What is put into the databases of the fault tests, and asked of them, inside of Django: `Site.ask` calls these."""

import itertools
import time
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client

from indicators.models import Agency, ApiToken, Figure, Indicator, Source
from indicators.workflow import apply_transition, write
from tests.factories import make_indicator, make_person, new_figure

CLERKS = 20


def move_in() -> dict[str, str]:
    """An approver, an administrator and twenty clerks of the finance department; by name the keys of their sessions."""
    finance = Agency.objects.get(code="finance")
    for number in range(CLERKS):
        make_person(f"clerk{number}", groups=["Nhập liệu"], agency=finance)
        make_indicator(code=f"own-{number}", agency=finance, order=900 + number)
    make_person("approver", groups=["Duyệt số liệu"])
    make_person("admin", is_superuser=True)
    return sessions()


def sessions() -> dict[str, str]:
    """A new session for everybody, by name."""
    return {person.username: session_of(person) for person in User.objects.all()}


def session_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value


def submit(number: int) -> list[str]:
    """So many figures that wait for approval; each as primary key and version."""
    clerk = User.objects.get(username="clerk0")
    source, indicator = Source.objects.order_by("code").first(), Indicator.objects.get(code="own-0")
    for place in range(number):
        figure = new_figure(indicator=indicator, source=source, year=1990 + place // 12, through_month=place % 12 + 1)
        write(figure, by=clerk)
    waiting = {one.pk: one.version for one in Figure.objects.filter(indicator=indicator, state="entered")}
    apply_transition("submit", waiting, by=clerk)
    return [f"{one.pk}:{one.version}" for one in Figure.objects.filter(state="submitted")]


def everybody() -> list[str]:
    """The names of the groups there are; that it can be asked says that the database is whole."""
    return list(Group.objects.values_list("name", flat=True))


def enter() -> int:
    """A figure that a clerk has entered; its primary key."""
    figure = new_figure(indicator=Indicator.objects.get(code="own-1"), source=Source.objects.order_by("code").first())
    write(figure, by=User.objects.get(username="clerk0"))
    return figure.pk


def token() -> str:
    """The secret of a new token for programs."""
    token, secret = ApiToken.issue("faults")
    token.save()
    return secret


def meeting_point() -> dict[str, Any]:
    """The primary keys that forms name: the clerks' indicators, a source, and a figure that all clerks correct."""
    indicators = [Indicator.objects.get(code=f"own-{number}").pk for number in range(CLERKS)]
    return {"indicators": indicators, "source": Source.objects.order_by("code").first().pk, "shared": enter()}


def keep_writing(number: int, begin_at: float, seconds: float) -> int:
    """Enter figures one after the other from a moment on for some seconds; how many were stored."""
    indicator, source = Indicator.objects.get(code=f"own-{number}"), Source.objects.order_by("code").first()
    time.sleep(max(0, begin_at - time.time()))
    for place in itertools.count():
        if time.time() > begin_at + seconds:
            return place
        clerk = User.objects.get(username=f"clerk{number}")
        period = {"year": 1900 + place // 12, "through_month": place % 12 + 1}
        write(new_figure(indicator=indicator, source=source, **period), by=clerk)
    raise AssertionError("never")

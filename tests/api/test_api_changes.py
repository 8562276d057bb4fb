"""The feed of changes: what became public or was changed since a moment, in JSON and Atom."""

from xml.etree import ElementTree

import pytest
from django.conf import settings

from indicators.models import State
from tests.factories import make_figure, make_indicator, make_target

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "public")]

ATOM = "{http://www.w3.org/2005/Atom}"


def ask(client, query=""):
    response = client.get(f"/api/v1/changes{query}")
    assert response.status_code == 200, response.content.decode()
    return response.json()


def told(answer):
    return [
        (record["record"], record["change"], record["field"], record["before"], record["after"])
        for record in answer["items"]
    ]


@pytest.fixture
def growth():
    return make_indicator(code="growth", name_vi="Tăng trưởng", kind="rate")


def test_an_approval_and_a_change_of_a_target_are_told(client, growth, time_machine):
    figure = make_figure(indicator=growth, state=State.SUBMITTED)
    target = make_target(indicator=growth, basis="average", low="7")
    time_machine.shift(60)
    before = ask(client)["next_since"]
    time_machine.shift(600)
    figure.state = State.APPROVED
    figure.save()
    target.low = "7.5"
    target.save()
    answer = ask(client, f"?since={before}".replace("+", "%2B"))
    assert ("figure", "published", "value", None, "6.5") in told(answer)
    assert ("target", "changed", "low", "7", "7.5") in told(answer)
    assert {(record["record_id"], record["indicator"]) for record in answer["items"]} >= {(figure.pk, "growth")}


def test_asking_again_from_next_since_tells_only_what_came_later(client, growth, time_machine):
    make_figure(indicator=growth)
    time_machine.shift(3600)
    answer = ask(client)
    assert len(answer["items"]) == 1
    assert ask(client, f"?since={answer['next_since'].replace('+', '%2B')}")["items"] == []


def test_next_since_reaches_back_for_what_was_being_stored(client, growth, time_machine):
    time_machine.shift(3600)
    answer = ask(client)
    make_figure(indicator=growth)
    assert len(ask(client, f"?since={answer['next_since'].replace('+', '%2B')}")["items"]) == 1


def test_changes_come_in_parts_each_told_once(client, growth):
    for year in range(2016, 2021):
        make_figure(indicator=growth, year=year)
    address, seen = "/api/v1/changes?limit=2", []
    while address:
        answer = client.get(address).json()
        seen += [record["id"] for record in answer["items"]]
        address = answer["next"]
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize(
    "since",
    [
        "2026-11-22",
        "22/11/2026",
        "2026-11-22T08:00:00",
        "2026-11-22T01:00:00Z",
        "2026-11-22T08:00:00+07:00",
        "0001-01-01T00:00:00%2B14:00",
    ],
)
def test_a_moment_may_be_written_in_many_ways(client, growth, since):
    make_figure(indicator=growth)
    assert len(ask(client, f"?since={since}")["items"]) == 1


def test_what_was_taken_back_is_told(client, growth):
    figure = make_figure(indicator=growth)
    figure.state = State.RETURNED
    figure.save()
    assert told(ask(client))[-1] == ("figure", "withdrawn", "value", "6.5", None)


def test_a_control_character_that_was_stored_long_ago_does_not_break_the_feed(client, growth):
    make_figure(indicator=make_indicator(code="poverty", name_vi="Hộ\v nghèo\a"), year=2020)
    feed = ElementTree.fromstring(client.get("/api/v1/changes.atom").content)
    assert [title.text for title in feed.iter(f"{ATOM}title")][1:] == ["Hộ nghèo, 2020: công bố"]


def test_the_atom_feed_has_the_latest_first_and_names_the_indicator(client, growth):
    make_figure(indicator=growth, year=2020)
    make_figure(indicator=growth, year=2021)
    response = client.get("/api/v1/changes.atom")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.content)
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.find(f"{ATOM}title").text for entry in entries] == [
        "Tăng trưởng, 2021: công bố",
        "Tăng trưởng, 2020: công bố",
    ]
    assert entries[0].find(f"{ATOM}link").get("href") == f"{settings.SITE_URL}/indicators/growth/"
    identifiers = [entry.find(f"{ATOM}id").text for entry in entries]
    assert len(set(identifiers)) == 2

"""Every role and every action, on figures of the own and of another agency: what the pages offer, and what a hand-made
request brings about. Both must be what the table says.

The table is read like this: Sở Y tế answers for "beds". Sở Kế hoạch answered for "invest" until it went into Sở Tài chính.
So a clerk of Sở Y tế has "beds" for the own agency and "invest" for another one; a clerk of Sở Tài chính has "invest" by
succession; a clerk of Sở Kế hoạch, which ended, has nothing any more.

A row needs a function below, marked `@action("its name")`, which takes a `Visit` and returns what the pages offer and
what the hand-made request did.
"""

import re
from dataclasses import dataclass
from functools import partial

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from indicators.models import Agency, Aggregate, Figure, Membership, OfficialVerdict, State, Target, TargetProposal
from indicators.workflow import TRANSITIONS
from tests.factories import make_agency, make_figure, make_indicator, make_person, make_target, source, term

pytestmark = pytest.mark.django_db

ROLES = {
    "anonymous": None,
    "no group": {},
    "Xem": {"groups": ["Xem"]},
    "Y tế": {"groups": ["Nhập liệu"], "agency": "health"},
    "Tài chính": {"groups": ["Nhập liệu"], "agency": "finance"},
    "Kế hoạch": {"groups": ["Nhập liệu"], "agency": "planning"},
    "Duyệt": {"groups": ["Duyệt số liệu"]},
    "Quản trị": {"groups": ["Quản trị chỉ tiêu"]},
    "superuser": {"is_superuser": True},
}

TABLE = """
                            anonymous
                            |  no group
                            |  |  Xem
                            |  |  |  Nhập liệu of Sở Y tế: "beds" is their own
                            |  |  |  |  Nhập liệu of Sở Tài chính: "invest" is theirs by succession
                            |  |  |  |  |  Nhập liệu of Sở Kế hoạch, which ended
                            |  |  |  |  |  |  Duyệt số liệu
                            |  |  |  |  |  |  |  Quản trị chỉ tiêu
                            |  |  |  |  |  |  |  |  superuser
see approved        beds    .  .  x  x  x  x  x  x  x
see approved        invest  .  .  x  x  x  x  x  x  x
see submitted       beds    .  .  .  x  .  .  x  .  x
see submitted       invest  .  .  .  .  x  .  x  .  x
see returned        beds    .  .  .  x  .  .  x  .  x
see returned        invest  .  .  .  .  x  .  x  .  x
see entered         beds    .  .  .  x  .  .  .  .  x
see entered         invest  .  .  .  .  x  .  .  .  x
history approved    beds    .  .  .  x  .  .  x  .  x
history entered     beds    .  .  .  x  .  .  .  .  x
history entered     invest  .  .  .  .  x  .  .  .  x
find by completion  beds    .  .  .  x  .  .  .  .  x
find by completion  invest  .  .  .  .  x  .  .  .  x
add                 beds    .  .  .  x  .  .  .  .  x
add                 invest  .  .  .  .  x  .  .  .  x
change entered      beds    .  .  .  x  .  .  .  .  x
change entered      invest  .  .  .  .  x  .  .  .  x
change returned     beds    .  .  .  x  .  .  .  .  x
change submitted    beds    .  .  .  .  .  .  .  .  .
change approved     beds    .  .  .  .  .  .  .  .  .
delete entered      beds    .  .  .  x  .  .  .  .  x
delete entered      invest  .  .  .  .  x  .  .  .  x
delete submitted    beds    .  .  .  .  .  .  .  .  .
delete approved     beds    .  .  .  .  .  .  .  .  .
restore entered     beds    .  .  .  x  .  .  .  .  x
restore entered     invest  .  .  .  .  x  .  .  .  x
restore approved    beds    .  .  .  .  .  .  .  .  .
submit entered      beds    .  .  .  x  .  .  .  .  x
submit entered      invest  .  .  .  .  x  .  .  .  x
submit returned     beds    .  .  .  x  .  .  .  .  x
submit approved     beds    .  .  .  .  .  .  .  .  .
withdraw submitted  beds    .  .  .  x  .  .  .  .  x
withdraw submitted  invest  .  .  .  .  x  .  .  .  x
withdraw approved   beds    .  .  .  .  .  .  .  .  .
approve submitted   beds    .  .  .  .  .  .  x  .  x
approve submitted   invest  .  .  .  .  .  .  x  .  x
approve entered     beds    .  .  .  .  .  .  .  .  .
approve returned    beds    .  .  .  .  .  .  .  .  .
return submitted    beds    .  .  .  .  .  .  x  .  x
return approved     beds    .  .  .  .  .  .  .  .  .
ask approved        beds    .  .  .  x  .  .  .  .  x
ask approved        invest  .  .  .  .  x  .  .  .  x
reopen approved     beds    .  .  .  .  .  .  x  .  x
reopen approved     invest  .  .  .  .  .  .  x  .  x
bulk submit         beds    .  .  .  x  .  .  .  .  x
bulk submit         invest  .  .  .  .  x  .  .  .  x
bulk delete         beds    .  .  .  x  .  .  .  .  x
bulk delete         invest  .  .  .  .  x  .  .  .  x
add average         beds    .  .  .  .  .  .  x  .  x
propose target      beds    .  .  .  .  .  .  .  x  x
decide verdict      beds    .  .  .  .  .  .  x  .  x
assign              beds    .  .  .  .  .  .  .  x  x
make a member       beds    .  .  .  .  .  .  .  x  x
change an account   beds    .  .  .  .  .  .  .  .  x
"""
ROWS = re.findall(r"^(\S.*?) {2,}(\w+) {2,}([x.](?: {2}[x.])*)$", TABLE, re.MULTILINE)
ACTIONS = {}


@dataclass
class Visit:
    """A person at work on figures of one indicator."""

    client: Client
    indicator: object

    def figure(self, state):
        return Figure.objects.get(indicator=self.indicator, state=state)

    def page(self, *address, **query):
        """The text of a staff page, empty when it is refused."""
        response = self.client.get(at(*address), query)
        return response.content.decode() if response.status_code == 200 else ""

    def post(self, *address, **sent):
        return self.client.post(at(*address), sent)


def at(model, view, *arguments):
    return reverse(f"admin:indicators_{model}_{view}", args=arguments)


def action(name, **details):
    """Says which row of the table a function is for, and with which details it is called."""

    def register(function):
        ACTIONS[name] = partial(function, **details)
        return function

    return register


def action_on_states(verb, **details):
    """The same for a row for each state."""

    def register(function):
        for state in State.values:
            action(f"{verb} {state}", state=state, **details)(function)
        return function

    return register


def sent_by_the_form(figure, **fields):
    """What the form of a figure sends, together with what it has no field for."""
    sent = {"indicator": figure.indicator_id, "year": figure.year, "through_month": 12, "value": "7,77"}
    sent |= {"qualifier": "exact", "status": "final", "published_on": "10/01/2026", "source": figure.source_id}
    sent |= {"reason": "Số chính thức"}
    return sent | {"read_version": figure.version, "version": 99, "state": "approved"} | fields


def has_field(page, name):
    return f'name="{name}"' in page


# The actions: what the pages offer, and what a hand-made request did


@action_on_states("see")
def see(visit, state):
    figure = visit.figure(state)
    listed = at("figure", "change", figure.pk) in visit.page(
        "figure", "changelist", indicator__id__exact=figure.indicator_id
    )
    is_shown = "6,1234" in visit.page("figure", "change", figure.pk)
    return listed, is_shown


@action_on_states("history")
def history(visit, state):
    figure = visit.figure(state)
    version = figure.history.first()
    linked = at("figure", "history", figure.pk) in visit.page("figure", "change", figure.pk)
    shown = [
        visit.client.get(at("figure", *address)).status_code == 200
        for address in (("history", figure.pk), ("simple_history", figure.pk, version.pk))
    ]
    assert len(set(shown)) == 1
    return linked, shown[0]


@action("find by completion")
def complete(visit):
    """Steps point to figures, and completion looks for whatever a field points to."""
    figure = visit.figure("entered")
    query = {"app_label": "indicators", "model_name": "step", "field_name": "figure", "term": ""}
    response = visit.client.get(reverse("admin:autocomplete"), query)
    records = response.json()["results"] if response.status_code == 200 else []
    return visit.page("figure", "change", figure.pk) != "", str(figure.pk) in [result["id"] for result in records]


@action("add")
def add(visit):
    page = visit.page("figure", "add", indicator=visit.indicator.pk)
    offered = f'<option value="{visit.indicator.pk}" selected' in page
    visit.post("figure", "add", **sent_by_the_form(visit.figure("entered"), year=2025, read_version=""))
    added = Figure.objects.filter(year=2025)
    assert not added.exclude(state="entered")
    return offered, added.exists()


@action_on_states("change")
def change(visit, state):
    figure = visit.figure(state)
    offered = has_field(visit.page("figure", "change", figure.pk), "value")
    visit.post("figure", "change", figure.pk, **sent_by_the_form(figure))
    figure.refresh_from_db()
    assert figure.state == state
    return offered, str(figure.value) == "7.7700"


@action_on_states("delete")
def delete(visit, state):
    figure = visit.figure(state)
    offered = at("figure", "delete", figure.pk) in visit.page("figure", "change", figure.pk)
    visit.post("figure", "delete", figure.pk, post="yes")
    return offered, not Figure.objects.filter(pk=figure.pk).exists()


@action_on_states("restore")
def restore(visit, state):
    figure = visit.figure(state)
    version = figure.history.first()
    offered = has_field(visit.page("figure", "simple_history", figure.pk, version.pk), "value")
    visit.post("figure", "simple_history", figure.pk, version.pk, **sent_by_the_form(figure))
    figure.refresh_from_db()
    assert figure.state == state
    return offered, str(figure.value) == "7.7700"


def move(visit, kind, state):
    figure = visit.figure(state)
    page = visit.page("figure", "change", figure.pk)
    # What was typed is submitted with it, by a button of the form.
    offered = 'name="_submit"' in page if kind == "submit" else f'name="transition" value="{kind}"' in page
    sent = {"transition": kind, "version": figure.version, "reason": "Vì vậy", "state": "approved"}
    visit.client.post(reverse("staff:transition", args=[figure.pk]), sent)
    figure.refresh_from_db()
    moved = figure.steps.filter(kind=kind).exists()
    assert figure.state == (TRANSITIONS[kind].to_state if moved else state)
    return offered, moved


for kind in TRANSITIONS:
    action_on_states(kind, kind=kind)(move)


def chosen(visit, name):
    """Whether the list offers the bulk action for the entered figure; then it is posted with the keys of all figures."""
    figure = visit.figure("entered")
    page = visit.page("figure", "changelist")
    versions = [f"{other.pk}:{other.version}" for other in Figure.objects.all()]
    ticked = re.search(rf'name="_selected_action" value="{figure.pk}"', page)
    for other in Figure.objects.all():
        visit.post(
            "figure",
            "changelist",
            action=name,
            _selected_action=[other.pk, figure.pk],
            record_version=versions,
            post="yes",
        )
    visit.post("figure", "changelist", action=name, _selected_action=[figure.pk], record_version=versions, post="yes")
    return f'<option value="{name}">' in page and ticked is not None


@action("bulk submit")
def bulk_submit(visit):
    figure = visit.figure("entered")
    offered = chosen(visit, "submit_chosen")
    return offered, figure.steps.filter(kind="submit").exists()


@action("bulk delete")
def bulk_delete(visit):
    figure = visit.figure("entered")
    offered = chosen(visit, "delete_selected")
    assert Figure.objects.filter(state__in=["submitted", "approved"]).count() == 4
    return offered, not Figure.objects.filter(pk=figure.pk).exists()


@action("add average")
def add_average(visit):
    sent = {"indicator": visit.indicator.pk, "first_year": 2021, "last_year": 2022, "measure": "average", "value": "7"}
    sent |= {"qualifier": "exact", "status": "final", "published_on": "10/01/2023", "source": source().pk}
    sent |= {"quote_vi": "bình quân 7%", "reason": "Theo trích dẫn"}
    offered = has_field(visit.page("aggregate", "add"), "value")
    visit.post("aggregate", "add", **sent)
    return offered, Aggregate.objects.exists()


@action("propose target")
def propose_target(visit):
    sent = {"indicator": visit.indicator.pk, "term": term().pk, "scope": "term", "first_year": 2021, "last_year": 2025}
    sent |= {"bound": "at_least", "low": "9", "basis": "value", "status": "draft", "decided_on": "01/02/2021"}
    sent |= {"source": source().pk}
    offered = has_field(visit.page("targetproposal", "add"), "low")
    answer = visit.post("targetproposal", "add", **sent)
    if answer.status_code == 200:  # what was understood is sent back with it
        understood = answer.context["adminform"].form.data["understood"]
        visit.post("targetproposal", "add", **sent | {"understood": understood})
    return offered, TargetProposal.objects.filter(low=9).exists()


@action("decide verdict")
def decide(visit):
    target = Target.objects.get(indicator=visit.indicator)
    sent = {"target": target.pk, "verdict": "achieved", "reason": "Thông báo 12", "decided_on": "01/03/2026"}
    offered = has_field(visit.page("officialverdict", "add"), "verdict")
    visit.post("officialverdict", "add", **sent)
    return offered, OfficialVerdict.objects.exists()


@action("assign")
def assign(visit):
    sent = {"indicator": visit.indicator.pk, "agency": make_agency().pk, "valid_from": "01/07/2026"}
    offered = has_field(visit.page("assignment", "add"), "valid_from")
    visit.post("assignment", "add", **sent)
    return offered, visit.indicator.assignments.exists()


@action("make a member")
def make_member(visit):
    """Somebody gets, by their own hand or another's, the right to enter the figures of an agency."""
    other = make_person()
    offered = has_field(visit.page("membership", "add"), "user")
    visit.post("membership", "add", user=other.pk, agency=visit.indicator.agency_id)
    return offered, Membership.objects.filter(user=other).exists()


@action("change an account")
def change_account(visit):
    """Groups, flags and agencies of a person, all on one page."""
    other = make_person()
    page = reverse("admin:auth_user_change", args=[other.pk])
    response = visit.client.get(page)
    offered = response.status_code == 200 and has_field(response.content.decode(), "is_superuser")
    sent = {"username": other.username, "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    sent |= {"date_joined_0": "01/03/2025", "date_joined_1": "08:00:00"}
    sent |= {"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 0}
    visit.client.post(page, sent | {"memberships-0-agency": visit.indicator.agency_id})
    other.refresh_from_db()
    assert other.is_superuser == other.memberships.exists()
    return offered, other.is_superuser


# The table, cell by cell


@pytest.fixture
def world(today):
    """The two indicators, each with a figure in every state and a target."""
    finance = make_agency(code="finance", name_vi="Sở Tài chính", valid_from="2025-03-01")
    make_agency(code="health", name_vi="Sở Y tế")
    make_agency(code="planning", name_vi="Sở Kế hoạch", valid_to="2025-02-28", successor=finance)
    records = {}
    for name, code in (("beds", "health"), ("invest", "planning")):
        records[name] = make_indicator(code=name, agency=Agency.objects.get(code=code))
        make_target(indicator=records[name])
        for year, state in enumerate(State.values, start=2021):
            make_figure(indicator=records[name], year=year, state=state, value="6.1234")
    return records


def visitor(role):
    """A client logged in as somebody of this role."""
    client = Client()
    if role is not None:
        agency = Agency.objects.get(code=role["agency"]) if "agency" in role else None
        client.force_login(make_person(**role | {"agency": agency}))
    return client


def tried(name, indicator):
    """For each role whether the pages offer the action and whether a hand-made request does it, each in a world of its own."""
    for role in ROLES.values():
        with transaction.atomic():
            yield ACTIONS[name](Visit(visitor(role), indicator))
            transaction.set_rollback(True)


def marks(flags):
    return "  ".join("x" if flag else "." for flag in flags)


@pytest.mark.parametrize(("name", "indicator", "expected"), ROWS, ids=[f"{row[0]}, {row[1]}" for row in ROWS])
def test_the_pages_offer_and_hand_made_requests_do_what_the_table_says(name, indicator, expected, world):
    results = list(tried(name, world[indicator]))
    assert marks(offered for offered, _done in results) == expected
    assert marks(done for _offered, done in results) == expected


def test_every_row_has_all_roles_and_no_line_is_overlooked():
    assert {len(expected.split()) for _name, _indicator, expected in ROWS} == {len(ROLES)}
    assert len(ROWS) == len([line for line in TABLE.splitlines() if line.endswith(("x", "."))])

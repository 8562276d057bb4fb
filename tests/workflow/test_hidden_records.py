"""What a person may not see does not exist for them: every door of the staff pages, tried by every role with a record that is
hidden from it, answers as it does for a record that never was."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from indicators.models import Agency, Aggregate, Evidence, Figure, State
from indicators.workflow import TRANSITIONS, apply_transition
from indicators.workflow.permissions import visible_figures
from tests.factories import (
    make_agency,
    make_aggregate,
    make_evidence,
    make_figure,
    make_indicator,
    make_person,
    make_source,
    source,
)
from tests.importing import csv_file, lines, upload

pytestmark = pytest.mark.django_db

SECRET = "6.1234"
SECRET_AS_SHOWN = "6,1234"
HIDDEN, NEVER = 123_456_789, 987_654_321
FILE = "a" * 32
ROLES = {
    "no group": {},
    "Xem": {"groups": ["Xem"]},
    "clerk of another agency": {"groups": ["Nhập liệu"], "agency": "health"},
    "Duyệt": {"groups": ["Duyệt số liệu"]},
    "Quản trị": {"groups": ["Quản trị chỉ tiêu"]},
}
# What each record is, and the roles that see it all the same.
RECORDS = {
    "draft": ({"state": State.ENTERED}, ()),
    "submitted": ({"state": State.SUBMITTED}, ("Duyệt",)),
    "returned": ({"state": State.RETURNED}, ("Duyệt",)),
    "approved for a later day": ({"state": State.APPROVED, "published_on": "2026-12-24"}, ("Duyệt",)),
}
CASES = [(role, name) for name, (_fields, seen_by) in RECORDS.items() for role in ROLES if role not in seen_by]


@pytest.fixture
def finance(today):
    make_agency(code="health", name_vi="Sở Y tế")
    return make_agency(code="finance", name_vi="Sở Tài chính")


@pytest.fixture
def indicator(finance):
    return make_indicator(code="invest", agency=finance)


def visitor(role):
    fields = dict(ROLES[role])
    if "agency" in fields:
        fields["agency"] = Agency.objects.get(code=fields["agency"])
        make_indicator(code="beds", agency=fields["agency"])
    person, client = make_person(**fields), Client()
    client.force_login(person)
    return client


def hidden_figure(indicator, name):
    return make_figure(id=HIDDEN, indicator=indicator, year=2023, value=SECRET, **RECORDS[name][0])


def answer(response, key):
    """What was told, without what differs between any two pages and without the key that was asked for."""
    text = response.content.decode() + response.get("Location", "")
    text = re.sub(r'(csrfmiddlewaretoken" value|nonce|content)="[^"]*"', "", text)
    return response.status_code, text.replace(str(key), "KEY")


def doors(figure, version):
    """Each way to a figure by its key: a name, and what asks for it."""
    page = {view: reverse(f"admin:indicators_figure_{view}", args=[figure]) for view in ("change", "delete", "history")}
    old = reverse("admin:indicators_figure_simple_history", args=[figure, version])
    listed, queue = reverse("admin:indicators_figure_changelist"), reverse("staff:queue")
    files = {view: reverse(f"staff:{view}", args=[figure, FILE]) for view in ("evidence", "evidence-remove")}
    completion = {"app_label": "indicators", "model_name": "step", "field_name": "figure", "term": ""}
    sent = {"value": "1", "reason": "Vì vậy", "read_version": 1, "version": 1}
    shown = f"{figure}:1"

    def file():
        return SimpleUploadedFile("a.pdf", b"%PDF-1.4")

    yield from ((f"get {view}", lambda client, at=at: client.get(at)) for view, at in page.items())
    yield from (
        (f"post {view}", lambda client, at=at: client.post(at, sent | {"post": "yes"})) for view, at in page.items()
    )
    yield "get an old version", lambda client: client.get(old)
    yield "post an old version", lambda client: client.post(old, sent)
    yield "get a file", lambda client: client.get(files["evidence"])
    yield "remove a file", lambda client: client.post(files["evidence-remove"])
    yield "add a file", lambda client: client.post(reverse("staff:evidence-add", args=[figure]), {"files": file()})
    yield "complete", lambda client: client.get(reverse("admin:autocomplete"), completion)
    yield "list", lambda client: client.get(listed, {"q": "2023"})
    yield "filter", lambda client: client.get(listed, {"year": "2023", "state__exact": "entered"})
    for kind in TRANSITIONS:
        address = reverse("staff:transition", args=[figure])
        yield f"transition {kind}", lambda client, at=address, kind=kind: client.post(at, sent | {"transition": kind})
        decided = {"row_transition": f"{kind}:{shown}", f"reason-{figure}": "Vì"}
        yield f"decide {kind}", lambda client, data=decided: client.post(queue, data, follow=True)
        several = {"transition": kind, "chosen": [shown], "reason": "Vì"}
        yield f"decide several {kind}", lambda client, data=several: client.post(queue, data, follow=True)
    for name in ("submit_chosen", "delete_selected"):
        chosen = {"action": name, "_selected_action": [figure], "record_version": [shown], "post": "yes"}
        yield name, lambda client, data=chosen: client.post(listed, data, follow=True)


@pytest.mark.parametrize(("role", "name"), CASES)
def test_every_door_answers_as_for_a_figure_that_never_was(indicator, role, name):
    figure = hidden_figure(indicator, name)
    evidence = make_evidence(figure=figure, file=f"evidence/{FILE}.pdf", name="Mật.pdf")
    before = Figure.objects.values().get(pk=figure.pk)
    version, client = figure.history.first().pk, visitor(role)
    hidden, nothing = doors(HIDDEN, version), doors(NEVER, version)
    for (door, knock), (_same, knock_at_nothing) in zip(hidden, nothing, strict=True):
        response = knock(client)
        assert SECRET_AS_SHOWN not in response.content.decode(), door
        if door not in ("list", "filter"):
            assert answer(response, HIDDEN) == answer(knock_at_nothing(client), NEVER), door
    assert Figure.objects.values().get(pk=figure.pk) == before
    assert Evidence.objects.filter(pk=evidence.pk).exists()


@pytest.mark.parametrize("role", ROLES)
def test_no_list_page_or_file_of_the_staff_tells_of_a_draft(indicator, role):
    hidden_figure(indicator, "draft")
    client = visitor(role)
    lists = [
        reverse(f"admin:indicators_{model}_changelist")
        for model in ("figure", "source", "indicator", "target", "aggregate")
    ]
    for page in (*lists, "/admin/", reverse("staff:queue"), reverse("staff:completeness"), reverse("staff:sheet")):
        for query in ("", "?year=2023"):
            assert SECRET_AS_SHOWN not in client.get(page + query).content.decode(), page


@pytest.mark.parametrize(("role", "name"), [(role, name) for role, name in CASES if role == "Quản trị"])
def test_a_page_of_deletion_names_no_record_that_is_hidden(indicator, role, name):
    figure = hidden_figure(indicator, name)
    public = make_figure(indicator=indicator, year=2021, value="5.5", state=State.APPROVED)
    page = visitor(role).get(reverse("admin:indicators_indicator_delete", args=[indicator.pk])).content.decode()
    assert str(public) in page
    assert str(figure) not in page
    assert "1 bản ghi mà anh/chị không được xem" in page


def test_the_years_to_filter_by_are_those_of_visible_figures(indicator):
    make_figure(indicator=indicator, year=2031, state=State.ENTERED)
    assert "2031" not in visitor("Duyệt").get(reverse("admin:indicators_figure_changelist")).content.decode()


def test_a_file_of_figures_does_not_tell_whether_it_guessed_the_draft_of_another_agency(finance):
    """The same line once with the value that is stored and once with another one."""
    growth = make_indicator(code="growth", agency=finance)
    draft = {"year": 2019, "through_month": 9, "status": "estimate", "published_on": "2019-09-27", "state": "entered"}
    make_figure(indicator=growth, value="6.95", quote_vi="tăng 6,95%", source=source(), **draft)
    client = visitor("clerk of another agency")
    (((*right, why),), ((*wrong, why_too),)) = (
        lines(upload(client, csv_file({"Giá trị": value}))) for value in ("6,95", "7")
    )
    assert (right[1], why) == (wrong[1], why_too)


def test_a_transition_counts_what_is_not_there(indicator):
    approver = make_person(groups=["Duyệt số liệu"])
    draft, submitted = hidden_figure(indicator, "draft"), make_figure(indicator=indicator, state=State.SUBMITTED)
    result = apply_transition("approve", {draft.pk: 1, submitted.pk: 1, NEVER: 1}, by=approver)
    assert (result.moved, result.refused, result.missing) == ([submitted], [], 2)


def test_what_is_approved_for_a_later_day_is_seen_by_its_agency_and_approvers(indicator, finance, time_machine):
    figure = hidden_figure(indicator, "approved for a later day")
    people = {
        "approver": make_person(groups=["Duyệt số liệu"]),
        "clerk": make_person(groups=["Nhập liệu"], agency=finance),
        "reader": make_person(groups=["Xem"]),
    }
    assert [name for name, one in people.items() if figure in visible_figures(one)] == ["approver", "clerk"]
    time_machine.move_to("2026-12-24T08:00:00+07:00")
    assert figure in visible_figures(people["reader"])


def test_an_average_for_a_later_day_is_hidden_like_a_figure(indicator):
    average = make_aggregate(indicator=indicator, value=SECRET, published_on="2026-12-24", source=make_source())
    client = visitor("Xem")
    pages = {view: reverse(f"admin:indicators_aggregate_{view}", args=[average.pk]) for view in ("change", "history")}
    assert client.get(pages["change"]).status_code == 302
    assert client.get(pages["history"]).status_code == 404
    assert SECRET_AS_SHOWN not in client.get(reverse("admin:indicators_aggregate_changelist")).content.decode()
    assert visitor("Duyệt").get(pages["change"]).status_code == 200
    assert Aggregate.objects.count() == 1

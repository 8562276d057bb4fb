"""Two people in the same instant, each with a connection of their own: nothing is lost, nothing happens twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from indicators import workflow
from indicators.models import Figure, Source, Step
from indicators.staff.admin import figures as figures_admin
from tests.factories import make_agency, make_figure, make_indicator, make_person, source

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite",
        reason="SQLite lets one connection write at a time, and its test database lives in the memory of one",
    ),
]

# Longer than anything here takes; a test that waits for it has found a deadlock.
PATIENCE = 20


def at_once(*acts):
    """What each act returned or raised, all of them begun in the same instant on threads with own connections."""
    gate = Barrier(len(acts))

    def run(act):
        connection.ensure_connection()  # which takes longer than many an act
        gate.wait(PATIENCE)
        try:
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts, timeout=2 * PATIENCE))


@pytest.fixture
def together(monkeypatch):
    """Makes the first two calls of a function wait for each other: both have read before either writes."""

    def hold(module, name):
        gate, called, original = Barrier(2), Counter(), getattr(module, name)

        def waiting(*args, **kwargs):
            called[name] += 1
            if called[name] <= 2:
                gate.wait(PATIENCE)
            return original(*args, **kwargs)

        monkeypatch.setattr(module, name, waiting)

    return hold


@pytest.fixture
def agency():
    return make_agency()


@pytest.fixture
def clerks(agency):
    return [make_person(name, groups=["Nhập liệu"], agency=agency) for name in ("lan", "hoa")]


@pytest.fixture
def approvers():
    return [make_person(name, groups=["Duyệt số liệu"]) for name in ("minh", "quang")]


def logged_in(person):
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def sender(person, page, sent):
    """Sends a form as `person`."""
    client = logged_in(person)
    return lambda: client.post(page, sent)


def form_of(indicator, value, read_version=""):
    sent = {"indicator": indicator.pk, "year": 2021, "through_month": 12, "value": value, "qualifier": "exact"}
    sent |= {"status": "reported", "published_on": "10/01/2022", "source": source().pk}
    return sent | {"read_version": read_version}


def ways(figure):
    return list(figure.steps.values_list("kind", flat=True))


def test_of_two_who_save_the_same_version_the_second_sees_both_values(agency, clerks, together):
    figure = make_figure(indicator=make_indicator(agency=agency), state="entered", value="6.5")
    page = reverse("admin:indicators_figure_change", args=[figure.pk])
    together(figures_admin, "write")
    typed = [form_of(figure.indicator, value, read_version=1) for value in ("7,1", "8,2")]
    answers = at_once(*(sender(person, page, sent) for person, sent in zip(clerks, typed, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    loser = next(place for place, answer in enumerate(answers) if answer.status_code == 200)
    figure.refresh_from_db()
    assert (str(figure.value), figure.version) == (["8.2000", "7.1000"][loser], 2)
    shown = answers[loser].content.decode()
    assert "“7,1”" in shown
    assert "“8,2”" in shown
    assert ways(figure) == ["edit"]


def test_the_second_click_of_the_second_keeps_theirs(agency, clerks, together):
    figure = make_figure(indicator=make_indicator(agency=agency), state="entered", value="6.5")
    page = reverse("admin:indicators_figure_change", args=[figure.pk])
    together(figures_admin, "write")
    typed = [form_of(figure.indicator, value, read_version=1) for value in ("7,1", "8,2")]
    answers = at_once(*(sender(person, page, sent) for person, sent in zip(clerks, typed, strict=True)))
    loser = next(place for place, answer in enumerate(answers) if answer.status_code == 200)
    shown = answers[loser].context["adminform"].form["read_version"].value()
    again = sender(clerks[loser], page, typed[loser] | {"read_version": shown})()
    figure.refresh_from_db()
    assert (again.status_code, str(figure.value), figure.version) == (302, ["7.1000", "8.2000"][loser], 3)
    assert [step.by for step in figure.steps.all()] == [clerks[1 - loser], clerks[loser]]
    assert figure.history.count() == 3


def test_two_first_saves_of_the_same_figure_make_one_and_an_explanation(agency, clerks, together):
    indicator = make_indicator(agency=agency)
    page = reverse("admin:indicators_figure_add")
    together(figures_admin, "write")
    sent = [form_of(indicator, value) for value in ("7,1", "8,2")]
    answers = at_once(*(sender(person, page, result) for person, result in zip(clerks, sent, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    refused = next(answer for answer in answers if answer.status_code == 200)
    assert "Số liệu này đã có" in refused.content.decode()
    assert ways(Figure.objects.get()) == ["enter"]


def test_two_first_saves_of_any_record_make_one_and_an_explanation(together):
    keepers = [make_person(groups=["Quản trị chỉ tiêu"]) for _place in range(2)]
    sent = {"code": "bc-310", "title_vi": "Báo cáo 310", "reliability": "A"}
    page = reverse("admin:indicators_source_add")
    together(Source, "save")
    answers = at_once(*(sender(person, page, sent) for person in keepers))
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    assert Source.objects.filter(code="bc-310").count() == 1


def test_two_approvers_of_the_same_hundred_approve_each_once(agency, approvers):
    indicator = make_indicator(agency=agency)
    figures = [make_figure(indicator=indicator, year=1950 + place, state="submitted") for place in range(100)]
    versions = {figure.pk: figure.version for figure in figures}
    backwards = dict(reversed(versions.items()))
    outcomes = at_once(
        lambda: workflow.apply_transition("approve", versions, by=approvers[0]),
        lambda: workflow.apply_transition("approve", backwards, by=approvers[1]),
    )
    assert sum(len(outcome.moved) for outcome in outcomes) == 100
    assert sum(len(outcome.refused) for outcome in outcomes) == 100
    assert Counter(Step.objects.values_list("figure", "kind")) == {(figure.pk, "approve"): 1 for figure in figures}
    assert set(Figure.objects.values_list("state", "version")) == {("approved", 2)}


def test_two_approvers_of_overlapping_figures_one_by_one_do_not_stand_in_each_others_way(agency, approvers):
    indicator = make_indicator(agency=agency)
    figures = [make_figure(indicator=indicator, year=1950 + place, state="submitted") for place in range(30)]

    def one_by_one(person, order):
        return lambda: [workflow.apply_transition("approve", {figure.pk: 1}, by=person) for figure in order]

    outcomes = at_once(one_by_one(approvers[0], figures), one_by_one(approvers[1], figures[::-1]))
    assert sum(len(result.moved) for outcome in outcomes for result in outcome) == 30
    assert Step.objects.count() == 30


@pytest.mark.parametrize("attempt", range(5))
def test_of_approving_and_withdrawing_one_happens_and_the_other_is_told(attempt, agency, clerks, approvers):
    figure = make_figure(indicator=make_indicator(agency=agency), state="submitted")
    approved, withdrawn = at_once(
        lambda: workflow.apply_transition("approve", {figure.pk: 1}, by=approvers[0]),
        lambda: workflow.apply_transition("withdraw", {figure.pk: 1}, by=clerks[0]),
    )
    figure.refresh_from_db()
    assert len(approved.moved) + len(withdrawn.moved) == 1
    # Withdrawn first, the draft does not exist for the approver any more.
    assert len(approved.refused) + approved.missing + len(withdrawn.refused) == 1
    assert figure.state == ("approved" if approved.moved else "entered")
    assert ways(figure) == ["approve" if approved.moved else "withdraw"]


@pytest.mark.parametrize("attempt", range(5))
def test_what_is_submitted_while_somebody_saves_it_is_either_saved_or_submitted(attempt, agency, clerks):
    figure = make_figure(indicator=make_indicator(agency=agency), state="entered", value="6.5")
    typed = Figure.objects.get()
    typed.value = 9
    moved, written = at_once(
        lambda: workflow.apply_transition("submit", {figure.pk: 1}, by=clerks[0]),
        lambda: workflow.write(typed, by=clerks[1]),
    )
    figure.refresh_from_db()
    if moved.moved:
        assert isinstance(written, workflow.Refused)
        assert (figure.state, str(figure.value)) == ("submitted", "6.5000")
    else:
        assert (figure.state, str(figure.value), written) == ("entered", "9.0000", None)


@pytest.mark.parametrize("attempt", range(5))
def test_what_is_submitted_while_somebody_deletes_it_is_either_gone_or_submitted(attempt, agency, clerks):
    figure = make_figure(indicator=make_indicator(agency=agency), state="entered")
    moved, removed = at_once(
        lambda: workflow.apply_transition("submit", {figure.pk: 1}, by=clerks[0]),
        lambda: workflow.remove([figure], by=clerks[1]),
    )
    if moved.moved:
        assert isinstance(removed, workflow.Refused)
        assert Figure.objects.get().state == "submitted"
    else:
        assert removed is None
        assert not Figure.objects.exists()

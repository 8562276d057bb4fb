"""The way of a figure through the office: which moves there are, who may make them, and what they leave behind."""

from decimal import Decimal

import pytest
from django.db import DatabaseError
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext

from indicators.models import Conflict, Figure, State, Step, StepKind
from indicators.workflow import (
    TRANSITIONS,
    Refused,
    apply_transition,
    correction_request,
    guard_transition,
    remove,
    write,
    write_many,
)
from indicators.workflow.permissions import visible_figures
from tests.factories import make_agency, make_figure, make_indicator, make_person, make_step, new_figure, source

pytestmark = pytest.mark.django_db

# Where each move leads from each state; "-" where it does not exist.
WAYS = """
              entered     submitted   approved    returned
    submit    submitted   -           -           submitted
    withdraw  -           entered     -           -
    approve   -           approved    -           -
    return    -           returned    -           -
    ask       -           -           approved    -
    reopen    -           -           returned    -
"""
STATES, *_ROWS = [line.split() for line in WAYS.strip().splitlines()]
MOVED = [(kind, before, after) for kind, *row in _ROWS for before, after in zip(STATES, row, strict=True)]
CLERKS, APPROVERS = ["submit", "withdraw", "ask"], ["approve", "return", "reopen"]
WITH_WORDS, WITHOUT_WORDS = ["return", "ask", "reopen"], ["submit", "withdraw", "approve"]


@pytest.fixture
def agency():
    return make_agency()


@pytest.fixture
def clerk(agency):
    return make_person("nhaplieu", groups=["Nhập liệu"], agency=agency)


@pytest.fixture
def approver():
    return make_person("duyet", groups=["Duyệt số liệu"])


@pytest.fixture
def everybody(agency):
    """Clerk and approver in one."""
    return make_person(groups=["Nhập liệu", "Duyệt số liệu"], agency=agency)


def figure_of(agency, state="entered", **fields):
    return make_figure(indicator=make_indicator(agency=agency), state=state, **fields)


@pytest.mark.parametrize(
    ("kind", "count", "message"),
    [
        ("approve", 2, "Đã duyệt 2 số liệu."),
        ("submit", 1, "Đã trình 1 số liệu, chờ duyệt."),
        ("ask", 1, "Đã gửi đề nghị đính chính. Số liệu vẫn công khai cho đến khi người duyệt mở lại."),
        ("decline", 1, "Đã giữ nguyên, không đính chính."),
    ],
)
def test_each_transition_says_what_was_done(kind, count, message):
    assert str(TRANSITIONS[StepKind(kind)].done_message % {"count": count}) == message


def before(kind):
    """A state from which the move exists."""
    return next(iter(TRANSITIONS[kind].from_states))


def move(kind, *figures, by, reason="Vì vậy"):
    """The move with figures as they are stored now."""
    return apply_transition(kind, {figure.pk: figure.version for figure in figures}, by=by, reason=reason)


def why_not(outcome):
    return [why for _figure, why in outcome.refused]


# Which moves there are


def test_the_table_has_every_state_and_every_move():
    assert sorted(STATES) == sorted(State.values)
    # A request is declined only where there is one: see "Correcting what is public".
    # What is taken off the pages has to be there: see test_corrections.
    assert {kind for kind, *_row in _ROWS} == {str(kind) for kind in TRANSITIONS} - {"decline", "retract"}
    assert set(StepKind.values) - {str(kind) for kind in TRANSITIONS} == {"enter", "edit"}


@pytest.mark.parametrize(("kind", "state", "after"), MOVED)
def test_a_move_leads_from_here_to_there_or_does_not_exist(kind, state, after, agency, everybody):
    figure = figure_of(agency, state)
    outcome = move(kind, figure, by=everybody)
    figure.refresh_from_db()
    if after == "-":
        shown = State(state).label
        assert why_not(outcome) == [gettext("The figure is “%(state)s” by now.") % {"state": shown}]
        assert (figure.state, figure.version, figure.steps.count()) == (state, 1, 0)
    else:
        assert outcome.moved == [figure]
        assert (figure.state, figure.version, figure.steps.get().kind) == (after, 2, kind)


def test_what_was_returned_is_submitted_once_it_was_changed_or_knowingly_as_it_is(agency, everybody):
    figure = figure_of(agency, "submitted")
    move("return", figure, by=everybody)
    figure.refresh_from_db()
    text = gettext("It was returned and not changed since. Change it, or tick that it goes back as it is.")
    assert why_not(move("submit", figure, by=everybody)) == [text]
    versions = {figure.pk: figure.version}
    assert apply_transition("submit", versions, by=everybody, meant_unchanged=versions).moved == [figure]
    figure.refresh_from_db()
    move("return", figure, by=everybody)
    figure.refresh_from_db()
    write(figure, by=everybody)
    assert move("submit", figure, by=everybody).moved == [figure]


# Who may make them


@pytest.mark.parametrize("kind", CLERKS)
def test_a_move_of_clerks_is_refused_to_approvers_and_other_agencies(kind, agency, clerk, approver):
    figure = figure_of(agency, before(kind))
    stranger = make_person(groups=["Nhập liệu"], agency=make_agency())
    for somebody in (approver, stranger):
        outcome = move(kind, figure, by=somebody)
        if visible_figures(somebody).exists():
            assert why_not(outcome) == [gettext("You enter figures for the indicators of your own agency only.")]
        else:
            assert (why_not(outcome), outcome.missing) == ([], 1)
    assert move(kind, figure, by=clerk).moved == [figure]


@pytest.mark.parametrize("kind", APPROVERS)
def test_a_move_of_approvers_is_refused_to_clerks(kind, agency, clerk, approver):
    figure = figure_of(agency, before(kind))
    assert why_not(move(kind, figure, by=clerk)) == [gettext("Only an approver may do this.")]
    assert move(kind, figure, by=approver).moved == [figure]


@pytest.mark.parametrize("kind", [*CLERKS, *APPROVERS])
def test_nobody_else_moves_anything(kind, agency):
    figure = figure_of(agency, before(kind))
    for groups in ([], ["Xem"], ["Quản trị chỉ tiêu"]):
        assert not move(kind, figure, by=make_person(groups=groups, agency=agency)).moved


@pytest.mark.parametrize("reason", ["", "  \n"])
@pytest.mark.parametrize("kind", WITH_WORDS)
def test_what_sends_work_back_needs_a_reason(kind, reason, agency, everybody):
    outcome = move(kind, figure_of(agency, before(kind)), by=everybody, reason=reason)
    assert why_not(outcome) == [gettext("Say why, so that the other side can act on it.")]


@pytest.mark.parametrize("kind", WITHOUT_WORDS)
def test_other_moves_need_none(kind, agency, everybody):
    figure = figure_of(agency, before(kind))
    assert move(kind, figure, by=everybody, reason="").moved == [figure]


OWN = "Nobody approves a figure they entered themselves. Ask a colleague."


@pytest.mark.parametrize("kind", ["enter", "edit"])
def test_nobody_approves_what_they_entered_or_ever_changed(kind, agency, everybody, approver):
    figure = figure_of(agency, "submitted")
    make_step(figure=figure, by=everybody, kind=kind)
    make_step(figure=figure, by=make_person(), kind="edit")
    assert why_not(move("approve", figure, by=everybody)) == [gettext(OWN)]
    assert move("approve", figure, by=approver).moved == [figure]


def test_superusers_approve_no_figures_of_their_own_either():
    chief = make_person(is_superuser=True)
    figure = make_figure(state="submitted")
    make_step(figure=figure, by=chief)
    assert why_not(move("approve", figure, by=chief)) == [gettext(OWN)]


def test_an_office_of_one_person_may_allow_it(agency, everybody, settings):
    settings.APPROVE_OWN = True
    figure = figure_of(agency, "submitted")
    make_step(figure=figure, by=everybody)
    assert move("approve", figure, by=everybody).moved == [figure]


def test_whoever_only_submitted_or_returned_a_figure_may_approve_it(agency, everybody):
    figure = figure_of(agency, "submitted")
    for kind in ("submit", "return"):
        make_step(figure=figure, by=everybody, kind=kind)
    assert guard_transition("approve", figure, everybody) == ""


def test_a_restored_value_is_an_own_one_too(agency, everybody, approver):
    """Bringing an old version back goes through `write` like typing it."""
    figure = figure_of(agency, "returned")
    write(figure, by=everybody)
    move("submit", figure, by=everybody)
    assert why_not(move("approve", Figure.objects.get(), by=everybody)) == [gettext(OWN)]


# What they leave behind


def test_a_step_tells_who_when_and_why(agency, approver, today):
    figure = figure_of(agency, "submitted")
    move("return", figure, by=approver, reason="  Sai đơn vị ")
    step = figure.steps.get()
    assert (step.kind, step.by, step.reason) == ("return", approver, "Sai đơn vị")
    assert f"{timezone.localtime(step.at):%d/%m/%Y %H:%M}" == "22/11/2026 09:00"


def test_history_tells_who_and_why_without_any_page(agency, approver):
    figure = figure_of(agency, "submitted")
    move("return", figure, by=approver, reason="Sai đơn vị")
    latest = figure.history.latest()
    assert (latest.state, latest.history_user, latest.history_change_reason) == ("returned", approver, "Sai đơn vị")


def test_a_refused_move_leaves_nothing(agency, clerk):
    figure = figure_of(agency, "submitted")
    move("approve", figure, by=clerk)
    figure.refresh_from_db()
    assert (figure.state, figure.version) == ("submitted", 1)
    assert (figure.history.count(), Step.objects.count()) == (1, 0)


def test_a_figure_goes_all_the_way_and_its_steps_tell_it(agency, clerk, approver):
    figure = new_figure(indicator=make_indicator(agency=agency), state="entered")
    write(figure, by=clerk)
    move("submit", figure, by=clerk)
    move("return", Figure.objects.get(), by=approver, reason="Thiếu quý IV")
    mended = Figure.objects.get()
    mended.value = 7
    write(mended, by=clerk, reason="Đã cộng quý IV")
    move("submit", mended, by=clerk)
    move("approve", Figure.objects.get(), by=approver)
    steps = [f"{step.kind} {step.by}" for step in Step.objects.all()]
    assert steps == [
        "enter nhaplieu",
        "submit nhaplieu",
        "return duyet",
        "edit nhaplieu",
        "submit nhaplieu",
        "approve duyet",
    ]
    assert Figure.objects.published(timezone.localdate()).get().value == 7


# Several at once, and what was seen


def test_what_changed_since_it_was_looked_at_is_not_moved_unseen(agency, approver):
    figure = figure_of(agency, "submitted")
    versions = {figure.pk: figure.version}
    figure.save()
    outcome = apply_transition("approve", versions, by=approver)
    assert why_not(outcome) == [gettext("It was changed since you looked at it. Look at it again.")]
    assert Figure.objects.get().state == "submitted"


def test_each_figure_moves_for_itself(agency, clerk):
    mine, approved, foreign = figure_of(agency), figure_of(agency, "approved"), figure_of(make_agency())
    outcome = move("submit", foreign, mine, approved, by=clerk)
    assert outcome.moved == [mine]
    assert ([figure for figure, _why in outcome.refused], outcome.missing) == ([approved], 1)
    assert [figure.state for figure in Figure.objects.order_by("pk")] == ["submitted", "approved", "entered"]


def test_a_figure_that_is_gone_is_no_error(agency, clerk):
    figure = figure_of(agency)
    outcome = apply_transition("submit", {figure.pk: 1, figure.pk + 1: 1}, by=clerk)
    assert (outcome.moved, outcome.refused) == ([figure], [])


def test_when_something_fails_on_the_way_nothing_has_moved(agency, clerk, monkeypatch):
    figures = [figure_of(agency), figure_of(agency)]
    stored = Step.objects.create

    def create(**fields):
        if fields["figure"] == figures[1]:
            raise DatabaseError("disk full")
        return stored(**fields)

    monkeypatch.setattr(Step.objects, "create", create)
    with pytest.raises(DatabaseError):
        move("submit", *figures, by=clerk)
    assert [figure.state for figure in Figure.objects.all()] == ["entered", "entered"]
    assert not Step.objects.exists()


# Correcting what is public


def test_a_clerk_asks_for_a_correction_and_the_figure_stays_public(agency, clerk):
    figure = figure_of(agency, "approved")
    move("ask", figure, by=clerk, reason="Gõ nhầm 8,6")
    figure.refresh_from_db()
    assert correction_request(figure).reason == "Gõ nhầm 8,6"
    assert Figure.objects.in_force(timezone.localdate()).get() == figure


def test_an_approver_reopens_it_and_it_is_mended_and_approved_again(agency, clerk, approver):
    figure = figure_of(agency, "approved")
    move("ask", figure, by=clerk)
    move("reopen", Figure.objects.get(), by=approver, reason="Cho sửa")
    figure.refresh_from_db()
    assert (figure.state, correction_request(figure)) == ("returned", None)
    figure.value = 9
    write(figure, by=clerk)
    move("submit", figure, by=clerk)
    move("approve", Figure.objects.without_earlier().get(), by=approver)
    assert Figure.objects.in_force(timezone.localdate()).get().value == 9


def test_a_correction_that_is_declined_leaves_the_figure_public_and_asks_no_more(agency, clerk, approver):
    figure = figure_of(agency, "approved")
    move("ask", figure, by=clerk, reason="Gõ nhầm 8,6")
    declined = move("decline", Figure.objects.get(), by=approver, reason="Nguồn ghi đúng như vậy")
    assert [figure.state for figure in declined.moved] == ["approved"]
    assert correction_request(Figure.objects.get()) is None


def test_what_nobody_asked_about_cannot_be_declined(agency, approver):
    assert move("decline", figure_of(agency, "approved"), by=approver, reason="Không").moved == []


def test_what_was_public_is_not_deleted(agency, clerk, approver):
    figure = figure_of(agency, "approved")
    move("reopen", figure, by=approver, reason="Nguồn đính chính")
    with pytest.raises(Refused):
        remove(Figure.objects.without_earlier(), by=clerk)
    assert Figure.objects.without_earlier().exists()


def test_what_was_deleted_meanwhile_does_not_come_back(agency, clerk):
    figure = figure_of(agency, "entered")
    remove([Figure.objects.get()], by=clerk)
    with pytest.raises(Conflict):
        write(figure, by=clerk)
    assert not Figure.objects.exists()


def test_who_entered_what_is_brought_back_still_does_not_approve_it(agency, clerk, approver):
    figure = new_figure(indicator=make_indicator(agency=agency))
    write(figure, by=clerk)
    old = figure.history.get().instance
    remove([Figure.objects.get()], by=clerk)
    old._state.adding = False
    write(old, by=make_person("khac", groups=["Nhập liệu"], agency=agency), revive=True)
    assert [step.by for step in Figure.objects.get().steps.filter(kind="enter")] == [clerk]


def test_a_figure_nobody_asked_about_waits_for_nothing(agency):
    assert correction_request(figure_of(agency, "approved")) is None


def test_a_figure_of_a_data_package_has_no_steps_and_can_be_reopened(agency, approver):
    figure = figure_of(agency, "approved")
    assert not figure.steps.exists()
    assert move("reopen", figure, by=approver, reason="Nguồn đã đính chính").moved == [figure]


# Writing


def write_from_file(figure, **options):
    """Write it as a file of one figure does."""
    write_many([figure], **options)


both_ways = pytest.mark.parametrize("store", [write, write_from_file])


@both_ways
def test_a_new_figure_is_entered_whatever_state_it_claims(store, agency, clerk):
    figure = new_figure(indicator=make_indicator(agency=agency), state="approved")
    store(figure, by=clerk, reason="Theo báo cáo")
    stored = Figure.objects.get()
    assert (stored.state, stored.steps.get().kind, stored.steps.get().by) == ("entered", "enter", clerk)
    assert (stored.history.get().history_user, stored.history.get().history_change_reason) == (clerk, "Theo báo cáo")


@both_ways
@pytest.mark.parametrize("state", ["entered", "returned"])
def test_a_changed_figure_keeps_its_state_whatever_it_claims(state, store, agency, clerk):
    figure = figure_of(agency, state)
    figure.state, figure.value = "approved", 8
    store(figure, by=clerk)
    stored = Figure.objects.get()
    assert (stored.state, stored.value, stored.steps.get().kind) == (state, 8, "edit")


@both_ways
def test_how_far_a_correction_has_come_is_not_typed(store, agency, clerk, approver):
    move("reopen", figure_of(agency, "approved"), by=approver, reason="Cho sửa")
    figure = Figure.objects.without_earlier().get()
    figure.being_corrected, figure.corrected_on, figure.value = False, timezone.localdate(), 8
    store(figure, by=clerk)
    stored = Figure.objects.without_earlier().get()
    assert (stored.value, stored.being_corrected, stored.corrected_on) == (8, True, None)


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_what_is_on_its_way_or_public_is_changed_and_deleted_by_nobody(state, agency):
    figure = figure_of(agency, state)
    chief = make_person(is_superuser=True)
    figure.state, figure.value = "entered", 8
    for attempt in (lambda: write(figure, by=chief), lambda: remove([figure], by=chief)):
        with pytest.raises(Refused):
            attempt()
    assert Figure.objects.get().value != 8


def test_a_figure_moves_neither_into_another_agency_nor_out_of_it(agency, clerk):
    own, foreign = figure_of(agency), figure_of(make_agency())
    indicators = own.indicator, foreign.indicator
    own.indicator, foreign.indicator = foreign.indicator, own.indicator
    for figure in (own, foreign):
        with pytest.raises(Refused):
            write(figure, by=clerk)
    assert tuple(figure.indicator for figure in Figure.objects.order_by("pk")) == indicators


@both_ways
def test_what_somebody_saved_meanwhile_is_not_overwritten(store, agency, clerk):
    figure = figure_of(agency, value="6.5")
    other = Figure.objects.get()
    other.value = 7
    write(other, by=make_person(is_superuser=True))
    figure.value = 8
    with pytest.raises(Conflict):
        store(figure, by=clerk)
    assert Figure.objects.get().value == 7
    assert not figure.steps.filter(by=clerk).exists()


def test_deleting_keeps_the_history_with_a_name(agency, clerk):
    figure = figure_of(agency, value="6.5")
    remove([figure], by=clerk)
    assert not Figure.objects.exists()
    last = Figure.history.get(id=figure.pk, history_type="-")
    assert (last.value, last.history_user) == (Decimal("6.5"), clerk)


def test_of_several_one_that_may_not_be_deleted_keeps_all(agency, clerk):
    figures = [figure_of(agency), figure_of(make_agency())]
    with pytest.raises(Refused):
        remove(figures, by=clerk)
    assert Figure.objects.count() == 2


def test_a_person_with_steps_is_not_deleted(agency, clerk):
    write(new_figure(indicator=make_indicator(agency=agency), source=source()), by=clerk)
    with pytest.raises(ProtectedError):
        clerk.delete()

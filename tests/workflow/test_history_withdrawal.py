"""What should never have been public leaves the public history, wherever it is told; staff keep the trace and the reason."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from indicators.models import DataVersion, Figure, HistoryWithdrawal
from indicators.workflow import Refused, apply_transition, write
from indicators.workflow.history_withdrawal import withdraw_from_history
from tests.factories import make_agency, make_figure, make_indicator, make_person
from tests.reading import content

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public")]

FIRST, MENDED, TODAY = date(2026, 2, 1), date(2026, 6, 1), date(2026, 9, 1)
# Every door to the history of figures, and to what stood on an earlier day.
DOORS = (
    "/reports/changes.csv",
    "/reports/?as_of=2026-09-01",
    "/api/v1/changes?since=2026-01-01T00:00:00Z",
    "/api/v1/figures?as_of=2026-03-01",
    "/reports/figures.csv?as_of=2026-03-01",
    "/reports/figures.csv",
    "/indicators/growth/?as_of=2026-03-01",
    "/indicators/growth/",
    "/sdmx/data/dataflow/LANGSON/FIGURES/1.0.0/*?format=csv",
)
TOLD_BEFORE = {
    "/reports/changes.csv",
    "/api/v1/changes?since=2026-01-01T00:00:00Z",
    "/api/v1/figures?as_of=2026-03-01",
    "/reports/figures.csv?as_of=2026-03-01",
    "/indicators/growth/?as_of=2026-03-01",
}


@pytest.fixture
def today():
    with time_machine.travel(f"{TODAY}T12:00:00+07:00", tick=False):
        yield


@pytest.fixture
def administrator():
    return make_person("quantri", groups=["Quản trị chỉ tiêu"])


@pytest.fixture
def figure():
    with time_machine.travel(f"{FIRST}T12:00:00+07:00", tick=False):
        indicator = make_indicator(code="growth", agency=make_agency(code="finance"), decimals=2)
        return make_figure(indicator=indicator, year=2025, value="77.73", published_on="2026-01-16")


def move(figure, *kinds, value=None):
    """The transitions of a figure, on the day on which it was mended."""
    people = {"reopen": "duyet", "approve": "duyet", "retract": "duyet", "submit": "lan"}
    clerk = make_person(groups=["Nhập liệu"], agency=figure.indicator.agency)
    by = {"lan": clerk, "duyet": make_person(groups=["Duyệt số liệu"])}
    with time_machine.travel(f"{MENDED}T12:00:00+07:00", tick=False):
        for kind in kinds:
            figure.refresh_from_db()
            if kind == "submit":
                figure.value = value
                write(figure, by=clerk)
            assert apply_transition(kind, {figure.pk: figure.version}, by=by[people[kind]], reason="Gõ nhầm").moved
    figure.refresh_from_db()


@pytest.fixture
def mended(figure):
    """The same, with another value approved in its place."""
    move(figure, "reopen", "submit", "approve", value="6.5")
    return figure


def told(client):
    """The doors behind which the value of before stands, in one way of writing or another."""
    answers = {door: client.get(door) for door in DOORS}
    assert {door: answer.status_code for door, answer in answers.items() if answer.status_code not in (200, 404)} == {}
    return {door for door, answer in answers.items() if any(text in content(answer) for text in ("77.73", "77,73"))}


def test_a_value_that_was_withdrawn_is_told_nowhere(client, today, mended, administrator):
    assert told(client) >= TOLD_BEFORE
    withdraw_from_history(mended, "Số mật", by=administrator)
    assert told(client) == set()
    assert "6.5" in content(client.get("/reports/changes.csv"))
    assert "6.5" in content(client.get("/reports/figures.csv"))


def test_so_is_one_that_was_taken_off_the_public_pages(client, today, figure, administrator):
    move(figure, "retract")
    assert told(client) >= TOLD_BEFORE
    withdraw_from_history(figure, "Số mật", by=administrator)
    assert told(client) == set()


def test_what_is_approved_afterwards_is_public_again_and_nothing_before(client, today, figure, administrator):
    move(figure, "retract")
    withdraw_from_history(figure, "Số mật", by=administrator)
    move(figure, "submit", "approve", value="6.5")
    assert told(client) == set()
    assert "6.5" in content(client.get("/reports/changes.csv"))


def test_staff_keep_the_value_and_the_reason(mended, administrator):
    withdrawal = withdraw_from_history(mended, "Số mật", by=administrator)
    assert (withdrawal.reason, withdrawal.withdrawn_by) == ("Số mật", administrator)
    assert "77.7300" in {str(version.value) for version in Figure.history.filter(id=mended.pk)}


def test_kept_answers_are_made_anew(mended, administrator):
    before = DataVersion.objects.current()
    withdraw_from_history(mended, "Số mật", by=administrator)
    assert DataVersion.objects.current() != before


def test_what_is_public_now_is_taken_off_first(figure, administrator):
    with pytest.raises(Refused):
        withdraw_from_history(figure, "Số mật", by=administrator)
    move(figure, "reopen")
    with pytest.raises(Refused):
        withdraw_from_history(figure, "Số mật", by=administrator)
    assert not HistoryWithdrawal.objects.exists()


def test_an_administrator_withdraws_on_a_page_with_a_reason(client, mended, administrator):
    client.force_login(administrator)
    address = reverse("admin:indicators_historywithdrawal_add")
    assert "lý do" in content(client.get(address)).lower()
    client.post(address, {"figure": mended.pk, "reason": ""})
    assert not HistoryWithdrawal.objects.exists()
    assert client.post(address, {"figure": mended.pk, "reason": "Số mật"}).status_code == 302
    stored = HistoryWithdrawal.objects.get()
    assert (stored.figure, stored.withdrawn_by) == (mended, administrator)
    page = reverse("admin:indicators_historywithdrawal_change", args=[stored.pk])
    assert "Số mật" in content(client.get(page))
    assert client.post(page, {"figure": mended.pk, "reason": "x"}).status_code == 403


@pytest.mark.parametrize("group", ["Nhập liệu", "Duyệt số liệu", "Xem"])
def test_nobody_else_does(client, mended, group):
    client.force_login(make_person("khac", groups=[group]))
    address = reverse("admin:indicators_historywithdrawal_add")
    assert client.post(address, {"figure": mended.pk, "reason": "x"}).status_code == 403
    assert not HistoryWithdrawal.objects.exists()

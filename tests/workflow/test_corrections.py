"""A correction takes nothing away: what was approved stands until the mended value is approved, and for the days before."""

import csv
import io
from datetime import date

import pytest
import time_machine

from indicators.dashboard.changes import changes
from indicators.dashboard.exports.changes import change_rows
from indicators.dashboard.report_selection import ReportSelection
from indicators.datapackage.loader import load_package
from indicators.datapackage.writer import export_package
from indicators.models import Figure, StepKind
from indicators.public.history import ChangeKind
from indicators.queries.impact import figure_impacts
from indicators.workflow import Refused, apply_transition, remove, write
from indicators.workflow.completeness import missing_rows
from indicators.workflow.permissions import visible_figures
from tests.factories import make_agency, make_figure, make_indicator, make_person, source
from tests.reading import see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public")]

FIRST, REOPENED, MENDED, LATER = (date(2026, month, 1) for month in (2, 5, 6, 9))


def at(day):
    """It is noon of that day."""
    return time_machine.travel(f"{day}T12:00:00+07:00", tick=False)


@pytest.fixture
def agency():
    return make_agency(code="finance")


@pytest.fixture
def clerk(agency):
    return make_person("lan", groups=["Nhập liệu"], agency=agency)


@pytest.fixture
def approver():
    return make_person("duyet", groups=["Duyệt số liệu"])


@pytest.fixture
def figure(agency):
    with at(FIRST):
        indicator = make_indicator(code="growth", agency=agency, unit_vi="%")
        return make_figure(indicator=indicator, year=2025, value="5.7", published_on="2026-01-16")


def move(kind, figure, by, day):
    figure.refresh_from_db()
    with at(day):
        (moved,) = apply_transition(kind, {figure.pk: figure.version}, by=by, reason="Gõ nhầm").moved
    figure.refresh_from_db()
    return moved


@pytest.fixture
def reopened(figure, approver):
    move("reopen", figure, approver, REOPENED)
    return figure


def mend(figure, value, clerk, approver, day):
    figure.refresh_from_db()
    figure.value = value
    with at(day):
        write(figure, by=clerk)
    move("submit", figure, clerk, day)
    move("approve", figure, approver, day)


@pytest.fixture
def mended(reopened, clerk, approver):
    mend(reopened, "5.75", clerk, approver, MENDED)
    return reopened


def shown(day):
    """The values the public sees on a day."""
    return [str(figure.value.normalize()) for figure in Figure.objects.published(day)]


# What the public sees


def test_what_was_approved_stands_while_it_is_mended(reopened, clerk):
    reopened.value = 9
    write(reopened, by=clerk)
    move("submit", reopened, clerk, MENDED)
    assert (reopened.state, shown(MENDED), shown(FIRST)) == ("submitted", ["5.7"], ["5.7"])


def test_the_mended_value_shows_from_its_day_on_and_days_before_keep_theirs(mended):
    assert [shown(day) for day in (FIRST, REOPENED, MENDED, LATER)] == [["5.7"], ["5.7"], ["5.75"], ["5.75"]]


def test_every_day_keeps_what_stood_there_however_often_it_is_corrected(mended, clerk, approver):
    move("reopen", mended, approver, date(2026, 7, 1))
    mend(mended, "5.8", clerk, approver, date(2026, 8, 1))
    assert [shown(day) for day in (FIRST, MENDED, date(2026, 7, 1), LATER)] == [["5.7"], ["5.75"], ["5.75"], ["5.8"]]


def test_an_approver_takes_off_the_pages_what_should_not_be_there(figure, approver):
    move("retract", figure, approver, REOPENED)
    assert (figure.state, shown(FIRST), shown(REOPENED)) == ("returned", ["5.7"], [])


def test_also_while_it_is_being_corrected(reopened, approver):
    move("retract", reopened, approver, MENDED)
    assert (shown(REOPENED), shown(MENDED)) == (["5.7"], [])


def test_what_comes_back_later_was_not_there_in_between(figure, clerk, approver):
    move("retract", figure, approver, REOPENED)
    mend(figure, "5.75", clerk, approver, LATER)
    assert [shown(day) for day in (FIRST, MENDED, LATER)] == [["5.7"], [], ["5.75"]]


def test_what_is_not_public_cannot_be_taken_off(figure, clerk, approver):
    move("retract", figure, approver, REOPENED)
    outcome = apply_transition("retract", {figure.pk: figure.version}, by=approver, reason="Lần nữa")
    assert [why for _figure, why in outcome.refused] == ["Số liệu này không có gì đang công bố."]


def test_the_page_says_that_it_is_being_corrected(client, reopened, approver):
    page = see(client, "/indicators/growth/")
    assert "đang đính chính" in page.one("section", id="figures").text
    assert page.all("section", id="changes") == []


def test_the_number_of_the_figure_stays_its_number(client, reopened):
    row = client.get(f"/api/v1/figures/{reopened.pk}").json()
    assert (row["id"], row["value"], row["in_force"]) == (reopened.pk, 5.7, True)
    listed = client.get("/api/v1/figures").json()["items"]
    assert [row["id"] for row in listed] == [reopened.pk]


def test_nothing_is_missing_meanwhile(reopened):
    with at(MENDED):
        assert missing_rows(2025, MENDED) == []


# What is told of it


def test_the_page_tells_one_change_from_the_old_value_to_the_new(mended):
    (shown,) = changes(mended.indicator, LATER)
    assert (shown.what, shown.on) == (ChangeKind.CHANGED, MENDED)
    assert [(old, new) for _label, old, new in shown.differences] == [("5,7%", "5,75%")]


def test_so_does_the_list_of_changes(mended):
    with at(LATER):
        rows = [(str(row[0]), row[2], row[-3], row[-2], row[-1]) for row in change_rows(ReportSelection(LATER))]
    changed = [row for row in rows if row[1] != "published"]
    assert [(day, what, field, float(old), float(new)) for day, what, field, old, new in changed] == [
        ("2026-06-01", "changed", "value", 5.7, 5.75)
    ]


def test_what_is_taken_off_is_told(figure, approver):
    move("retract", figure, approver, REOPENED)
    (shown,) = changes(figure.indicator, LATER)
    assert (shown.what, shown.on) == (ChangeKind.WITHDRAWN, REOPENED)
    with at(LATER):
        assert [row[2] for row in change_rows(ReportSelection(LATER))] == ["published", "withdrawn"]


# What the office works on


def test_the_earlier_version_is_no_figure_of_the_office(mended, approver, clerk):
    (earlier,) = mended.earlier.all()
    assert list(visible_figures(approver)) == [mended]
    with pytest.raises(Refused):
        write(earlier, by=clerk)
    with pytest.raises(Refused):
        remove([earlier], by=clerk)
    outcome = apply_transition("reopen", {earlier.pk: earlier.version}, by=approver, reason="x")
    assert (outcome.moved, outcome.refused) == ([], [])


def test_it_counts_for_the_verdicts_as_if_the_old_value_were_gone(reopened):
    reopened.value = 3
    (impact,) = figure_impacts([reopened], LATER).values()
    assert (impact.is_own, impact.in_force.value) == (True, 3)


def test_a_form_does_not_bring_back_that_it_stands(mended, clerk, approver):
    move("reopen", mended, approver, LATER)
    mended.being_corrected, mended.corrected_on = False, None
    write(mended, by=clerk)
    mended.refresh_from_db()
    assert (mended.being_corrected, mended.corrected_on) == (True, MENDED)


def test_approving_keeps_one_version_in_force(mended):
    assert Figure.objects.in_force(LATER).get() == mended
    assert mended.steps.last().kind == StepKind.APPROVE


# Data packages


def values_in(folder):
    with (folder / "figures.csv").open(encoding="utf-8", newline="") as file:
        return [row["value"] for row in csv.DictReader(file)]


def test_a_package_has_each_figure_once(tmp_path, reopened, clerk, approver):
    export_package(tmp_path)
    assert values_in(tmp_path) == ["5.7"]
    mend(reopened, "5.75", clerk, approver, MENDED)
    export_package(tmp_path)
    assert values_in(tmp_path) == ["5.75"]


def test_a_package_that_brings_the_value_ends_the_correction(tmp_path, reopened):
    export_package(tmp_path)
    text = (tmp_path / "figures.csv").read_text(encoding="utf-8")
    (tmp_path / "figures.csv").write_text(text.replace(",5.7,", ",5.75,"), encoding="utf-8")
    with at(MENDED):
        load_package(tmp_path)
    assert (shown(REOPENED), shown(MENDED)) == (["5.7"], ["5.75"])


def test_an_import_finds_the_figure_and_not_what_stands_for_it(client, clerk, reopened):
    """Its key is that of both."""
    client.force_login(clerk)
    row = {"indicator": "growth", "year": 2025, "through_month": 12, "value": "5.75", "qualifier": "exact"}
    row |= {"status": reopened.status, "published_on": "2026-01-16", "source": source().code}
    file = io.BytesIO((",".join(row) + "\n" + ",".join(map(str, row.values())) + "\n").encode())
    file.name = "figures.csv"
    page = client.post("/admin/indicators/figure/import/", {"file": file}, follow=True)
    assert page.status_code == 200
    assert Figure.objects.count() == 2

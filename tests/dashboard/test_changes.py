"""The report of changes: what was public and was changed, and when; nothing of drafts, and no names."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.contrib.auth.models import User

from indicators.dashboard.exports.changes import CHANGES_COLUMNS, change_rows
from indicators.dashboard.report_selection import ReportSelection
from indicators.models import State
from tests.factories import make_figure, make_indicator, make_target, make_term
from tests.reading import content

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 22)


def changes(**asked):
    """The rows of the report, each as (record, change, field, before, after)."""
    rows = [dict(zip(CHANGES_COLUMNS, row, strict=True)) for row in change_rows(ReportSelection(TODAY, **asked))]
    return [(row["record"], row["change"], row["field"], row["before"], row["after"]) for row in rows]


def save(record, **values):
    for name, value in values.items():
        setattr(record, name, value)
    record.save()


def test_a_public_figure_is_told_from_the_day_it_is_public():
    make_figure(value="6.5")
    assert changes() == [("figure", "published", "value", None, Decimal("6.5"))]


def test_what_was_changed_before_the_approval_is_nobodys_business():
    figure = make_figure(value="65", state=State.ENTERED)
    save(figure, value=Decimal("6.5"))
    assert changes() == []
    save(figure, state=State.APPROVED)
    assert changes() == [("figure", "published", "value", None, Decimal("6.5"))]


def test_a_change_of_a_public_figure_names_each_field_with_both_values():
    figure = make_figure(value="6.5", note="")
    save(figure, value=Decimal("-6.7"), note="=1+1")
    assert changes()[1:] == [
        ("figure", "changed", "value", Decimal("6.5"), Decimal("-6.7")),
        ("figure", "changed", "note", "", "=1+1"),
    ]


def test_a_figure_sent_back_or_deleted_is_withdrawn():
    figure, other = make_figure(value="6.5"), make_figure(value="7", year=2022, published_on="2023-01-10")
    save(figure, state=State.RETURNED)
    save(figure, value=Decimal(99))
    other.delete()
    assert [row for row in changes() if row[1] != "published"] == [
        ("figure", "withdrawn", "value", Decimal("6.5"), None),
        ("figure", "withdrawn", "value", Decimal("7"), None),
    ]


def test_a_change_that_leaves_the_public_fields_alone_is_none():
    figure = make_figure()
    save(figure)
    assert len(changes()) == 1


def test_a_figure_to_be_published_later_is_not_told_yet():
    make_figure(published_on="2026-11-23")
    assert changes() == []


def test_a_target_is_told_in_its_words_and_its_replacement_is_a_change():
    target = make_target(low="7", as_written_vi="từ 7%")
    save(target, replaced_on=date(2025, 9, 27))
    assert changes() == [
        ("target", "published", "as_written_vi", None, "từ 7%"),
        ("target", "changed", "replaced_on", None, date(2025, 9, 27)),
    ]


def test_a_target_without_words_is_told_by_its_number():
    make_target(low="7", as_written_vi="")
    assert changes() == [("target", "published", "low", None, Decimal(7))]


def test_figures_and_targets_stand_in_the_order_of_time(time_machine):
    time_machine.move_to("2026-11-01 09:00+07:00")
    figure = make_figure()
    time_machine.move_to("2026-11-05 09:00+07:00")
    make_target(indicator=figure.indicator)
    time_machine.move_to("2026-11-09 09:00+07:00")
    save(figure, note="sửa")
    rows = [(row[0], row[1]) for row in change_rows(ReportSelection(TODAY))]
    assert rows == [(date(2026, 11, 1), "figure"), (date(2026, 11, 5), "target"), (date(2026, 11, 9), "figure")]


def test_a_past_day_leaves_what_had_been_changed_by_then(time_machine):
    time_machine.move_to("2026-11-01 23:30+07:00")
    figure = make_figure()
    time_machine.move_to("2026-11-02 00:30+07:00")
    save(figure, note="sửa")
    assert len(list(change_rows(ReportSelection(date(2026, 11, 1))))) == 1
    assert len(list(change_rows(ReportSelection(date(2026, 11, 2))))) == 2


def test_a_term_leaves_its_targets_and_the_figures_of_its_years():
    make_figure(year=2021)
    make_figure(year=2016, published_on="2017-01-01")
    make_target()
    other = make_term(first_year=2026, last_year=2030)
    assert len(changes(term=other)) == 0
    assert len(changes()) == 3


def test_the_file_tells_who_changed_nothing_of_themselves(client, public):
    user = User.objects.create_user("nguyen-thi-lan", first_name="Lan")
    figure = make_figure(indicator=make_indicator(code="growth"), value="6.5")
    figure._history_user, figure._change_reason = user, "Lan gõ nhầm"
    save(figure, value=Decimal("6.7"))
    assert figure.history.first().history_user == user
    text = content(client.get("/reports/changes.csv"))
    assert "lan" not in text.lower().replace("plan", "")
    rows = list(csv.DictReader(StringIO(text, newline="")))
    assert [(row["indicator"], row["period"], row["before"], row["after"]) for row in rows] == [
        ("growth", "2021", "", "6.5"),
        ("growth", "2021", "6.5", "6.7"),
    ]

"""When figures are due: cut-off, working days, Vietnamese public holidays, and which rule speaks."""

from datetime import date

import pytest

from indicators.text.periods import Period
from indicators.workflow.deadlines import deadlines, due_after, working_day_after
from tests.factories import make_agency, make_deadline


@pytest.mark.parametrize(
    ("period", "cut_off_day", "working_days", "cut_off", "due"),
    [
        (Period(2019, 9), 14, 5, "2019-09-14", "2019-09-20"),
        (Period(2025, 1), 24, 1, "2025-01-24", "2025-02-03"),  # Tết lasts from Monday to Friday
        (Period(2026, 2), 10, 5, "2026-02-10", "2026-02-24"),
        (Period(2026, 4), 24, 2, "2026-04-24", "2026-04-29"),  # the day of the Hùng kings is a Sunday: Monday is off
        (Period(2025, 4), 29, 1, "2025-04-29", "2025-05-05"),  # 30/4, 1/5, and 2/5 swapped for a Saturday
        (Period(2026, 8), 28, 1, "2026-08-28", "2026-09-03"),  # 31/8 swapped, 1/9 and 2/9
        (Period(2024, 12), 31, 1, "2024-12-31", "2025-01-02"),  # into the next year
        (Period(2023, 2), 31, 0, "2023-02-28", "2023-02-28"),  # February has no 31st
        (Period(2024, 2), 30, 0, "2024-02-29", "2024-02-29"),
    ],
)
def test_a_period_is_due_so_many_working_days_after_its_cut_off(period, cut_off_day, working_days, cut_off, due):
    days = due_after(period, cut_off_day, working_days)
    assert (days.cut_off.isoformat(), days.due.isoformat()) == (cut_off, due)


def test_a_saturday_that_is_worked_for_a_day_off_counts():
    """22 August 2026 is worked for 31 August."""
    assert working_day_after(date(2026, 8, 21), 1) == date(2026, 8, 22)


def test_the_day_itself_is_due_where_no_days_are_given_unless_nobody_works_then():
    assert working_day_after(date(2019, 9, 13), 0) == date(2019, 9, 13)
    assert working_day_after(date(2019, 9, 14), 0) == date(2019, 9, 16)


@pytest.fixture
def rules(db):
    """A rule of every kind for the first five months; its number of working days tells which one spoke."""
    agency, other = make_agency(), make_agency()
    make_deadline(working_days=0, cut_off_day=1)
    make_deadline(working_days=0, cut_off_day=2, year=2024)
    make_deadline(working_days=0, cut_off_day=3, agency=agency)
    make_deadline(working_days=0, cut_off_day=6, agency=agency, year=2024)
    return deadlines(), agency.pk, other.pk


@pytest.mark.parametrize(("who", "year", "day"), [(0, 2024, 6), (0, 2023, 3), (1, 2024, 2), (1, 2023, 1)])
def test_the_rule_of_the_agency_goes_before_the_rule_of_the_year(rules, who, year, day):
    rules_read, *agencies = rules
    assert rules_read.due_on(agencies[who], Period(year, 5)).cut_off.day == day


def test_where_no_agency_answers_the_general_rule_speaks(rules):
    rules_read, *_agencies = rules
    assert rules_read.due_on(None, Period(2024, 5)).cut_off.day == 2


def test_a_period_without_a_rule_is_not_due(rules):
    rules_read, agency, _other = rules
    assert rules_read.due_on(agency, Period(2024, 7)) is None


def test_the_periods_asked_for_are_those_of_some_rule(db):
    make_deadline(through_month=8, year=2024)
    rules_read = deadlines()
    months = {year: {period.through_month for period in rules_read.periods([year])} for year in (2023, 2024)}
    assert months[2024] - months[2023] == {8}


def test_all_rules_are_read_in_one_query(rules, django_assert_num_queries):
    with django_assert_num_queries(1):
        deadlines()

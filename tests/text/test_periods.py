"""Periods of a year."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.text.periods import Period, end_of_year, span_code

periods = st.builds(Period, st.integers(1900, 2199), st.integers(1, 12))


def test_a_period_is_the_whole_year_unless_a_month_is_given():
    assert Period(2020) == Period(2020, 12)
    assert Period(2020).is_full_year
    assert not Period(2020, 11).is_full_year


def test_the_distance_of_two_ends_is_months():
    assert Period(2020).end - Period(2019, 9).end == 15
    assert end_of_year(2020) == Period(2020, 12).end


@pytest.mark.parametrize(("code", "period"), [("2020", Period(2020)), ("2019-9M", Period(2019, 9))])
def test_periods_are_written_as_reports_write_them(code, period):
    assert period.code == code


@given(periods, periods)
def test_a_code_belongs_to_one_period(one, other):
    assert (one.code == other.code) == (one == other)


@given(periods, periods)
def test_periods_sort_by_their_end(one, other):
    assert (one < other) == (one.end < other.end)


@given(periods)
def test_the_same_period_last_year_is_twelve_months_earlier(period):
    assert period.end - period.same_period_last_year.end == 12
    assert period.same_period_last_year.through_month == period.through_month


def test_a_span_of_one_year_is_written_as_that_year():
    assert span_code(2021, 2025) == "2021-2025"
    assert span_code(2020, 2020) == "2020"

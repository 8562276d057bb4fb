"""The plan of a year: where it stands in the year, and where it stood the year before."""

from datetime import date
from decimal import Decimal

import pytest

from indicators.year_plan import plan_rows, years_with_plans

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mau")]

AS_OF = date(2026, 11, 22)


def plan_of(code, year=2026, as_of=AS_OF):
    return next(one for one in plan_rows(year, as_of) if one.row.target.indicator.code == code)


def test_the_year_to_date_stands_beside_the_same_months_of_the_year_before():
    revenue = plan_of("budget-collection")
    assert (revenue.now.year, revenue.now.through_month, revenue.now.value) == (2026, 9, Decimal("7342.8"))
    assert (revenue.before.year, revenue.before.through_month) == (2025, 9)


def test_without_a_figure_of_the_year_both_places_are_empty():
    assert all(one.now or one.before is None for one in plan_rows(2026, AS_OF))


def test_only_plans_of_that_year_are_there():
    frames = {
        (one.row.target.scope, one.row.target.first_year, one.row.target.last_year) for one in plan_rows(2026, AS_OF)
    }
    assert frames == {("annual", 2026, 2026)}


def test_a_plan_decided_later_is_not_known_yet():
    assert plan_rows(2026, date(2024, 1, 1)) == []
    assert 2026 not in years_with_plans(date(2024, 1, 1))


def test_the_years_with_plans_are_in_order():
    assert years_with_plans(AS_OF) == [2020, 2021, 2022, 2023, 2024, 2025, 2026]

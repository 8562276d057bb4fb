"""The plan of a year: where it stands in the year against an even pace, and against the year before."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import gettext

from indicators.dashboard.components import before_cell, pace_cell
from indicators.models import Term
from indicators.queries.year_plan import plan_rows, years_with_plans
from tests.dashboard.test_svg import read
from tests.factories import make_figure, make_indicator, make_target, make_term

pytestmark = pytest.mark.django_db
sample = pytest.mark.usefixtures("mau")

AS_OF = date(2026, 11, 22)


def plan_of(code, year=2026, as_of=AS_OF):
    return next(row for row in plan_rows(year, as_of) if row.row.target.indicator.code == code)


@sample
def test_the_year_to_date_stands_beside_the_same_months_of_the_year_before():
    revenue = plan_of("budget-collection")
    assert (revenue.now.year, revenue.now.through_month, revenue.now.value) == (2026, 9, Decimal("7342.8"))
    assert (revenue.before.year, revenue.before.through_month) == (2025, 9)
    assert read(before_cell(revenue)).text == "+11,2% 6.605,3 (9 tháng 2025)"


@sample
def test_without_a_figure_of_the_year_both_places_are_empty():
    assert all(row.now or row.before is None for row in plan_rows(2026, AS_OF))


@sample
def test_only_plans_of_that_year_are_there():
    frames = {
        (row.row.target.scope, row.row.target.first_year, row.row.target.last_year) for row in plan_rows(2026, AS_OF)
    }
    assert frames == {("annual", 2026, 2026)}


@sample
def test_a_plan_decided_later_is_not_known_yet():
    assert plan_rows(2026, date(2024, 1, 1)) == []
    assert 2026 not in years_with_plans(date(2024, 1, 1))


@sample
def test_the_years_with_plans_are_in_order():
    assert years_with_plans(AS_OF) == [2020, 2021, 2022, 2023, 2024, 2025, 2026]


# --- the even pace


def planned(bound="at_least", low=None, high=None, figures=(), **indicator):
    """The row of a plan of 2026 with figures as (year, month, value); a fourth item marks a new series."""
    about = make_indicator(**{"kind": "level", "better": "higher", "unit_vi": "%", "decimals": 1} | indicator)
    term = Term.objects.filter(first_year=2026).first() or make_term(first_year=2026, last_year=2030)
    make_target(
        indicator=about, scope="annual", term=term, first_year=2026, last_year=2026,
        bound=bound, low=low, high=high, basis="value", decided_on=date(2025, 12, 9),
    )  # fmt: skip
    for year, month, value, *breaks in figures:
        published_on = date(year, 12, 1) if year < 2026 else date(2026, 10, 5)
        make_figure(
            indicator=about, year=year, through_month=month, value=Decimal(value), published_on=published_on,
            series_break=bool(breaks),
        )  # fmt: skip
    return plan_of(about.code)


REVENUE = {"kind": "flow", "unit_vi": "tỷ đồng"}


@pytest.mark.parametrize(
    ("fields", "even", "words"),
    [
        (
            REVENUE | {"low": 9600, "figures": [(2026, 9, "7342.8")]},
            "7200",
            "+2,0% tiến độ đều: 7.200,0 · đạt 76,5% kế hoạch năm",
        ),
        ({"kind": "rate", "low": 9, "figures": [(2026, 9, "8.94")], "decimals": 2}, "9", "-0,06 điểm % kế hoạch: 9,00"),
        ({"low": 60, "figures": [(2025, 12, "56"), (2026, 9, "58")]}, "59", "-1,0 điểm % tiến độ đều: 59,0"),
        ({"low": 60, "figures": [(2025, 12, "61"), (2026, 9, "58")]}, "60", "-2,0 điểm % kế hoạch: 60,0"),
        ({"low": 60, "figures": [(2025, 12, "56"), (2026, 12, "58")]}, "60", "-2,0 điểm % kế hoạch: 60,0"),
        (
            {"kind": "rank", "unit_vi": "hạng", "better": "lower", "bound": "at_most", "high": 30, "decimals": 0,
             "figures": [(2025, 12, "35"), (2026, 6, "32")]},
            "30",
            "xuống 2 bậc kế hoạch: 30",
        ),
    ],
    ids=["flow", "rate", "level", "met at its baseline", "whole year", "rank"],
)  # fmt: skip
def test_the_even_pace_is_what_the_months_so_far_would_have_brought(fields, even, words):
    one = planned(**fields)
    assert one.even == Decimal(even)
    assert read(pace_cell(one)).text == words


def test_a_compound_level_goes_by_equal_factors():
    one = planned(low=144, unit_vi="tỷ đồng", path="compound", figures=[(2025, 12, "100"), (2026, 6, "121")])
    assert one.even.quantize(Decimal("0.0001")) == Decimal(120)
    assert read(pace_cell(one)).text == "+0,8% tiến độ đều: 120,0"


def test_a_level_without_a_baseline_has_no_even_pace():
    one = planned(low=60, figures=[(2026, 9, "58")])
    assert one.even is None
    assert pace_cell(one) == "—"


def test_across_a_new_series_nothing_is_compared():
    one = planned(low=60, figures=[(2025, 9, "50"), (2025, 12, "51"), (2026, 6, "57", "new series"), (2026, 9, "58")])
    assert read(before_cell(one)).text == f"{gettext('series break')} 50,0 (9 tháng 2025)"


def test_without_the_same_months_of_last_year_there_is_a_dash():
    assert before_cell(planned(low=60, figures=[(2025, 12, "56"), (2026, 9, "58")])) == "—"

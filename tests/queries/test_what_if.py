"""What would it take: supposed years are judged by the same rules, and nothing of them is stored."""

from datetime import date
from decimal import Decimal

import pytest

from indicators.models import Figure
from indicators.queries.progress import progress
from indicators.queries.what_if import growth_path, judge_what_if, open_years
from tests.factories import make_figure, make_indicator, make_target

pytestmark = pytest.mark.django_db

AS_OF = date(2023, 6, 1)


def running_average():
    """An average of 7 to 7.5 over 2021–2025 with two years known."""
    indicator = make_indicator(kind="rate", better="higher", path="linear")
    make_target(
        indicator=indicator,
        first_year=2021,
        last_year=2025,
        bound="between",
        low=7,
        high=Decimal("7.5"),
        basis="average",
    )
    for year, value in ((2021, "6.67"), (2022, "7.22")):
        make_figure(indicator=indicator, year=year, value=Decimal(value), published_on=date(year + 1, 2, 1))
    return progress(AS_OF)[0]


def test_the_years_to_come_are_open():
    assert open_years(running_average()) == (2023, 2024, 2025)


def test_enough_in_every_year_to_come_meets_the_target():
    found = judge_what_if(running_average(), dict.fromkeys((2023, 2024, 2025), Decimal("7.04")), AS_OF)
    assert found.result.verdict.status == "achieved"
    assert found.result.verdict.measured_value == (Decimal("6.67") + Decimal("7.22") + 3 * Decimal("7.04")) / 5


def test_too_little_in_every_year_to_come_misses_it():
    found = judge_what_if(running_average(), dict.fromkeys((2023, 2024, 2025), Decimal("7.03")), AS_OF)
    assert found.result.verdict.status == "missed"


def test_some_of_the_years_leave_it_running():
    found = judge_what_if(running_average(), {2023: Decimal(2)}, AS_OF)
    assert found.result.verdict.status == "off_track"
    assert found.result.verdict.details.known_months == 36


def test_nothing_supposed_is_no_result():
    assert judge_what_if(running_average(), {}, AS_OF).result is None


def test_a_known_year_cannot_be_supposed_away():
    assert judge_what_if(running_average(), {2021: Decimal(99)}, AS_OF).values == {}


def test_nothing_is_stored():
    row, before = running_average(), Figure.objects.count()
    judge_what_if(row, {2023: Decimal(9)}, AS_OF)
    assert Figure.objects.count() == before
    assert progress(AS_OF)[0].verdict == row.verdict


def test_a_level_grows_from_its_latest_whole_year():
    indicator = make_indicator(kind="level", better="higher", path="compound")
    make_target(indicator=indicator, first_year=2021, last_year=2025, bound="at_least", low=76, basis="value")
    make_figure(indicator=indicator, year=2022, value=50, published_on=date(2023, 2, 1))
    make_figure(indicator=indicator, year=2023, through_month=3, value=99, published_on=date(2023, 4, 1))
    values = growth_path(progress(AS_OF)[0], Decimal(10))
    assert values == {2023: Decimal("55.0000"), 2024: Decimal("60.5000"), 2025: Decimal("66.5500")}


def test_a_rate_does_not_grow():
    assert growth_path(running_average(), Decimal(10)) == {}


def test_a_final_verdict_leaves_nothing_to_suppose():
    indicator = make_indicator(kind="level", better="higher", path="linear")
    make_target(indicator=indicator, first_year=2022, last_year=2022, bound="at_least", low=5, basis="value")
    make_figure(indicator=indicator, year=2022, value=6, published_on=date(2023, 2, 1))
    assert open_years(progress(AS_OF)[0]) == ()


def test_a_target_long_past_supposes_nothing(client, public):
    make_target(indicator=make_indicator(code="past"), first_year=2016, last_year=2020, decided_on="2015-10-01")
    assert "y2020" not in client.get("/indicators/past/").content.decode()


@pytest.mark.parametrize("growth", ["9999999", "-101", "99999999999", "1e9", "NaN"])
def test_a_growth_that_cannot_be_is_a_clear_400(client, public, growth):
    indicator = make_indicator(code="amount", unit_vi="tỷ đồng", kind="flow")
    make_target(indicator=indicator, basis="total", first_year=2026, last_year=2030, low="7", decided_on="2025-10-01")
    make_figure(indicator=indicator, year=2025, value="5")
    assert client.get(f"/indicators/amount/?growth={growth}").status_code == 400

"""What a typed figure would do once it is approved."""

from datetime import date

import pytest

from indicators.assessment import Status
from indicators.queries.impact import aggregate_impact, figure_impacts
from indicators.sentences import describe_comparison, describe_effect, describe_reading
from tests.factories import make_aggregate, make_figure, make_indicator, make_target, new_aggregate, new_figure

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


def test_a_first_figure_would_be_in_force_and_move_the_verdict():
    target = make_target(low="7", last_year=2025)
    typed = new_figure(indicator=target.indicator, year=2025, value="7.5", status="final", published_on="2026-03-01")
    found = figure_impacts([typed], TODAY)[target.indicator_id]
    assert found.is_own
    ((before, after),) = found.changed
    assert (before.verdict.status, after.verdict.status) == (Status.NO_DATA, Status.EXCEEDED)


def test_an_estimate_after_a_final_figure_changes_nothing():
    target = make_target(low="7")
    final = make_figure(indicator=target.indicator, year=2025, value="7.5", status="final")
    typed = new_figure(indicator=target.indicator, year=2025, value="5", status="estimate", published_on="2026-06-01")
    found = figure_impacts([typed], TODAY)[target.indicator_id]
    assert (found.in_force.value, found.is_own, found.changed) == (final.value, False, [])
    assert "Số có hiệu lực vẫn là 7,5 (chính thức)" in describe_effect(found, "vi")


def test_an_answer_without_a_value_is_never_in_force():
    typed = new_figure(value=None, qualifier="nil")
    found = figure_impacts([typed], TODAY)[typed.indicator_id]
    assert (found.in_force, found.is_own) == (None, False)
    assert "không có số" in describe_effect(found, "vi")


def test_a_part_moves_the_verdict_of_what_its_parts_decide():
    whole = make_indicator(judged_by_parts=True)
    parts = [make_indicator(parent=whole) for _number in range(2)]
    make_target(indicator=whole, bound="parts")
    for part in parts:
        make_target(indicator=part, low="7")
    make_figure(indicator=parts[0], year=2025, value="7", status="final")
    typed = new_figure(indicator=parts[1], year=2025, value="8", status="final", published_on="2026-03-01")
    found = figure_impacts([typed], TODAY)[parts[1].pk]
    assert {after.target.indicator_id for _before, after in found.changed} == {whole.pk, parts[1].pk}


def test_many_figures_ask_no_more_of_the_database_than_few(django_assert_max_num_queries):
    typed = [new_figure(indicator=make_target().indicator) for _number in range(20)]
    with django_assert_max_num_queries(14):
        figure_impacts(typed, TODAY)


def test_nothing_is_stored():
    typed = new_figure()
    figure_impacts([typed], TODAY)
    assert typed.pk is None


def test_a_figure_is_read_back_in_digits_and_words():
    indicator = make_indicator(unit_vi="tỷ đồng", unit_en="billion đồng", kind="flow")
    typed = new_figure(indicator=indicator, year=2019, through_month=9, value="5056", status="estimate")
    assert describe_reading(typed, "vi") == "9 tháng năm 2019: 5.056 tỷ đồng (ước) – năm nghìn không trăm năm mươi sáu"


def test_it_is_set_against_the_plan_and_the_same_period_last_year():
    indicator = make_indicator(unit_vi="tỷ đồng", kind="flow")
    plan = make_target(indicator=indicator, scope="annual", first_year=2019, last_year=2019, low="5448")
    before = make_figure(indicator=indicator, year=2018, through_month=9, value="3690")
    typed = new_figure(indicator=indicator, year=2019, through_month=9, value="5056", status="estimate")
    assert describe_comparison(typed, before, plan, "vi") == "92,8% kế hoạch · +37,0% so với 9 tháng 2018"


def test_a_rate_is_set_against_the_plan_in_points():
    indicator = make_indicator(kind="rate", decimals=2)
    plan = make_target(indicator=indicator, scope="annual", first_year=2025, last_year=2025, low="8.5")
    typed = new_figure(indicator=indicator, year=2025, value="8.06")
    assert describe_comparison(typed, None, plan, "vi") == "-0,44 điểm % so với kế hoạch"


# An average or total that a source prints


@pytest.fixture
def average_of_term():
    """A target for the average of 2021–2025 that the yearly figures miss."""
    target = make_target(low="7", basis="average", first_year=2021, last_year=2025)
    for year in range(2021, 2026):
        make_figure(indicator=target.indicator, year=year, value="6", status="final", published_on="2026-03-01")
    return target


def published(target, value, **fields):
    span = {"first_year": 2021, "last_year": 2025, "status": "final", "published_on": "2026-04-01"}
    return new_aggregate(indicator=target.indicator, value=value, **span | fields)


def moves(aggregate):
    found = aggregate_impact(aggregate, TODAY)
    return [(before.verdict.status, after.verdict.status) for before, after in found]


def test_a_published_average_changes_the_verdict_at_once(average_of_term):
    assert moves(published(average_of_term, "9.9")) == [(Status.MISSED, Status.EXCEEDED)]


def test_one_of_another_span_changes_nothing(average_of_term):
    assert moves(published(average_of_term, "9.9", first_year=2022)) == []


def test_what_is_stored_is_held_against_itself_without_its_old_value(average_of_term):
    stored = published(average_of_term, "9.9")
    stored.save()
    stored.value = 5
    assert moves(stored) == [(Status.EXCEEDED, Status.MISSED)]


def test_beside_a_firmer_one_it_changes_nothing(average_of_term):
    span = {"first_year": 2021, "last_year": 2025, "status": "final", "published_on": "2026-05-01"}
    make_aggregate(indicator=average_of_term.indicator, value="6.2", **span)
    assert moves(published(average_of_term, "9.9", status="estimate")) == []

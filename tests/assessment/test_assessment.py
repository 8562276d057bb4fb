"""The judgement of one target, rule by rule. Section numbers refer to the method; the cases are worked by hand.

The 58 worked cases are in tests/queries/test_progress.py, random ones in tests/assessment/test_assessment_properties.py.
"""

from datetime import date
from decimal import Decimal

import pytest
import time_machine

from indicators.assessment import Reason, Status, Verdict, aggregates_in_force, figures_in_force, judge, judge_by_parts
from indicators.text.periods import Period
from tests.factories import aggregate_fact as aggregate
from tests.factories import figure_fact as figure
from tests.factories import target_fact as target

UNDER_WAY = date(2023, 6, 1)
AUTUMN_2025 = date(2025, 10, 5)
AFTER_THE_END = date(2026, 7, 1)


def average(**fields):
    """At least 7 as the average of 2021–2025 of a rate."""
    return target(**({"kind": "rate", "basis": "average", "bound": "at_least", "low": "7"} | fields))


def total(**fields):
    """At least 500 as the total of 2021–2025 of a flow."""
    return target(**({"kind": "flow", "basis": "total", "bound": "at_least", "low": "500"} | fields))


def plan(**fields):
    """At least 120 as the flow of 2025."""
    return target(**({"kind": "flow", "first_year": 2025, "bound": "at_least", "low": "120"} | fields))


def spending():
    """At most 120 as the flow of 2025."""
    return plan(better="lower", bound="at_most", low=None, high="120")


def ceiling(high, bound="at_most", **fields):
    """Lower is better, and at most `high`."""
    return target(**({"better": "lower", "bound": bound, "high": high} | fields))


def between(low, high, better="higher", bound="between", **fields):
    return target(**({"better": better, "bound": bound, "low": low, "high": high} | fields))


def years(*values, first=2021, **fields):
    """Full-year figures from the year `first` on."""
    return [figure(first + place, value, **fields) for place, value in enumerate(values)]


def outcome(verdict):
    """Status and reason as codes."""
    return str(verdict.status), str(verdict.reason)


def final(fact, value, **fields):
    """The status when `value` is the figure of 2025."""
    return str(judge(fact, [figure(2025, value, **fields)], [], AFTER_THE_END).status)


# --- §1 which version is in force


@pytest.mark.parametrize(
    ("loses", "wins"),
    [
        ({"qualifier": "about", "status": "final"}, {"qualifier": "exact", "status": "estimate"}),
        ({"status": "estimate"}, {"status": "reported"}),
        ({"status": "reported"}, {"status": "preliminary"}),
        ({"status": "preliminary"}, {"status": "final"}),
        ({"status": "estimate", "published_on": "2022-06-01"}, {"status": "reported", "published_on": "2022-01-01"}),
        ({"published_on": "2022-01-01"}, {"published_on": "2022-01-02"}),
        ({"source": "a"}, {"source": "b"}),
        ({"source": "B"}, {"source": "a"}),
        ({"qualifier": "about"}, {"qualifier": "over", "published_on": "2022-02-01"}),
        ({"reliability": "B", "source": "z"}, {"reliability": "A", "source": "a"}),
        ({"reliability": "C", "source": "z"}, {"reliability": "B", "source": "a"}),
        ({"reliability": "", "source": "z"}, {"reliability": "C", "source": "a"}),
        ({"reliability": "A", "published_on": "2022-01-01"}, {"reliability": "C", "published_on": "2022-01-02"}),
    ],
)
def test_of_two_versions_the_exact_then_the_firmer_then_the_later_then_the_more_reliable_is_in_force(loses, wins):
    versions = [figure(2021, "1", **loses), figure(2021, "2", **wins)]
    for order in (versions, versions[::-1]):
        assert figures_in_force(order, date(2023, 1, 1))[Period(2021)].value == 2


def test_aggregates_are_in_force_by_the_same_order():
    early = aggregate(2021, 2022, "6", published_on="2023-01-01")
    late = aggregate(2021, 2022, "7", published_on="2023-02-01")
    assert aggregates_in_force([late, early], date(2023, 1, 31)) == {(2021, 2022, "average"): early}
    assert aggregates_in_force([late, early], date(2023, 2, 1)) == {(2021, 2022, "average"): late}


def test_a_version_is_in_force_from_the_day_it_is_published():
    versions = [figure(2021, "2", published_on="2022-01-13")]
    assert figures_in_force(versions, date(2022, 1, 12)) == {}
    assert list(figures_in_force(versions, date(2022, 1, 13))) == [Period(2021)]


@pytest.mark.parametrize("qualifier", ["nil", "uncollected"])
def test_an_answer_without_a_value_is_never_in_force(qualifier):
    versions = [figure(2021, None, qualifier=qualifier), figure(2021, "5", status="estimate", qualifier="about")]
    assert figures_in_force(versions, date(2023, 1, 1))[Period(2021)].value == 5


# --- §2 bounds


@pytest.mark.parametrize(
    ("fact", "value", "status"),
    [
        (target(low="30", bound="at_least"), "29.9999", "missed"),
        (target(low="30", bound="at_least"), "30", "achieved"),
        (target(low="30", bound="at_least"), "30.0001", "exceeded"),
        (ceiling("4"), "4.1", "missed"),
        (ceiling("4"), "4.0", "achieved"),
        (ceiling("4"), "3.9", "exceeded"),
        (between("7", "7.5"), "6.9", "missed"),
        (between("7", "7.5"), "7", "achieved"),
        (between("7", "7.5"), "7.5", "achieved"),
        (between("7", "7.5"), "7.6", "exceeded"),
        (between("3", "4", better="lower"), "4.1", "missed"),
        (between("3", "4", better="lower"), "4", "achieved"),
        (between("3", "4", better="lower"), "2.9", "exceeded"),
        (between("19", "20", better="band"), "18.9", "missed"),
        (between("19", "20", better="band"), "19", "achieved"),
        (between("19", "20", better="band"), "20.1", "missed"),
    ],
)
def test_a_value_is_held_against_the_bounds(fact, value, status):
    assert final(fact, value) == status


@pytest.mark.parametrize("value", ["3", "3.0", "3.0000"])
def test_a_strict_bound_is_not_met_by_its_own_value(value):
    assert final(ceiling("3", bound="less_than"), value) == "missed"
    assert final(target(bound="more_than", low="3"), value) == "missed"


def test_a_strict_bound_is_never_exceeded():
    assert final(ceiling("3", bound="less_than"), "0.1") == "achieved"
    assert final(target(bound="more_than", low="30"), "99") == "achieved"


@pytest.mark.parametrize(
    ("value", "status"), [("170.9", "missed"), ("171", "achieved"), ("199.5", "achieved"), ("199.6", "exceeded")]
)
def test_about_moves_both_bounds_outwards_by_5_percent(value, status):
    assert final(between("180", "190", bound="about"), value) == status


@pytest.mark.parametrize(("value", "status"), [("-10.6", "missed"), ("-10.5", "achieved"), ("-9.4", "exceeded")])
def test_about_moves_a_negative_bound_outwards_too(value, status):
    assert final(between("-10", "-10", bound="about"), value) == status


@pytest.mark.parametrize(
    ("fact", "qualifier", "status"),
    [
        (target(bound="at_least", low="30"), "over", "exceeded"),
        (target(bound="at_least", low="30"), "under", "missed"),
        (target(bound="at_least", low="30"), "about", "achieved"),
        (target(bound="more_than", low="30"), "over", "achieved"),
        (ceiling("30"), "over", "missed"),
        (ceiling("30"), "under", "exceeded"),
        (ceiling("30", bound="less_than"), "under", "achieved"),
        (between("20", "30", better="band"), "over", "missed"),
        (between("20", "30"), "over", "exceeded"),
    ],
)
def test_a_qualified_value_equal_to_the_bound_lies_beside_it(fact, qualifier, status):
    assert final(fact, "30", qualifier=qualifier) == status


def test_a_qualifier_changes_nothing_away_from_the_bound():
    assert final(target(bound="at_least", low="30"), "29", qualifier="over") == "missed"
    assert final(target(bound="at_least", low="30"), "31", qualifier="under") == "exceeded"


def test_nothing_is_rounded_before_it_is_compared():
    verdict = judge(average(low="7"), years("6.99", "6.99", "6.99", "6.99", "7.0399"), [], AFTER_THE_END)
    assert outcome(verdict) == ("missed", "")
    assert verdict.measured_value == Decimal("6.99998")


def test_a_mean_that_does_not_end_still_meets_its_own_value():
    fact = average(first_year=2023, low="0.3333333333", bound="at_least")
    assert judge(fact, years("1", "0", "0", first=2023), [], AFTER_THE_END).status == Status.ACHIEVED


# --- §3 what is asked first


def test_without_a_direction_nothing_is_judged():
    verdict = judge(between("1", "2", better="none"), years("5"), [], UNDER_WAY)
    assert verdict == Verdict(Status.CANNOT_JUDGE, verdict.reason)
    assert verdict.reason == "no_direction"


@pytest.mark.parametrize(
    ("broken", "reason"), [(Period(2020), ""), (Period(2021, 6), "series_break"), (Period(2025), "series_break")]
)
def test_a_break_of_the_series_counts_after_the_baseline(broken, reason):
    figures = [figure(2020, "20"), *years("22", "24", "26", "28", "31")]
    figures.append(figure(*broken[:1], "21", broken.through_month, series_break=True, published_on="2026-02-01"))
    assert judge(target(), figures, [], AFTER_THE_END).reason == reason


def test_a_break_of_the_series_after_the_target_date_is_no_matter():
    figures = [figure(2025, "31"), figure(2026, "5", 3, series_break=True)]
    assert judge(target(), figures, [], AFTER_THE_END).status == Status.EXCEEDED


def test_compound_growth_cannot_be_averaged_over_a_fall_to_nothing():
    fact = average(path="compound")
    assert outcome(judge(fact, years("5", "-100"), [], UNDER_WAY)) == ("cannot_judge", "non_positive_values")
    assert outcome(judge(average(), years("5", "-100"), [], UNDER_WAY)) == ("off_track", "")


@pytest.mark.parametrize(
    ("fact", "figures", "expected"),
    [
        (target(), years("22", "24"), ("no_data", "no_figure_for_target_year")),
        (plan(), [figure(2025, "90", 9)], ("no_data", "no_figure_for_target_year")),
        (average(), years("7", "7", "7", "7"), ("cannot_judge", "missing_years")),
        (average(), [figure(2025, "7", 9)], ("no_data", "no_figure")),
        (total(), [figure(2025, "80", 9)], ("cannot_judge", "missing_years")),
        (total(), [], ("no_data", "no_figure")),
    ],
)
def test_an_ended_target_without_its_figures_says_what_is_missing(fact, figures, expected):
    assert outcome(judge(fact, figures, [], AFTER_THE_END)) == expected


def test_until_30_june_a_target_is_judged_as_running_and_awaits_its_figure():
    verdict = judge(plan(), [figure(2025, "90", 9)], [], date(2026, 6, 30))
    assert outcome(verdict) == ("on_track", "")
    assert verdict.details.awaiting


def test_nothing_is_awaited_before_the_last_year_is_over():
    assert not judge(plan(), [figure(2025, "90", 9)], [], date(2025, 12, 31)).details.awaiting


def test_a_final_verdict_stands_after_the_end():
    assert judge(plan(), [figure(2025, "120")], [], date(2050, 1, 1)).status == Status.ACHIEVED


# --- §4 final and early verdicts


@pytest.mark.parametrize(
    ("fact", "through_september", "expected"),
    [
        (plan(), "119.9", "on_track"),
        (plan(), "120", "achieved"),
        (plan(), "121", "exceeded"),
        (plan(bound="more_than"), "120", "on_track"),
        (plan(bound="more_than"), "121", "achieved"),
        (plan(bound="between", high="130"), "131", "exceeded"),
        (spending(), "120", "off_track"),
        (spending(), "120.1", "missed"),
        (plan(better="band", bound="between", high="130"), "131", "off_track"),
        (plan(kind="rate"), "121", "on_track"),
    ],
)
def test_only_a_flow_is_decided_before_its_year_ends(fact, through_september, expected):
    assert judge(fact, [figure(2025, through_september, 9)], [], AUTUMN_2025).status == expected


def test_a_total_is_decided_as_soon_as_it_is_reached():
    assert judge(total(), years("200", "300"), [], UNDER_WAY).status == Status.ACHIEVED
    assert judge(total(), [*years("200", "290"), figure(2023, "11", 3)], [], UNDER_WAY).status == Status.EXCEEDED


def test_an_average_is_never_decided_early():
    assert judge(average(kind="flow"), years("40", "40"), [], UNDER_WAY).status == Status.ON_TRACK


def test_a_floor_of_zero_is_not_met_early():
    assert outcome(judge(plan(low="0"), [figure(2025, "5", 9)], [], AUTUMN_2025)) == (
        "cannot_judge",
        "non_positive_target",
    )


def test_an_early_verdict_stands_after_the_end_without_the_full_year():
    assert judge(plan(), [figure(2025, "121", 9)], [], date(2030, 1, 1)).status == Status.EXCEEDED


def test_a_published_average_over_the_targets_years_wins_and_ours_is_kept():
    figures = years("6.67", "7.22", "7", "6.01", "8.06")
    verdict = judge(
        average(low="7", high="7.5", bound="between"), figures, [aggregate(2021, 2025, "7.1")], AFTER_THE_END
    )
    assert outcome(verdict) == ("achieved", "")
    assert verdict.measured_value == Decimal("7.1")
    assert verdict.details.own_value == Decimal("6.992")


def test_a_published_average_gives_way_to_years_that_are_all_firmer():
    published = [aggregate(2021, 2025, "7.1", status="estimate")]
    assert judge(average(), years(*["6"] * 5), published, AFTER_THE_END).measured_value == 6
    mixed = [*years("6", "6", "6", "6"), figure(2025, "6", status="estimate")]
    assert judge(average(), mixed, published, AFTER_THE_END).measured_value == Decimal("7.1")


@pytest.mark.parametrize(
    ("status", "published_on", "value"),
    [
        ("final", "2026-03-02", 6),  # no less firm and later: the average was made before
        ("final", "2026-03-01", 7),  # of the same day
        ("reported", "2026-03-02", 7),  # later, but less firm
    ],
)
def test_a_published_average_gives_way_to_a_year_published_since_that_is_no_less_firm(status, published_on, value):
    published = [aggregate(2021, 2025, "7", published_on="2026-03-01")]
    figures = [*years("6", "6", "6", "6"), figure(2025, "6", status=status, published_on=published_on)]
    verdict = judge(average(), figures, published, AFTER_THE_END)
    assert verdict.measured_value == value
    assert (verdict.details.gave_way, verdict.details.is_overtaken) == (
        (published[0], True) if value == 6 else (None, False)
    )


def test_a_published_average_is_not_overtaken_while_a_year_is_missing():
    published = [aggregate(2021, 2025, "7", published_on="2025-11-01")]
    assert judge(average(), years("6", "6", "6", first=2022), published, AFTER_THE_END).measured_value == 7


def test_what_the_average_that_gave_way_would_give_is_kept():
    published = aggregate(2021, 2025, "7.1", status="estimate")
    details = judge(
        average(high="7.5", bound="between", low="7"), years(*["6"] * 5), [published], AFTER_THE_END
    ).details
    assert (details.gave_way, details.gave_way_status, details.own_value) == (published, "achieved", None)


def test_a_published_average_alone_is_enough():
    verdict = judge(average(), [], [aggregate(2021, 2025, "7.1")], AFTER_THE_END)
    assert outcome(verdict) == ("exceeded", "")
    assert verdict.details.own_value is None


def test_a_sole_published_average_keeps_its_qualifier_and_a_mean_does_not():
    assert judge(average(), [], [aggregate(2021, 2025, "7", qualifier="over")], AFTER_THE_END).status == Status.EXCEEDED
    assert judge(average(), years(*["7"] * 5, qualifier="over"), [], AFTER_THE_END).status == Status.ACHIEVED


def test_an_average_from_the_first_year_fills_a_gap_and_later_years_are_added():
    verdict = judge(average(), years("8", "9", first=2022), [aggregate(2021, 2022, "6")], date(2024, 6, 1))
    assert verdict.measured_value == 7
    assert verdict.details.known_months == 36


def test_an_average_over_years_that_are_all_known_is_left_aside():
    verdict = judge(average(), years("6.67", "7.22"), [aggregate(2021, 2022, "6.95")], UNDER_WAY)
    assert verdict.measured_value == Decimal("6.945")


def test_of_several_averages_that_fill_a_gap_the_longest_is_used():
    published = [aggregate(2021, 2022, "6"), aggregate(2021, 2023, "8")]
    assert judge(average(), [], published, date(2024, 6, 1)).measured_value == 8


@pytest.mark.parametrize(
    "other", [aggregate(2022, 2023, "9"), aggregate(2020, 2023, "9"), aggregate(2021, 2023, "9", measure="total")]
)
def test_an_average_of_other_years_or_another_measure_is_not_used(other):
    assert judge(average(), years("6"), [other], UNDER_WAY).measured_value == 6


# --- §5 levels


def at_the_end_of_2022(value, **fields):
    """The verdict on "at least 30 in 2025" that stood at 20 in 2020 and at `value` two years later."""
    return judge(target(**fields), [figure(2020, "20"), figure(2022, value)], [], UNDER_WAY)


def in_september_2025(value):
    """The same with three months left."""
    return judge(target(), [figure(2020, "20"), figure(2025, value, 9)], [], AUTUMN_2025)


def test_a_level_is_extended_in_a_straight_line():
    verdict = at_the_end_of_2022("23")
    assert outcome(verdict) == ("at_risk", "")
    assert verdict.forecast == Decimal("27.5")
    assert verdict.pace_ratio == Decimal("0.75")
    assert verdict.needed_pace == Decimal(7) / 3
    assert verdict.acceleration == Decimal(7) / 3 / Decimal("1.5")


def test_a_compound_level_is_extended_by_its_yearly_growth():
    fact = target(low="32", bound="at_least", path="compound", last_year=2024)
    verdict = judge(fact, [figure(2020, "10"), figure(2022, "20")], [], UNDER_WAY)
    assert verdict.forecast == pytest.approx(40)
    assert verdict.pace_ratio == pytest.approx(Decimal(30) / 22)
    assert float(verdict.needed_pace) == pytest.approx(100 * (1.6**0.5 - 1))


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("24", "on_track"),
        ("23.8", "on_track"),  # R is 0.95
        ("23.796", "at_risk"),  # just below
        ("23", "at_risk"),
        ("22.8", "off_track"),  # R is 0.70, but 1.71 times the pace is needed
        ("22", "off_track"),
        ("19.9", "moving_away"),
    ],
)
def test_a_level_is_graded_by_the_share_its_pace_would_deliver(value, status):
    assert at_the_end_of_2022(value).status == status


@pytest.mark.parametrize(
    ("value", "status"), [("29.5", "on_track"), ("29.025", "at_risk"), ("28.55", "at_risk"), ("28.455", "off_track")]
)
def test_with_too_little_time_left_the_grade_goes_one_step_down(value, status):
    """R is 1, 0.95, 0.90 and 0.89; the last three need more than twice the pace so far."""
    assert in_september_2025(value).status == status


def test_a_level_that_stood_still_is_off_track_without_an_acceleration():
    verdict = at_the_end_of_2022("20")
    assert outcome(verdict) == ("off_track", "")
    assert verdict.pace_ratio == 0
    assert verdict.acceleration is None


def test_a_level_already_met_is_on_track_when_its_last_change_keeps_it():
    figures = [figure(2021, "31"), figure(2022, "31.5")]
    verdict = judge(target(), figures, [], UNDER_WAY)
    assert outcome(verdict) == ("on_track", "")
    assert verdict.forecast == 33
    assert (verdict.pace_ratio, verdict.needed_pace, verdict.acceleration) == (None, None, None)


def test_a_level_already_met_is_reversing_when_its_last_change_loses_it():
    verdict = judge(target(), [figure(2021, "34"), figure(2022, "32")], [], UNDER_WAY)
    assert outcome(verdict) == ("at_risk", "reversing")
    assert verdict.forecast == 26


@pytest.mark.parametrize(
    ("before", "expected"),
    [("24.1", ("at_risk", "reversing")), ("24", ("on_track", "")), ("23.9", ("on_track", ""))],
)
def test_a_level_on_track_on_average_is_at_risk_when_its_last_change_leads_away(before, expected):
    """From 20 in 2020 to 24 in 2022: just the pace for 30 in 2025."""
    verdict = judge(target(), [figure(2020, "20"), figure(2021, before), figure(2022, "24")], [], UNDER_WAY)
    assert outcome(verdict) == expected
    assert (verdict.pace_ratio, verdict.needed_pace, verdict.forecast) == (1, 2, 30)


def test_a_level_that_fell_to_a_strict_bound_is_reversing_too():
    """Better than on the way would be no worse: at 30.1 it would meet the target and be reversing."""
    fact = target(bound="more_than", low="30")
    for value in ("29.9", "30", "30.1"):
        figures = [figure(2020, "20"), figure(2021, "35"), figure(2022, value)]
        assert outcome(judge(fact, figures, [], UNDER_WAY)) == ("at_risk", "reversing")


def test_the_last_change_within_a_year_is_none():
    figures = [figure(2020, "20"), figure(2022, "40", 6), figure(2022, "24")]
    assert outcome(judge(target(), figures, [], UNDER_WAY)) == ("on_track", "")


def test_the_last_change_is_taken_over_at_least_twelve_months():
    figures = [figure(2021, "30"), figure(2022, "40", 6), figure(2022, "32")]
    assert judge(target(), figures, [], UNDER_WAY).forecast == 38


def test_a_level_met_by_its_only_figure_is_on_track():
    verdict = judge(target(), [figure(2019, "50"), figure(2022, "30")], [], UNDER_WAY)
    assert outcome(verdict) == ("on_track", "")
    assert verdict.forecast is None


def test_without_a_baseline_only_the_needed_pace_is_given():
    verdict = judge(target(), [figure(2022, "24")], [], UNDER_WAY)
    assert outcome(verdict) == ("cannot_judge", "no_baseline")
    assert verdict.needed_pace == 2
    assert verdict.measured_value == 24


def test_without_a_baseline_a_band_is_approached_from_where_the_level_stands():
    fact = between("19", "20", better="band")
    assert judge(fact, [figure(2022, "23")], [], UNDER_WAY).needed_pace == -1
    assert judge(fact, [figure(2022, "16")], [], UNDER_WAY).needed_pace == 1


def test_no_needed_pace_is_given_where_it_cannot_be_computed():
    verdict = judge(target(path="compound"), [figure(2022, "-5")], [], UNDER_WAY)
    assert outcome(verdict) == ("cannot_judge", "no_baseline")
    assert verdict.needed_pace is None


@pytest.mark.parametrize(("month", "reason"), [(11, "too_early"), (12, "")])
def test_one_year_of_five_is_enough_to_judge(month, reason):
    figures = [figure(2020, "20"), figure(2021, "22", month)]
    assert judge(target(), figures, [], date(2022, 6, 1)).reason == reason


def test_the_baseline_may_be_another_year():
    fact = target(baseline_year=2018)
    verdict = judge(fact, [figure(2018, "16"), figure(2020, "1"), figure(2022, "24")], [], UNDER_WAY)
    assert verdict.pace_ratio == 1
    assert verdict.details.baseline.year == 2018


def test_a_level_that_was_met_at_the_baseline_and_is_no_longer_moves_away():
    verdict = judge(target(), [figure(2020, "31"), figure(2022, "29")], [], UNDER_WAY)
    assert outcome(verdict) == ("moving_away", "met_at_baseline")
    assert (verdict.pace_ratio, verdict.needed_pace, verdict.acceleration, verdict.forecast) == (None,) * 4


@pytest.mark.parametrize(("value", "status"), [("30", "off_track"), ("29", "moving_away")])
def test_a_strict_bound_at_the_baseline_leaves_no_way_to_measure_along(value, status):
    verdict = judge(target(bound="more_than", low="30"), [figure(2020, "30"), figure(2022, value)], [], UNDER_WAY)
    assert outcome(verdict) == (status, "")
    assert verdict.pace_ratio is None


@pytest.mark.parametrize(
    ("value", "qualifier", "expected"),
    [
        ("19", "under", ("off_track", "")),
        ("18", "exact", ("moving_away", "")),
        ("20.1", "exact", ("at_risk", "overshooting")),
        ("20", "over", ("at_risk", "overshooting")),
        ("19.2", "exact", ("on_track", "")),
    ],
)
@pytest.mark.parametrize("side", [1, -1])
def test_a_qualified_baseline_at_the_edge_of_a_band_leaves_no_way_to_measure_along(side, value, qualifier, expected):
    """Under 19 lies below the band of 19 to 20; the same upside down."""
    mirrored = {"under": "over", "over": "under"}
    low, high = sorted(["19", "20"] if side > 0 else ["-20", "-19"], key=Decimal)
    at = lambda year, number, how: figure(  # noqa: E731
        year, str(side * Decimal(number)), qualifier=how if side > 0 else mirrored.get(how, how)
    )
    fact = between(low, high, better="band")
    verdict = judge(fact, [at(2020, "19", "under"), at(2022, value, qualifier)], [], UNDER_WAY)
    assert outcome(verdict) == expected
    assert (verdict.pace_ratio, verdict.needed_pace, verdict.acceleration) == (None, None, None)


@pytest.mark.parametrize("values", [("-5", "10"), ("0", "10"), ("5", "-1")])
def test_a_compound_path_needs_positive_values(values):
    figures = [figure(2020, values[0]), figure(2022, values[1])]
    assert judge(target(path="compound"), figures, [], UNDER_WAY).reason == "non_positive_values"
    assert judge(target(path="linear"), figures, [], UNDER_WAY).reason == ""


def test_a_band_is_overshot_when_the_pace_leads_out_on_the_other_side():
    verdict = judge(between("19", "20", better="band"), [figure(2020, "24"), figure(2022, "21")], [], UNDER_WAY)
    assert outcome(verdict) == ("at_risk", "overshooting")
    assert verdict.forecast == Decimal("16.5")


@pytest.mark.parametrize(("as_of", "reason"), [(date(2024, 12, 31), ""), (date(2025, 1, 1), "stale")])
def test_a_level_older_than_24_months_is_stale(as_of, reason):
    verdict = judge(target(), [figure(2020, "20"), figure(2022, "24")], [], as_of)
    assert verdict.reason == reason
    assert verdict.measured_value == 24


def test_a_lower_level_is_better_where_lower_is_better():
    figures = [figure(2020, "10"), figure(2022, "8")]
    assert judge(ceiling("5"), figures, [], UNDER_WAY).pace_ratio == 1
    assert judge(ceiling("5"), figures, [], UNDER_WAY).needed_pace == -1


def test_the_forecast_keeps_the_qualifier_of_the_latest_figure():
    figures = [figure(2021, "30"), figure(2022, "30", qualifier="under")]
    assert outcome(judge(target(bound="at_least", low="29"), figures, [], UNDER_WAY)) == ("on_track", "")
    falling = [figure(2021, "32"), figure(2022, "31.25", qualifier="under")]
    assert judge(target(bound="at_least", low="29"), falling, [], UNDER_WAY).forecast == 29
    assert outcome(judge(target(bound="at_least", low="29"), falling, [], UNDER_WAY)) == ("at_risk", "reversing")


# --- §5 ranks


@pytest.mark.parametrize(
    ("rank", "status"), [("20", "on_track"), ("25", "at_risk"), ("30", "off_track"), ("31", "moving_away")]
)
def test_a_rank_is_held_against_its_baseline_without_a_forecast(rank, status):
    verdict = judge(ceiling("20", kind="rank"), [figure(2020, "30"), figure(2022, rank)], [], UNDER_WAY)
    assert verdict.status == status
    assert (verdict.pace_ratio, verdict.needed_pace, verdict.forecast) == (None, None, None)


def test_a_rank_without_a_baseline_gives_no_needed_pace():
    verdict = judge(ceiling("20", kind="rank"), [figure(2022, "25")], [], UNDER_WAY)
    assert outcome(verdict) == ("cannot_judge", "no_baseline")
    assert verdict.needed_pace is None


# --- §5 flows, rates and averages


def test_a_flow_is_held_against_the_even_year():
    verdict = judge(plan(), [figure(2025, "81", 9)], [], AUTUMN_2025)
    assert outcome(verdict) == ("at_risk", "")
    assert verdict.measured_value == 81
    assert verdict.pace_ratio == Decimal("0.9")
    assert verdict.needed_pace == 156
    assert verdict.acceleration == Decimal(156) / 108


def test_a_rate_is_not_accumulated_over_the_year():
    verdict = judge(plan(kind="rate", low="8", bound="at_least"), [figure(2025, "6", 6)], [], AUTUMN_2025)
    assert verdict.pace_ratio == Decimal("0.75")
    assert verdict.needed_pace == 10


def test_an_average_needs_what_the_known_years_leave():
    verdict = judge(average(), years("6", "7"), [], UNDER_WAY)
    assert verdict.measured_value == Decimal("6.5")
    assert verdict.pace_ratio == Decimal("6.5") / 7
    assert verdict.needed_pace == Decimal(22) / 3


def test_compound_growth_is_averaged_by_its_product():
    verdict = judge(
        average(path="compound", low="10", bound="at_least", last_year=2023), years("0", "21"), [], UNDER_WAY
    )
    assert verdict.measured_value == pytest.approx(Decimal(10))
    assert verdict.pace_ratio == pytest.approx(Decimal(1))
    assert verdict.needed_pace == pytest.approx(Decimal(10))


def test_a_published_compound_average_stands_for_all_its_years():
    published = [aggregate(2021, 2022, "10")]
    fact = average(path="compound", low="10", bound="at_least", last_year=2023)
    assert judge(fact, years("10", first=2023), published, AFTER_THE_END).measured_value == pytest.approx(Decimal(10))


def test_a_total_adds_the_running_year_to_the_known_ones():
    figures = [*years("100", "90"), figure(2023, "60", 6), figure(2023, "20", 3)]
    verdict = judge(total(), figures, [], date(2023, 8, 1))
    assert verdict.measured_value == 250
    assert verdict.pace_ratio == 1
    assert verdict.needed_pace == 100


def test_a_running_year_before_a_known_one_is_not_added():
    figures = [figure(2021, "60", 6), figure(2022, "90")]
    assert judge(total(), figures, [], UNDER_WAY).measured_value == 90


def test_a_missing_year_counts_as_still_to_come_while_the_target_runs():
    verdict = judge(average(), [figure(2021, "7"), figure(2023, "7")], [], date(2024, 6, 1))
    assert verdict.measured_value == 7
    assert verdict.needed_pace == 7


def test_a_ceiling_is_judged_the_other_way_round():
    verdict = judge(spending(), [figure(2025, "72", 6)], [], AUTUMN_2025)
    assert outcome(verdict) == ("at_risk", "")
    assert verdict.pace_ratio == Decimal(120) / 144
    assert verdict.needed_pace == 96
    assert verdict.acceleration == Decimal(144) / 96


def test_an_acceleration_of_exactly_the_limit_is_not_yet_too_fast():
    """With 75 spent by June the pace of 150 must fall to 90: 1/0.60."""
    assert judge(spending(), [figure(2025, "75", 6)], [], AUTUMN_2025).status == Status.AT_RISK
    assert judge(spending(), [figure(2025, "75.01", 6)], [], AUTUMN_2025).status == Status.OFF_TRACK


def test_a_ceiling_with_nothing_spent_is_on_track_without_a_ratio():
    verdict = judge(spending(), [figure(2025, "-3", 6)], [], AUTUMN_2025)
    assert outcome(verdict) == ("on_track", "")
    assert verdict.pace_ratio is None
    assert verdict.needed_pace == 246


def test_a_ceiling_used_up_counts_as_beyond_every_acceleration():
    verdict = judge(spending(), [figure(2025, "120", 11)], [], date(2025, 12, 5))
    assert outcome(verdict) == ("at_risk", "")  # R is 0.92: one step down is not allowed above 0.90
    assert verdict.acceleration is None
    assert judge(spending(), [figure(2025, "120", 9)], [], AUTUMN_2025).status == Status.OFF_TRACK


@pytest.mark.parametrize(
    ("value", "status", "needed"), [("20", "on_track", None), ("15", "at_risk", "23"), ("24", "at_risk", "18")]
)
def test_a_band_of_a_rate_is_a_floor_below_and_a_ceiling_above(value, status, needed):
    fact = between("19", "21", better="band", kind="rate", first_year=2025)
    verdict = judge(fact, [figure(2025, value, 6)], [], AUTUMN_2025)
    assert verdict.status == status
    assert verdict.needed_pace == (needed and Decimal(needed))


@pytest.mark.parametrize("low", ["0", "-3"])
def test_a_pace_cannot_be_held_against_nothing(low):
    assert judge(average(low=low, bound="at_least"), years("5"), [], UNDER_WAY).reason == "non_positive_target"


def test_a_negative_pace_is_shown_as_nothing_and_not_as_moving_away():
    verdict = judge(average(), years("-3", "1"), [], UNDER_WAY)
    assert outcome(verdict) == ("off_track", "")
    assert verdict.pace_ratio == 0


@pytest.mark.parametrize(("month", "reason"), [(2, "too_early"), (3, "")])
def test_a_fifth_of_the_year_must_be_known(month, reason):
    assert judge(plan(), [figure(2025, "20", month)], [], date(2025, 5, 1)).reason == reason


def test_an_average_with_part_of_a_year_only_is_too_early():
    verdict = judge(average(), [figure(2021, "7", 9)], [], date(2021, 11, 1))
    assert outcome(verdict) == ("cannot_judge", "too_early")
    assert verdict.measured_value is None


def test_only_full_years_keep_an_average_from_being_stale():
    figures = [figure(2021, "7"), figure(2023, "7", 6)]
    assert judge(average(), figures, [], date(2024, 1, 1)).reason == "stale"


def test_with_nothing_published_there_is_no_data():
    for fact in (target(), average(), total(), plan(), ceiling("20", kind="rank")):
        verdict = judge(fact, [], [], UNDER_WAY)
        assert (verdict.status, verdict.reason, verdict.measured_value) == (Status.NO_DATA, Reason.NO_FIGURE, None)


@pytest.mark.parametrize(("last", "expected"), [("6.01", ("at_risk", "unprecedented")), ("6.9", ("on_track", ""))])
def test_an_average_that_needs_more_than_any_year_gave_is_at_risk(last, expected):
    verdict = judge(average(), years("6.67", "7.22", "7", last), [], date(2025, 6, 1))
    assert outcome(verdict) == expected
    assert verdict.needed_pace == 35 - sum(map(Decimal, ("6.67", "7.22", "7", last)))


def test_a_year_without_precedent_is_named_with_the_one_that_came_closest():
    verdict = judge(average(), years("6.67", "7.22", "7", "6.01"), [], date(2025, 6, 1))
    assert verdict.details.precedent.value == Decimal("7.22")
    verdict = judge(average(), years("6.9", "6.9", "7.1"), [], date(2024, 6, 1))
    assert verdict.details.precedent is None


def test_two_known_years_are_no_precedent():
    assert outcome(judge(average(), years("6.7", "6.7"), [], UNDER_WAY)) == ("on_track", "")
    assert outcome(judge(average(), years("6.7", "6.7", "6.7"), [], date(2024, 6, 1))) == ("at_risk", "unprecedented")


def test_a_year_under_a_published_average_is_a_precedent_and_that_average_is_none():
    published = [aggregate(2021, 2023, "6.7")]
    figures = [figure(2021, "6.7"), figure(2023, "6.7"), figure(2024, "6.7")]
    verdict = judge(average(), figures, published, date(2025, 6, 1))
    assert outcome(verdict) == ("at_risk", "unprecedented")
    assert outcome(judge(average(), figures[1:], published, date(2025, 6, 1))) == ("on_track", "")


def test_a_total_and_a_ceiling_are_held_against_precedent_too():
    assert outcome(judge(total(), years("98", "98", "98"), [], date(2024, 6, 1))) == ("at_risk", "unprecedented")
    above = average(better="lower", bound="at_most", low=None, high="7")
    assert outcome(judge(above, years("7.2", "7.2", "7.2"), [], date(2024, 6, 1))) == ("at_risk", "unprecedented")
    assert outcome(judge(above, years("7.2", "6.5", "7.5"), [], date(2024, 6, 1))) == ("on_track", "")


# --- §6 parts


def part(status, **fields):
    return Verdict(Status(status), **fields)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["achieved", "exceeded"], ("achieved", "")),
        (["exceeded", "on_track", "at_risk"], ("at_risk", "")),
        (["moving_away", "off_track"], ("moving_away", "")),
        (["missed", "moving_away"], ("missed", "")),
        (["achieved", "no_data"], ("cannot_judge", "parts_unjudged")),
        (["achieved", "cannot_judge"], ("cannot_judge", "parts_unjudged")),
        (["achieved", None], ("cannot_judge", "parts_unjudged")),
        (["missed", None, "no_data"], ("missed", "")),
        ([], ("cannot_judge", "parts_unjudged")),
    ],
)
def test_the_worst_part_decides_once_all_are_judged(parts, expected):
    assert outcome(judge_by_parts([status and part(status) for status in parts])) == expected


def test_a_verdict_by_parts_carries_the_flags_of_any_part_that_has_a_verdict():
    verdict = judge_by_parts([part("achieved", provisional=True), part("exceeded", approximate=True)])
    assert (verdict.provisional, verdict.approximate) == (True, True)
    unjudged = judge_by_parts([part("missed"), part("cannot_judge", provisional=True)])
    assert unjudged.provisional is False


# --- §7 flags and what the sentence needs


@pytest.mark.parametrize(
    ("status", "qualifier", "flags"),
    [
        ("estimate", "exact", (True, False)),
        ("preliminary", "exact", (True, False)),
        ("reported", "exact", (False, False)),
        ("final", "about", (False, True)),
        ("estimate", "over", (True, True)),
    ],
)
def test_estimates_and_qualified_figures_are_told(status, qualifier, flags):
    verdict = judge(target(), [figure(2025, "40", status=status, qualifier=qualifier)], [], AFTER_THE_END)
    assert (verdict.provisional, verdict.approximate) == flags


@pytest.mark.parametrize(("published_on", "provisional"), [("2025-12-31", True), ("2026-01-01", False)])
def test_what_was_published_before_its_period_was_over_is_provisional(published_on, provisional):
    verdict = judge(target(), [figure(2025, "40", published_on=published_on)], [], AFTER_THE_END)
    assert verdict.provisional is provisional
    published = aggregate(2021, 2025, "7", published_on=published_on)
    assert judge(average(), [], [published], AFTER_THE_END).provisional is provisional


@pytest.mark.parametrize(("published_on", "provisional"), [("2022-09-30", True), ("2022-10-01", False)])
def test_the_period_of_nine_months_ends_with_september(published_on, provisional):
    figures = [figure(2020, "20"), figure(2022, "24", 9, published_on=published_on)]
    assert judge(target(), figures, [], UNDER_WAY).provisional is provisional


@pytest.mark.parametrize(
    ("fact", "value", "nearly"),
    [
        (target(bound="at_least", low="100"), "98", True),
        (target(bound="at_least", low="100"), "97.9999", False),
        (target(bound="at_least", low="100"), "100", False),
        (target(bound="more_than", low="3"), "3", True),
        (ceiling("100"), "102", True),
        (ceiling("100"), "102.0001", False),
        (ceiling("3", bound="less_than"), "3.06", True),
        (between("76", "78"), "75.2", True),
        (between("76", "78"), "71.1", False),
        (between("50", "100", better="lower"), "102", True),
        (between("50", "100", better="band"), "49", True),
        (between("50", "100", better="band"), "102", True),
        (between("50", "100", better="band"), "48.9", False),
        (between("100", "100", bound="about"), "93.1", True),  # 2 % below 95
        (between("100", "100", bound="about"), "93", False),
        (target(bound="at_least", low="-100"), "-102", True),
        (target(bound="at_least", low="0"), "-0.0001", False),
        (target(bound="more_than", low="0"), "0", True),
        (ceiling("100", kind="rank"), "101", False),
    ],
)
def test_missed_by_at_most_2_percent_of_the_bound_is_nearly(fact, value, nearly):
    verdict = judge(fact, [figure(2025, value)], [], AFTER_THE_END)
    assert verdict.nearly is nearly
    assert not nearly or verdict.status == Status.MISSED


def test_an_early_verdict_and_one_by_parts_are_never_nearly():
    assert judge(spending(), [figure(2025, "120.1", 9)], [], AUTUMN_2025).nearly is False
    assert judge(spending(), [figure(2025, "120.1")], [], AFTER_THE_END).nearly is True
    assert judge_by_parts([part("missed", nearly=True)]).nearly is False


def test_the_baseline_does_not_make_a_verdict_provisional():
    figures = [figure(2020, "20", status="estimate", qualifier="about"), figure(2022, "24")]
    verdict = judge(target(), figures, [], UNDER_WAY)
    assert (verdict.provisional, verdict.approximate) == (False, False)


def test_the_details_name_the_versions_measured_and_the_deciding_bound():
    figures = years("6", "7")
    verdict = judge(average(bound="about", low="10", high="12"), figures, [], UNDER_WAY)
    assert verdict.details.used == tuple(figures)
    assert verdict.details.known_months == 24
    assert verdict.details.limit == Decimal("9.5")


def test_a_verdict_does_not_depend_on_today():
    with time_machine.travel(date(2050, 1, 1)):
        later = at_the_end_of_2022("23")
    assert later == at_the_end_of_2022("23")

"""Whether a number can be right: every rule by an example, and what all of them keep to."""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import assume, given
from hypothesis import strategies as st

from indicators import assessment
from indicators.models import Figure, Indicator, Target
from indicators.staff.plausibility import (
    RULES,
    Context,
    ProposedValue,
    comparable,
    contexts,
    find_warnings,
)
from indicators.text.periods import Period
from tests.factories import figure_fact, make_figure, make_indicator, make_target

YEAR = Period(2025)
LAST_YEAR = Period(2024)
NINE_MONTHS = Period(2025, 9)
OPTIONS = ("qualifier", "series_break", "status", "published_on", "issued_on")
DAY = date(2026, 11, 22)

kinds = st.sampled_from(["level", "flow", "rate", "rank"])
values = st.decimals("-99999999999.9999", "99999999999.9999", places=4)
amounts = st.decimals("0.0001", "99999.9999", places=4)
periods = st.builds(Period, st.integers(2010, 2030), st.integers(1, 12))


def indicator(kind="level", unit="tỷ đồng", **fields):
    """An indicator that is not stored; it needs none of the database."""
    return Indicator(pk=1, code="x", name_vi="Chỉ tiêu", kind=kind, unit_vi=unit, **{"decimals": 1} | fields)


def proposed(value, period=YEAR, **fields):
    options = {name: fields.pop(name) for name in OPTIONS if name in fields}
    return ProposedValue(indicator(**fields), period, Decimal(value), **options)


def context_of(**figures):
    """A context of values by period: `known(y2024="7", y2025_9="5")`."""
    return Context({_period(name): Decimal(value) for name, value in figures.items()})


def _period(name):
    year, _, months = name.removeprefix("y").partition("_")
    return Period(int(year), int(months or 12))


def rules(reading, context):
    return [warning.rule for warning in find_warnings(reading, context)]


# --- size


@pytest.mark.parametrize(
    ("typed", "rule", "meant"),
    [
        ("3180", "unit", "3.18"),
        ("3180000", "unit", "3.18"),
        ("318", "unit", "3.18"),
        ("0.0318", "unit", "3.18"),
        ("0.0032", "unit", "3.2"),
        ("31.8", "ten_times", "3.18"),
        ("0.318", "ten_times", "3.18"),
    ],
)
def test_a_slip_of_the_unit_or_the_decimal_mark_tells_what_was_probably_meant(typed, rule, meant):
    [warning] = find_warnings(proposed(typed), context_of(y2024="3.5"))
    assert (warning.rule, warning.suggestion) == (rule, Decimal(meant))


def test_the_question_tells_the_numbers_and_what_to_do():
    [warning] = find_warnings(proposed("5056000", NINE_MONTHS, kind="flow"), context_of(y2024_9="5000"))
    assert warning.message == (
        "5.056.000 tỷ đồng bằng khoảng 1.000 lần mức có thể chờ đợi khi đã biết 5.000 tỷ đồng (9 tháng năm 2024)."
        " Nếu nguồn ghi 5.056 tỷ đồng thì hãy nhập như vậy."
    )


def test_the_question_is_asked_in_english_too():
    with override("en"):
        [warning] = find_warnings(proposed("3180", unit_en="billion VND"), context_of(y2024="3.5"))
    assert "about 1,000 times what one expects after 3.5 billion VND (2024)" in warning.message


def test_thirty_times_is_asked_without_a_suggestion():
    [warning] = find_warnings(proposed("105"), context_of(y2024="3.5"))
    assert (warning.rule, warning.suggestion) == ("ten_times", None)


def test_nearly_twice_last_year_is_an_ordinary_change():
    assert rules(proposed("18063.8", kind="flow"), context_of(y2024="9805.5")) == []


def test_last_year_counts_before_an_earlier_version_of_the_same_period():
    assert rules(proposed("3.18"), context_of(y2024="3.5", y2025="3180")) == ["revision"]


def test_a_flow_of_nine_months_is_held_against_three_quarters_of_a_year():
    assert rules(proposed("90", NINE_MONTHS, kind="flow"), context_of(y2024="120")) == []
    [warning] = find_warnings(proposed("900", NINE_MONTHS, kind="flow"), context_of(y2024="120"))
    assert warning.suggestion == 90


def test_the_plan_gives_the_size_of_a_first_figure():
    plan = Target(bound="at_least", low=Decimal("6150.1"))
    [warning] = find_warnings(proposed("6200000"), Context(plan=plan))
    assert warning.suggestion == 6200
    assert "kế hoạch năm" in warning.message


def test_growth_passes_through_zero():
    assert rules(proposed("6.72", kind="rate", unit="%"), context_of(y2024="0.47")) == []
    assert rules(proposed("0.47", kind="rate", unit="%"), context_of(y2024="6.72")) == []
    assert rules(proposed("-1.79", kind="rate", unit="%"), context_of(y2024="8.36")) == []


def test_growth_far_beyond_every_known_one_is_asked():
    [warning] = find_warnings(proposed("67.2", kind="rate", unit="%"), context_of(y2024="6.67"))
    assert warning.suggestion == Decimal("6.72")


@pytest.mark.parametrize(("value", "growth"), [("107.7", "7.7"), ("98.4", "-1.6"), ("100", "0")])
def test_an_index_of_growth_is_recognised_and_never_divided_by_ten(value, growth):
    growths = {"y2024": "6.01", "y2023": "7", "y2022": "7.22"}
    [warning] = find_warnings(proposed(value, kind="rate", unit="%"), context_of(**growths))
    assert (warning.rule, warning.suggestion) == ("index", Decimal(growth))


def test_growth_that_was_near_a_hundred_before_is_no_index():
    assert "index" not in rules(proposed("107.7", kind="rate", unit="%"), context_of(y2024="95", y2023="60"))


def test_a_handful_more_communes_is_no_wonder():
    assert rules(proposed("13", kind="flow", unit="xã", decimals=0), context_of(y2024="1")) == []
    assert rules(proposed("130", kind="flow", unit="xã", decimals=0), context_of(y2024="13")) == ["ten_times"]


def test_a_zero_where_there_was_something_is_asked():
    assert rules(proposed("0", kind="flow"), context_of(y2024="5056")) == ["zero"]
    assert rules(proposed("0", kind="flow"), context_of(y2024="5056", y2020="0")) == []
    assert rules(proposed("0", kind="flow", decimals=0), context_of(y2024="3")) == []


# --- shares, sums of a year, signs, ranks


def test_a_share_below_nothing_is_no_question():
    [warning] = find_warnings(proposed("-1.79", unit="%"), context_of(y2024="49"))
    assert (warning.rule, warning.is_certain) == ("share", True)


def test_a_value_that_is_no_share_is_not_added_to_the_others():
    assert parts("28.33", "47.22", "4.17", own="8098.2") == ["share"]
    assert parts("28.33", "47.22", "8098.2") == []


def test_no_value_is_suggested_that_no_source_would_print():
    [warning] = find_warnings(proposed("11728.3", decimals=2, kind="rate", unit="%"), context_of(y2024="8.16"))
    assert (warning.rule, warning.suggestion) == ("unit", None)


@pytest.mark.parametrize(("value", "rule"), [("100.1", ["share"]), ("-0.1", ["share"]), ("100", []), ("0", [])])
def test_a_share_lies_between_nothing_and_all(value, rule):
    assert rules(proposed(value, unit="%"), Context()) == rule


def test_growth_is_no_share():
    assert rules(proposed("-2", kind="rate", unit="%"), Context()) == []


def test_a_rate_beyond_a_hundred_percent_is_asked_unless_one_was_that_large():
    assert rules(proposed("1234", kind="rate", unit="%"), Context()) == ["rate"]
    assert rules(proposed("150", kind="rate", unit="%"), context_of(y2024="120")) == []
    assert rules(proposed("100", kind="rate", unit="%"), Context()) == []
    assert rules(proposed("150", kind="rate", unit="tỷ đồng"), Context()) == []


def parts(*others, own="20.28", better="band", **fields):
    """The warnings about `own` beside the other shares of a structure."""
    siblings = {pk: None if share is None else Decimal(share) for pk, share in enumerate(others, 2)}
    reading = proposed(own, unit="%", parent_id=9, better=better, **fields)
    return rules(reading, Context(siblings=siblings | {1: None}))


@pytest.mark.parametrize(
    ("others", "rule"),
    [
        (("28.33", "47.22", "4.17"), []),
        (("28.33", "47.22", "4.27"), []),
        (("28.33", "47.22", "4.28"), ["shares"]),
        (("28.33", "47.22", "4.06"), ["shares"]),
        (("28.33", "47.22", None), []),
    ],
)
def test_shares_add_up_to_a_hundred_within_a_tenth(others, rule):
    assert parts(*others) == rule


def test_only_a_structure_adds_up():
    assert parts("10", better="higher") == []
    assert parts("10", kind="rate") == []


def test_a_share_that_is_only_about_right_is_not_added():
    assert parts("28.33", "47.22", "4.4", qualifier="over") == []


def test_an_indicator_without_sisters_has_nothing_to_add_up():
    assert parts() == []


@pytest.mark.parametrize(
    ("value", "others", "rule"),
    [
        ("5000", {"y2025_3": "5056"}, ["year_to_date"]),
        ("5056", {"y2025_3": "5056"}, []),
        ("5056", {"y2025": "5000"}, ["year_to_date"]),
        ("5056", {"y2025": "7000"}, []),
        ("5056", {"y2024_3": "6000"}, []),
        ("5056", {"y2025_3": "-20", "y2025": "5000"}, []),
    ],
)
def test_what_accumulates_does_not_shrink_within_a_year(value, others, rule):
    assert [
        first for first in rules(proposed(value, NINE_MONTHS, kind="flow"), context_of(**others)) if first != "unit"
    ] == rule


def test_a_level_may_fall_within_a_year():
    assert rules(proposed("5000", NINE_MONTHS), context_of(y2025_3="5056")) == []


def test_an_amount_that_never_was_negative_is_asked_about():
    [warning] = find_warnings(proposed("-50"), context_of(y2024="52"))
    assert (warning.rule, warning.suggestion) == ("sign", 50)
    assert rules(proposed("-50"), context_of(y2024="52", y2023="-40")) == []


@pytest.mark.parametrize(
    ("value", "rule"), [("16", []), ("1", []), ("0", ["rank"]), ("1.5", ["rank"]), ("-3", ["rank"])]
)
def test_a_rank_is_a_whole_number_from_one_on(value, rule):
    assert rules(proposed(value, kind="rank", unit="hạng"), Context()) == rule


def test_no_rank_is_no_question():
    [warning] = find_warnings(proposed("0", kind="rank", unit="hạng"), Context())
    assert warning.is_certain


# --- history

FIVE_YEARS = {"y2020": "10", "y2021": "12", "y2022": "14", "y2023": "16", "y2024": "18"}


@pytest.mark.parametrize(("value", "rule"), [("22", []), ("6", []), ("22.1", ["history"]), ("5.9", ["history"])])
def test_the_range_of_five_values_is_widened_by_half_of_it(value, rule):
    assert rules(proposed(value), context_of(**FIVE_YEARS)) == rule


def test_four_values_are_no_history():
    four = {name: value for name, value in FIVE_YEARS.items() if name != "y2020"}
    assert rules(proposed("30"), context_of(**four)) == []


def test_months_of_a_flow_are_not_held_against_whole_years():
    assert rules(proposed("4", Period(2025, 3), kind="flow"), context_of(**FIVE_YEARS)) == []
    assert rules(proposed("30", kind="flow"), context_of(**FIVE_YEARS)) == ["history"]


def test_a_little_after_years_without_change_is_no_wonder():
    steady = context_of(**dict.fromkeys(FIVE_YEARS, "95"))
    assert rules(proposed("97", unit="%"), steady) == []
    assert rules(proposed("80", unit="%"), steady) == ["history"]


def test_a_sharper_rule_speaks_alone():
    assert rules(proposed("16000"), context_of(**FIVE_YEARS)) == ["unit"]


# --- against what is in force of the same period


def test_a_new_version_far_from_the_one_in_force_is_asked():
    [warning] = find_warnings(proposed("45", unit="triệu đồng"), context_of(y2025="71.1", y2024="61.1"))
    assert warning.message.startswith("45 triệu đồng sẽ thay cho 71,1 triệu đồng, số đã biết của chính kỳ này.")


@pytest.mark.parametrize(
    ("value", "in_force", "fields", "rule"),
    [
        ("110", "100", {}, []),
        ("110.1", "100", {}, ["revision"]),
        ("8.06", "8.41", {"kind": "rate", "unit": "%"}, []),
        ("2.32", "1.36", {"unit": "%"}, []),
        ("2.37", "1.36", {"unit": "%"}, ["revision"]),
        ("60.6", "58.5", {"unit": "%"}, []),
        ("16", "15", {"kind": "rank", "unit": "hạng"}, ["revision"]),
        ("15", "15", {"kind": "rank", "unit": "hạng"}, []),
    ],
)
def test_revisions_are_a_tenth_at_most_in_percent_a_point_in_ranks_none(value, in_force, fields, rule):
    assert rules(proposed(value, **fields), context_of(y2025=in_force)) == rule


# --- when it came out


def out(status, published_on, issued_on=None):
    issued = issued_on and date.fromisoformat(issued_on)
    return {"status": status, "published_on": date.fromisoformat(published_on), "issued_on": issued}


@pytest.mark.parametrize(
    ("publication", "rule"),
    [
        (out("final", "2025-11-29"), ["early"]),
        (out("reported", "2025-09-25"), ["early"]),
        (out("final", "2025-11-30"), []),
        (out("estimate", "2025-09-25"), []),
        (out("final", "2026-01-05", "2026-01-05"), []),
        (out("final", "2026-01-05", "2026-01-06"), ["source"]),
        (out("final", "2026-01-05", "2024-12-31"), ["source"]),
        (out("final", "2026-01-05", "2025-01-01"), []),
    ],
)
def test_a_value_comes_out_when_its_period_has_ended_and_its_source_is_there(publication, rule):
    assert rules(proposed("7", **publication), Context()) == rule


def test_what_came_out_too_early_is_told_with_its_day():
    [warning] = find_warnings(proposed("7", NINE_MONTHS, **out("final", "2025-06-30")), Context())
    assert "30/06/2025" in warning.message
    assert "9 tháng năm 2025" in warning.message


# --- what all rules keep to


def test_after_a_series_break_the_past_says_nothing():
    assert rules(proposed("65", unit="xã", series_break=True), context_of(y2024="20000")) == []


@given(values, kinds, st.sampled_from(["%", "tỷ đồng", "hạng"]), st.dictionaries(periods, values, max_size=8))
def test_no_rule_stumbles(value, kind, unit, figures):
    reading = proposed(value, kind=kind, unit=unit, parent_id=9, better="band")
    siblings = dict(enumerate(figures.values(), 2))
    plan = Target(bound="at_most", high=value)
    assert all(warning.message for warning in find_warnings(reading, Context(figures, siblings, plan)))


@given(values, st.sampled_from(["level", "flow", "rate"]))
def test_where_nothing_is_known_nothing_is_asked(value, kind):
    assert find_warnings(proposed(value, kind=kind), Context()) == []


@given(amounts, kinds.filter("rank".__ne__), st.dictionaries(periods, amounts, max_size=8), st.integers(1, 12))
def test_a_thousand_times_last_year_is_always_asked_and_last_year_suggested(value, kind, figures, months):
    figures[Period(2024, months)] = value
    warnings = find_warnings(proposed(value * 1000, Period(2025, months), kind=kind), Context(figures))
    assert value in [warning.suggestion for warning in warnings]


@given(st.integers(1, 99), kinds, st.lists(st.integers(1, 99), max_size=8), st.integers(1, 12))
def test_the_value_of_last_year_is_never_asked_about(value, kind, earlier, months):
    figures = {Period(2023 - place, months): Decimal(first) for place, first in enumerate(earlier)}
    figures[Period(2024, months)] = Decimal(value)
    assert find_warnings(proposed(value, Period(2025, months), kind=kind, unit="%"), Context(figures)) == []


@given(amounts, amounts, kinds)
def test_a_suggestion_is_not_doubted_for_its_size(value, last_year, kind):
    context = Context({LAST_YEAR: last_year})
    for warning in find_warnings(proposed(value, kind=kind), context):
        assume(warning.suggestion is not None)
        assert not {"unit", "ten_times"} & set(rules(proposed(warning.suggestion, kind=kind), context))


def test_every_rule_has_a_case_of_its_own():
    assert len(RULES) == len({rule.__name__ for rule in RULES}) == 14


# --- loading


def test_values_beyond_a_series_break_are_left_out():
    facts = [figure_fact(2019, "200"), figure_fact(2025, "65", series_break=True), figure_fact(2026, "66")]
    figures = {Period(fact.year): fact for fact in facts}
    assert comparable(figures, Period(2020)) == {Period(2019): 200}
    assert comparable(figures, Period(2027)) == {Period(2025): 65, Period(2026): 66}


@pytest.mark.django_db
def test_what_is_known_is_loaded_in_three_queries(django_assert_num_queries):
    parent = make_indicator(better="band")
    first, other = (make_indicator(parent=parent, better="band") for _ in range(2))
    for year in (2020, 2021):
        make_figure(indicator=first, year=year, value="40")
    make_figure(indicator=other, value="60")
    plan = make_target(
        indicator=first, scope="annual", first_year=2021, last_year=2021, bound="between", low="39", high="41"
    )
    with django_assert_num_queries(3):
        warnings = contexts([first, other], Period(2021), DAY)
    assert warnings[first.pk] == Context(
        {Period(2020): 40, Period(2021): 40}, {first.pk: 40, other.pk: 60}, plan, Decimal(39)
    )
    assert warnings[other.pk].plan is None


@pytest.mark.django_db
def test_the_edited_record_and_what_is_not_public_say_nothing():
    edited = make_figure(value="6.5")
    make_figure(indicator=edited.indicator, year=2020, state="entered")
    make_figure(indicator=edited.indicator, year=2019, published_on="2026-12-01")
    warnings = contexts([edited.indicator], Period(2021), DAY, without=[edited.pk])
    assert warnings[edited.indicator_id] == Context()


@pytest.mark.django_db
def test_a_sister_that_is_only_about_right_counts_as_missing():
    parent = make_indicator(better="band")
    first, other = (make_indicator(parent=parent, better="band") for _ in range(2))
    make_figure(indicator=other, value="47", qualifier="over")
    assert contexts([first], Period(2021), DAY)[first.pk].siblings == {first.pk: None, other.pk: None}


# --- real figures


def warnings_of_each(figures):
    """The warnings about each figure, taken in the order of publication, each against those before it."""
    earlier, warnings = defaultdict(list), []
    for figure in figures:
        before = assessment.figures_in_force(earlier[figure.indicator_id], date.max)
        fields = figure.value, figure.qualifier, figure.series_break, figure.status, figure.published_on
        reading = ProposedValue(figure.indicator, figure.period, *fields, figure.source.issued_on)
        warnings.append(find_warnings(reading, Context(comparable(before, figure.period))))
        earlier[figure.indicator_id].append(
            figure_fact(
                figure.year,
                figure.value,
                figure.through_month,
                status=figure.status,
                qualifier=figure.qualifier,
                published_on=figure.published_on,
                series_break=figure.series_break,
                source=figure.source.code,
            )
        )
    return warnings


@pytest.mark.django_db
@pytest.mark.usefixtures("langson")
def test_of_the_real_figures_only_ten_are_asked_about():
    figures = Figure.objects.exclude(value=None).select_related("indicator", "source")
    each = warnings_of_each(figures.order_by("published_on", "year", "through_month", "pk"))
    warnings = [warning.rule for warnings_of_figure in each for warning in warnings_of_figure]
    assert sum(map(bool, each)) == 10
    assert Counter(warnings) == {"history": 3, "early": 5, "revision": 3, "source": 1}


@pytest.mark.django_db
@pytest.mark.usefixtures("langson")
def test_the_real_shares_of_2024_add_up():
    shares = list(Indicator.objects.filter(parent__code="grdp-structure"))
    known_then = contexts(shares, LAST_YEAR, DAY)
    warnings = [
        find_warnings(ProposedValue(first, LAST_YEAR, known_then[first.pk].siblings[first.pk]), known_then[first.pk])
        for first in shares
    ]
    assert warnings == [[], [], [], []]

"""From what is stored to judged rows: the worked cases, the real data, and what a row carries, at what cost."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction

from indicators.datapackage.loader import load_package
from indicators.datapackage.reader import PackageInvalid
from indicators.models import Aggregate, Figure, Indicator, Target
from indicators.queries.progress import known_on, progress, target_fact
from indicators.sentences import sentence
from indicators.text.periods import Period
from tests.factories import (
    make_aggregate,
    make_figure,
    make_indicator,
    make_official_verdict,
    make_sector,
    make_source,
    make_target,
    make_term,
    write_package,
)

pytestmark = pytest.mark.django_db

HERE = Path(__file__).resolve().parents[1]
METHOD_CASES = HERE / "method_cases"
LANGSON = HERE.parent / "fixtures" / "langson"
NUMBERS = ["measured_value", "pace_ratio", "needed_pace", "acceleration", "forecast"]


def loaded(package, judge, unblock):
    """What `judge` finds in a database that holds only `package`; nothing stays."""
    with unblock(), transaction.atomic():
        load_package(package)
        found = judge()
        transaction.set_rollback(True)
    return found


# --- the worked cases of the method


def expected_cases():
    with (METHOD_CASES / "expected.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def judge_cases():
    """The row of each case on its own day, by indicator."""
    rows = {}
    for case in expected_cases():
        targets = Target.objects.filter(indicator__code=case["indicator"])
        (rows[case["indicator"]],) = progress(date.fromisoformat(case["as_of"]), targets)
    return rows


@pytest.fixture(scope="module")
def case_rows(django_db_setup, django_db_blocker):
    return loaded(METHOD_CASES, judge_cases, django_db_blocker.unblock)


def test_all_58_cases_are_there():
    assert len(expected_cases()) == 58


@pytest.mark.parametrize("case", expected_cases(), ids=lambda case: case["indicator"])
def test_a_worked_case_shows_what_it_must(case, case_rows):
    verdict = case_rows[case["indicator"]].verdict
    assert (verdict.status, verdict.reason) == (case["status"], case["reason"])
    flags = ("provisional", "approximate", "nearly")
    assert {flag: str(getattr(verdict, flag)).lower() for flag in flags} == {flag: case[flag] for flag in flags}
    for name in NUMBERS:
        number = getattr(verdict, name)
        assert (number is None) == (case[name] == ""), name
        assert number is None or abs(number - Decimal(case[name])) <= Decimal("0.00005"), name


# --- the real data


def judge_langson():
    """Rows by day, then by indicator, scope and last year."""
    days = [date(2021, 1, 10), date(2023, 12, 31), date(2025, 12, 1), date(2026, 11, 22)]
    return {day: {_name(row.target): row for row in progress(day)} for day in days}


def _name(target):
    return target.indicator.code, target.scope, target.last_year


@pytest.fixture(scope="module")
def langson(django_db_setup, django_db_blocker):
    return loaded(LANGSON, judge_langson, django_db_blocker.unblock)


NOVEMBER_2026 = date(2026, 11, 22)


def test_growth_2021_2022_averages_what_its_source_prints_rounded(langson):
    """The published 6.95 covers years that are all known: our own mean counts while the term runs."""
    row = langson[date(2023, 12, 31)]["grdp-growth", "term", 2025]
    assert row.verdict.measured_value == (Decimal("6.67") + Decimal("7.22")) / 2
    assert row.verdict.status == "on_track"
    assert row.versions.aggregates[2021, 2022, "average"].value == Decimal("6.95")


def test_the_published_growth_2021_2025_was_overtaken_by_the_figure_of_2025(langson):
    """7,1 was made in November 2025 with the old estimate of 2025; both stay, and the sentence says what 7,1 would give."""
    row = langson[NOVEMBER_2026]["grdp-growth", "term", 2025]
    verdict = row.verdict
    assert (verdict.status, verdict.measured_value) == ("missed", Decimal("6.992"))
    assert verdict.measured_value == sum(map(Decimal, ("6.67", "7.22", "7.0", "6.01", "8.06"))) / 5
    assert (verdict.nearly, verdict.provisional) == (True, True)
    published = verdict.details.gave_way
    assert (published.value, verdict.details.gave_way_status) == (Decimal("7.1"), "achieved")
    assert verdict.details.is_overtaken
    assert "7,1%" in sentence(row, "vi")
    assert "7.1%" in sentence(row, "en")


def test_growth_2021_2025_stood_on_the_published_average_until_the_figure_of_2025_came(langson):
    verdict = langson[date(2025, 12, 1)]["grdp-growth", "term", 2025].verdict
    assert (verdict.status, verdict.measured_value) == ("achieved", Decimal("7.1"))
    assert verdict.provisional


def test_grdp_per_capita_2025_is_missed(langson):
    row = langson[NOVEMBER_2026]["grdp-per-capita", "term", 2025]
    assert (row.verdict.status, row.verdict.measured_value) == ("missed", Decimal("71.1"))
    assert not row.verdict.nearly  # 6.4 % below
    assert row.verdict.provisional  # of September 2025, though called a figure of the year
    assert (row.target.low, row.target.high) == (76, 78)


def test_growth_2020_is_missed_and_its_first_estimate_stays(langson):
    verdict = langson[NOVEMBER_2026]["grdp-growth", "annual", 2020].verdict
    assert (verdict.status, verdict.measured_value) == ("missed", Decimal("2.09"))
    load_package(LANGSON)
    versions = Figure.objects.filter(indicator__code="grdp-growth", year=2020, through_month=12)
    assert set(versions.values_list("value", flat=True)) == {Decimal("2.03"), Decimal("2.09")}


def test_before_it_was_corrected_growth_2020_was_the_first_estimate(langson):
    verdict = langson[date(2021, 1, 10)]["grdp-growth", "annual", 2020].verdict
    assert (verdict.status, verdict.measured_value, verdict.provisional) == ("missed", Decimal("2.03"), True)


def test_poverty_by_the_old_standard_is_not_judged(langson):
    for rows in langson.values():
        verdict = rows["poverty-rate", "term", 2025].verdict
        assert verdict.status == "no_data"
        assert verdict.measured_value is None


def test_the_draft_of_2030_gave_way_to_the_adopted_target(langson):
    assert langson[NOVEMBER_2026]["grdp-growth", "term", 2030].target.status == "adopted"
    assert ("grdp-growth", "term", 2030) not in langson[date(2023, 12, 31)]


# --- which rows, in which order


def codes(rows):
    return [row.target.indicator.code for row in rows]


def test_there_is_a_row_for_each_target_in_force():
    make_target(decided_on="2020-09-27", replaced_on="2023-01-01")
    later = make_target(decided_on="2023-01-01")
    assert [row.target for row in progress(date(2024, 1, 1))] == [later]
    assert progress(date(2020, 9, 26)) == []


def test_rows_come_in_the_order_of_the_official_tables():
    """Term, sector, indicator, the term's target before the year's plan, then by years and day of decision."""
    early, late = make_term(first_year=2016, last_year=2020), make_term(first_year=2021, last_year=2025)
    second, first = make_sector(order=2), make_sector(order=1)
    b, a, c = (
        make_indicator(code=code, sector=sector, order=order)
        for code, sector, order in [("b", first, 2), ("a", first, 1), ("c", second, 1)]
    )
    last_first = [
        make_target(indicator=c, term=late),
        make_target(indicator=b, term=late),
        make_target(indicator=a, term=late, scope="annual"),
        make_target(indicator=a, term=late, decided_on="2020-10-01"),
        make_target(indicator=a, term=late, first_year=2022, decided_on="2020-09-27", last_year=2024),
        make_target(indicator=a, term=late, first_year=2021, decided_on="2020-09-27", last_year=2024),
        make_target(indicator=c, term=early, last_year=2023),
    ]
    order = [last_first[place] for place in (6, 5, 4, 3, 2, 1, 0)]
    assert [row.target.pk for row in progress(date(2024, 1, 1))] == [target.pk for target in order]


def test_rows_can_be_narrowed_to_some_targets():
    make_target()
    wanted = make_target()
    assert [row.target for row in progress(date(2024, 1, 1), Target.objects.filter(pk=wanted.pk))] == [wanted]


# --- what a row carries


def test_a_row_knows_the_latest_figure_up_to_its_target_date():
    target = make_target(last_year=2023)
    for year, month in [(2021, 12), (2023, 9), (2022, 12), (2024, 6)]:
        make_figure(indicator=target.indicator, year=year, through_month=month)
    (row,) = progress(date(2024, 8, 1))
    assert (row.latest.year, row.latest.through_month) == (2023, 9)
    assert [record.year for record in row.versions.up_to(2023)] == [2021, 2022, 2023]


def test_a_row_without_figures_knows_nothing():
    make_target()
    (row,) = progress(date(2024, 8, 1))
    assert row.latest is None
    assert row.versions.figures == {}


def test_what_is_published_later_or_not_approved_is_not_known():
    target = make_target()
    make_figure(indicator=target.indicator, year=2021, published_on="2022-01-10")
    make_figure(indicator=target.indicator, year=2022, published_on="2023-01-10")
    make_figure(indicator=target.indicator, year=2020, state="submitted")
    make_aggregate(indicator=target.indicator, published_on="2023-01-10")
    (row,) = progress(date(2023, 1, 9))
    assert list(row.versions.figures) == [Period(2021)]
    assert row.versions.aggregates == {}


def test_what_is_known_agrees_with_the_queries_for_what_is_in_force():
    load_package(LANGSON)
    day = date(2025, 12, 1)
    known = known_on(day, Indicator.objects.all())
    by_judgement = {
        (pk, *period): one.value for pk, one_known in known.items() for period, one in one_known.figures.items()
    }
    by_query = Figure.objects.in_force(day).values_list("indicator_id", "year", "through_month", "value")
    assert by_judgement == {tuple(key): value for *key, value in by_query}
    spans = Aggregate.objects.in_force(day).values_list("indicator_id", "first_year", "last_year", "measure", "value")
    assert {
        (pk, *span): one.value for pk, one_known in known.items() for span, one in one_known.aggregates.items()
    } == {tuple(key): value for *key, value in spans}


def test_the_judgement_sees_target_and_indicator_as_stored():
    target = make_target(baseline_year=2019, indicator=make_indicator(kind="flow", path="compound"), basis="total")
    fact = target_fact(target)
    for name in ("first_year", "last_year", "baseline_year", "bound", "low", "high", "basis"):
        assert getattr(fact, name) == getattr(target, name)
    assert (fact.kind, fact.better, fact.path) == ("flow", "higher", "compound")


# --- the official verdict


def test_an_official_verdict_stands_beside_the_computed_one_from_its_day_and_counts():
    target = make_target()
    make_figure(indicator=target.indicator, year=2025, value="6.9", published_on="2026-01-10")
    official = make_official_verdict(target=target, verdict="achieved", decided_on="2026-03-01")
    (before,), (after,) = progress(date(2026, 2, 28)), progress(date(2026, 3, 1))
    assert (before.official, before.counts_as) == (None, "missed")
    assert (after.official, after.counts_as) == (official, "achieved")
    assert after.verdict.status == before.verdict.status == "missed"


# --- parts


@pytest.fixture
def whole():
    """A target that is judged by its parts."""
    return make_target(indicator=make_indicator(code="structure", judged_by_parts=True), bound="parts")


def make_part(whole, value=None, **target):
    """A part of `whole` with a target of at least 20 and, when a value is given, the figure of 2025."""
    indicator = make_indicator(parent=whole.indicator)
    if value is not None:
        make_figure(indicator=indicator, year=2025, value=value, published_on="2026-01-10")
    if target.pop("targeted", True):
        make_target(**({"indicator": indicator, "bound": "at_least", "low": "20"} | target))
    return indicator


def row_of(target, as_of=date(2026, 3, 1)):
    return next(row for row in progress(as_of) if row.target == target)


def test_the_worst_part_decides(whole):
    make_part(whole, "21")
    make_part(whole, "20")
    assert row_of(whole).verdict.status == "achieved"
    make_part(whole, "19")
    assert row_of(whole).verdict.status == "missed"


def test_the_parts_are_told_with_their_rows(whole):
    first, second = make_part(whole, "21"), make_part(whole, targeted=False)
    row = row_of(whole)
    assert row.part_indicators == (first, second)
    assert [part and part.verdict.status for part in row.parts] == ["exceeded", None]
    assert (row.verdict.status, row.verdict.reason) == ("cannot_judge", "parts_unjudged")


@pytest.mark.parametrize(
    "other", [{"first_year": 2022}, {"last_year": 2024}, {"scope": "annual"}, {"replaced_on": "2025-01-01"}]
)
def test_a_part_needs_a_target_in_force_of_the_same_frame(whole, other):
    make_part(whole, "21")
    make_part(whole, "21", **other)
    assert row_of(whole).verdict.reason == "parts_unjudged"


def test_a_part_needs_a_target_of_the_same_term(whole):
    make_part(whole, "21", term=make_term(code="other", last_year=2029))
    assert row_of(whole).verdict.reason == "parts_unjudged"


def test_of_two_targets_of_a_part_the_adopted_then_the_latest_speaks(whole):
    part = make_part(whole, "20", decided_on="2020-01-01")
    make_target(indicator=part, low="15", decided_on="2020-02-01", bound="at_least")
    make_target(indicator=part, low="30", decided_on="2020-03-01", bound="at_least", status="draft")
    assert row_of(whole).verdict.status == "exceeded"


def test_the_official_verdict_on_a_part_does_not_enter(whole):
    part = make_part(whole, "19")
    make_official_verdict(target=part.targets.get(), verdict="achieved", decided_on="2026-01-15")
    row = row_of(whole)
    assert row.verdict.status == "missed"
    assert row.parts[0].counts_as == "achieved"


def test_a_row_by_parts_is_complete_when_it_is_asked_for_alone(whole):
    make_part(whole, "21")
    (row,) = progress(date(2026, 3, 1), Target.objects.filter(pk=whole.pk))
    assert row.verdict.status == "exceeded"


# --- cost


def make_many(count, source):
    for _ in range(count):
        target = make_target(source=source)
        make_figure(indicator=target.indicator, source=source)
        make_aggregate(indicator=target.indicator, source=source)


@pytest.mark.parametrize("count", [1, 20])
def test_three_queries_judge_any_number_of_targets(count, django_assert_num_queries):
    make_many(count, make_source())
    with django_assert_num_queries(3):
        rows = progress(date(2024, 1, 1))
        assert [(row.target.term.name, row.target.source.title_vi, row.target.indicator.sector.name) for row in rows]
        assert [row.counts_as for row in rows] == [row.verdict.status for row in rows]
    assert len(rows) == count


@pytest.mark.parametrize("count", [1, 10])
def test_parts_cost_four_queries_more_however_many(count, whole, django_assert_num_queries):
    for _ in range(count):
        make_part(whole, "21")
    with django_assert_num_queries(7):
        rows = progress(date(2026, 3, 1))
    assert len(rows) == count + 1


def test_the_real_data_takes_no_more_queries(django_assert_num_queries):
    load_package(LANGSON)
    with django_assert_num_queries(7):
        assert len(progress(NOVEMBER_2026)) > 50


def test_a_mistyped_year_is_refused_before_it_can_stop_the_other_rows(tmp_path):
    with pytest.raises(PackageInvalid):
        load_package(write_package(tmp_path, targets=[{"last_year": "20255"}], verdicts=[]))

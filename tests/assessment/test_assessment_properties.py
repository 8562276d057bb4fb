"""What holds for every target: against the naive reading of the method in tests/oracle.py, and by general properties.

The cases are drawn so that every status and every reason comes up. Where a property and the method disagree the
method wins; each restriction is written at its test.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from math import isclose

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from indicators.assessment import (
    AggregateFact,
    FigureFact,
    Status,
    TargetFact,
    Verdict,
    aggregates_in_force,
    figures_in_force,
    judge,
    judge_by_parts,
)
from indicators.assessment.verdict import WORST_FIRST
from tests import oracle

# --- the cases


@dataclass(frozen=True)
class Case:
    """Everything a judgement starts from."""

    target: TargetFact
    figures: list[FigureFact]
    aggregates: list[AggregateFact]
    as_of: date

    def judged(self):
        return judge(self.target, self.figures, self.aggregates, self.as_of)


# Few different values, so that bounds are met exactly and standstill, zero and collapse come up.
NEAR_EACH_OTHER = [Decimal(half) / 2 for half in range(36, 66)]
ODD = [Decimal(number) for number in ("0", "-5", "-100", "-0.1", "7.25", "120")]
VALUES = NEAR_EACH_OTHER + [Decimal(20), Decimal(25), Decimal(30)] * 4 + ODD
# Within a few percent: a bound is missed by little, and a year without precedent is needed to make up for it.
WITHIN_PERCENTS = [Decimal(twentieth) / 20 for twentieth in range(190, 210)]
AROUND_ZERO = [Decimal(number) for number in ("-1", "-0.5", "-0.05", "0", "0.05", "0.5", "1", "2")]
EXTREMES = [Decimal(number) for number in ("99999999999.9999", "-99999999999.9999", "0.0001", "-0.0001", "0", "-100")]

BOUNDS = {"higher": ["at_least", "more_than"], "lower": ["at_most", "less_than"], "band": [], "none": []}
BASES = {
    "level": ["value", "value", "average"],
    "flow": ["value", "total", "average"],
    "rate": ["value", "average"],
    "rank": ["value"],
}
QUALIFIERS = ["exact"] * 6 + ["over", "under", "about", "nil"]
DELAYS = [timedelta(days=days) for days in (-90, 0, 20, 20, 150, 400)]


def cases(
    kinds=tuple(BASES), better=("higher", "lower", "band"), numbers=(VALUES, VALUES, WITHIN_PERCENTS, AROUND_ZERO)
):
    """A strategy: a target the database would allow, most of its full years, some parts of years and averages.

    Each case is drawn from one seed. Hypothesis' own draws would repeat themselves too often to come by rare outcomes.
    """
    seeds = st.randoms(use_true_random=True, note_method_calls=False)
    return seeds.map(
        lambda chance: random_case(chance, chance.choice(kinds), chance.choice(better), chance.choice(numbers))
    )


def random_case(chance, kind, better, numbers):
    target = random_target(chance, kind, better, numbers)
    years = range(target.baseline.year, target.last_year + 2)
    figures = [random_figure(chance, year, 12, numbers) for year in years if chance.random() < 0.8]
    for _ in range(chance.choice([0, 0, 1, 2, 4])):
        figures.append(random_figure(chance, chance.choice(years), chance.randint(1, 12), numbers))
    aggregates = [random_aggregate(chance, target, numbers) for _ in range(chance.choice([0, 0, 1, 2]))]
    earliest = chance.choice([1, target.years + 1]) * 365
    as_of = date(target.last_year + 1, 8, 1) - timedelta(days=chance.randint(0, earliest))
    return Case(target, told_apart(figures), told_apart(aggregates), as_of)


def random_target(chance, kind, better, numbers):
    basis = chance.choice(BASES[kind])
    better, bounds = ("lower", ["at_most"]) if kind == "rank" else (better, [*BOUNDS[better], "between", "about"])
    bound = chance.choice(bounds)
    first_year = chance.randint(2020, 2022)
    one_year = basis == "value" and kind in ("flow", "rate")
    last_year = first_year + (0 if one_year else chance.choice([0, 1, 2, 3, 4, 4, 4]))
    low, high = sorted(chance.choices(numbers, k=2))
    return TargetFact(
        first_year=first_year,
        last_year=last_year,
        baseline_year=chance.choice([None] * 4 + [first_year - 2, last_year - 1]),
        bound=bound,
        low=None if bound in BOUNDS["lower"] else low,
        high=None if bound in BOUNDS["higher"] else high,
        basis=basis,
        kind=kind,
        better=better,
        path=chance.choice(["linear", "compound"]),
    )


def random_figure(chance, year, month, numbers):
    published_on = date(year, month, 28) + chance.choice(DELAYS)
    series_break = chance.random() < 0.01
    version = random_version(chance, numbers)
    return FigureFact(
        year, month, *version, published_on, series_break, source="", reliability=chance.choice(oracle.RELIABILITIES)
    )


def random_aggregate(chance, target, numbers):
    first_year = target.first_year + chance.choice([0, 0, 0, 1])
    last_year = chance.randint(first_year, max(first_year, target.last_year))
    measure = chance.choice(["total" if target.basis == "value" else target.basis, "average"])
    published_on = date(last_year, 6, 5) + chance.choice(DELAYS)
    version = random_version(chance, numbers)
    reliability = chance.choice(oracle.RELIABILITIES)
    return AggregateFact(first_year, last_year, measure, *version, published_on, source="", reliability=reliability)


def random_version(chance, numbers):
    """Value, qualifier and status."""
    qualifier = chance.choice(QUALIFIERS)
    return None if qualifier == "nil" else chance.choice(numbers), qualifier, chance.choice(oracle.STATUSES)


def told_apart(versions):
    """The versions, each with a source of its own: the key of the database allows no two alike."""
    return [version._replace(source=f"source-{place:02}") for place, version in enumerate(versions)]


# --- against the oracle


def naive(case):
    """The verdict of the naive implementation."""
    fields = {name: getattr(case.target, name) for name in TargetFact.__slots__}
    return oracle.judge(
        fields,
        [figure._asdict() for figure in case.figures],
        [aggregate._asdict() for aggregate in case.aggregates],
        case.as_of,
    )


def differences(verdict, expected):
    """The fields in which a verdict and the naive one differ, numbers to nine digits."""
    exact = [name for name in ("status", "reason", *oracle.FLAGS) if getattr(verdict, name) != expected[name]]
    return exact + [name for name in oracle.NUMBERS if not alike(getattr(verdict, name), expected[name])]


def alike(number, other):
    """Whether both are missing or both are the same number."""
    if number is None or other is None:
        return number is other
    return isclose(number, other, rel_tol=1e-9, abs_tol=1e-9)


FINAL = {("exceeded", ""), ("achieved", ""), ("missed", "")}
ALWAYS = FINAL | {
    ("on_track", ""),
    ("at_risk", ""),
    ("off_track", ""),
    ("no_data", "no_figure"),
    ("cannot_judge", "stale"),
    ("cannot_judge", "too_early"),
    ("cannot_judge", "series_break"),
}
POSITIONS = {("moving_away", ""), ("no_data", "no_figure_for_target_year"), ("cannot_judge", "no_baseline")}
PACES = {
    ("no_data", "no_figure_for_target_year"),
    ("cannot_judge", "missing_years"),
    ("cannot_judge", "non_positive_target"),
}
REACHED = {
    "level": ALWAYS
    | POSITIONS
    | {
        ("at_risk", "reversing"),
        ("at_risk", "overshooting"),
        ("moving_away", "met_at_baseline"),
        ("cannot_judge", "no_direction"),
        ("cannot_judge", "missing_years"),
        ("cannot_judge", "non_positive_values"),
    },
    "flow": ALWAYS | PACES | {("cannot_judge", "no_direction"), ("at_risk", "unprecedented")},
    "rate": ALWAYS
    | PACES
    | {
        ("at_risk", "unprecedented"),
        ("cannot_judge", "no_direction"),
        ("cannot_judge", "non_positive_values"),
    },
    "rank": ALWAYS | POSITIONS,
}


@pytest.mark.parametrize("kind", REACHED)
def test_the_naive_reading_of_the_method_agrees_and_every_outcome_comes_up(kind):
    seen = set()

    @settings(max_examples=1500)
    @given(cases(kinds=[kind], better=[*BOUNDS, *BOUNDS, "higher", "band"]))
    def agrees(case):
        verdict = case.judged()
        seen.add((str(verdict.status), str(verdict.reason)))
        assert differences(verdict, naive(case)) == []

    agrees()
    assert REACHED[kind] - seen == set()


parts_of_a_target = st.lists(
    st.none() | st.builds(Verdict, st.sampled_from(Status), provisional=st.booleans(), approximate=st.booleans()),
    max_size=4,
)


@given(parts_of_a_target)
def test_the_naive_reading_agrees_on_parts(parts):
    naive_parts = [part and {name: getattr(part, name) for name in ("status", *oracle.FLAGS)} for part in parts]
    assert differences(judge_by_parts(parts), oracle.judge_parts(naive_parts)) == []


@given(cases())
def test_the_naive_reading_agrees_on_what_is_in_force(case):
    ours = figures_in_force(case.figures, case.as_of)
    theirs = oracle.figures_in_force([figure._asdict() for figure in case.figures], case.as_of)
    assert {tuple(period): one.source for period, one in ours.items()} == {
        period: one["source"] for period, one in theirs.items()
    }


# --- properties

any_place = st.integers(0, 99)
steps_up = st.sampled_from([Decimal(step) for step in ("0.0001", "0.5", "3", "40", "500")])


def changed(case, place, step):
    """The case with `step` added to one of its figures or published values."""
    versions = [*case.figures, *case.aggregates]
    assume(versions and versions[place % len(versions)].value is not None)
    place %= len(versions)
    versions[place] = versions[place]._replace(value=versions[place].value + step)
    count = len(case.figures)
    return replace(case, figures=versions[:count], aggregates=versions[count:])


def assert_never_worse(before, after):
    assume(not before.status.is_refusal and not after.status.is_refusal)
    assert WORST_FIRST.index(after.status) >= WORST_FIRST.index(before.status)


@settings(max_examples=800)
@given(cases(better=["higher"], kinds=["flow", "rate", "level"]), any_place, steps_up)
def test_a_larger_value_is_never_worse_where_higher_is_better(case, place, step):
    """Holds for final verdicts and for running flows, rates and averages. Not for a running level by value: there a
    larger value two years ago makes the last change smaller, and a larger baseline the way shorter (§5, levels).
    Nor between a verdict and a refusal: a value may leave the ground on which a mean or a path can be computed."""
    before, after = case.judged(), changed(case, place, step).judged()
    if case.target.kind == "level" and case.target.basis == "value":
        assume(before.status.is_final and after.status.is_final)
    assert_never_worse(before, after)


@settings(max_examples=300)
@given(cases(better=["lower"]), any_place, steps_up)
def test_a_smaller_value_is_never_worse_in_a_final_verdict_where_lower_is_better(case, place, step):
    case = replace(case, as_of=date(2030, 1, 1))
    before, after = case.judged(), changed(case, place, -step).judged()
    assume(before.status.is_final and after.status.is_final)
    assert_never_worse(before, after)


@settings(max_examples=800)
@given(cases(better=["higher", "lower"]), steps_up)
def test_a_better_latest_value_is_never_worse(case, step):
    """The value of the latest period measured, whatever the kind; the years before it stay as they are. Only between
    verdicts: a value may leave the ground on which a mean or a path can be computed."""
    before = case.judged()
    assume(before.details.used)
    latest, better = before.details.used[-1], step if case.target.better == "higher" else -step
    figures, aggregates = (
        [version._replace(value=version.value + better) if version == latest else version for version in versions]
        for versions in (case.figures, case.aggregates)
    )
    assert_never_worse(before, replace(case, figures=figures, aggregates=aggregates).judged())


def mirrored(case):
    """The case upside down: every value and bound negative, what was over is under, higher is better where lower was."""
    upside_down = {"over": "under", "under": "over", "higher": "lower", "lower": "higher"}
    upside_down |= {"at_least": "at_most", "at_most": "at_least", "more_than": "less_than", "less_than": "more_than"}
    target = case.target
    low, high = (None if item is None else -item for item in (target.high, target.low))
    bound, better = (upside_down.get(item, item) for item in (target.bound, target.better))
    figures, aggregates = (
        [
            version._replace(
                value=None if version.value is None else -version.value,
                qualifier=upside_down.get(version.qualifier, version.qualifier),
            )
            for version in versions
        ]
        for versions in (case.figures, case.aggregates)
    )
    target = replace(target, bound=bound, better=better, low=low, high=high)
    return replace(case, target=target, figures=figures, aggregates=aggregates)


@settings(max_examples=800)
@given(cases(kinds=["level", "flow", "rate"]))
def test_upside_down_is_the_same(case):
    """On a linear path, levels by value at any time and other targets once their value is complete: paces of sums and
    means are held against positive targets only, and have no upside down."""
    by_value = case.target.kind == "level" and case.target.basis == "value"
    as_of = case.as_of if by_value else date(2030, 1, 1)
    case = replace(case, target=replace(case.target, path="linear"), as_of=as_of)
    verdict, other = case.judged(), mirrored(case).judged()
    if not by_value and not is_complete_final(case, verdict):
        return
    for name in ("status", "reason", *oracle.FLAGS):
        assert getattr(other, name) == getattr(verdict, name)
    signs = {"pace_ratio": 1, "acceleration": 1}
    for name in oracle.NUMBERS:
        number = getattr(verdict, name)
        assert alike(getattr(other, name), None if number is None else number * signs.get(name, -1))


def is_complete_final(case, verdict):
    return verdict.status.is_final and verdict.details.known_months == 12 * case.target.years


@settings(max_examples=800)
@given(cases())
def test_nearly_and_provisional_are_flags_beside_the_verdict(case):
    """Nearly comes with a miss of a complete value alone; what was published earlier or later changes no verdict but by
    what is in force or overtaken, so without competing versions and aggregates only the flag follows the day."""
    verdict = case.judged()
    if verdict.nearly:
        assert (verdict.status, case.target.kind == "rank") == ("missed", False)
        assert is_complete_final(case, verdict)
    alone = replace(case, figures=list(figures_in_force(case.figures, case.as_of).values()), aggregates=[])
    firm = [
        figure._replace(
            status="final", published_on=min(case.as_of, max(figure.published_on, figure.last_day + timedelta(days=1)))
        )
        for figure in alone.figures
    ]
    settled, open_ones = replace(alone, figures=firm).judged(), alone.judged()
    assert replace(settled, provisional=open_ones.provisional, details=open_ones.details) == open_ones
    assert settled.provisional == any(record.published_on <= record.last_day for record in settled.details.used)


def scaled(case, factor):
    """The case in another unit."""
    bounds = {
        name: None if (bound := getattr(case.target, name)) is None else bound * factor for name in ("low", "high")
    }
    figures, aggregates = (
        [version._replace(value=None if version.value is None else version.value * factor) for version in versions]
        for versions in (case.figures, case.aggregates)
    )
    return replace(case, target=replace(case.target, **bounds), figures=figures, aggregates=aggregates)


@settings(max_examples=800)
@given(
    cases(kinds=["flow", "level"], better=tuple(BOUNDS)),
    st.sampled_from([Decimal(item) for item in ("0.125", "2", "10", "1000")]),
)
def test_another_unit_changes_nothing_for_flows_and_levels(case, factor):
    """Up to the tolerance of §2: computed numbers within 1e-9 count as equal in any unit, so a factor below a
    hundred-thousandth could make two published values equal that are not."""
    verdict, other = case.judged(), scaled(case, factor).judged()
    for name in ("status", "reason", *oracle.FLAGS):
        assert getattr(other, name) == getattr(verdict, name)
    in_percent = case.target.kind == "level" and case.target.basis == "value" and case.target.path == "compound"
    factors = {"pace_ratio": 1, "acceleration": 1, "needed_pace": 1 if in_percent else factor}
    for name in oracle.NUMBERS:
        number = getattr(verdict, name)
        expected = None if number is None else number * factors.get(name, factor)
        assert alike(getattr(other, name), expected)


@given(cases(), st.randoms())
def test_the_order_of_rows_changes_nothing(case, chance):
    figures, aggregates = list(case.figures), list(case.aggregates)
    chance.shuffle(figures)
    chance.shuffle(aggregates)
    assert replace(case, figures=figures, aggregates=aggregates).judged() == case.judged()


@given(cases(), cases())
def test_what_is_published_after_the_day_changes_nothing(case, later):
    tomorrow = case.as_of + timedelta(days=1)
    figures = [figure._replace(published_on=max(figure.published_on, tomorrow)) for figure in later.figures]
    aggregates = [
        aggregate._replace(published_on=max(aggregate.published_on, tomorrow)) for aggregate in later.aggregates
    ]
    with_later = replace(case, figures=case.figures + figures, aggregates=case.aggregates + aggregates)
    assert with_later.judged() == case.judged()


def losers(version, as_of):
    """Versions of the same fact that lose against `version` by one step of the order each, all with a wild value."""
    wild = version._replace(value=Decimal(987654), published_on=as_of, source="zzz")
    if version.qualifier == "exact":
        yield wild._replace(qualifier="over", status="final")
    weaker = oracle.STATUSES[: oracle.STATUSES.index(version.status)]
    yield from (wild._replace(status=status) for status in weaker)
    yield wild._replace(published_on=version.published_on - timedelta(days=1))
    if version.reliability:
        yield wild._replace(published_on=version.published_on, reliability="")
    yield wild._replace(published_on=version.published_on, source="")


@given(cases())
def test_a_version_that_loses_changes_nothing(case):
    figures = [
        loser for record in figures_in_force(case.figures, case.as_of).values() for loser in losers(record, case.as_of)
    ]
    aggregates = [
        loser
        for record in aggregates_in_force(case.aggregates, case.as_of).values()
        for loser in losers(record, case.as_of)
    ]
    assume(figures or aggregates)
    with_losers = replace(case, figures=figures + case.figures, aggregates=case.aggregates + aggregates)
    assert with_losers.judged() == case.judged()


@settings(max_examples=500)
@given(cases(better=tuple(BOUNDS)))
def test_a_verdict_rests_on_published_values(case):
    verdict = case.judged()
    assert all(record.published_on <= case.as_of and record.value is not None for record in verdict.details.used)
    assert verdict.status.is_refusal or verdict.details.used
    assert verdict.status.is_refusal == (verdict.status in ("cannot_judge", "no_data"))


@given(cases(better=tuple(BOUNDS)))
def test_without_a_published_value_there_is_no_verdict(case):
    assert replace(case, figures=[], aggregates=[]).judged().status.is_refusal


@settings(max_examples=1500)
@given(cases(better=tuple(BOUNDS), numbers=[EXTREMES + VALUES[:10]]))
def test_nothing_raises_and_every_number_is_finite(case):
    verdict = case.judged()
    numbers = [getattr(verdict, name) for name in oracle.NUMBERS]
    assert all(number.is_finite() for number in numbers if number is not None)
    assert differences(verdict, naive(case)) == []

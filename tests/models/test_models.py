"""The records: what the database refuses, how forms explain it, and which version is in force."""

import random
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Q
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators import assessment
from indicators.models import Aggregate, Conflict, Figure, Indicator, Sector, Source, Target
from indicators.models.base import ByteOrder
from indicators.models.cross_rules import CrossRule, broken_rules, fields_of, holds
from indicators.public.schema import table_of
from tests import oracle
from tests.factories import (
    make_agency,
    make_aggregate,
    make_assignment,
    make_comparison,
    make_deadline,
    make_figure,
    make_indicator,
    make_membership,
    make_official_result,
    make_official_verdict,
    make_sector,
    make_source,
    make_target,
    make_term,
    new_agency,
    new_aggregate,
    new_assignment,
    new_comparison,
    new_deadline,
    new_explanation,
    new_figure,
    new_indicator,
    new_membership,
    new_official_result,
    new_official_verdict,
    new_sector,
    new_source,
    new_target,
    new_target_proposal,
    new_term,
    term,
)

pytestmark = pytest.mark.django_db


def refusal(record):
    """What the database answers when `record` is written past every form; empty when it takes it."""
    try:
        with transaction.atomic():
            models.Model.save(record)
    except IntegrityError as error:
        return str(error)
    return ""


def complaints(record):
    """The messages of full_clean(), by field."""
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    return caught.value.message_dict


# --- named rules: each is broken once


def its_own_successor():
    agency = make_agency()
    agency.successor = agency
    return agency


def goes_on_as_itself():
    indicator = make_indicator()
    indicator.successor = indicator
    return indicator


def its_own_part():
    indicator = make_indicator()
    indicator.parent = indicator
    return indicator


def part_of_a_part():
    return new_indicator(parent=make_indicator(parent=make_indicator()))


def target_on(indicator, **fields):
    return new_target(indicator=make_indicator(**indicator), **fields)


BROKEN = {
    "agency_valid_from_before_to": lambda: new_agency(valid_from="2025-03-02", valid_to="2025-03-01"),
    "agency_not_its_own_successor": its_own_successor,
    "term_first_year_before_last": lambda: new_term(first_year=2026, last_year=2025),
    "indicator_not_its_own_part": its_own_part,
    "indicator_not_its_own_successor": goes_on_as_itself,
    "indicator_decimals_at_most_4": lambda: new_indicator(decimals=5),
    "indicator_part_has_no_parts": part_of_a_part,
    "term_years_in_range": lambda: new_term(last_year=20255),
    "target_years_in_range": lambda: new_target(last_year=20255),
    "official_result_year_in_range": lambda: new_official_result(year=1019),
    "figure_year_in_range": lambda: new_figure(year=20255),
    "comparison_year_in_range": lambda: new_comparison(year=1019),
    "aggregate_years_in_range": lambda: new_aggregate(last_year=20255),
    "target_first_year_before_last": lambda: new_target(first_year=2026, last_year=2025),
    "target_baseline_before_last_year": lambda: new_target(baseline_year=2025),
    "target_low_at_most_high": lambda: new_target(bound="between", low="7.5", high="7"),
    "target_values_fit_bound": lambda: new_target(bound="between", low="7"),
    "target_replaced_after_decided": lambda: new_target(replaced_on="2020-09-26"),
    "target_bound_fits_direction": lambda: target_on({"better": "lower"}),
    "target_basis_fits_kind": lambda: target_on({"kind": "rate"}, basis="total"),
    "target_counted_is_no_part": lambda: target_on({"parent": make_indicator()}, counted=True),
    "target_parts_fit_indicator": lambda: target_on({}, bound="parts"),
    "target_earlier_version_has_ended": lambda: new_target(earlier_of=make_target()),
    "proposal_kind_fits_target": lambda: new_target_proposal(kind="adjust"),
    "proposal_correction_has_reason": lambda: new_target_proposal(kind="retract", target=make_target()),
    "official_result_met_at_most_declared": lambda: new_official_result(declared_targets=20, met_or_exceeded=21),
    "official_verdict_has_reason": lambda: new_official_verdict(reason=""),
    "figure_month_1_to_12": lambda: new_figure(through_month=13),
    "figure_published_after_its_year_began": lambda: new_figure(published_on="2020-12-31"),
    "figure_earlier_version_is_approved": lambda: new_figure(replaced_on="2023-01-01"),
    "figure_value_unless_none": lambda: new_figure(value=None),
    "aggregate_first_year_before_last": lambda: new_aggregate(first_year=2023, last_year=2022),
    "aggregate_value_unless_none": lambda: new_aggregate(value=None),
    "comparison_month_1_to_12": lambda: new_comparison(through_month=0),
    "deadline_year_in_range": lambda: new_deadline(year=20255),
    "deadline_month_1_to_12": lambda: new_deadline(through_month=13),
    "deadline_day_1_to_31": lambda: new_deadline(cut_off_day=0),
    "explanation_due_after_asked": lambda: new_explanation(due_on="2026-10-31"),
    "explanation_answer_has_day_and_author": lambda: new_explanation(answer="Do mưa lũ"),
    "explanation_released_answer_has_question": lambda: new_explanation(answer_released_on="2026-11-02"),
}


def named_rules():
    """Every check constraint and cross rule of the app by name: its condition and message."""
    rules = {rule.name: (rule.condition, rule.message) for _model, rule in CrossRule.all()}
    for model in apps.get_app_config("indicators").get_models():
        for rule in model._meta.constraints:
            if isinstance(rule, models.CheckConstraint):
                rules[rule.name] = rule.condition, rule.violation_error_message
    return rules


def test_every_named_rule_has_a_case_here():
    assert set(BROKEN) == set(named_rules())


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses_a_broken_rule_by_its_name(name):
    assert name in refusal(BROKEN[name]())


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_form_explains_a_broken_rule_first(name, language):
    """By the rule's own message, or by the message of a field that the rule is about."""
    condition, message = named_rules()[name]
    with override(language):
        said = complaints(BROKEN[name]())
        assert str(message) in said.get("__all__", []) or set(said) & set(fields_of(condition))


@pytest.mark.parametrize("name", BROKEN)
def test_the_rule_is_found_broken_without_asking_the_database(name, django_assert_num_queries):
    record = BROKEN[name]()
    with django_assert_num_queries(0):
        assert named_rules()[name] in broken_rules(record)


VALID = [
    new_sector,
    new_agency,
    new_source,
    new_term,
    new_indicator,
    new_target,
    new_figure,
    new_aggregate,
    new_comparison,
    new_official_result,
    new_official_verdict,
    new_membership,
    new_assignment,
    new_deadline,
    new_explanation,
]


@pytest.mark.parametrize("new", VALID)
def test_what_keeps_every_rule_is_taken(new):
    record = new()
    record.full_clean()
    assert broken_rules(record) == []
    assert refusal(record) == ""


FITTING = [
    ({"better": "higher"}, {"bound": "more_than", "low": "3"}),
    ({"better": "lower"}, {"bound": "less_than", "high": "3"}),
    ({"better": "band"}, {"bound": "between", "low": "3", "high": "4"}),
    ({"better": "none"}, {"bound": "about", "low": "3", "high": "3"}),
    ({"kind": "rank", "better": "lower"}, {"bound": "at_most", "high": "20"}),
    ({"kind": "flow"}, {"basis": "total"}),
    ({"kind": "flow"}, {"first_year": 2025}),
    ({"kind": "rate"}, {"basis": "average"}),
    ({"kind": "level"}, {"basis": "average"}),
    ({"kind": "flow", "judged_by_parts": True}, {"bound": "parts"}),
]
NOT_FITTING = [
    ({"better": "band"}, {"bound": "at_least", "low": "3"}),
    ({"better": "higher"}, {"bound": "at_most", "high": "3"}),
    ({"better": "lower"}, {"bound": "more_than", "low": "3"}),
    ({"kind": "rank", "better": "lower"}, {"bound": "less_than", "high": "20"}),
    ({"kind": "rank", "better": "lower"}, {"bound": "at_most", "high": "20", "basis": "average"}),
    ({"kind": "level"}, {"basis": "total"}),
    ({"kind": "flow"}, {"first_year": 2024}),
    ({"kind": "rate"}, {"first_year": 2024}),
    ({"judged_by_parts": True}, {"bound": "at_least", "low": "3"}),
]


@pytest.mark.parametrize(("indicator", "target"), FITTING)
def test_what_fits_together_is_taken(indicator, target):
    record = target_on(indicator, **target)
    record.full_clean()
    assert refusal(record) == ""


@pytest.mark.parametrize(("indicator", "target"), NOT_FITTING)
def test_what_does_not_fit_together_is_refused(indicator, target):
    record = target_on(indicator, **target)
    assert "__all__" in complaints(record)
    assert "target_" in refusal(record)


@pytest.mark.parametrize("qualifier", ["nil", "uncollected"])
@pytest.mark.parametrize("new", [new_figure, new_aggregate])
def test_what_did_not_occur_or_was_not_collected_has_no_value(new, qualifier):
    assert "value_unless_none" in refusal(new(qualifier=qualifier, value="0"))
    assert refusal(new(qualifier=qualifier, value=None)) == ""


# --- keys


KEYS = [
    (make_figure, new_figure, {"status": "final"}, "indicator year through_month status published_on source"),
    (
        make_aggregate,
        new_aggregate,
        {"published_on": "2024-01-01"},
        "indicator first_year last_year measure published_on source",
    ),
    (make_comparison, new_comparison, {"value": "1"}, "indicator year through_month measure source value"),
    (make_target, new_target, {"decided_on": "2021-01-01"}, "indicator term scope first_year last_year decided_on"),
    (make_official_result, new_official_result, {"year": 2024}, "term year"),
    (make_official_verdict, new_official_verdict, {"target": make_target}, "target"),
    (make_membership, new_membership, {"agency": make_agency}, "user agency"),
    (make_assignment, new_assignment, {"valid_from": "2026-01-01"}, "indicator valid_from"),
    (make_deadline, new_deadline, {"year": 2026}, "agency year through_month"),
]


@pytest.mark.parametrize(("make", "new", "other", "key"), KEYS)
def test_a_key_is_taken_once(make, new, other, key):
    stored = make()
    same = {name: getattr(stored, name) for name in key.split()}
    assert refusal(new(**same))
    assert complaints(new(**same))
    other = {name: value() if callable(value) else value for name, value in other.items()}
    assert refusal(new(**same | other)) == ""


@pytest.mark.parametrize(
    ("make", "new"),
    [(make_sector, new_sector), (make_agency, new_agency), (make_source, new_source), (make_indicator, new_indicator)],
)
def test_a_code_is_taken_once(make, new):
    make(code="gdp")
    assert "code" in complaints(new(code="gdp"))
    assert refusal(new(code="gdp"))


def test_a_term_is_named_by_its_last_year_so_no_two_share_one():
    make_term(last_year=2030)
    assert "last_year" in complaints(new_term(last_year=2030))
    assert refusal(new_term(last_year=2030))


@pytest.mark.parametrize("code", ["có dấu", "a b", "a/b", "", "x" * 81])
def test_a_code_is_a_word_that_addresses_can_hold(code):
    assert "code" in complaints(new_indicator(code=code))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://example.org/a", "không có"])
def test_the_address_of_a_source_leads_to_a_page(url):
    assert "url" in complaints(new_source(url=url))


@pytest.mark.parametrize("value", ["99999999999.9999", "-99999999999.9999", "0.0001", "11728.3000", "82.0"])
def test_a_number_comes_back_as_it_was_stored(value):
    make_figure(value=value)
    assert Figure.objects.get().value == Decimal(value)


# --- rules in Python and rules in the database


def random_target(chance, indicators, **fixed):
    """A target in which anything may be wrong."""

    def number():
        return chance.choice([None, "1", "2", "2.0000"])

    return new_target(
        indicator=chance.choice(indicators),
        first_year=chance.choice([2021, 2025]),
        last_year=chance.choice([2021, 2024, 2025]),
        baseline_year=chance.choice([None, 2020, 2024, 2025]),
        bound=chance.choice(["at_least", "more_than", "at_most", "less_than", "between", "about", "parts", "other"]),
        low=number(),
        high=number(),
        basis=chance.choice(["value", "average", "total"]),
        replaced_on=chance.choice([None, "2020-09-26", "2020-09-27"]),
        **fixed,
    )


def random_version(chance, new, **fixed):
    qualifier = chance.choice(["exact", "about", "nil", "uncollected"])
    return new(qualifier=qualifier, value=chance.choice([None, "0", "1"]), **fixed)


def random_records(chance):
    """Records of every model with rules of more than one field; some keep every rule, some break many."""
    some = {"source": make_source(), "term": term()}
    kinds = [("flow", "higher"), ("rate", "lower"), ("level", "band"), ("rank", "lower"), ("level", "higher")]
    indicators = [make_indicator(kind=kind, better=better) for kind, better in kinds]
    indicators.append(make_indicator(kind="flow", judged_by_parts=True, parent=indicators[0]))
    agencies = [None, make_agency()]
    for _ in range(150):
        yield from (random_target(chance, indicators, **some) for _ in range(3))
        fixed = {"indicator": indicators[0], "source": some["source"]}
        yield random_version(chance, new_figure, through_month=chance.choice([0, 1, 12, 13]), **fixed)
        yield random_version(chance, new_aggregate, first_year=chance.choice([2022, 2023]), **fixed)
        yield new_indicator(parent=chance.choice([None, *indicators]), decimals=chance.choice([0, 4, 5]))
        days = [None, "2025-03-01", "2025-03-02"]
        yield new_agency(
            valid_from=chance.choice(days), valid_to=chance.choice(days), successor=chance.choice(agencies)
        )


def test_python_and_the_database_agree_on_which_records_are_broken():
    """Unknown (an empty value) counts as satisfied in both."""
    outcomes = set()
    for record in random_records(random.Random(1)):
        broken = bool(broken_rules(record))
        outcomes.add((type(record), broken))
        with transaction.atomic():
            assert bool(refusal(record)) == broken, vars(record)
            transaction.set_rollback(True)
    assert {(model, broken) for model, _ in outcomes for broken in (True, False)} == outcomes


def conditions():
    """A strategy: conditions over an aggregate with every lookup of the rules, nested and negated at will."""
    years, numbers = st.sampled_from([2021, 2022]), st.sampled_from([Decimal(1), Decimal(2)])
    orders = st.sampled_from(["exact", "lt", "lte", "gt", "gte"])
    leaves = (
        st.builds(lambda order, year: Q(**{f"last_year__{order}": year}), orders, years)
        | st.builds(lambda order, number: Q(**{f"value__{order}": number}), orders, numbers)
        | st.builds(lambda empty: Q(value__isnull=empty), st.booleans())
        | st.builds(lambda some: Q(measure__in=some), st.lists(st.sampled_from(["average", "total"]), min_size=1))
        | st.just(Q(first_year__lt=F("last_year")))
    )
    joins = st.sampled_from([Q.__and__, Q.__or__])
    return st.recursive(
        leaves, lambda inner: st.builds(lambda join, a, b: join(a, b), joins, inner, inner) | inner.map(Q.__invert__)
    )


def violating(condition):
    """The aggregates that a CHECK constraint with `condition` would refuse, as the database sees it."""
    editor = connection.schema_editor(collect_sql=True)
    check = models.CheckConstraint(condition=condition, name="tried")._get_check_sql(Aggregate, editor)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM indicators_aggregate WHERE NOT ({check})")
        return {pk for (pk,) in cursor.fetchall()}


def test_any_condition_means_in_python_what_it_means_to_the_database():
    """Also where a value is empty and the condition is neither true nor false."""
    for last_year, measure, value in product([2021, 2022], ["average", "total"], [None, "1", "2"]):
        qualifier = "nil" if value is None else "exact"
        make_aggregate(
            last_year=last_year, measure=measure, value=value, qualifier=qualifier, indicator=make_indicator()
        )
    stored = list(Aggregate.objects.all())

    @settings(max_examples=300)
    @given(conditions())
    def means_the_same(condition):
        assert {record.pk for record in stored if not holds(condition, record)} == violating(condition)

    means_the_same()
    assert len(stored) == 12


# --- which version is in force


def random_versions(chance, make_one, count=600):
    """Versions of a few facts that compete: same periods, close days, codes that sort differently by byte and by letter."""
    codes = ("a-b", "aB", "ab", "a_b", "B", "b", "report-10", "report-9")
    sources = [make_source(code=code, reliability=chance.choice(["A", "B", "C", "C", ""])) for code in codes]
    indicators = [make_indicator() for _ in range(3)]
    versions = {}
    for _ in range(count):
        qualifier = chance.choice(["exact", "exact", "over", "about", "nil", "uncollected"])
        version = make_one(
            chance,
            indicator=chance.choice(indicators),
            qualifier=qualifier,
            value=None if qualifier in ("nil", "uncollected") else str(chance.randint(1, 9999)),
            status=chance.choice(oracle.STATUSES),
            published_on=date(2022, 1, 1) + timedelta(days=chance.randint(0, 20)),
            source=chance.choice(sources),
        )
        versions[tuple(getattr(version, name) for name in table_of(type(version)).key)] = version
    type(version).objects.bulk_create(versions.values())


def random_figure(chance, **fields):
    state = chance.choice(["approved"] * 4 + ["entered", "submitted", "returned"])
    return new_figure(year=chance.choice([2021, 2022]), through_month=chance.choice([9, 12]), state=state, **fields)


def random_aggregate(chance, **fields):
    return new_aggregate(last_year=chance.choice([2022, 2023]), measure=chance.choice(["average", "total"]), **fields)


DAYS = [date(2021, 12, 31), date(2022, 1, 5), date(2022, 1, 12), date(2022, 3, 1)]


def rows_of(records, fact):
    """The records as the oracle reads them, and as facts of the judgement."""
    rows = [
        vars(record) | {"source": record.source.code, "reliability": record.source.reliability}
        for record in records.select_related("source")
    ]
    return rows, [fact(*(row[name] for name in fact._fields)) for row in rows]


@pytest.mark.parametrize("as_of", DAYS)
def test_figures_in_force_are_the_same_by_query_by_judgement_and_by_the_naive_reading(as_of):
    random_versions(random.Random(2), random_figure)
    for indicator in Indicator.objects.all():
        rows, facts = rows_of(indicator.figures.filter(state="approved"), assessment.FigureFact)
        found = {(one.year, one.through_month): one for one in indicator.figures.in_force(as_of)}
        naive = oracle.figures_in_force(rows, as_of)
        assert {period: one.pk for period, one in found.items()} == {period: row["id"] for period, row in naive.items()}
        judged = assessment.figures_in_force(facts, as_of)
        assert {period: one.source.code for period, one in found.items()} == {
            tuple(period): one.source for period, one in judged.items()
        }
        assert bool(found) == (as_of > DAYS[0])


@pytest.mark.parametrize("as_of", DAYS)
def test_aggregates_in_force_are_the_same_by_query_by_judgement_and_by_the_naive_reading(as_of):
    random_versions(random.Random(3), random_aggregate)
    for indicator in Indicator.objects.all():
        rows, facts = rows_of(indicator.aggregates, assessment.AggregateFact)
        found = {(one.first_year, one.last_year, one.measure): one for one in indicator.aggregates.in_force(as_of)}
        averages = oracle.aggregates_in_force(rows, as_of, "average")
        assert {span: found[*span, "average"].pk for span in averages} == {
            span: row["id"] for span, row in averages.items()
        }
        judged = assessment.aggregates_in_force(facts, as_of)
        assert {key: one.source.code for key, one in found.items()} == {key: one.source for key, one in judged.items()}
        assert bool(found) == (as_of > DAYS[0])


def test_versions_in_force_are_found_in_one_query(django_assert_num_queries):
    random_versions(random.Random(4), random_figure, count=50)
    with django_assert_num_queries(1):
        assert list(Figure.objects.in_force(date(2022, 3, 1)))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite compares text byte by byte anyway")
def test_codes_are_compared_byte_by_byte_whatever_the_locale_of_the_server():
    """The server of the tests may have no other locale, so that its answers alone would not tell."""
    for query in (Figure.objects.in_force(DAYS[0]), Source.objects.order_by(ByteOrder("code").asc())):
        assert '"code" COLLATE "C"' in str(query.query)


@pytest.mark.parametrize("state", ["entered", "submitted", "returned"])
def test_only_approved_figures_are_public(state):
    make_figure(state=state)
    assert not Figure.objects.published(date(2030, 1, 1)).exists()
    assert not Figure.objects.in_force(date(2030, 1, 1)).exists()


def test_a_figure_waits_for_approval_unless_told_otherwise():
    assert Figure().state == "entered"


@pytest.mark.parametrize(
    ("as_of", "in_force"), [("2020-09-26", 0), ("2020-09-27", 1), ("2023-05-31", 1), ("2023-06-01", 0)]
)
def test_a_target_is_in_force_from_its_decision_until_it_is_replaced(as_of, in_force):
    make_target(decided_on="2020-09-27", replaced_on="2023-06-01")
    assert Target.objects.in_force(date.fromisoformat(as_of)).count() == in_force


# --- versions nobody overwrites unseen


def test_each_save_is_the_next_version():
    figure = make_figure()
    figure.save()
    figure.save(update_fields=["value"])
    assert (figure.version, Figure.objects.get().version) == (3, 3)
    assert [version.version for version in figure.history.all()] == [3, 2, 1]


def test_a_record_is_saved_only_over_the_version_that_was_read():
    stored = make_figure(value="6.5")
    mine, theirs = Figure.objects.get(), Figure.objects.get()
    theirs.value = Decimal(7)
    theirs.save()
    mine.value = Decimal(8)
    with pytest.raises(Conflict):
        mine.save()
    assert Figure.objects.get().value == 7
    assert (mine.version, stored.history.count()) == (1, 2)


def test_a_save_that_fails_leaves_the_version_as_it_was():
    figure = make_figure()
    figure.through_month = 13
    with pytest.raises(IntegrityError), transaction.atomic():
        figure.save()
    assert figure.version == 1
    figure.through_month = 12
    figure.save()
    assert Figure.objects.get().version == 2


# --- history, names, search


def test_every_change_of_a_figure_is_kept():
    figure = make_figure(value="8.41")
    figure.value = Decimal("8.06")
    figure.save()
    assert [version.value for version in figure.history.all()] == [Decimal("8.06"), Decimal("8.41")]


def test_a_record_in_use_is_not_deleted():
    figure = make_figure()
    with pytest.raises(models.ProtectedError):
        figure.source.delete()
    with pytest.raises(models.ProtectedError):
        figure.indicator.delete()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("unit", "fields", "told"),
    [
        ("tỷ đồng", {"value": "7654.3", "through_month": 9}, "Thu, 9 tháng 2026: 7.654,3 tỷ đồng"),
        ("%", {"value": "6.5"}, "Thu, 2026: 6,5%"),
        ("hạng", {"value": "16"}, "Thu, 2026: hạng 16"),
        ("tỷ đồng", {"value": None, "qualifier": "nil"}, "Thu, 2026: -"),
        ("tỷ đồng", {"value": None, "qualifier": "uncollected"}, "Thu, 2026: …"),
    ],
)
def test_a_figure_is_named_with_its_period_in_words_and_its_unit(unit, fields, told):
    assert str(make_figure(indicator=make_indicator(name_vi="Thu", unit_vi=unit), year=2026, **fields)) == told


def test_a_name_is_given_in_the_readers_language_where_it_has_one():
    named = new_sector(name_vi="Kinh tế", name_en="Economy")
    only_vietnamese = new_sector(name_vi="Xã hội")
    with override("en"):
        assert (named.name, only_vietnamese.name) == ("Economy", "Xã hội")
    with override("vi"):
        assert (named.name, only_vietnamese.name) == ("Kinh tế", "Xã hội")


@pytest.mark.parametrize("words", ["ho ngheo", "Hộ nghèo", "NGHEO ty le", "poverty", "poverty-rate"])
def test_an_indicator_is_found_by_words_with_or_without_diacritics(words):
    wanted = make_indicator(code="poverty-rate", name_vi="Tỷ lệ hộ nghèo", name_en="Poverty rate")
    make_indicator(name_vi="Tổng thu ngân sách")
    assert list(Indicator.objects.matching(words)) == [wanted]


def test_d_with_a_stroke_is_found_by_plain_d():
    wanted = make_sector(name_vi="Xây dựng Đảng")
    make_sector(name_vi="Xã hội")
    assert list(Sector.objects.matching("dang")) == [wanted]


def test_a_source_is_found_by_its_number():
    wanted = make_source(number="100/NQ-HĐND")
    make_source(number="99/KH-UBND")
    assert list(Source.objects.matching("100/nq")) == [wanted]


def test_a_target_without_an_indicator_is_explained():
    with pytest.raises(ValidationError) as caught:
        Target().full_clean()
    assert "indicator" in caught.value.message_dict


@pytest.mark.parametrize(
    ("better", "low", "high", "value", "edge", "main"),
    [
        ("higher", 7, 8, "9", 7, 7),
        ("lower", 7, 8, "9", 8, 8),
        ("band", 7, 8, "8.1", 8, 7),
        ("band", 7, 8, "6", 7, 7),
        ("band", 7, 8, "7.5", None, 7),
        ("band", 7, 7, "7", 7, 7),
        ("higher", 0, None, "5", 0, 0),
        ("lower", None, 3, "5", 3, 3),
        ("none", None, None, "5", None, None),
    ],
)
def test_the_edge_of_a_target_that_a_value_is_held_against(better, low, high, value, edge, main):
    target = Target(indicator=Indicator(better=better), low=low, high=high)
    assert (target.edge(Decimal(value)), target.main_edge) == (edge, main)

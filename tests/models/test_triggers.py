"""Rules across tables, held by the database itself whoever writes."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from indicators.models import Indicator, Target, data_version, triggers
from indicators.models.cross_rules import CrossRule
from tests.factories import make_indicator, make_target, new_indicator, new_target

pytestmark = pytest.mark.django_db

CROSS_RULES = {
    "figure_published_after_its_year_began",
    "indicator_part_has_no_parts",
    "target_bound_fits_direction",
    "target_basis_fits_kind",
    "target_counted_is_no_part",
    "target_parts_fit_indicator",
}
# These look at nothing else, so no other table is watched.
OF_ONE_RECORD = {"figure_published_after_its_year_began"}


def refused_by(write):
    """What the database says to `write`; empty when it takes it."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        return str(error)
    return ""


def insert(record):
    return lambda: type(record).objects.bulk_create([record])


def update(record, **fields):
    """An UPDATE that no form and no save() sees."""
    return lambda: type(record).objects.filter(pk=record.pk).update(**fields)


def test_these_are_the_rules_that_cross_tables():
    assert {rule.name for _model, rule in CrossRule.all()} == CROSS_RULES


@pytest.mark.parametrize(
    ("name", "target", "change"),
    [
        ("target_bound_fits_direction", {}, {"better": "lower"}),
        ("target_bound_fits_direction", {}, {"better": "band"}),
        ("target_basis_fits_kind", {"basis": "average"}, {"kind": "rank"}),
        ("target_basis_fits_kind", {}, {"kind": "flow"}),
        ("target_parts_fit_indicator", {}, {"judged_by_parts": True}),
    ],
)
def test_a_rule_holds_on_insert_and_when_the_indicator_changes_below_its_target(name, target, change):
    assert name in refused_by(insert(new_target(indicator=make_indicator(**change), **target)))
    stored = make_target(**target)
    assert name in refused_by(update(stored.indicator, **change))
    stored.indicator.refresh_from_db()
    assert not any(getattr(stored.indicator, field) == value for field, value in change.items())


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("target_bound_fits_direction", {"bound": "at_most", "low": None, "high": 7}),
        ("target_basis_fits_kind", {"basis": "total"}),
        ("target_parts_fit_indicator", {"bound": "parts", "low": None}),
    ],
)
def test_a_rule_holds_on_update(name, change):
    assert name in refused_by(update(make_target(), **change))
    assert Target.objects.get().bound == "at_least"


def test_a_target_cannot_be_moved_to_an_indicator_it_does_not_fit():
    target, other = make_target(), make_indicator(better="lower")
    assert "target_bound_fits_direction" in refused_by(update(target, indicator=other))


def test_one_bad_row_refuses_the_whole_statement():
    fitting, other = make_target(), make_target(last_year=2024)
    moved = Target.objects.filter(pk__in=[fitting.pk, other.pk])
    assert refused_by(lambda: moved.update(basis="total"))
    assert set(moved.values_list("basis", flat=True)) == {"value"}


def test_what_keeps_the_rules_passes():
    target = make_target()
    assert refused_by(update(target, basis="average")) == ""
    assert refused_by(update(target.indicator, kind="rate")) == ""
    assert refused_by(update(target.indicator, name_vi="Tên mới")) == ""


def test_a_part_gets_no_parts_by_insert():
    part = make_indicator(parent=make_indicator())
    assert "indicator_part_has_no_parts" in refused_by(insert(new_indicator(parent=part)))


def test_a_part_gets_no_parts_by_update():
    part, other = make_indicator(parent=make_indicator()), make_indicator()
    assert "indicator_part_has_no_parts" in refused_by(update(other, parent=part))


def test_an_indicator_with_parts_does_not_become_a_part():
    whole, other = make_indicator(), make_indicator()
    make_indicator(parent=whole)
    assert "indicator_part_has_no_parts" in refused_by(update(whole, parent=other))
    assert refused_by(update(whole, order=7)) == ""


def test_two_indicators_are_not_parts_of_each_other():
    one, other = make_indicator(), make_indicator()
    assert refused_by(update(one, parent=other)) == ""
    assert "indicator_part_has_no_parts" in refused_by(update(other, parent=one))
    assert Indicator.objects.get(pk=other.pk).parent is None


def names_of_triggers():
    sql = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return sorted(name for (name,) in cursor.fetchall())


def test_every_rule_watches_its_own_table_and_what_it_rests_on():
    watched = names_of_triggers()
    for name in CROSS_RULES:
        kinds = [trigger.removeprefix(name) for trigger in watched if trigger.startswith(name)]
        assert len(kinds) == (2 if name in OF_ONE_RECORD else 3), kinds
    of_data_version = [trigger for trigger in watched if trigger.startswith("data_version_")]
    assert len(of_data_version) == len(data_version.EVENTS) * len(data_version.watched())
    assert len(watched) == 3 * len(CROSS_RULES) - len(OF_ONE_RECORD) + len(of_data_version)


def test_the_triggers_survive_a_second_migration():
    before = names_of_triggers()
    call_command("migrate", verbosity=0)
    assert names_of_triggers() == before
    assert "target_bound_fits_direction" in refused_by(update(make_target().indicator, better="lower"))


def test_making_the_triggers_twice_changes_nothing():
    before = names_of_triggers()
    triggers.create()
    triggers.create()
    assert names_of_triggers() == before


def test_dropped_triggers_come_back():
    triggers.drop()
    triggers.create()
    assert "indicator_part_has_no_parts" in refused_by(
        insert(new_indicator(parent=make_indicator(parent=make_indicator())))
    )

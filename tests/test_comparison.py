"""The terms side by side: the real figures, and the next target against what was reached."""

from datetime import date
from decimal import Decimal

import pytest

from indicators.comparison import compared_lines, compared_terms
from indicators.models import Term

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langson")]

AS_OF = date(2026, 11, 22)


def line_of(code):
    return next(line for line in compared_lines(list(Term.objects.all()), AS_OF) if line.indicator.code == code)


def test_each_term_has_its_own_row():
    growth = line_of("grdp-growth")
    assert [row.target.last_year for row in growth.rows] == [2020, 2025, 2030]
    assert [row.verdict.status for row in growth.rows] == ["missed", "achieved", "no_data"]


def test_a_term_without_a_target_has_an_empty_place():
    assert [row is None for row in line_of("poverty-rate").rows] == [True, False, True]


def test_the_next_growth_target_stands_against_what_the_last_term_reached():
    ambition = line_of("grdp-growth").ambition
    assert (ambition.asked, ambition.reached, ambition.step) == (Decimal(10), Decimal("7.1"), Decimal("2.9"))


def test_a_target_on_another_basis_is_not_held_against_it():
    assert line_of("local-export-growth").ambition is None


def test_our_count_stands_beside_the_declared_one():
    found = {
        one.term.last_year: (one.tally.met, one.official and one.official.met_or_exceeded)
        for one in compared_terms(list(Term.objects.all()), AS_OF)
    }
    assert found == {2020: (0, 18), 2025: (1, 18), 2030: (0, None)}


def test_lines_stand_in_the_official_order():
    lines = compared_lines(list(Term.objects.all()), AS_OF)
    order = [(line.indicator.sector.order, line.indicator.order) for line in lines]
    assert order == sorted(order)

"""The terms side by side: the real figures, and the next target against what was reached."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from indicators.dashboard.components import ambition_text
from indicators.models import Term
from indicators.queries.term_comparison import compared_lines, compared_terms, courses
from indicators.queries.term_overview import term_overviews
from tests.factories import make_figure, make_indicator, make_target, make_term

pytestmark = pytest.mark.django_db
real = pytest.mark.usefixtures("langson")

AS_OF = date(2026, 11, 22)


def overviews():
    return term_overviews(list(Term.objects.all()), AS_OF)


def line_of(code):
    return next(line for line in compared_lines(overviews()) if line.indicator.code == code)


@real
def test_each_term_has_its_own_row():
    growth = line_of("grdp-growth")
    assert [row.target.last_year for row in growth.rows] == [2020, 2025, 2030]
    assert [row.verdict.status for row in growth.rows] == ["missed", "missed", "no_data"]


@real
def test_a_term_without_a_target_has_an_empty_place():
    assert [row is None for row in line_of("poverty-rate").rows] == [True, False, True]


@real
def test_the_next_growth_target_stands_against_what_the_last_term_reached():
    ambition = line_of("grdp-growth").ambition
    assert (ambition.required, ambition.reached, ambition.step) == (Decimal(10), Decimal("6.992"), Decimal("3.008"))
    words = "Đòi hỏi thêm 3,01 điểm % so với 6,99% đã đạt (bình quân 2021–2025)"
    assert ambition_text(ambition) == f"{words} – vượt mọi năm đã biết (tốt nhất: 9,67% năm 2015)"
    with override("en"):
        told = ambition_text(ambition)
    words = "Asks for 3.01 percentage points more than the 6.99% reached (the average of 2021–2025)"
    assert told == f"{words} – beyond every year known (best: 9.67% in 2015)"


@real
def test_an_amount_asks_for_percent_and_what_is_about_says_so():
    words = "Đòi hỏi thêm khoảng 58,9 triệu đồng/người/năm (82,8%) so với 71,1 triệu đồng/người/năm đã đạt (năm 2025)"
    assert ambition_text(line_of("grdp-per-capita").ambition) == words


@real
def test_where_the_last_term_had_another_basis_the_latest_year_is_what_was_reached():
    ambition = line_of("local-export-growth").ambition
    assert (ambition.reached, ambition.reached_by.year) == (Decimal("8.28"), 2025)
    assert ambition_text(ambition).endswith("so với 8,28% đã đạt (2025)")


@real
def test_without_a_target_in_the_last_term_the_latest_year_is_what_was_reached():
    assert "so với khoảng 18,3% đã đạt (2024)" in ambition_text(line_of("digital-economy-share").ambition)


@real
def test_our_count_stands_beside_the_declared_one_with_what_explains_the_difference():
    found = {
        term.term.last_year: (
            term.tally.met,
            term.official and term.official.met_or_exceeded,
            term.apart,
            term.is_explained,
        )
        for term in compared_terms(overviews(), AS_OF)
    }
    assert found == {2020: (0, 18, 18, True), 2025: (0, 18, 18, True), 2030: (0, None, 0, True)}


@real
def test_lines_stand_in_the_official_order():
    order = [(line.indicator.sector.order, line.indicator.order) for line in compared_lines(overviews())]
    assert order == sorted(order)


@real
def test_courses_are_those_with_figures_of_two_terms_and_begin_with_the_main_ones():
    found = courses(overviews(), compared_lines(overviews()))
    codes = [record.indicator.code for record in found]
    assert codes[:2] == ["grdp-growth", "grdp-per-capita"]
    assert "grdp-size" not in codes  # figures of one term only
    assert "pci-rank" in codes  # without any target
    assert [figure.year for figure in found[0].figures] == [2018, *range(2020, 2026)]
    assert [target.last_year for target in found[0].targets] == [2020, 2025, 2030]


# --- ambition


def two_terms(reached, bound, low=None, high=None, basis="value", breaks=False, **indicator):
    """An indicator that reached a value in 2025 and has another target for 2030: its ambition."""
    about = make_indicator(**{"kind": "level", "better": "higher", "unit_vi": "%", "decimals": 1} | indicator)
    for first in (2021, 2026):
        term = Term.objects.filter(first_year=first).first() or make_term(first_year=first, last_year=first + 4)
        years = {"first_year": first if basis != "value" else first + 4, "last_year": first + 4}
        make_target(
            indicator=about,
            term=term,
            basis=basis,
            decided_on=date(first, 1, 1),
            bound=bound,
            low=low,
            high=high,
            **years,
        )
    make_figure(indicator=about, year=2025, value=Decimal(reached), published_on=date(2026, 1, 5))
    if breaks:
        make_figure(
            indicator=about, year=2026, through_month=6, value=5, published_on=date(2026, 7, 1), series_break=True
        )
    return line_of(about.code).ambition


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reached": "95", "bound": "at_least", "low": "95"}, "Ngang mức 95,0% đã đạt (năm 2025)"),
        (
            {"reached": "95", "bound": "at_least", "low": "90"},
            "Không đòi hỏi thêm: dễ hơn 5,0 điểm % so với mức 95,0% đã đạt (năm 2025)",
        ),
        (
            {"reached": "18.3", "bound": "more_than", "low": "30"},
            "Đòi hỏi thêm hơn 11,7 điểm % so với 18,3% đã đạt (năm 2025)",
        ),
        (
            {"reached": "3", "bound": "at_most", "high": "1", "better": "lower"},
            "Đòi hỏi giảm thêm 2,0 điểm % so với 3,0% đã đạt (năm 2025)",
        ),
        (
            {"reached": "18", "bound": "between", "low": "14", "high": "15", "better": "band"},
            "Đòi hỏi giảm thêm 3,0 điểm % so với 18,0% đã đạt (năm 2025)",
        ),
        (
            {"reached": "14.5", "bound": "between", "low": "14", "high": "15", "better": "band"},
            "Ngang mức 14,5% đã đạt (năm 2025)",
        ),
        (
            {"reached": "33", "bound": "at_most", "high": "20", "better": "lower", "kind": "rank", "unit_vi": "hạng",
             "decimals": 0},
            "Đòi hỏi lên 13 bậc so với hạng 33 đã đạt (năm 2025)",
        ),
    ],
    ids=["level with it", "easier", "strict", "lower", "band", "inside a band", "rank"],
)  # fmt: skip
def test_what_the_next_target_asks_is_said_in_the_direction_that_is_better(fields, words):
    assert ambition_text(two_terms(**fields)) == words


def test_without_a_direction_nothing_is_asked():
    assert two_terms("5", "about", low="7", high="7", better="none") is None


def test_a_new_series_cannot_be_held_against_the_old_one():
    assert two_terms("5", "at_least", low="7", breaks=True) is None

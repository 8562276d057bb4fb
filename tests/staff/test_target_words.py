"""The words of a target are read into its columns, and held against what is typed beside them."""

from decimal import Decimal

import pytest
from django.forms import modelform_factory

from indicators.models import Target, Term
from indicators.staff.forms import TargetForm
from tests.factories import make_figure, make_indicator, make_term

pytestmark = pytest.mark.django_db

FIELDS = ("indicator", "term", "scope", "first_year", "last_year", "as_written_vi", "bound", "low", "high", "basis")


def target_form(words, *, indicator=None, **typed):
    indicator = indicator or make_indicator()
    term = Term.objects.filter(last_year=2030).first() or make_term(first_year=2026, last_year=2030)
    data = {"indicator": indicator.pk, "term": term.pk, "scope": "term", "as_written_vi": words, **typed}
    return modelform_factory(Target, form=TargetForm, fields=FIELDS)(data)


def read(form, *names):
    assert form.is_valid(), form.errors
    return tuple(getattr(form.instance, name) for name in names)


def test_the_words_alone_are_enough():
    rate = make_indicator(kind="rate")
    form = target_form("từ 7 đến 7,5%", indicator=rate)
    expected = ("between", 7, 7.5, "average", 2026, 2030)
    assert read(form, "bound", "low", "high", "basis", "first_year", "last_year") == expected


def test_a_number_alone_is_a_ceiling_where_lower_is_better():
    form = target_form("còn 3%", indicator=make_indicator(better="lower"))
    assert read(form, "bound", "low", "high") == ("at_most", None, 3)


def test_numbers_are_kept_in_the_unit_of_the_indicator():
    investment = make_indicator(unit_vi="nghìn tỷ đồng", kind="level")
    make_figure(indicator=investment, value="24.5")  # of its size, so nobody has to be asked
    assert read(target_form("khoảng 26.800 tỷ đồng", indicator=investment), "bound", "low") == (
        "about",
        Decimal("26.8"),
    )


def test_years_in_the_words_are_those_of_the_target():
    form = target_form("đến năm 2030 trên 30%", scope="annual")
    assert read(form, "first_year", "last_year") == (2030, 2030)


def test_words_and_numbers_that_differ_are_an_error_that_names_both():
    form = target_form("trên 40%", bound="more_than", low="14")
    [message] = form.errors["as_written_vi"]
    assert "trên 40%" in message
    assert "40%" in message
    assert "14%" in message


def test_words_and_another_bound_are_an_error():
    assert "as_written_vi" in target_form("trên 40%", bound="at_least", low="40").errors


def test_words_and_numbers_that_agree_are_kept():
    assert read(target_form("trên 40%", bound="more_than", low="40"), "bound", "low") == ("more_than", 40)


def test_words_and_other_years_are_an_error():
    assert "2030" in target_form("đến năm 2030 trên 40%", last_year="2029").errors["last_year"][0]


def test_words_in_another_unit_are_an_error():
    assert "người" in target_form("trên 40 người").errors["as_written_vi"][0]


def test_words_that_state_no_bound_need_one_typed():
    assert "bound" in target_form("thuộc nhóm khá").errors
    assert read(target_form("thuộc nhóm khá", bound="at_least", low="60"), "low") == (60,)


def test_a_number_that_can_be_two_is_asked_about():
    form = target_form(
        "đạt 9.850 tỷ đồng",
        indicator=make_indicator(unit_vi="tỷ đồng", kind="flow", decimals=1),
        scope="annual",
        last_year="2026",
    )
    assert form.errors["as_written_vi"].as_data()[0].code == "ambiguous"


def test_the_flow_of_several_years_is_asked_which_of_both_it_is():
    form = target_form("từ 10 tỷ đồng trở lên", indicator=make_indicator(unit_vi="tỷ đồng", kind="flow"))
    assert "basis" in form.errors

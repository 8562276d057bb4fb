"""What the fields of forms answer to texts that are no number or no day."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from indicators.staff.forms import DayField, NumberField
from indicators.staff.forms.fields import is_unambiguous, meanings
from indicators.text.numbers import read_number

texts = st.text(max_size=60) | st.text(alphabet="0123456789.,-/% ", max_size=20)


def number(**options):
    return NumberField(max_digits=15, decimal_places=4, **options)


def refusal(field, text):
    """The message a field answers with."""
    with pytest.raises(ValidationError) as caught:
        field.clean(text)
    return " ".join(caught.value.messages)


def test_the_unit_the_form_knows_may_be_typed():
    field = number(units=["tỷ đồng", "billion VND", ""])
    assert field.clean("5.056,1 tỷ đồng") == Decimal("5056.1")
    assert field.read("6.950 tỷ đồng").other == Decimal("6.95")


def test_another_unit_is_named_beside_the_one_that_is_kept():
    message = refusal(number(units=["tỷ đồng"]), "5.056 triệu đồng")
    assert "“triệu đồng”" in message
    assert "đơn vị tính ở đây là tỷ đồng" in message


def test_the_right_unit_beside_misplaced_marks_is_not_blamed():
    message = refusal(number(units=["tỷ đồng"]), "1.2.3 tỷ đồng")
    assert "dấu chấm, dấu phẩy" in message


def test_where_no_unit_is_known_it_is_named_as_strange():
    assert "“%”" in refusal(number(), "6,95%")


@pytest.mark.parametrize("text", ["không", "tỷ đồng", "n/a", ".,"])
def test_a_text_without_a_digit_is_no_number(text):
    message = refusal(number(units=["tỷ đồng"]), text)
    assert f"“{text}” không phải là số" in message
    assert "đơn vị" not in message


@pytest.mark.parametrize("text", ["(15,2)", "( 15,2 )"])
def test_brackets_may_be_a_minus_sign(text):
    assert "có thể là -15,2" in refusal(number(units=["tỷ đồng"]), text)


@pytest.mark.parametrize("text", ["15;2", "=1+1", "15/2"])
def test_units_are_spoken_of_only_where_letters_follow_the_number(text):
    assert "đơn vị" not in refusal(number(units=["tỷ đồng"]), text)


def test_digits_of_other_scripts_are_named_as_strange():
    assert "“６”" in refusal(number(), "６")


@pytest.mark.parametrize("value", [11728, 1.234, Decimal("1.234")])
def test_what_is_a_number_already_is_not_read_as_a_text(value):
    assert number().clean(value) == Decimal(str(value))


def test_no_number_at_all_is_refused_in_every_shape():
    assert "“nan”" in refusal(number(), float("nan"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("27/09/20", "bốn chữ số"),
        ("44101", "27/09/2020"),
        ("44101", "Excel"),
        ("09/27/2020", "không có tháng 27"),
        ("31/02/2020", "tháng 2 năm 2020 có 29 ngày"),
        ("00/01/2020", "tháng 1 năm 2020 có 31 ngày"),
        ("01/01/0000", "thành một ngày"),
        ("2020-02-31", "thành một ngày"),
        ("hôm qua", "thành một ngày"),
    ],
)
def test_a_day_that_is_none_is_told_what_to_do(text, expected):
    message = refusal(DayField(), text)
    assert f"“{text}”" in message
    assert expected in message


@given(texts, st.sampled_from(["vi", "en"]))
def test_every_text_is_read_or_answered(text, language):
    with override(language):
        for field, kind in ((number(units=["%"]), Decimal), (DayField(), date)):
            assert all(answers(field, text, kind))


def answers(field, text, kind):
    """The messages a field answers with, or whether it read a value of `kind`."""
    try:
        return [isinstance(field.clean(text), kind)]
    except ValidationError as error:
        return error.messages


@pytest.mark.parametrize("text", ["1e3", "1,5E+03"])
def test_a_power_of_ten_is_no_question_of_the_unit(text):
    with pytest.raises(ValidationError) as caught:
        NumberField(units=["%"]).clean(text)
    assert caught.value.code == "sign"


# A text that can be two numbers


@pytest.mark.parametrize(
    ("text", "expected", "decimals", "sure"),
    [
        ("6,95", None, 2, True),
        ("5.056", "3690", 1, True),
        ("5.056", "600", 1, True),
        ("6.950", "6.5", 2, False),
        ("1.234", "111.1", 1, False),
        ("9.125", None, 1, False),
        ("9.125", "0", 1, False),
        ("5.056", "500", 1, False),
        ("1.188", None, 0, True),
        ("1.188", "83", 0, True),
        ("6.950", "7.1", 0, False),
        ("1.000", None, 0, True),
        ("1.000", "12", 0, False),
        ("1.000", "900", 0, True),
    ],
)
def test_it_is_sure_only_where_what_is_known_leaves_one_meaning(text, expected, decimals, sure):
    size = None if expected is None else Decimal(expected)
    assert is_unambiguous(read_number(text, "vi"), size, decimals) is sure


def test_in_english_a_count_with_a_point_is_asked():
    assert not is_unambiguous(read_number("1.188", "en"), None, 0)


@pytest.mark.parametrize(("text", "value", "other"), [("6.950", "6950", "6,95"), ("9.125", "9125", "9,1250")])
def test_both_meanings_are_written_so_that_they_mean_one_thing(text, value, other):
    both = meanings(read_number(text, "vi"))
    assert both == {"value": value, "other": other}
    assert all(read_number(each, "vi").other is None for each in both.values())

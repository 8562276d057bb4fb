"""Whether a text that can be two numbers means the one it was read as."""

from decimal import Decimal

import pytest

from indicators.staff.forms.number_ambiguity import is_clear, meanings
from indicators.text.numbers import read_number


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
    assert is_clear(read_number(text, "vi"), size, decimals) is sure


def test_in_english_a_count_with_a_point_is_asked():
    assert not is_clear(read_number("1.188", "en"), None, 0)


@pytest.mark.parametrize(("text", "one", "other"), [("6.950", "6950", "6,95"), ("9.125", "9125", "9,1250")])
def test_both_meanings_are_written_so_that_they_mean_one_thing(text, one, other):
    told = meanings(read_number(text, "vi"))
    assert told == {"one": one, "other": other}
    assert all(read_number(each, "vi").other is None for each in told.values())

"""Numbers in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.text.number_words import in_words

whole_numbers = st.integers(0, 10**11)
stored_numbers = st.decimals("-99999999999.9999", "99999999999.9999", places=4)
languages = st.sampled_from(["vi", "en"])

DIGITS = {"không": 0, "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9}
AFTER_TENS = {"mốt": 1, "tư": 4, "lăm": 5}
CLASSES = {"nghìn": 1000, "triệu": 10**6, "tỷ": 10**9}


def heard(words):
    """The whole number a Vietnamese reader hears, word by word: what a second, simpler reading of the rules gives."""
    total = group = pending = 0
    for word in words.split():
        if word in CLASSES:
            total, group, pending = total + (group + pending) * CLASSES[word], 0, 0
        elif word == "trăm":
            group, pending = group + pending * 100, 0
        elif word == "mươi":
            group, pending = group + pending * 10, 0
        elif word == "mười":
            group += 10
        elif word != "linh":
            pending = (DIGITS | AFTER_TENS)[word]
    return total + group + pending


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("0", "không"),
        ("5", "năm"),
        ("10", "mười"),
        ("11", "mười một"),
        ("14", "mười bốn"),
        ("15", "mười lăm"),
        ("20", "hai mươi"),
        ("21", "hai mươi mốt"),
        ("24", "hai mươi tư"),
        ("55", "năm mươi lăm"),
        ("100", "một trăm"),
        ("101", "một trăm linh một"),
        ("105", "một trăm linh năm"),
        ("111", "một trăm mười một"),
        ("1000", "một nghìn"),
        ("1005", "một nghìn không trăm linh năm"),
        ("1015", "một nghìn không trăm mười lăm"),
        ("5056", "năm nghìn không trăm năm mươi sáu"),
        ("63479", "sáu mươi ba nghìn bốn trăm bảy mươi chín"),
        ("812000", "tám trăm mười hai nghìn"),
        ("5000056", "năm triệu không trăm năm mươi sáu"),
        ("100000000000", "một trăm tỷ"),
    ],
)
def test_whole_numbers_are_spoken_as_in_school(value, words):
    assert in_words(Decimal(value), "vi") == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("6.95", "sáu phẩy chín mươi lăm"),
        ("-1.79", "âm một phẩy bảy mươi chín"),
        ("11728.3", "mười một nghìn bảy trăm hai mươi tám phẩy ba"),
        ("2.05", "hai phẩy không năm"),
        ("0.0005", "không phẩy không không không năm"),
        ("82.0", "tám mươi hai"),
        ("41.7104", "bốn mươi mốt phẩy bảy nghìn một trăm linh bốn"),
    ],
)
def test_decimals_are_spoken_as_one_number_after_their_zeros(value, words):
    assert in_words(Decimal(value), "vi") == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("0", "zero"),
        ("13", "thirteen"),
        ("40", "forty"),
        ("101", "one hundred and one"),
        ("5056", "five thousand and fifty-six"),
        ("1000000", "one million"),
        ("18063.8", "eighteen thousand and sixty-three point eight"),
        ("-6.95", "minus six point nine five"),
    ],
)
def test_english_speaks_decimals_digit_by_digit(value, words):
    assert in_words(Decimal(value), "en") == words


@given(whole_numbers)
def test_what_is_spoken_is_heard_as_the_same_number(value):
    assert heard(in_words(Decimal(value), "vi")) == value


def test_the_first_hundred_thousand_have_words_of_their_own():
    for language in ("vi", "en"):
        assert len({in_words(Decimal(value), language) for value in range(100_000)}) == 100_000


@given(stored_numbers, stored_numbers, languages)
def test_two_values_never_have_the_same_words(one, other, language):
    assert (in_words(one, language) == in_words(other, language)) == (one == other)


@given(st.integers(1, 9999), st.integers(1, 9999), languages)
def test_two_fractions_never_have_the_same_words(one, other, language):
    spoken = [in_words(Decimal(value).scaleb(-4), language) for value in (one, other)]
    assert (spoken[0] == spoken[1]) == (one == other)


@given(stored_numbers, languages)
def test_words_are_parted_by_single_spaces(value, language):
    words = in_words(value, language)
    assert words == " ".join(words.split())


@pytest.mark.parametrize("value", ["1E+12", "1.23456", "NaN", "Infinity", "-1E+300", "1E-50"])
def test_what_cannot_be_stored_has_no_words(value):
    with pytest.raises(ValueError, match="no words"):
        in_words(Decimal(value), "vi")

"""Vietnamese text: found without diacritics, sorted by its own alphabet, stored in one form."""

import pytest

from indicators.text.vietnamese import fold, tidy, vietnamese_order


def test_words_are_found_without_diacritics():
    assert fold("Tỷ lệ Hộ nghèo") == "ty le ho ngheo"
    assert fold("Đồng Đăng") == "dong dang"
    assert fold(fold("Đường ô tô")) == fold("Đường ô tô")


def test_spaces_and_composed_letters_are_made_alike():
    decomposed = "Hô\u0323 nghèo\u00a0"
    assert tidy(decomposed) == "Hộ nghèo"


def in_order(*words):
    return sorted(sorted(words, reverse=True), key=vietnamese_order) == list(words)


def test_letters_are_sorted_by_the_vietnamese_alphabet():
    assert in_order("an", "ăn", "ân", "da", "đa", "ea", "êa", "oa", "ôa", "ơa", "ua", "ưa")
    assert in_order("dz", "Đảng", "em")


def test_tones_decide_only_between_equal_letters():
    assert in_order("ma", "mà", "mả", "mã", "má", "mạ")
    assert in_order("mạ", "mác", "mai")


@pytest.mark.parametrize("text", ["một\r\nhai", "một\rhai", "một\nhai "])
def test_line_ends_are_one_character(text):
    assert tidy(text) == "một\nhai"

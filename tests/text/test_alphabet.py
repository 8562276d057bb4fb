"""Vietnamese text: found without diacritics, sorted by its own alphabet, stored in one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.text.vietnamese import fold, for_xml, forbidden_in_xml, tidy, vietnamese_order


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


@pytest.mark.parametrize("text", ["83/QÐ-UBND", "83/\u200bQĐ-UB\u00adND\ufeff", "83/QĐ\u2060-UBND"])
def test_what_nobody_sees_and_the_double_of_a_letter_make_no_difference(text):
    assert tidy(text) == "83/QĐ-UBND"
    assert fold(text) == "83/qd-ubnd"


def test_old_and_new_places_of_the_tone_are_found_alike():
    assert fold("hoá, uỷ, khoẻ") == fold("hóa, ủy, khỏe")


def test_the_line_end_of_a_word_processor_is_a_line_end():
    assert tidy("dòng một\vdòng hai\fdòng ba") == "dòng một\ndòng hai\ndòng ba"


@given(st.text())
def test_tidying_twice_is_tidying_once(text):
    assert tidy(tidy(text)) == tidy(text)


@given(st.text())
def test_what_is_made_for_xml_holds_nothing_that_xml_forbids(text):
    assert forbidden_in_xml(for_xml(text)) == ""

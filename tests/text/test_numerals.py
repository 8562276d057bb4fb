"""Numbers and dates as people write them."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.sentences.formatting import day as day_text
from indicators.sentences.formatting import with_unit
from indicators.text.numbers import excel_day, format_number, plain, read_date, read_number, rounded

languages = st.sampled_from(["vi", "en"])
# What people type, and what nobody does.
number_like = st.text(alphabet="0123456789.,+-−–… %\u00a0\u2009\u200btỷ", max_size=14)
any_text = st.text(max_size=40) | number_like
units = st.sampled_from(["%", "tỷ đồng", "triệu đồng/người/năm", "thôn, tổ dân phố", "hạng", "rank", "thousand visits"])
stored_numbers = st.decimals("-99999999999.9999", "99999999999.9999", places=4)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("11.728,3", "vi", "11728.3"),
        ("63.479", "vi", "63479"),
        ("82,0", "vi", "82"),
        ("-1,79", "vi", "-1.79"),
        ("−1,79", "vi", "-1.79"),
        ("–1,79", "vi", "-1.79"),
        ("+1,79", "vi", "1.79"),
        (" 6,95 ", "vi", "6.95"),
        ("11 728,3", "vi", "11728.3"),
        ("11\u00a0728,3", "vi", "11728.3"),
        ("0,07", "vi", "0.07"),
        ("11\u202f728,3", "vi", "11728.3"),
        ("11\u2009728,3", "vi", "11728.3"),
        ("\ufeff6,95\u200b", "vi", "6.95"),
        ("\u20111,79", "vi", "-1.79"),
        ("- 1,79", "vi", "-1.79"),
        ("11,728.3", "en", "11728.3"),
        ("63,479", "en", "63479"),
        ("6.95", "en", "6.95"),
    ],
)
def test_numbers_are_read_as_the_language_writes_them(text, language, value):
    assert read_number(text, language).value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [("6.95", "vi", "6.95"), ("1,234.5", "vi", "1234.5"), ("1.234,5", "en", "1234.5"), ("0.950", "vi", "0.95")],
)
def test_a_number_only_the_other_language_explains_is_read_by_that_one(text, language, value):
    assert read_number(text, language) == (Decimal(value), None)


def test_a_number_with_two_meanings_gives_the_other_one_too():
    assert read_number("6.950", "vi") == (Decimal(6950), Decimal("6.95"))
    assert read_number("6,950", "en") == (Decimal(6950), Decimal("6.95"))
    assert read_number("6,950", "vi") == (Decimal("6.95"), Decimal(6950))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "1.23.456",
        "12,345,6",
        "1,2,3",
        "1.234.5",
        "--1",
        "1-",
        "1e5",
        "5 %",
        "٣",
        "６,９５",
        "6²",
        "(1,79)",
        "\u00ad5",
        "½",
        "NaN",
        "Infinity",
        ",",
        ".",
    ],
)
def test_what_is_not_a_number_is_refused(text, language):
    with pytest.raises(ValueError, match="not a number"):
        read_number(text, language)


@given(stored_numbers, languages)
def test_what_is_written_is_read_back_as_the_same_number(value, language):
    assert read_number(format_number(value, language), language).value == value


@given(stored_numbers, languages, st.integers(0, 4))
def test_a_rounded_number_is_read_back_as_rounded(value, language, decimals):
    text = format_number(value, language, decimals)
    assert read_number(text, language).value == rounded(value, decimals)


@given(any_text, languages)
def test_reading_gives_a_number_or_says_why_not(text, language):
    try:
        reading = read_number(text, language, ["%"])
    except ValueError:
        return
    assert reading.value.is_finite()
    assert reading.other != reading.value


@given(number_like)
def test_a_text_that_is_two_numbers_in_two_languages_tells_the_other_one(text):
    try:
        vietnamese, english = (read_number(text, language) for language in ("vi", "en"))
    except ValueError:
        return
    if vietnamese.value == english.value:
        assert vietnamese.other is english.other is None
    else:
        assert (vietnamese.other, english.other) == (english.value, vietnamese.value)


@given(stored_numbers, languages, units)
def test_a_number_written_with_its_unit_is_read_back(value, language, unit):
    text = with_unit(format_number(value, language), unit)
    assert read_number(text, language, [unit]).value == value


@pytest.mark.parametrize("text", ["5.056 tỷ đồng", "5.056 Tỷ  đồng", "5.056tỷ đồng", "5.056 billion VND"])
def test_the_unit_of_the_indicator_may_stand_beside_the_number(text):
    assert read_number(text, "vi", ["tỷ đồng", "billion VND"]).value == 5056


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("5.056 triệu đồng", "tỷ đồng"),
        ("5.056 tỷ", "tỷ đồng"),
        ("6,95%", "điểm %"),
        ("6,95 điểm %", "%"),
        ("ước 6,95%", "%"),
        ("% 6,95 %", "%"),
        ("6,95 % 7 %", "%"),
        ("tỷ 5.056 đồng", "tỷ đồng"),
        ("%", "%"),
    ],
)
def test_another_unit_or_word_is_refused_because_it_may_change_the_number(text, unit):
    with pytest.raises(ValueError, match="not a number"):
        read_number(text, "vi", [unit])


def test_where_no_unit_is_known_none_is_taken():
    with pytest.raises(ValueError, match="not a number"):
        read_number("6,95%", "vi")


def test_a_unit_does_not_hide_that_a_number_has_two_meanings():
    assert read_number("6.950 %", "vi", ["%"]) == (Decimal(6950), Decimal("6.95"))


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [("6.945", 2, "6.95"), ("-6.945", 2, "-6.95"), ("2.5", 0, "3"), ("0.004", 2, "0.00"), ("82", 1, "82.0")],
)
def test_halves_are_rounded_away_from_zero(value, decimals, shown):
    assert str(rounded(Decimal(value), decimals)) == shown


def test_thousands_are_grouped_and_the_wanted_decimals_kept():
    assert format_number(Decimal("11728.3"), "vi") == "11.728,3"
    assert format_number(Decimal("11728.3"), "en") == "11,728.3"
    assert format_number(Decimal(82), "vi", 1) == "82,0"
    assert format_number(Decimal(-1234567), "vi") == "-1.234.567"


def test_zero_never_has_a_sign():
    assert format_number(Decimal("-0.001"), "vi", 2) == "0,00"
    assert plain(Decimal("-0.00001")) == "0"
    assert read_number("-0", "vi").value.is_signed() is False


def test_machines_get_a_decimal_point_and_no_trailing_zeros():
    assert plain(Decimal("11728.3000")) == "11728.3"
    assert plain(Decimal("82.0")) == "82"
    assert plain(Decimal("7.03666666")) == "7.0367"
    assert plain(Decimal("1E+6")) == "1000000"


@pytest.mark.parametrize(
    "text", ["27/09/2020", "27-9-2020", "27–9–2020", "27.9.2020", "2020-09-27", " 27/09/2020 ", "\u200e27/09/2020"]
)
def test_a_date_is_read_in_every_common_form(text):
    assert read_date(text) == date(2020, 9, 27)


def test_the_day_comes_before_the_month():
    assert read_date("05/03/2025") == date(2025, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2025",
        "29/02/2023",
        "09/27/2020",
        "1/2/25",
        "2020-9-27",
        "00/01/2020",
        "00/00/0000",
        "44101",
        "tháng 9",
        "",
    ],
)
def test_a_day_that_does_not_exist_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        read_date(text)


@given(st.dates())
def test_every_day_is_read_back_as_vietnam_writes_it(day):
    assert read_date(f"{day.day:02}/{day.month:02}/{day.year:04}") == day
    assert read_date(day.isoformat()) == day


@given(st.dates(min_value=date(1900, 1, 1)))
def test_every_day_we_write_is_read_back(day):
    assert read_date(day_text(day)) == day


@given(st.text(alphabet="0123456789/-–. ", max_size=12) | any_text)
def test_a_text_is_a_day_or_none(text):
    with suppress(ValueError):
        assert isinstance(read_date(text), date)
    assert excel_day(text) is None or excel_day(text).year in range(1954, 2120)


def test_what_excel_stores_for_a_day_is_known_but_not_read():
    assert excel_day("44101") == date(2020, 9, 27)
    assert excel_day("44101.0") == date(2020, 9, 27)
    assert excel_day("2020") is excel_day("441010") is excel_day("99999") is None


@pytest.mark.parametrize("text", ["20 25", "1\n2", "1 23", "6 95"])
def test_two_numbers_are_not_one(text):
    with pytest.raises(ValueError, match="not a number"):
        read_number(text, "vi")


def test_a_number_of_five_hundred_digits_is_refused():
    with pytest.raises(ValueError, match="not a number"):
        read_number("1" + "0" * 500, "vi")

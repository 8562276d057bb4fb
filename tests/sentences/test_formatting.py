"""How numbers, bounds, periods, units and days are written in both languages."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from indicators.assessment import Status
from indicators.sentences import formatting
from indicators.text.periods import Period
from tests.factories import figure_fact, new_indicator, new_target


def target(bound="at_least", low=None, high=None, **fields):
    unit = {name: fields.pop(name) for name in ("unit_vi", "unit_en", "kind") if name in fields}
    indicator = new_indicator(sector=None, **unit)
    return new_target(indicator=indicator, term=None, source=None, bound=bound, low=low, high=high, **fields)


@pytest.mark.parametrize(
    ("value", "decimals", "vietnamese", "english"),
    [
        ("71.1", 1, "71,1", "71.1"),
        ("11728.3", 1, "11.728,3", "11,728.3"),
        ("82", 1, "82,0", "82.0"),
        ("63479", 0, "63.479", "63,479"),
        ("6.95", None, "6,95", "6.95"),
        ("-32", 1, "-32,0", "-32.0"),
        ("0.005", 2, "0,01", "0.01"),
    ],
)
def test_a_number_in_both_languages(value, decimals, vietnamese, english):
    assert formatting.number(Decimal(value), decimals, "vi") == vietnamese
    assert formatting.number(Decimal(value), decimals, "en") == english


def test_no_number_is_a_dash_and_never_a_zero():
    assert formatting.number(None, 2, "vi") == "—"
    assert formatting.number(Decimal(0), 2, "vi") == "0,00"


def test_the_active_language_is_the_default():
    for language, text in (("vi", "71,1"), ("en", "71.1")):
        with override(language):
            assert formatting.number(Decimal("71.1"), 1) == text


@pytest.mark.parametrize(
    ("value", "limits", "text"),
    [
        ("6.996", ["7"], "6,996"),
        ("7.00001", ["7"], "7,00001"),
        ("7", ["7"], "7,00"),
        ("6.95", ["7"], "6,95"),
        ("6.996", [], "7,00"),
        ("7.504", ["7", "7.5"], "7,504"),
        ("2.996", ["3"], "2,996"),
        ("7.2501", ["7.25"], "7,2501"),
        ("-0.001", ["0"], "-0,001"),
    ],
)
def test_rounding_never_moves_a_number_to_or_over_a_limit(value, limits, text):
    assert formatting.number(Decimal(value), 2, "vi", beside=map(Decimal, limits)) == text


def test_a_bound_with_more_decimals_than_its_equal_is_met_on_paper_too():
    assert formatting.number(Decimal("7.25"), 1, "vi", beside=[Decimal("7.25")]) == "7,25"


def test_numbers_within_the_tolerance_of_the_judgement_are_one():
    assert formatting.number(Decimal("6.9999999999"), 1, "vi", beside=[Decimal(7)]) == "7,0"


def test_about_is_compared_with_its_moved_bounds_too():
    about = new_target(indicator=new_indicator(sector=None), term=None, source=None, bound="about", low="48", high="48")
    assert formatting.limits_of(about) == {Decimal(48), Decimal("45.6"), Decimal("50.4")}


@pytest.mark.parametrize(
    ("text", "unit", "written"),
    [
        ("7", "%", "7%"),
        ("20", "hạng", "hạng 20"),
        ("20", "rank", "rank 20"),
        ("7,5", "điểm %", "7,5 điểm %"),
        ("3", "xã", "3 xã"),
    ],
)
def test_a_unit_stands_where_it_is_spoken(text, unit, written):
    assert formatting.with_unit(text, unit) == written


@pytest.mark.parametrize(
    ("qualifier", "vietnamese", "english"),
    [
        ("exact", "2.100", "2,100"),
        ("over", "trên 2.100", "over 2,100"),
        ("under", "gần 2.100", "nearly 2,100"),
        ("about", "khoảng 2.100", "about 2,100"),
    ],
)
def test_a_qualified_value_keeps_its_word(qualifier, vietnamese, english):
    figure = figure_fact(2023, "2100", qualifier=qualifier)
    assert (formatting.qualified(figure, 0, "vi"), formatting.qualified(figure, 0, "en")) == (vietnamese, english)


@pytest.mark.parametrize(("qualifier", "printed"), [("nil", "-"), ("uncollected", "…")])
def test_an_answer_without_a_value_is_written_as_printed(qualifier, printed):
    assert formatting.qualified(figure_fact(2023, None, qualifier=qualifier), 0, "vi") == printed


@pytest.mark.parametrize(
    ("bound", "low", "high", "signs"),
    [
        ("at_least", "3", None, "≥ 3"),
        ("more_than", "30", None, "> 30"),
        ("at_most", None, "2.5", "≤ 2,5"),
        ("less_than", None, "3", "< 3"),
        ("between", "7", "7.5", "7 – 7,5"),
        ("about", "48", "48", "≈ 48"),
        ("about", "180", "190", "≈ 180 – 190"),
        ("parts", None, None, ""),
    ],
)
def test_a_bound_in_signs(bound, low, high, signs):
    assert formatting.bound_text(target(bound, low, high), "vi") == signs


def test_a_target_is_shown_as_the_document_puts_it_and_in_english_in_signs():
    one = target("between", "7", "7.5", unit_vi="%", as_written_vi="từ 7 đến 7,5%")
    assert formatting.as_written(one, "vi") == "từ 7 đến 7,5%"
    assert formatting.as_written(one, "en") == "7 – 7.5%"


def test_without_words_of_the_document_the_bound_speaks_with_its_unit():
    assert formatting.as_written(target("less_than", high="3", unit_vi="xã", unit_en="communes"), "vi") == "< 3 xã"
    assert (
        formatting.as_written(target("less_than", high="3", unit_vi="xã", unit_en="communes"), "en") == "< 3 communes"
    )
    assert formatting.as_written(target("less_than", high="3", unit_vi="xã", unit_en=""), "en") == "< 3 xã"
    assert formatting.as_written(target("parts"), "vi") == "xét theo từng thành phần"
    assert formatting.as_written(target("parts"), "en") == "judged by its parts"


@pytest.mark.parametrize(
    ("period", "kind", "vietnamese", "english"),
    [
        (Period(2020), "flow", "năm 2020", "2020"),
        (Period(2019, 9), "flow", "9 tháng năm 2019", "Jan–Sep 2019"),
        (Period(2019, 6), "rate", "6 tháng đầu năm 2019", "Jan–Jun 2019"),
        (Period(2019, 1), "flow", "tháng 1 năm 2019", "Jan 2019"),
        (Period(2026, 9), "level", "cuối tháng 9/2026", "end of Sep 2026"),
        (Period(2026, 6), "rank", "cuối tháng 6/2026", "end of Jun 2026"),
        (Period(2026), "level", "năm 2026", "2026"),
    ],
)
def test_a_period_in_words(period, kind, vietnamese, english):
    indicator = new_indicator(sector=None, kind=kind)
    assert formatting.period_text(period, indicator, "vi") == vietnamese
    assert formatting.period_text(period, indicator, "en") == english


@pytest.mark.parametrize(
    ("period", "vietnamese", "english"),
    [
        (Period(2020), "2020", "2020"),
        (Period(2019, 9), "9 tháng 2019", "Jan–Sep 2019"),
        (Period(2019, 1), "tháng 1/2019", "Jan 2019"),
    ],
)
def test_a_period_in_a_table_cell(period, vietnamese, english):
    assert (formatting.short_period(period, "vi"), formatting.short_period(period, "en")) == (vietnamese, english)


@pytest.mark.parametrize(
    ("years", "vietnamese", "english"),
    [
        ([2021], "2021", "2021"),
        ([2021, 2022, 2023], "2021–2023", "2021–2023"),
        ([2023, 2021, 2022, 2025], "2021–2023 và 2025", "2021–2023 and 2025"),
        ([2016, 2018, 2020, 2021], "2016, 2018 và 2020–2021", "2016, 2018 and 2020–2021"),
    ],
)
def test_years_are_listed_as_people_list_them(years, vietnamese, english):
    assert (formatting.years_list(years, "vi"), formatting.years_list(years, "en")) == (vietnamese, english)


@pytest.mark.parametrize(
    ("basis", "vietnamese", "english"),
    [
        ("value", "năm 2025", "2025"),
        ("average", "bình quân 2021–2025", "average of 2021–2025"),
        ("total", "cả giai đoạn 2021–2025", "total of 2021–2025"),
    ],
)
def test_what_a_target_speaks_about(basis, vietnamese, english):
    one = target(low="7", basis=basis)
    assert (formatting.basis_text(one, "vi"), formatting.basis_text(one, "en")) == (vietnamese, english)


def test_a_day_is_written_day_first_in_both_languages():
    assert formatting.day(date(2020, 9, 27)) == "27/09/2020"
    assert formatting.day(None) == "—"


@pytest.mark.parametrize(
    ("status", "vietnamese", "english", "sign"),
    [
        ("exceeded", "Vượt", "Exceeded", "▲"),
        ("achieved", "Đạt", "Achieved", "✓"),
        ("missed", "Không đạt", "Missed", "✕"),
        ("on_track", "Đúng tiến độ", "On track", "→"),
        ("at_risk", "Có nguy cơ", "At risk", "!"),
        ("off_track", "Chậm tiến độ", "Off track", "▼"),
        ("moving_away", "Diễn biến ngược mục tiêu", "Moving away", "↩"),
        ("cannot_judge", "Chưa đánh giá được", "Cannot be judged", "?"),
        ("no_data", "Chưa có số liệu", "No data", "○"),
    ],
)
def test_a_verdict_has_a_word_in_both_languages_and_a_sign_of_its_own(status, vietnamese, english, sign):
    for language, word in (("vi", vietnamese), ("en", english)):
        with override(language):
            assert str(formatting.STATUS_LABEL[Status(status)]) == word
    assert formatting.STATUS_SIGN[Status(status)] == sign


@pytest.mark.parametrize(
    ("code", "vietnamese", "english"),
    [
        ("estimate", "ước", "estimate"),
        ("reported", "đã công bố", "reported"),
        ("preliminary", "sơ bộ", "preliminary"),
        ("final", "chính thức", "final"),
    ],
)
def test_how_firm_a_figure_is_in_words(code, vietnamese, english):
    for language, word in (("vi", vietnamese), ("en", english)):
        with override(language):
            assert formatting.figure_status(code) == word

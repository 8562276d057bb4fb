"""How far one value lies from another: points, percent or places, never one for the other."""

from datetime import date
from decimal import Decimal

import pytest

from indicators.assessment import judge
from indicators.queries.progress import NOTHING_IN_FORCE, ProgressRow, target_fact
from indicators.sentences import change, gap_text, is_amount
from tests.factories import figure_fact, new_indicator, new_target

AS_OF = date(2026, 11, 22)
RATE = {"kind": "rate", "unit_vi": "%", "unit_en": "%", "decimals": 2}
SHARE = {"kind": "level", "unit_vi": "%", "unit_en": "%", "decimals": 1}
REDUCTION = {"kind": "flow", "unit_vi": "điểm %", "unit_en": "percentage points", "decimals": 1}
REVENUE = {"kind": "flow", "unit_vi": "tỷ đồng", "unit_en": "billion VND", "decimals": 1}
RANK = {"kind": "rank", "unit_vi": "hạng", "unit_en": "rank", "decimals": 0, "better": "lower"}


def indicator(fields):
    return new_indicator(sector=None, **fields)


@pytest.mark.parametrize(
    ("fields", "new", "old", "vietnamese", "english"),
    [
        (RATE, "8.94", "7.96", "+0,98 điểm %", "+0.98 percentage points"),
        (SHARE, "47.1", "48", "-0,9 điểm %", "-0.9 percentage points"),
        (REDUCTION, "2.5", "3", "-0,5 điểm %", "-0.5 percentage points"),
        (REVENUE, "7342.8", "6605.3", "+11,2%", "+11.2%"),
        (REVENUE, "90", "100", "-10,0%", "-10.0%"),
        (REVENUE, "1000.2", "1000", "+0,02%", "+0.02%"),
        (REVENUE, "5", "0", "+5,0 tỷ đồng", "+5.0 billion VND"),
        (RANK, "31", "33", "lên 2 bậc", "2 places up"),
        (RANK, "35", "33", "xuống 2 bậc", "2 places down"),
        (RATE, "7", "7", "không đổi", "no change"),
    ],
)
def test_a_change_is_told_in_the_unit_that_fits(fields, new, old, vietnamese, english):
    about = indicator(fields)
    told = [change(Decimal(new), Decimal(old), about, language) for language in ("vi", "en")]
    assert told == [vietnamese, english]


@pytest.mark.parametrize(
    ("fields", "amount"), [(RATE, False), (SHARE, False), (REDUCTION, False), (REVENUE, True), (RANK, False)]
)
def test_percent_is_for_amounts_only(fields, amount):
    assert is_amount(indicator(fields)) == amount


def told_gap(fields, target, *figures, language="vi"):
    about = new_target(indicator=indicator(fields), term=None, source=None, **target)
    return gap_text(ProgressRow(about, judge(target_fact(about), figures, [], AS_OF), None, NOTHING_IN_FORCE), language)


OF_2025 = {"first_year": 2025, "last_year": 2025, "basis": "value"}
OF_2026 = {"first_year": 2026, "last_year": 2026, "basis": "value"}


@pytest.mark.parametrize(
    ("fields", "target", "figures", "words"),
    [
        (RATE, OF_2025 | {"bound": "at_least", "low": "8"}, [figure_fact(2025, "7.5")], "thiếu 0,50 điểm %"),
        (RATE, OF_2025 | {"bound": "at_least", "low": "8"}, [figure_fact(2025, "8")], ""),
        (RATE, OF_2025 | {"bound": "at_least", "low": "8"}, [figure_fact(2025, "9")], "cao hơn mức 8% là 1,00 điểm %"),
        (RANK, OF_2025 | {"bound": "at_most", "high": "30"}, [figure_fact(2025, "33")], "kém 3 bậc"),
        (
            REVENUE,
            OF_2026 | {"bound": "at_least", "low": "100"},
            [figure_fact(2026, "60", 9)],
            "còn thiếu 40,0 tỷ đồng",
        ),
        (
            REVENUE | {"better": "lower"},
            OF_2026 | {"bound": "at_most", "high": "100"},
            [figure_fact(2026, "90", 9)],
            "được thêm tối đa 10,0 tỷ đồng",
        ),
        (
            SHARE,
            OF_2026 | {"bound": "at_least", "low": "60", "baseline_year": 2025},
            [figure_fact(2025, "50"), figure_fact(2026, "52", 9)],
            "còn cách 8,0 điểm %",
        ),
        (RATE, OF_2025 | {"bound": "at_least", "low": "8"}, [], ""),
    ],
    ids=["missed", "just met", "beyond", "rank", "flow", "ceiling", "level", "no figure"],
)
def test_the_gap_is_told_in_a_few_words(fields, target, figures, words):
    assert told_gap(fields, target, *figures) == words


def test_the_gap_is_told_in_english_too():
    figures = [figure_fact(2025, "7.5")]
    assert (
        told_gap(RATE, OF_2025 | {"bound": "at_least", "low": "8"}, *figures, language="en")
        == "0.50 percentage points short"
    )

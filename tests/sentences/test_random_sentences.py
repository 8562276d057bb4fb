"""What a sentence may never do (§10), tried on random targets of every kind, in both languages.

A sentence is read aloud in a meeting: no number in it may contradict its verdict. `--sentences=200000` tries ten times as many.
"""

import random
import re
from decimal import Decimal
from itertools import cycle, islice, product

import pytest

from indicators.assessment import Reason, Status, aggregates_in_force, figures_in_force
from indicators.assessment.bounds import compare
from indicators.queries.progress import ProgressRow, VersionsInForce
from indicators.sentences import measured_number, sentence
from indicators.sentences.formatting import limits_of
from indicators.sentences.sentence_builder import SentenceBuilder
from tests.assessment.test_assessment_properties import AROUND_ZERO, VALUES, WITHIN_PERCENTS, random_case
from tests.factories import new_indicator, new_target
from tests.reading import numbers

UNITS = {"level": ("%", "triệu đồng", "người"), "flow": ("tỷ đồng", "xã"), "rate": ("%",), "rank": ("hạng",)}
BLAMES_ANOTHER = {Reason.NON_POSITIVE_VALUES}  # perhaps the target or the baseline, which then stand alone
ON_THE_WAY = {Status.ON_TRACK, Status.AT_RISK, Status.OFF_TRACK, Status.MOVING_AWAY}


def random_rows(count, seed):
    """`count` judged rows of every kind and direction; nothing is stored."""
    chance = random.Random(seed)
    for kind, better in islice(cycle(product(UNITS, ("higher", "lower", "band"))), count):
        case = random_case(chance, kind, better, chance.choice((VALUES, WITHIN_PERCENTS, AROUND_ZERO)))
        yield row_of(case, chance)


def row_of(case, chance):
    fact = case.target
    about = {"kind": fact.kind, "better": fact.better, "path": fact.path, "unit_vi": chance.choice(UNITS[fact.kind])}
    indicator = new_indicator(sector=None, decimals=chance.choice((0, 1, 2)), **about)
    names = ("first_year", "last_year", "baseline_year", "bound", "low", "high", "basis")
    target = new_target(indicator=indicator, term=None, source=None, **{name: getattr(fact, name) for name in names})
    known = VersionsInForce(
        figures_in_force(case.figures, case.as_of), aggregates_in_force(case.aggregates, case.as_of)
    )
    return ProgressRow(target, case.judged(), None, known)


@pytest.fixture(scope="module")
def rows(request):
    return list(random_rows(request.config.getoption("--sentences"), seed=2026))


@pytest.fixture(scope="module")
def sentences(rows):
    """Each row with its two sentences."""
    return [(row, sentence(row, "vi"), sentence(row, "en")) for row in rows]


def read(text, language):
    """The number in `text`, without the words around it."""
    (digits,) = re.findall(r"-?\d[\d.,]*\d|-?\d", text)
    return Decimal(digits.replace(".", "").replace(",", ".") if language == "vi" else digits.replace(",", ""))


def stands(value, limits):
    return [compare(value, "exact", limit) for limit in sorted(limits)]


def test_the_draws_know_every_status_and_every_reason_but_those_of_parts(rows):
    assert {row.verdict.status for row in rows} == set(Status)
    assert {row.verdict.reason for row in rows} == set(Reason) - {Reason.PARTS_UNJUDGED, Reason.NO_DIRECTION}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_measured_number_stands_to_the_bounds_as_the_value_does(rows, language):
    for row in rows:
        if row.verdict.measured_value is not None:
            text, limits = measured_number(row, language), limits_of(row.target)
            assert stands(read(text, language), limits) == stands(row.verdict.measured_value, limits), (text, row)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_forecast_stands_to_the_bounds_as_it_really_does(rows, language):
    for row in rows:
        if row.verdict.forecast is not None:
            text, limits = SentenceBuilder(row, language).number(row.verdict.forecast), limits_of(row.target)
            assert stands(read(text, language), limits) == stands(row.verdict.forecast, limits), (text, row)
            assert row.verdict.status == Status.MOVING_AWAY or text in sentence(row, language)


def test_both_languages_tell_the_same_numbers(sentences):
    for _row, vietnamese, english in sentences:
        assert sorted(numbers(without_months(vietnamese))) == sorted(numbers(english)), (vietnamese, english)


def without_months(text):
    """Vietnamese counts the months of a period where English names them, and writes days the same."""
    text = re.sub(r"cuối tháng \d+/(\d{4})", r"\1", text, flags=re.I)
    return re.sub(r"(\d+ tháng|tháng 1) (đầu )?năm (\d{4})", r"\3", text, flags=re.I)


def offenders(sentences, pattern, where=lambda row: True, place=1):
    """The sentences (1: Vietnamese, 2: English) of the rows `where` that match `pattern`."""
    return [parts[place] for parts in sentences if where(parts[0]) and re.search(pattern, parts[place])][:3]


def test_no_step_of_nothing_is_asked_for(sentences):
    assert offenders(sentences, r"(tăng|giảm|thêm|tối đa|thiếu|hơn|kém|quá mức) 0(,0+)?(?![\d,])") == []
    assert offenders(sentences, r"(\(|by |; )0(\.0+)? (\S+ ){0,2}(short|above|below|more|worse)", place=2) == []


def test_no_negative_amount_is_asked_for(sentences):
    amount = lambda row: row.target.indicator.kind == "flow"  # noqa: E731
    assert offenders(sentences, r"(cần|thêm|tối đa|bình quân|(?<!mục tiêu )không quá) -\d", amount) == []


def test_a_change_goes_the_way_to_the_bound(sentences):
    for row, vietnamese, _english in sentences:
        details = row.verdict.details
        if row.verdict.needed_pace is None or row.target.indicator.kind != "level" or row.target.basis != "value":
            continue
        for way in re.findall(r"cần (tăng|giảm)", vietnamese):
            assert (way == "tăng") == (details.limit > details.used[-1].value), vietnamese


def test_time_is_said_from_where_it_counts(sentences):
    assert offenders(sentences, "từ nay|mới bắt đầu") == []
    assert offenders(sentences, "from now|only begun", place=2) == []
    over = lambda row: row.verdict.details.awaiting or row.verdict.status.is_final  # noqa: E731
    assert offenders(sentences, "còn lại", over) == []
    assert offenders(sentences, r"\bleft\b", over, place=2) == []


def test_ratios_are_for_amounts(sentences):
    percentage = lambda row: "%" in row.target.indicator.unit_vi  # noqa: E731
    assert offenders(sentences, r"\d lần\b", percentage) == []
    assert offenders(sentences, r"\d times\b", percentage, place=2) == []


def test_one_year_is_a_year_and_january_a_month(sentences):
    assert offenders(sentences, r"[Kk]ỳ \d{4}(?!–)") == []
    assert offenders(sentences, r"(?<!\d)1 tháng (đầu )?năm") == []
    assert offenders(sentences, r"\b1 (years|months)\b|\b([2-9]|\d\d+) (year|month)\b(?! figure)", place=2) == []


def test_a_sentence_says_its_verdict_and_no_other(sentences):
    for row, vietnamese, english in sentences:
        status = row.verdict.status
        own = vietnamese.partition(". ")[0]
        if status == Status.MISSED:
            assert ", không đạt mục tiêu" in own, vietnamese
            assert "which misses the target" in english
        elif status.is_final:
            assert "không đạt" not in own, vietnamese
        elif status in ON_THE_WAY:
            assert not re.search(r"vượt mục tiêu|không đạt mục tiêu", own), vietnamese
        assert ("xấp xỉ đạt" in vietnamese) == row.verdict.nearly
        assert ("nearly achieved" in english) == row.verdict.nearly


def test_a_qualifier_travels_with_its_number(sentences):
    words = {"over": "trên", "under": "gần", "about": "khoảng"}
    for row, vietnamese, _english in sentences:
        used, value = row.verdict.details.used, row.verdict.measured_value
        if len(used) != 1 or used[0].value != value or row.verdict.reason in BLAMES_ANOTHER:
            continue
        if word := words.get(used[0].qualifier):
            assert re.search(rf"{word} (hạng )?{measured_number(row, 'vi').split()[-1]}", vietnamese), vietnamese


def test_about_that_was_missed_tells_both_distances(sentences):
    missed = [
        text
        for row, text, _english in sentences
        if row.verdict.status == Status.MISSED and row.target.bound == "about" and row.target.indicator.kind != "rank"
    ]
    assert missed
    assert [text for text in missed if "kể cả dung sai 5%" not in text] == []


def test_a_refusal_blames_the_number_that_caused_it(sentences):
    for row, vietnamese, _english in sentences:
        if row.verdict.reason == Reason.NON_POSITIVE_VALUES and row.target.indicator.kind == "level":
            blamed = [read(text, "vi") for text in re.findall(r": (?:\w+ )?(-?[\d.,]*\d)(?=[;)])", vietnamese)]
            assert all(value <= 0 for value in blamed), vietnamese

"""The words of a target, read as bound, numbers, unit and years."""

import csv
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.models import Indicator, Target
from indicators.models.targets import Basis, Bound
from indicators.sentences.formatting import basis_text, bound_in_words, bound_text
from indicators.text.bound_words import UnitError, bound_for, read_bound, read_years, split_line, unit_factor
from indicators.text.numbers import with_unit

FIXTURES = Path("fixtures")
UNITS = ["%", "tỷ đồng", "triệu đồng/người/năm", "giường bệnh/vạn dân", "thôn, tổ dân phố", "điểm %", "thousand visits"]
stored_numbers = st.decimals("-99999999999.9999", "99999999999.9999", places=4)


def limit(text):
    return None if text is None else Decimal(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("từ 7 đến 7,5%", ("between", "7", "7.5", "%")),
        ("7 – 7,5%", ("between", "7", "7.5", "%")),
        ("7-7,5 %", ("between", "7", "7.5", "%")),
        ("từ 7% đến 7,5%", ("between", "7", "7.5", "%")),
        ("từ 3% trở lên", ("at_least", "3", None, "%")),
        ("2.000 đảng viên trở lên", ("at_least", "2000", None, "đảng viên")),
        ("phấn đấu đạt trên 40%", ("more_than", "40", None, "%")),
        ("dưới 3%", ("less_than", None, "3", "%")),
        ("không quá 100 vụ", ("at_most", None, "100", "vụ")),
        ("≥ 95", ("at_least", "95", None, "")),
        ("đạt 82,0%", ("", "82.0", None, "%")),
        ("khoảng 180 - 190 nghìn tỷ đồng", ("about", "180", "190", "nghìn tỷ đồng")),
        ("trong nhóm 15 địa phương đứng đầu", ("at_most", None, "15", "hạng")),
        ("30,7 giường bệnh/10.000 dân", ("", "30.7", None, "giường bệnh/vạn dân")),
    ],
)
def test_bounds_are_read_as_documents_write_them(text, expected):
    bound, low, high, unit = expected
    assert read_bound(text)[:4] == (bound, limit(low), limit(high), unit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "thuộc nhóm khá",
        "gần 40%",
        "trên 40% trở lên",
        "800 triệu - 1,2 tỷ đồng",
        "từ 8 đến 7%",
        "trên 7 đến 8%",
        "1.2.3%",
    ],
)
def test_what_is_not_understood_whole_is_refused(text):
    with pytest.raises(ValueError, match=r"no bound|two things|no range|no number|not a number"):
        read_bound(text)


@pytest.mark.parametrize(
    ("text", "basis", "years"),
    [
        ("bình quân giai đoạn 2021 – 2025 đạt từ 7 đến 7,5%/năm", "average", (2021, 2025)),
        ("tăng bình quân 10 - 11%", "average", (None, None)),
        ("cả giai đoạn 2026-2030 khoảng 190 nghìn tỷ đồng", "total", (2026, 2030)),
        ("đến năm 2030 đạt trên 30%", "", (None, 2030)),
        ("từ 76 đến 78 triệu đồng/người/năm", "", (None, None)),
    ],
)
def test_what_is_said_of_time_is_read_with_the_bound(text, basis, years):
    written = read_bound(text)
    assert (written.basis, (written.first_year, written.last_year)) == (basis, years)


def test_years_in_brackets_belong_to_the_standard_of_the_indicator():
    assert read_years("Tỷ lệ hộ nghèo (theo tiêu chí giai đoạn 2016-2020) đến năm 2025") == (None, 2025)


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("Tỷ lệ hộ nghèo dưới 3%", ("Tỷ lệ hộ nghèo", "dưới 3%")),
        ("GRDP bình quân đầu người: khoảng 130 triệu đồng.", ("GRDP bình quân đầu người", "khoảng 130 triệu đồng")),
        ("Tốc độ tăng GRDP bình quân từ 10 đến 11%/năm", ("Tốc độ tăng GRDP", "bình quân từ 10 đến 11%/năm")),
        ("Về kinh tế", ("Về kinh tế", "")),
    ],
)
def test_a_line_of_a_list_is_split_in_name_and_phrase(line, parts):
    assert split_line(line) == parts


@pytest.mark.parametrize(
    ("written", "unit", "factor"),
    [
        ("tỷ đồng", "nghìn tỷ đồng", "0.001"),
        ("triệu đồng", "triệu đồng/người/năm", "1"),
        ("tỷ", "tỷ đồng", "1"),
        ("giường/nghìn dân", "giường bệnh/vạn dân", "10"),
        ("phần trăm", "%", "1"),
        ("điểm %", "%", "1"),
        ("", "người", "1"),
    ],
)
def test_multiples_of_a_unit_are_converted(written, unit, factor):
    assert unit_factor(written, unit) == Decimal(factor)


def test_another_unit_is_refused():
    with pytest.raises(UnitError):
        unit_factor("người", "%")


def test_a_fall_of_what_is_better_lower_is_a_negative_change():
    written = bound_for(read_bound("giảm bình quân từ 1,5%/năm trở lên"), "%", "lower")
    assert written[:3] == ("at_most", None, Decimal("-1.5"))
    assert bound_for(read_bound("giảm còn 3%"), "%", "lower")[:3] == ("at_most", None, Decimal(3))


@pytest.mark.parametrize("folder", ["langson", "mau"])
def test_every_target_of_the_packages_says_what_is_stored(folder):
    with (FIXTURES / folder / "indicators.csv").open(encoding="utf-8") as file:
        indicators = {row["code"]: row for row in csv.DictReader(file)}
    with (FIXTURES / folder / "targets.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["bound"] == "parts":
                continue
            indicator = indicators[row["indicator"]]
            written = bound_for(read_bound(row["as_written_vi"]), indicator["unit_vi"], indicator["better"])
            limits = tuple(Decimal(row[name]) if row[name] else None for name in ("low", "high"))
            assert written[:3] == (row["bound"], *limits), row["as_written_vi"]


@st.composite
def targets(draw):
    """A target of any bound but the one by its parts."""
    bound = draw(st.sampled_from([bound for bound in Bound if bound != Bound.PARTS]))
    low, high = sorted([draw(stored_numbers), draw(stored_numbers)])
    has_low, has_high = bound not in ("at_most", "less_than"), bound not in ("at_least", "more_than")
    return Target(
        bound=bound,
        low=low if has_low else None,
        high=high if has_high else None,
        basis=draw(st.sampled_from(Basis.values)),
        first_year=2021,
        last_year=2025,
        indicator=Indicator(unit_vi=draw(st.sampled_from(UNITS))),
    )


@given(targets(), st.sampled_from(["vi", "en"]))
def test_what_is_written_of_a_bound_is_read_back(target, language):
    unit, expected = target.indicator.unit_vi, (target.bound, target.low, target.high)
    in_signs = bound_text(target, language)
    for text in (bound_in_words(target, unit, language), with_unit(in_signs, unit), in_signs):
        assert read_bound(text, language)[:3] == expected, text


@given(targets(), st.sampled_from(["hạng", "rank"]))
def test_ranks_are_read_back(target, unit):
    text = bound_in_words(target, unit, "vi" if unit == "hạng" else "en")
    assert read_bound(text, "vi" if unit == "hạng" else "en")[:4] == (target.bound, target.low, target.high, unit)


@given(targets())
def test_what_is_written_of_years_is_read_back(target):
    written = read_bound(f"{basis_text(target, 'vi')} {bound_in_words(target, '%', 'vi')}")
    expected = {"value": ("", None, 2025), "average": ("average", 2021, 2025), "total": ("total", 2021, 2025)}
    assert (written.basis, written.first_year, written.last_year) == expected[target.basis]


@given(st.text(alphabet="0123456789.,%-–≥<~ từđếntrênkhoảgbìqâăm/()hạ", max_size=60) | st.text(max_size=60))
def test_whatever_is_pasted_is_read_or_refused(text):
    with suppress(ValueError):
        read_bound(text)
    _name, phrase = split_line(text)
    assert not phrase or read_bound(phrase)

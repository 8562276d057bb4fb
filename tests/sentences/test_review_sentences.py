"""The paragraph for a report: correct sentences in both languages, nothing counted twice, nothing pretended."""

from datetime import date

import pytest
from django.utils import translation

from indicators.dashboard.official_tables import paragraphs
from indicators.dashboard.report_selection import ReportSelection
from indicators.models import Term
from indicators.queries.term_overview import Filter
from tests.factories import (
    make_figure,
    make_indicator,
    make_official_result,
    make_official_verdict,
    make_source,
    make_target,
    make_term,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 22)


def told(language="vi", last_year=2025, as_of=TODAY, **wanted):
    with translation.override(language):
        return paragraphs(ReportSelection(as_of, Term.objects.get(last_year=last_year), Filter(**wanted)))


def reached(value, name="GRDP bình quân đầu người", target=None, **fields):
    """A counted target of the term 2025 and the figure that decides it."""
    indicator = make_indicator(
        name_vi=name, name_en="GRDP per capita", **{"unit_vi": "triệu đồng", "decimals": 1} | fields
    )
    target = make_target(indicator=indicator, counted=True, **target or {"bound": "between", "low": "76", "high": "78"})
    if value:
        make_figure(indicator=indicator, year=2025, value=value, published_on="2026-01-10")
    return target


def sector(language="vi"):
    return told(language)[-1]


def test_the_real_term_in_vietnamese(langson):
    text = told()
    assert text[0] == (
        "Nhiệm kỳ 2020–2025: 4/20 chỉ tiêu đã nhập, 2 có kết quả cuối cùng: 0 đạt và vượt, 2 không đạt;"
        " 2 chưa có số liệu hoặc chưa đánh giá được."
    )
    assert text[1].startswith("Theo công bố của tỉnh về cả nhiệm kỳ: 18/20 chỉ tiêu đạt và vượt (nguồn: ")
    assert text[2] == (
        "Về kinh tế: 2 chỉ tiêu đã nhập: 0 đạt và vượt, 2 không đạt. Không đạt: Tốc độ tăng trưởng GRDP 6,99/7–7,5%"
        " (xấp xỉ đạt, tạm tính); GRDP bình quân đầu người 71,1/76–78 triệu đồng/người/năm (tạm tính)."
    )


def test_the_real_term_in_english(langson):
    text = told("en")
    assert text[0] == (
        "Term 2020–2025: 4/20 targets entered, 2 with a final result: 0 met or exceeded, 2 missed; 2 without data or a verdict."
    )
    assert text[2] == (
        "Economy: 2 targets entered: 0 met or exceeded, 2 missed. Missed: GRDP growth 6.99/7–7.5% (nearly achieved, provisional);"
        " GRDP per capita 71.1/76–78 million VND per person per year (provisional)."
    )


@pytest.fixture
def term(langson):
    """A term of which nothing is known yet, with the whole list of its four targets."""
    Term.objects.filter(last_year=2025).update(last_year=2024)
    return make_term(code="T", name_vi="Nhiệm kỳ thử", name_en="Test term", first_year=2021, last_year=2025)


def in_term(term, **fields):
    return {"term": term, **fields}


@pytest.mark.parametrize(
    ("bounds", "value", "vi", "en"),
    [
        ({"low": "76"}, "80", "Vượt mục tiêu: A 80/76 triệu đồng.", "Exceeded: GRDP per capita 80/76 triệu đồng."),
        ({"bound": "more_than", "low": "30"}, "30.5", "Đạt: A 30,5/trên 30 triệu đồng.", "30.5/over 30 triệu đồng."),
        (
            {"bound": "about", "low": "48", "high": "48"},
            "44.2",
            "Không đạt: A 44,2/khoảng 48 triệu đồng.",
            "44.2/about 48",
        ),
        ({"low": "76"}, "", "Chưa có số liệu: A.", "No data yet: GRDP per capita."),
    ],
)
def test_a_target_is_cited_with_its_number_and_its_bound(term, bounds, value, vi, en):
    reached(value, "A", in_term(term, **bounds))
    assert vi in sector()
    assert en in sector("en")


def test_a_ceiling_reads_as_below(term):
    reached("2.3", "Hộ nghèo", in_term(term, bound="less_than", high="3"), unit_vi="%", better="lower")
    assert sector().endswith("Đạt: Hộ nghèo 2,3/dưới 3%.")


def test_a_rank_has_its_word_before_it(term):
    reached(
        "12", "PCI", in_term(term, bound="at_most", high="10"), unit_vi="hạng", kind="rank", better="lower", decimals=0
    )
    assert sector().endswith("Không đạt: PCI hạng 12/10.")


def test_targets_on_their_way_say_what_is_measured(term):
    indicator = make_indicator(name_vi="A", unit_vi="tỷ đồng", kind="flow", decimals=0)
    make_target(indicator=indicator, counted=True, term=term, scope="annual", first_year=2025, low="100")
    make_figure(indicator=indicator, year=2025, through_month=9, value="80", published_on="2025-10-01")
    told_then = told(as_of=date(2025, 10, 15))[-1]
    assert told_then == (
        "Về kinh tế: 1 chỉ tiêu, chưa chỉ tiêu nào có kết quả cuối cùng. Đúng tiến độ: A 80/100 tỷ đồng (9 tháng năm 2025)."
    )


def test_parts_decide_and_the_sentence_says_which(term):
    whole = make_indicator(name_vi="Cả", judged_by_parts=True)
    make_target(indicator=whole, counted=True, term=term, bound="parts")
    for name, value in (("Một", "8"), ("Hai", "5")):
        part = make_indicator(name_vi=name, parent=whole, order=2)
        make_target(indicator=part, term=term, low="7")
        make_figure(indicator=part, year=2025, value=value, published_on="2026-01-10")
    assert sector().endswith("Không đạt: Cả (1/2 thành phần không đạt: Hai).")


def test_an_official_verdict_decides_where_a_target_stands_and_says_so(term):
    target = reached("70", "A", in_term(term, low="76"))
    make_official_verdict(target=target, verdict="achieved")
    assert sector().endswith("Đạt: A 70/76 triệu đồng (đánh giá chính thức).")


def test_only_counted_adopted_targets_are_told(term):
    reached("80", "A", in_term(term, low="76"))
    make_target(indicator=make_indicator(name_vi="Không tính"), term=term)
    make_target(indicator=make_indicator(name_vi="Dự thảo"), term=term, counted=True, status="draft")
    assert told()[0] == "Nhiệm kỳ thử: có 1/1 chỉ tiêu đạt và vượt."
    assert "Không tính" not in " ".join(told())
    assert "Dự thảo" not in " ".join(told())


def test_the_count_of_the_province_stands_beside_ours(term):
    reached("80", "A", in_term(term, low="76"))
    make_official_result(
        term=term, source=make_source(title_vi="Báo cáo chính trị"), met_or_exceeded=3, declared_targets=4
    )
    assert told()[1] == "Theo công bố của tỉnh về cả nhiệm kỳ: 3/4 chỉ tiêu đạt và vượt (nguồn: Báo cáo chính trị)."
    assert (
        told("en")[1]
        == "As published by the province for the whole term: 3 of 4 targets met or exceeded (source: Báo cáo chính trị)."
    )


def test_a_filter_leaves_its_sectors_and_no_count_of_the_whole(langson):
    (text,) = told(sector="society")
    assert text.startswith("Về xã hội: 2 chỉ tiêu đã nhập, chưa chỉ tiêu nào có kết quả cuối cùng.")
    assert told(status="missed")[0].endswith("GRDP bình quân đầu người 71,1/76–78 triệu đồng/người/năm (tạm tính).")

"""The sentence that goes with every verdict and every refusal, in both languages."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from indicators.assessment import Reason, Status, aggregates_in_force, figures_in_force, judge
from indicators.datapackage.loader import load_package
from indicators.models import Target
from indicators.queries.progress import ProgressRow, VersionsInForce, progress, target_fact
from indicators.sentences import measured_number, measured_period, sentence
from tests.factories import aggregate_fact, figure_fact, new_indicator, new_target
from tests.reading import numbers

pytestmark = pytest.mark.django_db

HERE = Path(__file__).resolve().parents[1]
DAYS = [date(2018, 7, 1), date(2021, 1, 10), date(2023, 12, 31), date(2026, 3, 1), date(2026, 11, 22)]


# --- every verdict and refusal that the worked cases and the invented province know


def judged_cases():
    """The row of each worked case on its own day."""
    with (HERE / "method_cases" / "expected.csv").open(encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))
    return [
        row
        for case in cases
        for row in progress(date.fromisoformat(case["as_of"]), Target.objects.filter(indicator__code=case["indicator"]))
    ]


def judged_province():
    return [row for day in DAYS for row in progress(day)]


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """Rows of every kind; what their sentences need was read with them, so the database may be empty again."""
    packages = [(HERE / "method_cases", judged_cases), (HERE.parent / "fixtures" / "mau", judged_province)]
    rows = []
    for folder, judged in packages:
        with django_db_blocker.unblock(), transaction.atomic():
            load_package(folder)
            rows += judged()
            transaction.set_rollback(True)
    return rows


def test_the_rows_below_know_every_status_and_every_reason(told):
    assert {row.verdict.status for row in told} == set(Status)
    assert {row.verdict.reason for row in told} == set(Reason) - {Reason.NON_POSITIVE_VALUES}  # told further below
    assert len(told) > 500


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_row_has_a_sentence_that_begins_and_ends_like_one(told, language):
    for row in told:
        text = sentence(row, language)
        assert text[0].isupper() or text[0].isdigit(), text
        assert text.endswith("."), text
        assert not re.search(r"  | [,.;)]|\( |\.\.|None|[{}]", text), text


def test_a_sentence_contains_the_measured_number(told):
    for row in told:
        if row.verdict.measured_value is None or row.verdict.status.is_refusal:
            continue
        for language in ("vi", "en"):
            assert measured_number(row, language) in sentence(row, language)


def test_a_refusal_that_knows_values_tells_them(told):
    told_values = [row for row in told if row.verdict.status.is_refusal and row.verdict.details.used]
    assert told_values
    for row in told_values:
        known = {str(one.value.normalize()).lstrip("-") for one in row.verdict.details.used}
        text = sentence(row, "en").replace(",", "")
        assert all(value in text or value.rstrip("0") in text for value in known if "E" not in value), (known, text)


ON_THE_WAY = {Status.ON_TRACK, Status.AT_RISK, Status.OFF_TRACK}


def test_an_even_year_is_said_to_be_assumed_exactly_where_months_are_counted_as_one(told):
    seen = set()
    for row in told:
        if (
            row.verdict.status not in ON_THE_WAY
            or row.verdict.needed_pace is None
            or row.target.indicator.kind == "level"
        ):
            continue
        of_months = row.verdict.details.known_months % 12 > 0
        assert ("giả định tiến độ đều trong năm" in sentence(row, "vi")) == of_months, sentence(row, "vi")
        assert ("assuming an even pace over the year" in sentence(row, "en")) == of_months
        seen.add(of_months)
    assert seen == {True, False}


def plain_periods(text):
    """Vietnamese counts the months of a period where English names them."""
    text = re.sub(r"[Cc]uối tháng \d+/(\d{4})", r"\1", text)
    return re.sub(r"\d+ tháng (đầu )?năm (\d{4})", r"\2", text)


def test_both_languages_tell_the_same_numbers(told):
    for row in told:
        vietnamese, english = sentence(row, "vi"), sentence(row, "en")
        assert sorted(numbers(plain_periods(vietnamese))) == sorted(numbers(english)), (vietnamese, english)


VIETNAMESE = re.compile("[ăâđêôơưạảãáàậẩẫấầặẳẵắằẹẻẽéèệểễếềịỉĩíìọỏõóòộổỗốồợởỡớờụủũúùựửữứừỵỷỹýỳ]", re.I)


def test_an_english_sentence_has_no_vietnamese_word(told):
    assert [text for row in told if VIETNAMESE.search(text := sentence(row, "en").replace("Mẫu", ""))] == []


# --- the numbers of one case, in whole sentences


def judged(figures=(), as_of=date(2024, 3, 1), aggregates=(), **fields):
    """A row from fields of an indicator and of a target; nothing is stored."""
    about = {name: fields.pop(name) for name in list(fields) if name in ABOUT_INDICATOR}
    indicator = new_indicator(sector=None, **{"decimals": 1, "unit_vi": "%", "kind": "level"} | about)
    target = new_target(indicator=indicator, term=None, source=None, **fields)
    known = VersionsInForce(figures_in_force(figures, as_of), aggregates_in_force(aggregates, as_of))
    return ProgressRow(target, judge(target_fact(target), figures, aggregates, as_of), None, known)


ABOUT_INDICATOR = {"kind", "better", "path", "decimals", "unit_vi", "unit_en"}


def both(row):
    return sentence(row, "vi"), sentence(row, "en")


def years(**values):
    return [figure_fact(int(year.removeprefix("y")), value) for year, value in values.items()]


def test_a_target_that_was_met():
    row = judged(years(y2025="7"), date(2026, 3, 1), bound="at_least", low="7")
    assert both(row) == (
        "Năm 2025 là 7,0%, đạt mục tiêu từ 7% trở lên.",
        "In 2025 it was 7.0%, which meets the target of at least 7%.",
    )


def test_a_target_that_was_missed_and_by_how_many_points():
    row = judged(years(y2025="3"), date(2026, 3, 1), bound="less_than", high="3", better="lower")
    assert both(row) == (
        "Năm 2025 là 3,0%, không đạt mục tiêu dưới 3%, nhưng xấp xỉ đạt.",
        "In 2025 it was 3.0%, which misses the target of below 3%, though nearly achieved.",
    )
    row = judged(years(y2025="3.5"), date(2026, 3, 1), bound="less_than", high="3", better="lower")
    assert both(row) == (
        "Năm 2025 là 3,5%, không đạt mục tiêu dưới 3% (cao hơn 0,5 điểm %).",
        "In 2025 it was 3.5%, which misses the target of below 3% (0.5 percentage points above).",
    )


def test_a_miss_that_rounding_would_hide_shows_its_digits():
    row = judged(years(y2025="6.9996"), date(2026, 3, 1), bound="at_least", low="7")
    assert both(row) == (
        "Năm 2025 là 6,9996%, không đạt mục tiêu từ 7% trở lên (thiếu 0,0004 điểm %), nhưng xấp xỉ đạt.",
        "In 2025 it was 6.9996%, which misses the target of at least 7% (0.0004 percentage points short), though"
        " nearly achieved.",
    )


def test_a_ceiling_that_was_beaten_is_not_said_to_be_exceeded():
    row = judged(years(y2025="90"), date(2026, 3, 1), kind="flow", unit_vi="người", unit_en="people", decimals=0,
                 bound="at_most", high="100", better="lower", basis="value", first_year=2025)  # fmt: skip
    assert both(row) == (
        "Năm 2025 là 90 người, tốt hơn mục tiêu không quá 100 người.",
        "In 2025 it was 90 people, which beats the target of at most 100 people.",
    )


def test_a_rank_is_missed_by_places():
    row = judged(years(y2025="33"), date(2026, 3, 1), kind="rank", unit_vi="hạng", unit_en="rank", decimals=0,
                 bound="at_most", high="30", better="lower")  # fmt: skip
    assert both(row) == (
        "Năm 2025 xếp hạng 33, không đạt mục tiêu không quá hạng 30 (kém 3 bậc).",
        "In 2025 it was rank 33, which misses the target of at most rank 30 (3 places worse).",
    )


def test_a_level_on_its_way_tells_what_it_needs_and_where_it_leads():
    row = judged(years(y2020="20", y2023="26"), bound="at_least", low="30")
    assert both(row) == (
        "Năm 2023 là 26,0%; kể từ cuối năm 2023 mỗi năm cần tăng 2,0 điểm % để tới mức 30% vào cuối năm 2025 (từ năm gốc"
        " 2020 đến cuối năm 2023 mỗi năm được 2,0 điểm %). Giữ tốc độ cũ sẽ là 30,0% vào cuối năm 2025.",
        "In 2023 it stood at 26.0%; from the end of 2023 on it must rise by 2.0 percentage points a year to reach 30% by the"
        " end of 2025 (from 2020 to the end of 2023 it was 2.0 percentage points a year). At the old pace it would be 30.0%"
        " by the end of 2025.",
    )


def test_a_level_inside_a_year_is_a_position_at_the_end_of_a_month():
    figures = [*years(y2020="20"), figure_fact(2023, "26", 9)]
    row = judged(figures, date(2023, 11, 1), bound="more_than", low="30")
    assert both(row)[0].startswith(
        "Cuối tháng 9/2023 là 26,0%; kể từ cuối tháng 9/2023 mỗi năm cần tăng 1,8 điểm % để tới mức trên 30%"
    )
    assert both(row)[1].startswith(
        "At the end of Sep 2023 it stood at 26.0%; from the end of Sep 2023 on it must rise by 1.8 percentage points a year"
    )


def test_a_flow_of_months_tells_what_is_left_and_the_assumption():
    row = judged([figure_fact(2019, "1188", 9)], date(2019, 10, 15), kind="flow", unit_vi="đảng viên",
                 unit_en="Party members", decimals=0, bound="at_least", low="2000", first_year=2019, last_year=2019)  # fmt: skip
    assert both(row) == (
        "Sau 9 tháng đạt 1.188/2.000 đảng viên; 3 tháng còn lại cần thêm 812 (bằng 2,05 lần tốc độ hiện nay,"
        " giả định tiến độ đều trong năm).",
        "After 9 months it stood at 1,188/2,000 Party members; 812 more are needed in the 3 months left (2.05 times the"
        " present pace, assuming an even pace over the year).",
    )


def test_an_average_on_its_way_names_the_years_it_knows():
    row = judged(years(y2021="6.67", y2022="7.22"), date(2023, 12, 31), kind="rate", decimals=2,
                 bound="between", low="7", high="7.5", basis="average")  # fmt: skip
    assert both(row) == (
        "Bình quân 2021–2022 là 6,95%; 3 năm còn lại cần bình quân 7,04% mỗi năm để đạt mức 7% (cao hơn 0,09 điểm %"
        " so với bình quân 2021–2022).",
        "The average of 2021–2022 was 6.95%; 7.04% a year is needed in the 3 years left to reach 7% (0.09"
        " percentage points above the average of 2021–2022).",
    )


def test_an_average_of_one_known_year_is_called_the_figure_of_that_year():
    row = judged(years(y2021="7"), date(2022, 3, 1), kind="rate", bound="at_least", low="7", basis="average")
    assert sentence(row, "vi").startswith("Số liệu năm 2021 là 7,0%; 4 năm còn lại")
    assert sentence(row, "en").startswith("The figure for 2021 was 7.0%; 7.0% a year")


def test_a_published_average_is_told_with_our_own_when_they_differ():
    figures = years(y2021="6.67", y2022="7.22", y2023="7", y2024="6.01", y2025="8.06")
    row = judged(figures, date(2026, 3, 1), [aggregate_fact(2021, 2025, "7.1")], kind="rate", decimals=1,
                 bound="between", low="7", high="7.5", basis="average")  # fmt: skip
    assert both(row) == (
        "Bình quân 2021–2025 theo nguồn công bố là 7,1%, đạt mục tiêu từ 7 đến 7,5%. Trung bình các số năm đã công bố là 6,99%,"
        " khác số này và cho kết quả khác: không đạt.",
        "The average of 2021–2025 as published was 7.1%, which meets the target of 7 to 7.5%. The mean of the published yearly"
        " figures is 6.99%, which differs and gives another result: missed.",
    )


def test_a_difference_that_rounding_explains_is_not_told():
    figures = years(y2021="7.1", y2022="7.1", y2023="7.1", y2024="7.1", y2025="7.2")
    row = judged(figures, date(2026, 3, 1), [aggregate_fact(2021, 2025, "7.1")], kind="rate", bound="at_least", low="7",
                 basis="average")  # fmt: skip
    assert sentence(row, "vi") == "Bình quân 2021–2025 theo nguồn công bố là 7,1%, vượt mục tiêu từ 7% trở lên."


def test_an_early_verdict_says_that_it_is_early():
    row = judged([figure_fact(2025, "12", 9)], date(2025, 10, 15), kind="flow", unit_vi="xã", unit_en="communes", decimals=0,
                 bound="at_least", low="10", first_year=2025)  # fmt: skip
    assert both(row) == (
        "9 tháng năm 2025 là 12 xã, vượt mục tiêu từ 10 xã trở lên khi mới tính 9 tháng.",
        "In Jan–Sep 2025 it was 12 communes, which exceeds the target of at least 10 communes with only 9 months counted.",
    )


def test_a_period_that_is_over_but_unknown_says_what_is_awaited():
    row = judged([*years(y2020="20"), figure_fact(2025, "28", 9)], date(2026, 2, 1), bound="at_least", low="30")
    assert sentence(row, "vi").endswith(" Năm 2025 đã hết, đang chờ số cả năm.")
    assert sentence(row, "en").endswith(" 2025 is over; its full-year figure is awaited.")


def test_a_missing_base_year_is_named():
    row = judged(years(y2021="20"), date(2022, 3, 1), bound="at_least", low="30")
    assert both(row) == (
        "Chưa đánh giá được: chưa có số năm gốc 2020; năm 2021 là 20,0%. Kể từ cuối năm 2021 mỗi năm cần tăng"
        " 2,5 điểm % để tới mức 30% vào cuối năm 2025.",
        "Cannot be judged: there is no figure for the base year 2020; in 2021 it stood at 20.0%. From"
        " the end of 2021 on it must rise by 2.5 percentage points a year to reach 30% by the end of 2025.",
    )


def test_a_value_that_cannot_grow_is_named():
    row = judged(years(y2020="0", y2022="5"), path="compound", bound="at_least", low="30")
    assert row.verdict.reason == Reason.NON_POSITIVE_VALUES
    assert both(row) == (
        "Chưa đánh giá được: có số bằng 0 hoặc âm (năm 2020: 0,0) nên không tính được tốc độ tăng.",
        "Cannot be judged: a value is 0 or negative (2020: 0.0), so no growth can be worked out.",
    )


def test_nothing_known_is_no_data_and_what_is_known_of_earlier_years_is_told():
    row = judged(years(y2019="20"), date(2022, 3, 1), bound="at_least", low="30")
    assert both(row) == (
        "Chưa có số liệu nào trong kỳ 2021–2025; số gần nhất là 20,0% (năm 2019).",
        "There is no figure yet for 2021–2025; the latest is 20.0% (2019).",
    )


def test_a_qualified_figure_keeps_its_word():
    row = judged([figure_fact(2025, "30", qualifier="over")], date(2026, 3, 1), bound="at_least", low="30")
    assert both(row) == (
        "Năm 2025 là trên 30%, vượt mục tiêu từ 30% trở lên.",
        "In 2025 it was over 30%, which exceeds the target of at least 30%.",
    )


def test_one_year_that_is_left_is_named_and_not_averaged():
    figures = years(y2021="6.67", y2022="7.22", y2023="7", y2024="6.01")
    row = judged(figures, date(2025, 3, 1), kind="rate", decimals=2, bound="at_least", low="7", basis="average")
    assert sentence(row, "vi").startswith(
        "Bình quân 2021–2024 là 6,73%; riêng năm 2025 cần đạt 8,10% để đạt mức 7% (cao hơn 1,37 điểm % so với bình quân"
        " 2021–2024, chưa năm nào cao như vậy, cao nhất là 7,22% (năm 2022))."
    )
    assert "2025 alone needs 8.10% to reach 7%" in sentence(row, "en")


def test_the_last_year_of_a_level_is_told_as_one_step():
    row = judged(years(y2020="20", y2024="28.3"), date(2025, 3, 1), bound="at_least", low="30")
    assert "từ cuối năm 2024 đến cuối năm 2025 cần tăng 1,7 điểm % để tới mức 30%" in sentence(row, "vi")
    assert "mỗi năm cần" not in sentence(row, "vi")


def test_nothing_is_asked_of_a_year_that_is_over():
    row = judged(years(y2024="28.3"), date(2026, 2, 1), bound="at_least", low="30")
    assert sentence(row, "vi") == (
        "Chưa đánh giá được: chưa có số năm gốc 2020; năm 2024 là 28,3%. Năm 2025 đã hết, đang chờ số cả năm."
    )
    row = judged(years(y2020="20", y2024="28.3"), date(2026, 2, 1), bound="at_least", low="30")
    assert "so với cuối năm 2024 phải đã tăng 1,7 điểm % thì mới tới mức 30% vào cuối năm 2025" in sentence(row, "vi")
    assert "it must have risen by 1.7 percentage points to have reached 30% by the end of 2025" in sentence(row, "en")


def test_a_period_that_has_not_begun_says_so():
    row = judged(years(y2019="20"), date(2020, 3, 1), bound="at_least", low="30")
    assert both(row) == (
        "Kỳ 2021–2025 chưa bắt đầu; số gần nhất là 20,0% (năm 2019).",
        "2021–2025 has not begun; the latest is 20.0% (2019).",
    )


def test_a_draft_and_an_estimate_are_called_what_they_are():
    figures = [figure_fact(2025, "8.41", status="estimate", published_on=date(2025, 11, 24))]
    row = judged(figures, date(2025, 12, 1), kind="rate", decimals=2, bound="at_least", low="8", basis="value",
                 first_year=2025, status="draft")  # fmt: skip
    assert both(row) == (
        "Năm 2025 là 8,41% (số ước tính), vượt mục tiêu từ 8% trở lên (dự thảo).",
        "In 2025 it was 8.41% (an estimate), which exceeds the target of at least 8% (draft).",
    )


def test_a_published_average_that_newer_figures_overtook_names_them():
    figures = [figure_fact(year, "7", published_on=date(2025, 3, 1)) for year in range(2021, 2025)]
    figures.append(figure_fact(2025, "6.9", published_on=date(2026, 1, 10)))
    published = aggregate_fact(2021, 2025, "7.1", published_on=date(2025, 11, 24))
    row = judged(
        figures, date(2026, 3, 1), [published], kind="rate", decimals=1, bound="at_least", low="7", basis="average"
    )
    assert sentence(row, "vi").endswith(
        "Số đã công bố ngày 24/11/2025 là 7,1%, nay không dùng vì sau đó có số liệu mới hơn (năm 2025: 6,9); theo"
        " số đó thì vượt."
    )
    assert "is no longer used because newer figures came out after it (2025: 6.9)" in sentence(row, "en")


# --- what the measured value covers


@pytest.mark.parametrize(
    ("fields", "figures", "vietnamese", "english"),
    [
        ({"low": "30"}, years(y2020="20", y2023="26"), "năm 2023", "2023"),
        ({"low": "30"}, [*years(y2020="20"), figure_fact(2023, "26", 9)], "cuối tháng 9/2023", "end of Sep 2023"),
        ({"kind": "rate", "basis": "average", "low": "7"}, years(y2021="6", y2022="7"), "bình quân 2021–2022",
         "the average of 2021–2022"),
        ({"kind": "flow", "basis": "total", "low": "90"}, [*years(y2021="6"), figure_fact(2022, "3", 9)], "sau 1 năm 9 tháng",
         "after 1 year and 9 months"),
        ({"kind": "flow", "basis": "total", "low": "90", "last_year": 2022}, years(y2021="6", y2022="7"), "tổng 2021–2022",
         "the total of 2021–2022"),
        ({"low": "30"}, [], "năm 2025", "2025"),
    ],
)  # fmt: skip
def test_the_period_of_the_measured_value_is_that_of_its_figures(fields, figures, vietnamese, english):
    row = judged(figures, bound="at_least", **fields)
    assert (measured_period(row, "vi"), measured_period(row, "en")) == (vietnamese, english)

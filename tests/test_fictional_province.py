"""The pages with the invented figures, which know every verdict, bound and kind: nothing fails, everything is told."""

import pytest

from indicators.models import Indicator, Source
from indicators.wording import STATUS_LABEL, STATUS_SIGN
from tests.reading import cells, see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mau", "today", "public")]


@pytest.mark.parametrize("language", ["", "en/"])
def test_the_page_of_every_indicator_answers_and_is_well_formed(client, language):
    for indicator in Indicator.objects.all():
        page = see(client, f"/{language}indicators/{indicator.code}/")
        assert page.one("h1").text == (indicator.name_en if language else indicator.name_vi)


def test_the_page_of_every_source_answers_and_is_well_formed(client):
    for source in Source.objects.all():
        assert see(client, f"/sources/{source.code}/").one("h1").text == source.title_vi


@pytest.mark.parametrize("day", ["2016-01-31", "2018-06-30", "2021-01-15", "2023-07-14", "2025-12-31"])
def test_every_overview_answers_on_every_day(client, day):
    for year in (2020, 2025, 2030):
        assert see(client, f"/terms/{year}/?show=all&as_of={day}").all("table")


@pytest.mark.parametrize(
    ("year", "score"),
    [
        (2020, "13/20 đạt và vượt đã nhập 20/20 chỉ tiêu"),
        (2025, "15/26 đạt và vượt trong đó 6 tạm tính đã nhập 26/26 chỉ tiêu"),
        (2030, "0/28 đạt và vượt đã nhập 28/28 chỉ tiêu"),
    ],
)
def test_the_score_counts_official_verdicts_and_tells_provisional_ones(client, year, score):
    assert see(client, f"/terms/{year}/").one("div", class_="tally-score").text == score


def test_all_nine_verdicts_are_told_by_sign_and_word(client):
    told = {
        chip.text for year in (2020, 2025, 2030) for chip in see(client, f"/terms/{year}/").all("span", class_="chip")
    }
    assert told == {f"{STATUS_SIGN[status]} {label}" for status, label in STATUS_LABEL.items()}


def test_an_official_verdict_is_told_with_the_suggestion_it_overrides(client):
    verdict = cells(see(client, "/terms/2025/"), "Thu ngân sách nhà nước trên địa bàn")["Đánh giá"]
    assert verdict.startswith("✓ Đạt chính thức")
    assert "Không đạt" in verdict


def test_a_draft_is_shown_as_one_and_a_revised_target_gives_way(client):
    assert cells(see(client, "/terms/2030/"), "Tỷ lệ thất thoát nước sạch")["Mục tiêu 2030"].endswith("dự thảo")
    per_person = {
        day: cells(see(client, f"/terms/2025/?as_of={day}"), "GRDP bình quân đầu người")["Mục tiêu 2025"]
        for day in ("2023-07-13", "2023-07-14")
    }
    assert per_person == {"2023-07-13": "từ 72 đến 75 triệu đồng", "2023-07-14": "từ 68 đến 70 triệu đồng"}


def test_the_negative_and_the_missing_are_written_as_printed(client):
    assert "-32,0" in see(client, "/indicators/traffic-reduction-deaths/").text
    figures = see(client, "/indicators/new-rural-added/").one("section", id="figures")
    row = next(
        row
        for row in figures.all("tr")
        if ("2021" in row.one("th").text and "đã công bố" in row.text) or "-" in row.text
    )
    assert row

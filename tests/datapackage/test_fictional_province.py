"""The pages with the invented figures, which know every verdict, bound and kind: nothing fails, everything is told."""

import csv
from io import StringIO

import pytest

from indicators.models import Indicator, Source
from indicators.sentences.formatting import STATUS_LABEL, STATUS_SIGN
from tests.reading import cells, content, rows, see

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


@pytest.mark.parametrize(("year", "declared"), [(2020, 20), (2025, 26), (2030, 28)])
def test_the_score_is_what_one_counts_in_the_progress_file(client, year, declared):
    file = StringIO(content(client.get(f"/reports/progress.csv?term={year}")), newline="")
    counted = [
        row
        for row in csv.DictReader(file)
        if (row["counted"], row["target_status"], row["last_year"]) == ("true", "adopted", str(year))
    ]
    met = [row for row in counted if (row["official_status"] or row["status"]) in ("exceeded", "achieved")]
    provisional = [row for row in met if row["provisional"] == "true"]
    score = see(client, f"/terms/{year}/").one("div", class_="tally-score").text
    assert ("có kết luận" in score) == bool(met)
    assert not met or f": {len(met)} đạt và vượt" in score
    assert (f"({len(provisional)} tạm tính)" in score) == bool(provisional)
    assert ("chưa nhập" in score) == (len(counted) < declared)


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


def test_the_negative_is_written_as_printed(client):
    assert "-32,0" in see(client, "/indicators/traffic-reduction-deaths/").text


def test_what_did_not_occur_is_a_dash_and_never_a_zero(client):
    table = see(client, "/indicators/new-rural-added/").one("section", id="figures").one("table")
    assert [row[1] for row in rows(table) if row[0] == "năm 2021"] == ["-"]


@pytest.mark.parametrize("address", ["/terms/2030/", "/terms/2030/present/", "/compare/"])
def test_a_measured_value_tells_its_own_period_wherever_it_stands(client, address):
    """The target is one of 2030, the value was measured in September 2026."""
    text = see(client, address).text
    assert "2,92" in text
    assert "cuối tháng 9/2026" in text
    assert "2,92 % năm 2030" not in text
    assert "2,92 năm 2030" not in text


@pytest.mark.parametrize("address", ["/terms/2025/", "/compare/", "/years/2023/", "/sectors/economy/"])
def test_the_day_goes_along_from_every_listing(client, address):
    links = [link["href"] for link in see(client, f"{address}?as_of=2024-01-31").one(id="main").all("a")]
    places = [link for link in links if link.startswith(("/indicators/", "/sources/"))]
    assert len(places) > 10
    assert [place for place in places if "as_of=2024-01-31" not in place] == []

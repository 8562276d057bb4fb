"""The first page: what is in danger, what is awaited and from whom, living numbers, a line per term, what came out last."""

import pytest

from indicators.models import Target
from tests.factories import make_explanation, make_person
from tests.reading import see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "public")]


def section(page, name):
    """The section with this heading's id."""
    return next(node for node in page.all("section") if node.attributes.get("aria-labelledby") == name)


@pytest.mark.usefixtures("langson")
class TestLangSon:
    def test_where_nothing_can_be_judged_it_says_whose_figures_are_awaited(self, client):
        told = section(see(client, "/"), "danger-heading").text
        assert told.startswith("Chưa chỉ tiêu nào đánh giá được đang chờ số của 8 chỉ tiêu")
        assert "Sở Tài chính (3)" in told
        assert "Quy mô GRDP Chưa có số liệu nào trong kỳ 2026–2030." in told

    def test_then_it_shows_what_the_last_complete_term_missed_and_by_how_much(self, client):
        told = section(see(client, "/"), "missed-heading").text
        assert told.startswith("Nhiệm kỳ 2020–2025 2 có kết luận: 0 đạt và vượt, 2 không đạt (1 xấp xỉ)")
        assert "(thiếu 4,9 triệu đồng/người/năm)" in told
        assert "Thống kê tỉnh Lạng Sơn · số công bố" in told

    def test_no_large_number_is_older_than_three_years(self, client):
        page = see(client, "/")
        cards = {card.one("h2").text: card for card in page.all("article", class_="card")}
        large = {name: card.one("p", class_="figure").text for name, card in cards.items()}
        assert large["Tỷ lệ hộ nghèo (chuẩn 2022–2025)"].startswith("2,32 % năm 2025")
        assert "Chưa có mục tiêu theo chuẩn này" in cards["Tỷ lệ hộ nghèo (chuẩn 2022–2025)"].text
        assert "số cuối cùng: năm 2017" in cards["Tỷ lệ hộ nghèo (chuẩn 2022–2025)"].text
        assert all("202" in figure for figure in large.values())
        assert "Kết nạp đảng viên" not in large

    def test_a_term_has_a_line_that_cannot_be_misread(self, client):
        lines = [line.text for line in see(client, "/").one("div", class_="term-lines").all("a")]
        assert lines == [
            "Nhiệm kỳ 2025–2030 4 chưa đủ số liệu · 30/34 chưa nhập vào hệ thống →",
            "Nhiệm kỳ 2020–2025 2 có kết luận: 0 đạt và vượt, 2 không đạt (1 xấp xỉ) · 2 chưa đủ số liệu"
            " · 16/20 chưa nhập vào hệ thống · tỉnh công bố 18/20 →",
            "Nhiệm kỳ 2015–2020 2 có kết luận: 0 đạt và vượt, 2 không đạt · 18 chưa đủ số liệu · tỉnh công bố 18/20 →",
        ]

    def test_what_came_out_last_stands_at_the_end_with_its_day(self, client):
        news = [line.text for line in see(client, "/").one("ul", class_="news").all("li")]
        assert len(news) == 6
        assert news[0].startswith("28/02/2026 Số đơn vị hành chính cấp xã : 65 đơn vị")

    def test_a_past_day_shows_what_was_known_and_goes_along(self, client):
        page = see(client, "/en/?as_of=2019-06-30")
        assert page.one("h1").text == "On 30/06/2019"
        main = page.one(id="main")
        assert all("as_of=2019-06-30" in link["href"] for link in main.all("a") if "/terms/" in link["href"])
        assert "2020–2025" not in main.text

    def test_the_verdict_on_a_draft_is_never_a_filled_chip(self, client):
        chips = see(client, "/years/2026/").one("table").all("span", class_="chip")
        assert chips
        assert all("of-draft" in chip.classes for chip in chips)

    def test_before_anything_was_known_it_says_so(self, client):
        assert "No target of this year was known on this day." in see(client, "/en/?as_of=1995-01-01").text


@pytest.mark.usefixtures("mau")
class TestMau:
    def test_it_counts_what_is_in_danger_among_what_can_be_judged(self, client):
        heading = see(client, "/").one(id="danger-heading").text
        assert heading == "13 chỉ tiêu cần quan tâm trong 25 có kết luận"

    def test_the_heading_counts_what_the_list_shows(self, client):
        lists = section(see(client, "/"), "danger-heading").all("ol")
        assert [len(items.all("li")) for items in lists] == [3, 10]

    def test_the_worst_comes_first_with_its_gap_who_answers_and_the_day_of_the_number(self, client):
        first = section(see(client, "/"), "danger-heading").all("li")[0].text
        assert first.startswith("✕ Không đạt Số người chết do tai nạn giao thông Kế hoạch năm 2026:")
        assert "(cao hơn 1 người)" in first
        assert "Nhiệm kỳ 2025–2030: chậm tiến độ." in first
        assert first.endswith("Công an tỉnh Mẫu · số công bố 05/10/2026")

    def test_it_says_what_would_still_save_a_target(self, client):
        told = section(see(client, "/"), "danger-heading").text
        assert "842/2.200 đảng viên; 3 tháng còn lại cần thêm 1.358 (bằng 4,84 lần tốc độ hiện nay)." in told

    def test_a_part_is_told_by_its_whole(self, client):
        names = [item.one("b").text for item in section(see(client, "/"), "danger-heading").all("li")]
        assert "Cơ cấu kinh tế" in names
        assert "Tỷ trọng nông, lâm nghiệp và thủy sản" not in names

    def test_an_explanation_is_told_where_there_is_one(self, client):
        target = Target.objects.get(indicator__code="traffic-deaths", scope="annual", last_year=2026)
        make_explanation(
            target=target, asked_on="2026-10-10", due_on="2026-10-20", question_released_on="2026-10-11",
            asked_by=make_person("an"),
        )  # fmt: skip
        assert "hạn giải trình 20/10/2026" in section(see(client, "/"), "danger-heading").all("li")[0].text

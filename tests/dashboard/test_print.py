"""Every page on paper: Chromium prints it on A4, and the text is read back, page by page.

What is read back is compared without blanks, so that it is the same whatever fonts are installed. In the font that is
served with the pages the blanks are right as well, and nothing but the signs of verdicts comes from another one.
"""

from io import BytesIO

import pytest
from django.conf import settings
from pypdf import PdfReader

from tests.browsing import visit
from tests.reading import sheets, unspaced

pytestmark = pytest.mark.django_db

DAY = "Số liệu tính đến ngày 22/11/2026."
RESOLUTION = "Nguồn số liệu: "
# What has to be legible: the title, numbers, the sources named at the end.
PAGES = {
    "/terms/2025/": ["Nhiệm kỳ 2020–2025", "71,1", RESOLUTION],
    "/terms/2020/?status=danger": ["Nhiệm kỳ 2015–2020", "thiếu 6,41 điểm %", RESOLUTION],
    "/indicators/": ["Tất cả chỉ tiêu", "18.063,8", RESOLUTION],
    "/indicators/grdp-growth/": ["Tốc độ tăng trưởng GRDP", "tốc độ tăng trưởng GRDP của tỉnh đạt 8,06%"],
    "/indicators/grdp-growth/?y2026=9,5": ["Giả định", "9,5"],
    "/indicators/grdp-structure/": ["Cơ cấu kinh tế", "Các thành phần"],
    "/compare/": ["So sánh các nhiệm kỳ", "18/20", "Đòi hỏi thêm 3,01 điểm %", RESOLUTION],
    "/years/2020/": ["Kế hoạch năm 2020", "2,09", "-6,41 điểm %", RESOLUTION],
    "/sectors/economy/": ["Kinh tế", "GRDP bình quân đầu người", RESOLUTION],
    "/agencies/finance/": ["Sở Tài chính", "18.063,8", RESOLUTION],
    "/terms/2030/present/": ["Nhiệm kỳ 2025–2030", "Tốc độ tăng trưởng GRDP", RESOLUTION],
    "/sources/resolution-100-2019/": ["Trồng mới 9.000 ha rừng"],
    "/sources/": ["Nguồn số liệu", "VTC News"],
}


A4 = (595, 842)  # in points
SERIF = ["Tinos-Bold", "Tinos-Italic", "Tinos-Regular"]

with_npm = pytest.mark.skipif(not settings.PAPER_FONT, reason="npm did not bring the font of the paper")


def printed(page, address, size=A4):
    """The PDF of a page; each of its sheets has this size."""
    visit(page, address)
    pdf = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert {tuple(round(float(side)) for side in page.mediabox[2:]) for page in pdf.pages} == {size}
    return pdf


def fonts(pdf):
    """The names of the fonts that the sheets are set in, without the marks of their subsets."""
    embedded = [font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].values()]
    return sorted({font["/BaseFont"].split("+")[-1] for font in embedded})


@pytest.mark.parametrize("address", PAGES)
def test_a_page_prints_with_its_numbers_its_sources_and_the_day(site, page, address):
    texts = sheets(printed(page, site + address))
    expected = [DAY, "In ngày 22/11/2026 từ", *PAGES[address]]
    assert [words for words in expected if unspaced(words) not in "".join(texts)] == []
    assert f"1/{len(texts)}" in texts[0]


@pytest.mark.parametrize("address", ["/compare/", "/years/2020/", "/terms/2020/", "/indicators/grdp-growth/"])
def test_a_table_repeats_its_head_on_every_sheet(site, page, address):
    heads = {"/compare/": "Mục tiêu tiếp theo", "/indicators/grdp-growth/": "Nguồn và nguyên văn"}
    texts = sheets(printed(page, site + address))
    head = unspaced(heads.get(address, "Chỉ tiêu"))
    assert len(texts) > 2
    assert all(head in text for text in texts[1:3])


def test_a_chart_stands_on_the_first_sheet_and_no_control_is_printed(site, page):
    first = sheets(printed(page, f"{site}/indicators/grdp-growth/"))[0]
    assert unspaced("Thực hiện và mục tiêu") in first
    assert unspaced("Kế hoạch từng năm") in first  # of the chart's legend
    assert "Xem" not in first
    assert unspaced("Đăng nhập") not in first


def test_slides_share_sheets(site, page):
    slides = 8
    assert len(printed(page, f"{site}/terms/2030/present/").pages) < slides / 2


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/reports/terms/2025/print/", ["KẾT QUẢ THỰC HIỆN", "71,1", "từ 7 đến 7,5%", "Nơi nhận:", "[13]"]),
        ("/reports/years/2020/print/", ["8,5 – 9%", "2,09", "Xây dựng Đảng"]),
    ],
)
def test_chromium_prints_numbered_pages_of_a4_on_its_side(site, page, address, words):
    texts = sheets(printed(page, site + address, size=A4[::-1]))
    assert [word for word in words if unspaced(word) not in "".join(texts)] == []
    assert [f"{number}/{len(texts)}" in text for number, text in enumerate(texts, 1)] == [True] * len(texts)
    assert unspaced("Số liệu tính đến ngày 22/11/2026") in texts[-1] or unspaced("Nơi nhận:") in texts[-1]
    assert unspaced("Tổng quan") not in texts[0]


# --- the font of the paper


@with_npm
@pytest.mark.parametrize("address", ["/reports/terms/2025/print/", "/reports/years/2020/print/"])
def test_an_official_table_is_set_in_the_served_font_alone(site, page, address):
    assert fonts(printed(page, site + address, size=A4[::-1])) == SERIF


@with_npm
def test_words_read_back_from_a_pdf_are_whole(site, page):
    table = printed(page, f"{site}/reports/terms/2025/print/", size=A4[::-1]).pages[0].extract_text()
    assert "KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU NHIỆM KỲ 2020–2025" in table
    chart = printed(page, f"{site}/indicators/grdp-growth/").pages[0].extract_text()
    assert "Kế hoạch từng năm" in chart


@with_npm
@pytest.mark.parametrize(
    ("address", "on_screen"), [("/", []), ("/indicators/grdp-growth/", []), ("/reports/terms/2025/print/", SERIF)]
)
def test_only_an_official_table_fetches_the_font_before_it_is_printed(site, page, address, on_screen):
    fetched = []
    page.on("request", lambda request: fetched.append(request.url.split("/")[-1]))
    visit(page, site + address)
    page.wait_for_load_state("networkidle")
    assert len([name for name in fetched if name.endswith(".woff2")]) == len(on_screen)


def test_without_npm_a_page_names_no_font_and_prints_all_the_same(site, page, settings):
    settings.PAPER_FONT = ""
    text = "".join(sheets(printed(page, f"{site}/reports/years/2020/print/", size=A4[::-1])))
    assert page.locator("link[href*=tinos]").count() == 0
    assert unspaced("Xây dựng Đảng") in text

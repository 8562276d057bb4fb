"""Every page on paper: Chromium prints it on A4, and the text is read back, page by page."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.browsing import visit

pytestmark = pytest.mark.django_db

DAY = "Số liệu đã biết đến ngày 22/11/2026."
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


def printed(page, address):
    """The pages of the PDF as texts, blanks drawn together; each page is A4."""
    visit(page, address)
    pdf = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    for one in pdf.pages:
        width, height = (float(side) for side in one.mediabox[2:])
        assert (round(width), round(height)) == (595, 842)  # A4 in points
    return [" ".join(one.extract_text().split()) for one in pdf.pages]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_prints_with_its_numbers_its_sources_and_the_day(site, page, address):
    sheets = printed(page, site + address)
    text = " ".join(sheets)
    assert [words for words in [DAY, "In ngày 22/11/2026 từ", *PAGES[address]] if words not in text] == []
    assert f"1 / {len(sheets)}" in sheets[0]


@pytest.mark.parametrize("address", ["/compare/", "/years/2020/", "/terms/2020/", "/indicators/grdp-growth/"])
def test_a_table_repeats_its_head_on_every_sheet(site, page, address):
    heads = {"/compare/": "Mục tiêu tiếp theo", "/indicators/grdp-growth/": "Nguồn và nguyên văn"}
    sheets = printed(page, site + address)
    head = heads.get(address, "Chỉ tiêu")
    assert len(sheets) > 2
    assert all(head in sheet for sheet in sheets[1:3])


def test_a_chart_stands_on_the_first_sheet_and_no_control_is_printed(site, page):
    first = printed(page, f"{site}/indicators/grdp-growth/")[0]
    assert "Thực hiện và mục tiêu" in first
    assert "Kế hoạch từng năm" in first  # of the chart's legend
    assert "Xem" not in first
    assert "Đăng nhập" not in first


def test_slides_share_sheets(site, page):
    slides = 8
    assert len(printed(page, f"{site}/terms/2030/present/")) < slides / 2


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/reports/terms/2025/print/", ["KẾT QUẢ THỰC HIỆN", "71,1", "từ 7 đến 7,5%", "Nơi nhận:", "[13]"]),
        ("/reports/years/2020/print/", ["8,5 – 9%", "2,09", "Xây dựng Đảng"]),
    ],
)
def test_chromium_prints_numbered_pages_of_a4_on_its_side(site, page, address, words):
    page.goto(site + address)
    pdf = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    width, height = (float(side) for side in pdf.pages[0].mediabox[2:])
    assert (abs(width - 841.9) < 2, abs(height - 595.3) < 2) == (True, True)
    pages = [" ".join(one.extract_text().split()) for one in pdf.pages]
    assert [word for word in words if word not in " ".join(pages)] == []
    assert [f"{number}/{len(pages)}" in text for number, text in enumerate(pages, 1)] == [True] * len(pages)
    assert "Số liệu đã biết đến ngày 22/11/2026" in pages[-1] or "Nơi nhận:" in pages[-1]
    assert "Tổng quan" not in pages[0]

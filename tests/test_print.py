"""Every page on paper: Chromium prints it on A4, and the text is read back."""

from io import BytesIO

import pytest
from pypdf import PdfReader

pytestmark = pytest.mark.django_db

PAGES = {
    "/terms/2025/": ["Nhiệm kỳ 2020–2025", "Số liệu đã biết đến ngày 22/11/2026", "71,1"],
    "/indicators/grdp-growth/": ["Tốc độ tăng trưởng GRDP", "8,06", "tốc độ tăng trưởng GRDP của tỉnh đạt 8,06%"],
    "/compare/": ["So sánh các nhiệm kỳ", "18/20"],
    "/years/2020/": ["Kế hoạch năm 2020", "2,09"],
    "/terms/2025/present/": ["Nhiệm kỳ 2020–2025"],
    "/sources/resolution-100-2019/": ["Trồng mới 9.000 ha rừng"],
}


@pytest.mark.parametrize("address", PAGES)
def test_a_page_prints_with_its_numbers_and_the_day(site, page, address):
    page.goto(site + address)
    pdf = PdfReader(BytesIO(page.pdf(format="A4")))
    text = " ".join(" ".join(one.extract_text() for one in pdf.pages).split())
    assert [words for words in PAGES[address] if words not in text] == []
    width, height = (float(side) for side in pdf.pages[0].mediabox[2:])
    assert (abs(width - 595.3) < 2, abs(height - 841.9) < 2) == (True, True)  # A4 in points

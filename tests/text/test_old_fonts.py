"""Texts typed with a font of before Unicode are known by their words, and read as their writer saw them."""

import csv
from pathlib import Path

import pytest

from indicators.text.old_fonts import unicode_reading

FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.mark.parametrize(
    ("stored", "seen_as"),
    [
        ("S¶n l\u00adîng lóa c¶ n¨m", "Sản lượng lúa cả năm"),
        ("MiÒn Nam", "Miền Nam"),
        ("§¬n vÞ tÝnh: tÊn", "Đơn vị tính: tấn"),
        ("tr\u00adíc", "trước"),
        ("Toång saûn phaåm treân ñòa baøn", "Tổng sản phẩm trên địa bàn"),
        ("ÑÔN VÒ: TYÛ ÑOÀNG", "ĐƠN VỊ: TỶ ĐỒNG"),
        ("Nöôùc saïch", "Nước sạch"),
    ],
)
def test_an_old_font_is_read_as_it_was_seen(stored, seen_as):
    assert unicode_reading(stored) == seen_as


@pytest.mark.parametrize(
    "text",
    [
        "5 µm, 3 µg/m³, 20 °C, ½, § 5, ©, ®",
        "«Báo cáo» của «nước» ta",
        "Nestlé, Düsseldorf, Zürich, Málaga, São Paulo, où, coût, naïf",
        "83/QÐ-UBND, Ðo đạc, Ðông Ðăng",
        "nông\u00adthôn mới",
        "hoà bình, uỷ ban, quý, giêng, ngoằn ngoèo, khuỷu, huỳnh quỳnh",
    ],
)
def test_unicode_is_left_alone(text):
    assert unicode_reading(text) is None


def test_no_text_of_the_two_data_sets_looks_like_an_old_font():
    for path in FIXTURES.glob("*/*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert not [cell for row in csv.reader(file) for cell in row if unicode_reading(cell)]

"""The words that officials and clerks stumbled over are out, on staff pages and public ones."""

import re
from pathlib import Path

import pytest

from scripts import messages

ROOT = Path(__file__).resolve().parents[2]
WORDS_THAT_ARE_OUT = (
    r"\bbạn\b",
    r"\bx/N\b",
    "kiểu ngưỡng",
    "từ kèm theo số",
    "ba bước",
    "lưu và trình duyệt",
    "đã trình duyệt %",
    "dòng đúng",
    "không ghi riêng",
    "chưa có trả lời vào",
    "đã biết đến ngày",
    "chưa có trong danh sách$",
    "đáng lo",
    "đi ngược mục tiêu$",
    "cần những gì để đạt",
    "vị trí cuối tháng",
    "theo tỷ lệ",
    "tệp sẽ thay đổi những gì$",
    "bên kia biết",
    "trang “Danh mục”",
    "muốn cập nhật gì",
)


def vietnamese_of(message):
    return "\n".join(message.string) if isinstance(message.string, tuple) else message.string


@pytest.mark.parametrize("pattern", WORDS_THAT_ARE_OUT)
def test_the_catalogue_has_no_word_that_is_out(pattern):
    found = re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    assert [text for text in map(vietnamese_of, messages.read(ROOT)) if text and found.search(text)] == []


@pytest.mark.parametrize("pattern", WORDS_THAT_ARE_OUT)
def test_no_template_has_a_word_that_is_out(pattern):
    found = re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    assert [path.name for path in (ROOT / "templates").rglob("vi.html") if found.search(path.read_text())] == []

"""Files as people really send them: what is in them is read as people see it, or told before anything is written."""

import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest

from indicators.models import Figure
from indicators.staff.imports.number_formats import ShownNumber, as_shown
from indicators.staff.imports.xlsx_reader import unescaped
from tests.factories import make_agency, make_indicator, make_person, make_source
from tests.importing import confirm, csv_file, details, named, refusal, upload, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def clerk(client):
    agency = make_agency(code="finance")
    make_source(code="report")
    make_indicator(code="growth", name_vi="Tăng trưởng", kind="rate", agency=agency)
    make_indicator(code="revenue", name_vi="Thu ngân sách", unit_vi="tỷ đồng", kind="flow", order=2, agency=agency)
    client.force_login(make_person("lan", groups=["Nhập liệu"], agency=agency))
    return client


def only():
    """The content of the only figure."""
    (figure,) = Figure.objects.select_related("indicator", "source")
    return figure


def remarks(page):
    return page.one("ul", class_="remarks").text


# --- cells


@pytest.mark.parametrize("day", ["2019-09-27 00:00:00", "2019-09-27T00:00", "27/09/2019 0:00"])
def test_a_day_with_a_midnight_behind_it_is_that_day(clerk, day):
    upload(clerk, csv_file({"Ngày công bố": day}))
    confirm(clerk)
    assert only().published_on == date(2019, 9, 27)


def test_codes_and_sources_are_read_as_people_see_them(clerk):
    make_source(code="decision", number="83/QĐ-UBND")
    upload(clerk, csv_file({"Mã chỉ tiêu": "growth\u200b", "Nguồn": "83/QÐ\u00ad-UBND", "Loại số liệu": "ước\u200b"}))
    confirm(clerk)
    assert (only().indicator.code, only().source.code, only().status) == ("growth", "decision", "estimate")


@pytest.mark.parametrize(
    ("mark", "qualifier"),
    [("-", "nil"), ("–", "nil"), ("..", "uncollected"), ("...", "uncollected"), ("…", "uncollected")],
)
def test_the_marks_of_the_statistics_office_are_answers(clerk, mark, qualifier):
    upload(clerk, csv_file({"Giá trị": mark}))
    confirm(clerk)
    assert (only().value, only().qualifier) == (None, qualifier)


def test_a_mark_beside_a_word_that_says_otherwise_is_asked_about(clerk):
    assert "không phát sinh" in details(upload(clerk, csv_file({"Giá trị": "-", "Mức chính xác": "trên"})))


def formatted(value, code, **cells):
    """A workbook whose value is kept as a number under a number format."""

    def change(book):
        cell = book.active["D2"]
        cell.value, cell.number_format = value, code

    return workbook(cells, change=change)


def test_a_percent_is_the_number_that_people_see_and_the_preview_tells_how_it_is_kept(clerk):
    page = upload(clerk, formatted(0.052, "0.0%"))
    assert "Trong tệp lưu là 0,052 (0.0%)" in details(page)
    confirm(clerk)
    assert only().value == Decimal("5.2")


def test_hidden_digits_are_cut_to_those_that_are_shown(clerk):
    upload(clerk, formatted(6.9512345678, "0.00"))
    confirm(clerk)
    assert only().value == Decimal("6.95")


@pytest.mark.parametrize(
    ("code", "cells", "expected"),
    [('0.0"00"', {}, "0.0"), ("0%", {"Mã chỉ tiêu": "revenue"}, "695%"), ('[>100]"nhiều";0', {}, "nhiều")],
)
def test_a_format_that_cannot_be_applied_is_named(clerk, code, cells, expected):
    assert expected in details(upload(clerk, formatted(6.95, code, **cells)))


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.052, "0.0%", "5.2"),
        (1, "0%", "100"),
        (12345678, "#,##0,", "12346"),
        (12345678, "0.0,,", "12.3"),
        (-1.25, "0.0;[Red](0.00)", "-1.25"),
        (-1.255, "0.0;[Red](0.00)", "-1.26"),
        (5056.49, '#,##0" tỷ"', "5056"),
        (2.5, "_-* #,##0_-", "3"),
        (2.5, '"khoảng"', None),
    ],
)
def test_a_number_is_read_as_its_format_shows_it(value, code, shown):
    number = as_shown(value, code)
    seen = number.shown if isinstance(number, ShownNumber) else Decimal(str(number))
    assert seen == (None if shown is None else Decimal(shown))


@pytest.mark.parametrize("code", ["General", "0.00", "@", "# ?/?", "0.00E+00", "#,##0.####"])
def test_a_format_that_shows_a_number_as_it_is_kept_changes_nothing(code):
    assert not isinstance(as_shown(2.5, code), ShownNumber)


def test_the_escapes_of_a_workbook_are_undone(clerk):
    upload(clerk, workbook({"Nguyên văn": "một_x000D_\nhai_x0009_ba"}))
    confirm(clerk)
    assert only().quote_vi == "một\nhai\tba"
    assert unescaped("_x005F_x000D_ _xD83D__xDE00_ a_x1") == "_x000D_ 😀 a_x1"


def test_what_our_own_csv_writes_for_excel_comes_back_unchanged(clerk):
    upload(clerk, csv_file({"Nguyên văn": '="18/20"', "Ghi chú": '="a""b"'}))
    confirm(clerk)
    assert (only().quote_vi, only().note) == ("18/20", 'a"b')


# --- headings, columns, sheets


def test_a_byte_order_mark_may_stand_twice(clerk):
    upload(clerk, csv_file({}, encoding="utf-8-sig", name="a.csv"))
    twice = named(b"\xef\xbb\xbf" + csv_file({}).getvalue(), "bang.csv")
    assert "Tăng trưởng" in upload(clerk, twice).text


def test_two_columns_that_say_the_same_are_refused_by_name(clerk):
    assert "“Giá trị” (D), “Value” (K)" in refusal(clerk, csv_file({"Value": "8,8"}))


def test_headings_that_are_not_read_are_told_with_what_may_be_meant(clerk):
    page = upload(clerk, csv_file({"Mức chính xác": None, "Từ kèm số": "trên", "Người lập": "Lan"}))
    assert "“Từ kèm số” (J) – có phải “Mức chính xác”?; “Người lập” (K)" in remarks(page)


def test_hidden_columns_and_sheets_are_told_by_name(clerk):
    def hide(book):
        book.active.column_dimensions["E"].hidden = True
        book.create_sheet("Nháp").sheet_state = "hidden"

    page = upload(clerk, workbook({"Mức chính xác": "trên"}, change=hide))
    assert "“Mức chính xác” (E)" in remarks(page)
    assert "“Nháp” (ẩn)" in remarks(page)


def test_a_strict_workbook_is_told_how_to_be_saved(clerk):
    written = BytesIO()
    with zipfile.ZipFile(workbook({})) as plain, zipfile.ZipFile(written, "w") as strict:
        for name in plain.namelist():
            part = plain.read(name).replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            )
            strict.writestr(name, part)
    assert "Excel Workbook (.xlsx)" in refusal(clerk, named(written.getvalue(), "bang.xlsx"))

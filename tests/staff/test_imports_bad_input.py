"""Files that cannot be right: each is told clearly, nothing is lost, nothing is half written."""

import datetime
import io
import random
import resource
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.core.limits import FILE_BYTES
from indicators.models import Figure, FigureStatus, Indicator, Qualifier, Upload
from indicators.staff.imports.cells import notation_of
from indicators.staff.imports.columns import heading
from indicators.text.old_fonts import unicode_reading
from tests.factories import make_agency, make_indicator, make_person, make_source
from tests.importing import (
    ROW,
    UPLOAD,
    WORKBOOKS,
    confirm,
    csv_file,
    details,
    lines,
    named,
    refusal,
    upload,
    verdict,
    workbook,
)
from tests.reading import content

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def clerk(client):
    agency = make_agency(code="finance")
    make_source(code="report")
    make_indicator(code="growth", name_vi="Tăng trưởng", kind="rate", agency=agency)
    client.force_login(make_person("lan", groups=["Nhập liệu"], agency=agency))
    return client


# --- whole files


def archive(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return file.getvalue()


BOMB = archive(xl__workbook_xml=b"<workbook/>", xl__sharedStrings_xml=b" " * 50_000_000)
HUGE = archive(xl__workbook_xml=b"", **{f"part{n}": random.Random(n).randbytes(30_000) * 400 for n in range(10)})


@pytest.mark.parametrize(
    ("given_content", "expected"),
    [
        (b" \r\n", "Tệp trống"),
        (b"\x00\x01\x02" * 50, "Không đọc được tệp này"),
        (ROW["Nguyên văn"].encode("utf-16-le"), "Không đọc được tệp này"),
        (
            "Mã chỉ tiêu;Giá trị;Năm\n".encode() + b"growth;T\xe6ng thu ng\xa9n s\xb8ch;2019",
            "Dòng 2 không phải Unicode",
        ),
        ("tên;số\nA;1\n".encode(), "Không tìm thấy hàng tiêu đề"),
        ("Mã chỉ tiêu;Năm;Giá trị\ngrowth;2019;1\n".encode(), "Thiếu các cột: Kỳ, Loại số liệu, Ngày công bố, Nguồn"),
        (b"PK\x03\x04 broken", "Bảng tính bị hỏng"),
        (archive(readme=b"text"), "không phải bảng tính"),
        (archive(xl__workbook_xml=b"<workbook/>"), "Bảng tính bị hỏng"),
        (archive(xl__workbook_bin=b""), "không phải bảng tính"),
        (BOMB, "Khi giải nén"),
        (HUGE, "Khi giải nén"),
        (b"<html><table><tr><td>Gi\xc3\xa1</td></tr></table>", "Đây là trang web"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><title>x</title>", "Đây là trang web"),
        (b"\x09\x08\x08\x00\x00\x05\x10\x00" + b"\x00" * 50, "hoặc cũ hơn"),
        (b"", "Tệp trống"),
    ],
)
def test_a_file_without_a_table_is_refused_with_the_reason(clerk, given_content, expected):
    assert expected in refusal(clerk, named(given_content, "bang.xlsx"))
    assert not Upload.objects.exists()


def laughing(book):
    """The workbook with a sheet whose entities unfold to a thousand million laughs."""
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    with zipfile.ZipFile(book) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode().replace("growth", "&a9;")
    declared = f'<!DOCTYPE worksheet [<!ENTITY a0 "ha">{entities}]>'
    return archive(**parts | {"xl/worksheets/sheet1.xml": declared + sheet})


def test_a_workbook_of_entities_is_refused_before_they_unfold(clerk):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "Bảng tính bị hỏng" in refusal(clerk, named(laughing(workbook({"Ghi chú": "x"})), "bang.xlsx"))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024  # kilobytes
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("name", "expected"), [("excel97.xls", "Excel 97–2003 (.xls)"), ("libreoffice.ods", "(.xlsb, .ods)")]
)
def test_other_workbooks_say_how_to_save_them(clerk, name, expected):
    assert expected in refusal(clerk, (WORKBOOKS / name).open("rb"))


def test_an_empty_workbook_and_one_with_headings_alone_are_told_apart(clerk):
    assert "Không tìm thấy hàng tiêu đề" in refusal(clerk, workbook(change=lambda book: book.active.delete_rows(1, 9)))
    page = upload(clerk, csv_file({"Giá trị": "", "Nguyên văn": ""}))
    assert "không dòng nào có giá trị" in page.one("ul", class_="faults").text


def test_several_sheets_with_figures_are_not_guessed_between(clerk):
    def copy_sheet(book):
        book.copy_worksheet(book.active).title = "Quý 4"

    assert "“Sheet”, “Quý 4”" in refusal(clerk, workbook({}, change=copy_sheet))


def test_merged_cells_in_the_table_are_refused_by_their_place(clerk):
    page = upload(clerk, workbook({}, {"Năm": "2020"}, change=lambda book: book.active.merge_cells("D2:D3")))
    assert "Có ô gộp: D2:D3" in page.one("ul", class_="faults").text
    assert not page.all("button", name="confirm")


def test_a_quotation_mark_left_open_is_told_with_its_line(clerk):
    file = csv_file({}, {"Năm": "2020"})
    page = upload(clerk, named(file.getvalue() + b'growth;2021;9;"1\n', "bang.csv"))
    assert "Từ dòng 4 trở đi" in page.one("ul", class_="faults").text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_every_usual_csv_is_read(clerk, encoding, delimiter):
    upload(clerk, csv_file({}, encoding=encoding, delimiter=delimiter))
    confirm(clerk)
    assert Figure.objects.get().quote_vi == "tăng 6,95%"


class Zeros:
    """200 MB that come over the line, counted; nobody holds them."""

    read_so_far = 0

    def read(self, size):
        self.read_so_far += size
        return bytes(size)

    readline = read


def test_a_file_of_200_mb_is_refused_by_its_size_before_it_is_looked_into(clerk, monkeypatch):
    monkeypatch.setattr("django.http.request.HttpRequest.parse_file_upload", None)  # fails when it is called
    line, length = Zeros(), 200 * 1024 * 1024
    response = clerk.generic(
        "POST",
        UPLOAD,
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(length),
        **{"wsgi.input": line},
    )
    assert response.status_code == 413
    assert "lớn hơn 20 MB" in content(response)
    assert line.read_so_far == length  # else the browser would show a broken connection, not the answer
    assert not Upload.objects.exists()


def test_a_file_a_little_too_large_is_refused_by_the_form(clerk, monkeypatch):
    monkeypatch.setattr("indicators.staff.views.imports.FORM_BYTES", 1_000_000)
    assert "lớn hơn 20 MB" in refusal(clerk, named(b"a" * (FILE_BYTES + 1), "bang.csv"))


def test_too_many_rows_are_told(clerk, monkeypatch):
    monkeypatch.setattr("indicators.staff.imports.review.FILE_ROWS", 1)
    page = upload(clerk, csv_file({}, {"Năm": "2020"}))
    assert "hơn 50.000 dòng" in page.one("ul", class_="faults").text


# --- single cells


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("Giá trị", "khoảng 7", "khoảng"),
        ("Giá trị", "123456789012345", "11"),
        ("Giá trị", "1,23456", "4"),
        ("Giá trị", "6,9,5", "không đọc được"),
        ("Giá trị", "#REF!", "#REF!"),
        ("Giá trị", "", "phải có giá trị"),
        ("Năm", "19", "không phải năm"),
        ("Năm", "2019,5", "không phải năm"),
        ("Kỳ", "13", "không phải một kỳ"),
        ("Kỳ", "quý III", "không phải một kỳ"),
        ("Loại số liệu", "tạm", "“ước”, “đã công bố”"),
        ("Mức chính xác", "chắc", "“đúng số”"),
        ("Nguyên văn", "x" * 2001, "2000"),
        ("Ghi chú", "chuông\a", "U+0007"),
        ("Ngày công bố", "09/27/2019", "tháng 27"),
        ("Ngày công bố", "43735", "27/09/2019"),
        ("Ngày công bố", "", "Thiếu ngày"),
        ("Nguồn", "khác", "Không có nguồn nào"),
        ("Nguồn", "", "Thiếu nguồn"),
        ("Mã chỉ tiêu", "nothing", "Không có chỉ tiêu nào"),
        ("Đơn vị", "tỷ đồng", "tính bằng “%”"),
        ("Nguyên văn", "Tæng thu ng©n s¸ch n¨m", "TCVN3"),
        ("Nguyên văn", "Toång thu ngaân saùch naêm öôùc ñaït", "TCVN3 hoặc VNI"),
        ("series_break", "có lẽ", "“có” hoặc “không”"),
    ],
)
def test_a_bad_cell_is_told_with_line_column_value_and_what_to_write(clerk, column, text, expected):
    page = upload(clerk, csv_file({"Nguyên văn": "x"} | {column: text}))
    ((line, kind, *_cells, problem),) = lines(page)
    assert (line, kind) == ("2", "✕ Cần sửa")
    assert problem.startswith(heading(column) if column == "series_break" else column)
    assert expected in problem
    confirm(clerk, "cứ nhập")
    assert Figure.objects.count() == 0


def test_every_bad_cell_of_a_row_is_told_at_once(clerk):
    page = upload(clerk, csv_file({"Năm": "x", "Giá trị": "y", "Nguồn": "z"}))
    assert len(page.all("p", class_="problem")) == 3


def test_a_number_written_otherwise_than_the_rest_is_not_guessed(clerk):
    page = upload(
        clerk, csv_file({"Giá trị": "11.728,3"}, {"Giá trị": "5,1", "Năm": "2020"}, {"Giá trị": "6.95", "Năm": "2021"})
    )
    assert "Hãy viết 6,95" in lines(page)[0][5]


def test_the_same_figure_twice_in_a_file_is_told_with_both_lines(clerk):
    page = upload(clerk, csv_file({}, {"Giá trị": "7"}))
    ((line, *_cells, problem),) = lines(page)
    assert line == "3"
    assert "Dòng 2 là cùng một số liệu" in problem


def test_a_day_where_a_number_belongs_is_told(clerk):
    page = upload(clerk, workbook({"Giá trị": datetime.date(2019, 5, 6)}))
    assert "Excel đã tự đổi" in details(page)


def test_a_formula_without_a_result_is_told_and_not_taken_for_empty(clerk):
    page = upload(clerk, workbook({"Giá trị": "=B2*2"}))
    assert "Công thức chưa có kết quả" in details(page)
    assert "(công thức)" in details(page)
    assert "NotComputed" not in page.text


NASTY = [
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "-1",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt;",
    "{{ 7*7 }}{% now 'Y' %}",
    "'; DROP TABLE indicators_figure; --",
    "%(count)s %s {0}",
    ']}","kind',
]


def nasty(column):
    """A row for each nasty text, a year apart."""
    return csv_file(*({"Năm": str(2000 + at), column: text} for at, text in enumerate(NASTY)), name="<b>x.csv")


@pytest.mark.parametrize(("column", "field"), [("Nguyên văn", "quote_vi"), ("Ghi chú", "note")])
def test_formulas_tags_and_scripts_are_kept_and_shown_as_text(clerk, column, field):
    page = upload(clerk, nasty(column))
    assert not page.all("img")
    assert all(text in row[5] for text, row in zip(NASTY, lines(page), strict=True))
    confirm(clerk, NASTY[4])
    assert list(Figure.objects.order_by("year").values_list(field, flat=True)) == NASTY


@pytest.mark.parametrize("column", ["Mã chỉ tiêu", "Giá trị", "Nguồn", "Ngày công bố", "Loại số liệu", "Tên chỉ tiêu"])
def test_what_is_wrong_is_shown_as_text(clerk, column):
    page = upload(clerk, nasty(column))
    assert len(lines(page)) >= len(NASTY) - 1  # -1 is a value
    assert not page.all("img")
    assert NASTY[4] in page.text
    assert "<b>x.csv" in page.text


@pytest.mark.parametrize(
    "text", ["«Báo cáo» của Sở", "Tổng thu 5.056 tỷ đồng", "µg/m³", "Düsseldorf", "hoà bình, uỷ ban", ""]
)
def test_unicode_is_not_taken_for_an_old_font(text):
    assert unicode_reading(text) is None


@pytest.mark.parametrize(
    ("cells", "likely", "notation"),
    [(["5056", None, 7.5], "vi", "vi"), (["5.056"], "en", "en"), (["5,1", "5.1", "6.2"], "vi", "en"), ([], "vi", "vi")],
)
def test_only_what_one_notation_explains_tells_which_it_is(cells, likely, notation):
    assert notation_of(cells, likely)[0] == notation


# --- any file of valid rows

texts = st.text(st.characters(blacklist_categories=["Cs", "Cc"], max_codepoint=0x1EFF), max_size=30).filter(
    lambda text: unicode_reading(text) is None and not text.strip().startswith("'")
)
figures = st.fixed_dictionaries(
    {
        "year": st.integers(1990, 2030),
        "month": st.integers(1, 12),
        "number": st.decimals(-10_000, 10_000, places=4),
        "qualifier": st.sampled_from([Qualifier.EXACT, Qualifier.OVER, Qualifier.ABOUT, Qualifier.UNCOLLECTED]),
        "status": st.sampled_from(list(FigureStatus)),
        "day": st.dates(datetime.date(1990, 1, 1), datetime.date(2030, 12, 31)),
        "quote": texts,
        "note": texts,
    }
).filter(lambda fields: fields["year"] <= fields["day"].year)


def as_row(fields, *, spoken):
    """A figure as a row of the file: in words and Vietnamese notation, or in codes."""
    value = "" if fields["qualifier"] == Qualifier.UNCOLLECTED else f"{fields['number']:f}".replace(".", ",")
    return {
        "Năm": str(fields["year"]),
        "Kỳ": str(fields["month"]),
        "Giá trị": value,
        "Mức chính xác": str(fields["qualifier"].label) if spoken else fields["qualifier"].value,
        "Loại số liệu": str(fields["status"].label) if spoken else fields["status"].value,
        "Ngày công bố": fields["day"].strftime("%d/%m/%Y") if spoken else fields["day"].isoformat(),
        "Nguyên văn": fields["quote"],
        "Ghi chú": fields["note"],
    }


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        figures,
        min_size=1,
        max_size=6,
        unique_by=lambda fields: (fields["year"], fields["month"], fields["status"], fields["day"]),
    ),
    spoken=st.booleans(),
    as_workbook=st.booleans(),
)
def test_valid_rows_become_equal_figures_and_are_unchanged_the_second_time(clerk, rows, spoken, as_workbook):
    Figure.objects.all().delete()
    make = workbook if as_workbook else csv_file
    written = [as_row(fields, spoken=spoken) for fields in rows]
    upload(clerk, make(*written))
    confirm(clerk, "thử")
    stored = {
        (fields.year, fields.through_month, fields.status, fields.published_on): (fields.value, fields.qualifier)
        for fields in Figure.objects.all()
    }
    assert stored == {
        (fields["year"], fields["month"], fields["status"], fields["day"]): (
            None if fields["qualifier"] == Qualifier.UNCOLLECTED else fields["number"],
            fields["qualifier"],
        )
        for fields in rows
    }
    assert Indicator.objects.get().figures.count() == len(rows)
    assert "đã có sẵn" in verdict(upload(clerk, make(*written)))

"""The workbooks: opened again they hold what the tables and the database hold, and LibreOffice reads and prints them."""

import csv
import shutil
import subprocess
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
import xlsxwriter
from openpyxl import load_workbook
from pypdf import PdfReader

from indicators.dashboard.exports.flat_sheet import number_format, write_flat_sheet
from indicators.dashboard.official_tables import NumberCell, review_table, year_tables
from indicators.dashboard.report_selection import ReportSelection
from indicators.models import Figure, Term
from tests.factories import make_figure, make_indicator, make_target
from tests.reading import content, see, sheets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langson", "today", "public")]

TODAY = date(2026, 11, 22)
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def download(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response)


def workbook(client, address="/reports/terms/2025.xlsx"):
    return load_workbook(BytesIO(download(client, address)))


def unguarded(value):
    """A cell without the apostrophe that keeps it from being a formula."""
    guarded = isinstance(value, str) and value[:1] == "'" and value[1:].startswith(FORMULA_STARTS)
    return value[1:] if guarded else value


def table_rows(sheet, columns):
    """The rows between the numbers of the columns and the first empty line: (value, number format) of each cell."""
    rows = iter(sheet.iter_rows(max_col=columns))
    next(row for row in rows if row[0].value == "(1)")
    kept = []
    for row in rows:
        if all(cell.value is None for cell in row):
            return kept
        kept.append([(cell.value, cell.number_format) for cell in row])
    return kept


# --- as written, so read


@pytest.fixture
def awkward(langson):
    """An indicator and target whose words are hard on a workbook, with a negative number and a trailing zero."""
    indicator = make_indicator(code="awkward", name_vi='=1+1; "Đường, xã"\nthôn', unit_vi="%", decimals=1)
    make_target(indicator=indicator, low="-1.5", as_written_vi="-1,5 trở lên")
    make_figure(indicator=indicator, year=2023, value="-5.25", published_on="2024-01-01", note="=1+1")
    make_figure(indicator=indicator, year=2024, value="82", published_on="2025-01-01")
    make_figure(indicator=indicator, year=2025, value=None, qualifier="nil", published_on="2026-01-01")


@pytest.mark.parametrize("year", [2020, 2025, 2030])
def test_the_review_of_a_term_opened_again_is_the_table(client, awkward, year):
    table = review_table(ReportSelection(TODAY, Term.objects.get(last_year=year)))
    sheet = workbook(client, f"/reports/terms/{year}.xlsx").worksheets[0]
    compare(table, sheet)


@pytest.mark.parametrize("year", [2020, 2025])
def test_plan_and_result_of_a_year_opened_again_are_the_tables(client, awkward, year):
    sheets = workbook(client, f"/reports/years/{year}.xlsx").worksheets
    for table, sheet in zip(year_tables(ReportSelection(TODAY), year), sheets, strict=False):
        assert sheet.title == table.name
        compare(table, sheet)


def compare(table, sheet):
    read = table_rows(sheet, len(table.columns))
    assert len(read) == len(table.rows)
    for row, cells in zip(table.rows, read, strict=True):
        for cell, (value, shape) in zip(row.cells, cells, strict=True):
            if isinstance(cell, NumberCell):
                assert (Decimal(repr(value)), shape) == (rounded_as_stored(cell.value), number_format(cell, "vi"))
            else:
                assert (unguarded(value) or None) == (cell or None)


def rounded_as_stored(value):
    """A number as a workbook keeps it: with the digits of a double."""
    return Decimal(repr(float(value)))


def test_awkward_words_are_text_and_negative_numbers_are_numbers(client, awkward):
    rows = table_rows(workbook(client).worksheets[0], 15)
    (row,) = [row for row in rows if str(row[1][0]).startswith("'=1+1")]
    assert row[1][0] == '\'=1+1; "Đường, xã"\nthôn'
    assert row[3][0] == "'-1,5 trở lên"
    assert (row[7], row[8]) == ((-5.25, "[$-42A]#,##0.0"), (82, "[$-42A]#,##0.0"))
    assert row[9][0] is None


def test_the_flat_sheet_is_the_database(client, awkward):
    sheet = workbook(client).worksheets[-1]
    rows = [tuple(unguarded(cell.value) for cell in row) for row in sheet.iter_rows(min_row=2)]
    figures = Figure.objects.filter(year__gte=2020, year__lte=2025, published_on__lte=TODAY).select_related(
        "indicator__sector", "indicator__agency", "source"
    )
    counts = set(Figure.objects.in_force(TODAY).values_list("pk", flat=True))
    expected = {
        (
            *(figure.indicator.code, figure.indicator.name, figure.indicator.sector.name),
            *(figure.indicator.agency.name if figure.indicator.agency else None, figure.indicator.unit),
            *(figure.year, figure.through_month, None if figure.value is None else float(figure.value)),
            *(figure.get_qualifier_display(), figure.get_status_display()),
            *(datetime.combine(figure.published_on, datetime.min.time()), "có" if figure.pk in counts else "không"),
            figure.source.title_vi,
        )
        for figure in figures
    }
    assert set(rows) == expected
    assert len(rows) == len(expected) > 100
    assert sheet.auto_filter.ref == f"A1:M{len(rows) + 1}"


def test_a_sheet_that_is_full_says_so(monkeypatch):
    monkeypatch.setattr("indicators.dashboard.exports.flat_sheet.LAST_ROW", 3)
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        write_flat_sheet(book, [("code", *[None] * 12)] * 5)
    sheet = load_workbook(file).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)][:2] == ["code", "code"]
    assert "figures.csv" in sheet["A4"].value
    assert sheet.max_row == 4


# --- the same numbers everywhere


def reached(client, address, place, years):
    """The numbers of each indicator's row by its name: of the sheet at `place`, in the columns of `years`."""
    sheet = workbook(client, address).worksheets[place]
    return {row[1][0]: [value for value, _shape in row[years]] for row in table_rows(sheet, sheet.max_column)}


def test_page_csv_and_workbook_have_the_same_numbers_for_every_target(client):
    lines = list(csv.DictReader(StringIO(content(client.get("/reports/progress.csv")), newline="")))
    numbers = {("term", year): reached(client, f"/reports/terms/{year}.xlsx", 0, slice(4, 11)) for year in (2025, 2030)}
    for year in {int(line["last_year"]) for line in lines if line["scope"] == "annual"}:
        numbers["annual", year] = reached(client, f"/reports/years/{year}.xlsx", 1, slice(3, 6))
    compared, texts = 0, {}
    for line in lines:
        scope, year = line["scope"], int(line["last_year"])
        cells = numbers[scope, year][line["name_vi"]]
        in_the_years = line["latest_period"][:4] >= line["first_year"]
        known = [line[name] for name in ("latest_value", "measured_value") if line[name] and in_the_years]
        assert [value for value in known if float(Decimal(value)) not in cells] == []
        page = f"/years/{year}/" if scope == "annual" else f"/indicators/{line['indicator']}/"
        texts[page] = texts.get(page) or see(client, page).text
        assert line["explanation_vi"] in texts[page]
        compared += len(known)
    assert len(lines) == 68
    assert compared > 15


# --- ready to print


def test_a_sheet_is_a4_on_its_side_as_wide_as_the_page_with_its_heading_on_each(client):
    for sheet in workbook(client, "/reports/years/2020.xlsx").worksheets[:2]:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)  # 1 is left out
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        top, bottom = (int(record.strip("$")) for record in sheet.print_title_rows.split(":"))
        assert (sheet.cell(top, 2).value, sheet.cell(bottom, 2).value) == ("Chỉ tiêu", "(2)")
        assert sheet.oddFooter.right.text.endswith("&P/&N")
        assert sheet.oddFooter.left.text.endswith("Số liệu tính đến ngày 22/11/2026")


def test_every_sheet_is_in_the_font_that_official_papers_have(client):
    cells = [cell for sheet in workbook(client).worksheets for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.font.name for cell in cells} == {"Times New Roman"}
    assert {cell.font.size for cell in cells} == {10, 11, 12, 13}


def test_title_day_sources_and_signatures_stand_around_the_table(client):
    texts = [cell.value for row in workbook(client).worksheets[0].iter_rows() for cell in row if cell.value]
    assert texts[:2] == ["KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU NHIỆM KỲ 2020–2025", "(Số liệu tính đến ngày 22/11/2026)"]
    assert texts[-8:-5] == ["Lạng Sơn, ngày … tháng … năm 2026", "Nơi nhận:", "NGƯỜI LẬP BIỂU"]
    assert any(str(text).startswith("[1] ") for text in texts)


def test_a_workbook_in_english(client):
    book = workbook(client, "/reports/terms/2025.xlsx?lang=en")
    assert book.sheetnames == ["Review 2025", "Data"]
    assert [cell.value for cell in book.worksheets[1][1]][:3] == ["Code", "Indicator", "Sector"]
    shapes = {cell.number_format for row in book.worksheets[0].iter_rows() for cell in row}
    assert "[$-409]#,##0.00" in shapes
    assert client.get("/reports/terms/2025.xlsx?lang=fr").status_code == 400


def test_sample_data_are_marked(client, settings):
    settings.SAMPLE_DATA = True
    assert workbook(client).worksheets[0]["A1"].value == "Số liệu minh họa: mọi con số ở đây đều không có thật."


@pytest.mark.parametrize(
    ("number", "shape"),
    [
        (NumberCell(Decimal(82), 1), "[$-42A]#,##0.0"),
        (NumberCell(Decimal(2100), 0, "trên "), '[$-42A]"trên "#,##0'),
        (NumberCell(Decimal(6), 2, "", " (9T)*"), '[$-42A]#,##0.00" (9T)*"'),
        (
            NumberCell(Decimal(1), 2, "", " điểm %", signed=True),
            '[$-42A]+#,##0.00" điểm %";[$-42A]-#,##0.00" điểm %";[$-42A]#,##0.00" điểm %"',
        ),
    ],
)
def test_a_number_format_shows_what_the_text_shows(number, shape):
    assert number_format(number, "vi") == shape


# --- address, name, day


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/reports/terms/2025.xlsx", "term-2025-2026-11-22.xlsx"),
        ("/reports/terms/2025.xlsx?as_of=2024-01-31&lang=en", "term-2025-2024-01-31-en.xlsx"),
        ("/reports/years/2020.xlsx", "year-2020-2026-11-22.xlsx"),
    ],
)
def test_the_file_name_says_what_and_as_of_when(client, address, name):
    response = client.get(address)
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert b"".join(response).startswith(b"PK")


def test_the_same_day_gives_the_same_bytes(client):
    assert download(client, "/reports/terms/2025.xlsx") == download(client, "/reports/terms/2025.xlsx")


def test_a_past_day_and_a_filter_leave_what_is_asked_for(client):
    book = workbook(client, "/reports/terms/2025.xlsx?as_of=2023-12-31&sector=economy")
    rows = list(book.worksheets[-1].iter_rows(min_row=2, values_only=True))
    assert {row[2] for row in rows} == {"Kinh tế"}
    assert max(row[10] for row in rows) <= datetime(2023, 12, 31)  # noqa: DTZ001
    assert "Chỉ một phần: Kinh tế" in [cell.value for cell in book.worksheets[0]["A"]]


@pytest.mark.parametrize(
    "address", ["/reports/terms/1999.xlsx", "/reports/years/1999.xlsx", "/reports/years/1999/print/"]
)
def test_a_term_or_year_nobody_knows_is_not_found(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/reports/years/2017.xlsx", "Chưa có chỉ tiêu nào."),
        ("/reports/years/2020.xlsx?q=khongco", "Không có chỉ tiêu nào phù hợp với bộ lọc."),
    ],
)
def test_a_table_without_rows_says_so_and_is_not_signed(client, address, words):
    texts = [cell.value for cell in workbook(client, address).worksheets[0]["A"]]
    assert words in texts
    assert "Nơi nhận:" not in texts


# --- in LibreOffice

with_office = pytest.mark.skipif(OFFICE is None, reason="needs LibreOffice: apt-get install libreoffice-calc-nogui")


@pytest.fixture
def shown(langson):
    """An indicator whose numbers need their format: a trailing zero, thousands, words before the number."""
    indicator = make_indicator(code="shown", name_vi="Thử", decimals=1, order=999)
    make_target(indicator=indicator)
    make_figure(indicator=indicator, year=2024, value="82", published_on="2025-01-01")
    make_figure(indicator=indicator, year=2025, value="2100", qualifier="over", published_on="2026-01-01")


@with_office
@pytest.mark.parametrize(
    ("address", "words"),
    [
        (
            "/reports/terms/2025.xlsx",
            ["82,0", "trên 2.100,0", "6,99*", "-0,01 điểm %", "93,6%", "từ 7 đến 7,5%", "Trong đó:"],
        ),
        ("/reports/terms/2030.xlsx", ["8,06", "khoảng 180 - 190", "(dự thảo)"]),
        ("/reports/years/2020.xlsx", ["2,09", "8,5 – 9%", "IV", "Xây dựng Đảng và hệ thống chính trị"]),
    ],
)
def test_libreoffice_shows_numbers_as_officials_write_them(client, shown, tmp_path, address, words):
    convert(download(client, address), "html", tmp_path)
    text = " ".join((tmp_path / "book.html").read_text(encoding="utf-8").split())
    assert [word for word in words if word not in text] == []


@with_office
def test_libreoffice_prints_a_workbook_on_numbered_pages_of_a4(client, shown, tmp_path):
    """Letters are not read back: they come from several fonts where Times New Roman has a substitute."""
    convert(download(client, "/reports/terms/2025.xlsx"), "pdf", tmp_path)
    pdf = PdfReader(tmp_path / "book.pdf")
    assert {tuple(round(float(side), -1) for side in page.mediabox[2:]) for page in pdf.pages} == {(840, 600)}
    texts = sheets(pdf)
    assert f"1/{len(texts)}" in texts[0]
    assert "2.100,0" in "".join(texts)
    assert "###" not in "".join(texts)  # a number wider than its column


def convert(data, form, folder):
    """Have LibreOffice write a workbook in another form into `folder`."""
    (folder / "book.xlsx").write_bytes(data)
    home = f"-env:UserInstallation=file://{folder}/office"
    command = [OFFICE, "--headless", home, "--convert-to", form, "--outdir", str(folder), str(folder / "book.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=180)

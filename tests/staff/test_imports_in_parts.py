"""Good rows are written, bad ones come back as a file that can be mended and sent again; figures are submitted at once."""

import csv
import io

import pytest
from openpyxl import load_workbook

from indicators.models import Figure
from tests.factories import make_agency, make_indicator, make_person, make_source
from tests.importing import ROW, UPLOAD, address, csv_file, lines, named, upload, verdict, workbook
from tests.reading import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

GOOD, BAD = {}, {"Năm": "2020", "Giá trị": "bảy", "Nguyên văn": "18/20", "Ghi chú": "=1+1"}


@pytest.fixture
def clerk(client):
    agency = make_agency(code="finance")
    make_source(code="report")
    make_indicator(code="growth", name_vi="Tăng trưởng", kind="rate", agency=agency)
    client.force_login(make_person("lan", groups=["Nhập liệu"], agency=agency))
    return client


def press(client, button, **fields):
    """The page after a button of the newest preview."""
    return read(client.post(address(client), {"confirm": button, "reason": "", **fields}, follow=True))


def to_mend(client):
    """Name and content of the file that comes back."""
    response = client.get(f"{address(client)}to-mend/")
    return response["Content-Disposition"].partition("filename=")[2].strip('"'), b"".join(response)


def test_good_rows_are_written_and_the_page_offers_the_others(clerk):
    page = upload(clerk, csv_file(GOOD, BAD))
    assert page.one("input", name="without_wrong")
    page = press(clerk, "", without_wrong="yes")
    assert [str(value) for value in Figure.objects.values_list("value", flat=True)] == ["6.9500"]
    assert "Đã nhập 1 số liệu mới" in verdict(page)
    assert "Còn 1 dòng chưa nhập" in verdict(page)
    assert page.one("a", href=f"{address(clerk)}to-mend/")


def test_without_a_bad_row_nothing_comes_back(clerk):
    upload(clerk, csv_file(GOOD))
    assert clerk.get(f"{address(clerk)}to-mend/").status_code == 404
    page = press(clerk, "")
    assert "Đã nhập 1 số liệu mới." in verdict(page)
    assert not page.all("a", href=f"{address(clerk)}to-mend/")


def test_a_file_with_nothing_good_writes_nothing(clerk):
    page = upload(clerk, csv_file(BAD))
    assert not page.all("button", name="confirm")
    press(clerk, "", without_wrong="yes")
    assert not Figure.objects.exists()


def test_csv_comes_back_as_csv_with_the_reasons_and_is_imported_when_mended(clerk):
    upload(clerk, csv_file({"Người lập": "Hoa"}, BAD | {"Người lập": "Lan"}))
    name, text = to_mend(clerk)
    assert name == "bang-can-sua.csv"
    headings, row = csv.reader(io.StringIO(text.decode("utf-8-sig")), delimiter=";")
    assert headings == ["Lý do chưa nhập", *ROW, "Người lập"]
    assert "bảy" in row[0]
    assert row[-1] == "Lan"

    mended = named(text.replace(";bảy;".encode(), b";7,02;"), name)
    assert [line[1] for line in lines(upload(clerk, mended))] == ["+ Mới"]
    press(clerk, "")
    figure = Figure.objects.get()
    assert (figure.year, figure.quote_vi, figure.note) == (2020, "18/20", "=1+1")


def test_a_workbook_comes_back_as_a_workbook_and_twice_has_one_column_of_reasons(clerk):
    upload(clerk, workbook(GOOD, BAD))
    name, book = to_mend(clerk)
    assert name == "bang-can-sua.xlsx"
    upload(clerk, named(book, name))
    name, book = to_mend(clerk)
    sheet = load_workbook(io.BytesIO(book)).active
    assert [cell.value for cell in sheet[1]] == ["Lý do chưa nhập", *ROW]
    sheet["E2"] = "7,02"
    mended = io.BytesIO()
    sheet.parent.save(mended)
    upload(clerk, named(mended.getvalue(), name))
    press(clerk, "")
    assert Figure.objects.get().year == 2020


def test_what_is_to_be_mended_is_for_its_owner_alone(clerk, client):
    upload(clerk, csv_file(BAD))
    page = f"{address(clerk)}to-mend/"
    client.force_login(make_person("hoa", groups=["Nhập liệu"], agency=make_agency()))
    assert client.get(page).status_code == 404


def test_figures_are_submitted_with_the_import_when_asked(clerk):
    upload(clerk, csv_file(GOOD, {"Năm": "2020"}))
    assert "Đã trình 2 số liệu, chờ duyệt." in verdict(press(clerk, "submit"))
    assert set(Figure.objects.values_list("state", flat=True)) == {"submitted"}
    assert list(Figure.objects.first().steps.values_list("kind", flat=True)) == ["enter", "submit"]


def test_changed_figures_are_submitted_too(clerk):
    upload(clerk, csv_file(GOOD))
    press(clerk, "")
    upload(clerk, csv_file({"Giá trị": "6,59"}))
    press(clerk, "submit")
    assert (Figure.objects.get().state, Figure.objects.get().version) == ("submitted", 3)


# --- said once for all rows


def test_rows_take_what_was_said_once_unless_they_say_it_themselves(clerk):
    make_source(code="decision", number="83/QĐ-UBND")
    file = csv_file({"Nguồn": "", "Loại số liệu": None}, {"Năm": "2020", "Loại số liệu": None})
    said = {"file": file, "status": "final", "published_on": "1/12/2020", "source": "83/qd-ubnd"}
    page = read(clerk.post(UPLOAD, said, follow=True))
    assert "Loại số liệu “final”, Ngày công bố “01/12/2020”, Nguồn “decision”" in page.one("ul", class_="remarks").text
    press(clerk, "")
    figures = Figure.objects.order_by("year").values_list("status", "published_on__year", "source__code")
    assert list(figures) == [("final", 2019, "decision"), ("final", 2020, "report")]


@pytest.mark.parametrize(("name", "text"), [("published_on", "31/02/2020"), ("source", "nothing"), ("status", "x")])
def test_what_is_said_wrongly_for_all_rows_is_told_beside_its_field(clerk, name, text):
    page = read(clerk.post(UPLOAD, {"file": csv_file({}), name: text}))
    assert page.one("p", id=f"id_{name}_error")

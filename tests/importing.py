"""What the tests of the import share: tables as files, uploading them, reading the preview."""

import csv
import io
from pathlib import Path

from openpyxl import Workbook

from tests.reading import read

WORKBOOKS = Path(__file__).resolve().parent / "workbooks"
UPLOAD = "/admin/indicators/figure/import/"

# A valid row about the indicator "growth" from the source "report".
ROW = {
    "Mã chỉ tiêu": "growth",
    "Năm": "2019",
    "Kỳ": "9 tháng",
    "Giá trị": "6,95",
    "Mức chính xác": "",
    "Loại số liệu": "ước",
    "Ngày công bố": "27/09/2019",
    "Nguồn": "report",
    "Nguyên văn": "tăng 6,95%",
    "Ghi chú": "",
}


def table(*rows):
    """Headings and rows; `None` leaves a column out, other names are further columns."""
    full = [ROW | _came_out(row) | row for row in rows]
    names = [
        name for name in dict.fromkeys(name for row in full for name in row) if None not in [r.get(name) for r in full]
    ]
    return names, [[row.get(name, "") for name in names] for row in full]


def _came_out(row):
    """A later figure came out later."""
    year = str(row.get("Năm"))
    return {"Ngày công bố": f"27/09/{year}"} if year.isdigit() and 2019 < int(year) < 2100 else {}


def csv_file(*rows, delimiter=";", encoding="utf-8-sig", name="bang.csv"):
    names, cells = table(*rows)
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([names, *cells])
    return named(text.getvalue().encode(encoding), name)


def workbook(*rows, change=lambda book: None, name="bang.xlsx"):
    """A workbook by openpyxl with the rows on its sheet; `change` may do to it what people do."""
    names, cells = table(*rows)
    book = Workbook()
    for row in [names, *cells]:
        book.active.append(row)
    for cell in (cell for row in book.active for cell in row if cell.data_type == "f"):
        cell.data_type = "f" if names[cell.column - 1] == "Giá trị" else "s"  # in a text it was typed as text
    change(book)
    file = io.BytesIO()
    book.save(file)
    return named(file.getvalue(), name)


def named(content, name):
    file = io.BytesIO(content)
    file.name = name
    return file


def upload(client, file):
    """The page that an upload leads to: the preview, or the form again with what is wrong."""
    return read(client.post(UPLOAD, {"file": file}, follow=True))


def refusal(client, file):
    """What the form says of a file that is not taken."""
    page = upload(client, file)
    return page.one("p", id="id_file_error").text


def lines(page):
    """The rows of the preview, each as line, what happens, indicator, period, value, details."""
    tables = page.all("table", class_="review")
    return [
        [cell.text for cell in row.all() if cell.tag in ("td", "th")]
        for one in tables
        for row in one.one("tbody").all("tr")
    ]


def details(page):
    """What the preview says of its only row."""
    ((*_cells, text),) = lines(page)
    return text


def verdict(page):
    """The sentence above the preview."""
    return " ".join(one.text for one in page.all("p", class_="verdict"))


def address(client):
    """The address of the newest preview."""
    from indicators.models import Upload

    return f"{UPLOAD}{Upload.objects.latest('pk').pk}/"


def confirm(client, reason=""):
    """Confirm the newest preview; the page after it."""
    return read(client.post(address(client), {"confirm": "", "reason": reason}, follow=True))

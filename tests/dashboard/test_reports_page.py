"""The page of reports, the official tables on paper, and the text to copy."""

import csv
from io import StringIO

import pytest

from indicators.dashboard.exports.reports import REPORTS
from tests.factories import make_indicator, make_target
from tests.reading import content, read, rows, see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langson", "today", "public")]


def files(page):
    """The addresses of every link in the tables."""
    return [link["href"] for table in page.all("table") for link in table.all("a")]


# --- the list


def test_every_report_stands_in_one_line_with_for_whom_it_is(client):
    page = see(client, "/reports/")
    lines = [row for table in page.all("table") for row in rows(table)]
    assert len(lines) == 3 + len(REPORTS) + 2
    assert all(len(line[1]) > 20 for line in lines)
    assert {"/reports/terms/2025.xlsx", "/reports/terms/2025/print/", "/reports/terms/2025/text/"} <= set(files(page))
    assert {"/reports/years/2020.xlsx", "/reports/years/2020/print/", "/reports/package.zip"} <= set(files(page))
    assert "/reports/terms/2025.xlsx?lang=en" in files(page)


@pytest.mark.parametrize(
    "query", ["", "?term=2025", "?sector=economy&as_of=2024-12-31", "?term=2025&status=missed&q=grdp"]
)
def test_the_number_of_rows_told_is_the_number_of_rows_downloaded(client, query):
    table = see(client, f"/reports/{query}").all("table")[1]
    for report, line in zip(REPORTS, rows(table), strict=True):
        downloaded = content(client.get(f"/reports/{report.name}.csv{query}"))
        if line[2] != "—":
            records = read_csv(downloaded)
            assert (report.name, int(line[2].replace(".", ""))) == (report.name, len(records) - 1)


def read_csv(text):

    return list(csv.reader(StringIO(text, newline="")))


def test_every_file_keeps_the_filter_that_is_in_force(client):
    page = see(client, "/reports/?term=2025&sector=society&as_of=2024-12-31&q=x")
    for address in set(files(page)) - {"/api/v1/"}:
        kept = {"as_of=2024-12-31"} if "package" in address else {"as_of=2024-12-31", "sector=society", "q=x"}
        if address.startswith("/reports/") and ".csv" in address:
            kept |= {"term=2025"}
        assert kept <= set(address.partition("?")[2].split("&")), address
    assert not [address for address in files(page) if "terms/2020" in address or "years/2020" in address]
    assert "Chỉ một phần: Xã hội; “x”." in page.text
    assert "Xem tất cả" in [link.text for link in page.all("a", href="/reports/")]


def test_every_file_of_a_narrowed_page_can_be_had(client):
    for address in files(see(client, "/reports/?term=2025&status=danger&scope=annual&counted=1")):
        response = client.get(address)
        assert (address, response.status_code) == (address, 200)
        assert b"".join(response)


def test_the_form_shows_what_is_in_force_and_keeps_the_rest(client):
    page = see(client, "/reports/?term=2025&sector=society&as_of=2024-12-31&scope=term")
    form = page.one("form", class_="filters")
    chosen = [record["value"] for record in form.all("option") if "selected" in record.attributes]
    assert chosen == ["2025", "society"]
    assert form.one("input", name="as_of")["value"] == "31/12/2024"
    assert form.one("input", name="scope")["value"] == "term"


def test_the_page_remembers_nothing(client):
    response = client.get("/reports/?term=2025&sector=society")
    assert not response.cookies
    assert files(read(client.get("/reports/")))[0] == "/reports/terms/2020.xlsx"


@pytest.mark.parametrize("query", ["?as_of=2026-11-23", "?sector=%27", "?term=abcd", "?status=missed"])
def test_a_filter_that_cannot_be_is_refused(client, query):
    assert client.get(f"/reports/{query}").status_code == 400


def test_a_name_that_is_code_stays_text(client):
    page = see(client, "/reports/?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "“<script>alert(1)</script>”" in page.text


# --- on paper


def test_the_page_to_print_has_the_table_the_notes_and_the_signatures(client):
    page = see(client, "/reports/terms/2025/print/")
    assert page.one("h1").text == "Kết quả thực hiện các chỉ tiêu nhiệm kỳ 2020–2025"
    table = page.one("table")
    growth = next(row for row in rows(table) if row[1] == "Tốc độ tăng trưởng GRDP")
    assert growth[:6] == ["1", "Tốc độ tăng trưởng GRDP", "%", "từ 7 đến 7,5%", "2,09", "6,67"]
    assert [group[:2] for group in rows(table) if group[0] in ("I", "II")] == [["I", "Kinh tế"], ["II", "Xã hội"]]
    notes = page.one(class_="notes").text
    assert "4/20 chỉ tiêu đã nhập" in notes
    assert "[1] Phấn đấu xây dựng tỉnh Lạng Sơn" in notes
    assert "NGƯỜI LẬP BIỂU" in page.one(class_="signatures").text


def test_a_year_has_plan_and_result_on_sheets_of_their_own(client):
    page = see(client, "/en/reports/years/2020/print/")
    assert [item.text for item in (page.one("h1"), page.one("h2"))] == [
        "Targets of the plan of 2020", "Results of the plan of 2020",
    ]  # fmt: skip
    assert len(page.all("div", class_="sheet")) == 2


def test_the_paper_keeps_day_and_filter(client):
    page = see(client, "/reports/terms/2025/print/?as_of=2023-12-31&sector=society")
    assert "(Số liệu tính đến ngày 31/12/2023)" in page.text
    assert "Chỉ một phần: Xã hội" in page.text
    assert page.all("a", href="/reports/terms/2025.xlsx?as_of=2023-12-31&sector=society&lang=vi")


def test_words_of_the_data_are_escaped_on_paper(client):
    make_target(indicator=make_indicator(name_vi="<b>đậm</b>"), as_written_vi="<i>7</i>")
    response = client.get("/reports/terms/2025/print/")
    assert "&lt;b&gt;đậm&lt;/b&gt;" in content(response)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/reports/years/2017/print/", "Chưa có chỉ tiêu nào."),
        ("/reports/years/2020/print/?q=khongco", "Không có chỉ tiêu nào phù hợp với bộ lọc."),
    ],
)
def test_a_table_without_rows_says_so_and_is_not_signed(client, address, words):
    page = see(client, address)
    assert words in page.text
    assert not page.all("table")
    assert not page.all(class_="signatures")


# --- text


def test_the_text_can_be_copied_as_it_stands(client):
    field = see(client, "/reports/terms/2025/text/").one("textarea")
    assert "readonly" in field.attributes
    text = "".join(field.children)
    assert text.split("\n\n")[0].startswith("Nhiệm kỳ 2020–2025: 4/20 chỉ tiêu đã nhập")
    assert "71,1/76–78 triệu đồng/người/năm" in text
    assert "71.1/76–78 million VND" in see(client, "/en/reports/terms/2025/text/").one("textarea").text


def test_the_text_of_a_past_day_and_of_nothing(client):
    assert "GRDP bình quân" in see(client, "/reports/terms/2025/text/?as_of=2023-12-31").one("textarea").text
    assert (
        "Chưa có chỉ tiêu nào thuộc danh mục chỉ tiêu Đại hội."
        in see(client, "/reports/terms/2025/text/?q=khongco").text
    )

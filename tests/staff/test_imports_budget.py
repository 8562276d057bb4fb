"""Files of figures that would cost far more than a table does: each is refused soon, by the limit that it breaks."""

import io
import random
import re
import time
import zipfile
from itertools import islice

import pytest

from indicators.core import limits
from tests.importing import named, refusal, workbook
from tests.staff.test_imports_bad_input import clerk  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

# Of a processor, generously.
SECONDS = 15
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"


def parts():
    """The parts of a small workbook with a table of figures, by name."""
    with zipfile.ZipFile(workbook({"Ghi chú": "x"})) as book:
        return {name: book.read(name).decode() for name in book.namelist()}


def packed(parts):
    """A workbook of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return named(file.getvalue(), "bang.xlsx")


def of_sheets(count, part="worksheets/sheet1.xml"):
    """A workbook of so many sheets, all of them in one part."""
    made = parts()
    sheets = "".join(f'<sheet name="s{n}" sheetId="{n}" state="visible" r:id="r{n}"/>' for n in range(2, count + 2))
    namespace = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    made["xl/workbook.xml"] = re.sub(
        "<sheets>.*</sheets>", f"<sheets {namespace}>{sheets}</sheets>", made["xl/workbook.xml"]
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    links = "".join(f'<Relationship Id="r{n}" Type="{kind}" Target="/xl/{part}"/>' for n in range(2, count + 2))
    rels = "xl/_rels/workbook.xml.rels"
    made[rels] = made[rels].replace("</Relationships>", f"{links}</Relationships>")
    return made


def filled(text, beginning="<sheetData>"):
    """The small workbook with more at the beginning of its sheet."""
    made = parts()
    return made | {SHEET: made[SHEET].replace(beginning, beginning + text)}


def rows(count, cells):
    """Of numbers that do not shrink to nothing."""
    draw = random.Random(0).random
    numbers = (draw() for _cell in range(count * cells))
    texts = (f"<c><v>{number}</v></c>" for number in numbers)
    return "".join(f"<row>{''.join(islice(texts, cells))}</row>" for _row in range(count))


def strings(count):
    made = parts()
    texts = "".join(f"<si><t>{n}</t></si>" for n in range(count))
    made["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{texts}</sst>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    made["[Content_Types].xml"] = made["[Content_Types].xml"].replace("</Types>", override)
    return made


def formats(count):
    made = parts()
    one_by_one = "".join(f'<xf numFmtId="{n % 977}" fontId="{n % 7}"/>' for n in range(count))
    return made | {"xl/styles.xml": made["xl/styles.xml"].replace("</cellXfs>", f"{one_by_one}</cellXfs>")}


TOO_MUCH = "quá nhiều ô, chữ hoặc định dạng"
ATTACKS = {
    "two thousand sheets": (lambda: of_sheets(2_000), "50 trang tính"),
    "a row of a hundred thousand cells": (lambda: filled(rows(1, 100_000)), TOO_MUCH),
    "rows of too many columns": (lambda: filled(rows(5, 2_000)), "1.000 cột"),
    "shared strings without end": (lambda: strings(40_000), TOO_MUCH),
    "formats without end": (lambda: formats(10_000), TOO_MUCH),
    "sheets that share a large part": (lambda: of_sheets(49) | {SHEET: filled(rows(100, 900))[SHEET]}, TOO_MUCH),
}


@pytest.fixture
def tenth(monkeypatch):
    """A tenth of the budget, for files of a tenth of the size."""
    for name in ("SEARCH_ELEMENTS", "STRING_ELEMENTS", "PART_ELEMENTS"):
        monkeypatch.setattr(limits, name, getattr(limits, name) // 10)


@pytest.mark.usefixtures("tenth")
@pytest.mark.parametrize(("make", "limit"), ATTACKS.values(), ids=ATTACKS)
def test_a_workbook_that_costs_too_much_is_refused_by_its_limit(clerk, make, limit):  # noqa: F811
    file = packed(make())
    started_at = time.thread_time()
    assert limit in refusal(clerk, file)
    assert time.thread_time() - started_at < SECONDS


def test_a_workbook_that_takes_too_long_is_refused_whatever_it_holds(clerk, monkeypatch):  # noqa: F811
    monkeypatch.setattr(limits, "FILE_SECONDS", 0)
    assert "lâu hơn 0 giây" in refusal(clerk, packed(parts()))


def test_a_large_table_of_fifty_thousand_rows_is_within_the_budget():
    """Twelve columns, three texts a row: nothing that people have is near to a limit."""
    elements = 50_000 * (2 + 12 * 4)
    assert elements < limits.SHEET_ELEMENTS / 2
    assert limits.STRING_ELEMENTS > 50_000 * 3 * 4


TEXTS = {
    "a line of a million columns": (b"a;" * 1_000_000, "1.000 cột"),
    "empty lines without end": (b"\n" * 5_000_000, "quá nhiều dòng"),
}


@pytest.mark.parametrize(("text", "limit"), TEXTS.values(), ids=TEXTS)
def test_a_csv_file_that_costs_too_much_is_refused_by_its_limit(clerk, text, limit):  # noqa: F811
    assert limit in refusal(clerk, named(b"x" + text, "bang.csv"))

"""The interfaces, the CSV reports and the pages tell the same of every target and figure of the real data."""

import csv
import re
from decimal import Decimal
from io import StringIO

import pytest
import simplejson

from indicators.text.numbers import plain
from tests.reading import cells, content, listed, see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langson", "today", "public")]

DAYS = ["2026-11-22", "2025-10-01", "2021-03-01"]


def rows(client, name, day):
    """All rows of a list, numbers as decimals."""
    answer = client.get(f"/api/v1/{name}?limit=1000&as_of={day}")
    found = simplejson.loads(answer.content, use_decimal=True)
    assert found["next"] is None
    return found["items"]


def cell(value):
    """A value as the CSV report writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(Decimal(value)) if isinstance(value, (int, Decimal)) else value


def unguarded(text):
    """A cell without the apostrophes that keep a spreadsheet from taking it for a formula."""
    return re.sub(r"""(\A|[;,|\t\r\n])'(?="?[=+\-@])""", r"\1", text)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("name", ["figures", "targets", "aggregates", "comparisons", "official_results", "progress"])
def test_every_row_is_that_of_the_report(client, name, day):
    report = list(csv.DictReader(StringIO(content(client.get(f"/reports/{name}.csv?as_of={day}")))))
    answered = rows(client, name, day)
    own = ("id", "in_force", "target", "explanation_en")
    told = [{field: cell(value) for field, value in row.items() if field not in own} for row in answered]
    assert told == [{field: unguarded(text) for field, text in row.items()} for row in report]


WORDS = {
    "exceeded": "Vượt",
    "achieved": "Đạt",
    "missed": "Không đạt",
    "on_track": "Đúng tiến độ",
    "at_risk": "Có nguy cơ",
    "off_track": "Chậm tiến độ",
    "moving_away": "Diễn biến ngược mục tiêu",
    "cannot_judge": "Chưa đánh giá được",
    "no_data": "Chưa có số liệu",
}


@pytest.mark.parametrize("year", [2020, 2025, 2030])
def test_the_page_of_a_term_shows_the_same_verdicts(client, year):
    page, shown = see(client, f"/terms/{year}/"), {}
    # The page shows the term's own target before the plan of the year, an adopted one before a draft.
    for row in sorted(
        rows(client, "progress", DAYS[0]), key=lambda row: (row["scope"] != "term", row["target_status"])
    ):
        if row["last_year"] == year:
            shown.setdefault(row["name_vi"], row["official_status"] or row["status"])
    assert len(shown) > 4
    for name in set(shown) & set(listed(page)):
        _sign, _blank, verdict = cells(page, name)["Đánh giá"].partition(" ")
        assert verdict.startswith(WORDS[shown[name]]), name


def test_a_figure_of_the_page_is_that_of_the_answer(client):
    growth = {
        row["year"]: row["value"]
        for row in rows(client, "figures", DAYS[0])
        if row["indicator"] == "grdp-growth" and row["in_force"]
    }
    assert growth[2025] == Decimal("8.06")
    assert "8,06" in see(client, "/indicators/grdp-growth/").text

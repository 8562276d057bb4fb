"""The CSV files: their columns, both forms, what is guarded, and that the filter of a page is kept."""

import csv
from datetime import date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from indicators.dashboard.exports import reports
from indicators.dashboard.exports.reports import REPORTS
from indicators.models import Aggregate, Comparison, Deadline, Figure, OfficialResult, Target
from indicators.text.csv_writer import EXCEL_VN, MACHINE, csv_pieces, guarded
from tests.factories import (
    make_aggregate,
    make_comparison,
    make_figure,
    make_indicator,
    make_official_result,
    make_official_verdict,
    make_target,
    make_term,
)
from tests.reading import content, see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langson", "today", "public")]

FIGURES = "indicator,year,through_month,value,qualifier,status,published_on,series_break,source,quote_vi,note"
TARGETS = (
    "indicator,term,scope,first_year,last_year,baseline_year,bound,low,high,basis,status,counted,decided_on,replaced_on,"
    "as_written_vi,source,quote_vi,note"
)
PROGRESS = (
    "term,scope,first_year,last_year,indicator,name_vi,sector,unit_vi,as_written_vi,bound,low,high,basis,target_status,"
    "counted,latest_period,latest_value,latest_status,baseline_period,baseline_value,measured_value,forecast,pace_ratio,"
    "needed_pace,acceleration,status,reason,provisional,approximate,nearly,official_status,official_reason,"
    "source,explanation_vi"
)
AGGREGATES = "indicator,first_year,last_year,measure,value,qualifier,status,published_on,source,quote_vi,note"
COMPARISONS = "indicator,year,through_month,measure,value,qualifier,source,quote_vi,note"
OFFICIAL_RESULTS = "term,year,declared_targets,met_or_exceeded,source,quote_vi,note"
CHANGES = "changed_on,record,change,indicator,period,status,known_from,source,field,before,after"
MISSING = "agency,indicator,name_vi,year,through_month,due_on,days_late"
FILES = {
    "figures": FIGURES,
    "targets": TARGETS,
    "progress": PROGRESS,
    "aggregates": AGGREGATES,
    "comparisons": COMPARISONS,
    "official_results": OFFICIAL_RESULTS,
    "changes": CHANGES,
    "missing": MISSING,
}


def records(response, delimiter=","):
    """The rows of a CSV file by column."""
    return list(csv.DictReader(StringIO(content(response).removeprefix("\ufeff"), newline=""), delimiter=delimiter))


def download(client, name, query=""):
    response = client.get(f"/reports/{name}.csv{query}")
    assert response.status_code == 200
    return records(response, ";" if "excel-vn" in query else ",")


# --- form


@pytest.fixture(autouse=True)
def _usual_deadlines():
    """Those of the migration, which a test before may have wiped."""
    for month in (3, 6, 9, 12):
        Deadline.objects.get_or_create(through_month=month, agency=None, year=None)


@pytest.mark.parametrize("name", FILES)
def test_the_columns_are_those_promised(client, name):
    first_line = content(client.get(f"/reports/{name}.csv")).split("\r\n")[0]
    assert first_line == FILES[name]


@pytest.mark.parametrize("name", FILES)
def test_a_file_for_excel_in_vietnam_has_a_mark_and_semicolons(client, name):
    text = content(client.get(f"/reports/{name}.csv?format=excel-vn"))
    assert text.split("\r\n")[0] == "\ufeff" + FILES[name].replace(",", ";")


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_streamed_in_pieces(client, name):
    response = client.get(f"/reports/{name}.csv")
    assert response.streaming
    parts = list(response)
    assert len(parts) > 1
    assert all(part.endswith(b"\r\n") for part in parts)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "progress-2026-11-22.csv"),
        ("?term=2025", "progress-2025-2026-11-22.csv"),
        ("?term=2025&as_of=2024-01-31&format=excel-vn", "progress-2025-2024-01-31-excel-vn.csv"),
    ],
)
def test_the_file_name_says_what_of_which_term_and_day_in_which_form(client, query, name):
    response = client.get(f"/reports/progress.csv{query}")
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert content(response)


def test_machines_get_points_iso_days_and_codes(client):
    row = download(client, "targets", "?q=chi+ngan+sach&term=2020")[0]
    assert (row["indicator"], row["low"], row["decided_on"], row["counted"]) == (
        "budget-expenditure", "11728.3", "2019-12-05", "false",
    )  # fmt: skip


def test_excel_in_vietnam_gets_commas_and_days_as_it_reads_them(client):
    row = download(client, "targets", "?q=chi+ngan+sach&term=2020&format=excel-vn")[0]
    assert (row["low"], row["decided_on"], row["as_written_vi"]) == ("11728,3", "05/12/2019", "11.728,3 tỷ đồng")


def test_a_form_nobody_knows_is_refused_with_those_that_are_known(client):
    response = client.get("/reports/figures.csv?format=xls")
    assert response.status_code == 400
    assert "machine, excel-vn" in content(response)


# --- what a spreadsheet would take for a formula


@pytest.mark.parametrize("query", ["", "?format=excel-vn"])
def test_text_that_looks_like_a_formula_is_defused_and_numbers_are_left_alone(client, query):
    made = make_figure(year=2026, value="-5.5", note="=1+1", quote_vi="@SUM(A1)", published_on="2026-01-01")
    (row,) = [row for row in download(client, "figures", query) if row["indicator"] == made.indicator.code]
    assert (row["note"], row["quote_vi"]) == ("'=1+1", "'@SUM(A1)")
    assert row["value"] == ("-5,5" if query else "-5.5")


@pytest.mark.parametrize("form", [MACHINE, EXCEL_VN], ids=lambda form: form.name)
@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "  =1", '"=1', "\ufeff=1", "＝1", "－1"])
def test_every_beginning_of_a_formula_is_guarded(form, text):
    assert form.cell(text) == "'" + text


@pytest.mark.parametrize("form", [MACHINE, EXCEL_VN], ids=lambda form: form.name)
@pytest.mark.parametrize("separator", [";", ",", "|", "\t", "\n"])
@pytest.mark.parametrize("formula", ["=1", "+1", "-1", "@x", '"=1"'])
def test_a_formula_is_guarded_wherever_a_spreadsheet_may_divide_a_line(form, separator, formula):
    assert form.cell(f"a{separator}{formula}{separator}b") == f"a{separator}'{formula}{separator}b"


@pytest.mark.parametrize("text", ["a-b", "6,5-7", "tăng 2, -3", "https://a.vn/?a=1&b=2", "'=1", "a@b.vn; c@d.vn"])
def test_text_that_no_spreadsheet_takes_for_a_formula_stays_as_it_is(text):
    assert guarded(text) == text


@pytest.mark.parametrize(
    ("value", "machine", "excel"),
    [
        (Decimal("-1234.50"), "-1234.5", "-1234,5"),
        (Decimal("1E+3"), "1000", "1000"),
        (date(2020, 9, 7), "2020-09-07", "07/09/2020"),
        (True, "true", "true"),
        (None, "", ""),
        (2025, "2025", "2025"),
        ("18/20", "18/20", '="18/20"'),
        ("007", "007", '="007"'),
        ("1e5", "1e5", '="1e5"'),
        ("2021-2025", "2021-2025", '="2021-2025"'),
        ("2020", "2020", "2020"),
    ],
)
def test_a_cell_in_both_forms(value, machine, excel):
    assert (MACHINE.cell(value), EXCEL_VN.cell(value)) == (machine, excel)


def test_a_cell_with_separators_quotes_and_lines_comes_back_whole():
    text = 'a,b;c "d"\ne'
    for form in (MACHINE, EXCEL_VN):
        lines = "".join(csv_pieces(["x"], [[text]], form)).removeprefix("\ufeff")
        assert list(csv.reader(StringIO(lines, newline=""), delimiter=form.delimiter)) == [["x"], [text]]


# --- read back

STORED = {
    "figures": Figure,
    "targets": Target,
    "aggregates": Aggregate,
    "comparisons": Comparison,
    "official_results": OfficialResult,
}
AWKWARD = {"quote_vi": 'Tỷ lệ "82,0"; a,b\nđạt', "note": "=1+1"}


@pytest.fixture
def awkward(langson):
    """Records with a negative number, quotes, semicolons, line breaks, Vietnamese marks and formulas in every table."""
    indicator = make_indicator(code="awkward", name_vi="Đường; xã, thôn", unit_vi="%", decimals=1)
    make_figure(indicator=indicator, value="-5.5", **AWKWARD)
    make_figure(indicator=indicator, value="82", year=2022, published_on="2023-01-01", **AWKWARD)
    make_figure(indicator=indicator, value=None, year=2023, qualifier="nil", published_on="2024-01-01", **AWKWARD)
    make_aggregate(indicator=indicator, value="-0.25", **AWKWARD)
    make_comparison(indicator=indicator, value="-12.3456", **AWKWARD)
    make_target(indicator=indicator, low="-1.5", as_written_vi="-1,5 trở lên", **AWKWARD)
    make_official_result(
        term=make_term(first_year=2036, last_year=2040), source=Figure.objects.first().source, **AWKWARD
    )


def read_back(field, text, form):
    """The value that a cell of the file stands for."""
    kind = field.get_internal_type()
    if kind == "DateField":
        return datetime.strptime(text, "%d/%m/%Y" if form is EXCEL_VN else "%Y-%m-%d").date() if text else None  # noqa: DTZ007
    if kind == "DecimalField":
        return Decimal(text.replace(",", ".") if form is EXCEL_VN else text) if text else None
    if kind == "BooleanField":
        return {"true": True, "false": False}[text]
    if kind == "PositiveSmallIntegerField":
        return int(text) if text else None
    if form is EXCEL_VN and text.startswith('="'):
        return text[2:-1]
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@", "\t", "\r") else text


def stored(record, columns):
    """The values of a record under the names of the columns; what it points to by its code."""
    values = (getattr(record, name) for name in columns)
    return tuple(getattr(value, "code", value) for value in values)


@pytest.mark.parametrize("form", [MACHINE, EXCEL_VN], ids=lambda form: form.name)
@pytest.mark.parametrize("name", STORED)
def test_a_file_read_back_equals_the_database(client, awkward, name, form):
    model, columns = STORED[name], FILES[name].split(",")
    rows = download(client, name, f"?format={form.name}")
    fields = {column: model._meta.get_field(column) for column in columns}
    read = {tuple(read_back(fields[column], row[column], form) for column in columns) for row in rows}
    assert len(read) == len(rows)
    assert read == {stored(record, columns) for record in model.objects.all()}


@pytest.mark.parametrize("form", [MACHINE, EXCEL_VN], ids=lambda form: form.name)
def test_progress_has_the_same_awkward_words_and_numbers(client, awkward, form):
    (row,) = [row for row in download(client, "progress", f"?format={form.name}") if row["indicator"] == "awkward"]
    assert (row["name_vi"], row["as_written_vi"]) == ("Đường; xã, thôn", "'-1,5 trở lên")
    assert row["low"] == form.cell(Decimal("-1.5")) == ("-1.5" if form is MACHINE else "-1,5")


# --- what is in them


def test_figures_hold_every_version_in_the_order_of_the_data_package(client):
    rows = download(client, "figures")
    assert len(rows) == Figure.objects.count()
    growth = [
        (row["year"], row["value"]) for row in rows if (row["indicator"], row["through_month"]) == ("grdp-growth", "12")
    ]
    assert ("2020", "2.03") in growth
    assert ("2020", "2.09") in growth
    assert growth == sorted(growth, key=lambda record: record[0])


def test_targets_hold_drafts_and_replaced_ones(client):
    rows = download(client, "targets")
    assert len(rows) == Target.objects.count()
    assert {"draft", "adopted"} == {row["status"] for row in rows}
    assert any(row["replaced_on"] for row in rows)


def test_progress_has_a_row_for_each_target_in_force_with_its_sentence(client):
    rows = download(client, "progress")
    assert len(rows) == Target.objects.in_force(date(2026, 11, 22)).count()
    (row,) = [
        row for row in rows if (row["indicator"], row["scope"], row["last_year"]) == ("grdp-growth", "term", "2025")
    ]
    assert (row["status"], row["measured_value"]) == ("missed", "6.992")
    assert (row["provisional"], row["approximate"], row["nearly"]) == ("true", "false", "true")
    assert (row["latest_period"], row["latest_value"], row["latest_status"]) == ("2025", "8.06", "reported")
    assert "6,99%" in row["explanation_vi"]
    assert all(row["explanation_vi"].endswith(".") for row in rows)


def test_progress_shows_the_baseline_where_the_judgement_has_one(client):
    rows = {(row["indicator"], row["last_year"]): row for row in download(client, "progress", "?term=2025")}
    per_capita = rows["grdp-per-capita", "2025"]
    assert (per_capita["baseline_period"], per_capita["baseline_value"]) == ("2020", "44.2")
    assert rows["grdp-growth", "2025"]["baseline_period"] == ""


def test_progress_writes_part_years_and_numbers_as_promised(client):
    target = make_target(first_year=2026, last_year=2026, indicator=make_indicator(code="flow", kind="flow"), low="7")
    make_figure(indicator=target.indicator, year=2026, through_month=9, value="1", published_on="2026-10-01")
    (row,) = [row for row in download(client, "progress") if row["indicator"] == "flow"]
    assert row["latest_period"] == "2026-9M"
    assert row["pace_ratio"] == "0.1905"
    assert row["needed_pace"] == "24"


def test_progress_carries_the_official_verdict_beside_the_computed_one(client):
    target = Target.objects.get(indicator__code="grdp-per-capita", term__last_year=2025)
    make_official_verdict(target=target, verdict="achieved", reason="=Notice", decided_on="2026-03-01")
    (row,) = download(client, "progress", "?term=2025&q=grdp+binh+quan&sector=economy")
    assert (row["status"], row["official_status"], row["official_reason"]) == ("missed", "achieved", "'=Notice")
    (before,) = download(client, "progress", "?term=2025&q=grdp+binh+quan&sector=economy&as_of=2026-02-28")
    assert (before["official_status"], before["official_reason"]) == ("", "")


# --- term, day and filter


def test_a_term_leaves_its_targets_and_the_figures_of_its_years(client):
    assert {row["term"] for row in download(client, "targets", "?term=2025")} == {"XVII"}
    assert {row["term"] for row in download(client, "progress", "?term=2020")} == {"XVI"}
    assert {row["year"] for row in download(client, "figures", "?term=2025")} == {
        "2021",
        "2022",
        "2023",
        "2024",
        "2025",
    }


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("term", ["1999", "25", "abcd", "２０２５"])
def test_a_term_nobody_knows_is_not_found_or_refused(client, name, term):
    expected = 404 if term == "1999" else 400
    assert client.get(f"/reports/{name}.csv?term={term}").status_code == expected


def test_a_past_day_leaves_what_was_known(client):
    assert max(row["published_on"] for row in download(client, "figures", "?as_of=2023-12-31")) == "2023-12-31"
    assert max(row["decided_on"] for row in download(client, "targets", "?as_of=2023-12-31")) <= "2023-12-31"
    (row,) = download(client, "progress", "?as_of=2023-12-31&term=2025&q=tang+truong&counted=1&sector=economy")
    assert row["measured_value"] == "6.945"


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("day", ["2026-11-23", "31/02/2025", "yesterday"])
def test_a_day_that_is_none_or_lies_ahead_is_refused(client, name, day):
    assert client.get(f"/reports/{name}.csv?as_of={day}").status_code == 400


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=missed&scope=term&q=per+capita", {"grdp-per-capita"}),
        ("q=ho+ngheo", {"poverty-rate"}),
        ("agency=construction", {"commune-roads-paved"}),
        ("scope=term&sector=society", {"commune-roads-paved", "poverty-rate"}),
        ("counted=1&q=binh+quan", {"grdp-per-capita"}),
    ],
)
def test_the_filter_of_the_page_is_kept(client, query, expected):
    assert {row["indicator"] for row in download(client, "progress", f"?term=2025&{query}")} == expected
    assert {row["indicator"] for row in download(client, "targets", f"?term=2025&{query}")} == expected
    assert {row["indicator"] for row in download(client, "figures", f"?term=2025&{query}")} <= expected


@pytest.mark.parametrize("scope", ["term", "annual"])
def test_a_scope_leaves_the_targets_of_that_scope(client, scope):
    for query in (f"?scope={scope}", f"?term=2025&scope={scope}"):
        assert {row["scope"] for row in download(client, "targets", query)} == {scope}
        assert {row["scope"] for row in download(client, "progress", query)} == {scope}


def test_without_a_term_sector_agency_and_words_still_narrow(client):
    assert {row["sector"] for row in download(client, "progress", "?sector=society")} == {"society"}
    assert {row["indicator"] for row in download(client, "figures", "?q=pci")} == {"pci-rank"}
    wanted = set(Target.objects.filter(indicator__agency__code="finance").values_list("indicator__code", flat=True))
    assert {row["indicator"] for row in download(client, "targets", "?agency=finance")} == wanted


# --- the command


@pytest.mark.parametrize(
    ("options", "query"),
    [
        ({}, ""),
        ({"term": 2025}, "?term=2025"),
        ({"term": 2030, "as_of": date(2025, 6, 1)}, "?term=2030&as_of=2025-06-01"),
    ],
)
def test_the_command_prints_what_the_download_has(client, options, query):
    printed = StringIO(newline="")
    call_command("progress_csv", stdout=printed, **options)
    assert printed.getvalue() == content(client.get(f"/reports/progress.csv{query}"))


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--as-of=2026-11-23"], "2026-11-23"),
        (["--as-of=31/02/2020"], "31/02/2020"),
        (["--term=1999"], "1999"),
    ],
)
def test_the_command_refuses_what_it_cannot_answer(options, reason):
    with pytest.raises(CommandError, match=reason):
        call_command("progress_csv", *options)


def test_every_report_is_tried_here_and_offered_on_the_page_of_reports(client):
    assert {report.name for report in REPORTS} == set(FILES)
    page = content(client.get("/reports/"))
    for name in FILES:
        assert f'href="/reports/{name}.csv"' in page
        assert f'href="/reports/{name}.csv?format=excel-vn"' in page


def test_what_is_missing_tells_whose_and_since_when_and_nothing_of_the_office(client):
    rows = download(client, "missing", "?term=2030")
    assert {row["year"] for row in rows} == {"2026"}
    late = [row for row in rows if row["days_late"] != "0"]
    assert {"finance"} <= {row["agency"] for row in late}
    assert all(row["due_on"] < "2026-11-22" for row in late)


def test_what_is_missing_keeps_the_filter(client):
    rows = download(client, "missing", "?agency=finance")
    assert {row["agency"] for row in rows} == {"finance"}


def test_many_targets_are_judged_some_at_a_time_with_the_same_result(client, monkeypatch):
    expected = b"".join(client.get("/reports/progress.csv?term=2025"))
    monkeypatch.setattr(reports, "AT_ONCE", 1)
    assert b"".join(client.get("/reports/progress.csv?term=2025")) == expected


# --- what an address may ask for


@pytest.mark.parametrize(
    "query", ["status=missed", "counted=1", "counted=0", "status=danger&counted=true", "status=no_data"]
)
@pytest.mark.parametrize("term", ["term=2025&", "term=2020&", ""])
def test_a_verdict_asks_the_same_of_the_file_and_of_the_api(client, term, query):
    key = ("indicator", "scope", "first_year", "last_year")
    items = client.get(f"/api/v1/progress?limit=1000&{term}{query}").json()["items"]
    rows = download(client, "progress", f"?{term}{query}")
    assert [[row[name] for name in key] for row in rows] == [[str(item[name]) for name in key] for item in items]


def test_a_draft_never_counts_in_the_file_or_in_the_api(client):
    drafts = {row["indicator"] for row in download(client, "progress", "?term=2030") if row["target_status"] == "draft"}
    assert drafts
    assert drafts <= {row["indicator"] for row in download(client, "progress", "?term=2030&counted=0")}


ADDRESSES = [*(f"/reports/{name}.csv" for name in FILES), "/reports/terms/2025.xlsx", "/reports/years/2020.xlsx"]


@pytest.mark.parametrize("address", [*ADDRESSES, "/reports/package.zip"])
@pytest.mark.parametrize("slip", ["termm=2025", "asof=2024-01-01", "year=2020"])
def test_a_parameter_that_a_file_does_not_know_is_refused_with_those_it_knows(client, address, slip):
    response = client.get(f"{address}?{slip}")
    assert response.status_code == 400
    assert f"“{slip.partition('=')[0]}”" in content(response)
    assert "as_of" in content(response)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("slip", ["sector=khongco", "agency=khongco", "counted=maybe", "status=good"])
def test_a_code_that_does_not_exist_is_refused(client, address, slip):
    response = client.get(f"{address}?{slip}")
    assert response.status_code == 400
    assert slip.partition("=")[2] in content(response)


PLACES = ["/terms/2025/", "/indicators/", "/sectors/economy/", "/agencies/finance/", "/years/2020/", "/reports/"]


@pytest.mark.parametrize("page", [*PLACES, "/reports/terms/2025/print/", "/reports/terms/2025/text/"])
@pytest.mark.parametrize("before", ["", "/en"])
def test_every_file_that_a_page_offers_can_be_had_whatever_the_page_was_asked_for(client, page, before):
    query = "term=2025&sort=-verdict&page=1&show=all&status=missed&scope=term&counted=1&q=grdp&as_of=2026-03-01&lang=en&fbclid=x"
    links = {link["href"] for link in see(client, f"{before}{page}?{query}").all("a")}
    offered = [link for link in links if link.partition("?")[0].endswith((".csv", ".xlsx", ".zip"))]
    assert offered or page.endswith(("text/", "indicators/"))
    for link in offered:
        response = client.get(link)
        assert (link, response.status_code) == (link, 200)
        assert b"".join(response)

"""Whoever answered on a day stands on the pages and in the files of that day: mergers and new assignments do not reach back."""

from datetime import date

import pytest

from indicators.models import Agency, Indicator
from indicators.queries.progress import progress
from indicators.queries.responsible_agency import responsibility
from indicators.queries.term_overview import term_lines, term_overview
from tests.factories import make_agency, make_assignment, make_figure, make_indicator, make_target, term
from tests.reading import content, listed, see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "public")]

BEFORE, AFTER = "2025-02-28", "2025-03-01"


@pytest.fixture(autouse=True)
def agencies():
    """The planning department went into the finance department on 1 March 2025; health took over one indicator then."""
    finance = make_agency(code="finance", name_vi="Sở Tài chính")
    planning = make_agency(code="planning", name_vi="Sở Kế hoạch", valid_to=BEFORE, successor=finance)
    health = make_agency(code="health", name_vi="Sở Y tế")
    growth = make_indicator(code="growth", name_vi="Tăng trưởng", agency=planning)
    insured = make_indicator(code="insured", name_vi="Bảo hiểm y tế", agency=finance)
    make_assignment(indicator=insured, agency=health, valid_from=AFTER)
    for indicator in (growth, insured):
        make_target(indicator=indicator)
        make_figure(indicator=indicator)


def on(day, address):
    return f"{address}{'&' if '?' in address else '?'}as_of={day}"


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("growth", BEFORE, "Sở Kế hoạch"),
        ("growth", AFTER, "Sở Tài chính"),
        ("insured", BEFORE, "Sở Tài chính"),
        ("insured", AFTER, "Sở Y tế"),
    ],
)
def test_the_page_of_an_indicator_names_who_answered_on_the_day(client, code, day, name):
    page = see(client, on(day, f"/indicators/{code}/"))
    assert page.one("p", class_="lede").text.endswith(name)
    assert [record.text for record in page.all("a") if record["href"].startswith("/agencies/")] == [name]


FILTERED = {
    BEFORE: {"planning": ["Tăng trưởng"], "finance": ["Bảo hiểm y tế"], "health": []},
    AFTER: {"planning": [], "finance": ["Tăng trưởng"], "health": ["Bảo hiểm y tế"]},
}
CASES = [(day, code, names) for day, agencies in FILTERED.items() for code, names in agencies.items()]


@pytest.mark.parametrize(("day", "code", "names"), CASES)
@pytest.mark.parametrize("address", ["/terms/2025/?agency={}", "/indicators/?agency={}", "/agencies/{}/"])
def test_listings_are_narrowed_to_who_answered_on_the_day(client, address, day, code, names):
    page = see(client, on(day, address.format(code)))
    assert (listed(page) if page.all("table") else []) == names


@pytest.mark.parametrize(("day", "code", "names"), CASES)
@pytest.mark.parametrize("file", ["figures.csv", "targets.csv", "progress.csv"])
@pytest.mark.parametrize("more", ["", "&term=2025"])
def test_files_are_narrowed_alike(client, file, more, day, code, names):
    text = content(client.get(on(day, f"/reports/{file}?agency={code}{more}")))
    codes = {"Tăng trưởng": "growth", "Bảo hiểm y tế": "insured"}
    assert {code for code in codes.values() if f"{code}," in text} == {codes[name] for name in names}


@pytest.mark.parametrize(("day", "offered"), [(BEFORE, ["planning", "finance"]), (AFTER, ["finance", "health"])])
@pytest.mark.parametrize("address", ["/terms/2025/", "/indicators/", "/reports/"])
def test_the_filter_offers_who_answered_on_the_day(client, address, day, offered):
    select = see(client, on(day, address)).one("select", name="agency")
    assert [record["value"] for record in select.all("option")] == ["", *offered]


def test_the_page_of_a_merged_agency_leads_to_its_successor(client):
    assert "Cơ quan này hoạt động đến hết ngày 28/02/2025" in see(client, "/agencies/planning/").text
    assert see(client, "/agencies/planning/").all("a", href="/agencies/finance/")
    assert "Cơ quan này" not in see(client, on(BEFORE, "/agencies/planning/")).text


@pytest.mark.parametrize(("day", "name"), [(BEFORE, "Sở Kế hoạch"), (AFTER, "Sở Tài chính")])
def test_the_presentation_names_who_answered_on_the_day(client, day, name):
    (slide,) = [
        record
        for record in see(client, on(day, "/terms/2025/present/")).all("p", class_="eyebrow")
        if name in record.text
    ]
    assert name in slide.text


def test_what_is_judged_carries_the_agency_of_the_day_and_stores_nothing():
    before, after = date(2025, 2, 28), date(2025, 3, 1)
    agency_of = responsibility(before).agency_of
    assert [agency_of(row.target.indicator).code for row in progress(before)] == ["planning", "finance"]
    lines = term_lines(term_overview(term(), after), [])
    assert {line.agency.code for line in lines} == {"finance", "health"}
    assert {line.indicator.agency.code for line in lines} == {"planning", "finance"}
    assert Indicator.objects.get(code="growth").agency == Agency.objects.get(code="planning")


@pytest.mark.parametrize(
    ("day", "names"), [(BEFORE, ["Sở Kế hoạch", "Sở Tài chính"]), (AFTER, ["Sở Tài chính", "Sở Y tế"])]
)
def test_the_official_table_names_who_answered_on_the_day(client, day, names):
    text = see(client, on(day, "/reports/terms/2025/print/")).text
    assert [name for name in ("Sở Kế hoạch", "Sở Tài chính", "Sở Y tế") if name in text] == names

"""The JSON interface: what a list holds, how it is narrowed, ordered and cut in parts, and how it fails."""

from decimal import Decimal

import pytest
import simplejson

from indicators.api import filters
from indicators.api.schemas import ROWS, ChangeRow, ProgressItem
from indicators.models import State
from indicators.public.schema import TABLES
from tests.factories import (
    make_agency,
    make_assignment,
    make_figure,
    make_indicator,
    make_official_verdict,
    make_sector,
    make_source,
    make_target,
    make_term,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "public")]


def ask(client, address, status=200, **headers):
    """The answer at /api/v1/`address`, numbers as decimals."""
    response = client.get(f"/api/v1/{address}", headers=headers)
    assert response.status_code == status, f"{address}: {response.status_code} {response.content.decode()[:300]}"
    return simplejson.loads(response.content, use_decimal=True)


def codes(answer, field="code"):
    return [item[field] for item in answer["items"]]


@pytest.fixture
def growth():
    return make_indicator(code="growth", kind="rate")


# --- what is answered


@pytest.mark.parametrize("name", ROWS)
def test_a_row_has_the_columns_of_the_data_package_in_their_order(name):
    (table,) = [table for table in TABLES if table.name == name]
    fields = [field for field in ROWS[name].model_fields if field not in ("id", "in_force", "responsible_agency")]
    assert fields == list(table.column_names)


@pytest.mark.parametrize("row", [*ROWS.values(), ProgressItem, ChangeRow])
def test_every_field_is_described_in_both_languages(row):
    for field in row.model_fields.values():
        english, _dot, vietnamese = field.description.partition(" · ")
        assert english
        assert vietnamese


@pytest.mark.parametrize(
    ("value", "text"), [("8.0600", "8.06"), ("99999999999.9999", "99999999999.9999"), ("0.0001", "0.0001")]
)
def test_numbers_keep_every_digit_and_gain_none(client, value, text):
    figure = make_figure(value=value)
    body = client.get(f"/api/v1/figures/{figure.pk}").content.decode()
    assert f'"value": {text},' in body
    assert Decimal(repr(float(text))) == Decimal(text)


def test_what_has_no_value_is_null_and_says_why(client):
    figure = make_figure(value=None, qualifier="uncollected")
    answer = ask(client, f"figures/{figure.pk}")
    assert (answer["value"], answer["qualifier"], answer["in_force"]) == (None, "uncollected", False)


def test_every_published_version_is_listed_and_one_of_a_period_is_in_force(client, growth):
    estimate = make_figure(indicator=growth, value="8.41", status="estimate")
    final = make_figure(indicator=growth, value="8.06", status="final", published_on="2022-06-01")
    answer = ask(client, "figures?sort=published_on")
    assert [(item["id"], item["in_force"]) for item in answer["items"]] == [(estimate.pk, False), (final.pk, True)]
    assert codes(ask(client, "figures?in_force=true"), "id") == [final.pk]
    assert codes(ask(client, "figures?in_force=false"), "id") == [estimate.pk]
    # A filter of versions does not make another one count.
    assert codes(ask(client, "figures?in_force=true&status=estimate"), "id") == []


def test_the_progress_row_has_the_verdict_and_both_sentences(client, growth):
    target = make_target(indicator=growth, basis="average", low="7")
    (row,) = ask(client, "progress")["items"]
    assert (row["target"], row["status"], row["reason"]) == (target.pk, "no_data", "no_figure")
    assert row["explanation_vi"]
    assert row["explanation_en"]
    assert row["explanation_vi"] != row["explanation_en"]


def test_progress_is_filtered_by_the_verdict_that_counts(client, growth):
    target = make_target(indicator=growth, basis="average", low="7")
    make_official_verdict(target=target, verdict="achieved")
    assert codes(ask(client, "progress?status=achieved"), "target") == [target.pk]
    assert codes(ask(client, "progress?status=no_data"), "target") == []


# --- narrowed


def test_figures_are_narrowed_by_what_their_indicator_is(client):
    health, other = make_sector(code="health"), make_sector(code="other")
    agency = make_agency(code="moh")
    beds = make_indicator(code="beds", sector=health, agency=agency)
    make_figure(indicator=beds)
    make_figure(indicator=make_indicator(code="roads", sector=other))
    for asked in ("indicator=beds", "sector=health", "agency=moh", "sector=health&agency=moh"):
        assert codes(ask(client, f"figures?{asked}"), "indicator") == ["beds"]
    assert ask(client, "figures?sector=health&indicator=roads")["total"] == 0


def test_the_agency_is_the_one_that_answered_on_the_day(client, growth):
    make_assignment(indicator=growth, agency=make_agency(code="new"), valid_from="2025-03-01")
    make_figure(indicator=growth)
    assert ask(client, "figures?agency=new")["total"] == 1
    assert ask(client, "figures?agency=new&as_of=2025-02-28")["total"] == 0
    assert ask(client, "indicators/growth")["responsible_agency"] == "new"
    assert ask(client, "indicators/growth?as_of=2025-02-28")["responsible_agency"] is None


def test_a_term_is_named_by_its_last_year(client, growth):
    make_target(indicator=growth, basis="average", term=make_term(code="XVII", first_year=2021, last_year=2025))
    make_figure(indicator=growth, year=2021)
    make_figure(indicator=growth, year=2020)
    assert codes(ask(client, "figures?term=2025"), "year") == [2021]
    assert ask(client, "figures?term=2024", status=404)["status"] == 404


def test_words_are_found_without_their_marks(client):
    make_indicator(code="poor", name_vi="Tỷ lệ hộ nghèo")
    make_indicator(code="rich")
    assert codes(ask(client, "indicators?q=ho ngheo")) == ["poor"]


def test_what_a_form_leaves_empty_is_not_asked(client, growth):
    assert codes(ask(client, "indicators?q=&sector=&kind=&limit=&as_of=&sort=&lang=")) == ["growth"]


# --- cut in parts


def test_a_list_comes_in_parts_that_lead_to_the_next(client, growth):
    for year in range(2016, 2021):
        make_figure(indicator=growth, year=year)
    address, years = "/api/v1/figures?limit=2&sort=-year", []
    while address:
        answer = client.get(address).json()
        assert answer["total"] == 5
        years += [item["year"] for item in answer["items"]]
        address = answer["next"]
    assert years == [2020, 2019, 2018, 2017, 2016]


def test_the_next_part_is_as_of_the_same_day(client, growth):
    make_figure(indicator=growth, year=2016)
    make_figure(indicator=growth, year=2017)
    assert "as_of=2026-11-22" in ask(client, "figures?limit=1")["next"]


def test_progress_comes_in_parts_judged_or_not(client):
    targets = [make_target(indicator=make_indicator(code=f"i{n}", order=n)) for n in range(3)]
    for asked in ("", "&status=no_data", "&sort=indicator"):
        parts = [ask(client, f"progress?limit=2&offset={offset}{asked}") for offset in (0, 2)]
        assert [part["total"] for part in parts] == [3, 3]
        assert codes(parts[0], "target") + codes(parts[1], "target") == [target.pk for target in targets]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        (name, query)
        for name, query in vars(filters).items()
        if isinstance(query, type) and getattr(query, "sorts", None)
    ],
)
def test_every_order_that_is_offered_can_be_asked_for(client, growth, name, query):
    make_figure(indicator=growth)
    make_target(indicator=growth, basis="average")
    resources = {"AgencyQuery": "agencies", "OfficialResultQuery": "official_results", "ProgressQuery": "progress"}
    resource = resources.get(name, name.removesuffix("Query").lower() + "s")
    for sort in query.sort_names():
        assert ask(client, f"{resource}?sort={sort}")["items"] is not None


# --- the day


def test_as_of_shows_what_had_been_published(client, growth):
    make_figure(indicator=growth, value="8.41", status="estimate", published_on="2025-09-01")
    make_figure(indicator=growth, value="8.06", status="reported", published_on="2025-12-01")
    answer = ask(client, "figures?as_of=2025-10-01&in_force=true")
    assert (answer["as_of"], [item["value"] for item in answer["items"]]) == ("2025-10-01", [Decimal("8.41")])
    assert ask(client, "figures?as_of=01/10/2025")["as_of"] == "2025-10-01"


def test_a_replacement_to_come_is_not_told(client):
    target = make_target(decided_on="2020-09-27", replaced_on="2025-09-27")
    assert ask(client, f"targets/{target.pk}?as_of=2025-09-26")["replaced_on"] is None
    assert ask(client, f"targets/{target.pk}")["replaced_on"] == "2025-09-27"


# --- how it fails


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("figures?year=x", "year: must be a whole number"),
        ("figures?limit=1001", "limit: must be at most 1000"),
        ("figures?offset=-1", "offset: must be at least 0"),
        ("figures?in_force=perhaps", "in_force: must be true or false"),
        ("figures?status=sure", "status: must be one of: estimate, reported, preliminary, final"),
        ("figures?indicator=a b", "indicator: must be a code of letters, digits, - and _"),
        ("indicators?q=" + "x" * 101, "q: must not be longer than 100 characters"),
        ("figures?sort=note", "“note” is not one of: indicator, year,"),
        ("figures?indikator=growth", "“indikator” is not known here; known: lang, as_of,"),
        ("figures?as_of=2026-11-23", "lies in the future"),
        ("figures?as_of=yesterday", "is not a day"),
        ("figures?lang=fr", "is not one of: vi, en"),
        ("changes?since=soon", "is not a moment"),
    ],
)
def test_what_cannot_be_understood_is_told_as_a_problem(client, address, told):
    response = client.get(f"/api/v1/{address}", headers={"accept-language": "en"})
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert told in response.json()["detail"]


@pytest.mark.parametrize("address", ["figures/1", "indicators/none", "nowhere", "figures/", "figures/x/y", "openapi"])
def test_what_is_not_there_is_a_problem_too(client, address):
    response = client.get(f"/api/v1/{address}")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_problems_are_worded_in_the_language_asked_for(client):
    def detail(address, language):
        return client.get(f"/api/v1/{address}", headers={"accept-language": language}).json()["detail"]

    assert detail("figures?limit=0", "en") == "limit: must be at least 1"
    assert detail("figures?limit=0", "vi") == detail("figures?limit=0", "fr") == "limit: phải từ 1 trở lên"
    assert detail("figures?limit=0&lang=en", "vi") == "limit: must be at least 1"


def test_a_fault_of_ours_tells_nothing_of_the_inside(client, monkeypatch, settings):
    settings.DEBUG = True
    client.raise_request_exception = False
    monkeypatch.setattr("indicators.api.endpoints.public_records", lambda *_: 1 / 0)
    response = client.get("/api/v1/figures")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert "division" not in response.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed(client, method):
    response = getattr(client, method)("/api/v1/figures")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response["Content-Type"] == "application/problem+json"


# --- the description


def test_the_description_names_every_resource_and_the_problems(client):
    description = ask(client, "openapi.json")
    assert set(ROWS) | {"progress", "changes"} <= {path.split("/")[3] for path in description["paths"]}
    answers = description["paths"]["/api/v1/figures"]["get"]["responses"]
    assert list(answers["400"]["content"]) == ["application/problem+json"]
    value = description["components"]["schemas"]["FigureRow"]["properties"]["value"]
    assert {"type": "number"} in value["anyOf"]


def test_the_token_is_optional_only_where_the_dashboard_is_open(client, settings, django_user_model):
    assert {} in ask(client, "openapi.json")["security"]
    settings.PUBLIC_DASHBOARD = False
    client.force_login(django_user_model.objects.create_user("reader"))
    assert ask(client, "openapi.json")["security"] == [{"bearer": []}]


def test_figures_waiting_for_approval_do_not_count_in_the_total(client, growth):
    make_figure(indicator=growth, state=State.SUBMITTED, source=make_source(code="other"))
    make_figure(indicator=growth)
    assert ask(client, "figures")["total"] == 1

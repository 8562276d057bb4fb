"""The data package as one zip: the same bytes each time, valid for others, loadable elsewhere; bad ones are refused."""

import csv
import json
import zipfile
from datetime import date
from io import BytesIO

import pytest
from frictionless import Package, system

from indicators.datapackage.writer import export_package, zip_chunks
from indicators.models import Figure, Source, State, Target
from indicators.public.schema import TABLES
from tests.factories import make_figure, make_indicator, make_official_verdict, make_target

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 22)


def zipped(as_of=TODAY):
    return b"".join(zip_chunks(as_of))


def table(name, as_of=TODAY):
    """The lines of one file of the package."""
    return zipfile.ZipFile(BytesIO(zipped(as_of))).read(name).decode().splitlines()


# --- written


def test_the_same_day_gives_the_same_bytes(langson):
    assert zipped() == zipped()


def test_it_holds_what_an_export_holds(langson, tmp_path):
    export_package(tmp_path)
    inside = zipfile.ZipFile(BytesIO(zipped()))
    assert inside.testzip() is None
    for table in TABLES:
        assert inside.read(table.file_name) == (tmp_path / table.file_name).read_bytes()


def test_it_comes_in_pieces(client, public, langson):
    response = client.get("/reports/package.zip")
    assert response.streaming
    assert response["Content-Disposition"] == 'attachment; filename="package-2026-11-22.zip"'
    pieces = list(response)
    assert len(pieces) > len(TABLES)
    assert b"".join(pieces) == zipped()


def test_what_is_not_public_stays_at_home(langson):
    indicator = make_indicator(code="hidden")
    make_figure(indicator=indicator, state=State.ENTERED, note="secret")
    make_figure(indicator=indicator, published_on="2026-11-23", note="secret")
    make_target(indicator=indicator, decided_on="2026-11-23", note="secret")
    assert b"secret" not in b"".join(zipfile.ZipFile(BytesIO(zipped())).read(table.file_name) for table in TABLES)


def test_a_past_day_leaves_what_was_public_then(langson):
    target = Target.objects.get(indicator__code="grdp-per-capita", term__last_year=2025)
    make_official_verdict(target=target, decided_on="2026-03-01")
    before, after = date(2025, 9, 26), date(2026, 3, 1)
    assert len(table("verdicts.csv", before)) == 1
    assert len(table("verdicts.csv", after)) == 2
    assert max(line.split(",")[6] for line in table("figures.csv", before)[1:] if line.count(",") > 8) <= "2025-09-26"
    assert "2025-09-27" not in "\n".join(table("targets.csv", before))
    assert "2025-09-27" in "\n".join(table("targets.csv", after))


def test_the_descriptor_tells_licence_and_provenance(langson, settings):
    described = json.loads("\n".join(table("datapackage.json", date(2024, 1, 31))))
    assert described["created"] == "2024-01-31T00:00:00+07:00"
    assert described["licenses"][0]["name"] == "CC-BY-4.0"
    assert described["contributors"] == [{"title": "Lạng Sơn indicator tracker", "roles": ["publisher"]}]
    used = {row["source"] for row in csv.DictReader(table("figures.csv", date(2024, 1, 31)))}
    told = [record["title"] for record in described["sources"]]
    assert set(map(str, Source.objects.filter(code__in=used))) <= set(told)
    unused = Source.objects.filter(targets=None, figures=None, aggregates=None, comparisons=None)
    assert set(map(str, unused.filter(officialresult=None, term=None))).isdisjoint(told)
    settings.SAMPLE_DATA = True
    assert json.loads("\n".join(table("datapackage.json")))["licenses"][0]["name"] == "CC0-1.0"


@pytest.mark.parametrize("data", ["langson", "mau"])
def test_the_frictionless_library_finds_nothing_wrong(request, data, tmp_path):
    request.getfixturevalue(data)
    (tmp_path / "package.zip").write_bytes(zipped())
    with system.use_context(trusted=True):
        package = Package(str(tmp_path / "package.zip"))
        report = package.validate()
    assert report.flatten(["type", "fieldName", "note"]) == []
    assert report.valid
    assert {task.name for task in report.tasks} == {table.name for table in TABLES}
    assert next(task for task in report.tasks if task.name == "figures").stats["rows"] == Figure.objects.count()

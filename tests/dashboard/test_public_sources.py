"""A source is public when something public rests on it; what somebody only typed is seen by staff."""

import csv
import io
import zipfile
from datetime import date

import pytest

from indicators.datapackage.writer import export_package
from indicators.models import Source
from indicators.public.records import public_sources
from tests.factories import make_agency, make_figure, make_person, make_source, make_target, make_term

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public")]

LONG_AGO, LATER = date(2000, 1, 1), date(2100, 1, 1)


@pytest.fixture
def unused():
    return make_source(code="unused", title_vi="Trang lạ", url="https://evil.example/phish")


def codes(as_of=LATER):
    return set(public_sources(as_of).values_list("code", flat=True))


@pytest.mark.parametrize("address", ["/sources/unused/", "/api/v1/sources/unused"])
def test_a_source_nothing_rests_on_is_not_there(client, unused, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/sources/", "/api/v1/sources", "/sdmx/structure/codelist/LANGSON/CL_SOURCE"])
def test_a_source_nothing_rests_on_is_not_listed(client, unused, address):
    make_figure(source=make_source(code="used"))
    page = client.get(address).content.decode()
    assert ("used" in page, "unused" in page) == (True, False)


def test_it_is_in_no_package(client, unused, tmp_path):
    with zipfile.ZipFile(io.BytesIO(client.get("/reports/package.zip").getvalue())) as package:
        assert "unused" not in package.read("sources.csv").decode()
        assert "evil.example" not in package.read("datapackage.json").decode()
    export_package(tmp_path)
    with (tmp_path / "sources.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == []


@pytest.mark.parametrize("state", ["entered", "submitted", "returned"])
def test_a_figure_on_its_way_makes_nothing_public(unused, state):
    make_figure(source=unused, state=state)
    assert codes() == set()


def test_figures_targets_and_terms_make_their_sources_public_from_their_day_on():
    make_figure(source=make_source(code="figure"))
    make_target(source=make_source(code="target"))
    make_term(source=make_source(code="term"), last_year=2035)
    assert codes() >= {"figure", "target", "term"}
    assert codes(LONG_AGO) == {"term"}


def test_staff_see_every_source(client, unused):
    client.force_login(make_person(groups=["Nhập liệu"]))
    assert "Trang lạ" in client.get("/sources/").content.decode()
    assert client.get("/sources/unused/").status_code == 200


# Mending what was typed


def change_page(source):
    return f"/admin/indicators/source/{source.pk}/change/"


def typed(**fields):
    return {"code": "new", "title_vi": "Báo cáo", "reliability": "A", "url": "https://example.org/"} | fields


@pytest.fixture
def clerk(client):
    person = make_person(groups=["Nhập liệu"], agency=make_agency())
    client.force_login(person)
    return person


@pytest.fixture
def own(client, clerk):
    client.post("/admin/indicators/source/add/", typed())
    return Source.objects.get(code="new")


def mend(client, source):
    client.post(change_page(source), typed(title_vi="Báo cáo 310", read_version=source.version))
    source.refresh_from_db()
    return source.title_vi == "Báo cáo 310"


def test_a_clerk_mends_a_slip_in_a_source_of_their_own(client, own):
    assert mend(client, own)


def test_not_when_something_public_rests_on_it(client, own):
    make_figure(source=own)
    assert not mend(client, own)


def test_nor_a_source_of_somebody_else(client, clerk, unused):
    assert not mend(client, unused)

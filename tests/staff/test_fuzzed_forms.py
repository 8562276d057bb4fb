"""Every form, filter and upload takes whatever is typed, and answers with a page: never an error of the server."""

import io
import random
import zipfile

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import files
from tests.factories import make_figure, make_indicator, make_source, make_target
from tests.importing import csv_file, workbook
from tests.reading import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

bounded = settings(
    max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)

NASTY = [
    "", " ", "\x00", "a\x00b", "\r\nX-Evil: 1", "%0d%0aX-Evil: 1",
    "'", '"', "<script>alert(1)</script>", "{{7*7}}", "${7*7}", "../../etc/passwd",
    "=1+1", "-1", "0", "1e999", "NaN", "Infinity", "9" * 400, "٣",
    "²", "1.234,5,6", "31/02/2025", "9999-12-31", "0000-00-00", "true", "on", "[]",
    "{}", "null", "\ufeff", "\u202e", "\ud7ff", "é" * 3000,
    "//evil.example", "https://evil.example/", "javascript:alert(1)", "😀", "\x1b[0m", "1:1",
]  # fmt: skip
texts = st.sampled_from(NASTY) | st.text(max_size=40)


@pytest.fixture
def staff(admin_user):
    """A superuser, to whom every form is open; errors come back as pages."""
    indicator = make_indicator(code="growth", name_vi="Tăng trưởng")
    make_source(code="report")
    make_target(indicator=indicator)
    make_figure(indicator=indicator, state="submitted")
    client = Client(raise_request_exception=False)
    client.force_login(admin_user)
    return client


def calm(response):
    """No error of the server, nothing of its inside, no line of the visitor in the headers, no way to elsewhere."""
    body = b"".join(response)
    assert response.status_code < 500, response.status_code
    assert b"Traceback" not in body
    assert b"<script>alert(1)" not in body
    assert "X-Evil" not in response.headers
    assert not response.headers.get("Location", "").startswith(("//", "http", "javascript"))
    return True


def fields_of(client, address):
    """The names of all fields of the forms on a page."""
    page = read(client.get(address))
    named = [
        element["name"]
        for tag in ("input", "select", "textarea", "button")
        for element in page.all(tag)
        if "name" in element.attributes
    ]
    return sorted(set(named) - {"csrfmiddlewaretoken", "username"})


FORMS = [f"/admin/{model._meta.app_label}/{model._meta.model_name}/add/" for model in admin.site._registry]
FORMS += [
    "/admin/indicators/figure/sheet/?year=2026&months=9",
    "/admin/indicators/figure/queue/",
    "/admin/indicators/figure/import/",
]


@bounded
@given(data=st.data())
def test_a_form_takes_whatever_is_typed(staff, data):
    """Fields as the page has them, and nonsense in them."""
    address = data.draw(st.sampled_from(FORMS))
    response = staff.get(address)
    if response.status_code != 200:
        return  # nobody adds these
    names = fields_of(staff, address)
    sent = {name: data.draw(texts, name) for name in data.draw(st.lists(st.sampled_from(names), unique=True), "fields")}
    assert calm(staff.post(address, sent))


ADDRESSES = [
    "/",
    "/terms/2025/",
    "/terms/2025/present/",
    "/indicators/",
    "/indicators/growth/",
    "/embed/growth/",
    "/compare/",
    "/years/2025/",
    "/sectors/economy/",
    "/sources/",
    "/sources/report/",
    "/reports/",
    "/reports/figures.csv",
    "/reports/progress.csv",
    "/reports/missing.csv",
    "/reports/changes.csv",
    "/reports/terms/2025.xlsx",
    "/reports/terms/2025/print/",
    "/reports/terms/2025/text/",
    "/reports/package.zip",
    "/api/v1/figures",
    "/api/v1/targets",
    "/api/v1/progress",
    "/api/v1/changes",
    "/api/v1/changes.atom",
    "/api/v1/",
    "/sdmx/structure/dataflow",
    "/sdmx/data/dataflow/LANGSON/FIGURES",
    "/admin/indicators/figure/",
    "/admin/indicators/figure/completeness/",
    "/admin/indicators/figure/queue/",
    "/admin/indicators/figure/sheet/",
    "/admin/indicators/figure/import/template/",
    "/login/",
    "/admin/autocomplete/",
]
PARAMETERS = [
    "as_of",
    "sector",
    "status",
    "agency",
    "scope",
    "q",
    "counted",
    "show",
    "page",
    "term",
    "format",
    "lang",
    "y2026",
    "y2027",
    "growth",
    "sort",
    "limit",
    "offset",
    "since",
    "year",
    "month",
    "months",
    "asOf",
    "c[TIME_PERIOD]",
    "c[OBS_VALUE]",
    "references",
    "detail",
    "next",
    "check",
    "as",
    "indicator",
    "o",
    "p",
    "e",
    "through_month",
    "dimensionAtObservation",
]


@bounded
@given(query=st.dictionaries(st.sampled_from(PARAMETERS), texts, max_size=4), address=st.sampled_from(ADDRESSES))
def test_an_address_takes_whatever_is_asked(staff, public, query, address):
    for prefix in ("", "/en"):
        assert calm(staff.get(prefix + address, query))


@bounded
@given(parts=st.lists(texts, min_size=1, max_size=4))
@pytest.mark.parametrize(
    "place",
    ["/sdmx/data/dataflow/", "/sdmx/structure/", "/api/v1/figures/", "/indicators/", "/admin/indicators/figure/"],
)
def test_a_path_takes_whatever_stands_in_it(staff, public, place, parts):
    assert calm(staff.get(place + "/".join(parts)))


@bounded
@given(where=texts)
def test_no_form_of_the_door_leads_elsewhere(client, where):
    User.objects.get_or_create(username="hoa")
    sent = {"username": "hoa", "password": "wrong", "next": where}
    assert calm(client.post("/login/", sent, query_params={"next": where}))
    assert calm(client.get("/login/", {"next": where}))
    assert calm(client.post("/logout/", {"next": where}, query_params={"next": where}))


# --- files


def mutated(content, seed):
    """The file with some bytes changed, left out, doubled or cut off, the same for the same seed."""
    chance, changed = random.Random(seed), bytearray(content)
    for _change in range(chance.randint(1, 8)):
        place = chance.randrange(len(changed) or 1)
        kind = chance.choice(["change", "leave out", "double", "cut"])
        if kind == "change":
            changed[place : place + 1] = bytes([chance.randrange(256)])
        elif kind == "leave out":
            del changed[place : place + chance.randint(1, 20)]
        elif kind == "double":
            changed[place:place] = changed[place : place + 50]
        elif chance.random() < 0.3:
            del changed[place:]
    return bytes(changed)


TABLES = {"bang.csv": csv_file, "bang.xlsx": workbook}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("seed", range(15))
def test_a_table_that_was_damaged_on_the_way_is_told_about(staff, name, seed):
    content = TABLES[name]({}, {"Năm": "2020"}, {"Giá trị": "=1+1"}).read()
    upload = SimpleUploadedFile(name, mutated(content, seed))
    response = staff.post("/admin/indicators/figure/import/", {"file": upload})
    assert calm(response)
    if response.status_code == 302:
        assert calm(staff.get(response["Location"]))


@pytest.mark.parametrize("suffix", [".pdf", ".png", ".docx", ".xlsx"])
@pytest.mark.parametrize(
    "name", ["a", "../../a", "a\r\nX-Evil: 1", "a\x00", "“a”;filename=b", "=1+1", "ả" * 300, "." * 50]
)
def test_evidence_under_any_name_and_in_any_state_is_taken_or_refused(staff, settings, tmp_path, suffix, name):
    settings.MEDIA_ROOT = tmp_path
    figure = make_figure(year=2024, state="entered")
    page = f"/admin/indicators/figure/{figure.pk}/"
    for content in (files.file_of(suffix), mutated(files.file_of(suffix), len(name))):
        upload = SimpleUploadedFile("x", content)
        upload._name = name + suffix  # as no well-behaved program would send it
        assert calm(staff.post(f"{page}evidence/", {"files": upload}))
    for element in figure.evidence.all():
        key = str(element.file).rpartition("/")[2].partition(".")[0]
        assert calm(staff.get(f"{page}evidence/{key}/"))
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != "evidence"] == []


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + "a" * 100 + '"><!ENTITY b "' + "&a;" * 100 + '">]><x>&b;</x>'


@pytest.mark.parametrize(
    "part",
    ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "[Content_Types].xml"],
)
def test_a_workbook_with_entities_is_refused(staff, part):
    given_book, packed = workbook({}).read(), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(given_book)) as old, zipfile.ZipFile(packed, "w") as new:
        for element in old.namelist():
            new.writestr(element, BOMB if element == part else old.read(element))
        if part not in old.namelist():
            new.writestr(part, BOMB)
    response = staff.post(
        "/admin/indicators/figure/import/", {"file": SimpleUploadedFile("b.xlsx", packed.getvalue())}, follow=True
    )
    assert calm(response)

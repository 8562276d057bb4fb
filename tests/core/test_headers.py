"""Every kind of answer carries the headers that keep browsers from doing what none of our pages asks for."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from tests.factories import make_figure, make_indicator, make_target

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
KINDS = {
    "a page": ("/", 200),
    "a page in English": ("/en/method/", 200),
    "a page to be printed": ("/reports/terms/2025/print/", 200),
    "the projector": ("/terms/2025/present/", 200),
    "a chart to be framed": ("/embed/growth/", 200),
    "the admin": ("/admin/", 200),
    "a form of the admin": ("/admin/indicators/figure/add/", 200),
    "the entry sheet": ("/admin/indicators/figure/sheet/", 200),
    "a download": ("/reports/figures.csv", 200),
    "a workbook": ("/reports/terms/2025.xlsx", 200),
    "the package": ("/reports/package.zip", 200),
    "the API": ("/api/v1/figures", 200),
    "the page of the API": ("/api/v1/", 200),
    "a problem of the API": ("/api/v1/nowhere", 404),
    "SDMX": ("/sdmx/structure/dataflow", 200),
    "health": ("/healthz", 200),
    "a redirect": ("/favicon.ico", 301),
    "nothing": ("/nowhere/", 404),
    "nonsense": ("/sources/?as_of=x", 400),
    "a static file": ("/static/img/mark.svg", 200),
}


@pytest.fixture
def visitor(public, settings, admin_user):
    """Somebody who may see everything; static files come from their sources."""
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    indicator = make_indicator(code="growth")
    make_target(indicator=indicator)
    make_figure(indicator=indicator)
    client = Client()
    client.force_login(admin_user)
    return client


def policy(response):
    """The Content-Security-Policy as a dictionary."""
    parts = [part.split() for part in response["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in parts}


@pytest.mark.parametrize(("address", "status"), KINDS.values(), ids=KINDS)
def test_every_answer_carries_the_headers(visitor, address, status):
    response = visitor.get(address)
    assert response.status_code == status
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert "geolocation=()" in response["Permissions-Policy"]
    found = policy(response)
    assert found["default-src"] == ["'none'"]
    assert found["script-src"] == found["connect-src"] == found["font-src"] == ["'self'"]
    assert found["frame-src"] == found["manifest-src"] == found["object-src"] == ["'none'"]
    assert "unsafe" not in response["Content-Security-Policy"]


PUBLIC = {"the API", "a problem of the API", "SDMX"}


@pytest.mark.parametrize(("name", "address"), [(name, address) for name, (address, _status) in KINDS.items()])
def test_other_sites_may_load_what_is_meant_for_them_and_nothing_else(visitor, name, address):
    meant = "cross-origin" if name in PUBLIC else "same-origin"
    assert visitor.get(address)["Cross-Origin-Resource-Policy"] == meant


def test_a_closed_interface_is_for_this_site_alone(visitor, settings):
    settings.PUBLIC_DASHBOARD = False
    response = visitor.get("/api/v1/figures")
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in response


def test_a_chart_for_named_sites_may_be_loaded_by_them(visitor, settings):
    settings.EMBED_ORIGINS = ["https://langson.gov.vn"]
    response = visitor.get("/embed/growth/")
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert policy(response)["frame-ancestors"] == ["https://langson.gov.vn"]
    assert policy(response)["default-src"] == ["'none'"]


def test_a_page_that_must_not_be_framed_says_so_twice(visitor):
    for name in ("a page", "the admin", "nothing", "a download"):
        response = visitor.get(KINDS[name][0])
        assert response["X-Frame-Options"] == "DENY"
        assert policy(response)["frame-ancestors"] == ["'none'"]


SHOWN = """
import json, lanson.settings as s
names = ["SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
told = {name: getattr(s, name) for name in names}
print(json.dumps(told | {"upgrade": s.CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"]}))
"""


@pytest.mark.parametrize("https", ["on", "off"])
def test_https_is_insisted_on_where_there_is_https(https):
    done = subprocess.run(
        [sys.executable, "-c", SHOWN],
        env=os.environ | {"DEBUG": "on", "HTTPS": https}, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert all(told.values()) if https == "on" else not any(told.values())


def test_an_answer_by_https_tells_browsers_to_stay_there(public, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    response = Client().get("/method/", secure=True)
    assert response["Strict-Transport-Security"].startswith("max-age=31536000")

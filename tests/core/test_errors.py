"""What goes wrong is answered with a designed page in the reader's language, never with a traceback."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.test import Client, override_settings
from django.urls import path

from indicators.workflow import Refused
from lanson import urls
from tests.factories import make_target
from tests.reading import content, read, see

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _open(public, today):
    """Errors look the same on a closed dashboard, once one is logged in."""


# --- what a visitor asks for that is not there, or not understood


@pytest.mark.parametrize("address", ["terms/1999/", "indicators/none/", "sources/none/", "nowhere/"])
def test_an_unknown_page_is_a_designed_404_in_both_languages(client, address):
    assert see(client, f"/{address}", 404).one("h1").text == "Không có trang này"
    assert see(client, f"/en/{address}", 404).one("h1").text == "There is no such page"


def test_a_404_leads_on(client):
    links = {link["href"] for link in see(client, "/terms/1999/", 404).one(id="main").all("a")}
    assert links == {"/", "/indicators/"}


def test_an_unknown_term_of_a_download_is_a_404(client):
    assert client.get("/reports/progress.csv?term=1999").status_code == 404


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("as_of=31/02/2025", "“31/02/2025” không phải là ngày. Hãy viết 2020-09-27 hoặc 27/09/2020."),
        ("as_of=2026-11-23", "2026-11-23 là ngày trong tương lai; hôm nay chưa thể biết khi đó có số gì."),
        ("as_of=99999999-01-01", "“99999999-01-01” không phải là ngày. Hãy viết 2020-09-27 hoặc 27/09/2020."),
    ],
)
@pytest.mark.parametrize("page", ["indicators/", "sources/"])
def test_a_day_that_cannot_be_is_a_400_told_beside_the_field_on_the_page_of_today(client, page, query, told):
    make_target()
    found = see(client, f"/{page}?{query}", 400)
    assert found.one("h1").text == see(client, f"/{page}").one("h1").text
    form = found.one("form", class_="as-of")
    assert form.one(id="day-error").text == told
    assert form.one("input", name="as_of")["value"] == query.removeprefix("as_of=")
    assert "as_of" not in " ".join(link["href"] for link in found.one(id="main").all("a"))


def test_a_file_of_a_day_that_cannot_be_is_a_400(client):
    assert see(client, "/reports/progress.csv?as_of=2026-11-23", 400).one("h1").text == "Ngày không hợp lệ"


def test_a_400_speaks_english_too(client):
    make_target()
    page = see(client, "/en/terms/2025/?as_of=2026-11-23", 400)
    assert "2026-11-23 lies in the future" in page.text


@pytest.mark.parametrize("query", ["status=great", "scope=month", "term=abc", "format=doc"])
def test_a_value_nobody_knows_is_a_400_that_names_those_that_are_known(client, query):
    response = client.get(f"/reports/progress.csv?{query}")
    assert response.status_code == 400
    assert query.partition("=")[2] in content(response)


def test_what_was_asked_for_is_repeated_as_text_and_never_as_markup(client):
    response = client.get("/sources/?as_of=<script>alert(1)</script>")
    assert response.status_code == 400
    assert "<script>alert" not in content(response)


def test_today_is_the_day_in_lang_son(client, time_machine):
    time_machine.move_to("2026-11-22T18:30+00:00")  # already the 23rd there
    assert client.get("/sources/?as_of=2026-11-23").status_code == 200
    assert client.get("/sources/?as_of=2026-11-24").status_code == 400


# --- what goes wrong inside


def failing(error):
    """Addresses of the project with one that fails."""

    def view(request):
        raise error

    view.login_required = False

    class Broken:
        urlpatterns = [path("broken/", view), path("en/broken/", view), *urls.urlpatterns]
        handler400, handler403 = urls.handler400, urls.handler403
        handler404, handler500 = urls.handler404, urls.handler500

    return Broken


@pytest.fixture
def visitor():
    """A client that gets the page of an error instead of the error."""
    return Client(raise_request_exception=False)


@pytest.mark.django_db
def test_a_refusal_is_told_in_its_own_words_and_any_other_in_none(visitor):
    with override_settings(ROOT_URLCONF=failing(Refused("This figure is <waiting> for approval."))):
        page = visitor.get("/broken/")
    assert page.status_code == 403
    assert "This figure is &lt;waiting&gt; for approval." in page.text
    with override_settings(ROOT_URLCONF=failing(PermissionDenied("secret detail"))):
        page = visitor.get("/broken/")
    assert page.status_code == 403
    assert "secret detail" not in page.text
    assert "không có quyền" in page.text


@pytest.mark.parametrize(
    ("error", "status", "vietnamese", "english"),
    [
        (ZeroDivisionError("secret detail"), 500, "Đã xảy ra lỗi", "Something went wrong here"),
        (OperationalError("secret detail"), 503, "Cơ sở dữ liệu tạm thời không trả lời", "The database is away"),
        (OSError(errno.ENOSPC, "secret detail"), 507, "Không còn chỗ trống", "There is no room left"),
    ],
)
def test_a_failure_is_told_without_its_details(visitor, error, status, vietnamese, english):
    with override_settings(ROOT_URLCONF=failing(error)):
        pages = [visitor.get("/broken/"), visitor.get("/en/broken/")]
    assert [page.status_code for page in pages] == [status, status]
    assert [read(page).one("h1").text for page in pages] == [vietnamese, english]
    assert not any("secret" in content(page) or "Traceback" in content(page) for page in pages)


def test_the_page_of_a_failure_needs_no_database(visitor, django_assert_num_queries):
    with override_settings(ROOT_URLCONF=failing(ZeroDivisionError())), django_assert_num_queries(0):
        visitor.get("/broken/")


# --- the database is away, for real

PROBE = """
import json, django
django.setup()
from django.test import Client
from django.test.utils import setup_test_environment
setup_test_environment()
from django.conf import settings
settings.DEBUG = False
visitor, reader = Client(raise_request_exception=False), Client(raise_request_exception=False)
reader.cookies["sessionid"] = "a" * 32
answers = {}
for address in ["/healthz", "/", "/en/terms/2025/", "/reports/figures.csv", "/reports/progress.csv", "/admin/"]:
    for who, client in [("visitor", visitor), ("reader", reader)]:
        response = client.get(address)
        answers[who + " " + address] = [response.status_code, b"".join(response).decode()]
print(json.dumps(answers))
"""


@pytest.fixture(scope="module", params=["a folder for a file", "a closed port"])
def without_database(request, tmp_path_factory):
    """What the project answers a visitor and one who was logged in when its database is not there."""
    folder = tmp_path_factory.mktemp("database")
    url = f"sqlite:///{folder}" if request.param == "a folder for a file" else "postgresql://nobody:x@127.0.0.1:9/none"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "lanson.settings",
        "DATABASE_URL": url,
        "DEBUG": "on",
        "PUBLIC_DASHBOARD": "on",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROBE], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_health_is_bad_when_the_database_is_away(without_database):
    status, text = without_database["visitor /healthz"]
    assert (status, json.loads(text)) == (503, {"status": "database unavailable"})


def test_everything_else_says_that_the_database_is_away(without_database):
    others = {address: answer for address, answer in without_database.items() if address != "visitor /healthz"}
    admin_login = others.pop("visitor /admin/")
    assert admin_login[0] == 302
    for address, (status, text) in others.items():
        heading = "The database is away" if "/en/" in address else "Cơ sở dữ liệu tạm thời không trả lời"
        assert (status, f"<h1>{heading}</h1>" in text) == (503, True), address
        assert "Traceback" not in text
        assert "OperationalError" not in text


def test_health_is_good_when_the_database_answers(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]

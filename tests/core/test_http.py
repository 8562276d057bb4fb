"""Who may see what: every view decides, and the dashboard opens only where PUBLIC_DASHBOARD says so."""

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.urls import URLPattern, get_resolver, path, reverse

from lanson import urls
from tests.factories import make_figure, make_indicator, make_source, make_target
from tests.reading import read, see

pytestmark = pytest.mark.django_db

DASHBOARD = [
    "/",
    "/terms/2025/",
    "/indicators/",
    "/indicators/growth/",
    "/sources/",
    "/sources/report/",
    "/reports/",
    "/method/",
    "/reports/figures.csv",
    "/reports/targets.csv",
    "/reports/progress.csv",
    "/reports/aggregates.csv",
    "/reports/comparisons.csv",
    "/reports/official_results.csv",
    "/reports/changes.csv",
    "/reports/terms/2025.xlsx",
    "/reports/years/2025.xlsx",
    "/reports/package.zip",
    "/reports/terms/2025/print/",
    "/reports/terms/2025/text/",
    "/reports/years/2025/print/",
]
STAFF = ["/admin/", "/admin/indicators/figure/", "/admin/indicators/figure/add/"]


@pytest.fixture(autouse=True)
def figures():
    make_source(code="report")
    indicator = make_indicator(code="growth")
    make_target(indicator=indicator)
    make_figure(indicator=indicator)


@pytest.fixture
def reader(client):
    """A client who is logged in and may do nothing more."""
    client.force_login(User.objects.create_user("reader"))
    return client


def in_both_languages(addresses):
    """The pages again under /en/; downloads have no language in their address."""
    return addresses + [f"/en{address}" for address in addresses if "." not in address]


@pytest.mark.parametrize("address", in_both_languages(DASHBOARD))
def test_a_closed_dashboard_asks_for_a_login_and_remembers_the_way(client, address):
    response = client.get(address)
    login = "/en/login/" if address.startswith("/en/") else "/login/"
    assert (response.status_code, response["Location"]) == (302, f"{login}?next={address}")


def test_the_login_page_remembers_filters_too(client):
    response = client.get("/terms/2025/?sector=economy&as_of=2024-01-31")
    assert response["Location"].endswith("?next=/terms/2025/%3Fsector%3Deconomy%26as_of%3D2024-01-31")


@pytest.mark.parametrize("address", in_both_languages(DASHBOARD))
def test_an_open_dashboard_answers_everybody(client, public, address):
    response = client.get(address)
    assert response.status_code == 200
    assert b"".join(response)


@pytest.mark.parametrize("address", DASHBOARD)
def test_a_closed_dashboard_answers_those_who_are_logged_in(reader, address):
    response = reader.get(address)
    assert response.status_code == 200
    assert b"".join(response)


@pytest.mark.parametrize("address", in_both_languages(STAFF))
def test_an_open_dashboard_does_not_open_the_staff_pages(client, public, address):
    response = client.get(address)
    assert response.status_code == 302
    assert "/login/" in response["Location"]


@pytest.mark.parametrize("address", STAFF)
def test_a_reader_does_not_get_into_the_staff_pages(reader, address):
    response = reader.get(address)
    assert response.status_code in (302, 403)
    assert response.status_code == 403 or "/admin/login/" in response["Location"]


@pytest.mark.parametrize("address", ["/nowhere/", "/terms/1999/", "/indicators/none/", "/reports/none.csv"])
def test_a_closed_dashboard_does_not_tell_what_exists(client, address):
    """Not even with a 404 for an indicator that is not there."""
    response = client.get(address)
    unknown_address = address in ("/nowhere/", "/reports/none.csv")
    assert response.status_code == (404 if unknown_address else 302)


def test_health_needs_no_login(client):
    assert client.get("/healthz").status_code == 200


# --- every view decides


def views(patterns, prefix=""):
    """Every view of the project with its address, below the patterns; those of the admin guard themselves."""
    for one in patterns:
        address = prefix + str(one.pattern)
        if isinstance(one, URLPattern):
            yield address, one.callback
        elif one.app_name != "admin":
            yield from views(one.url_patterns, address)


def test_the_walk_finds_every_view():
    names = {address for address, _view in views(get_resolver().url_patterns)}
    assert {"healthz", "reports/figures.csv", "terms/<int:last_year>/", "login/", "logout/"} <= names
    assert len(names) >= 14


def test_every_view_decides_who_may_see_it():
    """LoginRequiredMiddleware closes a view that forgets; but a view is to say so: `dashboard`, `signed_in_only`, or
    Django's decorator."""
    undecided = [address for address, view in views(get_resolver().url_patterns) if not hasattr(view, "login_required")]
    assert undecided == []


# /metrics is not there at all unless METRICS is on, and then for one token or this machine.
OPEN = {"/healthz", "/readyz", "/metrics", "/favicon.ico", "/login/", "/logout/", "/admin/login/"}
# A program is not led to a login.
FOR_MACHINES = ("api/", "sdmx/")


def test_only_health_and_the_login_are_open_when_the_dashboard_is_closed(client):
    """A new kind of address has to be given an example here."""
    known = {
        "<int:last_year>": "2025",
        "indicators/<slug:code>": "indicators/growth",
        "<int:year>": "2026",
        "sources/<slug:code>": "sources/report",
        "sectors/<slug:code>": "sectors/economy",
        "agencies/<slug:code>": "agencies/finance",
        "embed/<slug:code>": "embed/growth",
        "<int:pk>": "1",
        "evidence/<slug:key>": "evidence/0",
        "<slug:role>": "clerk",
    }
    for address, _view in views(get_resolver().url_patterns):
        for pattern, example in known.items():
            address = address.replace(pattern, example)
        response = client.get(f"/{address}")
        if address.startswith(FOR_MACHINES) and address != "api/v1/":
            assert response.status_code == 401
        elif f"/{address}" not in OPEN:
            assert (response.status_code, response["Location"]) == (302, f"/login/?next=/{address}")


def test_a_view_that_forgets_is_closed(client, public, settings):
    class Forgetful:
        urlpatterns = [*urls.urlpatterns, path("forgetful/", lambda request: HttpResponse("secret"))]

    settings.ROOT_URLCONF = Forgetful
    assert client.get("/forgetful/").status_code == 302


# --- logging in and out


@pytest.fixture
def user():
    return User.objects.create_user("hoa", password="mat-khau-dai")


def log_in(client, after="", password="mat-khau-dai"):
    return client.post(f"/login/?next={after}", {"username": "hoa", "password": password, "next": after})


def test_a_login_leads_back_to_where_one_came_from(client, user):
    response = log_in(client, "/terms/2025/?sector=economy")
    assert (response.status_code, response["Location"]) == (302, "/terms/2025/?sector=economy")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/\\evil.example",
        "http:///evil",
    ],
)
def test_a_login_never_leads_to_another_origin(client, user, elsewhere):
    assert log_in(client, elsewhere)["Location"] == "/"


def test_a_wrong_password_is_told_in_words(client, user):
    response = log_in(client, password="wrong")
    assert response.status_code == 200
    (told,) = [one.text for one in read(response).all("p", role="alert")]
    assert told.startswith("Tên đăng nhập hoặc mật khẩu không đúng.")


def test_the_login_page_is_ours_and_carries_our_name(client):
    page = see(client, "/login/?next=/terms/2025/")
    assert page.one("a", class_="brand").text == "Chỉ tiêu Lạng Sơn"
    assert page.one("input", name="next")["value"] == "/terms/2025/"


def test_logging_out_closes_the_dashboard_again(reader):
    assert reader.post(reverse("logout")).status_code == 302
    assert reader.get("/").status_code == 302


def test_a_link_alone_does_not_log_out(reader):
    assert reader.get(reverse("logout")).status_code == 405

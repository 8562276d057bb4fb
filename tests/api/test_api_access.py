"""Who may read the interfaces for machines, how often, and what nobody may read there; what is fresh is not sent again."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from indicators.models import ApiToken, State
from tests.factories import make_agency, make_figure, make_indicator, make_person, make_source, make_target
from tests.reading import content, see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

FLOW = "/sdmx/data/dataflow/LANGSON/FIGURES/1.0.0"
MACHINES = [
    "/api/v1/figures",
    "/api/v1/progress",
    "/api/v1/changes",
    "/api/v1/changes.atom",
    "/api/v1/openapi.json",
    f"{FLOW}/*",
    "/sdmx/structure/dataflow",
]


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def growth():
    indicator = make_indicator(code="growth", kind="rate")
    make_target(indicator=indicator, basis="average")
    make_figure(indicator=indicator, value="6.5")
    return indicator


def token(name="Trung tâm điều hành"):
    """A stored token's secret, as a header."""
    made, secret = ApiToken.issue(name)
    made.save()
    return {"authorization": f"Bearer {secret}"}


# --- who


@pytest.mark.parametrize("address", [*MACHINES, "/api/v1/nowhere", "/sdmx/nowhere"])
def test_a_closed_dashboard_asks_who_is_there(client, growth, address):
    response = client.get(address)
    if "nowhere" in address:
        assert response.status_code in (401, 404)
    else:
        assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("address", MACHINES)
def test_a_token_or_a_session_opens_it(client, growth, address):
    assert client.get(address, headers=token()).status_code == 200
    client.force_login(make_person(is_staff=False))
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", MACHINES)
def test_an_open_dashboard_answers_everybody(client, public, growth, address):
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("words", ["Bearer nonsense", "Bearer ", "bearer lst_x"])
def test_a_wrong_token_is_refused_even_where_none_is_needed(client, public, words):
    assert client.get("/api/v1/figures", headers={"authorization": words}).status_code == 401


def test_a_token_opens_nothing_else(client, growth):
    header = token()
    for address in ("/", "/reports/figures.csv", "/admin/"):
        assert client.get(address, headers=header).status_code == 302


def test_a_revoked_token_is_refused_at_once(client):
    header = token()
    assert client.get("/api/v1/sectors", headers=header).status_code == 200
    made = ApiToken.objects.get()
    made.active = False
    made.save()
    assert client.get("/api/v1/sectors", headers=header).status_code == 401


def test_the_day_of_the_last_use_is_kept_without_a_version(client):
    client.get("/api/v1/sectors", headers=token())
    made = ApiToken.objects.get()
    assert (made.last_used_on, made.version, made.history.count()) == (date(2026, 11, 22), 1, 1)


# --- tokens are made by staff


@pytest.fixture
def keeper(client):
    client.force_login(make_person(rights=["add_apitoken", "change_apitoken", "view_apitoken"]))
    return client


def test_the_secret_is_shown_once_and_kept_nowhere(keeper):
    response = keeper.post(reverse("admin:indicators_apitoken_add"), {"name": "IOC", "active": "on"})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    made = ApiToken.objects.get()
    page = content(response)
    secret = page.split('id="secret" value="')[1].split('"')[0]
    assert Client().get("/api/v1/sectors", headers={"authorization": f"Bearer {secret}"}).status_code == 200
    assert secret not in str(ApiToken.objects.values())
    address = reverse("admin:indicators_apitoken_change", args=[made.pk])
    assert secret not in content(keeper.get(address))
    assert made.digest not in content(keeper.get(address))


def test_a_token_is_revoked_on_its_page_and_never_deleted(keeper):
    made, _secret = ApiToken.issue("IOC")
    made.save()
    address = reverse("admin:indicators_apitoken_change", args=[made.pk])
    keeper.post(address, {"name": "IOC", "read_version": made.version})
    assert not ApiToken.objects.get().active
    assert keeper.post(reverse("admin:indicators_apitoken_delete", args=[made.pk]), {"post": "yes"}).status_code == 403


def test_clerks_and_approvers_make_no_tokens(client):
    for group in ("Nhập liệu", "Duyệt số liệu", "Xem"):
        client.force_login(make_person(groups=[group]))
        assert client.get(reverse("admin:indicators_apitoken_add")).status_code == 403


# --- what nobody may read


ROLES = {
    "everybody": {},
    "clerk of the agency": {"groups": ["Nhập liệu"]},
    "approver": {"groups": ["Duyệt số liệu"]},
    "administrator": {"groups": ["Quản trị chỉ tiêu"]},
    "superuser": {"is_superuser": True},
}
HIDDEN = [State.ENTERED, State.SUBMITTED, State.RETURNED]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", HIDDEN)
def test_a_figure_that_is_not_approved_is_in_no_answer(client, public, growth, role, state):
    agency = make_agency(code="finance")
    secret = make_indicator(code="secret", agency=agency)
    figure = make_figure(indicator=secret, value="987.6543", state=state, note="đừng đọc")
    if rights := ROLES[role]:
        client.force_login(make_person(agency=agency, **rights))
    for address in (
        "/api/v1/figures",
        "/api/v1/figures?indicator=secret",
        "/api/v1/figures?in_force=false",
        "/api/v1/figures?as_of=2026-11-22",
        "/api/v1/progress",
        "/api/v1/changes?since=2020-01-01",
        "/api/v1/changes.atom?since=2020-01-01",
        f"{FLOW}/*",
        f"{FLOW}/*?format=csv",
    ):
        text = content(client.get(address))
        assert "987.6543" not in text
        assert "đừng đọc" not in text
    assert client.get(f"/api/v1/figures/{figure.pk}").status_code == 404
    assert client.get(f"/api/v1/figures/{figure.pk}?as_of=2026-11-22").status_code == 404
    assert client.get(f"{FLOW}/A.secret").status_code == 404


def test_a_figure_to_be_published_later_is_not_told_before(client, public):
    tomorrow = date(2026, 11, 22) + timedelta(days=1)
    figure = make_figure(published_on=tomorrow, value="987.6543")
    for address in (f"/api/v1/figures/{figure.pk}", f"{FLOW}/*"):
        assert client.get(address).status_code == 404
    assert client.get(f"/api/v1/figures?as_of={tomorrow}").status_code == 400
    assert "987.6543" not in content(client.get("/api/v1/changes?since=2020-01-01"))


def test_what_was_approved_and_taken_back_is_gone_on_every_day(client, public):
    figure = make_figure(value="987.6543")
    figure.state = State.RETURNED
    figure.save()
    assert client.get(f"/api/v1/figures/{figure.pk}?as_of=2025-01-01").status_code == 404
    assert client.get(f"{FLOW}/*?asOf=2025-01-01").status_code == 404


def test_nobody_is_named(client, public, django_user_model):
    person = make_person("nguyen-van-a", first_name="Nguyễn Văn", last_name="A")
    figure = make_figure(source=make_source(code="other"))
    figure._history_user = person
    figure.note = "đã sửa"
    figure.save()
    text = content(client.get("/api/v1/changes?since=2020-01-01")) + content(client.get("/api/v1/changes.atom"))
    assert "đã sửa" in text
    assert "nguyen-van-a" not in text
    assert "Nguyễn Văn" not in text


# --- how often


def test_too_many_requests_are_told_when_to_come_again(client, public, settings):
    settings.API_PER_MINUTE = 3
    statuses = [client.get("/api/v1/sectors").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    response = client.get("/sdmx/structure/dataflow")
    assert (response.status_code, response["Content-Type"]) == (429, "application/problem+json")
    assert 0 < int(response["Retry-After"]) <= 60


def test_the_next_minute_begins_anew(client, public, settings, time_machine):
    settings.API_PER_MINUTE = 1
    assert [client.get("/api/v1/sectors").status_code for _ in range(2)] == [200, 429]
    time_machine.shift(60)
    assert client.get("/api/v1/sectors").status_code == 200


def test_each_token_and_each_address_counts_for_itself(client, public, settings):
    settings.API_PER_MINUTE = 1
    one, other = token("one"), token("other")
    assert [client.get("/api/v1/sectors", headers=header).status_code for header in (one, other, one)] == [
        200,
        200,
        429,
    ]
    assert client.get("/api/v1/sectors", REMOTE_ADDR="10.0.0.1").status_code == 200
    assert client.get("/api/v1/sectors", REMOTE_ADDR="10.0.0.2").status_code == 200
    assert client.get("/api/v1/sectors", REMOTE_ADDR="10.0.0.1").status_code == 429


def test_the_address_behind_a_proxy_is_the_one_the_proxy_saw(client, public, settings):
    settings.API_PER_MINUTE, settings.PROXIES = 1, 1

    def status(seen):
        return client.get("/api/v1/sectors", headers={"x-forwarded-for": seen}).status_code

    # What the client itself claims stands further left.
    assert [status("1.1.1.1, 5.5.5.5"), status("2.2.2.2, 6.6.6.6"), status("9.9.9.9, 5.5.5.5")] == [200, 200, 429]


def test_without_proxies_nobody_chooses_an_address(client, public, settings):
    settings.API_PER_MINUTE = 1
    statuses = [client.get("/api/v1/sectors", headers={"x-forwarded-for": f"1.1.1.{n}"}).status_code for n in range(2)]
    assert statuses == [200, 429]


def test_a_cache_that_is_away_refuses_nobody(client, public, monkeypatch):
    def away(*_args, **_options):
        raise ConnectionError

    monkeypatch.setattr(type(cache._connections["default"]), "incr", away)
    assert client.get("/api/v1/sectors").status_code == 200


# --- what is fresh


@pytest.mark.parametrize("address", MACHINES)
def test_what_did_not_change_is_not_sent_again(client, public, growth, address, django_assert_num_queries):
    tag = client.get(address)["ETag"]
    with django_assert_num_queries(1):
        response = client.get(address, headers={"if-none-match": tag})
    assert (response.status_code, response.content, response["ETag"]) == (304, b"", tag)


def test_every_save_makes_the_answer_fresh(client, public, growth):
    def tag():
        return client.get("/api/v1/progress")["ETag"]

    tags = [tag()]
    figure = growth.figures.get()
    for step in (
        lambda: growth.save(),
        lambda: figure.save(),
        lambda: make_source(code="another"),
        lambda: growth.targets.get().save(),
        lambda: figure.delete(),
    ):
        step()
        tags.append(tag())
    assert len(set(tags)) == len(tags)


def test_a_new_day_a_new_language_and_another_address_have_tags_of_their_own(client, public, growth, time_machine):
    tags = [
        client.get("/api/v1/figures")["ETag"],
        client.get("/api/v1/figures?limit=1")["ETag"],
        client.get("/api/v1/figures", headers={"accept-language": "en"})["ETag"],
        client.get(f"{FLOW}/*", headers={"accept": "text/csv"})["ETag"],
        client.get(f"{FLOW}/*")["ETag"],
    ]
    time_machine.shift(timedelta(days=1))
    tags.append(client.get("/api/v1/figures")["ETag"])
    assert len(set(tags)) == len(tags)


def test_a_problem_has_no_tag(client, public):
    assert "ETag" not in client.get("/api/v1/figures?limit=0")


def test_the_head_alone_is_answered_as_the_whole(client, public, growth):
    whole, head = client.get("/api/v1/figures"), client.head("/api/v1/figures")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", whole["ETag"])


# --- other sites


def test_pages_of_other_sites_may_read_what_is_public(client, public):
    response = client.options("/api/v1/figures", headers={"origin": "https://elsewhere.vn"})
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (204, "*")
    assert client.get("/api/v1/figures")["Access-Control-Allow-Origin"] == "*"
    assert client.get("/api/v1/figures")["Cache-Control"] == "no-cache"


def test_pages_of_other_sites_may_not_read_what_is_closed(client):
    response = client.get("/api/v1/figures", headers=token() | {"origin": "https://elsewhere.vn"})
    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response
    assert response["Cache-Control"] == "private, no-cache"


# --- the page to try it


def test_the_page_offers_a_form_for_every_list(client, public):
    page = see(client, "/api/v1/")
    assert {"/api/v1/figures", "/api/v1/progress", "/api/v1/changes.atom"} <= {
        record["action"] for record in page.all("form", class_="filters")
    }
    assert page.one("html")["lang"] == "vi"
    assert see(client, "/api/v1/?lang=en").one("h1").text == "For other systems"


def test_the_page_is_closed_where_the_dashboard_is(client):
    assert client.get("/api/v1/")["Location"] == "/login/?next=/api/v1/"

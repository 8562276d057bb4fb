"""An answer is worked out once after each change: kept for the next reader, told apart by what it depends on, never too old."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from time import sleep

import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse

from indicators.dashboard import page_cache
from indicators.models import Agency, DataVersion, Explanation, Figure, Indicator, Source
from indicators.models.data_version import watched
from tests.factories import make_figure, make_indicator, make_target, new_figure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "public")]

PAGE = "/indicators/growth/"


@pytest.fixture
def growth():
    """An indicator with a figure and a target, so that its page has a chart."""
    indicator = make_indicator(code="growth", decimals=1)
    make_figure(indicator=indicator, value="6.5", year=2024)
    make_figure(indicator=indicator, value="7.5", year=2025)
    make_target(indicator=indicator)
    return indicator


def policy(response):
    return response["Content-Security-Policy"]


def nonce_in(text):
    return re.search(r'nonce="([^"]+)"', text)[1]


def make_user(name, *permissions, **fields):
    user = User.objects.create_user(name, password="mat-khau-dai", **fields)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


# --- the stamp


def test_every_write_sets_another_stamp_also_one_that_goes_past_the_models(growth):
    stamps = [DataVersion.objects.current()]
    for write in (
        lambda: growth.save(),
        lambda: Figure.objects.filter(year=2025).update(note="x"),
        lambda: Figure.objects.filter(year=2025).delete(),
        lambda: Agency.objects.bulk_create([Agency(code="a", name_vi="A")]),
    ):
        write()
        stamps.append(DataVersion.objects.current())
    assert len(set(stamps)) == len(stamps)


def test_a_draft_leaves_the_stamp_whatever_happens_to_it(growth):
    before = DataVersion.objects.current()
    draft = make_figure(indicator=growth, source=Source.objects.first(), year=2026, state="entered")
    draft.note = "x"
    draft.save()
    Figure.objects.filter(pk=draft.pk).update(state="submitted")
    Figure.objects.filter(pk=draft.pk).update(state="returned")
    Figure.objects.filter(pk=draft.pk).delete()
    assert DataVersion.objects.current() == before


@pytest.mark.parametrize(
    ("state", "change"),
    [
        ("submitted", {"state": "approved"}),
        ("approved", {"state": "returned"}),
        ("approved", {"value": "1"}),
        ("approved", {"published_on": "2026-02-02"}),
        ("approved", {"being_corrected": True, "state": "returned"}),
        ("approved", None),
    ],
)
def test_whatever_touches_an_approved_figure_sets_another_stamp(growth, state, change):
    figure = make_figure(indicator=growth, source=Source.objects.first(), year=2026, state=state)
    before = DataVersion.objects.current()
    one = Figure.objects.filter(pk=figure.pk)
    one.delete() if change is None else one.update(**change)
    assert DataVersion.objects.current() != before


def test_an_approved_figure_that_comes_in_among_drafts_sets_another_stamp(growth):
    before = DataVersion.objects.current()
    make = partial(new_figure, indicator=growth, source=Source.objects.first())
    Figure.objects.bulk_create([make(year=2022, state="entered"), make(year=2023, state="approved")])
    assert DataVersion.objects.current() != before


def test_what_is_read_sets_no_stamp(growth):
    before = DataVersion.objects.current()
    list(Figure.objects.all())
    User.objects.create_user("hoa")
    assert DataVersion.objects.current() == before


def test_a_change_that_is_taken_back_leaves_the_stamp(growth):
    before = DataVersion.objects.current()
    with transaction.atomic():
        growth.save()
        transaction.set_rollback(True)
    assert DataVersion.objects.current() == before


def test_explanations_are_watched_and_tokens_are_not():
    names = {model._meta.model_name for model in watched()}
    assert {"figure", "target", "explanation", "deadline", "assignment"} <= names
    assert not names & {"apitoken", "membership"}
    assert Explanation in watched()


def test_old_stamps_are_cleared_away(growth):
    if connection.vendor == "sqlite":
        growth.save()
        assert DataVersion.objects.count() == 1
        return
    DataVersion.objects.update(made_at="2020-01-01T00:00:00Z")
    growth.save()
    assert not DataVersion.objects.filter(made_at__year=2020).exists()
    assert DataVersion.objects.exists()


# --- what is kept


def test_a_kept_page_is_the_page(client, growth):
    first, second = client.get(PAGE), client.get(PAGE)
    assert nonce_in(first.text) != nonce_in(second.text)
    assert first.text.replace(nonce_in(first.text), "") == second.text.replace(nonce_in(second.text), "")
    assert first["Content-Type"] == second["Content-Type"]


def test_a_kept_page_goes_with_the_nonce_of_its_own_policy(client, growth):
    client.get(PAGE)
    response = client.get(PAGE)
    assert f"'nonce-{nonce_in(response.text)}'" in policy(response)


def test_a_save_shows_at_once(client, growth):
    assert "7,7" not in client.get(PAGE).text
    figure = growth.figures.get(year=2025)
    figure.value = "7.7"
    figure.save()
    assert "7,7" in client.get(PAGE).text


def test_languages_and_filters_are_kept_apart(client, growth):
    asked = [f"{place}/compare/{query}" for place in ("", "/en") for query in ("", "?as_of=2025-01-01")]
    pages = [client.get(address).text for address in asked]
    assert [client.get(address).text for address in asked] == pages
    assert len(set(pages)) == 4


def test_the_page_of_the_api_is_kept_in_the_language_it_was_asked_in(client, growth):
    told = [client.get("/api/v1/", headers={"accept-language": item}).text for item in ("vi", "en", "vi", "en")]
    assert told[:2] == told[2:]
    assert told[0] != told[1]


def test_the_next_day_is_another_question(client, growth, time_machine):
    tag = client.get(PAGE)["ETag"]
    time_machine.shift(timedelta(days=1))
    assert client.get(PAGE)["ETag"] != tag


def test_nobody_gets_the_page_of_somebody_else(client, growth):
    visitor = client.get(PAGE).text
    client.force_login(make_user("clerk", is_staff=True))
    clerk = client.get(PAGE).text
    client.force_login(make_user("reader"))
    reader = client.get(PAGE).text
    assert [("/admin/" in text, "/logout/" in text) for text in (visitor, clerk, reader)] == [
        (False, False),
        (True, True),
        (False, True),
    ]


def test_a_kept_page_holds_the_token_of_its_reader(client, growth):
    client.force_login(make_user("first"))
    client.get(PAGE)
    client.force_login(make_user("second"))
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(PAGE).text)[1]
    strict = type(client)(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post("/logout/", {"csrfmiddlewaretoken": token}).status_code == 302


def test_pages_of_people_are_private(client, growth):
    assert client.get(PAGE)["Cache-Control"] == "no-cache"
    client.force_login(make_user("reader"))
    assert client.get(PAGE)["Cache-Control"] == "private, no-cache"


def test_a_file_is_kept_once_it_went_out_whole(client, growth):
    first = client.get("/reports/figures.csv")
    assert first.streaming
    content = b"".join(first)
    again = client.get("/reports/figures.csv")
    assert (again.streaming, again.content) == (False, content)
    assert again["Content-Disposition"] == first["Content-Disposition"]


def test_a_file_that_was_cut_off_is_not_kept(client, growth):
    next(iter(client.get("/reports/figures.csv")))
    assert client.get("/reports/figures.csv").streaming


def test_of_many_who_ask_at_once_one_waits_for_the_others_work(rf):
    worked = []

    def work_out():
        worked.append(1)
        sleep(0.2)
        return HttpResponse("done")

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _number: page_cache.compute_once("a1", rf.get("/"), work_out), range(4)))
    assert [answer.text for answer in answers] == ["done"] * 4
    assert len(worked) == 1


def test_a_large_file_is_not_kept(client, growth, monkeypatch):
    monkeypatch.setattr(page_cache, "MAX_BYTES", 100)
    whole = b"".join(client.get("/reports/figures.csv"))
    assert len(whole) > 100
    again = client.get("/reports/figures.csv")
    assert again.streaming
    assert b"".join(again) == whole


def test_a_kept_page_is_framed_by_the_same_origins(client, growth, settings):
    settings.EMBED_ORIGINS = ["https://langson.gov.vn"]
    first, again = client.get("/embed/growth/"), client.get("/embed/growth/")
    assert first.status_code == again.status_code == 200
    assert "frame-ancestors https://langson.gov.vn" in policy(again)
    assert (again.get("X-Frame-Options"), again["Cross-Origin-Resource-Policy"]) == (None, "cross-origin")


def test_errors_are_not_kept(client, growth):
    assert client.get("/indicators/next/").status_code == 404
    make_indicator(code="next")
    assert client.get("/indicators/next/").status_code == 200
    assert "ETag" not in client.get(f"{PAGE}?as_of=tomorrow")


# --- what has not changed is not sent again


@pytest.mark.parametrize("address", ["/", PAGE, "/compare/", "/reports/progress.csv", "/reports/package.zip"])
def test_what_the_reader_has_is_not_sent_again_and_nothing_is_judged(
    client, growth, address, django_assert_num_queries
):
    tag = client.get(address)["ETag"]
    with django_assert_num_queries(1):
        response = client.get(address, headers={"if-none-match": tag})
    assert (response.status_code, response.content, response["ETag"]) == (304, b"", tag)


def test_the_copy_that_a_reader_has_keeps_the_policy_it_came_with(client, growth):
    tag = client.get(PAGE)["ETag"]
    assert "Content-Security-Policy" not in client.get(PAGE, headers={"if-none-match": tag})


def test_a_new_login_has_new_tokens_and_so_a_new_tag(client, growth):
    user = make_user("reader")
    client.force_login(user)
    client.get(PAGE)
    tags = {client.get(PAGE)["ETag"]}
    client.logout()
    client.force_login(user)
    client.get(PAGE)
    tags.add(client.get(PAGE)["ETag"])
    assert len(tags) == 2


# --- a cache that is no help


def test_a_cache_that_is_away_costs_work_but_no_answer(client, growth, monkeypatch):
    def away(*_args, **_options):
        raise ConnectionError

    monkeypatch.setattr(type(cache._connections["default"]), "get", away)
    monkeypatch.setattr(type(cache._connections["default"]), "set", away)
    assert client.get(PAGE).status_code == 200


def test_rubbish_in_the_cache_is_not_sent(client, growth, monkeypatch):
    monkeypatch.setattr(type(cache._connections["default"]), "get", lambda *_args, **_options: b"rubbish")
    assert "growth" in client.get(PAGE).text


def test_every_indicator_has_a_page_of_its_own(client, growth):
    make_indicator(code="other", name_vi="Một chỉ tiêu khác")
    texts = [client.get(f"/indicators/{code}/").text for code in Indicator.objects.values_list("code", flat=True)]
    assert len(set(texts)) == len(texts)

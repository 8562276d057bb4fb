"""The pages of staff answer nonsense in addresses and forged forms with words, never with an error of the server."""

import pytest
from django.contrib import admin
from django.urls import reverse

from indicators.staff.input_guard import InputGuardMixin
from tests.factories import make_figure, make_indicator, make_person, make_source, make_target
from tests.reading import read, see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

NO_KEYS = ["1e9", "%00", "%FF%FE", "9" * 5000, str(2**63), "%D9%A3"]
TYPED = ["1e9", "\x00", "9" * 5000, str(2**63), "٣"]
FIGURES = "/admin/indicators/figure/"


@pytest.fixture
def figure():
    return make_figure(state="entered")


@pytest.fixture
def submitted():
    return make_figure(state="submitted")


# --- primary keys in the address


@pytest.mark.parametrize("key", NO_KEYS)
@pytest.mark.parametrize(
    "address",
    [
        "indicators/figure/{}/history/",
        "indicators/figure/{figure}/history/{}/",
        "indicators/figure/{}/history/1/",
        "indicators/deadline/{}/history/",
        "auth/user/{}/history/",
    ],
)
def test_what_is_no_primary_key_is_not_found(admin_client, figure, address, key):
    assert admin_client.get("/admin/" + address.format(key, figure=figure.pk)).status_code == 404


@pytest.mark.parametrize("key", NO_KEYS)
@pytest.mark.parametrize("page", ["change", "delete", "transition", "evidence", "evidence/abc", "history/1"])
@pytest.mark.parametrize("model", ["indicators/figure", "auth/user", "auth/group"])
def test_no_page_of_a_record_fails_on_its_key(admin_client, model, page, key):
    for response in (
        admin_client.get(f"/admin/{model}/{key}/{page}/"),
        admin_client.post(f"/admin/{model}/{key}/{page}/"),
    ):
        assert response.status_code in (302, 403, 404, 405)


def test_the_history_itself_is_still_there(admin_client, figure):
    version = figure.history.latest().pk
    assert admin_client.get(f"{FIGURES}{figure.pk}/history/").status_code == 200
    assert admin_client.get(f"{FIGURES}{figure.pk}/history/{version}/").status_code == 200


# --- what a link fills in


@pytest.mark.parametrize("value", TYPED)
@pytest.mark.parametrize("name", ["indicator", "source", "target", "agency", "user", "groups", "year", "published_on"])
def test_a_form_leaves_out_what_it_cannot_fill_in(admin_client, name, value):
    for model in ("figure", "targetproposal", "explanation", "officialverdict", "assignment", "membership"):
        assert admin_client.get(reverse(f"admin:indicators_{model}_add"), {name: value}).status_code == 200
    assert admin_client.get("/admin/auth/user/add/", {name: value}).status_code == 200


def test_a_form_still_fills_in_a_record(admin_client):
    indicator = make_indicator(name_vi="Thu ngân sách")
    page = see(admin_client, f"{FIGURES}add/?indicator={indicator.pk}")
    assert page.one("select", name="indicator").one("option", value=str(indicator.pk)).text == "Thu ngân sách"


@pytest.mark.parametrize("value", TYPED)
@pytest.mark.parametrize("name", ["indicator", "source", "target"])
def test_a_forged_choice_is_a_mistake_on_the_form(admin_client, name, value):
    for model in ("figure", "targetproposal", "officialverdict"):
        assert admin_client.post(reverse(f"admin:indicators_{model}_add"), {name: value}).status_code == 200


@pytest.mark.parametrize("term", TYPED)
def test_looking_up_a_choice_never_fails(admin_client, term):
    asked = {"term": term, "app_label": "indicators", "model_name": "figure", "field_name": "indicator"}
    assert admin_client.get(reverse("admin:autocomplete"), asked).status_code == 200


# --- lists


@pytest.mark.parametrize(
    "query",
    [
        f"published_on__year={2**31}",
        "published_on__year=9999",
        "published_on__year=%00",
        f"published_on__year={'9' * 5000}",
        f"published_on__day={2**70}",
        f"id__in={2**63}",
        "quote_vi__regex=(",
        "quote_vi__regex=(a%2B)%2B$",
        "quote_vi__contains=%00",
        "state=%00",
        "indicator__id__exact=1e9",
        "status__exact=",
        f"p={'9' * 30}",
        "source__quote=x",
        "nowhere=1",
    ],
)
def test_a_list_leads_back_to_itself(admin_client, figure, query):
    response = admin_client.get(f"{FIGURES}?{query}", follow=True)
    assert response.status_code == 200
    assert list(response.context["cl"].result_list) in ([figure], [])


@pytest.mark.parametrize("lookup", ["quote_vi__regex=(a%2B)%2B$", "id__in=1", "indicator__code__regex=(", "nowhere=1"])
def test_a_list_is_asked_only_what_it_offers(admin_client, figure, lookup):
    response = admin_client.get(f"{FIGURES}?{lookup}")
    assert (response.status_code, response["Location"]) == (302, f"{FIGURES}?e=1")


@pytest.mark.parametrize("value", [*TYPED, "²"])
@pytest.mark.parametrize(
    "name",
    [
        "year",
        "through_month",
        "last_year",
        "state__exact",
        "indicator__id__exact",
        "indicator__sector__id__exact",
        "term__id__exact",
        "agency__id__exact",
        "agency__isnull",
        "counted__exact",
        "groups__id__exact",
        "code__regex",
        "decided_on__month",
        "q",
        "o",
        "p",
        "_to_field",
    ],
)
def test_no_list_fails(admin_client, figure, name, value):
    make_target()
    for model in ("figure", "target", "indicator", "deadline", "membership", "aggregate"):
        response = admin_client.get(reverse(f"admin:indicators_{model}_changelist"), {name: value}, follow=True)
        assert response.status_code in (200, 400)
    for model in ("user", "group"):
        response = admin_client.get(reverse(f"admin:auth_{model}_changelist"), {name: value}, follow=True)
        assert response.status_code in (200, 400)


def test_every_filter_that_a_list_shows_can_be_used(admin_client, figure):
    """What Django makes of the filters is among what is allowed."""
    make_target(indicator=figure.indicator)
    for model, of in admin.site._registry.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        page = admin_client.get(address)
        for spec in page.context["cl"].filter_specs:
            for choice in spec.choices(page.context["cl"]):
                assert admin_client.get(address + choice["query_string"]).status_code == 200, (of, choice)


def test_our_own_links_and_the_days_above_a_list_still_work(admin_client, figure):
    make_figure(year=2019, published_on="2020-01-01")
    for query in (f"indicator__id__exact={figure.indicator_id}", "published_on__year=2022", "state__exact=entered"):
        response = admin_client.get(f"{FIGURES}?{query}")
        assert list(response.context["cl"].result_list) == [figure]


# --- forged choices


def test_every_list_is_guarded():
    assert [model for model, of in admin.site._registry.items() if not isinstance(of, InputGuardMixin)] == []


@pytest.mark.parametrize("chosen", TYPED)
@pytest.mark.parametrize(
    "model", ["indicators_figure", "indicators_deadline", "indicators_indicator", "auth_user", "auth_group"]
)
def test_a_forged_choice_is_refused(admin_client, model, chosen):
    sent = {"action": "delete_selected", "_selected_action": ["1", chosen], "post": "yes"}
    response = admin_client.post(reverse(f"admin:{model}_changelist"), sent)
    assert response.status_code == 400
    assert "Hãy mở lại danh sách và chọn lại." in read(response).text


# --- the page of what is missing


@pytest.mark.parametrize(("name", "word"), [("year", "năm"), ("month", "tháng")])
@pytest.mark.parametrize("value", ["9" * 5000, "٢٠٢٦", "abc", "\x00", "1e3", "-1", "0"])
def test_a_year_or_month_that_is_none_is_told_in_words(admin_client, name, word, value):
    response = admin_client.get(f"{FIGURES}completeness/", {name: value})
    assert response.status_code == 400
    assert f"{value[:40]}” không phải là {word}." in response.content.decode()


# --- reasons


@pytest.mark.parametrize(("reason", "why"), [("\x00", "ký tự điều khiển"), ("a" * 2001, "tối đa 2000 kí tự")])
def test_a_reason_that_cannot_be_kept_moves_nothing(client, submitted, reason, why):
    client.force_login(make_person("duyet", groups=["Duyệt số liệu"]))
    sent = {"transition": "return", "version": submitted.version, "reason": reason}
    response = client.post(f"{FIGURES}{submitted.pk}/transition/", sent)
    assert response.status_code == 400
    assert why in response.content.decode()
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


@pytest.mark.parametrize("many", [True, False])
@pytest.mark.parametrize(("reason", "why"), [("Sai\x00", "ký tự điều khiển"), ("a" * 2001, "tối đa 2000 kí tự")])
def test_the_queue_keeps_a_reason_that_it_refuses(client, submitted, reason, why, many):
    client.force_login(make_person("duyet", groups=["Duyệt số liệu"]))
    pair, name = f"{submitted.pk}:{submitted.version}", "reason" if many else f"reason-{submitted.pk}"
    sent = {"transition": "return", "chosen": pair} if many else {"row_transition": f"return:{pair}"}
    response = client.post(f"{FIGURES}queue/", sent | {name: reason})
    page = read(response)
    assert why in page.one(class_="messagelist").text
    assert page.one("textarea", name=name).text == reason
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


@pytest.mark.parametrize("name", ["quote_vi", "note"])
def test_a_text_of_a_figure_has_an_end(admin_client, name):
    source = make_source()
    page = see(admin_client, f"{FIGURES}add/?source={source.pk}")
    assert page.one("textarea", name=name)["maxlength"] == "2000"
    response = admin_client.post(f"{FIGURES}add/", {name: "a" * 2001})
    assert "tối đa 2000 kí tự" in read(response).text


# --- the mark in the tab


def test_old_browsers_are_led_to_the_mark(client):
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (301, "/static/img/mark.svg")


def test_the_pages_of_staff_carry_the_mark(admin_client):
    assert see(admin_client, "/admin/").one("link", rel="icon")["href"] == "/static/img/mark.svg"

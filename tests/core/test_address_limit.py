"""One address asks for a bounded amount of work: what is more is a 400 that names the limit, and soon."""

import pytest

from indicators.core.limits import PARAMETERS, SEARCH_WORDS
from tests.factories import make_figure, make_indicator, make_person
from tests.reading import read

pytestmark = pytest.mark.django_db

MANY_WORDS = "+".join(["dan"] * 1_900)
SEARCHES = [
    "/admin/indicators/figure/?q=",
    "/admin/indicators/target/?q=",
    "/admin/indicators/indicator/?q=",
    "/admin/indicators/source/?q=",
    "/admin/auth/user/?q=",
    "/admin/accounts/signin/?q=",
    "/admin/autocomplete/?app_label=indicators&model_name=figure&field_name=indicator&term=",
    "/indicators/?q=",
    "/terms/2025/?q=",
    "/reports/figures.csv?q=",
]


@pytest.fixture
def administrator(client, public):
    client.force_login(make_person("ha", is_superuser=True, is_staff=True))
    return client


@pytest.mark.parametrize("address", SEARCHES)
def test_a_search_of_many_words_is_refused_by_its_limit(administrator, address, django_assert_max_num_queries):
    make_figure(indicator=make_indicator(code="growth", name_vi="Dân số"))
    with django_assert_max_num_queries(10):
        answer = administrator.get(address + MANY_WORDS)
    assert answer.status_code == 400
    assert f"{SEARCH_WORDS} từ" in read(answer).text


def test_as_many_words_as_people_search_for_are_taken(administrator):
    make_figure(indicator=make_indicator(code="growth", name_vi="Dân số"))
    words = "+".join(["dan"] * SEARCH_WORDS)
    assert administrator.get(f"/admin/indicators/figure/?q={words}").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/admin/indicators/figure/?o=" + ".".join(["1"] * 2_000),
        "/indicators/?sort=" + ",".join(["name"] * 800),
        "/indicators/?" + "&".join(["sort=name"] * 50),
    ],
)
def test_a_list_is_not_sorted_by_columns_without_end(administrator, address):
    answer = administrator.get(address)
    assert answer.status_code == 400
    assert "20 cột" in read(answer).text


@pytest.mark.parametrize("path", ["/", "/admin/indicators/figure/", "/reports/figures.csv", "/login/"])
def test_an_address_of_many_parameters_is_refused_by_its_limit(administrator, path):
    answer = administrator.get(f"{path}?" + "&".join(["state=approved"] * (PARAMETERS + 1)))
    assert answer.status_code == 400
    assert f"{PARAMETERS} tham số" in read(answer).text


@pytest.mark.parametrize("path", ["/api/v1/figures", "/sdmx/structure/dataflow"])
def test_an_interface_refuses_it_in_its_own_form(client, public, path):
    answer = client.get(f"{path}?lang=en&" + "&".join(["lang=en"] * PARAMETERS))
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")
    assert "100 parameters" in answer.json()["detail"]


def test_more_rows_than_can_be_dealt_with_at_once_are_not_chosen(administrator):
    chosen = [str(number) for number in range(1, 1_002)]
    answer = administrator.post(
        "/admin/indicators/figure/", {"action": "submit_chosen", "_selected_action": chosen, "index": "0"}
    )
    assert answer.status_code == 400
    assert "1000" in read(answer).text


def test_the_queue_takes_no_more_than_can_be_decided_at_once(administrator):
    chosen = [f"{number}:1" for number in range(1, 1_002)]
    answer = administrator.post(
        "/admin/indicators/figure/queue/", {"transition": "approve", "chosen": chosen}, follow=True
    )
    assert answer.status_code in (200, 403)
    assert "1000" in read(answer).text

"""A list of records narrowed once is kept under a name, for its owner only."""

import pytest

from indicators.accounts.models import SavedFilter
from tests.factories import make_person
from tests.reading import see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

FIGURES = "/admin/indicators/figure/"
FILTERS = "/account/saved-filters/"


@pytest.fixture
def keeper(client):
    person = make_person("chitieu", groups=["Quản trị chỉ tiêu"])
    client.force_login(person)
    return person


def keep(client, **fields):
    return client.post(FILTERS, {"path": FIGURES, "name": "Số ước", "query": "status__exact=estimate&p=2"} | fields)


def kept_on(client, path=FIGURES):
    return [link["href"] for bar in see(client, path).all("div", class_="saved-filters") for link in bar.all("a")]


def test_a_filter_is_kept_without_the_page_one_was_on(client, keeper):
    assert keep(client)["Location"] == f"{FIGURES}?status__exact=estimate"
    assert kept_on(client) == [f"{FIGURES}?status__exact=estimate"]
    assert kept_on(client, "/admin/indicators/target/") == []


def test_the_same_name_is_kept_once(client, keeper):
    keep(client)
    keep(client, query="status__exact=final")
    assert SavedFilter.objects.get().query == "status__exact=final"


def test_nobody_sees_or_removes_those_of_another(client, keeper):
    keep(client)
    client.force_login(make_person("khac", groups=["Quản trị chỉ tiêu"]))
    assert kept_on(client) == []
    assert client.post(FILTERS, {"remove": SavedFilter.objects.get().pk}).status_code == 400
    assert SavedFilter.objects.exists()


def test_a_filter_is_removed_and_the_list_shown_again(client, keeper):
    keep(client)
    assert client.post(FILTERS, {"remove": SavedFilter.objects.get().pk})["Location"] == FIGURES
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"path": "/"},
        {"path": "//evil.example/admin/indicators/figure/"},
        {"path": "/admin/indicators/figure/add/"},
        {"path": "/nowhere/"},
        {"name": ""},
        {"name": "x" * 61},
        {"query": "q=" + "x" * 500},
    ],
)
def test_what_is_no_filter_of_a_list_is_refused(client, keeper, fields):
    assert keep(client, **fields).status_code == 400
    assert not SavedFilter.objects.exists()


def test_a_list_in_english_keeps_the_same_filter(client, keeper):
    keep(client)
    assert kept_on(client, f"/en{FIGURES}") == [f"/en{FIGURES}?status__exact=estimate"]


def test_no_more_than_twenty_for_one_list(client, keeper):
    for number in range(20):
        keep(client, name=f"Bộ lọc {number}")
    assert keep(client, name="Thêm").status_code == 400

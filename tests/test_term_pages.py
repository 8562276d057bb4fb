"""Compare, years, sectors, agencies, presentation, what-if and embedding, as a visitor meets them."""

import pytest

from indicators.models import Agency
from tests.reading import see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mau", "today", "public")]

PAGES = [
    "/compare/",
    "/years/2026/",
    "/sectors/economy/",
    "/agencies/mau-finance/",
    "/terms/2030/present/",
    "/embed/economic-growth/",
    "/indicators/grdp-per-person/?growth=8",
]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_page_is_whole_in_both_languages(client, address, prefix):
    page = see(client, prefix + address)
    assert len(page.all("h1")) == 1
    assert page.one("html")["lang"] == (prefix.strip("/") or "vi")


@pytest.mark.parametrize(
    "address", ["/years/1990/", "/sectors/none/", "/agencies/none/", "/terms/1999/present/", "/embed/none/"]
)
def test_an_unknown_address_is_the_designed_404(client, address):
    response = client.get(address)
    assert response.status_code == 404
    assert "Không có trang này" in response.content.decode()


def test_the_queries_of_the_comparison_do_not_grow(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(45):
        client.get("/compare/")


def test_the_year_before_and_after_are_linked(client):
    page = see(client, "/years/2025/")
    assert page.one("a", rel="prev")["href"] == "/years/2024/"
    assert page.one("a", rel="next")["href"] == "/years/2026/"


def test_an_agency_sees_only_what_it_answers_for(client):
    table = see(client, "/agencies/mau-finance/").one("table")
    own = set(Agency.objects.get(code="mau-finance").indicators.values_list("code", flat=True))
    linked = {link["href"].split("/")[2] for link in table.all("a") if link["href"].startswith("/indicators/")}
    assert linked == own


def test_a_supposed_growth_is_told_and_kept_in_the_address(client):
    page = see(client, "/indicators/grdp-per-person/?growth=12,5")
    assert page.one("input", name="growth", size="7")["value"] == "12,5"
    assert "Vượt" in page.one(id="what-if").text


def test_english_reads_numbers_its_own_way(client):
    assert (
        see(client, "/en/indicators/grdp-per-person/?growth=12.5").one("input", name="growth", size="7")["value"]
        == "12.5"
    )


@pytest.mark.parametrize("typed", ["abc", "1e9", "<script>", "9" * 15])
def test_a_supposed_value_that_is_no_number_is_a_clear_400(client, typed):
    response = client.get("/indicators/grdp-per-person/", {"y2027": typed})
    assert response.status_code == 400
    assert "<script>" not in response.content.decode()


def test_the_presentation_has_a_screen_for_each_target_and_one_before_them(client):
    slides = see(client, "/terms/2030/present/").all("section", class_="slide")
    families = see(client, "/terms/2030/").all("tbody", class_="family")
    assert len(slides) == len(families) + 1


def test_no_site_may_frame_a_chart_by_default(client):
    assert "frame-ancestors 'none'" in client.get("/embed/economic-growth/")["Content-Security-Policy"]


def test_a_named_origin_may_frame_a_chart_and_nothing_else(client, settings):
    settings.EMBED_ORIGINS = ["https://langson.gov.vn"]
    assert "frame-ancestors https://langson.gov.vn" in client.get("/embed/economic-growth/")["Content-Security-Policy"]
    assert "X-Frame-Options" not in client.get("/embed/economic-growth/")
    assert "frame-ancestors 'none'" in client.get("/terms/2025/")["Content-Security-Policy"]


def test_a_page_that_is_shared_tells_what_it_is(client):
    page = see(client, "/terms/2025/")
    assert page.one("meta", property="og:title")["content"] == "Nhiệm kỳ 2020–2025: 20/26 đạt và vượt"

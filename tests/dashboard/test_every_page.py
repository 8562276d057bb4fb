"""What holds on every page: well-formed, its own language, links that lead somewhere, the marks of the frame."""

from collections import defaultdict
from decimal import Decimal
from urllib.parse import urljoin

import pytest

from indicators import assessment
from tests.factories import (
    make_agency,
    make_comparison,
    make_figure,
    make_indicator,
    make_official_result,
    make_official_verdict,
    make_sector,
    make_source,
    make_target,
    make_term,
)
from tests.reading import cells, content, read, see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langson", "today", "public")]


# --- languages


def test_the_same_page_in_the_other_language_is_one_click_away(client):
    page = see(client, "/terms/2025/?sector=economy")
    (link,) = page.all("a", hreflang="en")
    english = see(client, link["href"])
    assert english.one("html")["lang"] == "en"
    assert english.one("a", hreflang="vi")["href"] == "/terms/2025/?sector=economy"


def test_numbers_and_days_are_written_as_the_language_does(client):
    assert cells(see(client, "/terms/2025/"), "GRDP bình quân đầu người")["Số mới nhất"] == "71,1 2025 · đã công bố"
    english = see(client, "/en/terms/2025/")
    assert cells(english, "GRDP per capita")["Latest figure"] == "71.1 2025 · reported"
    assert cells(see(client, "/en/terms/2020/"), "State budget revenue in the province")["Latest figure"].startswith(
        "5,056.0"
    )
    assert "Latest publication: 16/01/2026" in english.text


@pytest.fixture
def english_only(langson):
    """A term whose every text is English, so that a Vietnamese letter on its pages can only come from the interface."""
    sector = make_sector(code="sector", order=5, name_vi="Sector")
    agency = make_agency(code="agency", name_vi="Agency")
    source = make_source(code="english", title_vi="Report", publisher="Office", issued_on="2026-01-01", number="7/BC")
    term = make_term(
        code="E", name_vi="Term", first_year=2031, last_year=2035, declared_targets=3, congress_vi="Congress"
    )
    parent = make_indicator(
        code="whole", sector=sector, agency=agency, name_vi="Whole", headline=True, definition_vi="All"
    )
    make_indicator(code="part", sector=sector, name_vi="Part", parent=parent)
    target = make_target(
        indicator=parent, term=term, first_year=2025, last_year=2035, source=source, low="90", as_written_vi="90",
        decided_on="2026-01-01", counted=True,
    )  # fmt: skip
    make_target(indicator=parent, term=term, first_year=2025, last_year=2035, source=source, low="95", status="draft",
                decided_on="2026-01-02")  # fmt: skip
    for year, status in ((2024, "final"), (2025, "estimate")):
        make_figure(
            indicator=parent, year=year, source=source, status=status, qualifier="about", published_on="2026-02-01"
        )
    make_figure(
        indicator=parent, year=2026, through_month=6, source=source, published_on="2026-07-01", series_break=True
    )
    make_comparison(indicator=parent, source=source)
    make_official_result(term=term, source=source, declared_targets=3, met_or_exceeded=1)
    make_official_verdict(target=target, reason="Notice", decided_on="2026-04-01")
    return term


VIETNAMESE = set("ăâđêôơưĂÂĐÊÔƠƯạảãáàậẩẫấầặẳẵắằẹẻẽéèệểễếềịỉĩíìọỏõóòộổỗốồợởỡớờụủũúùựửữứừỵỷỹýỳ")
KNOWN = ["Tiếng Việt", "Lạng Sơn"]


@pytest.mark.parametrize(
    "address",
    [
        "indicators/whole/",
        "sources/english/",
        "method/",
        "reports/",
        "login/",
        "terms/1999/",
        "reports/progress.csv?as_of=x",
    ],
)
def test_english_pages_have_no_vietnamese_word_of_the_interface(client, english_only, address):
    response = client.get(f"/en/{address}")
    text = content(response)
    for known in KNOWN:
        text = text.replace(known, "")
    assert sorted(VIETNAMESE & set(text)) == []


def test_the_english_overview_has_no_vietnamese_word_of_the_interface(client, english_only):
    page = see(client, "/en/terms/2035/")
    page.one("form", class_="filters").children.clear()  # the names of all agencies and sectors
    text = page.text
    for known in KNOWN:
        text = text.replace(known, "")
    assert sorted(VIETNAMESE & set(text)) == []


# --- frame


ADDRESSES = [
    "",
    "terms/2020/",
    "terms/2025/",
    "terms/2030/?show=all",
    "terms/2025/?q=khongco",
    "terms/2025/?as_of=2023-12-31",
    "terms/2025/present/",
    "compare/",
    "years/2020/",
    "sectors/economy/",
    "agencies/finance/",
    "indicators/",
    "indicators/?sort=-verdict",
    "indicators/grdp-growth/",
    "indicators/grdp-structure/",
    "sources/",
    "sources/vtc-2026-01/",
    "reports/",
    "reports/terms/2025/print/",
    "reports/terms/2025/text/",
    "reports/years/2020/print/",
    "method/",
    "login/",
]


@pytest.mark.parametrize("language", ["", "en/"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_well_formed_names_itself_and_its_identifiers_are_unique(client, language, address):
    page = see(client, f"/{language}{address}")
    assert page.one("html")["lang"] == (language.strip("/") or "vi")
    assert len(page.all("h1")) == 1
    title = page.one("title").children[0]
    assert title.endswith("Lạng Sơn targets" if language else "Chỉ tiêu Lạng Sơn")
    identifiers = [node["id"] for node in page.walk() if "id" in node.attributes]
    assert len(identifiers) == len(set(identifiers))


def test_every_link_leads_to_a_page_and_to_a_place_on_it(client):
    some = [
        "terms/2020/",
        "terms/2025/?as_of=2023-12-31",
        "years/2020/",
        "indicators/grdp-structure/",
        "sources/vtc-2026-01/",
    ]
    links = {(address, link["href"]) for address in [*some, "reports/"] for link in see(client, f"/{address}").all("a")}
    inside = {urljoin(f"/{address}", link) for address, link in links if not link.startswith("http")}
    wanted = defaultdict(set)
    for link in inside:
        place, _, anchor = link.partition("#")
        wanted[place].add(anchor)
    assert len(wanted) > 100
    for place, anchors in wanted.items():
        response = client.get(place)
        assert response.status_code in (200, 302), place
        assert b"".join(response) or response.status_code == 302  # a download left unread would keep its cursor
        if anchors - {""}:
            assert anchors - {""} <= {node.attributes.get("id") for node in read(response).walk()}, place


def test_fictional_data_are_marked_on_every_page(client, settings):
    settings.SAMPLE_DATA = True
    for address in ADDRESSES:
        page = see(client, f"/{address}")
        assert "Số liệu minh họa: mọi con số ở đây đều không có thật." in page.text
        assert page.one("title").children[0].endswith("Chỉ tiêu Tỉnh Mẫu")


def test_plotly_is_loaded_only_where_there_is_a_chart(client):
    scripts = {address: see(client, f"/{address}").all("script") for address in ADDRESSES}
    drawing = [
        address
        for address, found in scripts.items()
        if any("plotly" in record.attributes.get("src", "") for record in found)
    ]
    assert drawing == ["indicators/grdp-growth/", "indicators/grdp-structure/"]


def test_the_policy_allows_this_origin_only_and_nothing_inline(client):
    policy = client.get("/indicators/grdp-growth/")["Content-Security-Policy"]
    assert {"default-src 'none'", "script-src 'self'"} <= set(policy.split("; "))
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_method_page_tells_the_thresholds_the_code_uses(client, monkeypatch):
    monkeypatch.setattr(assessment, "AT_RISK", Decimal("0.4321"))
    assert "0,4321" in see(client, "/method/").text
    assert "0.4321" in see(client, "/en/method/").text

"""The staff pages: what is shown, found, refused and remembered. Hand-made requests stand for forged ones."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from indicators.models import (
    Agency,
    Aggregate,
    Assignment,
    Comparison,
    Deadline,
    Figure,
    Indicator,
    Membership,
    OfficialResult,
    OfficialVerdict,
    Sector,
    Source,
    Target,
    Term,
)
from tests.factories import (
    make_agency,
    make_aggregate,
    make_assignment,
    make_comparison,
    make_deadline,
    make_figure,
    make_indicator,
    make_membership,
    make_official_result,
    make_official_verdict,
    make_person,
    make_sector,
    make_source,
    make_target,
    make_term,
    source,
)
from tests.project.test_repository import INLINE

pytestmark = pytest.mark.django_db

# The records with pages of their own.
RECORDS = [
    Sector,
    Agency,
    Term,
    Source,
    Indicator,
    Target,
    Figure,
    Aggregate,
    Comparison,
    OfficialResult,
    OfficialVerdict,
    Deadline,
    Assignment,
    Membership,
]
LOOKING = [f"view_{model._meta.model_name}" for model in RECORDS]
READINGS = ["figure", "target", "aggregate", "comparison"]


@pytest.fixture(autouse=True)
def _vietnamese():
    with override("vi"):
        yield


@pytest.fixture
def clerk(client):
    """Enters the figures of the agency that all indicators have here."""
    client.force_login(make_person("nhaplieu", groups=["Nhập liệu"], agency=agency()))
    return client


@pytest.fixture
def reader(client):
    client.force_login(make_person("xem", rights=LOOKING))
    return client


def agency():
    """The clerk's agency."""
    return Agency.objects.filter(code="own").first() or make_agency(code="own")


def own_figure(**fields):
    """A figure that the clerk may enter, waiting unless told otherwise."""
    return make_figure(**{"indicator": make_indicator(agency=agency()), "state": "entered"} | fields)


@override("vi")  # a request for an English page leaves its language behind
def address(model, action, *arguments):
    return reverse(f"admin:indicators_{model}_{action}", args=arguments)


def posted(figure=None, **fields):
    """The fields of the figure form as a browser sends them; those of `figure` as it was read, or of a new one."""
    indicator = figure.indicator if figure else make_indicator(agency=agency(), unit_vi="tỷ đồng")
    values = {"indicator": indicator.pk, "year": 2025, "through_month": 12, "value": "6,95", "qualifier": "exact"}
    values |= {"status": "final", "published_on": "27/01/2026", "source": source().pk, "quote_vi": "", "note": ""}
    return values | {"read_version": figure.version if figure else "", "reason": ""} | fields


def text_of(response):
    """The page as a reader sees it: no markup, single blanks."""
    page = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(page.split())


def names_in(response):
    """The first column of a list."""
    return [str(record) for record in response.context["cl"].result_list]


# Numbers, days, history


def test_a_figure_entered_is_kept_with_who_and_when(admin_client, admin_user):
    admin_client.post(address("figure", "add"), posted(value="11.728,3"))
    figure = Figure.objects.get()
    assert (str(figure.value), figure.published_on.isoformat()) == ("11728.3000", "2026-01-27")
    version = figure.history.get()
    assert (version.history_user, version.history_type) == (admin_user, "+")
    assert version.history_date is not None


def test_what_was_understood_is_read_back(admin_client):
    indicator = make_indicator(unit_vi="tỷ đồng", kind="flow")
    typed = posted(indicator=indicator.pk, value="5.056", through_month=9, year=2019, status="estimate")
    response = admin_client.post(address("figure", "add"), typed, follow=True)
    understood = "9 tháng năm 2019: 5.056 tỷ đồng (ước) – năm nghìn không trăm năm mươi sáu."
    assert understood in text_of(response)


def test_the_english_pages_read_and_show_english_numbers(admin_client):
    admin_client.post("/en" + address("figure", "add"), posted(value="11,728.3"))
    figure = Figure.objects.get()
    page = admin_client.get("/en" + address("figure", "change", figure.pk))
    assert 'value="11,728.3"' in page.content.decode()


def test_a_number_is_shown_with_its_digits_and_no_more(admin_client):
    figure = own_figure(value="82")
    page = admin_client.get(address("figure", "change", figure.pk)).content.decode()
    assert re.search(r'name="value" value="82"', page)


def test_a_list_writes_periods_values_and_days_as_offices_do(admin_client):
    make_figure(indicator=make_indicator(unit_vi="tỷ đồng"), year=2019, through_month=9, value="2100", qualifier="over")
    page = text_of(admin_client.get(address("figure", "changelist")))
    assert "9 tháng 2019 trên 2.100 tỷ đồng đã công bố đã duyệt 10/01/2022" in page


@pytest.mark.parametrize("qualifier", ["nil", "uncollected"])
def test_a_figure_without_a_value_has_no_unit_either(admin_client, qualifier):
    make_figure(value=None, qualifier=qualifier)
    page = text_of(admin_client.get(address("figure", "changelist")))
    assert {"nil": "2021 - đã công bố", "uncollected": "2021 … đã công bố"}[qualifier] in page


def test_nobody_reads_the_year_2_020(reader):
    figure = make_figure(year=2020, value="82")
    for page in (address("figure", "changelist"), address("figure", "change", figure.pk)):
        assert "2.020" not in text_of(reader.get(page))
    assert "82,0000" not in text_of(reader.get(address("figure", "change", figure.pk)))


def test_the_calendar_of_the_browser_writes_the_day_first(admin_client):
    script = admin_client.get(reverse("admin:jsi18n")).content.decode()
    assert re.search(r'"DATE_INPUT_FORMATS": \[\s*"%d/%m/%Y"', script)


def test_history_tells_what_changed_in_words(admin_client):
    figure = own_figure(value="6.5", status="estimate")
    typed = posted(figure, year=2021, value="6,95", status="final", published_on="10/01/2022", reason="Gõ nhầm")
    admin_client.post(address("figure", "change", figure.pk), typed)
    page = text_of(admin_client.get(address("figure", "history", figure.pk)))
    assert "Giá trị: 6,5 → 6,95" in page
    assert "Loại số liệu: ước → chính thức" in page
    assert "Sửa admin Gõ nhầm" in page


def test_an_old_version_can_be_brought_back(admin_client):
    figure = own_figure(value="6.5")
    old = figure.history.get()
    figure.value = 65
    figure.save()
    page = admin_client.get(address("figure", "simple_history", figure.pk, old.pk))
    assert "Khôi phục" in text_of(page)
    restored = posted(figure, year=2021, value="6,5", published_on="10/01/2022")
    admin_client.post(address("figure", "simple_history", figure.pk, old.pk), restored)
    figure.refresh_from_db()
    assert (str(figure.value), figure.version) == ("6.5000", 3)


# Finding


@pytest.mark.parametrize("words", ["ho ngheo", "Hộ nghèo", "NGHEO ho", "  hộ  "])
def test_words_find_an_indicator_with_or_without_diacritics(admin_client, words):
    make_indicator(name_vi="Tỷ lệ hộ nghèo")
    make_indicator(name_vi="Tốc độ tăng trưởng")
    assert names_in(admin_client.get(address("indicator", "changelist"), {"q": words})) == ["Tỷ lệ hộ nghèo"]


@pytest.mark.parametrize("model", READINGS)
@pytest.mark.parametrize("words", ["ho ngheo", "bao cao so 7", "2023", "nghèo 2023 báo cáo"])
def test_words_find_readings_by_indicator_source_and_year(admin_client, model, words):
    make = {"figure": make_figure, "target": make_target, "aggregate": make_aggregate, "comparison": make_comparison}[
        model
    ]
    years = {"year": 2023} if model in ("figure", "comparison") else {"first_year": 2023, "last_year": 2023}
    poverty, other = make_indicator(name_vi="Hộ nghèo"), make_indicator(name_vi="Tăng trưởng")
    matching = make(indicator=poverty, source=make_source(title_vi="Báo cáo số 7"), **years)
    make(indicator=other, source=make_source(title_vi="Nghị quyết"), **dict.fromkeys(years, 2019))
    response = admin_client.get(address(model, "changelist"), {"q": words})
    assert list(response.context["cl"].result_list) == [matching]


def test_an_autocomplete_finds_without_diacritics(admin_client):
    poverty = make_indicator(name_vi="Tỷ lệ hộ nghèo")
    make_indicator(name_vi="Tốc độ tăng trưởng")
    query = {"term": "ho ngheo", "app_label": "indicators", "model_name": "figure", "field_name": "indicator"}
    matching = admin_client.get(reverse("admin:autocomplete"), query).json()["results"]
    assert matching == [{"id": str(poverty.pk), "text": "Tỷ lệ hộ nghèo"}]


def test_an_autocomplete_of_targets_asks_once_for_all_names(admin_client, django_assert_max_num_queries):
    for year in range(2021, 2031):
        make_target(first_year=year, last_year=year)
    query = {"term": "chi tieu", "app_label": "indicators", "model_name": "officialverdict", "field_name": "target"}
    with django_assert_max_num_queries(8):
        matching = admin_client.get(reverse("admin:autocomplete"), query).json()["results"]
    assert len(matching) == 10


def test_years_and_periods_filter_a_list(admin_client):
    indicator = make_indicator()
    matching = make_figure(indicator=indicator, year=2019, through_month=9)
    make_figure(indicator=indicator, year=2019)
    make_figure(indicator=indicator, year=2020, through_month=9)
    response = admin_client.get(address("figure", "changelist"), {"year": "2019", "through_month": "9"})
    assert list(response.context["cl"].result_list) == [matching]


@pytest.mark.parametrize("value", ["x", "²", "9" * 30, "-1"])
def test_a_filter_with_nonsense_is_no_error(admin_client, value):
    make_figure()
    for name in ("year", "through_month"):
        assert admin_client.get(address("figure", "changelist"), {name: value}).status_code == 200


def test_bodies_are_filtered_by_whether_they_exist(admin_client):
    make_agency(name_vi="Sở Tài chính")
    make_agency(name_vi="Sở Kế hoạch và Đầu tư", valid_to="2025-02-28")
    assert names_in(admin_client.get(address("agency", "changelist"), {"exists": "no"})) == ["Sở Kế hoạch và Đầu tư"]
    assert names_in(admin_client.get(address("agency", "changelist"), {"exists": "yes"})) == ["Sở Tài chính"]


# Every page


def one_of_each(state="approved"):
    """One record of every kind, the figure in this state."""
    target = make_target()
    make_official_verdict(target=target)
    make_official_result()
    make_figure(indicator=target.indicator, state=state)
    for make in (make_aggregate, make_comparison):
        make(indicator=target.indicator)
    make_agency()
    make_deadline()
    make_assignment(indicator=target.indicator)
    make_membership()


@pytest.mark.parametrize("model", RECORDS)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_record_has_its_pages_without_inline_code(admin_client, model, prefix):
    one_of_each(state="entered")
    name, record = model._meta.model_name, model.objects.latest("pk")
    version = record.history.first()
    pages = [address(name, "changelist"), address(name, "change", record.pk)]
    pages += [address(name, "history", record.pk), address(name, "simple_history", record.pk, version.pk)]
    # A target comes and goes as a proposal: tests/staff/test_target_pages.py.
    pages += [address(name, "add"), address(name, "delete", record.pk)] if model is not Target else []
    for page in pages:
        response = admin_client.get(prefix + page)
        assert response.status_code == 200
        assert INLINE.search(response.content.decode()) is None


@pytest.mark.parametrize("model", RECORDS)
def test_a_reader_sees_every_page_and_no_field(reader, model):
    one_of_each()
    name, record = model._meta.model_name, model.objects.latest("pk")
    version = record.history.first()
    pages = [
        address(name, "change", record.pk),
        address(name, "history", record.pk),
        address(name, "simple_history", record.pk, version.pk),
    ]
    # What was said about a figure inside the office is for its agency and the approvers.
    for page in pages[:1] if model is Figure else pages:
        response = reader.get(page)
        assert response.status_code == 200
        shown = response.content.decode().split('id="content"')[1]
        assert re.findall(r'<(?:input|select|textarea)\b(?![^>]*type="hidden")[^>]*', shown) == []


def rows(number):
    """That many of every record, each with relations of its own."""
    for _place in range(number):
        indicator = make_indicator(sector=make_sector(), agency=make_agency(successor=make_agency()))
        make_indicator(parent=indicator)
        year = 1990 + Target.objects.count()
        own = {"indicator": indicator, "source": make_source()}
        target = make_target(term=make_term(last_year=year, first_year=year), first_year=2021, last_year=2025, **own)
        make_official_verdict(target=target, decided_by=make_person())
        make_official_result(term=target.term, source=own["source"])
        make_figure(**own)
        make_aggregate(**own)
        make_comparison(**own)
        make_deadline(agency=indicator.agency, year=year)
        make_assignment(indicator=indicator)
        make_membership(agency=indicator.agency)


@pytest.mark.parametrize("model", RECORDS)
def test_a_longer_list_asks_no_more_of_the_database(admin_client, model, django_assert_num_queries):
    rows(2)
    page = address(model._meta.model_name, "changelist")
    admin_client.get(page)
    with CaptureQueriesContext(connection) as few:
        admin_client.get(page)
    rows(5)
    with django_assert_num_queries(len(few)):
        admin_client.get(page)


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda model: model._meta.label_lower)
def test_every_list_counts_what_its_filters_would_show(admin_client, model):
    rows(2)
    page = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")
    filters = re.findall(r'href="\?([^"#]*)"', admin_client.get(page, {"_facets": "True"}).content.decode())
    for query in {query.replace("&amp;", "&") for query in filters} | {"_facets=True"}:
        assert admin_client.get(f"{page}?{query}").status_code == 200, query


# Figures on the page of their indicator


def new_rows(*figures):
    """The management form and rows for new figures, as the page of an indicator sends them."""
    sent = {"figures-TOTAL_FORMS": len(figures), "figures-INITIAL_FORMS": 0}
    sent |= {"assignments-TOTAL_FORMS": 0, "assignments-INITIAL_FORMS": 0}
    for place, figure in enumerate(figures):
        sent |= {f"figures-{place}-{name}": value for name, value in figure.items()}
    return sent


def row(**fields):
    values = {"year": 2025, "through_month": 12, "value": "6,95", "qualifier": "exact", "status": "final"}
    return values | {"source": source().pk, "published_on": "27/01/2026"} | fields


def page_of(indicator, *figures):
    """The whole form of an indicator with rows for new figures."""
    values = {name: getattr(indicator, name) for name in ("code", "order", "name_vi", "unit_vi", "decimals")}
    values |= {
        "sector": indicator.sector_id,
        "agency": indicator.agency_id or "",
        "read_version": indicator.version,
        "better": indicator.better,
        "kind": indicator.kind,
        "path": indicator.path,
    }
    return values | new_rows(*figures)


def test_figures_are_entered_on_the_page_of_their_indicator(admin_client, admin_user):
    indicator = make_indicator(unit_vi="tỷ đồng")
    rows_sent = (
        row(value="11.728,3"),
        row(year=2024, value="9.000"),
        row(year="", value="", source="", status="", published_on=""),
    )
    response = admin_client.post(address("indicator", "change", indicator.pk), page_of(indicator, *rows_sent))
    assert response.status_code == 302
    assert sorted(str(figure.value) for figure in indicator.figures.all()) == ["11728.3000", "9000.0000"]
    assert {figure.history.get().history_user for figure in indicator.figures.all()} == {admin_user}


def test_a_change_of_the_responsible_agency_is_kept_beside_new_figures(admin_client):
    indicator, other = make_indicator(), make_agency()
    sent = page_of(indicator, row()) | {"assignments-TOTAL_FORMS": 1, "assignments-0-agency": other.pk}
    sent |= {"assignments-0-valid_from": "01/03/2025"}
    assert admin_client.post(address("indicator", "change", indicator.pk), sent).status_code == 302
    assert [(record.agency, str(record.valid_from)) for record in indicator.assignments.all()] == [
        (other, "2025-03-01")
    ]
    assert indicator.figures.count() == 1


def test_a_change_of_the_responsible_agency_is_not_overwritten_unseen(admin_client):
    stored = make_assignment()
    sent = page_of(stored.indicator) | {"assignments-TOTAL_FORMS": 1, "assignments-INITIAL_FORMS": 1}
    sent |= {"assignments-0-id": stored.pk, "assignments-0-agency": stored.agency_id, "assignments-0-read_version": 1}
    sent |= {"assignments-0-valid_from": "01/03/2025"}
    stored.agency = make_agency(name_vi="Sở Y tế")
    stored.save()
    page = admin_client.post(address("indicator", "change", stored.indicator_id), sent)
    assert "Sở Y tế" in text_of(page)
    assert Assignment.objects.get().agency.name_vi == "Sở Y tế"


def test_a_wrong_row_says_why_and_keeps_what_was_typed(admin_client):
    indicator = make_indicator()
    wrong = (row(value=""), row(year=2024, value="15.320 (ước)"), row(year=2023, published_on="31/02/2023"))
    response = admin_client.post(address("indicator", "change", indicator.pk), page_of(indicator, *wrong))
    page = text_of(response)
    assert "“Không phát sinh” và “chưa thu thập” thì để trống giá trị" in page
    assert "“15.320 (ước)” không đọc được thành số" in page
    assert "“31/02/2023” không phải là một ngày" in page
    assert 'value="15.320 (ước)"' in response.content.decode()
    assert not indicator.figures.exists()


def test_a_row_that_exists_already_is_explained(admin_client):
    stored = make_figure(year=2025, status="final", published_on="2026-01-27")
    sent = page_of(stored.indicator, row())
    assert "Số liệu này đã có" in text_of(admin_client.post(address("indicator", "change", stored.indicator.pk), sent))


def test_two_rows_with_the_same_key_are_explained(admin_client):
    indicator = make_indicator()
    response = admin_client.post(address("indicator", "change", indicator.pk), page_of(indicator, row(), row()))
    assert "Hai số liệu mới có cùng kỳ, loại số liệu" in text_of(response)
    assert not indicator.figures.exists()


def test_a_row_that_can_mean_two_things_is_asked(admin_client):
    stored = make_figure(value="7.1")
    sent = page_of(stored.indicator, row(value="6.950"))
    page = text_of(admin_client.post(address("indicator", "change", stored.indicator.pk), sent))
    assert "“6.950” có thể là 6950 hoặc 6,95" in page


def test_a_page_with_fifty_figures_is_no_heavier_than_one_with_twelve(admin_client, django_assert_num_queries):
    indicator = make_indicator()
    for year in range(2000, 2012):
        make_figure(indicator=indicator, year=year, source=make_source())
    page = address("indicator", "change", indicator.pk)
    admin_client.get(page)  # the first one asks for the content type too
    with CaptureQueriesContext(connection) as few:
        light = admin_client.get(page)
    for year in range(1950, 1988):
        make_figure(indicator=indicator, year=year, source=make_source())
    with django_assert_num_queries(len(few)):
        heavy = admin_client.get(page)
    assert abs(len(heavy.content) - len(light.content)) < 1000
    assert "Xem tất cả 50 số liệu" in text_of(heavy)
    assert "2011" in text_of(heavy)


def test_an_indicator_cannot_leave_its_targets_behind(admin_client):
    target = make_target()
    sent = page_of(target.indicator) | {"better": "lower"}
    response = admin_client.post(address("indicator", "change", target.indicator.pk), sent)
    assert "chỉ dùng cho chỉ tiêu càng cao càng tốt" in text_of(response)
    assert Indicator.objects.get(pk=target.indicator.pk).better == "higher"


# Who may do what


def test_what_a_clerk_enters_waits_for_approval(clerk):
    clerk.post(address("figure", "add"), posted(state="approved"))
    assert Figure.objects.get().state == "entered"


@pytest.mark.parametrize("state", ["entered", "returned"])
def test_no_form_has_a_field_for_the_state_not_even_for_superusers(admin_client, state):
    figure = own_figure(state=state)
    page = address("figure", "change", figure.pk)
    assert 'name="state"' not in admin_client.get(page).content.decode()
    admin_client.post(page, posted(figure, value="7,5", state="approved"))
    figure.refresh_from_db()
    assert (figure.state, str(figure.value)) == (state, "7.5000")


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_what_was_submitted_or_approved_is_changed_by_nobody(admin_client, state):
    figure = own_figure(value="6.5", state=state)
    page = address("figure", "change", figure.pk)
    assert 'name="value"' not in admin_client.get(page).content.decode()
    assert admin_client.post(page, posted(figure, value="9,9")).status_code == 403
    assert str(Figure.objects.get().value) == "6.5000"


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_what_was_submitted_or_approved_is_deleted_by_nobody(admin_client, state):
    figure = own_figure(state=state)
    assert admin_client.post(address("figure", "delete", figure.pk), {"post": "yes"}).status_code == 403
    admin_client.post(address("figure", "changelist"), deletion(figure))
    assert Figure.objects.exists()


def test_an_approved_version_comes_back_without_its_approval(clerk):
    figure = own_figure(state="approved")
    approved = figure.history.get()
    figure.state = "returned"
    figure.save()
    clerk.post(address("figure", "simple_history", figure.pk, approved.pk), posted(figure))
    figure.refresh_from_db()
    assert (figure.state, str(figure.value), figure.version) == ("returned", "6.9500", 3)


def test_an_unapproved_version_does_not_take_the_place_of_what_is_public(admin_client):
    figure = own_figure(value="5")
    entered = figure.history.get()
    figure.state, figure.value = "approved", 6
    figure.save()
    page = address("figure", "simple_history", figure.pk, entered.pk)
    assert "Khôi phục" not in text_of(admin_client.get(page))
    assert admin_client.post(page, posted(figure)).status_code == 403
    assert Figure.objects.get().state == "approved"


@pytest.mark.parametrize("model", RECORDS)
def test_a_reader_cannot_bring_back_a_version_by_a_forged_request(reader, model):
    one_of_each()
    record = model.objects.latest("pk")
    page = address(model._meta.model_name, "simple_history", record.pk, record.history.first().pk)
    assert reader.post(page, {}).status_code == 403
    assert record.history.count() == 1


def test_whoever_keeps_indicators_does_not_approve_figures_there(client):
    keeper = make_person(rights=["view_indicator", "change_indicator", "add_figure"], agency=agency())
    client.force_login(keeper)
    indicator = make_indicator(agency=agency())
    client.post(address("indicator", "change", indicator.pk), page_of(indicator, row(state="approved")))
    assert Figure.objects.get().state == "entered"


def test_whoever_keeps_indicators_enters_no_figures_of_other_agencies_there(client):
    client.force_login(make_person(rights=["view_indicator", "change_indicator", "add_figure"], agency=agency()))
    indicator = make_indicator(agency=make_agency())
    page = address("indicator", "change", indicator.pk)
    assert "figures-TOTAL_FORMS" not in client.get(page).content.decode()
    client.post(page, page_of(indicator, row()))
    assert not Figure.objects.exists()


def test_a_clerk_adds_no_figure_by_the_page_of_an_indicator(clerk):
    indicator = make_indicator(agency=agency())
    page = address("indicator", "change", indicator.pk)
    assert "figures-TOTAL_FORMS" not in clerk.get(page).content.decode()
    assert clerk.post(page, page_of(indicator, row())).status_code == 403


def deletion(*figures):
    """The confirmed bulk action of deleting."""
    return {"action": "delete_selected", "_selected_action": [figure.pk for figure in figures], "post": "yes"}


def test_figures_are_not_deleted_in_bulk_without_the_right(client):
    client.force_login(make_person(rights=["view_figure", "change_figure", "add_figure"], agency=agency()))
    client.post(address("figure", "changelist"), deletion(own_figure()))
    assert Figure.objects.exists()


def test_one_figure_that_may_not_be_deleted_keeps_all_chosen(admin_client):
    chosen = [own_figure(), own_figure(state="approved")]
    admin_client.post(address("figure", "changelist"), deletion(*chosen))
    assert Figure.objects.count() == 2


def test_what_is_deleted_in_bulk_stays_in_history_with_a_name(admin_client, admin_user):
    figure = own_figure()
    admin_client.post(address("figure", "changelist"), deletion(figure))
    assert not Figure.objects.exists()
    last = Figure.history.filter(id=figure.pk).latest()
    assert (last.history_type, last.history_user) == ("-", admin_user)


@pytest.mark.parametrize(
    ("model", "made"),
    [
        (Sector, lambda: make_indicator().sector),
        (Source, lambda: make_figure().source),
        (Indicator, lambda: make_target().indicator),
    ],
)
def test_what_others_rest_on_is_not_deleted_and_they_are_named(admin_client, model, made):
    record = made()
    page = address(model._meta.model_name, "delete", record.pk)
    for response in (admin_client.get(page), admin_client.post(page, {"post": "yes"})):
        assert response.status_code == 200
        assert "vì các bản ghi sau đang dựa vào nó" in text_of(response)
    assert model.objects.filter(pk=record.pk).exists()


# Two people at once; tests/workflow/test_two_at_once.py does it in the same instant


def changed_meanwhile():
    """A figure as somebody has it open, and what they would send, after somebody else saved 7."""
    figure = own_figure(value="6.5", note="cũ", status="estimate")
    typed = posted(figure, value="8,25", note="của tôi", status="final")
    figure.value, figure.note = 7, "của người khác"
    figure.save()
    return figure, typed


def test_the_second_to_save_sees_both_values_and_nothing_is_overwritten(admin_client):
    figure, typed = changed_meanwhile()
    page = text_of(admin_client.post(address("figure", "change", figure.pk), typed))
    for both in (("7", "8,25"), ("của người khác", "của tôi"), ("ước", "chính thức"), ("10/01/2022", "27/01/2026")):
        assert [text for text in both if f"“{text}”" not in page] == []
    assert str(Figure.objects.get().value) == "7.0000"


def test_a_second_click_keeps_what_was_typed(admin_client):
    figure, typed = changed_meanwhile()
    page = admin_client.post(address("figure", "change", figure.pk), typed)
    version = page.context["adminform"].form["read_version"].value()
    admin_client.post(address("figure", "change", figure.pk), typed | {"read_version": version})
    stored = Figure.objects.get()
    assert (str(stored.value), stored.note, stored.version) == ("8.2500", "của tôi", 3)


def test_a_third_save_in_between_is_shown_too(admin_client):
    figure, typed = changed_meanwhile()
    page = admin_client.post(address("figure", "change", figure.pk), typed)
    version = page.context["adminform"].form["read_version"].value()
    figure.value = 9
    figure.save()
    again = admin_client.post(address("figure", "change", figure.pk), typed | {"read_version": version})
    assert "“9”" in text_of(again)
    assert str(Figure.objects.get().value) == "9.0000"


@pytest.mark.parametrize("version", ["", "0", "7", "x"])
def test_a_hand_made_request_does_not_overwrite_unseen(admin_client, version):
    figure = own_figure(value="6.5")
    page = admin_client.post(address("figure", "change", figure.pk), posted(figure, value="9", read_version=version))
    assert page.status_code == 200
    assert str(Figure.objects.get().value) == "6.5000"


def test_what_was_deleted_meanwhile_is_not_brought_back_by_saving(admin_client):
    figure = own_figure()
    typed = posted(figure)
    figure.delete()
    admin_client.post(address("figure", "change", figure.pk), typed)
    assert not Figure.objects.exists()


# People and their agencies


def page_of_person(person, *agencies):
    """The whole form of a user with rows for new memberships."""
    sent = {"username": person.username, "is_active": "on", "is_staff": "on"}
    sent |= {"date_joined_0": "01/03/2025", "date_joined_1": "08:00:00"}
    sent |= {"memberships-TOTAL_FORMS": len(agencies), "memberships-INITIAL_FORMS": 0}
    return sent | {f"memberships-{place}-agency": record.pk for place, record in enumerate(agencies)}


def test_people_are_given_their_agencies_on_their_own_page(admin_client, admin_user):
    person = make_person()
    page = reverse("admin:auth_user_change", args=[person.pk])
    assert admin_client.post(page, page_of_person(person, agency())).status_code == 302
    membership = Membership.objects.get()
    assert (membership.user, membership.agency) == (person, agency())
    assert membership.history.get().history_user == admin_user


def test_nobody_is_a_member_of_an_agency_twice(admin_client):
    person = make_membership(agency=agency()).user
    page = reverse("admin:auth_user_change", args=[person.pk])
    assert admin_client.post(page, page_of_person(person, agency())).status_code == 200
    assert Membership.objects.count() == 1


def test_rights_given_to_a_person_are_kept_with_who_gave_them(admin_client, admin_user):
    person = make_person()
    group = Group.objects.get(name="Duyệt số liệu")
    page = reverse("admin:auth_user_change", args=[person.pk])
    admin_client.post(page, page_of_person(person) | {"groups": [group.pk]})
    last = person.history.latest()
    assert (last.history_user, [record.group for record in last.groups.all()]) == (admin_user, [group])


# Official verdicts


def verdict(target, **fields):
    values = {"target": target.pk, "verdict": "achieved", "reason": "Thông báo 12", "decided_on": "01/03/2026"}
    return values | fields


def test_a_verdict_keeps_who_decided_it(client):
    chief = make_person(rights=["decide_verdict"])
    client.force_login(chief)
    client.post(address("officialverdict", "add"), verdict(make_target()))
    decided = OfficialVerdict.objects.get()
    assert decided.decided_by == chief
    assert decided.history.get().history_user == chief


def test_a_verdict_names_nobody_else_by_a_forged_request(admin_client, admin_user):
    other = make_person()
    admin_client.post(address("officialverdict", "add"), verdict(make_target(), decided_by=other.pk))
    assert OfficialVerdict.objects.get().decided_by == admin_user


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_verdict_needs_a_reason(admin_client, reason):
    response = admin_client.post(address("officialverdict", "add"), verdict(make_target(), reason=reason))
    assert response.context["adminform"].form.errors["reason"]
    assert not OfficialVerdict.objects.exists()


def test_without_the_right_to_decide_other_rights_to_verdicts_are_none(client):
    every = [f"{action}_officialverdict" for action in ("view", "add", "change", "delete")]
    client.force_login(make_person(rights=every))
    decided = make_official_verdict()
    assert client.post(address("officialverdict", "add"), verdict(make_target())).status_code == 403
    assert client.post(address("officialverdict", "change", decided.pk), verdict(decided.target)).status_code == 403
    assert client.post(address("officialverdict", "delete", decided.pk), {"post": "yes"}).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": [decided.pk], "post": "yes"}
    client.post(address("officialverdict", "changelist"), sent)
    assert OfficialVerdict.objects.get().verdict == decided.verdict


# In a browser


@pytest.mark.django_db(transaction=True)
def test_a_clerk_types_picks_and_saves_in_a_browser(page, live_server):
    make_figure(value="7.1", indicator=make_indicator(name_vi="Tốc độ tăng trưởng GRDP"))
    make_person("quantri", is_superuser=True)
    page.goto(live_server.url + reverse("admin:login") + "?next=" + address("figure", "add"))
    page.fill("[name=username]", "quantri")
    page.fill("[name=password]", "secret")
    page.press("[name=password]", "Enter")
    for field, words, name in (("indicator", "tang truong", "Tốc độ"), ("source", "bao cao", "Báo cáo")):
        page.click(f".field-{field} .select2-selection")
        page.keyboard.type(words)
        page.click(f".select2-results__option:has-text('{name}')")
    page.fill("[name=year]", "2025")
    page.fill("[name=value]", "6,95")
    page.select_option("[name=status]", "final")
    page.fill("[name=published_on]", "05/03/2026")
    page.click(".field-published_on a:has(.date-icon)")
    page.click(".calendarbox td a >> text='27'")
    assert page.input_value("[name=published_on]") == "27/03/2026"
    page.click("[name=_continue]")
    assert "năm 2025: 6,95% (chính thức)" in page.inner_text(".messagelist")
    page.click("text=Lịch sử")
    assert "Thêm mới" in page.inner_text("#change-history")


# Submitting from the form


def test_what_was_typed_is_what_is_submitted(admin_client):
    figure = own_figure(value="5.7", state="returned")
    typed = posted(indicator=figure.indicator_id, value="5,9", read_version=figure.version, _submit="")
    page = text_of(admin_client.post(address("figure", "change", figure.pk), typed, follow=True))
    figure.refresh_from_db()
    assert (figure.state, str(figure.value)) == ("submitted", "5.9000")
    assert "Đã trình 1 số liệu, chờ duyệt." in page


def test_a_new_figure_is_saved_and_submitted_at_once(admin_client):
    admin_client.post(address("figure", "add"), posted(_submit=""))
    assert Figure.objects.get().state == "submitted"


def test_what_cannot_be_saved_is_not_submitted(admin_client):
    figure = own_figure(value="5.7", state="returned")
    typed = posted(indicator=figure.indicator_id, value="năm", read_version=figure.version, _submit="")
    admin_client.post(address("figure", "change", figure.pk), typed)
    figure.refresh_from_db()
    assert figure.state == "returned"


def test_a_page_with_a_form_has_no_button_that_submits_what_is_stored(admin_client):
    page = admin_client.get(address("figure", "change", own_figure(state="returned").pk)).content.decode()
    assert 'name="_submit"' in page
    assert 'value="submit"' not in page


def test_a_figure_that_exists_already_is_told_and_not_stored_twice(admin_client):
    typed = posted()
    admin_client.post(address("figure", "add"), typed)
    again = admin_client.post(address("figure", "add"), typed)
    assert (again.status_code, Figure.objects.count()) == (200, 1)
    assert "đã có" in text_of(again)


def test_what_is_submitted_as_it_is_counts_as_edited_by_nobody(admin_client):
    admin_client.post(address("figure", "add"), posted())
    figure = Figure.objects.get()
    admin_client.post(address("figure", "change", figure.pk), posted(figure, _submit=""))
    assert [step.kind for step in figure.steps.all()] == ["enter", "submit"]


def test_what_came_back_meanwhile_is_not_submitted_unseen(admin_client):
    admin_client.post(address("figure", "add"), posted())
    figure = Figure.objects.get()
    shown = posted(figure, _submit="")
    figure.state = "returned"
    figure.save()
    page = text_of(admin_client.post(address("figure", "change", figure.pk), shown, follow=True))
    assert "đã thay đổi sau khi anh/chị xem" in page
    assert [step.kind for step in figure.steps.all()] == ["enter"]


def chosen_in_list(page, *figures, **fields):
    """The list of figures as the browser sends it, with these ticked to be submitted."""
    versions = re.findall(r'name="record_version" value="(\d+:\d+)"', page.content.decode())
    return {
        "action": "submit_chosen",
        "_selected_action": [record.pk for record in figures],
        "record_version": versions,
    } | fields


def test_from_the_list_only_the_versions_it_showed_are_submitted(admin_client):
    shown, changed = own_figure(year=2023), own_figure(year=2024)
    typed = chosen_in_list(admin_client.get(address("figure", "changelist")), shown, changed)
    changed.save()
    page = text_of(admin_client.post(address("figure", "changelist"), typed, follow=True))
    assert list(Figure.objects.order_by("year").values_list("state", flat=True)) == ["submitted", "entered"]
    assert "đã thay đổi sau khi anh/chị xem" in page


def test_of_all_pages_of_a_list_those_that_were_not_shown_are_submitted_as_they_stand(admin_client):
    figures = [own_figure(year=2023), own_figure(year=2024)]
    admin_client.post(
        address("figure", "changelist"), {**chosen_in_list(admin_client.get("/"), figures[0]), "select_across": "1"}
    )
    assert set(Figure.objects.values_list("state", flat=True)) == {"submitted"}

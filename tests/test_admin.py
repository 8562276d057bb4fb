"""The staff pages: what is shown, found, refused and remembered. Hand-made requests stand for forged ones."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from indicators import models
from indicators.models import Figure, Indicator, OfficialVerdict, Sector, Source, Target

from .factories import (
    make_agency,
    make_aggregate,
    make_comparison,
    make_figure,
    make_indicator,
    make_official_result,
    make_official_verdict,
    make_sector,
    make_source,
    make_target,
    make_term,
    source,
)
from .test_project import INLINE

pytestmark = pytest.mark.django_db

RECORDS = [getattr(models, name) for name in models.__all__ if hasattr(getattr(models, name), "history")]
READINGS = ["figure", "target", "aggregate", "comparison"]


def person(name, *codenames):
    """A member of staff with the given permissions."""
    user = User.objects.create_user(name, password="secret", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    assert user.user_permissions.count() == len(codenames)
    return user


@pytest.fixture(autouse=True)
def _vietnamese():
    with override("vi"):
        yield


@pytest.fixture
def clerk(client):
    """Enters figures and approves nothing."""
    looks = [f"view_{model._meta.model_name}" for model in RECORDS]
    client.force_login(person("nhaplieu", *looks, "add_figure", "change_figure"))
    return client


@pytest.fixture
def reader(client):
    client.force_login(person("xem", *(f"view_{model._meta.model_name}" for model in RECORDS)))
    return client


@override("vi")  # a request for an English page leaves its language behind
def address(model, action, *arguments):
    return reverse(f"admin:indicators_{model}_{action}", args=arguments)


def posted(figure=None, **fields):
    """The fields of the figure form as a browser sends them; those of `figure`, or of a new one."""
    indicator = figure.indicator if figure else make_indicator()
    values = {"indicator": indicator.pk, "year": 2025, "through_month": 12, "value": "6,95", "qualifier": "exact"}
    values |= {"status": "final", "published_on": "27/09/2025", "source": source().pk, "quote_vi": "", "note": ""}
    return values | fields


def text_of(response):
    """The page as a reader sees it: no markup, single blanks."""
    page = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(page.split())


def names_in(response):
    """The first column of a list."""
    return [str(record) for record in response.context["cl"].result_list]


# Numbers, days, history


def test_a_figure_entered_is_kept_with_who_and_when(admin_client, admin_user):
    admin_client.post(address("figure", "add"), posted(value="11.728,3", state="approved"))
    figure = Figure.objects.get()
    assert (str(figure.value), figure.published_on.isoformat()) == ("11728.3000", "2025-09-27")
    version = figure.history.get()
    assert (version.history_user, version.history_type) == (admin_user, "+")
    assert version.history_date is not None


def test_what_was_understood_is_read_back(admin_client):
    indicator = make_indicator(unit_vi="tỷ đồng", kind="flow")
    typed = posted(
        indicator=indicator.pk, value="5.056", through_month=9, year=2019, status="estimate", state="approved"
    )
    response = admin_client.post(address("figure", "add"), typed, follow=True)
    assert "Đã hiểu là: 9 tháng năm 2019, 5.056 tỷ đồng, ước." in text_of(response)


def test_the_english_pages_read_and_show_english_numbers(admin_client):
    admin_client.post("/en" + address("figure", "add"), posted(value="11,728.3", state="approved"))
    figure = Figure.objects.get()
    page = admin_client.get("/en" + address("figure", "change", figure.pk))
    assert 'value="11,728.3"' in page.content.decode()


def test_a_number_is_shown_with_its_digits_and_no_more(admin_client):
    figure = make_figure(value="82")
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
    figure = make_figure(value="6.5", status="estimate")
    admin_client.post(
        address("figure", "change", figure.pk),
        posted(figure, year=2021, value="6,95", status="final", published_on="10/01/2022", state="approved"),
    )
    page = text_of(admin_client.get(address("figure", "history", figure.pk)))
    assert "Giá trị: 6,5 → 6,95" in page
    assert "Trạng thái: ước → chính thức" in page
    assert "Sửa admin" in page


def test_an_old_version_can_be_brought_back(admin_client):
    figure = make_figure(value="6.5")
    old = figure.history.get()
    Figure.objects.filter(pk=figure.pk).update(value="65")
    page = admin_client.get(address("figure", "simple_history", figure.pk, old.pk))
    assert "Khôi phục" in text_of(page)
    restored = posted(figure, year=2021, value="6,5", published_on="10/01/2022", state="approved")
    admin_client.post(address("figure", "simple_history", figure.pk, old.pk), restored)
    assert str(Figure.objects.get().value) == "6.5000"


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
    found = make(indicator=poverty, source=make_source(title_vi="Báo cáo số 7"), **years)
    make(indicator=other, source=make_source(title_vi="Nghị quyết"), **dict.fromkeys(years, 2019))
    response = admin_client.get(address(model, "changelist"), {"q": words})
    assert list(response.context["cl"].result_list) == [found]


def test_an_autocomplete_finds_without_diacritics(admin_client):
    poverty = make_indicator(name_vi="Tỷ lệ hộ nghèo")
    make_indicator(name_vi="Tốc độ tăng trưởng")
    asked = {"term": "ho ngheo", "app_label": "indicators", "model_name": "figure", "field_name": "indicator"}
    found = admin_client.get(reverse("admin:autocomplete"), asked).json()["results"]
    assert found == [{"id": str(poverty.pk), "text": "Tỷ lệ hộ nghèo"}]


def test_an_autocomplete_of_targets_asks_once_for_all_names(admin_client, django_assert_max_num_queries):
    for year in range(2021, 2031):
        make_target(first_year=year, last_year=year)
    asked = {"term": "chi tieu", "app_label": "indicators", "model_name": "officialverdict", "field_name": "target"}
    with django_assert_max_num_queries(8):
        found = admin_client.get(reverse("admin:autocomplete"), asked).json()["results"]
    assert len(found) == 10


def test_years_and_periods_filter_a_list(admin_client):
    indicator = make_indicator()
    wanted = make_figure(indicator=indicator, year=2019, through_month=9)
    make_figure(indicator=indicator, year=2019)
    make_figure(indicator=indicator, year=2020, through_month=9)
    response = admin_client.get(address("figure", "changelist"), {"year": "2019", "through_month": "9"})
    assert list(response.context["cl"].result_list) == [wanted]


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


def one_of_each():
    target = make_target()
    make_official_verdict(target=target)
    make_official_result()
    for make in (make_figure, make_aggregate, make_comparison):
        make(indicator=target.indicator)
    make_agency()


@pytest.mark.parametrize("model", RECORDS)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_record_has_its_pages_without_inline_code(admin_client, model, prefix):
    one_of_each()
    name, record = model._meta.model_name, model.objects.first()
    version = record.history.first()
    pages = [address(name, "changelist"), address(name, "add"), address(name, "change", record.pk)]
    pages += [address(name, "history", record.pk), address(name, "simple_history", record.pk, version.pk)]
    pages += [address(name, "delete", record.pk)]
    for page in pages:
        response = admin_client.get(prefix + page)
        assert response.status_code == 200
        assert INLINE.search(response.content.decode()) is None


@pytest.mark.parametrize("model", RECORDS)
def test_a_reader_sees_every_page_and_no_field(reader, model):
    one_of_each()
    name, record = model._meta.model_name, model.objects.first()
    version = record.history.first()
    for page in (
        address(name, "change", record.pk),
        address(name, "history", record.pk),
        address(name, "simple_history", record.pk, version.pk),
    ):
        response = reader.get(page)
        assert response.status_code == 200
        shown = response.content.decode().split('id="content"')[1]
        assert re.findall(r'<(?:input|select|textarea)\b(?![^>]*type="hidden")[^>]*', shown) == []


def rows(number):
    """That many of every record, each with relations of its own."""
    for place in range(number):
        indicator = make_indicator(sector=make_sector(), agency=make_agency(successor=make_agency()))
        make_indicator(parent=indicator)
        year = 1990 + Target.objects.count()
        own = {"indicator": indicator, "source": make_source()}
        target = make_target(term=make_term(last_year=year, first_year=year), first_year=2021, last_year=2025, **own)
        make_official_verdict(target=target, decided_by=person(f"user-{year}-{place}"))
        make_official_result(term=target.term, source=own["source"])
        make_figure(**own)
        make_aggregate(**own)
        make_comparison(**own)


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


# Figures on the page of their indicator


def new_rows(*figures):
    """The management form and rows for new figures, as the page of an indicator sends them."""
    sent = {"figures-TOTAL_FORMS": len(figures), "figures-INITIAL_FORMS": 0}
    for place, figure in enumerate(figures):
        sent |= {f"figures-{place}-{name}": value for name, value in figure.items()}
    return sent


def row(**fields):
    values = {"year": 2025, "through_month": 12, "value": "6,95", "qualifier": "exact", "status": "final"}
    return values | {"source": source().pk, "published_on": "27/09/2025", "state": "approved"} | fields


def page_of(indicator, *figures):
    """The whole form of an indicator with rows for new figures."""
    values = {name: getattr(indicator, name) for name in ("code", "order", "name_vi", "unit_vi", "decimals")}
    values |= {
        "sector": indicator.sector_id,
        "better": indicator.better,
        "kind": indicator.kind,
        "path": indicator.path,
    }
    return values | new_rows(*figures)


def test_figures_are_entered_on_the_page_of_their_indicator(admin_client, admin_user):
    indicator = make_indicator()
    rows_sent = (
        row(value="11.728,3"),
        row(year=2024, value="9.000"),
        row(year="", value="", source="", status="", published_on=""),
    )
    response = admin_client.post(address("indicator", "change", indicator.pk), page_of(indicator, *rows_sent))
    assert response.status_code == 302
    assert sorted(str(figure.value) for figure in indicator.figures.all()) == ["11728.3000", "9000.0000"]
    assert {figure.history.get().history_user for figure in indicator.figures.all()} == {admin_user}


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
    known = make_figure(year=2025, status="final", published_on="2025-09-27")
    sent = page_of(known.indicator, row())
    assert "Số liệu này đã có" in text_of(admin_client.post(address("indicator", "change", known.indicator.pk), sent))


def test_two_rows_with_the_same_key_are_explained(admin_client):
    indicator = make_indicator()
    response = admin_client.post(address("indicator", "change", indicator.pk), page_of(indicator, row(), row()))
    assert "Hai số liệu mới có cùng kỳ, trạng thái" in text_of(response)
    assert not indicator.figures.exists()


def test_a_row_that_can_mean_two_things_is_asked(admin_client):
    known = make_figure(value="7.1")
    sent = page_of(known.indicator, row(value="6.950"))
    page = text_of(admin_client.post(address("indicator", "change", known.indicator.pk), sent))
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


def test_an_approver_finds_approved_chosen(admin_client):
    page = admin_client.get(address("figure", "add")).content.decode()
    assert '<option value="approved" selected>' in page


def test_a_clerk_sees_the_state_but_no_choice(clerk):
    page = clerk.get(address("figure", "add"))
    assert 'name="state"' not in page.content.decode()
    assert "Tình trạng duyệt: mới nhập" in text_of(page)


@pytest.mark.parametrize("state", ["entered", "submitted", "returned"])
def test_a_clerk_cannot_approve_by_a_forged_request(clerk, state):
    figure = make_figure(state=state)
    clerk.post(address("figure", "change", figure.pk), posted(figure, value="7,5", state="approved"))
    figure.refresh_from_db()
    assert (figure.state, str(figure.value)) == (state, "7.5000")


def test_a_clerk_cannot_change_what_is_public(clerk):
    figure = make_figure(value="6.5", state="approved")
    page = address("figure", "change", figure.pk)
    assert 'name="value"' not in clerk.get(page).content.decode()
    assert clerk.post(page, posted(figure, value="9,9")).status_code == 403
    assert str(Figure.objects.get().value) == "6.5000"


def test_a_clerk_cannot_bring_back_an_approved_version(clerk):
    figure = make_figure(state="approved")
    approved = figure.history.get()
    figure.state = "returned"
    figure.save()
    clerk.post(address("figure", "simple_history", figure.pk, approved.pk), posted(figure))
    assert Figure.objects.get().state == "returned"


def test_a_clerk_cannot_bring_back_an_unapproved_version_of_what_is_public(clerk):
    figure = make_figure(state="entered", value="5")
    entered = figure.history.get()
    figure.state, figure.value = "approved", "6"
    figure.save()
    page = address("figure", "simple_history", figure.pk, entered.pk)
    assert "Khôi phục" not in text_of(clerk.get(page))
    assert clerk.post(page, posted(figure)).status_code == 403
    assert Figure.objects.get().state == "approved"


@pytest.mark.parametrize("model", RECORDS)
def test_a_reader_cannot_bring_back_a_version_by_a_forged_request(reader, model):
    one_of_each()
    record = model.objects.first()
    page = address(model._meta.model_name, "simple_history", record.pk, record.history.first().pk)
    assert reader.post(page, {}).status_code == 403
    assert record.history.count() == 1


def test_whoever_keeps_indicators_does_not_approve_figures_there(client):
    client.force_login(person("bientap", "view_indicator", "change_indicator", "add_figure"))
    indicator = make_indicator()
    client.post(address("indicator", "change", indicator.pk), page_of(indicator, row(state="approved")))
    assert Figure.objects.get().state == "entered"


def test_a_clerk_adds_no_figure_by_the_page_of_an_indicator(clerk):
    indicator = make_indicator()
    page = address("indicator", "change", indicator.pk)
    assert "figures-TOTAL_FORMS" not in clerk.get(page).content.decode()
    assert clerk.post(page, page_of(indicator, row())).status_code == 403


@pytest.mark.parametrize("permission", ["delete_figure", None])
def test_public_figures_are_not_deleted_in_bulk_without_the_right(client, permission):
    client.force_login(person("nhaplieu", *filter(None, ["view_figure", "change_figure", permission])))
    figure = make_figure(state="approved")
    sent = {"action": "delete_selected", "_selected_action": [figure.pk], "post": "yes"}
    client.post(address("figure", "changelist"), sent)
    assert Figure.objects.exists()


def test_what_is_deleted_in_bulk_stays_in_history_with_a_name(admin_client, admin_user):
    figure = make_figure()
    sent = {"action": "delete_selected", "_selected_action": [figure.pk], "post": "yes"}
    admin_client.post(address("figure", "changelist"), sent)
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


# Official verdicts


def verdict(target, **fields):
    values = {"target": target.pk, "verdict": "achieved", "reason": "Thông báo 12", "decided_on": "01/03/2026"}
    return values | fields


def test_a_verdict_keeps_who_decided_it(client):
    chief = person("lanhdao", "decide_verdict")
    client.force_login(chief)
    client.post(address("officialverdict", "add"), verdict(make_target()))
    decided = OfficialVerdict.objects.get()
    assert decided.decided_by == chief
    assert decided.history.get().history_user == chief


def test_a_verdict_names_nobody_else_by_a_forged_request(admin_client, admin_user):
    other = person("khac")
    admin_client.post(address("officialverdict", "add"), verdict(make_target(), decided_by=other.pk))
    assert OfficialVerdict.objects.get().decided_by == admin_user


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_verdict_needs_a_reason(admin_client, reason):
    response = admin_client.post(address("officialverdict", "add"), verdict(make_target(), reason=reason))
    assert response.context["adminform"].form.errors["reason"]
    assert not OfficialVerdict.objects.exists()


def test_without_the_right_to_decide_other_rights_to_verdicts_are_none(client):
    every = [f"{action}_officialverdict" for action in ("view", "add", "change", "delete")]
    client.force_login(person("nhaplieu", *every))
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
    person("quantri")
    User.objects.update(is_superuser=True)
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
    page.fill("[name=published_on]", "05/03/2025")
    page.click(".field-published_on a:has(.date-icon)")
    page.click(".calendarbox td a >> text='27'")
    assert page.input_value("[name=published_on]") == "27/03/2025"
    page.click("[name=_continue]")
    assert "Đã hiểu là: năm 2025, 6,95%, chính thức." in page.inner_text(".messagelist")
    page.click("text=Lịch sử")
    assert "Thêm mới" in page.inner_text("#change-history")

"""Figures from a file: upload, preview, confirmation; the same file twice; who may import what."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from indicators.models import Figure, Membership, Step, Upload
from indicators.staff.imports import check, write_upload
from indicators.staff.imports.columns import columns_of
from tests.factories import make_agency, make_figure, make_indicator, make_person, make_source
from tests.importing import (
    UPLOAD,
    WORKBOOKS,
    address,
    confirm,
    csv_file,
    details,
    lines,
    upload,
    verdict,
    workbook,
)
from tests.reading import content, read, see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "catalogue")]


@pytest.fixture
def finance():
    return make_agency(code="finance", name_vi="Sở Tài chính")


@pytest.fixture
def catalogue(finance):
    """Two indicators of Sở Tài chính, one of another agency, and a source."""
    make_source(code="report", title_vi="Báo cáo 310", number="310/BC-UBND")
    make_indicator(code="growth", name_vi="Tăng trưởng", kind="rate", agency=finance)
    make_indicator(code="revenue", name_vi="Thu ngân sách", unit_vi="tỷ đồng", kind="flow", order=2, agency=finance)
    make_indicator(code="poverty", name_vi="Hộ nghèo", agency=make_agency(name_vi="Sở Nông nghiệp"))


@pytest.fixture
def clerk(client, finance):
    client.force_login(make_person("lan", groups=["Nhập liệu"], agency=finance))
    return client


def only():
    """The content of the only figure."""
    (figure,) = Figure.objects.select_related("indicator", "source")
    return figure


# --- from the file to the figure


def test_a_row_becomes_an_entered_figure_with_a_step_and_a_history(clerk):
    page = upload(clerk, csv_file({}))
    assert Figure.objects.count() == 0
    ((line, kind, indicator, period, value, text),) = lines(page)
    assert (line, kind, indicator, period, value) == ("2", "+ Mới", "Tăng trưởng", "9 tháng năm 2019", "6,95%")
    assert "ước" in text
    assert "27/09/2019" in text

    assert "Đã nhập 1 số liệu mới" in verdict(confirm(clerk, "theo báo cáo"))
    figure = only()
    assert (figure.indicator.code, figure.year, figure.through_month, figure.value) == (
        "growth",
        2019,
        9,
        Decimal("6.95"),
    )
    assert (figure.status, figure.published_on, figure.source.code) == ("estimate", date(2019, 9, 27), "report")
    assert (figure.state, figure.quote_vi, figure.version) == ("entered", "tăng 6,95%", 1)
    step = Step.objects.get()
    assert (step.kind, step.by.username, step.reason) == ("enter", "lan", "Từ tệp “bang.csv”. theo báo cáo")
    assert figure.history.get().history_user.username == "lan"


def test_the_same_file_twice_changes_nothing(clerk):
    upload(clerk, csv_file({}))
    confirm(clerk)
    before = list(Figure.objects.values())
    page = upload(clerk, csv_file({}))
    assert "đã có sẵn" in verdict(page)
    assert [row[1] for row in lines(page)] == ["= Không đổi"]
    assert not page.all("button", name="confirm")
    assert list(Figure.objects.values()) == before
    assert Step.objects.count() == 1


def test_a_changed_row_shows_both_values_and_keeps_the_history(clerk):
    upload(clerk, csv_file({}))
    confirm(clerk)
    page = upload(clerk, csv_file({"Giá trị": "6,59", "Ghi chú": "sửa lỗi gõ"}))
    assert "Giá trị : 6,95 → 6,59" in details(page)
    assert "Ghi chú : — → sửa lỗi gõ" in details(page)
    confirm(clerk)
    figure = only()
    assert (figure.value, figure.note, figure.version) == (Decimal("6.59"), "sửa lỗi gõ", 2)
    assert [old.value for old in figure.history.all()] == [Decimal("6.59"), Decimal("6.95")]
    assert list(figure.steps.values_list("kind", flat=True)) == ["enter", "edit"]


def test_columns_that_the_file_does_not_have_stay_as_they_are(clerk):
    upload(clerk, csv_file({"Ghi chú": "giữ lại"}))
    confirm(clerk)
    upload(clerk, csv_file({"Giá trị": "7", "Ghi chú": None}))
    confirm(clerk)
    assert (only().value, only().note) == (7, "giữ lại")


def test_all_or_nothing_one_bad_row_keeps_the_good_ones_out(clerk):
    page = upload(clerk, csv_file({}, {"Năm": "2020", "Giá trị": "bảy"}))
    assert "Có 1 dòng phải sửa. 1 số liệu còn lại" in verdict(page)
    confirm(clerk)  # as no button of this page does
    assert Figure.objects.count() == 0


def test_columns_of_a_data_package_are_read_too(clerk):
    text = "indicator,year,through_month,value,qualifier,status,published_on,source\n"
    file = csv_file({})
    file.seek(0)
    file.truncate()
    file.write((text + "growth,2019,9,11728.3,over,estimate,2019-09-27,report\n").encode())
    file.seek(0)
    upload(clerk, file)
    confirm(clerk, "đã đối chiếu")
    assert (only().value, only().qualifier) == (Decimal("11728.3"), "over")


@pytest.mark.parametrize("name", ["openpyxl.xlsx", "libreoffice.xlsx"])
def test_a_real_workbook_is_read_with_its_days_words_texts_and_hidden_rows(clerk, name):
    """A merged title, two lines above the headings, a hidden row, a formula as text, a row without an answer, another sheet."""
    page = upload(clerk, (WORKBOOKS / name).open("rb"))
    text = page.one(id="content").text
    assert "Các dòng bị ẩn cũng được đọc: dòng 5." in text
    assert "Bỏ qua 1 dòng không có giá trị." in text
    assert [row[4] for row in lines(page)] == ["6,95%", "trên 5.056,5 tỷ đồng", "chưa thu thập (…)"]
    confirm(clerk)
    figures = {(figure.indicator.code, figure.year): figure for figure in Figure.objects.select_related("indicator")}
    revenue = figures["revenue", 2019]
    assert (revenue.value, revenue.qualifier, revenue.quote_vi) == (Decimal("5056.5"), "over", "=1+1")
    assert revenue.note == "<script>alert(1)</script>"
    assert figures["growth", 2019].published_on == date(2019, 9, 27)
    assert figures["growth", 2020].value is None
    assert "đã có sẵn" in verdict(upload(clerk, (WORKBOOKS / name).open("rb")))


def test_the_filled_in_template_is_imported(clerk):
    from io import BytesIO

    from openpyxl import load_workbook

    response = clerk.get(f"{UPLOAD}template/?year=2019&months=9&as=xlsx")
    book = load_workbook(BytesIO(b"".join(response)))
    sheet = book.worksheets[0]
    assert [sheet.cell(row, 1).value for row in (2, 3, 4)] == ["growth", "revenue", None]
    assert len(sheet.data_validations.dataValidation) == 5
    sheet["F2"], sheet["H2"], sheet["I2"], sheet["J2"] = 6.95, "ước", date(2019, 9, 27), "report"
    file = BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "mau.xlsx"
    upload(clerk, file)
    confirm(clerk)
    assert (only().value, only().period.code) == (Decimal("6.95"), "2019-9M")


def test_the_template_as_csv_has_the_own_indicators_only(clerk):
    text = content(clerk.get(f"{UPLOAD}template/?year=2019&months=12&as=csv"))
    assert text.startswith("\ufeffMã chỉ tiêu;Tên chỉ tiêu;Đơn vị;Năm;Kỳ;Giá trị")
    assert "revenue;Thu ngân sách;tỷ đồng;2019;cả năm" in text
    assert "poverty" not in text


# --- numbers and days


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["6.950", "7,25"], ["6950", "7.25"]),
        (["6.950", "7.25"], ["6.95", "7.25"]),
        (["11.728,3", "6.950"], ["11728.3", "6950"]),
        (["11,728.3", "6,950"], ["11728.3", "6950"]),
    ],
)
def test_the_notation_is_that_of_the_whole_file(clerk, texts, values):
    upload(clerk, csv_file(*({"Giá trị": text, "Năm": str(2019 + at)} for at, text in enumerate(texts))))
    confirm(clerk, "đúng")
    assert [figure.value for figure in Figure.objects.order_by("year")] == [Decimal(value) for value in values]


def test_the_notation_can_be_switched(clerk):
    page = upload(clerk, csv_file({"Giá trị": "6.950"}))
    assert "Kiểu Việt Nam" in page.one("form", class_="notation").text
    assert lines(page)[0][4] == "6.950%"
    page = read(clerk.post(address(clerk), {"notation": "en"}, follow=True))
    assert "Kiểu máy" in page.one("form", class_="notation").text
    assert lines(page)[0][4] == "6,95%"
    confirm(clerk)
    assert only().value == Decimal("6.95")


def test_number_cells_mean_themselves_in_any_notation(clerk):
    upload(clerk, workbook({"Giá trị": 0.1 + 0.2}, {"Giá trị": "6,95", "Năm": 2020}))
    confirm(clerk)
    assert [figure.value for figure in Figure.objects.order_by("year")] == [Decimal("0.3"), Decimal("6.95")]


@pytest.mark.parametrize("day", ["27/09/2019", "27-9-2019", "2019-09-27", date(2019, 9, 27), 43735])
def test_days_are_read_in_every_form_that_is_sure(clerk, day):
    upload(clerk, workbook({"Ngày công bố": day}))
    confirm(clerk)
    assert only().published_on == date(2019, 9, 27)


def test_a_source_is_named_by_code_number_or_title(clerk):
    for year, name in enumerate(["report", "310/BC-UBND", "Báo cáo 310"], 2019):
        upload(clerk, csv_file({"Nguồn": name, "Năm": str(year)}))
        confirm(clerk)
    assert Figure.objects.filter(source__code="report").count() == 3


# --- what looks odd


def test_an_odd_number_is_imported_with_a_reason_only(clerk):
    for year in (2016, 2017, 2018):
        make_figure(indicator=indicator("growth"), year=year, value="6.9", published_on=f"{year + 1}-01-10")
    page = upload(clerk, csv_file({"Giá trị": "695"}))
    assert "! Cần xác nhận" in lines(page)[0][1]
    page = confirm(clerk)
    assert "Hãy ghi rõ vì sao" in page.one("p", id="reason-error").text
    assert not Figure.objects.filter(value=695).exists()
    confirm(clerk, "đã hỏi lại Cục Thống kê")
    assert "Cục Thống kê" in Step.objects.get(figure__value=695).reason


def test_a_name_beside_the_wrong_code_is_doubted(clerk):
    page = upload(clerk, csv_file({"Tên chỉ tiêu": "Thu ngân sách"}))
    assert "lệch dòng" in details(page)


# --- who may


def indicator(code):
    from indicators.models import Indicator

    return Indicator.objects.get(code=code)


def test_rows_of_other_agencies_are_refused_each(clerk):
    page = upload(clerk, csv_file({}, {"Mã chỉ tiêu": "poverty"}, {"Mã chỉ tiêu": "poverty", "Năm": "2020"}))
    assert [row[1] for row in lines(page)] == ["✕ Cần sửa", "✕ Cần sửa"]
    assert "cơ quan mình" in lines(page)[0][5]
    confirm(clerk)
    assert Figure.objects.count() == 0


def test_a_right_lost_after_the_preview_stops_the_import(clerk):
    upload(clerk, csv_file({}))
    Membership.objects.all().delete()
    assert "Chưa ghi gì" in verdict(confirm(clerk))
    assert Figure.objects.count() == 0


def test_a_figure_changed_after_the_preview_is_shown_before_it_is_written(clerk):
    figure = make_figure(
        indicator=indicator("growth"), year=2019, through_month=9, status="estimate", published_on="2019-09-27",
        state="entered",
    )  # fmt: skip
    upload(clerk, csv_file({}))
    figure.value = Decimal("9.9")
    figure.save()
    page = confirm(clerk)
    assert "Chưa ghi gì" in verdict(page)
    assert "9,9 → 6,95" in lines(page)[0][5]
    figure.refresh_from_db()
    assert figure.value == Decimal("9.9")
    confirm(clerk)
    figure.refresh_from_db()
    assert figure.value == Decimal("6.95")


@pytest.mark.parametrize(("state", "message"), [("approved", "đã được duyệt"), ("submitted", "đang chờ duyệt")])
def test_a_figure_that_is_out_of_hand_is_not_changed(clerk, state, message):
    make_figure(
        indicator=indicator("growth"),
        year=2019,
        through_month=9,
        status="estimate",
        published_on="2019-09-27",
        state=state,
    )
    page = upload(clerk, csv_file({}))
    assert message in details(page)
    confirm(clerk)
    assert only().value == Decimal("6.5")


def test_an_upload_is_its_owners_alone(clerk, finance):
    upload(clerk, csv_file({}))
    here = address(clerk)
    other = Client()
    other.force_login(make_person("binh", groups=["Nhập liệu"], agency=finance))
    for answer in (other.get(here), other.post(here, {"confirm": ""}), other.post(here, {"discard": ""})):
        assert answer.status_code == 404
    assert Upload.objects.count() == 1
    assert Figure.objects.count() == 0


@pytest.mark.parametrize("where", ["", "template/?year=2019&months=9&as=csv", "1/"])
@pytest.mark.parametrize("group", ["Duyệt số liệu", "Quản trị chỉ tiêu", "Xem"])
def test_who_does_not_enter_does_not_import(client, group, where):
    client.force_login(make_person(groups=[group]))
    assert client.get(UPLOAD + where).status_code == 403
    assert "Nhập từ tệp" not in see(client, "/admin/indicators/figure/").text


def test_the_list_of_figures_leads_to_the_import(clerk):
    page = see(clerk, "/admin/indicators/figure/")
    assert UPLOAD in [link["href"] for link in page.all("a") if link.text == "Nhập từ tệp"]


def test_an_upload_without_a_token_is_refused(finance):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_person(groups=["Nhập liệu"], agency=finance))
    assert strict.post(UPLOAD, {"file": csv_file({})}).status_code == 403
    assert not Upload.objects.exists()


# --- the file in between


def test_a_second_confirmation_writes_nothing_more(clerk):
    upload(clerk, csv_file({}))
    confirm(clerk)
    assert "Đã nhập 1 số liệu mới" in verdict(confirm(clerk))
    assert Step.objects.count() == 1
    assert bytes(Upload.objects.get().content) == b""


def test_a_file_is_thrown_away_on_demand_and_after_a_day(clerk, time_machine):
    upload(clerk, csv_file({}))
    clerk.post(address(clerk), {"discard": ""})
    assert not Upload.objects.exists()
    upload(clerk, csv_file({}))
    time_machine.shift(25 * 3600)
    clerk.force_login(Upload.objects.get().owner)
    clerk.get(UPLOAD)
    assert not Upload.objects.exists()


def test_a_preview_is_worded_in_the_language_of_the_page(clerk):
    upload(clerk, csv_file({"Giá trị": "bảy"}))
    page = see(clerk, f"/en{address(clerk)}")
    assert "Value" in details(page)
    assert "is not a number" in details(page)


# --- large files


def many(rows):
    return csv_file(*({"Năm": str(1950 + at // 12), "Kỳ": str(at % 12 + 1), "Giá trị": "6,5"} for at in range(rows)))


def test_a_large_file_shows_how_far_it_is_and_goes_on_by_itself(clerk, monkeypatch):
    monkeypatch.setattr("indicators.staff.views.imports.AT_ONCE", 1)
    clerk.post(UPLOAD, {"file": many(1500)})
    text = content(clerk.get(address(clerk)))
    assert '<progress max="1500" value="1000"></progress>' in text
    assert f'content="0;url={address(clerk)}"' in text
    page = see(clerk, address(clerk))
    assert "1500 số liệu mới" in verdict(page)
    assert len(lines(page)) == 100
    assert len(lines(see(clerk, f"{address(clerk)}?page=15"))) == 100
    assert '<progress max="1500" value="1500"></progress>' in content(clerk.post(address(clerk), {"confirm": ""}))
    assert Figure.objects.count() == 1500


def test_a_large_file_whose_import_stops_in_the_middle_says_so_and_how_to_go_on(clerk, monkeypatch):
    monkeypatch.setattr("indicators.staff.views.imports.AT_ONCE", 1)
    clerk.post(UPLOAD, {"file": many(1500)})
    here = address(clerk)
    clerk.get(here)
    monkeypatch.setattr("indicators.staff.imports.review.FILE_ROWS", None)  # what nobody expects
    text = content(clerk.post(here, {"confirm": "", "reason": "lịch sử"}))
    assert "Việc này dừng giữa chừng" in text
    assert "http-equiv" not in text
    assert text.rstrip().endswith("</html>")
    assert not Figure.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_rows(clerk, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr("indicators.staff.imports.review.MAX_DOUBTED", 0)
    user = Membership.objects.get().user
    waiting = Upload.objects.create(owner=user, name="x", content=many(900).getvalue())
    with django_assert_max_num_queries(20):
        assert len(list(check(waiting, user))) == 1
    with django_assert_max_num_queries(100):  # SQLite takes a limited number of values in one query
        list(write_upload(waiting, user, "lịch sử"))
    assert Figure.objects.count() == 900


def test_too_many_figures_to_weigh_need_a_reason(clerk, monkeypatch):
    monkeypatch.setattr("indicators.staff.imports.review.MAX_DOUBTED", 1)
    page = upload(clerk, csv_file({}, {"Năm": "2020"}))
    assert "quá nhiều" in page.one("form", class_="confirm").text
    confirm(clerk)
    assert Figure.objects.count() == 0
    confirm(clerk, "số liệu lịch sử")
    assert Figure.objects.count() == 2


def test_only_what_a_file_changes_is_written(clerk):
    upload(clerk, csv_file({}, {"Năm": "2020"}))
    confirm(clerk)
    upload(clerk, csv_file({"Giá trị": "7"}, {"Năm": "2020", "Nguyên văn": "tăng gần 7%"}))
    confirm(clerk)
    first, second = Figure.objects.order_by("year")
    assert (first.value, first.quote_vi) == (7, "tăng 6,95%")
    assert (second.value, second.quote_vi) == (Decimal("6.95"), "tăng gần 7%")
    assert {first.version, second.version} == {2}


# --- numbers that can be read in two ways


def test_a_file_that_does_not_tell_its_notation_waits_until_somebody_says_it(clerk):
    page = upload(clerk, csv_file({"Giá trị": "6.950"}))
    assert "có thể đọc theo hai cách" in verdict(page)
    confirm(clerk, "Đúng như in")
    assert Figure.objects.count() == 0
    clerk.post(address(clerk), {"notation": "en"})
    assert "có thể đọc" not in verdict(see(clerk, address(clerk)))
    confirm(clerk)
    assert only().value == Decimal("6.95")


def test_both_notations_are_offered(clerk):
    page = upload(clerk, csv_file({"Giá trị": "6.950"}))
    assert [figure["value"] for figure in page.all("button") if figure.attributes.get("name") == "notation"] == [
        "vi",
        "en",
    ]


def test_a_number_that_the_notation_makes_too_large_is_asked_about(clerk):
    make_figure(indicator=indicator("growth"), year=2018, through_month=9, value="7.1", published_on="2018-09-27")
    page = upload(clerk, csv_file({"Giá trị": "6.950"}, {"Giá trị": "7,25", "Năm": "2020"}))
    assert "có thể là 6950 hoặc 6,95; đang đọc là 6950" in lines(page)[0][5]


def test_months_of_a_file_are_held_against_each_other(clerk):
    page = upload(clerk, csv_file(*({"Mã chỉ tiêu": "revenue", "Kỳ": kỳ, "Giá trị": text} for kỳ, text in MONTHS)))
    assert ["từ đầu năm" in row[5] for row in lines(page)] == [True, True]


MONTHS = [("6 tháng", "5056,5"), ("9 tháng", "4000,5")]


def test_the_period_of_a_wrong_row_stands_in_words(clerk):
    assert lines(upload(clerk, csv_file({"Giá trị": "bảy"})))[0][3] == "9 tháng năm 2019"


def test_what_was_published_before_its_year_is_refused(clerk):
    page = upload(clerk, csv_file({"Ngày công bố": "31/12/2018"}))
    assert "trước khi năm của nó bắt đầu" in details(page)


def test_templates_of_before_are_read_by_their_headings():
    headings = ["Mã chỉ tiêu", "Trạng thái", "Từ kèm theo số"]
    assert columns_of(headings) == {0: "indicator", 1: "status", 2: "qualifier"}

"""The entry sheet: the figures of a period typed like the table of the report."""

import pytest
from django.urls import reverse

from indicators.models import Deadline, Figure, Membership, Step
from tests.factories import (
    make_agency,
    make_figure,
    make_indicator,
    make_person,
    make_sector,
    make_source,
    make_step,
    make_target,
)
from tests.reading import read, rows, see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def finance():
    return make_agency(code="finance", name_vi="Sở Tài chính")


@pytest.fixture
def clerk(client, django_user_model, finance):
    from django.contrib.auth.models import Group

    user = django_user_model.objects.create_user("lan", password="x", is_staff=True)
    user.groups.add(Group.objects.get(name="Nhập liệu"))
    Membership.objects.create(user=user, agency=finance)
    client.force_login(user)
    return client


@pytest.fixture
def revenue(finance):
    return make_indicator(code="revenue", name_vi="Thu ngân sách", unit_vi="tỷ đồng", kind="flow", agency=finance)


@pytest.fixture
def growth(finance):
    return make_indicator(code="growth", name_vi="Tăng trưởng", kind="rate", decimals=2, order=2, agency=finance)


SHEET = "/admin/indicators/figure/sheet/?year=2019&months=9"


def typed(indicator, value, **more):
    """One row as the browser sends it."""
    fields = {"value": value, "qualifier": "exact", "read_version": ""} | more
    return {f"i{indicator.pk}-{name}": text for name, text in fields.items()}


def sent(*rows, button="_save", **shared):
    """The whole sheet with its shared fields."""
    report = make_source(code="bc310") if not shared.get("source") else None
    data = {"status": "estimate", "published_on": "27/09/2019", "source": report.code if report else "", button: ""}
    for row in rows:
        data |= row
    return data | shared


def message_of(page, indicator):
    return page.one(id=f"check-{indicator.pk}").text


def test_each_indicator_of_the_own_agency_has_a_row_with_what_is_known(clerk, revenue, growth):
    make_indicator(name_vi="Của sở khác", agency=make_agency())
    make_figure(indicator=revenue, year=2018, through_month=9, value="3690", published_on="2018-09-28")
    make_target(indicator=revenue, scope="annual", first_year=2019, last_year=2019, low="5448", decided_on="2018-12-10")
    page = see(clerk, SHEET)
    table = [row for row in rows(page.one("table", class_="sheet")) if len(row) > 1]
    assert [row[0] for row in table] == ["Thu ngân sách", "Tăng trưởng"]
    assert table[0][1:5] == ["tỷ đồng", "3.690", "≥ 5.448 tỷ đồng", "—"]


def test_good_rows_are_saved_and_a_bad_one_keeps_what_was_typed(clerk, revenue, growth):
    answer = clerk.post(SHEET, sent(typed(revenue, "5.056"), typed(growth, "6,86 (ước)")))
    page = read(answer)
    assert str(Figure.objects.get().value) == "5056.0000"
    assert "“(ước)”" in message_of(page, growth)
    assert page.one("input", name=f"i{growth.pk}-value")["value"] == "6,86 (ước)"


def test_what_was_understood_is_read_back_before_anything_is_saved(clerk, revenue):
    make_figure(indicator=revenue, year=2018, through_month=9, value="3690", published_on="2018-09-28")
    page = read(clerk.post(SHEET, sent(typed(revenue, "5.056"), button="_check")))
    said = message_of(page, revenue)
    assert "9 tháng năm 2019: 5.056 tỷ đồng (ước) – năm nghìn không trăm năm mươi sáu" in said
    assert "+37,0% so với 9 tháng 2018" in said
    assert "Khi được duyệt, đây là số có hiệu lực" in said
    assert not Figure.objects.filter(year=2019).exists()


def test_an_odd_value_waits_for_a_reason_and_is_saved_with_it(clerk, revenue):
    make_figure(indicator=revenue, year=2018, through_month=9, value="3.47", published_on="2018-09-28")
    page = read(clerk.post(SHEET, sent(typed(revenue, "3.180"))))
    assert not Figure.objects.filter(year=2019).exists()
    assert offered(page) == [f"i{revenue.pk}-value=3180", f"i{revenue.pk}-value=3,18"]
    clerk.post(SHEET, sent(typed(revenue, "3180", reason="Nguồn mới tính cả vãng lai"), source="bc310"))
    assert Step.objects.get().reason == "Nguồn mới tính cả vãng lai"


def test_the_suggested_value_is_taken_by_one_button(clerk, revenue):
    make_figure(indicator=revenue, year=2018, through_month=9, value="3.47", published_on="2018-09-28")
    data = sent(typed(revenue, "3180"), button="_take", _take=f"i{revenue.pk}-value=3,18")
    page = read(clerk.post(SHEET, data))
    assert page.one("input", name=f"i{revenue.pk}-value")["value"] == "3,18"


def nine_months_of_2018(indicator, value="4200", **fields):
    return make_figure(
        indicator=indicator, year=2018, through_month=9, value=value, published_on="2018-09-28", **fields
    )


def taken_over(clerk, *rows, **more):
    """The sheet after the button that takes over last year's numbers."""
    return read(clerk.post(SHEET, sent(*rows, button="_copy", **more)))


def shown(page, indicator, field="value"):
    return page.one("input", name=f"i{indicator.pk}-{field}").attributes.get("value", "")


def chosen(page, indicator):
    """The qualifier that the row shows."""
    options = page.one("select", name=f"i{indicator.pk}-qualifier").all("option")
    return next(item["value"] for item in options if "selected" in item.attributes)


def test_last_year_is_taken_over_into_empty_rows_with_its_word(clerk, revenue, growth):
    nine_months_of_2018(revenue, qualifier="over")
    page = taken_over(clerk, typed(revenue, ""), typed(growth, "7"))
    assert (shown(page, revenue), chosen(page, revenue)) == ("4.200", "over")
    assert shown(page, growth) == "7"
    assert not Figure.objects.filter(year=2019).exists()


def test_what_was_taken_over_is_saved_only_when_it_is_confirmed(clerk, revenue):
    nine_months_of_2018(revenue)
    page = taken_over(clerk, typed(revenue, ""))
    assert "0 dòng hợp lệ, 1 dòng cần xác nhận" in page.one("output").text
    row = typed(revenue, "4.200", taken=shown(page, revenue, "taken"))
    clerk.post(SHEET, sent(row, button="_submit", source="bc310"))
    assert not Figure.objects.filter(year=2019).exists()
    clerk.post(SHEET, sent(row | {f"i{revenue.pk}-confirmed": "on"}, source="bc310"))
    assert Figure.objects.filter(year=2019).count() == 1
    assert Step.objects.get().reason == "Giống như 9 tháng 2018; đã xác nhận."


def test_a_number_typed_over_the_one_taken_over_needs_no_confirming(clerk, revenue):
    clerk.post(SHEET, sent(typed(revenue, "4.300", taken="4.200")))
    assert str(Figure.objects.get().value) == "4300.0000"


def test_other_months_and_older_years_are_never_taken_over(clerk, revenue, growth):
    make_figure(indicator=revenue, year=2018, value="4200", published_on="2019-01-10")
    make_figure(indicator=growth, year=2017, through_month=9, value="7", published_on="2017-09-28")
    page = taken_over(clerk, typed(revenue, ""), typed(growth, ""))
    assert [shown(page, item) for item in (revenue, growth)] == ["", ""]


def test_where_somebody_has_answered_nothing_is_taken_over(clerk, revenue, growth):
    for indicator in (revenue, growth):
        nine_months_of_2018(indicator)
    make_figure(indicator=revenue, year=2019, through_month=9, value="5056", published_on="2019-09-27")
    page = taken_over(clerk, typed(revenue, ""), typed(growth, "", qualifier="nil"))
    assert [shown(page, item) for item in (revenue, growth)] == ["", ""]


def test_the_same_sheet_sent_twice_changes_nothing(clerk, revenue):
    data = sent(typed(revenue, "5.056"))
    clerk.post(SHEET, data)
    again = read(clerk.post(SHEET, data, follow=True))
    assert Figure.objects.get().history.count() == 1
    assert "đã được lưu; không có gì thay đổi" in again.text


def test_a_draft_is_shown_again_and_mended(clerk, revenue):
    clerk.post(SHEET, sent(typed(revenue, "5.056")))
    field = see(clerk, SHEET).one("input", name=f"i{revenue.pk}-value")
    version = see(clerk, SHEET).one("input", name=f"i{revenue.pk}-read_version")["value"]
    assert field["value"] == "5.056"
    clerk.post(SHEET, sent(typed(revenue, "5.065", read_version=version), source="bc310"))
    assert [str(figure.value) for figure in Figure.objects.all()] == ["5065.0000"]


def test_what_somebody_else_saved_meanwhile_is_shown_not_overwritten(clerk, revenue):
    clerk.post(SHEET, sent(typed(revenue, "5.056")))
    page = read(clerk.post(SHEET, sent(typed(revenue, "5.999", read_version="0"), source="bc310")))
    assert "đang lưu “5.056”, anh/chị gõ “5.999”" in message_of(page, revenue)
    assert str(Figure.objects.get().value) == "5056.0000"


def test_a_row_sent_without_its_value_loses_nothing(clerk, revenue):
    clerk.post(SHEET, sent(typed(revenue, "5.056")))
    data = {
        name: text for name, text in sent(typed(revenue, ""), source="bc310").items() if not name.endswith("-value")
    }
    assert clerk.post(SHEET, data).status_code == 200
    assert str(Figure.objects.get().value) == "5056.0000"


def test_of_several_drafts_the_returned_one_is_gone_on_with_and_alone_submitted(clerk, revenue):
    fields = {"indicator": revenue, "year": 2019, "through_month": 9, "published_on": "2019-09-27"}
    make_figure(**fields, value="5056", state="returned", status="estimate")
    make_figure(**fields, value="5060", state="entered", status="preliminary")
    page = see(clerk, SHEET)
    assert page.one("input", name=f"i{revenue.pk}-value")["value"] == "5.056"
    assert "Còn một bản chưa trình khác, không trình từ bảng này: 5.060" in message_of(page, revenue)
    clerk.post(SHEET, {"status": "estimate", "_submit": ""} | drafted(page, revenue))
    assert dict(Figure.objects.values_list("status", "state")) == {"estimate": "submitted", "preliminary": "entered"}


def test_the_button_says_how_many_saved_rows_it_submits(clerk, revenue):
    assert "cả" not in see(clerk, SHEET).one("button", name="_submit").text
    clerk.post(SHEET, sent(typed(revenue, "5.056")))
    assert see(clerk, SHEET).one("button", name="_submit").text == "Lưu và trình (gồm 1 dòng đã lưu)"


def drafted(page, indicator):
    """The fields of a row as the page shows them."""
    names = [f"i{indicator.pk}-{name}" for name in ("value", "published_on", "source", "read_version")]
    shown = {name: page.one("input", name=name).attributes.get("value", "") for name in names}
    shown |= {f"i{indicator.pk}-qualifier": "exact", f"i{indicator.pk}-status": "estimate"}
    return shown | {"record_version": [field["value"] for field in page.all("input", name="record_version")]}


def nine_months_of_2019(indicator, **fields):
    fields = {"value": "5056", "state": "entered", "status": "estimate", "published_on": "2019-09-27"} | fields
    return make_figure(indicator=indicator, year=2019, through_month=9, **fields)


def test_a_row_that_came_back_meanwhile_is_not_submitted_unseen(clerk, revenue):
    figure = nine_months_of_2019(revenue)
    shown = drafted(see(clerk, SHEET), revenue)
    figure.state = "returned"
    figure.save()
    page = read(clerk.post(SHEET, {"status": "estimate", "_submit": ""} | shown, follow=True))
    assert "đã thay đổi sau khi anh/chị xem" in page.text
    assert Figure.objects.get().state == "returned"


def returned(indicator):
    figure = nine_months_of_2019(indicator, state="returned")
    make_step(figure=figure, kind="submit")
    make_step(figure=figure, kind="return", reason="Số này là dự toán")
    return figure


def test_what_came_back_does_not_travel_back_unread(clerk, revenue):
    returned(revenue)
    page = see(clerk, SHEET)
    assert page.one("button", name="_submit").text == "Lưu và trình"
    page = read(clerk.post(SHEET, {"status": "estimate", "_submit": ""} | drafted(page, revenue), follow=True))
    assert "1 số liệu bị trả lại chưa được trình" in page.text
    assert Figure.objects.get().state == "returned"


def test_what_came_back_goes_again_as_it_is_when_that_is_ticked(clerk, revenue):
    figure = returned(revenue)
    page = see(clerk, SHEET)
    ticked = {"unchanged": page.one("input", name="unchanged")["value"]}
    clerk.post(SHEET, {"status": "estimate", "_submit": ""} | drafted(page, revenue) | ticked)
    assert Figure.objects.get(pk=figure.pk).state == "submitted"


def test_what_came_back_goes_again_once_it_is_mended(clerk, revenue):
    figure = returned(revenue)
    shown = drafted(see(clerk, SHEET), revenue) | {f"i{revenue.pk}-value": "5.060"}
    clerk.post(SHEET, {"status": "estimate", "_submit": ""} | shown)
    assert Figure.objects.get(pk=figure.pk).state == "submitted"


# Two values for the same thing


def waiting(indicator, clerk):
    """5.012,4 of the nine months, submitted from another report."""
    report = make_source(code="bc300", title_vi="Báo cáo cũ")
    clerk.post(SHEET, sent(typed(indicator, "5.012,4", quote_vi="đạt 5.012,4", note="Chưa gồm hoàn thuế"),
                           button="_submit", source=report.code))  # fmt: skip
    return Figure.objects.get()


def second_value(indicator, **more):
    return sent(typed(indicator, "5.021,4", **more), button="_submit", source=make_source(code="bc310").code)


def test_a_second_value_for_what_waits_is_asked_about(clerk, revenue):
    figure = waiting(revenue, clerk)
    page = read(clerk.post(SHEET, second_value(revenue)))
    question = page.one("fieldset", class_="rival")
    assert "(đã trình): Thu ngân sách, 9 tháng 2019: 5.012,4 tỷ đồng, Báo cáo cũ" in question.text
    choices = [choice["value"] for choice in question.all("input", name=f"i{revenue.pk}-rival_choice")]
    assert choices == [f"{figure.pk}:{figure.version}", "keep"]
    assert "1 dòng cần xác nhận" in page.text or "1 cần xác nhận" in page.text
    assert Figure.objects.count() == 1


def test_the_submitted_value_is_corrected_in_one_step_with_its_history(clerk, revenue):
    figure = waiting(revenue, clerk)
    answer = {"rival_choice": f"{figure.pk}:{figure.version}"}
    page = read(clerk.post(SHEET, second_value(revenue, **answer), follow=True))
    assert "Đã sửa và trình lại 1 số liệu." in page.text
    corrected = Figure.objects.get()
    assert (str(corrected.value), corrected.source.code, corrected.state) == ("5021.4000", "bc310", "submitted")
    assert (corrected.note, corrected.quote_vi) == ("Chưa gồm hoàn thuế", "")
    assert [step.kind for step in corrected.steps.all()] == ["enter", "submit", "withdraw", "edit", "submit"]
    values = list(corrected.history.order_by("history_id").values_list("value", flat=True))
    assert (str(values[0]), str(values[-1])) == ("5012.4000", "5021.4000")


def test_what_was_decided_meanwhile_does_not_give_way(clerk, revenue):
    figure = waiting(revenue, clerk)
    answer = {"rival_choice": f"{figure.pk}:{figure.version}"}
    data = second_value(revenue, **answer)
    Figure.objects.update(version=figure.version + 1)
    assert read(clerk.post(SHEET, data)).one("fieldset", class_="rival")
    assert str(Figure.objects.get().value) == "5012.4000"


def test_both_values_are_kept_when_that_is_said(clerk, revenue):
    waiting(revenue, clerk)
    clerk.post(SHEET, second_value(revenue, rival_choice="keep"))
    assert sorted(str(value) for value in Figure.objects.filter(state="submitted").values_list("value", flat=True)) == [
        "5012.4000",
        "5021.4000",
    ]


def test_the_next_kind_of_figure_is_no_second_value(clerk, revenue):
    waiting(revenue, clerk)
    clerk.post(SHEET, second_value(revenue) | {"status": "preliminary"})
    assert Figure.objects.filter(state="submitted").count() == 2


def test_the_form_of_a_figure_asks_the_same(clerk, revenue):
    figure = waiting(revenue, clerk)
    address, report = reverse("admin:indicators_figure_add"), make_source(code="bc310")
    data = {"indicator": revenue.pk, "year": "2019", "through_month": "9", "value": "5.021,4", "qualifier": "exact",
            "status": "estimate", "published_on": "27/09/2019", "source": report.pk, "_submit": ""}  # fmt: skip
    page = read(clerk.post(address, data))
    choice = page.one("fieldset", class_="rival").all("input", type="radio")[0]
    clerk.post(address, data | {choice["name"]: choice["value"]})
    corrected = Figure.objects.get()
    assert (corrected.pk, str(corrected.value), corrected.state) == (figure.pk, "5021.4000", "submitted")


def test_a_draft_that_the_sheet_never_showed_is_not_submitted(clerk, revenue):
    figure = nine_months_of_2019(revenue)
    unseen = drafted(see(clerk, SHEET), revenue) | {"record_version": []}
    clerk.post(SHEET, {"status": "estimate", "_submit": ""} | unseen)
    figure.refresh_from_db()
    assert figure.state == "entered"


def test_a_draft_that_waits_for_what_all_rows_share_is_not_submitted(clerk, revenue):
    nine_months_of_2019(revenue)
    shown = drafted(see(clerk, SHEET), revenue) | {f"i{revenue.pk}-source": "", f"i{revenue.pk}-value": "5.065"}
    page = read(clerk.post(SHEET, {"status": "estimate", "_submit": ""} | shown))
    assert "Chưa có gì để trình" in page.text
    assert Figure.objects.get().state == "entered"


def test_a_figure_that_is_approved_already_is_not_entered_again(clerk, revenue):
    fields = {"indicator": revenue, "year": 2019, "through_month": 9, "published_on": "2019-09-27"}
    make_figure(**fields, value="5056", state="approved", status="estimate", source=make_source(code="bc310"))
    page = read(clerk.post(SHEET, sent(typed(revenue, "5.056"), source="bc310")))
    assert "Số liệu này đã có" in message_of(page, revenue)
    assert Figure.objects.count() == 1


def test_saved_and_submitted_in_one_go(clerk, revenue, growth):
    clerk.post(SHEET, sent(typed(revenue, "5.056"), button="_submit"))
    assert Figure.objects.get().state == "submitted"


def test_an_answer_without_a_number_counts_as_answered(clerk, revenue):
    clerk.post(SHEET, sent(typed(revenue, "", qualifier="nil")))
    assert Figure.objects.values_list("qualifier", "value").get() == ("nil", None)


@pytest.mark.parametrize(
    ("text", "qualifier", "message"),
    [("-", "nil", "không phát sinh"), (" – ", "nil", "không phát sinh"), ("…", "uncollected", "chưa thu thập")],
)
def test_a_lone_dash_is_the_answer_it_stands_for(clerk, revenue, text, qualifier, message):
    page = read(clerk.post(SHEET, sent(typed(revenue, text), button="_check")))
    assert message in message_of(page, revenue)
    assert "✓" in message_of(page, revenue)
    assert page.one("input", name=f"i{revenue.pk}-value").attributes.get("value", "") == ""
    clerk.post(SHEET, sent(typed(revenue, text), source="bc310"))
    assert Figure.objects.values_list("qualifier", "value").get() == (qualifier, None)


def test_only_what_was_submitted_counts_as_answered(clerk, revenue, growth):
    make_figure(indicator=revenue, year=2019, through_month=9, state="entered", published_on="2019-09-27")
    lede = see(clerk, SHEET).one("p", class_="sheet-lede").text
    assert "0/2 chỉ tiêu đã có số · 1 chưa trình" in lede
    Figure.objects.update(state="submitted")
    lede = see(clerk, SHEET).one("p", class_="sheet-lede").text
    assert "1/2 chỉ tiêu đã có số" in lede
    assert "chưa trình" not in lede


def test_a_returned_figure_says_why_who_and_when(clerk, revenue):
    figure = make_figure(indicator=revenue, year=2019, through_month=9, state="returned", published_on="2019-09-27")
    make_step(figure=figure, kind="return", by=make_person("duyet"), reason="Sai đơn vị")
    assert "trả lại (duyet, 22/11/2026): “Sai đơn vị”" in message_of(see(clerk, SHEET), revenue)
    notice = see(clerk, f"/admin/indicators/figure/{figure.pk}/change/").one("p", class_="sent-back").text
    assert "Sai đơn vị" in notice
    assert "(duyet, 22/11/2026)" in notice


def test_a_rate_that_can_mean_two_things_is_asked_though_nothing_is_known(clerk, growth):
    page = read(clerk.post(SHEET, sent(typed(growth, "1.234"))))
    assert "có thể là 1234 hoặc 1,2340" in message_of(page, growth)
    assert offered(page) == [f"i{growth.pk}-value=1234", f"i{growth.pk}-value=1,2340"]
    assert not Figure.objects.exists()


def offered(page):
    """What the buttons of the rows would put in."""
    return [item["value"] for item in page.all("button") if item.attributes.get("name") == "_take"]


def test_an_amount_far_from_its_target_whichever_way_it_is_read_is_asked(clerk, finance):
    size = make_indicator(unit_vi="nghìn tỷ đồng", decimals=1, agency=finance)
    make_target(indicator=size, bound="at_least", low="111.1", last_year=2030)
    assert "có thể là 1234 hoặc 1,2340" in message_of(read(clerk.post(SHEET, sent(typed(size, "1.234")))), size)


def test_an_amount_of_which_nothing_is_known_is_asked_too(clerk, finance):
    spending = make_indicator(unit_vi="tỷ đồng", decimals=1, agency=finance)
    assert offered(read(clerk.post(SHEET, sent(typed(spending, "9.125"))))) == [
        f"i{spending.pk}-value=9125",
        f"i{spending.pk}-value=9,1250",
    ]


def test_the_number_taken_from_a_question_is_not_asked_about_again(clerk, finance):
    spending = make_indicator(unit_vi="tỷ đồng", decimals=1, agency=finance)
    for text in ("9125", "9,1250"):
        page = read(clerk.post(SHEET, sent(typed(spending, text), button="_check", source="bc310", published_on="")))
        assert "có thể là" not in message_of(page, spending)


@pytest.mark.parametrize("text", ["0", "3,5"])
def test_no_reason_makes_an_impossible_rank_right(clerk, finance, text):
    pci = make_indicator(kind="rank", unit_vi="hạng", better="lower", agency=finance)
    page = read(clerk.post(SHEET, sent(typed(pci, text, reason="Đúng như in"))))
    assert "không phải là thứ hạng" in message_of(page, pci)
    assert message_of(page, pci).startswith("✕")
    assert not Figure.objects.exists()


def test_another_agencys_indicator_in_a_forged_request_is_ignored(clerk, revenue):
    other = make_indicator(agency=make_agency())
    clerk.post(SHEET, sent(typed(other, "5")))
    assert not Figure.objects.exists()


def shared_errors(page):
    return [item.text for item in page.one("fieldset", class_="sheet-bar").all("span", class_="error")]


def test_what_all_rows_lack_is_said_once_and_the_rows_are_read_back(clerk, revenue, growth):
    data = {**sent(typed(revenue, "5.056"), typed(growth, "6,5")), "source": "", "published_on": ""}
    page = read(clerk.post(SHEET, data))
    assert shared_errors(page) == ["✕ Ghi ở đây cho mọi dòng, hoặc ghi riêng ở từng dòng."] * 2
    assert "5.056 tỷ đồng (ước)" in message_of(page, revenue)
    assert "✕" not in message_of(page, revenue)
    assert "2 dòng chờ phần còn thiếu ở trên" in page.one("output").text
    assert not Figure.objects.exists()


def test_a_wrong_shared_source_is_said_once(clerk, revenue):
    page = read(clerk.post(SHEET, sent(typed(revenue, "5.056"), source="không có")))
    assert shared_errors(page) == [
        "✕ Không có nguồn nào tên “không có”. Hãy chọn trong danh sách hoặc thêm nguồn trước."
    ]
    assert page.one("input", name=f"i{revenue.pk}-value")["value"] == "5.056"


def test_a_row_that_says_itself_what_the_others_lack_is_saved(clerk, revenue, growth):
    own = {"published_on": "27/09/2019", "source": make_source(code="own").code}
    data = {**sent(typed(revenue, "5.056", **own), typed(growth, "6,5")), "source": "", "published_on": ""}
    page = read(clerk.post(SHEET, data))
    assert [item.indicator for item in Figure.objects.all()] == [revenue]
    assert page.one("input", name=f"i{growth.pk}-value")["value"] == "6,5"


def test_the_source_chosen_by_its_code_is_shown_by_its_title(clerk, revenue):
    make_source(code="bc1", title_vi="Báo cáo tháng 9")
    page = read(clerk.post(SHEET, sent(typed(revenue, "5.056"), source="bc1", button="_check")))
    assert "✓ Báo cáo tháng 9" in page.one("fieldset", class_="sheet-bar").text


def test_each_field_of_a_row_says_what_it_means(clerk, revenue):
    page = see(clerk, SHEET)
    for name in ("status", "published_on", "source", "quote_vi", "note", "series_break"):
        assert page.one("small", id=f"id_i{revenue.pk}-{name}_helptext").text
    assert "ví dụ 11.728,3" in page.one("span", id="sheet-hint").text


def test_the_way_of_the_tab_key_is_remembered(clerk, revenue):
    clerk.post(SHEET, sent(typed(revenue, "5.056"), _tab_down="on"))
    assert "checked" in see(clerk, SHEET).one("input", id="tab-down").attributes
    clerk.post(SHEET, sent(source="bc310"))
    assert "checked" not in see(clerk, SHEET).one("input", id="tab-down").attributes


def test_a_page_with_typed_rows_knows_that_they_are_not_saved(clerk, revenue):
    assert "data-unsaved" not in see(clerk, SHEET).one("form", id="sheet").attributes
    page = read(clerk.post(SHEET, sent(typed(revenue, "5.056"), button="_check")))
    assert "data-unsaved" in page.one("form", id="sheet").attributes


def test_what_is_due_is_marked_in_its_row(clerk, revenue, growth):
    # The usual deadlines came with a migration, and tests that empty tables take them along.
    Deadline.objects.get_or_create(
        agency=None, year=None, through_month=9, defaults={"cut_off_day": 20, "working_days": 5}
    )
    for year in (2024, 2025):
        make_figure(indicator=growth, year=year, through_month=9, published_on=f"{year}-09-27")
        make_figure(indicator=revenue, year=year, through_month=9, published_on=f"{year}-09-27")
    make_figure(indicator=growth, year=2026, through_month=9, published_on="2026-09-27")
    page = see(clerk, SHEET.replace("2019", "2026"))
    assert "hạn" in page.one("th", id=f"name-{revenue.pk}").text
    assert page.one("th", id=f"name-{growth.pk}").text == "Tăng trưởng"


def test_an_approved_row_leads_to_its_correction(clerk, revenue):
    figure = nine_months_of_2019(revenue, state="approved")
    address = f"/admin/indicators/figure/{figure.pk}/change/#passage"
    assert see(clerk, SHEET).one("a", href=address).text.startswith("đề nghị đính chính")
    assert see(clerk, address).one("button", name="transition", value="ask").text == "Đề nghị đính chính"


@pytest.mark.parametrize(("text", "kept"), [("khoảng 5.056", "about"), ("trên 5.056", "over")])
def test_a_word_in_the_cell_is_kept_as_the_qualifier(clerk, revenue, text, kept):
    clerk.post(SHEET, sent(typed(revenue, text)))
    assert Figure.objects.values_list("qualifier", "value").get() == (kept, 5056)


def test_a_word_against_the_chosen_one_is_asked_about(clerk, revenue):
    page = read(clerk.post(SHEET, sent(typed(revenue, "trên 5.056", qualifier="under"))))
    assert "“trên”" in message_of(page, revenue)


def test_a_year_long_ago_stands_in_its_list(clerk, revenue):
    years = see(clerk, "/admin/indicators/figure/sheet/?year=2005&months=12").one("select", name="year")
    assert [item.text for item in years.all("option") if "selected" in item.attributes] == ["2005"]


def test_the_figure_that_gives_way_is_told(clerk, revenue):
    key = {"indicator": revenue, "year": 2019, "through_month": 9, "status": "estimate", "published_on": "2019-09-25"}
    make_figure(**key, value="5056")
    page = read(clerk.post(SHEET, sent(typed(revenue, "5.100"), button="_check")))
    assert "đây là số có hiệu lực, thay cho 5.056 (ước, 25/09/2019)" in message_of(page, revenue)


def test_a_number_far_from_the_one_in_force_waits_for_a_reason(clerk, revenue):
    key = {"indicator": revenue, "year": 2019, "through_month": 9, "status": "estimate", "published_on": "2019-09-25"}
    make_figure(**key, value="5056")
    page = read(clerk.post(SHEET, sent(typed(revenue, "7.300"))))
    assert "sẽ thay cho 5.056 tỷ đồng" in message_of(page, revenue)
    assert Figure.objects.count() == 1


def test_nothing_was_published_before_its_year_began(clerk, revenue):
    page = read(clerk.post(SHEET, sent(typed(revenue, "5.056", reason="Đúng"), published_on="01/01/2017")))
    assert message_of(page, revenue).startswith("✕ Số liệu không thể được công bố trước khi năm của nó bắt đầu.")
    assert not Figure.objects.exists()


def test_the_pages_of_the_staff_lead_to_the_other_language(clerk, revenue):
    assert see(clerk, SHEET).one("a", hreflang="en")["href"] == "/en" + SHEET
    assert see(clerk, "/en" + SHEET).one("a", hreflang="vi")["href"] == SHEET


def test_shares_typed_together_are_held_against_each_other(clerk, finance):
    sector = make_sector(code="structure")
    whole = make_indicator(name_vi="Cơ cấu", better="none", judged_by_parts=False, agency=finance, sector=sector)
    parts = [
        make_indicator(name_vi=f"Khu vực {n}", better="none", parent=whole, agency=finance, sector=sector)
        for n in "123"
    ]
    page = read(clerk.post(SHEET, sent(*(typed(part, "40") for part in parts))))
    assert "120" in message_of(page, parts[0])
    clerk.post(
        SHEET, sent(*(typed(part, text) for part, text in zip(parts, ("40", "35", "25"), strict=True)), source="bc310")
    )
    assert Figure.objects.count() == 3


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=1+1", "1" * 15, "1,23456", "−", "NaN", "1e5", "٣"])
def test_what_is_no_number_is_refused_with_words(clerk, revenue, text):
    page = read(clerk.post(SHEET, sent(typed(revenue, text))))
    assert message_of(page, revenue).startswith("✕")
    assert not Figure.objects.exists()


def test_texts_are_kept_as_texts(clerk, revenue):
    clerk.post(SHEET, sent(typed(revenue, "5.056", quote_vi="<b>=1+1</b>")))
    assert Figure.objects.get().quote_vi == "<b>=1+1</b>"
    assert "&lt;b&gt;=1+1" in clerk.get(SHEET).content.decode()


@pytest.mark.parametrize("address", ["?year=20x9&months=9", "?year=2019&months=13", "?year=²019&months=9"])
def test_a_period_that_is_none_is_a_clear_400(clerk, address):
    assert clerk.get(f"/admin/indicators/figure/sheet/{address}").status_code == 400


def test_without_a_period_the_last_quarter_that_ended_is_shown(clerk, revenue):
    assert "9 tháng" in see(clerk, "/admin/indicators/figure/sheet/").one("h1").text


def test_a_reader_enters_nothing(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("xem", is_staff=True))
    assert client.get(SHEET).status_code == 403


def test_numbers_are_read_in_the_language_of_the_page(clerk, revenue):
    clerk.post("/en" + SHEET, sent(typed(revenue, "5,056.5")))
    assert str(Figure.objects.get().value) == "5056.5000"


def test_the_number_of_queries_does_not_grow_with_the_rows(clerk, finance, revenue, django_assert_max_num_queries):
    own = [make_indicator(order=place, agency=finance) for place in range(20)]
    for item in own:
        make_figure(indicator=item, year=2019, through_month=9, state="entered", published_on="2019-09-27")
    with django_assert_max_num_queries(22):
        clerk.get(SHEET)


@pytest.mark.parametrize(("rows", "text"), [(3, "5"), (30, "5"), (30, "9.125")])
def test_rows_that_are_checked_ask_no_more_than_few_do(clerk, finance, rows, text, django_assert_max_num_queries):
    own = [make_indicator(order=place, agency=finance, decimals=1) for place in range(rows)]
    data = sent(*(typed(item, text) for item in own), button="_check")
    with django_assert_max_num_queries(31):
        clerk.post(SHEET, data)


# What was typed survives the end of a session


def test_what_was_typed_after_the_session_ended_is_kept(clerk, revenue):
    clerk.logout()
    answer = clerk.post(SHEET, sent(typed(revenue, "5.056")))
    assert answer.status_code == 403
    page = read(answer)
    assert page.one("input", name=f"i{revenue.pk}-value")["value"] == "5.056"
    assert "phiên làm việc" in page.text
    assert not Figure.objects.exists()


def test_what_is_typed_without_a_session_is_echoed_within_a_limit(clerk, revenue):
    clerk.logout()
    answer = clerk.post(SHEET, sent(typed(revenue, "5.056")) | {"note": "a" * 1_000_000})
    assert answer.status_code == 403
    assert len(answer.content) < 50_000
    page = read(answer)
    assert "quá nhiều" in page.text
    assert page.all("input", name=f"i{revenue.pk}-value") == []


def test_a_stale_token_from_this_site_is_answered_with_a_fresh_one(django_user_model, revenue):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(django_user_model.objects.create_superuser("ha"))
    answer = client.post(SHEET, sent(typed(revenue, "5.056")), headers={"Origin": "http://testserver"})
    assert answer.status_code == 403
    page = read(answer)
    assert page.one("input", name=f"i{revenue.pk}-value")["value"] == "5.056"


def test_a_form_of_another_site_is_not_taken_up(django_user_model, revenue):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(django_user_model.objects.create_superuser("ha"))
    answer = client.post(SHEET, sent(typed(revenue, "5.056")), headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403
    assert "5.056" not in answer.content.decode()


def test_after_logging_in_again_the_page_says_to_send_once_more_and_names_what_was_typed(django_user_model, revenue):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(django_user_model.objects.create_superuser("ha"))
    answer = client.post(SHEET, sent(typed(revenue, "5.056")), headers={"Origin": "http://testserver"})
    page = read(answer)
    assert page.one("h1").text == "Đã đăng nhập lại: gửi lại một lần nữa"
    text = page.one("details", class_="kept").one("dl")
    assert dict(zip([item.text for item in text.all("dt")], [item.text for item in text.all("dd")], strict=True)) == {
        "Loại số liệu": "ước",
        "Ngày công bố": "27/09/2019",
        "Nguồn": "bc310",
        "Thu ngân sách: Giá trị": "5.056",
    }


def test_who_is_logged_out_is_told_no_names(clerk, revenue):
    clerk.logout()
    text = read(clerk.post(SHEET, sent(typed(revenue, "5.056")))).one("details", class_="kept").text
    assert "5.056" in text
    assert "Thu ngân sách" not in text

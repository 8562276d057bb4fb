"""The approvers' queue: what stands beside a figure that waits, who may decide, and what became of it."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from indicators import workflow
from indicators.models import Figure, StepKind
from tests.factories import (
    make_agency,
    make_evidence,
    make_figure,
    make_indicator,
    make_person,
    make_source,
    make_target,
    new_figure,
)
from tests.reading import read, see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

QUEUE = "/admin/indicators/figure/queue/"


@pytest.fixture
def finance():
    return make_agency(name_vi="Sở Tài chính")


@pytest.fixture
def clerk(finance):
    return make_person("nhaplieu", groups=["Nhập liệu"], agency=finance)


@pytest.fixture
def approver(client):
    person = make_person("duyet", groups=["Duyệt số liệu"])
    client.force_login(person)
    return person


@pytest.fixture
def revenue(finance):
    return make_indicator(name_vi="Thu ngân sách", unit_vi="tỷ đồng", kind="flow", agency=finance)


def submitted(by, indicator, *, reason="", at="2026-11-20", **fields):
    """A figure of 2026 that `by` entered and submitted; what they may enter is looked up anew, as for every request."""
    by = type(by).objects.get(pk=by.pk)
    with time_machine.travel(datetime.fromisoformat(at).replace(hour=2, tzinfo=UTC), tick=False):
        values = {"year": 2026, "published_on": "2026-11-20", "status": "estimate", "state": "entered"}
        figure = new_figure(indicator=indicator, **values | fields)
        workflow.write(figure, by=by, reason=reason)
        assert workflow.apply_transition(StepKind.SUBMIT, {figure.pk: figure.version}, by=by).refused == []
    return Figure.objects.get(pk=figure.pk)


def pair(figure):
    return f"{figure.pk}:{figure.version}"


def row(page, figure):
    return page.one(id=f"figure-{figure.pk}")


def beside(page, figure):
    """What stands beside a figure, by its heading."""
    return {item.one("dt").text: item.one("dd").text for item in row(page, figure).one("dl").all("div")}


def state_of(figure):
    return Figure.objects.get(pk=figure.pk).state


# --- what stands beside a figure


def test_an_amount_is_compared_in_percent(client, approver, clerk, revenue):
    make_figure(indicator=revenue, year=2025, value="100", published_on="2026-01-10")
    make_target(
        indicator=revenue, scope="annual", first_year=2026, last_year=2026, low="150", as_written_vi="150 tỷ đồng",
        decided_on="2025-12-01",
    )  # fmt: skip
    figure = submitted(clerk, revenue, value="120")
    assert beside(see(client, QUEUE), figure) == {
        "Số mới": "120 tỷ đồng ước",
        "Cùng kỳ năm trước": "100 tỷ đồng +20,0%",
        "Kế hoạch năm": "150 tỷ đồng 80,0% kế hoạch",
        "Kỳ trước đó": "—",
        "Số đang có hiệu lực": "—",
    }


def test_a_rate_is_compared_in_points(client, approver, clerk, finance):
    growth = make_indicator(unit_vi="%", kind="rate", decimals=2, agency=finance)
    make_figure(indicator=growth, year=2025, through_month=9, value="8.06", published_on="2025-10-10")
    make_target(
        indicator=growth, scope="annual", first_year=2026, last_year=2026, low="10", as_written_vi="10%",
        decided_on="2025-12-01",
    )  # fmt: skip
    figure = submitted(clerk, growth, value="9.05", through_month=9)
    texts = beside(see(client, QUEUE), figure)
    assert texts["Cùng kỳ năm trước"] == "8,06% +0,99 điểm %"
    assert texts["Kế hoạch năm"] == "10% -0,95 điểm % so với kế hoạch"


def test_a_rank_is_compared_in_places(client, approver, clerk, finance):
    pci = make_indicator(unit_vi="hạng", kind="rank", better="lower", agency=finance)
    make_figure(indicator=pci, year=2025, value="16", published_on="2026-05-10")
    figure = submitted(clerk, pci, value="18")
    texts = beside(see(client, QUEUE), figure)
    assert texts["Cùng kỳ năm trước"] == "hạng 16 xuống 2 bậc"


def test_an_answer_without_a_number_is_compared_with_nothing(client, approver, clerk, revenue):
    make_figure(indicator=revenue, year=2025, value="100", published_on="2026-01-10")
    figure = submitted(clerk, revenue, value=None, qualifier="uncollected")
    texts = beside(see(client, QUEUE), figure)
    assert (texts["Số mới"], texts["Cùng kỳ năm trước"]) == ("… ước", "100 tỷ đồng")


def test_what_is_in_force_is_shown_with_its_status_and_day(client, approver, clerk, revenue):
    make_figure(indicator=revenue, year=2026, value="90", status="estimate", published_on="2026-09-30")
    figure = submitted(clerk, revenue, value="120")
    texts = beside(see(client, QUEUE), figure)
    assert texts["Số đang có hiệu lực"] == "90 tỷ đồng ước, 30/09/2026"


def test_source_quote_reason_people_and_files_can_be_seen(client, approver, clerk, revenue):
    figure = submitted(clerk, revenue, value="120", quote_vi="ước đạt 120 tỷ đồng", note="Chưa gồm hoàn thuế",
                       reason="Đã gồm thu xuất nhập khẩu")  # fmt: skip
    make_evidence(figure=figure)
    text = row(see(client, QUEUE), figure).text
    for texts in (
        "Báo cáo",
        "ước đạt 120 tỷ đồng",
        "Chưa gồm hoàn thuế",
        "Lý do nêu khi nhập: Đã gồm thu xuất nhập khẩu",
        "nhaplieu nhập ngày 20/11/2026 09:00",
        "1 tệp minh chứng",
    ):
        assert texts in text


def test_a_figure_that_comes_again_tells_why_it_was_returned(client, approver, clerk, revenue):
    figure = submitted(clerk, revenue, value="120")
    workflow.apply_transition(StepKind.RETURN, {figure.pk: figure.version}, by=approver, reason="Số này là dự toán")
    figure.refresh_from_db()
    figure.value = "130"
    workflow.write(figure, by=clerk)
    workflow.apply_transition(StepKind.SUBMIT, {figure.pk: figure.version}, by=clerk)
    assert "Đã từng trả lại: 120 tỷ đồng – Số này là dự toán" in row(see(client, QUEUE), figure).text


def test_the_period_before_is_shown_too(client, approver, clerk, revenue):
    make_figure(indicator=revenue, year=2026, through_month=3, value="30", published_on="2026-04-05")
    figure = submitted(clerk, revenue, value="60", through_month=6)
    assert beside(see(client, QUEUE), figure)["Kỳ trước đó"] == "30 tỷ đồng 3 tháng 2026"


def test_a_part_of_a_year_is_never_set_beside_a_whole_one(client, approver, clerk, revenue):
    make_figure(indicator=revenue, year=2025, value="120", published_on="2026-01-05")
    figure = submitted(clerk, revenue, value="90", through_month=9)
    texts = beside(see(client, QUEUE), figure)
    assert (texts["Cùng kỳ năm trước"], texts["Kỳ trước đó"]) == ("—", "—")


def test_the_day_of_publication_is_odd_long_before_the_end_of_what_is_no_estimate(client, approver, clerk, revenue):
    early = submitted(
        clerk, revenue, value="60", through_month=6, published_on=date(2026, 1, 16), status="final", reason="x"
    )
    late = submitted(clerk, revenue, value="99", through_month=9, published_on=date(2026, 7, 16))
    assert "công bố 16/07/2026 · chưa" in row(see(client, QUEUE), late).text
    late = submitted(clerk, revenue, value="30", through_month=3, published_on=date(2026, 4, 5), quote_vi="đạt 30 tỷ")
    page = see(client, QUEUE)
    assert "công bố 16/01/2026 – rất lâu trước khi hết kỳ · chưa có trích dẫn" in row(page, early).text
    assert "công bố 05/04/2026 · đạt 30 tỷ" in row(page, late).text


# --- two values for the same thing


@pytest.fixture
def rivals(clerk, revenue):
    """5.012,4 and, from a source whose code comes first, 5.021,4: for the same indicator, period and status."""
    first = submitted(clerk, revenue, value="5012.4", source=make_source(code="b", title_vi="Báo cáo cũ"))
    submitted(clerk, revenue, value="7", through_month=3, published_on="2026-04-10", at="2026-11-21")
    better = submitted(
        clerk, revenue, value="5021.4", source=make_source(code="a", title_vi="Báo cáo mới"), at="2026-11-22"
    )
    return first, better


def test_rivals_stand_together_and_say_which_would_be_in_force(client, approver, rivals):
    first, better = rivals
    page = see(client, QUEUE)
    assert [item["id"] for item in page.all("li", class_="waits")][:2] == [f"figure-{first.pk}", f"figure-{better.pk}"]
    for figure, other in (rivals, rivals[::-1]):
        text = row(page, figure).one("div", class_="rivals").text
        assert text.startswith(f"Cùng kỳ còn số khác chờ duyệt: {str(other).rpartition(': ')[2]} (ước,")
        assert "Nếu duyệt tất cả, số có hiệu lực sẽ là 5.012,4 tỷ đồng (ước, Báo cáo cũ" in text


def test_rivals_are_never_approved_in_one_go(client, approver, rivals):
    page = read(client.post(QUEUE, {"transition": "approve", "chosen": [pair(figure) for figure in rivals]}))
    assert "Chỉ duyệt số đúng" in page.text
    assert [state_of(figure) for figure in rivals] == ["submitted", "submitted"]
    chosen = see(client, f"{QUEUE}?check=all").all("input", name="chosen")
    assert len([box for box in chosen if "checked" in box.attributes]) == len(chosen) - 2


def test_with_one_of_two_rivals_approved_the_other_is_offered_to_be_returned(client, approver, rivals):
    first, better = rivals
    page = read(client.post(QUEUE, {"row_transition": f"approve:{pair(better)}"}, follow=True))
    assert "Một số khác của cùng kỳ vẫn chờ duyệt" in page.text
    left = row(page, first)
    assert "open" in left.one("details").attributes
    reason = left.one("textarea").text
    assert reason.startswith("Đã duyệt số khác của cùng kỳ: 5.021,4 tỷ đồng (ước, Báo cáo mới")
    client.post(QUEUE, {"row_transition": f"return:{pair(first)}", f"reason-{first.pk}": reason})
    assert state_of(first) == "returned"


def test_each_figure_says_what_it_alone_does_to_the_verdict(client, approver, clerk, revenue):
    make_target(
        indicator=revenue, scope="annual", first_year=2026, last_year=2026, low="150", as_written_vi="150 tỷ đồng",
        decided_on="2025-12-01",
    )  # fmt: skip
    low = submitted(clerk, revenue, value="120")
    high = submitted(clerk, revenue, value="160", status="final", published_on="2026-11-21")
    page = see(client, QUEUE)
    assert row(page, low).one("p", class_="effect").text == (
        "Khi được duyệt, đây là số có hiệu lực; mục tiêu năm 2026: Chưa có số liệu → Không đạt."
    )
    assert "→ Vượt" in row(page, high).one("p", class_="effect").text


def test_the_longest_waiting_come_first_grouped_by_agency(client, approver, clerk, revenue):
    health = make_agency(name_vi="Sở Y tế")
    nurse = make_person(groups=["Nhập liệu"], agency=health)
    young = submitted(clerk, revenue, value="1", at="2026-11-20")
    oldest = submitted(nurse, make_indicator(agency=health), value="2", at="2026-11-10")
    middle = submitted(clerk, revenue, value="3", through_month=9, at="2026-11-15")
    page = see(client, QUEUE)
    assert [item["id"] for item in page.all("li", class_="waits")] == [
        f"figure-{item.pk}" for item in (oldest, middle, young)
    ]
    assert [item.one("h2").text for item in page.all("section", class_="queue-group")] == [
        "Sở Y tế (1)",
        "Sở Tài chính (2)",
    ]


def test_only_what_waits_is_in_the_queue(client, approver, revenue):
    for year, state in ((2023, "entered"), (2024, "returned"), (2025, "approved")):
        make_figure(indicator=revenue, year=year, state=state)
    page = see(client, QUEUE)
    assert page.all("li", class_="waits") == []
    assert "Không có số liệu nào chờ duyệt." in page.text


# --- deciding


def test_many_are_approved_at_once(client, approver, clerk, revenue):
    item, two, three = (submitted(clerk, revenue, value=str(month), through_month=month) for month in (3, 6, 9))
    response = client.post(QUEUE, {"transition": "approve", "chosen": [pair(item), pair(two)]}, follow=True)
    assert "2 số liệu" in read(response).one("ul", class_="messagelist").text
    assert [state_of(figure) for figure in (item, two, three)] == ["approved", "approved", "submitted"]


def test_one_is_returned_with_words(client, approver, clerk, revenue):
    figure = submitted(clerk, revenue, value="120")
    client.post(
        QUEUE, {"row_transition": f"return:{pair(figure)}", f"reason-{figure.pk}": "Sai đơn vị", "reason": "Khác"}
    )
    assert state_of(figure) == "returned"
    assert figure.steps.last().reason == "Sai đơn vị"


def test_the_chosen_are_returned_with_one_reason(client, approver, clerk, revenue):
    figures = [submitted(clerk, revenue, value=str(month), through_month=month) for month in (3, 6)]
    client.post(QUEUE, {"transition": "return", "chosen": [pair(item) for item in figures], "reason": "Thiếu nguồn"})
    assert [item.steps.last().reason for item in figures] == ["Thiếu nguồn", "Thiếu nguồn"]


def test_a_return_without_words_is_refused_and_the_choice_stays(client, approver, clerk, revenue):
    figure = submitted(clerk, revenue, value="120")
    page = read(client.post(QUEUE, {"transition": "return", "chosen": [pair(figure)], "reason": " "}))
    assert state_of(figure) == "submitted"
    assert "checked" in page.one("input", name="chosen").attributes
    assert "Phải ghi lý do" in page.text


def test_a_row_returned_without_words_stays_open_with_the_error_beside_its_field(client, approver, clerk, revenue):
    figures = [submitted(clerk, revenue, value="120", through_month=month) for month in (6, 9)]
    page = read(client.post(QUEUE, {"row_transition": f"return:{pair(figures[0])}", f"reason-{figures[0].pk}": " "}))
    refused, other = (row(page, figure) for figure in figures)
    assert "open" in refused.one("details").attributes
    assert "Phải ghi lý do" in refused.one("strong", id=f"refused-{figures[0].pk}").text
    assert "open" not in other.one("details").attributes
    assert other.all("strong", class_="refused") == []


def test_what_was_typed_stays_when_a_move_is_refused(client, approver, clerk, revenue):
    figure = submitted(clerk, revenue, value="120")
    old = pair(figure)
    Figure.objects.get(pk=figure.pk).save()
    page = read(client.post(QUEUE, {"row_transition": f"return:{old}", f"reason-{figure.pk}": "Sai đơn vị"}))
    assert state_of(figure) == "submitted"
    assert page.one("textarea", id=f"reason-{figure.pk}").text == "Sai đơn vị"


def test_a_figure_that_changed_since_it_was_looked_at_is_not_approved_unseen(client, approver, clerk, revenue):
    figure = submitted(clerk, revenue, value="120")
    old = pair(figure)
    Figure.objects.get(pk=figure.pk).save()
    page = read(client.post(QUEUE, {"transition": "approve", "chosen": [old]}))
    assert state_of(figure) == "submitted"
    assert "checked" not in page.one("input", name="chosen").attributes


def test_nothing_chosen_is_said(client, approver, clerk, revenue):
    submitted(clerk, revenue, value="120")
    response = client.post(QUEUE, {"transition": "approve"}, follow=True)
    assert "Chưa chọn số liệu nào." in read(response).text


def test_all_can_be_chosen_without_script(client, approver, clerk, revenue):
    submitted(clerk, revenue, value="120")
    page = see(client, f"{QUEUE}?check=all")
    assert "checked" in page.one("input", name="chosen").attributes


@pytest.fixture
def both(client, finance):
    """Somebody who enters and approves."""
    person = make_person("cahai", groups=["Nhập liệu", "Duyệt số liệu"], agency=finance)
    client.force_login(person)
    return person


def test_the_own_figure_is_shown_with_the_reason_why_it_cannot_be_chosen(client, both, revenue):
    figure = submitted(both, revenue, value="120")
    page = see(client, f"{QUEUE}?check=all")
    assert page.all("input", name="chosen") == []
    assert "Không ai tự duyệt" in row(page, figure).text
    client.post(QUEUE, {"transition": "approve", "chosen": [pair(figure)]})
    assert state_of(figure) == "submitted"


def test_an_office_of_one_person_approves_its_own(client, both, revenue, settings):
    settings.APPROVE_OWN = True
    figure = submitted(both, revenue, value="120")
    assert len(see(client, QUEUE).all("input", name="chosen")) == 1
    client.post(QUEUE, {"transition": "approve", "chosen": [pair(figure)]})
    assert state_of(figure) == "approved"


# --- corrections asked for


@pytest.fixture
def request_of_clerk(clerk, revenue):
    figure = make_figure(indicator=revenue, year=2025, published_on="2026-01-10")
    workflow.apply_transition(StepKind.ASK, {figure.pk: figure.version}, by=clerk, reason="Kho bạc công bố lại")
    return Figure.objects.get(pk=figure.pk)


def test_a_correction_asked_for_has_its_own_section_and_is_reopened_with_words(client, approver, request_of_clerk):
    section = see(client, QUEUE).one("section", class_="queue-group")
    assert "Đề nghị đính chính (1)" in section.one("h2").text
    assert "Kho bạc công bố lại" in section.text
    client.post(
        QUEUE, {"row_transition": f"reopen:{pair(request_of_clerk)}", f"reason-{request_of_clerk.pk}": "Đồng ý"}
    )
    assert state_of(request_of_clerk) == "returned"
    assert see(client, QUEUE).all("section", class_="queue-group") == []


def test_the_words_of_the_clerk_are_offered_as_the_reason(client, approver, request_of_clerk):
    assert see(client, QUEUE).one("textarea", id=f"reason-{request_of_clerk.pk}").text == "Kho bạc công bố lại"


# --- who may


@pytest.mark.parametrize("group", ["Nhập liệu", "Quản trị chỉ tiêu", "Xem"])
def test_others_have_no_queue(client, clerk, revenue, group):
    figure = submitted(clerk, revenue, value="120")
    client.force_login(make_person(groups=[group]))
    assert client.get(QUEUE).status_code == 403
    assert client.post(QUEUE, {"transition": "approve", "chosen": [pair(figure)]}).status_code == 403
    assert state_of(figure) == "submitted"


def test_a_visitor_is_asked_to_log_in(client):
    response = client.get(QUEUE)
    assert (response.status_code, response["Location"]) == (302, f"/login/?next={QUEUE}")


@pytest.mark.parametrize(
    "posted",
    [
        {"transition": "submit", "chosen": "1:1"},
        {"transition": "ask", "chosen": "1:1", "reason": "x"},
        {"transition": "fly", "chosen": "1:1"},
        {"transition": "approve", "chosen": "1"},
        {"transition": "approve", "chosen": "1:x"},
        {"row_transition": "approve:1:2:3"},
        {"row_transition": "withdraw:1:1"},
        {"row_transition": "return:"},
        {},
    ],
)
def test_what_no_button_sends_is_refused(client, approver, posted):
    assert client.post(QUEUE, posted).status_code == 403


def test_a_figure_that_is_not_there_moves_nothing(client, approver):
    page = read(client.post(QUEUE, {"transition": "approve", "chosen": ["999999:1"]}, follow=True))
    assert "Không có 1 số liệu đã chọn." in page.text


# --- costs


@pytest.mark.parametrize("number", [2, 9])
def test_the_queries_do_not_grow_with_the_queue(
    client, approver, clerk, finance, request_of_clerk, number, django_assert_num_queries
):
    for item in range(number):
        submitted(clerk, make_indicator(agency=finance), value=str(item))
    with django_assert_num_queries(29):
        assert len(see(client, QUEUE).all("li", class_="waits")) == number + 1

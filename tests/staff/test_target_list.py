"""A pasted list of targets is read line by line, looked through, and submitted for approval."""

import pytest
from django.forms import modelform_factory
from django.urls import reverse
from django.utils.translation import override

from indicators.models import Indicator, TargetProposal
from indicators.staff.forms import IndicatorForm
from indicators.staff.target_lines import suggest, target_lines
from tests.factories import make_indicator, make_person, make_source, make_target, make_term

pytestmark = pytest.mark.django_db

PAGE = reverse("staff:target-list")


@pytest.fixture(autouse=True)
def _vietnamese():
    with override("vi"):
        yield


@pytest.fixture
def keeper(client):
    client.force_login(make_person("giu", groups=["Quản trị chỉ tiêu"]))
    return client


def listed(pasted, **fields):
    term = make_term(first_year=2026, last_year=2030)
    source = make_source(title_vi="Nghị quyết Đại hội XVIII", issued_on="2025-10-15")
    return {"term": term.pk, "source": source.pk, "status": "adopted", "counted": "on", "pasted": pasted} | fields


def shown(page):
    """What the page sends back as it stands."""
    sent = {}
    for row in page.context["rows"]:
        for name in ("indicator", "as_written_vi", "understood"):
            field = row.form[name]
            sent[field.html_name] = field.value() or ""
    return sent


def test_lines_are_read_without_their_ordinals():
    pasted = "1. Tỷ lệ hộ nghèo dưới 3%\n- Độ che phủ rừng đạt 64%\n\nVề kinh tế"
    lines = [(line.name, line.words) for line in target_lines(pasted)]
    assert lines == [("Tỷ lệ hộ nghèo", "dưới 3%"), ("Độ che phủ rừng", "đạt 64%"), ("Về kinh tế", "")]


def test_cells_of_a_table_are_name_words_and_unit():
    pasted = '1\t"Tỷ lệ\nhộ nghèo"\tdưới 3\t%\n2\tThu ngân sách\ttỷ đồng\t9.850'
    lines = [(line.name, line.words) for line in target_lines(pasted)]
    assert lines == [("Tỷ lệ hộ nghèo", "dưới 3%"), ("Thu ngân sách", "9.850 tỷ đồng")]


def test_of_two_numbers_none_is_chosen():
    [line] = target_lines("Độ che phủ rừng\t63\t64")
    assert line.words == ""


def test_a_name_finds_its_indicator_and_a_likely_one_is_asked_about():
    poverty, multi, forest = (
        make_indicator(name_vi=name) for name in ("Tỷ lệ hộ nghèo", "Tỷ lệ hộ nghèo đa chiều", "Độ che phủ rừng")
    )
    indicators = [multi, forest, poverty]
    [exact] = target_lines("Tỷ lệ hộ nghèo dưới 3%")
    [likely] = target_lines("Hộ nghèo của tỉnh dưới 3%")
    assert suggest(exact, indicators).indicators[0] == poverty
    assert suggest(exact, indicators).is_sure
    assert not suggest(likely, indicators).is_sure


def test_an_indicator_of_another_unit_is_never_sure():
    make_indicator(name_vi="Thu ngân sách", unit_vi="tỷ đồng")
    [line] = target_lines("Thu ngân sách tăng 10%")
    assert not suggest(line, [make_indicator(name_vi="Thu ngân sách nhà nước", unit_vi="tỷ đồng")]).is_sure


def test_what_was_read_is_shown_and_nothing_is_kept(keeper):
    make_indicator(name_vi="Tỷ lệ hộ nghèo", better="lower")
    page = keeper.post(PAGE, listed("Tỷ lệ hộ nghèo dưới 3%", read=""))
    [row] = page.context["rows"]
    assert "năm 2030: dưới 3% (ba)" in row.understood
    assert not TargetProposal.objects.exists()


def test_what_was_shown_is_submitted_with_the_years_of_the_term_and_its_line(keeper):
    make_indicator(name_vi="Tỷ lệ hộ nghèo", better="lower")
    data = listed("Tỷ lệ hộ nghèo dưới 3%")
    keeper.post(PAGE, data | shown(keeper.post(PAGE, data)) | {"submit": ""})
    proposal = TargetProposal.objects.get()
    assert (proposal.state, proposal.first_year, proposal.last_year) == ("submitted", 2026, 2030)
    assert (proposal.quote_vi, proposal.counted, str(proposal.decided_on)) == (
        "Tỷ lệ hộ nghèo dưới 3%",
        True,
        "2025-10-15",
    )


def test_one_indicator_is_taken_from_one_line(keeper):
    make_indicator(name_vi="Tỷ lệ hộ nghèo", better="lower")
    data = listed("Tỷ lệ hộ nghèo dưới 3%\nTỷ lệ hộ nghèo dưới 2%")
    keeper.post(PAGE, data | shown(keeper.post(PAGE, data)) | {"submit": ""})
    assert TargetProposal.objects.get().high == 3


def test_names_with_other_numbers_are_never_sure():
    standard = make_indicator(name_vi="Tỷ lệ hộ nghèo theo chuẩn 2022-2025")
    [line] = target_lines("Tỷ lệ hộ nghèo theo chuẩn 2016-2020: dưới 3%")
    assert not suggest(line, [standard]).is_sure


def test_a_browser_lets_a_line_be_left_out(keeper):
    page = keeper.post(PAGE, listed("Tỷ lệ hộ nghèo dưới 3%"))
    assert "required" not in str(page.context["rows"][0].form["indicator"])


def test_what_was_never_shown_is_not_submitted(keeper):
    indicator = make_indicator(name_vi="Tỷ lệ hộ nghèo", better="lower")
    data = listed("Tỷ lệ hộ nghèo dưới 3%", submit="")
    keeper.post(PAGE, data | {"line0-indicator": indicator.pk, "line0-as_written_vi": "dưới 3%"})
    assert not TargetProposal.objects.exists()


def test_good_lines_go_and_the_others_stay_with_their_question(keeper):
    make_indicator(name_vi="Tỷ lệ hộ nghèo", better="lower")
    make_indicator(name_vi="Độ che phủ rừng")
    data = listed("Tỷ lệ hộ nghèo dưới 3%\nĐộ che phủ rừng")
    page = keeper.post(PAGE, data | shown(keeper.post(PAGE, data)) | {"submit": ""})
    assert TargetProposal.objects.count() == 1
    assert [row.line.name for row in page.context["rows"]] == ["Độ che phủ rừng"]
    page = keeper.post(PAGE, data | shown(page) | {"line1-as_written_vi": "đạt 64%", "submit": ""})
    keeper.post(PAGE, data | shown(page) | {"submit": ""})
    assert TargetProposal.objects.count() == 2


def test_a_target_that_stands_is_replaced(keeper):
    standing = make_target(
        indicator=make_indicator(name_vi="Độ che phủ rừng"),
        term=make_term(first_year=2031, last_year=2035),
        first_year=2031,
        last_year=2035,
    )
    data = listed("Độ che phủ rừng đạt 64%") | {"term": standing.term_id}
    page = keeper.post(PAGE, data)
    assert "thay cho" in page.context["rows"][0].understood
    keeper.post(PAGE, data | shown(page) | {"submit": ""})
    assert TargetProposal.objects.get().target == standing


def test_the_plan_of_a_year_has_one_year(keeper):
    make_indicator(name_vi="Tốc độ tăng GRDP", kind="rate")
    data = listed("Tốc độ tăng GRDP 10 - 11%", year="2026")
    keeper.post(PAGE, data | shown(keeper.post(PAGE, data)) | {"submit": ""})
    proposal = TargetProposal.objects.get()
    assert (proposal.scope, proposal.first_year, proposal.last_year, proposal.basis) == ("annual", 2026, 2026, "value")


def test_thirty_four_targets_of_a_table_take_two_requests(keeper):
    names = [f"Chỉ tiêu số {number} của tỉnh mục {chr(97 + number % 26)}{number}" for number in range(34)]
    for name in names:
        make_indicator(name_vi=name)
    data = listed("\n".join(f"{number}\t{name}\ttrên {number},5\t%" for number, name in enumerate(names)))
    page = keeper.post(PAGE, data)
    assert page.context["ready"] == 34
    keeper.post(PAGE, data | shown(page) | {"submit": ""})
    assert TargetProposal.objects.filter(state="submitted").count() == 34


def test_a_list_is_for_who_keeps_the_targets(client):
    client.force_login(make_person("duyet", groups=["Duyệt số liệu"]))
    assert client.get(PAGE).status_code == 403


@pytest.mark.parametrize("pasted", ["", "\t\t\t", "x" * 60_000, '"' * 50 + "\t" + "1", "\x00\tab"])
def test_whatever_is_pasted_is_answered(keeper, pasted):
    assert keeper.post(PAGE, listed(pasted)).status_code == 200


def test_a_choice_offers_first_what_begins_as_typed(keeper):
    make_indicator(name_vi="Cơ cấu thu ngân sách", order=1)
    make_indicator(name_vi="Thu ngân sách", order=2)
    query = {"term": "thu", "app_label": "indicators", "model_name": "target", "field_name": "indicator"}
    results = keeper.get(reverse("admin:autocomplete"), query).json()["results"]
    assert [result["text"] for result in results] == ["Thu ngân sách", "Cơ cấu thu ngân sách"]


def test_a_new_indicator_gets_the_next_order_of_its_sector():
    first = make_indicator(order=7)
    typed = {"sector": first.sector_id, "order": "", "name_vi": "Mới"}
    form = modelform_factory(Indicator, form=IndicatorForm, fields=["sector", "order", "name_vi"])(typed)
    assert form.is_valid(), form.errors
    assert form.instance.order == 8

"""What the public page of an indicator tells of changes: from what to what, why, since when; never by whom."""

from datetime import date

import pytest
import time_machine

from indicators.dashboard.changes import MOST, changes
from indicators.datapackage.loader import load_package
from indicators.models import Figure, OfficialVerdict, StepKind, Target
from indicators.public.history import ChangeKind
from indicators.workflow import apply_transition, write
from tests.factories import (
    make_agency,
    make_aggregate,
    make_figure,
    make_indicator,
    make_official_verdict,
    make_person,
    make_source,
    make_target,
    new_aggregate,
    new_official_verdict,
    write_package,
)
from tests.reading import see

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


def at(day):
    """It is noon of that day."""
    return time_machine.travel(f"{day}T12:00:00+07:00", tick=False)


@pytest.fixture(autouse=True)
def _today():
    with at(TODAY):
        yield


@pytest.fixture
def indicator():
    with at("2022-01-10"):
        return make_indicator(code="growth", unit_vi="%")


def edit(record, day, because="", **fields):
    """Change a record on a day."""
    record.refresh_from_db()
    for name, value in fields.items():
        setattr(record, name, value)
    record._change_reason = because
    with at(day):
        record.save()


@pytest.fixture
def figure(indicator):
    """Published on 10 January 2022."""
    with at("2022-01-10"):
        return make_figure(indicator=indicator, value="6.5")


def told(indicator, as_of=TODAY):
    """The changes in short: day, what, the labels that differ with both texts."""
    return [
        (
            change.on.isoformat(),
            change.what,
            [(str(label), old, new) for label, old, new in change.differences],
        )
        for change in changes(indicator, as_of)
    ]


# --- figures


def test_what_was_only_published_has_not_changed(indicator, figure):
    assert told(indicator) == []


def test_a_changed_value_is_told_with_both_values(indicator, figure):
    edit(figure, "2022-03-01", "Gõ nhầm", value="6.7")
    assert told(indicator) == [("2022-03-01", ChangeKind.CHANGED, [("giá trị", "6,5%", "6,7%")])]
    assert changes(indicator, TODAY)[0].subject == "Số liệu năm 2021"


def test_every_public_field_is_told_in_words(indicator, figure):
    source = make_source(title_vi="Niên giám")
    edit(
        figure, "2022-03-01", through_month=9, qualifier="over", status="final", published_on=date(2022, 1, 11),
        series_break=True, source=source, quote_vi="trên 6,5%", note="Sửa kỳ",
    )  # fmt: skip
    ((_day, _what, differences),) = told(indicator)
    assert [(old, new) for _label, old, new in differences] == [
        ("6,5%", "trên 6,5%"),
        ("năm 2021", "cuối tháng 9/2021"),
        ("đã công bố", "chính thức"),
        ("10/01/2022", "11/01/2022"),
        ("Không", "Có"),
        ("Báo cáo", "Niên giám"),
        ("—", "trên 6,5%"),
        ("—", "Sửa kỳ"),
    ]


@pytest.mark.parametrize("qualifier", ["nil", "uncollected"])
def test_a_value_that_turned_out_not_to_be_is_told(indicator, figure, qualifier):
    edit(figure, "2022-03-01", value=None, qualifier=qualifier)
    assert told(indicator)[0][2] == [("giá trị", "6,5%", {"nil": "-", "uncollected": "…"}[qualifier])]


def test_the_way_through_the_office_is_told_as_taken_back_and_corrected(indicator, figure):
    edit(figure, "2022-03-01", "Báo cáo đã đính chính", state="returned")
    edit(figure, "2022-03-02", "Theo bản đính chính", value="6.6")
    edit(figure, "2022-03-03", state="submitted")
    edit(figure, "2022-03-03", "Xem lại đơn vị, anh Hòa", state="returned")
    edit(figure, "2022-03-04", "Theo đính chính lần 2", value="6.7")
    edit(figure, "2022-03-04", state="submitted")
    edit(figure, "2022-03-05", state="approved")
    assert told(indicator) == [
        ("2022-03-05", ChangeKind.CHANGED, [("giá trị", "6,5%", "6,7%")]),
        ("2022-03-01", ChangeKind.WITHDRAWN, []),
    ]
    assert [record[0] for record in told(indicator, date(2022, 3, 4))] == ["2022-03-01"]


def test_a_figure_that_came_back_unchanged_is_published_again(indicator, figure):
    edit(figure, "2022-03-01", state="returned")
    edit(figure, "2022-03-05", state="approved")
    assert [record[1] for record in told(indicator)] == [ChangeKind.BACK, ChangeKind.WITHDRAWN]


def test_two_changes_of_one_day_stand_in_their_order(indicator, figure):
    edit(figure, "2022-03-01", value="6.6")
    figure.value = "6.7"
    with time_machine.travel("2022-03-01T15:00:00+07:00"):
        figure.save()
    assert [record[2][0][2] for record in told(indicator)] == ["6,7%", "6,6%"]


def test_drafts_are_nobodys_business(indicator):
    with at("2022-02-01"):
        draft = make_figure(indicator=indicator, state="entered")
    edit(draft, "2022-02-02", "Gõ nhầm", value="9")
    edit(draft, "2022-02-03", state="submitted")
    assert told(indicator) == []
    edit(draft, "2022-02-04", state="approved")
    assert told(indicator) == []


def test_what_is_mended_before_its_day_of_publication_was_never_public(indicator):
    with at("2022-01-05"):
        early = make_figure(indicator=indicator, published_on="2022-01-10")
    edit(early, "2022-01-09", value="6.6")
    assert told(indicator) == []
    edit(early, "2022-01-10", value="6.7")
    assert told(indicator)[0][2] == [("giá trị", "6,6%", "6,7%")]


def test_a_deleted_figure_is_told_and_so_is_its_return(indicator, figure):
    old = figure.history.get().instance
    with at("2022-03-01"):
        figure.delete()
    with at("2022-03-02"):
        old.save()
    assert told(indicator) == [
        ("2022-03-02", ChangeKind.BACK, []),
        ("2022-03-01", ChangeKind.REMOVED, []),
    ]


def test_a_save_that_changes_nothing_is_no_change(indicator, figure):
    edit(figure, "2022-03-01", "Lưu lại")
    assert told(indicator) == []


def test_only_what_had_been_done_by_the_day_is_told(indicator, figure):
    edit(figure, "2022-03-01", value="6.6")
    edit(figure, "2023-03-01", value="6.7")
    assert [record[0] for record in told(indicator)] == ["2023-03-01", "2022-03-01"]
    assert [record[0] for record in told(indicator, date(2023, 2, 28))] == ["2022-03-01"]
    assert [record[0] for record in told(indicator, date(2023, 3, 1))] == ["2023-03-01", "2022-03-01"]


def test_a_late_evening_belongs_to_its_day_in_lang_son(indicator, figure):
    figure.value = "6.6"
    with time_machine.travel("2022-03-02T00:30:00+07:00"):
        figure.save()
    assert told(indicator)[0][0] == "2022-03-02"


def test_changes_of_other_indicators_stand_elsewhere(indicator):
    edit(make_figure(indicator=make_indicator()), "2026-11-22", value="1")
    assert told(indicator) == []


def test_data_packages_are_told_too(tmp_path):
    with at("2022-01-11"):
        load_package(write_package(tmp_path))
    with at("2022-03-01"):
        load_package(write_package(tmp_path, figures=[{"value": "6.70"}], targets=[{"low": "7.1"}]))
    indicator = Figure.objects.get().indicator
    assert {change.subject: change.differences[0][2] for change in changes(indicator, TODAY)} == {
        "Số liệu năm 2021": "6,7%",
        "Mục tiêu năm 2025": "7,1 – 7,5",
    }


# --- targets and official verdicts


def test_a_changed_target_is_told(indicator):
    with at("2020-10-01"):
        target = make_target(indicator=indicator, as_written_vi="7% trở lên")
    edit(target, "2021-02-01", "Đọc nhầm", low="7.5", as_written_vi="7,5% trở lên", replaced_on=date(2023, 1, 1))
    replaced, changed = told(indicator)
    assert [(old, new) for _label, old, new in changed[2]] == [("7% trở lên", "7,5% trở lên"), ("≥ 7", "≥ 7,5")]
    assert (changed[:2], replaced[:2]) == (("2021-02-01", ChangeKind.CHANGED), ("2023-01-01", ChangeKind.CHANGED))
    assert [(old, new) for _label, old, new in replaced[2]] == [("—", "01/01/2023")]


def test_a_changed_and_a_withdrawn_verdict_are_told(indicator):
    with at("2026-03-01"):
        verdict = make_official_verdict(target=make_target(indicator=indicator))
    edit(verdict, "2026-04-01", verdict="missed", reason="Kết luận mới")
    with at("2026-05-01"):
        OfficialVerdict.objects.get().delete()
    removed, changed = told(indicator)
    assert removed[:2] == ("2026-05-01", ChangeKind.REMOVED)
    assert changed[0] == "2026-04-01"
    assert [(old, new) for _label, old, new in changed[2]] == [
        ("đạt", "không đạt"),
        ("Thông báo của Tỉnh ủy", "Kết luận mới"),
    ]


def test_a_target_that_is_gone_is_told_with_its_verdict(indicator):
    with at("2026-03-01"):
        make_official_verdict(target=make_target(indicator=indicator))
    with at("2026-05-01"):
        OfficialVerdict.objects.get().delete()
        Target.objects.get().delete()
    subjects = {change.subject for change in changes(indicator, TODAY)}
    assert subjects == {"Mục tiêu năm 2025", "Đánh giá chính thức mục tiêu năm 2025"}


# --- what decides over x/N by itself


def by_a_person(record):
    record._history_user = make_person("chief-tran", groups=["Duyệt số liệu"])
    record.save()
    return record


def test_an_average_that_somebody_entered_is_told(indicator):
    by_a_person(new_aggregate(indicator=indicator, value="9.9"))
    (told,) = changes(indicator, TODAY)
    assert (told.what, told.subject) == (ChangeKind.PUBLISHED, "Bình quân, 2021–2022")
    assert [(old, new) for _label, old, new in told.differences] == [("—", "9,9%")]


def test_an_official_verdict_is_told_from_its_first_day(indicator):
    by_a_person(new_official_verdict(target=make_target(indicator=indicator)))
    (told,) = changes(indicator, TODAY)
    assert told.what == ChangeKind.PUBLISHED
    assert told.subject.startswith("Đánh giá chính thức")


def test_an_average_that_is_changed_is_told_with_both_values(indicator):
    stored = make_aggregate(indicator=indicator, value="7.1")
    edit(stored, TODAY, value="9.9")
    (told,) = changes(indicator, TODAY)
    assert [(old, new) for _label, old, new in told.differences] == [("7,1%", "9,9%")]


def test_what_a_package_brought_is_no_change(indicator):
    make_aggregate(indicator=indicator)
    assert changes(indicator, TODAY) == []


# --- the page


def test_the_page_shows_changes_without_names_and_without_words_that_may_hold_names(client, public):
    agency = make_agency()
    indicator = make_indicator(code="growth", agency=agency)
    clerk = make_person("lan-nguyen", groups=["Nhập liệu"], agency=agency)
    chief = make_person("chief-tran", groups=["Duyệt số liệu"])
    figure = make_figure(indicator=indicator)
    apply_transition(StepKind.REOPEN, {figure.pk: 1}, by=chief, reason="Báo cáo đính chính")
    figure.refresh_from_db()
    figure.value = "6.6"
    write(figure, by=clerk, reason="Theo bản đính chính")
    apply_transition(StepKind.SUBMIT, {figure.pk: 3}, by=clerk)
    apply_transition(StepKind.APPROVE, {figure.pk: 4}, by=chief)
    page = see(client, "/indicators/growth/")
    shown = page.one("section", id="changes").text
    for words in ("22/11/2026", "Số liệu năm 2021", "6,5", "6,6"):
        assert words in shown
    for inside in ("lan-nguyen", "chief-tran", "Báo cáo đính chính", "Theo bản đính chính"):
        assert inside not in page.text


def test_a_page_without_changes_does_not_speak_of_them(client, public, figure):
    assert see(client, "/indicators/growth/").all("section", id="changes") == []


def test_the_queries_do_not_grow_with_the_changes(indicator, django_assert_num_queries):
    make_official_verdict(target=make_target(indicator=indicator))
    for year in range(2000, 2015):
        figure = make_figure(indicator=indicator, year=year, source=make_source())
        for value in range(10):
            edit(figure, TODAY, value=value)
    with django_assert_num_queries(4):
        assert len(changes(indicator, TODAY)) == MOST

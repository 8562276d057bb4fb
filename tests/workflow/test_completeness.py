"""What is asked for, from whom and by when, and how far each value has come."""

from datetime import UTC, date, datetime

import pytest

from indicators.models import Deadline
from indicators.text.periods import Period
from indicators.workflow.completeness import (
    LONGEST_OVERDUE,
    Completion,
    expected_values,
    heat_map,
    missing_rows,
    of_year,
    overdue_reports,
    still_open,
)
from indicators.workflow.inbox import open_work
from tests.factories import (
    make_agency,
    make_assignment,
    make_figure,
    make_indicator,
    make_person,
    make_step,
    make_target,
)

pytestmark = pytest.mark.django_db

SEPTEMBER = Period(2026, 9)  # due on 21 September 2026
DUE, DAY_AFTER = date(2026, 9, 21), date(2026, 9, 22)


@pytest.fixture(autouse=True)
def _usual_deadlines():
    """Up to the 14th, due five working days later, as a fresh database has it."""
    for month in (3, 6, 9, 12):
        Deadline.objects.get_or_create(through_month=month, agency=None, year=None)


@pytest.fixture
def finance():
    return make_agency(code="finance", name_vi="Sở Tài chính")


def answered_before(year=2025, month=9, **fields):
    """An indicator that was answered for the same months of an earlier year."""
    indicator = make_indicator(**fields)
    make_figure(indicator=indicator, year=year, through_month=month, published_on=f"{year}-{month:02}-25")
    return indicator


def of(period, as_of=DAY_AFTER):
    return expected_values([period], as_of)


def only(period, as_of=DAY_AFTER):
    (value,) = of(period, as_of)
    return value


# --- what is asked for


@pytest.mark.parametrize(("year", "number"), [(2025, 1), (2024, 1), (2023, 0)])
def test_what_was_answered_in_one_of_the_two_years_before_is_asked_for_again(finance, year, number):
    answered_before(year, agency=finance)
    assert len(of(SEPTEMBER)) == number


def test_only_the_same_months_count(finance):
    answered_before(month=6, agency=finance)
    assert of(SEPTEMBER) == []


def test_a_year_is_asked_for_when_a_target_speaks_about_it(finance):
    make_target(indicator=make_indicator(agency=finance), first_year=2026, last_year=2030, decided_on="2026-01-01")
    assert len(of(Period(2026), date(2026, 11, 22))) == 1
    assert of(Period(2025), date(2026, 11, 22)) == []
    assert of(SEPTEMBER) == []


def test_a_draft_that_nobody_answered_is_no_answer(finance):
    indicator = make_indicator(agency=finance)
    make_figure(indicator=indicator, year=2025, through_month=9, state="entered", published_on="2025-09-25")
    assert of(SEPTEMBER) == []


def test_an_indicator_judged_by_its_parts_has_no_number_to_ask_for(finance):
    make_target(
        indicator=make_indicator(agency=finance, judged_by_parts=True), bound="parts", low=None,
        first_year=2026, last_year=2026, decided_on="2026-01-01",
    )  # fmt: skip
    assert of(Period(2026), date(2026, 11, 22)) == []


def test_months_without_a_deadline_ask_for_nothing_and_show_what_came(finance):
    indicator = answered_before(2025, 8, agency=finance)
    assert of(Period(2026, 8)) == []
    make_figure(indicator=indicator, year=2026, through_month=8, published_on="2026-08-25")
    value = only(Period(2026, 8))
    assert (value.due, value.is_answered, value.days_late) == (None, True, 0)


def test_an_indicator_that_ended_owes_nothing_any_more(finance):
    """Its last target has passed, and for two years nobody counted it."""
    indicator = answered_before(2023, agency=finance)
    make_target(indicator=indicator, first_year=2021, last_year=2025, decided_on="2021-01-01")
    assert len(expected_values([Period(2025, 9)], date(2025, 10, 1))) == 1
    assert expected_values([Period(2025, 9)], date(2026, 1, 1)) == []


def test_a_rank_has_no_day_for_others_publish_it_when_they_have_compared(finance):
    make_figure(indicator=make_indicator(agency=finance, kind="rank"), year=2024, published_on="2025-06-30")
    value = only(Period(2025), date(2026, 3, 1))
    assert (value.due, value.completion, value.days_late) == (None, Completion.MISSING, 0)
    assert missing_rows(2025, date(2026, 3, 1)) == []


# --- who is asked


def test_the_agency_that_answers_on_the_due_day_is_asked(finance):
    new = make_agency(code="new")
    indicator = answered_before(agency=finance)
    make_assignment(indicator=indicator, agency=new, valid_from=DUE)
    assert only(SEPTEMBER).agency == new


def test_the_day_before_the_change_the_old_agency_is_asked(finance):
    indicator = answered_before(agency=finance)
    make_assignment(indicator=indicator, agency=make_agency(), valid_from=DAY_AFTER)
    assert only(SEPTEMBER).agency == finance


def test_an_old_period_keeps_the_old_name(finance):
    old = make_agency(code="old", valid_to="2026-06-30", successor=finance)
    answered_before(agency=old)
    indicator = answered_before(month=6, agency=old)
    assert (only(Period(2026, 6)).agency, only(SEPTEMBER).agency) == (old, finance)
    assert indicator.agency == old


def test_what_nobody_answers_for_is_listed_too():
    answered_before(agency=None)
    assert only(SEPTEMBER).agency is None
    assert missing_rows(2026, DAY_AFTER)[0][0] == ""


# --- how far it has come


@pytest.mark.parametrize(
    ("state", "standing"),
    [("entered", "entered"), ("returned", "returned"), ("submitted", "answered"), ("approved", "answered")],
)
def test_the_state_of_the_figure_tells_how_far_it_has_come(finance, state, standing):
    indicator = answered_before(agency=finance)
    make_figure(indicator=indicator, year=2026, through_month=9, state=state, published_on="2026-09-20")
    assert only(SEPTEMBER).completion == standing


def test_of_several_figures_the_one_that_is_furthest_counts(finance):
    indicator = answered_before(agency=finance)
    for day, state in (("19", "returned"), ("20", "submitted"), ("21", "entered")):
        make_figure(indicator=indicator, year=2026, through_month=9, state=state, published_on=f"2026-09-{day}")
    assert only(SEPTEMBER).completion == Completion.ANSWERED


@pytest.mark.parametrize("qualifier", ["nil", "uncollected"])
def test_an_answer_without_a_number_is_an_answer_and_known_as_one(finance, qualifier):
    indicator = answered_before(agency=finance)
    make_figure(
        indicator=indicator, year=2026, through_month=9, value=None, qualifier=qualifier, published_on="2026-09-20"
    )
    value = only(SEPTEMBER)
    assert (value.is_answered, value.has_no_value) == (True, True)


@pytest.mark.parametrize(("as_of", "days"), [(date(2026, 9, 20), 0), (DUE, 0), (DAY_AFTER, 1), (date(2026, 10, 1), 10)])
def test_it_is_late_from_the_day_after_the_due_day_on(finance, as_of, days):
    answered_before(agency=finance)
    value = only(SEPTEMBER, as_of)
    assert (value.days_late, value.is_overdue) == (days, days > 0)


def handed_in(figure, day):
    make_step(figure=figure, kind="enter", at=datetime(2026, 9, 18, 2, tzinfo=UTC))
    make_step(figure=figure, kind="submit", at=datetime(2026, 9, day, 2, tzinfo=UTC))


@pytest.mark.parametrize(("day", "late"), [(21, 0), (22, 1), (25, 4)])
def test_an_answer_is_late_when_it_was_first_submitted_after_the_due_day(finance, day, late):
    figure = make_figure(
        indicator=answered_before(agency=finance), year=2026, through_month=9, published_on="2026-09-20",
        state="submitted",
    )  # fmt: skip
    handed_in(figure, day)
    make_step(figure=figure, kind="submit", at=datetime(2026, 9, 30, 2, tzinfo=UTC))  # mended and sent again
    value = only(SEPTEMBER, date(2026, 10, 1))
    assert (value.days_late, value.is_overdue) == (late, False)


def test_the_day_is_the_one_in_lang_son():
    """18:00 in Greenwich on the due day is past midnight here."""
    figure = make_figure(indicator=answered_before(), year=2026, through_month=9, published_on="2026-09-20")
    make_step(figure=figure, kind="submit", at=datetime(2026, 9, 21, 18, tzinfo=UTC))
    assert only(SEPTEMBER).days_late == 1


def test_what_a_data_package_brought_is_never_late(finance):
    make_figure(indicator=answered_before(agency=finance), year=2026, through_month=9, published_on="2026-10-20")
    assert only(SEPTEMBER, date(2026, 11, 1)).days_late == 0


def test_what_came_later_was_missing_on_the_day(finance):
    figure = make_figure(indicator=answered_before(agency=finance), year=2026, through_month=9, state="submitted")
    handed_in(figure, 30)
    assert only(SEPTEMBER, date(2026, 9, 17)).completion == Completion.MISSING


# --- the heat map, the report, the public list


def test_the_heat_map_counts_by_agency_and_period(finance):
    other = make_agency(name_vi="Sở Y tế")
    done, late = answered_before(agency=finance), answered_before(agency=finance)
    answered_before(agency=other)
    make_figure(indicator=done, year=2026, through_month=9, state="submitted", published_on="2026-09-20")
    make_figure(indicator=late, year=2026, through_month=9, state="returned", published_on="2026-09-20")
    periods, lines = heat_map(of_year(2026, DAY_AFTER))
    assert periods == [SEPTEMBER]
    assert [agency for agency, _cells in lines] == [finance, other]
    first, second = (cells[0] for _agency, cells in lines)
    assert (first.answered, first.expected, first.overdue, first.returned, first.tone) == (1, 2, 1, 1, "overdue")
    assert (second.answered, second.expected, second.tone) == (0, 1, "overdue")


def test_a_cell_is_open_before_the_day_complete_when_all_is_there_and_tells_what_came_late(finance):
    indicator = answered_before(agency=finance)

    def tone(as_of):
        ((_agency, cells),) = heat_map(expected_values([SEPTEMBER], as_of))[1]
        return cells[0].tone

    assert tone(DUE) == "open"
    figure = make_figure(indicator=indicator, year=2026, through_month=9, state="submitted", published_on="2026-09-20")
    assert tone(DUE) == "complete"
    make_step(figure=figure, kind="submit", at=datetime(2026, 9, 22, 2, tzinfo=UTC))
    assert tone(DAY_AFTER) == "late"


def test_the_report_has_a_row_for_each_value_that_is_missing(finance):
    indicator = answered_before(agency=finance, code="growth", name_vi="Tăng trưởng")
    make_figure(indicator=indicator, year=2026, through_month=9, state="returned", published_on="2026-09-20")
    (row,) = missing_rows(2026, DAY_AFTER)
    assert row == ("finance", "growth", "Tăng trưởng", 2026, 9, DUE, 1)


def test_what_nobody_sent_for_more_than_a_year_is_not_asked_for_any_more(finance):
    answered_before(2024, agency=finance)
    assert [item.period for item in still_open(date(2026, 9, 1))] == [Period(2025, 9), SEPTEMBER]
    assert [item.period for item in still_open(date(2026, 9, 30))] == [SEPTEMBER]


def test_what_came_unasked_makes_nobody_late(finance):
    indicator = make_indicator(agency=finance)
    make_figure(indicator=indicator, year=2026, through_month=9, state="entered", published_on="2026-09-20")
    value = only(SEPTEMBER, date(2026, 11, 1))
    assert (value.due, value.days_late, value.is_overdue) == (None, 0, False)
    ((_agency, (cell,)),) = heat_map([value])[1]
    assert (cell.expected, cell.overdue, cell.tone) == (0, 0, "complete")
    assert still_open(date(2026, 11, 1)) == []


@pytest.mark.parametrize("as_of", [date(2026, 1, 10), DAY_AFTER, date(2026, 12, 1), date(2027, 1, 10)])
def test_every_page_counts_the_same_as_overdue(finance, as_of):
    clerk = make_person("nhaplieu", groups=["Nhập liệu"], agency=finance)
    for year in (2023, 2024, 2025):
        for month in (9, 12):
            answered_before(year, month, agency=finance)
    make_figure(indicator=make_indicator(agency=finance), year=2026, through_month=9, state="entered")
    years = range(as_of.year - 3, as_of.year + 1)
    cells = [cell for year in years for _agency, row in heat_map(of_year(year, as_of))[1] for cell in row if cell]
    rows = [row for year in years for row in missing_rows(year, as_of) if 0 < row[-1] <= LONGEST_OVERDUE.days]
    reports = [report for report in overdue_reports(finance, as_of) if report.days_late]
    counts = {
        len(open_work(as_of).inbox_of(clerk).overdue),
        sum(cell.overdue for cell in cells),
        len(rows),
        sum(len(report.indicators) for report in reports),
    }
    assert len(counts) == 1
    assert counts != {0}


def test_an_agency_page_names_what_is_overdue_and_what_comes_next(finance):
    make_agency()
    first, second = answered_before(agency=finance), answered_before(month=6, agency=finance)
    make_target(indicator=first, first_year=2026, last_year=2030, decided_on="2026-01-01")
    reports = [
        (report.period.code, report.days_late > 0, report.indicators)
        for report in overdue_reports(finance, date(2026, 9, 1))
    ]
    assert reports == [("2026-6M", True, (second,)), ("2026-9M", False, (first,))]


def test_an_agency_page_says_nothing_of_a_body_that_has_ended(finance):
    old = make_agency(valid_to="2025-02-28", successor=finance)
    answered_before(agency=old)
    assert overdue_reports(old, DAY_AFTER) == []
    assert len(overdue_reports(finance, DAY_AFTER)) == 1


@pytest.mark.parametrize("state", ["entered", "submitted", "returned"])
def test_the_public_is_not_told_what_is_on_its_way(finance, state):
    indicator = answered_before(agency=finance)
    before = missing_rows(2026, DAY_AFTER), overdue_reports(finance, DAY_AFTER)
    make_figure(indicator=indicator, year=2026, through_month=9, state=state, published_on="2026-09-20")
    assert (missing_rows(2026, DAY_AFTER), overdue_reports(finance, DAY_AFTER)) == before


def test_what_is_published_later_was_missing_in_public_on_the_day(finance):
    indicator = answered_before(agency=finance)
    make_figure(indicator=indicator, year=2026, through_month=9, published_on="2026-09-25")
    assert [len(missing_rows(2026, date(2026, 9, day))) for day in (24, 25)] == [1, 0]


@pytest.mark.parametrize("number", [1, 7])
def test_a_year_takes_seven_queries_however_much_there_is(finance, number, django_assert_num_queries):
    for _one in range(number):
        answered_before(agency=finance)
    with django_assert_num_queries(7):
        assert len(of_year(2026, DAY_AFTER)) == number

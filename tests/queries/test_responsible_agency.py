"""Who answers for an indicator on a day, through mergers and changes of assignment."""

from datetime import date

import pytest

from indicators.models import Agency, Indicator
from indicators.queries.responsible_agency import responsibility
from indicators.workflow.permissions import enterable
from tests.factories import make_agency, make_assignment, make_indicator, make_person

LAST_DAY, MERGED = date(2025, 2, 28), date(2025, 3, 1)


def answering(code, on):
    """The Vietnamese name of the body that answered for an indicator."""
    agency = responsibility(on).agency_of(Indicator.objects.get(code=code))
    return agency.name_vi if agency else None


# The bodies of Lạng Sơn


@pytest.fixture
def investment(langson, db):
    """Investment, which Sở Kế hoạch và Đầu tư followed before it went into Sở Tài chính on 01/03/2025."""
    planning = Agency.objects.get(code="planning-and-investment")
    indicator = Indicator.objects.get(code="social-investment")
    make_assignment(indicator=indicator, agency=planning, valid_from="2016-01-01")
    return indicator


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2016, 1, 1), "Sở Kế hoạch và Đầu tư"),
        (LAST_DAY, "Sở Kế hoạch và Đầu tư"),
        (MERGED, "Sở Tài chính"),
        (date(2026, 11, 22), "Sở Tài chính"),
    ],
)
def test_a_merger_hands_indicators_on_and_old_days_keep_the_old_name(investment, day, name):
    assert answering("social-investment", day) == name


def test_what_the_new_body_always_had_is_not_ascribed_to_one_of_two_that_merged(langson, db):
    assert answering("budget-revenue", LAST_DAY) == "Sở Tài chính"


def test_a_body_that_only_changed_its_name_had_the_old_one_before(langson, db):
    assert answering("grdp-growth", LAST_DAY) == "Cục Thống kê tỉnh Lạng Sơn"
    assert answering("grdp-growth", MERGED) == "Thống kê tỉnh Lạng Sơn"


@pytest.mark.parametrize(
    ("ended", "heir"),
    [
        ("planning-and-investment", "finance"),
        ("finance-before-2025", "finance"),
        ("transport", "construction"),
        ("natural-resources-and-environment", "agriculture-and-environment"),
        ("information-and-communications", "science-and-technology"),
        ("labour-invalids-and-social-affairs", "home-affairs"),
    ],
)
def test_every_merger_of_march_2025_is_in_the_data(langson, db, ended, heir):
    indicator = make_indicator(agency=Agency.objects.get(code=ended))
    found = [responsibility(day).agency_of(indicator).code for day in (LAST_DAY, MERGED)]
    assert found == [ended, heir]


def test_the_clerks_of_the_successor_enter_and_those_of_the_body_that_ended_do_not(investment, today):
    planning, finance = (Agency.objects.get(code=code) for code in ("planning-and-investment", "finance"))
    ended, heir = (make_person(groups=["Nhập liệu"], agency=agency) for agency in (planning, finance))
    assert investment in enterable(heir)
    assert not enterable(ended).exists()


def test_every_indicator_of_the_data_is_answered_for_by_a_body_that_exists(langson, db, today):
    answers = responsibility(date(2026, 11, 22)).agencies
    assert set(answers) == set(Indicator.objects.filter(agency__isnull=False).values_list("pk", flat=True))
    assert not [agency for agency in answers.values() if agency.valid_to]


# Assignments, chains, edges


@pytest.mark.django_db
def test_an_assignment_counts_from_its_first_day_on():
    own, other, third = make_agency(), make_agency(), make_agency()
    indicator = make_indicator(agency=own)
    make_assignment(indicator=indicator, agency=third, valid_from="2026-01-01")
    make_assignment(indicator=indicator, agency=other, valid_from="2025-07-01")
    days = [date(2025, 6, 30), date(2025, 7, 1), date(2025, 12, 31), date(2026, 1, 1)]
    assert [responsibility(day).agency_of(indicator) for day in days] == [own, other, other, third]


@pytest.mark.django_db
def test_an_assignment_of_one_indicator_leaves_the_others():
    agency, other = make_agency(), make_agency()
    moved, left = make_indicator(agency=agency), make_indicator(agency=agency)
    make_assignment(indicator=moved, agency=other)
    assert responsibility(MERGED).agency_of(left) == agency
    assert responsibility(MERGED).indicators_of({other.pk}) == {moved.pk}


@pytest.mark.django_db
def test_a_chain_of_mergers_is_followed_to_its_end():
    last = make_agency(valid_from="2025-07-01")
    middle = make_agency(valid_from="2025-03-01", valid_to="2025-06-30", successor=last)
    first = make_agency(valid_to="2025-02-28", successor=middle)
    indicator = make_indicator(agency=first)
    found = [responsibility(day).agency_of(indicator) for day in (LAST_DAY, MERGED, date(2025, 7, 1))]
    assert found == [first, middle, last]


@pytest.mark.django_db
def test_a_chain_is_followed_back_where_each_body_has_one_predecessor():
    last = make_agency(valid_from="2025-07-01")
    middle = make_agency(valid_from="2025-03-01", valid_to="2025-06-30", successor=last)
    first = make_agency(valid_to="2025-02-28", successor=middle)
    indicator = make_indicator(agency=last)
    found = [responsibility(day).agency_of(indicator) for day in (LAST_DAY, date(2025, 6, 30), date(2025, 7, 1))]
    assert found == [first, middle, last]


@pytest.mark.django_db
def test_an_assignment_to_a_body_that_ended_goes_to_its_successor():
    heir = make_agency(valid_from="2025-03-01")
    ended = make_agency(valid_to="2025-02-28", successor=heir)
    indicator = make_indicator(agency=make_agency())
    make_assignment(indicator=indicator, agency=ended, valid_from="2020-01-01")
    assert [responsibility(day).agency_of(indicator) for day in (LAST_DAY, MERGED)] == [ended, heir]


@pytest.mark.django_db
def test_an_indicator_without_an_agency_has_none_until_it_is_assigned():
    indicator = make_indicator()
    make_assignment(indicator=indicator)
    assert responsibility(LAST_DAY).agency_of(indicator) is None
    assert responsibility(MERGED).agency_of(indicator)


@pytest.mark.django_db
def test_a_body_that_ended_without_a_successor_keeps_its_name():
    agency = make_agency(valid_to="2025-02-28")
    indicator = make_indicator(agency=agency)
    assert responsibility(MERGED).agency_of(indicator) == agency


@pytest.mark.django_db
def test_three_queries_answer_for_everything(django_assert_num_queries):
    for _place in range(5):
        make_assignment(indicator=make_indicator(agency=make_agency(successor=make_agency())))
    with django_assert_num_queries(3):
        responsibility(MERGED)


@pytest.mark.django_db
def test_the_right_to_enter_moves_on_the_day_of_the_assignment(time_machine):
    old, new = make_agency(), make_agency()
    leaving, coming = (make_person(groups=["Nhập liệu"], agency=agency) for agency in (old, new))
    make_assignment(indicator=make_indicator(agency=old), agency=new, valid_from="2026-07-01")
    for moment, allowed in (("2026-06-30T23:59+07:00", leaving), ("2026-07-01T00:00+07:00", coming)):
        time_machine.move_to(moment)
        assert [person for person in (leaving, coming) if enterable(person).exists()] == [allowed]

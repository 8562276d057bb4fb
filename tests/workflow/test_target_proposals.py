"""A target stands, changes and goes only once a second person has read it; the past stays as it was published."""

import csv
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from indicators.datapackage.loader import load_package
from indicators.datapackage.writer import export_package
from indicators.models import ProposalKind, StepKind, Target, TargetProposal
from indicators.models.proposals import copy_columns
from indicators.public.history import TARGET, ChangeKind, public_history
from indicators.queries.progress import progress
from indicators.workflow import Refused
from indicators.workflow.target_proposals import move, propose
from tests.factories import make_indicator, make_official_verdict, make_person, make_source, make_target, make_term

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public")]

BEFORE, MENDED = date(2026, 5, 31), date(2026, 6, 1)


def at(day):
    """It is noon of that day."""
    return time_machine.travel(f"{day}T12:00:00+07:00", tick=False)


@pytest.fixture
def keeper():
    return make_person("giu", groups=["Quản trị chỉ tiêu"])


@pytest.fixture
def approver():
    return make_person("duyet", groups=["Duyệt số liệu"])


@pytest.fixture
def target():
    with at(date(2026, 2, 1)):
        growth = make_indicator(code="growth", unit_vi="%")
        return make_target(indicator=growth, low="14", as_written_vi="14% trở lên", term=make_term(last_year=2025))


def proposed(kind, of, by, *, submit=True, **fields):
    proposal = TargetProposal(kind=kind, target=of if kind != ProposalKind.NEW else None, reason="Gõ nhầm số")
    copy_columns(of, proposal)
    for name, value in fields.items():
        setattr(proposal, name, value)
    propose(proposal, by=by, submit=submit)
    return proposal


def decide(kind, proposal, by, reason=""):
    proposal.refresh_from_db()
    return move(kind, {proposal.pk: proposal.version}, by=by, reason=reason)


def approve(proposal, by, day=MENDED):
    with at(day):
        result = decide(StepKind.APPROVE, proposal, by)
    assert result.refused == []


def lows(day):
    return [row.target.low for row in progress(day)]


def test_what_is_proposed_is_not_public(target, keeper):
    proposed(ProposalKind.NEW, target, keeper, decided_on=date(2026, 1, 1), low=Decimal(20))
    assert [target.low for target in Target.objects.published(date.max)] == [14]


def test_an_approved_new_target_stands(target, keeper, approver):
    new = proposed(ProposalKind.NEW, target, keeper, first_year=2025, decided_on=date(2025, 1, 1), low=Decimal(20))
    approve(new, approver)
    assert sorted(lows(MENDED)) == [14, 20]


def test_a_corrected_target_leaves_the_days_before_as_they_were_published(target, keeper, approver, client):
    approve(proposed(ProposalKind.CORRECT, target, keeper, low=Decimal(40), as_written_vi="40% trở lên"), approver)
    assert (lows(BEFORE), lows(MENDED)) == ([14], [40])
    page = reverse("indicator", args=["growth"])
    with at(MENDED):
        past, present = (client.get(page + query).content.decode() for query in ("?as_of=2026-05-31", ""))
    assert "14% trở lên" in past
    assert "40% trở lên" not in past
    assert "40% trở lên" in present


def test_each_correction_leaves_its_own_past(target, keeper, approver):
    approve(proposed(ProposalKind.CORRECT, target, keeper, low=Decimal(40)), approver)
    target.refresh_from_db()
    approve(proposed(ProposalKind.CORRECT, target, keeper, low=Decimal(41)), approver, date(2026, 7, 1))
    assert [lows(day) for day in (BEFORE, date(2026, 6, 30), date(2026, 7, 1))] == [[14], [40], [41]]


def test_a_correction_keeps_number_and_official_verdict_on_both_sides(target, keeper, approver):
    make_official_verdict(target=target, verdict="missed", decided_on="2026-03-01")
    approve(proposed(ProposalKind.CORRECT, target, keeper, low=Decimal(40)), approver)
    rows = [progress(day)[0] for day in (BEFORE, MENDED)]
    assert [row.target.number for row in rows] == [target.pk, target.pk]
    assert [row.official.verdict for row in rows] == ["missed", "missed"]


def test_the_public_history_tells_of_a_correction_once(target, keeper, approver):
    approve(proposed(ProposalKind.CORRECT, target, keeper, low=Decimal(40)), approver)
    told = [(change.what, change.after.low) for change in public_history(TARGET, MENDED)]
    assert told == [(ChangeKind.PUBLISHED, 14), (ChangeKind.CHANGED, 40)]


def test_an_adjusted_target_closes_the_one_before(target, keeper, approver):
    day = date(2023, 3, 1)
    approve(proposed(ProposalKind.ADJUST, target, keeper, low=Decimal(16), decided_on=day), approver)
    target.refresh_from_db()
    assert target.replaced_on == day
    assert (lows(date(2023, 2, 28)), lows(day)) == ([14], [16])


def test_a_target_that_is_taken_back_stays_on_the_days_before(target, keeper, approver):
    approve(proposed(ProposalKind.RETRACT, target, keeper), approver)
    assert (lows(BEFORE), lows(MENDED)) == ([14], [])
    assert [change.what for change in public_history(TARGET, MENDED)] == [ChangeKind.PUBLISHED, ChangeKind.WITHDRAWN]


def test_what_was_taken_back_can_be_entered_anew(target, keeper, approver):
    approve(proposed(ProposalKind.RETRACT, target, keeper), approver)
    approve(proposed(ProposalKind.NEW, target, keeper, low=Decimal(15)), approver)
    assert lows(MENDED) == [15]


def test_nobody_approves_what_they_wrote(target):
    both = make_person("ca-hai", groups=["Quản trị chỉ tiêu", "Duyệt số liệu"])
    assert decide(StepKind.APPROVE, proposed(ProposalKind.CORRECT, target, both), both).refused


def test_who_keeps_targets_approves_none_and_who_approves_proposes_none(target, keeper, approver):
    assert decide(StepKind.APPROVE, proposed(ProposalKind.CORRECT, target, keeper), keeper).refused
    with pytest.raises(Refused):
        proposed(ProposalKind.NEW, target, approver)


def test_a_returned_proposal_is_mended_and_submitted_again(target, keeper, approver):
    proposal = proposed(ProposalKind.CORRECT, target, keeper)
    assert decide(StepKind.RETURN, proposal, approver).refused  # without a reason
    decide(StepKind.RETURN, proposal, approver, "Xem lại")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.return_reason) == ("returned", "Xem lại")
    propose(proposal, by=keeper, submit=True)
    assert proposal.history.count() == 3


def test_what_waits_is_not_written_over(target, keeper):
    proposal = proposed(ProposalKind.CORRECT, target, keeper)
    with pytest.raises(Refused):
        propose(proposal, by=keeper)


def test_what_changed_since_it_was_looked_at_is_not_approved(target, keeper, approver):
    proposal = proposed(ProposalKind.CORRECT, target, keeper)
    assert move(StepKind.APPROVE, {proposal.pk: proposal.version + 1}, by=approver).refused


def test_what_no_target_may_be_is_not_approved(target, keeper, approver):
    proposal = proposed(ProposalKind.CORRECT, target, keeper, bound="at_most", low=None, high=Decimal(3))
    assert decide(StepKind.APPROVE, proposal, approver).refused
    assert lows(MENDED) == [14]


def test_one_change_of_a_target_is_on_its_way_at_a_time(target, keeper):
    proposed(ProposalKind.CORRECT, target, keeper)
    with pytest.raises(IntegrityError), transaction.atomic():
        proposed(ProposalKind.RETRACT, target, keeper)


def test_an_earlier_version_has_an_end(target):
    earlier = Target(earlier_of=target)
    copy_columns(target, earlier)
    with pytest.raises(IntegrityError), transaction.atomic():
        earlier.save()


def test_a_package_holds_what_stands_and_loads_over_it(target, keeper, approver, tmp_path):
    approve(proposed(ProposalKind.CORRECT, target, keeper, low=Decimal(40)), approver)
    proposed(ProposalKind.NEW, target, keeper, decided_on=date(2026, 1, 1))
    export_package(tmp_path)
    with (tmp_path / "targets.csv").open(encoding="utf-8") as file:
        assert [row["low"] for row in csv.DictReader(file)] == ["40"]
    load_package(tmp_path)
    assert Target.objects.count() == 2


def test_the_api_knows_a_corrected_target_by_its_number(target, keeper, approver, client):
    approve(proposed(ProposalKind.CORRECT, target, keeper, low=Decimal(40)), approver)
    answers = [client.get(f"/api/v1/targets/{target.pk}?as_of={day}").json() for day in (BEFORE, MENDED)]
    assert [(answer["id"], Decimal(answer["low"])) for answer in answers] == [(target.pk, 14), (target.pk, 40)]


def test_sources_count_what_stood_that_day(target, keeper, approver):
    other = make_source(code="other")
    approve(proposed(ProposalKind.CORRECT, target, keeper, source=other), approver)
    assert Target.objects.published(BEFORE).filter(source=other).count() == 0
    assert Target.objects.published(MENDED).filter(source=other).count() == 1

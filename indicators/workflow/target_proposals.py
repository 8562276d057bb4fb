"""The way of a target to the public: proposed by who keeps the targets, decided by an approver who did not write it.

    propose → (entered) → submit → (submitted) → approve → (approved)
                  ↑  ←──── withdraw ────┘  └── return → (returned) → submit …

What is public changes with the approval alone. An adjusted target becomes a row of its own and closes the one before it;
of a corrected one the row that was public stays for the days before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from ..models import Conflict, ProposalKind, State, StepKind, Target, TargetProposal
from ..models.proposals import copy_columns
from ..models.targets import TargetColumns, TargetStatus
from .guards import Refused
from .permissions import Action, Person, may
from .transitions import EDITABLE_STATES, TRANSITIONS

# What makes two targets speak of the same thing; the last one decided speaks.
FRAME = ("indicator_id", "term_id", "scope", "first_year", "last_year")
MOVES = (StepKind.SUBMIT, StepKind.WITHDRAW, StepKind.APPROVE, StepKind.RETURN)


def propose(proposal: TargetProposal, *, by: Person, submit: bool = False) -> None:
    """Store what `by` wrote, and submit it for approval where told so. Raises Refused and Conflict."""
    with transaction.atomic():
        stored = TargetProposal.objects.select_for_update().filter(pk=proposal.pk).first() if proposal.pk else None
        if why_not := guard_proposal(stored, by):
            raise Refused(why_not)
        if proposal.pk and (stored is None or stored.version != proposal.version):
            raise Conflict(proposal)
        proposal.state = State.SUBMITTED if submit else stored.state if stored else State.ENTERED
        _save(proposal, by, proposal.reason)


def guard_proposal(stored: TargetProposal | None, by: Person) -> str:
    """Why `by` may not write over `stored` (None: a new one); empty when they may."""
    if not may(by, Action.PROPOSE_TARGETS):
        return gettext("Only who keeps the targets may do this.")
    if stored and stored.state not in EDITABLE_STATES:
        return gettext("It is “%(state)s” by now. Withdraw it first, then change it.") % {
            "state": stored.get_state_display()
        }
    return ""


def guard_move(kind: StepKind | str, proposal: TargetProposal, by: Person, reason: str = "") -> str:
    """Why `by` may not make this move with `proposal` as it is stored now; empty when they may."""
    transition = TRANSITIONS[StepKind(kind)]
    if transition.by_approver and not may(by, Action.APPROVE):
        return gettext("Only an approver may do this.")
    if not transition.by_approver and not may(by, Action.PROPOSE_TARGETS):
        return gettext("Only who keeps the targets may do this.")
    if proposal.state not in transition.from_states:
        return gettext("It is “%(state)s” by now.") % {"state": proposal.get_state_display()}
    if transition.needs_reason and not reason.strip():
        return gettext("Say why, so that the other side can act on it.")
    if kind == StepKind.APPROVE and has_written(by, proposal) and not settings.APPROVE_OWN:
        return gettext("Nobody approves a target they entered themselves. Ask a colleague.")
    return ""


def has_written(user: Person, proposal: TargetProposal) -> bool:
    """Whether `user` wrote the proposal or ever changed or submitted it."""
    return proposal.history.filter(history_user=user.pk, state__in=[State.ENTERED, State.SUBMITTED]).exists()


@dataclass
class Moved:
    """What became of a move of several proposals: those that made it, and why the others did not."""

    moved: list[TargetProposal] = field(default_factory=list)
    refused: list[tuple[TargetProposal, str]] = field(default_factory=list)


def move(kind: StepKind | str, versions: Mapping[int, int], *, by: Person, reason: str = "") -> Moved:
    """Make one move with several proposals, each for itself; `versions` has the version of each that `by` looked at."""
    result = Moved()
    with transaction.atomic():
        locked = TargetProposal.objects.select_for_update(of=("self",)).filter(pk__in=list(versions)).order_by("pk")
        for proposal in locked.select_related("indicator", "source", "target__indicator"):
            why_not = guard_move(kind, proposal, by, reason)
            if not why_not and proposal.version != versions[proposal.pk]:
                why_not = gettext("It was changed since you looked at it. Look at it again.")
            why_not = why_not or _carry_out(StepKind(kind), proposal, by, reason)
            if why_not:
                result.refused.append((proposal, why_not))
            else:
                result.moved.append(proposal)
    return result


def _carry_out(kind: StepKind, proposal: TargetProposal, by: Person, reason: str) -> str:
    """Make the move; why it cannot be made, empty when it was."""
    try:
        with transaction.atomic():
            if kind == StepKind.APPROVE:
                _make_public(proposal, by)
            proposal.state = TRANSITIONS[kind].to_state
            proposal.return_reason = reason.strip() if kind == StepKind.RETURN else ""
            _save(proposal, by, reason)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _make_public(proposal: TargetProposal, by: Person) -> None:
    """Let the proposal stand from today on. Raises ValidationError where it does not fit what stands by now."""
    today = timezone.localdate()
    stored = proposal.target
    if stored is not None and stored.shown_until is not None:
        raise ValidationError(gettext("The target it changes was taken back meanwhile. Return it."))
    if proposal.kind == ProposalKind.RETRACT:
        assert stored is not None
        stored.shown_until = today
        _save(stored, by, proposal.reason)
    elif proposal.kind == ProposalKind.CORRECT:
        assert stored is not None
        _correct(stored, proposal, today, by)
    else:
        target = Target()
        copy_columns(proposal, target)
        if stored is not None:
            _close(stored, target.decided_on, by)
        _check_and_save(target, by, proposal.reason)


def _correct(stored: Target, proposal: TargetProposal, today: date, by: Person) -> None:
    """Mend `stored`; on the days before today the public goes on seeing what it saw then."""
    if stored.corrected_on != today:
        earlier = Target(earlier_of=stored, corrected_on=stored.corrected_on, shown_until=today)
        copy_columns(stored, earlier)
        _save(earlier, by, proposal.reason)
    copy_columns(proposal, stored)
    stored.corrected_on = today
    _check_and_save(stored, by, proposal.reason)


def _close(older: Target, day: date, by: Person) -> None:
    """Let `older` stand until `day`, on which another one takes its place."""
    older.replaced_on = day
    _check_and_save(older, by, "")


def _check_and_save(target: Target, by: Person, reason: str) -> None:
    target.full_clean()
    _save(target, by, reason)


def _save(record: Any, by: Person, reason: str) -> None:
    """Store the record; its history tells who did it and why."""
    record._history_user, record._change_reason = by, reason
    record.save()


def standing_in(frame: TargetColumns) -> Target | None:
    """The adopted target of the same indicator, term, scope and years that nothing has replaced yet; None without one."""
    same = {name: getattr(frame, name) for name in FRAME}
    standing = Target.objects.current().filter(**same, status=TargetStatus.ADOPTED, replaced_on__isnull=True)
    return standing.select_related("indicator").order_by("-decided_on").first()


def others_like(proposal: TargetProposal) -> QuerySet[TargetProposal]:
    """The proposals on their way that say something of the same indicator, term, scope and years, decided that day."""
    same = {name: getattr(proposal, name) for name in (*FRAME, "decided_on")}
    return TargetProposal.objects.filter(**same).exclude(state=State.APPROVED).exclude(pk=proposal.pk)

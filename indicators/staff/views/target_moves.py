"""Proposed targets on the approvers' queue, and every move of them that a page posts."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...core.language import active_language
from ...models import ProposalKind, State, StepKind, TargetProposal
from ...models.targets import TargetColumns
from ...sentences.formatting import as_written
from ...workflow import Refused
from ...workflow.permissions import Action, may
from ...workflow.target_proposals import MOVES, guard_move, move
from ..forms.proposals import understood
from ..input_guard import typed_reason
from ..record_text import field_text
from .transitions import shown_versions

LONGEST = 100  # rows on one page; what is approved leaves room for the rest


def move_targets(request: HttpRequest) -> HttpResponse:
    """One move of the chosen proposals; approvers come back to the queue, who proposed to the list of proposals.

    Raises Refused for what is no move.
    """
    kind = request.POST.get("move", "")
    if request.method != "POST" or kind not in MOVES:
        raise Refused(_("This is not a move of a target."))
    versions = shown_versions(request.POST.getlist("chosen"))
    page = "staff:queue" if may(request.user, Action.APPROVE) else "admin:indicators_targetproposal_changelist"
    if not versions:
        messages.warning(request, _("Nothing was chosen. Tick the targets first."))
        return redirect(page)
    try:
        reason = typed_reason(request, "reason")
    except ValidationError as error:
        messages.error(request, _("Nothing was decided yet. Reason: %(what)s") % {"what": error.messages[0]})
        return redirect(page)
    result = move(kind, versions, by=request.user, reason=reason)
    if count := len(result.moved):
        messages.success(request, _done(StepKind(kind), count))
    for proposal, why in result.refused:
        messages.error(request, f"{proposal}: {why}")
    return redirect(page)


def _done(kind: StepKind, count: int) -> str:
    text = {
        StepKind.SUBMIT: ngettext(
            "One target submitted for approval.", "%(count)d targets submitted for approval.", count
        ),
        StepKind.WITHDRAW: ngettext("One target withdrawn.", "%(count)d targets withdrawn.", count),
        StepKind.APPROVE: ngettext("One target approved.", "%(count)d targets approved.", count),
        StepKind.RETURN: ngettext("One target returned.", "%(count)d targets returned.", count),
    }[kind]
    return text % {"count": count}


@dataclass(frozen=True)
class WaitingTarget:
    """A proposal that waits, in words: what it says, what it changes, and why this person may not approve it."""

    proposal: TargetProposal
    words: str
    changes: list[str]
    refusal: str

    @property
    def version(self) -> str:
        return f"{self.proposal.pk}:{self.proposal.version}"


def waiting_targets(request: HttpRequest) -> list[WaitingTarget]:
    """The proposals that wait for approval, the longest waiting first."""
    return [
        WaitingTarget(
            proposal,
            understood(proposal, active_language()) if proposal.kind != ProposalKind.RETRACT else str(proposal.target),
            list(changes(proposal)),
            guard_move(StepKind.APPROVE, proposal, request.user),
        )
        for proposal in submitted_targets().order_by("pk")[:LONGEST]
    ]


def submitted_targets() -> QuerySet[TargetProposal]:
    """The proposals that wait for approval."""
    waiting = TargetProposal.objects.filter(state=State.SUBMITTED)
    return waiting.select_related("indicator", "source", "term", "target__indicator", "target__source", "target__term")


def changes(proposal: TargetProposal) -> Iterator[str]:
    """What a correction changes, field by field; of an adjusted target the words it replaces."""
    target = proposal.target
    if target is None or proposal.kind == ProposalKind.RETRACT:
        return
    if proposal.kind == ProposalKind.ADJUST:
        yield _("In place of: %(words)s") % {"words": as_written(target)}
        return
    for column in TargetColumns._meta.local_fields:
        before, after = getattr(target, column.name), getattr(proposal, column.name)
        if before != after:
            yield f"{column.verbose_name}: {field_text(column, before)} → {field_text(column, after)}"

"""The approvers' queue: what was submitted beside last year, the plan and what is in force; many are approved at once."""

from collections import defaultdict

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from ...models import Agency, Figure, State, Step, StepKind
from ...workflow import TRANSITIONS, Refused, apply_transition
from ...workflow.permissions import visible_figures
from ..input_guard import typed_reason
from ..queue_rows import QueueRow, queue_rows
from .target_moves import waiting_targets
from .transitions import report_outcome, shown_versions

LONGEST = 100  # rows on one page; what is approved leaves room for the rest


def queue(request: HttpRequest) -> HttpResponse:
    """What waits for approval. A transition that was refused shows the page again with what was typed."""
    if request.method == "POST" and apply_posted(request):
        return redirect("staff:queue")
    visible = visible_figures(request.user)
    submitted = visible.filter(state=State.SUBMITTED)
    # The agency whose figure has waited longest comes first.
    rows_by_agency: dict[Agency | None, list[QueueRow]] = defaultdict(list)
    for row in queue_rows(oldest_first(submitted)[:LONGEST], request):
        rows_by_agency[row.agency].append(row)
    context = admin.site.each_context(request) | {
        "title": _("Waiting for approval"),
        "groups": list(rows_by_agency.items()),
        "corrections": queue_rows(correction_requests(visible)[:LONGEST], request),
        "targets": waiting_targets(request),
        "all_targets": request.GET.get("check") == "targets",
        "number": submitted.count(),
        "longest": LONGEST,
        "all_chosen": request.GET.get("check") == "all",
        "reason": request.POST.get("reason", ""),
    }
    return TemplateResponse(request, "admin/indicators/queue.html", context)


def apply_posted(request: HttpRequest) -> bool:
    """Carry out what was posted, one transition of the chosen figures or of the one whose button was pressed, and say what
    became of it; False when anything was refused. Raises Refused for what no approver does."""
    kind, _colon, version = request.POST.get("row_transition", "").partition(":")
    if version:
        versions = shown_versions([version])
        reason_field = f"reason-{next(iter(versions))}"
    else:
        kind, reason_field = request.POST.get("transition", ""), "reason"
        versions = shown_versions(request.POST.getlist("chosen"))
        if not versions:
            messages.warning(request, _("Nothing was chosen. Tick the figures first."))
    if kind not in TRANSITIONS or not TRANSITIONS[StepKind(kind)].by_approver:
        raise Refused(_("This is not a move of a figure."))
    try:
        reason = typed_reason(request, reason_field)
    except ValidationError as error:
        messages.error(request, _("Nothing was decided yet. Reason: %(what)s") % {"what": error.messages[0]})
        return False
    result = apply_transition(kind, versions, by=request.user, reason=reason)
    report_outcome(request, result)
    if kind == StepKind.APPROVE:
        warn_of_rivals(request, result.moved)
    return not result.refused


def warn_of_rivals(request: HttpRequest, approved: list[Figure]) -> None:
    """Name what still waits for the same indicator, period and status as one of `approved`: it is offered to be returned."""
    keys = {(figure.indicator_id, figure.period, figure.status) for figure in approved}
    waiting = visible_figures(request.user).filter(state=State.SUBMITTED, indicator__in={pk for pk, *_rest in keys})
    for other in waiting.select_related("indicator"):
        if (other.indicator_id, other.period, other.status) in keys:
            text = _("Another value of the same period still waits: %(figure)s. It can be returned below.")
            messages.warning(request, text % {"figure": other})


def oldest_first(figures: QuerySet[Figure]) -> QuerySet[Figure]:
    """The figures in the order in which they were submitted."""
    submitted = Step.objects.filter(figure=OuterRef("pk"), kind=StepKind.SUBMIT).order_by("-pk")
    since = Subquery(submitted.values("at")[:1])
    return figures.annotate(since=since).order_by(F("since").asc(nulls_last=True), "pk")


def correction_requests(figures: QuerySet[Figure]) -> QuerySet[Figure]:
    """Those of `figures` that are approved and whose last step asks for a correction, the oldest first."""
    last = Step.objects.filter(figure=OuterRef("pk")).order_by("-pk")
    # Few were ever asked about: only of those the last step is looked for.
    ever = Step.objects.filter(kind=StepKind.ASK).values("figure")
    approved = figures.filter(state=State.APPROVED, pk__in=ever)
    last_steps = approved.annotate(last=Subquery(last.values("kind")[:1]), since=Subquery(last.values("at")[:1]))
    return last_steps.filter(last=StepKind.ASK).order_by("since", "pk")

"""The approvers' queue: what was submitted beside last year, the plan and what is in force; many are approved at once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from ...core.language import active_language
from ...models import Agency, Figure, State, Step, StepKind, Target
from ...queries.responsible_agency import responsibility
from ...sentences.differences import change, of_plan
from ...sentences.formatting import as_written, day, period_text, short_period, value_text
from ...workflow import RETURNING_KINDS, TRANSITIONS, Refused, apply_transition, guard_transition
from ...workflow.permissions import visible_figures
from ..input_guard import typed_reason
from ..plausibility.rules import is_early
from .transitions import report_outcome, shown_version, shown_versions

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
    return not result.refused


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


def queue_rows(figures: QuerySet[Figure], request: HttpRequest) -> "list[QueueRow]":
    """The rows of `figures` in their order; a fixed number of queries."""
    counted = figures.annotate(files=Count("evidence", distinct=True))
    shown = list(counted.select_related("indicator", "source").prefetch_related("steps"))
    if not shown:
        return []
    context = ComparisonContext(shown, timezone.localdate())
    return [QueueRow(figure, context, request) for figure in shown]


class ComparisonContext:
    """What the figures of a page are set beside: those in force, the plans of their years, who answers for them."""

    def __init__(self, figures: Sequence[Figure], as_of: date) -> None:
        """Six queries."""
        indicators = {figure.indicator_id for figure in figures}
        in_force = Figure.objects.filter(indicator__in=indicators).in_force(as_of)
        self.in_force = {(figure.indicator_id, figure.period): figure for figure in in_force}
        self.plans = Target.objects.filter(indicator__in=indicators).year_plans(as_of)
        self.responsible = responsibility(as_of)
        self.returned = as_returned([figure.pk for figure in figures])

    def latest_before(self, figure: Figure) -> Figure | None:
        """The figure in force of the last period before that can be set beside it: of the same year, or of the same months
        of an earlier one. A part of a year says nothing beside a whole one."""
        before = [
            other
            for (indicator, period), other in self.in_force.items()
            if indicator == figure.indicator_id
            and period.end < figure.period.end
            and (period.year == figure.year or period.through_month == figure.through_month)
        ]
        return max(before, key=lambda other: other.period.end, default=None)


class QueueRow:
    """A figure that waits, as texts beside what it is compared with; `refusal` says why this person may not approve it.

    Pairs are a value and what is said of it, empty texts where there is none: `last_year` and `plan` with how the new
    value differs, `in_force` with its status and day, `earlier` after its period. `returned_value` is what the figure was
    when it came back, `is_unchanged` whether it came again so. `version` is what a check box or button sends, so that
    nothing is decided unseen; `is_chosen` and `typed_reason` keep what was ticked and typed when a transition was refused,
    by the button of this row if `is_refused`.
    """

    def __init__(self, figure: Figure, context: ComparisonContext, request: HttpRequest) -> None:
        self.figure, self.version = figure, shown_version(figure)
        self.agency = context.responsible.agency_of(figure.indicator)
        self.period = period_text(figure.period, figure.indicator)
        self.value = self._value_text(figure)
        self._compare(context)
        self._read_steps(context)
        self.is_early = is_early(figure.period, figure.status, figure.published_on)
        self.refusal = guard_transition(StepKind.APPROVE, figure, request.user)
        self.is_chosen = self.version in request.POST.getlist("chosen") or request.GET.get("check") == "all"
        self.is_refused = request.POST.get("row_transition", "").partition(":")[2].partition(":")[0] == str(figure.pk)
        clerks_reason = self.correction_request.reason if self.correction_request else ""
        self.typed_reason = request.POST.get(f"reason-{figure.pk}", clerks_reason)

    def _compare(self, context: ComparisonContext) -> None:
        figure, language = self.figure, active_language()
        last_year = context.in_force.get((figure.indicator_id, figure.period.same_period_last_year))
        self.last_year = self.plan = self.earlier = self.in_force = ("", "")
        if last_year and last_year.value is not None:
            step = "" if figure.value is None else change(figure.value, last_year.value, figure.indicator, language)
            self.last_year = self._value_text(last_year), step
        if plan := context.plans.get((figure.indicator_id, figure.year)):
            self.plan = as_written(plan), "" if figure.value is None else of_plan(figure.value, plan, language)
        earlier = context.latest_before(figure)
        if earlier and earlier.period != figure.period.same_period_last_year:  # that one is shown already
            self.earlier = short_period(earlier.period), self._value_text(earlier)
        in_force = context.in_force.get((figure.indicator_id, figure.period))
        if in_force and in_force.pk != figure.pk:
            status_and_day = f"{in_force.get_status_display()}, {day(in_force.published_on)}"
            self.in_force = self._value_text(in_force), status_and_day

    def _read_steps(self, context: ComparisonContext) -> None:
        steps = list(self.figure.steps.all())
        edits = [step for step in steps if step.kind in (StepKind.ENTER, StepKind.EDIT)]
        self.entered = edits[-1] if edits else None
        self.reason = next((step.reason for step in reversed(edits) if step.reason), "")
        self.submitted = last_step(steps, StepKind.SUBMIT)
        self.correction_request = last_step(steps, StepKind.ASK)
        self.return_reason = getattr(last_step(steps, *RETURNING_KINDS), "reason", "")
        decisive = last_step(steps, *RETURNING_KINDS, StepKind.ENTER, StepKind.EDIT)
        self.is_unchanged = decisive is not None and decisive.kind in RETURNING_KINDS
        returned = context.returned.get(self.figure.pk)
        self.returned_value = self._value_text(returned) if returned else ""

    def _value_text(self, figure: Figure) -> str:
        return value_text(figure, self.figure.indicator.unit)


def as_returned(pks: Sequence[int]) -> dict[int, Figure]:
    """What each of these figures was when it last came back, by primary key; one query."""
    returned: dict[int, Figure] = {}
    state_before: dict[int, str] = {}
    for version in Figure.history.filter(id__in=pks).order_by("history_date", "history_id"):
        if version.state == State.RETURNED and state_before.get(version.id) != State.RETURNED:
            returned[version.id] = version
        state_before[version.id] = version.state
    return returned


def last_step(steps: list[Step], *kinds: StepKind) -> Step | None:
    """The last step of one of `kinds`."""
    return next((step for step in reversed(steps) if step.kind in kinds), None)

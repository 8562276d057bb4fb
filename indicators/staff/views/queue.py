"""The approvers' queue: what was submitted beside last year, the plan and what is in force; many are approved at once."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from ...models import Agency, Figure, State, Step, StepKind, Target
from ...models.targets import Scope
from ...queries.progress import firmness
from ...queries.responsible_agency import Responsibility, responsibility
from ...sentences.differences import change, of_plan
from ...sentences.formatting import active_language, as_written, day, period_text, short_period, value_text
from ...text.periods import Period
from ...workflow import TRANSITIONS, Refused, TransitionResult, apply_transition, guard_transition
from ...workflow.permissions import Action, may
from ..input_guard import typed_reason
from .transitions import report_outcome, shown_version, shown_versions

LONGEST = 100  # rows on one page; what is approved leaves room for the rest


@dataclass(frozen=True)
class Row:
    """A figure that waits, as texts beside what it is compared with; `refusal` says why this person may not approve it.

    `earlier` is the period known last before it and its value, `returned_value` what it was when it came back.

    `pair` is primary key and version: what a check box or button sends, so that nothing is decided unseen. `is_chosen`
    and `words` keep what was ticked and typed when a move was refused, by the button of this row if `is_refused`.
    """

    figure: Figure
    pair: str
    agency: Agency | None
    period: str
    value: str
    last_year: tuple[str, str]
    earlier: tuple[str, str]
    plan: tuple[str, str]
    before: tuple[str, str]
    entered: Step | None
    submitted: Step | None
    reason: str
    returned: str
    returned_value: str
    is_older_source: bool
    asked: Step | None
    refusal: str
    is_chosen: bool
    is_refused: bool
    words: str


def queue(request: HttpRequest) -> HttpResponse:
    """What waits for approval. A move that was refused shows the page again with what was typed."""
    if not may(request.user, Action.APPROVE):
        raise PermissionDenied
    if request.method == "POST" and is_done(request):
        return redirect("staff:queue")
    waiting = Figure.objects.filter(state=State.SUBMITTED)
    context = admin.site.each_context(request) | {
        "title": _("Waiting for approval"),
        "groups": by_agency(rows_of(oldest_first(waiting)[:LONGEST], request)),
        "asked": rows_of(asked_to_be_mended()[:LONGEST], request),
        "number": waiting.count(),
        "longest": LONGEST,
        "all_chosen": request.GET.get("check") == "all",
        "reason": request.POST.get("reason", ""),
    }
    return TemplateResponse(request, "admin/indicators/queue.html", context)


def is_done(request: HttpRequest) -> bool:
    """Carry out what was posted and say what became of it; False when anything was refused."""
    try:
        outcome = moved(request)
    except ValidationError as error:
        messages.error(request, _("Nothing was decided yet. Reason: %(what)s") % {"what": error.messages[0]})
        return False
    report_outcome(request, outcome)
    return not outcome.refused


def moved(request: HttpRequest) -> TransitionResult:
    """Carry out what was posted: one move with the chosen figures, or with the one whose button was pressed."""
    posted = request.POST
    kind, _colon, pair = posted.get("one", "").partition(":")
    if pair:
        seen = shown_versions([pair])
        name = f"reason-{next(iter(seen))}"
    else:
        kind, seen, name = posted.get("move", ""), shown_versions(posted.getlist("chosen")), "reason"
        if not seen:
            messages.warning(request, _("Nothing was chosen. Tick the figures first."))
    if kind not in TRANSITIONS or not TRANSITIONS[StepKind(kind)].by_approver:
        raise Refused(_("This is not a move of a figure."))
    return apply_transition(kind, seen, by=request.user, reason=typed_reason(request, name))


def oldest_first(figures: QuerySet[Figure]) -> QuerySet[Figure]:
    """The figures in the order in which they were submitted."""
    submitted = Step.objects.filter(figure=OuterRef("pk"), kind=StepKind.SUBMIT).order_by("-pk")
    since = Subquery(submitted.values("at")[:1])
    return figures.annotate(since=since).order_by(F("since").asc(nulls_last=True), "pk")


def asked_to_be_mended() -> QuerySet[Figure]:
    """The approved figures whose last step asks for a correction, the oldest first."""
    last = Step.objects.filter(figure=OuterRef("pk")).order_by("-pk")
    ever = Step.objects.filter(kind=StepKind.ASK).values("figure")
    approved = Figure.objects.filter(state=State.APPROVED, pk__in=ever)
    open_ones = approved.annotate(last=Subquery(last.values("kind")[:1]), since=Subquery(last.values("at")[:1]))
    return open_ones.filter(last=StepKind.ASK).order_by("since", "pk")


def rows_of(figures: QuerySet[Figure], request: HttpRequest) -> list[Row]:
    """The rows of `figures` in their order; a fixed number of queries."""
    counted = figures.annotate(files=Count("evidence", distinct=True))
    found = list(counted.select_related("indicator", "source").prefetch_related("steps__by"))
    if not found:
        return []
    known = Beside.of(found, timezone.localdate())
    return [known.row(figure, request) for figure in found]


@dataclass(frozen=True)
class Beside:
    """What the figures of a page are set beside: those in force, the plans of their years, who answers for them."""

    in_force: Mapping[tuple[int, Period], Figure]
    plans: Mapping[tuple[int, int], Target]
    responsible: Responsibility
    returned: Mapping[int, Figure]

    @classmethod
    def of(cls, figures: Sequence[Figure], as_of: date) -> "Beside":
        """Six queries."""
        indicators = {figure.indicator_id for figure in figures}
        in_force = Figure.objects.filter(indicator__in=indicators).in_force(as_of)
        annual = Target.objects.in_force(as_of).filter(indicator__in=indicators, scope=Scope.ANNUAL)
        plans = sorted(annual.select_related("indicator"), key=firmness)
        return cls(
            {(figure.indicator_id, figure.period): figure for figure in in_force},
            {(plan.indicator_id, plan.last_year): plan for plan in plans},
            responsibility(as_of),
            as_returned([figure.pk for figure in figures]),
        )

    def row(self, figure: Figure, request: HttpRequest) -> Row:
        steps = list(figure.steps.all())
        asked, pair = last(steps, StepKind.ASK), shown_version(figure)
        typed = [step for step in steps if step.kind in (StepKind.ENTER, StepKind.EDIT)]
        return Row(
            figure=figure,
            pair=pair,
            agency=self.responsible.agency_of(figure.indicator),
            period=period_text(figure.period, figure.indicator),
            value=value_text(figure, figure.indicator.unit),
            last_year=self._compared(figure, figure.period.same_period_last_year),
            earlier=self._earlier(figure),
            plan=self._plan(figure),
            before=self._before(figure),
            entered=typed[-1] if typed else None,
            submitted=last(steps, StepKind.SUBMIT),
            reason=next((step.reason for step in reversed(typed) if step.reason), ""),
            returned=getattr(last(steps, StepKind.RETURN, StepKind.REOPEN), "reason", ""),
            returned_value=self._returned(figure),
            is_older_source=figure.published_on < end_of_period(figure.period),
            asked=asked,
            refusal=guard_transition(StepKind.APPROVE, figure, request.user),
            is_chosen=pair in request.POST.getlist("chosen") or request.GET.get("check") == "all",
            is_refused=request.POST.get("one", "").partition(":")[2].partition(":")[0] == str(figure.pk),
            words=request.POST.get(f"reason-{figure.pk}", asked.reason if asked else ""),
        )

    def _compared(self, figure: Figure, period: Period) -> tuple[str, str]:
        """The figure in force for `period` and how the new one differs; empty texts where there is none."""
        other = self.in_force.get((figure.indicator_id, period))
        if other is None or other.value is None:
            return "", ""
        value, language = figure.value, active_language()
        step = "" if value is None else change(value, other.value, figure.indicator, language)
        return value_text(other, figure.indicator.unit), step

    def _earlier(self, figure: Figure) -> tuple[str, str]:
        """The last period before it that has a value, and the value; nothing where that is last year's, shown already."""
        before = [
            one
            for (indicator, period), one in self.in_force.items()
            if indicator == figure.indicator_id and period.end < figure.period.end
        ]
        latest = max(before, key=lambda one: one.period.end, default=None)
        if latest is None or latest.period == figure.period.same_period_last_year:
            return "", ""
        return short_period(latest.period), value_text(latest, figure.indicator.unit)

    def _returned(self, figure: Figure) -> str:
        other = self.returned.get(figure.pk)
        return value_text(other, figure.indicator.unit) if other else ""

    def _plan(self, figure: Figure) -> tuple[str, str]:
        plan = self.plans.get((figure.indicator_id, figure.year))
        if plan is None:
            return "", ""
        return as_written(plan), "" if figure.value is None else of_plan(figure.value, plan, active_language())

    def _before(self, figure: Figure) -> tuple[str, str]:
        other = self.in_force.get((figure.indicator_id, figure.period))
        if other is None or other.pk == figure.pk:
            return "", ""
        return value_text(other, figure.indicator.unit), f"{other.get_status_display()}, {day(other.published_on)}"


def as_returned(pks: Sequence[int]) -> dict[int, Figure]:
    """What each of these figures was when it last came back, by primary key; one query."""
    found: dict[int, Figure] = {}
    state_before: dict[int, str] = {}
    for version in Figure.history.filter(id__in=pks).order_by("history_date", "history_id"):
        if version.state == State.RETURNED and state_before.get(version.id) != State.RETURNED:
            found[version.id] = version
        state_before[version.id] = version.state
    return found


def end_of_period(period: Period) -> date:
    """The last day of the months that the period covers."""
    return date(period.year, period.through_month, monthrange(period.year, period.through_month)[1])


def last(steps: list[Step], *kinds: StepKind) -> Step | None:
    """The last step of one of `kinds`."""
    return next((step for step in reversed(steps) if step.kind in kinds), None)


def by_agency(rows: list[Row]) -> list[tuple[Agency | None, list[Row]]]:
    """The rows of each agency; the one that has waited longest comes first."""
    groups: dict[Agency | None, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.agency, []).append(row)
    return list(groups.items())

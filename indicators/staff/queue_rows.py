"""What the approvers' queue shows of each figure that waits: what it is compared with, its rivals, and what it would do."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from ..assessment import figures_in_force
from ..core.language import active_language
from ..models import Figure, State, Step, StepKind, Target
from ..queries.impact import figure_fact, impact_of_each
from ..queries.responsible_agency import responsibility
from ..sentences import describe_effect
from ..sentences.differences import change, of_plan
from ..sentences.formatting import as_written, day, period_text, short_period, value_text
from ..text.periods import Period
from ..workflow import RETURNING_KINDS, guard_transition, rivals_among
from .plausibility.rules import is_early
from .views.transitions import shown_version


def queue_rows(figures: QuerySet[Figure], request: HttpRequest) -> "list[QueueRow]":
    """The rows of `figures` in their order; a fixed number of queries."""
    counted = figures.annotate(files=Count("evidence", distinct=True))
    shown = list(counted.select_related("indicator", "source").prefetch_related("steps"))
    if not shown:
        return []
    context = ComparisonContext(shown, timezone.localdate())
    return [QueueRow(figure, context, request) for figure in beside_rivals(shown)]


def beside_rivals(figures: Iterable[Figure]) -> list[Figure]:
    """The figures in their order, but those of one indicator and period right after the first of them."""
    groups: dict[Fact, list[Figure]] = defaultdict(list)
    for figure in figures:
        groups[figure.indicator_id, figure.period].append(figure)
    return [figure for group in groups.values() for figure in group]


Fact = tuple[int, Period]  # an indicator and a period: what one value is in force of


class ComparisonContext:
    """What the figures of a page are set beside: those in force, the plans of their years, who answers for them."""

    def __init__(self, figures: Sequence[Figure], as_of: date) -> None:
        indicators = {figure.indicator_id for figure in figures}
        in_force = Figure.objects.filter(indicator__in=indicators).select_related("source").in_force(as_of)
        self.in_force = {(figure.indicator_id, figure.period): figure for figure in in_force}
        self.plans = Target.objects.filter(indicator__in=indicators).year_plans(as_of)
        self.responsible = responsibility(as_of)
        self.returned = as_returned([figure.pk for figure in figures])
        waiting = [figure for figure in figures if figure.state == State.SUBMITTED]
        self.impacts = impact_of_each(waiting, as_of) if waiting else {}
        self.waiting: dict[Fact, list[Figure]] = defaultdict(list)
        for other in Figure.objects.filter(indicator__in=indicators, state=State.SUBMITTED).select_related("source"):
            self.waiting[other.indicator_id, other.period].append(other)
        self.rivals = rivals_among(other for others in self.waiting.values() for other in others)
        self.approvals = approvals_since(waiting)
        self.as_of = as_of

    def in_force_after_all(self, figure: Figure) -> Figure | None:
        """What would be in force of its period if everything that waits for it were approved, by the rule of the judgement."""
        key = figure.indicator_id, figure.period
        others = self.waiting[key]
        corrected = {other.pk for other in others if other.being_corrected}
        known = self.in_force.get(key)
        candidates = [*others, *([known] if known and known.earlier_of_id not in corrected else [])]
        by_fact = {figure_fact(candidate): candidate for candidate in candidates}
        chosen = figures_in_force(by_fact, self.as_of).get(figure.period)
        return by_fact[chosen] if chosen else None

    def approved_rival(self, figure: Figure) -> Figure | None:
        """Another value of the same indicator, period and status that was approved while `figure` waited."""
        submitted = last_step(list(figure.steps.all()), StepKind.SUBMIT)
        approvals = [
            step
            for step in self.approvals
            if submitted
            and step.pk > submitted.pk
            and rivals_among([figure, step.figure])
            and step.figure_id != figure.pk
        ]
        return approvals[-1].figure if approvals else None

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
    when it came back, `is_unchanged` whether it came again so. `effect` says what approving it would do, `rivals` what else
    waits for the same period (primary key and text), `after_all` what would be in force if all of it were approved, and
    `approved_rival` which of them was approved meanwhile. `version` is what a check box or button sends, so that
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
        self._meet_rivals(context)
        self.is_early = is_early(figure.period, figure.status, figure.published_on)
        self.refusal = guard_transition(StepKind.APPROVE, figure, request.user)
        is_all = request.GET.get("check") == "all" and figure.pk not in context.rivals
        self.is_chosen = self.version in request.POST.getlist("chosen") or is_all
        self.is_refused = request.POST.get("row_transition", "").partition(":")[2].partition(":")[0] == str(figure.pk)
        clerks_reason = self.correction_request.reason if self.correction_request else ""
        self.typed_reason = request.POST.get(f"reason-{figure.pk}", clerks_reason or self.approved_rival)

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

    def _meet_rivals(self, context: ComparisonContext) -> None:
        figure, language = self.figure, active_language()
        impact = context.impacts.get(figure.pk)
        self.effect = describe_effect(impact, language) if impact else ""
        others = [other for other in context.waiting[figure.indicator_id, figure.period] if other.pk != figure.pk]
        self.rivals = [(other.pk, self._with_origin(other)) for other in others if figure.state == State.SUBMITTED]
        in_force = context.in_force_after_all(figure) if self.rivals else None
        self.after_all = self._with_origin(in_force) if in_force else ""
        approved = context.approved_rival(figure)
        self.approved_rival = ""
        if approved:
            text = _("Another value of the same period was approved: %(value)s.")
            self.approved_rival = text % {"value": self._with_origin(approved)}

    def _with_origin(self, figure: Figure) -> str:
        return f"{self._value_text(figure)} ({figure.get_status_display()}, {figure.source})"

    def _value_text(self, figure: Figure) -> str:
        return value_text(figure, self.figure.indicator.unit)


def approvals_since(figures: Sequence[Figure]) -> list[Step]:
    """The approvals of other figures of these indicators since the first of `figures` was submitted, with what was approved,
    where it still is; one query."""
    submissions = [last_step(list(figure.steps.all()), StepKind.SUBMIT) for figure in figures]
    first = min((step.pk for step in submissions if step), default=None)
    if first is None:
        return []
    approvals = Step.objects.filter(kind=StepKind.APPROVE, pk__gt=first, figure__state=State.APPROVED)
    of_these = approvals.filter(figure__indicator__in={figure.indicator_id for figure in figures})
    return list(of_these.select_related("figure__source"))


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

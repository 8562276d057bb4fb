"""What the sheet of one period shows of each indicator that a person enters figures for."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from .. import assessment, workflow
from ..models import Figure, Indicator, State, Step, Target
from ..models.targets import Scope
from ..queries.progress import NOTHING_IN_FORCE, VersionsInForce, firmness, known_on
from ..text.periods import Period
from ..workflow.permissions import Person, enterable


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One indicator and what is known of it: `drafts` are its figures of the period still to be submitted, `waiting` one
    that is submitted."""

    indicator: Indicator
    period: Period
    versions: VersionsInForce
    plan: Target | None
    drafts: tuple[Figure, ...]
    waiting: Figure | None

    @property
    def draft(self) -> Figure | None:
        """The draft to go on with."""
        return self.drafts[0] if self.drafts else None

    @property
    def other_drafts(self) -> tuple[Figure, ...]:
        """Drafts that the row has no fields for."""
        return self.drafts[1:]

    @property
    def returning_step(self) -> Step | None:
        """Why, by whom and when the draft came back."""
        return workflow.returning_step(self.draft) if self.draft else None

    @property
    def last_year(self) -> assessment.FigureFact | None:
        return self.versions.figures.get(self.period.same_period_last_year)

    @property
    def in_force(self) -> assessment.FigureFact | None:
        return self.versions.figures.get(self.period)

    @property
    def to_take_over(self) -> assessment.FigureFact | None:
        """The figure of the same months a year before, where nobody has answered for this period yet. Other months would
        turn a part of a year into a whole one, and an older figure is of an indicator that is reported no more."""
        is_open = not (self.in_force or self.drafts or self.waiting)
        return self.last_year if is_open else None

    def figure(self) -> Figure:
        """The draft, or a new figure of this indicator and period."""
        year, month = self.period
        return self.draft or Figure(indicator=self.indicator, year=year, through_month=month)


def sheet_rows(user: Person, period: Period, as_of: date) -> list[SheetRow]:
    """A row for every indicator with numbers of its own that `user` enters, in the official order; eight queries."""
    indicators = enterable(user).filter(judged_by_parts=False).select_related("sector", "parent")
    known = known_on(as_of, indicators)
    plans = Target.objects.in_force(as_of).filter(scope=Scope.ANNUAL, last_year=period.year, indicator__in=indicators)
    # Of several plans of a year the firmest comes last and stays.
    plan_of = {plan.indicator_id: plan for plan in sorted(plans.select_related("indicator"), key=firmness)}
    year, month = period
    figures = Figure.objects.filter(indicator__in=indicators, year=year, through_month=month)
    figures = figures.exclude(state=State.APPROVED).select_related("indicator", "source").order_by("pk")
    drafts: dict[int, list[Figure]] = defaultdict(list)
    submitted: dict[int, Figure] = {}
    for figure in figures.prefetch_related("steps"):
        if figure.state == State.SUBMITTED:
            submitted[figure.indicator_id] = figure
        elif figure.state in workflow.EDITABLE_STATES:
            drafts[figure.indicator_id].append(figure)
    rows = []
    for indicator in indicators:
        # One that came back goes before one that was never sent, then the newest.
        own_drafts = sorted(drafts[indicator.pk], key=lambda draft: (draft.state != State.RETURNED, -draft.pk))
        known_figures = known.get(indicator.pk, NOTHING_IN_FORCE)
        plan, waiting = plan_of.get(indicator.pk), submitted.get(indicator.pk)
        rows.append(SheetRow(indicator, period, known_figures, plan, tuple(own_drafts), waiting))
    return sorted(rows, key=_official_place)


def _official_place(row: SheetRow) -> tuple:
    """The official order, in which a part follows its parent, also where the parent itself has no row."""
    indicator = row.indicator
    head = indicator.parent or indicator
    return indicator.sector.order, indicator.sector.code, head.order, head.code, bool(indicator.parent_id)

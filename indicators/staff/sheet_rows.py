"""ENTRY: what the sheet of one period shows of each indicator that a person enters figures for."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from .. import assessment
from ..models import Figure, Indicator, State, Step, Target
from ..models.targets import Scope
from ..queries.progress import NOTHING_KNOWN, KnownFigures, firmness, known_on
from ..text.periods import Period
from ..workflow import EDITABLE_STATES, returning_step
from ..workflow.permissions import Person, enterable


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One indicator and what is known of it: `drafts` are its figures of the period still to be submitted, `waiting` one
    that is submitted."""

    indicator: Indicator
    period: Period
    known: KnownFigures
    plan: Target | None
    drafts: tuple[Figure, ...]
    waiting: Figure | None

    @property
    def draft(self) -> Figure | None:
        """The draft to go on with: one that came back before one that was never sent, then the newest."""
        return self.drafts[0] if self.drafts else None

    @property
    def other_drafts(self) -> tuple[Figure, ...]:
        """Drafts that the row has no fields for."""
        return self.drafts[1:]

    @property
    def sent_back(self) -> Step | None:
        """Why, by whom and when the draft came back."""
        return returning_step(self.draft) if self.draft else None

    @property
    def last_year(self) -> assessment.Figure | None:
        return self.known.figures.get(self.period.same_period_last_year)

    @property
    def in_force(self) -> assessment.Figure | None:
        return self.known.figures.get(self.period)

    @property
    def to_take_over(self) -> assessment.Figure | None:
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
    plan_of = {plan.indicator_id: plan for plan in sorted(plans.select_related("indicator"), key=firmness)}
    year, month = period
    under_way = Figure.objects.filter(indicator__in=indicators, year=year, through_month=month).exclude(
        state=State.APPROVED
    )
    under_way = under_way.select_related("indicator", "source").prefetch_related("steps__by").order_by("pk")
    drafts: dict[int, list[Figure]] = defaultdict(list)
    for figure in sorted(under_way, key=lambda one: (one.state != State.RETURNED, -one.pk)):
        if figure.state in EDITABLE_STATES:
            drafts[figure.indicator_id].append(figure)
    waiting = {figure.indicator_id: figure for figure in under_way if figure.state == State.SUBMITTED}
    rows = [
        SheetRow(
            one,
            period,
            known.get(one.pk, NOTHING_KNOWN),
            plan_of.get(one.pk),
            tuple(drafts[one.pk]),
            waiting.get(one.pk),
        )
        for one in indicators
    ]
    return _parts_under_parents(rows)


def _parts_under_parents(rows: list[SheetRow]) -> list[SheetRow]:
    """The official order, in which a part follows its parent, also where the parent itself has no row."""
    place = {row.indicator.pk: at for at, row in enumerate(rows)}

    def order(row: SheetRow) -> tuple:
        one = row.indicator
        head = one.parent or one
        return one.sector.order, one.sector.code, head.order, head.code, bool(one.parent_id), place[one.pk]

    return sorted(rows, key=order)

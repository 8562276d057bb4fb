"""What the sheet of one period shows of each indicator that a person enters figures for."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from .. import workflow
from ..models import Figure, Indicator, State, Step, Target
from ..text.periods import Period
from ..workflow.permissions import Person, enterable


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One indicator and what stands beside its field: the figures in force of the same months a year before and of the
    period itself, the plan of the year, `drafts` still to be submitted, the one to go on with first, and those that are
    `submitted`."""

    indicator: Indicator
    period: Period
    last_year: Figure | None
    in_force: Figure | None
    plan: Target | None
    drafts: list[Figure]
    submitted: list[Figure]

    @property
    def waiting(self) -> Figure | None:
        """The figure that was submitted last of those that wait for approval."""
        return self.submitted[-1] if self.submitted else None

    @property
    def draft(self) -> Figure | None:
        """The draft to go on with; the row has no fields for the others."""
        return self.drafts[0] if self.drafts else None

    @property
    def returning_step(self) -> Step | None:
        """Why, by whom and when the draft came back."""
        return workflow.returning_step(self.draft) if self.draft else None

    @property
    def is_unmended(self) -> bool:
        """Whether the draft came back and nobody has changed it since."""
        return self.draft is not None and workflow.is_unmended(self.draft)

    @property
    def to_take_over(self) -> Figure | None:
        """The figure of the same months a year before, where nobody has answered for this period yet. Other months would
        turn a part of a year into a whole one, and an older figure is of an indicator that is reported no more."""
        is_open = not (self.in_force or self.drafts or self.waiting)
        return self.last_year if is_open else None

    def figure(self) -> Figure:
        """The draft, or a new figure of this indicator and period."""
        year, month = self.period
        return self.draft or Figure(indicator=self.indicator, year=year, through_month=month)


def sheet_rows(user: Person, period: Period, as_of: date) -> list[SheetRow]:
    """A row for every indicator with numbers of its own that `user` enters, in the official order; seven queries."""
    year, month = period
    indicators = enterable(user).filter(judged_by_parts=False).select_related("sector", "parent")
    figures = Figure.objects.filter(indicator__in=indicators, through_month=month).order_by("pk")
    # Two periods, not the whole history: a province may have a million versions, and a row shows two of them.
    published = figures.filter(year__in=(year - 1, year)).in_force(as_of)
    in_force = {(figure.indicator_id, figure.year): figure for figure in published}
    plans = Target.objects.filter(indicator__in=indicators, last_year=year).year_plans(as_of)
    drafts: dict[int, list[Figure]] = defaultdict(list)
    submitted: dict[int, list[Figure]] = defaultdict(list)
    unapproved = figures.filter(year=year).exclude(state=State.APPROVED).select_related("indicator", "source")
    for figure in unapproved.prefetch_related("steps"):
        if figure.state == State.SUBMITTED:
            submitted[figure.indicator_id].append(figure)
        else:
            drafts[figure.indicator_id].append(figure)
    rows = [
        SheetRow(
            indicator,
            period,
            in_force.get((indicator.pk, year - 1)),
            in_force.get((indicator.pk, year)),
            plans.get((indicator.pk, year)),
            # One that came back goes before one that was never sent, then the newest.
            sorted(drafts[indicator.pk], key=lambda draft: (draft.state != State.RETURNED, -draft.pk)),
            submitted[indicator.pk],
        )
        for indicator in indicators
    ]
    return sorted(rows, key=_official_place)


def _official_place(row: SheetRow) -> tuple:
    """The official order, in which a part follows its parent, also where the parent itself has no row."""
    indicator = row.indicator
    head = indicator.parent or indicator
    return indicator.sector.order, indicator.sector.code, head.order, head.code, bool(indicator.parent_id)

"""ASSESS: what is asked for, by agency and period: how many values came, how many are late."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ..models import Agency
from ..text.periods import Period
from .completeness import Item, Standing
from .deadlines import Due


@dataclass(frozen=True, slots=True)
class Cell:
    """What one agency was asked for in one period."""

    agency: Agency | None
    period: Period
    items: tuple[Item, ...]

    @property
    def asked(self) -> int:
        return len(self.items)

    @property
    def answered(self) -> int:
        return sum(item.is_answered for item in self.items)

    @property
    def overdue(self) -> int:
        return sum(item.is_overdue for item in self.items)

    @property
    def returned(self) -> int:
        return sum(item.standing == Standing.RETURNED for item in self.items)

    @property
    def came_late(self) -> int:
        return sum(item.is_answered and item.days_late > 0 for item in self.items)

    @property
    def due(self) -> Due | None:
        """The day of what is still open, of everything where nothing is; ranks have none."""
        still_open = [item for item in self.items if not item.is_answered] or self.items
        return next((item.due for item in still_open if item.due), None)

    @property
    def tone(self) -> str:
        """What the cell says at a glance: overdue, open, late (all there, some after the day) or complete."""
        if self.overdue:
            return "overdue"
        if self.answered < self.asked:
            return "open"
        return "late" if self.came_late else "complete"


@dataclass(frozen=True, slots=True)
class Line:
    """One agency (None: indicators nobody answers for) with its cells, None where nothing was asked."""

    agency: Agency | None
    cells: tuple[Cell | None, ...]


def heat_map(found: Iterable[Item]) -> tuple[list[Period], list[Line]]:
    """The periods that have items, the whole year first, and a line for each agency in the order of their records."""
    groups: dict[int | None, dict[Period, list[Item]]] = defaultdict(lambda: defaultdict(list))
    agencies: dict[int | None, Agency | None] = {}
    for item in found:
        pk = item.agency.pk if item.agency else None
        agencies[pk] = item.agency
        groups[pk][item.period].append(item)
    found_periods = {period for cells in groups.values() for period in cells}
    periods = sorted(found_periods, key=lambda one: (one.year, not one.is_full_year, one.through_month))
    lines = []
    for pk in sorted(groups, key=lambda one: (one is None, one)):
        agency, cells = agencies[pk], groups[pk]
        made = tuple(Cell(agency, period, tuple(cells[period])) if period in cells else None for period in periods)
        lines.append(Line(agency, made))
    return periods, lines

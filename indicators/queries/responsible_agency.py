"""Who answers for which indicator on a day, through changes of assignment and mergers of agencies."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from ..models import Agency, Assignment, Indicator


@dataclass(frozen=True)
class Responsibility:
    """Who answered on `day`, worked out from all agencies and assignments, so that another day needs no query.

    `own_agencies` has the agency that each indicator names itself, `assignments` the later ones, oldest first: day,
    indicator, agency; all by primary key.
    """

    day: date
    bodies: dict[int, Agency]
    own_agencies: dict[int, int | None]
    assignments: list[tuple[date, int, int]]

    def on(self, day: date) -> "Responsibility":
        """Who answered on another day; no query."""
        return self if day == self.day else replace(self, day=day)

    def agency_of(self, indicator: Indicator) -> Agency | None:
        return self.agencies.get(indicator.pk)

    def indicators_of(self, agencies: set[int]) -> set[int]:
        """The indicators for which one of `agencies` (primary keys) answers."""
        return {pk for pk, agency in self.agencies.items() if agency.pk in agencies}

    @cached_property
    def agencies(self) -> dict[int, Agency]:
        """The agency of each indicator that has one, by primary key of the indicator."""
        # Oldest first, so that of several the latest up to the day remains.
        assigned = self.own_agencies | {pk: agency for since, pk, agency in self.assignments if since <= self.day}
        return {pk: self.acting_bodies[agency] for pk, agency in assigned.items() if agency is not None}

    @cached_property
    def acting_bodies(self) -> dict[int, Agency]:
        """The body that did the work of each body, by primary key."""
        predecessors = defaultdict(list)
        for body in self.bodies.values():
            predecessors[body.successor_id].append(body)
        return {pk: self._acting_body(body, predecessors) for pk, body in self.bodies.items()}

    def _acting_body(self, body: Agency, predecessors: dict[int | None, list[Agency]]) -> Agency:
        passed = {body.pk}  # forms and packages refuse a circle; one that got in otherwise ends the walk
        while body.valid_to and body.valid_to < self.day and body.successor_id and body.successor_id not in passed:
            body = self.bodies[body.successor_id]
            passed.add(body.pk)
        # Two bodies that were merged cannot both have answered: then the new one stands, with the day it was founded.
        while body.valid_from and body.valid_from > self.day and len(predecessors[body.pk]) == 1:
            if predecessors[body.pk][0].pk in passed:
                break
            body = predecessors[body.pk][0]
            passed.add(body.pk)
        return body


def responsibility(day: date, indicators: Collection[Indicator] | None = None) -> Responsibility:
    """Who answered on `day` for each indicator, or for each of `indicators`; three queries, for those two.

    The latest assignment up to that day counts, without one the indicator's own agency. A body that had ended by then
    has handed on to its successor; one that did not exist yet had taken over from its predecessor, where it has only one.
    """
    bodies, assignments = Agency.objects.in_bulk(), Assignment.objects.order_by("valid_from")
    if indicators is None:
        own_agencies: dict[int, int | None] = dict(Indicator.objects.order_by().values_list("pk", "agency_id"))
    else:
        own_agencies = {indicator.pk: indicator.agency_id for indicator in indicators}
        assignments = assignments.filter(indicator__in=own_agencies)
    changes = list(assignments.values_list("valid_from", "indicator_id", "agency_id"))
    return Responsibility(day, bodies, own_agencies, changes)

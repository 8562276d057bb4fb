"""RECORD → who answers for which indicator on a day, through changes of assignment and mergers of agencies."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from ..models import Agency, Assignment, Indicator


@dataclass(frozen=True)
class Responsibility:
    """Who answered on one day: the agency of each indicator, and the body that did the work of each body, by primary key."""

    agencies: dict[int, Agency]
    on_duty: dict[int, Agency]

    def of(self, indicator: Indicator) -> Agency | None:
        return self.agencies.get(indicator.pk)

    def with_agency(self, indicators: Iterable[Indicator]) -> list[Indicator]:
        """The indicators, each with the agency of that day in place of its first one. For reading: they are never saved."""
        found = list(indicators)
        for indicator in found:
            indicator.agency = self.of(indicator)
        return found

    def indicators_of(self, agencies: set[int]) -> set[int]:
        """The indicators for which one of `agencies` (primary keys) answers."""
        return {pk for pk, agency in self.agencies.items() if agency.pk in agencies}


def responsibility(on: date, indicators: Collection[Indicator] | None = None) -> Responsibility:
    """Who answered on the day `on` for each indicator, or for each of `indicators`; three queries, for those two.

    The latest assignment up to that day counts, without one the indicator's own agency. A body that had ended by then
    has handed on to its successor; one that did not exist yet had taken over from its predecessor, where it has only one.
    """
    return responsibilities([on], indicators)[on]


def responsibilities(
    days: Collection[date], indicators: Collection[Indicator] | None = None
) -> dict[date, Responsibility]:
    """The same for each of `days`, in the same queries."""
    bodies, assignments = Agency.objects.in_bulk(), Assignment.objects.order_by("valid_from")
    if indicators is None:
        own: dict[int, int | None] = dict(Indicator.objects.order_by().values_list("pk", "agency_id"))
    else:
        own = {indicator.pk: indicator.agency_id for indicator in indicators}
        assignments = assignments.filter(indicator__in=own)
    changes = list(assignments.values_list("valid_from", "indicator_id", "agency_id"))
    predecessors = defaultdict(list)
    for body in bodies.values():
        predecessors[body.successor_id].append(body)
    found = {}
    for on in days:
        assigned = own | {pk: agency for since, pk, agency in changes if since <= on}
        on_duty = {pk: _on_duty(body, on, bodies, predecessors) for pk, body in bodies.items()}
        agencies = {pk: on_duty[agency] for pk, agency in assigned.items() if agency is not None}
        found[on] = Responsibility(agencies, on_duty)
    return found


def _on_duty(body: Agency, on: date, bodies: dict[int, Agency], predecessors: dict[int | None, list[Agency]]) -> Agency:
    """The body that did the work of `body` on the day `on`."""
    passed = {body.pk}  # forms and packages refuse a circle; one that got in otherwise ends the walk
    while body.valid_to and body.valid_to < on and body.successor_id and body.successor_id not in passed:
        body = bodies[body.successor_id]
        passed.add(body.pk)
    while body.valid_from and body.valid_from > on and len(predecessors[body.pk]) == 1:
        if predecessors[body.pk][0].pk in passed:
            break
        body = predecessors[body.pk][0]
        passed.add(body.pk)
    return body

"""RECORD → who answers for which indicator on a day, through changes of assignment and mergers of agencies."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from .models import Agency, Assignment, Indicator


@dataclass(frozen=True)
class Responsibility:
    """The responsible agency of each indicator on one day, by primary key of the indicator."""

    agencies: dict[int, Agency]

    def of(self, indicator: Indicator) -> Agency | None:
        return self.agencies.get(indicator.pk)

    def indicators_of(self, agencies: set[int]) -> set[int]:
        """The indicators for which one of `agencies` (primary keys) answers."""
        return {pk for pk, agency in self.agencies.items() if agency.pk in agencies}


def responsibility(on: date) -> Responsibility:
    """Who answered for each indicator on the day `on`; three queries.

    The latest assignment up to that day counts, without one the indicator's own agency. A body that had ended by then
    has handed on to its successor; one that did not exist yet had taken over from its predecessor, where it has only one.
    """
    bodies = Agency.objects.in_bulk()
    assigned: dict[int, int | None] = dict(Indicator.objects.order_by().values_list("pk", "agency_id"))
    changes = Assignment.objects.filter(valid_from__lte=on).order_by("valid_from")
    assigned |= dict(changes.values_list("indicator_id", "agency_id"))
    predecessors = defaultdict(list)
    for body in bodies.values():
        predecessors[body.successor_id].append(body)
    on_duty = {pk: _on_duty(body, on, bodies, predecessors) for pk, body in bodies.items()}
    return Responsibility({pk: on_duty[agency] for pk, agency in assigned.items() if agency is not None})


def _on_duty(body: Agency, on: date, bodies: dict[int, Agency], predecessors: dict[int | None, list[Agency]]) -> Agency:
    """The body that did the work of `body` on the day `on`."""
    while body.valid_to and body.valid_to < on and body.successor_id:
        body = bodies[body.successor_id]
    while body.valid_from and body.valid_from > on and len(predecessors[body.pk]) == 1:
        body = predecessors[body.pk][0]
    return body

"""RECORD → who answers for which indicator on a day, through changes of assignment and mergers of agencies."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from .models import Agency, Assignment, Indicator


@dataclass(frozen=True)
class Responsibility:
    """The responsible agency of each indicator on one day, by primary key of the indicator."""

    agencies: dict[int, Agency]

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


def responsibility(on: date) -> Responsibility:
    """Who answered for each indicator on the day `on`; three queries.

    The latest assignment up to that day counts, without one the indicator's own agency. A body that had ended by then
    has handed on to its successor; one that did not exist yet had taken over from its predecessor, where it has only one.
    """
    return responsibilities([on])[on]


def responsibilities(days: Collection[date]) -> dict[date, Responsibility]:
    """The same for each of `days`, in the same three queries."""
    bodies = Agency.objects.in_bulk()
    own: dict[int, int | None] = dict(Indicator.objects.order_by().values_list("pk", "agency_id"))
    changes = list(Assignment.objects.order_by("valid_from").values_list("valid_from", "indicator_id", "agency_id"))
    predecessors = defaultdict(list)
    for body in bodies.values():
        predecessors[body.successor_id].append(body)
    found = {}
    for on in days:
        assigned = own | {pk: agency for since, pk, agency in changes if since <= on}
        on_duty = {pk: _on_duty(body, on, bodies, predecessors) for pk, body in bodies.items()}
        found[on] = Responsibility({pk: on_duty[agency] for pk, agency in assigned.items() if agency is not None})
    return found


def _on_duty(body: Agency, on: date, bodies: dict[int, Agency], predecessors: dict[int | None, list[Agency]]) -> Agency:
    """The body that did the work of `body` on the day `on`."""
    while body.valid_to and body.valid_to < on and body.successor_id:
        body = bodies[body.successor_id]
    while body.valid_from and body.valid_from > on and len(predecessors[body.pk]) == 1:
        body = predecessors[body.pk][0]
    return body

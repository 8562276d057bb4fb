"""What wants attention in targets and sources: for those who keep them, and for officials who only look."""

from datetime import date

from django.db.models import Q, QuerySet

from ..assessment import Status
from ..models import Source, Target
from ..queries.progress import ProgressRow, progress
from ..queries.term_overview import DANGER


def running_targets(as_of: date) -> list[ProgressRow]:
    """The judged targets of this year and of years to come, in the order of the official tables."""
    return progress(as_of, Target.objects.filter(last_year__gte=as_of.year))


def in_danger(rows: list[ProgressRow]) -> list[ProgressRow]:
    """Those of `rows` whose verdict is a bad one, the worst first."""
    endangered = [row for row in rows if row.counts_as in DANGER]
    return sorted(endangered, key=lambda row: DANGER.index(Status(row.counts_as)))


def without_figures(rows: list[ProgressRow]) -> list[ProgressRow]:
    """Those of `rows` whose indicator has no figure yet."""
    return [row for row in rows if row.counts_as == Status.NO_DATA]


# Nobody could find it again: it has no day, or neither a number nor an address.
IS_INCOMPLETE = Q(issued_on=None) | Q(number="", url="")


def incomplete_sources() -> QuerySet[Source]:
    """The sources to complete, the newest first."""
    return Source.objects.filter(IS_INCOMPLETE).order_by("-pk")

"""What a report or a download is to hold: known on which day, of which term, narrowed by which filter."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ..models import Agency, Indicator, Target, Term
from ..queries.responsible_agency import responsibility
from ..queries.term_overview import Filter, filter_lines, term_lines, term_overview


@dataclass(frozen=True)
class ReportSelection:
    """The day, the term (None for all) and the filter of the page that the visitor came from."""

    as_of: date
    term: Term | None = None
    filter: Filter = field(default_factory=Filter)

    @cached_property
    def indicator_lookup(self) -> dict[str, Any]:
        """The filter as a condition on records of an indicator; empty without one.

        Raises BadRequest when it asks for a verdict without a term.
        """
        if not (self.filter.is_narrow or self.filter.scope):
            return {}
        if self.term is None:
            if self.filter.asks_of_targets:
                raise BadRequest(_("A verdict is that of a term: add one, such as term=2025."))
            return {"indicator__in": self.indicators()}
        lines = filter_lines(
            term_lines(term_overview(self.term, self.as_of), [self.term], self.filter.scope), self.filter
        )
        return {"indicator__in": [row.indicator.pk for line in lines for row in (line, *line.parts)]}

    def indicators(self) -> QuerySet[Indicator]:
        """The indicators that sector, agency and words leave; verdicts are not looked at."""
        indicators = Indicator.objects.all()
        if self.filter.sector:
            indicators = indicators.filter(sector__code=self.filter.sector)
        if self.filter.agency:
            agencies = set(Agency.objects.filter(code=self.filter.agency).values_list("pk", flat=True))
            indicators = indicators.filter(pk__in=responsibility(self.as_of).indicators_of(agencies))
        return indicators.matching(self.filter.q) if self.filter.q else indicators

    def within_term(self, first: str, last: str) -> dict[str, Any]:
        """The condition that the years `first` to `last` of a record lie in the term."""
        return {f"{first}__gte": self.term.first_year, f"{last}__lte": self.term.last_year} if self.term else {}

    def targets(self) -> QuerySet[Target]:
        """The targets of the term and scope, those of the plans of its years too."""
        targets = Target.objects.filter(term=self.term) if self.term else Target.objects.all()
        return targets.filter(scope=self.filter.scope) if self.filter.scope else targets

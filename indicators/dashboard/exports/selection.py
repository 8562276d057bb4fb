"""EXPORT: what a download is to hold: known on which day, of which term, narrowed by which filter."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ...models import Agency, Indicator, Target, Term
from ...queries.responsible_agency import responsibility
from ...queries.term_overview import Filter, narrowed, snapshot, term_lines


@dataclass(frozen=True)
class Asked:
    """The day, the term (None for all) and the filter of the page that the visitor came from."""

    as_of: date
    term: Term | None = None
    wanted: Filter = field(default_factory=Filter)

    @cached_property
    def of_indicators(self) -> dict[str, Any]:
        """The filter as a condition on records of an indicator; empty without one."""
        if not (self.wanted.is_narrow or self.wanted.scope):
            return {}
        if self.term is None:
            if self.wanted.asks_of_targets:
                raise BadRequest(_("A verdict is that of a term: add one, such as term=2025."))
            return {"indicator__in": self.catalogue()}
        lines = narrowed(term_lines(snapshot(self.term, self.as_of), [self.term], self.wanted.scope), self.wanted)
        return {"indicator__in": [row.indicator.pk for line in lines for row in (line, *line.parts)]}

    def catalogue(self) -> QuerySet[Indicator]:
        """The indicators that sector, agency and words leave; verdicts are not looked at."""
        wanted = self.wanted
        found = Indicator.objects.filter(sector__code=wanted.sector) if wanted.sector else Indicator.objects.all()
        if wanted.agency:
            own = set(Agency.objects.filter(code=wanted.agency).values_list("pk", flat=True))
            found = found.filter(pk__in=responsibility(self.as_of).indicators_of(own))
        return found.matching(wanted.q) if wanted.q else found

    def within_term(self, first: str, last: str) -> dict[str, Any]:
        """The condition that the years `first` to `last` of a record lie in the term."""
        return {f"{first}__gte": self.term.first_year, f"{last}__lte": self.term.last_year} if self.term else {}

    def targets(self) -> QuerySet[Target]:
        """The targets of the term and scope, those of the plans of its years too."""
        targets = Target.objects.filter(term=self.term) if self.term else Target.objects.all()
        return targets.filter(scope=self.wanted.scope) if self.wanted.scope else targets

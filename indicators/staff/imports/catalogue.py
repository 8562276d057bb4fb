"""What the rows of a file may name: indicators, and which of them the person enters; sources. Loaded once for a file."""

from collections import defaultdict

from ...models import Indicator, Source
from ...workflow.permissions import Person, enterable


class Catalogue:
    """Indicators by code, the primary keys of the person's own, and the sources that a code, number or title means."""

    def __init__(self, user: Person) -> None:
        self.indicators = {one.code: one for one in Indicator.objects.all()}
        self.by_pk = {one.pk: one for one in self.indicators.values()}
        self.own = set(enterable(user).values_list("pk", flat=True))
        self.source_of = Source.objects.in_bulk()
        self.sources: dict[str, set[int]] = defaultdict(set)
        for pk, source in self.source_of.items():
            for text in filter(None, (source.number, source.title_vi)):
                self.sources[text].add(pk)
        # A code says which one is meant, whatever else is called so.
        self.sources |= {source.code: {pk} for pk, source in self.source_of.items()}

    def units(self, code: str) -> tuple[str, ...]:
        """The names of the unit that an indicator is kept in."""
        indicator = self.indicators.get(code)
        return tuple(filter(None, (indicator.unit_vi, indicator.unit_en))) if indicator else ()

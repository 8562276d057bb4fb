"""Figures of a file held against what is known of their indicators: what looks odd, to be confirmed with a reason."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from ...models import Figure, Qualifier, Source
from ..plausibility import Proposed, doubts, each_context, publication_of

# Each figure is held against the whole history of its indicator: more than these take minutes.
MAX_DOUBTED = 2000


def doubts_of(
    figures: Iterable[tuple[int, Figure]], sources: Mapping[int, Source], as_of: date
) -> Iterator[tuple[int, list[str]]]:
    """The lines of the figures that look odd, each with its doubts; three queries. `sources` are known by primary key."""
    rows = [(line, one, one.value) for line, one in figures if one.value is not None]
    # Parts of one whole are held against what stands beside them in the file.
    beside = {
        (one.indicator_id, one.period): value if one.qualifier == Qualifier.EXACT else None
        for _line, one, value in rows
    }
    found = each_context([(one.indicator, one.period) for _line, one, _value in rows], as_of)
    for (line, one, value), context in zip(rows, found, strict=True):
        siblings = {pk: beside.get((pk, one.period), known) for pk, known in context.siblings.items()}
        publication = publication_of(one.status, one.published_on, sources[one.source_id])
        proposed = Proposed(one.indicator, one.period, value, one.qualifier, one.series_break, publication)
        if told := doubts(proposed, replace(context, siblings=siblings)):
            yield line, [doubt.message for doubt in told]

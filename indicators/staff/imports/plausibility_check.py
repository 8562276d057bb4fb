"""Figures of a file held against what is known of their indicators: what looks odd, to be confirmed with a reason."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from ...models import Figure, Qualifier, Source
from ...text.numbers import Reading
from ...text.periods import Period
from ..forms.number_ambiguity import is_clear, meanings
from ..plausibility import Context, Proposed, doubts, each_context, publication_of

# Each figure is held against the whole history of its indicator: more than these take minutes.
MAX_DOUBTED = 2000


class Candidate(NamedTuple):
    """A figure by its line in the file, and the two numbers that its value can mean as it is written, if it can."""

    line: int
    figure: Figure
    reading: Reading | None = None


class Beside:
    """The values of a file, each to be held against those around it."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self.parts: dict[tuple[int, Period], Decimal | None] = {}
        self.months: dict[tuple[int, int], dict[Period, Decimal]] = defaultdict(dict)
        for one in figures:
            if one.value is not None:
                self.parts[one.indicator_id, one.period] = one.value if one.qualifier == Qualifier.EXACT else None
                self.months[one.indicator_id, one.year][one.period] = one.value

    def added_to(self, context: Context, figure: Figure) -> Context:
        """`context` with the parts of the same whole and the other months of the same year as the file has them."""
        siblings = {pk: self.parts.get((pk, figure.period), known) for pk, known in context.siblings.items()}
        months = self.months[figure.indicator_id, figure.year].items()
        figures = {**context.figures, **{period: value for period, value in months if period != figure.period}}
        return replace(context, siblings=siblings, figures=figures)


def doubts_of(
    figures: Iterable[Candidate], sources: Mapping[int, Source], as_of: date
) -> Iterator[tuple[int, list[str]]]:
    """The lines of the figures that look odd, each with its doubts; three queries. `sources` are known by primary key."""
    rows = [row for row in figures if row.figure.value is not None]
    beside = Beside(row.figure for row in rows)
    found = each_context([(row.figure.indicator, row.figure.period) for row in rows], as_of)
    for row, context in zip(rows, found, strict=True):
        # Where nothing is known, the notation of the file decides, which it shows or somebody has said.
        if row.reading and context.size and not is_clear(row.reading, context.size, row.figure.indicator.decimals):
            message = _("As it is written this can mean %(one)s or %(other)s; it is read as %(one)s.")
            yield row.line, [message % meanings(row.reading)]
        elif told := doubts(proposed(row.figure, sources), beside.added_to(context, row.figure)):
            yield row.line, [doubt.message for doubt in told]


def proposed(figure: Figure, sources: Mapping[int, Source]) -> Proposed:
    """What is proposed by a row."""
    assert figure.value is not None
    publication = publication_of(figure.status, figure.published_on, sources[figure.source_id])
    return Proposed(figure.indicator, figure.period, figure.value, figure.qualifier, figure.series_break, publication)

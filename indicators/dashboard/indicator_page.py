"""PRESENT: everything that the page of one indicator shows, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ..assessment import Figure as FigureFact
from ..assessment import Status
from ..assessment.measure import growth_product, mean_growth
from ..models import Aggregate, Figure, Indicator, Target, Term
from ..queries.progress import NOTHING_KNOWN, Known, ProgressRow, known_on, progress
from ..queries.responsible_agency import responsibility
from ..queries.term_overview import DANGER, heaviest
from ..sentences.formatting import years_text
from ..text.periods import Period
from ..workflow.explanations import KnownRequest, known_requests
from .changes import changes
from .charts import indicator_chart, shares_chart


@dataclass(frozen=True, slots=True)
class Standing:
    """The target of one term as it stands, and what was asked about it; `row` is None where the term sets none."""

    term: Term
    row: ProgressRow | None
    explanations: Sequence[KnownRequest] = ()

    @property
    def in_danger(self) -> bool:
        return self.row is not None and Status(self.row.counts_as) in DANGER


@dataclass(frozen=True, slots=True)
class Version:
    """One published version of a figure, and whether it is the one in force for its period."""

    figure: Figure
    in_force: bool

    @property
    def is_being_corrected(self) -> bool:
        """Whether the figure is open for a correction, and this is what stands until it is made."""
        return self.figure.earlier_of_id is not None and self.figure.replaced_on is None


@dataclass(frozen=True, slots=True)
class PublishedAggregate:
    """A published average or total beside the same measure of the yearly figures (None where a year is missing)."""

    aggregate: Aggregate
    own: Decimal | None
    in_force: bool

    @property
    def years(self) -> str:
        return years_text(self.aggregate.first_year, self.aggregate.last_year)


@dataclass(frozen=True, slots=True)
class Part:
    indicator: Indicator
    latest: FigureFact | None


def indicator_page(indicator: Indicator, as_of: date) -> dict[str, Any]:
    """What the template of the page needs, by name."""
    parts = list(indicator.parts.select_related("sector"))
    known = known_on(as_of, Indicator.objects.filter(pk__in=[indicator.pk, *(part.pk for part in parts)]))
    own = known.get(indicator.pk, NOTHING_KNOWN)
    duty = responsibility(as_of)
    rows = progress(as_of, Target.objects.filter(indicator=indicator), duty=duty)
    of_parts = [(part, known.get(part.pk, NOTHING_KNOWN)) for part in parts]
    standings = _standings(rows, as_of)
    shown = [one.row.target for one in standings if one.row]
    return {
        "indicator": indicator,
        "agency": duty.of(indicator),
        "standings": standings,
        "chart": indicator_chart(indicator, own, rows, shown)
        if own.figures or (rows and not indicator.judged_by_parts)
        else None,
        "shares": shares_chart(indicator, of_parts) if _are_shares(indicator, of_parts) else None,
        "versions": _versions(indicator, own, as_of),
        "aggregates": _aggregates(indicator, own, as_of),
        "comparisons": indicator.comparisons.known_on(as_of).select_related("source").order_by("-year", "pk"),
        "parts": [Part(part, its.latest(9999)) for part, its in of_parts],
        "targets": _history(indicator, rows, as_of),
        "changes": changes(indicator, as_of),
    }


def _standings(rows: Sequence[ProgressRow], as_of: date) -> list[Standing]:
    """The target shown for each term: its own where there is one, else the plan of its last year, else its latest plan."""
    asked = known_requests([row.target for row in rows], as_of)
    standings = []
    for term in Term.objects.all():
        its_rows = [row for row in rows if row.target.term_id == term.pk]
        last = max((row.target.last_year for row in its_rows), default=None)
        row = heaviest(row for row in its_rows if row.target.last_year == last)
        standings.append(Standing(term, row, asked.get(row.target.pk, ()) if row else ()))
    return standings


def _versions(indicator: Indicator, known: Known, as_of: date) -> list[Version]:
    """Every approved version, the newest period first."""
    figures = Figure.objects.published(as_of).filter(indicator=indicator).select_related("source", "indicator")
    ordered = figures.order_by("-year", "-through_month", "-published_on", "-pk")
    return [Version(figure, _is_in_force(figure, known)) for figure in ordered]


def _is_in_force(figure: Figure, known: Known) -> bool:
    held = known.figures.get(figure.period)
    return held is not None and (held.source, held.status, held.published_on) == (
        figure.source.code,
        figure.status,
        figure.published_on,
    )


def _aggregates(indicator: Indicator, known: Known, as_of: date) -> list[PublishedAggregate]:
    aggregates = Aggregate.objects.published(as_of).filter(indicator=indicator).select_related("source")
    return [
        PublishedAggregate(one, _own_measure(one, indicator, known), _counts_now(one, known))
        for one in aggregates.order_by("-last_year", "first_year")
    ]


def _counts_now(aggregate: Aggregate, known: Known) -> bool:
    held = known.aggregates.get((aggregate.first_year, aggregate.last_year, aggregate.measure))
    return held is not None and (held.source, held.published_on) == (aggregate.source.code, aggregate.published_on)


def _own_measure(aggregate: Aggregate, indicator: Indicator, known: Known) -> Decimal | None:
    """The mean or sum of the yearly figures in force over the same years, growth averaged as the judgement does it."""
    years = range(aggregate.first_year, aggregate.last_year + 1)
    values = [
        figure.value for year in years if (figure := known.figures.get(Period(year))) and figure.value is not None
    ]
    if len(values) < len(years):
        return None
    if aggregate.measure == "average" and indicator.kind == "rate" and indicator.path == "compound":
        return None if min(values) <= -100 else mean_growth(growth_product((value, 1) for value in values), len(values))
    total = sum(values, Decimal(0))
    return total if aggregate.measure == "total" else total / len(values)


def _history(indicator: Indicator, rows: Sequence[ProgressRow], as_of: date) -> list[tuple[Target, ProgressRow | None]]:
    """Every target decided by that day with its row, the latest years first; a replaced one is no longer judged."""
    judged = {row.target.pk: row for row in rows}
    targets = indicator.targets.filter(decided_on__lte=as_of).select_related("source", "indicator", "term")
    return [(target, judged.get(target.pk)) for target in targets.order_by("-last_year", "scope", "-decided_on")]


def _are_shares(indicator: Indicator, parts: Sequence[tuple[Indicator, Known]]) -> bool:
    return indicator.unit_vi == "%" and indicator.kind == "level" and any(known.figures for _part, known in parts)

"""Everything that the page of one indicator shows, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ..assessment.measure import growth_product, mean_growth
from ..models import Aggregate, Figure, Indicator, Target, Term
from ..models.base import LATEST_YEAR
from ..queries.progress import ProgressRow, VersionsInForce, judge_targets, versions_in_force
from ..queries.responsible_agency import responsibility
from ..queries.term_overview import DANGER, leading_row
from ..sentences.formatting import limits_of, qualified, years_text
from ..text.periods import Period
from ..workflow.explanations import known_requests
from .changes import changes
from .charts import indicator_chart, shares_chart


def indicator_page(indicator: Indicator, as_of: date) -> dict[str, Any]:
    """What the template of the page needs, by name.

    Each kind of record is read once: the versions listed are those that the verdicts are computed from.
    """
    parts = list(indicator.parts.select_related("sector"))
    figures, aggregates = _published([indicator, *parts], as_of)
    decided = indicator.targets.published(as_of).with_everything()
    targets = list(decided.select_related("official_verdict", "earlier_of__official_verdict"))
    versions = {
        part.pk: versions_in_force(figures[part.pk], aggregates[part.pk], as_of) for part in (indicator, *parts)
    }
    own = versions[indicator.pk]
    rows = judge_targets([target for target in targets if target.is_in_force(as_of)], as_of, versions)
    versions_of_parts = [(part, versions[part.pk]) for part in parts]
    terms = _terms(rows, as_of)
    of_terms = [term["row"].target for term in terms if term["row"]]
    limits = limits_of(*targets)
    has_chart = own.figures or (rows and not indicator.judged_by_parts)
    return {
        "indicator": indicator,
        "agency": responsibility(as_of, [indicator]).agency_of(indicator),
        "terms": terms,
        "chart": indicator_chart(indicator, own, rows, of_terms) if has_chart else None,
        "shares": shares_chart(indicator, versions_of_parts) if _are_shares(indicator, versions_of_parts) else None,
        "versions": [_version(figure, own, limits) for figure in figures[indicator.pk]],
        "aggregates": [_aggregate(aggregate, indicator, own) for aggregate in aggregates[indicator.pk]],
        "comparisons": indicator.comparisons.known_on(as_of).select_related("source").order_by("-year", "pk"),
        "parts": [{"indicator": part, "latest": own.latest(LATEST_YEAR)} for part, own in versions_of_parts],
        "targets": _history(targets, rows),
        "changes": changes(indicator, as_of),
    }


def _published(
    indicators: Sequence[Indicator], as_of: date
) -> tuple[dict[int, list[Figure]], dict[int, list[Aggregate]]]:
    """Every published version of figures and of averages and totals, the latest first, by their indicator."""
    figures, aggregates = defaultdict(list), defaultdict(list)
    versions = Figure.objects.published(as_of).filter(indicator__in=indicators).select_related("source", "indicator")
    for figure in versions.order_by("-year", "-through_month", "-published_on", "-pk"):
        figures[figure.indicator_id].append(figure)
    published = Aggregate.objects.published(as_of).filter(indicator__in=indicators).select_related("source")
    for aggregate in published.order_by("-last_year", "first_year"):
        aggregates[aggregate.indicator_id].append(aggregate)
    return figures, aggregates


def _terms(rows: Sequence[ProgressRow], as_of: date) -> list[dict[str, Any]]:
    """The target shown for each term: its own where there is one, else the plan of its last year, else its latest plan.

    With what was asked about it; `row` is None where the term sets none.
    """
    explanations = known_requests([row.target for row in rows], as_of)
    terms = []
    for term in Term.objects.with_targets():
        rows_of_term = [row for row in rows if row.target.term_id == term.pk]
        last_year = max((row.target.last_year for row in rows_of_term), default=None)
        row = leading_row(row for row in rows_of_term if row.target.last_year == last_year)
        terms.append(
            {
                "term": term,
                "row": row,
                "in_danger": row is not None and row.counts_as in DANGER,
                "explanations": explanations.get(row.target.number, ()) if row else (),
            }
        )
    return terms


def _version(figure: Figure, versions: VersionsInForce, limits: Collection[Decimal]) -> dict[str, Any]:
    """A published version of a figure, its number beside the `limits` of the targets, and whether it is in force."""
    in_force = versions.figures.get(figure.period)
    return {
        "figure": figure,
        "number": qualified(figure, figure.indicator.decimals, beside=limits),
        "in_force": in_force is not None
        and (in_force.source, in_force.status, in_force.published_on)
        == (figure.source.code, figure.status, figure.published_on),
        # The figure is open for a correction, and this is what stands until it is made.
        "is_being_corrected": figure.earlier_of_id is not None and figure.replaced_on is None,
    }


def _aggregate(aggregate: Aggregate, indicator: Indicator, versions: VersionsInForce) -> dict[str, Any]:
    """A published average or total beside the same measure of the yearly figures."""
    in_force = versions.aggregates.get((aggregate.first_year, aggregate.last_year, aggregate.measure))
    return {
        "aggregate": aggregate,
        "years": years_text(aggregate.first_year, aggregate.last_year),
        "own": _own_measure(aggregate, indicator, versions),
        "in_force": in_force is not None
        and (in_force.source, in_force.published_on) == (aggregate.source.code, aggregate.published_on),
    }


def _own_measure(aggregate: Aggregate, indicator: Indicator, versions: VersionsInForce) -> Decimal | None:
    """The mean or sum of the yearly figures in force over the same years, growth averaged as the judgement does it.

    None where a year is missing.
    """
    years = range(aggregate.first_year, aggregate.last_year + 1)
    values = [
        figure.value for year in years if (figure := versions.figures.get(Period(year))) and figure.value is not None
    ]
    if len(values) < len(years):
        return None
    if aggregate.measure == "average" and indicator.kind == "rate" and indicator.path == "compound":
        # Below −100 % nothing is left that could grow.
        return None if min(values) <= -100 else mean_growth(growth_product((value, 1) for value in values), len(values))
    total = sum(values, Decimal(0))
    return total if aggregate.measure == "total" else total / len(values)


def _history(targets: Sequence[Target], rows: Sequence[ProgressRow]) -> list[tuple[Target, ProgressRow | None]]:
    """Every target with its row, the latest years first; a replaced one is no longer judged."""
    row_of = {row.target.pk: row for row in rows}
    # Sorting is stable: within the same years the latest decision stays first.
    latest_first = sorted(targets, key=lambda target: target.decided_on, reverse=True)
    latest_first.sort(key=lambda target: (-target.last_year, target.scope))
    return [(target, row_of.get(target.pk)) for target in latest_first]


def _are_shares(indicator: Indicator, parts: Sequence[tuple[Indicator, VersionsInForce]]) -> bool:
    return indicator.unit_vi == "%" and indicator.kind == "level" and any(versions.figures for _part, versions in parts)

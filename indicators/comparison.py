"""ASSESS: the terms side by side, and the targets of the next term against what the last one reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .models import Indicator, OfficialResult, Target, Term
from .overview import Tally, heaviest, snapshot, tally
from .progress import ProgressRow, progress


@dataclass(frozen=True, slots=True)
class Ambition:
    """The next target held against what the last finished term reached: both numbers, and their distance."""

    reached: Decimal
    reached_row: ProgressRow
    asked: Decimal
    row: ProgressRow

    @property
    def step(self) -> Decimal:
        return self.asked - self.reached


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One indicator with its row in each term (None where a term sets no target), in the order of the terms."""

    indicator: Indicator
    rows: tuple[ProgressRow | None, ...]

    @property
    def ambition(self) -> Ambition | None:
        """The latest target that is still to come against the latest value a term has reached on the same basis."""
        rows = [row for row in self.rows if row]
        reached = [row for row in rows if row.verdict.status.is_final and row.verdict.measured_value is not None]
        ahead = [row for row in rows if not row.verdict.status.is_final and _asked(row.target) is not None]
        if not reached or not ahead or reached[-1].target.basis != ahead[-1].target.basis:
            return None
        value, asked = reached[-1].verdict.measured_value, _asked(ahead[-1].target)
        assert value is not None
        assert asked is not None
        return Ambition(value, reached[-1], asked, ahead[-1])


@dataclass(frozen=True, slots=True)
class ComparedTerm:
    """A term with our count and the province's own (None where it published none)."""

    term: Term
    tally: Tally
    official: OfficialResult | None


def compared_terms(terms: Sequence[Term], as_of: date) -> list[ComparedTerm]:
    """Our x/N of each term beside the declared one."""
    results = OfficialResult.objects.known_on(as_of).filter(year__isnull=True).select_related("source")
    official = {result.term_id: result for result in results}
    return [ComparedTerm(term, tally(snapshot(term, as_of)), official.get(term.pk)) for term in terms]


def compared_lines(terms: Sequence[Term], as_of: date) -> list[ComparedLine]:
    """One line per indicator that has a target in any of `terms`, in the order of the official tables."""
    last_years = {term.pk: term.last_year for term in terms}
    found: dict[int, dict[int, list[ProgressRow]]] = {}
    indicators: dict[int, Indicator] = {}
    for row in progress(as_of, Target.objects.filter(term__in=last_years)):
        target = row.target
        if target.last_year == last_years[target.term_id]:
            indicators[target.indicator_id] = target.indicator
            found.setdefault(target.indicator_id, {}).setdefault(target.term_id, []).append(row)
    lines = [
        ComparedLine(indicator, tuple(heaviest(found[pk].get(term.pk, ())) for term in terms))
        for pk, indicator in indicators.items()
    ]
    return sorted(lines, key=_official_order)


def _official_order(line: ComparedLine) -> tuple:
    indicator = line.indicator
    return indicator.sector.order, indicator.sector.code, indicator.order, indicator.code


def _asked(target: Target) -> Decimal | None:
    """The value that decides "met": the lower edge where higher is better, else the upper one."""
    return target.high if target.indicator.better == "lower" else target.low

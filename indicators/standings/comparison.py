"""ASSESS: the terms side by side, and the targets of the next term against what the last one reached."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..assessment import Figure
from ..models import Indicator, OfficialResult, Target, Term
from ..models.targets import Basis
from ..periods import Period, end_of_year
from ..progress import NOTHING_KNOWN, ProgressRow
from .listing import Snapshot, Tally, heaviest, tally


@dataclass(frozen=True, slots=True)
class Ambition:
    """The next target held against what the last finished term reached.

    `asked` is the edge of the target that has to be reached; from inside a band it is the value itself.
    """

    reached: Decimal
    reached_row: ProgressRow
    asked: Decimal
    row: ProgressRow

    @property
    def step(self) -> Decimal:
        return self.asked - self.reached

    @property
    def asks_more(self) -> bool:
        """Whether the target lies beyond what was reached, in the direction that is better."""
        return {"higher": self.step > 0, "lower": self.step < 0}.get(self.row.target.indicator.better, self.step != 0)


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
        ahead = [row for row in rows if not row.verdict.status.is_final]
        if not reached or not ahead or not _comparable(reached[-1], ahead[-1]):
            return None
        value = reached[-1].verdict.measured_value
        assert value is not None
        asked = _asked(ahead[-1].target, value)
        return None if asked is None else Ambition(value, reached[-1], asked, ahead[-1])


@dataclass(frozen=True, slots=True)
class ComparedTerm:
    """A term with our count and the province's own (None where it published none)."""

    term: Term
    tally: Tally
    official: OfficialResult | None

    @property
    def apart(self) -> int:
        """How many more targets the province counts as met than we do."""
        return self.official.met_or_exceeded - self.tally.met if self.official else 0

    @property
    def is_explained(self) -> bool:
        """Whether what we do not have or cannot judge is enough to explain the difference."""
        return 0 <= self.apart <= self.tally.missing + self.tally.open


@dataclass(frozen=True, slots=True)
class Course:
    """The whole years of one indicator over all terms, with the target of each term that sets one."""

    indicator: Indicator
    figures: tuple[Figure, ...]
    targets: tuple[Target, ...]


def compared_terms(shots: Iterable[Snapshot], as_of: date) -> list[ComparedTerm]:
    """Our x/N of each term beside the declared one."""
    results = OfficialResult.objects.known_on(as_of).filter(year__isnull=True).select_related("source")
    official = {result.term_id: result for result in results}
    return [ComparedTerm(shot.term, tally(shot), official.get(shot.term.pk)) for shot in shots]


def compared_lines(shots: Sequence[Snapshot]) -> list[ComparedLine]:
    """One line per indicator that has a target in any of the terms, in the order of the official tables."""
    indicators: dict[int, Indicator] = {}
    found: dict[tuple[int, int], list[ProgressRow]] = {}
    for shot in shots:
        for row in shot.rows:
            indicators[row.target.indicator_id] = row.target.indicator
            found.setdefault((row.target.indicator_id, shot.term.pk), []).append(row)
    lines = [
        ComparedLine(indicator, tuple(heaviest(found.get((pk, shot.term.pk), ())) for shot in shots))
        for pk, indicator in indicators.items()
    ]
    return sorted(lines, key=lambda line: _official_order(line.indicator))


def courses(shots: Sequence[Snapshot], lines: Iterable[ComparedLine]) -> list[Course]:
    """The course of every indicator with figures of whole years in at least two of the terms; the main ones first."""
    targets = {line.indicator.pk: tuple(row.target for row in line.rows if row) for line in lines}
    found = []
    for indicator in Indicator.objects.select_related("sector"):
        known = shots[-1].known.get(indicator.pk, NOTHING_KNOWN).figures
        years = {shot.term: [year for year in _years(shot.term) if Period(year) in known] for shot in shots}
        if sum(bool(its) for its in years.values()) > 1:
            figures = tuple(known[Period(year)] for its in years.values() for year in its)
            found.append(Course(indicator, figures, targets.get(indicator.pk, ())))
    return sorted(found, key=lambda one: (not one.indicator.headline, *_official_order(one.indicator)))


def _years(term: Term) -> range:
    return range(term.first_year, term.last_year + 1)


def _official_order(indicator: Indicator) -> tuple:
    return indicator.sector.order, indicator.sector.code, indicator.order, indicator.code


def _comparable(reached: ProgressRow, ahead: ProgressRow) -> bool:
    """Whether both speak of the same measure: on one basis, totals of equally many years, no new series in between."""
    one, other = reached.target, ahead.target
    if one.basis != other.basis or (one.basis == Basis.TOTAL and len(_span(one)) != len(_span(other))):
        return False
    end = end_of_year(one.last_year)
    return not any(figure.series_break and figure.end > end for figure in ahead.known.figures.values())


def _span(target: Target) -> range:
    return range(target.first_year, target.last_year + 1)


def _asked(target: Target, reached: Decimal) -> Decimal | None:
    """The edge that decides "met", seen from `reached`; None without a direction or a number."""
    low, high = target.low, target.high
    if target.indicator.better == "band" and low is not None and high is not None:
        return min(max(reached, low), high)
    return {"higher": low, "lower": high}.get(target.indicator.better)

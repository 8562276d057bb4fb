"""The terms side by side, and the targets of the next term against what the last one reached."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain

from ..assessment import FigureFact
from ..models import Indicator, OfficialResult, Target, Term
from ..models.base import LATEST_YEAR
from ..models.targets import Basis
from ..text.periods import FULL_YEAR, Period, end_of_year
from .progress import NOTHING_IN_FORCE, ProgressRow
from .term_overview import Tally, TermOverview, leading_row, tally


@dataclass(frozen=True, slots=True)
class Ambition:
    """The next target held against what was reached: by the verdict on the last term's target, or by the latest whole year.

    `required` is the edge of the target that has to be reached; from inside a band it is the value itself. `record` is
    the best of the whole years known.
    """

    reached: Decimal
    reached_by: ProgressRow | FigureFact
    required: Decimal
    row: ProgressRow
    record: FigureFact | None

    @property
    def beats_the_record(self) -> bool:
        """Whether the target asks of a single year, or of every year on average, what no year known has reached."""
        if self.record is None or self.record.value in (None, self.reached) or self.row.target.basis == Basis.TOTAL:
            return False
        assert self.record.value is not None
        return _is_better(self.row.target.indicator.better, self.required, self.record.value)

    @property
    def step(self) -> Decimal:
        return self.required - self.reached

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
        """The latest target that is still to come against the latest value reached on the same basis."""
        rows = [row for row in self.rows if row]
        ahead = next((row for row in reversed(rows) if not row.verdict.status.is_final), None)
        if ahead is None:
            return None
        result = _reached_by_a_term(rows, ahead) or _reached_in_a_year(ahead)
        if result is None:
            return None
        value, reached_by = result
        edge = _edge_to_reach(ahead.target, value)
        return None if edge is None else Ambition(value, reached_by, edge, ahead, _record(ahead))


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
        """Whether what we do not have or cannot judge is enough to explain the difference: no more met, no more missed."""
        if self.official is None:
            return True
        declared_missed = self.official.declared_targets - self.official.met_or_exceeded
        return self.apart >= 0 and self.tally.missed <= declared_missed


@dataclass(frozen=True, slots=True)
class Course:
    """The whole years of one indicator over all terms, with the target of each term that sets one."""

    indicator: Indicator
    figures: tuple[FigureFact, ...]
    targets: tuple[Target, ...]


def compared_terms(overviews: Iterable[TermOverview], as_of: date) -> list[ComparedTerm]:
    """Our x/N of each term beside the declared one."""
    results = OfficialResult.objects.known_on(as_of).filter(year__isnull=True).select_related("source")
    official = {result.term_id: result for result in results}
    return [ComparedTerm(overview.term, tally(overview), official.get(overview.term.pk)) for overview in overviews]


def compared_lines(overviews: Sequence[TermOverview]) -> list[ComparedLine]:
    """One line per indicator that has a target in any of the terms, in the order of the official tables."""
    indicators: dict[int, Indicator] = {}
    rows: dict[tuple[int, int], list[ProgressRow]] = {}
    for overview in overviews:
        for row in overview.rows:
            indicators[row.target.indicator_id] = row.target.indicator
            rows.setdefault((row.target.indicator_id, overview.term.pk), []).append(row)
    lines = [
        ComparedLine(indicator, tuple(leading_row(rows.get((pk, overview.term.pk), ())) for overview in overviews))
        for pk, indicator in indicators.items()
    ]
    return sorted(lines, key=lambda line: _official_order(line.indicator))


def courses(overviews: Sequence[TermOverview], lines: Iterable[ComparedLine]) -> list[Course]:
    """The course of every indicator with figures of whole years in at least two of the terms; the main ones first."""
    targets = {line.indicator.pk: tuple(row.target for row in line.rows if row) for line in lines}
    all_courses = []
    for indicator in Indicator.objects.select_related("sector"):
        figures_in_force = overviews[-1].versions.get(indicator.pk, NOTHING_IN_FORCE).figures
        years = {
            overview.term: [year for year in _years(overview.term) if Period(year) in figures_in_force]
            for overview in overviews
        }
        if sum(bool(years_of_term) for years_of_term in years.values()) > 1:
            figures = tuple(figures_in_force[Period(year)] for year in chain.from_iterable(years.values()))
            all_courses.append(Course(indicator, figures, targets.get(indicator.pk, ())))
    return sorted(all_courses, key=lambda course: (not course.indicator.headline, *_official_order(course.indicator)))


def _years(term: Term) -> range:
    return range(term.first_year, term.last_year + 1)


def _official_order(indicator: Indicator) -> tuple:
    return indicator.sector.order, indicator.sector.code, indicator.order, indicator.code


def _reached_by_a_term(rows: list[ProgressRow], ahead: ProgressRow) -> tuple[Decimal, ProgressRow] | None:
    """What the last term with a final verdict reached; None where it does not compare with the target ahead."""
    final = [row for row in rows if row.verdict.status.is_final and row.verdict.measured_value is not None]
    if not final or not _comparable(final[-1], ahead):
        return None
    value = final[-1].verdict.measured_value
    assert value is not None
    return value, final[-1]


def _reached_in_a_year(ahead: ProgressRow) -> tuple[Decimal, FigureFact] | None:
    """The latest whole year of the series; None for totals, which no year reaches."""
    years = _whole_years(ahead)
    # Years of a series say nothing of a sum over several of them.
    if not years or ahead.target.basis == Basis.TOTAL or years[-1].value is None:
        return None
    return years[-1].value, years[-1]


def _whole_years(row: ProgressRow) -> list[FigureFact]:
    """The whole years known of the row's indicator, oldest first, from the last break of the series on."""
    figures = row.versions.up_to(LATEST_YEAR)
    # What lies before a break was counted otherwise and is no record.
    begin = max((figure.end for figure in figures if figure.series_break), default=0)
    years = [figure for figure in figures if figure.through_month == FULL_YEAR and figure.value is not None]
    return [figure for figure in years if figure.end >= begin]


def _record(row: ProgressRow) -> FigureFact | None:
    """The best whole year; None where better has no direction, or there are fewer than three to speak of a record."""
    years, better = _whole_years(row), row.target.indicator.better
    if len(years) < 3 or better not in ("higher", "lower"):
        return None
    return (max if better == "higher" else min)(years, key=lambda figure: figure.value or Decimal(0))


def _is_better(better: str, value: Decimal, other: Decimal) -> bool:
    return value > other if better == "higher" else value < other


def _comparable(reached: ProgressRow, ahead: ProgressRow) -> bool:
    """Whether both speak of the same measure: on one basis, totals of equally many years, no new series in between."""
    before, after = reached.target, ahead.target
    # Five years of one term sum up to more than three of another.
    if before.basis != after.basis or (before.basis == Basis.TOTAL and len(_span(before)) != len(_span(after))):
        return False
    end = end_of_year(before.last_year)
    return not any(figure.series_break and figure.end > end for figure in ahead.versions.figures.values())


def _span(target: Target) -> range:
    return range(target.first_year, target.last_year + 1)


def _edge_to_reach(target: Target, reached: Decimal) -> Decimal | None:
    """The edge that decides "met", seen from `reached`; None without a direction or a number."""
    # A target by parts has no number of its own.
    if target.indicator.better == "none" or target.main_edge is None:
        return None
    edge = target.edge(reached)
    return reached if edge is None else edge

"""Judged rows → the lines of a listing: one indicator each, its targets of every term, its verdict in one of them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import F, Q

from ..assessment import MET, AggregateFact, FigureFact, Status
from ..models import Agency, Indicator, Source, Target, Term
from ..models.targets import Scope, TargetStatus
from ..text.vietnamese import fold, vietnamese_order
from .progress import NOTHING_IN_FORCE, ProgressRow, VersionsInForce, known_on, progress
from .responsible_agency import Responsibility, responsibility

DANGER = (Status.MISSED, Status.MOVING_AWAY, Status.OFF_TRACK, Status.AT_RISK)
_BY_SEVERITY = (*DANGER, Status.CANNOT_JUDGE, Status.NO_DATA, Status.ON_TRACK, Status.ACHIEVED, Status.EXCEEDED)
_CARD_YEARS = 3  # a headline indicator without a target is news while it has a figure of these last years


@dataclass(frozen=True, slots=True)
class OverviewLine:
    """One indicator on a term's page.

    `targets` has the target shown for each term, by the term's last year; `row` is the judged one of this page's term
    (None when the term sets none); `agency` answers for it on the day; `parts` are the lines of its parts.
    """

    indicator: Indicator
    targets: dict[int, Target]
    row: ProgressRow | None
    versions: VersionsInForce
    last_year: int
    agency: Agency | None
    parts: "tuple[OverviewLine, ...]" = ()

    @property
    def latest(self) -> FigureFact | None:
        return self.versions.latest(self.last_year)

    @property
    def shown(self) -> FigureFact | AggregateFact | None:
        """The version that the line shows: the last one its verdict was measured from, else the latest figure."""
        measured = self.row is not None and self.row.verdict.measured_value is not None
        return self.row.verdict.details.used[-1] if self.row and measured else self.latest

    @property
    def sort_name(self) -> tuple:
        return vietnamese_order(self.indicator.name)

    @property
    def severity(self) -> int:
        """Sorts the worst first, what has no target last."""
        return len(_BY_SEVERITY) if self.row is None else severity(self.row)

    @property
    def status(self) -> Status | None:
        """The verdict that counts: the official one where there is one; None without a target."""
        return Status(self.row.counts_as) if self.row else None


@dataclass(frozen=True, slots=True)
class Tally:
    """x/N of a term (§7) and how its counted targets stand.

    Of those met some are `provisional`, of those missed some `nearly` met. `of_plans` of all are not the congress's own
    but those of the last year's plan.
    """

    counts: Counter[Status]
    declared: int | None
    provisional: int
    of_plans: int = 0
    nearly: int = 0

    @property
    def entered(self) -> int:
        return sum(self.counts.values())

    @property
    def met(self) -> int:
        return sum(self.counts[status] for status in MET)

    @property
    def missed(self) -> int:
        return self.counts[Status.MISSED]

    @property
    def on_track(self) -> int:
        return self.counts[Status.ON_TRACK]

    @property
    def in_danger(self) -> int:
        """How many may still be met, and are in danger."""
        return sum(self.counts[status] for status in DANGER) - self.missed

    @property
    def open(self) -> int:
        """How many of ours have no verdict yet."""
        return self.counts[Status.CANNOT_JUDGE] + self.counts[Status.NO_DATA]

    @property
    def missing(self) -> int:
        """How many declared targets are not in our list."""
        return max((self.declared or 0) - self.entered, 0)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a visitor selects of a listing; empty means everything."""

    sector: str = ""
    status: str = ""
    agency: str = ""
    scope: str = ""
    q: str = ""
    counted: bool | None = None
    show_all: bool = False

    @property
    def is_narrow(self) -> bool:
        return any((self.sector, self.agency, self.q, self.asks_of_targets))

    @property
    def asks_of_targets(self) -> bool:
        """Whether it asks something that only a target has: a verdict, a place in x/N."""
        return bool(self.status) or self.counted is not None


@dataclass(frozen=True, slots=True)
class TermOverview:
    """A term as it was known on a day: every judged target of its last year, and what was known of every indicator; the
    rows of the plan of `plan_year`, by the primary key of their indicator."""

    term: Term
    as_of: date
    rows: list[ProgressRow]
    versions: dict[int, VersionsInForce]
    responsibility: Responsibility
    plans: dict[int, ProgressRow] = field(default_factory=dict)

    @property
    def plan_year(self) -> int:
        """The year of the term whose plan goes with it: this one, of a term that is over its last."""
        return _plan_year(self.term, self.as_of)


def _plan_year(term: Term, as_of: date) -> int:
    return max(term.first_year, min(as_of.year, term.last_year))


def term_overview(
    term: Term,
    as_of: date,
    versions: dict[int, VersionsInForce] | None = None,
    responsible: Responsibility | None = None,
) -> TermOverview:
    """Judge the targets of the last year of `term` once, for listing and counting alike.

    `versions` and `responsible` are those of another overview of that day.
    """
    versions = known_on(as_of, Indicator.objects.all()) if versions is None else versions
    responsible = responsibility(as_of) if responsible is None else responsible
    year = _plan_year(term, as_of)
    of_the_year = Q(scope=Scope.ANNUAL, last_year=year)
    judged = progress(as_of, Target.objects.filter(of_the_year | Q(last_year=term.last_year), term=term), versions)
    rows = [row for row in judged if row.target.last_year == term.last_year]
    plans = row_per_indicator((row for row in judged if row.target.last_year == year), Scope.ANNUAL)
    return TermOverview(term, as_of, rows, versions, responsible, plans)


def term_overviews(terms: Iterable[Term], as_of: date) -> list[TermOverview]:
    """Every term as it was known on one day."""
    versions, responsible = known_on(as_of, Indicator.objects.all()), responsibility(as_of)
    return [term_overview(term, as_of, versions, responsible) for term in terms]


def term_lines(overview: TermOverview, terms: Iterable[Term], scope: str = "") -> list[OverviewLine]:
    """The lines of every indicator, in the order of the official table, parts under their parents."""
    judged, last_year = row_per_indicator(overview.rows, scope), overview.term.last_year
    targets = _targets_by_indicator(terms, overview.as_of)
    lines: dict[int, OverviewLine] = {}
    parts: dict[int, list[OverviewLine]] = defaultdict(list)
    indicators = list(Indicator.objects.select_related("sector"))
    by_key = {indicator.pk: indicator for indicator in indicators}
    for indicator in indicators:
        if indicator.successor_id:
            indicator.successor = by_key[indicator.successor_id]  # at hand: its own query would come once a card
        row = judged.get(indicator.pk)
        # Each would fetch its indicator anew, which is at hand.
        for target in targets[indicator.pk].values():
            target.indicator = indicator
        shown = targets[indicator.pk] | ({last_year: row.target} if row else {})
        versions, agency = (
            overview.versions.get(indicator.pk, NOTHING_IN_FORCE),
            overview.responsibility.agency_of(indicator),
        )
        line = OverviewLine(indicator, shown, row, versions, last_year, agency)
        if indicator.parent_id is None:
            lines[indicator.pk] = line
        else:
            parts[indicator.parent_id].append(line)
    return [replace(line, parts=tuple(parts[pk])) for pk, line in lines.items()]


def headline_lines(overview: TermOverview, lines: Iterable[OverviewLine]) -> list[OverviewLine]:
    """The lines shown on cards: headline indicators that have a target in the term or a figure of the last three years."""
    since = min(overview.as_of.year, overview.term.last_year) - _CARD_YEARS
    shown = [line for line in lines if line.indicator.headline]
    return [line for line in shown if line.row or (line.latest and line.latest.year > since)]


def tally(overview: TermOverview) -> Tally:
    """How the counted, adopted targets of the term stand."""
    return tally_of(counted_rows(overview), overview.term.declared_targets)


def counted_rows(overview: TermOverview) -> list[ProgressRow]:
    """The rows that count in x/N of the term; of several versions of one target the firmest."""
    return _one_per_frame(row for row in overview.rows if _counts(row.target))


def tally_of(rows: list[ProgressRow], declared: int | None) -> Tally:
    """How `rows` stand, each of which counts, against the `declared` number of targets."""
    # The official verdict counts, but says nothing of how firm the figures are: that comes from ours.
    met_provisionally = [row for row in rows if row.counts_as in MET and row.verdict.provisional]
    counts = Counter(Status(row.counts_as) for row in rows)
    of_plans = sum(row.target.scope == Scope.ANNUAL for row in rows)
    # An official verdict says "missed" and no more.
    nearly = sum(row.verdict.nearly for row in rows if row.counts_as == Status.MISSED and not row.official)
    return Tally(counts, declared, len(met_provisionally), of_plans, nearly)


def sources_behind(targets: Iterable[Target], figures: Iterable[FigureFact | AggregateFact]) -> list[Source]:
    """The documents that these targets and figures rest on, the latest first; for the foot of a printed page."""
    codes = {target.source.code for target in targets} | {figure.source for figure in figures}
    return list(Source.objects.filter(code__in=codes).order_by(F("issued_on").desc(nulls_last=True), "code"))


def used_by(rows: Iterable[ProgressRow]) -> list[FigureFact | AggregateFact]:
    """The versions that the verdicts of `rows` were measured from."""
    return [version for row in rows for version in row.verdict.details.used]


def sources_of(lines: Iterable[OverviewLine]) -> list[Source]:
    """The documents behind a listing: those of its targets, its latest figures and its verdicts."""
    lines = [shown for line in lines for shown in (line, *line.parts)]
    used = used_by(line.row for line in lines if line.row)
    latest = [line.latest for line in lines if line.latest]
    return sources_behind((target for line in lines for target in line.targets.values()), [*latest, *used])


def _one_per_frame(rows: Iterable[ProgressRow]) -> list[ProgressRow]:
    groups: dict[tuple, list[ProgressRow]] = defaultdict(list)
    for row in rows:
        target = row.target
        groups[target.indicator_id, target.scope, target.first_year].append(row)
    return [max(group, key=lambda row: row.target.firmness) for group in groups.values()]


def _counts(target: Target) -> bool:
    return target.counted and target.status == TargetStatus.ADOPTED


def count_fitting(lines: Iterable[OverviewLine], criteria: Filter) -> int:
    """How many indicators fit the filter, parts included; a parent shown for its part only is not counted."""
    fits = _test_of(criteria)
    return sum(fits(shown) for line in lines for shown in (line, *line.parts))


def filter_lines(lines: list[OverviewLine], criteria: Filter) -> list[OverviewLine]:
    """The lines that fit the filter. A parent stays for the sake of a part that fits, with the parts that do."""
    fits = _test_of(criteria)
    fitting = []
    for line in lines:
        parts = tuple(part for part in line.parts if fits(part))
        if fits(line):
            fitting.append(line if not criteria.is_narrow or not parts else replace(line, parts=parts))
        # Shown for the sake of its part, and without the others.
        elif parts:
            fitting.append(replace(line, parts=parts))
    return fitting


def row_fits(row: ProgressRow, agency: Agency | None, criteria: Filter) -> bool:
    """Whether one judged target, for which `agency` answers, fits the filter, as its line would."""
    return _test_of(criteria)(OverviewLine(row.target.indicator, {}, row, row.versions, row.target.last_year, agency))


def _test_of(criteria: Filter) -> Callable[[OverviewLine], bool]:
    words = fold(criteria.q).split()

    def fits(line: OverviewLine) -> bool:
        indicator = line.indicator
        # Both names, whatever the language: people look for what they have read elsewhere.
        text = fold(f"{indicator.code} {indicator.name_vi} {indicator.name_en}") if words else ""
        return (
            (criteria.show_all or line.row is not None)
            and (not criteria.sector or indicator.sector.code == criteria.sector)
            and (not criteria.agency or (line.agency is not None and line.agency.code == criteria.agency))
            and (not criteria.status or _has_status(line, criteria.status))
            and criteria.counted in (None, _is_counted(line))
            and all(word in text for word in words)
        )

    return fits


def _has_status(line: OverviewLine, status: str) -> bool:
    return line.status in DANGER if status == "danger" else line.status == status


def _is_counted(line: OverviewLine) -> bool:
    return line.row is not None and _counts(line.row.target)


def severity(row: ProgressRow) -> int:
    """Sorts the worst verdict first."""
    return _BY_SEVERITY.index(Status(row.counts_as))


def row_per_indicator(rows: Iterable[ProgressRow], scope: str = "") -> dict[int, ProgressRow]:
    """The row of each indicator: the term's own target where there is one, else the plan of its last year."""
    groups: dict[int, list[ProgressRow]] = defaultdict(list)
    for row in rows:
        if not scope or row.target.scope == scope:
            groups[row.target.indicator_id].append(row)
    return {pk: max(group, key=lambda row: _weight(row.target)) for pk, group in groups.items()}


def _targets_by_indicator(terms: Iterable[Term], as_of: date) -> dict[int, dict[int, Target]]:
    """For each indicator the target to show for each term's last year."""
    chosen: dict[int, dict[int, Target]] = defaultdict(dict)
    at_the_end = Target.objects.filter(term__in=terms, last_year=F("term__last_year"))
    for target in at_the_end.in_force(as_of).select_related("source"):
        present = chosen[target.indicator_id].get(target.last_year)
        if present is None or _weight(target) > _weight(present):
            chosen[target.indicator_id][target.last_year] = target
    return chosen


def leading_row(rows: Iterable[ProgressRow]) -> ProgressRow | None:
    """The row that speaks where several targets of an indicator end in one year."""
    return max(rows, key=lambda row: _weight(row.target), default=None)


def _weight(target: Target) -> tuple:
    """The term's own target before the year's plan, adopted before draft, then the latest decision."""
    return target.scope == Scope.TERM, *target.firmness

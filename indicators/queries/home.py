"""What an official asks before a meeting: what is in danger today, where the main indicators stand, what is awaited."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from ..assessment import Status
from ..models import Agency, Figure, Indicator, Target, Term
from ..models.catalogue import Better, successors_of
from ..models.targets import Scope
from ..text.vietnamese import vietnamese_order
from .progress import NOTHING_IN_FORCE, ProgressRow, VersionsInForce, known_on, progress
from .responsible_agency import Responsibility, responsibility
from .term_overview import DANGER, OverviewLine, TermOverview, row_per_indicator, severity

LIVING_MONTHS = 36  # an older figure says nothing of today
NEWEST = 6

# The rows of one plan or term by their indicator's primary key.
RowsByIndicator = dict[int, ProgressRow]


@dataclass(frozen=True, slots=True)
class Standing:
    """One indicator with the rows that speak of it, the worst first, as people ask for indicators and not for targets;
    and who answers for it."""

    indicator: Indicator
    rows: tuple[ProgressRow, ...]
    agency: Agency | None

    @property
    def in_danger(self) -> list[ProgressRow]:
        return [row for row in self.rows if row.counts_as in DANGER]

    @property
    def is_judged(self) -> bool:
        return not all(Status(row.counts_as).is_refusal for row in self.rows)


@dataclass(frozen=True, slots=True)
class HeadlineCard:
    """A main indicator with a figure of the last years, the target that it is on the way to, and the line of the series
    that it took over."""

    line: OverviewLine
    ahead: Target | None
    former: OverviewLine | None


@dataclass(frozen=True, slots=True)
class Home:
    """The province on one day.

    `terms` are those with targets known that day, the latest first; `running` is the one that the year belongs to,
    `complete` the last one that has ended, None where there is none. `standings` speak of the running term and the plan
    of the year, `results` of the complete term. `silent` are the main indicators without a figure of the last years.
    """

    as_of: date
    terms: list[TermOverview]
    running: TermOverview | None
    complete: TermOverview | None
    standings: list[Standing]
    results: list[Standing]
    cards: list[HeadlineCard]
    silent: list[OverviewLine]

    @property
    def judged(self) -> list[Standing]:
        return [standing for standing in self.standings if standing.is_judged]

    @property
    def danger(self) -> list[Standing]:
        return [standing for standing in self.standings if standing.in_danger]

    @property
    def missed(self) -> list[Standing]:
        """What the complete term did not reach."""
        return [standing for standing in self.results if standing.in_danger]

    @property
    def awaited(self) -> dict[Agency | None, list[Standing]]:
        """What cannot be judged yet, by the agency that answers; what no agency answers for comes last."""
        groups: dict[Agency | None, list[Standing]] = defaultdict(list)
        for standing in self.standings:
            # What is only watched will never have a verdict.
            if not standing.is_judged and standing.indicator.better != Better.NONE:
                groups[standing.agency].append(standing)
        return dict(sorted(groups.items(), key=lambda group: (group[0] is None, vietnamese_order(str(group[0])))))


def home(as_of: date) -> Home:
    """What was known on a day; the targets of all terms and of the year's plan are judged together."""
    versions, responsible = known_on(as_of, Indicator.objects.all()), responsibility(as_of)
    of_the_year = Q(scope=Scope.ANNUAL, first_year=as_of.year, last_year=as_of.year)
    targets = Target.objects.filter(of_the_year | Q(last_year=F("term__last_year")))
    rows = progress(as_of, targets, versions)
    of_term = {term: _rows_at_the_end(term, rows) for term in Term.objects.order_by("-last_year")}
    terms = [TermOverview(term, as_of, own, versions, responsible) for term, own in of_term.items() if own]
    running = next((one for one in terms if one.term.first_year <= as_of.year <= one.term.last_year), None)
    complete = next((one for one in terms if one.term.last_year < as_of.year), None)
    plan = row_per_indicator(
        row for row in rows if row.target.scope == Scope.ANNUAL and row.target.last_year == as_of.year
    )
    now = [plan, row_per_indicator(running.rows) if running else {}]
    then = row_per_indicator(complete.rows) if complete else {}
    cards, silent = _cards([*now, then], versions, as_of)
    standings, results = _standings(now, responsible), _standings([then], responsible)
    return Home(as_of, terms, running, complete, standings, results, cards, silent)


def newest_figures(as_of: date) -> list[Figure]:
    """The figures published last, one of each indicator, the latest first."""
    latest = Figure.objects.published(as_of).order_by(
        "-published_on", "-year", "-through_month", "indicator__order", "-pk"
    )
    one_each: dict[int, Figure] = {}
    # Several periods of one indicator come out together; ten times as many figures as are shown will do.
    for figure in latest.select_related("indicator", "source")[: 10 * NEWEST]:
        one_each.setdefault(figure.indicator_id, figure)
    return list(one_each.values())[:NEWEST]


def _rows_at_the_end(term: Term, rows: Iterable[ProgressRow]) -> list[ProgressRow]:
    return [row for row in rows if row.target.term_id == term.pk and row.target.last_year == term.last_year]


def _standings(groups: Iterable[RowsByIndicator], responsible: Responsibility) -> list[Standing]:
    """The indicators of the rows, the worst first. A part is told by the row of its whole, where that has one."""
    rows_of: dict[int, list[ProgressRow]] = defaultdict(list)
    for group in groups:
        for pk, row in group.items():
            # In its last year the plan may speak for the term, and is one row in both.
            if not any(row is other for other in rows_of[pk]):
                rows_of[pk].append(row)
    standings = []
    for rows in rows_of.values():
        indicator, worst_first = rows[0].target.indicator, sorted(rows, key=severity)
        if indicator.parent_id not in rows_of:
            standings.append(Standing(indicator, tuple(worst_first), responsible.agency_of(indicator)))
    return sorted(standings, key=lambda standing: (severity(standing.rows[0]), not standing.indicator.headline))


def _cards(
    groups: list[RowsByIndicator], versions: dict[int, VersionsInForce], as_of: date
) -> tuple[list[HeadlineCard], list[OverviewLine]]:
    """A card for each main indicator that lives, or whose series goes on in one that does; the lines of the others."""
    by_key = {indicator.pk: indicator for indicator in Indicator.objects.select_related("sector")}

    def line(indicator: Indicator) -> OverviewLine:
        rows = [group[indicator.pk] for group in groups if indicator.pk in group]
        judged = next((row for row in rows if not Status(row.counts_as).is_refusal), None)
        targets = {row.target.last_year: row.target for row in rows}
        own = versions.get(indicator.pk, NOTHING_IN_FORCE)
        return OverviewLine(indicator, targets, judged, own, as_of.year, None)

    def ahead(line: OverviewLine) -> Target | None:
        """The target that was judged, else the term's, else the plan's, where its end is still to come."""
        judged = [line.row.target] if line.row else []
        targets = sorted(line.targets.values(), key=lambda target: -target.last_year)
        return next((target for target in [*judged, *targets] if target.last_year >= as_of.year), None)

    cards, silent = [], []
    for indicator in by_key.values():
        indicator.successor = by_key[indicator.successor_id] if indicator.successor_id else None  # at hand
    for indicator in filter(lambda indicator: indicator.headline, by_key.values()):
        series = [line(one) for one in (indicator, *successors_of(indicator))]
        living = next((one for one in series if _lives(one, as_of)), None)
        if living:
            cards.append(HeadlineCard(living, ahead(living), None if living is series[0] else series[0]))
        else:
            silent.append(series[0])
    return cards, silent


def _lives(line: OverviewLine, as_of: date) -> bool:
    """Whether the latest figure has a value and its period ended in the last years."""
    latest = line.latest
    if latest is None or latest.value is None:
        return False
    return 12 * as_of.year + as_of.month - latest.end <= LIVING_MONTHS

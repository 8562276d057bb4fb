"""What stands in the cells of the official tables, and the notes that the cells call for."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from ...assessment import FigureFact
from ...assessment.facts import is_provisional, latest_in_year
from ...core.language import active_language
from ...models import Indicator, Source
from ...models.targets import Basis, Bound, Scope, TargetStatus
from ...queries.responsible_agency import Responsibility
from ...queries.term_overview import OverviewLine
from ...queries.year_plan import PlanRow
from ...sentences import change, is_amount, measured_number, measured_period
from ...sentences.formatting import STATUS_LABEL, as_written, day, limits_of, number, qualified
from ...text.numbers import DECIMAL_MARK
from ...text.periods import FULL_YEAR, Period
from ..components import LONGEST_IN_A_CELL, verdict_notes
from .layout import NumberCell, TableCell

_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<digits>\d[\d.,]*)", re.ASCII)


class Cells:
    """The cells of one table, line by line from left to right; sources and marks are noted as they come up."""

    def __init__(self, plans: dict[int, PlanRow] | None = None, of_a_term: bool = False) -> None:
        self._plans, self._of_a_term = plans or {}, of_a_term
        self._sources: dict[str, int] = {}
        self._cited: set[int] = set()
        self._marks: dict[str, str] = {}

    @staticmethod
    def agency(responsible: Responsibility, line: OverviewLine) -> TableCell:
        """Who answered; a body that was founded later, because nobody knows who did its work before, says since when."""
        agency = responsible.agency_of(line.indicator)
        if agency is None or agency.valid_from is None or agency.valid_from <= responsible.day:
            return agency.name if agency else None
        return _("%(agency)s (founded on %(day)s)") % {"agency": agency.name, "day": day(agency.valid_from)}

    def goal(self, line: OverviewLine) -> TableCell:
        """The target as written; a draft says so."""
        if line.row is None:
            return None
        target = line.row.target
        self._cite(target.source.code)
        words = as_written(target)
        if target.bound == Bound.PARTS and len(words) > LONGEST_IN_A_CELL:
            words = _("by parts")
        return words if target.status != TargetStatus.DRAFT else f"{words} ({target.get_status_display()})"

    def base(self, usual: int, line: OverviewLine) -> TableCell:
        """The figure of the base year; the year stands with it where it is not the `usual` one."""
        year = (line.row.target.baseline_year if line.row else None) or usual
        return self._figure(line.versions.figures.get(Period(year)), line, "" if year == usual else f" ({year})")

    def in_year(self, year: int, line: OverviewLine) -> TableCell:
        """The figure of the whole year, else of the longest part of it that is known."""
        figure = latest_in_year(year, line.versions.figures)
        if figure is None or figure.through_month == FULL_YEAR:
            return self._figure(figure, line)
        months = {"months": figure.through_month}
        mark = _("(%(months)dM)") % months
        self._marks[mark] = _("the first %(months)d months; for a level, its position at their end") % months
        return self._figure(figure, line, f" {mark}")

    def measured(self, line: OverviewLine) -> TableCell:
        """The average or total that a target speaks of."""
        row = line.row
        if row is None or row.target.basis == Basis.VALUE or row.verdict.measured_value is None:
            return None
        for version in row.verdict.details.used:
            self._cite(version.source)
        mark = self._provisional() if row.verdict.provisional else ""
        return _as_shown(row.verdict.measured_value, measured_number(row, active_language()), mark)

    def against_target(self, line: OverviewLine) -> TableCell:
        """The measured value against the target: percent of an amount, else points or places."""
        value = line.row.verdict.measured_value if line.row else None
        if line.row is None or value is None:
            return None
        edge = line.row.target.edge(value)
        return _("within the range") if edge is None else _share(value, edge, line.indicator)

    def against_before(self, line: OverviewLine) -> TableCell:
        """The latest figure of the year against the same period a year before; nothing across a break of the series."""
        plan = self._plans.get(line.indicator.pk)
        if plan is None or plan.now is None or plan.before is None or plan.begins_anew:
            return None
        if plan.now.value is None or plan.before.value is None:
            return None
        return _step(plan.now.value, plan.before.value, line.indicator)

    def verdict(self, line: OverviewLine) -> TableCell:
        """The verdict that counts, with what qualifies it."""
        if line.row is None or line.status is None:
            return None
        notes = verdict_notes(line.row)
        return str(STATUS_LABEL[line.status]) + (f" ({'; '.join(notes)})" if notes else "")

    def note(self, line: OverviewLine) -> TableCell:
        """Of a review, which targets are plans of a year; what an average or total on the way covers; the sources cited."""
        texts, row = [], line.row
        if row and self._of_a_term and row.target.scope == Scope.ANNUAL:
            # Said once below the table: it may hold for every row.
            self._marks[mark := _("(P)")] = _("Plan of %(year)d") % {"year": row.target.last_year}
            texts.append(mark)
        on_the_way = row and row.verdict.measured_value is not None and not row.verdict.status.is_final
        if row and on_the_way and row.target.basis != Basis.VALUE:
            texts.append(measured_period(row, active_language()))
        # The notes are the last column: by now every cell of the row has said what it rests on.
        texts += [f"[{number}]" for number in sorted(self._cited)]
        self._cited.clear()
        return " ".join(texts)

    def explained(self) -> tuple[str, ...]:
        """What the marks mean, and the sources by number; one query."""
        source_of = {source.code: source for source in Source.objects.filter(code__in=self._sources)}
        marks = [f"{mark}: {meaning}." for mark, meaning in self._marks.items()]
        sources = []
        for code, place in self._sources.items():
            issued = f", {day(source_of[code].issued_on)}" if source_of[code].issued_on else ""
            sources.append(f"[{place}] {source_of[code]}{issued}")
        return (*marks, *sources)

    def _figure(self, figure: FigureFact | None, line: OverviewLine, after: str = "") -> TableCell:
        if figure is None or figure.value is None:
            return None
        self._cite(figure.source)
        after += self._provisional() if is_provisional(figure) else ""
        if figure.series_break:
            after += "†"
            self._marks["†"] = _("cannot be compared with the years before: the way of counting or the area changed")
        text = qualified(figure, line.indicator.decimals, beside=limits_of(*line.targets.values()))
        return _as_shown(figure.value, text, after)

    def _provisional(self) -> str:
        self._marks["*"] = _("estimated, preliminary, or published before its period was over")
        return "*"

    def _cite(self, code: str) -> None:
        self._cited.add(self._sources.setdefault(code, len(self._sources) + 1))


def _as_shown(value: Decimal, text: str, after: str = "") -> NumberCell:
    """`value` with the digits, sign and words of `text`, which the wording chose: "trên 2.100", "+0,98 điểm %"."""
    shape = _NUMBER.search(text)
    assert shape is not None
    decimals = len(shape["digits"].partition(DECIMAL_MARK[active_language()])[2])
    return NumberCell(value, decimals, text[: shape.start()], text[shape.end() :] + after, signed=shape["sign"] == "+")


def _share(value: Decimal, edge: Decimal, indicator: Indicator) -> NumberCell | str:
    """`value` against a target: percent of an amount, otherwise their distance."""
    if not is_amount(indicator) or edge <= 0:
        return _step(value, edge, indicator)
    percent = 100 * value / edge
    return _as_shown(percent, number(percent, 1, beside=[Decimal(100)]), "%")


def _step(new: Decimal, old: Decimal, indicator: Indicator) -> NumberCell | str:
    """From `old` to `new`: percent of an amount, points of a percentage, places of a rank; or that nothing changed."""
    text = change(new, old, indicator, active_language())
    if _NUMBER.search(text) is None:
        return text
    if indicator.kind == "rank":
        return _as_shown(abs(new - old), text)
    return _as_shown(100 * (new / old - 1) if is_amount(indicator) and old > 0 else new - old, text)

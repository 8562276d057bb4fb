"""The small pictures drawn on the server as plain SVG: bullet bar and spark line, one definition each.

Colours come from the style sheet by class, so that they follow light, dark and print. Every picture has its text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..assessment import FigureFact, Status
from ..core.language import active_language
from ..models import Indicator, Target, Term
from ..models.targets import Basis, Bound
from ..queries.term_comparison import Course
from ..queries.term_overview import OverviewLine
from ..sentences.formatting import as_written, limits_of, number, qualified, short_period, with_unit
from ..text.periods import Period
from .charts.base import height, unbroken_runs, whole_years, yearly_edges

WIDTH = 120


def bullet_svg(line: OverviewLine) -> SafeString | None:
    """A bar from zero to the measured value before the stretch where the target is met.

    None where a bar from zero says nothing: ranks, negative values, no target with a number.
    """
    row = line.row
    if row is None or line.indicator.kind == "rank":
        return None
    value, tone = row.verdict.measured_value, row.counts_as
    if value is None and line.latest is not None:
        value, tone = line.latest.value, Status.NO_DATA
    low, high = row.target.low, row.target.high
    numbers = [number for number in (low, high, value) if number is not None]
    if (low is None and high is None) or min(numbers) < 0 or max(numbers) == 0:
        return None
    scale = WIDTH / (float(max(numbers)) * 1.15)  # a margin, so that what exceeds its target is seen to
    start, end = _goal(row.target, scale)
    bar = SafeString("")
    if value is not None:
        width = round(float(value) * scale, 1)
        bar = format_html('<rect class="value" x="0" y="9" width="{}" height="6" rx="2"/>', width)
    return format_html(
        '<svg class="bullet tone-{}" viewBox="0 0 {} 24" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="track" x="0" y="9" width="{}" height="6" rx="2"/>'
        '<rect class="goal" x="{}" y="3" width="{}" height="18"/>{}</svg>',
        tone, WIDTH, _bullet_text(line, value), WIDTH, start, round(max(end - start, 1.5), 1), bar,
    )  # fmt: skip


def _goal(target: Target, scale: float) -> tuple[float, float]:
    """Where the target lies: its range, or a mark at its single value; a ceiling is the stretch below it."""
    low = 0.0 if target.low is None else round(float(target.low) * scale, 1)
    if target.high is None:
        return low, low + 2
    return low, round(float(target.high) * scale, 1)


def _bullet_text(line: OverviewLine, value: Decimal | None) -> str:
    assert line.row is not None
    written = as_written(line.row.target)
    if value is None:
        return written
    shown = number(value, line.indicator.decimals, beside=limits_of(line.row.target))
    return f"{with_unit(shown, line.indicator.unit)} / {written}"


SPARK_YEARS = 10


def spark_svg(line: OverviewLine) -> SafeString | None:
    """The last ten yearly figures as a line above the target's range; None with fewer than two."""
    figures = whole_years(line.versions.up_to(line.last_year))[-SPARK_YEARS:]
    if len(figures) < 2:
        return None
    goal = _goal_values(line.row.target) if line.row else None
    values = [height(figure) for figure in figures] + list(goal or ())
    bottom, tall = min(values), (max(values) - min(values)) or 1
    first, span = figures[0].year, figures[-1].year - figures[0].year

    def y(value: float) -> float:
        return round(20 - 16 * (value - bottom) / tall, 1)

    def point(figure: FigureFact) -> tuple[float, float]:
        return round(4 + (WIDTH - 12) * (figure.year - first) / span, 1), y(height(figure))

    band = _band(y(goal[0]), y(goal[1])) if goal else SafeString("")
    runs = format_html_join("", "{}", [(_run([point(figure) for figure in run]),) for run in unbroken_runs(figures)])
    return format_html(
        '<svg class="spark" viewBox="0 0 {} 24" role="img" aria-label="{}">{}{}<circle cx="{}" cy="{}" r="3"/></svg>',
        WIDTH, _spark_text(figures, line.indicator, line.targets.values()), band, runs, *point(figures[-1]),
    )  # fmt: skip


def _run(points: Sequence[tuple[float, float]]) -> SafeString:
    """Years without a gap as a line; a year alone as a small dot."""
    if len(points) == 1:
        return format_html('<circle class="alone" cx="{}" cy="{}" r="1.5"/>', *points[0])
    return format_html('<polyline points="{}"/>', " ".join(f"{x},{y}" for x, y in points))


def _band(low: float, high: float) -> SafeString:
    thick = round(max(low - high, 1.5), 1)
    return format_html('<rect class="goal" x="0" y="{}" width="{}" height="{}"/>', high, WIDTH, thick)


def _goal_values(target: Target) -> tuple[float, float] | None:
    """Lower and upper edge of a goal that yearly values can be held against."""
    if target.basis == Basis.TOTAL or target.bound == Bound.PARTS:
        return None
    edges = [float(edge) for edge in (target.low, target.high) if edge is not None]
    return (min(edges), max(edges)) if edges else None


def _spark_text(figures: Sequence[FigureFact], indicator: Indicator, targets: Iterable[Target]) -> str:
    language, limits = active_language(), limits_of(*targets)
    periods = (short_period(Period(figure.year, figure.through_month), language) for figure in figures)
    values = (qualified(figure, indicator.decimals, language, limits) for figure in figures)
    return "; ".join(f"{period}: {value}" for period, value in zip(periods, values, strict=True))


@dataclass(frozen=True, slots=True)
class _CourseScale:
    """Where years and values lie in the picture of a course."""

    first_year: int
    last_year: int
    low: float
    high: float

    WIDTH = 280
    HEIGHT = 100
    FOOT = 82  # below it stand the years
    HEAD = 18  # above it there is room for a label

    def x(self, year: float) -> float:
        return round(self.WIDTH * (year - self.first_year + 0.5) / (self.last_year - self.first_year + 1), 1)

    def y(self, value: float) -> float:
        share = (value - self.low) / ((self.high - self.low) or 1)
        return round(self.FOOT - 4 - (self.FOOT - 4 - self.HEAD) * share, 1)


def course_svg(course: Course, terms: Sequence[Term]) -> SafeString:
    """The whole years of one indicator over all `terms`, its targets behind them.

    A year lies at the same place in every such picture; the height goes from the least to the greatest of its own values.
    """
    values = [height(figure) for figure in course.figures]
    values += [edge for target in course.targets for edge in yearly_edges(target) if edge is not None]
    scale = _CourseScale(terms[0].first_year, max(term.last_year for term in terms), min(values), max(values))
    lines = [
        _run([(scale.x(figure.year), scale.y(height(figure))) for figure in run])
        for run in unbroken_runs(course.figures)
    ]
    return format_html(
        '<svg class="course" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}</svg>',
        scale.WIDTH, scale.HEIGHT, _course_text(course), _terms(scale, terms),
        format_html_join("", "{}", [(_course_goal(scale, target),) for target in course.targets]),
        format_html_join("", "{}", [(line,) for line in lines]), _ends(scale, course),
    )  # fmt: skip


def _terms(scale: _CourseScale, terms: Sequence[Term]) -> SafeString:
    """A line where each term ends, and its year below."""
    places = [(scale.x(term.last_year + 0.5), scale.FOOT, scale.x(term.last_year), term.last_year) for term in terms]
    return format_html_join(
        "",
        '<path class="grid" d="M{} 0V{}"/><text x="{}" y="97" text-anchor="middle">{}</text>',
        places,
    )


def _course_goal(scale: _CourseScale, target: Target) -> SafeString:
    edges = [edge for edge in yearly_edges(target) if edge is not None]
    if not edges:
        return SafeString("")
    first = target.last_year if target.basis == Basis.VALUE else target.first_year
    start, end = scale.x(first - 0.4), scale.x(target.last_year + 0.4)
    top, thick = scale.y(max(edges)), round(max(scale.y(min(edges)) - scale.y(max(edges)), 2), 1)
    pattern = '<rect class="goal" x="{}" y="{}" width="{}" height="{}"/>'
    return format_html(pattern, start, top, round(end - start, 1), thick)


def _ends(scale: _CourseScale, course: Course) -> SafeString:
    """A dot at the last year with its value beside it; the first value above its place, where there is room."""
    first, last = course.figures[0], course.figures[-1]
    (x0, y0), (x1, y1) = ((scale.x(figure.year), scale.y(height(figure))) for figure in (first, last))
    beside = x1 + 50 < scale.WIDTH
    labels = [(x1 + 8 if beside else x1 + 4, y1 + 4 if beside else y1 - 8, "start" if beside else "end", last)]
    if x1 - x0 > scale.WIDTH / 5:
        labels.append((max(x0, 16), y0 - 7, "middle", first))
    text_of = partial(qualified, decimals=course.indicator.decimals, beside=limits_of(*course.targets))
    texts = format_html_join(
        "",
        '<text class="told" x="{}" y="{}" text-anchor="{}">{}</text>',
        [(x, y, anchor, text_of(figure)) for x, y, anchor, figure in labels],
    )
    return format_html('<circle cx="{}" cy="{}" r="3.5"/>{}', x1, y1, texts)


def _course_text(course: Course) -> str:
    targets = "; ".join(f"{target.last_year}: {as_written(target)}" for target in course.targets)
    figures = _spark_text(course.figures, course.indicator, course.targets)
    return (
        _("Actual %(figures)s. Targets %(targets)s") % {"figures": figures, "targets": targets} if targets else figures
    )

"""PRESENT: the small pictures drawn on the server as plain SVG: bullet bar and spark line, one definition each.

Colours come from the style sheet by class, so that they follow light, dark and print. Every picture has its text.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .assessment import Figure, Status
from .models import Target
from .models.targets import Basis, Bound
from .overview import Line
from .periods import Period
from .series import height, unbroken_runs, whole_years
from .wording import as_written, number, qualified, short_period, with_unit

WIDTH = 120


def bullet(line: Line) -> SafeString | None:
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
    scale = WIDTH / (float(max(numbers)) * 1.15)
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


def _bullet_text(line: Line, value: Decimal | None) -> str:
    assert line.row is not None
    written = as_written(line.row.target)
    if value is None:
        return written
    return f"{with_unit(number(value, line.indicator.decimals), line.indicator.unit)} / {written}"


def spark(line: Line, years: int = 10) -> SafeString | None:
    """The last `years` yearly figures as a line above the target's range; None with fewer than two."""
    figures = whole_years(line.known.up_to(line.last_year))[-years:]
    if len(figures) < 2:
        return None
    goal = _goal_values(line.row.target) if line.row else None
    values = [height(figure) for figure in figures] + list(goal or ())
    bottom, tall = min(values), (max(values) - min(values)) or 1
    first, span = figures[0].year, figures[-1].year - figures[0].year

    def y(value: float) -> float:
        return round(20 - 16 * (value - bottom) / tall, 1)

    def point(one: Figure) -> tuple[float, float]:
        return round(4 + (WIDTH - 12) * (one.year - first) / span, 1), y(height(one))

    band = _band(y(goal[0]), y(goal[1])) if goal else SafeString("")
    runs = format_html_join("", "{}", [(_run([point(one) for one in run]),) for run in unbroken_runs(figures)])
    return format_html(
        '<svg class="spark" viewBox="0 0 {} 24" role="img" aria-label="{}">{}{}<circle cx="{}" cy="{}" r="3"/></svg>',
        WIDTH, _spark_text(figures, line.indicator.decimals), band, runs, *point(figures[-1]),
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


def _spark_text(figures: Sequence[Figure], decimals: int) -> str:
    return "; ".join(
        f"{short_period(Period(figure.year, figure.through_month))}: {qualified(figure, decimals)}"
        for figure in figures
    )

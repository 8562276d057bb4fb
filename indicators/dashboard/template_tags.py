"""The shared pieces, for templates."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString

from .. import sentences
from ..assessment import FigureFact, Status
from ..core.language import active_language
from ..models import Comparison, Indicator
from ..queries.progress import ProgressRow
from ..queries.term_overview import OverviewLine, Tally
from ..sentences import formatting
from ..text.periods import Period
from . import components
from .svg import bullet_svg, course_svg, spark_svg

register = template.Library()

register.filter("as_written", formatting.as_written)
register.filter("basis", formatting.basis_text)
register.filter("day", formatting.day)
register.filter("number", formatting.number)
register.filter("period_label", formatting.short_period)
register.filter("status_word", formatting.figure_status)
register.filter("status_label", lambda status: formatting.STATUS_LABEL[Status(status)])
register.filter("chip", components.chip)
register.filter("short_chip", components.short_chip)
register.filter("status_chip", components.status_chip)
register.filter("target_cell", components.target_cell)
register.filter("latest_number", components.latest_number)
register.filter("measured_anchor", components.measured_anchor)
register.filter("frame_text", components.frame_text)
register.filter("spark", lambda line: spark_svg(line) or "")
register.filter("ambition_text", components.ambition_text)
register.simple_tag(components.latest_cell)
register.filter("pace_cell", components.pace_cell)
register.filter("before_cell", components.before_cell)
register.filter("course", course_svg)


@register.filter(is_safe=True)
def one_line(text: str) -> str:
    """The text with single blanks: what a template breaks into lines, for an attribute."""
    return " ".join(text.split())


def _of_row(words: Callable[[ProgressRow, str], str]) -> Callable[[ProgressRow], str]:
    """`words` on a row in the active language, which a template does not name."""
    return lambda row: words(row, active_language())


register.filter("tell", _of_row(sentences.sentence))
register.filter("tell_briefly", _of_row(partial(sentences.sentence, brief=True)))
register.filter("measured", _of_row(sentences.measured_number))
register.filter("measured_period", _of_row(sentences.measured_period))
register.filter("gap", _of_row(sentences.gap_text))


@register.filter
def count_parts(tally: Tally) -> list[sentences.CountPart]:
    """The counts of a term as numbers with their words."""
    return sentences.count_parts(tally, active_language())


@register.filter
def count_text(tally: Tally) -> str:
    return sentences.count_text(tally, active_language())


@register.filter
def bullet(line: OverviewLine) -> SafeString | str:
    return bullet_svg(line) or ""


@register.filter
def percent(ratio: Decimal) -> str:
    """A ratio as a percentage: 0.792 is 79 %."""
    return f"{formatting.number(ratio * 100, 0)} %"


@register.filter
def amount(value: Decimal | None, indicator: Indicator) -> str:
    """A number of `indicator` with its decimals and unit."""
    text = formatting.number(value, indicator.decimals)
    return text if value is None else formatting.with_unit(text, indicator.unit)


@register.filter
def version(record: Any, indicator: Indicator) -> str:
    """The value of a published version with its qualifier and unit."""
    text = formatting.qualified(record, indicator.decimals)
    return text if record.value is None else formatting.with_unit(text, indicator.unit)


@register.filter
def number_of(record: Any, indicator: Indicator) -> str:
    """The value of a published version with its qualifier, without its unit."""
    return formatting.qualified(record, indicator.decimals)


@register.filter
def published(comparison: Comparison) -> str:
    """A published comparison with all its digits and its qualifier; its measure names the unit."""
    return formatting.qualified(comparison, None)


@register.filter
def period(record: Any, indicator: Indicator) -> str:
    """The period of a figure or comparison in words."""
    return formatting.period_text(Period(record.year, record.through_month), indicator)


@register.filter
def short_period(figure: FigureFact) -> str:
    return formatting.short_period(Period(figure.year, figure.through_month))


@register.filter
def iso(value: date) -> str:
    return value.isoformat()


@register.simple_tag
def plotly_files() -> list[str]:
    """The addresses of the plotly bundle and, in Vietnamese, of its words."""
    names = [settings.PLOTLY_BUNDLE]
    if settings.PLOTLY_LOCALE and active_language() == "vi":
        names.append(settings.PLOTLY_LOCALE)
    return [static(name) for name in names]


@register.simple_tag
def paper_font() -> str:
    """The address of the style sheet that names the font of prints; empty where npm did not bring it."""
    return static(settings.PAPER_FONT) if settings.PAPER_FONT else ""

"""What was understood of a typed figure, and what it would do once it is approved, in lines to read back."""

from collections.abc import Iterable

from ..assessment import FigureFact
from ..models import Figure, Target
from ..models.figures import VALUELESS
from ..queries.impact import FigureImpact
from ..queries.progress import ProgressRow
from ..text.number_words import in_words
from ..text.numbers import format_number
from .differences import change, of_plan
from .formatting import (
    STATUS_LABEL,
    basis_text,
    day,
    figure_status,
    period_text,
    qualified,
    short_period,
    unit_in,
    with_unit,
)


def describe_reading(figure: Figure, language: str) -> str:
    """The figure as it was read: "9 tháng năm 2019: 5.056 tỷ đồng (ước) – năm nghìn không trăm năm mươi sáu"."""
    period = period_text(figure.period, figure.indicator, language)
    status = figure_status(figure.status)
    if figure.qualifier in VALUELESS or figure.value is None:
        return f"{period}: {figure.get_qualifier_display()} ({status})"
    value = with_unit(qualified(figure, None, language), unit_in(figure.indicator, language))
    return f"{period}: {value} ({status}) – {in_words(figure.value, language)}"


def describe_comparison(figure: Figure, last_year: Figure | None, plan: Target | None, language: str) -> str:
    """The figure beside the plan and the same period last year: "92,8% kế hoạch · +37,0% so với cùng kỳ"."""
    if figure.value is None:
        return ""
    parts = [of_plan(figure.value, plan, language)] if plan else []
    if last_year and last_year.value is not None:
        step = change(figure.value, last_year.value, figure.indicator, language)
        of = short_period(figure.period.same_period_last_year, language)
        parts.append(f"{step} so với {of}" if language == "vi" else f"{step} on {of}")
    return " · ".join(filter(None, parts))


def describe_effect(impact: FigureImpact, language: str) -> str:
    """Which figure would be in force after approval, and which verdicts would change."""
    vi, en = _in_force(impact, language)
    return f"{vi if language == 'vi' else en}; {_verdicts(impact, language)}."


def _in_force(impact: FigureImpact, language: str) -> tuple[str, str]:
    figure = impact.in_force
    if impact.is_own:
        vi, en = _displaced(impact.displaced, language)
        return f"Khi được duyệt, đây là số có hiệu lực{vi}", f"Once approved, this is the figure in force{en}"
    if figure is None or figure.value is None:
        return "Khi được duyệt, kỳ này là đã trả lời, không có số", "Once approved, this is an answer without a number"
    other = f"{format_number(figure.value, language)} ({figure_status(figure.status)})"
    return f"Số có hiệu lực vẫn là {other}", f"The figure in force stays {other}"


def _displaced(known: FigureFact | None, language: str) -> tuple[str, str]:
    """Which public figure of the period gives way."""
    if known is None or known.value is None:
        return "", ""
    shown = f"{qualified(known, None, language)} ({figure_status(known.status)}, {day(known.published_on)})"
    return f", thay cho {shown}", f" in place of {shown}"


def _verdicts(impact: FigureImpact, language: str) -> str:
    vietnamese = language == "vi"
    if not impact.judged:
        return "chỉ tiêu chưa có mục tiêu" if vietnamese else "the indicator has no target"
    if not impact.changed:
        return "không kết quả đánh giá nào thay đổi" if vietnamese else "no verdict changes"
    return verdict_steps(impact.changed, language)


def verdict_steps(changed: Iterable[tuple[ProgressRow, ProgressRow]], language: str) -> str:
    """From which verdict to which: "mục tiêu bình quân 2021–2025: đạt → vượt"."""
    target = "mục tiêu" if language == "vi" else "target"
    steps = (
        f"{target} {basis_text(before.target, language)}:"
        f" {STATUS_LABEL[before.verdict.status]} → {STATUS_LABEL[after.verdict.status]}"
        for before, after in changed
    )
    return "; ".join(steps)

"""The sentence that goes with every verdict and every refusal (§10), in Vietnamese and in English.

Both languages stand side by side so that a reader of these files sees what officials read. Each sentence gives the number
behind the verdict; where a part of a year is taken for the whole, it says that an even year is assumed.
"""

from ..models.targets import Basis
from ..queries.progress import ProgressRow
from .counts import CountPart, count_parts, count_text
from .differences import change, distance, is_amount, relative
from .final import by_parts, final
from .formatting import basis_text
from .gaps import gap
from .levels import level, rank
from .pace import pace
from .read_back import describe_comparison, describe_effect, describe_reading
from .refusals import refusal
from .sentence_builder import SentenceBuilder, capital

__all__ = [
    "CountPart",
    "change",
    "count_parts",
    "count_text",
    "describe_comparison",
    "describe_effect",
    "describe_reading",
    "distance",
    "gap_text",
    "is_amount",
    "measured_number",
    "measured_period",
    "relative",
    "sentence",
]


def sentence(row: ProgressRow, language: str, *, brief: bool = False) -> str:
    """The sentence on `row` in "vi" or "en"; a `brief` one without what it rests on."""
    builder = SentenceBuilder(row, language, brief=brief)
    return capital(_verdict(builder)) + _awaiting(builder)


def measured_number(row: ProgressRow, language: str) -> str:
    """The measured value of `row` as its sentence writes it, without the unit."""
    return SentenceBuilder(row, language).measured_number()


def measured_period(row: ProgressRow, language: str) -> str:
    """What the measured value covers: "năm 2025", "cuối tháng 9/2026", "bình quân 2021–2022", "sau 1 năm 9 tháng"."""
    builder = SentenceBuilder(row, language)
    if not builder.details.used:
        return basis_text(row.target, language)
    if row.target.basis == Basis.VALUE:
        return builder.period(builder.details.used[-1])
    if row.target.basis == Basis.TOTAL and builder.months_left > 0:
        return builder.so_far()
    return builder.measure_of(builder.known_years())


def gap_text(row: ProgressRow, language: str) -> str:
    """What lies between the measured value and the target: "thiếu 4,9 tỷ đồng"; nothing where that cannot be said."""
    return "" if row.target.indicator.judged_by_parts else gap(SentenceBuilder(row, language))


def _verdict(builder: SentenceBuilder) -> str:
    status, indicator = builder.verdict.status, builder.indicator
    if status.is_refusal:
        return refusal(builder)
    if indicator.judged_by_parts:
        return by_parts(builder)
    if status.is_final:
        return final(builder)
    if indicator.kind in ("level", "rank") and builder.target.basis == Basis.VALUE:
        return rank(builder) if indicator.kind == "rank" else level(builder)
    return pace(builder)


def _awaiting(builder: SentenceBuilder) -> str:
    """What is said after the end of the period while full-year figures may still come."""
    if not builder.details.awaiting:
        return ""
    year = builder.target.last_year
    if builder.target.basis == Basis.VALUE:
        return builder.say(
            f" Năm {year} đã hết, đang chờ số cả năm.", f" {year} is over; its full-year figure is awaited."
        )
    return builder.say(
        f" {capital(builder.term)} đã hết, đang chờ số cả năm còn thiếu.",
        f" {builder.years} is over; the missing full-year figures are awaited.",
    )

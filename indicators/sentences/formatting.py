"""How numbers, periods, bounds and verdicts are written, in Vietnamese and in English.

Every function takes the language ("vi" or "en") or uses the active one. Nothing here decides anything.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..assessment import Status
from ..assessment.bounds import Bounds, compare
from ..core.language import active_language
from ..models import Indicator, Target
from ..models.figures import FigureStatus
from ..models.targets import Basis, Bound
from ..queries.progress import target_fact
from ..text.number_words import in_words
from ..text.numbers import format_number, rounded, with_unit
from ..text.periods import FULL_YEAR, Period, span_code

EN_DASH = "–"
NO_VALUE = "—"
# Where two numbers differ by more than the tolerance of the judgement (1e-9), this many decimals tell them apart.
MOST_DECIMALS = 10

STATUS_LABEL = {
    Status.EXCEEDED: _("Exceeded"),
    Status.ACHIEVED: _("Achieved"),
    Status.MISSED: _("Missed"),
    Status.ON_TRACK: _("On track"),
    Status.AT_RISK: _("At risk"),
    Status.OFF_TRACK: _("Off track"),
    Status.MOVING_AWAY: _("Moving away"),
    Status.CANNOT_JUDGE: _("Cannot be judged"),
    Status.NO_DATA: _("No data"),
}
STATUS_SIGN = {
    Status.EXCEEDED: "▲",
    Status.ACHIEVED: "✓",
    Status.MISSED: "✕",
    Status.ON_TRACK: "→",
    Status.AT_RISK: "!",
    Status.OFF_TRACK: "▼",
    Status.MOVING_AWAY: "↩",
    Status.CANNOT_JUDGE: "?",
    Status.NO_DATA: "○",
}

_QUALIFIED = {
    "vi": {"over": "trên {}", "under": "gần {}", "about": "khoảng {}", "nil": "-", "uncollected": "…"},
    "en": {"over": "over {}", "under": "nearly {}", "about": "about {}", "nil": "-", "uncollected": "…"},
}
_BOUND = {
    Bound.AT_LEAST: "≥ {low}",
    Bound.MORE_THAN: "> {low}",
    Bound.AT_MOST: "≤ {high}",
    Bound.LESS_THAN: "< {high}",
    Bound.BETWEEN: "{low} – {high}",
    Bound.ABOUT: "≈ {low} – {high}",
    Bound.PARTS: "",
}
_MONTHS_EN = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Version(Protocol):
    """A published value: a figure or an aggregate, from the database or as a fact of the judgement."""

    @property
    def value(self) -> Decimal | None: ...
    @property
    def qualifier(self) -> str: ...


def place_name() -> str:
    """The province, or the invented one of the sample data."""
    return gettext("Sample Province") if settings.SAMPLE_DATA else "Lạng Sơn"


def decimals_beside(value: Decimal, decimals: int, limits: Iterable[Decimal]) -> int:
    """With how many decimals `value` is shown so that it stands to each of `limits` as it really does (§10).

    2.96 against 3 is never shown as 3.0, nor 7.504 against 7.5 as 7.50. At least `decimals`; numbers within the
    tolerance of the judgement are the same number.
    """
    sides = [(limit, compare(value, "exact", limit)) for limit in limits]
    while decimals < MOST_DECIMALS and any(
        compare(rounded(value, decimals), "exact", limit) != side for limit, side in sides
    ):
        decimals += 1
    return decimals


def number(
    value: Decimal | None,
    decimals: int | None = None,
    language: str | None = None,
    beside: Iterable[Decimal] = (),
) -> str:
    """`value` as officials write it, or a dash when there is none; with more decimals where it stands `beside` limits
    that fewer would make it seem to meet or to miss."""
    if value is None:
        return NO_VALUE
    if decimals is not None:
        decimals = decimals_beside(value, decimals, beside)
    return format_number(value, language or active_language(), decimals)


def limits_of(*targets: Target) -> set[Decimal]:
    """Every number that a value of `targets` is compared with: the printed bounds, and the moved ones of "about" (§2)."""
    limits: set[Decimal | None] = set()
    for target in targets:
        moved = Bounds.of(target_fact(target))
        limits |= {target.low, target.high, moved.low, moved.high}
    return {limit for limit in limits if limit is not None}


def qualified(
    version: Version, decimals: int | None, language: str | None = None, beside: Iterable[Decimal] = ()
) -> str:
    """The value of a version with the word that qualifies it: "trên 2.100", "khoảng 7", "…"; `beside` as for `number`."""
    language = language or active_language()
    pattern = _QUALIFIED[language].get(version.qualifier, "{}")
    return pattern.format("" if version.value is None else number(version.value, decimals, language, beside))


def value_text(version: Version, unit: str) -> str:
    """The value with all its digits, its qualifier and its unit; "-" or "…" alone."""
    text = qualified(version, None)
    return text if version.value is None else with_unit(text, unit)


def bound_text(target: Target, language: str | None = None) -> str:
    """The bound in signs: "7 – 7,5", "< 3", "≈ 48"; empty for one judged by its parts."""
    language = language or active_language()
    low, high = (None if edge is None else format_number(edge, language) for edge in (target.low, target.high))
    pattern = "≈ {low}" if target.bound == Bound.ABOUT and low == high else _BOUND[Bound(target.bound)]
    return pattern.format(low=low, high=high)


def bound_in_words(target: Target, unit: str, language: str) -> str:
    """The bound with its unit as it is read aloud: "từ 7 đến 7,5%", "từ 8% trở lên", "không quá 100 người"."""
    low, high = (None if limit is None else format_number(limit, language) for limit in (target.low, target.high))
    bound, with_low, with_high = Bound(target.bound), with_unit(low or "", unit), with_unit(high or "", unit)
    if bound == Bound.ABOUT and low == high:
        return f"khoảng {with_low}" if language == "vi" else f"about {with_low}"
    vi, en = {
        Bound.AT_LEAST: (f"từ {with_low} trở lên", f"at least {with_low}"),
        Bound.MORE_THAN: (f"trên {with_low}", f"over {with_low}"),
        Bound.AT_MOST: (f"không quá {with_high}", f"at most {with_high}"),
        Bound.LESS_THAN: (f"dưới {with_high}", f"below {with_high}"),
        Bound.BETWEEN: (f"từ {low} đến {with_high}", f"{low} to {with_high}"),
        Bound.ABOUT: (f"khoảng {low} đến {with_high}", f"about {low} to {with_high}"),
        Bound.PARTS: ("", ""),
    }[bound]
    return vi if language == "vi" else en


def bound_limits_in_words(target: Target, language: str) -> str:
    """The numbers of a bound spelled out: "bảy; bảy phẩy năm"; empty for one judged by its parts."""
    limits = dict.fromkeys(limit for limit in (target.low, target.high) if limit is not None)
    return "; ".join(in_words(limit, language) for limit in limits)


def as_written(target: Target, language: str | None = None) -> str:
    """The target as the document puts it; in English, or where no words are kept, its bound with the unit."""
    language = language or active_language()
    if language == "vi" and target.as_written_vi:
        return target.as_written_vi
    if target.bound == Bound.PARTS:
        return {"vi": "xét theo từng thành phần", "en": "judged by its parts"}[language]
    return with_unit(bound_text(target, language), unit_in(target.indicator, language))


def unit_in(indicator: Indicator, language: str) -> str:
    """The unit in one language, the Vietnamese one where English is missing."""
    return indicator.unit_en or indicator.unit_vi if language == "en" else indicator.unit_vi


def period_text(period: Period, indicator: Indicator | None = None, language: str | None = None) -> str:
    """ "năm 2020", "9 tháng 2019"; for a level inside a year "cuối tháng 9/2019"."""
    vietnamese = (language or active_language()) == "vi"
    year, month = period.year, period.through_month
    if month == FULL_YEAR:
        return f"năm {year}" if vietnamese else str(year)
    if indicator is not None and indicator.kind in ("level", "rank"):
        return f"cuối tháng {month}/{year}" if vietnamese else f"end of {_MONTHS_EN[month - 1]} {year}"
    if vietnamese:
        return f"{month} tháng {'đầu ' if month <= 6 else ''}năm {year}" if month > 1 else f"tháng 1 năm {year}"
    return f"Jan {year}" if month == 1 else f"Jan{EN_DASH}{_MONTHS_EN[month - 1]} {year}"


def short_period(period: Period, language: str | None = None) -> str:
    """A period for a table cell or an axis: "2020", "9T/2019", "Jan–Sep 2019"."""
    if period.is_full_year:
        return str(period.year)
    if (language or active_language()) == "vi":
        return f"{period.through_month} tháng {period.year}" if period.through_month > 1 else f"tháng 1/{period.year}"
    return period_text(period, None, "en")


def years_text(first_year: int, last_year: int) -> str:
    """ "2021–2025", or one year."""
    return span_code(first_year, last_year).replace("-", EN_DASH)


def years_list(years: list[int], language: str | None = None) -> str:
    """Years as people list them: "2021–2023 và 2025"."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][1] + 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    texts = [years_text(first, last) for first, last in runs]
    last_word = " và " if (language or active_language()) == "vi" else " and "
    return last_word.join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def basis_text(target: Target, language: str | None = None) -> str:
    """What the target speaks about: "bình quân 2021–2025", "cả giai đoạn 2026–2030", "năm 2025"."""
    vietnamese = (language or active_language()) == "vi"
    years = years_text(target.first_year, target.last_year)
    if target.basis == Basis.AVERAGE:
        return f"bình quân {years}" if vietnamese else f"average of {years}"
    if target.basis == Basis.TOTAL:
        return f"cả giai đoạn {years}" if vietnamese else f"total of {years}"
    return f"năm {target.last_year}" if vietnamese else str(target.last_year)


def day(value: date | None) -> str:
    """27/09/2020 in both languages; the offices write the day first."""
    return NO_VALUE if value is None else value.strftime("%d/%m/%Y")


def figure_status(code: str) -> str:
    """The word for how firm a figure is."""
    return str(FigureStatus(code).label)

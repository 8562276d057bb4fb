"""PRESENT: the sentences on why there is no verdict."""

from ..assessment import STALE_MONTHS, TOO_EARLY, Reason, Status
from ..text.numbers import format_number
from .formatting import with_unit
from .sentence_builder import Teller, capital


def refusal(t: Teller) -> str:
    """Why there is no verdict, with what is known."""
    if t.verdict.status == Status.NO_DATA:
        return _no_data(t)
    vi, en = _why_not(t)
    return t.say(f"chưa đánh giá được: {vi}.", f"cannot be judged: {en}.")


def _no_data(t: Teller) -> str:
    if t.verdict.reason == Reason.NO_FIGURE_FOR_TARGET_YEAR:
        text = t.say(
            f"chưa có số liệu cả năm {t.target.last_year}",
            f"there is no full-year figure for {t.target.last_year}",
        )
    else:
        text = t.say(f"chưa có số liệu nào trong {_period_word(t)}", f"there is no figure yet for {t.years}")
    return f"{text}{_latest(t)}."


def _period_word(t: Teller) -> str:
    one_year = t.target.first_year == t.target.last_year
    return f"{'năm' if one_year else 'kỳ'} {t.years}"


def _latest(t: Teller) -> str:
    latest = t.row.latest
    if latest is None:
        return ""
    value = with_unit(t.as_published(latest), t.unit)
    return t.say(f"; số gần nhất là {value} ({t.period(latest)})", f"; the latest is {value} ({t.period(latest)})")


def _why_not(t: Teller) -> tuple[str, str]:
    tell = {
        Reason.NO_DIRECTION: _no_direction,
        Reason.SERIES_BREAK: _series_break,
        Reason.NON_POSITIVE_VALUES: _non_positive_values,
        Reason.MISSING_YEARS: _missing_years,
        Reason.STALE: _stale,
        Reason.NO_BASELINE: _no_baseline,
        Reason.TOO_EARLY: _too_early,
        Reason.NON_POSITIVE_TARGET: _non_positive_target,
        Reason.PARTS_UNJUDGED: _parts_unjudged,
    }
    return tell[t.verdict.reason](t)


def _no_direction(t: Teller) -> tuple[str, str]:
    return (
        "chỉ tiêu này cao hay thấp đều không nói lên tốt hay xấu, chỉ theo dõi",
        "for this indicator neither higher nor lower is better; it is only followed",
    )


def _series_break(t: Teller) -> tuple[str, str]:
    return (
        f"trong kỳ {t.years} cách tính hoặc phạm vi đã thay đổi, số trước và sau không so sánh được",
        f"within {t.years} the way of counting changed, and figures before and after cannot be compared",
    )


def _non_positive_values(t: Teller) -> tuple[str, str]:
    return (
        f"có số bằng 0 hoặc âm ({t.known_values()}) nên không tính được tốc độ tăng",
        f"a value is zero or negative ({t.known_values()}), so no growth can be worked out",
    )


def _missing_years(t: Teller) -> tuple[str, str]:
    known = t.span(t.evidence.known_months)
    total = t.span(12 * (t.target.last_year - t.target.first_year + 1))
    return (
        f"kỳ {t.years} đã qua mà mới biết {known} trên {total} ({t.known_values()})",
        f"{t.years} is over and only {known} of {total} are known ({t.known_values()})",
    )


def _stale(t: Teller) -> tuple[str, str]:
    return (
        f"số gần nhất đã cũ hơn {STALE_MONTHS} tháng ({t.known_values()})",
        f"the latest figure is more than {STALE_MONTHS} months old ({t.known_values()})",
    )


def _no_baseline(t: Teller) -> tuple[str, str]:
    year = t.baseline_year
    need = f". {capital(t.needed_change())}" if t.verdict.needed_pace is not None else ""
    return (
        f"chưa có số năm gốc {year}; {t.now()}{need}",
        f"there is no figure for the base year {year}; {t.now()}{need}",
    )


def _too_early(t: Teller) -> tuple[str, str]:
    if not t.evidence.used:
        return (
            f"chưa có số cả năm nào trong kỳ {t.years}{_latest(t)}",
            f"no full year of {t.years} is known yet{_latest(t)}",
        )
    share = format_number(TOO_EARLY * 100, t.language, 0)
    return (
        f"kỳ {t.years} mới bắt đầu, số đã có chưa tới {share}% thời gian ({t.known_values()})",
        f"{t.years} has only begun, less than {share}% of it is known ({t.known_values()})",
    )


def _non_positive_target(t: Teller) -> tuple[str, str]:
    return (
        f"mục tiêu {t.goal()} không phải số dương nên không so được tiến độ ({t.known_values()})",
        f"the target of {t.goal()} is not above zero, so no pace can be compared ({t.known_values()})",
    )


def _parts_unjudged(t: Teller) -> tuple[str, str]:
    open_parts = [
        t.name(part)
        for part, row in zip(t.row.part_indicators, t.row.parts, strict=True)
        if row is None or row.verdict.status.is_refusal
    ]
    if not t.row.parts:
        return "chỉ tiêu xét theo thành phần nhưng chưa có thành phần nào", "it is judged by its parts and has none"
    count = f"{len(open_parts)}/{len(t.row.parts)}"
    return (
        f"{count} thành phần chưa đánh giá được ({'; '.join(open_parts)})",
        f"{count} parts cannot be judged ({'; '.join(open_parts)})",
    )

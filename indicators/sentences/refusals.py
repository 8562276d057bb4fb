"""The sentences on why there is no verdict."""

from ..assessment import STALE_MONTHS, TOO_EARLY, Reason, Status
from ..text.numbers import format_number
from .formatting import with_unit
from .sentence_builder import SentenceBuilder, capital


def refusal(s: SentenceBuilder) -> str:
    """Why there is no verdict, with what is known."""
    if s.verdict.status == Status.NO_DATA:
        return _no_data(s)
    vi, en = _why_not(s)
    return s.say(f"chưa đánh giá được: {vi}.", f"cannot be judged: {en}.")


def _no_data(s: SentenceBuilder) -> str:
    if s.verdict.reason == Reason.NO_FIGURE_FOR_TARGET_YEAR:
        text = s.say(
            f"chưa có số liệu cả năm {s.target.last_year}",
            f"there is no full-year figure for {s.target.last_year}",
        )
    elif s.details.is_ahead:
        text = s.say(f"{s.term} chưa bắt đầu", f"{s.years} has not begun")
    else:  # Reason.NO_FIGURE, the only other reason of "no data"
        text = s.say(f"chưa có số liệu nào trong {s.term}", f"there is no figure yet for {s.years}")
    return f"{text}{_latest(s)}."


def _latest(s: SentenceBuilder) -> str:
    latest = s.row.latest
    if latest is None:
        return ""
    value = with_unit(s.as_published(latest), s.unit)
    return s.say(f"; số gần nhất là {value} ({s.period(latest)})", f"; the latest is {value} ({s.period(latest)})")


def _why_not(s: SentenceBuilder) -> tuple[str, str]:
    text_of = {
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
    return text_of[s.verdict.reason](s)


def _no_direction(s: SentenceBuilder) -> tuple[str, str]:
    return (
        "chỉ tiêu này cao hay thấp đều không nói lên tốt hay xấu, chỉ theo dõi",
        "for this indicator neither higher nor lower is better; it is only followed",
    )


def _series_break(s: SentenceBuilder) -> tuple[str, str]:
    return (
        f"trong {s.term} cách tính hoặc phạm vi đã thay đổi, số trước và sau không so sánh được",
        f"within {s.years} the way of counting changed, and figures before and after cannot be compared",
    )


def _non_positive_values(s: SentenceBuilder) -> tuple[str, str]:
    if s.indicator.kind == "rate":
        culprits = [version for version in s.details.used if version.value is not None and version.value <= -100]
        return (
            f"có mức giảm từ 100% trở lên ({s.values_of(culprits)}) nên không tính được tốc độ tăng bình quân",
            f"a fall of 100% or more ({s.values_of(culprits)}) leaves no average growth",
        )
    versions = [*s.details.used, *([s.details.baseline] if s.details.baseline else [])]
    culprits = [version for version in versions if version.value is not None and version.value <= 0]
    if not culprits:
        return (
            f"mục tiêu {s.goal()} không phải số dương nên không tính được tốc độ tăng",
            f"the target of {s.goal()} is not above zero, so no growth can be worked out",
        )
    return (
        f"có số bằng 0 hoặc âm ({s.values_of(culprits)}) nên không tính được tốc độ tăng",
        f"a value is 0 or negative ({s.values_of(culprits)}), so no growth can be worked out",
    )


def _missing_years(s: SentenceBuilder) -> tuple[str, str]:
    known = s.span(s.details.known_months)
    total = s.span(12 * (s.target.last_year - s.target.first_year + 1))
    return (
        f"{s.term} đã qua mà mới biết {known} trên {total} ({s.known_values()})",
        f"{s.years} is over with only {known} of {total} known ({s.known_values()})",
    )


def _stale(s: SentenceBuilder) -> tuple[str, str]:
    return (
        f"số gần nhất đã cũ hơn {STALE_MONTHS} tháng ({s.known_values()})",
        f"the latest figure is more than {STALE_MONTHS} months old ({s.known_values()})",
    )


def _no_baseline(s: SentenceBuilder) -> tuple[str, str]:
    year = s.baseline_year
    # Once the period is over nothing can be asked of it any more.
    asks = s.verdict.needed_pace is not None and not s.details.awaiting
    need = f". {capital(s.needed_change())}" if asks else ""
    return (
        f"chưa có số năm gốc {year}; {s.now()}{need}",
        f"there is no figure for the base year {year}; {s.now()}{need}",
    )


def _too_early(s: SentenceBuilder) -> tuple[str, str]:
    if not s.details.used:
        return (
            f"chưa có số cả năm nào trong {s.term}{_latest(s)}",
            f"no full year of {s.years} is known yet{_latest(s)}",
        )
    share = format_number(TOO_EARLY * 100, s.language, 0)
    return (
        f"số đã có chưa tới {share}% thời gian của {s.term} ({s.known_values()})",
        f"less than {share}% of the time of {s.term} is known ({s.known_values()})",
    )


def _non_positive_target(s: SentenceBuilder) -> tuple[str, str]:
    return (
        f"mục tiêu {s.goal()} không phải số dương nên không so được tiến độ ({s.known_values()})",
        f"the target of {s.goal()} is not above zero, so no pace can be compared ({s.known_values()})",
    )


def _parts_unjudged(s: SentenceBuilder) -> tuple[str, str]:
    if not s.row.parts:
        return "chỉ tiêu xét theo thành phần nhưng chưa có thành phần nào", "it is judged by its parts and has none"
    unjudged, without_figures = [], []
    for part, row in zip(s.row.part_indicators, s.row.parts, strict=True):
        if row is not None and row.verdict.status == Status.NO_DATA:
            without_figures.append(s.name(part))
        elif row is None or row.verdict.status.is_refusal:
            unjudged.append(s.name(part))
    total = len(s.row.parts)
    groups = [
        (without_figures, "chưa có số liệu", "have no figures yet"),
        (unjudged, "chưa đánh giá được", "cannot be judged"),
    ]
    texts = [
        (
            f"{len(names)}/{total} thành phần {vi} ({'; '.join(names)})",
            f"{len(names)}/{total} parts {en} ({'; '.join(names)})",
        )
        for names, vi, en in groups
        if names
    ]
    return "; ".join(vi for vi, _en in texts), "; ".join(en for _vi, en in texts)

"""The sentences on final verdicts, and those by parts."""

from decimal import Decimal

from ..assessment import AggregateFact, Status
from ..assessment.bounds import Bounds
from ..models.targets import Basis, Bound
from ..queries.progress import target_fact
from ..text.numbers import format_number
from .formatting import day, decimals_beside, with_unit
from .gaps import missed_by
from .sentence_builder import SentenceBuilder

_ACTION = {
    Status.EXCEEDED: ("vượt", "which exceeds"),
    Status.ACHIEVED: ("đạt", "which meets"),
    Status.MISSED: ("không đạt", "which misses"),
}


def final(s: SentenceBuilder) -> str:
    """How the period ended: the measured value, the target, and by how much a missed one was missed."""
    vi, en = _ACTION[s.verdict.status]
    if s.verdict.status == Status.EXCEEDED and s.indicator.better == "lower":
        vi, en = "tốt hơn", "which beats"  # to exceed a ceiling would read as breaking it
    result = s.say(f"{vi} mục tiêu {s.goal()}", f"{en} the target of {s.goal()}")
    nearly = s.say(", nhưng xấp xỉ đạt", ", though nearly achieved") if s.verdict.nearly else ""
    verdict = f"{_subject(s)} {s.measured_with_note()}, {result}{_gap(s)}{nearly}{_early(s)}."
    return verdict if s.brief else f"{verdict}{_own_value(s)}{_gave_way(s)}"


def _subject(s: SentenceBuilder) -> str:
    used = s.details.used
    if s.target.basis == Basis.VALUE:
        verb = s.say("xếp" if s.indicator.kind == "rank" else "là", "it was")
        return f"{s.at(used[-1])} {verb}"
    measure = s.measure_of(s.years if not s.months_left else s.known_years())
    if isinstance(used[0], AggregateFact) and len(used) == 1:
        return s.say(f"{measure} theo nguồn công bố là", f"{measure} as published was")
    return s.say(f"{measure} là", f"{measure} was")


def _gap(s: SentenceBuilder) -> str:
    """By how much a target was missed."""
    value, limit = s.verdict.measured_value, s.details.limit
    if s.verdict.status != Status.MISSED or value is None or limit is None:
        return ""
    if s.target.bound != Bound.ABOUT or s.indicator.kind == "rank":
        return f" ({missed_by(s, value - limit)})" if value != limit else ""
    # 5 % are allowed for "about": who reads the printed number counts from there, the verdict from the moved one.
    printed = s.target.low if value < limit else s.target.high
    assert printed is not None
    number = with_unit(format_number(printed, s.language), s.unit)
    of = "of " if value < limit else ""
    far = f"{missed_by(s, value - printed)} {s.say('so với mức ', of)}{number}"
    if value == limit:  # the qualifier misses: "trên 31,5" against 31,5
        return s.say(f" ({far}; mức kể cả dung sai 5% là {s.limit()})", f" ({far}; allowing for 5% it is {s.limit()})")
    near = s.distance_number(value - limit)
    return s.say(
        f" ({far}; {near} so với {s.limit()} là mức kể cả dung sai 5%)",
        f" ({far}; {near} {of}{s.limit()}, which allows for 5%)",
    )


def _early(s: SentenceBuilder) -> str:
    """That part of the period was enough (§4); the words hold after its end too."""
    if s.indicator.kind != "flow" or s.months_left <= 0:
        return ""
    span = s.span(s.details.known_months)
    return s.say(f" khi mới tính {span}", f" with only {span} counted")


def _own_value(s: SentenceBuilder) -> str:
    """Our own mean or total beside a published one, where they differ by more than the published one was rounded."""
    own, published = s.details.own_value, s.details.used[0].value
    if own is None or published is None or abs(own - published) <= _half_a_unit(published):
        return ""
    decimals = decimals_beside(own, max(2, s.indicator.decimals), s.limits | {published})
    shown = with_unit(format_number(own, s.language, decimals), s.unit)
    mean = s.target.basis == Basis.AVERAGE
    text = s.say(
        f" {'Trung bình' if mean else 'Tổng'} các số năm đã công bố là {shown}, khác số này",
        f" The {'mean' if mean else 'sum'} of the published yearly figures is {shown}, which differs",
    )
    status = Bounds.of(target_fact(s.target)).final_status(own, "exact")
    if not s.verdict.status.is_final or status == s.verdict.status:
        return f"{text}."
    label = s.label(status)
    return text + s.say(f" và cho kết quả khác: {label}.", f" and gives another result: {label}.")


def _gave_way(s: SentenceBuilder) -> str:
    """The published average or total that our own took the place of (§4), and what it would have given."""
    published, status = s.details.gave_way, s.details.gave_way_status
    if published is None or status is None:
        return ""
    number = with_unit(s.as_published(published), s.unit)
    day_of = day(published.published_on)
    why_vi, why_en = "số liệu từng năm chắc chắn hơn", "the yearly figures are firmer"
    if s.details.is_overtaken:
        newer = s.values_of(used for used in s.details.used if used.published_on > published.published_on)
        why_vi, why_en = f"sau đó có số liệu mới hơn ({newer})", f"newer figures came out after it ({newer})"
    label = s.label(status)
    return s.say(
        f" Số đã công bố ngày {day_of} là {number}, nay không dùng vì {why_vi}; theo số đó thì {label}.",
        f" The number published on {day_of}, {number}, is no longer used because {why_en}; by that number: {label}.",
    )


def by_parts(s: SentenceBuilder) -> str:
    """Which parts decided."""
    rows = [row for row in s.row.parts if row]
    worst = [row for row in rows if row.verdict.status == s.verdict.status]
    label = s.label(s.verdict.status)
    if len(worst) == len(s.row.parts):
        return s.say(f"Cả {len(worst)} thành phần: {label}.", f"All {len(worst)} parts: {label}.")
    names = "; ".join(s.name(row.target.indicator) for row in worst)
    count = f"{len(worst)}/{len(s.row.parts)}"
    return s.say(f"{count} thành phần {label}: {names}.", f"{count} parts {label}: {names}.")


def _half_a_unit(published: Decimal) -> Decimal:
    """Half of the last digit that a published number carries: what rounding can explain."""
    exponent = published.normalize().as_tuple().exponent
    return Decimal(5).scaleb(min(int(exponent), 0) - 1)

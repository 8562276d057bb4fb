"""The sentences on final verdicts, and those by parts."""

from decimal import Decimal

from ..assessment import Aggregate, Status
from ..models.targets import Basis, Bound
from ..text.numbers import format_number
from .formatting import with_unit
from .gaps import missed_by
from .sentence_builder import SentenceBuilder

_ACTION = {
    Status.EXCEEDED: ("vượt", "exceeds"),
    Status.ACHIEVED: ("đạt", "meets"),
    Status.MISSED: ("không đạt", "misses"),
}


def final(s: SentenceBuilder) -> str:
    """How the period ended: the measured value, the target, and by how much a missed one was missed."""
    vi, en = _action(s, s.verdict.status)
    result = s.say(f"{vi} mục tiêu {s.goal()}", f"which {en} the target of {s.goal()}")
    return f"{_subject(s)} {s.measured()}, {result}{_gap(s)}{_early(s)}.{_own_value(s)}{_gave_way(s)}"


def _action(s: SentenceBuilder, status: Status) -> tuple[str, str]:
    if status == Status.EXCEEDED and s.indicator.better == "lower":
        return "tốt hơn", "beats"  # to exceed a ceiling would read as breaking it
    return _ACTION[status]


def _subject(s: SentenceBuilder) -> str:
    used = s.evidence.used
    if s.target.basis == Basis.VALUE:
        verb = s.say("xếp" if s.indicator.kind == "rank" else "là", "it was")
        return f"{s.at(used[-1])} {verb}"
    measure = s.measure_of(s.years if not s.months_left else s.known_years())
    if isinstance(used[0], Aggregate) and len(used) == 1:
        return s.say(f"{measure} theo nguồn công bố là", f"{measure} as published was")
    return s.say(f"{measure} là", f"{measure} was")


def _gap(s: SentenceBuilder) -> str:
    """By how much a target was missed."""
    value, limit = s.verdict.measured_value, s.evidence.limit
    if s.verdict.status != Status.MISSED or value is None or limit is None or value == limit:
        return ""
    from_where = ("", "")
    if (
        s.target.bound == Bound.ABOUT and s.indicator.kind != "rank"
    ):  # 5 % are allowed for: the gap is counted from there
        of = "of " if value < limit else ""
        from_where = (f" so với mức {s.limit()}", f" {of}{s.limit()}")
    return f" ({missed_by(s, value - limit)}{s.say(*from_where)})"


def _early(s: SentenceBuilder) -> str:
    """That part of the period was enough (§4); the words hold after its end too."""
    if s.indicator.kind != "flow" or s.months_left <= 0:
        return ""
    return s.say(" khi mới tính một phần của kỳ", " with only part of the period counted")


def _own_value(s: SentenceBuilder) -> str:
    """Our own mean or total beside a published one, where they differ by more than the published one was rounded."""
    own, published = s.evidence.own_value, s.evidence.used[0].value
    if own is None or published is None or abs(own - published) <= _half_a_unit(published):
        return ""
    shown = with_unit(format_number(own, s.language, max(2, s.indicator.decimals)), s.unit)
    if s.target.basis == Basis.AVERAGE:
        return s.say(
            f" Trung bình các số năm đã công bố là {shown}, khác số này.",
            f" The mean of the published yearly figures is {shown}, which differs.",
        )
    return s.say(
        f" Tổng các số năm đã công bố là {shown}, khác số này.",
        f" The sum of the published yearly figures is {shown}, which differs.",
    )


def _gave_way(s: SentenceBuilder) -> str:
    """The published average or total that the yearly figures were taken instead of, why, and what it would give (§4)."""
    published, status = s.evidence.gave_way, s.evidence.gave_way_status
    if published is None or status is None:
        return ""
    shown, (vi, en) = with_unit(s.as_published(published), s.unit), _action(s, status)
    if s.evidence.is_overtaken:
        why = ("có trước số năm công bố sau này", "made before a later yearly figure")
    else:
        why = ("kém chắc chắn hơn số các năm", "less firm than the yearly figures")
    return s.say(
        f" Số nguồn công bố là {shown}, {why[0]}; theo số đó thì {vi} mục tiêu.",
        f" The published one, {shown}, was {why[1]}; by itself it {en} the target.",
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

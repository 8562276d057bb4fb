"""PRESENT: the sentences on final verdicts, and those by parts."""

from decimal import Decimal

from ..assessment import Aggregate, Status
from ..models.targets import Basis, Bound
from ..text.numbers import format_number
from .formatting import with_unit
from .gaps import missed_by
from .sentence_builder import Teller

_ACTION = {
    Status.EXCEEDED: ("vượt", "which exceeds"),
    Status.ACHIEVED: ("đạt", "which meets"),
    Status.MISSED: ("không đạt", "which misses"),
}


def final(t: Teller) -> str:
    """How the period ended: the measured value, the target, and by how much a missed one was missed."""
    vi, en = _ACTION[t.verdict.status]
    if t.verdict.status == Status.EXCEEDED and t.indicator.better == "lower":
        vi, en = "tốt hơn", "which beats"  # to exceed a ceiling would read as breaking it
    result = t.say(f"{vi} mục tiêu {t.goal()}", f"{en} the target of {t.goal()}")
    return f"{_subject(t)} {t.measured()}, {result}{_gap(t)}{_early(t)}.{_own_value(t)}"


def _subject(t: Teller) -> str:
    used = t.evidence.used
    if t.target.basis == Basis.VALUE:
        verb = t.say("xếp" if t.indicator.kind == "rank" else "là", "it was")
        return f"{t.at(used[-1])} {verb}"
    measure = t.measure_of(t.years if not t.months_left else t.known_years())
    if isinstance(used[0], Aggregate) and len(used) == 1:
        return t.say(f"{measure} theo nguồn công bố là", f"{measure} as published was")
    return t.say(f"{measure} là", f"{measure} was")


def _gap(t: Teller) -> str:
    """By how much a target was missed."""
    value, limit = t.verdict.measured_value, t.evidence.limit
    if t.verdict.status != Status.MISSED or value is None or limit is None or value == limit:
        return ""
    from_where = ("", "")
    if (
        t.target.bound == Bound.ABOUT and t.indicator.kind != "rank"
    ):  # 5 % are allowed for: the gap is counted from there
        of = "of " if value < limit else ""
        from_where = (f" so với mức {t.limit()}", f" {of}{t.limit()}")
    return f" ({missed_by(t, value - limit)}{t.say(*from_where)})"


def _early(t: Teller) -> str:
    """That part of the period was enough (§4); the words hold after its end too."""
    if t.indicator.kind != "flow" or t.months_left <= 0:
        return ""
    return t.say(" khi mới tính một phần của kỳ", " with only part of the period counted")


def _own_value(t: Teller) -> str:
    """Our own mean or total beside a published one, where they differ by more than the published one was rounded."""
    own, published = t.evidence.own_value, t.evidence.used[0].value
    if own is None or published is None or abs(own - published) <= _half_a_unit(published):
        return ""
    shown = with_unit(format_number(own, t.language, max(2, t.indicator.decimals)), t.unit)
    if t.target.basis == Basis.AVERAGE:
        return t.say(
            f" Trung bình các số năm đã công bố là {shown}, khác số này.",
            f" The mean of the published yearly figures is {shown}, which differs.",
        )
    return t.say(
        f" Tổng các số năm đã công bố là {shown}, khác số này.",
        f" The sum of the published yearly figures is {shown}, which differs.",
    )


def by_parts(t: Teller) -> str:
    """Which parts decided."""
    rows = [row for row in t.row.parts if row]
    worst = [row for row in rows if row.verdict.status == t.verdict.status]
    label = t.label(t.verdict.status)
    if len(worst) == len(t.row.parts):
        return t.say(f"Cả {len(worst)} thành phần: {label}.", f"All {len(worst)} parts: {label}.")
    names = "; ".join(t.name(row.target.indicator) for row in worst)
    count = f"{len(worst)}/{len(t.row.parts)}"
    return t.say(f"{count} thành phần {label}: {names}.", f"{count} parts {label}: {names}.")


def _half_a_unit(published: Decimal) -> Decimal:
    """Half of the last digit that a published number carries: what rounding can explain."""
    exponent = published.normalize().as_tuple().exponent
    return Decimal(5).scaleb(min(int(exponent), 0) - 1)

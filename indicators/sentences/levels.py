"""PRESENT: the sentences on levels and ranks on the way."""

from decimal import Decimal

from ..assessment import Reason, Status
from .sentence_builder import Teller


def level(t: Teller) -> str:
    """Where a level stands, and what would still reach the target."""
    by_reason = {
        Reason.REVERSING: _reversing,
        Reason.MET_AT_BASELINE: _lost,
        Reason.OVERSHOOTING: _overshooting,
    }
    if tell := by_reason.get(t.verdict.reason):
        return tell(t)
    if t.verdict.needed_pace is not None:
        return _level_pace(t)
    return _met(t) if t.verdict.status == Status.ON_TRACK else _at_the_limit(t)


def _met(t: Teller) -> str:
    if t.verdict.forecast is None:
        return t.say(f"{t.now()}, đang đạt mục tiêu {t.goal()}.", f"{t.now()}, which meets {t.goal()}.")
    return t.say(
        f"{t.now()}, đang đạt mục tiêu {t.goal()}; giữ đà này sẽ là {t.forecast()}.",
        f"{t.now()}, which meets {t.goal()}; at this rate it would be {t.forecast()}.",
    )


def _reversing(t: Teller) -> str:
    return t.say(
        f"{t.now()}, đang đạt mục tiêu {t.goal()}, nhưng theo đà gần đây sẽ là {t.forecast()}, không còn đạt.",
        f"{t.now()}, which meets {t.goal()}, but the last change leads to {t.forecast()}, which does not.",
    )


def _lost(t: Teller) -> str:
    return t.say(
        f"{t.now()}, không còn đạt mục tiêu {t.goal()} như {t.baseline()}.",
        f"{t.now()} and no longer meets {t.goal()}, as {t.baseline()} did.",
    )


def _at_the_limit(t: Teller) -> str:
    return t.say(
        f"{t.now()}; {t.baseline()} đúng bằng ngưỡng của mục tiêu {t.goal()} nên chưa tính được tốc độ.",
        f"{t.now()}; {t.baseline()} lay exactly at the edge of {t.goal()}, so no pace can be worked out.",
    )


def _overshooting(t: Teller) -> str:
    return t.say(
        f"{t.now()}; theo đà từ {t.baseline()} sẽ là {t.forecast()}, vượt ra ngoài khoảng {t.goal()}.",
        f"{t.now()}; the pace since {t.baseline()} leads to {t.forecast()}, past the range of {t.goal()}.",
    )


def _level_pace(t: Teller) -> str:
    need = t.needed_change()
    if t.verdict.status == Status.MOVING_AWAY:
        return t.say(
            f"{t.now()}, xa mục tiêu hơn {t.baseline()}; {need}.",
            f"{t.now()}, further from the target than {t.baseline()}; {need}.",
        )
    faster = ""
    if t.verdict.acceleration is not None:
        times, year = t.times(t.verdict.acceleration), t.baseline_year
        faster = t.say(
            f" (bằng {times} lần tốc độ từ năm gốc {year} đến nay)", f" ({times} times the pace since {year})"
        )
    return t.say(
        f"{t.now()}; {need}{faster}. Giữ tốc độ cũ sẽ là {t.forecast()}.",
        f"{t.now()}; {need}{faster}. At the old pace it would be {t.forecast()}.",
    )


def rank(t: Teller) -> str:
    """Where a rank stands against its base year."""
    place = t.say(
        f"{t.at(t.evidence.used[0])} xếp hạng {t.number(t.evidence.used[0].value or Decimal(0))}",
        f"{t.at(t.evidence.used[0])} it ranked {t.number(t.evidence.used[0].value or Decimal(0))}",
    )
    if t.verdict.status == Status.ON_TRACK:
        return t.say(f"{place}, trong mục tiêu {t.goal()}.", f"{place}, within the target of {t.goal()}.")
    words = {
        Status.AT_RISK: ("tốt hơn", "better than"),
        Status.OFF_TRACK: ("bằng", "the same as"),
        Status.MOVING_AWAY: ("kém hơn", "worse than"),
    }
    return t.say(
        f"{place}, {words[t.verdict.status][0]} {t.baseline()}, chưa tới mục tiêu {t.goal()}.",
        f"{place}, {words[t.verdict.status][1]} {t.baseline()}, not yet at the target of {t.goal()}.",
    )

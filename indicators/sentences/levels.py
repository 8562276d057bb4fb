"""The sentences on levels and ranks on the way."""

from decimal import Decimal

from ..assessment import Reason, Status
from .sentence_builder import SentenceBuilder


def level(s: SentenceBuilder) -> str:
    """Where a level stands, and what would still reach the target."""
    by_reason = {
        Reason.REVERSING: _reversing,
        Reason.MET_AT_BASELINE: _lost,
        Reason.OVERSHOOTING: _overshooting,
    }
    if text_of := by_reason.get(s.verdict.reason):
        return text_of(s)
    if s.verdict.needed_pace is not None:
        return _level_pace(s)
    return _met(s) if s.verdict.status == Status.ON_TRACK else _at_the_limit(s)


def _met(s: SentenceBuilder) -> str:
    if s.verdict.forecast is None:
        return s.say(f"{s.now()}, đang đạt mục tiêu {s.goal()}.", f"{s.now()}, which meets {s.goal()}.")
    return s.say(
        f"{s.now()}, đang đạt mục tiêu {s.goal()}; giữ đà này sẽ là {s.forecast()}.",
        f"{s.now()}, which meets {s.goal()}; at this rate it would be {s.forecast()}.",
    )


def _reversing(s: SentenceBuilder) -> str:
    if s.verdict.needed_pace is not None:  # not met yet: fast enough since the base year, and turning back now
        return s.say(
            f"{s.now()}; {s.needed_change()}. Tính từ {s.baseline()} thì đủ nhanh, nhưng lần thay đổi gần nhất"
            " đi ngược hướng mục tiêu.",
            f"{s.now()}; {s.needed_change()}. Since {s.baseline()} it has been fast enough, but the last change"
            " leads away from the target.",
        )
    return s.say(
        f"{s.now()}, đang đạt mục tiêu {s.goal()}, nhưng theo đà gần đây sẽ là {s.forecast()}, không còn đạt.",
        f"{s.now()}, which meets {s.goal()}, but the last change leads to {s.forecast()}, which does not.",
    )


def _lost(s: SentenceBuilder) -> str:
    return s.say(
        f"{s.now()}, không còn đạt mục tiêu {s.goal()} như {s.baseline()}.",
        f"{s.now()} and no longer meets {s.goal()}, as {s.baseline()} did.",
    )


def _at_the_limit(s: SentenceBuilder) -> str:
    return s.say(
        f"{s.now()}; {s.baseline()} đúng bằng ngưỡng của mục tiêu {s.goal()} nên chưa tính được tốc độ.",
        f"{s.now()}; {s.baseline()} lay exactly at the edge of {s.goal()}, so no pace can be worked out.",
    )


def _overshooting(s: SentenceBuilder) -> str:
    if s.verdict.forecast is None:  # from one edge of the range past the other: there is no pace to extend
        return s.say(
            f"{s.now()}, đã vượt ra ngoài khoảng {s.goal()} về phía bên kia so với {s.baseline()}.",
            f"{s.now()}, past the range of {s.goal()} on the other side from {s.baseline()}.",
        )
    return s.say(
        f"{s.now()}; theo đà từ {s.baseline()} sẽ là {s.forecast()}, vượt ra ngoài khoảng {s.goal()}.",
        f"{s.now()}; the pace since {s.baseline()} leads to {s.forecast()}, past the range of {s.goal()}.",
    )


def _level_pace(s: SentenceBuilder) -> str:
    need = s.needed_change()
    if s.verdict.status == Status.MOVING_AWAY:
        return s.say(
            f"{s.now()}, xa mục tiêu hơn {s.baseline()}; {need}.",
            f"{s.now()}, further from the target than {s.baseline()}; {need}.",
        )
    faster = ""
    if s.verdict.acceleration is not None:
        times, year = s.times(s.verdict.acceleration), s.baseline_year
        faster = s.say(
            f" (bằng {times} lần tốc độ từ năm gốc {year} đến nay)", f" ({times} times the pace since {year})"
        )
    return s.say(
        f"{s.now()}; {need}{faster}. Giữ tốc độ cũ sẽ là {s.forecast()}.",
        f"{s.now()}; {need}{faster}. At the old pace it would be {s.forecast()}.",
    )


def rank(s: SentenceBuilder) -> str:
    """Where a rank stands against its base year."""
    place = s.say(
        f"{s.at(s.evidence.used[0])} xếp hạng {s.number(s.evidence.used[0].value or Decimal(0))}",
        f"{s.at(s.evidence.used[0])} it ranked {s.number(s.evidence.used[0].value or Decimal(0))}",
    )
    if s.verdict.status == Status.ON_TRACK:
        return s.say(f"{place}, trong mục tiêu {s.goal()}.", f"{place}, within the target of {s.goal()}.")
    words = {
        Status.AT_RISK: ("tốt hơn", "better than"),
        Status.OFF_TRACK: ("bằng", "the same as"),
        Status.MOVING_AWAY: ("kém hơn", "worse than"),
    }
    return s.say(
        f"{place}, {words[s.verdict.status][0]} {s.baseline()}, chưa tới mục tiêu {s.goal()}.",
        f"{place}, {words[s.verdict.status][1]} {s.baseline()}, not yet at the target of {s.goal()}.",
    )

"""The sentences on levels and ranks on the way."""

from decimal import Decimal

from ..assessment import Reason, Status
from .differences import is_amount
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
    if s.verdict.needed_pace is not None:
        return s.say(
            f"{s.now()}; tính chung từ {s.baseline()} thì đủ nhanh (giữ đà đó sẽ là {s.forecast()}),"
            f" nhưng lần thay đổi gần nhất đi ngược mục tiêu {s.goal()}; {s.needed_change()}.",
            f"{s.now()}; on the whole since {s.baseline()} it is fast enough ({s.forecast()} at that pace),"
            f" but the latest change leads away from {s.goal()}; {s.needed_change()}.",
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
    """From a baseline at the very edge of the bound, where no pace can be worked out."""
    if s.verdict.status == Status.OFF_TRACK:
        return s.say(
            f"{s.now()}, bằng {s.baseline()}; {s.at_the_edge()}.",
            f"{s.now()}, as in {s.baseline()}; {s.at_the_edge()}.",
        )
    return s.say(
        f"{s.now()}; {s.baseline()} đúng bằng ngưỡng của mục tiêu {s.goal()} nên chưa tính được tốc độ.",
        f"{s.now()}; {s.baseline()} lay exactly at the edge of {s.goal()}, so no pace can be worked out.",
    )


def _overshooting(s: SentenceBuilder) -> str:
    if s.verdict.forecast is None:
        return s.say(
            f"{s.now()}; từ {s.baseline()} ở một đầu đã vượt qua đầu kia của khoảng {s.goal()}.",
            f"{s.now()}; from {s.baseline()} at one end it has passed the other end of {s.goal()}.",
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
    if s.brief:
        return f"{s.now()}; {need}."
    faster = ""
    if s.verdict.acceleration is not None:
        faster = f" ({_against_pace_so_far(s, s.verdict.acceleration)})"
    return s.say(
        f"{s.now()}; {need}{faster}. Giữ tốc độ cũ sẽ là {s.forecast()}.",
        f"{s.now()}; {need}{faster}. At the old pace it would be {s.forecast()}.",
    )


def _against_pace_so_far(s: SentenceBuilder, acceleration: Decimal) -> str:
    """The pace needed against the pace so far: a ratio for amounts, for percentages and growth the pace itself (§10)."""
    year = s.baseline_year
    if is_amount(s.indicator) and s.indicator.path != "compound":
        times = s.times(acceleration)
        return s.say(f"bằng {times} lần tốc độ từ năm gốc {year}", f"{times} times the pace since {year}")
    assert s.verdict.needed_pace is not None
    pace, since = s.pace(s.verdict.needed_pace / acceleration), s.end_of(s.details.used[-1])
    return s.say(f"từ năm gốc {year} đến {since} mỗi năm được {pace}", f"from {year} to {since} it was {pace} a year")


def rank(s: SentenceBuilder) -> str:
    """Where a rank stands against its base year."""
    place = s.say(
        f"{s.at(s.details.used[0])} xếp hạng {s.as_published(s.details.used[0])}",
        f"{s.at(s.details.used[0])} it ranked {s.as_published(s.details.used[0])}",
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

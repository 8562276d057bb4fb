"""What lies between a measured value and its target, in a few words."""

from decimal import Decimal

from ..assessment import Status
from ..models.targets import Basis
from .sentence_builder import SentenceBuilder


def gap(s: SentenceBuilder) -> str:
    """ "thiếu 4,9 tỷ đồng", "còn cách 0,22 điểm %", "cao hơn mức 7% 0,10 điểm %"; nothing where nothing is measured or left."""
    value, limit, status = s.verdict.measured_value, s.details.limit, s.verdict.status
    if value is None or limit is None or status.is_refusal or value == limit:
        return ""
    if status == Status.MISSED:
        return missed_by(s, value - limit)
    if status.is_final:
        side = ("cao hơn mức", "above") if value > limit else ("thấp hơn mức", "below")
        apart = s.difference(value - limit)
        return s.say(f"{side[0]} {s.limit()} là {apart}", f"{apart} {side[1]} {s.limit()}")
    return _left(s, limit - value)


def missed_by(s: SentenceBuilder, beyond: Decimal) -> str:
    """By how much the value lies beyond the limit, on the wrong side of it."""
    apart = s.difference(beyond)
    if s.indicator.kind == "rank":  # "higher" would read as better
        return s.say(f"kém {apart}", f"{apart} worse")
    return s.say(f"thiếu {apart}", f"{apart} short") if beyond < 0 else s.say(f"cao hơn {apart}", f"{apart} above")


def _left(s: SentenceBuilder, rest: Decimal) -> str:
    """What is left on the way; under a ceiling, the room that is left."""
    apart = s.difference(rest)
    if s.indicator.kind in ("level", "rank") and s.target.basis == Basis.VALUE:
        return s.say(f"còn cách {apart}", f"{apart} to go")
    if s.is_ceiling:
        return s.say(f"được thêm tối đa {apart}", f"room for {apart}") if rest > 0 else missed_by(s, -rest)
    return s.say(f"còn thiếu {apart}", f"{apart} to go") if rest > 0 else ""

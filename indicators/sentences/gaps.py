"""PRESENT: what lies between a measured value and its target, in a few words."""

from decimal import Decimal

from ..assessment import Status
from ..models.targets import Basis
from .sentence_builder import Teller


def gap(t: Teller) -> str:
    """ "thiếu 4,9 tỷ đồng", "còn cách 0,22 điểm %", "cao hơn mức 7% 0,10 điểm %"; nothing where nothing is measured or left."""
    value, limit, status = t.verdict.measured_value, t.evidence.limit, t.verdict.status
    if value is None or limit is None or status.is_refusal or value == limit:
        return ""
    if status == Status.MISSED:
        return missed_by(t, value - limit)
    if status.is_final:
        side = ("cao hơn mức", "above") if value > limit else ("thấp hơn mức", "below")
        apart = t.difference(value - limit)
        return t.say(f"{side[0]} {t.limit()} là {apart}", f"{apart} {side[1]} {t.limit()}")
    return _left(t, limit - value)


def missed_by(t: Teller, beyond: Decimal) -> str:
    """By how much the value lies beyond the limit, on the wrong side of it."""
    apart = t.difference(beyond)
    if t.indicator.kind == "rank":  # "higher" would read as better
        return t.say(f"kém {apart}", f"{apart} worse")
    return t.say(f"thiếu {apart}", f"{apart} short") if beyond < 0 else t.say(f"cao hơn {apart}", f"{apart} above")


def _left(t: Teller, rest: Decimal) -> str:
    """What is left on the way; under a ceiling, the room that is left."""
    apart = t.difference(rest)
    if t.indicator.kind in ("level", "rank") and t.target.basis == Basis.VALUE:
        return t.say(f"còn cách {apart}", f"{apart} to go")
    if t.is_ceiling:
        return t.say(f"được thêm tối đa {apart}", f"room for {apart}") if rest > 0 else missed_by(t, -rest)
    return t.say(f"còn thiếu {apart}", f"{apart} to go") if rest > 0 else ""

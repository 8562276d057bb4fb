"""PRESENT: the sentences on flows, rates and averages on the way."""

from ..models.targets import Basis
from .sentence_builder import Teller


def pace(t: Teller) -> str:
    """How far it has come and what the rest of the time must bring."""
    if t.verdict.needed_pace is None:
        return _inside_band(t)
    if t.target.basis == Basis.AVERAGE:
        return _average(t)
    return _rate(t) if t.indicator.kind == "rate" else _flow(t)


def _inside_band(t: Teller) -> str:
    return t.say(
        f"{t.so_far()} là {t.measured()}, tiến độ nằm trong khoảng mục tiêu {t.goal()}.",
        f"{t.so_far()} it was {t.measured()}, at a pace inside the target of {t.goal()}.",
    )


def _flow(t: Teller) -> str:
    assert t.verdict.measured_value is not None
    assert t.evidence.limit is not None
    left, rest = t.span(t.months_left), t.evidence.limit - t.verdict.measured_value
    so_far = f"{t.measured().removesuffix(' ' + t.unit)}/{t.limit()}"
    if t.is_ceiling:
        text = t.say(
            f"{t.so_far()} là {so_far}; {left} còn lại được thêm tối đa {t.number(rest)}",
            f"{t.so_far()} it stood at {so_far}; at most {t.number(rest)} may be added in the {left} left",
        )
    else:
        text = t.say(
            f"{t.so_far()} đạt {so_far}; {left} còn lại cần thêm {t.number(rest)}",
            f"{t.so_far()} it stood at {so_far}; {t.number(rest)} more are needed in the {left} left",
        )
    return text + _how_much_faster(t) + "."


def _average(t: Teller) -> str:
    assert t.verdict.needed_pace is not None
    years = t.measure_of(t.known_years())
    left, needed = t.span(t.months_left), t.amount(t.verdict.needed_pace)
    if t.is_ceiling:
        return t.say(
            f"{years} là {t.measured()}; {left} còn lại phải giữ bình quân không quá {needed} mỗi năm"
            f" để không vượt mức {t.limit()}{_how_much_faster(t)}.",
            f"{years} was {t.measured()}; no more than {needed} a year is left for the {left} to come"
            f" to stay within {t.limit()}{_how_much_faster(t)}.",
        )
    return t.say(
        f"{years} là {t.measured()}; {left} còn lại cần bình quân {needed} mỗi năm để đạt mức {t.limit_to_reach()}"
        f"{_how_much_faster(t)}.",
        f"{years} was {t.measured()}; {needed} a year is needed in the {left} left to reach {t.limit_to_reach()}"
        f"{_how_much_faster(t)}.",
    )


def _rate(t: Teller) -> str:
    assert t.verdict.needed_pace is not None
    left, needed = t.span(t.months_left), t.amount(t.verdict.needed_pace)
    if t.is_ceiling:
        return t.say(
            f"{t.so_far()} là {t.measured()}; {left} còn lại không được quá {needed} để cả năm không vượt"
            f" {t.limit()}{_how_much_faster(t)}.",
            f"{t.so_far()} it was {t.measured()}; the {left} left must not exceed {needed} for the year to stay"
            f" within {t.limit()}{_how_much_faster(t)}.",
        )
    return t.say(
        f"{t.so_far()} là {t.measured()}; {left} còn lại cần {needed} để cả năm đạt {t.limit_to_reach()}"
        f"{_how_much_faster(t)}.",
        f"{t.so_far()} it was {t.measured()}; {needed} is needed in the {left} left for the year to reach"
        f" {t.limit_to_reach()}{_how_much_faster(t)}.",
    )


def _how_much_faster(t: Teller) -> str:
    """The pace needed against the pace so far, and the assumption behind it; in brackets, or nothing."""
    notes = []
    if t.verdict.acceleration is not None and not t.is_ceiling:
        times = t.times(t.verdict.acceleration)
        notes.append(t.say(f"bằng {times} lần tốc độ hiện nay", f"{times} times the present pace"))
    if t.evidence.known_months % 12:
        notes.append(t.say("giả định tiến độ đều trong năm", "assuming an even pace over the year"))
    return f" ({', '.join(notes)})" if notes else ""

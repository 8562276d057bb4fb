"""The sentences on flows, rates and averages on the way."""

from ..models.targets import Basis
from .formatting import with_unit
from .sentence_builder import SentenceBuilder


def pace(s: SentenceBuilder) -> str:
    """How far it has come and what the rest of the time must bring."""
    if s.verdict.needed_pace is None:
        return _inside_band(s)
    if s.target.basis == Basis.AVERAGE:
        return _average(s) + _unprecedented(s)
    return _rate(s) if s.indicator.kind == "rate" else _flow(s) + _unprecedented(s)


def _unprecedented(s: SentenceBuilder) -> str:
    """That no known year gave what each of the years to come must give (§5, 6), with the one that came closest."""
    closest = s.evidence.precedent
    if closest is None or s.verdict.needed_pace is None:
        return ""
    needed, value = s.amount(s.verdict.needed_pace), with_unit(s.as_published(closest), s.unit)
    if s.is_ceiling:
        return s.say(
            f" Chưa năm nào thấp tới mức {needed} một năm; thấp nhất là {value} ({s.period(closest)}).",
            f" No year has been as low as {needed} a year; the lowest was {value} ({s.period(closest)}).",
        )
    return s.say(
        f" Chưa năm nào đạt mức {needed} một năm; cao nhất là {value} ({s.period(closest)}).",
        f" No year has reached {needed} a year; the highest was {value} ({s.period(closest)}).",
    )


def _inside_band(s: SentenceBuilder) -> str:
    return s.say(
        f"{s.so_far()} là {s.measured()}, tiến độ nằm trong khoảng mục tiêu {s.goal()}.",
        f"{s.so_far()} it was {s.measured()}, at a pace inside the target of {s.goal()}.",
    )


def _flow(s: SentenceBuilder) -> str:
    assert s.verdict.measured_value is not None
    assert s.evidence.limit is not None
    left, rest = s.span(s.months_left), s.evidence.limit - s.verdict.measured_value
    so_far = f"{s.measured().removesuffix(' ' + s.unit)}/{s.limit()}"
    if s.is_ceiling:
        text = s.say(
            f"{s.so_far()} là {so_far}; {left} còn lại được thêm tối đa {s.number(rest)}",
            f"{s.so_far()} it stood at {so_far}; at most {s.number(rest)} may be added in the {left} left",
        )
    else:
        text = s.say(
            f"{s.so_far()} đạt {so_far}; {left} còn lại cần thêm {s.number(rest)}",
            f"{s.so_far()} it stood at {so_far}; {s.number(rest)} more are needed in the {left} left",
        )
    return text + _how_much_faster(s) + "."


def _average(s: SentenceBuilder) -> str:
    assert s.verdict.needed_pace is not None
    years = s.measure_of(s.known_years())
    left, needed = s.span(s.months_left), s.amount(s.verdict.needed_pace)
    if s.is_ceiling:
        return s.say(
            f"{years} là {s.measured()}; {left} còn lại phải giữ bình quân không quá {needed} mỗi năm"
            f" để không vượt mức {s.limit()}{_how_much_faster(s)}.",
            f"{years} was {s.measured()}; no more than {needed} a year is left for the {left} to come"
            f" to stay within {s.limit()}{_how_much_faster(s)}.",
        )
    return s.say(
        f"{years} là {s.measured()}; {left} còn lại cần bình quân {needed} mỗi năm để đạt mức {s.limit_to_reach()}"
        f"{_how_much_faster(s)}.",
        f"{years} was {s.measured()}; {needed} a year is needed in the {left} left to reach {s.limit_to_reach()}"
        f"{_how_much_faster(s)}.",
    )


def _rate(s: SentenceBuilder) -> str:
    assert s.verdict.needed_pace is not None
    left, needed = s.span(s.months_left), s.amount(s.verdict.needed_pace)
    if s.is_ceiling:
        return s.say(
            f"{s.so_far()} là {s.measured()}; {left} còn lại không được quá {needed} để cả năm không vượt"
            f" {s.limit()}{_how_much_faster(s)}.",
            f"{s.so_far()} it was {s.measured()}; the {left} left must not exceed {needed} for the year to stay"
            f" within {s.limit()}{_how_much_faster(s)}.",
        )
    return s.say(
        f"{s.so_far()} là {s.measured()}; {left} còn lại cần {needed} để cả năm đạt {s.limit_to_reach()}"
        f"{_how_much_faster(s)}.",
        f"{s.so_far()} it was {s.measured()}; {needed} is needed in the {left} left for the year to reach"
        f" {s.limit_to_reach()}{_how_much_faster(s)}.",
    )


def _how_much_faster(s: SentenceBuilder) -> str:
    """The pace needed against the pace so far, and the assumption behind it; in brackets, or nothing."""
    notes = []
    if s.verdict.acceleration is not None and not s.is_ceiling:
        times = s.times(s.verdict.acceleration)
        notes.append(s.say(f"bằng {times} lần tốc độ hiện nay", f"{times} times the present pace"))
    if s.evidence.known_months % 12:
        notes.append(s.say("giả định tiến độ đều trong năm", "assuming an even pace over the year"))
    return f" ({', '.join(notes)})" if notes else ""

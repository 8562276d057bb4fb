"""The sentences on flows, rates and averages on the way."""

from decimal import Decimal

from ..models.targets import Basis
from .differences import is_amount
from .formatting import with_unit
from .sentence_builder import SentenceBuilder


def pace(s: SentenceBuilder) -> str:
    """How far it has come and what the rest of the time must bring."""
    if s.verdict.needed_pace is None:
        return _inside_band(s)
    if s.target.basis == Basis.AVERAGE:
        return _average(s)
    return _rate(s) if s.indicator.kind == "rate" else _flow(s)


def _inside_band(s: SentenceBuilder) -> str:
    return s.say(
        f"{s.so_far()} là {s.measured()}, tiến độ nằm trong khoảng mục tiêu {s.goal()}.",
        f"{s.so_far()} it was {s.measured()}, at a pace inside the target of {s.goal()}.",
    )


def _flow(s: SentenceBuilder) -> str:
    assert s.verdict.measured_value is not None
    assert s.details.limit is not None
    so_far = f"{s.measured().removesuffix(' ' + s.unit)}/{s.limit()}"
    verb = s.say("là" if s.is_ceiling else "đạt", "it stood at")
    rest = _rest(s, s.details.limit - s.verdict.measured_value)
    return f"{s.so_far()} {verb} {so_far}; {rest}{_notes(s)}."


def _rest(s: SentenceBuilder, rest: Decimal) -> str:
    """What the time without a figure may or must still bring; nobody is asked for less than nothing (§10)."""
    left, amount = s.time_left(), s.distance_number(rest)
    if s.is_ceiling:
        if rest < 0:
            return s.say(f"đã quá mức {amount}", f"that is {amount} too much already")
        if rest == 0:
            return s.say("không còn được thêm", "nothing more may be added")
        return s.say(f"{left} được thêm tối đa {amount}", f"at most {amount} may be added in the {left}")
    if rest == 0:
        return s.at_the_edge()
    if rest < 0:
        return s.say("đã đủ mức", "that is enough already")
    return s.say(f"{left} cần thêm {amount}", f"{amount} more are needed in the {left}")


def _average(s: SentenceBuilder) -> str:
    years = s.measure_of(s.known_years())
    measured = s.measured_with_note()
    head = s.say(f"{years} là {measured}", f"{years} was {measured}")
    return f"{head}; {_needed_average(s)}{_notes(s)}."


def _needed_average(s: SentenceBuilder) -> str:
    assert s.verdict.needed_pace is not None
    left, needed = s.time_left(), s.amount(s.verdict.needed_pace)
    used_up = s.verdict.needed_pace < 0 and is_amount(s.indicator)
    if s.is_ceiling:
        if used_up:
            over = s.difference(s.verdict.needed_pace * s.months_left / 12)
            return s.say(
                f"mức cho phép của {s.term} là bình quân {s.limit()} đã quá {over}",
                f"what an average of {s.limit()} allows for {s.term} has been passed by {over}",
            )
        if year := s.only_year_left():
            return s.say(
                f"riêng năm {year} phải giữ {s.no_more_than()} {needed} để {s.stay_within()}",
                f"{year} alone must keep to {s.no_more_than()} {needed} to {s.stay_within()}",
            )
        return s.say(
            f"{left} phải giữ bình quân {s.no_more_than()} {needed} mỗi năm để {s.stay_within()}",
            f"the {left} must keep to {s.no_more_than()} {needed} a year to {s.stay_within()}",
        )
    if used_up:
        return s.say(
            f"đã đủ để đạt mức {s.limit_to_reach()} dù {left} không có thêm",
            f"enough to reach {s.limit_to_reach()} even with nothing in the {left}",
        )
    if year := s.only_year_left():
        return s.say(
            f"riêng năm {year} cần đạt {needed} để đạt mức {s.limit_to_reach()}",
            f"{year} alone needs {needed} to reach {s.limit_to_reach()}",
        )
    return s.say(
        f"{left} cần bình quân {needed} mỗi năm để đạt mức {s.limit_to_reach()}",
        f"{needed} a year is needed in the {left} to reach {s.limit_to_reach()}",
    )


def _rate(s: SentenceBuilder) -> str:
    assert s.verdict.needed_pace is not None
    left, needed = s.time_left(), s.amount(s.verdict.needed_pace)
    if s.is_ceiling:
        return s.say(
            f"{s.so_far()} là {s.measured_with_note()}; {left} phải giữ {s.no_more_than()} {needed} để cả năm"
            f" {s.stay_within()}{_notes(s)}.",
            f"{s.so_far()} it was {s.measured_with_note()}; the {left} must keep to {s.no_more_than()} {needed} for the year"
            f" to {s.stay_within()}{_notes(s)}.",
        )
    return s.say(
        f"{s.so_far()} là {s.measured_with_note()}; {left} cần {needed} để cả năm đạt {s.limit_to_reach()}{_notes(s)}.",
        f"{s.so_far()} it was {s.measured_with_note()}; {needed} is needed in the {left} for the year to reach"
        f" {s.limit_to_reach()}{_notes(s)}.",
    )


def _notes(s: SentenceBuilder) -> str:
    """The pace needed against the pace so far, and the assumption behind it; in brackets, or nothing."""
    precedent = "" if s.brief else _without_precedent(s)
    notes = [note for note in (_against_so_far(s), precedent) if note]
    if s.details.known_months % 12 and not s.brief:
        notes.append(s.say("giả định tiến độ đều trong năm", "assuming an even pace over the year"))
    return f" ({', '.join(notes)})" if notes else ""


def _against_so_far(s: SentenceBuilder) -> str:
    """How much faster: a ratio for amounts, points for rates, of which thirty-five times says nothing (§10)."""
    verdict = s.verdict
    if verdict.acceleration is None or s.is_ceiling:
        return ""
    if is_amount(s.indicator):
        times = s.times(verdict.acceleration)
        return s.say(f"bằng {times} lần tốc độ hiện nay", f"{times} times the present pace")
    assert verdict.needed_pace is not None
    assert verdict.measured_value is not None
    # From the numbers as they are shown, so that who subtracts them finds the same.
    apart = s.shown(verdict.needed_pace) - s.shown(verdict.measured_value)
    if apart == 0:
        return ""
    side = ("cao hơn", "above") if apart > 0 else ("thấp hơn", "below")
    if s.target.basis == Basis.AVERAGE:
        so_far = s.measure_of(s.known_years())
    else:
        so_far = s.say(s.period(s.details.used[-1]), f"the figure for {s.period(s.details.used[-1])}")
    return s.say(f"{side[0]} {s.difference(apart)} so với {so_far}", f"{s.difference(apart)} {side[1]} {so_far}")


def _without_precedent(s: SentenceBuilder) -> str:
    """That no known year has given what is needed, and the best there was."""
    precedent = s.details.precedent
    if precedent is None:
        return ""
    value, year = with_unit(s.as_published(precedent), s.unit), precedent.year
    vi, en = ("thấp", "low") if s.is_ceiling else ("cao", "high")
    return s.say(
        f"chưa năm nào {vi} như vậy, {vi} nhất là {value} (năm {year})",
        f"no known year was that {en}; the {en}est was {value} in {year}",
    )

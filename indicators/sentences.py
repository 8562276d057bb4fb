"""PRESENT: the sentence that goes with every verdict and every refusal (§10), in Vietnamese and in English.

Both languages stand side by side so that a reader of this file sees what officials read. Each sentence gives the number
behind the verdict; where a part of a year is taken for the whole, it says that an even year is assumed.
"""

from decimal import Decimal

from django.utils.translation import override

from .assessment import Aggregate, Figure, Reason, Status
from .models.targets import Basis, Bound
from .numerals import format_number
from .periods import Period
from .progress import ProgressRow
from .wording import STATUS_LABEL, bound_text, period_text, qualified, telling, with_unit, years_list, years_text

_ACTION = {
    Status.EXCEEDED: ("vượt", "which exceeds"),
    Status.ACHIEVED: ("đạt", "which meets"),
    Status.MISSED: ("không đạt", "which misses"),
}
_EVEN_YEAR = ("giả định tiến độ đều trong năm", "assuming an even pace over the year")


def sentence(row: ProgressRow, language: str) -> str:
    """The sentence on `row` in "vi" or "en"."""
    return _capital(_Teller(row, language).text())


def _capital(text: str) -> str:
    """`text` with a capital first letter, the rest untouched."""
    return text[0].upper() + text[1:]


class _Teller:
    """Tells one row in one language."""

    def __init__(self, row: ProgressRow, language: str) -> None:
        self.row, self.language = row, language
        self.target, self.verdict, self.evidence = row.target, row.verdict, row.verdict.evidence
        self.indicator = row.target.indicator
        unit_en = self.indicator.unit_en or self.indicator.unit_vi
        self.unit = self.say(self.indicator.unit_vi, unit_en)

    def text(self) -> str:
        status = self.verdict.status
        if status.is_refusal:
            told = self._refusal()
        elif self.indicator.judged_by_parts:
            told = self._by_parts()
        elif status.is_final:
            told = self._final()
        elif self.indicator.kind in ("level", "rank") and self.target.basis == Basis.VALUE:
            told = self._rank() if self.indicator.kind == "rank" else self._level()
        else:
            told = self._pace()
        return told + self._awaiting()

    # Words and numbers

    def say(self, vietnamese: str, english: str) -> str:
        return vietnamese if self.language == "vi" else english

    def number(self, value: Decimal) -> str:
        return telling(value, self.indicator.decimals, self.evidence.limit, self.language)

    def amount(self, value: Decimal) -> str:
        return with_unit(self.number(value), self.unit)

    def times(self, value: Decimal) -> str:
        return format_number(value, self.language, 2)

    def difference(self, value: Decimal) -> str:
        """A distance, in points where the unit is a percentage and in places for a rank."""
        unit = {"%": self.say("điểm %", "percentage points"), "hạng": self.say("bậc", "places")}.get(
            self.indicator.unit_vi, self.unit
        )
        return f"{telling(abs(value), self.indicator.decimals, Decimal(0), self.language)} {unit}"

    def goal(self) -> str:
        return with_unit(bound_text(self.target, self.language), self.unit)

    def measured(self) -> str:
        """The measured value with its unit, and with its qualifier when it is a single version."""
        assert self.verdict.measured_value is not None
        if len(self.evidence.used) == 1 and self.evidence.used[0].value == self.verdict.measured_value:
            return with_unit(qualified(self.evidence.used[0], self.indicator.decimals, self.language), self.unit)
        return self.amount(self.verdict.measured_value)

    def period(self, version: Figure | Aggregate) -> str:
        if isinstance(version, Aggregate):
            return years_text(version.first_year, version.last_year)
        return period_text(Period(version.year, version.through_month), self.indicator, self.language)

    def span(self, months: int) -> str:
        """A length of time: "9 tháng", "2 năm", "2 năm 9 tháng"."""
        years, rest = divmod(months, 12)
        vi = [f"{years} năm"] * bool(years) + [f"{rest} tháng"] * bool(rest)
        en = [f"{years} year{'s' * (years > 1)}"] * bool(years) + [f"{rest} month{'s' * (rest > 1)}"] * bool(rest)
        return self.say(" ".join(vi), " and ".join(en))

    @property
    def years(self) -> str:
        return years_text(self.target.first_year, self.target.last_year)

    @property
    def _baseline_year(self) -> int:
        return self.target.first_year - 1 if self.target.baseline_year is None else self.target.baseline_year

    @property
    def months_left(self) -> int:
        return 12 * (self.target.last_year - self.target.first_year + 1) - self.evidence.known_months

    def limit(self) -> str:
        assert self.evidence.limit is not None
        return with_unit(format_number(self.evidence.limit, self.language), self.unit)

    def limit_to_reach(self) -> str:
        """The limit as the end of a way: a strict one is to be passed, not met."""
        words = {Bound.LESS_THAN: ("dưới", "below"), Bound.MORE_THAN: ("trên", "above")}.get(Bound(self.target.bound))
        return f"{self.say(*words)} {self.limit()}" if words else self.limit()

    # Final verdicts

    def _final(self) -> str:
        vi, en = _ACTION[self.verdict.status]
        result = self.say(f"{vi} mục tiêu {self.goal()}", f"{en} the target of {self.goal()}")
        return f"{self._subject()} {self.measured()}, {result}{self._gap()}{self._early()}.{self._own_value()}"

    def _subject(self) -> str:
        used = self.evidence.used
        if self.target.basis == Basis.VALUE:
            verb = self.say("xếp hạng" if self.indicator.kind == "rank" else "là", "was")
            return f"{self.period(used[-1])} {verb}"
        measure = self._measure_of(self.years if not self.months_left else self._known_years())
        if isinstance(used[0], Aggregate) and len(used) == 1:
            return self.say(f"{measure} theo nguồn công bố là", f"{measure} as published was")
        return self.say(f"{measure} là", f"{measure} was")

    def _measure_of(self, years: str) -> str:
        if self.target.basis == Basis.AVERAGE:
            return self.say(f"bình quân {years}", f"the average of {years}")
        return self.say(f"tổng {years}", f"the total of {years}")

    def _known_years(self) -> str:
        """The years measured: "2021–2022", "2021–2022 và 2024"."""
        years: list[int] = []
        for version in self.evidence.used:
            aggregate = isinstance(version, Aggregate)
            years += range(version.first_year, version.last_year + 1) if aggregate else [version.year]
        return years_list(years, self.language)

    def _gap(self) -> str:
        """By how much a target was missed."""
        value, limit = self.verdict.measured_value, self.evidence.limit
        if self.verdict.status != Status.MISSED or value is None or limit is None or value == limit:
            return ""
        short = value < limit
        distance, from_where = self.difference(value - limit), ("", "")
        if self.target.bound == Bound.ABOUT:  # 5 % are allowed for: the gap is counted from there
            from_where = (f" so với mức {self.limit()}", f" of {self.limit()}" if short else f" {self.limit()}")
        return self.say(
            f" ({'thiếu' if short else 'cao hơn'} {distance}{from_where[0]})",
            f" ({distance} {'short' if short else 'above'}{from_where[1]})",
        )

    def _early(self) -> str:
        if self.indicator.kind != "flow" or self.months_left <= 0:
            return ""
        return self.say(" khi kỳ chưa kết thúc", " before the period is over")

    def _own_value(self) -> str:
        """Our own mean or total beside a published one, where they differ by more than the published one was rounded."""
        own, published = self.evidence.own_value, self.evidence.used[0].value
        if own is None or published is None or abs(own - published) <= _half_a_unit(published):
            return ""
        shown = with_unit(format_number(own, self.language, max(2, self.indicator.decimals)), self.unit)
        if self.target.basis == Basis.AVERAGE:
            return self.say(
                f" Trung bình các số năm đã công bố là {shown}, khác số này.",
                f" The mean of the published yearly figures is {shown}, which differs.",
            )
        return self.say(
            f" Tổng các số năm đã công bố là {shown}, khác số này.",
            f" The sum of the published yearly figures is {shown}, which differs.",
        )

    # On the way: flows, rates, averages

    def _pace(self) -> str:
        if self.verdict.needed_pace is None:
            return self._inside_band()
        if self.target.basis == Basis.AVERAGE:
            return self._average()
        return self._rate() if self.indicator.kind == "rate" else self._flow()

    def _inside_band(self) -> str:
        return self.say(
            f"{self._so_far()} là {self.measured()}, tiến độ nằm trong khoảng mục tiêu {self.goal()}.",
            f"{self._so_far()} it was {self.measured()}, at a pace inside the target of {self.goal()}.",
        )

    def _so_far(self) -> str:
        span = self.span(self.evidence.known_months)
        return self.say(f"sau {span}", f"after {span}")

    @property
    def _is_ceiling(self) -> bool:
        assert self.verdict.measured_value is not None
        assert self.evidence.limit is not None
        if self.indicator.better != "band":
            return self.indicator.better == "lower"
        return self.evidence.limit == self.target.high

    def _flow(self) -> str:
        assert self.verdict.measured_value is not None
        assert self.evidence.limit is not None
        left, rest = self.span(self.months_left), self.evidence.limit - self.verdict.measured_value
        so_far = f"{self.measured().removesuffix(' ' + self.unit)}/{self.limit()}"
        if self._is_ceiling:
            text = self.say(
                f"{self._so_far()} là {so_far}; {left} còn lại được thêm tối đa {self.number(rest)}",
                f"{self._so_far()} it stood at {so_far}; at most {self.number(rest)} may be added in the {left} left",
            )
        else:
            text = self.say(
                f"{self._so_far()} đạt {so_far}; {left} còn lại cần thêm {self.number(rest)}",
                f"{self._so_far()} it stood at {so_far}; {self.number(rest)} more are needed in the {left} left",
            )
        return text + self._how_much_faster() + "."

    def _average(self) -> str:
        assert self.verdict.needed_pace is not None
        years = self._measure_of(self._known_years())
        left, needed = self.span(self.months_left), self.amount(self.verdict.needed_pace)
        if self._is_ceiling:
            return self.say(
                f"{years} là {self.measured()}; {left} còn lại phải giữ bình quân không quá {needed} mỗi năm"
                f" để không vượt mức {self.limit()}{self._how_much_faster()}.",
                f"{years} was {self.measured()}; no more than {needed} a year is left for the {left} to come"
                f" to stay within {self.limit()}{self._how_much_faster()}.",
            )
        return self.say(
            f"{years} là {self.measured()}; {left} còn lại cần bình quân {needed} mỗi năm để đạt mức {self.limit_to_reach()}"
            f"{self._how_much_faster()}.",
            f"{years} was {self.measured()}; {needed} a year is needed in the {left} left to reach {self.limit_to_reach()}"
            f"{self._how_much_faster()}.",
        )

    def _rate(self) -> str:
        assert self.verdict.needed_pace is not None
        left, needed = self.span(self.months_left), self.amount(self.verdict.needed_pace)
        if self._is_ceiling:
            return self.say(
                f"{self._so_far()} là {self.measured()}; {left} còn lại không được quá {needed} để cả năm không vượt"
                f" {self.limit()}{self._how_much_faster()}.",
                f"{self._so_far()} it was {self.measured()}; the {left} left must not exceed {needed} for the year to stay"
                f" within {self.limit()}{self._how_much_faster()}.",
            )
        return self.say(
            f"{self._so_far()} là {self.measured()}; {left} còn lại cần {needed} để cả năm đạt {self.limit_to_reach()}"
            f"{self._how_much_faster()}.",
            f"{self._so_far()} it was {self.measured()}; {needed} is needed in the {left} left for the year to reach"
            f" {self.limit_to_reach()}{self._how_much_faster()}.",
        )

    def _how_much_faster(self) -> str:
        """The pace needed against the pace so far, and the assumption behind it; in brackets, or nothing."""
        notes = []
        if self.verdict.acceleration is not None and not self._is_ceiling:
            times = self.times(self.verdict.acceleration)
            notes.append(self.say(f"bằng {times} lần tốc độ hiện nay", f"{times} times the present pace"))
        if self.evidence.known_months % 12:
            notes.append(self.say(*_EVEN_YEAR))
        return f" ({', '.join(notes)})" if notes else ""

    # On the way: levels and ranks

    def _level(self) -> str:
        by_reason = {
            Reason.REVERSING: self._reversing,
            Reason.MET_AT_BASELINE: self._lost,
            Reason.OVERSHOOTING: self._overshooting,
        }
        if tell := by_reason.get(self.verdict.reason):
            return tell()
        if self.verdict.needed_pace is not None:
            return self._level_pace()
        return self._met() if self.verdict.status == Status.ON_TRACK else self._at_the_limit()

    def _now(self) -> str:
        return self.say(
            f"{self.period(self.evidence.used[0])} là {self.measured()}",
            f"{self.period(self.evidence.used[0])} stood at {self.measured()}",
        )

    def _baseline(self) -> str:
        baseline = self.evidence.baseline
        assert baseline is not None
        value = with_unit(qualified(baseline, self.indicator.decimals, self.language), self.unit)
        return self.say(f"năm gốc {baseline.year} ({value})", f"the base year {baseline.year} ({value})")

    def _forecast(self) -> str:
        assert self.verdict.forecast is not None
        value = self.amount(self.verdict.forecast)
        return self.say(
            f"{value} vào cuối năm {self.target.last_year}", f"{value} by the end of {self.target.last_year}"
        )

    def _met(self) -> str:
        if self.verdict.forecast is None:
            return self.say(
                f"{self._now()}, đang đạt mục tiêu {self.goal()}.", f"{self._now()}, which meets {self.goal()}."
            )
        return self.say(
            f"{self._now()}, đang đạt mục tiêu {self.goal()}; giữ đà này sẽ là {self._forecast()}.",
            f"{self._now()}, which meets {self.goal()}; at this rate it would be {self._forecast()}.",
        )

    def _reversing(self) -> str:
        return self.say(
            f"{self._now()}, đang đạt mục tiêu {self.goal()}, nhưng theo đà gần đây sẽ là {self._forecast()}, không còn đạt.",
            f"{self._now()}, which meets {self.goal()}, but the last change leads to {self._forecast()}, which does not.",
        )

    def _lost(self) -> str:
        return self.say(
            f"{self._now()}, không còn đạt mục tiêu {self.goal()} như {self._baseline()}.",
            f"{self._now()} and no longer meets {self.goal()}, as {self._baseline()} did.",
        )

    def _at_the_limit(self) -> str:
        return self.say(
            f"{self._now()}; {self._baseline()} đúng bằng ngưỡng của mục tiêu {self.goal()} nên chưa tính được tốc độ.",
            f"{self._now()}; {self._baseline()} lay exactly at the edge of {self.goal()}, so no pace can be worked out.",
        )

    def _overshooting(self) -> str:
        return self.say(
            f"{self._now()}; theo đà từ {self._baseline()} sẽ là {self._forecast()}, vượt ra ngoài khoảng {self.goal()}.",
            f"{self._now()}; the pace since {self._baseline()} leads to {self._forecast()}, past the range of {self.goal()}.",
        )

    def _level_pace(self) -> str:
        need = self._needed_change()
        if self.verdict.status == Status.MOVING_AWAY:
            return self.say(
                f"{self._now()}, xa mục tiêu hơn {self._baseline()}; {need}.",
                f"{self._now()}, further from the target than {self._baseline()}; {need}.",
            )
        faster = ""
        if self.verdict.acceleration is not None:
            times, year = self.times(self.verdict.acceleration), self._baseline_year
            faster = self.say(
                f" (bằng {times} lần tốc độ từ năm gốc {year} đến nay)", f" ({times} times the pace since {year})"
            )
        return self.say(
            f"{self._now()}; {need}{faster}. Giữ tốc độ cũ sẽ là {self._forecast()}.",
            f"{self._now()}; {need}{faster}. At the old pace it would be {self._forecast()}.",
        )

    def _needed_change(self) -> str:
        needed = self.verdict.needed_pace
        assert needed is not None
        if self.indicator.path == "compound":
            change = f"{format_number(abs(needed), self.language, 2)}%"
        else:
            change = self.difference(needed)
        way = self.say("tăng" if needed >= 0 else "giảm", "rise" if needed >= 0 else "fall")
        return self.say(
            f"từ nay mỗi năm cần {way} {change} để tới mức {self.limit_to_reach()} vào cuối năm {self.target.last_year}",
            f"it must {way} by {change} a year from now to reach {self.limit_to_reach()} by the end of {self.target.last_year}",
        )

    def _rank(self) -> str:
        place = self.say(
            f"{self.period(self.evidence.used[0])} xếp hạng {self.number(self.evidence.used[0].value or Decimal(0))}",
            f"{self.period(self.evidence.used[0])} ranked {self.number(self.evidence.used[0].value or Decimal(0))}",
        )
        if self.verdict.status == Status.ON_TRACK:
            return self.say(f"{place}, trong mục tiêu {self.goal()}.", f"{place}, within the target of {self.goal()}.")
        words = {
            Status.AT_RISK: ("tốt hơn", "better than"),
            Status.OFF_TRACK: ("bằng", "the same as"),
            Status.MOVING_AWAY: ("kém hơn", "worse than"),
        }
        return self.say(
            f"{place}, {words[self.verdict.status][0]} {self._baseline()}, chưa tới mục tiêu {self.goal()}.",
            f"{place}, {words[self.verdict.status][1]} {self._baseline()}, not yet at the target of {self.goal()}.",
        )

    # Parts and refusals

    def _by_parts(self) -> str:
        rows = [row for row in self.row.parts if row]
        worst = [row for row in rows if row.verdict.status == self.verdict.status]
        label = self._label(self.verdict.status)
        if len(worst) == len(self.row.parts):
            return self.say(f"Cả {len(worst)} thành phần: {label}.", f"All {len(worst)} parts: {label}.")
        names = "; ".join(self._name(row.target.indicator) for row in worst)
        count = f"{len(worst)}/{len(self.row.parts)}"
        return self.say(f"{count} thành phần {label}: {names}.", f"{count} parts {label}: {names}.")

    def _name(self, indicator: object) -> str:
        return self.say(indicator.name_vi, indicator.name_en or indicator.name_vi)  # type: ignore[attr-defined]

    def _label(self, status: Status) -> str:
        with override(self.language):
            return str(STATUS_LABEL[status]).lower()

    def _refusal(self) -> str:
        if self.verdict.status == Status.NO_DATA:
            return self._no_data()
        vi, en = self._why_not()
        return self.say(f"chưa đánh giá được: {vi}.", f"cannot be judged: {en}.")

    def _no_data(self) -> str:
        if self.verdict.reason == Reason.NO_FIGURE_FOR_TARGET_YEAR:
            text = self.say(
                f"chưa có số liệu cả năm {self.target.last_year}",
                f"there is no full-year figure for {self.target.last_year}",
            )
        else:
            text = self.say(
                f"chưa có số liệu nào trong {self._period_word()}", f"there is no figure yet for {self.years}"
            )
        return f"{text}{self._latest()}."

    def _period_word(self) -> str:
        one_year = self.target.first_year == self.target.last_year
        return f"{'năm' if one_year else 'kỳ'} {self.years}"

    def _latest(self) -> str:
        latest = self.row.latest
        if latest is None:
            return ""
        value = with_unit(qualified(latest, self.indicator.decimals, self.language), self.unit)
        return self.say(
            f"; số gần nhất là {value} ({self.period(latest)})", f"; the latest is {value} ({self.period(latest)})"
        )

    def _why_not(self) -> tuple[str, str]:
        tell = {
            Reason.NO_DIRECTION: self._no_direction,
            Reason.SERIES_BREAK: self._series_break,
            Reason.NON_POSITIVE_VALUES: self._non_positive_values,
            Reason.MISSING_YEARS: self._missing_years,
            Reason.STALE: self._stale,
            Reason.NO_BASELINE: self._no_baseline,
            Reason.TOO_EARLY: self._too_early,
            Reason.NON_POSITIVE_TARGET: self._non_positive_target,
            Reason.PARTS_UNJUDGED: self._parts_unjudged,
        }
        return tell[self.verdict.reason]()

    def _no_direction(self) -> tuple[str, str]:
        return (
            "chỉ tiêu này cao hay thấp đều không nói lên tốt hay xấu, chỉ theo dõi",
            "for this indicator neither higher nor lower is better; it is only followed",
        )

    def _series_break(self) -> tuple[str, str]:
        return (
            f"trong kỳ {self.years} cách tính hoặc phạm vi đã thay đổi, số trước và sau không so sánh được",
            f"within {self.years} the way of counting changed, and figures before and after cannot be compared",
        )

    def _non_positive_values(self) -> tuple[str, str]:
        return (
            f"có số bằng 0 hoặc âm ({self._known_values()}) nên không tính được tốc độ tăng",
            f"a value is zero or negative ({self._known_values()}), so no growth can be worked out",
        )

    def _known_values(self) -> str:
        versions = [*self.evidence.used, *([self.evidence.baseline] if self.evidence.baseline else [])]
        shown = [f"{self.period(one)}: {qualified(one, self.indicator.decimals, self.language)}" for one in versions]
        return "; ".join(shown)

    def _missing_years(self) -> tuple[str, str]:
        known = self.span(self.evidence.known_months)
        total = self.span(12 * (self.target.last_year - self.target.first_year + 1))
        return (
            f"kỳ {self.years} đã qua mà mới biết {known} trên {total} ({self._known_values()})",
            f"{self.years} is over and only {known} of {total} are known ({self._known_values()})",
        )

    def _stale(self) -> tuple[str, str]:
        return (
            f"số gần nhất đã cũ hơn 24 tháng ({self._known_values()})",
            f"the latest figure is more than 24 months old ({self._known_values()})",
        )

    def _no_baseline(self) -> tuple[str, str]:
        year = self._baseline_year
        need = f". {_capital(self._needed_change())}" if self.verdict.needed_pace is not None else ""
        return (
            f"chưa có số năm gốc {year}; {self._now()}{need}",
            f"there is no figure for the base year {year}; {self._now()}{need}",
        )

    def _too_early(self) -> tuple[str, str]:
        if not self.evidence.used:
            return (
                f"chưa có số cả năm nào trong kỳ {self.years}",
                f"no full year of {self.years} is known yet",
            )
        return (
            f"kỳ {self.years} mới bắt đầu, chưa qua một phần năm thời gian ({self._known_values()})",
            f"{self.years} has only begun, less than a fifth of it is known ({self._known_values()})",
        )

    def _non_positive_target(self) -> tuple[str, str]:
        return (
            f"mục tiêu {self.goal()} không phải số dương nên không so được tiến độ ({self._known_values()})",
            f"the target of {self.goal()} is not above zero, so no pace can be compared ({self._known_values()})",
        )

    def _parts_unjudged(self) -> tuple[str, str]:
        open_parts = [
            self._name(part)
            for part, row in zip(self.row.part_indicators, self.row.parts, strict=True)
            if row is None or row.verdict.status.is_refusal
        ]
        if not self.row.parts:
            return "chỉ tiêu xét theo thành phần nhưng chưa có thành phần nào", "it is judged by its parts and has none"
        count = f"{len(open_parts)}/{len(self.row.parts)}"
        return (
            f"{count} thành phần chưa đánh giá được ({'; '.join(open_parts)})",
            f"{count} parts cannot be judged ({'; '.join(open_parts)})",
        )

    def _awaiting(self) -> str:
        if not self.evidence.awaiting:
            return ""
        year = self.target.last_year
        if self.target.basis == Basis.VALUE:
            return self.say(
                f" Năm {year} đã hết, đang chờ số cả năm.", f" {year} is over; its full-year figure is awaited."
            )
        return self.say(
            f" Kỳ {self.years} đã hết, đang chờ số cả năm còn thiếu.",
            f" {self.years} is over; the missing full-year figures are awaited.",
        )


def _half_a_unit(published: Decimal) -> Decimal:
    """Half of the last digit that a published number carries: what rounding can explain."""
    exponent = published.normalize().as_tuple().exponent
    return Decimal(5).scaleb(min(int(exponent), 0) - 1)

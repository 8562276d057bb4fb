"""The words and numbers that all sentences are made of, in one language."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import override

from ..assessment import AggregateFact, FigureFact, Status
from ..models import Indicator
from ..models.targets import Basis, Bound, TargetStatus
from ..queries.progress import ProgressRow, target_fact
from ..text.numbers import format_number, rounded
from ..text.periods import FULL_YEAR, Period, end_of_year
from .differences import distance, is_amount
from .formatting import (
    STATUS_LABEL,
    bound_in_words,
    decimals_beside,
    limits_of,
    number,
    period_text,
    qualified,
    with_unit,
    years_list,
    years_text,
)

_FIRMNESS = {"estimate": ("số ước tính", "an estimate"), "preliminary": ("số sơ bộ", "preliminary")}


class SentenceBuilder:
    """One row and one language ("vi" or "en"). Vietnamese and English stand side by side in every call of `say`.

    A `brief` sentence says where the target stands and what it needs, without what that rests on.
    """

    def __init__(self, row: ProgressRow, language: str, *, brief: bool = False) -> None:
        self.row, self.language, self.brief = row, language, brief
        self.target, self.verdict, self.details = row.target, row.verdict, row.verdict.details
        self.indicator = row.target.indicator
        # What a shown number must stand to as the real one does: the bounds, nothing, and of a level where it began.
        limits = {Decimal(0), self.details.limit, self.details.baseline and self.details.baseline.value}
        self.limits = limits_of(self.target) | {limit for limit in limits if limit is not None}
        unit_en = self.indicator.unit_en or self.indicator.unit_vi
        self.unit = self.say(self.indicator.unit_vi, unit_en)

    def say(self, vietnamese: str, english: str) -> str:
        return vietnamese if self.language == "vi" else english

    def number(self, value: Decimal) -> str:
        return number(value, self.indicator.decimals, self.language, beside=self.limits)

    def shown(self, value: Decimal) -> Decimal:
        """`value` as `number` shows it."""
        return rounded(value, decimals_beside(value, self.indicator.decimals, self.limits))

    def amount(self, value: Decimal) -> str:
        return with_unit(self.number(value), self.unit)

    def times(self, value: Decimal) -> str:
        return format_number(value, self.language, 2)

    def difference(self, value: Decimal) -> str:
        """A distance, in points where the unit is a percentage and in places for a rank."""
        return distance(value, self.indicator, self.language)

    def goal(self) -> str:
        """The bound in words, as one reads it aloud: "từ 7 đến 7,5%", "dưới 3%"; a draft says that it is one."""
        text = bound_in_words(self.target, self.unit, self.language)
        draft = self.target.status == TargetStatus.DRAFT
        return f"{text} {self.say('(dự thảo)', '(draft)')}" if draft else text

    def limit(self) -> str:
        assert self.details.limit is not None
        return with_unit(format_number(self.details.limit, self.language), self.unit)

    def no_more_than(self) -> str:
        """Before what a strict bound leaves: less than it, else at most it."""
        if self.target.bound == Bound.LESS_THAN:
            return self.say("dưới", "less than")
        return self.say("không quá", "no more than")

    def stay_within(self) -> str:
        """What keeps a ceiling: a strict one is not even touched."""
        if self.target.bound == Bound.LESS_THAN:
            return self.say(f"ở dưới mức {self.limit()}", f"stay below {self.limit()}")
        return self.say(f"không vượt mức {self.limit()}", f"stay within {self.limit()}")

    def distance_number(self, value: Decimal) -> str:
        """A distance without sign and unit, never nothing where there is something."""
        return number(abs(value), self.indicator.decimals, self.language, beside=[Decimal(0)])

    def limit_to_reach(self) -> str:
        """The limit as the end of a way: a strict one is to be passed, not met."""
        words = {Bound.LESS_THAN: ("dưới", "below"), Bound.MORE_THAN: ("trên", "above")}.get(Bound(self.target.bound))
        return f"{self.say(*words)} {self.limit()}" if words else self.limit()

    def measured(self) -> str:
        """The measured value with its unit."""
        return with_unit(self.measured_number(), self.unit)

    def measured_with_note(self) -> str:
        """The measured value with its unit, and that it is not the last word where it is not."""
        if not self.verdict.provisional:
            return self.measured()
        statuses = {version.status for version in self.details.used}
        words = _FIRMNESS.get(statuses.pop() if len(statuses) == 1 else "", ("tạm tính", "provisional"))
        return f"{self.measured()} ({self.say(*words)})"

    def measured_number(self) -> str:
        """The measured value, with its qualifier when it is a single version."""
        assert self.verdict.measured_value is not None
        if len(self.details.used) == 1 and self.details.used[0].value == self.verdict.measured_value:
            return self.as_published(self.details.used[0])
        return self.number(self.verdict.measured_value)

    def as_published(self, version: FigureFact | AggregateFact) -> str:
        """A rounded or aggregated number with the digits its source gives it, others with those of the indicator."""
        if isinstance(version, AggregateFact) or version.qualifier != "exact" or version.value is None:
            return qualified(version, None, self.language)
        limits = self.limits | {used.value for used in self.details.used if used.value is not None}
        decimals = self.indicator.decimals
        if is_amount(self.indicator):
            # "5.056 tỷ đồng" in a source is not "5.056,0"; growth and shares are published with fixed decimals.
            decimals = min(decimals, max(0, -int(version.value.normalize().as_tuple().exponent)))
        return qualified(version, decimals, self.language, limits)

    def period(self, version: FigureFact | AggregateFact) -> str:
        if isinstance(version, AggregateFact):
            return years_text(version.first_year, version.last_year)
        return period_text(Period(version.year, version.through_month), self.indicator, self.language)

    def at(self, version: FigureFact | AggregateFact) -> str:
        """When: "năm 2025", "in 2025"; "cuối tháng 9/2026", "at the end of Sep 2026"."""
        period = self.period(version)
        return self.say(period, f"at the {period}" if period.startswith("end ") else f"in {period}")

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
    def term(self) -> str:
        """The years of the target: "kỳ 2021–2025", of one year "năm 2025"; in English the years alone."""
        one_year = self.target.first_year == self.target.last_year
        return self.say(f"{'năm' if one_year else 'kỳ'} {self.years}", self.years)

    def time_left(self) -> str:
        """The time still without a figure: "ba năm còn lại", but "chưa có số" where a year of it is over already."""
        left = self.span(self.months_left)
        if self.details.is_overdue:
            return self.say(f"{left} chưa có số", f"{left} without a figure")
        return self.say(f"{left} còn lại", f"{left} left")

    def only_year_left(self) -> int | None:
        """The one whole year of the target that has no figure yet, None where more or less than a year is left."""
        if self.months_left != FULL_YEAR:
            return None
        known = {year for version in self.details.used for year in _years_of(version)}
        left = set(range(self.target.first_year, self.target.last_year + 1)) - known
        return left.pop() if len(left) == 1 else None

    @property
    def baseline_year(self) -> int:
        return target_fact(self.target).baseline.year

    @property
    def months_left(self) -> int:
        return 12 * (self.target.last_year - self.target.first_year + 1) - self.details.known_months

    @property
    def is_ceiling(self) -> bool:
        return self.details.is_ceiling

    def measure_of(self, years: str) -> str:
        """The average or total of `years`; of one year alone there is just its figure."""
        if years.isdigit():
            return self.say(f"số liệu năm {years}", f"the figure for {years}")
        if self.target.basis == Basis.AVERAGE:
            return self.say(f"bình quân {years}", f"the average of {years}")
        return self.say(f"tổng {years}", f"the total of {years}")

    def known_years(self) -> str:
        """The years measured: "2021–2022", "2021–2022 và 2024"."""
        return years_list([year for version in self.details.used for year in _years_of(version)], self.language)

    def known_values(self) -> str:
        return self.values_of([*self.details.used, *([self.details.baseline] if self.details.baseline else [])])

    def values_of(self, versions: Iterable[FigureFact | AggregateFact]) -> str:
        """Versions with their periods: "năm 2023: 58,2; năm 2024: 59"."""
        return "; ".join(f"{self.period(version)}: {self.as_published(version)}" for version in versions)

    def so_far(self) -> str:
        span = self.span(self.details.known_months)
        return self.say(f"sau {span}", f"after {span}")

    def now(self) -> str:
        return self.say(
            f"{self.at(self.details.used[0])} là {self.measured_with_note()}",
            f"{self.at(self.details.used[0])} it stood at {self.measured_with_note()}",
        )

    def baseline(self) -> str:
        baseline = self.details.baseline
        assert baseline is not None
        value = with_unit(self.as_published(baseline), self.unit)
        return self.say(f"năm gốc {baseline.year} ({value})", f"the base year {baseline.year} ({value})")

    def forecast(self) -> str:
        assert self.verdict.forecast is not None
        value = self.amount(self.verdict.forecast)
        return self.say(
            f"{value} vào cuối năm {self.target.last_year}", f"{value} by the end of {self.target.last_year}"
        )

    def needed_change(self) -> str:
        """What a level still has to do: the change a year, or the whole change where less than a year is left."""
        needed, limit, latest = self.verdict.needed_pace, self.details.limit, self.details.used[-1]
        assert needed is not None
        assert limit is not None
        assert latest.value is not None
        rest = limit - latest.value
        if rest == 0:
            return self.at_the_edge()
        way = self.say("tăng" if rest > 0 else "giảm", "rise" if rest > 0 else "fall")
        goal, year, since = self.limit_to_reach(), self.target.last_year, self.end_of(latest)
        if self.details.awaiting:  # the year is over: nothing can be asked of it any more
            change = self.difference(rest)
            rose = self.say("tăng" if rest > 0 else "giảm", "risen" if rest > 0 else "fallen")
            return self.say(
                f"so với {since} phải đã {rose} {change} thì mới tới mức {goal} vào cuối năm {year}",
                f"since {since} it must have {rose} by {change} to have reached {goal} by the end of {year}",
            )
        if end_of_year(year) - latest.end <= FULL_YEAR:
            change = self.difference(rest)
            return self.say(
                f"từ {since} đến cuối năm {year} cần {way} {change} để tới mức {goal}",
                f"from {since} to the end of {year} it must {way} by {change} to reach {goal}",
            )
        return self.say(
            f"kể từ {since} mỗi năm cần {way} {self.pace(needed)} để tới mức {goal} vào cuối năm {year}",
            f"from {since} on it must {way} by {self.pace(needed)} a year to reach {goal} by the end of {year}",
        )

    def pace(self, pace: Decimal) -> str:
        """A yearly pace of a level without its sign: a difference, on a compound path in percent."""
        if self.indicator.path == "compound":
            return f"{number(abs(pace), 2, self.language, beside=[Decimal(0)])}%"
        return self.difference(pace)

    def end_of(self, version: FigureFact | AggregateFact) -> str:
        """The moment at which a level stood: "cuối năm 2024", "cuối tháng 9/2026"."""
        assert isinstance(version, FigureFact)
        if version.through_month == FULL_YEAR:
            return self.say(f"cuối năm {version.year}", f"the end of {version.year}")
        return self.say(self.period(version), f"the {self.period(version)}")

    def at_the_edge(self) -> str:
        """What is left where the value equals a bound that it may not equal."""
        if self.target.bound not in (Bound.LESS_THAN, Bound.MORE_THAN):  # it is the qualifier that misses: "gần 30"
            return self.say(f"phải đạt {self.limit()}", f"it must reach {self.limit()}")
        lower = self.target.bound == Bound.LESS_THAN
        return self.say(
            f"còn đúng bằng ngưỡng, phải {'thấp' if lower else 'cao'} hơn {self.limit()}",
            f"it is exactly at the edge and must be {'below' if lower else 'above'} {self.limit()}",
        )

    def name(self, indicator: Indicator) -> str:
        return self.say(indicator.name_vi, indicator.name_en or indicator.name_vi)

    def label(self, status: Status) -> str:
        with override(self.language):
            return str(STATUS_LABEL[status]).lower()


def _years_of(version: FigureFact | AggregateFact) -> range:
    """The years that a version speaks of."""
    if isinstance(version, AggregateFact):
        return range(version.first_year, version.last_year + 1)
    return range(version.year, version.year + 1)


def capital(text: str) -> str:
    """`text` with a capital first letter, the rest untouched."""
    return text[0].upper() + text[1:]

"""The rules, and the one list of them."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from ...models.catalogue import Better, Kind
from ...models.figures import FigureStatus, Qualifier
from ...sentences.formatting import day, number, period_text, with_unit
from ...text.periods import Period, last_day
from .context import Context, PlausibilityWarning, ProposedValue, ReferenceValue, like_values, reference_value

UNIT_STEPS = (10**9, 10**6, 1000, 100)  # tỷ and đồng, tỷ and triệu…, percent and ratio
ALIKE = Decimal(2)  # up to twice or half of what is known is an ordinary change
MANY_TIMES = Decimal(7)  # ten times last year, after a year's own change
SMALL_COUNT = 50  # communes or crashes: below it, one year can be ten times another
WHOLE = Decimal(100)  # percent
INDEX = (Decimal(80), Decimal(130))  # "107,7": the year before is 100
WILD_RATE = Decimal(20)  # percent; a growth below it is no wonder after a year of none
ENOUGH_HISTORY = 5
LITTLE = Decimal("0.05")  # of the largest value: that much is no surprise after years without any change
SHARES_TOLERANCE = Decimal("0.1")
REVISED = Decimal("0.1")  # of the value in force
ONE_POINT = Decimal(1)  # percent
EARLY = timedelta(days=31)  # surveys end in November, and the December session speaks of the year


def find_warnings(proposed: ProposedValue, context: Context) -> list[PlausibilityWarning]:
    """What speaks against `proposed`, in the order of `RULES`; what cannot be speaks alone; empty when nothing does."""
    if proposed.series_break:
        later = {period: value for period, value in context.figures.items() if period.end > proposed.period.end}
        context = Context(later, context.siblings)
    warnings = [warning for rule in RULES if (warning := rule(proposed, context))]
    return [warning for warning in warnings if warning.is_certain] or warnings


def not_a_rank(proposed: ProposedValue, context: Context) -> PlausibilityWarning | None:
    if proposed.indicator.kind != Kind.RANK or (proposed.value >= 1 and proposed.value % 1 == 0):
        return None
    message = _("%(value)s is not a place: ranks are whole numbers from 1 on. Copy the place from the source.")
    return PlausibilityWarning("rank", message % {"value": proposed.shown}, is_certain=True)


def share_outside(proposed: ProposedValue, context: Context) -> PlausibilityWarning | None:
    """A share of what was planned may be above a hundred; one below zero cannot be."""
    if not proposed.is_share or 0 <= proposed.value <= 100:
        return None
    message = _("%(value)s is a share, and a share lies between 0 and 100%%. Check the number and its decimal mark.")
    return PlausibilityWarning("share", message % {"value": proposed.shown}, is_certain=proposed.value < 0)


def an_index(proposed: ProposedValue, context: Context) -> PlausibilityWarning | None:
    """Offices publish growth as an index, where the year before is 100: 107,7 is a growth of 7,7, never of 10,77."""
    if not _is_an_index(proposed, context):
        return None
    message = _(
        "%(value)s looks like an index, in which the same period of the year before is 100; the growth is %(meant)s."
        " If the source has an index, write %(meant)s."
    )
    growth = proposed.value - 100
    params = {"value": proposed.shown, "meant": with_unit(number(growth), proposed.indicator.unit)}
    return PlausibilityWarning("index", message % params, growth)


def another_unit(proposed: ProposedValue, context: Context) -> PlausibilityWarning | None:
    reference = reference_value(proposed, context)
    if reference is None or not reference.expected or not proposed.value or _is_an_index(proposed, context):
        return None
    # A hundredth is tried for percent and ratio, but rates swing so far by themselves.
    for step in UNIT_STEPS:
        if _alike(proposed.value / step, reference.expected) and not (step == 100 and _is_a_swing(proposed, context)):
            return _size_warning("unit", proposed, reference, number(Decimal(step)), proposed.value / step)
        if _alike(proposed.value * step, reference.expected):
            return _size_warning("unit", proposed, reference, f"1/{number(Decimal(step))}", proposed.value * step)
    return None


def ten_times(proposed: ProposedValue, context: Context) -> PlausibilityWarning | None:
    reference = reference_value(proposed, context)
    if reference is None or not reference.expected or _is_small(proposed, reference):
        return None
    if an_index(proposed, context) or another_unit(proposed, context):
        return None
    times = abs(proposed.value / reference.expected)
    if times >= MANY_TIMES and not _is_a_swing(proposed, context):
        return _size_warning("ten_times", proposed, reference, number(times, 0), proposed.value / 10)
    if times * MANY_TIMES <= 1 and proposed.value and proposed.indicator.kind != Kind.RATE:
        return _size_warning("ten_times", proposed, reference, f"1/{number(1 / times, 0)}", proposed.value * 10)
    return None


def rate_beyond_a_hundred(proposed: ProposedValue, context: Context) -> PlausibilityWarning | None:
    """What doubles or is lost altogether within a year, for the first time; silent where a sharper rule speaks."""
    if not proposed.is_percent_rate or abs(proposed.value) <= WHOLE or _is_a_swing(proposed, context):
        return None
    if an_index(proposed, context) or another_unit(proposed, context) or ten_times(proposed, context):
        return None
    message = _("%(value)s is a rate beyond 100%%, and no known value of this indicator is. Check its decimal mark.")
    return PlausibilityWarning("rate", message % {"value": proposed.shown})


def nothing_at_all(proposed: ProposedValue, context: Context) -> PlausibilityWarning | None:
    """A 0 is often typed where the source has no number."""
    reference = reference_value(proposed, context)
    if proposed.value or reference is None or proposed.indicator.kind == Kind.RATE or 0 in context.figures.values():
        return None
    if _is_small(proposed, reference) or not reference.expected:
        return None
    message = _(
        "0 means that there was none, after %(reference)s (%(period)s). When the number is not known, leave the value empty."
    )
    return PlausibilityWarning("zero", message % reference.as_params(proposed.indicator))


def against_year_to_date(proposed: ProposedValue, context: Context) -> PlausibilityWarning | None:
    """What has accumulated by June is not less than by March."""
    period, value = proposed.period, proposed.value
    same_year = {other: figure for other, figure in context.figures.items() if other.year == period.year}
    if proposed.indicator.kind != Kind.FLOW or value < 0 or any(figure < 0 for figure in same_year.values()):
        return None
    for other, figure in sorted(same_year.items()):
        params = {"value": proposed.shown} | ReferenceValue(other, figure, figure).as_params(proposed.indicator)
        if other < period and value < figure:
            message = _("%(value)s since January is less than %(reference)s already reached (%(period)s). Check both.")
            return PlausibilityWarning("year_to_date", message % params)
        if other > period and value > figure:
            message = _("%(value)s since January is more than %(reference)s reached later (%(period)s). Check both.")
            return PlausibilityWarning("year_to_date", message % params)
    return None


def shares_off_a_hundred(proposed: ProposedValue, context: Context) -> PlausibilityWarning | None:
    """Parts of a structure are shares without a direction of their own, which make up the whole together."""
    indicator = proposed.indicator
    if not proposed.is_share or indicator.better not in (Better.BAND, Better.NONE) or not indicator.parent_id:
        return None
    parts = {**context.siblings, indicator.pk: proposed.value if proposed.qualifier == Qualifier.EXACT else None}
    values = [value for value in parts.values() if value is not None]
    total = sum(values, Decimal(0))
    if len(parts) < 2 or len(values) < len(parts) or abs(total - 100) <= SHARES_TOLERANCE:
        return None
    if any(not 0 <= value <= WHOLE for value in values):
        return None  # that one is asked about itself
    message = _("With %(value)s the %(parts)s parts add up to %(total)s%%, not to 100%%. Check all of them.")
    return PlausibilityWarning(
        "shares", message % {"value": proposed.shown, "parts": len(parts), "total": number(total)}
    )


def negative_for_once(proposed: ProposedValue, context: Context) -> PlausibilityWarning | None:
    values = context.figures.values()
    if proposed.value >= 0 or proposed.indicator.kind == Kind.RATE or proposed.is_share:
        return None
    if not values or min(values) < 0:
        return None
    message = _("%(value)s is negative, and no known value of this indicator is. Check the sign.")
    return PlausibilityWarning("sign", message % {"value": proposed.shown}, -proposed.value)


def another_than_in_force(proposed: ProposedValue, context: Context) -> PlausibilityWarning | None:
    """What is already known of this very period; revisions are small. Silent where a sharper rule speaks."""
    in_force = context.figures.get(proposed.period)
    if in_force is None or not _is_far_from(in_force, proposed) or another_unit(proposed, context):
        return None
    message = _("%(value)s would take the place of %(reference)s, which is known of this period already. Say why.")
    return PlausibilityWarning("revision", message % {"value": proposed.shown, "reference": _shown(proposed, in_force)})


def outside_history(proposed: ProposedValue, context: Context) -> PlausibilityWarning | None:
    """Outside the range of the known values, widened by half of it on both sides; silent where a sharper rule speaks."""
    values = like_values(proposed, context)
    if len(values) < ENOUGH_HISTORY or any(
        rule(proposed, context) for rule in (an_index, another_unit, ten_times, rate_beyond_a_hundred, nothing_at_all)
    ):
        return None
    low, high = min(values), max(values)
    margin = max((high - low) / 2, LITTLE * max(abs(low), abs(high)))
    if low - margin <= proposed.value <= high + margin:
        return None
    message = _(
        "%(value)s is far from the %(count)s known values, which lie between %(low)s and %(high)s."
        " Check it; if it is right, say what happened."
    )
    params = {"count": len(values), "low": number(low), "high": number(high)}
    return PlausibilityWarning("history", message % {"value": proposed.shown, **params})


def before_its_end(proposed: ProposedValue, context: Context) -> PlausibilityWarning | None:
    published_on = proposed.published_on
    if published_on is None or not is_early(proposed.period, proposed.status, published_on):
        return None
    message = _("It came out on %(day)s, before %(period)s had ended. Is it an estimate, or of another period or year?")
    params = {"day": day(published_on), "period": period_text(proposed.period)}
    return PlausibilityWarning("early", message % params)


def is_early(period: Period, status: str, published_on: date) -> bool:
    """Whether it came out long before its period ended: that is an estimate, whatever it is called."""
    return status != FigureStatus.ESTIMATE and last_day(period) - published_on > EARLY


def other_than_its_source(proposed: ProposedValue, context: Context) -> PlausibilityWarning | None:
    """A source cannot tell of a period that begins after it, nor publish before it is issued."""
    issued_on, published_on = proposed.issued_on, proposed.published_on
    if issued_on is None or published_on is None:
        return None
    if issued_on.year < proposed.period.year:
        message = _("The source is of %(day)s, before this period began. Is it the right source, and the right year?")
        return PlausibilityWarning("source", message % {"day": day(issued_on)})
    if issued_on > published_on:
        message = _("The source is of %(day)s, later than the day of publication. Check both days.")
        return PlausibilityWarning("source", message % {"day": day(issued_on)})
    return None


def _alike(value: Decimal, other: Decimal) -> bool:
    return abs(other) <= abs(value) * ALIKE and abs(value) <= abs(other) * ALIKE


def _is_small(proposed: ProposedValue, reference: ReferenceValue) -> bool:
    """Whether both are counts so small that chance makes the one many times the other."""
    return proposed.indicator.decimals == 0 and max(abs(proposed.value), abs(reference.expected)) < SMALL_COUNT


def _is_an_index(proposed: ProposedValue, context: Context) -> bool:
    """Whether a rate of change is about a hundred, where no known value of it comes near."""
    low, high = INDEX
    largest = max((abs(value) for value in context.figures.values()), default=low)
    return proposed.is_percent_rate and low <= proposed.value <= high and largest < low / 2


def _is_a_swing(proposed: ProposedValue, context: Context) -> bool:
    """Whether a rate is within what rates do: they pass through zero, so many times one of them is nothing strange."""
    largest = max((abs(value) for value in context.figures.values()), default=Decimal(0))
    return proposed.indicator.kind == Kind.RATE and abs(proposed.value) <= max(WILD_RATE, largest * ALIKE)


def _size_warning(
    rule: str, proposed: ProposedValue, reference: ReferenceValue, times: str, meant: Decimal
) -> PlausibilityWarning:
    message = _("%(value)s is about %(times)s times what one expects after %(reference)s (%(period)s).")
    params = {"value": proposed.shown, "times": times, **reference.as_params(proposed.indicator)}
    decimals = proposed.indicator.decimals
    fits = _alike(meant, reference.expected) and _places(meant) <= min(4, max(decimals + 1, _places(reference.value)))
    advice = _("If the source says %(meant)s, write that.") if fits else _("Check the number and its unit.")
    suggestion = with_unit(number(meant), proposed.indicator.unit)
    return PlausibilityWarning(rule, f"{message % params} {advice % {'meant': suggestion}}", meant if fits else None)


def _is_far_from(in_force: Decimal, proposed: ProposedValue) -> bool:
    """More than a tenth away, and in percent more than a point; a rank is never revised by a little."""
    apart = abs(proposed.value - in_force)
    if proposed.indicator.kind == Kind.RANK:
        return bool(apart)
    return apart > abs(in_force) * REVISED and (apart > ONE_POINT or not proposed.is_in_percent)


def _shown(proposed: ProposedValue, value: Decimal) -> str:
    return with_unit(number(value), proposed.indicator.unit)


def _places(value: Decimal) -> int:
    """How many decimals a number has."""
    return max(0, -int(value.normalize().as_tuple().exponent))


RULES: list[Callable[[ProposedValue, Context], PlausibilityWarning | None]] = [
    not_a_rank,
    share_outside,
    an_index,
    another_unit,
    ten_times,
    rate_beyond_a_hundred,
    nothing_at_all,
    against_year_to_date,
    shares_off_a_hundred,
    negative_for_once,
    another_than_in_force,
    outside_history,
    before_its_end,
    other_than_its_source,
]

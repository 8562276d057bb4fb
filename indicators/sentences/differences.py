"""How far one value lies from another: points where the unit is a percentage, places for ranks, percent for amounts."""

from decimal import Decimal

from ..models import Indicator, Target
from ..text.numbers import format_number
from .formatting import number

_UNIT_OF_A_DISTANCE = {
    "%": {"vi": "điểm %", "en": "percentage points"},
    "hạng": {"vi": "bậc", "en": "places"},
}
_LEAST = Decimal("0.00005")  # four decimals are kept: what is closer is the same


def distance(value: Decimal, indicator: Indicator, language: str) -> str:
    """How far apart two values of `indicator` are, without a sign."""
    unit = indicator.unit_vi if language == "vi" else indicator.unit_en or indicator.unit_vi
    unit = _UNIT_OF_A_DISTANCE.get(indicator.unit_vi, {}).get(language, unit)
    return f"{number(abs(value), indicator.decimals, language, beside=[Decimal(0)])} {unit}"


def is_amount(indicator: Indicator) -> bool:
    """Whether a percentage of its values says anything: a quantity that is not itself a percentage or a place."""
    return indicator.kind in ("level", "flow") and "%" not in indicator.unit_vi


def relative(new: Decimal, old: Decimal, language: str) -> str:
    """By how many percent `new` differs from `old`, without a sign: "11,2%". `old` is not zero."""
    return f"{number(abs(new / old - 1) * 100, 1, language, beside=[Decimal(0)])}%"


def change(new: Decimal, old: Decimal, indicator: Indicator, language: str) -> str:
    """`new` against `old`: "+0,98 điểm %", "-3,1%" of an amount, "lên 2 bậc" of a rank, "không đổi"."""
    step = new - old
    if abs(step) < _LEAST:
        return "không đổi" if language == "vi" else "no change"
    if indicator.kind == "rank":
        places = format_number(abs(step), language)
        if language == "vi":
            return f"{'lên' if step < 0 else 'xuống'} {places} bậc"
        return f"{places} places {'up' if step < 0 else 'down'}"
    sign = "+" if step > 0 else "-"
    if is_amount(indicator) and old > 0:
        return sign + relative(new, old, language)
    return sign + distance(step, indicator, language)


def of_plan(value: Decimal, plan: Target, language: str) -> str:
    """Where `value` stands to the plan of its year: "92,8% kế hoạch" for an amount, else its distance; "" without a number."""
    edge = plan.edge(value)
    if edge is None:
        within = "trong khoảng kế hoạch" if language == "vi" else "within the range of the plan"
        return "" if plan.main_edge is None else within
    if is_amount(plan.indicator) and edge > 0:
        share = number(100 * value / edge, 1, language, beside=[Decimal(100)])
        return f"{share}% kế hoạch" if language == "vi" else f"{share}% of the plan"
    step = change(value, edge, plan.indicator, language)
    return f"{step} so với kế hoạch" if language == "vi" else f"{step} against the plan"

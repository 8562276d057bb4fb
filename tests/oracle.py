"""A second, naive reading of the method, to be compared with the real one on random data.

It follows the text rule by rule and prefers the literal to the fast. Every number is a `Fraction`: linear
arithmetic is exact, powers are good to some fifty digits. An "item" is a figure or an aggregate that the
measured value is made of.
"""

from calendar import monthrange
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

ON_TRACK, AT_RISK, FLOOR_OF_ACCELERATION = Fraction("0.95"), Fraction("0.60"), Fraction("0.90")
ABOUT, NEARLY, TOO_EARLY, STALE_MONTHS = Fraction("0.05"), Fraction("0.02"), Fraction("0.20"), 24
TOLERANCE = Fraction(1, 10**9)
STATUSES = ["estimate", "reported", "preliminary", "final"]
RELIABILITIES = ["", "C", "B", "A"]
WORST_FIRST = ["missed", "moving_away", "off_track", "at_risk", "on_track", "achieved", "exceeded"]
NUMBERS = ["measured_value", "pace_ratio", "needed_pace", "acceleration", "forecast"]
FLAGS = ["provisional", "approximate", "nearly"]


def judge(target, figures, aggregates, as_of):
    """§3: the verdict on one target by what had been published by `as_of`."""
    in_force = figures_in_force(figures, as_of)
    used = measured_items(target, in_force, aggregates_in_force(aggregates, as_of, target["basis"]))
    if target["better"] == "none":
        return verdict("cannot_judge", "no_direction")
    if any(figure["series_break"] for figure in figures_since_baseline(target, in_force)):
        return verdict("cannot_judge", "series_break")
    if is_compound_average(target) and any(value_of(item) <= -100 for item in used):
        return verdict("cannot_judge", "non_positive_values")
    if is_complete(target, used):
        return final_verdict(target, used) | {"nearly": is_nearly(target, used)}
    if is_early(target, used):
        return final_verdict(target, used)
    if as_of > date(target["last_year"] + 1, 6, 30):
        return ended_unmeasured(target, used)
    if target["basis"] == "value" and target["kind"] in ("level", "rank"):
        return running_position(target, in_force, used, as_of)
    return running_shape(target, in_force, used, as_of)


def judge_parts(parts):
    """§6: the worst of the parts' verdicts; `None` stands for a part without a target."""
    judged = [part for part in parts if part and part["status"] in WORST_FIRST]
    worst = min((part["status"] for part in judged), key=WORST_FIRST.index, default=None)
    if worst is None or (worst != "missed" and len(judged) < len(parts)):
        return verdict("cannot_judge", "parts_unjudged")
    return verdict(worst) | {flag: any(part[flag] for part in judged) for flag in ("provisional", "approximate")}


def verdict(status, reason="", used=(), **numbers):
    """§7, §8: what is shown; the flags are those of the shown items `used`."""
    shown = {name: None if numbers.get(name) is None else float(numbers[name]) for name in NUMBERS}
    flags = {
        "provisional": any(item["status"] in ("estimate", "preliminary") or is_premature(item) for item in used),
        "approximate": any(item["qualifier"] != "exact" for item in used),
        "nearly": False,
    }
    return {"status": status, "reason": reason, **shown, **flags}


def is_premature(item):
    """§7: published on or before the last day of its own period."""
    year, month = end_of(item)
    return item["published_on"] <= date(year, month, monthrange(year, month)[1])


# §1 Words


def figures_in_force(figures, as_of):
    """§1: {(year, through_month): the figure in force on `as_of`}."""
    return in_force_by(figures, as_of, lambda figure: (figure["year"], figure["through_month"]))


def aggregates_in_force(aggregates, as_of, basis):
    """§1: {(first_year, last_year): the aggregate in force}, of those whose measure is the target's basis."""
    same = [aggregate for aggregate in aggregates if aggregate["measure"] == basis]
    return in_force_by(same, as_of, lambda aggregate: (aggregate["first_year"], aggregate["last_year"]))


def in_force_by(rows, as_of, period_of):
    """§1: by period, the published row that comes first in order of exactness, status, date and source."""
    published = [row for row in rows if row["published_on"] <= as_of and row["value"] is not None]
    valued = [row for row in published if row["qualifier"] not in ("nil", "uncollected")]
    return {period_of(row): row for row in sorted(valued, key=precedence)}


def precedence(row):
    """§1: a sort key; of one period the row that sorts last is in force."""
    trust = RELIABILITIES.index(row["reliability"])
    return row["qualifier"] == "exact", STATUSES.index(row["status"]), row["published_on"], trust, row["source"]


def time_of(figure):
    """§1: t = y + m/12."""
    return figure["year"] + Fraction(figure["through_month"], 12)


def baseline_year(target):
    """§1: the year from whose end progress is measured."""
    return target["first_year"] - 1 if target["baseline_year"] is None else target["baseline_year"]


def limits(target):
    """§1: (t_b, τ)."""
    return baseline_year(target) + 1, target["last_year"] + 1


def years_of(target):
    """§1: the target's years; n of §5 is their number."""
    return range(target["first_year"], target["last_year"] + 1)


def is_compound_average(target):
    """§1 path: yearly rates averaged as compound growth."""
    return (target["kind"], target["basis"], target["path"]) == ("rate", "average", "compound")


def figures_since_baseline(target, in_force):
    """§3.2, §5: the figures in force with t_b < t ≤ τ, the latest last."""
    start, end = limits(target)
    return sorted((figure for figure in in_force.values() if start < time_of(figure) <= end), key=time_of)


# §2 Numbers and bounds


def value_of(item):
    """The published value, exactly."""
    return Fraction(item["value"])


def power(base, exponent):
    """base ** exponent for a positive base."""
    with localcontext() as context:
        context.prec = 60
        decimal_base = Decimal(base.numerator) / base.denominator
        return Fraction(decimal_base ** (Decimal(exponent.numerator) / exponent.denominator))


def compare(x, bound, qualifier="exact"):
    """§2: the sign of x − bound to within 1e-9; at the bound itself `over` is above and `under` below."""
    if abs(x - bound) <= TOLERANCE:
        return {"over": 1, "under": -1}.get(qualifier, 0)
    return 1 if x > bound else -1


def bounds(target):
    """§2: (low, high); for about, moved outwards by 5 % of their absolute values."""
    low, high = (None if target[side] is None else Fraction(target[side]) for side in ("low", "high"))
    return (low - ABOUT * abs(low), high + ABOUT * abs(high)) if target["bound"] == "about" else (low, high)


def is_met(target, x, qualifier):
    """§2, column "met when"."""
    low, high = bounds(target)
    if target["bound"] == "more_than":
        return compare(x, low, qualifier) > 0
    if target["bound"] == "less_than":
        return compare(x, high, qualifier) < 0
    above_low = target["better"] == "lower" or compare(x, low, qualifier) >= 0
    below_high = target["better"] == "higher" or compare(x, high, qualifier) <= 0
    return above_low and below_high


def is_exceeded(target, x, qualifier):
    """§2, column "exceeded when"."""
    low, high = bounds(target)
    if target["bound"] in ("more_than", "less_than") or target["better"] == "band":
        return False
    if target["better"] == "higher":
        return compare(x, low if target["bound"] == "at_least" else high, qualifier) > 0
    return compare(x, high if target["bound"] == "at_most" else low, qualifier) < 0


def deciding_bound(target, seen_from):
    """§2: T; for a band the near side as seen from a value that does not meet it."""
    low, high = bounds(target)
    is_floor = seen_from <= low if target["better"] == "band" else target["better"] == "higher"
    return low if is_floor else high


# §4, §5 What is measured


def measured_items(target, in_force, aggregates):
    """§4, §5: the items that make the measured value, the latest last."""
    if target["basis"] == "value":
        known = figures_since_baseline(target, in_force)
        in_year = [figure for figure in known if figure["year"] == target["last_year"]]
        return (known if target["kind"] in ("level", "rank") else in_year)[-1:]
    items = known_years(target, in_force, aggregates)
    return items + running_year(target, in_force, items) if target["basis"] == "total" else items


def known_years(target, in_force, aggregates):
    """§5, last paragraph: an aggregate with the full years after it, or the full years alone."""
    full = {year: in_force[year, 12] for year in years_of(target) if (year, 12) in in_force}
    whole = aggregates.get((target["first_year"], target["last_year"]))
    if whole:
        gives_way = len(full) == len(years_of(target)) and (is_overruled(whole, full) or is_overtaken(whole, full))
        return list(full.values()) if gives_way else [whole]
    for last in reversed(years_of(target)):
        aggregate = aggregates.get((target["first_year"], last))
        if aggregate and any(year not in full for year in range(target["first_year"], last + 1)):
            return [aggregate] + [full[year] for year in full if year > last]
    return list(full.values())


def is_overruled(whole, full):
    """§4: the lowest status among the years is higher than the aggregate's."""
    return min(STATUSES.index(figure["status"]) for figure in full.values()) > STATUSES.index(whole["status"])


def is_overtaken(whole, full):
    """§4: a yearly figure was published after the aggregate, with a status not lower than its."""
    later = [figure for figure in full.values() if figure["published_on"] > whole["published_on"]]
    return any(STATUSES.index(figure["status"]) >= STATUSES.index(whole["status"]) for figure in later)


def running_year(target, in_force, items):
    """§5: the latest year to date after the known years; a list of one figure or none."""
    years = [year for year in years_of(target) if all(year > end_of(item)[0] for item in items)]
    return sorted((figure for figure in in_force.values() if figure["year"] in years), key=time_of)[-1:]


def end_of(item):
    """The last year and month that an item speaks about."""
    return (item["last_year"], 12) if "measure" in item else (item["year"], item["through_month"])


def span_of(item):
    """How many years an item speaks about: 3 for an aggregate of three years, 3/4 for nine months."""
    if "measure" in item:
        return item["last_year"] - item["first_year"] + 1
    return Fraction(item["through_month"], 12)


def elapsed(used):
    """§5: e, or k for averages."""
    return Fraction(sum(span_of(item) for item in used))


def is_complete(target, used):
    """§4: the full-year figure of the last year; for averages and totals, every year."""
    if target["basis"] == "value":
        return bool(used) and end_of(used[-1]) == (target["last_year"], 12)
    return elapsed(used) == len(years_of(target))


def summed(used):
    """§5: Σ of an average, where an average over j years counts j times."""
    return sum(value_of(item) * span_of(item) for item in used)


def growth(used):
    """§5: ∏(1 + g), where a compound average A over j years stands for (1 + A)^j."""
    product = Fraction(1)
    for item in used:
        product *= (1 + value_of(item) / 100) ** int(span_of(item))
    return product


def measured(target, used):
    """§8: the value; S for flows and totals; the mean for averages; None when nothing is known."""
    if not used:
        return None
    if target["basis"] != "average":
        return sum(value_of(item) for item in used)
    if is_compound_average(target):
        return 100 * (power(growth(used), 1 / elapsed(used)) - 1)
    return summed(used) / elapsed(used)


def sole_qualifier(used):
    """§2: that of a single figure or sole aggregate; sums and means are plain numbers."""
    return used[0]["qualifier"] if len(used) == 1 else "exact"


# §4 Final verdicts


def is_early(target, used):
    """§4: the running total of a flow already meets a floor above zero, or no longer meets a ceiling."""
    if target["kind"] != "flow" or target["basis"] == "average" or target["better"] == "band" or not used:
        return False
    met = is_met(target, measured(target, used), sole_qualifier(used))
    return met and bounds(target)[0] > 0 if target["better"] == "higher" else not met


def final_verdict(target, used):
    """§4: exceeded, achieved or missed."""
    x, qualifier = measured(target, used), sole_qualifier(used)
    status = "achieved" if is_met(target, x, qualifier) else "missed"
    return verdict("exceeded" if is_exceeded(target, x, qualifier) else status, used=used, measured_value=x)


def is_nearly(target, used):
    """§7: a complete value missed by at most 2 % of the bound that it missed, of the near side for a range."""
    x, (low, high) = measured(target, used), bounds(target)
    if target["kind"] == "rank" or is_met(target, x, sole_qualifier(used)):
        return False
    if target["better"] == "band":
        near = low if compare(x, low, sole_qualifier(used)) < 0 else high
    else:
        near = low if target["better"] == "higher" else high
    return compare(abs(x - near), NEARLY * abs(near)) <= 0


def ended_unmeasured(target, used):
    """§3.4: the target has ended and its measured value is not complete."""
    if target["basis"] == "value" or not used:
        return verdict("no_data", "no_figure_for_target_year" if target["basis"] == "value" else "no_figure")
    return verdict("cannot_judge", "missing_years", used, measured_value=measured(target, used))


# §5 Verdicts on the way


def is_stale(used, as_of):
    """§5: the latest period used ended more than 24 months before `as_of`."""
    year, month = max(end_of(item) for item in used)
    return 12 * (as_of.year - year) + as_of.month - month > STALE_MONTHS


def is_too_fast(acceleration):
    """§5: M > 1/0.60."""
    return acceleration is not None and compare(acceleration, 1 / AT_RISK) > 0


def table(ratio, too_fast):
    """§5: the status by R, lowered when too little time is left."""
    if compare(ratio, 0) < 0:
        return "moving_away"
    if compare(ratio, AT_RISK) < 0:
        return "off_track"
    if compare(ratio, ON_TRACK) < 0:
        return "off_track" if too_fast and compare(ratio, FLOOR_OF_ACCELERATION) < 0 else "at_risk"
    return "at_risk" if too_fast else "on_track"


def running_position(target, in_force, used, as_of):
    """§5 Levels and ranks, steps 1 to 4."""
    if not used:
        return verdict("no_data", "no_figure")
    x, baseline, (start, end) = used[0], in_force.get((baseline_year(target), 12)), limits(target)
    is_rank, shown = target["kind"] == "rank", {"used": used, "measured_value": value_of(x)}
    if is_stale(used, as_of):
        return verdict("cannot_judge", "stale", **shown)
    if is_met(target, value_of(x), x["qualifier"]):
        return verdict("on_track", **shown) if is_rank else position_met(target, in_force, x, shown)
    if baseline is None:
        needed = None if is_rank else needed_change(target, x, deciding_bound(target, value_of(x)))
        return verdict("cannot_judge", "no_baseline", **shown, needed_pace=needed)
    if (time_of(x) - start) / (end - start) < TOO_EARLY:
        return verdict("cannot_judge", "too_early", **shown)
    return rank_moved(x, baseline, shown) if is_rank else level_moved(target, in_force, baseline, x, shown)


def position_met(target, in_force, x, shown):
    """§5 Levels, step 2: does the last change, extended, still meet the bounds?"""
    end, p = limits(target)[1], figure_before(target, in_force, x)
    if p is None:
        return verdict("on_track", **shown)
    change = (value_of(x) - value_of(p)) / (time_of(x) - time_of(p))
    forecast = value_of(x) + change * (end - time_of(x))
    reversing = not is_met(target, forecast, x["qualifier"])
    return verdict(*(("at_risk", "reversing") if reversing else ("on_track", "")), **shown, forecast=forecast)


def figure_before(target, in_force, x):
    """§5 Levels, step 2: p, the latest figure at least twelve months before x, nothing before the baseline, or None."""
    start = limits(target)[0]
    earlier = [figure for figure in in_force.values() if start <= time_of(figure) <= time_of(x) - 1]
    return max(earlier, key=time_of, default=None)


def rank_moved(x, baseline, shown):
    """§5 Ranks: against the baseline."""
    change = compare(value_of(x), value_of(baseline))
    return verdict({-1: "at_risk", 0: "off_track", 1: "moving_away"}[change], **shown)


def level_moved(target, in_force, baseline, x, shown):
    """§5 Levels, steps 5 and 6."""
    v, bound = value_of(baseline), deciding_bound(target, value_of(baseline))
    if is_met(target, v, baseline["qualifier"]):
        return verdict("moving_away", "met_at_baseline", **shown)
    if bound == v:
        return moved_from_bound(target, baseline, x, shown)
    if target["path"] == "compound" and min(v, value_of(x), bound) <= 0:
        return verdict("cannot_judge", "non_positive_values", **shown)
    (a, forecast), needed = change_so_far(target, v, x), needed_change(target, x, bound)
    acceleration = needed / a if needed * a > 0 else None
    ratio = (forecast - v) / (bound - v)
    status, reason = table(ratio, is_too_fast(acceleration)), ""
    is_beyond = compare(forecast, bound) > 0 if bound > v else compare(forecast, bound) < 0  # R > 1
    if target["better"] == "band" and is_beyond and not is_met(target, forecast, x["qualifier"]):
        status, reason = "at_risk", "overshooting"
    elif status == "on_track" and leads_away(target, in_force, v, x, bound):
        status, reason = "at_risk", "reversing"
    numbers = {"pace_ratio": ratio, "needed_pace": needed, "acceleration": acceleration, "forecast": forecast}
    return verdict(status, reason, **shown, **numbers)


def moved_from_bound(target, baseline, x, shown):
    """§5 Levels, step 5: T = v, and the baseline does not meet the bound."""
    if value_of(x) == value_of(baseline):
        return verdict("off_track", **shown)
    if target["better"] == "band":
        low, high = bounds(target)
        if compare(value_of(baseline), low, baseline["qualifier"]) < 0:
            is_past_far_edge = compare(value_of(x), high, x["qualifier"]) > 0
        else:
            is_past_far_edge = compare(value_of(x), low, x["qualifier"]) < 0
        if is_past_far_edge:
            return verdict("at_risk", "overshooting", **shown)
    return verdict("moving_away", **shown)


def leads_away(target, in_force, v, x, bound):
    """§5 Levels, step 6: the change from p to x goes the other way than the one from the baseline to T."""
    p = figure_before(target, in_force, x)
    if p is None:
        return False
    if bound > v:
        return value_of(x) < value_of(p)
    return value_of(x) > value_of(p)


def needed_change(target, x, bound):
    """§5 Levels, step 6: needed, in % a year on a compound path; None where it cannot be computed."""
    left = limits(target)[1] - time_of(x)
    if target["path"] == "linear":
        return (bound - value_of(x)) / left
    return 100 * (power(bound / value_of(x), 1 / left) - 1) if min(bound, value_of(x)) > 0 else None


def change_so_far(target, v, x):
    """§5 Levels, step 6: (a, F), a in % a year on a compound path."""
    past, left = time_of(x) - limits(target)[0], limits(target)[1] - time_of(x)
    if target["path"] == "linear":
        a = (value_of(x) - v) / past
        return a, value_of(x) + a * left
    factor = power(value_of(x) / v, 1 / past)
    return 100 * (factor - 1), value_of(x) * power(factor, left)


def so_far(target, used):
    """§5 Flows, rates and averages, first column: m."""
    is_sum = target["kind"] == "flow" and target["basis"] != "average"
    return measured(target, used) / elapsed(used) if is_sum else measured(target, used)


def per_unit(target, bound):
    """§5 Flows, rates and averages, second column: the bound per year."""
    return bound / len(years_of(target)) if target["basis"] == "total" else bound


def needed_for_rest(target, used, bound):
    """§5 Flows, rates and averages, third column."""
    n, e = len(years_of(target)), elapsed(used)
    if is_compound_average(target):
        return 100 * (power((1 + bound / 100) ** n / growth(used), 1 / (n - e)) - 1)
    if target["basis"] == "average":
        return (n * bound - summed(used)) / (n - e)
    if target["kind"] == "rate":
        return (bound - e * measured(target, used)) / (1 - e)
    return (bound - measured(target, used)) / (n - e)


def side_of(target, used):
    """§5 Flows, rates and averages, step 4: (`floor`, `ceiling` or `inside`, the bound T or None)."""
    (low, high), m, qualifier = bounds(target), so_far(target, used), sole_qualifier(used)
    if target["better"] != "band":
        return ("floor", low) if target["better"] == "higher" else ("ceiling", high)
    if compare(m, per_unit(target, low), qualifier) < 0:
        return "floor", low
    return ("ceiling", high) if compare(m, per_unit(target, high), qualifier) > 0 else ("inside", None)


def running_shape(target, in_force, used, as_of):
    """§5 Flows, rates and averages, steps 1 to 6."""
    if not used:
        part_year = target["basis"] == "average" and any(year in years_of(target) for year, _ in in_force)
        return verdict("cannot_judge", "too_early") if part_year else verdict("no_data", "no_figure")
    shown = {"used": used, "measured_value": measured(target, used)}
    if is_stale(used, as_of):
        return verdict("cannot_judge", "stale", **shown)
    side, bound = side_of(target, used)
    if bound is not None and bound <= 0:
        return verdict("cannot_judge", "non_positive_target", **shown)
    if elapsed(used) / len(years_of(target)) < TOO_EARLY:
        return verdict("cannot_judge", "too_early", **shown)
    if side == "inside":
        return verdict("on_track", **shown)
    pace, needed = so_far(target, used), needed_for_rest(target, used, bound)
    step = as_floor if side == "floor" else as_ceiling
    judged = step(pace, per_unit(target, bound), needed, shown | {"needed_pace": needed})
    by_the_table = judged["status"] == "on_track" and judged["pace_ratio"] is not None
    if by_the_table and is_unprecedented(target, in_force, side, needed):
        return judged | {"status": "at_risk", "reason": "unprecedented"}
    return judged


def is_unprecedented(target, in_force, side, needed):
    """§5 Flows, rates and averages, step 6: beyond every one of at least three full years."""
    values = [value_of(in_force[year, 12]) for year in years_of(target) if (year, 12) in in_force]
    if target["basis"] == "value" or len(values) < 3:
        return False
    return all(compare(needed, value) > 0 if side == "floor" else compare(needed, value) < 0 for value in values)


def as_floor(pace, bound, needed, shown):
    """§5 Flows, rates and averages, step 5: better higher."""
    ratio = max(pace / bound, Fraction(0))
    acceleration = needed / pace if pace > 0 and compare(needed, 0) > 0 else None
    status = table(ratio, is_too_fast(acceleration))
    return verdict(status, **shown, pace_ratio=ratio, acceleration=acceleration)


def as_ceiling(pace, bound, needed, shown):
    """§5 Flows, rates and averages, step 5: better lower."""
    if pace <= 0:
        return verdict("on_track", **shown)
    ratio, acceleration = bound / pace, pace / needed if compare(needed, 0) > 0 else None
    too_fast = acceleration is None or is_too_fast(acceleration)
    return verdict(table(ratio, too_fast), **shown, pace_ratio=ratio, acceleration=acceleration)

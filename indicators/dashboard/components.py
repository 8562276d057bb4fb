"""The small pieces of HTML that every page shares: chip, target, figure and name, one definition each."""

from decimal import Decimal
from functools import lru_cache

from django.urls import get_script_prefix, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..assessment import AggregateFact, FigureFact, Status
from ..core.language import active_language
from ..models import Agency, Indicator, Source, Target
from ..models.targets import Bound, Scope, TargetStatus
from ..queries.progress import ProgressRow
from ..queries.term_comparison import Ambition
from ..queries.term_overview import DANGER, OverviewLine
from ..queries.year_plan import PlanRow
from ..sentences import change, distance, gap_text, is_amount, measured_number, measured_period, relative
from ..sentences.formatting import (
    NO_VALUE,
    STATUS_LABEL,
    STATUS_SIGN,
    as_written,
    bound_text,
    figure_status,
    limits_of,
    number,
    qualified,
    short_period,
    with_unit,
)
from ..text.periods import Period

LONGEST_IN_A_CELL = 34


def address_of(record: Agency | Indicator | Source) -> SafeString:
    """Where the page of a record lies, in the language of the reader."""
    return _address(record._meta.model_name or "", record.code, active_language(), get_script_prefix())


# A listing has hundreds of links, and to work one out takes as long as to draw a cell.
@lru_cache(maxsize=10_000)
def _address(page: str, code: str, _language: str, _prefix: str) -> SafeString:
    return format_html("{}", reverse(page, args=[code]))


def status_chip(status: Status | str, *, draft: bool = False) -> SafeString:
    """A verdict as sign, word and colour, in that order of trust; on a `draft` target it is never a filled one."""
    status = Status(status)
    return format_html(
        '<span class="chip tone-{}{}"><span aria-hidden="true">{}</span> {}</span>',
        status, " of-draft" if draft else "", STATUS_SIGN[status], STATUS_LABEL[status],
    )  # fmt: skip


def verdict_notes(row: ProgressRow) -> list[str]:
    """What qualifies the verdict that counts: that it is official, what was calculated, how settled the figures are."""
    verdict = row.verdict
    flags = (
        (verdict.nearly, _("nearly achieved")),
        (verdict.provisional, _("provisional")),
        (verdict.approximate, _("approximate")),
    )
    marks = [text for holds, text in flags if holds]
    notes = [", ".join(marks)] if marks else []
    if row.official:
        calculated = _("calculated")  # within the f-string the message would not be found
        notes = [_("official"), f"{calculated}: {STATUS_LABEL[row.verdict.status]}", *notes]
    return notes


def chip(row: ProgressRow) -> SafeString:
    """The verdict on a row: the official one first where there is one, then what the calculation suggests."""
    return _chip(row, verdict_notes(row))


def short_chip(row: ProgressRow) -> SafeString:
    """The verdict on a row beside a sentence that tells how settled it is: only that it is official, or on a draft."""
    notes = verdict_notes(row)[:2] if row.official else []
    return _chip(row, [_("draft target"), *notes] if row.target.status == TargetStatus.DRAFT else notes)


def _chip(row: ProgressRow, notes: list[str]) -> SafeString:
    told = format_html_join("", ' <small class="note">{}</small>', [(note,) for note in notes])
    return status_chip(row.counts_as, draft=row.target.status == TargetStatus.DRAFT) + told


def frame_text(target: Target) -> str:
    """What a target belongs to: "Kế hoạch năm 2026", "Nhiệm kỳ 2025–2030"."""
    return _("Plan of %(year)s") % {"year": target.last_year} if target.scope == Scope.ANNUAL else target.term.name


def danger_note(row: ProgressRow, agency: Agency | None, as_of_query: str = "") -> SafeString:
    """What a target in danger lacks, and the `agency` that answers for it, linked; nothing for the others."""
    if row.counts_as not in DANGER:
        return SafeString("")
    notes = [gap_text(row, active_language())]
    if agency:
        notes.append(format_html('<a class="quiet" href="{}{}">{}</a>', address_of(agency), as_of_query, agency.name))
    return format_html_join("", '<small class="lacks">{}</small>', [(note,) for note in notes if note])


def measured_anchor(row: ProgressRow) -> str:
    """Where on the indicator's page the measured value stands with its source: the last version it was taken from."""
    used = row.verdict.details.used[-1]
    if isinstance(used, AggregateFact):
        return f"a{used.first_year}-{used.last_year}-{used.measure}"
    return f"p{Period(used.year, used.through_month).code}"


def target_cell(target: Target | None, as_of_query: str = "") -> SafeString | str:
    """A target for a table cell, linked to its source and quote, marked when it is a draft.

    `as_of_query` is the query that carries the day asked for along.
    """
    if target is None:
        return NO_VALUE
    words = as_written(target)
    if len(words) > LONGEST_IN_A_CELL:
        words = bound_text(target) or _("by parts")
    link = format_html(
        '<a class="quiet" href="{}{}#t{}">{}</a>', address_of(target.source), as_of_query, target.pk, words
    )
    if target.status != TargetStatus.DRAFT:
        return link
    return format_html("{} <em>{}</em>", link, target.get_status_display())


def latest_cell(
    latest: FigureFact | None, indicator: Indicator, as_of_query: str = "", *targets: Target
) -> SafeString | str:
    """A figure beside its `targets`, with its period and how firm it is, linked to its source; a phone adds the unit."""
    if latest is None:
        return NO_VALUE
    period = Period(latest.year, latest.through_month)
    return format_html(
        '<a class="quiet" href="{}{}#p{}" data-{}="{}"><b>{}</b></a> <small>{} · {}</small>',
        address_of(indicator), as_of_query, period.code,
        "rank" if indicator.kind == "rank" else "unit", indicator.unit,
        qualified(latest, indicator.decimals, beside=limits_of(*targets)), short_period(period),
        figure_status(latest.status),
    )  # fmt: skip


def latest_number(line: OverviewLine) -> str:
    """The latest figure of a line, which stands beside its targets."""
    assert line.latest is not None
    return qualified(line.latest, line.indicator.decimals, beside=limits_of(*line.targets.values()))


def ambition_text(ambition: Ambition) -> str:
    """What the next target asks for: "Đòi hỏi thêm 2,90 điểm % so với 7,1% đã đạt (bình quân 2021–2025)"."""
    indicator, language = ambition.row.target.indicator, active_language()
    values = {
        "step": distance(ambition.step, indicator, language),
        "reached": with_unit(_reached(ambition.reached_by, ambition.row.target), indicator.unit),
        "when": _when(ambition.reached_by),
    }
    if not ambition.step:
        words = _("No further than the %(reached)s reached (%(when)s)")
    elif not ambition.asks_more:
        words = _("Asks for less: %(step)s short of the %(reached)s reached (%(when)s)")
    else:
        values["step"] = _how_much_more(ambition, values["step"])
        if indicator.kind == "rank":
            words = _("Asks to climb %(step)s from the %(reached)s reached (%(when)s)")
        elif ambition.step > 0:
            words = _("Asks for %(step)s more than the %(reached)s reached (%(when)s)")
        else:
            words = _("Asks to come down %(step)s from the %(reached)s reached (%(when)s)")
    return " – ".join(filter(None, (words % values, _of_the_record(ambition))))


def _reached(reached_by: ProgressRow | FigureFact, target: Target) -> str:
    if isinstance(reached_by, FigureFact):
        return qualified(reached_by, target.indicator.decimals, beside=limits_of(target))
    return measured_number(reached_by, active_language())


def _when(reached_by: ProgressRow | FigureFact) -> str:
    if isinstance(reached_by, FigureFact):
        return short_period(Period(reached_by.year, reached_by.through_month))
    return measured_period(reached_by, active_language())


def _of_the_record(ambition: Ambition) -> str:
    """Whether the series has ever been there: "hơn mọi năm đã biết (tốt nhất: 8,36% năm 2018)"."""
    best, indicator = ambition.record, ambition.row.target.indicator
    if best is None or not ambition.beats_the_record:
        return ""
    record = {
        "value": with_unit(qualified(best, indicator.decimals, beside=limits_of(ambition.row.target)), indicator.unit),
        "year": best.year,
    }
    return _("beyond every year known (best: %(value)s in %(year)s)") % record


def _how_much_more(ambition: Ambition, step: str) -> str:
    """The step with the percentage that an amount has, and with the word of a bound that is not exact."""
    indicator, target, reached = ambition.row.target.indicator, ambition.row.target, ambition.reached
    if is_amount(indicator) and reached > 0:
        step = f"{step} ({relative(ambition.required, reached, active_language())})"
    pattern = {Bound.MORE_THAN: _("over %s"), Bound.LESS_THAN: _("over %s"), Bound.ABOUT: _("about %s")}
    return pattern.get(Bound(target.bound), "%s") % step


def pace_cell(plan: PlanRow) -> SafeString | str:
    """The year so far against the even pace; a whole year against the plan. A flow tells its share of the plan too."""
    if plan.now is None or plan.now.value is None or plan.even is None or plan.limit is None:
        return NO_VALUE
    indicator = plan.row.target.indicator
    notes = [_even_note(plan, number(plan.even, indicator.decimals, beside=limits_of(plan.row.target)))]
    if indicator.kind == "flow" and plan.limit > 0:
        notes.append(
            _("%(share)s%% of the plan")
            % {"share": number(plan.now.value / plan.limit * 100, 1, beside=[Decimal(100)])}
        )
    return format_html(
        "<b>{}</b> <small>{}</small>",
        change(plan.now.value, plan.even, indicator, active_language()), " · ".join(notes),
    )  # fmt: skip


def _even_note(plan: PlanRow, value: str) -> str:
    if plan.is_running and plan.even != plan.limit:
        return _("even pace: %(value)s") % {"value": value}
    return _("plan: %(value)s") % {"value": value}


def before_cell(plan: PlanRow) -> SafeString | str:
    """The same period last year: the difference in its own unit, then the figure of that period."""
    if plan.now is None or plan.before is None or plan.now.value is None or plan.before.value is None:
        return NO_VALUE
    indicator, period = plan.row.target.indicator, Period(plan.before.year, plan.before.through_month)
    difference = change(plan.now.value, plan.before.value, indicator, active_language())
    return format_html(
        "<b>{}</b> <small>{} ({})</small>",
        _("series break") if plan.begins_anew else difference,
        qualified(plan.before, indicator.decimals, beside=limits_of(plan.row.target)), short_period(period),
    )  # fmt: skip


def name_cell(line: OverviewLine, as_of_query: str = "") -> SafeString:
    """The linked name of an indicator, and for one with parts the switch that folds them."""
    indicator = line.indicator
    link = format_html('<a href="{}{}">{}</a>', address_of(indicator), as_of_query, indicator.name)
    if not line.parts:
        return link
    label = ngettext("%(count)d part", "%(count)d parts", len(line.parts)) % {"count": len(line.parts)}
    return format_html(
        '{} <label class="fold"><input type="checkbox"><span>{}<span class="visually-hidden"> {} {}</span></span></label>',
        link, label, _("of"), indicator.name,
    )  # fmt: skip

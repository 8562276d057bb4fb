"""PRESENT: the small pieces of HTML that every page shares: chip, target, figure and name, one definition each."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .assessment import Aggregate, Figure, Status
from .models import Indicator, Target
from .models.targets import TargetStatus
from .overview import Line
from .periods import Period
from .progress import ProgressRow
from .wording import (
    NO_VALUE,
    STATUS_LABEL,
    STATUS_SIGN,
    as_written,
    bound_text,
    figure_status,
    qualified,
    short_period,
)

LONGEST_IN_A_CELL = 34


def status_chip(status: Status | str) -> SafeString:
    """A verdict as sign, word and colour, in that order of trust."""
    status = Status(status)
    return format_html(
        '<span class="chip tone-{}"><span aria-hidden="true">{}</span> {}</span>',
        status, STATUS_SIGN[status], STATUS_LABEL[status],
    )  # fmt: skip


def chip(row: ProgressRow) -> SafeString:
    """The verdict on a row: the official one first where there is one, then what the calculation suggests."""
    marks = [
        text
        for held, text in ((row.verdict.provisional, _("provisional")), (row.verdict.approximate, _("approximate")))
        if held
    ]
    notes = [", ".join(marks)] if marks else []
    if row.official:
        calculated = _("calculated")  # within the f-string the message would not be found
        notes = [_("official"), f"{calculated}: {STATUS_LABEL[row.verdict.status]}", *notes]
    return status_chip(row.counts_as) + format_html_join(
        "", ' <small class="note">{}</small>', [(note,) for note in notes]
    )


def evidence_anchor(row: ProgressRow) -> str:
    """Where on the indicator's page the measured value stands with its source: the last version it was taken from."""
    used = row.verdict.evidence.used[-1]
    if isinstance(used, Aggregate):
        return f"a{used.first_year}-{used.last_year}-{used.measure}"
    return f"p{Period(used.year, used.through_month).code}"


def target_cell(target: Target | None, kept: str = "") -> SafeString | str:
    """A target for a table cell, linked to its source and quote, marked when it is a draft.

    `kept` is the query that carries the day asked for along.
    """
    if target is None:
        return NO_VALUE
    words = as_written(target)
    if len(words) > LONGEST_IN_A_CELL:
        words = bound_text(target) or _("by parts")
    address = f"{reverse('source', args=[target.source.code])}{kept}#t{target.pk}"
    link = format_html('<a class="quiet" href="{}">{}</a>', address, words)
    if target.status != TargetStatus.DRAFT:
        return link
    return format_html("{} <em>{}</em>", link, target.get_status_display())


def latest_cell(latest: Figure | None, indicator: Indicator, kept: str = "") -> SafeString | str:
    """A figure with its period and how firm it is, linked to its source and quote."""
    if latest is None:
        return NO_VALUE
    period = Period(latest.year, latest.through_month)
    return format_html(
        '<a class="quiet" href="{}{}#p{}"><b>{}</b></a> <small>{} · {}</small>',
        reverse("indicator", args=[indicator.code]), kept, period.code, qualified(latest, indicator.decimals),
        short_period(period), figure_status(latest.status),
    )  # fmt: skip


def name_cell(line: Line, kept: str = "") -> SafeString:
    """The linked name of an indicator, and for one with parts the switch that folds them."""
    indicator = line.indicator
    link = format_html('<a href="{}{}">{}</a>', reverse("indicator", args=[indicator.code]), kept, indicator.name)
    if not line.parts:
        return link
    label = ngettext("%(count)d part", "%(count)d parts", len(line.parts)) % {"count": len(line.parts)}
    return format_html(
        '{} <label class="fold"><input type="checkbox"><span>{}<span class="visually-hidden"> {} {}</span></span></label>',
        link, label, _("of"), indicator.name,
    )  # fmt: skip

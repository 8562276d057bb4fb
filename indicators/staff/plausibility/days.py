"""Rules on when a value came out, given its period and its source; what cannot be at all, the record itself refuses."""

from datetime import timedelta

from django.utils.translation import gettext as _

from ...models.figures import FigureStatus
from ...sentences.formatting import day, period_text
from ...text.periods import last_day
from .context import Context, Doubt, Proposed

EARLY = timedelta(days=31)  # surveys end in November, and the December session speaks of the year


def before_its_end(proposed: Proposed, context: Context) -> Doubt | None:
    """What comes out long before its period has ended is an estimate, whatever it is called."""
    out = proposed.publication
    if out is None or out.status == FigureStatus.ESTIMATE or (last_day(proposed.period) - out.published_on) <= EARLY:
        return None
    message = _("It came out on %(day)s, before %(period)s had ended. Is it an estimate, or of another period or year?")
    told = {"day": day(out.published_on), "period": period_text(proposed.period)}
    return Doubt("early", message % told)


def other_than_its_source(proposed: Proposed, context: Context) -> Doubt | None:
    """A source cannot tell of a period that begins after it, nor publish before it is issued."""
    out = proposed.publication
    if out is None or out.issued_on is None:
        return None
    if out.issued_on.year < proposed.period.year:
        message = _("The source is of %(day)s, before this period began. Is it the right source, and the right year?")
        return Doubt("source", message % {"day": day(out.issued_on)})
    if out.issued_on > out.published_on:
        message = _("The source is of %(day)s, later than the day of publication. Check both days.")
        return Doubt("source", message % {"day": day(out.issued_on)})
    return None

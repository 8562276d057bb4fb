"""New figures of a file beside values of the same indicator, period and status that are on their way: the question the sheet
asks for a row, asked for the file."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from ...models import Figure, State
from ...text.periods import Period
from ...workflow import correct_submitted, write
from ...workflow.permissions import Person, visible_figures

ANSWERS = ("replace", "keep")
Fact = tuple[int, Period, str]


def fact_of(figure: Figure) -> Fact:
    """What a figure says something about: two values for it are rivals."""
    return figure.indicator_id, figure.period, figure.status


def find_rivals(figures: Iterable[Figure], by: Person) -> dict[Fact, Figure]:
    """For new `figures` the newest one on its way for the same, of those that `by` may see; one query."""
    facts = {fact_of(figure) for figure in figures}
    if not facts:
        return {}
    indicators, periods, _statuses = zip(*facts, strict=True)
    waiting = (
        visible_figures(by)
        .exclude(state=State.APPROVED)
        .filter(indicator__in=set(indicators), year__in={period.year for period in periods})
    )
    oldest_first = waiting.select_related("indicator", "source").order_by("pk")
    return {fact_of(figure): figure for figure in oldest_first if fact_of(figure) in facts}


def rival_doubt(rival: Figure) -> str:
    """What the preview says of the line of a new figure that has a rival."""
    text = _("There is another value on its way (%(state)s): %(figure)s, %(source)s.")
    return text % {"state": rival.get_state_display(), "figure": str(rival), "source": str(rival.source)}


def replace_rival(rival: Figure, figure: Figure, *, by: Person, reason: str) -> None:
    """Let `figure` take the place of `rival`; a submitted one is submitted again. Raises Refused and Conflict."""
    was_submitted = rival.state == State.SUBMITTED
    same_source = rival.source_id == figure.source_id
    rival.note = figure.note or rival.note
    # Words of another document would not be those of the new value.
    rival.quote_vi = figure.quote_vi or (rival.quote_vi if same_source else "")
    rival.series_break = figure.series_break or rival.series_break
    for name in ("value", "qualifier", "published_on", "source"):
        setattr(rival, name, getattr(figure, name))
    save = correct_submitted if was_submitted else write
    save(rival, by=by, reason=reason)

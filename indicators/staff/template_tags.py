"""What waits for a person and what is missing, for the staff pages."""

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..sentences.formatting import short_period
from ..workflow.completeness import HeatMapCell
from ..workflow.inbox import Inbox, open_work
from ..workflow.permissions import Action, Person, may

register = template.Library()


@register.simple_tag
def inbox_for(person: Person) -> Inbox | None:
    """What waits for `person` today; None for somebody who neither enters nor approves figures."""
    if not may(person, Action.ENTER) and not may(person, Action.APPROVE):
        return None
    return open_work(timezone.localdate()).inbox_of(person)


register.filter("period_name", short_period)


@register.filter
def cell_words(cell: HeatMapCell) -> str:
    """What the colour of a cell says, in words."""
    if not cell.expected:
        return _("not asked for")
    words = {
        "overdue": ngettext("%(count)d overdue", "%(count)d overdue", cell.overdue) % {"count": cell.overdue},
        "open": _("due on %(day)s") % {"day": cell.due.due.strftime("%d/%m")} if cell.due else _("no deadline"),
        "late": ngettext("complete, %(count)d late", "complete, %(count)d late", cell.came_late)
        % {"count": cell.came_late},
        "complete": _("complete"),
    }
    text = words[cell.tone]
    if cell.tone == "open" and cell.lapsed:
        text = ngettext("%(count)d never came", "%(count)d never came", cell.lapsed) % {"count": cell.lapsed}
    if cell.returned:
        text += ", " + ngettext("%(count)d returned", "%(count)d returned", cell.returned) % {"count": cell.returned}
    return text

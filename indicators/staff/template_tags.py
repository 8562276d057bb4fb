"""What waits for a person and what is missing, for the staff pages."""

from typing import Any

from django import template
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import Figure, State, TargetProposal
from ..sentences.formatting import short_period
from ..workflow.completeness import ExpectedValue, HeatMapCell
from ..workflow.inbox import Inbox, open_work
from ..workflow.permissions import Action, Person, may
from ..workflow.watch_list import in_danger, incomplete_sources, running_targets, without_figures
from .sections import Section, sections_of
from .tasks import TaskGroup, task_groups

register = template.Library()


@register.simple_tag
def inbox_for(person: Person) -> Inbox | None:
    """What waits for `person` today; None for somebody who neither enters nor approves figures."""
    if not may(person, Action.ENTER) and not may(person, Action.APPROVE):
        return None
    return open_work(timezone.localdate()).inbox_of(person)


@register.simple_tag
def keeping_for(person: Person) -> dict[str, Any] | None:
    """The running targets without figures and the sources to complete; None for who does not keep the catalogue."""
    if not may(person, Action.EDIT_INDICATORS):
        return None
    rows = running_targets(timezone.localdate())
    return {"targets": without_figures(rows), "sources": list(incomplete_sources())}


@register.simple_tag
def targets_in_danger() -> list[Any]:
    """The judged targets that an official has to know of, the worst first."""
    return in_danger(running_targets(timezone.localdate()))


@register.simple_tag(takes_context=True)
def staff_sections(context: template.Context) -> list[Section]:
    """The links of the header for the person of this request, the one that leads here marked."""
    request = context["request"]
    return sections_of(request.user, request.path)


@register.simple_tag(takes_context=True)
def tasks_for(context: template.Context, person: Person) -> list[TaskGroup]:
    """The lists of records that `person` keeps, by task."""
    apps = context.get("app_list") or context.get("available_apps") or []
    return task_groups(apps, sees_all=may(person, Action.EDIT_INDICATORS))


@register.filter
def sheet_row(record: ExpectedValue | Figure) -> str:
    """The address of the very row of the entry sheet in which `record` is typed."""
    year, month = record.period
    return f"{reverse('staff:sheet')}?year={year}&months={month}#id_i{record.indicator.pk}-value"


@register.simple_tag
def target_work_for(person: Person) -> dict[str, int | bool] | None:
    """How many targets wait for `person`, by their state; None for somebody who neither keeps nor approves targets."""
    approves, proposes = may(person, Action.APPROVE), may(person, Action.PROPOSE_TARGETS)
    if not approves and not proposes:
        return None
    counts = dict(TargetProposal.objects.order_by().values_list("state").annotate(Count("pk")))
    return {"approves": approves, "proposes": proposes} | {state: counts.get(state, 0) for state in State.values}


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

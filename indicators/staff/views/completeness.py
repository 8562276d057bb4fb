"""What is missing: who was asked for how many values in which period, how many came, and the list behind each number."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...models import Membership
from ...models.base import EARLIEST_YEAR, LATEST_YEAR
from ...queries.responsible_agency import responsibility
from ...workflow.completeness import Completion, ExpectedValue, heat_map, of_year, still_open
from ...workflow.permissions import PERMISSIONS, Action, Person, enterable, may
from ..input_guard import REPEATED_LENGTH, small_number

NOBODY = "-"  # names the line of indicators that no agency answers for
COMPLETION_LABEL = {
    Completion.MISSING: gettext_lazy("missing"),
    Completion.ENTERED: gettext_lazy("entered, not submitted"),
    Completion.RETURNED: gettext_lazy("returned"),
    Completion.ANSWERED: gettext_lazy("handed in"),
}


def completeness(request: HttpRequest) -> HttpResponse:
    """Agencies × periods of a year; with `agency` and `month` the list behind one cell, one line or one column. An address
    that names no year opens the oldest overdue period.

    Raises PermissionDenied for those who neither enter nor approve, BadRequest for a year or month that is none.
    """
    today = timezone.localdate()
    year_message = _("“%(text)s” is not a year. Write a number from %(least)d to %(most)d.")
    month_message = _("“%(text)s” is not a month. Write a number from %(least)d to %(most)d.")
    year = number_in(request, "year", EARLIEST_YEAR, LATEST_YEAR, year_message)
    month = number_in(request, "month", 1, 12, month_message)
    agency = request.GET.get("agency", "")
    own = own_indicators(request.user)
    if year is None and month is None:
        overdue = [value.period for value in of_person(still_open(today), own, agency) if value.is_overdue]
        year, month = min(overdue, default=(today.year, None))
    year = year or today.year
    expected = of_person(of_year(year, today), own)
    periods, lines = heat_map(expected)
    listed = [value for value in of_person(expected, own, agency) if not month or value.period.through_month == month]
    is_list = bool(month or agency)
    context = admin.site.each_context(request) | {
        "title": _("What is missing"),
        "year": year,
        "page_of_year": f"{reverse('staff:completeness')}?year={year}",
        "periods": periods,
        "lines": lines,
        "listed": list_lines(listed, today, own) if is_list and listed else [],
        "is_list": is_list,
        "nobody": NOBODY,
        "may_approve": may(request.user, Action.APPROVE),
    }
    return TemplateResponse(request, "admin/indicators/completeness.html", context)


def of_person(values: list[ExpectedValue], own: set[int] | None, agency: str = "") -> list[ExpectedValue]:
    """Those of `values` that are about `own` indicators (None: all) and, where one is named, of the agency with that code."""
    return [
        value
        for value in values
        if (own is None or value.indicator.pk in own)
        and (not agency or agency == (value.agency.code if value.agency else NOBODY))
    ]


def own_indicators(user: Person) -> set[int] | None:
    """The indicators (primary keys) a clerk sees; None for approvers, who see all. Raises PermissionDenied for others."""
    if may(user, Action.APPROVE):
        return None
    if not may(user, Action.ENTER):
        raise PermissionDenied
    return set(enterable(user).values_list("pk", flat=True))


def number_in(request: HttpRequest, name: str, least: int, most: int, message: str) -> int | None:
    """The number that the address gives for `name`, None when it gives none. Raises BadRequest, with `message`, for others."""
    text = request.GET.get(name, "")
    if not text:
        return None
    number = small_number(text)
    if number is None or not least <= number <= most:
        raise BadRequest(message % {"text": text[:REPEATED_LENGTH], "least": least, "most": most})
    return number


def list_lines(values: list[ExpectedValue], today: date, own: set[int] | None) -> list[dict[str, Any]]:
    """The values with their state in words, who is asked today, and whether the figure behind it may be opened."""
    responsible, people = responsibility(today), people_by_agency()
    lines = []
    for value in sorted(values, key=lambda value: (value.is_answered, -value.days_late, value.period)):
        agency = responsible.agency_of(value.indicator)
        # What a clerk is still entering is theirs; approvers see it once it is submitted.
        may_open = value.received is not None and (own is not None or value.completion != Completion.ENTERED)
        lines.append(
            {
                "value": value,
                "label": COMPLETION_LABEL[value.completion],
                "figure": value.received.pk if value.received and may_open else None,
                "is_typed": own is not None and not value.is_answered,
                "people": people[agency.pk] if agency else [],
            }
        )
    return lines


def people_by_agency() -> dict[int, list[str]]:
    """The names of the members of each agency who may enter figures."""
    people = defaultdict(list)
    clerks = User.objects.with_perm(PERMISSIONS[Action.ENTER], backend="django.contrib.auth.backends.ModelBackend")
    for member in Membership.objects.filter(user__in=clerks).select_related("user"):
        people[member.agency_id].append(member.user.get_full_name() or member.user.get_username())
    return people

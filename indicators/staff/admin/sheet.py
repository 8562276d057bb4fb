"""The entry sheet: the figures of one period, typed row by row like the table of the report."""

from collections.abc import Collection, Iterable

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...models import Agency, Conflict, Figure, Source, StepKind
from ...text.periods import FULL_YEAR, Period
from ...workflow import Refused, carry_out, write
from ...workflow.permissions import ENTER, agencies_of
from ..forms import months, months_label
from ..forms.sheet import RowForm, SharedForm
from ..sheet_rows import sheet_rows
from .moves import NEVER_SEEN, SEEN, pairs, tell
from .sheet_lines import SheetLine, blank_lines, changed_by_button, read_lines

# Under which name the session keeps whether Tab goes down the column.
TAB_DOWN = "sheet_tab_down"
QUARTERS = (3, 6, 9, FULL_YEAR)


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """The addresses of the sheet and of what to read before it, below those of the figures."""
    return [
        path("sheet/", site.admin_view(entry_sheet), name="indicators_figure_sheet"),
        path("first-steps/", site.admin_view(first_steps), name="indicators_figure_first_steps"),
    ]


def first_steps(request: HttpRequest) -> HttpResponse:
    """What a first-time clerk needs to know, on one screen."""
    context = admin.site.each_context(request) | {"title": _("Three steps")}
    return TemplateResponse(request, "admin/indicators/first_steps.html", context)


def entry_sheet(request: HttpRequest) -> HttpResponse:
    """Show the sheet of the period asked for; read it back, save its good rows, or submit them."""
    if not request.user.has_perm(ENTER):
        raise PermissionDenied
    period, sources = asked_period(request), list(Source.objects.order_by("-issued_on", "code"))
    rows = sheet_rows(request.user, period, timezone.localdate())
    if request.method != "POST":
        return page(request, period, blank_lines(rows, sources), SharedForm(sources=sources))
    remember_tab(request)
    data = changed_by_button(request.POST, rows)
    shared = SharedForm(data, sources=sources)
    shared.is_valid()
    lines = read_lines(rows, data, shared.cleaned_data, sources)
    shared.tell_missing({name for line in lines if line.is_waiting for name in line.form.waits_for})
    if "_save" in data or "_submit" in data:
        return saved(request, period, lines, shared)
    return page(request, period, lines, shared)


def remember_tab(request: HttpRequest) -> None:
    """Keep the way of the Tab key for the next page."""
    if request.session.get(TAB_DOWN, False) != ("_tab_down" in request.POST):
        request.session[TAB_DOWN] = "_tab_down" in request.POST


def asked_period(request: HttpRequest) -> Period:
    """The period in the address; the last quarter that has ended when there is none."""
    today = timezone.localdate()
    year, month = request.GET.get("year", ""), request.GET.get("months", "")
    if not year and not month:
        ended = [one for one in QUARTERS if one < today.month]
        return Period(today.year, ended[-1]) if ended else Period(today.year - 1)
    if not (year.isascii() and year.isdigit() and 1990 <= int(year[:5]) <= today.year + 1):
        raise BadRequest(_("“%(text)s” is not a year to enter figures for.") % {"text": year[:20]})
    if month not in {str(one) for one in range(1, FULL_YEAR + 1)}:
        raise BadRequest(_("“%(text)s” is not a number of months from 1 to 12.") % {"text": month[:20]})
    return Period(int(year), int(month))


def saved(request: HttpRequest, period: Period, lines: list[SheetLine], shared: SharedForm) -> HttpResponse:
    """Save every good row, submit them when asked to; stay with what was typed in the others."""
    typed = [line for line in lines if line.form.has_changed()]
    with transaction.atomic():
        lock_in_order(lines)
        done = [line for line in typed if line.is_good and store(line.form, request)]
        written = {line.form.instance.pk for line in done if not line.form.is_as_stored}
        if new := len(written):
            messages.success(request, ngettext("One row saved.", "%(count)d rows saved.", new) % {"count": new})
        elif done:
            messages.info(request, _("These rows are saved already; nothing was changed."))
        if "_submit" in request.POST:
            submit(request, lines, written)
    bad = {line.row.indicator.pk: line for line in typed if line.is_bad or line.is_waiting}
    if not bad:
        if not typed and "_save" in request.POST:
            messages.warning(request, _("Nothing was typed, so nothing was saved."))
        return redirect(request.get_full_path())
    rows = sheet_rows(request.user, period, timezone.localdate())
    fresh = blank_lines(rows, list(Source.objects.order_by("-issued_on", "code")))
    return page(request, period, [bad.get(line.row.indicator.pk, line) for line in fresh], shared)


def lock_in_order(lines: Iterable[SheetLine]) -> None:
    """Lock the drafts by primary key, as every other writer does: two people then wait for each other, never in a circle."""
    drafts = [draft.pk for line in lines for draft in line.row.drafts]
    list(Figure.objects.select_for_update().filter(pk__in=drafts).order_by("pk").values_list("pk"))


def store(form: RowForm, request: HttpRequest) -> bool:
    """Save one good row, for itself; False, and what is wrong on the row, when it cannot be."""
    if form.is_as_stored:
        return True
    try:
        with transaction.atomic():
            write(form.instance, by=request.user, reason=form.reason_to_keep)
    except Refused as refused:
        form.add_error(None, str(refused))
    except (Conflict, IntegrityError):
        form.add_error(None, _("Somebody saved this figure at the same moment. Look at it again and save once more."))
    return not form.errors


def submit(request: HttpRequest, lines: Iterable[SheetLine], written: Collection[int]) -> None:
    """Submit the drafts of the rows, those just `written` and those from before in the version that the sheet showed.

    Rows with a mistake wait, so do those that lack what all rows share, and further drafts of a row, which only their own
    pages show.
    """
    drafts = [line.form.instance for line in lines if not (line.is_bad or line.is_waiting) and line.form.instance.pk]
    if drafts:
        shown = pairs(request.POST.getlist(SEEN))
        seen = {one.pk: one.version if one.pk in written else shown.get(one.pk, NEVER_SEEN) for one in drafts}
        tell(request, carry_out(StepKind.SUBMIT, seen, by=request.user))
    else:
        messages.warning(request, _("There is nothing to submit yet."))


def page(request: HttpRequest, period: Period, lines: list[SheetLine], shared: SharedForm) -> HttpResponse:
    """The sheet as a page."""
    today = timezone.localdate()
    context = {
        **admin.site.each_context(request),
        "title": _("Entry sheet"),
        "is_nav_sidebar_enabled": False,  # the table needs the width
        "period": period,
        "period_label": months_label(period.through_month),
        "last_year": period.same_period_last_year,
        "years": range(today.year + 1, min(2009, period.year - 1), -1),
        "months": months(),
        "lines": lines,
        "shared": shared,
        "answered": sum(line.is_answered for line in lines),
        "drafts": sum(bool(line.row.drafts) for line in lines),
        "bad": sum(line.is_bad and not line.is_doubtful for line in lines),
        "doubtful": sum(line.is_doubtful for line in lines),
        "good": sum(line.is_good for line in lines),
        "waiting": sum(line.is_waiting for line in lines),
        "is_unsaved": any(line.form.is_bound and line.form.has_changed() for line in lines),
        "tab_down": request.session.get(TAB_DOWN, False),
        "agencies": Agency.objects.filter(pk__in=agencies_of(request.user)),
        "sources": Source.objects.order_by("-issued_on", "code"),
    }
    return TemplateResponse(request, "admin/indicators/sheet.html", context)

"""The entry sheet: the figures of one period, typed row by row like the table of the report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..entry.forms import months, months_label
from ..entry.forms.sheet import RowForm, SharedForm, row_form, take_answers_without_value, typed_values
from ..entry.plausibility import Context, contexts
from ..entry.sheet import SheetRow, sheet_rows
from ..models import Agency, Conflict, Figure, Source, StepKind
from ..models.figures import NO_VALUE
from ..notation.numerals import format_number
from ..office.rights import ENTER, agencies_of
from ..office.workflow import Refused, carry_out, write
from ..periods import FULL_YEAR, Period
from ..sentences import set_against, understood, would_do
from ..standings.consequence import consequences
from ..wording import active_language
from .base import tell

QUARTERS = (3, 6, 9, FULL_YEAR)


@dataclass
class SheetLine:
    """A row with its form, and what is read back of it."""

    row: SheetRow
    form: RowForm
    understood: str = ""
    against: str = ""
    effect: str = ""

    @property
    def is_bad(self) -> bool:
        return self.form.is_bound and bool(self.form.errors)

    @property
    def is_doubtful(self) -> bool:
        """Whether nothing is wrong but what a reason or a confirmation would settle."""
        errors = set(self.form.errors) if self.is_bad else set()
        is_doubted = bool(getattr(self.form, "doubts", ())) or errors == {"confirmed"}
        return bool(errors) and is_doubted and errors <= {"value", "reason", "confirmed"}

    @property
    def is_open(self) -> bool:
        """Whether something is wrong in a field that is folded away."""
        return self.is_bad and bool(set(self.form.errors) - {"value", "qualifier", "reason", "confirmed", "__all__"})

    @property
    def is_answered(self) -> bool:
        return bool(self.row.in_force or self.row.waiting)


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
    data = changed_by_button(request.POST, rows)
    shared = SharedForm(data, sources=sources)
    shared.is_valid()
    lines = read_lines(rows, data, shared.cleaned_data, sources)
    if "_save" in data or "_submit" in data:
        return saved(request, period, lines, shared)
    return page(request, period, lines, shared)


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


def changed_by_button(posted: QueryDict, rows: Iterable[SheetRow]) -> QueryDict:
    """What was typed, dashes as the answers they are, with the change that a button asked for: a suggested value taken,
    empty rows filled."""
    data = posted.copy()
    name, _equals, value = posted.get("_take", "").partition("=")
    if name.startswith("i") and name.endswith("-value"):
        data[name] = value[:40]
    take_answers_without_value(data, [row.indicator.pk for row in rows])
    if "_copy" in posted:
        take_over_last_year(data, rows)
    return data


def take_over_last_year(data: QueryDict, rows: Iterable[SheetRow]) -> None:
    """Put last year's number and its word into the rows without an answer, each marked as to be confirmed."""
    for row in rows:
        name, last = f"i{row.indicator.pk}", row.to_take_over
        is_answered = data.get(f"{name}-value", "").strip() or data.get(f"{name}-qualifier") in NO_VALUE
        if last and last.value is not None and not is_answered:
            text = format_number(last.value, active_language())
            data[f"{name}-value"] = data[f"{name}-taken"] = text
            data[f"{name}-qualifier"] = last.qualifier


def blank_lines(rows: Iterable[SheetRow], sources: Sequence[Source]) -> list[SheetLine]:
    """The rows as they are, nothing typed."""
    return [SheetLine(row, row_form(row.figure(), None, sources=sources)) for row in rows]


def read_lines(
    rows: list[SheetRow], data: QueryDict, shared: Mapping[str, Any], sources: Sequence[Source]
) -> list[SheetLine]:
    """Every row as typed, checked, and read back where something was typed."""
    known = known_contexts(rows, data)
    lines = [
        SheetLine(row, row_form(row.figure(), data, sources=sources, shared=shared, context=known[row.indicator.pk]))
        for row in rows
    ]
    typed = [line for line in lines if line.form.has_changed() and line.form.is_valid()]
    language = active_language()
    effects = consequences([line.form.instance for line in typed], timezone.localdate()) if typed else {}
    for line in typed:
        figure = line.form.instance
        line.understood = understood(figure, language)
        line.against = set_against(figure, line.row.last_year, line.row.plan, language)
        line.effect = would_do(effects[figure.indicator_id], language)
    return lines


def known_contexts(rows: list[SheetRow], data: QueryDict) -> dict[int, Context]:
    """What each row is held against; parts of one whole are held against what is typed beside them."""
    if not rows:
        return {}
    indicators = [row.indicator for row in rows]
    drafts = [draft.pk for row in rows for draft in row.drafts]
    found = contexts(indicators, rows[0].period, timezone.localdate(), drafts)
    typed = typed_values(data, found)
    return {
        pk: replace(one, siblings={other: typed.get(other, value) for other, value in one.siblings.items()})
        for pk, one in found.items()
    }


def saved(request: HttpRequest, period: Period, lines: list[SheetLine], shared: SharedForm) -> HttpResponse:
    """Save every good row, submit them when asked to; stay with what was typed in the others."""
    typed = [line for line in lines if line.form.has_changed()]
    with transaction.atomic():
        lock_in_order(lines)
        done = [line for line in typed if not line.form.errors and store(line.form, request)]
        new = sum(not line.form.is_as_stored for line in done)
        if new:
            messages.success(request, ngettext("One row saved.", "%(count)d rows saved.", new) % {"count": new})
        elif done:
            messages.info(request, _("These rows are saved already; nothing was changed."))
        if "_submit" in request.POST:
            submit(request, lines)
    bad = {line.row.indicator.pk: line for line in typed if line.is_bad}
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


def submit(request: HttpRequest, lines: Iterable[SheetLine]) -> None:
    """Submit the drafts of the sheet: those just saved and those from before; rows with a mistake wait."""
    good = [line for line in lines if not line.is_bad]
    drafts = [line.form.instance for line in good if line.form.instance.pk]
    drafts += [draft for line in good for draft in line.row.drafts[1:]]
    if drafts:
        tell(request, carry_out(StepKind.SUBMIT, {one.pk: one.version for one in drafts}, by=request.user))
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
        "years": range(today.year + 1, 2009, -1),
        "months": months(),
        "lines": lines,
        "shared": shared,
        "answered": sum(line.is_answered for line in lines),
        "drafts": sum(bool(line.row.drafts) for line in lines),
        "bad": sum(line.is_bad and not line.is_doubtful for line in lines),
        "doubtful": sum(line.is_doubtful for line in lines),
        "good": sum(line.form.has_changed() and not line.is_bad for line in lines if line.form.is_bound),
        "agencies": Agency.objects.filter(pk__in=agencies_of(request.user)),
        "sources": Source.objects.order_by("-issued_on", "code"),
    }
    return TemplateResponse(request, "admin/indicators/sheet.html", context)

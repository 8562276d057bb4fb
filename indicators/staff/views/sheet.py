"""The entry sheet: the figures of one period, typed row by row like the table of the report."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...core.language import active_language
from ...models import Conflict, Figure, Source, StepKind
from ...queries.impact import figure_impacts
from ...sentences import describe_comparison, describe_effect, describe_reading
from ...text.periods import FULL_YEAR, Period
from ...workflow import Refused, apply_transition, correct_submitted, write, write_many
from ...workflow.completeness import expected_values
from ...workflow.permissions import own_agencies
from ..forms import months, months_label
from ..forms.paste import PasteForm, apply_paste
from ..forms.sheet import SharedForm, SheetRowForm, apply_button, bound_forms
from ..forms.sources import NewSourceForm
from ..sheet_rows import SheetRow, sheet_rows
from .transitions import NEVER_SHOWN, UNCHANGED_FIELD, VERSIONS_FIELD, report_outcome, shown_version, shown_versions

# Under which name the session keeps whether Tab goes down the column.
TAB_DOWN = "sheet_tab_down"
QUARTERS = (3, 6, 9, FULL_YEAR)


def entry_sheet(request: HttpRequest) -> HttpResponse:
    """Show the sheet of the period asked for; read it back, save its good rows, or submit them.

    Raises BadRequest for an address that names no period.
    """
    period, sources = period_from_query(request), list(Source.objects.order_by("-issued_on", "code"))
    rows = sheet_rows(request.user, period, timezone.localdate())
    if request.method == "POST" and "_row" in request.POST:
        return save_left_row(request, period, rows, sources)
    if request.method != "POST":
        row_forms, shared = [SheetRowForm(row, sources) for row in rows], SharedForm(sources=sources)
        return render_sheet(request, period, row_forms, shared, sources)
    if request.session.get(TAB_DOWN, False) != ("_tab_down" in request.POST):
        request.session[TAB_DOWN] = "_tab_down" in request.POST
    paste = PasteForm(request.POST, rows)
    data = apply_button(apply_paste(paste), rows)
    new_source = add_source(request, data, sources) if "_add_source" in data else NewSourceForm()
    shared = SharedForm(data, sources=sources)
    shared.is_valid()
    row_forms = bound_forms(rows, data, shared.cleaned_data, sources)
    shared.add_missing_errors({name for form in row_forms if form.is_waiting for name in form.missing})
    if "_save" in data or "_submit" in data:
        return save_rows(request, period, row_forms, shared, sources)
    return render_sheet(request, period, row_forms, shared, sources, paste, new_source)


def save_left_row(
    request: HttpRequest, period: Period, rows: Sequence[SheetRow], sources: Sequence[Source]
) -> HttpResponse:
    """Save the row that somebody has just left, as a draft, and answer with that row alone, as the page shows it.

    What is not certain, or would change a figure that is submitted, is only read back. Raises BadRequest for a row that
    is not there.
    """
    rows = [row for row in rows if str(row.indicator.pk) == request.POST["_row"]]
    if not rows:
        raise BadRequest(_("This row is not in the sheet. Open the sheet again."))
    data = apply_button(request.POST, rows)
    shared = SharedForm(data, sources=sources)
    shared.is_valid()
    (form,) = bound_forms(rows, data, shared.cleaned_data, sources)
    with transaction.atomic():
        lock_figures([form])
        is_saved = form.is_good and not form.corrects_submitted and save_row(form, request)
    if is_saved:
        rows = sheet_rows(request.user, period, timezone.localdate())
        form = SheetRowForm(next(row for row in rows if row.indicator == form.row.indicator), sources)
    describe_rows([form])
    context = {
        "form": form,
        "version_shown": shown_version(form.row.draft) if form.row.draft else "",
        "period": period,
        "last_year": period.same_period_last_year,
    }
    response = TemplateResponse(request, "admin/indicators/sheet_row.html", context)
    response["X-Row-Saved"] = "yes" if is_saved else "no"
    return response


def add_source(request: HttpRequest, data: QueryDict, sources: list[Source]) -> NewSourceForm:
    """Store the new source and choose it for all rows; the form, empty again or with what is wrong.

    Raises PermissionDenied for those who may add none.
    """
    if not request.user.has_perm("indicators.add_source"):
        raise PermissionDenied
    form = NewSourceForm(data)
    if not form.is_valid():
        return form
    source = form.save()
    sources.insert(0, source)
    data["source"] = source.code
    messages.success(request, _("The source was added and is chosen for all rows: %(source)s.") % {"source": source})
    return NewSourceForm()


def period_from_query(request: HttpRequest) -> Period:
    """The period in the address; the last quarter that has ended when there is none. Raises BadRequest."""
    today = timezone.localdate()
    year, month = request.GET.get("year", ""), request.GET.get("months", "")
    if not year and not month:
        ended = [quarter for quarter in QUARTERS if quarter < today.month]
        return Period(today.year, ended[-1]) if ended else Period(today.year - 1)
    if not (year.isascii() and year.isdigit() and 1990 <= int(year[:5]) <= today.year + 1):
        raise BadRequest(_("“%(text)s” is not a year to enter figures for.") % {"text": year[:20]})
    if month not in {str(number) for number in range(1, FULL_YEAR + 1)}:
        raise BadRequest(_("“%(text)s” is not a number of months from 1 to 12.") % {"text": month[:20]})
    return Period(int(year), int(month))


def save_rows(
    request: HttpRequest, period: Period, row_forms: list[SheetRowForm], shared: SharedForm, sources: Sequence[Source]
) -> HttpResponse:
    """Save every good row, submit them when asked to; stay with what was typed in the others."""
    typed = [form for form in row_forms if form.is_typed]
    with transaction.atomic():
        lock_figures(row_forms)
        saved = save_good_rows([form for form in typed if form.is_good], request)
        changed = [form for form in saved if not form.is_as_stored]
        written = {form.instance.pk for form in changed}
        if new := sum(not form.corrects_submitted for form in changed):
            messages.success(request, ngettext("One row saved.", "%(count)d rows saved.", new) % {"count": new})
        if corrected := sum(form.corrects_submitted for form in changed):
            text = ngettext(
                "One figure corrected and submitted again.",
                "%(count)d figures corrected and submitted again.",
                corrected,
            )
            messages.success(request, text % {"count": corrected})
        if saved and not changed and "_submit" not in request.POST:
            messages.info(request, _("These rows are saved already; nothing was changed."))
        if "_submit" in request.POST:
            submit_drafts(request, row_forms, written)
    unsaved = {form.row.indicator.pk: form for form in typed if form.is_bad or form.is_waiting}
    if not unsaved:
        if not typed and "_save" in request.POST:
            messages.warning(request, _("Nothing was typed, so nothing was saved."))
        return redirect(request.get_full_path())
    rows = sheet_rows(request.user, period, timezone.localdate())
    row_forms = [unsaved.get(row.indicator.pk) or SheetRowForm(row, sources) for row in rows]
    return render_sheet(request, period, row_forms, shared, sources)


def lock_figures(row_forms: Iterable[SheetRowForm]) -> None:
    """Lock the drafts, and what is corrected, by primary key, as every other writer does: two people then wait for each
    other, never in a circle."""
    figures = {draft.pk for form in row_forms for draft in form.row.drafts}
    figures |= {form.instance.pk for form in row_forms if form.instance.pk}
    list(Figure.objects.select_for_update().filter(pk__in=figures).order_by("pk").values_list("pk"))


def save_good_rows(row_forms: Iterable[SheetRowForm], request: HttpRequest) -> list[SheetRowForm]:
    """Save good rows and give back those that are saved: all that have one reason together, in as many queries as one;
    each for itself where one of them cannot be."""
    row_forms = list(row_forms)
    groups: dict[str, list[SheetRowForm]] = defaultdict(list)
    for form in row_forms:
        if not form.is_as_stored and not form.corrects_submitted:
            groups[form.reason_to_keep].append(form)
    together: set[SheetRowForm] = set()
    for reason, forms in groups.items():
        figures = [form.instance for form in forms]
        before = [(figure.pk, figure.version) for figure in figures]
        try:
            with transaction.atomic():
                write_many(figures, by=request.user, reason=reason)
            together |= set(forms)
        except (Refused, Conflict, IntegrityError):
            for figure, (pk, version) in zip(figures, before, strict=True):
                figure.pk, figure.version = pk, version
    return [form for form in row_forms if form in together or save_row(form, request)]


def save_row(form: SheetRowForm, request: HttpRequest) -> bool:
    """Save one good row, for itself; False, and what is wrong on the row, when it cannot be."""
    if form.is_as_stored:
        return True
    try:
        with transaction.atomic():
            save = correct_submitted if form.corrects_submitted else write
            save(form.instance, by=request.user, reason=form.reason_to_keep)
    except Refused as refused:
        form.add_error(None, str(refused))
    except (Conflict, IntegrityError):
        form.add_error(None, _("Somebody saved this figure at the same moment. Look at it again and save once more."))
    return not form.errors


def submit_drafts(request: HttpRequest, row_forms: Iterable[SheetRowForm], written: Collection[int]) -> None:
    """Submit the drafts of the rows, those just `written` and those from before in the version that the sheet showed.

    Rows with a mistake wait, so do those that lack what all rows share, and further drafts of a row, which only their own
    pages show. So does what came back and was neither changed nor ticked to go back as it is.
    """
    unchanged = shown_versions(request.POST.getlist(UNCHANGED_FIELD))
    drafts, unmended = [], 0
    for form in row_forms:
        figure = form.instance
        if form.is_bad or form.is_waiting or form.corrects_submitted or not figure.pk:
            continue
        if form.row.is_unmended and figure.pk not in written and figure.pk not in unchanged:
            unmended += 1
        else:
            drafts.append(figure)
    if unmended:
        text = ngettext(
            "One returned figure was not submitted: change it, or tick that it goes back as it is.",
            "%(count)d returned figures were not submitted: change them, or tick those that go back as they are.",
            unmended,
        )
        messages.warning(request, text % {"count": unmended})
    if drafts:
        shown = shown_versions(request.POST.getlist(VERSIONS_FIELD))
        versions = {
            draft.pk: draft.version if draft.pk in written else shown.get(draft.pk, NEVER_SHOWN) for draft in drafts
        }
        report_outcome(request, apply_transition(StepKind.SUBMIT, versions, by=request.user, meant_unchanged=unchanged))
    elif not unmended and not written:
        messages.warning(request, _("There is nothing to submit yet."))


def describe_rows(row_forms: Iterable[SheetRowForm]) -> None:
    """Say of each row that can be right what was understood, and what it would do once it is known how it came out."""
    language = active_language()
    readable = [form for form in row_forms if form.is_typed and form.is_readable]
    complete = [form.instance for form in readable if not form.missing]
    effects = figure_impacts(complete, timezone.localdate()) if complete else {}
    for form in readable:
        figure = form.instance
        form.reading = describe_reading(figure, language)
        form.comparison = describe_comparison(figure, form.row.last_year, form.row.plan, language)
        if figure.indicator_id in effects:
            form.effect = describe_effect(effects[figure.indicator_id], language)


def render_sheet(
    request: HttpRequest,
    period: Period,
    row_forms: list[SheetRowForm],
    shared: SharedForm,
    sources: Sequence[Source],
    paste: PasteForm | None = None,
    new_source: NewSourceForm | None = None,
) -> HttpResponse:
    """The sheet as a page, every row that can be right read back."""
    # Only here: what a row would do takes a judgement of all its targets, which a row that is saved does not need.
    describe_rows(row_forms)
    today = timezone.localdate()
    due = {
        value.indicator.pk: value for value in expected_values([period], today) if value.due and not value.is_answered
    }
    for form in row_forms:
        form.due = due.get(form.row.indicator.pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Entry sheet"),
        "is_nav_sidebar_enabled": False,  # the table needs the width
        "period": period,
        "period_label": months_label(period.through_month),
        "last_year": period.same_period_last_year,
        "years": range(today.year + 1, min(2009, period.year - 1), -1),
        "months": months(),
        "row_forms": [(form, shown_version(form.row.draft) if form.row.draft else "") for form in row_forms],
        "shared": shared,
        "new_source": new_source or NewSourceForm(),
        "may_add_source": request.user.has_perm("indicators.add_source"),
        "paste": paste or PasteForm(None, [form.row for form in row_forms]),
        "answered": sum(bool(form.row.in_force or form.row.waiting) for form in row_forms),
        "due": sum(bool(form.due) for form in row_forms),
        "drafts": sum(bool(form.row.drafts) for form in row_forms),
        "ready_drafts": sum(bool(form.row.drafts) and not form.row.is_unmended for form in row_forms),
        "bad": sum(form.is_bad and not form.is_doubtful for form in row_forms),
        "doubtful": sum(form.is_doubtful for form in row_forms),
        "good": sum(form.is_good for form in row_forms),
        "waiting": sum(form.is_waiting for form in row_forms),
        "is_unsaved": any(form.is_typed for form in row_forms),
        "tab_down": request.session.get(TAB_DOWN, False),
        "agencies": own_agencies(request.user),
        "sources": sources,
    }
    return TemplateResponse(request, "admin/indicators/sheet.html", context)

"""Many targets at once: a pasted list is read line by line, looked through, and submitted for approval."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...models import Indicator
from ...workflow.target_proposals import propose
from ..forms.proposals import TargetProposalForm
from ..forms.target_list import LineForm, TargetListForm, indicator_choices
from ..target_lines import TargetLine, suggest, target_lines


@dataclass
class ListRow:
    """A line with its form; `understood` is what would be submitted, `errors` what has to be settled first."""

    line: TargetLine
    form: TargetProposalForm
    understood: str = ""
    errors: tuple[str, ...] = ()

    @property
    def asks_basis(self) -> bool:
        return "basis" in self.form.errors or bool(self.form["basis"].value())


def target_list(request: HttpRequest) -> HttpResponse:
    """The page of a list: empty, with its lines as they were read, or with those that could not be submitted."""
    if request.method != "POST":
        return _page(request, TargetListForm(initial={"counted": True}), [])
    form = TargetListForm(request.POST)
    if not form.is_valid():
        return _page(request, form, [])
    lines = target_lines(form.cleaned_data["pasted"])
    if "submit" not in request.POST:
        return _page(request, form, _rows(form, lines, {}))
    rows = _rows(form, lines, request.POST.dict())
    with transaction.atomic():
        submitted = [row for row in rows if _is_submitted(row, request)]
    if submitted:
        text = ngettext(
            "One target submitted for approval.", "%(count)d targets submitted for approval.", len(submitted)
        )
        messages.success(request, text % {"count": len(submitted)})
    left = [row for row in rows if row.form["indicator"].value() and row not in submitted]
    return _page(request, form, left) if left else redirect("admin:indicators_targetproposal_changelist")


def _rows(form: TargetListForm, lines: list[TargetLine], posted: dict[str, str]) -> list[ListRow]:
    """A row for each line, of those posted where some were; what was posted of a line goes before what was read in it."""
    indicators = list(Indicator.objects.select_related("sector"))
    rows = [
        _row(form, number, line, indicators, posted)
        for number, line in enumerate(lines)
        if not posted or f"line{number}-indicator" in posted
    ]
    first_rows: dict[str, ListRow] = {}
    for row in rows:
        first = first_rows.setdefault(str(row.form["indicator"].value()), row)
        if first is not row and row.form["indicator"].value():
            row.errors = (
                *row.errors,
                _("The line “%(line)s” is about this indicator too.") % {"line": first.line.text},
            )
    return rows


def _row(
    form: TargetListForm, number: int, line: TargetLine, indicators: list[Indicator], posted: dict[str, str]
) -> ListRow:
    prefix, suggestion = f"line{number}", suggest(line, indicators)
    first = suggestion.indicators[0] if suggestion.is_sure else None
    values = {"indicator": first.pk if first else "", "as_written_vi": line.words, "basis": "", "understood": ""}
    data = form.line_values() | {"quote_vi": line.text}
    data |= {name: posted.get(f"{prefix}-{name}", value) for name, value in values.items()}
    chosen = next((each for each in indicators if str(each.pk) == str(data["indicator"])), None)
    # A part is shown under its indicator and never counts.
    if form.cleaned_data["counted"] and chosen and chosen.parent_id is None and data["scope"] == "term":
        data["counted"] = "on"
    # Not required by the browser: a line may be left out.
    line_form: Any = LineForm(
        {f"{prefix}-{name}": value for name, value in data.items()}, prefix=prefix, use_required_attribute=False
    )
    others = [each for each in indicators if each not in suggestion.indicators]
    line_form.fields["indicator"].choices = indicator_choices(suggestion.indicators, others)
    return _checked(ListRow(line, line_form))


def _checked(row: ListRow) -> ListRow:
    """The row with what was understood of it, or what is to be settled."""
    if not row.form["indicator"].value():
        row.errors = (_("Which indicator is it? Choose one, or leave the line out."),) if row.line.words else ()
        return row
    errors = row.form.errors.as_data()
    messages_ = [error for found in errors.values() for error in found if error.code != "understood"]
    row.errors = tuple(str(message) for error in messages_ for message in error.messages)
    if not row.errors:
        row.understood = row.form.data.get(row.form.add_prefix("understood"), "")
    return row


def _is_submitted(row: ListRow, request: HttpRequest) -> bool:
    """Submit the row where it is chosen and was understood as shown; whether it was."""
    if not row.form["indicator"].value() or row.errors or not row.form.is_valid():
        return False
    propose(row.form.save(commit=False), by=request.user, submit=True)
    return True


def _page(request: HttpRequest, form: TargetListForm, rows: list[ListRow]) -> HttpResponse:
    context = admin.site.each_context(request) | {
        "title": _("Targets from a list"),
        "form": form,
        "rows": rows,
        "ready": sum(bool(row.understood) for row in rows),
        "open": sum(bool(row.errors) for row in rows),
    }
    return TemplateResponse(request, "admin/indicators/target_list.html", context)

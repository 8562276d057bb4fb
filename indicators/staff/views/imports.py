"""Figures from a file: template, upload, preview, confirmation. Nothing is written before the last step, then all or nothing."""

import io
import logging
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from ...core.deadline import RequestTimeout
from ...core.language import active_language
from ...core.limits import CHOSEN_ROWS, FILE_BYTES
from ...models import FigureStatus, Source, Upload
from ...models.base import EARLIEST_YEAR, LATEST_YEAR
from ...text.periods import Period
from ..forms import DayField, MonthField, TextField
from ..forms.sheet import SourceField
from ..imports import (
    Progress,
    Unreadable,
    check,
    lines_of,
    open_table,
    rows_to_mend,
    template_csv,
    template_xlsx,
    too_large,
    write_upload,
)
from ..input_guard import LONGEST_TEXT

logger = logging.getLogger(__name__)

PER_PAGE = 100
# The rest of a form beside its file: names, marks, the token.
FORM_BYTES = 64 * 1024
# A small file is gone through at once; a larger one shows how far it is.
AT_ONCE = 300 * 1024
NOTATIONS = {"vi": "11.728,3", "en": "11,728.3"}
MIDDLE = "<!--progress-->"


class UploadForm(forms.Form):
    """A file that has a table of figures in it; what the table holds is for the preview to say."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.tsv,.txt"}),
        help_text=gettext_lazy("Excel (.xlsx) or CSV in UTF-8, up to 20 MB and 50,000 rows."),
        allow_empty_file=True,  # what an empty one lacks is said by the reader of tables
    )

    status = forms.ChoiceField(label=gettext_lazy("status"), choices=[("", "—"), *FigureStatus.choices], required=False)
    published_on = DayField(
        label=gettext_lazy("published on"),
        required=False,
        widget=forms.TextInput(attrs={"size": 10, "placeholder": "27/09/2020"}),
    )
    source = SourceField(
        label=gettext_lazy("source"),
        required=False,
        widget=forms.TextInput(attrs={"list": "sources", "size": 40, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sources = list(Source.objects.order_by("-issued_on", "code"))
        self.fields["source"].sources = self.sources  # type: ignore[attr-defined]

    def shared_fields(self) -> list[forms.BoundField]:
        """What may be said once for all rows that leave it empty."""
        return [self["status"], self["published_on"], self["source"]]

    def shared(self) -> dict[str, str]:
        """What was said for all rows, as a cell of the file would say it, by column."""
        said = self.cleaned_data
        source, day = said.get("source"), said.get("published_on")
        texts = {
            "status": said.get("status"),
            "published_on": day and f"{day:%d/%m/%Y}",
            "source": source and source.code,
        }
        return {name: text for name, text in texts.items() if text}

    def clean(self) -> dict[str, Any]:
        """The file is read to its headings, and what the reader says of it is told beside it."""
        super().clean()
        file: UploadedFile | None = self.cleaned_data.get("file")
        try:
            if file and file.size and file.size > FILE_BYTES:
                raise too_large()
            if file:
                open_table(file.read(), self.shared())
        except Unreadable as error:
            self.add_error("file", str(error))
        return self.cleaned_data


class TemplateForm(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("year"), min_value=EARLIEST_YEAR, max_value=LATEST_YEAR)
    months = MonthField(label=gettext_lazy("period"))


class ConfirmForm(forms.Form):
    reason = TextField(
        label=gettext_lazy("reason"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text=gettext_lazy("Why the odd numbers are right, or where the file comes from. Kept in the history."),
    )
    rivals = forms.ChoiceField(
        label=gettext_lazy("Other values on their way"),
        required=False,
        choices=[
            ("replace", gettext_lazy("The values of the file take their place; submitted ones are submitted again")),
            ("keep", gettext_lazy("Keep both: the approver decides")),
        ],
        widget=forms.RadioSelect,
    )


@csrf_exempt  # the check of the token would read the whole file first; `take_upload` makes it after the size
def upload_page(request: HttpRequest) -> HttpResponseBase:
    """The form for a file; a file that is too large is refused before any of it is kept."""
    if request.method != "POST":
        return upload_form(request, UploadForm())
    if int(request.META.get("CONTENT_LENGTH") or 0) > FILE_BYTES + FORM_BYTES:
        while request.read(FORM_BYTES):
            pass  # a browser shows an answer only when it could send everything
        return upload_form(request, UploadForm(), refused=str(too_large()))
    return take_upload(request)


@csrf_protect
def take_upload(request: HttpRequest) -> HttpResponseBase:
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return upload_form(request, form)
    file = form.cleaned_data["file"]
    file.seek(0)
    assert isinstance(request.user, User)  # nobody else has the right to enter
    upload = Upload.objects.create(
        owner=request.user, name=file.name[:200], content=file.read(), shared=form.shared() or None
    )
    return redirect("staff:import-review", upload.pk)


def upload_form(request: HttpRequest, form: UploadForm, refused: str = "") -> HttpResponseBase:
    Upload.objects.forget_old()
    context = {
        **site.each_context(request),
        "title": _("Import figures from a file"),
        "form": form,
        "refused": refused,
        "template_form": TemplateForm(initial={"year": timezone.localdate().year}),
    }
    return TemplateResponse(request, "admin/indicators/import.html", context, status=413 if refused else 200)


def template(request: HttpRequest) -> HttpResponseBase:
    """The template for a period, as workbook or CSV. Raises Http404 for an address that no form makes."""
    form = TemplateForm(request.GET)
    if not form.is_valid():
        raise Http404
    period = Period(form.cleaned_data["year"], form.cleaned_data["months"])
    name = "-".join((_("figures-to-enter"), period.code))
    if request.GET.get("as") == "csv":
        response = StreamingHttpResponse(template_csv(request.user, period), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return response
    file = io.BytesIO()
    template_xlsx(file, request.user, period)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx")


def review_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What a file would change, page by page; confirmed, read in another notation, or thrown away by its buttons."""
    upload = get_object_or_404(Upload, pk=pk, owner=request.user.pk)
    here = reverse("staff:import-review", args=[pk])
    if request.method == "POST" and not upload.written_at:
        return apply_button(request, upload, here)
    if not upload.written_at and (upload.summary is None or upload.language != active_language()):
        return run(request, upload, check(upload, request.user), here)
    return preview(request, upload, ConfirmForm())


def apply_button(request: HttpRequest, upload: Upload, here: str) -> HttpResponseBase:
    """Do what a button of the preview asks for."""
    if "discard" in request.POST:
        upload.delete()
        return redirect("staff:import")
    if request.POST.get("notation") in NOTATIONS:
        Upload.objects.filter(pk=upload.pk).update(notation=request.POST["notation"], summary=None)
        return redirect(here)
    form = ConfirmForm(request.POST)
    summary = upload.summary or {}
    if form.is_valid() and summary.get("needs_reason") and not form.cleaned_data["reason"].strip():
        form.add_error("reason", _("Say why the numbers are right although they look odd."))
    if summary.get("counts", {}).get("rivals") and not form.cleaned_data.get("rivals"):
        form.add_error("rivals", _("Say whether the file takes the place of the values on their way, or both stay."))
    if form.errors:
        return preview(request, upload, form)
    submit = request.POST.get("confirm") == "submit" and _to_write(summary) <= CHOSEN_ROWS
    options = {
        "without_wrong": "without_wrong" in request.POST,
        "submit": submit,
        "rivals": form.cleaned_data["rivals"],
    }
    return run(request, upload, write_upload(upload, request.user, form.cleaned_data["reason"], **options), here)


def to_mend(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows of a file that cannot be imported, as a file with the reasons. Raises Http404 where there are none."""
    upload = get_object_or_404(Upload, pk=pk, owner=request.user.pk)
    if not (upload.summary or {}).get("counts", {}).get("wrong"):
        raise Http404
    name, content = rows_to_mend(upload)
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name)


def run(request: HttpRequest, upload: Upload, work: Iterator[Progress], after: str) -> HttpResponseBase:
    """Do the work and go on; for a large file on a page that shows how far it is."""
    if len(upload.content) <= AT_ONCE:
        for _progress in work:
            pass
        return redirect(after) if request.method == "POST" else preview(request, upload, ConfirmForm())
    context = {**site.each_context(request), "title": _("Going through the file"), "middle": MIDDLE, "upload": upload}
    head, _middle, tail = render_to_string("admin/indicators/import_progress.html", context, request).partition(MIDDLE)
    response = StreamingHttpResponse(progress_page(work, head, tail, after))
    response["Content-Encoding"] = "identity"  # compressed, the progress would wait in a buffer
    response["X-Accel-Buffering"] = "no"
    return response


def progress_page(work: Iterator[Progress], head: str, tail: str, after: str) -> Iterator[str]:
    """The page piece by piece: a bar for each step of the work, and at the end the way on."""
    yield head
    way_on = format_html('<p><a class="button" href="{}">{}</a></p>', after, _("Go on"))
    try:
        for done, total in work:
            text = _("%(done)s of %(total)s rows") if total else _("%(done)s rows read")
            bar = format_html('<progress max="{}" value="{}"></progress>', total, done) if total else ""
            yield format_html("<p>{} {}</p>\n", bar, text % {"done": done, "total": total})
    except (Exception, RequestTimeout):
        # The page has begun, so no other one can tell.
        logger.exception("an import stopped in the middle: %s", after)
        text = _(
            "This stopped in the middle: the server could not go on. Open the file again in a minute; it shows whether"
            " anything was written."
        )
        yield format_html('<p class="errornote">{}</p>{}', text, way_on)
    else:
        yield way_on + format_html('<meta http-equiv="refresh" content="0;url={}">', after)
    yield tail


def preview(request: HttpRequest, upload: Upload, form: ConfirmForm) -> HttpResponseBase:
    summary = upload.summary or {}
    counts = {"new": 0, "changed": 0, "same": 0} | summary.get("counts", {})
    kinds = tabs(counts)
    rows_of = {kind: count for kind, _label, count in kinds}
    show = request.GET.get("show", "wrong" if counts.get("wrong") else "")
    show = show if show in rows_of else ""
    to_write = _to_write(summary)
    page = Paginator(range(rows_of[show]), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **site.each_context(request),
        "title": _("What the file has changed") if upload.written_at else _("What the file would change"),
        "upload": upload,
        "summary": summary,
        "counts": counts,
        "notations": NOTATIONS,
        "tabs": kinds,
        "show": show,
        "page": page,
        "lines": lines_of(upload, show, page.start_index() - 1, page.end_index()) if page else [],
        "to_write": to_write,
        "is_ready": summary.get("writable"),
        "can_submit": to_write <= CHOSEN_ROWS,
        "form": form,
    }
    return TemplateResponse(request, "admin/indicators/import_review.html", context)


def _to_write(summary: dict[str, Any]) -> int:
    """How many figures of a file are new or changed."""
    counts = summary.get("counts", {})
    return int(counts.get("new", 0) + counts.get("changed", 0))


def tabs(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    """The kinds of lines that there are, in words, with their numbers; all of them first."""
    kinds = [
        ("wrong", _("To mend")),
        ("doubtful", _("To confirm")),
        ("changed", _("Changed")),
        ("new", _("New")),
        ("same", _("Unchanged")),
    ]
    every = sum(count for kind, count in counts.items() if kind != "doubtful")
    return [("", _("All rows"), every), *((kind, label, counts[kind]) for kind, label in kinds if counts.get(kind))]

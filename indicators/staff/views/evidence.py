"""The files behind a figure, on its page: adding, fetching, removing."""

import logging
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ...models import Evidence, Figure
from ...workflow.evidence import attach, evidence_key, remove_evidence, stored_as
from ...workflow.evidence_content import TYPES
from ...workflow.guards import guard_attach, guard_detach
from ...workflow.permissions import Action, may, visible_figures

logger = logging.getLogger(__name__)


def evidence_context(figure: Figure, request: HttpRequest) -> dict[str, Any]:
    """The files of a figure and what this person may do with them; nothing for those who may not read them."""
    if not may(request.user, Action.READ_EVIDENCE, figure):
        return {}
    files = figure.evidence.select_related("added_by")
    return {
        "evidence": [{"row": file, "key": evidence_key(file), "size": filesizeformat(file.size)} for file in files],
        "evidence_log": _removals(figure),
        "evidence_kinds": ",".join(TYPES),
        "evidence_most": settings.EVIDENCE_MAX_MB,
        "may_attach": not guard_attach(figure, request.user),
        "may_detach": not guard_detach(figure, request.user),
        "evidence_panel": True,
    }


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Each file that was chosen, taken or refused for itself."""
    figure = _figure(request, pk)
    uploads, taken = request.FILES.getlist("files"), 0
    for upload in uploads:
        try:
            attach(figure, upload, by=request.user)
            taken += 1
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    if taken:
        text = ngettext("%(count)d file was added.", "%(count)d files were added.", taken)
        messages.success(request, text % {"count": taken})
    if not uploads:
        messages.error(request, _("No file was chosen."))
    return _back(pk)


@never_cache
def download(request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
    """The file, to be kept and not to be shown: nothing in it runs in the name of this site.

    Raises Http404 when it is not in the store.
    """
    evidence = _file(_figure(request, pk), key)
    try:
        content = evidence.file.open("rb")
    except FileNotFoundError as error:  # as opposed to a store that does not answer, below
        raise Http404 from error
    except OSError as error:
        logger.error("A file could not be read: %s", error)
        text = _("“%(name)s” could not be fetched: the file store does not answer. Try again in a minute.")
        messages.error(request, text % {"name": evidence.name})
        return _back(pk)
    response = FileResponse(content, as_attachment=True, filename=evidence.name, content_type=evidence.content_type)
    # Even a browser that shows it all the same runs nothing of it and guesses no other type.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def remove_file(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Remove one file; who did it and when stays in the log of the figure."""
    figure = _figure(request, pk)
    evidence = _file(figure, key)
    remove_evidence(evidence, by=request.user)
    said = [{"deleted": {"name": str(Evidence._meta.verbose_name), "object": evidence.name}}]
    # The row of the file is gone: only the log of the figure can tell of it.
    LogEntry.objects.log_actions(
        request.user.pk or 0, Figure.objects.filter(pk=pk), CHANGE, change_message=said, single_object=True
    )
    messages.success(request, _("“%(name)s” was removed.") % {"name": evidence.name})
    return _back(pk)


def _figure(request: HttpRequest, pk: int) -> Figure:
    """The figure, among those the user sees. Raises Http404 for others, PermissionDenied where its files are not theirs."""
    figure = get_object_or_404(visible_figures(request.user), pk=pk)
    if not may(request.user, Action.READ_EVIDENCE, figure):
        raise PermissionDenied
    return figure


def _file(figure: Figure, key: str) -> Evidence:
    return get_object_or_404(figure.evidence, file__startswith=stored_as(key))


def _removals(figure: Figure) -> list[LogEntry]:
    """Who removed which file of the figure, the latest first."""
    about = {"content_type": ContentType.objects.get_for_model(Figure), "object_id": str(figure.pk)}
    return list(LogEntry.objects.filter(**about, change_message__contains='"deleted"').select_related("user"))


def _back(pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:indicators_figure_change", args=[pk]) + "#evidence")

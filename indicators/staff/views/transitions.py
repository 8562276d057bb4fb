"""The transitions of a figure from the staff pages: one posted from its own page, and what all pages with transitions share:
which version was looked at, and what became of it."""

import re
from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...core.limits import CHOSEN_ROWS
from ...models import Figure
from ...workflow import TRANSITIONS, Refused, TransitionResult, apply_transition
from ...workflow.permissions import visible_figures
from ..input_guard import typed_reason

# Under which name a page sends back the drafts it shows, each with its version, so that nothing moves unseen.
VERSIONS_FIELD = "record_version"
# Under which name a page sends back the returned figures that are knowingly submitted as they came.
UNCHANGED_FIELD = "unchanged"
NEVER_SHOWN = 0  # no version: versions count from one


def transition_figure(request: HttpRequest, pk: int) -> HttpResponse:
    """One transition of one figure, posted from its page; `version` is the one that was looked at.

    Raises Http404 for a figure that this person does not see, as for one that never was, Refused for what is no
    transition, BadRequest for a reason that cannot be kept.
    """
    kind, version = request.POST.get("transition", ""), request.POST.get("version", "")
    get_object_or_404(visible_figures(request.user), pk=pk)
    if not (request.method == "POST" and kind in TRANSITIONS and re.fullmatch(r"[0-9]{1,9}", version)):
        raise Refused(_("This is not a move of a figure."))
    try:
        reason = typed_reason(request, "reason")
    except ValidationError as error:
        what = {"what": error.messages[0]}
        raise BadRequest(_("Go back, what you typed is still there. Reason: %(what)s") % what) from error
    unchanged = shown_versions(request.POST.getlist(UNCHANGED_FIELD))
    result = apply_transition(kind, {pk: int(version)}, by=request.user, reason=reason, meant_unchanged=unchanged)
    report_outcome(request, result)
    return redirect("admin:indicators_figure_change", pk)


def shown_version(figure: Figure) -> str:
    """The primary key and the version that a page shows, as its check boxes, buttons and hidden fields send them back."""
    return f"{figure.pk}:{figure.version}"


def shown_versions(texts: Iterable[str]) -> dict[int, int]:
    """The primary keys with the versions that were looked at, of texts such as "12:3". Raises Refused for other texts, and for
    more than can be done at once."""
    texts = list(texts)
    if len(texts) > CHOSEN_ROWS:
        raise Refused(_("At most %(most)s figures can be chosen at once. Choose fewer.") % {"most": CHOSEN_ROWS})
    matches = [re.fullmatch(r"([0-9]{1,18}):([0-9]{1,9})", text) for text in texts]
    if not all(matches):
        raise Refused(_("This is not a move of a figure."))
    return {int(match[1]): int(match[2]) for match in matches if match}


def report_outcome(request: HttpRequest, result: TransitionResult) -> None:
    """Say what became of a transition."""
    if moved := len(result.moved):
        messages.success(request, result.transition.done_message % {"count": moved})
    for figure, why in result.refused:
        messages.error(request, f"{figure}: {why}")
    if missing := result.missing:
        text = ngettext("%(count)d chosen figure is not there.", "%(count)d chosen figures are not there.", missing)
        messages.error(request, text % {"count": missing})

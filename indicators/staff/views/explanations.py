"""Releasing the words of a request for explanation, or sending them back, from its page."""

import re

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ...workflow import Refused
from ...workflow.explanations import release, send_back
from ...workflow.permissions import visible_explanations
from ..input_guard import typed_reason


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """What an approver decided about the words that wait, in the `version` that was looked at.

    Raises Http404 for a request that this person does not see, Refused for what is no decision or not theirs, BadRequest
    for a reason that cannot be kept.
    """
    get_object_or_404(visible_explanations(request.user), pk=pk)
    decision, version = request.POST.get("decision", ""), request.POST.get("version", "")
    if decision not in ("release", "return") or not re.fullmatch(r"[0-9]{1,9}", version):
        raise Refused(_("This is not a decision about a request."))
    if decision == "release":
        release(pk, int(version), by=request.user)
        messages.success(request, _("Released: everybody can read it from now on."))
    else:
        try:
            reason = typed_reason(request, "reason")
        except ValidationError as error:
            raise BadRequest(" ".join(error.messages)) from error
        send_back(pk, int(version), by=request.user, reason=reason)
        messages.success(request, _("It came back to its author with your reason."))
    return redirect("admin:indicators_explanation_change", pk)

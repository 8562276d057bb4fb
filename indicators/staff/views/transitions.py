"""What the pages that move figures share: which version was looked at, and what became of the transition."""

import re
from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ...models import Figure
from ...workflow import Refused, TransitionResult

# Under which name a page sends back the drafts it shows; a version of its own for each, so that nothing moves unseen.
VERSIONS_FIELD = "seen"
NEVER_SHOWN = 0  # no version: versions count from one


def shown_version(figure: Figure) -> str:
    """The primary key and the version that a page shows, as its check boxes, buttons and hidden fields send them back."""
    return f"{figure.pk}:{figure.version}"


def shown_versions(texts: Iterable[str]) -> dict[int, int]:
    """The primary keys with the versions that were looked at, of texts such as "12:3". Raises Refused for other texts."""
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

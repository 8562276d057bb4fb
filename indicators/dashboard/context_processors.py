"""What every page's frame needs: the name of the place, the link to the other language."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import gettext as _

from ..core.language import active_language
from ..sentences.formatting import place_name


def frame(request: HttpRequest) -> dict[str, Any]:
    """The address of the page, `tracker_name`, `sample_data`, the active `language`, the same page in the other one.

    `own_agencies` are those that a reader of the dashboard works for.
    """
    other = "vi" if active_language() == "en" else "en"
    return {
        # Never by the Host that the browser names.
        "page_url": f"{settings.SITE_URL}{request.get_full_path()}",
        "tracker_name": _("%(place)s targets") % {"place": place_name()},
        "sample_data": settings.SAMPLE_DATA,
        "own_agencies": getattr(request, "own_agencies", ()),
        "language": active_language(),
        "other_language": {"code": other, "url": translate_url(request.get_full_path(), other)},
    }

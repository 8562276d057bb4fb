"""What became public or was changed since a moment, as JSON and as an Atom feed. Never by whom."""

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from ninja import Query

from ..core.language import active_language
from ..dashboard.exports.changes import CHANGES_COLUMNS, FieldChange, public_changes
from ..dashboard.report_selection import ReportSelection
from ..models import Indicator
from ..models.base import EARLIEST_YEAR, LATEST_YEAR
from ..sentences.formatting import place_name
from ..text.numbers import read_date
from ..text.vietnamese import for_xml
from . import filters, schemas
from .endpoints import PROBLEMS, api

# What a transaction stores is public when it ends, and dated by when it stored it; loading a million figures takes ten
# minutes. The clocks of servers differ, and a reader takes time from the first part of an answer to the last.
MARGIN = timedelta(hours=1)
DEFAULT_SPAN = timedelta(days=30)
FEED_LENGTH = 100

_CHANGE_WORDS = {
    "published": lambda: _("published"),
    "changed": lambda: _("changed"),
    "withdrawn": lambda: _("taken back"),
}


@api.get(
    "/changes",
    response={200: schemas.Changes, **PROBLEMS},
    operation_id="changes",
    summary="List changes",
    tags=["changes"],
)
def changes(request: HttpRequest, query: Query[filters.ChangesQuery]) -> dict[str, Any]:
    """Figures approved, targets decided, and what of them was changed or withdrawn, oldest first · thay đổi"""
    since, now = read_moment(query.since), timezone.now()
    part, next_offset = _part(_changes_since(since), query.offset, query.limit)
    next_address = None
    if next_offset:
        parameters = request.GET.copy()
        parameters["since"], parameters["offset"] = part[-1].moment.isoformat(), str(next_offset)
        next_address = f"{settings.SITE_URL}{request.path}?{parameters.urlencode()}"
    items = [_item(change) for change in part]
    return {"since": since, "next_since": now - MARGIN, "next": next_address, "items": items}


def _changes_since(since: datetime) -> Iterator[FieldChange]:
    return public_changes(ReportSelection(timezone.localdate()), since)


def _part(every_change: Iterable[FieldChange], offset: int, limit: int) -> tuple[list[FieldChange], int]:
    """At most `limit` changes from the place `offset` on, and how many of the last one's moment have come by then, 0 when
    nothing follows: the next part begins at that moment, and does not read again what lies before it."""
    part: list[FieldChange] = []
    last_moment, count_of_moment = None, 0
    for place, change in enumerate(every_change):
        if place == offset + limit:
            return part, count_of_moment
        count_of_moment = count_of_moment + 1 if change.moment == last_moment else 1
        last_moment = change.moment
        if place >= offset:
            part.append(change)
    return part, 0


def _item(change: FieldChange) -> dict[str, Any]:
    cells = dict(zip(CHANGES_COLUMNS[1:], change.cells, strict=True))
    values = {name: None if cells[name] is None else schemas.cell_text(cells[name]) for name in ("before", "after")}
    return {"id": change.key, "at": change.moment.astimezone(UTC), "record_id": change.record_id, **cells, **values}


@api.get(
    "/changes.atom",
    response=PROBLEMS,
    operation_id="changes_atom",
    summary="Feed of changes",
    tags=["changes"],
    openapi_extra={"responses": {200: {"description": "OK", "content": {Atom1Feed.content_type: {}}}}},
)
def atom(request: HttpRequest, query: Query[filters.Since]) -> HttpResponse:
    """The latest hundred of the same changes as an Atom feed, the newest first · nguồn tin Atom"""
    since = read_moment(query.since)
    feed = Atom1Feed(
        title=_("%(place)s targets: changes") % {"place": place_name()},
        link=f"{settings.SITE_URL}{reverse('reports')}",
        feed_url=f"{settings.SITE_URL}{request.get_full_path()}",
        description="",
        language=active_language(),
    )
    latest = list(deque(_changes_since(since), FEED_LENGTH))
    names = {indicator.code: indicator.name for indicator in Indicator.objects.order_by()} if latest else {}
    for change in reversed(latest):
        item = _item(change)
        code, at = item["indicator"], item["at"]
        feed.add_item(
            title=for_xml(f"{names.get(code, code)}, {item['period']}: {_CHANGE_WORDS[item['change']]()}"),
            link=f"{settings.SITE_URL}{reverse('indicator', args=[code])}",
            # What was stored by an earlier version may hold control characters.
            description=for_xml(f"{item['field']}: {item['before'] or '—'} → {item['after'] or '—'}"),
            # A tag URI (RFC 4151): a reader knows the entry again when the address of the site changes its path.
            unique_id=f"tag:{urlsplit(settings.SITE_URL).hostname},{at:%Y-%m-%d}:{change.key}",
            pubdate=at,
            updateddate=at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=Atom1Feed.content_type)


def read_moment(text: str | None) -> datetime:
    """The moment `text` names: a day, or a day with a time, in Lạng Sơn unless it names its zone; 30 days ago without one.

    Raises BadRequest for anything else.
    """
    if not text:
        return timezone.now() - DEFAULT_SPAN
    try:
        # In an address a plus means a blank.
        moment = parse_datetime(text.strip().replace(" ", "+").upper()) or datetime.combine(read_date(text), time.min)
    except ValueError:
        raise BadRequest(
            _("“%(text)s” is not a moment. Write it as 2026-11-01 or 2026-11-01T08:00:00+07:00.") % {"text": text[:40]}
        ) from None
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        # Nothing is older, nothing is later; and at the ends of the calendar a zone cannot be added.
        moment = datetime(EARLIEST_YEAR if moment.year < EARLIEST_YEAR else LATEST_YEAR, 1, 1, tzinfo=UTC)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)

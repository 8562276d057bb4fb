"""HTTP: what became public or was changed since a moment, as JSON and as an Atom feed. Never by whom."""

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
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

from ..dashboard.exports import CHANGES_COLUMNS, Asked
from ..dashboard.exports.changes import Change, public_changes
from ..models import Indicator
from ..models.base import EARLIEST_YEAR, LATEST_YEAR
from ..sentences.formatting import active_language, place_name
from ..text.csv_writer import Cell
from ..text.numbers import plain, read_date
from . import filters, schemas
from .endpoints import PROBLEMS, api

# What a transaction stores is seen when it ends, and dated by when it stored it; loading a million figures takes ten
# minutes. The clocks of servers differ, and a reader takes time from the first part of an answer to the last.
MARGIN = timedelta(hours=1)
USUAL = timedelta(days=30)
FEED_LENGTH = 100


@api.get(
    "/changes",
    response={200: schemas.Changes, **PROBLEMS},
    operation_id="changes",
    summary="List changes",
    tags=["changes"],
)
def changes(request: HttpRequest, asked: Query[filters.ChangesQuery]) -> dict[str, Any]:
    """Figures approved, targets decided, and what of them was changed or withdrawn, oldest first · thay đổi"""
    since, now = moment(asked.since), timezone.now()
    found, following = _part(_known(since), asked.offset, asked.limit)
    address = None
    if following:
        parameters = request.GET.copy()
        parameters["since"], parameters["offset"] = found[-1].moment.isoformat(), str(following)
        address = f"{settings.SITE_URL}{request.path}?{parameters.urlencode()}"
    return {"since": since, "next_since": now - MARGIN, "next": address, "items": [_row(change) for change in found]}


def _part(told: Iterable[Change], offset: int, limit: int) -> tuple[list[Change], int]:
    """At most `limit` changes from the place `offset` on, and how many of the last one's moment were told by then, 0 when
    nothing follows: the next part begins at that moment, and does not read again what lies before it."""
    part: list[Change] = []
    last, same = None, 0
    for place, change in enumerate(told):
        if place == offset + limit:
            return part, same
        last, same = change.moment, same + 1 if change.moment == last else 1
        if place >= offset:
            part.append(change)
    return part, 0


@api.get(
    "/changes.atom",
    response=PROBLEMS,
    operation_id="changes_atom",
    summary="Feed of changes",
    tags=["changes"],
    openapi_extra={"responses": {200: {"description": "OK", "content": {Atom1Feed.content_type: {}}}}},
)
def atom(request: HttpRequest, asked: Query[filters.Since]) -> HttpResponse:
    """The latest hundred of the same changes as an Atom feed, the newest first · nguồn tin Atom"""
    since = moment(asked.since)
    feed = Atom1Feed(
        title=_("%(place)s targets: changes") % {"place": place_name()},
        link=f"{settings.SITE_URL}{reverse('reports')}",
        feed_url=f"{settings.SITE_URL}{request.get_full_path()}",
        description="",
        language=active_language(),
    )
    latest = list(deque(_known(since), FEED_LENGTH))
    names = {one.code: one.name for one in Indicator.objects.order_by()} if latest else {}
    for change in reversed(latest):
        row = _row(change)
        at = row["at"]
        feed.add_item(
            title=f"{names.get(row['indicator'], row['indicator'])}, {row['period']}: {_CHANGE[row['change']]()}",
            link=f"{settings.SITE_URL}{reverse('indicator', args=[row['indicator']])}",
            description=f"{row['field']}: {row['before'] or '—'} → {row['after'] or '—'}",
            unique_id=f"tag:{urlsplit(settings.SITE_URL).hostname},{at:%Y-%m-%d}:{change.key}",
            pubdate=at,
            updateddate=at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=Atom1Feed.content_type)


_CHANGE = {
    "published": lambda: _("published"),
    "changed": lambda: _("changed"),
    "withdrawn": lambda: _("taken back"),
}


def _known(since: datetime) -> Iterator[Change]:
    return public_changes(Asked(timezone.localdate()), since)


def _row(change: Change) -> dict[str, Any]:
    cells = dict(zip(CHANGES_COLUMNS[1:], change.cells, strict=True))
    told = {name: _text(cells[name]) for name in ("before", "after")}
    return {"id": change.key, "at": change.moment.astimezone(UTC), "record_id": change.record_id, **cells, **told}


def _text(cell: Cell) -> str | None:
    """A value of any field as text, written as in the CSV reports."""
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return plain(cell) if isinstance(cell, Decimal) else str(cell)


def moment(text: str | None) -> datetime:
    """The moment `text` names: a day, or a day with a time, in Lạng Sơn unless it tells its zone; 30 days ago without one."""
    if not text:
        return timezone.now() - USUAL
    try:
        # In an address a plus means a blank.
        found = parse_datetime(text.strip().replace(" ", "+").upper()) or datetime.combine(read_date(text), time.min)
    except ValueError:
        raise BadRequest(
            _("“%(text)s” is not a moment. Write it as 2026-11-01 or 2026-11-01T08:00:00+07:00.") % {"text": text[:40]}
        ) from None
    if not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        # Nothing is older, nothing is later; and at the ends of the calendar a zone cannot be added.
        found = datetime(EARLIEST_YEAR if found.year < EARLIEST_YEAR else LATEST_YEAR, 1, 1, tzinfo=UTC)
    return found if timezone.is_aware(found) else timezone.make_aware(found)

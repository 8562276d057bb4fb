"""Sessions in the database, which every server reads: how long they last, and how all of a person's are ended."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from .models import Session

STARTED_AT, LAST_SEEN_AT = "signed_in_at", "seen_at"
# A session is not written at every request, but when this much has passed since the last time.
TOUCH_INTERVAL = 60  # seconds


class SessionStore(DatabaseStore):
    """Django's own, which also keeps whose session it is."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        session: Any = super().create_model_instance(data)
        session.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        return session


def begin(session: SessionBase) -> None:
    """Start the clocks of a session, at a log-in."""
    session[STARTED_AT] = session[LAST_SEEN_AT] = int(time.time())


def has_ended(session: SessionBase) -> bool:
    """Whether the session was idle for too long, or began too long ago."""
    now = time.time()
    idle, lasted = now - session.get(LAST_SEEN_AT, 0), now - session.get(STARTED_AT, 0)
    return idle > settings.SESSION_IDLE_MINUTES * 60 or lasted > settings.SESSION_HOURS * 3600


def touch(session: SessionBase) -> None:
    """Note that somebody was here."""
    now = int(time.time())
    if now - session[LAST_SEEN_AT] >= TOUCH_INTERVAL:
        session[LAST_SEEN_AT] = now


def end_all(user: User) -> None:
    """End every session of `user`, on every server, at once."""
    Session.objects.filter(user=user).delete()

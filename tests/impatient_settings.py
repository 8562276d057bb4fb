"""Settings of a command that meets a database held by another process: it gives up after a second, not after twenty."""

from lanson.settings import *  # noqa: F403

DATABASES["default"]["OPTIONS"]["timeout"] = 1  # noqa: F405

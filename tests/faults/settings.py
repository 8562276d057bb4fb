"""Settings of the servers that the fault tests break: production's, with static files that need no collecting and quick
passwords."""

from lanson.settings import *  # noqa: F403

STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}

# Safe passwords are slow on purpose; nothing here guesses any.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

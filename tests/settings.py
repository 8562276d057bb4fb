"""Settings of the tests: the application's own, with simple static files and quick passwords."""

import os

# Before the import below, which reads it.
os.environ.setdefault("DEBUG", "on")

from lanson.settings import *  # noqa: F403

# Safe passwords are slow on purpose, which a test that only logs in need not wait for.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# The server that a browser visits leaves no connection behind in its threads: the test database could not be removed.
DATABASES["default"] |= {"CONN_MAX_AGE": 0}  # noqa: F405

# Time stands still in many tests, so that all their requests would count as those of one minute.
API_PER_MINUTE = 100_000

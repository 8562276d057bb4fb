"""Tests mirror the modules they test. Hypothesis draws the same examples in every run, so a failure can be repeated."""

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

"""The project's settings with one bare view instead of its pages: what Django, its middleware and the server cost."""

from lanson.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.floor"

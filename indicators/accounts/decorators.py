"""Who may see a page of an account."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def signed_in_only(view: View) -> View:
    """For everybody who is logged in, and nobody else: the login middleware reads what this says."""
    view.login_required = True  # type: ignore[attr-defined]
    return view

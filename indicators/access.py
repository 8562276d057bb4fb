"""HTTP: who may see a view. Every view says it; the login middleware closes the ones that do not."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def dashboard(view: View) -> View:
    """For everybody where PUBLIC_DASHBOARD is on, else for those who are logged in. Shows approved figures only."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.PUBLIC_DASHBOARD or request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return redirect_to_login(request.get_full_path())

    return login_not_required(guarded)  # type: ignore[return-value]

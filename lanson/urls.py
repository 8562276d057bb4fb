"""Addresses. Vietnamese at the root, English under /en/; downloads and the health check have no language prefix."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from indicators.urls import download_patterns, pages_patterns
from indicators.views import system

urlpatterns = [
    path("healthz", system.healthz, name="healthz"),
    *download_patterns,
    *i18n_patterns(
        path("admin/", admin.site.urls),
        path("login/", LoginView.as_view(), name="login"),
        path("logout/", login_not_required(LogoutView.as_view()), name="logout"),
        path("", include(pages_patterns)),
        prefix_default_language=False,
    ),
]

handler400 = system.bad_request
handler403 = system.forbidden
handler404 = system.not_found
handler500 = system.server_error

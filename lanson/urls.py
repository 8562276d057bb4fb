"""Addresses. Vietnamese at the root, English under /en/; downloads and the health check have no language prefix."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from indicators.accounts.urls import sign_in_patterns
from indicators.api.sdmx.urls import sdmx_patterns
from indicators.api.urls import api_patterns
from indicators.core import views
from indicators.dashboard.urls import download_patterns, pages_patterns

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("favicon.ico", views.favicon, name="favicon"),
    *download_patterns,
    path("api/v1/", include(api_patterns)),
    path("sdmx/", include(sdmx_patterns)),
    *i18n_patterns(
        *sign_in_patterns,
        # Before the admin, which takes every address below its own.
        path("admin/indicators/figure/", include("indicators.staff.urls")),
        path("admin/", admin.site.urls),
        path("", include(pages_patterns)),
        prefix_default_language=False,
    ),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error

"""Addresses. Vietnamese at the root, English under /en/; downloads and the health check have no language prefix."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from indicators.api.urls import api_patterns
from indicators.sdmx.urls import sdmx_patterns
from indicators.sign_in.urls import sign_in_patterns
from indicators.urls import download_patterns, pages_patterns
from indicators.views import system

urlpatterns = [
    path("healthz", system.healthz, name="healthz"),
    path("readyz", system.readyz, name="readyz"),
    path("metrics", system.metrics, name="metrics"),
    path("favicon.ico", system.favicon, name="favicon"),
    *download_patterns,
    path("api/v1/", include(api_patterns)),
    path("sdmx/", include(sdmx_patterns)),
    *i18n_patterns(
        *sign_in_patterns,
        path("admin/", admin.site.urls),
        path("", include(pages_patterns)),
        prefix_default_language=False,
    ),
]

handler400 = system.bad_request
handler403 = system.forbidden
handler404 = system.not_found
handler500 = system.server_error

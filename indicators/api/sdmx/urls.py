"""Addresses of the SDMX REST API 2; what is left out at their end is open."""

from django.urls import path, re_path

from ..access import no_such_address
from . import views

sdmx_patterns = [
    path("data/dataflow/<str:agency>/<str:flow>", views.data),
    path("data/dataflow/<str:agency>/<str:flow>/<str:version>", views.data),
    path("data/dataflow/<str:agency>/<str:flow>/<str:version>/<str:key>", views.data, name="sdmx_data"),
    path("structure/<str:kind>", views.structure),
    path("structure/<str:kind>/<str:agency>", views.structure),
    path("structure/<str:kind>/<str:agency>/<str:id_>", views.structure),
    path("structure/<str:kind>/<str:agency>/<str:id_>/<str:version>", views.structure, name="sdmx_structure"),
    re_path("(?P<path>.*)", no_such_address),
]

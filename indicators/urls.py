"""Addresses of the dashboard: pages (with a language prefix) and downloads (without)."""

from django.urls import path

from .exports import REPORTS
from .views import catalogue, downloads, pages, reports, terms

pages_patterns = [
    path("", pages.home, name="home"),
    path("terms/<int:last_year>/", pages.overview, name="term"),
    path("terms/<int:last_year>/present/", terms.present, name="present"),
    path("compare/", terms.compare, name="compare"),
    path("years/<int:year>/", terms.year, name="year"),
    path("sectors/<slug:code>/", terms.sector, name="sector"),
    path("agencies/<slug:code>/", terms.agency, name="agency"),
    path("embed/<slug:code>/", terms.embed, name="embed"),
    path("indicators/", pages.indicators, name="indicators"),
    path("indicators/<slug:code>/", pages.indicator, name="indicator"),
    path("sources/", catalogue.sources, name="sources"),
    path("sources/<slug:code>/", catalogue.source, name="source"),
    path("reports/", reports.reports, name="reports"),
    path("reports/terms/<int:last_year>/print/", reports.term_print, name="term_print"),
    path("reports/terms/<int:last_year>/text/", reports.term_text, name="term_text"),
    path("reports/years/<int:year>/print/", reports.year_print, name="year_print"),
    path("method/", catalogue.method, name="method"),
]

download_patterns = [
    *(path(f"reports/{one.name}.csv", downloads.csv_view(one), name=f"{one.name}_csv") for one in REPORTS),
    path("reports/terms/<int:last_year>.xlsx", downloads.term_workbook, name="term_workbook"),
    path("reports/years/<int:year>.xlsx", downloads.year_workbook, name="year_workbook"),
    path("reports/package.zip", downloads.package_zip, name="package_zip"),
]

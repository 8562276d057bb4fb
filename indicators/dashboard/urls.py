"""Addresses of the dashboard: pages (with a language prefix) and downloads (without)."""

from django.urls import path

from .exports.reports import REPORTS
from .views import downloads, guides, home, indicators, reports, sources, terms

pages_patterns = [
    path("", home.home, name="home"),
    path("terms/<int:last_year>/", terms.overview, name="term"),
    path("terms/<int:last_year>/present/", terms.present, name="present"),
    path("compare/", terms.compare, name="compare"),
    path("years/<int:year>/", terms.year_detail, name="year"),
    path("sectors/<slug:code>/", indicators.sector_detail, name="sector"),
    path("agencies/<slug:code>/", indicators.agency_detail, name="agency"),
    path("embed/<slug:code>/", indicators.embed, name="embed"),
    path("indicators/", indicators.indicator_list, name="indicators"),
    path("indicators/<slug:code>/", indicators.indicator_detail, name="indicator"),
    path("sources/", sources.source_list, name="sources"),
    path("sources/<slug:code>/", sources.source_detail, name="source"),
    path("reports/", reports.reports, name="reports"),
    path("reports/terms/<int:last_year>/print/", reports.term_print, name="term_print"),
    path("reports/terms/<int:last_year>/text/", reports.term_text, name="term_text"),
    path("reports/years/<int:year>/print/", reports.year_print, name="year_print"),
    path("method/", sources.method, name="method"),
    path("help/", guides.help_index, name="help"),
    path("help/official/", guides.official_help, name="help_official"),
    path("help/<slug:role>/", guides.staff_help, name="help_role"),
]

download_patterns = [
    *(path(f"reports/{report.name}.csv", downloads.csv_view(report), name=f"{report.name}_csv") for report in REPORTS),
    path("reports/terms/<int:last_year>.xlsx", downloads.term_workbook, name="term_workbook"),
    path("reports/years/<int:year>.xlsx", downloads.year_workbook, name="year_workbook"),
    path("reports/package.zip", downloads.package_zip, name="package_zip"),
]

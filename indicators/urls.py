"""Addresses of the dashboard: pages (with a language prefix) and downloads (without)."""

from django.urls import path

from .views import catalogue, downloads, pages, terms

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
    path("reports/", downloads.reports, name="reports"),
    path("method/", catalogue.method, name="method"),
]

download_patterns = [
    path("reports/figures.csv", downloads.figures_csv, name="figures_csv"),
    path("reports/targets.csv", downloads.targets_csv, name="targets_csv"),
    path("reports/progress.csv", downloads.progress_csv, name="progress_csv"),
]

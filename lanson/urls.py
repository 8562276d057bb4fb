"""Addresses. Vietnamese at the root, English under /en/; downloads and the health check have no language prefix."""

from django.urls import path

urlpatterns = []

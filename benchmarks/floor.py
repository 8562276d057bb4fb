"""A bare Django view: sends the bytes of the file that is named, and does nothing else."""

import os
from functools import lru_cache
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path


@lru_cache
def _bytes(name: str) -> bytes:
    return (Path(os.environ["FLOOR"]) / name).read_bytes()


@login_not_required
def bare(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(_bytes(name))


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


urlpatterns = [path("healthz", healthz), path("<slug:name>", bare)]

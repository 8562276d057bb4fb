"""Addresses that take longer than a request may, beside ours."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from lanson.urls import handler400, handler403, handler404, handler500  # noqa: F401
from lanson.urls import urlpatterns as ours

# For hours, on both databases.
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@login_not_required
def computing(_request):
    """For ever, and no error stops it."""
    while True:
        try:
            timezone.now()
        except Exception:
            continue


@login_not_required
def asking(_request):
    with connection.cursor() as cursor:
        cursor.execute(ENDLESS)
    return HttpResponse()


@csrf_exempt
@login_not_required
def uploading(request):
    return HttpResponse(str(len(request.body)))


@login_not_required
def streaming(_request):
    return StreamingHttpResponse(iter(lambda: str(timezone.now()), None))


urlpatterns = [path(f"slow/{view.__name__}/", view) for view in (computing, asking, uploading, streaming)] + ours

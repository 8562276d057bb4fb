"""What is counted for Prometheus: requests, how long they take, and how often a helper of the application was away.

Each worker counts for itself. With several, gunicorn.conf.py names a folder in which they put their numbers together.
"""

import os

from django.http import HttpRequest
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess

METHODS = ("GET", "HEAD", "POST", "OPTIONS")

REQUESTS = Counter("tracker_requests", "Requests answered.", ["method", "view", "status"])
SECONDS = Histogram(
    "tracker_request_seconds",
    "From the first byte to the answer.",
    ["view"],
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
CACHE_FAILURES = Counter("tracker_cache_failures", "Questions that the cache did not answer.")
REPLICA_FAILURES = Counter("tracker_replica_failures", "Times the replica was away and the primary took its place.")
SLOW_QUERIES = Counter("tracker_slow_queries", "Queries slower than SLOW_QUERY_MS.")


def count(request: HttpRequest, status: int, seconds: float) -> None:
    """Count one answer. Addresses that lead nowhere are one view, so that nobody can make up new ones."""
    match = request.resolver_match
    view = match.view_name if match else "none"
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(method, view, status).inc()
    SECONDS.labels(view).observe(seconds)


def text() -> bytes:
    """All numbers of all workers, in the form that Prometheus reads."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return generate_latest(REGISTRY)
    together = CollectorRegistry()
    multiprocess.MultiProcessCollector(together)
    return generate_latest(together)

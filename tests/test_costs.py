"""What a page and a download cost: a pinned number of queries, however many indicators there are."""

from io import StringIO

import pytest
from django.core.management import call_command

from indicators.models import Indicator
from indicators.package.loading import load_package

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "public")]


@pytest.fixture(params=[20, 60], ids="{} indicators".format)
def sample(request, tmp_path):
    """A database of so many invented indicators with figures of ten years and targets of three terms."""
    call_command("make_sample", tmp_path, indicators=request.param, stdout=StringIO())
    load_package(tmp_path)
    assert Indicator.objects.count() == request.param


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/", 15),
        ("/terms/2025/", 14),
        ("/terms/2025/?as_of=2023-12-31&sector=sector-1&sort=-verdict", 14),
        ("/en/terms/2030/?show=all", 14),
        ("/indicators/", 12),
        ("/indicators/sample-000001/", 19),
        ("/sources/", 3),
        ("/sources/source-0/", 6),
        ("/reports/", 12),
        ("/reports/?term=2025&sector=sector-1&status=danger", 21),
        ("/method/", 0),
        ("/login/", 0),
        ("/reports/figures.csv", 1),
        ("/reports/targets.csv?term=2025", 2),
        ("/reports/progress.csv", 6),
        ("/reports/progress.csv?term=2025&status=danger", 7),
        ("/reports/aggregates.csv", 1),
        ("/reports/comparisons.csv", 1),
        ("/reports/official_results.csv", 1),
        ("/reports/changes.csv", 2),
        ("/reports/package.zip", 12),
        ("/reports/terms/2025.xlsx", 14),
        ("/reports/terms/2025/print/", 10),
        ("/reports/terms/2025/text/", 8),
    ],
)
def test_the_queries_do_not_grow_with_the_number_of_indicators(
    client, sample, address, queries, django_assert_num_queries
):
    with django_assert_num_queries(queries):
        response = client.get(address)
        assert response.status_code == 200
        assert b"".join(response)

"""What a page and a download cost: a pinned number of queries, however many indicators there are."""

from io import StringIO

import pytest
from django.core.management import call_command

from indicators.datapackage.loader import load_package
from indicators.models import Indicator

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
        ("/", 12),
        ("/terms/2025/", 15),
        ("/terms/2025/?as_of=2023-12-31&sector=sector-1&sort=-verdict", 15),
        ("/en/terms/2030/?show=all", 15),
        ("/indicators/", 13),
        ("/indicators/sample-000001/", 15),
        ("/sources/", 4),
        ("/sources/source-0/", 7),
        ("/reports/", 13),
        ("/reports/?term=2025&sector=sector-1&status=danger", 23),
        ("/method/", 1),
        ("/login/", 0),
        ("/reports/figures.csv", 2),
        ("/reports/targets.csv?term=2025", 3),
        ("/reports/progress.csv", 8),
        ("/reports/progress.csv?term=2025&status=danger", 9),
        ("/reports/aggregates.csv", 2),
        ("/reports/comparisons.csv", 2),
        ("/reports/official_results.csv", 2),
        ("/reports/changes.csv", 5),
        ("/reports/package.zip", 13),
        ("/reports/terms/2025.xlsx", 15),
        ("/reports/terms/2025/print/", 11),
        ("/reports/terms/2025/text/", 9),
    ],
)
def test_the_queries_do_not_grow_with_the_number_of_indicators(
    client, sample, address, queries, django_assert_num_queries
):
    with django_assert_num_queries(queries):
        response = client.get(address)
        assert response.status_code == 200
        assert b"".join(response)


@pytest.mark.parametrize("address", ["/", "/terms/2025/", "/years/2025/", "/compare/", "/reports/progress.csv"])
def test_what_did_not_change_costs_one_query(client, sample, address, django_assert_num_queries):
    before = b"".join(client.get(address))
    with django_assert_num_queries(1):
        assert b"".join(client.get(address)) == before

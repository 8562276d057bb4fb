"""What an answer for machines costs: a pinned number of queries, at ten indicators and at a thousand."""

from io import StringIO

import pytest
import time_machine as clock
from django.core.management import call_command
from django.db import transaction

from indicators.datapackage.loader import load_package
from indicators.models import Indicator
from tests.conftest import TODAY
from tests.reading import content

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "public")]


@pytest.fixture(scope="module", params=[10, 1000], ids="{} indicators".format)
def sample(request, tmp_path_factory, django_db_setup, django_db_blocker):
    """A database of so many invented indicators with figures of two years and targets of three terms."""
    folder = tmp_path_factory.mktemp("sample")
    with django_db_blocker.unblock(), clock.travel(TODAY), transaction.atomic():
        call_command("make_sample", folder, indicators=request.param, years=2, stdout=StringIO())
        load_package(folder)
        django_db_blocker.restore()
        yield request.param
        django_db_blocker.unblock()
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/api/v1/sectors", 3),
        ("/api/v1/agencies", 3),
        ("/api/v1/terms", 3),
        ("/api/v1/sources", 3),
        ("/api/v1/indicators?limit=1000", 6),
        ("/api/v1/indicators?limit=1000&q=chi tieu&agency=agency-1", 11),
        ("/api/v1/indicators/sample-000001", 5),
        ("/api/v1/targets?limit=1000", 3),
        ("/api/v1/targets?limit=1000&in_force=true&term=2025&sector=sector-1", 4),
        ("/api/v1/figures?limit=1000", 4),
        ("/api/v1/figures?limit=1000&in_force=true&sort=-value", 4),
        ("/api/v1/aggregates?limit=1000", 3),
        ("/api/v1/comparisons?limit=1000", 3),
        ("/api/v1/official_results", 3),
        ("/api/v1/progress?limit=1000", 5),
        ("/api/v1/progress?limit=1000&status=missed", 4),
        ("/api/v1/changes?since=2020-01-01&limit=1000", 5),
        ("/api/v1/changes.atom?since=2020-01-01", 6),
        ("/api/v1/openapi.json", 1),
        ("/sdmx/data/dataflow/LANGSON/FIGURES/*/A.sample-000001", 5),
        ("/sdmx/data/dataflow/LANGSON/FIGURES?format=csv", 2),
        ("/sdmx/data/dataflow/LANGSON/FIGURES?format=json", 5),
        ("/sdmx/data/dataflow/LANGSON/TARGETS?format=json", 6),
        ("/sdmx/structure/*", 5),
    ],
)
def test_the_queries_do_not_grow_with_the_number_of_indicators(
    client, sample, address, queries, django_assert_num_queries
):
    assert Indicator.objects.count() == sample
    with django_assert_num_queries(queries):
        response = client.get(address)
        assert response.status_code == 200
        assert content(response)

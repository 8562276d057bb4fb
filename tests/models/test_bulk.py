"""Many new records at once: they arrive as written, with their history, under the rules of the database."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from psycopg2.extensions import set_wait_callback
from psycopg2.extras import wait_select

from indicators.models import Figure, Source
from indicators.models.bulk import store_new
from tests.factories import make_figure, new_figure

pytestmark = pytest.mark.django_db

AWKWARD = ("", "\\N", "\\.", "một\thai", "một\nhai\\nba", "\r", '"a","b"', "'", "\\", "NULL", "=1+1", "hộ nghèo 3,5%")
NAMES = ("indicator_id", "year", "value", "status", "published_on", "source_id", "quote_vi")


@pytest.fixture(params=[None, wait_select], ids=["command", "server"], autouse=True)
def wait(request):
    """On PostgreSQL a web server, which limits its wait, cannot use COPY."""
    set_wait_callback(request.param)
    yield
    set_wait_callback(None)


def rows_of(figure, **changes):
    """One row like `figure`, which is stored already, but of another year."""
    stored = Figure.objects.values(*NAMES).get(pk=figure.pk)
    return [tuple((stored | {"year": 2001} | changes).values())]


def test_texts_arrive_as_they_are():
    figure = make_figure()
    rows = [rows_of(figure, year=1900 + place, quote_vi=text)[0] for place, text in enumerate(AWKWARD)]
    keys = store_new(Figure, NAMES, rows)
    stored = Figure.objects.in_bulk(keys)
    assert [stored[key].quote_vi for key in keys] == list(AWKWARD)
    assert [stored[key].history.get().quote_vi for key in keys] == list(AWKWARD)


@pytest.mark.parametrize("value", ["-0.0001", "99999999999.9999", "82.0", None])
def test_numbers_arrive_exactly(value):
    number = value and Decimal(value)
    [row] = rows_of(make_figure(), value=number)
    [key] = store_new(Figure, (*NAMES, "qualifier"), [(*row, "exact" if value else "nil")])
    assert Figure.objects.get(pk=key).value == number


def test_the_first_version_says_who_and_why_and_what(admin_user):
    [key] = store_new(Figure, NAMES, rows_of(make_figure()), reason="Vì sao", by=admin_user)
    figure = Figure.objects.get(pk=key)
    version = figure.history.get()
    assert (version.history_type, version.history_change_reason, version.history_user) == ("+", "Vì sao", admin_user)
    assert version.history_user_name == "admin"
    assert version.history_date.tzinfo
    assert (version.state, version.version, version.through_month) == ("entered", 1, 12)
    assert version.instance == figure
    assert version.instance.published_on == figure.published_on


def test_what_is_saved_afterwards_gets_a_key_of_its_own():
    keys = store_new(Figure, NAMES, rows_of(make_figure()))
    later = new_figure(indicator=Figure.objects.first().indicator, source=Source.objects.first(), year=2002)
    later.save()
    assert later.pk > max(keys)


def test_the_constraints_of_the_database_hold():
    rows = rows_of(make_figure(), value=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        store_new(Figure, NAMES, rows)
    assert Figure.objects.count() == Figure.history.count() == 1


def test_nothing_is_stored_of_no_rows():
    assert store_new(Figure, NAMES, []) == []

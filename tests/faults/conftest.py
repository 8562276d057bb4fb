"""Fixtures of the fault tests: databases made once, a copy of one for each test, a site over it."""

import itertools
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from .databases import Database, Server, SQLite
from .sites import ROOT, Site

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL that is there to be broken."""
    server = Server()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def empty(tmp_path_factory, postgres) -> Callable[[str], Database]:
    """A new database without a table, by vendor."""

    def make(vendor: str) -> Database:
        name = f"empty{next(_numbers)}"
        return postgres.database(name) if vendor == "postgresql" else SQLite(tmp_path_factory.mktemp(name) / name)

    return make


@pytest.fixture(scope="session")
def bare(tmp_path_factory, empty) -> Callable[[str], Database]:
    """The database of each vendor with its tables and nothing in them, made once."""

    @cache
    def ready(vendor: str) -> Database:
        database = empty(vendor)
        Site(database, tmp_path_factory.mktemp("migrating")).manage("migrate", "--verbosity=0")
        return database

    return ready


@pytest.fixture(scope="session")
def settled(tmp_path_factory, bare) -> Callable[[str], tuple[Database, dict[str, str]]]:
    """The same with the figures of Lạng Sơn and the people of people.py; and by name the keys of their sessions."""

    @cache
    def ready(vendor: str) -> tuple[Database, dict[str, str]]:
        database = bare(vendor).copy(f"settled{next(_numbers)}")
        site = Site(database, tmp_path_factory.mktemp("settling"))
        site.manage("load_package", str(ROOT / "fixtures" / "langson"))
        return database, site.ask("move_in")

    return ready


@pytest.fixture
def site_over(tmp_path, settled) -> Callable[..., Site]:
    """A site over a fresh copy of the settled database of a vendor."""

    def make(vendor: str, **environment: str) -> Site:
        database, keys = settled(vendor)
        return Site(database.copy(f"copy{next(_numbers)}"), tmp_path, keys, **environment)

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_site(request, tmp_path, bare) -> Site:
    """A site with its tables and nothing in them, over each of the two databases."""
    return Site(bare(request.param).copy(f"copy{next(_numbers)}"), tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request, site_over) -> Site:
    """A site over each of the two databases."""
    return site_over(request.param)


@pytest.fixture
def postgres_site(site_over) -> Site:
    return site_over("postgresql")


@pytest.fixture
def sqlite_site(site_over) -> Site:
    return site_over("sqlite")

"""Export, load into an empty database, export: the same bytes."""

import csv
import json
import random
import re
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from indicators.datapackage.descriptor import descriptor
from indicators.datapackage.loader import load_package
from indicators.datapackage.writer import export_package
from indicators.models import Figure
from indicators.models.base import ByteOrder
from indicators.public.schema import TABLES
from indicators.text.vietnamese import tidy
from tests.factories import (
    make_aggregate,
    make_comparison,
    make_figure,
    make_indicator,
    make_official_result,
    make_official_verdict,
    make_sector,
    make_source,
    make_target,
    make_term,
    write_package,
)

pytestmark = pytest.mark.django_db

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
OURS = [folder for folder in (FIXTURES / "langson", FIXTURES / "mau") if folder.is_dir()]


@contextmanager
def forgotten():
    """A database for a while: what is written inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def exported(folder):
    """The files of an export into `folder`."""
    export_package(folder)
    return contents(folder)


def exported_from_empty(package, folder):
    """The files exported from a database that holds this package and nothing else."""
    with forgotten():
        assert not any(table.model._base_manager.exists() for table in TABLES)
        load_package(package)
        return exported(folder)


def rows(folder, name):
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def column(folder, name, *columns):
    """The cells of some columns of a file, row by row."""
    found = [tuple(row[column] for column in columns) for row in rows(folder, name)]
    return found if len(columns) > 1 else [cell for (cell,) in found]


@pytest.mark.parametrize("package", OURS, ids=lambda folder: folder.name)
def test_our_data_comes_back_byte_for_byte(package, tmp_path):
    first = exported_from_empty(package, tmp_path / "first")
    assert exported_from_empty(tmp_path / "first", tmp_path / "second") == first


@pytest.mark.parametrize("package", OURS, ids=lambda folder: folder.name)
def test_no_cell_of_our_data_is_lost_on_the_way(package, tmp_path):
    exported_from_empty(package, tmp_path)
    for table in TABLES:
        if (package / table.file_name).exists():
            assert meaning(tmp_path, table.file_name) == meaning(package, table.file_name)


def meaning(folder, name):
    """The rows of a file in any order, 7.0 and 7 as one number, hard spaces as spaces."""
    return sorted([_meaning(cell) for cell in row.values()] for row in rows(folder, name))


def _meaning(cell):
    number = re.fullmatch(r"-?\d+\.\d+", cell)
    return cell.rstrip("0").rstrip(".") if number else tidy(cell)


def test_loading_an_export_into_its_own_database_changes_nothing(tmp_path):
    load_package(OURS[0])
    before = exported(tmp_path)
    loaded = load_package(tmp_path)
    assert not any(loaded.created.values())
    assert not any(loaded.updated.values())
    assert exported(tmp_path) == before


AWKWARD = [
    'một\nhai "ba", bốn',
    "=1+1",
    "-1",
    "@a",
    "'",
    "\ttab in the middle\tof it",
    "“khoảng”",
    "ước…",
    "a;b",
    "\u2028",
    "😀",
]


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_text_comes_back_unchanged(tmp_path, text):
    """Package files are raw data: no formula guard."""
    text = f"a{text}b" if text.isspace() or text.startswith("\t") else text
    with forgotten():
        make_figure(quote_vi=text, note=text)
        first = exported(tmp_path / "first")
    assert column(tmp_path / "first", "figures.csv", "quote_vi", "note") == [(text, text)]
    assert exported_from_empty(tmp_path / "first", tmp_path / "second") == first


@pytest.mark.parametrize("value", ["99999999999.9999", "-99999999999.9999", "0.0001", "-0.0001", "0", "100", "82.0"])
def test_every_number_comes_back_unchanged(tmp_path, value):
    with forgotten():
        make_figure(value=value)
        first = exported(tmp_path / "first")
    (cell,) = column(tmp_path / "first", "figures.csv", "value")
    assert Decimal(cell) == Decimal(value)
    assert "e" not in cell.lower()
    assert exported_from_empty(tmp_path / "first", tmp_path / "second") == first


CODES = ["a-b", "aB", "ab", "a_b", "B", "b", "Z", "z-10", "z-9"]


def random_catalogue(chance):
    """Sources, terms and indicators in no order, with codes that sort differently by byte and by letter."""
    codes = chance.sample(CODES, len(CODES))
    sectors = [make_sector(code=code, order=chance.choice([1, 2])) for code in codes[:3]]
    sources = [make_source(code=code, note=chance.choice(["", "một\nhai"])) for code in codes]
    years = dict(zip(codes, (2021, 2016, 2026), strict=False))
    terms = [make_term(code=code, first_year=year, last_year=year + 4) for code, year in years.items()]
    indicators = []
    for code in codes:
        parent = next(
            (indicator for indicator in indicators if indicator.parent is None and chance.random() < 0.3), None
        )
        where = {"sector": chance.choice(sectors), "order": chance.choice([1, 2]), "parent": parent}
        indicators.append(make_indicator(code=code, **where))
    return sources, terms, indicators


def random_content(chance):
    """Records of every table, in no order, with empty and full fields."""
    sources, terms, indicators = random_catalogue(chance)
    for place in range(60):
        some = {"indicator": chance.choice(indicators), "source": chance.choice(sources)}
        day = date(2022, 1, 1) + timedelta(days=place)
        value = chance.choice([{}, {}, {"qualifier": "uncollected", "value": None}])
        make_figure(year=chance.choice([2021, 2022]), published_on=day, **some, **value)
        make_aggregate(last_year=chance.choice([2022, 2023]), published_on=day, **some, **value)
        make_comparison(value=str(place), **some)
        make_target(term=chance.choice(terms), scope=chance.choice(["term", "annual"]), decided_on=day, **some)
    for term in terms:
        make_official_result(term=term)
        make_official_result(term=term, year=term.last_year)
    make_official_verdict()


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_stored_comes_back_byte_for_byte(tmp_path, seed):
    with forgotten():
        random_content(random.Random(seed))
        first = exported(tmp_path / "first")
    assert exported_from_empty(tmp_path / "first", tmp_path / "second") == first


# --- the order of rows


def test_codes_are_sorted_byte_by_byte_on_every_database(tmp_path):
    codes = ["b", "B", "a_b", "ab", "a-b", "aB", "report-9", "report-10"]
    for code in codes:
        make_figure(source=make_source(code=code))
    export_package(tmp_path)
    assert column(tmp_path, "sources.csv", "code") == sorted(codes)


def test_every_code_that_rows_are_sorted_by_is_compared_byte_by_byte():
    """Whatever the locale of the server: the test above cannot tell on a server that has no other."""
    for table in TABLES:
        expressions = [order.expression for order in table.ordering()]
        by_byte = [isinstance(expression, ByteOrder) for expression in expressions]
        assert by_byte == [name.endswith("code") for name in table.order]


def test_indicators_are_sorted_by_sector_and_order(tmp_path):
    second, first = make_sector(order=2), make_sector(order=1)
    for code, sector, order in [("a", second, 1), ("b", first, 2), ("d", first, 1), ("c", first, 1)]:
        make_indicator(code=code, sector=sector, order=order)
    export_package(tmp_path)
    assert column(tmp_path, "indicators.csv", "code") == ["c", "d", "b", "a"]


def test_terms_are_sorted_by_year(tmp_path):
    for code, year in [("XVIII", 2026), ("XVI", 2016), ("XVII", 2021)]:
        make_term(code=code, first_year=year, last_year=year + 4)
    export_package(tmp_path)
    assert column(tmp_path, "terms.csv", "code") == ["XVI", "XVII", "XVIII"]


def test_figures_are_sorted_by_indicator_and_period(tmp_path):
    late, early = make_indicator(order=2), make_indicator(order=1)
    for indicator, year, month in [(late, 2020, 12), (early, 2022, 12), (early, 2021, 12), (early, 2021, 9)]:
        make_figure(indicator=indicator, year=year, through_month=month)
    export_package(tmp_path)
    expected = [(early, 2021, 9), (early, 2021, 12), (early, 2022, 12), (late, 2020, 12)]
    cells = [(indicator.code, str(year), str(month)) for indicator, year, month in expected]
    assert column(tmp_path, "figures.csv", "indicator", "year", "through_month") == cells


def test_the_result_of_the_whole_term_comes_after_its_years(tmp_path):
    for year in (None, 2022, 2021):
        make_official_result(year=year)
    export_package(tmp_path)
    assert column(tmp_path, "official_results.csv", "year") == ["2021", "2022", ""]


# --- what an export is


@pytest.mark.parametrize("state", ["entered", "submitted", "returned"])
def test_only_approved_figures_leave_the_house(tmp_path, state):
    make_figure(state=state)
    make_figure(value="8.06")
    assert export_package(tmp_path)["figures.csv"] == 1
    assert column(tmp_path, "figures.csv", "value") == ["8.06"]


def test_a_verdict_leaves_the_house_without_its_person(tmp_path, admin_user):
    make_official_verdict(decided_by=admin_user)
    export_package(tmp_path)
    (row,) = rows(tmp_path, "verdicts.csv")
    assert row["verdict"] == "achieved"
    assert admin_user.username not in "".join(row.values())


def test_an_export_has_every_file_and_its_descriptor(tmp_path):
    export_package(tmp_path)
    files = contents(tmp_path)
    assert set(files) == {table.file_name for table in TABLES} | {"datapackage.json"}
    assert json.loads(files["datapackage.json"]) == descriptor()
    assert all(content.count(b"\n") == 1 for name, content in files.items() if name.endswith(".csv"))


def test_files_are_plain_utf_8_with_line_feeds(tmp_path):
    with forgotten():
        load_package(OURS[0])
        files = exported(tmp_path)
    for content in files.values():
        assert content.decode("utf-8")
        assert not content.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in content


def test_numbers_have_a_point_days_are_iso_and_unknown_is_empty(tmp_path):
    make_figure(value="11728.3000", year=2020, published_on="2020-09-27", series_break=True, note="")
    export_package(tmp_path)
    (row,) = rows(tmp_path, "figures.csv")
    assert (row["value"], row["published_on"], row["series_break"], row["note"]) == (
        "11728.3",
        "2020-09-27",
        "true",
        "",
    )


def test_an_export_takes_one_query_a_table(tmp_path, django_assert_num_queries):
    for _ in range(3):
        make_figure()
    with django_assert_num_queries(len(TABLES)):
        export_package(tmp_path)


def test_the_command_counts_the_rows_of_each_file(tmp_path, capsys):
    load_package(write_package(tmp_path / "in", figures=[{}, {"year": "2022"}]))
    call_command("export_package", tmp_path / "new" / "out")
    assert "figures.csv: 2" in capsys.readouterr().out
    assert len(rows(tmp_path / "new" / "out", "figures.csv")) == Figure.objects.count() == 2


@pytest.mark.parametrize("text", ["một\r\nhai", "một\rhai", "15\u00a0xã", "Ba\u0301o", " một "])
def test_text_that_was_typed_or_pasted_comes_back_byte_for_byte(tmp_path, text):
    with forgotten():
        make_figure(source=make_source(note=text))
        first = exported(tmp_path / "first")
    assert exported_from_empty(tmp_path / "first", tmp_path / "second") == first


@pytest.mark.parametrize(("name", "sample"), [("langson", False), ("mau", True)])
def test_the_descriptor_of_the_data_we_ship_is_the_one_an_export_writes(settings, name, sample):
    settings.SAMPLE_DATA = sample
    shipped = (Path(__file__).resolve().parents[2] / "fixtures" / name / "datapackage.json").read_text()
    assert json.loads(shipped) == descriptor()

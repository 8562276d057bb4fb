"""The zip of a data package on another machine: loaded it gives the same bytes; a bad one is refused with its reason."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from django.core.management import call_command
from django.db import transaction

from indicators.datapackage import zip_reader
from indicators.datapackage.loader import load_package
from indicators.datapackage.reader import PackageInvalid
from indicators.datapackage.writer import zip_chunks
from indicators.models import Figure, Sector
from indicators.public.schema import TABLES
from tests.conftest import FIXTURES
from tests.factories import make_figure, make_indicator, write_package

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 22)


def zipped():
    return b"".join(zip_chunks(TODAY))


def write_zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return path


def problems(path):
    with pytest.raises(PackageInvalid) as refused:
        load_package(path)
    assert not Sector.objects.exists()
    return [str(problem) for problem in refused.value.problems]


# --- loaded


@pytest.fixture
def carried(tmp_path):
    """The zip of the real data and of an awkward figure, brought to a machine without any; and its number of rows."""
    with transaction.atomic():
        load_package(FIXTURES / "langson")
        make_figure(
            indicator=make_indicator(code="awkward", name_vi='=1+1; "Đường, xã"'), value="-5.5", note="=1+1\nhai"
        )
        (tmp_path / "package.zip").write_bytes(zipped())
        counts = {table.name: table.model._base_manager.count() for table in TABLES}
        transaction.set_rollback(True)
    assert not Sector.objects.exists()
    return tmp_path / "package.zip", counts


def test_another_machine_loads_it_and_gives_the_same_bytes(carried):
    path, counts = carried
    call_command("load_package", str(path), verbosity=0)
    assert {table.name: table.model._base_manager.count() for table in TABLES} == counts
    assert zipped() == path.read_bytes()
    assert Figure.objects.get(indicator__code="awkward").note == "=1+1\nhai"


def test_a_folder_unzipped_from_it_loads_as_well(carried, tmp_path):
    path, counts = carried
    zipfile.ZipFile(BytesIO(path.read_bytes())).extractall(tmp_path / "unzipped")
    load_package(tmp_path / "unzipped")
    assert Figure.objects.count() == counts["figures"]


# --- refused


def test_only_the_files_of_a_package_are_read_whatever_else_is_in_it(tmp_path):
    folder = write_package(tmp_path / "package")
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    outside = {"../escaped.csv": b"x", "/etc/escaped": b"x", "deep/figures.csv": b"nonsense"}
    load_package(write_zip(tmp_path / "package.zip", files | outside))
    assert Figure.objects.count() == 1
    assert not (tmp_path.parent / "escaped.csv").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["package", "package.zip"]


def test_bad_rows_of_a_zip_are_named_by_file_and_line(tmp_path):
    folder = write_package(tmp_path / "package", figures=[{"value": "6,95"}])
    packed = write_zip(tmp_path / "package.zip", {path.name: path.read_bytes() for path in folder.iterdir()})
    (problem,) = problems(packed)
    assert problem.startswith("figures.csv:2 value «6,95» – ")


def test_what_would_be_too_large_unpacked_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(zip_reader, "LARGEST", 1 << 20)
    packed = write_zip(tmp_path / "bomb.zip", {"figures.csv": b"0" * (2 << 20)})
    assert packed.stat().st_size < 10_000
    assert problems(packed) == ["bomb.zip – tối đa 1 MB sau khi giải nén"]


def test_a_damaged_file_is_named(tmp_path):
    packed = write_zip(tmp_path / "package.zip", {"sectors.csv": b"code,order,name_vi,name_en\n" * 50})
    data = bytearray(packed.read_bytes())
    data[45] ^= 0xFF
    packed.write_bytes(data)
    (problem,) = problems(packed)
    assert problem.startswith("sectors.csv – một tệp giải nén được (")


def test_a_zip_that_is_cut_off_is_no_package(tmp_path, small_zip):
    (tmp_path / "package.zip").write_bytes(small_zip[: len(small_zip) // 2])
    (problem,) = problems(tmp_path / "package.zip")
    assert str(tmp_path / "package.zip") in problem


@pytest.fixture
def small_zip(tmp_path):
    """A zip of one small package."""
    folder = write_package(tmp_path / "folder")
    return write_zip(tmp_path / "whole.zip", {path.name: path.read_bytes() for path in folder.iterdir()}).read_bytes()

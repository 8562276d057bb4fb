"""Migrations that were released stay as they are: databases that ran them never run them again.

`released_migrations.txt` lists them with the SHA-256 of their content, a line of `sha256sum` each.
"""

import hashlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RELEASED = Path(__file__).with_name("released_migrations.txt")
ADD = f"sha256sum indicators/migrations/0*.py indicators/accounts/migrations/0*.py > {RELEASED.relative_to(ROOT)}"


def changed_migrations(listing, root):
    """The listed migrations that are gone from `root` or hold something else."""
    lines = [line.split(maxsplit=1) for line in listing.splitlines()]
    return [name for digest, name in lines if digest_of(root / name) != digest]


def digest_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def test_no_released_migration_was_changed_or_taken_away():
    changed = changed_migrations(RELEASED.read_text(encoding="utf-8"), ROOT)
    assert not changed, (
        f"Released already, and changed or gone: {', '.join(changed)}. Databases that ran it never run it again: bring it"
        f" back with `git checkout` and write the change as a new migration (manage.py makemigrations). Only when a release"
        f" is made, its new migrations are added to the list: {ADD}"
    )


@pytest.mark.parametrize("change", [lambda path: path.write_text("b"), lambda path: path.unlink()])
def test_a_changed_and_a_missing_migration_are_both_noticed(tmp_path, change):
    path = tmp_path / "0001_initial.py"
    path.write_text("a")
    listing = f"{digest_of(path)}  0001_initial.py\n"
    assert changed_migrations(listing, tmp_path) == []
    change(path)
    assert changed_migrations(listing, tmp_path) == ["0001_initial.py"]

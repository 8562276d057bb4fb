"""What docs/security.md claims is held by a test that exists, and its limits are those of the code."""

import ast
import re
from pathlib import Path

import pytest

from indicators.core import limits

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
HEADED = re.compile(r"^\|.*\| held by \|\n\|[-|]+\|\n((?:\|.*\n)+)", re.M)
NUMBER = re.compile(r"\d+(?: \d{3})*")
MEGABYTE = 2**20


def functions_of(path):
    """The names of the test functions of a module."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_test_that_is_named_exists():
    named = set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT))
    assert len(named) > 40
    assert sorted(f"{path}::{name}" for path, name in named if name and name not in functions_of(path)) == []
    assert sorted(path for path, _name in named if not (ROOT / path).is_file()) == []


def test_every_place_in_the_code_that_is_named_exists():
    places = re.findall(r"`((?:indicators|lanson|scripts|docs|deploy)/[\w./]*)`", TEXT)
    assert sorted(place for place in places if not (ROOT / place).exists()) == []


def test_each_line_of_what_is_done_names_its_test():
    lines = [line for rows in HEADED.findall(TEXT) for line in rows.splitlines()]
    assert len(lines) > 30
    assert [line for line in lines if "::test_" not in line.split("|")[-2]] == []


CONSTANTS = {name: value for name, value in vars(limits).items() if name.isupper()}


@pytest.mark.parametrize("name", CONSTANTS)
def test_the_limits_are_those_of_the_code(name):
    (line,) = [line for line in TEXT.splitlines() if line.startswith("|") and f"`{name}`" in line]
    numbers = {int(number.replace(" ", "")) for number in NUMBER.findall(line.split("|")[2])}
    value = CONSTANTS[name]
    assert (value // MEGABYTE if name.endswith("BYTES") else value) in numbers

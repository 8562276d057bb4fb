"""The check for vulnerable packages: a finding fails, silence of the service is told and never taken for a clean bill."""

import json
import re
import tomllib
from pathlib import Path

from scripts.audit import audit, verdict

ROOT = Path(__file__).resolve().parents[2]


def found(*packages):
    """What pip-audit prints, with these packages."""
    return json.dumps({"dependencies": list(packages), "fixes": []})


GOOD = {"name": "django", "version": "5.2.19", "vulns": []}
BAD = {"name": "pillow", "version": "1.0", "vulns": [{"id": "PYSEC-2020-1"}, {"id": "GHSA-x"}]}
UNKNOWN = {"name": "babel", "skip_reason": "Dependency not found on PyPI and could not be audited: babel (2.18.0)"}


def test_packages_without_a_finding_pass():
    assert verdict(found(GOOD), "", 1) == (0, "nothing known against 1 packages")


def test_a_finding_fails_whatever_else_is_unknown():
    assert verdict(found(BAD, UNKNOWN), "", 2) == (1, "pillow 1.0: PYSEC-2020-1; pillow 1.0: GHSA-x")


def test_packages_that_the_service_does_not_know_are_not_called_clean():
    assert verdict(found(GOOD, UNKNOWN), "", 2) == (0, "could not be asked: the service knows 1 of 2 packages")


def test_a_service_that_cannot_be_reached_is_told_and_does_not_stop_the_build():
    complaint = "Traceback\nConnectionError: no route to host\n"
    assert verdict("", complaint, 1) == (0, "could not be asked: ConnectionError: no route to host")
    assert verdict("", "", 1) == (0, "could not be asked: no answer")


def test_pip_audit_understands_what_it_is_asked():
    """Whether it is answered depends on where this runs; that the tool takes our list does not."""
    answer, complaint = audit(["not-a-version"], {})
    assert answer == ""
    assert "not-a-version" in complaint or "requirement" in complaint.lower()


def test_every_vulnerability_that_is_let_pass_says_why():
    accepted = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["audit"]["accepted"]
    assert [one for one, why in accepted.items() if len(why) < 20] == []


def test_every_line_that_bandit_lets_pass_names_the_rule_and_says_why():
    for folder in ("indicators", "lanson", "scripts"):
        for path in (ROOT / folder).rglob("*.py"):
            for excuse in re.findall(r"#\s*nosec.*", path.read_text(encoding="utf-8")):
                assert re.fullmatch(r"# nosec B\d{3} # .{15,}", excuse), f"{path}: {excuse}"

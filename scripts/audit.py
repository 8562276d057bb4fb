"""Asks whether a pinned package is known to be vulnerable. Ends with an error on any finding that pyproject.toml does not
explain; where the service cannot be asked, says so and lets the build go on."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AUDIT = [sys.executable, "-m", "pip_audit", "--format=json", "--progress-spinner=off", "--no-deps", "--disable-pip"]
PATIENCE = 120  # seconds


def main() -> int:
    lines = re.findall(r"^\S+==[^\s;]+", (ROOT / "requirements-dev.lock").read_text(), re.M)
    accepted = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["audit"]["accepted"]
    # One package tells whether the service answers: it need not be asked a hundred times to find that it does not.
    for asked in (lines[:1], lines):
        code, told = verdict(*audit(asked, accepted), len(asked))
        if code or told.startswith("could not"):
            break
    print(f"pip-audit: {told}")
    return code


def audit(requirements: list[str], accepted: dict[str, str]) -> tuple[str, str]:
    """What pip-audit says about these, as JSON, and what it complains about."""
    ignored = [f"--ignore-vuln={one}" for one in accepted]
    command = [*AUDIT, *ignored, "--requirement=/dev/stdin"]
    try:
        done = subprocess.run(command, input="\n".join(requirements), capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return "", f"no answer within {PATIENCE} seconds"
    return done.stdout, done.stderr


def verdict(found: str, complaint: str, asked: int) -> tuple[int, str]:
    """The exit code and what to say. pip-audit calls a service that knows none of the packages a clean one: it is not."""
    try:
        packages = json.loads(found)["dependencies"]
    except ValueError:
        return 0, f"could not be asked: {(complaint.strip().splitlines() or ['no answer'])[-1]}"
    bad = [f"{one['name']} {one['version']}: {each['id']}" for one in packages for each in one.get("vulns", [])]
    if bad:
        return 1, "; ".join(bad)
    unknown = [one["name"] for one in packages if "skip_reason" in one]
    if len(packages) < asked or unknown:
        return 0, f"could not be asked: the service knows {len(packages) - len(unknown)} of {asked} packages"
    return 0, f"nothing known against {asked} packages"


if __name__ == "__main__":
    sys.exit(main())

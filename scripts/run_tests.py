"""Runs the whole suite on SQLite and on PostgreSQL, always both, and ends with the two summaries.

What looks the same whatever the database is (marked `once`) runs on SQLite only. Options are handed to pytest.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent
PYTEST = [sys.executable, "-m", "pytest", "-rs"]
RUNS = {
    "SQLite": PYTEST,
    "PostgreSQL": [sys.executable, str(SCRIPTS / "with_postgres.py"), *PYTEST, "-m", "not once"],
}
NOTHING_TO_RUN = 5  # pytest's exit code when the options chose tests of the other run only
SUMMARY = re.compile(r"^(=+ )?(\d+ \w+|no tests ran)\b.* in [\d.]+s\b")


def main(options: list[str]) -> int:
    """Run both; the exit code is 0 only when both passed."""
    # A database named by the environment would be filled and emptied: tests bring their own.
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    outcomes = {}
    for database, command in RUNS.items():
        print(f"\nTests on {database}", flush=True)
        outcomes[database] = run([*command, *options], environment)
    print("\nBoth runs:")
    good = (0, NOTHING_TO_RUN) if options else (0,)
    for database, (code, summary) in outcomes.items():
        print(f"{database:>10}: {'passed' if code in good else 'FAILED'}  {summary}")
    return int(any(code not in good for code, _ in outcomes.values()) or all(code for code, _ in outcomes.values()))


def run(command: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Exit code and summary of one run, whose output is passed on as it comes; what was not tried, and why, is part of it."""
    summary, skipped = "(no summary)", []
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, encoding="utf-8") as child:
        for line in child.stdout or ():
            print(line, end="", flush=True)
            if SUMMARY.match(line.rstrip()):
                summary = line.strip("=\n ")
            elif line.startswith("SKIPPED "):
                skipped.append(f"            NOT TRIED{line.removeprefix('SKIPPED').rstrip()}")
    return child.returncode, "\n".join([summary, *skipped])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

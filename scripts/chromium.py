"""Prints the path of a Chromium for the browser tests, and brings one where there is none.

An installed one first, then Playwright's own, then, as root on Debian, the distribution's package.
"""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# The fonts have every Vietnamese mark; without them screenshots show boxes.
PACKAGES = ("chromium", "fonts-noto-core")
HELP = (
    "No Chromium for the browser tests was found, and none could be installed. Install Chromium"
    " or Google Chrome, or name one with: make test CHROMIUM=/path/to/chromium"
)


def find() -> str | None:
    """The path of a Chromium that starts, or None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named) or sys.exit(f"CHROMIUM={named} is not a program.")
    candidates = [shutil.which(name) for name in NAMES] + [playwrights_own()]
    return next((path for path in candidates if path and starts(path)), None)


def playwrights_own() -> str:
    """Where Playwright keeps the browser that fits it, installed or not."""
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def starts(path: str) -> bool:
    """Whether the program runs here: a downloaded browser may lack system libraries."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except OSError:
        return False


def install() -> None:
    """Bring a Chromium, saying what is tried; whether it worked is for find() to tell."""
    say("No Chromium found: asking Playwright to download its own.")
    run([sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"])
    if find() or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say(f"That did not work: installing Debian's packages {' and '.join(PACKAGES)}.")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update"], environment)
    run(["apt-get", "install", "--yes", "--no-install-recommends", *PACKAGES], environment)


def run(command: list[str], environment: dict[str, str] | None = None) -> None:
    """Run a step of the installation; of its output only the errors are shown."""
    done = subprocess.run(command, env=environment, capture_output=True, stdin=subprocess.DEVNULL, text=True)
    if done.returncode:
        lines = (done.stdout + done.stderr).splitlines()
        say("\n".join(dict.fromkeys(line for line in lines if line.startswith(("Error", "E:")))))


def say(text: str) -> None:
    """Tell the user on standard error: standard output is the path alone."""
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Print the path of a Chromium, installing one if need be."""
    path = find()
    if path is None:
        install()
        path = find()
    print(path or sys.exit(HELP))


if __name__ == "__main__":
    main()

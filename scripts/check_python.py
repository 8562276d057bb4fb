"""Says in one sentence what a machine's Python lacks for this project; silent when nothing is missing.

Runs on old Pythons too (3.6 and later), since that is what it has to tell.
"""

import importlib.util
import sys

OLDEST = (3, 11)


def missing(version, find=importlib.util.find_spec):
    """The sentence that names what to install, or an empty string."""
    if tuple(version[:2]) < OLDEST:
        wanted, found = ("{}.{}".format(*numbers) for numbers in (OLDEST, version))
        return (
            f"Python {wanted} or newer is needed, and {sys.executable} is Python {found}.\n"
            "Name another one with: make PYTHON=/path/to/python3"
        )
    # Debian splits the standard library: without its package there is venv, but no pip to put into one.
    if find("venv") is None or find("ensurepip") is None:
        return (
            f"{sys.executable} cannot make virtual environments. On Debian or Ubuntu, add the rest:\n"
            "    apt-get install python3-venv"
        )
    return ""


if __name__ == "__main__":
    sys.exit(missing(sys.version_info) or None)

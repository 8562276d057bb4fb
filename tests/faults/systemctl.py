"""Stands in for systemd where there is none: `systemctl restart lanson-web.service` over a socket that stays open.

The server is begun as its unit says, in LANSON_HOME in place of /opt/lanson. SOCKET is the number of the open socket; the
server finds it as number 3, as systemd hands it over.
"""

import os
import signal
import sys
from pathlib import Path

import psutil

HOME = Path(os.environ["LANSON_HOME"])
PID = HOME / "server.pid"


def restart() -> None:
    """End the server that runs, in peace, and begin the one of today."""
    if PID.exists() and psutil.pid_exists(int(PID.read_text())):
        server = psutil.Process(int(PID.read_text()))
        server.send_signal(signal.SIGTERM)
        psutil.wait_procs([server], timeout=40)
    unit = (Path(os.environ["LANSON_UNITS"]) / "lanson-web.service").read_text(encoding="utf-8")
    command = next(line.removeprefix("ExecStart=") for line in unit.splitlines() if line.startswith("ExecStart="))
    if pid := os.fork():
        PID.write_text(str(pid))
    else:
        serve(command.replace("/opt/lanson", str(HOME)).split())


def serve(command: list[str]) -> None:
    """Become the server."""
    os.setsid()
    os.dup2(int(os.environ["SOCKET"]), 3)
    log = os.open(HOME / "server.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.closerange(4, 256)
    os.chdir(HOME / "current")
    settings = dict(line.split("=", 1) for line in Path(os.environ["LANSON_SETTINGS"]).read_text().splitlines())
    activation = {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
    os.execve(command[0], command, os.environ | settings | activation)


if __name__ == "__main__" and sys.argv[1] == "restart":
    restart()

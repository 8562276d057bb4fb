"""Serves the tracker on this machine with a database of its own: what `make run` ends in.

The first run prepares var/<data>.sqlite3 from fixtures/<data>; later runs keep it and start at once.
"""

import os
import secrets
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
# The folders with the migrations of each app of ours; `sign_in` was the name of the accounts in version 0.1.0.
MIGRATIONS = {"indicators": "indicators/migrations", "accounts": "indicators/accounts/migrations", "sign_in": None}
STATIC_SOURCES = ("static", "requirements.txt", "node_modules/.package-lock.json")


def main(data: str, port: str) -> None:
    """Prepare what is missing, then become the web server."""
    refuse_unknown_data(data)
    refuse_unusable_port(port)
    keep_private(VAR)
    database = VAR / f"{data}.sqlite3"
    if database.exists():
        refuse_earlier_database(database)
    environment = os.environ | settings(database) | {"SITE_URL": f"http://127.0.0.1:{port}"}
    if database.exists():
        manage("migrate", "--verbosity=0", environment=environment)
    else:
        prepare(database, ROOT / "fixtures" / data)
    collect_static(environment)
    print(f"\nhttp://127.0.0.1:{port}/ is ready; the admin is at /admin/. Ctrl+C stops it.\n", flush=True)
    os.execve(sys.executable, [sys.executable, *gunicorn(port)], environment)


def keep_private(folder: Path) -> None:
    """Make the folder readable by its owner only, what an earlier version left in it too, and all that is made from now on."""
    os.umask(0o077)
    folder.mkdir(exist_ok=True)
    for path in (folder, *folder.iterdir()):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o077)


def settings(database: Path) -> dict[str, str]:
    """The environment of a demonstration: production's settings, but plain http, on loopback only."""
    return {
        "DJANGO_SETTINGS_MODULE": "lanson.settings",
        "DEBUG": "off",
        "HTTPS": "off",
        "PUBLIC_DASHBOARD": "on",
        # Who tries the demonstration has no telephone at hand; a server keeps it on.
        "SECOND_FACTOR": "off",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "SECRET_KEY": secret_key(VAR / "secret_key"),
        "DATABASE_URL": f"sqlite:///{database}",
        "SAMPLE_DATA": "off" if database.stem == "langson" else "on",
        "STATIC_ROOT": str(VAR / "static"),
        "MEDIA_ROOT": str(VAR / "media" / database.stem),
        # Somebody is looking at this terminal: only what went wrong, in a form for people.
        "LOG_FORMAT": "line",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
    }


def secret_key(path: Path) -> str:
    """The key kept in `path`, made on first use and readable by its owner only."""
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text()


def prepare(database: Path, package: Path) -> None:
    """Make `database` with the data of `package` and the demo accounts.

    It gets its name only when it is complete, so that an interrupted first run is simply done again.
    """
    unfinished = database.with_suffix(".unfinished")
    for leftover in database.parent.glob(f"{unfinished.name}*"):
        leftover.unlink()
    environment = os.environ | settings(unfinished)
    print(f"Preparing {database} with the data of {package} ...", flush=True)
    manage("migrate", "--verbosity=0", environment=environment)
    manage("load_package", str(package), environment=environment)
    manage("demo_accounts", environment=environment)
    unfinished.rename(database)


def collect_static(environment: dict[str, str]) -> None:
    """Collect and compress the static files, unless none of their sources changed since the last time."""
    stamp = VAR / "static.collected"
    if stamp.exists() and stamp.stat().st_mtime >= max(changed(ROOT)):
        return
    manage("collectstatic", "--no-input", "--clear", "--verbosity=0", environment=environment)
    stamp.touch()


def changed(root: Path) -> Iterator[float]:
    """When each source of static files last changed, folders too: removing a file touches only its folder."""
    for name in STATIC_SOURCES:
        source = root / name
        if source.exists():
            yield source.stat().st_mtime
            yield from (path.stat().st_mtime for path in source.rglob("*"))


def gunicorn(port: str) -> list[str]:
    """The server's command line.

    gunicorn and not runserver: a demonstration runs the server and the settings of production, and runserver
    is for DEBUG only. One process with threads, because the default cache lives inside a process.
    """
    options = ["--bind", f"127.0.0.1:{port}", "--workers=1", "--threads=4", "--log-level=warning"]
    return ["-m", "gunicorn", "lanson.wsgi", *options]


def manage(*arguments: str, environment: dict[str, str]) -> None:
    """Run a management command; when it fails, stop with its exit code, its own message being enough."""
    done = subprocess.run([sys.executable, ROOT / "manage.py", *arguments], env=environment, cwd=ROOT)
    if done.returncode:
        sys.exit(done.returncode)


def refuse_unknown_data(data: str) -> None:
    """Stop with the list of data packages when `data` is none of them."""
    known = sorted(path.name for path in (ROOT / "fixtures").iterdir() if path.is_dir())
    if data not in known:
        sys.exit(f"There is no data package fixtures/{data}. Choose one of: {', '.join(known)}.")


def refuse_earlier_database(database: Path) -> None:
    """Stop with the way to take the data along when an earlier version made `database`. Nothing in it is changed.

    Such a file holds migrations that this code does not have: `migrate` would fail half-way, on tables that exist already.
    """
    unknown = unknown_migrations(database)
    if not unknown:
        return
    package, attic = database.with_suffix(""), database.parent / "0.1.0"
    sys.exit(
        f"{database} was made by version 0.1.0 of the tracker: this version does not know its {unknown[0]}.\n"
        "Nothing was changed. To take its data along:\n"
        "  1. With the code of version 0.1.0, write them as a data package:\n"
        f"     DEBUG=on DATABASE_URL=sqlite:///{database} .venv/bin/python manage.py export_package {package}\n"
        f"  2. Move the file away: mkdir -p {attic} && mv {database}* {attic}/\n"
        "  3. Here, run `make run` again; it prepares a new database.\n"
        "  4. Load the data package into it:\n"
        f"     DEBUG=on DATABASE_URL=sqlite:///{database} .venv/bin/python manage.py load_package {package}\n"
        "A data package holds what is approved. Drafts, accounts and evidence files stay in what you moved away."
    )


def unknown_migrations(database: Path) -> list[str]:
    """The migrations of our apps that `database` has and this code has not, such as indicators.0003_usual_deadlines."""
    known = {
        f"{app}.{path.stem}"
        for app, folder in MIGRATIONS.items()
        if folder
        for path in (ROOT / folder).glob("[0-9]*.py")
    }
    connection = sqlite3.connect(f"file:{quote(str(database))}?mode=ro", uri=True)
    try:
        rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
    except sqlite3.DatabaseError:
        return []  # empty or no database at all: `migrate` fills the one and says what is wrong with the other
    finally:
        connection.close()
    return [f"{app}.{name}" for app, name in rows if app in MIGRATIONS and f"{app}.{name}" not in known]


def refuse_unusable_port(port: str) -> None:
    """Stop with a way out when nothing can listen on `port`."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        sys.exit(f"PORT={port} is not a port number. Choose one from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            sys.exit(f"Port {port} cannot be used ({error.strerror}). Choose another one: make run PORT=8765")


if __name__ == "__main__":
    main(*sys.argv[1:])

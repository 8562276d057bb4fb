"""The tools of the repository, on small real files and processes."""

import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from babel.messages.mofile import read_mo

from scripts import check_python, chromium, healthcheck, messages, run_tests, serve

ROOT = Path(__file__).resolve().parents[2]

# --- scripts/messages.py


@pytest.fixture
def project(tmp_path):
    """A folder laid out like this repository, with one message in code and one in a template."""
    write(tmp_path, "indicators/views.py", 'title = gettext("Targets")\n')
    write(tmp_path, "templates/page.html", "<h1>{% translate 'Figures' %}</h1>\n")
    return tmp_path


def write(root, path, text):
    """Write one file, making its folder."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def catalogue(root):
    """The text of the catalogue."""
    return (root / messages.CATALOGUE).read_text(encoding="utf-8")


def translate(root, msgid, msgstr):
    """Fill in one translation, as a translator does in an editor."""
    empty, full = f'msgid "{msgid}"\nmsgstr ""', f'msgid "{msgid}"\nmsgstr "{msgstr}"'
    text = catalogue(root)
    assert empty in text
    write(root, messages.CATALOGUE, text.replace(empty, full))


def in_use(root):
    """The messages found in code and templates: context, singular and plural."""
    return {(message.context, *messages.texts(message.id)) for message in messages.messages_in_use(root)} - {(None, "")}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('_("Year")', (None, "Year")),
        ('gettext_lazy("Year")', (None, "Year")),
        ('gettext("a " "b")', (None, "a b")),
        ('ngettext("%(n)s year", "%(n)s years", n)', (None, "%(n)s year", "%(n)s years")),
        ('pgettext_lazy("of a target", "draft")', ("of a target", "draft")),
        ('npgettext("time", "month", "months", n)', ("time", "month", "months")),
        ('format_html(_("<b>{name}</b>"), name=_lazy("x"))', (None, "<b>{name}</b>")),
    ],
)
def test_messages_are_found_in_code(tmp_path, code, found):
    write(tmp_path, "lanson/module.py", f"value = {code}\n")
    assert in_use(tmp_path) == {found}


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ('{% translate "It’s (open" %}', (None, "It’s (open")),
        ('{% trans "draft" context "of a target" %}', ("of a target", "draft")),
        ('<p title=\'don"t\'>{% translate "100% of it" as part %}</p>', (None, "100%% of it")),
        ('{{ value|default:_("none") }}', (None, "none")),
        ("{% blocktranslate %}{{ met }} of {{ all }}{% endblocktranslate %}", (None, "%(met)s of %(all)s")),
        ("{% blocktranslate trimmed %}\n  one\n  two\n{% endblocktranslate %}", (None, "one two")),
        (
            "{% blocktranslate count n=n %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}",
            (None, "%(n)s row", "%(n)s rows"),
        ),
        ("    <div>\n  {% if x %}\n      {% translate 'deep' %}\n {% endif %}\n</div>", (None, "deep")),
        ("{# it's a note #}{% comment %}don't{% endcomment %}{% translate 'after' %}", (None, "after")),
    ],
)
@pytest.mark.parametrize("suffix", ["html", "txt"])
def test_messages_are_found_in_templates(tmp_path, template, found, suffix):
    write(tmp_path, f"templates/deep/page.{suffix}", template)
    assert in_use(tmp_path) == {found}


def test_update_keeps_translations_and_is_the_same_the_second_time(project):
    messages.update(project)
    translate(project, "Targets", "Chỉ tiêu")
    messages.update(project)
    first = catalogue(project)
    messages.update(project)
    assert catalogue(project) == first
    assert 'msgstr "Chỉ tiêu"' in first
    assert "Creation-Date" not in first


def test_a_moved_line_leaves_the_catalogue_as_it_is(project):
    messages.update(project)
    before = catalogue(project)
    write(project, "indicators/views.py", '\n\n\ntitle = gettext("Targets")\n')
    messages.update(project)
    assert catalogue(project) == before
    assert "#: indicators/views.py\n" in before


def test_a_comment_for_translators_reaches_them(project):
    write(project, "indicators/views.py", '# Translators: of the Party\ntitle = _("Term")\n')
    messages.update(project)
    assert "#. Translators: of the Party" in catalogue(project)


def test_check_is_silent_about_a_complete_catalogue(project):
    messages.update(project)
    translate(project, "Targets", "Chỉ tiêu")
    translate(project, "Figures", "Số liệu")
    assert messages.check(project) == []


def test_check_names_a_message_that_is_not_in_the_catalogue(project):
    assert messages.check(project) == [
        'not in the catalogue: "Targets" (indicators/views.py)',
        'not in the catalogue: "Figures" (templates/page.html)',
    ]


def test_check_names_an_untranslated_message(project):
    messages.update(project)
    translate(project, "Figures", "Số liệu")
    assert messages.check(project) == ['untranslated: "Targets" (indicators/views.py)']


def test_check_names_a_fuzzy_message(project):
    messages.update(project)
    translate(project, "Targets", "Chỉ tiêu")
    translate(project, "Figures", "Số liệu")
    text = catalogue(project).replace('msgid "Figures"', '#, fuzzy\nmsgid "Figures"')
    write(project, messages.CATALOGUE, text)
    assert messages.check(project) == ['fuzzy: "Figures" (templates/page.html)']


def test_check_names_a_message_inside_an_f_string_which_nobody_would_find(project):
    messages.update(project)
    write(project, "indicators/telling.py", "def told(x):\n    return f\"{_('Understood as')} {x}\"\n")
    (fault,) = [one for one in messages.check(project) if "f-string" in one]
    assert "indicators/telling.py:2" in fault


def test_check_names_a_message_that_nothing_uses_any_more_and_update_takes_it_out(project):
    messages.update(project)
    translate(project, "Targets", "Chỉ tiêu")
    translate(project, "Figures", "Số liệu")
    write(project, "templates/page.html", "")
    assert messages.check(project) == ['no longer used: "Figures" (templates/page.html)']
    messages.update(project)
    assert messages.check(project) == []
    assert "Figures" not in catalogue(project)


@pytest.mark.parametrize(
    ("msgid", "msgstr"),
    [
        ("%(met)s of %(all)s", "%(met)s trên %(tất)s"),
        ("%(met)s of %(all)s", "%(met)s"),
        ("up to {last}", "đến {cuoi}"),
        ("%s rows", "dòng"),
    ],
)
def test_check_names_a_translation_with_other_placeholders(tmp_path, msgid, msgstr):
    write(tmp_path, "lanson/module.py", f'_("{msgid}")\n')
    messages.update(tmp_path)
    translate(tmp_path, msgid, msgstr)
    assert messages.check(tmp_path) == [f'other placeholders: "{msgid}" (lanson/module.py)']


def test_a_plural_has_one_vietnamese_form_with_the_placeholders_of_the_plural(tmp_path):
    write(tmp_path, "lanson/module.py", 'ngettext("one row", "%(n)s rows", n)\n')
    messages.update(tmp_path)
    write(
        tmp_path,
        messages.CATALOGUE,
        catalogue(tmp_path).replace('msgstr[0] ""', 'msgstr[0] "%(n)s dòng"'),
    )
    assert messages.check(tmp_path) == []


def test_a_percent_sign_is_not_a_placeholder(tmp_path):
    write(tmp_path, "lanson/module.py", '_("7 % so far, 100%% of it")\n')
    messages.update(tmp_path)
    translate(tmp_path, "7 % so far, 100%% of it", "đến nay 7 %, đủ 100%%")
    assert messages.check(tmp_path) == []


def test_compile_writes_what_django_reads(project):
    messages.update(project)
    translate(project, "Targets", "Chỉ tiêu")
    messages.compile_(project)
    with (project / messages.CATALOGUE).with_suffix(".mo").open("rb") as file:
        assert read_mo(file).get("Targets").string == "Chỉ tiêu"


# --- scripts/check_python.py


def test_a_python_that_is_too_old_is_refused():
    assert "Python 3.11 or newer is needed" in check_python.missing((3, 9, 2))


def test_a_python_without_pip_for_environments_names_the_debian_package():
    without = {"venv": object(), "ensurepip": None}
    assert "apt-get install python3-venv" in check_python.missing((3, 11, 2), without.get)


def test_this_python_lacks_nothing():
    assert check_python.missing(sys.version_info) == ""


# --- scripts/serve.py


@pytest.fixture
def var(tmp_path, monkeypatch):
    """A folder for what is generated, instead of the repository's own."""
    monkeypatch.setattr(serve, "VAR", tmp_path)
    before = os.umask(0o022)
    yield tmp_path
    os.umask(before)


@pytest.fixture
def commands(monkeypatch):
    """The management commands that would have run; the database they were given exists afterwards."""
    ran = []

    def record(*arguments, environment):
        ran.append(arguments[0])
        Path(environment["DATABASE_URL"].removeprefix("sqlite:///")).touch()

    monkeypatch.setattr(serve, "manage", record)
    return ran


def test_the_secret_key_is_made_once_and_is_the_owners_alone(tmp_path):
    path = tmp_path / "secret_key"
    key = serve.secret_key(path)
    assert len(key) >= 50
    assert serve.secret_key(path) == key
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_new_database_gets_its_name_when_it_is_complete(var, commands):
    serve.prepare(var / "langson.sqlite3", Path("fixtures/langson"))
    assert commands == ["migrate", "load_package", "demo_accounts"]
    assert (var / "langson.sqlite3").exists()
    assert not list(var.glob("*.unfinished*"))


def test_an_interrupted_preparation_leaves_no_database(var, commands, monkeypatch):
    def fail(*arguments, environment):
        (var / "langson.unfinished").write_text("half")
        sys.exit(3)

    monkeypatch.setattr(serve, "manage", fail)
    with pytest.raises(SystemExit):
        serve.prepare(var / "langson.sqlite3", Path("fixtures/langson"))
    assert not (var / "langson.sqlite3").exists()


# What version 0.1.0 recorded in the order it ran; of our apps only.
RECORDED_BY_0_1_0 = [
    ("indicators", "0001_initial"),
    ("indicators", "0002_office"),
    ("indicators", "0003_usual_deadlines"),
    ("indicators", "0004_upload"),
    ("sign_in", "0001_initial"),
]


def recorded(path, migrations):
    """A database in which these migrations ran, and a table with something in it."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app TEXT, name TEXT, applied TEXT)")
        database.execute("CREATE TABLE indicators_figure (id INTEGER PRIMARY KEY, value TEXT)")
        database.execute("INSERT INTO indicators_figure (value) VALUES ('8.06')")
        database.executemany("INSERT INTO django_migrations (app, name) VALUES (?, ?)", migrations)
    return path


@pytest.mark.parametrize(
    ("migrations", "unknown"),
    [
        (RECORDED_BY_0_1_0, "indicators.0002_office"),
        ([("indicators", "0001_initial"), ("sign_in", "0001_initial")], "sign_in.0001_initial"),
        (
            [("axes", "0001_initial"), ("indicators", "0001_initial"), ("indicators", "0099_later")],
            "indicators.0099_later",
        ),
    ],
)
def test_a_database_of_an_earlier_version_is_refused_with_a_way_out(var, commands, migrations, unknown):
    path = recorded(var / "langson.sqlite3", migrations)
    before = path.read_bytes()
    with pytest.raises(SystemExit) as refused:
        serve.main("langson", "18765")
    message = refused.value.code
    assert unknown in message
    for step in (
        "0.1.0",
        f"export_package {var}/langson",
        f"mv {path}* {var}/0.1.0/",
        "make run",
        f"load_package {var}/langson",
    ):
        assert step in message
    assert (path.read_bytes(), commands) == (before, [])
    assert [file.name for file in var.iterdir()] == ["langson.sqlite3"]


def test_a_database_of_this_version_is_migrated_and_served(var, commands, monkeypatch):
    ours = [("auth", "0001_initial"), ("indicators", "0001_initial"), ("accounts", "0001_initial")]
    recorded(var / "langson.sqlite3", ours)
    served = []
    monkeypatch.setattr(serve.os, "execve", lambda _program, command, _environment: served.append(command))
    monkeypatch.setattr(serve, "collect_static", lambda _environment: None)
    serve.main("langson", "18765")
    assert (commands, len(served)) == (["migrate"], 1)


def test_what_is_stored_is_readable_by_its_owner_only(var, commands, monkeypatch):
    recorded(var / "langson.sqlite3", [("auth", "0001_initial")])
    (var / "langson.sqlite3-wal").touch()
    monkeypatch.setattr(serve.os, "execve", lambda *_program: (var / "langson.sqlite3-shm").touch())
    monkeypatch.setattr(serve, "collect_static", lambda _environment: (var / "static").mkdir())
    serve.main("langson", "18765")
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in (var, *var.iterdir()) if path.name != "secret_key"}
    assert modes == {
        var.name: "0o700",
        "langson.sqlite3": "0o600",
        "langson.sqlite3-wal": "0o600",
        "langson.sqlite3-shm": "0o600",
        "static": "0o700",
    }


def test_static_files_are_collected_again_only_after_a_change(var, commands, tmp_path, monkeypatch):
    source = tmp_path / "static" / "site.css"
    write(tmp_path, "static/site.css", "")
    monkeypatch.setattr(serve, "ROOT", tmp_path)
    environment = serve.settings(var / "langson.sqlite3")
    serve.collect_static(environment)
    serve.collect_static(environment)
    assert commands == ["collectstatic"]
    later = (var / "static.collected").stat().st_mtime + 1
    os.utime(source, (later, later))
    serve.collect_static(environment)
    assert commands == ["collectstatic"] * 2


@pytest.mark.parametrize("port", ["", "abc", "0", "65536", "-1", "8000.0"])
def test_what_is_not_a_port_is_refused(port):
    with pytest.raises(SystemExit, match="is not a port number"):
        serve.refuse_unusable_port(port)


def test_a_taken_port_is_refused_with_a_way_out():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(SystemExit, match="make run PORT="):
            serve.refuse_unusable_port(port)


def test_an_unknown_data_package_is_refused_with_the_known_ones():
    with pytest.raises(SystemExit, match=r"Choose one of: .*langson"):
        serve.refuse_unknown_data("hanoi")


# --- scripts/chromium.py


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A folder of programs that is the whole PATH; Playwright's own browser is missing."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(chromium, "playwrights_own", lambda: str(tmp_path / "absent"))
    return tmp_path


def program(path, text):
    """Make a shell program."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_an_installed_chromium_is_found(programs):
    assert chromium.find() is None
    path = program(programs / "google-chrome", "exit 0")
    assert chromium.find() == path


def test_a_chromium_that_does_not_start_is_passed_over(programs):
    program(programs / "chromium", "exit 127")
    assert chromium.find() is None


def test_the_environment_names_the_chromium_to_use(programs, monkeypatch):
    program(programs / "chromium", "exit 0")
    path = program(programs / "mine", "exit 0")
    monkeypatch.setenv("CHROMIUM", path)
    assert chromium.find() == path
    monkeypatch.setenv("CHROMIUM", "nothing-of-that-name")
    with pytest.raises(SystemExit, match="is not a program"):
        chromium.find()


def test_without_any_chromium_the_message_tells_what_to_do(programs, monkeypatch):
    monkeypatch.setattr(chromium, "install", lambda: None)
    with pytest.raises(SystemExit, match="make test CHROMIUM="):
        chromium.main()


def test_debians_package_is_the_last_resort_and_for_root_only(programs, monkeypatch, capsys):
    program(programs / "apt-get", f'echo "$@" >> {programs}/asked')
    monkeypatch.setattr(chromium.sys, "executable", program(programs / "python", "exit 1"))
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000)
    chromium.install()
    assert not (programs / "asked").exists()
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 0)
    chromium.install()
    assert "chromium fonts-noto-core" in (programs / "asked").read_text()
    assert "Debian's packages chromium and fonts-noto-core" in capsys.readouterr().err


# --- scripts/with_postgres.py


def with_postgres(code):
    """What a Python program printed and exited with, run beside a fresh PostgreSQL."""
    command = [sys.executable, ROOT / "scripts" / "with_postgres.py", sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True)


def test_a_command_has_a_postgresql_of_its_own_that_ends_with_it():
    done = with_postgres(
        "import os, psycopg2; url = os.environ['DATABASE_URL']; cursor = psycopg2.connect(url).cursor();"
        "cursor.execute('select 6 * 7'); print(url, cursor.fetchone()[0], sep='\\n'); raise SystemExit(3)"
    )
    url, answer = done.stdout.split()
    assert (answer, done.returncode) == ("42", 3)
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(url)
    assert not Path(url.partition("host=")[2]).exists()


# --- scripts/run_tests.py

SAYS = [sys.executable, "-c", "import sys; print('noise'); print(sys.argv[1]); sys.exit(int(sys.argv[2]))"]


def test_both_databases_are_tested_and_one_failure_is_enough(monkeypatch, capsys):
    monkeypatch.setattr(
        run_tests,
        "RUNS",
        {
            "SQLite": [*SAYS, "==== 1 failed, 2 passed in 0.31s ====", "1"],
            "PostgreSQL": [*SAYS, "3 passed in 61.20s (0:01:01)", "0"],
        },
    )
    assert run_tests.main([]) == 1
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "    SQLite: FAILED  1 failed, 2 passed in 0.31s",
        "PostgreSQL: passed  3 passed in 61.20s (0:01:01)",
    ]


def test_what_was_not_tried_is_said_in_the_summary(monkeypatch, capsys):
    words = "SKIPPED [3] tests/dashboard/test_workbook.py:269: needs LibreOffice\n= 3 skipped in 0.2s ="
    monkeypatch.setattr(run_tests, "RUNS", {"SQLite": [*SAYS, words, "0"]})
    assert run_tests.main([]) == 0
    assert (
        "NOT TRIED [3] tests/dashboard/test_workbook.py:269: needs LibreOffice"
        in capsys.readouterr().out.splitlines()[-1]
    )


def test_two_good_runs_are_a_success(monkeypatch):
    good = [*SAYS, "==== 3 passed in 0.20s ====", "0"]
    monkeypatch.setattr(run_tests, "RUNS", {"SQLite": good, "PostgreSQL": good})
    assert run_tests.main([]) == 0


def test_options_that_choose_tests_of_one_run_only_are_no_failure(monkeypatch):
    some = [*SAYS[:2], SAYS[2].replace("sys.argv[1]", "'1 passed in 0.2s'").replace("int(sys.argv[2])", "0")]
    none = [*SAYS[:2], SAYS[2].replace("sys.argv[1]", "'no tests ran in 0.1s'").replace("int(sys.argv[2])", "5")]
    monkeypatch.setattr(run_tests, "RUNS", {"SQLite": some, "PostgreSQL": none})
    assert run_tests.main(["-k", "accessibility"]) == 0
    assert run_tests.main([]) == 1
    monkeypatch.setattr(run_tests, "RUNS", {"SQLite": none, "PostgreSQL": none})
    assert run_tests.main(["-k", "nosuchtest"]) == 1


# --- scripts/healthcheck.py


@pytest.mark.parametrize(
    ("hosts", "host"),
    [
        ("one.example.vn, 127.0.0.1", "one.example.vn"),
        (".example.vn", "example.vn"),
        ("", "localhost"),
    ],
)
def test_the_health_check_asks_for_an_allowed_host(hosts, host):
    assert healthcheck.request(hosts, "8000", "/healthz").get_header("Host") == host

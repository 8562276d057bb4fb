"""What lies in deploy/ and compose.yaml names only settings, commands and files that exist, and opens nothing by accident."""

import os
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from django.core.exceptions import ImproperlyConfigured
from django.core.management import get_commands

from lanson import environment
from lanson.start import WRONG_SETTING
from scripts import schedule

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
TIMERS = sorted((ROOT / "deploy" / "systemd").glob("*.timer"))
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
# Read by gunicorn, by the proxy and by the image of PostgreSQL, not by our settings.
NOT_OURS = {"WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS", "SITE_HOST"}
KEY = "an-old-key-" + "0123456789" * 5


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


def example():
    """The names that the example of an environment file sets, also those behind a comment sign."""
    return set(re.findall(r"^#?([A-Z_]+)=", text("deploy/example.env"), re.M))


def documented():
    return set(re.findall(r"^\| `([A-Z_]+)` \|", text("docs/settings.md"), re.M))


def deployed():
    """Everything that runs commands of ours."""
    return [text(path.relative_to(ROOT)) for path in UNITS] + [
        text("compose.yaml"),
        text("docs/operations.md"),
        text("Dockerfile"),
    ]


def scheduled():
    """The commands that the containers run by the clock."""
    arguments = [one for one in SERVICES["tasks"]["command"][2:] if not one.startswith("--")]
    return {schedule.Task(one).command[0] for one in arguments}


def test_every_setting_of_the_example_is_documented():
    assert {
        name for name in example() if not name.startswith(("POSTGRES_", "REDIS_"))
    } - NOT_OURS - documented() == set()


def test_every_setting_of_a_container_is_documented():
    ours = {name for name, one in SERVICES.items() if one.get("image") == "lanson"}
    assert ours == {"web", "migrate", "tasks"}
    for name in ours:
        assert set(SERVICES[name]["environment"]) - NOT_OURS - documented() == set()


def test_what_compose_asks_for_stands_in_the_example():
    assert set(re.findall(r"\$\{([A-Z_]+)", text("compose.yaml"))) <= example()


def test_the_example_holds_no_secret():
    assert re.findall(r"^(?:SECRET_KEY|\w*PASSWORD|\w*SECRET)=(.+)", text("deploy/example.env"), re.M) == []


def test_the_example_reads_the_same_everywhere():
    assert re.findall(r"^#?[A-Z_]+=.*['\"$#\\].*", text("deploy/example.env"), re.M) == []


def test_every_command_that_is_named_exists():
    known = set(get_commands())
    named = {name for one in deployed() for name in re.findall(r"manage\.py (\w+)", one)}
    named |= set(re.findall(r"(?:^ {4}|&& )(?:lanson|trial) (\w+)", text("docs/operations.md"), re.M))
    named |= scheduled()
    assert {"backup", "restore", "send_webhooks", "clean_sign_ins"} <= named
    assert named - known == set()


def test_every_script_that_is_named_exists():
    named = {name for one in deployed() for name in re.findall(r"\b((?:scripts|deploy)/[\w./-]+\w)", one)}
    assert [name for name in named if not (ROOT / name).exists() and "certificates" not in name] == []


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_watched_and_confined(name):
    one = SERVICES[name]
    assert "healthcheck" in one
    assert one["restart"] == ("no" if name == "migrate" else "unless-stopped")
    assert one["read_only"]
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert ("ports" in one) == (name == "proxy")
    assert one["mem_limit"]
    assert one["pids_limit"] <= 300
    assert one["cpus"] <= 2


def test_the_proxy_does_not_reach_the_database():
    assert COMPOSE["networks"]["back"] == {"internal": True}
    assert SERVICES["proxy"]["networks"] == ["edge", "front"]
    assert SERVICES["database"]["networks"] == SERVICES["cache"]["networks"] == ["back"]


def test_web_has_no_way_out():
    assert {name for name, network in COMPOSE["networks"].items() if network == {"internal": True}} == {"front", "back"}
    assert set(SERVICES["web"]["networks"]) == {"front", "back"}


def test_redis_asks_for_a_password_wherever_it_is_named():
    assert "requirepass" in " ".join(SERVICES["cache"]["command"])
    for path in ("compose.yaml", "deploy/example.env", "docs/operations.md", "docs/settings.md", "lanson/variables.py"):
        addresses = re.findall(r"redis://[^\s`…]+", text(path))
        assert addresses
        assert [address for address in addresses if not address.startswith("redis://:")] == []
    assert "requirepass" in text("docs/operations.md")


def test_web_waits_for_the_migration():
    assert SERVICES["web"]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert SERVICES["web"]["deploy"]["replicas"] >= 2


def test_the_image_has_the_programs_of_the_database_it_is_used_with():
    version = re.match(r"postgres:(\d+)", SERVICES["database"]["image"])[1]
    assert f"postgresql-client-{version}" in text("Dockerfile")


def test_every_timer_has_its_unit_and_only_the_server_has_none():
    assert {path.stem for path in UNITS} - {path.stem for path in TIMERS} == {"lanson-web", "failed-lanson@"}
    assert {path.stem for path in TIMERS} <= {path.stem for path in UNITS}


def test_containers_and_units_run_the_same_commands():
    by_unit = set(re.findall(r"manage\.py (\w+)", "".join(text(path.relative_to(ROOT)) for path in UNITS)))
    assert scheduled() | {"report_failure"} == by_unit


def test_units_run_the_version_that_serves():
    commands = re.findall(r"^ExecStart=(\S+)", "".join(text(path.relative_to(ROOT)) for path in UNITS), re.M)
    assert set(commands) == {"/opt/lanson/current/.venv/bin/python"}
    assert "WorkingDirectory=/opt/lanson/current" in text("deploy/systemd/lanson-.service.d/common.conf").splitlines()


def run_lanson(folder, **environment):
    """`lanson help` as it runs on a server, by a link and from another folder."""
    link = folder / "lanson"
    link.symlink_to(ROOT / "deploy" / "lanson")
    user = subprocess.check_output(["id", "-un"], text=True).strip()
    ours = {"PATH": os.environ["PATH"], "LANSON_USER": user, "LANSON_SETTINGS": str(folder / "env")}
    return subprocess.run([link, "help"], cwd=folder, env=ours | environment, capture_output=True, text=True)


def test_the_command_of_the_server_takes_settings_from_their_file(tmp_path):
    (tmp_path / "env").write_text(f"SECRET_KEY={KEY}\nALLOWED_HOSTS=chitieu.langson.gov.vn\n", encoding="utf-8")
    done = run_lanson(tmp_path)
    assert (done.returncode, "load_package" in done.stdout) == (0, True), done.stderr


def test_the_command_of_the_server_says_in_a_sentence_what_it_lacks(tmp_path):
    done = run_lanson(tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"\w+ may not read the settings in \S+/env\.\n", done.stderr)


def headings(path):
    return [len(level) for level in re.findall(r"^(#+) ", text(path), re.M)]


def commands(path):
    """The lines that are typed or written into files, without what is said of them."""
    lines = re.findall(r"^    (?!\s*[\"{}])(.*)", text(path), re.M)
    return [re.sub(r"\s+# .*", "", line).rstrip() for line in lines]


def test_the_guide_says_the_same_in_both_languages():
    assert headings("docs/operations.vi.md") == headings("docs/operations.md")
    assert commands("docs/operations.vi.md") == commands("docs/operations.md")


def test_proxies_let_nobody_claim_what_they_alone_know():
    assert "proxy_set_header X-Forwarded-Proto https;" in text("deploy/nginx/proxy.conf")
    for name in ("X-Forwarded-Ssl", "X-Forwarded-Protocol"):
        assert f'proxy_set_header {name} "";' in text("deploy/nginx/proxy.conf")
    assert 'forwarder_headers = ""' in text("gunicorn.conf.py")


def test_whatever_fails_is_reported_and_nothing_reports_of_itself():
    for path in UNITS:
        reported = "OnFailure=failed-lanson@%n.service" in text(path)
        assert reported == (path.stem != "failed-lanson@"), path


def test_a_wrong_setting_is_not_tried_again_and_again():
    assert f"RestartPreventExitStatus={WRONG_SETTING}" in text("deploy/systemd/lanson-web.service")


def test_nothing_runs_each_minute_for_a_feature_that_is_off():
    assert """ExecCondition=/bin/sh -c 'test -n "$WEBHOOK_URLS"'""" in text("deploy/systemd/lanson-webhooks.service")
    assert [one for one in SERVICES["tasks"]["command"] if one.startswith("* ")] == []


def test_the_proxy_and_the_application_write_the_same_id():
    assert '"request_id":"$request_id"' in text("deploy/nginx/log.conf")
    assert "proxy_set_header X-Request-ID $request_id;" in text("deploy/nginx/proxy.conf")
    for configuration in ("deploy/nginx.conf", "deploy/nginx/container.conf.template"):
        assert "include /etc/nginx/lanson/log.conf;" in text(configuration)
        assert re.search(r"access_log \S+ lanson;", text(configuration))


def moment(written):
    return datetime.strptime(written, "%Y-%m-%d %H:%M").replace(tzinfo=schedule.ZONE)


@pytest.mark.parametrize(
    ("when", "last", "now", "due"),
    [
        ("01:30", "2026-11-28 01:29", "2026-11-28 01:30", True),
        ("01:30", "2026-11-28 01:30", "2026-11-28 01:31", False),
        ("01:30", "2026-11-28 01:00", "2026-11-28 04:00", True),
        ("01:30", "2026-11-26 02:00", "2026-11-28 01:00", True),
        ("01:30", "2026-11-28 02:00", "2026-11-28 23:00", False),
        ("07:00*", "2026-11-27 06:59", "2026-11-27 07:00", True),
        ("07:00*", "2026-11-28 06:59", "2026-11-29 07:00", False),
        ("07:00*", "2026-11-27 06:00", "2026-11-29 07:00", True),
        ("*", "2026-11-28 13:06", "2026-11-28 13:07", True),
        ("*", "2026-11-28 13:07", "2026-11-28 13:07", False),
    ],
)
def test_a_task_is_due_once_when_its_time_has_come_or_gone_by(when, last, now, due):
    assert schedule.Task(f"{when} backup /backups").is_due(moment(last), moment(now)) == due


def test_a_task_of_a_feature_that_is_off_is_never_due(monkeypatch):
    task, last, now = (
        schedule.Task("*WEBHOOK_URLS send_webhooks"),
        moment("2026-11-28 13:06"),
        moment("2026-11-28 13:07"),
    )
    monkeypatch.setenv("WEBHOOK_URLS", "")
    assert not task.is_due(last, now)
    monkeypatch.setenv("WEBHOOK_URLS", "https://ioc.langson.gov.vn/hook")
    assert task.is_due(last, now)


def test_what_went_by_while_the_container_was_away_is_made_up_for(tmp_path):
    state, now = tmp_path / "state", moment("2026-11-28 04:00")
    assert schedule.last_time(state, now) == now
    schedule.remember(state, moment("2026-11-28 01:00"))
    assert schedule.last_time(state, now) == moment("2026-11-28 01:00")
    schedule.remember(state, moment("2030-01-01 00:00"))
    assert schedule.last_time(state, now) == now
    state.write_text("nonsense")
    assert schedule.last_time(state, now) == now
    schedule.remember(tmp_path / "none" / "state", now)


def test_a_clock_that_is_put_back_begins_nothing_again():
    later, now = moment("2026-11-28 01:31"), moment("2026-11-28 01:00")
    assert schedule.begin_due([], later, now) == later
    assert schedule.begin_due([], moment("2030-01-01 00:00"), now) == now


def test_a_time_that_is_none_stops_the_start():
    with pytest.raises(ValueError, match="25:00"):
        schedule.Task("25:00 backup /backups")


def started(*arguments):
    return subprocess.Popen([sys.executable, *arguments], cwd=ROOT)


def test_the_proxy_says_which_file_of_the_certificate_it_may_not_read(tmp_path):
    script = ROOT / "deploy" / "nginx" / "certificate.sh"
    (tmp_path / "site.crt").touch()
    result = subprocess.run([script, tmp_path], capture_output=True, text=True)
    assert (result.returncode, f"{tmp_path}/site.key cannot be read" in result.stderr) == (WRONG_SETTING, True)
    (tmp_path / "site.key").touch()
    assert subprocess.run([script, tmp_path]).returncode == 0


@pytest.mark.parametrize(("command", "failed"), [("help", False), ("no_such_command", True)])
def test_a_task_that_failed_is_remembered(command, failed, monkeypatch):
    reports = []
    monkeypatch.setattr(
        schedule, "manage", lambda *arguments: reports.append(arguments) or started("manage.py", *arguments)
    )
    task = schedule.Task(f"* {command}")
    task.begin()
    task.running.wait()
    task.look()
    assert (task.running, task.failed) == (None, failed)
    assert (("report_failure", command) in reports) == failed


def test_keys_of_before_are_read(monkeypatch):
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", f"{KEY}, {KEY}2")
    assert environment.secret_key_fallbacks("another") == [KEY, f"{KEY}2"]


@pytest.mark.parametrize("keys", ["short", "0" * 60, f"{KEY}2,{KEY}"])
def test_a_weak_key_of_before_and_the_key_itself_are_refused(monkeypatch, keys):
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", keys)
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FALLBACKS: key"):
        environment.secret_key_fallbacks(KEY)

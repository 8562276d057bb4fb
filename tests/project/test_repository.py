"""Facts about the repository itself."""

import ast
import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ONCE

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
LONGEST_FUNCTION = 50
LARGEST_FILE = 500_000


def read(path):
    """The text of a file, by its path in the repository."""
    return (ROOT / path).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def files():
    """The paths of all files that belong to the repository, committed or about to be."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def texts(files):
    """The text of every file of the repository that is text, by path."""
    found = {}
    for name in files:
        content = (ROOT / name).read_bytes()
        if b"\0" not in content:
            found[name] = content.decode("utf-8")
    return found


def test_what_runs_on_one_database_only_is_there():
    assert [name for name in ONCE if not (ROOT / "tests" / name).exists()] == []


def test_no_file_names_a_folder_of_somebodys_machine(texts):
    machine = re.compile(r"(?<![\w.}])/(work|root|home|Users)/\w")
    assert [name for name, text in texts.items() if machine.search(text)] == []


def test_nothing_generated_or_brought_by_a_package_manager_is_kept(files):
    folder = re.compile(r"(^|/)(node_modules|staticfiles|var|\.venv|__pycache__)/")
    kind = re.compile(r"\.(min\.js|min\.css|mo|pyc|sqlite3)$")
    assert [name for name in files if folder.search(name) or kind.search(name)] == []


def test_no_file_is_large_enough_to_be_a_bundle(files):
    assert [name for name in files if (ROOT / name).stat().st_size > LARGEST_FILE] == []


def test_text_files_end_with_a_newline_and_have_no_trailing_blanks(texts):
    untidy = re.compile(r"[ \t]$|[^\n]\Z", re.M)
    # A data package keeps what was printed.
    assert [name for name, text in texts.items() if untidy.search(text) and not name.endswith(".csv")] == []


LOCKS = ("requirements-dev.lock", "requirements.lock")


def requirements(name):
    """The requirements of a file as (line before, requirement)."""
    lines = [line for line in read(name).splitlines() if not line.startswith("-r ")]
    return [(lines[i - 1], line) for i, line in enumerate(lines) if line and not line.startswith("#")]


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_requirement_is_pinned_and_says_why_it_is_there(name):
    for reason, requirement in requirements(name):
        assert re.fullmatch(r"[\w-]+(\[[\w,]+\])?==[\w.]+", requirement), requirement
        assert re.fullmatch(r"# .{10,}\.", reason), requirement


def normal(requirement):
    """A requirement the way package indexes compare names, without extras."""
    name, version = re.sub(r"\[.*\]", "", requirement).split("==")
    return re.sub(r"[-_.]+", "-", name).lower(), version


@pytest.mark.parametrize(("name", "lock"), [(name, name.replace(".txt", ".lock")) for name in REQUIREMENTS])
def test_a_lock_pins_every_requirement_by_version_and_checksum_and_names_no_place(name, lock):
    blocks = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", read(lock), flags=re.M).strip())
    line = r"[\w.-]+==[\w.]+( ; [^\\]+)?"
    checksums = r"( \\\n    --hash=sha256:[0-9a-f]{64})+"
    assert [block for block in blocks if not re.fullmatch(line + checksums, block)] == []
    pinned = dict(normal(block.split()[0]) for block in blocks)
    for _reason, requirement in requirements(name):
        package, version = normal(requirement)
        assert pinned[package] == version


def test_the_two_locks_agree():
    every, ours = (set(re.findall(r"^\S+==[\w.]+", read(lock), re.M)) for lock in LOCKS)
    assert ours <= every


@pytest.mark.parametrize("name", ["Makefile", "Dockerfile", "deploy/lanson-upgrade"])
def test_nothing_is_installed_that_no_checksum_vouches_for(name):
    """The one tool that `make lock` fetches makes the checksums."""
    installed = re.findall(r"^.*pip\b.* install .*$|^PIP :=.*$|^.*\bpip install .*$", read(name), re.M)
    assert installed
    assert [line for line in installed if "--require-hashes" not in line and not line.endswith("install uv")] == []


def test_the_image_and_the_project_ask_for_the_same_python():
    oldest = tomllib.loads(read("pyproject.toml"))["project"]["requires-python"].removeprefix(">=")
    assert f"FROM python:{oldest}-slim" in read("Dockerfile")
    assert f"OLDEST = ({oldest.replace('.', ', ')})" in read("scripts/check_python.py")


def test_browser_packages_are_pinned_and_locked_without_an_address():
    wanted = json.loads(read("package.json"))["dependencies"]
    locked = json.loads(read("package-lock.json"))["packages"]
    assert all(re.fullmatch(r"[\d.]+", version) for version in wanted.values())
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert [name for name, package in locked.items() if "resolved" in package] == []


def test_every_make_command_is_explained():
    makefile = read("Makefile")
    commands = re.search(r"^\.PHONY: (.*)$", makefile, re.M)[1].split()
    assert [name for name in commands if not re.search(rf"^{name}:.*## \w", makefile, re.M)] == []


def test_make_names_only_scripts_that_exist():
    named = set(re.findall(r"scripts/\w+\.py", read("Makefile") + read("Dockerfile")))
    assert [name for name in named if not (ROOT / name).is_file()] == []


DOCUMENTS = sorted(
    str(path.relative_to(ROOT))
    for pattern in ("README.md", "CONTRIBUTING.md", "docs/**/*.md", "benchmarks/*.md", "tests/faults/*.md")
    for path in ROOT.glob(pattern)
)
# Of a module it is often said only where it lies below `indicators/`.
PATH = re.compile(
    r"`((?:indicators|lanson|tests|scripts|docs|benchmarks)/[\w/.-]*|[\w/]+\.py|[\w.]+\.(?:yaml|toml|txt|conf\.py))`"
)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_paths_that_a_document_names_are_there(document):
    named = set(PATH.findall(read(document)))
    assert [name for name in named if not ((ROOT / name).exists() or (ROOT / "indicators" / name).exists())] == []


def test_paths_in_documents_are_recognised():
    assert sum(len(PATH.findall(read(document))) for document in DOCUMENTS) > 100


def test_no_function_is_too_long_to_read(texts):
    long = []
    for name, text in texts.items():
        if name.endswith(".py") and "/migrations/" not in name:
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= LONGEST_FUNCTION:
                    long.append(f"{name}:{node.lineno} {node.name}")
    assert long == []


# The Content-Security-Policy refuses all of these: they would fail on the page, in silence. The style
# sheet for plotly has a nonce; a script element with a type of its own is data.
INLINE = re.compile(
    r"""\sstyle=|\son[a-z]+=["']|javascript:|<style(?![^>]*nonce)|<script(?![^>]*(src=|type="application/))""",
    re.I,
)


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="color:red">',
        "<a onclick='go()'>",
        "<script>go()</script>",
        "<style>p{}</style>",
        '<a href="javascript:go()">',
    ],
)
def test_inline_code_is_recognised(markup):
    assert INLINE.search(markup)


def test_no_line_of_a_template_is_too_long_to_read(texts):
    templates = {name: text for name, text in texts.items() if name.startswith("templates/")}
    long = [f"{name}: {line}" for name, text in templates.items() for line in text.splitlines() if len(line) > 120]
    assert templates
    assert long == []


def test_no_template_has_inline_style_or_script(texts):
    templates = [name for name in texts if "templates/" in name and name.endswith(".html")]
    assert [name for name in templates if INLINE.search(texts[name])] == []

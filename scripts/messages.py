"""The Vietnamese catalogue of the interface's English messages, in pure Python: no GNU gettext is needed.

Commands:

    update     put new messages into the catalogue, take unused ones out
    check      list what is missing or wrong; exit code 1 when there is anything
    compile    make the file that Django reads
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("lanson/locale/vi/LC_MESSAGES/django.po")
CODE = ("indicators", "lanson")
TEMPLATES = ("templates", "indicators/templates")
TEMPLATE_SUFFIXES = {".html", ".txt"}
# Which arguments of a call are the message, its plural and its context ("c").
CALLS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = "# Vietnamese for the interface. `make messages` collects the messages; the translations are ours."
# Parts of a header that would differ at every run, or say nothing.
NOISE = tuple(
    f'"{name}:'
    for name in (
        "Project-Id-Version",
        "Report-Msgid-Bugs-To",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]\b|\{\w*\}")


def update(root: Path) -> list[str]:
    """Rewrite the catalogue so that it holds exactly the messages in use."""
    catalogue = read(root)
    # A guessed translation reads like a finished one: a new message starts empty.
    catalogue.update(messages_in_use(root), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    write(root, catalogue)
    return []


def check(root: Path) -> list[str]:
    """Every fault of the catalogue, one sentence each."""
    catalogue, in_use = read(root), messages_in_use(root)
    known, used = keys(catalogue), keys(in_use)
    faults = [f"not in the catalogue: {name(message)}" for message in in_use if key(message) not in known]
    for message in catalogue:
        if message.id:
            faults += [f"{fault}: {name(message)}" for fault in faults_of(message, used)]
    faults += [f"obsolete: {name(message)}" for message in catalogue.obsolete.values()]
    return faults + list(in_f_strings(root))


def compile_(root: Path) -> list[str]:
    """Write the compiled catalogue beside its source."""
    with (root / CATALOGUE).with_suffix(".mo").open("wb") as file:
        write_mo(file, read(root))
    return []


def messages_in_use(root: Path) -> Catalog:
    """The messages of all code and templates, each with the files that use it, without translations."""
    found = Catalog(locale="vi")
    for path, source in sources(root):
        calls = extract("python", BytesIO(source.encode()), keywords=CALLS, comment_tags=["Translators"])
        for _line, message, comments, context in calls:
            # Without line numbers, which would change the catalogue with every edit of the code.
            found.add(message, locations=[(path, 0)], auto_comments=comments, context=context)
    return found


def in_f_strings(root: Path) -> Iterator[str]:
    """Where a message stands inside an f-string: Babel does not look there, so it would stay English unnoticed."""
    for path, source in sources(root):
        texts_made = [one for one in ast.walk(_tree(path, source)) if isinstance(one, ast.JoinedStr)]
        for call in (one for made in texts_made for one in ast.walk(made) if isinstance(one, ast.Call)):
            if getattr(call.func, "id", getattr(call.func, "attr", "")) in CALLS:
                yield f"inside an f-string, where it is not found: {path}:{call.lineno}. Translate it before, then put it in."


def _tree(path: str, source: str) -> ast.AST:
    """The code of a module; a template has no f-strings."""
    return ast.parse(source if path.endswith(".py") else "")


def sources(root: Path) -> Iterator[tuple[str, str]]:
    """Path and Python text of every file that may hold messages, in a fixed order."""
    for folder in CODE:
        for path in sorted((root / folder).rglob("*.py")):
            yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
    for folder in TEMPLATES:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in TEMPLATE_SUFFIXES:
                yield path.relative_to(root).as_posix(), as_python(path)


def as_python(template: Path) -> str:
    """The template as calls of gettext among fill characters; in brackets, its indentation means nothing."""
    return f"({templatize(template.read_text(encoding='utf-8'), origin=str(template))}\n)"


def read(root: Path) -> Catalog:
    """The catalogue as it is on disk, or an empty one."""
    path = root / CATALOGUE
    if not path.exists():
        return Catalog(locale="vi", header_comment=HEADER)
    with path.open("rb") as file:
        return read_po(file, locale="vi")


def write(root: Path, catalogue: Catalog) -> None:
    """Write the catalogue sorted by message, so that the same messages give the same bytes."""
    buffer = BytesIO()
    catalogue.fuzzy = False
    write_po(buffer, catalogue, width=110, sort_output=True, include_lineno=False)
    lines = buffer.getvalue().decode().rstrip("\n").splitlines(keepends=True)
    path = root / CATALOGUE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(line for line in lines if not line.startswith(NOISE)) + "\n", encoding="utf-8")


def faults_of(message: Message, used: set[tuple]) -> Iterator[str]:
    """What is wrong with one message of the catalogue."""
    if key(message) not in used:
        yield "no longer used"
    if message.fuzzy:
        yield "fuzzy"
    translations = texts(message.string)
    if not all(translations):
        yield "untranslated"
    elif any(placeholders(text) != placeholders(texts(message.id)[-1]) for text in translations):
        yield "other placeholders"


def placeholders(text: str) -> set[str]:
    """The parts of `text` that are replaced by values."""
    return set(PLACEHOLDER.findall(text.replace("%%", "")))


def texts(value: str | Iterable[str] | None) -> list[str]:
    """Singular and plural, or the one form there is."""
    return [value or ""] if value is None or isinstance(value, str) else list(value)


def key(message: Message) -> tuple:
    """What makes two messages the same: the singular in its context."""
    return message.context, texts(message.id)[0]


def keys(catalogue: Catalog) -> set[tuple]:
    """The keys of all messages of a catalogue."""
    return {key(message) for message in catalogue}


def name(message: Message) -> str:
    """A message as a reader finds it: its text and the files that use it."""
    files = ", ".join(sorted({path for path, _line in message.locations}))
    return f'"{texts(message.id)[0]}" ({files or CATALOGUE})'


COMMANDS = {"update": update, "check": check, "compile": compile_}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    problems = COMMANDS[sys.argv[1]](ROOT)
    print("\n".join(problems), file=sys.stderr, end="\n" if problems else "")
    sys.exit(bool(problems))

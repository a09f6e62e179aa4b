"""The laws of the house that a program can check: sizes, names, docstrings, who may import and commit."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.house.tree import ROOT, calls, files, functions, imported, modules, place, tree

MOST_LINES, MOST_TEST_LINES, MOST_FUNCTION_LINES = 300, 400, 40
TELL_NOTHING = {"utils", "util", "helpers", "helper", "common", "base", "manager", "service", "misc"}
FLASK = {"flask", "flask_login", "flask_limiter", "flask_smorest", "flask_wtf", "werkzeug", "webargs"}
# Doors are told by their file's name: pages.py, api.py, and siblings that pages.py or api.py bring together.
DOOR = re.compile(r"consult/[a-z]+/(?:[a-z]+_)?(?:pages|api|door|downloads)\.py")
FLASK_ROOMS = re.compile(r"consult/(?:web/[a-z_]+|app|cli)\.py")
# The form of a consultation is read by one module of its own beside its pages.
READERS_OF_FORMS = {"consult/consultations/editor.py"}
SPEAKING = {"consult/cli.py", "workers/stack.py", "workers/children.py", "workers/__main__.py"}
# `decide` and `decide_campaign` have asked before they conclude.
ASKED_BY_CALLER = {"consult/moderation/actions.py conclude"}


def none(violations: Iterable[str]) -> None:
    """Fail with every violation on a line of its own."""
    found = list(violations)
    assert not found, "\n" + "\n".join(found)


def test_no_file_is_too_long() -> None:
    too_long = [
        f"{place(path)}: {lines} lines"
        for path in modules("consult", "workers", "tests")
        if (lines := len(path.read_text().splitlines()))
        > (MOST_TEST_LINES if path.is_relative_to(ROOT / "tests") else MOST_LINES)
    ]
    none(too_long)


def test_no_function_is_too_long() -> None:
    too_long = [
        f"{place(path, function.lineno)} {function.name}: {lines} lines"
        for path in modules()
        # A table is defined by one statement, however many columns it has.
        if "migrations" not in path.parts
        for function in functions(path)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > MOST_FUNCTION_LINES
    ]
    none(too_long)


def test_packages_are_empty_and_names_tell_something() -> None:
    everything = modules("consult", "workers", "tests")
    none(place(path) for path in everything if path.name == "__init__.py" and path.read_text().strip())
    none(place(path) for path in everything if path.stem in TELL_NOTHING)


def test_every_module_opens_with_a_sentence() -> None:
    silent = []
    for path in modules("consult", "workers", "tests"):
        if path.name == "__init__.py":
            continue
        first = (ast.get_docstring(tree(path)) or "").partition("\n\n")[0].strip()
        if not first.endswith((".", "!", "?")) or not first.lstrip('`"“')[0].isalnum():
            silent.append(place(path))
    none(silent)


def test_actions_and_queries_say_what_they_do() -> None:
    """Side effects, shapes and errors stand in docstrings; a one-line read may speak by its name."""
    silent = []
    for path in modules("consult"):
        if not re.search(r"(?:^|_)(?:actions|queries)$", path.stem):
            continue
        for node in tree(path).body:
            public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node) and len(node.body) > 1:  # type: ignore[arg-type, attr-defined]
                silent.append(f"{place(path, node.lineno)} {node.name}")  # type: ignore[attr-defined]
    none(silent)


def test_every_action_asks_leave() -> None:
    """Law 5: by `require(actor, Can.X, thing)` in itself or in a private part of its module."""
    unasked = []
    for path in modules("consult"):
        if not re.search(r"(?:^|_)actions$", path.stem):
            continue
        written = {
            node.name: ast.unparse(node) for node in tree(path).body if isinstance(node, ast.FunctionDef)
        }
        asking = {name for name, text in written.items() if name.startswith("_") and "require(" in text}
        for node in tree(path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if "actor" not in {argument.arg for argument in node.args.kwonlyargs}:
                continue
            if not any(f"{name}(" in written[node.name] for name in {"require", *asking}):
                unasked.append(f"{place(path)} {node.name}")
    none(set(unasked) - ASKED_BY_CALLER)


def test_flask_stays_in_the_doors() -> None:
    strays = [
        f"{place(path, line)} imports {name}"
        for path in modules()
        for name, line in imported(path)
        if name.partition(".")[0] in FLASK
        and not DOOR.fullmatch(place(path))
        and not FLASK_ROOMS.fullmatch(place(path))
        and place(path) not in READERS_OF_FORMS
    ]
    none(strays)


def test_queues_stay_with_the_workers() -> None:
    strays = [
        f"{place(path, line)} imports {name}"
        for path in modules("consult")
        for name, line in imported(path)
        if name.partition(".")[0] in {"rq", "redis"} and place(path) != "consult/web/limits.py"
    ]
    none(strays)


def test_there_is_one_commit() -> None:
    commits = [
        place(path, line)
        for path in modules()
        for name, line in calls(path)
        if name.endswith("session.commit") or name in {"session().commit", "connection.commit"}
    ]
    assert [where.partition(":")[0] for where in commits] == ["consult/db.py"], commits


# Those who write a text, those who judge it, and the tale that is told of both.
READERS_OF_SEALED_TEXT = re.compile(r"consult/(?:submissions|moderation|demonstration)/")


def test_sealed_text_is_read_by_those_who_write_or_judge_it_alone() -> None:
    """Law 8: every output reads `disclosed_text`."""
    readers = []
    for path in modules("consult"):
        if READERS_OF_SEALED_TEXT.match(place(path)):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and node.attr in ("text", "canonical"):
                whole = ast.unparse(node)
                deferred = f"defer({whole})" in path.read_text()
                if re.search("paragraph", whole, re.IGNORECASE) or (
                    node.attr == "canonical" and not deferred
                ):
                    readers.append(f"{place(path, node.lineno)} {whole}")
    none(readers)


def test_what_readers_see_is_written_in_one_place() -> None:
    none(
        place(path, node.lineno)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assign)
        and any(ast.unparse(target).endswith(".disclosed_text") for target in node.targets)
        and place(path) != "consult/submissions/disclosure.py"
    )


def test_only_commands_speak_to_the_terminal() -> None:
    spoken = [
        place(path, line)
        for path in modules()
        for name, line in calls(path)
        if name == "print" and place(path) not in SPEAKING
    ]
    none(spoken)


def test_nothing_is_left_to_do_and_nothing_names_a_machine() -> None:
    """Notes to self belong into issues; paths and hosts of one machine into nobody's clone."""
    left = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME)\b")
    machine = re.compile(
        r"(?<![\w./-])/(?:ro" + r"ot|wo" + r"rk|ho" + r"me/[a-z]+)/[\w.]"
        r"|(?:index-u" + r"rl|trusted-h" + r"ost)\b|pythonh" + r"osted|npm" + r"js\.|art" + r"ifactory"
    )
    found = []
    for path in files():
        if path.suffix in {".png", ".jpg", ".ico", ".woff2", ".gz", ".ttf", ".mo"}:
            continue
        text = path.read_text(errors="replace")
        found += [
            f"{place(path)}: {match.group()}" for match in left.finditer(text) if path.suffix != ".json"
        ]
        found += [f"{place(path)}: {match.group()}" for match in machine.finditer(text)]
    none(found)


def test_the_walls_stand() -> None:
    """The import contracts of pyproject.toml, by the tool that `make check` uses."""
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stdout[-3000:]


def test_requirements_are_pinned() -> None:
    loose = []
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in Path(ROOT / name).read_text().splitlines():
            wanted = line.partition("#")[0].partition(";")[0].strip()
            if wanted and not wanted.startswith("-") and "==" not in wanted:
                loose.append(f"{name}: {line}")
    none(loose)

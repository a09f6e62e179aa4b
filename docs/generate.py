"""Writes the generated parts of the documents: `python -m docs.generate`; a test holds text and code alike.

A generated part stands between `<!-- generated: name -->` and `<!-- end -->`; the rest is written by hand.
"""

from __future__ import annotations

import ast
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from consult.app import create_app
from consult.config import Config, ConfigError
from consult.permissions import TABLE, Can
from docs.wording import BEYOND_SETTINGS, PREDICATES, SCOPES, SETTINGS
from workers.queues import HANDLERS
from workers.schedule import PERIODIC

ROOT = Path(__file__).parent.parent
PART = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
DOCUMENTS = ("permissions", "configuration", "api", "architecture", "operations")


def main() -> None:
    """Bring every document up to date."""
    app = _unconnected()
    for name in DOCUMENTS:
        path = ROOT / "docs" / f"{name}.md"
        path.write_text(renewed(path.read_text(), app))


def renewed(text: str, app: Flask) -> str:
    """A document with its generated parts as the code of `app` has them now."""

    def part(found: re.Match[str]) -> str:
        return f"{found[1]}\n{PARTS[found[2]](app)}\n{found[3]}"

    return PART.sub(part, text)


def _unconnected() -> Flask:
    """The application with services that nobody will call."""
    folder = Path(tempfile.gettempdir())
    return create_app(
        Config(
            database_url="postgresql+psycopg://nobody@localhost/nothing",
            redis_url="redis://localhost",
            data_dir=folder,
            secret_key="never used for anything",  # noqa: S106 - nothing is signed with it
            base_url="http://localhost",
            storage_url=f"file://{folder}",
            rate_limits=False,
        )
    )


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def permissions(_app: Flask) -> str:
    """Each act with its rows: rows are "or", the predicates in a row are "and"."""

    def rows() -> Iterator[tuple[str, ...]]:
        for act in Can:
            for number, row in enumerate(TABLE.get(act, ())):
                names = [predicate.__name__ for predicate in row]
                who = " and ".join(PREDICATES[name] for name in names if name not in SCOPES)
                scope = "".join(f"`{SCOPES[name]}`" for name in names if name in SCOPES)
                head = (f"`{act.name}`", act.value) if number == 0 else ("", "or")
                yield *head, who, scope

    return table(("act", "to …", "somebody who …", "token needs"), rows())


class _Noting(dict[str, str]):
    """An environment that remembers which names were asked for."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(given)
        self.asked: list[str] = []

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.append(key)
        return super().get(key, default)


def configuration(_app: Flask) -> str:
    """Every setting that `Config.from_env` reads, with what it takes in the words of its own refusal."""
    environment = _Noting({"SECRET_KEY": "sixteen characters or more"})
    Config.from_env(environment)
    names = list(dict.fromkeys(environment.asked))
    assert set(names) == set(SETTINGS), f"describe in docs/wording.py: {set(names) ^ set(SETTINGS)}"

    def rows() -> Iterator[tuple[str, ...]]:
        for name in SETTINGS:
            unset, meaning = SETTINGS[name]
            yield f"`{name}`", meaning, _taken(name), unset

    return table(("setting", "what it says", "takes", "unset"), rows()) + "\n" + BEYOND_SETTINGS


def _taken(name: str) -> str:
    """What a wrong value is answered with, less the scolding."""
    try:
        Config.from_env({"SECRET_KEY": "sixteen characters or more", name: "?"})
    except ConfigError as fault:
        for sentence in fault.faults:
            if sentence.startswith(f"{name}: "):
                return re.sub(r"^\w+: (?:expected|too short:) ", "", sentence)
    return "text"


def api(app: Flask) -> str:
    """Every route by feature, from the OpenAPI description."""
    spec: dict[str, Any] = app.test_client().get("/api/v1/openapi.json").get_json()
    by_tag: dict[str, list[tuple[str, ...]]] = {}
    for path, operations in spec["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method in operations:
                operation = operations[method]
                row = (f"`{method.upper()} {path}`", operation.get("summary", ""), _answers(operation))
                by_tag.setdefault(operation["tags"][0], []).append(row)
    parts = []
    for tag in spec["tags"]:
        rows = by_tag.get(tag["name"], [])
        parts.append(
            f"### {tag['description'].rstrip('.')}\n\n" + table(("route", "does", "answers"), iter(rows))
        )
    return "\n".join(parts)


def _answers(operation: Mapping[str, Any]) -> str:
    """Statuses besides those that any route may answer."""
    everywhere = {"400", "401", "403", "404", "422", "429", "default"}
    return ", ".join(sorted(set(operation["responses"]) - everywhere))


def rooms(_app: Flask) -> str:
    """Every module with the sentence it opens with."""
    parts = []
    for title, pattern in (
        ("`consult/`", "consult/*.py"),
        *((f"`{folder}/`", f"{folder}/**/*.py") for folder in _features()),
        ("`workers/`", "workers/*.py"),
    ):
        paths = [path for path in sorted(ROOT.glob(pattern)) if path.name != "__init__.py"]
        rows = ((f"`{_short(path)}`", _sentence(path)) for path in paths)
        parts.append(f"### {title}\n\n" + table(("file", "holds"), rows))
    return "\n".join(parts)


def _features() -> list[str]:
    order = "accounts instruments consultations submissions moderation aggregation web demonstration"
    return [f"consult/{name}" for name in order.split()]


def _short(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    return "/".join(parts[1:] if len(parts) == 2 else parts[2:])


def _sentence(path: Path) -> str:
    """The first paragraph of a module's docstring on one line."""
    text = ast.get_docstring(ast.parse(path.read_text())) or ""
    return " ".join(text.partition("\n\n")[0].split())


def promises(_app: Flask) -> str:
    """What is done later: by which queue, within which time."""

    def rows() -> Iterator[tuple[str, ...]]:
        for kind, handling in HANDLERS.items():
            every = PERIODIC.get(kind)
            hours = f"every {every.total_seconds() / 3600:.0f} h" if every else "when something asks for it"
            yield f"`{kind}`", f"`{handling.handler}`", f"`{handling.queue}`", f"{handling.seconds} s", hours

    return table(("promise", "kept by", "queue", "at most", "when"), rows())


PARTS: dict[str, Callable[[Flask], str]] = {
    "permissions": permissions,
    "configuration": configuration,
    "api": api,
    "rooms": rooms,
    "promises": promises,
}

if __name__ == "__main__":
    main()

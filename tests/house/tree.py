"""The repository's own files, as the laws of the house look at them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
LEFT_OUT = {"var", "node_modules", "__pycache__", "htmlcov"}
CODE = ("consult", "workers")


@cache
def files(*suffixes: str, under: str = "") -> tuple[Path, ...]:
    """Every file below `under` with one of the suffixes; what was made or installed is left out."""
    return tuple(sorted(_walk(ROOT / under, suffixes)))


def _walk(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.is_dir():
            if entry.name not in LEFT_OUT and (not entry.name.startswith(".") or entry.name == ".ci"):
                yield from _walk(entry, suffixes)
        elif not suffixes or entry.suffix in suffixes:
            yield entry


def modules(*folders: str) -> tuple[Path, ...]:
    """Python files below the given folders (the product's own code where none is named)."""
    return tuple(path for folder in folders or CODE for path in files(".py", under=folder))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def place(path: Path, line: int | None = None) -> str:
    """How a violation names its place: `consult/app.py:12`."""
    name = path.relative_to(ROOT).as_posix()
    return name if line is None else f"{name}:{line}"


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """(module, line) of every import of a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno


def calls(path: Path) -> Iterator[tuple[str, int]]:
    """(dotted name as written, line) of every call of a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno

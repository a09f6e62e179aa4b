"""Full-text search in six languages; Chinese, which has no spaces, by pairs of characters."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, cast, func
from sqlalchemy.dialects.postgresql import REGCONFIG

CONFIGURATIONS = {"ar": "arabic", "en": "english", "es": "spanish", "fr": "french", "ru": "russian"}
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")


def vector(language: str, text: Any) -> ColumnElement[Any]:
    """The tsvector of a text (or text column) in a BCP 47 language; Chinese must come from `paired`."""
    return func.to_tsvector(_config(CONFIGURATIONS.get(language.split("-")[0], "simple")), text)


def paired(text: str) -> str:
    """Chinese runs as overlapping pairs: a parser that knows no Chinese words finds any two characters."""
    return _HAN.sub(lambda run: f" {' '.join(_pairs(run.group()))} ", text)


def matching(words: str) -> ColumnElement[Any]:
    """A tsquery that finds `words` in whichever language a paragraph is written.

    The reader's syntax is PostgreSQL's web search: "quoted phrase", or, -without.
    """
    if _HAN.search(words):
        return func.websearch_to_tsquery(_config("simple"), _HAN.sub(_as_phrase, words))
    query: ColumnElement[Any] = func.websearch_to_tsquery(_config("simple"), words)
    for name in CONFIGURATIONS.values():
        query = query.op("||")(func.websearch_to_tsquery(_config(name), words))
    return query


def _config(name: str) -> Any:
    return cast(name, REGCONFIG)


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def _as_phrase(run: re.Match[str]) -> str:
    return f' "{" ".join(_pairs(run.group()))}" '

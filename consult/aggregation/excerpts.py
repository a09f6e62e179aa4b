"""The lines of an input that hold what a reader looked for, and the opening lines of any text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, cast, func, literal, select
from sqlalchemy.dialects.postgresql import REGCONFIG

from consult.aggregation.inputs import found_in
from consult.aggregation.shown import Input
from consult.db import session
from consult.submissions.models import Paragraph, Version
from consult.submissions.search import CONFIGURATIONS, matching

# Of each input; the rest is a click away.
MOST_EXCERPTS = 3
OPENING = 320
# Characters that no text holds (see fields.Text): what stands between them is a hit.
_BEFORE, _AFTER = "\x02", "\x03"
_OPTIONS = (
    f"StartSel={_BEFORE}, StopSel={_AFTER}, MaxFragments=2, MaxWords=24, MinWords=10, FragmentDelimiter=' … '"
)
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_AROUND = 60


class Piece(NamedTuple):
    """A stretch of text; `hit` if it is what was looked for. Templates escape it and mark the hits."""

    text: str
    hit: bool = False


class Excerpt(NamedTuple):
    """Some lines of one paragraph."""

    paragraph: int
    pieces: Sequence[Piece]


def excerpts(found: Sequence[Input], words: str, areas: Sequence[int] | None) -> Mapping[int, list[Excerpt]]:
    """By version id, the first paragraphs that hold the words, within `areas` if given; one query.

    Made from the disclosed text alone, so that no excerpt shows what is redacted.
    """
    place = func.row_number().over(partition_by=Paragraph.version_id, order_by=Paragraph.number)
    ranked = select(Paragraph.id, place.label("place")).where(
        Paragraph.version_id.in_([one.version_id for one in found]), found_in(words, by_index=False)
    )
    if areas is not None:
        ranked = ranked.where(Paragraph.area_id.in_(areas))
    chosen = ranked.subquery()
    rows = session.execute(
        select(Paragraph.version_id, Paragraph.number, Paragraph.disclosed_text, _headline(words))
        .join(chosen, chosen.c.id == Paragraph.id)
        .join(Version, Version.id == Paragraph.version_id)
        .where(chosen.c.place <= MOST_EXCERPTS)
        .order_by(Paragraph.version_id, Paragraph.number)
    ).all()
    by_version: dict[int, list[Excerpt]] = defaultdict(list)
    for version_id, number, text, headline in rows:
        by_version[version_id].append(Excerpt(number, _framed(pieces(headline, words), text)))
    return by_version


def _headline(words: str) -> ColumnElement[str]:
    if _HAN.search(words):
        # PostgreSQL's parser knows no Chinese words: the whole text is looked through below.
        return Paragraph.disclosed_text.expression
    language = func.split_part(Version.language, "-", 1)
    known = ((language == code, literal(name)) for code, name in CONFIGURATIONS.items())
    reader = cast(case(*known, else_="simple"), REGCONFIG)
    return func.ts_headline(reader, Paragraph.disclosed_text, matching(words), _OPTIONS)


def pieces(text: str, words: str) -> list[Piece]:
    """A headline from PostgreSQL, or a text searched for Chinese words, as plain and marked stretches."""
    runs = _HAN.findall(words)
    if runs:
        return list(_around(text, re.compile("|".join(map(re.escape, sorted(runs, key=len, reverse=True))))))
    parts = re.split(f"{_BEFORE}(.*?){_AFTER}", text, flags=re.DOTALL)
    return [Piece(part, at % 2 == 1) for at, part in enumerate(parts) if part]


def _framed(found: list[Piece], text: str) -> list[Piece]:
    """With dots where the paragraph goes on before or behind."""
    if not found:
        return found
    before = [] if text.startswith(found[0].text) or found[0].text.startswith("…") else [Piece("… ")]
    behind = (
        [] if text.rstrip(".").endswith(found[-1].text) or found[-1].text.endswith("…") else [Piece(" …")]
    )
    return [*before, *found, *behind]


def _around(text: str, wanted: re.Pattern[str]) -> Iterator[Piece]:
    """The first three hits with some characters on each side."""
    shown = 0
    for match in list(wanted.finditer(text))[:3]:
        start = max(shown, match.start() - _AROUND)
        if start > shown:
            yield Piece("… ")
        yield Piece(text[start : match.start()])
        yield Piece(match.group(), hit=True)
        shown = match.end()
    rest = text[shown : shown + _AROUND]
    yield Piece(rest + (" …" if shown + _AROUND < len(text) else ""))


def opening(text: str, most: int = OPENING) -> str:
    """The beginning of a text: whole sentences if some fit, else whole words; always an exact slice."""
    if len(text) <= most:
        return text
    sentences = list(re.finditer(r"[.!?؟](?=\s)|[。！？]", text[: most + 1]))
    if sentences and sentences[-1].end() >= most // 3:
        return text[: sentences[-1].end()]
    words = text.rfind(" ", most // 2, most + 1)
    return text[: words if words > 0 else most]

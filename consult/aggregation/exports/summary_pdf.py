"""summary.pdf: the summary as PDF/UA-1, which a screen reader can read, set by Typst."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from consult.aggregation.exports.summary import Summary
from consult.aggregation.exports.summary_blocks import Block, Heading, Layout, Paragraph
from consult.aggregation.exports.summary_layout import lay_out
from consult.aggregation.exports.wordprocessing import locale, writable
from consult.i18n import direction, speaking
from consult.i18n import gettext as _

TEMPLATE = Path(__file__).with_name("summary.typ")
# How Typst says that no font at hand has a letter.
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')


def summary_pdf(summary: Summary, *, system_fonts: bool = True) -> bytes:
    """The file. The same summary gives the same bytes on machines with the same fonts.

    Letters that no font has are shown as U+FFFD, since PDF/UA forbids boxes, and the file says so at its end.
    Without `system_fonts` only those in the Typst package are used. Raises ValueError like `summary.check`.
    """
    layout = lay_out(summary)
    data = _each_text(_data(layout), writable)
    try:
        return _compiled(data, layout.moment, system_fonts)
    except typst.TypstError as error:
        missing = set("".join(_unescaped(letters) for letters in _NO_GLYPH.findall(error.diagnostic)))
        if not missing:
            raise
    with speaking(summary.language):
        closing = _(
            "No font on the machine that made this file has %(count)s of its characters (%(scripts)s); each "
            "is replaced by \ufffd. The Word version of this summary holds them all.",
            count=len(missing),
            scripts=", ".join(sorted(set(map(_script, missing)))),
        )
    marks = str.maketrans(dict.fromkeys(missing, "\ufffd"))
    shown = _each_text(data, lambda text: text.translate(marks))
    return _compiled({**shown, "closing": closing}, layout.moment, system_fonts)


def _compiled(data: dict[str, Any], moment: datetime, system_fonts: bool) -> bytes:
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=_fonts(system_fonts),
        sys_inputs={"data": json.dumps(data)},
        pdf_standards=["ua-1"],
        timestamp=int(moment.timestamp()),
    )


@cache
def _fonts(system_fonts: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=system_fonts)


def _unescaped(letters: str) -> str:
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda match: chr(int(match[1], 16)), letters)


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    """The same data with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each_text(one, change) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_each_text(one, change) for one in value]
    return value


def _script(character: str) -> str:
    # Unicode names begin with the script, but for Chinese.
    script = unicodedata.name(character, "unnamed").split()[0].capitalize()
    return {"Cjk": "Chinese", "Ideographic": "Chinese"}.get(script, script)


def _data(layout: Layout) -> dict[str, Any]:
    return {
        **_language(layout.language),
        "rtl": direction(layout.language) == "rtl",
        "title": layout.title,
        "subtitle": layout.subtitle,
        "symbol": layout.symbol,
        "instrument": layout.instrument,
        "date": layout.date,
        "blocks": list(_blocks(layout.blocks)),
        "notes_title": layout.notes_title,
        "notes": layout.notes,
        "closing": None,
    }


def _language(language: str) -> dict[str, str | None]:
    # Typst wants language and country apart: 'fr-FR' -> 'fr', 'FR'.
    name, _dash, country = locale(language).partition("-")
    return {"language": name, "region": country if re.fullmatch("[A-Z]{2}", country) else None}


def _blocks(blocks: Iterable[Block]) -> Iterator[dict[str, Any]]:
    number = 0
    for block in blocks:
        if isinstance(block, Heading):
            yield {"kind": "heading", **block._asdict()}
        elif isinstance(block, Paragraph):
            number += block.style == "numbered"
            spans = [{"text": one.text, "rtl": one.rtl, **_language(one.language)} for one in block.spans]
            yield {
                "kind": "paragraph",
                "style": block.style,
                "number": number if block.style == "numbered" else None,
                "spans": spans,
                "note": block.note,
            }
        else:
            yield {"kind": "table", **block._asdict()}

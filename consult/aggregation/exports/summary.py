"""What the secretariat's summary consists of, and the grammar of attribution and citation in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from babel import Locale
from babel.lists import format_list

from consult.aggregation.exports.counts import Counts
from consult.i18n import current_locale


@dataclass(frozen=True, slots=True)
class Citation:
    """The paragraphs of one submission version that carry a statement, and how the text calls its author."""

    reference: str
    version: int
    paragraphs: tuple[int, ...]
    abbreviation: str
    is_nhri: bool = False


@dataclass(frozen=True, slots=True)
class SummaryStatement:
    """A sentence of the summary; `quoted` words are the contributor's own. `language` None: guess it."""

    text: str
    quoted: bool
    citations: tuple[Citation, ...]
    language: str | None = None


@dataclass(frozen=True, slots=True)
class SummaryArea:
    """A thematic area: the objectives it maps to, what was said, and how many submitters may be shown.

    `automatic`: nobody has summarised it yet; its statements are quotations picked by a rule, and say so.
    """

    title: str
    objectives: tuple[int, ...]
    statements: tuple[SummaryStatement, ...]
    submitter_count: int
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Submitter:
    """An organisation that filed alone; `group` and `country` in words, empty when it stays anonymous."""

    abbreviation: str
    name: str
    group: str
    country: str
    reference: str
    is_nhri: bool = False


@dataclass(frozen=True, slots=True)
class JointSubmitter:
    """A coalition: JS1, JS2 …, its members' names with the lead first."""

    abbreviation: str
    members: tuple[str, ...]
    reference: str


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything that summary.docx and summary.pdf show.

    `opened` and `closed` are in the consultation's own time zone, since their dates are printed; `as_of` is
    the moment the data was read; `language` (BCP 47) is the language the secretariat writes in.
    """

    title: str
    symbol: str
    mandate: str
    instrument: str
    opened: datetime
    closed: datetime
    as_of: datetime
    counts: Counts
    areas: tuple[SummaryArea, ...]
    individual: tuple[Submitter, ...]
    joint: tuple[JointSubmitter, ...]
    language: str = "en"


def check(summary: Summary) -> None:
    """Raises ValueError naming the first statement without a citation, or a submission that is cited but not
    listed among the submitters, and for counts that do not add up."""
    summary.counts.balanced()
    listed = {one.reference for one in summary.individual} | {one.reference for one in summary.joint}
    for area in summary.areas:
        for statement in area.statements:
            where = f"“{statement.text[:120]}” ({area.title})"
            if not statement.citations or not all(citation.paragraphs for citation in statement.citations):
                raise ValueError(f"a statement without a citation: {where}")
            if unknown := {citation.reference for citation in statement.citations} - listed:
                raise ValueError(
                    f"{', '.join(sorted(unknown))} is cited but not among the submitters: {where}"
                )


def attribution(citations: Sequence[Citation]) -> str:
    """Who says it, each once: national human rights institutions, organisations by letter, JS1, JS2 …

    'NHRC', 'NHRC and JS1', 'AAA, BBB and JS1'.
    """
    return enumerated(list(dict.fromkeys(_short(citation) for citation in sorted(citations, key=_rank))))


def enumerated(words: Sequence[str]) -> str:
    """'A', 'A and B', 'A, B and C', in the current language."""
    # American English, the default, would put a comma before the "and"; United Nations documents have none.
    language = {"en": "en_GB"}.get(current_locale(), current_locale())
    return format_list(words, locale=Locale.parse(language, sep="-" if "-" in language else "_"))


def endnote(citations: Iterable[Citation], names: Mapping[str, str]) -> str:
    """'Sample Organisation (SO), S-0123 v2, ¶¶ 3, 7; Joint submission 1 (JS1), S-0140 v1, ¶ 4.'

    `names` gives the name of the submitter for each reference.
    """
    ordered = sorted(citations, key=lambda one: (_rank(one), one.reference, one.version))
    notes = []
    for (reference, version), same in groupby(ordered, key=lambda one: (one.reference, one.version)):
        cited = list(same)
        name, short = names[reference], cited[0].abbreviation
        author = f"{name} ({short})" if short and short != name else name
        numbers = [number for citation in cited for number in citation.paragraphs]
        notes.append(f"{author}, {reference} v{version}, {pilcrows(numbers)}")
    return "; ".join(notes) + "."


def pilcrows(numbers: Iterable[int]) -> str:
    """'¶ 3', '¶¶ 3, 7', '¶¶ 3–5, 7': each paragraph once, in order, three or more in a row as a range."""
    ordered = sorted(set(numbers))
    shown: list[str] = []
    for _key, run in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0]):
        row = [number for _at, number in run]
        shown += [f"{row[0]}–{row[-1]}"] if len(row) > 2 else [str(number) for number in row]
    return ("¶ " if len(ordered) == 1 else "¶¶ ") + ", ".join(shown)


def nhris_apart(
    statements: Iterable[SummaryStatement],
) -> tuple[list[SummaryStatement], list[SummaryStatement]]:
    """Statements of national human rights institutions, and those of all others.

    A statement that cites both stands in both lists, each time with its own citations only: what an
    institution says is never merged with what others say, as its standing (Paris Principles) is its own.
    """
    apart: tuple[list[SummaryStatement], list[SummaryStatement]] = ([], [])
    for statement in statements:
        for where, nhri in zip(apart, (True, False), strict=True):
            if own := tuple(one for one in statement.citations if one.is_nhri is nhri):
                where.append(replace(statement, citations=own))
    return apart


def _short(citation: Citation) -> str:
    # An anonymous contributor may have no abbreviation; its reference names it without betraying it.
    return citation.abbreviation or citation.reference


def _rank(citation: Citation) -> tuple[bool, bool, int, str]:
    joint = re.fullmatch(r"JS(\d+)", citation.abbreviation)
    number = int(joint[1]) if joint else 0
    return (not citation.is_nhri, bool(joint), number, citation.abbreviation.casefold())

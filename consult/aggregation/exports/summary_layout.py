"""The summary as a sequence of headings, paragraphs, tables and notes, the same for Word and for PDF."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime

from babel import Locale
from babel.dates import format_date

from consult.aggregation.exports.summary import (
    Summary,
    SummaryArea,
    SummaryStatement,
    attribution,
    check,
    endnote,
    enumerated,
    nhris_apart,
)
from consult.aggregation.exports.summary_blocks import Block, Heading, Layout, Paragraph, spoken
from consult.aggregation.exports.summary_submitters import submitters
from consult.i18n import current_locale, ngettext, speaking
from consult.i18n import gettext as _

# Reference of a submission -> name of its submitter.
Names = Mapping[str, str]


def lay_out(summary: Summary) -> Layout:
    """Put the summary in order, in its own language. Raises ValueError like `summary.check`."""
    check(summary)
    with speaking(summary.language):
        notes: list[str] = []
        return Layout(
            language=summary.language,
            moment=summary.as_of,
            symbol=summary.symbol,
            instrument=summary.instrument,
            date=_day(summary.as_of),
            title=_("Summary of stakeholders’ input: %(title)s", title=summary.title),
            subtitle=_("Prepared by the secretariat"),
            notes_title=_("Notes"),
            blocks=tuple(_blocks(summary, notes)),
            notes=tuple(notes),
        )


def language_of(text: str, otherwise: str) -> str:
    """The language that the script alone gives away (Arabic, Chinese, Russian), for fonts and hyphens; else
    `otherwise`."""
    for character in text:
        name = unicodedata.name(character, "")
        for script, language in (("ARABIC", "ar"), ("CJK UNIFIED", "zh"), ("CYRILLIC", "ru")):
            if name.startswith(script):
                return language
    return otherwise


def _day(moment: datetime) -> str:
    # In the language of the sentences around it, which is English where a catalogue is missing.
    return format_date(moment.date(), "d MMMM y", locale=Locale.parse(current_locale(), sep="-"))


def _blocks(summary: Summary, notes: list[str]) -> Iterator[Block]:
    names = {one.reference: one.name for one in summary.individual}
    for joint in summary.joint:
        number = joint.abbreviation.removeprefix("JS")
        names[joint.reference] = _("Joint submission %(number)s", number=number)
    yield from _background(summary)
    yield Heading(1, _("Information provided by stakeholders"))
    for area in summary.areas:
        yield from _area(area, summary.language, names, notes)
    yield from submitters(summary)


def _background(summary: Summary) -> Iterator[Block]:
    counts = summary.counts
    yield Heading(1, _("Background"))
    prepared = _(
        "The present summary was prepared pursuant to %(mandate)s, for the follow-up and review of the "
        "%(instrument)s.",
        mandate=summary.mandate,
        instrument=summary.instrument,
    )
    window = {"opened": _day(summary.opened), "closed": _day(summary.closed)}
    if summary.closed > summary.as_of:
        held = _("The consultation is open from %(opened)s to %(closed)s.", **window)
    else:
        held = _("The consultation was open from %(opened)s to %(closed)s.", **window)
    filed = ngettext(
        "As at %(day)s, %(count)s submission had been filed.",
        "As at %(day)s, %(count)s submissions had been filed.",
        counts.filed,
        day=_day(summary.as_of),
    )
    balance = _(
        "Of these, %(accepted)s had been accepted, %(returned)s returned for changes, %(rejected)s rejected "
        "and %(withdrawn)s withdrawn, and %(waiting)s awaited a decision. The summary draws on accepted "
        "submissions only; those that their contributors restricted to the secretariat are counted here, but "
        "neither quoted nor listed.",
        **counts._asdict(),
    )
    method = _(
        "The summary contains no opinion of the secretariat. Words between quotation marks are the "
        "contributors’ own. Each statement carries an endnote that names every submission on which it rests, "
        "its version and its paragraphs. National human rights institutions are always reported apart."
    )
    for text in (f"{prepared} {held}", f"{filed} {balance}", method):
        yield Paragraph("numbered", (spoken(text, summary.language),))


def _area(area: SummaryArea, language: str, names: Names, notes: list[str]) -> Iterator[Block]:
    yield Heading(2, area.title)
    yield Paragraph("numbered", (spoken(_received(area), language),))
    nhris, others = nhris_apart(area.statements)
    groups = [(_("National human rights institutions"), nhris), (_("Other stakeholders"), others)]
    for title, statements in groups:
        if nhris and statements:
            yield Heading(3, title)
        for statement in statements:
            notes.append(endnote(statement.citations, names))
            yield from _statement(statement, language, len(notes))


def _received(area: SummaryArea) -> str:
    if not area.submitter_count:
        return _("No input was accepted for publication under this heading.")
    numbers = enumerated([str(number) for number in area.objectives])
    objectives = ngettext(
        "This heading relates to objective %(numbers)s.",
        "This heading relates to objectives %(numbers)s.",
        len(area.objectives),
        numbers=numbers,
    )
    received = ngettext(
        "Input was accepted for publication from %(count)s submitter.",
        "Input was accepted for publication from %(count)s submitters.",
        area.submitter_count,
    )
    nothing = "" if area.statements else _("It has not been summarised yet.")
    if area.automatic:
        nothing = _(
            "It has not been summarised yet: the quotations below were selected automatically. They open the "
            "first submissions under this heading, in the order of receipt."
        )
    return " ".join(filter(None, (objectives if numbers else "", received, nothing)))


def _statement(statement: SummaryStatement, language: str, note: int) -> Iterator[Block]:
    words = spoken(statement.text, statement.language or language_of(statement.text, language))
    if not statement.quoted:
        yield Paragraph("numbered", (words,), note)
        return
    # A translator may put the author before or after the words: the form is cut where the words go.
    form = _("%(who)s stated: “%(words)s”", who=attribution(statement.citations), words="\0")
    before, after = form.split("\0")
    if words.rtl == spoken(form, language).rtl:
        spans = (spoken(before, language), words, spoken(after, language))
        yield Paragraph("numbered", tuple(span for span in spans if span.text), note)
    else:
        # Both directions in one line are hard to read and easily set wrong.
        yield Paragraph("numbered", (spoken(before.rstrip(" “«"), language),))
        yield Paragraph("quote", (words._replace(text=f"“{words.text}”"),), note)

"""The list of who submitted: single organisations, coalitions and their members, institutions apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from consult.aggregation.exports.summary import Submitter, Summary
from consult.aggregation.exports.summary_blocks import Block, Heading, Paragraph, Table, spoken
from consult.i18n import gettext as _


def submitters(summary: Summary) -> Iterator[Block]:
    """Individual submissions, then joint ones by number, then national human rights institutions."""
    yield Heading(1, _("Submitting organisations"))
    tables = (
        (_("Individual submissions"), _individual(one for one in summary.individual if not one.is_nhri)),
        (_("Joint submissions"), _joint(summary)),
        (
            _("National human rights institutions"),
            _individual(one for one in summary.individual if one.is_nhri),
        ),
    )
    for title, table in tables:
        if table.rows:
            yield Heading(2, title)
            yield table
    if not summary.individual and not summary.joint:
        nobody = spoken(_("No submission has been accepted."), summary.language)
        yield Paragraph("numbered", (nobody,))


def _individual(listed: Iterable[Submitter]) -> Table:
    ordered = sorted(listed, key=lambda one: (one.abbreviation.casefold(), one.name, one.reference))
    header = (_("Abbreviation"), _("Organisation"), _("Stakeholder group"), _("Country"), _("Reference"))
    rows = tuple((one.abbreviation, one.name, one.group, one.country, one.reference) for one in ordered)
    return Table(header, (16, 36, 22, 14, 12), rows)


def _joint(summary: Summary) -> Table:
    ordered = sorted(summary.joint, key=lambda one: (_number(one.abbreviation), one.reference))
    header = (_("Abbreviation"), _("Submitted jointly by"), _("Reference"))
    rows = tuple((one.abbreviation, "; ".join(one.members), one.reference) for one in ordered)
    return Table(header, (16, 72, 12), rows)


def _number(abbreviation: str) -> int:
    digits = re.search(r"\d+", abbreviation)
    return int(digits[0]) if digits else 0

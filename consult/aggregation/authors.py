"""How a summary calls those whose input it cites: short names, JS1, JS2 …, or nobody by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from consult.aggregation.abbreviations import Named, abbreviations
from consult.aggregation.exports.summary import Citation, JointSubmitter, Submitter
from consult.aggregation.shown import Input
from consult.i18n import current_locale
from consult.i18n import gettext as _
from consult.places import country_name
from consult.submissions import disclosure
from consult.vocabulary import StakeholderGroup
from consult.wording import label


class Authors:
    """Everybody whose input may be shown; coalitions are numbered in the order of their references."""

    def __init__(self, listed: Sequence[Input]) -> None:
        self.listed = sorted(listed, key=lambda one: one.id)
        self.by_id = {one.id: one for one in self.listed}
        named = (
            Named(one.organisation_id, one.organisation, one.acronym)
            for one in self.listed
            if one.organisation_id is not None and not one.joint
        )
        self.short = abbreviations(named)
        coalitions = [one.id for one in self.listed if one.joint]
        self.joint_names = {number: f"JS{at}" for at, number in enumerate(coalitions, start=1)}

    def citation(self, submission_id: int, paragraphs: Sequence[int]) -> Citation:
        """The paragraphs of one submission, as a statement cites them."""
        one = self.by_id[submission_id]
        return Citation(
            one.reference,
            one.version,
            tuple(paragraphs),
            self._short(one),
            one.group == StakeholderGroup.NHRI,
        )

    def _short(self, one: Input) -> str:
        if one.joint:
            return self.joint_names[one.id]
        return self.short[one.organisation_id] if one.organisation_id is not None else ""

    def individual(self) -> Iterator[Submitter]:
        for one in self.listed:
            if not one.joint:
                yield Submitter(
                    self._short(one),
                    author(one),
                    label(one.group),
                    country_name(one.country, current_locale()) if one.country else "",
                    one.reference,
                    one.group == StakeholderGroup.NHRI,
                )

    def joint(self) -> Iterator[JointSubmitter]:
        for one in self.listed:
            if one.joint:
                yield JointSubmitter(
                    self.joint_names[one.id], (author(one), *one.cosignatories), one.reference
                )


def author(one: Input | disclosure.Identity) -> str:
    """The organisation's name, or `Anonymous (Civil society, Africa)`."""
    if one.organisation:
        return one.organisation
    return _("Anonymous (%(group)s, %(region)s)", group=label(one.group), region=label(one.region))

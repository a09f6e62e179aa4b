"""What readers see instead of a code: the translated name, and the tone, of every member of `vocabulary`."""

from __future__ import annotations

from enum import StrEnum

from consult.i18n import gettext
from consult.vocabulary import (
    Accreditation,
    CaseStage,
    Dimension,
    EcosocStatus,
    FindingKind,
    IdentifierScheme,
    MembershipState,
    OrganisationState,
    Phase,
    Publication,
    Reason,
    Region,
    ReportState,
    Role,
    Scope,
    StakeholderGroup,
    SubmissionState,
    Verdict,
)


def label(member: StrEnum | str | None) -> str:
    """The name of a member in the current language; any other word reads as itself, without underscores."""
    if member is None:
        return ""
    if isinstance(member, StrEnum):
        return gettext(NAMES[type(member)][member])
    return member.replace("_", " ")


def tone(member: StrEnum | str | None) -> str:
    """The class of its badge: `good`, `warn`, `bad`, `info` or none."""
    return TONES.get(type(member), {}).get(member, "") if isinstance(member, StrEnum) else ""


def options(vocabulary: type[StrEnum]) -> list[tuple[str, str]]:
    """(code, name) of every member, in the order of the vocabulary, for a form."""
    return [(member.value, label(member)) for member in vocabulary]


def _(message: str) -> str:
    """Marks a message for the catalogues; `label` translates it when the reader is known."""
    return message


# By type first: members of two vocabularies may share a code and would be one key ("other", "declined").
NAMES: dict[type[StrEnum], dict[StrEnum, str]] = {
    Role: {
        Role.CONTRIBUTOR: _("Contributor"),
        Role.MODERATOR: _("Moderator"),
        Role.SENIOR_MODERATOR: _("Senior moderator"),
        Role.SECRETARIAT: _("Secretariat"),
        Role.FOCAL_POINT: _("State focal point"),
        Role.AUDITOR: _("Auditor"),
        Role.ADMINISTRATOR: _("Administrator"),
    },
    StakeholderGroup: {
        StakeholderGroup.MIGRANTS: _("Migrants"),
        StakeholderGroup.CIVIL_SOCIETY: _("Civil society"),
        StakeholderGroup.MIGRANT_DIASPORA_ORGS: _("Migrant and diaspora organisations"),
        StakeholderGroup.FAITH_BASED: _("Faith-based organisations"),
        StakeholderGroup.LOCAL_AUTHORITIES: _("Local authorities and communities"),
        StakeholderGroup.PRIVATE_SECTOR: _("Private sector"),
        StakeholderGroup.TRADE_UNIONS: _("Trade unions"),
        StakeholderGroup.PARLIAMENTARIANS: _("Parliamentarians"),
        StakeholderGroup.NHRI: _("National human rights institutions"),
        StakeholderGroup.RED_CROSS_RED_CRESCENT: _("Red Cross and Red Crescent Movement"),
        StakeholderGroup.ACADEMIA: _("Academia"),
        StakeholderGroup.MEDIA: _("Media"),
        StakeholderGroup.OTHER: _("Other stakeholders"),
    },
    Accreditation: {
        Accreditation.ECOSOC: _("ECOSOC consultative status"),
        Accreditation.GCM_ACCREDITED: _("Accredited to the review forum"),
        Accreditation.SPECIAL: _("Special accreditation"),
        Accreditation.NHRI: _("Accredited national human rights institution"),
        Accreditation.NONE: _("No accreditation"),
    },
    IdentifierScheme: {
        IdentifierScheme.ICSO: _("iCSO number"),
        IdentifierScheme.ROR: _("ROR"),
        IdentifierScheme.LEI: _("LEI"),
        IdentifierScheme.NATIONAL: _("National register"),
    },
    EcosocStatus: {
        EcosocStatus.GENERAL: _("General consultative status"),
        EcosocStatus.SPECIAL: _("Special consultative status"),
        EcosocStatus.ROSTER: _("Roster"),
    },
    Region: {
        Region.ECA: _("Africa"),
        Region.ECE: _("Europe and North America"),
        Region.ECLAC: _("Latin America and the Caribbean"),
        Region.ESCAP: _("Asia and the Pacific"),
        Region.ESCWA: _("Arab States"),
    },
    Dimension: {
        Dimension.AREA: _("Thematic area"),
        Dimension.GROUP: _("Stakeholder group"),
        Dimension.REGION: _("Region"),
        Dimension.COUNTRY: _("Country"),
        Dimension.LANGUAGE: _("Language"),
        Dimension.OBJECTIVE: _("Objective"),
        Dimension.MONTH: _("Month"),
    },
    OrganisationState: {
        OrganisationState.PENDING: _("Waiting for confirmation"),
        OrganisationState.CONFIRMED: _("Confirmed"),
        OrganisationState.DECLINED: _("Declined"),
    },
    MembershipState: {
        MembershipState.REQUESTED: _("Waiting for approval"),
        MembershipState.APPROVED: _("Approved"),
        MembershipState.DECLINED: _("Declined"),
        MembershipState.ENDED: _("Ended"),
    },
    Phase: {
        Phase.DRAFT: _("Not published"),
        Phase.UPCOMING: _("Opens soon"),
        Phase.OPEN: _("Open"),
        Phase.CLOSED: _("Closed"),
    },
    SubmissionState: {
        SubmissionState.DRAFT: _("Draft"),
        SubmissionState.SUBMITTED: _("Submitted"),
        SubmissionState.IN_MODERATION: _("In moderation"),
        SubmissionState.ACCEPTED: _("Accepted"),
        SubmissionState.RETURNED: _("Returned for changes"),
        SubmissionState.REJECTED: _("Rejected"),
        SubmissionState.WITHDRAWN: _("Withdrawn"),
    },
    Publication: {
        Publication.PUBLIC: _("Public, under the organisation's name"),
        Publication.ANONYMOUS: _("Anonymous: group and region only"),
        Publication.RESTRICTED: _("Restricted to the secretariat"),
    },
    CaseStage: {
        CaseStage.FIRST: _("First reading"),
        CaseStage.SECOND: _("Second reading"),
        CaseStage.ESCALATED: _("Escalated"),
        CaseStage.APPEAL: _("Appeal"),
        CaseStage.DECIDED: _("Decided"),
        CaseStage.CLOSED: _("Closed"),
    },
    Verdict: {
        Verdict.ACCEPT: _("Accept"),
        Verdict.RETURN: _("Return for changes"),
        Verdict.REJECT: _("Reject"),
        Verdict.ESCALATE: _("Escalate"),
    },
    Reason: {
        Reason.LATE: _("Received after the deadline"),
        Reason.TOO_LONG: _("Over the word limit"),
        Reason.LANGUAGE: _("Not in an accepted language"),
        Reason.OFF_TOPIC: _("Outside the scope of the consultation"),
        Reason.REFUGEE_MATTER: _("Concerns refugee protection, not this agreement"),
        Reason.UNIDENTIFIED: _("The sender could not be identified"),
        Reason.ANNEXED_REPORT: _("A report annexed in place of a contribution"),
        Reason.ABUSIVE: _("Abusive or inciting language"),
        Reason.PERSONAL_DATA: _("Contains personal data"),
        Reason.DUPLICATE: _("Already received"),
        Reason.OTHER: _("Other reason"),
    },
    FindingKind: {
        FindingKind.LANGUAGE: _("Language differs from the one declared"),
        FindingKind.TOO_LONG: _("Over the word limit"),
        FindingKind.DUPLICATE: _("Identical text already filed"),
        FindingKind.EMAIL: _("E-mail address"),
        FindingKind.TELEPHONE: _("Telephone number"),
        FindingKind.LINK: _("Link"),
        FindingKind.EMPTY: _("No text"),
        FindingKind.BANK_NUMBER: _("Bank account number"),
    },
    ReportState: {
        ReportState.QUEUED: _("Waiting to be built"),
        ReportState.BUILDING: _("Being built"),
        ReportState.READY: _("Ready"),
        ReportState.FAILED: _("Failed"),
    },
    Scope: {
        Scope.READ: _("Read"),
        Scope.WRITE: _("Write"),
        Scope.MODERATE: _("Moderate"),
        Scope.ADMINISTER: _("Administer"),
    },
}

TONES: dict[type[StrEnum], dict[StrEnum, str]] = {
    SubmissionState: {
        SubmissionState.SUBMITTED: "info",
        SubmissionState.IN_MODERATION: "info",
        SubmissionState.ACCEPTED: "good",
        SubmissionState.RETURNED: "warn",
        SubmissionState.REJECTED: "bad",
    },
    Phase: {
        Phase.OPEN: "good",
        Phase.UPCOMING: "info",
    },
    OrganisationState: {
        OrganisationState.PENDING: "warn",
        OrganisationState.CONFIRMED: "good",
        OrganisationState.DECLINED: "bad",
    },
    MembershipState: {
        MembershipState.REQUESTED: "warn",
        MembershipState.APPROVED: "good",
        MembershipState.DECLINED: "bad",
    },
    CaseStage: {
        CaseStage.FIRST: "info",
        CaseStage.SECOND: "warn",
        CaseStage.ESCALATED: "warn",
        CaseStage.APPEAL: "bad",
    },
    Verdict: {
        Verdict.ACCEPT: "good",
        Verdict.RETURN: "warn",
        Verdict.REJECT: "bad",
        Verdict.ESCALATE: "warn",
    },
    ReportState: {
        ReportState.BUILDING: "info",
        ReportState.READY: "good",
        ReportState.FAILED: "bad",
    },
}

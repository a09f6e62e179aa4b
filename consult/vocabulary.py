"""Every role, state, verdict, reason code and stakeholder group: the words of the product."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What an account may do beyond writing for its organisations."""

    CONTRIBUTOR = "contributor"
    MODERATOR = "moderator"
    SENIOR_MODERATOR = "senior_moderator"
    SECRETARIAT = "secretariat"
    FOCAL_POINT = "focal_point"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


STAFF = frozenset(Role) - {Role.CONTRIBUTOR, Role.FOCAL_POINT}


class StakeholderGroup(StrEnum):
    """GCM paragraph 44; national human rights institutions always stand apart."""

    MIGRANTS = "migrants"
    CIVIL_SOCIETY = "civil_society"
    MIGRANT_DIASPORA_ORGS = "migrant_diaspora_orgs"
    FAITH_BASED = "faith_based"
    LOCAL_AUTHORITIES = "local_authorities"
    PRIVATE_SECTOR = "private_sector"
    TRADE_UNIONS = "trade_unions"
    PARLIAMENTARIANS = "parliamentarians"
    NHRI = "nhri"
    RED_CROSS_RED_CRESCENT = "red_cross_red_crescent"
    ACADEMIA = "academia"
    MEDIA = "media"
    OTHER = "other"


class Accreditation(StrEnum):
    """How an organisation is accredited; never a bar to writing."""

    ECOSOC = "ecosoc"
    GCM_ACCREDITED = "gcm_accredited"
    SPECIAL = "special"
    NHRI = "nhri"
    NONE = "none"


class IdentifierScheme(StrEnum):
    """Registries whose numbers an organisation may give."""

    ICSO = "icso"
    ROR = "ror"
    LEI = "lei"
    NATIONAL = "national"


class Region(StrEnum):
    """The five regional reviews; each country is counted in one."""

    ECA = "ECA"
    ECE = "ECE"
    ECLAC = "ECLAC"
    ESCAP = "ESCAP"
    ESCWA = "ESCWA"


class EcosocStatus(StrEnum):
    GENERAL = "general"
    SPECIAL = "special"
    ROSTER = "roster"


class OrganisationState(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class MembershipState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    DECLINED = "declined"
    ENDED = "ended"


class Phase(StrEnum):
    """Where a consultation stands; follows the clock by itself."""

    DRAFT = "draft"
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


class SubmissionState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_MODERATION = "in_moderation"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


WAITING = frozenset({SubmissionState.SUBMITTED, SubmissionState.IN_MODERATION})


class SubmissionVerb(StrEnum):
    FILE = "file"
    SCREEN = "screen"
    ACCEPT = "accept"
    RETURN = "return"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    APPEAL = "appeal"


class Publication(StrEnum):
    """The contributor's choice of who may read accepted input, and whether under its name."""

    PUBLIC = "public"
    ANONYMOUS = "anonymous"
    RESTRICTED = "restricted"


class CaseStage(StrEnum):
    """Which reading a case waits for, or how it ended."""

    FIRST = "first"
    SECOND = "second"
    ESCALATED = "escalated"
    APPEAL = "appeal"
    DECIDED = "decided"
    CLOSED = "closed"


OPEN_STAGES = frozenset({CaseStage.FIRST, CaseStage.SECOND, CaseStage.ESCALATED, CaseStage.APPEAL})
SENIOR_STAGES = OPEN_STAGES - {CaseStage.FIRST}


class Verdict(StrEnum):
    ACCEPT = "accept"
    RETURN = "return"
    REJECT = "reject"
    ESCALATE = "escalate"


class Reason(StrEnum):
    """Why a case was returned or rejected, or a span redacted."""

    LATE = "late"
    TOO_LONG = "too_long"
    LANGUAGE = "language"
    OFF_TOPIC = "off_topic"
    REFUGEE_MATTER = "refugee_matter"
    UNIDENTIFIED = "unidentified"
    ANNEXED_REPORT = "annexed_report"
    ABUSIVE = "abusive"
    PERSONAL_DATA = "personal_data"
    DUPLICATE = "duplicate"
    OTHER = "other"


class FindingKind(StrEnum):
    LANGUAGE = "language"
    TOO_LONG = "too_long"
    DUPLICATE = "duplicate"
    EMAIL = "email"
    TELEPHONE = "telephone"
    LINK = "link"
    EMPTY = "empty"
    BANK_NUMBER = "bank_number"


class Dimension(StrEnum):
    """What coverage can be counted by."""

    AREA = "area"
    GROUP = "group"
    REGION = "region"
    COUNTRY = "country"
    LANGUAGE = "language"
    OBJECTIVE = "objective"
    MONTH = "month"


class ReportState(StrEnum):
    QUEUED = "queued"
    BUILDING = "building"
    READY = "ready"
    FAILED = "failed"


class Scope(StrEnum):
    """What an API token may be used for."""

    READ = "read"
    WRITE = "write"
    MODERATE = "moderate"
    ADMINISTER = "administer"


UN_LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")

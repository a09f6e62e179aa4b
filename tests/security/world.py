"""One small world with everybody and everything in it, and a canary in whatever somebody may not read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import select

from consult.accounts import links, token_actions
from consult.accounts.models import Account, Identifier, Membership, Organisation
from consult.accounts.queries import account_with_bodies, actor_of
from consult.actor import SYSTEM, Actor
from consult.aggregation import actions as aggregate
from consult.aggregation.building import build
from consult.config import Config
from consult.consultations.models import Consultation
from consult.db import session
from consult.moderation import claims
from consult.moderation.actions import Opinion, decide
from consult.moderation.appeals import open_appeal
from consult.moderation.campaigns import call_campaign
from consult.moderation.opening import open_cases
from consult.moderation.queries import locked_case
from consult.moderation.redactions import redact
from consult.storage import Storage
from consult.submissions import queries as submissions
from consult.submissions import signatures
from consult.submissions.actions import edit_draft, reopen, start_draft, withdraw
from consult.submissions.attachments import attach
from consult.submissions.filing import file_submission
from consult.submissions.models import Paragraph, Submission, Version
from consult.vocabulary import (
    MembershipState,
    OrganisationState,
    Publication,
    Reason,
    Role,
    Scope,
    StakeholderGroup,
    Verdict,
)
from tests import factories as make

PASSWORD = "a long and boring passphrase"


def canary(name: str) -> str:
    """A word that nobody writes, told apart by the field it stands in; no stemmer changes it."""
    return f"zq{re.sub('[^a-z]', '', name.lower())}qz"


@dataclass
class World:
    """Numbers and names only: rows would be bound to the session that made them."""

    people: dict[str, int] = field(default_factory=dict)
    epochs: dict[str, int] = field(default_factory=dict)
    bodies: dict[str, int] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    cases: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)


class Builder:
    """Makes the world through the actions that people use."""

    def __init__(self, storage: Storage, config: Config) -> None:
        self.storage, self.config = storage, config
        self.world = World()
        self.consultation: Consultation

    def build(self) -> World:
        self.people_and_bodies()
        self.calls()
        self.writing()
        self.filing()
        self.deciding()
        self.choices()
        self.summing_up()
        self.programs()
        session.commit()
        return self.world

    def person(self, name: str, role: Role = Role.CONTRIBUTOR) -> Account:
        word = canary(f"{name} person")
        made: Account = make.an_account(
            role,
            name=f"{name.title()} {word}",
            email=f"{word}@canary.example",
            password_hash=f"$argon2id$v=19$m=8,t=1,p=1${word}$hash",
        )
        self.world.people[name], self.world.epochs[name] = made.id, made.session_epoch
        return made

    def body(self, name: str, *, people: dict[str, bool], **facts: Any) -> Organisation:
        made: Organisation = make.an_organisation(**{"name": f"Body {canary(f'{name} body')}"} | facts)
        for who, focal in people.items():
            person = session.get(Account, self.world.people.get(who)) if who in self.world.people else None
            make.join(person or self.person(who), made, focal=focal)
        self.world.bodies[name] = made.id
        return made

    def acting(self, name: str) -> Actor:
        found = account_with_bodies(self.world.people[name])
        assert found is not None
        return actor_of(found)

    def people_and_bodies(self) -> None:
        for role in (
            Role.MODERATOR,
            Role.SENIOR_MODERATOR,
            Role.SECRETARIAT,
            Role.FOCAL_POINT,
            Role.AUDITOR,
            Role.ADMINISTRATOR,
        ):
            self.person(str(role), role)
        self.person("another senior", Role.SENIOR_MODERATOR)
        self.person("recused", Role.MODERATOR)
        self.person("related", Role.MODERATOR)
        self.person("asking")
        self.person("passer by")
        self.person("newcomer").email_confirmed_at = None
        ours = self.body("ours", people={"member": False, "focal": True, "recused": False})
        self.body("theirs", people={"stranger": True})
        self.body("partner", people={"cosigner": True, "related": False})
        self.body(
            "hidden",
            people={"hidden member": True},
            acronym=canary("hidden acronym").upper(),
            country="TUV",
            region="ESCAP",
            website=f"https://{canary('hidden website')}.example",
            identifiers=[Identifier(scheme="national", value=canary("hidden identifier"))],
            stakeholder_group=StakeholderGroup.MIGRANTS,
        )
        self.body("quiet", people={"quiet member": True})
        self.body("pending", people={"applicant": True}, state=OrganisationState.PENDING)
        declined = f"We could not verify {canary('decline reason')}."
        self.body(
            "declined", people={"refused": True}, state=OrganisationState.DECLINED, state_reason=declined
        )
        wish = Membership(
            account_id=self.world.people["asking"],
            organisation_id=ours.id,
            state=MembershipState.REQUESTED,
            is_focal_point=False,
        )
        make.keep(wish)

    def calls(self) -> None:
        self.consultation = make.a_consultation(slug="open-call", accepted_files=["txt", "pdf"])
        make.a_consultation(slug="draft-call", published=False, title=f"Unannounced {canary('draft call')}")
        make.a_consultation(slug="coming-call", opens=10, closes=90)
        for name in ("open", "draft", "coming", "closed"):
            self.world.slugs[name] = f"{name}-call"

    def draft(
        self, name: str, by: str, body: str, call: Consultation | None = None, **facts: Any
    ) -> Submission:
        word = canary(f"{name} text")
        given = {"language": "en", "title": f"Title {canary(f'{name} title')}"}
        made = start_draft(
            actor=self.acting(by),
            consultation=call or self.consultation,
            organisation=session.get_one(Organisation, self.world.bodies[body]),
            contributions=[
                {"area": "rt1", "text": f"Wages follow the worker, says {word} of us.\n\nThe second point."},
                {"area": "rt2", "text": "Safe ways save lives, and fair contracts end debts."},
            ],
            **given | facts,
        )
        self.world.references[name] = made.reference
        session.commit()
        return made

    def found(self, name: str, by: str = "member") -> Submission:
        return submissions.submission(self.acting(by), self.world.references[name], lock=True)

    def file(self, name: str, by: str = "member") -> Submission:
        made = self.found(name, by)
        file_submission(actor=self.acting(by), submission=made)
        session.commit()
        return made

    def screen(self, name: str, by: str = "member") -> None:
        """Open the case of the newest version."""
        number = self.found(name, by).id
        versions = select(Version.id).where(Version.submission_id == number)
        [case] = open_cases(actor=SYSTEM, version_ids=list(session.scalars(versions)))
        self.world.cases[name] = case.id
        session.commit()

    def writing(self) -> None:
        self.draft("draft", "member", "ours")
        file = attach(
            actor=self.acting("member"),
            submission=self.found("draft"),
            storage=self.storage,
            stream=BytesIO(f"A note that says {canary('file content')} and no more.\n".encode()),
            filename=f"{canary('file name')}.txt",
        )
        session.flush()
        self.world.numbers["draft file"] = file.id
        self.together("joint")
        self.draft("their draft", "stranger", "theirs")
        session.commit()

    def together(self, name: str) -> None:
        """A draft that one body is asked to sign, and that another has declined to sign."""
        joint, bodies = self.draft(name, "member", "ours"), self.world.bodies
        for body in ("partner", "quiet"):
            asked = session.get_one(Organisation, bodies[body])
            signatures.invite(actor=self.acting("member"), submission=joint, organisation=asked)
        who = self.acting("quiet member")
        signatures.answer(actor=who, submission=joint, organisation_id=bodies["quiet"], signs=False)
        session.commit()

    def filing(self) -> None:
        names = ("submitted", "waiting", "claimed", "second", "escalated", "accepted", "returned", "rejected")
        for name in (*names, "appealed", "withdrawn", "amending", "refiled", "redacted", "old"):
            self.draft(name, "member", "ours")
            if name == "accepted":
                self.attach_to("accepted")
            self.file(name)
            if name != "submitted":
                self.screen(name)
        self.draft("theirs", "stranger", "theirs")
        self.file("theirs", "stranger")
        self.screen("theirs", "stranger")
        self.together("signed")
        signatures.answer(
            actor=self.acting("cosigner"),
            submission=self.found("signed"),
            organisation_id=self.world.bodies["partner"],
            signs=True,
        )
        self.file("signed")
        self.screen("signed")

    def attach_to(self, name: str) -> None:
        file = attach(
            actor=self.acting("member"),
            submission=self.found(name),
            storage=self.storage,
            stream=BytesIO(f"An annex that says {canary('annex content')} and no more.\n".encode()),
            filename=f"{canary('annex name')}.txt",
        )
        session.flush()
        self.world.numbers[f"{name} file"] = file.id

    def judge(self, name: str, verdict: Verdict, by: str = "moderator", reason: Reason | None = None) -> None:
        """Claim, decide; the message goes to the contributor, the note to nobody outside moderation."""
        who, number = self.acting(by), self.world.cases[name]
        claims.claim_case(actor=who, case=locked_case(who, number))
        opinion = Opinion(
            verdict=verdict,
            reason=reason,
            message=f"About {canary(f'{name} message')}.",
            internal_note=f"Between us: {canary(f'{name} note')}.",
        )
        decide(actor=who, case=locked_case(who, number), opinion=opinion)
        session.commit()

    def deciding(self) -> None:
        moderator, senior = self.acting("moderator"), "senior_moderator"
        claims.claim_case(actor=moderator, case=locked_case(moderator, self.world.cases["claimed"]))
        self.judge("second", Verdict.REJECT, reason=Reason.OFF_TOPIC)
        self.judge("escalated", Verdict.ESCALATE)
        for name in ("accepted", "withdrawn", "amending", "refiled", "old"):
            self.judge(name, Verdict.ACCEPT)
        self.judge("returned", Verdict.RETURN, reason=Reason.TOO_LONG)
        for name in ("rejected", "appealed"):
            self.judge(name, Verdict.REJECT, reason=Reason.ABUSIVE)
            self.judge(name, Verdict.REJECT, by=senior, reason=Reason.ABUSIVE)
        self.redacted()
        member = self.acting("member")
        grounds = f"They overlooked {canary('appeal grounds')}."
        open_appeal(actor=member, submission=self.found("appealed"), grounds=grounds)
        withdraw(actor=member, submission=self.found("withdrawn"))
        for name in ("amending", "refiled"):
            again: dict[str, Any] = {"title": f"Title {canary(f'{name} new title')}"}
            again["contributions"] = [{"area": "rt1", "text": f"New: {canary(f'{name} amendment')}."}]
            reopen(actor=member, submission=self.found(name))
            edit_draft(actor=member, submission=self.found(name), changes=again, expected=None)
        self.file("refiled")
        self.closed()
        cases = [self.world.cases[name] for name in ("waiting", "escalated")]
        called = call_campaign(actor=self.acting("moderator"), case_ids=cases, name=canary("campaign name"))
        self.world.numbers["campaign"] = called.id
        session.commit()

    def redacted(self) -> None:
        """Words hidden in a claimed case, then accepted."""
        who, number = self.acting("moderator"), self.world.cases["redacted"]
        claims.claim_case(actor=who, case=locked_case(who, number))
        case = locked_case(who, number)
        paragraph = case.version.paragraphs[0]
        word = canary("redacted text")
        start = paragraph.text.index(word)
        hidden = redact(
            actor=who,
            case=case,
            paragraph_number=paragraph.number,
            start=start,
            end=start + len(word),
            reason=Reason.PERSONAL_DATA,
        )
        session.flush()
        self.world.numbers["redaction"] = hidden.id
        decide(actor=who, case=locked_case(who, number), opinion=Opinion(Verdict.ACCEPT))
        session.commit()

    def closed(self) -> None:
        """A consultation that is over, with one accepted submission."""
        call = make.a_consultation(slug="closed-call", opens=-90, closes=1)
        self.draft("past", "member", "ours", call)
        self.file("past")
        self.screen("past")
        self.judge("past", Verdict.ACCEPT)
        session.refresh(call)
        call.closes_at = datetime.now(UTC) - timedelta(days=5)
        session.commit()

    def choices(self) -> None:
        """Accepted input whose contributor chose not to be named, or not to be read."""
        for name, by, choice in (
            ("anonymous", "hidden member", Publication.ANONYMOUS),
            ("restricted", "quiet member", Publication.RESTRICTED),
        ):
            body = "hidden" if name == "anonymous" else "quiet"
            self.draft(name, by, body, publication=choice)
            self.file(name, by)
            self.screen(name, by)
            self.judge(name, Verdict.ACCEPT)

    def summing_up(self) -> None:
        """A statement of the summary, and a report with all its files."""
        secretariat, call = self.acting("secretariat"), self.consultation
        number = self.found("accepted").id
        paragraph = session.scalars(
            select(Paragraph.id).join(Paragraph.version).where(Version.submission_id == number)
        ).first()
        assert paragraph is not None
        statement = aggregate.write_statement(
            actor=secretariat,
            consultation=call,
            area=call.areas[0],
            text=f"Many hold that {canary('statement text')}.",
            is_quote=False,
            paragraph_ids=[paragraph],
        )
        self.world.numbers |= {"statement": statement.id, "paragraph": paragraph}
        report = aggregate.request_report(actor=secretariat, consultation=call)
        session.commit()
        self.world.numbers["report"] = report.id
        build(report.id, self.storage)

    def programs(self) -> None:
        for name, number in self.world.people.items():
            person = session.get_one(Account, number)
            token, secret = token_actions.new_token(person, canary(f"{name} token"), list(Scope))
            self.world.secrets[name], self.world.numbers[f"{name} token"] = secret, token.id
            for scope in (Scope.READ, Scope.MODERATE):
                _token, secret = token_actions.new_token(person, scope, [scope])
                self.world.secrets[f"{name} {scope}"] = secret
        for purpose, name in ((links.Purpose.CONFIRM, "newcomer"), (links.Purpose.RESET, "passer by")):
            person = session.get_one(Account, self.world.people[name])
            self.world.secrets[str(purpose)] = links.seal(self.config, purpose, person)

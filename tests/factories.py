"""Rows for tests, made directly and committed (a savepoint inside the test's transaction)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from consult.accounts.models import Account, ApiToken, Membership, Organisation
from consult.actor import SYSTEM, Actor
from consult.consultations.models import Consultation, ThematicArea
from consult.db import session
from consult.moderation.models import Case
from consult.moderation.opening import open_cases
from consult.submissions.actions import start_draft
from consult.submissions.filing import file_submission
from consult.submissions.models import Submission
from consult.vocabulary import MembershipState, OrganisationState, Role, Scope, StakeholderGroup

numbers = count(1)


def keep(row: Any) -> Any:
    session.add(row)
    session.commit()
    return row


def an_account(role: Role = Role.CONTRIBUTOR, **facts: Any) -> Account:
    number = next(numbers)
    given = {"email": f"person{number}@test.example", "name": f"Person {number}", "role": role}
    given |= {"email_confirmed_at": datetime.now(UTC)}
    return keep(Account(**given | facts))  # type: ignore[no-any-return]


def an_organisation(state: OrganisationState = OrganisationState.CONFIRMED, **facts: Any) -> Organisation:
    given = {
        "name": f"Sample Body {next(numbers)}",
        "stakeholder_group": StakeholderGroup.CIVIL_SOCIETY,
        "country": "CHE",
        "region": "ECE",
        "state": state,
    }
    return keep(Organisation(**given | facts))  # type: ignore[no-any-return]


def a_member(organisation: Organisation, *, focal: bool = False, **facts: Any) -> Account:
    """An approved member (or focal point) of a body."""
    person = an_account(**facts)
    join(person, organisation, focal=focal)
    return person


def join(person: Account, organisation: Organisation, *, focal: bool = False) -> Membership:
    place = Membership(
        account_id=person.id,
        organisation_id=organisation.id,
        state=MembershipState.APPROVED,
        is_focal_point=focal,
    )
    return keep(place)  # type: ignore[no-any-return]


def a_token(person: Account, *scopes: Scope) -> str:
    """A bearer token's secret, with every scope unless some are named."""
    secret = f"consult_{secrets.token_urlsafe(24)}"
    keep(
        ApiToken(
            account_id=person.id,
            name="test",
            prefix=secret[:12],
            token_hash=hashlib.sha256(secret.encode()).hexdigest(),
            scopes=[str(scope) for scope in scopes or Scope],
        )
    )
    return secret


def bearer(person: Account, *scopes: Scope) -> dict[str, str]:
    """Headers with a fresh token of that person."""
    return {"Authorization": f"Bearer {a_token(person, *scopes)}"}


def a_consultation(
    *, opens: float = -30, closes: float = 30, published: bool = True, **facts: Any
) -> Consultation:
    """A consultation with two areas; `opens` and `closes` are days from now."""
    now, number = datetime.now(UTC), next(numbers)
    areas = facts.pop("areas", None) or [
        ThematicArea(code="rt1", title="Round table 1", position=1, objectives=[2, 5], word_limit=500),
        ThematicArea(code="rt2", title="Round table 2", position=2, objectives=[4, 8], word_limit=500),
    ]
    given = {
        "slug": f"consultation-{number}",
        "instrument": "gcm",
        "title": f"Consultation {number}",
        "languages": ["ar", "zh", "en", "fr", "ru", "es"],
        "opens_at": now + timedelta(days=opens),
        "closes_at": now + timedelta(days=closes),
        "published_at": now if published else None,
    }
    return keep(Consultation(areas=areas, **given | facts))  # type: ignore[no-any-return]


TEXT = "Wages follow the worker wherever the work is done.\n\nA second paragraph asks for one desk a port."


def a_submission(
    consultation: Consultation | None = None,
    organisation: Organisation | None = None,
    *,
    texts: dict[str, str] | None = None,
    filed_by: Account | None = None,
    **facts: Any,
) -> Submission:
    """Filed through the real actions, by a member of the organisation; not screened yet."""
    consultation, organisation = consultation or a_consultation(), organisation or an_organisation()
    person = filed_by or a_member(organisation)
    actor = Actor(account_id=person.id, organisations=frozenset({organisation.id}))
    submission = start_draft(
        actor=actor,
        consultation=consultation,
        organisation=organisation,
        contributions=[{"area": a, "text": t} for a, t in (texts or {"rt1": TEXT}).items()],
        **{"language": "en", "title": f"Input {next(numbers)}"} | facts,
    )
    file_submission(actor=actor, submission=submission)
    session.commit()
    return submission


def a_case(
    consultation: Consultation | None = None, organisation: Organisation | None = None, **facts: Any
) -> Case:
    """A filed submission, screened, its case waiting for the first reading."""
    submission = a_submission(consultation, organisation, **facts)
    session.refresh(submission, ["versions"])
    [case] = open_cases(actor=SYSTEM, version_ids=[submission.versions[-1].id])
    session.commit()
    return case

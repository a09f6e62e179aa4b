"""The queue and the case by pages, as a moderator without JavaScript walks them."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from consult.db import session
from consult.moderation.models import Campaign, Case
from consult.submissions.models import Redaction
from consult.vocabulary import CaseStage, Publication, Role, SubmissionState
from tests import factories as make

LEAKY = "Write to amal.haddad@example.org for the survey.\n\nNobody writes to amal.haddad@example.org twice."


@pytest.fixture
def desk(signed_in):
    """A moderator and that person's browser."""
    person = make.an_account(role=Role.MODERATOR)
    return person, signed_in(person)


def test_the_whole_way_of_a_case(desk, signed_in):
    _person, browser = desk
    case = make.a_case(texts={"rt1": LEAKY})
    queue = browser.get("/moderation").text
    assert case.submission.reference in queue
    taken = browser.post("/moderation/next")
    assert taken.status_code == 303
    assert taken.location == f"/moderation/cases/{case.id}"
    page = browser.get(taken.location).text
    assert '<mark title="E-mail address">amal.haddad@example.org</mark>' in page
    assert "Your decision" in page
    refused = browser.post(
        f"{taken.location}/decision", data={"verdict": "return", "message": "Half-written"}
    )
    assert refused.status_code == 422
    assert "Half-written" in refused.text
    assert "Choose the reason" in refused.text
    decided = browser.post(
        f"{taken.location}/decision", data={"verdict": "accept", "reason": "", "then": "next"}
    )
    assert decided.location == "/moderation"
    assert case.submission.state == SubmissionState.ACCEPTED
    page = browser.get(f"/moderation/cases/{case.id}").text
    assert "First reading: Accept" in page
    assert "Your decision" not in page


def test_deciding_leads_to_the_next_case_of_the_same_filter(desk):
    _person, browser = desk
    first, second = make.a_case(language="fr"), make.a_case()
    third = make.a_case(language="fr")
    browser.post("/moderation/next?language=fr")
    answer = browser.post(f"/moderation/cases/{first.id}/decision?language=fr", data={"verdict": "accept"})
    assert answer.location == f"/moderation/cases/{third.id}?language=fr"
    assert second.claimed_by is None


def test_hiding_words_by_typing_them(desk):
    _person, browser = desk
    case = make.a_case(texts={"rt1": LEAKY})
    address = f"/moderation/cases/{case.id}"
    browser.post(f"{address}/claim")
    words = {"paragraph": "1", "words": "amal.haddad@example.org", "occurrence": "1", "why": "personal_data"}
    assert browser.post(f"{address}/redactions", data=words).location == f"{address}#p1"
    page = browser.get(address).text
    left, right = page.split("What readers will see")
    assert "<del><mark" in left
    assert "Write to [█████] for the survey." in right.split("Nobody")[0]
    missing = browser.post(f"{address}/redactions", data=words | {"words": "amal haddad"})
    assert missing.status_code == 422
    assert "does not contain these words" in missing.text
    again = browser.post(f"{address}/redactions", data=words)
    assert again.status_code == 409
    second = browser.post(f"{address}/redactions", data=words | {"paragraph": "2", "words": "twice."})
    assert second.status_code == 303
    redactions = session.scalars(select(Redaction)).all()
    assert [(one.start, one.end) for one in redactions] == [(9, 32), (41, 47)]


def test_a_senior_shows_anothers_hidden_words_again(desk, signed_in):
    _person, browser = desk
    case = make.a_case(texts={"rt1": LEAKY})
    address = f"/moderation/cases/{case.id}"
    browser.post(f"{address}/claim")
    browser.post(f"{address}/redactions", data={"paragraph": "1", "words": "amal.haddad@example.org"})
    redaction = session.scalars(select(Redaction)).one()
    lifting = f"{address}/redactions/{redaction.id}/lifting"
    assert browser.post(lifting).status_code == 403
    senior = signed_in(make.an_account(role=Role.SENIOR_MODERATOR))
    assert "Show again" in senior.get(address).text
    assert senior.post(lifting).status_code == 303
    assert "[█████]" not in senior.get(address).text
    assert senior.post(lifting).status_code == 409


def test_a_second_reader_sees_nothing_of_the_first(desk, signed_in):
    _person, browser = desk
    case = make.a_case()
    address = f"/moderation/cases/{case.id}"
    browser.post(f"{address}/claim")
    canaries = {"message": "CANARY-MESSAGE", "internal_note": "CANARY-NOTE"}
    browser.post(f"{address}/decision", data={"verdict": "reject", "reason": "off_topic", **canaries})
    assert "CANARY-NOTE" in browser.get(address).text, "one's own words stay in view"
    senior_person = make.an_account(role=Role.SENIOR_MODERATOR)
    senior, bystander = signed_in(senior_person), signed_in(make.an_account(role=Role.MODERATOR))
    senior.post(f"{address}/claim")
    for reader in (senior, bystander):
        page = reader.get(address).text
        assert "CANARY" not in page
        assert "Reject ·" not in page
        assert "another reader" not in page
    senior.post(f"{address}/decision", data={"verdict": "reject", "reason": "off_topic", "message": "Yes."})
    assert "CANARY-NOTE" in senior.get(address).text


def test_an_own_organisations_case_does_not_exist(desk, signed_in):
    person, browser = desk
    organisation = make.an_organisation()
    make.join(person, organisation)
    consultation = make.a_consultation()
    own, other = make.a_case(consultation, organisation), make.a_case(consultation)
    session.expire_all()
    page = browser.get("/moderation?state=open").text
    assert own.submission.reference not in page
    assert other.submission.reference in page
    assert re.search(r'All open <span class="muted">1</span>', page)
    for act in ("", "/claim", "/release", "/decision", "/redactions", "/campaign"):
        call = browser.post if act else browser.get
        assert call(f"/moderation/cases/{own.id}{act}").status_code == 404
    shown = browser.get(f"/moderation/cases/{other.id}").text
    assert own.submission.reference not in shown
    assert "Identical text" not in shown.partition("What screening noticed")[2]
    assert browser.get("/moderation?state=open&finding=duplicate").text.count('<li class="case">') == 0


def test_an_anonymous_sender_stays_unknown_to_the_moderator(desk):
    _person, browser = desk
    organisation = make.an_organisation(name="CANARY-BODY")
    case = make.a_case(organisation=organisation, publication=Publication.ANONYMOUS)
    for path in ("/moderation", f"/moderation/cases/{case.id}"):
        page = browser.get(path).text
        assert case.submission.reference in page
        assert "CANARY-BODY" not in page


def test_a_campaign_is_called_and_decided_at_once(desk, signed_in):
    _person, browser = desk
    consultation = make.a_consultation()
    cases = [make.a_case(consultation) for _each in range(4)]
    session.expire_all()
    address = f"/moderation/cases/{cases[0].id}"
    assert "The same text from others" in browser.get(address).text
    called = browser.post(
        f"{address}/campaign", data={"name": "Wages", "cases": [str(c.id) for c in cases[1:]]}
    )
    campaign = session.scalars(select(Campaign)).one()
    assert called.location == f"/moderation/campaigns/{campaign.id}"
    signed_in(make.an_account(role=Role.MODERATOR)).post(f"/moderation/cases/{cases[3].id}/claim")
    assert browser.post(f"{called.location}/decision", data={"verdict": "return"}).status_code == 422
    browser.post(f"{called.location}/decision", data={"verdict": "accept"})
    page = browser.get(called.location).text
    assert "3 cases were read." in page
    assert "Left out: 1. Another moderator holds this case." in page
    stages = [session.get_one(Case, case.id).stage for case in cases]
    assert stages == [CaseStage.DECIDED] * 3 + [CaseStage.FIRST]


def test_a_contributor_appeals_by_a_form(signed_in):
    organisation = make.an_organisation()
    member = make.a_member(organisation)
    case = make.a_case(organisation=organisation, filed_by=member)
    address = f"/submissions/{case.submission.reference}/appeal"
    browser = signed_in(member)
    assert "nothing to appeal" in browser.get(address).text
    reject(case, signed_in)
    assert "It speaks of tax." in browser.get(address).text
    assert browser.post(address, data={"grounds": ""}).status_code == 422
    assert browser.post(address, data={"grounds": "Tax is the subject."}).status_code == 303
    assert case.stage == CaseStage.APPEAL
    assert browser.post(address, data={"grounds": "Again."}).status_code == 409
    assert signed_in(make.an_account()).get(address).status_code == 404


def reject(case: Case, signed_in) -> None:
    for role in (Role.MODERATOR, Role.SENIOR_MODERATOR):
        browser = signed_in(make.an_account(role=role))
        browser.post(f"/moderation/cases/{case.id}/claim")
        said = {"verdict": "reject", "reason": "off_topic", "message": "It speaks of tax."}
        assert browser.post(f"/moderation/cases/{case.id}/decision", data=said).status_code == 303


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.MODERATOR, Role.SENIOR_MODERATOR}))
def test_nobody_else_reads_the_queue(role, signed_in):
    case = make.a_case()
    browser = signed_in(make.an_account(role=role))
    assert browser.get("/moderation").status_code == 403
    assert browser.get(f"/moderation/cases/{case.id}").status_code == 404
    assert browser.post("/moderation/next").status_code == 403


def test_arabic_text_finds_its_own_direction(desk):
    _person, browser = desk
    case = make.a_case(
        language="ar", texts={"rt1": "تتبع الأجور العامل أينما كان العمل، وهذا ما نطلبه جميعا."}
    )
    page = browser.get(f"/moderation/cases/{case.id}").text
    assert '<p dir="auto" lang="ar">تتبع' in page


def test_odd_addresses_are_refused_kindly(desk):
    _person, browser = desk
    assert browser.get(f"/moderation/cases/{10**30}").status_code == 404
    assert browser.get("/moderation/campaigns/7").status_code == 404
    assert browser.get("/moderation?state=nonsense").status_code == 422
    assert browser.get("/moderation?cursor=nonsense").status_code == 422
    assert browser.get("/moderation?endpoint=x&_anchor=y&area=&consultation=none-such").status_code == 200


def test_pages_cost_the_same_with_few_and_many(desk, queries):
    _person, browser = desk
    consultation = make.a_consultation()

    def cost(path: str) -> int:
        session.expire_all()
        with queries() as seen:
            assert browser.get(path).status_code == 200
        return len(seen)

    cases = [make.a_case(consultation, texts={"rt1": LEAKY}) for _each in range(2)]
    few = cost("/moderation"), cost(f"/moderation/cases/{cases[0].id}")
    cases += [make.a_case(consultation, texts={"rt1": LEAKY, "rt2": LEAKY * 5}) for _each in range(10)]
    many = cost("/moderation"), cost(f"/moderation/cases/{cases[-1].id}")
    assert few == many
    assert max(many) <= 12, many

"""The contributor's pages without JavaScript: begin, write, file, follow, withdraw."""

from __future__ import annotations

import io

from consult.db import session
from consult.submissions.models import Submission
from tests import factories as make


def a_desk(signed_in):  # type: ignore[no-untyped-def]
    consultation, organisation = make.a_consultation(), make.an_organisation()
    member = make.a_member(organisation, focal=True)
    return consultation, organisation, signed_in(member)


def begun(consultation, organisation, browser):  # type: ignore[no-untyped-def]
    answer = browser.post(
        f"/consultations/{consultation.slug}/submissions/new",
        data={"organisation": organisation.id, "language": "en"},
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].removesuffix("/edit")


def test_the_whole_way_of_a_contributor(signed_in):  # type: ignore[no-untyped-def]
    consultation, organisation, browser = a_desk(signed_in)
    assert "Begin a draft" in browser.get(f"/consultations/{consultation.slug}/submissions/new").text
    path = begun(consultation, organisation, browser)
    assert "Round table 1" in browser.get(f"{path}/edit").text
    saved = browser.post(
        f"{path}/edit", data={"revision": "1", "title": "Ours", "text-rt1": "One.\r\n\r\nTwo.", "act": "save"}
    )
    assert saved.status_code == 303
    filed = browser.post(
        f"{path}/edit", data={"revision": "2", "title": "Ours", "text-rt1": "One.\r\n\r\nTwo.", "act": "file"}
    )
    assert filed.status_code == 303
    assert filed.headers["Location"].endswith("/receipt")
    receipt = browser.get(filed.headers["Location"]).text
    submission = session.query(Submission).one()
    assert submission.versions[0].sha256 in receipt
    assert "Received" in browser.get(path).text
    assert 'id="p2"' in browser.get(f"{path}/versions/1").text
    assert browser.get(f"{path}/versions/1/content.json").data == submission.versions[0].canonical
    assert browser.get(f"{path}/versions/2").status_code == 404
    assert "Ours" in browser.get("/submissions").text
    assert browser.get(f"{path}/withdrawal").status_code == 200
    assert browser.post(f"{path}/withdrawal").status_code == 303
    assert session.query(Submission).one().state == "withdrawn"


def test_a_refused_filing_keeps_what_was_typed(signed_in):  # type: ignore[no-untyped-def]
    consultation, organisation, browser = a_desk(signed_in)
    path = begun(consultation, organisation, browser)
    refused = browser.post(
        f"{path}/edit", data={"revision": "1", "title": "", "text-rt1": "Kept.", "act": "file"}
    )
    assert refused.status_code == 422
    assert "Give your submission a title." in refused.text
    assert "Kept." in refused.text
    assert session.query(Submission).one().contributions[0].text == "Kept."
    assert session.query(Submission).one().version == 0


def test_a_colleagues_edit_is_never_written_over_unseen(signed_in):  # type: ignore[no-untyped-def]
    consultation, organisation, browser = a_desk(signed_in)
    other = signed_in(make.a_member(organisation))
    path = begun(consultation, organisation, browser)
    assert (
        other.post(f"{path}/edit", data={"revision": "1", "title": "Theirs", "act": "save"}).status_code
        == 303
    )
    clash = browser.post(f"{path}/edit", data={"revision": "1", "title": "Mine", "act": "save"})
    assert clash.status_code == 412
    assert "Mine" in clash.text
    assert session.query(Submission).one().title == "Theirs"
    assert "Theirs" in browser.get(f"{path}/compare").text


def test_attachments_are_examined_and_kept(signed_in, client):  # type: ignore[no-untyped-def]
    consultation, organisation, browser = a_desk(signed_in)
    consultation.accepted_files = ["txt", "docx"]
    session.commit()
    path = begun(consultation, organisation, browser)

    def send(content: bytes, name: str):  # type: ignore[no-untyped-def]
        return browser.post(f"{path}/attachments", data={"file": (io.BytesIO(content), name)})

    assert send(b"A plain annex.", "annex.txt").status_code == 303
    for content, name in ((b"MZ\x90\0 program", "letter.docx"), (b"", "empty.txt"), (b"a\0b", "nul.txt")):
        refused = send(content, name)
        assert refused.status_code == 422, (name, refused.status_code)
    file = session.query(Submission).one().living_attachments[0]
    down = browser.get(f"{path}/attachments/{file.id}")
    assert down.data == b"A plain annex."
    assert down.headers["Content-Disposition"].startswith("attachment")
    assert down.headers["Content-Security-Policy"].startswith("sandbox")
    stranger = signed_in(make.a_member(make.an_organisation()))
    assert stranger.get(f"{path}/attachments/{file.id}").status_code == 404
    assert client.get(f"{path}/attachments/{file.id}").status_code == 303


def test_a_partner_signs_from_its_own_account(signed_in):  # type: ignore[no-untyped-def]
    consultation, organisation, browser = a_desk(signed_in)
    partner = make.an_organisation(name="Partner Body")
    other = signed_in(make.a_member(partner, focal=True))
    path = begun(consultation, organisation, browser)
    assert other.get(path).status_code == 404
    assert browser.post(f"{path}/signatures", data={"cosignatory": "nobody"}).status_code == 422
    assert browser.post(f"{path}/signatures", data={"cosignatory": "partner body"}).status_code == 303
    assert "Asked to sign" in other.get(path).text
    assert other.post(f"{path}/edit", data={"title": "Taken over"}).status_code == 403
    assert other.post(f"{path}/signatures/{partner.id}", data={"answer": "sign"}).status_code == 303
    assert session.query(Submission).one().signatures[0].confirmed_at is not None


def test_a_receipt_is_verified_by_whoever_holds_it(signed_in, client):  # type: ignore[no-untyped-def]
    consultation, organisation, browser = a_desk(signed_in)
    path = begun(consultation, organisation, browser)
    browser.post(f"{path}/edit", data={"revision": "1", "title": "T", "text-rt1": "One.", "act": "file"})
    version = session.query(Submission).one().versions[0]
    reference = path.rsplit("/", 1)[-1]
    assert (
        "This receipt is ours" in client.get(f"/receipts?reference={reference}&sha256={version.sha256}").text
    )
    assert "Not found" in client.get(f"/receipts?reference={reference}&sha256={'0' * 64}").text


def test_a_page_of_mine_takes_the_same_queries_at_any_length(signed_in, queries):  # type: ignore[no-untyped-def]
    consultation, organisation, browser = a_desk(signed_in)
    begun(consultation, organisation, browser)
    with queries() as few:
        browser.get("/submissions")
    for _ in range(12):
        begun(consultation, organisation, browser)
    with queries() as many:
        browser.get("/submissions")
    assert len(few) == len(many) <= 6

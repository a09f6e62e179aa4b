"""Accepted input is found in every language, narrowed by every filter, and never by words that are hidden."""

from __future__ import annotations

import pytest

from consult.aggregation import inputs as finding
from consult.aggregation.excerpts import excerpts, opening, pieces
from consult.aggregation.inputs import Filters, area_ids, count_of, input_of, inputs
from consult.consultations.models import Consultation
from consult.db import session
from consult.errors import Invalid, Missing
from consult.submissions.models import Submission
from consult.vocabulary import Publication, Region, StakeholderGroup, SubmissionState
from tests import factories as make
from tests.aggregation.made import an_input, redact

pytestmark = pytest.mark.usefixtures("app")

TEXTS = {
    "en": "Workers need contracts before departure.\n\nA second paragraph asks for desks in each port.",
    "fr": "Les travailleuses domestiques demandent des contrats écrits.",
    "es": "Las trabajadoras piden contratos por escrito.",
    "ru": "Работники просят письменные договоры.",
    "ar": "ندعو الدول إلى ضمان حصول جميع المهاجرين على الخدمات الأساسية.",
    "zh": "我们建议各国在招聘许可中要求书面合同。",
}


@pytest.fixture
def consultation(app: object) -> Consultation:
    found = make.a_consultation()
    for language, text in TEXTS.items():
        an_input(found, texts={"rt1": text}, language=language, title=f"In {language}")
    return found


def languages(consultation: Consultation, words: str) -> set[str]:
    return {one.language for one in inputs(consultation, Filters(q=words), limit=20)}


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("worker", "en"),
        ('"desks in each port"', "en"),
        ("contrat écrit", "fr"),
        ("contrato", "es"),
        ("письменный договор", "ru"),
        ("المهاجرون", "ar"),
        ("书面合同", "zh"),
        ("合同 招聘", "zh"),
    ],
)
def test_words_are_found_in_their_language(consultation: Consultation, words: str, language: str) -> None:
    assert language in languages(consultation, words)


def test_alternatives_and_exclusions(consultation: Consultation) -> None:
    assert languages(consultation, "departure or 书面合同") == {"zh"} | languages(consultation, "书面合同")
    assert languages(consultation, "departure or trabajadoras") == {"en", "es"}
    assert languages(consultation, "worker -departure") == set()
    assert languages(consultation, 'desk -"before departure"') == {"en"}
    assert languages(consultation, "& ! :* \\ ' \" (") == set()


def test_filters_narrow_and_combine() -> None:
    consultation = make.a_consultation()
    kenyan = make.an_organisation(country="KEN", region="ECA", stakeholder_group=StakeholderGroup.ACADEMIA)
    one = an_input(consultation, kenyan, {"rt2": "Wages."}, language="fr")
    other = an_input(consultation, texts={"rt1": "Wages.", "rt2": "Ports."})

    def found(**narrowed: object) -> list[int]:
        return [row.id for row in inputs(consultation, Filters(**narrowed), limit=9)]  # type: ignore[arg-type]

    assert found() == [other.id, one.id]
    assert found(area="rt2") == [other.id, one.id]
    assert found(area="rt2", q="wages") == [one.id]
    assert found(objective=5) == [other.id]
    assert found(objective=4, area="rt1") == found(objective=23) == []
    assert (
        found(group=StakeholderGroup.ACADEMIA) == found(region=Region.ECA) == found(language="fr") == [one.id]
    )
    assert found(region=Region.ECA, language="en") == []
    assert count_of(consultation, Filters(q="wages")) == 2
    with pytest.raises(Invalid):
        inputs(consultation, Filters(area="rt9"), limit=9)


def test_only_published_input_is_found() -> None:
    consultation = make.a_consultation()
    for state in set(SubmissionState) - {SubmissionState.ACCEPTED}:
        hidden = an_input(consultation, state=state)
        with pytest.raises(Missing):
            input_of(consultation, hidden.reference)
    an_input(consultation, publication=Publication.RESTRICTED)
    elsewhere = an_input(make.a_consultation())
    assert not inputs(consultation, Filters(), limit=9)
    assert count_of(consultation, Filters()) == 0
    for reference in (elsewhere.reference, "S-9999", "S-00001", "nonsense", f"S-{2**70}"):
        with pytest.raises(Missing):
            input_of(consultation, reference)


def test_an_input_shows_what_was_filed_and_no_more() -> None:
    consultation = make.a_consultation()
    partner = make.an_organisation(name="Partner Body")
    joint = an_input(consultation, signed_by=(partner,), title="As filed", number=2)
    hidden = an_input(consultation, signed_by=(partner,), publication=Publication.ANONYMOUS)
    one = input_of(consultation, joint.reference)
    assert (one.title, one.joint, list(one.cosignatories)) == ("As filed", True, ["Partner Body"])
    assert one.citation(3) == f"{joint.reference} v2 ¶3"
    one = input_of(consultation, hidden.reference.lower())
    assert (one.organisation, one.organisation_id, one.country, one.accreditation) == ("", None, "", "")
    assert one.joint
    assert not one.cosignatories
    assert one.group == StakeholderGroup.CIVIL_SOCIETY


def test_hidden_words_are_neither_found_nor_shown() -> None:
    consultation = make.a_consultation()
    submission = an_input(consultation, texts={"rt1": "Ask Amina Sample at the port desk."})
    assert count_of(consultation, Filters(q="Amina")) == 1
    redact(submission, "Amina Sample")
    assert count_of(consultation, Filters(q="Amina")) == 0
    [one] = inputs(consultation, Filters(q="port"), limit=9)
    [excerpt] = excerpts([one], "port", None)[one.version_id]
    assert "Amina" not in "".join(piece.text for piece in excerpt.pieces)
    assert [piece.text for piece in excerpt.pieces if piece.hit] == ["port"]


def test_pages_follow_one_another_without_gap_or_repeat() -> None:
    consultation = make.a_consultation()
    made = [an_input(consultation).id for _ in range(5)]
    seen: list[int] = []
    while page := inputs(consultation, Filters(), before=seen[-1] if seen else None, limit=2):
        seen += [one.id for one in page]
    assert seen == made[::-1]


def test_a_fixed_number_of_queries(queries) -> None:  # type: ignore[no-untyped-def]
    consultation = make.a_consultation()
    body = make.an_organisation()

    def cost() -> int:
        with queries() as seen:
            found = inputs(consultation, Filters(q="wages"), limit=50)
            excerpts(found, "wages", area_ids(consultation, Filters(area="rt1")))
            count_of(consultation, Filters(q="wages"))
        return len(seen)

    an_input(consultation, body)
    assert consultation.areas
    assert cost() == 5
    for _ in range(10):
        an_input(consultation, body)
    assert cost() == 5


def test_chinese_hits_are_shown_with_what_stands_around_them() -> None:
    long = "前" * 100 + "书面合同" + "后" * 100
    found = pieces(long, "书面合同")
    assert [piece.text for piece in found if piece.hit] == ["书面合同"]
    assert "".join(piece.text for piece in found) == "… " + "前" * 60 + "书面合同" + "后" * 60 + " …"
    assert "".join(piece.text for piece in pieces("没有", "书面")) == "没有"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Short.", "Short."),
        ("One sentence here. Another one that is long", "One sentence here."),
        ("Nowhereabreakinthisone" * 3, "Nowhereabreakinthisone"[:30] + "Nowherea"),
        (
            "我们建议各国在招聘许可中要求书面合同。移民工人应享有同工同酬和各项权利保障",
            "我们建议各国在招聘许可中要求书面合同。",
        ),
        ("words " * 20, "words " * 4 + "words"),
    ],
)
def test_openings_are_exact_slices(text: str, start: str) -> None:
    assert opening(text, 30) == start
    assert text.startswith(opening(text, 30))


def test_a_submission_amended_since_shows_nothing_old() -> None:
    """What stood before an amendment was filed is not readable while the new version waits."""
    consultation = make.a_consultation()
    submission = an_input(consultation)
    session.get_one(Submission, submission.id).state = SubmissionState.SUBMITTED
    session.commit()
    assert count_of(consultation, Filters(q="wages")) == 0


def test_rare_and_frequent_words_lead_to_the_same_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample only decides how it is looked for."""
    consultation, body = make.a_consultation(), make.an_organisation()
    for number in range(9):
        an_input(consultation, body, {"rt1": "Wages." + " Ports." * (number % 3 == 0), "rt2": "Desks."})
    wanted = [
        Filters(q=words, area=area) for words in ("wages", "ports", "wages -ports") for area in (None, "rt1")
    ]
    wanted += [Filters(q="ports", area="rt2"), Filters(q="desks or ports"), Filters(q='"wages ports"')]
    walked = [[one.id for one in inputs(consultation, filters, limit=9)] for filters in wanted]
    counted = [count_of(consultation, filters) for filters in wanted]
    assert [len(found) for found in walked] == counted == [9, 9, 3, 3, 6, 6, 0, 9, 3]
    assert all(count.exact for count in counted)
    monkeypatch.setattr(finding, "SAMPLE", 2)
    monkeypatch.setattr(finding, "FREQUENT", 3)
    assert [[one.id for one in inputs(consultation, filters, limit=9)] for filters in wanted] == walked
    assert [count_of(consultation, filters) for filters in wanted] == counted
    monkeypatch.setattr(finding, "FREQUENT", 0)
    monkeypatch.setattr(finding, "MOST_WALKED", 4)
    count = count_of(consultation, Filters(q="wages"))
    assert (count, count.exact) == (4, False)
    monkeypatch.setattr(finding, "MOST_COUNTED", 2)
    count = count_of(consultation, Filters())
    assert (count, count.exact) == (2, False)

"""The pipeline: every step speaks of its own kind, evidence is exact, and plain text raises nothing."""

from __future__ import annotations

from dataclasses import asdict

from hypothesis import given, settings
from hypothesis import strategies as st

from consult.moderation.screening.findings import AreaLength, Finding, Passage, ScreeningInput
from consult.moderation.screening.pipeline import STEPS, screen, screen_timed
from consult.vocabulary import FindingKind

PLAIN = (
    "Member States should open regular pathways that answer labour market needs and keep families together."
)


def found(given: ScreeningInput) -> dict[FindingKind, Finding]:
    return {finding.kind: finding for finding in screen(given)}


def test_there_is_a_step_for_every_kind() -> None:
    assert {kind for kind, _ in STEPS} == set(FindingKind)


def test_an_honest_submission_raises_nothing() -> None:
    given = ScreeningInput("en", (Passage(1, "pathways", PLAIN),), (AreaLength("pathways", 15, 500),))
    assert screen(given) == []


def test_everything_at_once() -> None:
    text = "Écrivez à info@example.org ou www.example.org, tél. 01 23 45 67 89, DE89 3704 0044 0532 0130 00."
    given = ScreeningInput(
        "en",
        (Passage(1, "a", PLAIN[:10]), Passage(2, "a", text)),
        (AreaLength("a", 12, 10), AreaLength("b", 0, 10), AreaLength("c", 40, None)),
        ("S-0009", "S-0007", "S-0009"),
    )
    findings = found(given)
    assert set(findings) == set(FindingKind)
    assert findings[FindingKind.TOO_LONG].facts == {
        "areas": [{"area": "a", "words": 12, "limit": 10, "over": 2}]
    }
    assert findings[FindingKind.EMPTY].facts == {"areas": ["b"], "words": 52, "all": False}
    assert findings[FindingKind.DUPLICATE].facts == {"references": ["S-0007", "S-0009"], "count": 2}
    assert findings[FindingKind.LANGUAGE].facts["detected"] == "fr"
    assert [evidence.text for evidence in findings[FindingKind.TELEPHONE].evidence] == ["01 23 45 67 89"]
    assert findings[FindingKind.EMAIL].facts == {"count": 1}
    assert {evidence.paragraph for finding in findings.values() for evidence in finding.evidence} == {2}


def test_empty_submissions() -> None:
    for screened in (
        ScreeningInput("en", ()),
        ScreeningInput("en", (Passage(1, "a", "— …"),)),
        ScreeningInput("en", (Passage(1, "a", "See attached"),), (AreaLength("a", 2, None),)),
        ScreeningInput("zh", (Passage(1, "a", "见附件"),), (AreaLength("a", 3, None),)),
    ):
        assert FindingKind.EMPTY in found(screened)


def test_evidence_is_bounded_and_the_count_is_not() -> None:
    given = ScreeningInput("en", (Passage(1, "a", "a@example.org " * 80),), (AreaLength("a", 80, None),))
    finding = found(given)[FindingKind.EMAIL]
    assert len(finding.evidence) == 50
    assert finding.facts["count"] == 80


def test_timing_covers_every_step() -> None:
    given = ScreeningInput("en", (Passage(1, "a", PLAIN),), (AreaLength("a", 15, None),))
    findings, seconds = screen_timed(given)
    assert findings == screen(given)
    assert list(seconds) == [kind for kind, _ in STEPS]
    assert all(0 <= spent < 5 for spent in seconds.values())


def test_findings_go_into_json() -> None:
    given = ScreeningInput("en", (Passage(1, "a", "Write to info@example.org."),), (AreaLength("a", 3, 1),))
    for finding in screen(given):
        assert {"paragraph", "start", "end", "text"} >= {
            key for item in finding.evidence for key in asdict(item)
        }
        assert finding.kind == str(finding.kind)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.text(st.characters(codec="utf-8"), max_size=150), max_size=4),
    st.sampled_from(["ar", "zh", "en", "x"]),
)
def test_any_text_is_screened_and_every_slice_is_exact(texts: list[str], language: str) -> None:
    passages = tuple(Passage(number, "a", text) for number, text in enumerate(texts, 1))
    for finding in screen(ScreeningInput(language, passages)):
        for evidence in finding.evidence:
            assert evidence.paragraph is not None
            assert evidence.text == texts[evidence.paragraph - 1][evidence.start : evidence.end]

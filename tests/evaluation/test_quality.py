"""The promised quality of language detection and of contact data, on seeded samples."""

from __future__ import annotations

import pytest

from tests.evaluation import corpora, language, personal_data

needs_corpora = pytest.mark.skipif(
    not (corpora.corpus(language.SIX).exists() and corpora.corpus(language.SEVENTH).exists()),
    reason=corpora.ABSENT,
)


@pytest.mark.real_input
@needs_corpora
def test_six_languages() -> None:
    six = language.six_languages()
    assert language.measure("paragraphs", language.paragraphs(six), most=1_000).accuracy >= 0.998
    five = language.measure("five words", language.cuttings(six, 5), most=1_000)
    assert five.accuracy >= 0.95
    assert five.errors <= 0.02


@pytest.mark.real_input
@needs_corpora
def test_a_seventh_language_is_another() -> None:
    german = language.seventh_language()
    assert language.measure("paragraphs", language.paragraphs(german), most=1_000).accuracy >= 0.99


def test_contact_and_bank_data() -> None:
    for kind, (right, missed, wrong) in personal_data.measure(personal_data.passages()).items():
        assert right / (right + missed) >= 0.95, kind
        assert right / (right + wrong) >= 0.90, kind

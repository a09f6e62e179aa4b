"""Agreements from data files: the first one whole, and clear refusals for what contradicts itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from consult.errors import Missing
from consult.instruments import loader
from consult.instruments.loader import InstrumentFault, instrument, instruments, load
from consult.vocabulary import UN_LANGUAGES, Accreditation, EcosocStatus, Region, StakeholderGroup

SOURCE = {"covers": ["*"], "address": "own design", "verified": False}


def the_smallest() -> dict[str, Any]:
    return {
        "code": "sample",
        "symbol": "X/1",
        "title": "Sample agreement",
        "short_title": "Sample",
        "adopted": "2020-01-01",
        "verified_means": "Nothing.",
        "caution": "",
        "sources": [SOURCE],
        "principles": [],
        "objectives": [{"number": 1, "title": "One", "short_title": "One", "sources": [SOURCE]}],
        "terms": {},
    }


@pytest.fixture
def faults(tmp_path: Path) -> Callable[[dict[str, Any]], list[str]]:
    def of(changes: dict[str, Any]) -> list[str]:
        path = tmp_path / "sample.json"
        path.write_text(json.dumps(the_smallest() | changes))
        with pytest.raises(InstrumentFault) as caught:
            load(path)
        assert "sample.json" in str(caught.value)
        return caught.value.faults

    return of


def test_global_compact_is_whole() -> None:
    gcm = instrument("gcm")
    assert [len(gcm.principles), len(gcm.objectives), len(gcm.round_tables)] == [10, 23, 4]
    assert [len(gcm.thematic_sessions), len(gcm.annex_elements)] == [6, 24]
    assert sorted(n for table in gcm.round_tables for n in table.objectives) == list(range(1, 24))
    assert sorted(n for session in gcm.thematic_sessions for n in session.objectives) == list(range(1, 24))
    assert instruments() == (gcm,)


def test_its_codes_are_those_of_the_vocabulary() -> None:
    gcm = instrument("gcm")
    assert [group.code for group in gcm.stakeholder_categories] == [str(group) for group in StakeholderGroup]
    assert [region.code for region in gcm.regions] == [str(region) for region in Region]
    codes = {name: [term.code for term in terms] for name, terms in gcm.terms.items()}
    assert codes["accreditation_tracks"] == [str(track) for track in Accreditation]
    assert codes["ecosoc_statuses"] == [str(status) for status in EcosocStatus]
    assert codes["languages"] == list(UN_LANGUAGES)


def test_sources_and_what_was_not_verified_are_kept() -> None:
    gcm = instrument("gcm")
    assert gcm.objective(5).verified
    assert not gcm.objective(9).verified
    assert gcm.objective(9).note.startswith("Full title from memory")
    assert not gcm.forums[1].verified
    assert all(source.address for part in gcm.annex_elements for source in part.sources)


def test_objectives_and_their_round_tables() -> None:
    gcm = instrument("gcm")
    table = gcm.round_table_of(18)
    assert table is not None
    assert table.number == 1
    assert [objective.number for objective in gcm.objectives_of(table)] == [2, 5, 6, 12, 18]
    with pytest.raises(Missing):
        gcm.objective(24)


def test_unknown_agreement_is_missing() -> None:
    with pytest.raises(Missing):
        instrument("ungcm")


def test_another_agreement_is_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sample.json").write_text(json.dumps(the_smallest()))
    monkeypatch.setattr(loader, "DATA", tmp_path)
    loader._shelf.cache_clear()
    try:
        sample = instrument("sample")
        assert sample.round_tables == ()
        assert sample.round_table_of(1) is None
    finally:
        loader._shelf.cache_clear()


def test_every_mistake_is_named_at_its_path(faults: Callable[[dict[str, Any]], list[str]]) -> None:
    objectives = [{"number": "one", "short_title": "One", "sources": []}]
    found = faults({"objectives": objectives, "adopted": "soon", "colour": "blue"})
    assert found == [
        "adopted: Not a valid date.",
        "colour: Unknown field.",
        "objectives[0].number: Not a valid integer.",
        "objectives[0].sources: Shorter than minimum length 1.",
        "objectives[0].title: Missing data for required field.",
    ]


def test_terms_are_checked_too(faults: Callable[[dict[str, Any]], list[str]]) -> None:
    found = faults({"terms": {"tracks": [{"code": "a", "sources": [SOURCE]}]}})
    assert found == ["terms.tracks[0].title: Missing data for required field."]


def test_contradictions_are_named(faults: Callable[[dict[str, Any]], list[str]]) -> None:
    entry = the_smallest()["objectives"][0]
    tables = [{"number": n, "objectives": [n], "sources": [SOURCE]} for n in (1, 2)]
    tables.append({"number": 2, "objectives": [1], "sources": [SOURCE]})
    assert faults({"code": "other", "objectives": [entry, entry], "round_tables": tables}) == [
        "objectives[1]: 1 stands there twice",
        "round_tables[2]: 2 stands there twice",
        "round_tables[1].objectives: there is no objective 2",
        "round_tables[2].objectives: objective 1 already stands in another",
        "code: 'other' and the file's name differ",
    ]


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[]", b"null"])
def test_what_is_no_agreement_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sample.json"
    path.write_bytes(content)
    with pytest.raises(InstrumentFault):
        load(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InstrumentFault, match="cannot be read"):
        load(tmp_path / "none.json")

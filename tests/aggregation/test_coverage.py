"""Coverage counts each organisation and submission once in every cell and total, and leaks nobody."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import permutations, product

import pytest

from consult.aggregation.coverage import coverage
from consult.aggregation.dimensions import Audience
from consult.consultations.models import Consultation, ThematicArea
from consult.errors import Invalid
from consult.submissions.models import Submission
from consult.vocabulary import Dimension, Publication, Region, StakeholderGroup, SubmissionState
from tests import factories as make
from tests.aggregation.made import an_input

pytestmark = pytest.mark.usefixtures("app")

OBJECTIVES = {"a": [1, 2], "b": [2, 5], "c": []}
COUNTRIES = {"CHE": Region.ECE, "KEN": Region.ECA, "THA": Region.ESCAP}


def a_crowd(seed: int, size: int) -> tuple[Consultation, list[Submission]]:
    """Submissions of a few organisations under random areas, in random states."""
    chance = random.Random(seed)
    areas = [
        ThematicArea(code=code, title=f"Area {code}", position=at, objectives=numbers)
        for at, (code, numbers) in enumerate(OBJECTIVES.items())
    ]
    consultation = make.a_consultation(areas=areas)
    bodies = [
        make.an_organisation(
            country=country,
            region=COUNTRIES[country],
            stakeholder_group=chance.choice(list(StakeholderGroup)),
        )
        for country in chance.choices(list(COUNTRIES), k=size // 2)
    ]
    states = [SubmissionState.ACCEPTED] * 6 + [SubmissionState.REJECTED, SubmissionState.WITHDRAWN]
    made = [
        an_input(
            consultation,
            chance.choice(bodies),
            dict.fromkeys(chance.sample(list(OBJECTIVES), chance.randint(1, 3)), "Text."),
            state=chance.choice(states),
            publication=chance.choice(list(Publication)),
            language=chance.choice(["en", "ar", "zh"]),
            received_at=datetime(2026, chance.randint(1, 3), 28, 23, 30, tzinfo=UTC),
        )
        for _ in range(size)
    ]
    return consultation, made


def codes(submission: Submission, dimension: Dimension, areas: dict[int, str]) -> Iterable[tuple[str, str]]:
    """(area, code) pairs under which a submission counts; area-blind dimensions take every area."""
    version = submission.versions[-1]
    body = submission.organisation
    for area in (areas[one] for one in version.areas):
        match dimension:
            case Dimension.AREA:
                yield area, area
            case Dimension.OBJECTIVE:
                yield from ((area, str(number)) for number in OBJECTIVES[area] or [""])
            case Dimension.GROUP:
                yield area, str(body.stakeholder_group)
            case Dimension.REGION:
                yield area, str(body.region)
            case Dimension.COUNTRY:
                yield area, body.country
            case Dimension.LANGUAGE:
                yield area, version.language
            case Dimension.MONTH:
                yield area, f"{version.received_at:%Y-%m}"


def recount(made: list[Submission], rows: Dimension, columns: Dimension, areas: dict[int, str]):
    """The same numbers, counted one by one."""
    seen: dict[tuple[str | None, str | None], tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for one in made:
        if one.state != SubmissionState.ACCEPTED:
            continue
        pairs = product(codes(one, rows, areas), codes(one, columns, areas))
        for row, column in {(r, c) for (here, r), (there, c) in pairs if here == there}:
            for place in ((row, column), (row, None), (None, column), (None, None)):
                seen[place][0].add(one.organisation_id)
                seen[place][1].add(one.id)
    return {place: (len(bodies), len(numbers)) for place, (bodies, numbers) in seen.items()}


@pytest.mark.parametrize("seed", [1, 2])
def test_equals_a_recount_one_by_one(seed: int) -> None:
    consultation, made = a_crowd(seed, 24)
    areas = {area.id: area.code for area in consultation.areas}
    for rows, columns in permutations(Dimension, 2):
        table = coverage(consultation, rows, columns, audience=Audience.SECRETARIAT)
        heads = [*(key.code for key in table.row_keys), None]
        sides = [*(key.code for key in table.column_keys), None]
        found = {
            (row, column): (cell.organisations, cell.submissions)
            for row, line in zip(heads, table.lines, strict=True)
            for column, cell in zip(sides, line, strict=True)
            if cell.organisations
        }
        assert found == recount(made, rows, columns, areas), (rows, columns)


def test_gaps_show_and_keys_stand_in_order() -> None:
    consultation = make.a_consultation(languages=["fr", "en"], groups=["academia", "civil_society"])
    an_input(consultation)
    table = coverage(consultation, Dimension.AREA, Dimension.GROUP, audience=Audience.READERS)
    assert [key.code for key in table.row_keys] == ["rt1", "rt2"]
    assert [key.label for key in table.column_keys] == ["Civil society", "Academia"]
    assert table.row_totals[1].organisations == 0
    table = coverage(consultation, Dimension.LANGUAGE, Dimension.REGION, audience=Audience.READERS)
    assert [key.label for key in table.row_keys] == ["French", "English"]
    assert len(table.column_keys) == 5
    table = coverage(consultation, Dimension.OBJECTIVE, Dimension.MONTH, audience=Audience.READERS)
    assert [key.code for key in table.row_keys] == ["2", "4", "5", "8"]
    assert table.row_keys[2].label.startswith("5. ")


def test_readers_do_not_learn_the_country_of_who_is_not_named() -> None:
    consultation = make.a_consultation()
    an_input(consultation, make.an_organisation(country="KEN", region="ECA"))
    an_input(
        consultation, make.an_organisation(country="THA", region="ESCAP"), publication=Publication.ANONYMOUS
    )
    shown = coverage(consultation, Dimension.COUNTRY, Dimension.AREA, audience=Audience.READERS)
    assert [key.label for key in shown.row_keys] == ["Kenya", "Not shown"]
    full = coverage(consultation, Dimension.COUNTRY, Dimension.AREA, audience=Audience.SECRETARIAT)
    assert [key.code for key in full.row_keys] == ["KEN", "THA"]


def test_small_protected_cells_are_hidden_from_readers_only() -> None:
    consultation = make.a_consultation()
    an_input(consultation, publication=Publication.RESTRICTED)
    for _ in range(5):
        an_input(consultation, texts={"rt2": "Text."})
    pair = Dimension.AREA, Dimension.GROUP
    shown = coverage(consultation, *pair, audience=Audience.READERS)
    cell = shown.cells[0][1]
    assert cell.is_primary and cell.organisations is None and cell.submissions is None
    assert coverage(consultation, *pair, audience=Audience.SECRETARIAT).cells[0][1].organisations == 1


def test_one_statement_whatever_the_size(queries) -> None:  # type: ignore[no-untyped-def]
    consultation, _made = a_crowd(3, 6)
    assert consultation.areas
    with queries() as seen:
        coverage(consultation, Dimension.OBJECTIVE, Dimension.COUNTRY, audience=Audience.READERS)
    assert len(seen) == 1


def test_two_different_dimensions_are_asked_for() -> None:
    with pytest.raises(Invalid):
        coverage(make.a_consultation(), Dimension.AREA, Dimension.AREA, audience=Audience.READERS)

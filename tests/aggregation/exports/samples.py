"""Records and a summary to write out: invented, and plainly so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from consult.aggregation.exports.counts import Counts
from consult.aggregation.exports.records import InputRecord
from consult.aggregation.exports.summary import (
    Citation,
    JointSubmitter,
    Submitter,
    Summary,
    SummaryArea,
    SummaryStatement,
)

MOMENT = datetime(2026, 4, 20, 9, 30, tzinfo=UTC)
GENEVA = timezone(timedelta(hours=2), "Europe/Zurich")

RECORD = InputRecord(
    reference="S-0123",
    version=2,
    paragraph=7,
    citation="S-0123 v2 ¶7",
    consultation="sample-2026",
    area="rt1",
    area_title="Sample area, the first",
    objectives=(5, 6),
    organisation="Sample Organisation",
    organisation_id=42,
    group="civil_society",
    country="CHE",
    region="ECE",
    accreditation="none",
    joint=True,
    cosignatories=("Sample Union", "Sample Institute, Faculty of Samples"),
    language="en",
    publication="public",
    title="Sample input",
    text='A sample paragraph, with a comma, a "quotation" and\na second line.',
    words=11,
    received_at=datetime(2026, 4, 15, 15, 59, 59, 250000, tzinfo=UTC),
    late=False,
    redacted=False,
    sha256="ab" * 32,
)
ANONYMOUS = RECORD._replace(
    reference="S-0124",
    version=1,
    paragraph=1,
    citation="S-0124 v1 ¶1",
    organisation="",
    organisation_id=None,
    country="",
    joint=False,
    cosignatories=(),
    objectives=(),
    language="ar",
    publication="anonymous",
    text="فقرة نموذجية عن حقوق المهاجرين.",
)
CODES = {
    "area": [("rt1", "Sample area, the first")],
    "objective": [("5", "Regular pathways"), ("6", "Decent work")],
    "group": [("civil_society", "Civil society"), ("nhri", "National human rights institutions")],
    "country": [("CHE", "Switzerland")],
    "region": [("ECE", "Economic Commission for Europe")],
    "accreditation": [("none", "None")],
    "language": [("en", "English"), ("ar", "Arabic")],
    "publication": [("public", "Public"), ("anonymous", "Anonymous")],
}


def many(count: int, per_submission: int = 6) -> Iterator[InputRecord]:
    """A stream of `count` different records, as a database cursor would give them."""
    body = "Sample text on regular pathways, fair recruitment and access to services. " * 5
    for number in range(count):
        submission, paragraph = divmod(number, per_submission)
        yield RECORD._replace(
            reference=f"S-{submission:04d}",
            paragraph=paragraph + 1,
            citation=f"S-{submission:04d} v2 ¶{paragraph + 1}",
            organisation=f"Sample Organisation {submission}",
            organisation_id=submission,
            text=f"{number} {body}",
            received_at=RECORD.received_at + timedelta(seconds=submission),
            sha256=f"{submission:064x}",
        )


_SO = Citation("S-0123", 2, (7, 3), "SO")
_UNION = Citation("S-0125", 1, (1, 2, 3, 9), "SUN")
_NHRI = Citation("S-0127", 1, (4,), "SNHRI", is_nhri=True)
_JOINT = Citation("S-0140", 1, (4,), "JS1")
_ARABIC = Citation("S-0141", 3, (2,), "JS2")

SUMMARY = Summary(
    title="Progress on sample objectives",
    symbol="SAMPLE/2026/1",
    mandate="paragraph 48 of the sample resolution 1/1",
    instrument="Global Compact for Safe, Orderly and Regular Migration",
    opened=datetime(2026, 3, 1, 9, 0, tzinfo=GENEVA),
    closed=datetime(2026, 4, 15, 18, 0, tzinfo=GENEVA),
    as_of=MOMENT,
    counts=Counts(filed=12, accepted=6, returned=2, rejected=1, withdrawn=1, waiting=2),
    areas=(
        SummaryArea(
            "Facilitating regular migration and decent work & <fair> recruitment",
            (2, 5, 6),
            (
                SummaryStatement(
                    "Fees for recruitment were still paid by workers in several countries, and contracts "
                    "were often changed on arrival. Complaint mechanisms existed but were seldom known.",
                    False,
                    (_SO, _UNION, _JOINT),
                ),
                SummaryStatement("Nobody should pay for a job.", True, (_UNION,)),
                SummaryStatement(
                    "Les frais de recrutement doivent être à la charge de l’employeur.", True, (_SO,), "fr"
                ),
                SummaryStatement("يجب أن تكون الهجرة آمنة ومنظمة ونظامية (الهدف 5).", True, (_ARABIC,)),
                SummaryStatement("移民工人应享有同工同酬。", True, (_JOINT,)),
                SummaryStatement(
                    "Monitoring of places of work fell short of what the sample law asks.",
                    False,
                    (_NHRI, _SO),
                ),
            ),
            5,
        ),
        SummaryArea(
            "Protection of migrants through rights-based border governance",
            (11,),
            (
                SummaryStatement("Трудящиеся-мигранты должны иметь доступ к правосудию.", True, (_UNION,)),
                SummaryStatement("Alternatives to detention were cheaper and worked.", False, (_ARABIC, _SO)),
            ),
            1,
        ),
        SummaryArea("Data", (), (), 0),
    ),
    individual=(
        Submitter("SUN", "Sample Union", "Trade unions", "France", "S-0125"),
        Submitter("SO", "Sample Organisation", "Civil society", "Switzerland", "S-0123"),
        Submitter("", "Anonymous contributor (academia, Africa)", "Academia", "", "S-0126"),
        Submitter(
            "SNHRI",
            "Sample National Human Rights Institution",
            "National human rights institutions",
            "Morocco",
            "S-0127",
            is_nhri=True,
        ),
    ),
    joint=(
        JointSubmitter("JS2", ("منظمة نموذجية", "Sample Network of the South"), "S-0141"),
        JointSubmitter("JS1", ("Sample Centre", "Sample Institute", "Sample Forum & Friends"), "S-0140"),
    ),
)


def with_statement(statement: SummaryStatement) -> Summary:
    """The sample summary with one more statement under its last heading."""
    last = SUMMARY.areas[-1]
    return replace(SUMMARY, areas=(*SUMMARY.areas[:-1], replace(last, statements=(statement,))))

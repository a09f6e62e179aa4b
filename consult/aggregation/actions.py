"""What the secretariat does with accepted input: write statements, ask for reports, take copies."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from consult.actor import Actor
from consult.aggregation import queries
from consult.aggregation.models import Report, Statement, Support
from consult.audit import record
from consult.consultations.models import Consultation, ThematicArea
from consult.db import clock, session
from consult.errors import Conflict, Invalid, Stale
from consult.i18n import gettext as _
from consult.outbox import promise
from consult.permissions import Can, require
from consult.submissions.models import Paragraph
from consult.vocabulary import ReportState


def write_statement(
    *,
    actor: Actor,
    consultation: Consultation,
    area: ThematicArea,
    text: str,
    is_quote: bool,
    paragraph_ids: Sequence[int],
) -> Statement:
    """Add a sentence to the summary, behind the others of its area.

    Records `statement.written`. Raises Invalid when no published paragraph supports it, or when a quote is
    not word for word what each of its paragraphs says.
    """
    require(actor, Can.BUILD_REPORT, consultation)
    text, cited = text.strip(), _supported(consultation.id, text.strip(), is_quote, paragraph_ids)
    last = session.scalar(select(func.max(Statement.position)).where(Statement.area_id == area.id))
    statement = Statement(
        consultation_id=consultation.id,
        area_id=area.id,
        position=(last or 0) + 1,
        text=text,
        is_quote=is_quote,
        revision=1,
        written_by=actor.account_id,
    )
    statement.supports = _supports(cited)
    session.add(statement)
    session.flush()
    _record(actor, "statement.written", statement)
    return statement


def change_statement(
    *,
    actor: Actor,
    statement: Statement,
    text: str,
    is_quote: bool,
    paragraph_ids: Sequence[int],
    expected: int | None,
) -> Statement:
    """Rewrite a statement that the caller has locked; `expected` is the revision that its writer saw.

    Its paragraphs count as read anew, as they are now. Records `statement.changed`. Raises Stale, Invalid.
    """
    require(actor, Can.BUILD_REPORT, statement)
    if expected != statement.revision:
        raise Stale(_("A colleague changed this statement after you opened it."), revision=statement.revision)
    text, cited = text.strip(), _supported(statement.consultation_id, text.strip(), is_quote, paragraph_ids)
    statement.text, statement.is_quote = text, is_quote
    statement.supports.clear()
    session.flush()
    statement.supports.extend(_supports(cited))
    statement.revision += 1
    statement.written_by, statement.written_at = actor.account_id, clock()
    session.flush()
    _record(actor, "statement.changed", statement)
    return statement


def delete_statement(*, actor: Actor, statement: Statement) -> None:
    """Take a statement out of the summary. Records `statement.deleted`."""
    require(actor, Can.BUILD_REPORT, statement)
    _record(actor, "statement.deleted", statement)
    session.delete(statement)


def order_statements(*, actor: Actor, statements: Sequence[Statement], order: Sequence[int]) -> None:
    """Put all statements of one area into the order of these ids. Records `statement.ordered` for each moved.

    Raises Invalid unless `order` names each of them once.
    """
    by_id = {statement.id: statement for statement in statements}
    if sorted(order) != sorted(by_id):
        raise Invalid(_("The order must name every statement of the area once."))
    for position, number in enumerate(order, start=1):
        statement = by_id[number]
        require(actor, Can.BUILD_REPORT, statement)
        if statement.position != position:
            statement.position = position
            record(actor, "statement.ordered", statement, position=position)


def request_report(*, actor: Actor, consultation: Consultation) -> Report:
    """Ask for a frozen edition of the aggregate; a worker builds it.

    Records `report.requested`, promises `build_report`. Raises Conflict while another one is being built.
    """
    require(actor, Can.BUILD_REPORT, consultation)
    report = new_report(actor, consultation)
    promise("build_report", report_id=report.id)
    return report


def new_report(actor: Actor, consultation: Consultation) -> Report:
    """The row of a report to be built, flushed. Raises Conflict while another one is being built."""
    running = queries.running_report(consultation)
    if running is not None:
        raise Conflict(
            _("A report of this consultation is being built already; wait for it."), report=running.id
        )
    report = Report(
        consultation_id=consultation.id,
        state=ReportState.QUEUED,
        step="",
        progress=0,
        requested_by=actor.account_id,
        counts={},
        failure="",
    )
    report.consultation, report.files = consultation, []
    session.add(report)
    session.flush()
    session.refresh(report, ["requested_at"])
    record(actor, "report.requested", report, consultation=consultation.slug)
    return report


def take_export(*, actor: Actor, consultation: Consultation, form: str, restricted: bool) -> None:
    """Authorise and note one download of the current records.

    Records `consultation.exported`. Raises Unidentified, Forbidden.
    """
    require(actor, Can.READ_AGGREGATE, consultation)
    record(actor, "consultation.exported", consultation, format=form, restricted=restricted)


def take_file(*, actor: Actor, report: Report, name: str) -> None:
    """Authorise and note one download of a report's file. Records `report.downloaded`."""
    require(actor, Can.READ_AGGREGATE, report)
    record(actor, "report.downloaded", report, file=name)


def _supported(
    consultation_id: int, text: str, is_quote: bool, paragraph_ids: Sequence[int]
) -> Sequence[Paragraph]:
    """The paragraphs that carry a statement, checked. Raises Invalid."""
    faults: dict[str, list[str]] = {}
    cited = queries.citable(consultation_id, set(paragraph_ids))
    if not text:
        faults["text"] = [_("Write the statement.")]
    if not paragraph_ids:
        faults["paragraph"] = [_("Choose at least one paragraph that supports it.")]
    elif len(cited) < len(set(paragraph_ids)):
        faults["paragraph"] = [_("Only paragraphs of published input in this consultation can be cited.")]
    elif is_quote and text:
        strange = [one for one in cited if text not in one.disclosed_text]
        if strange:
            where = ", ".join(f"{one.version.submission.reference} ¶{one.number}" for one in strange)
            faults["text"] = [_("A quote must be word for word what is said in %(where)s.", where=where)]
    if faults:
        raise Invalid(fields=faults)
    return cited


def _supports(cited: Sequence[Paragraph]) -> list[Support]:
    made = []
    for paragraph in cited:
        support = Support(paragraph_id=paragraph.id, disclosed_sha256=queries.sealed(paragraph))
        support.paragraph = paragraph
        made.append(support)
    return made


def _record(actor: Actor, act: str, statement: Statement) -> None:
    record(
        actor,
        act,
        statement,
        area=statement.area_id,
        quote=statement.is_quote,
        revision=statement.revision,
        paragraphs=[support.paragraph_id for support in statement.supports],
    )

"""Operator commands: `flask --app wsgi …`; what only one command needs is imported by that command."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from marshmallow import ValidationError

from consult import db, doctor
from consult.accounts import operator_actions
from consult.actor import SYSTEM
from consult.config import Config
from consult.consultations import queries as consultations
from consult.errors import Problem
from consult.submissions import importing
from consult.submissions.intake.rows import UnreadableTable, read_rows
from consult.vocabulary import Role, StakeholderGroup

users = AppGroup("user", help="People.")
tokens = AppGroup("token", help="API tokens.")
organisations = AppGroup("organisation", help="Organisations.")
submissions = AppGroup("submissions", help="Input.")
reports = AppGroup("report", help="Reports.")


def _config() -> Config:
    return current_app.extensions["consult"]  # type: ignore[no-any-return]


def one_transaction(command: Callable[..., Any]) -> Callable[..., Any]:
    """Commit at the end; a Problem becomes a plain sentence and exit code 1."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            with db.transaction():
                return command(*args, **kwargs)
        except Problem as problem:
            raise click.ClickException(_plain(problem)) from problem
        except (UnreadableTable, ValidationError) as fault:
            raise click.ClickException(str(fault)) from fault

    return run


def _plain(problem: Problem) -> str:
    lines = [problem.detail or problem.title]
    lines += [f"  {name}: {' '.join(messages)}" for name, messages in problem.fields.items()]
    return "\n".join(lines)


@click.command("migrate")
def migrate() -> None:
    """Bring the database to the newest schema."""
    db.migrate(str(_config().database_url))
    click.echo("The schema is up to date.")


@click.command("demo")
@click.option("--logins", is_flag=True, help="Only print the table of demonstration logins.")
def demo(logins: bool) -> None:
    """Load the demonstration once; a second call changes nothing."""
    from consult.demonstration import loading

    if not logins:
        click.echo(loading.load_once(_config()))
    click.echo(loading.table_of_logins())


@users.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([str(role) for role in Role]), required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@one_transaction
def add_user(email: str, name: str, role: str, password_stdin: bool) -> None:
    """Add an account with a confirmed address."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    person = operator_actions.add_user(
        email=email, name=name, role=Role(role), password=password, config=_config()
    )
    click.echo(person.id)


@tokens.command("issue")
@click.argument("email")
@one_transaction
def issue_token(email: str) -> None:
    """Print a new token with every scope, and nothing else."""
    click.echo(operator_actions.issue_token_for(email))


@organisations.command("add")
@click.argument("name")
@click.option("--group", type=click.Choice([str(group) for group in StakeholderGroup]), required=True)
@click.option("--country", required=True, help="ISO 3166-1 alpha-3.")
@click.option("--focal-point", help="E-mail address of an account.")
@click.option("--confirmed", is_flag=True)
@one_transaction
def add_organisation(name: str, group: str, country: str, focal_point: str | None, confirmed: bool) -> None:
    """Print the new organisation's id, and nothing else."""
    click.echo(
        operator_actions.add_organisation(
            name=name,
            group=StakeholderGroup(group),
            country=country,
            focal_point_email=focal_point,
            confirmed=confirmed,
        )
    )


def _pairs(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    pairs = dict(pair.partition("=")[::2] for pair in given)
    unknown = set(pairs) - set(importing.FIELDS)
    if unknown or not all(pairs.values()):
        raise click.BadParameter(f"give FIELD=VALUE with FIELD of {', '.join(importing.FIELDS)}")
    return pairs


@submissions.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--consultation", "slug", required=True)
@click.option("--column", "columns", multiple=True, callback=_pairs, help="FIELD=HEADER of the file.")
@click.option("--set", "fixed", multiple=True, callback=_pairs, help="FIELD=VALUE for every row.")
@click.option("--dry-run", is_flag=True, help="Check every row, enter none.")
@click.option("--keep-good", is_flag=True, help="Enter the good rows even if others are faulty.")
def import_submissions(
    file: Path, slug: str, columns: dict[str, str], fixed: dict[str, str], dry_run: bool, keep_good: bool
) -> None:
    """Enter input from a CSV, JSONL or XLSX file: all or nothing, unless --keep-good."""
    report = _import(file, slug, columns, fixed, dry_run=dry_run, keep_good=keep_good)
    for number, sentence in report.faults:
        click.echo(f"row {number}: {sentence}", err=True)
    verb = "would be entered" if dry_run and report.entered else "entered"
    entered = report.submissions if report.entered else 0
    click.echo(
        f"{report.rows} rows read, {len(report.faults)} faulty; "
        f"{entered} submissions with {report.contributions if entered else 0} contributions {verb}."
    )
    if report.faults and not keep_good:
        raise click.ClickException("Nothing was entered: mend the rows above, or repeat with --keep-good.")


class _Undo(Exception):
    """Ends a transaction that must leave nothing."""


def _import(
    file: Path, slug: str, columns: dict[str, str], fixed: dict[str, str], *, dry_run: bool, keep_good: bool
) -> importing.ImportReport:
    report = importing.ImportReport()

    @one_transaction
    def enter() -> None:
        nonlocal report
        rows = ((number, importing.named(row, columns, fixed)) for number, row in read_rows(file))
        report = importing.import_rows(
            actor=SYSTEM,
            consultation=consultations.consultation(SYSTEM, slug),
            rows=rows,
            keep_good=keep_good,
        )
        if dry_run or not report.entered:
            raise _Undo

    with suppress(_Undo):
        enter()
    return report


@reports.command("build")
@click.argument("slug")
def build_report(slug: str) -> None:
    """Build a report in this process; prints its id and files."""
    from consult.aggregation import operator_actions as aggregates

    try:
        report = aggregates.report_now(slug, current_app.extensions["storage"])
    except Problem as problem:
        raise click.ClickException(_plain(problem)) from problem
    click.echo(f"report {report.id}: {report.state}")
    for file in report.files:
        click.echo(f"  {file.name}\t{file.size}\t{file.sha256}")


@click.command("export")
@click.argument("slug")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl", "xlsx", "parquet"]), required=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
def export(slug: str, form: str, output: Path) -> None:
    """Write accepted, disclosed input to a file; a half-written file never takes its name."""
    from consult.aggregation import operator_actions as aggregates

    try:
        rows = aggregates.export_to(slug, form, output)
    except Problem as problem:
        raise click.ClickException(_plain(problem)) from problem
    except OSError as fault:
        raise click.ClickException(f"{output} cannot be written: {fault.strerror}") from fault
    click.echo(f"{rows} rows written to {output}")


@click.command("doctor")
def check_everything() -> None:
    """Check every part, and say what would mend it."""
    findings = doctor.examine(_config())
    for finding in findings:
        click.echo(f"{'ok  ' if finding.good else 'BAD '} {finding.part}: {finding.says}")
    if not all(finding.good for finding in findings):
        raise SystemExit(1)


def register(app: Flask) -> None:
    """Add every command."""
    for command in (migrate, demo, export, check_everything):
        app.cli.add_command(command)
    for group in (users, tokens, organisations, submissions, reports):
        app.cli.add_command(group)
